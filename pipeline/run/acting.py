"""What people do in the demo: change an answer, sign and scan, decide. Simulated, with a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.doors import files
from pipeline.doors.books.kept_books import Column, Edit, Form, edited
from pipeline.doors.books.review_book import CASE, NOTE, RULING, SHEET, WHO, read_rows
from pipeline.doors.books.sheets import read_sheet
from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.pile import Orders, Source, write_pile
from pipeline.doors.scans.simulated.truth import Kind, PileTruth
from pipeline.model.choices import Answer
from pipeline.model.collected import CHOICES, About, Ask, Case, Ruling
from pipeline.model.identity import PageCode
from pipeline.model.scans import IssuedPage
from pipeline.run.collecting import SIGNED
from pipeline.run.deciding import BOOK, REVIEW
from pipeline.run.outcome import OUTPUTS

AGREEMENT, ANSWERS = "agreement", "inputs/answers.xlsx"
_SHEET, _KEY, _ANSWER, _OPINION = "답변", "후보자ID", "답변", "의견"
_SEED = 2018
ORDERS = Orders(
    lost=1, duplicated=1, blank=1, foreign=1, struck=1, written=1, unsigned=1, photographed=3, single_image=2, zipped=4
)
"""One page lost, one twice, one blank, one of a stranger; a passage crossed out, something written in, a box empty;
photographs, pictures and a ZIP beside what the copier sent."""
_RULINGS = {
    Ask.STRUCK: Ruling.CHANGED,
    Ask.UNREADABLE: Ruling.DISCARD,
    Ask.FORGED: Ruling.DISCARD,
    Ask.OLDER: Ruling.DISCARD,
}
"""Of all others the first choice that the table offers."""


def papers(outputs: Path, area: str) -> tuple[list[IssuedPage], dict[str, About]]:
    """Issued pages of the papers of a 시·도 that somebody signs, the oldest first; what is known of all papers."""
    with Register(outputs, readonly=True) as register:
        about, pages = register.about(), register.issued_pages()
    signing = {page.number for page in pages if page.boxes and about[page.number].province == area}
    return [page for page in pages if page.number in signing], about


def change_answer(folder: Path, area: str, opinion: str) -> int:
    """The first candidate of an area with an agreement accepts a pledge only in part: staff correct the workbook.

    Args:
        folder: the campaign's.
        area: 시·도.
        opinion: what is written beside it.

    Returns:
        The row that was changed.
    """
    pages, about = papers(folder / OUTPUTS, area)
    keys = {about[page.number].key for page in pages if about[page.number].kind == AGREEMENT}
    path = folder / ANSWERS
    sheet = read_sheet(path, ANSWERS, _SHEET)
    header = next(row for row in sheet.rows if _KEY in row)
    key, answer = header.index(_KEY), header.index(_ANSWER)
    number = next(
        number for number, row in enumerate(sheet.rows, 1) if row[key] in keys and row[answer] == Answer.ACCEPTED.value
    )
    form = Form(_SHEET, "", tuple(Column(name, 0) for name in (_KEY, _ANSWER, _OPINION)))
    change = Edit(changes={number: {_ANSWER: Answer.PARTIAL.value, _OPINION: opinion}})
    files.publish(folder, [(ANSWERS, edited(path.read_bytes(), form, change, ANSWERS))])
    return number


def source_of(outputs: Path, campaign: str, page: IssuedPage, kind: Kind = Kind.ISSUED) -> Source:
    """An issued page, to be simulated."""
    code = PageCode(campaign, page.number, page.revision, page.page, page.pages, page.check)
    return Source(outputs / page.pdf, page.page, code.payload, page.boxes, kind)


def sign_and_scan(folder: Path, campaign: str, area: str) -> PileTruth:
    """Papers of an area are signed and come back into `inputs/signed`: of one that was revised since, the text before.

    Args:
        folder: the campaign's.
        campaign: its id.
        area: 시·도.
    """
    outputs = folder / OUTPUTS
    pages, _ = papers(outputs, area)
    latest = {page.number: page.revision for page in pages}
    sources = [
        source_of(outputs, campaign, page, Kind.ISSUED if latest[page.number] == 1 else Kind.OLDER)
        for page in pages
        if page.revision == 1
    ]
    with files.private():
        return write_pile(folder / SIGNED, sources, ORDERS, _SEED)


def decide_cases(folder: Path, cases: Sequence[Case], who: str, note: str) -> None:
    """Fill in the review table, as staff do."""
    path, shown = folder / OUTPUTS / REVIEW / BOOK, f"{OUTPUTS}/{REVIEW}/{BOOK}"
    rulings = {case.key: _RULINGS.get(case.ask, CHOICES[case.ask][0]) for case in cases}
    rows, _lacking, _columns = read_rows(read_sheet(path, shown, SHEET))
    changes = {
        row.number: {RULING: rulings[row.cells[CASE]].value, WHO: who, NOTE: note}
        for row in rows
        if row.cells[CASE] in rulings
    }
    form = Form(SHEET, "", tuple(Column(name, 0) for name in (CASE, RULING, WHO, NOTE)))
    files.publish(path.parent, [(BOOK, edited(path.read_bytes(), form, Edit(changes=changes), shown))])
