"""Data that we write into tables stays text, in each sort of file; pages for the browser hold what we put there."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest

from pipeline.doors import review_page
from pipeline.doors.books import checked_books, kept_books, listed, missing_book, new_books, review_book
from pipeline.doors.books.inert import in_csv, is_formula
from pipeline.model.collected import CHOICES, Ask
from pipeline.model.findings import Cell, finding
from pipeline.show import report

HOSTILE = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://127.0.0.1:9","x")',
    '=WEBSERVICE("http://127.0.0.1:9")',
    '=DDE("cmd";"/C calc";"x")',
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\ufeff=1",
    "＝1",
    "＠SUM(1)",
)
PLAIN = ("", "1", "가=나", "a-b", "a@b", "'=1", "(+1)")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_may_take_for_a_formula(text: str) -> None:
    assert is_formula(text)
    assert in_csv(text).strip('"').startswith("'")


@pytest.mark.parametrize("text", PLAIN)
def test_what_it_does_not(text: str) -> None:
    assert in_csv(text) == text


def kept(text: str) -> bytes:
    """Rows added to a new workbook and to one that exists, and a cell changed."""
    form = kept_books.Form("표", "표", (kept_books.Column("가", 10), kept_books.Column("나", 10)))
    blob = kept_books.edited(b"", form, kept_books.Edit(new=[{"가": text, "나": "1"}]), "x.xlsx")
    return kept_books.edited(
        blob, form, kept_books.Edit(new=[{"가": text, "나": text}], changes={3: {"나": text}}), "x.xlsx"
    )


def reviewed(text: str) -> bytes:
    row = dict.fromkeys((review_book.CASE, review_book.FILE, review_book.ASK, *review_book.ENTRIES), text)
    return review_book.review_book([row], {text: CHOICES[Ask.INK]}, [(text,) * 7], {}, str)


def outstanding(text: str) -> bytes:
    return missing_book.missing_book([("시트", text, (10, 10), [("가", "나"), (text, text)])])


def drawn(text: str) -> bytes:
    told = [finding("cell.tag", Cell("inputs/a.csv", "", 1, "A"), value=text)]
    return checked_books.drawn({"": [[text, f"{text} 710314-1234567"]]}, told, report.voice())


def annotated(text: str) -> bytes:
    """A copy of a workbook in which somebody has kept such a text, with a number that is blacked out."""
    book = openpyxl.Workbook()
    page: Any = book.active
    for column, value in enumerate((text, f"{text} 710314-1234567"), start=1):
        page.cell(1, column).value = value
        page.cell(1, column).data_type = "s"
    page.cell(2, 1).value = "=1+1"
    buffer = io.BytesIO()
    book.save(buffer)
    told = [finding("cell.tag", Cell("inputs/a.xlsx", page.title, 1, "A"), value=text)]
    return checked_books.annotated(buffer.getvalue(), told, report.voice())


def begun(text: str) -> bytes:
    column = new_books.NewColumn("머리", 10, text, choices=("예",))
    return new_books.new_book([new_books.NewSheet("표", text, (column,), "2F5D62")], text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [kept, reviewed, outstanding, drawn, annotated, begun])
def test_workbooks_hold_no_formula(write: Callable[[str], bytes], text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(text)))
    cells: list[Any] = [cell for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    ours = [cell for cell in cells if is_formula(str(cell.value)) and isinstance(cell.value, str)]
    assert write in {begun, annotated} or ours, "the text is there"
    edited = [cell for cell in ours if not cell.quotePrefix]
    assert write is annotated or edited == [], "nor does one become a formula when somebody edits it"


@pytest.mark.parametrize(
    "write", [lambda text: listed.as_csv([{"a": text, "b": 1}]), lambda text: missing_book.as_csv([("a",), (text,)])]
)
@pytest.mark.parametrize("text", HOSTILE)
def test_csv_holds_no_formula(write: Callable[[str], bytes], text: str) -> None:
    rows = list(csv.reader(io.StringIO(write(text).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"


# --- pages for the browser ---------------------------------------------------------------------------------------

EVIL = """"><script>alert('1')</script><img src=x onerror='alert(1)'>&lt;"""
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "p",
    "section",
    "article",
    "figure",
    "a",
    "img",
    "div",
    "q",
    "code",
    "main",
    "dl",
    "dt",
    "dd",
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "src", "alt", "loading"}


class Seen(HTMLParser):
    """The elements of a page as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("text", [EVIL, "javascript:alert(1)", "</style><script>", "--><script>", "\u202e<b>"])
def test_a_page_holds_what_we_put_there_and_nothing_else(text: str) -> None:
    shown = review_page.Shown(text, text, text, text, text, text, (text,), ("a.png",))
    page = review_page.review_page([(text, [shown])], {text: 1}, "ko", str).decode()
    seen = Seen(page)
    assert seen.tags <= TAGS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    assert {value for name, value in seen.attributes if name in {"href", "src"}} == {"a.png"}


def test_a_page_may_run_and_fetch_nothing() -> None:
    page = review_page.review_page([], {}, "ko", str).decode()
    (policy,) = [value for name, value in Seen(page).attributes if name == "content" and "default-src" in value]
    rules = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert rules.pop("style-src") == "'unsafe-inline'"
    assert rules.pop("img-src") == "'self' file:"
    assert set(rules.values()) == {"'none'"}
    assert "default-src" in rules
    assert page.index("Content-Security-Policy") < page.index("<style")
