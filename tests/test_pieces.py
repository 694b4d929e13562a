"""Pieces of a PDF hold what qpdf would put into them, and what pieces share is there once."""

from __future__ import annotations

import io
import pickle
import random
from collections.abc import Iterable, Sequence
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors import office, pdf
from pipeline.doors.cutting import Cover
from pipeline.model.identity import page_codes
from pipeline.run.working import CAPTIONS

FONT = random.Random(1).randbytes(10_000)
BOX = (0, 0, 595, 842)
CODES = page_codes("KSEN-2018", "A-1100-0001", 1, ["첫쪽", "둘째쪽"])

names = st.text("abcF1 #/()<>[]%R가", max_size=6).map(lambda text: f"/{text}x")
plain = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
    st.decimals(-1000, 1000, places=3),
    st.binary(max_size=12).map(pikepdf.String),
    st.sampled_from(["1 0 R", "(2 0 R)", ") 3 0 R (", "\\", "4 0 R\\"]).map(pikepdf.String),
    names.map(pikepdf.Name),
    st.integers(0, 5).map(lambda place: ("object", place)),
)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4))


def composed(pages: int, starts: Sequence[int] = (0,)) -> tuple[pikepdf.Pdf, list[Any]]:
    """A PDF of some pages with one dictionary of resources, and six objects that lead to each other."""
    document = pikepdf.new()
    font = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, BaseFont=pikepdf.Name("/AAAAAA+Face")))
    font.FontDescriptor = document.make_indirect(pikepdf.Dictionary(FontFile3=document.make_stream(FONT)))
    objects = [document.make_indirect(pikepdf.Dictionary(Number=number)) for number in range(5)]
    objects.append(document.make_stream(b"short", pikepdf.Dictionary(Number=5)))
    for number, one in enumerate(objects[:-1]):
        one.Next = objects[(number + 1) % len(objects)]
    resources = document.make_indirect(
        pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font, F2=font), ProcSet=pikepdf.Array([pikepdf.Name.PDF]))
    )
    for number in range(pages):
        document.add_blank_page(page_size=BOX[2:])
        page = document.pages[-1].obj
        page.Resources = resources
        page.Contents = document.make_stream(b"BT /F1 9 Tf 70 700 Td (%d) Tj ET" % number)
    marks = {f"/d{place}": pikepdf.Array([document.pages[start].obj]) for place, start in enumerate(starts)}
    document.Root.Dests = pikepdf.Dictionary(marks)
    return document, objects


