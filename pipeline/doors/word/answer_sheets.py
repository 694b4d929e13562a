"""Answer sheets that came back as Word files (zip, lxml): the table of answers, and whose it is.

What Word, LibreOffice and Hangul make of our sheet differs in everything but this: a table whose rows begin with a
pledge's number, and the words of the choices in them. Tracked changes count as accepted; what is struck through or
hidden is not there. Text boxes and drawings are not read: where they stand on the page is not where they stand in the
file.

ECMA-376 part 1, 17.4 (tables), 17.13.5 (tracked changes), 17.3.3.30 (symbols), 17.16.7 (form check boxes).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

from pipeline.doors.word.package import UNREADABLE, inspect
from pipeline.model.choices import squeeze
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.marks import Reading, offers, read, shows
from pipeline.model.returned import Returned
from pipeline.model.sheets import Sheet

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY = "word/document.xml"
_ASIDE = re.compile(r"word/(?:header|footer)\d*\.xml")
_SHEET = "답변서"
_NUMBER = re.compile(r"(?<![0-9A-Z])([A-Z])\s?-\s?([0-9A-Z가-힣]+)\s?-\s?(\d{4,})(?!\d)")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_LABELS = frozenset({"문서번호"})
_PEOPLE = frozenset({"후보자", "후보", "성명", "이름", "정당"})
_NUMBERED = frozenset({"번호", "공약번호", "제안번호", "연번"})
_PROBLEMS = {
    ".pdf": "it is a PDF",
    ".hwp": "it is a Hangul document (HWP)",
    ".hwpx": "it is a Hangul document (HWPX)",
    ".doc": "it is a document of Word 97 to 2003 (DOC)",
    ".odt": "it is an OpenDocument text (ODT)",
    ".zip": "it is a ZIP archive",
    "picture": "it is a picture",
    "other": "it is neither a Word file nor a spreadsheet",
    "template.huge": "it would unpack to an enormous size",
    "template.entities": "it holds XML that no word processor writes",
}
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".bmp", ".heic", ".webp"})
_HIDDEN_TEXT = frozenset({f"{_W}{name}" for name in ("strike", "dstrike", "vanish")})
_GONE = frozenset(
    {
        _FALLBACK,
        *(f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "drawing", "pict", "object", "tbl")),
    }
)
# Pictures of signs: code points of the symbol fonts that Word offers under 'Insert symbol'.
_SYMBOLS = {
    "wingdings": dict(zip(b"\x6e\x6f\x70\x71\x72\xa7\xa8\x6c\xa1\xa4\xfb\xfc\xfd\xfe", "■□□□□▪□●○◉✗✓☒☑", strict=True)),
    "wingdings 2": dict(zip(b"\x4f\x50\x51\x52\x53\x54\xa2\xa3\x98\x99", "✗✓☒☑☒☒■□●○", strict=True)),
    "symbol": dict(zip(b"\xd6\xb4", "√×", strict=True)),
}
_PRIVATE = range(0xF000, 0xF100)


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """A Word file as a grid of text with the headers of `Returned`, and what stands around the table."""

    sheet: Sheet
    readings: Mapping[int, Reading]
    """What is marked, by the number of the grid's row, from 1."""
    numbers: tuple[str, ...]
    """Document numbers: where it says that they are, else all in the text, else those of headers and footers."""
    person: str
    """The name of the person whose sheet it says it is; '' without one."""


def unread(suffix: str) -> str:
    """Why a file of this kind is not read."""
    return _PROBLEMS.get(suffix) or _PROBLEMS["picture" if suffix in _PICTURES else "other"]


