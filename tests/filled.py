"""Answer sheets filled in the way people do: each way marks the choices of a row in a Word file."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table, _Row

CHOICES = ("수용", "부분수용", "불수용", "기타의견")
Way = Callable[[_Row, str], None]


def rows(document: Any) -> Iterator[_Row]:
    """Rows of the table of answers, without its head."""
    table = next(one for one in document.tables if one.cell(0, 0).text == "번호")
    yield from list(table.rows)[1:]


def filled(blob: bytes, answers: Sequence[tuple[Way, str, str]], then: Callable[[Any], None] | None = None) -> bytes:
    """A proposal with its rows answered: way, choice and remark for each; `then` does something to the whole."""
    document = Document(io.BytesIO(blob))
    for row, (way, choice, remark) in zip(rows(document), answers, strict=False):
        way(row, choice)
        if remark:
            row.cells[2].paragraphs[0].add_run(remark)
    if then:
        then(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _line(row: _Row) -> Any:
    """The paragraph of choices."""
    return next(one for one in row.cells[1].paragraphs if "□" in one.text)


def _say(row: _Row, text: str) -> None:
    paragraph = _line(row)
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    paragraph.runs[0].text = text


def sign(mark: str) -> Way:
    """A sign in place of the box."""

    def way(row: _Row, choice: str) -> None:
        _say(row, "  ".join(f"{mark if one == choice else '□'} {one}" for one in CHOICES))

    return way


def after(row: _Row, choice: str) -> None:
    """A tick behind the word."""
    _say(row, "  ".join(f"□ {one}{' √' if one == choice else ''}" for one in CHOICES))


def alone(row: _Row, choice: str) -> None:
    """The other choices deleted."""
    _say(row, choice)


def typed(row: _Row, choice: str) -> None:
    """The answer typed behind the choices."""
    _line(row).add_run(f"   {choice}함")


def symbol(row: _Row, choice: str) -> None:
    """A tick from Word's 'Insert symbol'."""
    paragraph = _line(row)
    before, _, rest = paragraph.text.partition(f"□ {choice}")
    _say(row, before)
    run = paragraph.add_run()
    run._r.append(parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="F0FE"/>'))
    paragraph.add_run(f" {choice}{rest}")


def control(row: _Row, choice: str) -> None:
    """A check box of a form around the sign."""
    paragraph = _line(row)
    before, _, rest = paragraph.text.partition(f"□ {choice}")
    _say(row, before)
    paragraph._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>",
        )
    )
    paragraph.add_run(f" {choice}{rest}")


def tracked(row: _Row, choice: str) -> None:
    """The box replaced with changes tracked."""
    paragraph = _line(row)
    before, _, rest = paragraph.text.partition(f"□ {choice}")
    _say(row, before)
    who = 'w:id="7" w:author="candidate" w:date="2018-05-01T00:00:00Z"'
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')} {who}><w:r><w:delText>□</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')} {who}><w:r><w:t>■</w:t></w:r></w:ins>"))
    paragraph.add_run(f" {choice}{rest}")


def struck(row: _Row, choice: str) -> None:
    """The other choices struck through."""
    _say(row, "")
    for one in CHOICES:
        run = _line_of(row).add_run(f"□ {one}  ")
        run.font.strike = one != choice


def _line_of(row: _Row) -> Any:
    return row.cells[1].paragraphs[-1]


def scattered(row: _Row, choice: str) -> None:
    """Every character in a run of its own."""
    sign("■")(row, choice)
    paragraph = _line(row)
    text = paragraph.text
    _say(row, "")
    for letter in text:
        paragraph.add_run(letter)


def lines(row: _Row, choice: str) -> None:
    """A choice a line."""
    _say(row, "\n".join(f"{'●' if one == choice else '○'} {one}" for one in CHOICES))


def brackets(row: _Row, choice: str) -> None:
    """Brackets behind the words."""
    _say(row, "  ".join(f"{one}({'O' if one == choice else ' '})" for one in CHOICES))


def nothing(row: _Row, choice: str) -> None:
    """Left as it was, or circled by a drawing."""


WAYS: tuple[Way, ...] = (
    sign("■"), sign("☑"), sign("√"), sign("V"), sign("O"), sign("○"), sign("x"), sign("●"), sign("☒"),
    after, alone, typed, symbol, control, tracked, struck, scattered, lines, brackets,
)  # fmt: skip


def nested(document: Any) -> None:
    """The whole table of answers in a cell of another, as Hangul writes frames."""
    table = next(one for one in document.tables if one.cell(0, 0).text == "번호")
    outer = document.add_table(rows=1, cols=1)
    inner = copy.deepcopy(table._tbl)
    cell = outer.cell(0, 0)._tc
    cell.insert(len(cell) - 1, inner)
    table._tbl.getparent().replace(table._tbl, outer._tbl)


def cut(document: Any) -> None:
    """The table in two, without a head over the second."""
    table = next(one for one in document.tables if one.cell(0, 0).text == "번호")
    second = copy.deepcopy(table._tbl)
    middle = len(table.rows) // 2
    for row in list(table._tbl.tr_lst)[middle:]:
        table._tbl.remove(row)
    for row in list(second.tr_lst)[:middle]:
        second.remove(row)
    table._tbl.addnext(second)
    table._tbl.addnext(OxmlElement("w:p"))


def renumbered(number: str) -> Callable[[Any], None]:
    """Another document number on the sheet; '' takes it away."""

    def then(document: Any) -> None:
        for text in document.element.body.iter(qn("w:t")):
            if text.text and text.text.startswith("P-"):
                text.text = number
        for section in document.sections:
            for text in section.footer._element.iter(qn("w:t")):
                if text.text and text.text.startswith("P-"):
                    text.text = number

    return then


def find(document: Any, label: str) -> Any:
    """The cell after a label."""
    for table in document.tables:
        assert isinstance(table, Table)
        for row in table.rows:
            for before, cell in zip(row.cells, row.cells[1:], strict=False):
                if before.text == label:
                    return cell
    raise AssertionError(label)
