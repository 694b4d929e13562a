"""Step 1, read: the spreadsheets into typed records. All that is wrong comes out in one run.

Enters: the campaign folder and its `Campaign`. Leaves: `Tables`, findings. What only two tables together can tell, or a
rule of the field, does not belong here but in `check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pipeline.doors.books.sheets import read_source
from pipeline.korean.similar import nearest
from pipeline.model.book import Tables
from pipeline.model.campaign import Campaign
from pipeline.model.choices import squeeze
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import MODELS, Candidate, Council, Record, Response
from pipeline.tables.layout import understood
from pipeline.tables.reading import read_records

__all__ = ["chosen_tables", "read_councils", "read_records", "read_tables"]

_CAMPAIGN_FILE = "inputs/campaign.toml"
R = TypeVar("R", bound=Record)


_ALWAYS = frozenset({"regions", "councils", "candidates", "pledges"})
_OWNERS: Mapping[type[Record], str] = {Candidate: "key", Response: "candidate"}
"""The field that says whose a row is, of tables with many rows for each paper."""
_ALL: Mapping[str, Collection[int]] = MappingProxyType({})


def chosen_tables(campaign: Campaign, needed: Collection[str]) -> frozenset[str]:
    """Entries of `[tables]` that are read where `needed` are."""
    # Answers may be a party's: without the parties they would seem to be nobody's.
    return frozenset({*_ALWAYS, *needed, *(["parties", "answers"] if campaign.tables.answers else [])})


def read_tables(
    folder: Path, campaign: Campaign, needed: Collection[str], only: Mapping[str, Collection[int]] = _ALL
) -> tuple[Tables, list[Finding]]:
    """Tables of the campaign; wrong rows are left out and told, broken files give an empty table.

    Args:
        folder: the campaign's.
        campaign: says where the tables are.
        needed: further entries of `[tables]`: an error in the activists' sheet must not hold up agreements.
        only: of some sources, rows (from 1) that are read as if there were no others.
    """
    sources = campaign.tables
    findings: list[Finding] = []
    rejected: set[str] = set()
    places: dict[str, Mapping[str, tuple[int, ...]]] = {}

    years = {campaign.campaign.agreement_date.year, campaign.election.date.year}
    year = years.pop() if len(years) == 1 else None

    def table(entry: str, model: type[R], names: Sequence[str]) -> tuple[R, ...]:
        records: list[R] = []
        columns = campaign.columns.get(entry, {})
        titles: set[str] = set()
        for name in names:
            try:
                sheet = read_source(folder, name, only.get(name))
            except Trouble as trouble:
                findings.append(trouble.finding)
                continue
            more, found, texts = read_records(sheet, model, columns, year, entry)
            records += more
            if isinstance(named := _OWNERS.get(model), str):
                places[name] = _places(more, named)
            findings.extend(found)
            rejected.update(texts)
            if columns and (layout := understood(sheet, model, columns)):
                titles.update(layout.titles.values())
        findings.extend(_mapping(entry, model, columns, titles))
        return tuple(records)

    chosen = chosen_tables(campaign, needed) - {"answers"}
    found = {
        name: table(name, model, getattr(sources, name))
        for name, model in MODELS.items()
        if name in chosen - {"answers"}
    }
    answers = table("answers", Response, sources.answers) if sources.answers else None
    for entry in sorted(set(campaign.columns) - set(MODELS)):
        close, known = nearest(entry, MODELS), ", ".join(MODELS)
        findings.append(finding("columns.table", Cell(_CAMPAIGN_FILE), table=entry, known=known, suggestion=close))
    tables = Tables(**found, answers=answers, rejected=frozenset(rejected), places=places)  # type: ignore[arg-type]
    return tables, findings


def _places(records: Sequence[Record], named: str) -> Mapping[str, tuple[int, ...]]:
    """Rows by whom they belong to, whom the field `named` says."""
    rows: dict[str, list[int]] = {}
    for one in records:
        rows.setdefault(getattr(one, named), []).append(one.at.row)
    return {key: tuple(own) for key, own in rows.items()}


def read_councils(folder: Path, campaign: Campaign) -> tuple[Council, ...]:
    """Councils alone, where `read_tables` has told already what is wrong with their table.

    Raises:
        Trouble: a file cannot be read.
    """
    columns = campaign.columns.get("councils", {})
    sheets = (read_source(folder, name) for name in campaign.tables.councils)
    return tuple(one for sheet in sheets for one in read_records(sheet, Council, columns, None, "councils")[0])


def _mapping(entry: str, model: type[Record], columns: Mapping[str, str], titles: Collection[str]) -> Iterator[Finding]:
    """Entries of `[columns.TABLE]` that name nothing."""
    where = Cell(_CAMPAIGN_FILE)
    names = [name for mark in model.headers().values() for name in (mark.name, *mark.aliases)]
    known = {squeeze(name) for name in names}
    there = {squeeze(title) for title in titles}
    for own, theirs in columns.items():
        if squeeze(own) not in known:
            shown = ", ".join(mark.name for mark in model.headers().values())
            close = nearest(own, names)
            yield finding("columns.field", where, table=entry, field=own, known=shown, suggestion=close)
        elif titles and squeeze(theirs) not in there:
            shown = ", ".join(sorted(titles))
            close = nearest(theirs, titles)
            yield finding("columns.absent", where, table=entry, header=theirs, known=shown, suggestion=close)
