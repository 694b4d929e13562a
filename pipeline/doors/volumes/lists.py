"""Lists of a volume (reportlab): table of state, contents, what is missing, index. A4; lengths are points.

Rows are laid out first, which says how many pages a list takes; only then are page numbers known and the pages drawn.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors.faces import registered

WIDTH, HEIGHT = 595.28, 841.89
PAGE = "\0"
"""A cell that prints the page number of its row's target."""
_MM = 72 / 25.4
_LEFT, _TOP, _BOTTOM = 25 * _MM, 30 * _MM, 28 * _MM
_GAP = 2 * _MM
_TEXT, _SMALL, _TITLE, _GROUP = 9.5, 8.0, 18.0, 11.0
_LINE, _AIR = 13.0, 6.5
"""Between baselines of a cell; what a row has besides."""
_INK, _GRAY, _HAIR = 0.1, 0.42, 0.75


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list."""

    header: str
    width: float
    """Millimetres."""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; with one cell alone it is the heading of those that follow."""

    cells: tuple[str, ...]
    target: str = ""
    """What it leads to."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row on its page."""

    row: Row
    lines: tuple[tuple[str, ...], ...]
    """Of each cell."""
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """A rectangle that leads somewhere: left, bottom, right, top."""

    page: int
    box: tuple[float, float, float, float]
    target: str


Laid = list[list[Placed]]


def lay_out(listing: Listing, font_file: str) -> Laid:
    """Rows by page; at least one page."""
    font = registered(font_file)
    pages: Laid = [[]]
    left = _room(listing, first=True)
    for place, row in enumerate(listing.rows):
        placed = _placed(row, listing.columns, font)
        needed = placed.height
        if len(row.cells) == 1 and place + 1 < len(listing.rows):
            # A heading is never the last line of a page.
            needed += _placed(listing.rows[place + 1], listing.columns, font).height
        if needed > left and pages[-1]:
            pages.append([])
            left = _room(listing, first=False)
        pages[-1].append(placed)
        left -= placed.height
    return pages


def _room(listing: Listing, *, first: bool) -> float:
    taken = (_TITLE * 2.2 + (_LINE * 1.6 if listing.note else 0)) if first else 0
    return HEIGHT - _TOP - _BOTTOM - taken - _LINE - _AIR


def _placed(row: Row, columns: Sequence[Column], font: str) -> Placed:
    if len(row.cells) == 1:
        return Placed(row, (row.cells,), _GROUP + 2 * _AIR + 4)
    lines = tuple(
        tuple(_wrapped(text, column.width * _MM - _GAP, font))
        for text, column in zip(row.cells, columns, strict=True)
    )  # fmt: skip
    return Placed(row, lines, max(map(len, lines)) * _LINE + _AIR)


def _wrapped(text: str, width: float, font: str) -> Iterator[str]:
    """Between words where that is possible, else between signs."""
    line, used = "", 0.0
    for word in _words(text):
        wide = _wide(word, font)
        if line and used + _wide(word.rstrip(), font) > width:
            yield line.rstrip()
            line, used = "", 0.0
        if wide > width:
            for sign in word:
                own = _sign(sign, font)
                if line and used + own > width:
                    yield line
                    line, used = "", 0.0
                line, used = line + sign, used + own
        else:
            line, used = line + word, used + wide
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Words with the blanks behind them."""
    word = ""
    for blank, signs in groupby(text, str.isspace):
        part = "".join(signs)
        if blank:
            yield word + part
            word = ""
        else:
            word = part
    if word:
        yield word


def _wide(text: str, font: str) -> float:
    return sum(_sign(sign, font) for sign in text)


@cache
def _sign(sign: str, font: str) -> float:
    return float(stringWidth(sign, font, _TEXT))


def draw(
    lists: Sequence[tuple[Listing, Laid]], font_file: str, number_of: Callable[[str], str]
) -> tuple[bytes, list[Link]]:
    """Draw lists one after another, each from a new page on.

    Args:
        lists: with their layout.
        font_file: TrueType.
        number_of: the page number that a target bears.

    Returns:
        The PDF, and where its rows lead.
    """
    buffer, font = io.BytesIO(), registered(font_file)
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=True, pageCompression=1)
    links: list[Link] = []
    number = 0
    for listing, pages in lists:
        for first, rows in zip([True, *[False] * len(pages)], pages, strict=False):
            links += _draw_page(canvas, listing, rows, font, number_of, number, first=first)
            canvas.showPage()
            number += 1
    canvas.save()
    return buffer.getvalue(), links


def _draw_page(
    canvas: Canvas,
    listing: Listing,
    rows: Sequence[Placed],
    font: str,
    number_of: Callable[[str], str],
    page: int,
    *,
    first: bool,
) -> Iterator[Link]:
    y = HEIGHT - _TOP
    if first:
        canvas.setFillGray(_INK)
        canvas.setFont(font, _TITLE)
        canvas.drawString(_LEFT, y - _TITLE, listing.title)
        y -= _TITLE * 2.2
        if listing.note:
            canvas.setFillGray(_GRAY)
            canvas.setFont(font, _SMALL)
            canvas.drawString(_LEFT, y, listing.note)
            y -= _LINE * 1.6
    right = _LEFT + sum(one.width for one in listing.columns) * _MM
    canvas.setFillGray(_GRAY)
    canvas.setFont(font, _SMALL)
    _cells(canvas, listing.columns, [(one.header,) for one in listing.columns], y - _SMALL)
    y -= _LINE + 2
    canvas.setStrokeGray(_INK)
    canvas.setLineWidth(0.8)
    canvas.line(_LEFT, y, right, y)
    canvas.setLineWidth(0.3)
    for placed in rows:
        row = placed.row
        canvas.setFillGray(_INK)
        if len(row.cells) == 1:
            canvas.setFont(font, _GROUP)
            canvas.drawString(_LEFT, y - placed.height + _AIR, row.cells[0])
        else:
            canvas.setFont(font, _TEXT)
            lines = [tuple(number_of(row.target) if one == PAGE else one for one in cell) for cell in placed.lines]
            _cells(canvas, listing.columns, lines, y - _LINE + 0.5)
        canvas.setStrokeGray(_INK if row.strong else _HAIR)
        canvas.line(_LEFT, y - placed.height, right, y - placed.height)
        if row.target:
            yield Link(page, (_LEFT, y - placed.height, right, y), row.target)
        y -= placed.height


def _cells(canvas: Canvas, columns: Sequence[Column], cells: Sequence[Sequence[str]], y: float) -> None:
    x = _LEFT
    for column, lines in zip(columns, cells, strict=True):
        for place, line in enumerate(lines):
            if column.is_number:
                canvas.drawRightString(x + column.width * _MM - 1, y - place * _LINE, line)
            else:
                canvas.drawString(x, y - place * _LINE, line)
        x += column.width * _MM
