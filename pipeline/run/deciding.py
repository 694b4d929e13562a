"""What people decide: the review table read, its decisions checked and recorded, the table written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.doors import files
from pipeline.doors.books import review_book
from pipeline.doors.books.review_book import (
    ASK,
    CASE,
    ENTRIES,
    FILE,
    HINT,
    NOTE,
    NUMBER,
    PAGE,
    RULING,
    TO_NUMBER,
    TO_PAGE,
    WHO,
    Row,
    read_rows,
)
from pipeline.doors.books.sheets import read_sheet
from pipeline.model.collected import CHOICES, Case, Decision, Ruling
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.sheets import letters
from pipeline.run.outcome import OUTPUTS

REVIEW = "review"
BOOK = "review.xlsx"
_LONGEST_PAGE = 6
_NAMES = (BOOK, "review.ods", "review.xls", "review.csv")
"""What a person may have saved it as."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in review tables."""

    rows: tuple[tuple[str, str, Row, Mapping[str, int]], ...] = ()
    """Path as shown, sheet, row, columns: of rows in which a person has written something."""
    read: frozenset[str] = frozenset()
    """SHA-256 of the tables."""

    @property
    def cases(self) -> frozenset[str]:
        """Keys of the cases about which something was written."""
        return frozenset(row.cells[CASE] for _, _, row, _ in self.rows)

    def kept(self) -> dict[str, dict[str, str]]:
        """What a person wrote, by case and header."""
        return {row.cells[CASE]: {name: row.cells.get(name, "") for name in ENTRIES} for _, _, row, _ in self.rows}


def read_entered(folder: Path) -> Entered:
    """Read the review tables of a campaign; the one that was saved last counts most.

    Raises:
        Trouble: as `read_sheet`: a table that cannot be read is never written over.
    """
    found = [path for name in _NAMES if (path := folder / OUTPUTS / REVIEW / name).is_file()]
    rows, read = [], set()
    for path in sorted(found, key=lambda one: one.stat().st_mtime_ns):
        shown = f"{OUTPUTS}/{REVIEW}/{path.name}"
        # First of all: what is saved after this is taken for unread, and not for read.
        read.add(files.digest(path))
        sheet = read_sheet(path, shown)
        own, lacking, columns = read_rows(sheet)
        if lacking:
            raise Trouble(finding("review.columns", Cell(shown, sheet.name), columns=", ".join(lacking)))
        rows += [
            (shown, sheet.name, row, columns) for row in own if any(row.cells.get(name) for name in ENTRIES)
        ]  # fmt: skip
    return Entered(tuple(rows), frozenset(read))


@dataclass(slots=True)
class _Read:
    """Decisions as they are read."""

    accepted: dict[str, Decision] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    twice: set[str] = field(default_factory=set)


def decide(
    entered: Entered,
    cases: Mapping[str, Case],
    recorded: Sequence[Decision],
    pages: Collection[tuple[str, int]],
    at: str,
) -> tuple[list[Decision], list[Finding]]:
    """New decisions, and what is wrong with the others.

    Args:
        entered: what people wrote.
        cases: those that can be decided, by key.
        recorded: decisions so far, oldest first.
        pages: number and page of all issued pages.
        at: the present, ISO 8601.
    """
    read = _Read()
    # A run that died after recording left its rows in the table.
    known = {replace(one, at="") for one in recorded}
    for shown, sheet, row, columns in entered.rows:
        if not row.cells.get(RULING):
            continue
        case = cases.get(row.cells[CASE])
        decision, found = _decision(row, case, pages, partial(_cell, shown, sheet, row, columns))
        if decision and decision in known:
            continue
        read.findings += found
        if decision:
            before = read.accepted.get(decision.case)
            if before and before != decision:
                read.twice.add(decision.case)
                read.findings.append(
                    finding("review.twice", _cell(shown, sheet, row, columns, RULING), case=decision.case)
                )
            read.accepted[decision.case] = decision
    new = [replace(one, at=at) for one in read.accepted.values() if one.case not in read.twice]
    return new, read.findings


