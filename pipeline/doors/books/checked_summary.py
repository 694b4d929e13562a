"""The first sheet of a checked copy: how much there is to mend, and each finding with a link to its cell (openpyxl)."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.doors.books import inert
from pipeline.korean.privacy import hide
from pipeline.model.catalogue import Level
from pipeline.model.findings import Finding

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 10_000
"""Findings in a summary; Excel takes 65,530 links in a sheet, people fewer."""
SHOWN = 40
"""Widest column, in characters."""
_FONT = "맑은 고딕"
_INK, _GREY = "1F2933", "5A6672"
_FILLS = {Level.ERROR: "FFC7CE", Level.WARNING: "FFEB9C", Level.NOTE: "E4E7EB"}
_TOP = 5
"""Row of the table's header."""
_HANGUL = 0.9
"""A syllable is not quite as wide as two digits."""
_WIDTHS = (9, 24, 64, 60)

Place = tuple[str, int, int]
"""Title of the sheet, row and column from 1."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How findings and the words around them are said in the person's language."""

    say: Callable[[str], str]
    message: Callable[[Finding], str]
    """What is wrong."""
    remedy: Callable[[Finding], str]
    """What to do; may be ''."""

    def comment(self, one: Finding) -> str:
        """For a cell: the level in words first, since not everybody sees its colour."""
        return f"{self.say(one.level.value)}: {self.message(one)}\n{self.remedy(one)}".rstrip()


def plain(text: str) -> str:
    """Text that a cell or a comment can hold, without resident registration numbers."""
    return inert.in_cell(hide(text))


def put(page: Worksheet, row: int, column: int, text: str) -> Any:
    """Write text that stays text: data beginning with = + - @ must not become a formula, not even when edited."""
    cell: Any = page.cell(row, column)
    inert.put(cell, plain(text))
    return cell


def wide(text: str) -> int:
    """In columns of a digit's width: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def summarise(
    book: Workbook,
    placed: Sequence[tuple[Finding, Place | None]],
    voice: Voice,
    *,
    left_out: int,
    excerpt: bool,
) -> None:
    """Put the summary in front of the other sheets.

    Args:
        book: the copy.
        placed: all findings about it, the weightiest first, each with its place in the copy if it has one.
        voice: the person's language.
        left_out: how many marked cells are without a comment.
        excerpt: whether rows without findings were left out.
    """
    say = voice.say
    page = book.create_sheet(say("Findings"), 0)
    file = next((one.cell.file for one, _ in placed if one.cell), "")
    _line(page, 1, say("Findings: {file}").format(file=file), size=15, bold=True)
    _line(
        page, 2, say("Mend the original and run again. This copy is made anew each time; changes in it are not read.")
    )
    counts = Counter(one.level for one, _ in placed)
    _line(page, 3, " · ".join(f"{say(level.value)} {counts[level]}" for level in Level), bold=True)
    notices = [say("The table is long: only its first rows and those with findings are shown.")] if excerpt else []
    if left_out:
        notices.append(say("{count} more cells are coloured but bear no comment.").format(count=left_out))
    if len(placed) > MOST_ROWS:
        notices.append(say("{count} more findings are not listed here.").format(count=len(placed) - MOST_ROWS))
    _line(page, 4, " ".join(notices))
    _table(page, _TOP, placed[:MOST_ROWS], voice)
    _lay_out(page, _TOP + min(len(placed), MOST_ROWS), file)


def _font(size: float = 10, colour: str = _INK, *, bold: bool = False, underline: bool = False) -> Any:
    from openpyxl.styles import Font

    return Font(
        name=_FONT, charset=129, family=3, size=size, color=colour, bold=bold, underline="single" if underline else None
    )


def _line(page: Worksheet, row: int, text: str, *, size: float = 10, bold: bool = False) -> None:
    put(page, row, 1, text).font = _font(size, _INK if bold else _GREY, bold=bold)


def _table(page: Worksheet, top: int, placed: Sequence[tuple[Finding, Place | None]], voice: Voice) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    thin = Side(style="thin", color="BFC7CF")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
    say = voice.say
    for column, text in enumerate((say("Level"), say("Place"), say("What is wrong"), say("What to do")), start=1):
        cell = put(page, top, column, text)
        cell.font, cell.alignment, cell.border = _font(10, "FFFFFF", bold=True), centre, border
        cell.fill = PatternFill("solid", fgColor="31497A")
    fonts = _font(), _font(10, "1F4E9E", underline=True), _font(bold=True)
    fills = {level: PatternFill("solid", fgColor=colour) for level, colour in _FILLS.items()}
    for row, (one, place) in enumerate(placed, start=top + 1):
        texts = (say(one.level.value), _shown(one), voice.message(one), voice.remedy(one))
        for column, text in enumerate(texts, start=1):
            cell = put(page, row, column, text)
            cell.font, cell.alignment, cell.border = fonts[0], centre if column == 1 else left, border
        # LibreOffice does not find heights by itself when it only converts or prints.
        lines = max(math.ceil(wide(text) * _HANGUL / (width - 2)) for text, width in zip(texts, _WIDTHS, strict=True))
        page.row_dimensions[row].height = 6 + 14 * max(1, lines)
        page.cell(row, 1).fill, page.cell(row, 1).font = fills[one.level], fonts[2]
        if place:
            _link(page.cell(row, 2), place)
            page.cell(row, 2).font = fonts[1]


def _shown(one: Finding) -> str:
    """`후보자!C7`: the place as the original has it."""
    cell = one.cell
    if cell is None:
        return one.subject
    return "!".join(part for part in (cell.sheet, f"{cell.column}{cell.row or ''}") if part)


def _link(cell: Any, place: Place) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink

    title, row, column = place
    quoted = title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{get_column_letter(column)}{row}")


def _lay_out(page: Worksheet, last: int, file: str) -> None:
    """Widths, what stays in sight, A4 landscape with the header on every page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, width in enumerate(_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.row_dimensions[1].height = 28
    page.row_dimensions[3].height = page.row_dimensions[_TOP].height = 22
    page.freeze_panes = f"A{_TOP + 1}"
    page.auto_filter.ref = f"A{_TOP}:D{last}"
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = "C00000"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_title_rows = f"{_TOP}:{_TOP}"
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.75, 0.35
    footer = page.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        # An ampersand begins a command there.
        footer.left.text, footer.right.text = file.replace("&", "&&"), "&P / &N"
