"""Step 1, read: the spreadsheets into typed records. All that is wrong comes out in one run.

Enters: the campaign folder and its `Campaign`. Leaves: `Tables`, findings. What only two tables together can tell, or a
rule of the field, does not belong here but in `check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline.doors.books.sheets import read_source
from pipeline.korean.similar import nearest
from pipeline.model.book import Tables
from pipeline.model.campaign import Campaign
from pipeline.model.choices import squeeze
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import MODELS, Council, Record, Response
from pipeline.tables.layout import understood
from pipeline.tables.reading import read_records

__all__ = ["read_councils", "read_records", "read_tables"]

_CAMPAIGN_FILE = "inputs/campaign.toml"
R = TypeVar("R", bound=Record)


_ALWAYS = frozenset({"regions", "councils", "candidates", "pledges"})


def read_tables(folder: Path, campaign: Campaign, needed: Collection[str]) -> tuple[Tables, list[Finding]]:
    """Tables of the campaign; wrong rows are left out and told, broken files give an empty table.

    Args:
        folder: the campaign's.
        campaign: says where the tables are.
        needed: further entries of `[tables]`: an error in the activists' sheet must not hold up agreements.
    """
    sources = campaign.tables
    findings: list[Finding] = []
    rejected: set[str] = set()

    years = {campaign.campaign.agreement_date.year, campaign.election.date.year}
    year = years.pop() if len(years) == 1 else None

    def table(entry: str, model: type[R], names: Sequence[str]) -> tuple[R, ...]:
        records: list[R] = []
        columns = campaign.columns.get(entry, {})
        titles: set[str] = set()
        for name in names:
            try:
                sheet = read_source(folder, name)
            except Trouble as trouble:
                findings.append(trouble.finding)
                continue
            more, found, texts = read_records(sheet, model, columns, year, entry)
            records += more
            findings.extend(found)
            rejected.update(texts)
            if columns and (layout := understood(sheet, model, columns)):
                titles.update(layout.titles.values())
        findings.extend(_mapping(entry, model, columns, titles))
        return tuple(records)

    # Answers may be a party's: without the parties they would seem to be nobody's.
    chosen = {*_ALWAYS, *needed, *(["parties"] if sources.answers else [])}
    found = {name: table(name, model, getattr(sources, name)) for name, model in MODELS.items() if name in chosen}
    answers = table("answers", Response, sources.answers) if sources.answers else None
    for entry in sorted(set(campaign.columns) - set(MODELS)):
        close, known = nearest(entry, MODELS), ", ".join(MODELS)
        findings.append(finding("columns.table", Cell(_CAMPAIGN_FILE), table=entry, known=known, suggestion=close))
    return Tables(**found, answers=answers, rejected=frozenset(rejected)), findings  # type: ignore[arg-type]


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
