"""Which row holds the headers and which column is which field: understood by name, by mapping, or said to be not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pipeline.korean.text import clean
from pipeline.model.choices import Consent, Yes, squeeze
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import Header, Record, field_name
from pipeline.model.sheets import Sheet, place
from pipeline.tables.forbidden import forbidden
from pipeline.tables.sources import derived_fields, derived_from

HEADER_ROWS = 20
"""The header row is looked for this far down: titles, dates and notes stand above it."""
_FORM_MARKS = frozenset({"타임스탬프", "timestamp"})
"""First column of the answers to a Google form, whose headers are the questions."""
_JUST_A_NAME = frozenset({"이름", "성명", "성함"})
_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's columns stand in its sheet."""

    header: int
    """Index of the header row, of the lower one of two."""
    lines: int
    """How many rows the headers take: 1 or 2."""
    titles: Mapping[int, str]
    """All headers by column."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """Column by field."""
    others: Mapping[str, int] = field(default_factory=dict)
    """Column by header, for columns that no field has."""
    understood: Mapping[str, str] = field(default_factory=dict)
    """Header by field, for those that were understood from the words in them."""
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Headers by field, where nobody can say which one is meant."""
    absent: tuple[str, ...] = ()
    """Required fields without a column."""
    derived: frozenset[str] = frozenset()
    """Fields without a column whose values are made from others."""
    repeated: tuple[int, ...] = ()
    """Columns whose header stands already further left."""


def understood(sheet: Sheet, model: type[Record], columns: Mapping[str, str] = _NO_COLUMNS) -> Layout | None:
    """The layout of a sheet as a table of `model`; None where no header row is found.

    Args:
        sheet: as it was read.
        model: the record its rows should be.
        columns: `[columns.TABLE]`: the program's header (or another name of it) to the sheet's.
    """
    names = _names(model, columns)
    known = {name for group in names.values() for name in group} | derived_from(model)
    found = _header(sheet, known, min(2, len(model.required)))
    if found is None:
        return None
    header, lines, titles = found
    by_key: dict[str, int] = {}
    repeated: list[int] = []
    for column, title in titles.items():
        key = squeeze(title)
        # A header that is forbidden is told and not used.
        if not key or any(forbidden(title, Cell(""))):
            continue
        if key in by_key:
            repeated.append(column)
        else:
            by_key[key] = column
    fields: dict[str, int] = {}
    for name, group in names.items():
        if match := next((one for one in group if one in by_key), None):
            fields[name] = by_key.pop(match)
    is_form = bool(_FORM_MARKS & {squeeze(one) for one in titles.values()})
    guessed, several = _contained(
        sheet,
        model,
        header,
        {name: group for name, group in names.items() if name not in fields},
        by_key,
        titles,
        is_form=is_form,
    )
    for name, column in guessed.items():
        fields[name] = column
        del by_key[squeeze(titles[column])]
    fields = {name: fields[name] for name in names if name in fields}
    derived = derived_fields(model, fields, frozenset(by_key))
    return Layout(
        header,
        lines,
        titles,
        fields,
        {titles[column]: column for column in sorted(by_key.values())},
        {name: titles[column] for name, column in guessed.items()},
        several,
        tuple(name for name in model.required if name not in fields and name not in derived),
        derived,
        tuple(repeated),
    )


def _names(model: type[Record], columns: Mapping[str, str]) -> dict[str, list[str]]:
    """What each field's column may be called, squeezed, best first."""
    wanted = {squeeze(own): squeeze(theirs) for own, theirs in columns.items()}
    names: dict[str, list[str]] = {}
    for name, mark in model.headers().items():
        usual = [squeeze(one) for one in (mark.name, *mark.aliases)]
        names[name] = [wanted[one] for one in usual if one in wanted] + usual
    return names


def _header(sheet: Sheet, known: set[str], least: int) -> tuple[int, int, dict[int, str]] | None:
    """The row (or two rows) among the first ones that holds most of the known headers."""
    best: tuple[int, int, dict[int, str]] | None = None
    most = 0
    looked_at = [_titles(row) for row in sheet.rows[:HEADER_ROWS]]
    for index, titles in enumerate(looked_at):
        keys = {squeeze(one) for one in titles.values()}
        score = len(keys & known)
        if _FORM_MARKS & keys and len(titles) > 1:
            return index, 1, titles
        if score > most:
            best, most = (index, 1, titles), score
        if index:
            joined = _joined(sheet, index, looked_at[index - 1], titles, known)
            score = len({squeeze(one) for one in joined.values()} & known)
            lower = keys & known
            if lower and score > most and score > len({squeeze(one) for one in looked_at[index - 1].values()} & known):
                best, most = (index, 2, joined), score
    return best if most >= max(1, least) else None


def _titles(row: Sequence[str]) -> dict[int, str]:
    return {column: title for column, text in enumerate(row) if (title := " ".join(clean(text).split()))}


