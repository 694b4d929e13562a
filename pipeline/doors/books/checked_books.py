"""Copies of workbooks in which each finding is a comment on its cell, with a summary in front (openpyxl).

A copy holds values and no formulas: what was read, and nothing that would calculate or fetch anything again. It is
looked at and thrown away; people mend the original.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.doors.books import inert
from pipeline.doors.books.checked_summary import SHOWN, Voice, plain, put, summarise, wide
from pipeline.doors.word.zip_parts import PreparedZip
from pipeline.korean.privacy import hide
from pipeline.model.catalogue import Level
from pipeline.model.findings import Cell, Finding

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_COMMENTS = 2000
"""Of a workbook: Excel draws each as a shape, and thousands make it crawl."""
_LONGEST_COMMENT = 4000
_LARGEST = 16_000_000
"""Bytes of XML that are opened as they are: 1,000,000 cells, 66 MB, took openpyxl 30 s and 600 MB (measured, 3.1.5)."""
_LARGEST_MERGE = 100_000
"""Cells: openpyxl makes an object of each."""
_MOST_ROWS = 20_000
"""Of a grid that is drawn as a whole; of a longer one only rows with findings are."""
_TOP = 20
"""Rows that are drawn in any case: titles and headers."""
_AUTHOR = "hyeopyak"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]|^'|'$")

Grid = Sequence[Sequence[str]]
_Place = tuple[str, int, int]
"""Title of the sheet, row and column from 1."""


def annotated(blob: bytes, findings: Sequence[Finding], voice: Voice) -> bytes:
    """The copy of a workbook; empty where it is too large or openpyxl cannot open it: then its grids can be `drawn`.

    Args:
        blob: an .xlsx or .xlsm; macros do not go into the copy.
        findings: about this file; notes stand in the summary only.
        voice: the person's language.
    """
    import openpyxl

    if _is_heavy(blob):
        return b""
    try:
        with warnings.catch_warnings():
            # Of what openpyxl leaves out: the copy is only looked at.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(blob), data_only=True, keep_links=False)
            return _finished(book, findings, voice)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever the damaged piece is needed for
        return b""


def drawn(grids: Mapping[str, Grid], findings: Sequence[Finding], voice: Voice) -> bytes:
    """A workbook of grids of text, by name of the sheet ('' where the file has none), where there is none to copy."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, grid in grids.items():
        page = book.create_sheet(_title(name, findings))
        wanted = {
            one.cell.row for one in findings if one.cell and one.cell.sheet == name and one.level is not Level.NOTE
        }
        whole = len(grid) <= _MOST_ROWS
        font = Font(name="맑은 고딕", charset=129, family=3, size=10)
        for number, row in enumerate(grid, start=1):
            if whole or number <= _TOP or number in wanted:
                for column, text in enumerate(row, start=1):
                    if text:
                        put(page, number, column, text).font = font
                # Where the others are hidden, a row without a height of its own would be, too.
                page.row_dimensions[number].height = None if whole else 15
        # Rows keep their numbers; those left out are hidden as by a filter.
        page.sheet_format.zeroHeight = None if whole else True
        _widths(page)
    titles = dict(zip(grids, (page.title for page in book.worksheets), strict=True))
    excerpt = any(len(grid) > _MOST_ROWS for grid in grids.values())
    return _finished(book, findings, voice, titles, excerpt=excerpt)


def _title(name: str, findings: Sequence[Finding]) -> str:
    """A name that a sheet can have: that of the file where it has none."""
    file = next((one.cell.file for one in findings if one.cell), "")
    return _NO_TITLE.sub("_", name or file.rpartition("/")[2])[:31] or "-"


def _widths(page: Worksheet) -> None:
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = defaultdict(int)
    for (_, column), cell in _cells(page).items():
        text = str(cell.value or "")
        widths[column] = max(widths[column], wide(text[:SHOWN]))
    for column, width in widths.items():
        page.column_dimensions[get_column_letter(column)].width = min(width, SHOWN) + 2


def _is_heavy(blob: bytes) -> bool:
    """Whether opening it would take too long, or as much memory as other people need."""
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            members = [one for one in package.infolist() if one.filename.startswith("xl/")]
            # No more than this is ever unpacked: zipfile stops where the directory says a member ends.
            if sum(one.file_size for one in members) > _LARGEST:
                return True
            sheets = (package.read(one) for one in members if one.filename.startswith("xl/worksheets/sheet"))
            return any(_area(match) > _LARGEST_MERGE for sheet in sheets for match in _MERGE.finditer(sheet))
    except Exception:  # noqa: BLE001 - zipfile, zlib and struct complain in many ways
        return True


def _area(match: re.Match[bytes]) -> int:
    from openpyxl.utils import column_index_from_string

    left, top, right, bottom = (one.decode() for one in match.groups())
    columns = column_index_from_string(right) - column_index_from_string(left) + 1
    return columns * (int(bottom) - int(top) + 1)


def _cells(page: Worksheet) -> dict[tuple[int, int], Any]:
    """The cells that exist; walking rows and columns would make those that do not, up to 17 milliards."""
    return page._cells  # noqa: SLF001


