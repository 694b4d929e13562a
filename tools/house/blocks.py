"""Pieces of WordprocessingML: paragraphs, conditions, tables, loops. Lengths in millimetres, texts with tags."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from tools.house.look import twips

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def run(text: str, style: str = "") -> str:
    """Text in one run; `style` is the id of a character style."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def para(style: str, text: str, *more: str) -> str:
    """A paragraph of one run, and `more` runs made by `run`."""
    look = "" if style == "Normal" else f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    return f"<w:p>{look}{run(text) if text else ''}{''.join(more)}</w:p>"


def when(condition: str, *blocks: str) -> str:
    """Paragraphs or tables that stand only if the condition of the template holds."""
    return para("Directive", f"{{%p if {condition} %}}") + "".join(blocks) + para("Directive", "{%p endif %}")


def choose(condition: str, block: str, otherwise: str) -> str:
    """One block or the other: a cell with this is never without a paragraph."""
    return (
        para("Directive", f"{{%p if {condition} %}}")
        + block
        + para("Directive", "{%p else %}")
        + otherwise
        + para("Directive", "{%p endif %}")
    )


def each(names: str, *blocks: str) -> str:
    """Paragraphs or tables repeated for each: `names` is what stands after `for`."""
    return para("Directive", f"{{%p for {names} %}}") + "".join(blocks) + para("Directive", "{%p endfor %}")


@dataclass(frozen=True)
class Cell:
    """A cell of one or more paragraphs; `edges` are borders made by `edge`."""

    content: str
    span: int = 1
    valign: str = "top"
    edges: str = ""


def _cell(cell: Cell, width: int) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else "")
        + (f"<w:tcBorders>{cell.edges}</w:tcBorders>" if cell.edges else "")
        + (f'<w:vAlign w:val="{cell.valign}"/>' if cell.valign != "top" else "")
        + f"</w:tcPr>{cell.content}</w:tc>"
    )


@dataclass(frozen=True)
class Row:
    """A row, never split over pages; `height` is the least, in millimetres."""

    cells: Sequence[Cell]
    height: float = 0
    head: bool = False
    """Repeated on every page the table reaches."""


def table(
    style: str, widths: Sequence[float], rows: Iterable[Row], *, headed: bool = True, air: tuple[float, float] = (0, 0)
) -> str:
    """A table of fixed columns, widths in millimetres.

    Args:
        style: id of a table style.
        widths: of the columns.
        rows: with the head row first, if any.
        headed: the style's look of head rows is for the first row.
        air: points above and below what stands in a cell, and at its sides, where not as the style says.
    """
    grid = [twips(width) for width in widths]
    names = ("firstRow", "lastRow", "firstColumn")
    look = "".join(f'w:{name}="{int(headed and name == "firstRow")}" ' for name in names)
    if not headed:
        look = f'w:val="0600" {look}'
    sides = zip(("top", "left", "bottom", "right"), air * 2, strict=True)
    margins = "".join(f'<w:{side} w:w="{round(points * 20)}" w:type="dxa"/>' for side, points in sides)
    cells = f"<w:tblCellMar>{margins}</w:tblCellMar>" if any(air) else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(grid)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{cells}<w:tblLook {look}w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
        + f"</w:tblGrid>{''.join(_row(row, grid) for row in rows)}</w:tbl>"
    )


def _row(row: Row, grid: Sequence[int]) -> str:
    cells, column = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(grid[column : column + cell.span])))
        column += cell.span
    return (
        "<w:tr><w:trPr><w:cantSplit/>"
        + (f'<w:trHeight w:val="{twips(row.height)}" w:hRule="atLeast"/>' if row.height else "")
        + ("<w:tblHeader/>" if row.head else "")
        + f"</w:trPr>{''.join(cells)}</w:tr>"
    )


def loop(names: str, columns: int, *rows: Row) -> list[Row]:
    """Rows repeated for each: `names` is what stands after `for`, e.g. '공약 in 공통공약'."""
    first = Row([Cell(para("Directive", f"{{%tr for {names} %}}"), columns)])
    return [first, *rows, Row([Cell(para("Directive", "{%tr endfor %}"), columns)])]


def rows_if(condition: str, columns: int, rows: Sequence[Row], otherwise: Sequence[Row] = ()) -> list[Row]:
    """Rows that stand only if the condition of the template holds, else others."""

    def tag(text: str) -> Row:
        return Row([Cell(para("Directive", f"{{%tr {text} %}}"), columns)])

    return [tag(f"if {condition}"), *rows, *((tag("else"), *otherwise) if otherwise else ()), tag("endif")]
