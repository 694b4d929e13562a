"""A very long document is converted in pieces, and nobody who reads it can tell but by a page that ends early."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from conftest import SHIPPED
from lxml import etree
from test_word import sample_pictures

from pipeline.doors import office, pdf
from pipeline.doors.word import lengths
from pipeline.doors.word.lengths import Pieces
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS
from pipeline.model.documents import Rendered
from pipeline.steps import convert as step
from pipeline.steps.convert import Fonts, convert

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECLARATION = next(path for path in SHIPPED if path.stem == "declaration")
FOOT = re.compile(r"D-0000-0001·1판·(\d+)쪽")


@pytest.fixture(scope="module")
def roll(sample_jobs: Any) -> tuple[WordTemplate, Rendered]:
    """The sample's national declaration, of some twenty tables."""
    template = WordTemplate(DECLARATION.read_bytes(), FILTERS, DECLARATION.name, sample_pictures())
    job = max(sample_jobs[DECLARATION.name], key=lambda one: len(str(one.context)))
    parts, findings = template.render(job.context)
    assert findings == []
    return template, Rendered(job, docx=template.pack(parts), parts=parts)


def body_of(xml: bytes) -> list[str]:
    (body,) = etree.fromstring(xml)
    return [etree.QName(one).localname for one in body]


def document(*elements: str) -> bytes:
    texts = {"t": "<w:tbl/>", "-": "<w:p/>", "h": "<w:p><w:r><w:t>제목</w:t></w:r></w:p>", "s": "<w:sectPr/>"}
    mid = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    inside = "".join(mid if one == "m" else texts[one] for one in elements)
    return f'<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'.encode()


@pytest.mark.parametrize(
    ("elements", "cut"),
    [
        ("ht-ht-s", ["ht-", "ht-"]),
        ("ht-ht-ht-s", ["ht-", "ht-", "ht-"]),
        ("t-s", ["t-"]),
        # A heading below a table would be torn from what it heads.
        ("ththt-ht-s", ["ththt-", "ht-"]),
        ("t-t-hhs", ["t-", "t-", "hh"]),
        # What belongs to which section is not known to a piece.
        ("t-mt-s", ["t-mt-"]),
        ("hhhs", ["hhh"]),
    ],
)
def test_where_it_is_cut(elements: str, cut: Sequence[str]) -> None:
    pieces = Pieces({}, {"word/document.xml": document(*elements)}, tables=1)
    names = {"tbl": "t", "p": "p"}
    told = ["".join(names[etree.QName(one).localname] for one in own) for own in pieces._stretches]
    assert told == [re.sub("[-hm]", "p", one) for one in cut]


@pytest.mark.office
@pytest.mark.slow
def test_pieces_say_what_the_whole_says(
    roll: tuple[WordTemplate, Rendered], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    template, rendered = roll
    libre = office.Office(office.find_office(), tmp_path)
    (whole,), _ = convert([rendered], template.static, libre, Fonts())
    monkeypatch.setattr(step, "_LONG", 1)
    monkeypatch.setattr(step, "Pieces", lambda static, parts: Pieces(static, parts, 6))
    pieces = Pieces(template.static, rendered.parts, 6)
    assert len(pieces) >= 3
    (made,), findings = convert([rendered], template.static, libre, Fonts())
    assert findings == []
    before, after = (pdf.pages(b"".join(one.pdf)) for one in (whole, made))
    assert len(before) <= len(after) <= len(before) + len(pieces)
    assert [int(number) for page in after for number in FOOT.findall(page.text)] == list(range(1, len(after) + 1))
    assert len(made.printed) == len(after)
    groups = rendered.job.context["연명부"]["묶음"]
    names = [row["이름"] for group in groups for table in group["표"] for row in table["줄"]]
    assert len(names) > 600
    texts = ["".join(page.text for page in pages) for pages in (before, after)]
    assert [texts[0].count(name) for name in names] == [texts[1].count(name) for name in names]


@pytest.mark.office
def test_a_piece_that_fails_leaves_the_document_whole(
    roll: tuple[WordTemplate, Rendered], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    template, rendered = roll

    class Sick(office.Office):
        """Dies of the second file that it is given, once."""

        asked = 0

        def convert(self, files: Sequence[bytes], documents: int, size: int = 0, meanwhile: Any = None) -> list[bytes]:
            self.asked += 1
            if self.asked == 2:
                raise office.Failure("it died")
            return super().convert(files, documents, size)

    monkeypatch.setattr(step, "_LONG", 1)
    monkeypatch.setattr(step, "Pieces", lambda static, parts: Pieces(static, parts, 6))
    (made,), findings = convert([rendered], template.static, Sick(office.find_office(), tmp_path), Fonts())
    assert findings == []
    assert len(made.printed) > 10


def test_shipped_documents_stay_whole() -> None:
    assert lengths._TABLES * 100 == 20_000