def _finished(
    book: Workbook,
    findings: Sequence[Finding],
    voice: Voice,
    titles: Mapping[str, str] | None = None,
    *,
    excerpt: bool = False,
) -> bytes:
    """Hide numbers, mark cells, put the summary in front."""
    for page in book.worksheets:
        _hide_numbers(page)
    addresses = _Addresses(book, titles or {})
    places = {id(one): place for one in findings if one.cell and (place := addresses.find(one.cell))}
    pages = [page.title for page in book.worksheets]

    def order(one: Finding) -> tuple[int, ...]:
        """Errors first, which must not be left out for warnings; then as one goes through the workbook."""
        title, row, column = places.get(id(one), ("", 0, 0))
        return list(Level).index(one.level), pages.index(title) if title else -1, row, column

    ordered = sorted(findings, key=order)
    left_out = _mark(book, [(one, places[id(one)]) for one in ordered if id(one) in places], voice)
    summarise(book, [(one, places.get(id(one))) for one in ordered], voice, left_out=left_out, excerpt=excerpt)
    for page in book.worksheets:
        page.sheet_view.tabSelected = False
    book.active = 0
    return _saved(book)


def _hide_numbers(page: Worksheet) -> None:
    """Resident registration numbers: the copy must not be one more place where they are kept."""
    from openpyxl.comments import Comment

    for cell in _cells(page).values():
        value = cell.value
        if isinstance(value, (str, int)) and (hidden := hide(str(value))) != str(value):
            inert.put(cell, hidden)
        if cell.comment and (hidden := hide(cell.comment.text)) != cell.comment.text:
            cell.comment = Comment(hidden, _AUTHOR)


class _Addresses:
    """Where findings stand in a workbook."""

    def __init__(self, book: Workbook, titles: Mapping[str, str]) -> None:
        self._pages = {unicodedata.normalize("NFC", page.title): page for page in book.worksheets}
        self._pages |= {name: book[title] for name, title in titles.items()}
        self._pages.setdefault("", book.worksheets[0])
        self._first: dict[str, dict[int, int]] = {}

    def find(self, cell: Cell) -> _Place | None:
        """The cell itself; for a row its first filled cell, for a sheet the first of all; None: no such sheet."""
        from openpyxl.utils import column_index_from_string

        page = self._pages.get(unicodedata.normalize("NFC", cell.sheet))
        if page is None:
            return None
        first = self._filled(page)
        row = cell.row or min(first, default=1)
        column = column_index_from_string(cell.column) if cell.column else first.get(row, 1)
        for area in page.merged_cells.ranges:
            # All but the first cell of a merged range can neither be seen nor bear a comment.
            if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
                row, column = area.min_row, area.min_col
        return page.title, row, column

    def _filled(self, page: Worksheet) -> dict[int, int]:
        """The first filled column of each row that has one."""
        if page.title not in self._first:
            found: dict[int, int] = {}
            for (row, column), cell in _cells(page).items():
                if cell.value not in {None, ""}:
                    found[row] = min(column, found.get(row, column))
            self._first[page.title] = found
        return self._first[page.title]


def _mark(book: Workbook, placed: Sequence[tuple[Finding, _Place]], voice: Voice) -> int:
    """Colour cells and write comments; how many cells are left without one."""
    by_place: dict[_Place, list[Finding]] = defaultdict(list)
    for one, place in placed:
        if one.level is not Level.NOTE:
            by_place[place].append(one)
    for count, ((title, row, column), own) in enumerate(by_place.items()):
        page = book[title]
        cell = page.cell(row, column)
        _colour(cell, own[0].level)
        _show(page, row, column)
        if count < MOST_COMMENTS:
            _comment(cell, [voice.comment(one) for one in own])
    return max(0, len(by_place) - MOST_COMMENTS)


def _colour(cell: Any, level: Level) -> None:
    """By fill, and by the line around the cell for those who see no colours and for black-and-white prints."""
    from openpyxl.styles import Border, PatternFill, Side

    wrong = level is Level.ERROR
    side = Side(style="medium", color="C00000") if wrong else Side(style="mediumDashed", color="9C5700")
    fill = "FFC7CE" if wrong else "FFEB9C"
    cell.fill = PatternFill("solid", fgColor=fill)
    cell.border = Border(left=side, right=side, top=side, bottom=side)


def _show(page: Worksheet, row: int, column: int) -> None:
    """A cell to be mended must not be hidden."""
    page.sheet_state = "visible"
    if row in page.row_dimensions:
        page.row_dimensions[row].hidden = False
    for dimension in page.column_dimensions.values():
        if (dimension.min or 0) <= column <= (dimension.max or 0):
            dimension.hidden = False


def _comment(cell: Any, texts: Sequence[str]) -> None:
    from openpyxl.comments import Comment

    # What somebody else remarked there stays.
    own = [*texts, *([cell.comment.text] if cell.comment else [])]
    text = plain("\n\n".join(own))[:_LONGEST_COMMENT]
    cell.comment = Comment(text, _AUTHOR, width=360, height=30 + 20 * sum(_lines(text)))


def _lines(text: str) -> Iterator[int]:
    """How many lines each paragraph takes in a comment."""
    for one in text.split("\n"):
        yield 1 + wide(one) // 52


def _saved(book: Workbook) -> bytes:
    book.properties.creator = book.properties.lastModifiedBy = _AUTHOR
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        members = {name: package.read(name) for name in package.namelist()}
    # The same findings give the same bytes: without the time of day.
    members["docProps/core.xml"] = _DATES.sub(b"", members["docProps/core.xml"])
    return PreparedZip(members).build({})