def read_word(blob: bytes, shown: str) -> AnswerSheet:
    """The answers of a .docx.

    Args:
        blob: the file.
        shown: its path as findings name it.

    Raises:
        Trouble: import.kind, import.password, import.unsafe, import.no_table, file.damaged.
    """
    parts = _parts(blob, shown)
    body = parts.pop(_BODY, None)
    if body is None:
        raise Trouble(finding("file.damaged", Cell(shown)))
    lines: list[tuple[str, ...]] = []
    readings: dict[int, Reading] = {}
    for table in body.iter(f"{_W}tbl"):
        for line, reading in _answers([_cells(row) for row in _rows(table)]):
            lines.append(line)
            readings[len(lines) + 1] = reading
    if not lines:
        raise Trouble(finding("import.no_table", Cell(shown)))
    headers = Returned.headers()
    head = tuple(headers[name].name for name in ("pledge", "title", "answer", "remark"))
    grid = Sheet(shown, _SHEET, [head, *lines])
    pairs = list(_pairs(body))
    person = next((value for label, value in pairs if label in _PEOPLE and value), "")
    return AnswerSheet(grid, readings, _numbers(pairs, body, parts.values()), person)


def numbers_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The document numbers in some texts, each once: `P-1100-0003`."""
    plain = (unicodedata.normalize("NFKC", text.translate(_DASHES)).upper() for text in texts)
    return tuple(dict.fromkeys("-".join(match.groups()) for text in plain for match in _NUMBER.finditer(text)))


def _parts(blob: bytes, shown: str) -> dict[str, Any]:
    """The parts that hold text, parsed."""
    where = Cell(shown)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        for one in inspect(blob, shown):
            _refuse(one, where)
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            names = [name for name in package.namelist() if name == _BODY or _ASIDE.fullmatch(name)]
            return {name: etree.fromstring(package.read(name), parser) for name in names}
    except Trouble:
        raise
    except Exception as error:  # zip, zlib and XML fail in a dozen ways for one fact
        raise Trouble(finding("file.damaged", where)) from error


def _refuse(one: Finding, where: Cell) -> None:
    """Of what is wrong with templates, what keeps an answer sheet from being read; macros and links do not."""
    if one.code == "template.kind":
        raise Trouble(finding("import.kind", where, problem=one.params["problem"]))
    if one.code == "template.password":
        raise Trouble(finding("import.password", where))
    if one.code in _PROBLEMS:
        raise Trouble(finding("import.unsafe", where, problem=_PROBLEMS[one.code]))
    if one.code in UNREADABLE:
        raise Trouble(finding("file.damaged", where))


def _rows(table: Any) -> Iterator[Any]:
    """Rows of a table itself, without those whose deletion was tracked."""
    for row in _inside(table, f"{_W}tr"):
        if row.find(f"{_W}trPr/{_W}del") is None:
            yield row


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, those in content controls and tracked insertions included."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}moveTo"}:
            yield from _inside(child, tag)


def _cells(row: Any) -> list[list[str]]:
    """The lines of each cell, blank ones left out."""
    return [
        [line.strip() for paragraph in _inside(cell, f"{_W}p") for line in _text(paragraph).split("\n") if line.strip()]
        for cell in _inside(row, f"{_W}tc")
    ]


def _text(element: Any) -> str:
    """The words of a paragraph as a person sees them."""
    found = []
    for child in element:
        tag = child.tag
        if tag in _GONE or not isinstance(tag, str):
            continue
        if tag == f"{_W}r":
            found.append("" if _is_hidden(child) else _text(child))
        elif tag == f"{_W}t":
            found.append(_plain(child.text or "", element))
        elif tag == f"{_W}sym":
            found.append(_symbol(child.get(f"{_W}font", ""), _code(child.get(f"{_W}char", ""))))
        elif tag in {f"{_W}br", f"{_W}cr"}:
            found.append("\n")
        elif tag in {f"{_W}tab", f"{_W}noBreakHyphen"}:
            found.append("-" if tag.endswith("Hyphen") else "  ")
        elif tag == f"{_W}fldChar":
            found.append(_check_box(child))
        else:
            found.append(_text(child))
    return "".join(found)


def _is_hidden(run: Any) -> bool:
    marks = run.find(f"{_W}rPr")
    return marks is not None and any(one.tag in _HIDDEN_TEXT and _is_on(one) for one in marks)


def _is_on(element: Any) -> bool:
    return element.get(f"{_W}val", "1") not in {"0", "false", "off"}


def _plain(text: str, run: Any) -> str:
    """Text of a run; signs of symbol fonts, which are private characters, as the signs that they show."""
    if not any(ord(sign) in _PRIVATE for sign in text):
        return text
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    font = "" if fonts is None else fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or ""
    return "".join(_symbol(font, ord(sign)) if ord(sign) in _PRIVATE else sign for sign in text)


def _symbol(font: str, code: int) -> str:
    """The sign of a symbol font; a tick of an unknown font stays what it is, and is no sign to anybody."""
    return _SYMBOLS.get(font.casefold(), _SYMBOLS["wingdings"]).get(code & 0xFF, chr(code) if code else "")


def _code(digits: str) -> int:
    return int(digits, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", digits) else 0


def _check_box(field: Any) -> str:
    box = field.find(f"{_W}ffData/{_W}checkBox")
    if box is None:
        return ""
    state = box.find(f"{_W}checked")
    state = box.find(f"{_W}default") if state is None else state
    return "☑" if state is not None and _is_on(state) else "☐"


def _answers(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[tuple[tuple[str, ...], Reading]]:
    """The rows of a table, if it is one of answers: number, title, what stands where the choices do, remark."""
    head, column = next(
        ((place, found) for place, row in enumerate(rows) if (found := _headed(row)) is not None), (-1, None)
    )
    if column is None:
        # The lower half of a table that was cut in two has no head.
        column = next((found for row in rows if (found := _offering(row)) is not None), None)
    for row in rows[head + 1 :]:
        own = _offering(row)
        place = own if own is not None else column
        if place is None or not 0 < place < len(row) or not (row[0] or own is not None):
            continue
        inside = [line for cell in row[1:place] for line in cell]
        title, answer = _parted(row[place], titled=bool(inside))
        remark = "\n".join(line for cell in row[place + 1 :] for line in cell)
        number = row[0][0] if row[0] else ""
        yield (number, " ".join([*inside, *title]), "\n".join(answer), remark), read("\n".join(answer))


def _headed(row: Sequence[Sequence[str]]) -> int | None:
    """The column of answers, where a row is the head of a table of answers."""
    texts = [squeeze("".join(cell)) for cell in row]
    if not any(text in _NUMBERED for text in texts):
        return None
    return next((place for place, text in enumerate(texts) if place and "답변" in text), None)


def _offering(row: Sequence[Sequence[str]]) -> int | None:
    """The column in which choices stand, or the one that was left of them."""
    counts = [offers("\n".join(cell)) if any(map(shows, cell)) else 0 for cell in row]
    best = max(counts, default=0)
    return (counts.index(best) or None) if best else None


def _parted(lines: Sequence[str], *, titled: bool) -> tuple[Sequence[str], Sequence[str]]:
    """The lines of a title and those from the choices on."""
    start = next((place for place, line in enumerate(lines) if shows(line)), None)
    if start is None:
        start = 0 if titled else 1
    return lines[:start], lines[start:]


def _pairs(body: Any) -> Iterator[tuple[str, str]]:
    """Labels in cells, squeezed, and what stands in the cell after them."""
    for row in body.iter(f"{_W}tr"):
        cells = [" ".join(cell) for cell in _cells(row)]
        yield from ((squeeze(label), value) for label, value in pairwise(cells))


def _numbers(pairs: Iterable[tuple[str, str]], body: Any, others: Iterable[Any]) -> tuple[str, ...]:
    labelled = numbers_in(value for label, value in pairs if label in _LABELS)
    return labelled or numbers_in(_paragraphs(body)) or numbers_in(one for part in others for one in _paragraphs(part))


def _paragraphs(root: Any) -> Iterator[str]:
    return (_text(one) for one in root.iter(f"{_W}p"))