def saved(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def cut(document: pikepdf.Pdf, count: int = 1, *, is_stamped: bool = False) -> list[pdf.Piece]:
    font = office.font_file(*CAPTIONS)
    return list(
        pdf.split(
            saved(document),
            [f"d{place}" for place in range(count)],
            lambda piece, pages: Cover(f"제목 {piece}", CODES[: len(pages)] if is_stamped else (), font),
        )
    )


def opened(piece: pdf.Piece) -> pikepdf.Pdf:
    document = pikepdf.open(io.BytesIO(b"".join(piece.pdf)))
    assert document.check_pdf_syntax() == []
    return document


def told(value: Any, objects: Sequence[Any]) -> Any:
    """A drawn value as one of pikepdf's."""
    if isinstance(value, tuple):
        return objects[value[1]]
    if isinstance(value, list):
        return pikepdf.Array([told(one, objects) for one in value])
    if isinstance(value, dict):
        return pikepdf.Dictionary({key: told(one, objects) for key, one in value.items()})
    return value


def content(value: Any, above: tuple[Any, ...] = ()) -> Any:
    """What an object says, whatever the numbers of those it leads to; a way back is how far it leads up."""
    if not isinstance(value, pikepdf.Object):
        return value
    number = value.objgen
    if value.is_indirect and number in above:
        return "up", above[::-1].index(number)
    above = (*above, number) if value.is_indirect else above
    if isinstance(value, pikepdf.Array):
        return [content(one, above) for one in value]
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        entries = {key: content(one, above) for key, one in value.items() if key not in {"/Parent", "/Length"}}
        return entries, value.read_raw_bytes() if isinstance(value, pikepdf.Stream) else None
    return value.unparse()


@given(st.dictionaries(names, values, max_size=5), st.dictionaries(names, values, max_size=5))
def test_a_piece_holds_what_qpdf_would_copy(resources: dict[str, Any], entries: dict[str, Any]) -> None:
    document, objects = composed(1)
    page = document.pages[0].obj
    for holder, drawn in ((page.Resources, resources), (page, entries)):
        for key, value in drawn.items():
            holder[key] = told(value, objects)
    with pikepdf.open(io.BytesIO(saved(document))) as source, opened(cut(document)[0]) as piece:
        copy = pikepdf.new()
        copy.pages.append(source.pages[0])
        del copy.pages[0].obj.Resources.Font.F2
        made = piece.pages[0].obj
        assert b"(0) Tj" in made.Contents[0].read_bytes()
        for one in (copy.pages[0].obj, made):
            del one.Contents
            one.Resources.XObject = pikepdf.Dictionary()
        assert content(made) == content(copy.pages[0].obj)


def test_readers_open_stamped_pieces() -> None:
    pieces, fonts = cut(composed(3, (0, 1))[0], 2, is_stamped=True), {"/F1", "/IdentityFont"}
    for piece, pages in zip(pieces, (1, 2), strict=True):
        blob = b"".join(piece.pdf)
        with opened(piece) as document:
            assert [set(page.obj.Resources.Font.keys()) for page in document.pages] == [fonts] * pages
        assert len(pypdf.PdfReader(io.BytesIO(blob), strict=True).pages) == pages
        with pypdfium2.PdfDocument(blob) as document:
            assert len(document) == pages


def test_a_stamped_piece_looks_as_if_qpdf_had_made_it() -> None:
    document, _ = composed(2)
    piece = cut(document, is_stamped=True)[0]
    other = pdf.whole(saved(document), Cover("제목 0", CODES, office.font_file(*CAPTIONS)))
    with pikepdf.open(io.BytesIO(other)) as theirs, opened(piece) as ours:
        assert ours.docinfo == theirs.docinfo
        for one, two in zip(ours.pages, theirs.pages, strict=True):
            texts = [[stream.read_bytes() for stream in page.obj.Contents] for page in (one, two)]
            assert texts[0] == texts[1]
            drawn = [page.obj.Resources.XObject["/Identity"] for page in (one, two)]
            assert drawn[0].read_bytes() == drawn[1].read_bytes()
            assert drawn[0].BBox == drawn[1].BBox
            captions = [page.obj.Resources.Font["/IdentityFont"] for page in (one, two)]
            assert content(captions[0]) == content(captions[1])


def test_a_long_piece_is_hardly_larger_than_one_of_qpdf() -> None:
    count = 60
    codes = page_codes("KSEN-2018", "A-1100-0001", 1, ["쪽"] * count)
    document, font = composed(count)[0], office.font_file(*CAPTIONS)
    (piece,) = pdf.split(saved(document), ["d0"], lambda _piece, _pages: Cover("제목", codes, font))
    other = pdf.whole(saved(document), Cover("제목", codes, font))
    assert sum(map(len, piece.pdf)) / count < len(other) / count + 150


def test_what_pieces_share_is_kept_and_sent_once() -> None:
    count = 50
    document, _ = composed(count, range(count))
    # Every other piece uses both names of the font: what these begin with is another chunk, the font is the same.
    for page in list(document.pages)[::2]:
        page.obj.Contents = document.make_stream(b"BT /F1 9 Tf /F2 9 Tf ET")
    pieces = [piece.pdf for piece in cut(document, count)]
    sent = pickle.dumps(pieces)
    assert pickle.loads(sent) == pieces  # noqa: S301 - our own
    shared, own = [chunks[:-1] for chunks in pieces], [chunks[-1] for chunks in pieces]
    assert len({id(chunk) for chunks in shared for chunk in chunks if len(chunk) > 2_000}) == 1
    assert len({id(chunk) for chunks in shared for chunk in chunks}) == 5
    assert len(sent) < sum(map(len, own)) + len(FONT) + 5_000


def test_an_identifier_says_what_a_piece_holds() -> None:
    def identifiers(pieces: Iterable[pdf.Piece]) -> list[bytes]:
        found = []
        for piece in pieces:
            with opened(piece) as document:
                found += [bytes(one) for one in document.trailer.ID]
        return found

    document, objects = composed(3, (0, 1, 2))
    before = identifiers(cut(document, 3))
    assert before == identifiers(cut(document, 3))
    assert len(set(before)) == 3
    document.pages[0].obj.Resources.Font.F1.Other = objects[0]
    assert not set(identifiers(cut(document, 3))) & set(before)


@pytest.mark.parametrize("way", ["page", "resource"])
def test_no_way_leads_out_of_a_piece(way: str) -> None:
    document, objects = composed(2, (0, 1))
    holder = document.pages[0].obj if way == "page" else document.pages[0].obj.Resources
    holder.Out = objects[0]
    objects[0].Next = document.pages[1].obj
    objects[1].Next = document.Root.Pages
    with opened(cut(document, 2)[0]) as piece:
        dictionaries = [one for one in piece.objects if isinstance(one, pikepdf.Dictionary)]
        assert [str(one.get("/Type")) for one in dictionaries].count("/Page") == 1


def test_a_page_keeps_what_stands_above_it() -> None:
    document, _ = composed(1)
    above = document.Root.Pages
    above.MediaBox, above.Rotate, above.Resources = BOX, 90, document.pages[0].obj.Resources
    for key in ("/MediaBox", "/Resources"):
        del document.pages[0].obj[key]
    with opened(cut(document)[0]) as piece:
        page = piece.pages[0].obj
        assert [float(one) for one in page.MediaBox] == list(BOX)
        assert page.Rotate == 90
        assert list(page.Resources.Font.keys()) == ["/F1"]


def test_annotations_and_structure_are_left_out() -> None:
    document, _ = composed(1)
    document.pages[0].obj.Annots, document.pages[0].obj.StructParents = pikepdf.Array([]), 0
    with opened(cut(document)[0]) as piece:
        assert not {"/Annots", "/StructParents"} & set(piece.pages[0].obj.keys())


def test_a_piece_says_its_fonts() -> None:
    document, _ = composed(2, (0, 1))
    document.pages[1].obj.Contents = document.make_stream(b"q Q")
    assert [piece.fonts for piece in cut(document, 2)] == [frozenset({("Face", True)}), frozenset()]


def test_text_beyond_the_page_is_not_read() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, BOX[2:])
    for x, y, text in ((70, 700, "within"), (70, 680, "second line"), (700, 700, "beside"), (70, -50, "below")):
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    said, nothing = pdf.pages(buffer.getvalue())
    assert (said.text, said.words) == ("withinsecondline", {"within", "second", "line"})
    assert (nothing.text, nothing.words) == ("", frozenset())
    with pypdfium2.PdfDocument(buffer.getvalue()) as document:
        assert "".join(document[0].get_textpage().get_text_bounded().split()) == said.text