def _joined(
    sheet: Sheet, lower_row: int, upper: Mapping[int, str], lower: Mapping[int, str], known: set[str]
) -> dict[int, str]:
    """Headers in two rows as one: the lower one where it can stand alone, else both, '대리 서명자 직함'."""
    above = dict(upper)
    for merge in sheet.facts.merges:
        (top, left), (bottom, right) = (place(corner) for corner in merge.split(":"))
        if top <= lower_row - 1 <= bottom and left in upper and right - left < len(upper) + len(lower):
            above |= dict.fromkeys(range(left, right + 1), upper[left])
    if not sheet.facts.merges:
        # Text files know no merged cells: the group's name stands over its first column only.
        group = ""
        for column in range(max((*upper, *lower), default=-1) + 1):
            group = upper.get(column, group if column in lower else "")
            if group:
                above[column] = group
    count: dict[str, int] = {}
    for title in lower.values():
        count[squeeze(title)] = count.get(squeeze(title), 0) + 1
    titles: dict[int, str] = {}
    for column in sorted({*above, *lower}):
        over, under = above.get(column, ""), lower.get(column, "")
        both = f"{over} {under}".strip() if over != under else under
        alone = count.get(squeeze(under), 0) == 1
        if under and over and squeeze(under) in _JUST_A_NAME and not alone and squeeze(over) in known:
            # '대리 서명자' over '이름': the person is meant.
            titles[column] = over
        else:
            titles[column] = both if not under or not alone or squeeze(both) in known else under
    return titles


def _contained(
    sheet: Sheet,
    model: type[Record],
    header: int,
    names: Mapping[str, Sequence[str]],
    left: Mapping[str, int],
    titles: Mapping[int, str],
    *,
    is_form: bool,
) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Columns understood from words in their headers: questions of a form, and consent asked for in a sentence."""
    by_title = {title: column for column, title in titles.items()}
    guessed: dict[str, int] = {}
    several: dict[str, tuple[str, ...]] = {}
    # Consent first: its question may hold the words of others.
    for name, group in sorted(names.items(), key=lambda item: item[0] != "consent"):
        consent = name == "consent"
        if not (consent or is_form):
            continue
        words = ["동의"] if consent else [one for one in group if len(one) > 1]
        matches = [column for key, column in left.items() if any(word in key for word in words)]
        if consent:
            matches = [column for column in matches if _holds_choices(sheet, header, column)]
        taken = {*guessed.values(), *(by_title[one] for group_ in several.values() for one in group_)}
        matches = [column for column in matches if column not in taken]
        if len(matches) == 1:
            guessed[name] = matches[0]
        elif matches:
            # The question that begins with the word, where only one does; consent is never a matter of such luck.
            first = (
                [] if consent else [column for column in matches if squeeze(titles[column]).startswith(tuple(words))]
            )
            if len(first) == 1:
                guessed[name] = first[0]
            elif consent or name in model.required:
                several[name] = tuple(titles[column] for column in matches)
    return guessed, several


def _holds_choices(sheet: Sheet, header: int, column: int) -> bool:
    """Whether a column holds nothing but answers of yes or no."""
    texts = {clean(row[column]) for row in sheet.rows[header + 1 :] if column < len(row)} - {""}
    return bool(texts) and all(
        isinstance(Yes.parse(one), Yes) or isinstance(Consent.parse(one), Consent) for one in texts
    )


def layout_findings(sheet: Sheet, layout: Layout, model: type[Record], table: str = "") -> Iterator[Finding]:
    """What is to be told of how the columns were understood."""
    yield from _forbidden(sheet, layout.header)
    where = Cell(sheet.file, sheet.name, layout.header + 1)
    if layout.lines > 1:
        shown = ", ".join(layout.titles.values())
        yield finding("header.two_lines", where, rows=f"{layout.header}-{layout.header + 1}", headers=shown)
    for column in layout.repeated:
        yield finding("column.duplicate", sheet.cell(layout.header, column), header=layout.titles[column])
    headers: Mapping[str, Header] = model.headers()
    for name, titles in layout.several.items():
        shown = " / ".join(titles)
        yield finding("column.several", where, field=headers[name].name, headers=shown, table=table or "…")
    for name in layout.absent:
        if name not in layout.several:
            mark = headers[name]
            yield finding("column.missing", where, header=mark.name, aliases=", ".join(mark.aliases))
    for name, title in layout.understood.items():
        at = sheet.cell(layout.header, layout.fields[name])
        yield finding("column.understood", at, header=title, field=headers[name].name)
    for title, column in layout.others.items():
        yield finding("column.unknown", sheet.cell(layout.header, column), header=title, field=field_name(title))


def _forbidden(sheet: Sheet, header: int) -> Iterator[Finding]:
    """What headers must not hold; above them, only what must stand nowhere at all."""
    for row, cells in enumerate(sheet.rows[: header + 1]):
        for column, text in enumerate(cells):
            for one in forbidden(clean(text), sheet.cell(row, column)):
                if row == header or one.code == "cell.resident_number":
                    yield one