def _cell(shown: str, sheet: str, row: Row, columns: Mapping[str, int], name: str) -> Cell:
    return Cell(shown, sheet, row.number, letters(columns[name]))


def _decision(
    row: Row, case: Case | None, pages: Collection[tuple[str, int]], where: Callable[[str], Cell]
) -> tuple[Decision | None, list[Finding]]:
    cells = {name: row.cells.get(name, "") for name in ENTRIES}
    key, value = row.cells[CASE], re.sub(r"\s+", "", cells[RULING])
    ruling = next((one for one in Ruling if one.value.replace(" ", "") == value), None)
    number, page = _target(cells, case)
    if case is None:
        return None, [finding("review.case", where(CASE), case=key)]
    allowed = CHOICES[case.ask]
    found = []
    if ruling not in allowed:
        choices = ", ".join(one.value for one in allowed)
        found.append(finding("review.decision", where(RULING), value=cells[RULING], choices=choices))
    if not cells[WHO]:
        found.append(finding("review.who", where(WHO)))
    if ruling is Ruling.MATCH and (number, page) not in pages:
        found.append(finding("review.page", where(TO_NUMBER), number=number, page=page))
    if found or ruling is None:
        return None, found
    if ruling is not Ruling.MATCH:
        number, page = "", 0
    return Decision(key, ruling, cells[WHO], "", number, page, cells[NOTE]), []


def _target(cells: Mapping[str, str], case: Case | None) -> tuple[str, int]:
    """Number and page a person wrote; what was suggested where nothing was written."""
    hinted, _, on = (case.words if case else "").partition("/")
    number = cells[TO_NUMBER] or (hinted if not cells[TO_PAGE] or re.fullmatch(r"[A-Z]-\d+-\d+", hinted) else "")
    page = cells[TO_PAGE] or (on if number == hinted else "")
    page = re.sub(r"\.0$|쪽$", "", page.strip())
    return number.strip().upper(), int(page) if page.isdecimal() and len(page) <= _LONGEST_PAGE else 0


def as_rows(
    cases: Sequence[Case], kept: Mapping[str, Mapping[str, str]], say: Callable[[str], str]
) -> Iterator[dict[str, str]]:
    """Rows of the review table."""
    for case in cases:
        box = f"{case.side} {case.name}".strip()
        yield {
            CASE: case.key,
            FILE: case.file,
            PAGE: str(case.place.page),
            NUMBER: f"{case.page.number} ({case.page.page}/{case.page.pages})" if case.page else "",
            ASK: f"{say(case.ask.value)} {f'[{box}]' if box else ''}".strip(),
            HINT: case.words,
            **kept.get(case.key, {}),
        }


def write_book(
    outputs: Path,
    cases: Sequence[Case],
    entered: Entered,
    decisions: Sequence[Decision],
    pictures: Mapping[str, bytes],
    say: Callable[[str], str],
) -> list[Finding]:
    """Write the review table, and put aside what a person saved beside it in another format.

    What a person has saved since the tables were read is put aside, too, and told: nobody has read it.

    Raises:
        Trouble: output.unwritable: it may be open in Excel.
    """
    choices = {case.key: CHOICES[case.ask] for case in cases}
    decided = [
        (one.case, one.ruling.value, one.number, str(one.page or ""), one.who, one.at, one.note)
        for one in reversed(decisions)
    ]
    blob = review_book.review_book(list(as_rows(cases, entered.kept(), say)), choices, decided, pictures, say)
    folder = outputs / REVIEW
    told = [
        finding("file.meanwhile", Cell(f"{OUTPUTS}/{REVIEW}/{name}"), kept=kept)
        for name in _NAMES
        if (kept := files.set_aside(folder, name, entered.read))
    ]
    files.publish(folder, [(BOOK, blob)])
    for name in _NAMES[1:]:
        files.set_aside(folder, name, ())
    return told
