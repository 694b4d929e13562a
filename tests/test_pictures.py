"""Pictures and codes: what may be printed, how it arrives, and what is said of the rest."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import awkward
import numpy as np
import pikepdf
import pypdfium2
import pytest
import segno
from conftest import word
from docx import Document
from lxml import etree
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from test_compose import libre
from test_word import parts_of

from pipeline.doors import office, pdf, pictures
from pipeline.doors.word import compose
from pipeline.doors.word.drawings import PICTURE_FILTERS, keep_formats
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS

__all__ = ["libre"]

GPS, ORIENTATION = 0x8825, 0x0112


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(ready: pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(ready.data))


def head_of_png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def photograph_with_place() -> bytes:
    """A photograph on its side, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (37.0, 33.0, 59.0)}
    exif[0x010E] = "비밀 회의"
    return saved(Image.open(io.BytesIO(awkward.photograph())), "JPEG", exif=exif, comment=b"secret")


# --- reading -----------------------------------------------------------------------------------------------------


UNUSABLE = {
    "it is a GIF; save it as PNG or JPEG": saved(Image.new("P", (9, 9)), "GIF"),
    "it is a BMP; save it as PNG or JPEG": saved(Image.new("RGB", (9, 9)), "BMP"),
    "it is a TIFF; save it as PNG or JPEG": saved(Image.new("RGB", (9, 9)), "TIFF"),
    "it is a WEBP; save it as PNG or JPEG": saved(Image.new("RGB", (9, 9)), "WEBP"),
    "it is a HEIC; save it as PNG or JPEG": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "it is an SVG; save it as PNG or JPEG": b'<?xml version="1.0"?>\n<SVG xmlns="http://www.w3.org/2000/svg"/>',
    "it is a PDF; save it as PNG or JPEG": b"%PDF-1.7\n",
    "it is not a picture (PNG or JPEG)": b"PK\x03\x04 a Word file called .png",
    "the file is larger than 20 MB": awkward.png() + b"\0" * 20_000_000,
    "it has more than 60 million pixels": head_of_png(10_000, 6_001),
    "it is a line rather than a picture": head_of_png(2_100, 100),
    "the file is damaged": awkward.photograph()[:4000],
}


@pytest.mark.parametrize(
    ("problem", "blob"), UNUSABLE.items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_cannot_be_printed(problem: str, blob: bytes) -> None:
    with pytest.raises(pictures.Unusable, match=f"^{re.escape(problem)}$"):
        pictures.read(blob)


@pytest.mark.parametrize(
    "blob", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", head_of_png(100_000, 100_000), awkward.png()[:40]]
)
def test_broken_heads_and_bombs(blob: bytes) -> None:
    with pytest.raises(pictures.Unusable):
        pictures.read(blob)


def test_a_bomb_is_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    for width, height in ((8_000, 7_501), (10_000, 10_000), (60_000, 60_000)):
        with pytest.raises(pictures.Unusable, match="60 million"):
            pictures.read(head_of_png(width, height))


def test_photographs_stand_upright_and_tell_nothing() -> None:
    blob = photograph_with_place()
    assert Image.open(io.BytesIO(blob)).getexif().get_ifd(GPS)
    ready = pictures.prepare(pictures.read(blob), 100)
    image = opened(ready)
    assert (image.format, image.size, ready.suffix) == ("JPEG", (300, 400), "jpeg")
    # The red that grows to the right in the file grows downwards when it stands upright.
    assert image.getpixel((150, 390))[0] > 200
    assert image.getpixel((150, 10))[0] < 60
    assert not dict(image.getexif())
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"secret" not in ready.data


def test_texts_of_a_png_stay_behind() -> None:
    info = PngInfo()
    info.add_text("Author", "secret")
    info.add_itxt("Comment", "비밀", zip=True)
    blob = saved(Image.new("RGB", (30, 20), "red"), "PNG", pnginfo=info, dpi=(72, 144)) + b"secret tail"
    ready = pictures.prepare(pictures.read(blob), 50)
    assert b"secret" not in ready.data
    assert opened(ready).info == {}


def gradient(mode: str) -> Image.Image:
    return Image.linear_gradient("L").convert(mode)


MODES: dict[str, tuple[Callable[[], bytes], str]] = {
    "grey": (lambda: saved(gradient("L"), "PNG"), "L"),
    "1 bit": (lambda: saved(gradient("1"), "PNG"), "L"),
    "16 bit": (lambda: saved(Image.fromarray(np.arange(65536, dtype="uint16").reshape(256, 256)), "PNG"), "L"),
    "palette": (lambda: saved(gradient("RGB").quantize(16), "PNG"), "RGB"),
    "palette with a clear colour": (lambda: saved(gradient("RGB").quantize(16), "PNG", transparency=0), "RGBA"),
    "clear": (lambda: awkward.PICTURES["직인.png"], "RGBA"),
    "alpha that hides nothing": (lambda: saved(gradient("RGB").convert("RGBA"), "PNG"), "RGB"),
    "grey with alpha": (lambda: saved(Image.new("LA", (9, 9), (1, 2)), "PNG"), "RGBA"),
    "CMYK": (lambda: saved(gradient("RGB").convert("CMYK"), "JPEG"), "RGB"),
    "grey photograph": (lambda: saved(gradient("L"), "JPEG"), "L"),
    "with a profile": (
        lambda: saved(
            gradient("RGB"), "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        ),
        "RGB",
    ),
    "with a broken profile": (lambda: saved(gradient("RGB"), "JPEG", icc_profile=b"broken"), "RGB"),
}


@pytest.mark.parametrize(("make", "mode"), MODES.values(), ids=MODES)
def test_modes(make: Callable[[], bytes], mode: str) -> None:
    blob = make()
    ready = pictures.prepare(pictures.read(blob), 100)
    image = opened(ready)
    assert image.mode == mode
    assert "icc_profile" not in image.info
    assert ready == pictures.prepare(pictures.read(blob), 100), "the same bytes"
    if image.size == (256, 256):
        top, bottom = (np.asarray(image.convert("L"))[row].mean() for row in (5, 250))
        assert (top < 30, bottom > 220) == (True, True)


def test_nothing_is_finer_than_300_dots_an_inch() -> None:
    image = pictures.read(awkward.photograph(2000, 1000))
    assert pictures.prepare(image, 25.4).width == 300
    assert opened(pictures.prepare(image, 25.4)).size == (300, 150)
    assert pictures.prepare(image, 200).width == 2000


def test_fitting_keeps_proportions() -> None:
    assert pictures.fit((400, 200), 28) == (28, 14)
    assert pictures.fit((400, 200), 28, 20) == (28, 14)
    assert pictures.fit((400, 200), 28, 7) == (14, 7)
    assert pictures.fit((200, 400), 28, 20) == (10, 20)


# --- codes -------------------------------------------------------------------------------------------------------


def modules(code: Image.Image) -> Any:
    """True where a module is dark; without the quiet zone."""
    pixels = np.asarray(code.convert("L"))[5::10, 5::10]
    return pixels[4:-4, 4:-4] < 128


def test_a_code_holds_its_text_and_a_quiet_zone() -> None:
    text = "https://example.org/신청?행사=1"
    ready = pictures.qr(text, 24)
    image = opened(ready)
    assert image.mode == "1"
    assert image.width == ready.width == ready.height
    assert np.asarray(image)[:40].all()
    assert np.asarray(image)[:, -40:].all()
    matrix = segno.make(text, error="M", encoding="utf-8", micro=False, boost_error=False).matrix
    assert (modules(image) == np.array([list(row) for row in matrix], dtype=bool)).all()
    assert pictures.qr(text, 24) == ready


def test_a_code_that_telephones_could_not_read() -> None:
    text = "https://example.org/" + "a" * 200
    assert pictures.qr(text, 40)
    with pytest.raises(pictures.Unusable, match="make it larger"):
        pictures.qr(text, 20)
    for length in (1001, 100_000):
        with pytest.raises(pictures.Unusable, match="too long for a QR code"):
            pictures.qr("a" * length, 150)


# --- in a template -----------------------------------------------------------------------------------------------


def told(context: dict[str, Any], *paragraphs: str, footer: str = "x") -> list[Any]:
    template = WordTemplate(word(*paragraphs, footer=footer), FILTERS, "t.docx", awkward.PICTURES)
    return [
        (one.code, one.params["name"], one.params.get("problem", one.params.get("suggestion")), one.params["part"])
        for one in template.render({**awkward.CONTEXT, **context})[1]
    ]


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_blank_name_prints_nothing(name: str | None) -> None:
    template = WordTemplate(word("앞{{ 로고|그림(20) }}{{ 로고|qr(20) }}뒤", footer="x"), FILTERS, "t")
    rendered, findings = template.render({"로고": name})
    assert findings == []
    file = Document(io.BytesIO(template.pack(rendered)))
    assert [one.text for one in file.paragraphs] == ["앞뒤"]
    assert not any("media" in part for part in rendered)


def test_missing_pictures_come_out_all_at_once_with_their_paragraphs() -> None:
    text = ("로고 {{ 로고|그림(20) }}", "{%p for 한 in 목록 %}", "사진 {{ 한.파일|그림(20) }}", "{%p endfor %}")
    template = WordTemplate(word(*text, footer="{{ 로고|picture(20) }}"), FILTERS, "t.docx", awkward.PICTURES)
    _, findings = template.render(
        {"로고": "로고.jpg", "목록": [{"파일": "없는 것"}, {"파일": "직인.png"}, {"파일": "또.png"}]}
    )
    shown = {tuple(one.params[key] for key in ("part", "paragraph", "name", "suggestion")) for one in findings}
    assert {one.code for one in findings} == {"picture.missing"}
    assert shown == {
        ("the text", "로고 {{ 로고|그림(20) }}", "로고.jpg", "로고.png"),
        ("the text", "사진 {{ 한.파일|그림(20) }}", "없는 것", ""),
        ("the text", "사진 {{ 한.파일|그림(20) }}", "또.png", "로고.png"),
        ("a footer", "{{ 로고|picture(20) }}", "로고.jpg", "로고.png"),
    }


@pytest.mark.parametrize(
    "name", ["../로고.png", "/etc/passwd", "단체/../로고.png", "./로고.png", "C:\\로고.png", "로고.png\0"]
)
def test_paths_are_only_names_that_are_not_there(name: str) -> None:
    assert [one[0] for one in told({"로고": name}, "{{ 로고|그림(20) }}")] == ["picture.missing"]


def test_names_are_compared_composed() -> None:
    """A file copied from a Mac has a decomposed name, and so has one that was typed there."""
    decomposed = {"로고.png".encode().decode(): awkward.png()}
    import unicodedata

    files = {unicodedata.normalize("NFD", name): blob for name, blob in decomposed.items()}
    for name in ("로고.png", *files):
        template = WordTemplate(word("{{ 로고|그림(20) }}", footer="x"), FILTERS, "t", files)
        assert template.render({"로고": name})[1] == []


@pytest.mark.parametrize("size", ["0", "-3", "501", "'x'", "true", "20, 0.5", "20, 900", "없음"])
def test_sizes_that_make_no_sense(size: str) -> None:
    assert told({}, f"{{{{ 로고|그림({size}) }}}}") == [
        ("picture.unusable", "로고.png", "its size has to be between 1 and 500 mm", "the text")
    ]


def test_a_code_too_long_for_its_size_is_told() -> None:
    (found,) = told({"링크": "https://example.org/" + "a" * 200}, "{{ 링크|큐알(15) }}")
    assert found[:2] == ("picture.unusable", "큐알")


def test_the_document_properties_hold_no_picture() -> None:
    document = Document()
    document.core_properties.title = "{{ 로고|그림(20) }}"
    buffer = io.BytesIO()
    document.save(buffer)
    template = WordTemplate(buffer.getvalue(), FILTERS, "t", awkward.PICTURES)
    (found,) = template.render(awkward.CONTEXT)[1]
    assert (found.code, found.params["part"]) == ("picture.unusable", "the document properties")


def test_a_field_that_is_missing_is_told_as_such() -> None:
    template = WordTemplate(word("{{ 단체.로고|그림(20) }}{{ 단체.링크|큐알(20) }}", footer="x"), FILTERS, "t")
    _, findings = template.render({"단체": {"이름": "가"}})
    assert [(one.code, one.params["tag"]) for one in findings] == [
        ("template.field", "단체.로고"),
        ("template.field", "단체.링크"),
    ]


def test_a_damaged_picture_is_told_and_nothing_else_is() -> None:
    files = {"a.png": awkward.photograph()[:4000], "b.png": awkward.png()}
    template = WordTemplate(word("{{ 가|그림(20) }}{{ 나|그림(20) }}", footer="x"), FILTERS, "t", files)
    (found,) = template.render({"가": "a.png", "나": "b.png"})[1]
    assert (found.code, found.params["name"], found.params["problem"]) == (
        "picture.unusable", "a.png", "the file is damaged",
    )  # fmt: skip


def test_text_behind_a_picture_keeps_its_format() -> None:
    document = Document()
    run = document.add_paragraph("앞").add_run("가 {{ 로고|그림(20) }} 나 {{ 로고|그림(9) }} 다")
    run.bold = True
    document.paragraphs[0].add_run(" 뒤")
    buffer = io.BytesIO()
    document.save(buffer)
    template = WordTemplate(buffer.getvalue(), FILTERS, "t", awkward.PICTURES)
    file = Document(io.BytesIO(template.pack(template.render(awkward.CONTEXT)[0])))
    runs = [(one.text, one.bold) for one in file.paragraphs[0].runs]
    assert runs == [("앞", None), ("가 ", True), ("", True), (" 나 ", True), ("", True), (" 다", True), (" 뒤", None)]
    assert [(shape.width.mm, shape.height.mm) for shape in file.inline_shapes] == [(20, 10), (9, 4.5)]


def test_a_run_without_format_stays_without() -> None:
    assert keep_formats("<w:r><w:t>가</w:t></w:r><w:r><?format?>x</w:r><w:r><?format?><w:t>") == (
        "<w:r><w:t>가</w:t></w:r><w:r>x</w:r><w:r><w:t>"
    )


def every_id(parts: dict[str, bytes]) -> list[str]:
    found = []
    for name, content in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            found += [one.get("id") for one in etree.fromstring(content).iter("{*}docPr")]
    return found


@pytest.mark.parametrize("make", [awkward.picture_in_cell, awkward.qr_in_footer, awkward.two_pictures])
def test_drawings_have_ids_of_their_own_in_all_parts(make: Callable[[], bytes]) -> None:
    template = WordTemplate(make(), FILTERS, "t", awkward.PICTURES)
    documents = [template.render({**awkward.CONTEXT, "이름": name})[0] for name in ("가", "나", "다")]
    for blob in (template.pack(documents[0]), compose.compose(template.static, documents)):
        ids = every_id(parts_of(blob))
        assert len(ids) >= 2
        assert len(ids) == len(set(ids))


def test_the_same_picture_is_stored_once_and_types_are_declared_once() -> None:
    template = WordTemplate(awkward.two_pictures(), FILTERS, "t", awkward.PICTURES)
    parts = parts_of(template.pack(template.render(awkward.CONTEXT)[0]))
    media = [name for name in parts if name.startswith("word/media/")]
    assert len(media) == 2
    types = parts["[Content_Types].xml"].decode()
    assert [types.count(f'Extension="{suffix}"') for suffix in ("png", "jpeg")] == [1, 1]
    assert parts["word/_rels/document.xml.rels"].decode().count("rIdPic") == 2
    assert parts["word/_rels/header1.xml.rels"].decode().count("rIdPic") == 1


def test_the_same_input_gives_the_same_bytes() -> None:
    packed = []
    for _ in range(2):
        template = WordTemplate(awkward.picture_in_cell(), FILTERS, "t", awkward.PICTURES)
        packed.append(template.pack(template.render(awkward.CONTEXT)[0]))
    assert packed[0] == packed[1]
    assert template.pack(template.render(awkward.CONTEXT)[0]) == packed[0], "nor does a document leave a trace"


def test_alternative_text_is_the_name_or_what_a_code_says() -> None:
    template = WordTemplate(word("{{ 사진|그림(20) }}{{ 링크|큐알(20) }}", footer="x"), FILTERS, "t", awkward.PICTURES)
    link = 'https://example.org/?a="1"&b=<李>'
    root = etree.fromstring(template.render({**awkward.CONTEXT, "링크": link})[0]["word/document.xml"])
    assert [one.get("descr") for one in root.iter("{*}docPr")] == ["사진 & 얼굴", link]


def test_templates_without_pictures_change_in_nothing() -> None:
    """No part more, and none of those that all documents share: today's fast path."""
    for make in (awkward.row_loops, awkward.pictures, awkward.headers_of_sections):
        with_, without = (WordTemplate(make(), FILTERS, "t", files) for files in (awkward.PICTURES, {}))
        rendered = with_.render(awkward.CONTEXT)[0]
        assert not any(name.endswith(".rels") or "media" in name for name in rendered)
        assert with_.pack(rendered) == without.pack(without.render(awkward.CONTEXT)[0])
        assert with_.static == without.static


def test_filters_have_the_names_that_the_contract_knows() -> None:
    assert set(WordTemplate(word("x", footer="x"), {}, "t")._gallery.filters) == set(PICTURE_FILTERS)
    assert not set(PICTURE_FILTERS) & set(FILTERS)


# --- in a PDF ----------------------------------------------------------------------------------------------------


def images(blob: bytes) -> list[Any]:
    """Pixels of every picture that a PDF holds."""
    with pikepdf.open(io.BytesIO(blob)) as document:
        found = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        return [np.asarray(pikepdf.PdfImage(one).as_pil_image().convert("L")) for one in found]


@pytest.mark.office
def test_a_code_arrives_in_the_pdf_module_by_module(libre: office.Office) -> None:
    template = WordTemplate(word("{{ 링크|큐알(24) }}", footer="x"), FILTERS, "t", awkward.PICTURES)
    paper = libre.convert([template.pack(template.render(awkward.CONTEXT)[0])], 1)[0]
    wanted = modules(opened(pictures.qr(awkward.CONTEXT["링크"], 24)))
    (embedded,) = images(paper)
    assert (modules(Image.fromarray(embedded)) == wanted).all(), "not scaled, not compressed with loss"
    with pypdfium2.PdfDocument(paper) as document:
        page = document[0].render(scale=300 / 72, grayscale=True).to_numpy()
    rows, columns = np.where(page[:600] < 128)
    box = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    count = len(wanted)
    assert abs(box.shape[1] / 300 * 25.4 - 24 * count / (count + 8)) < 0.2, "as large as was asked for"
    middle = [int((number + 0.5) * box.shape[0] / count) for number in range(count)]
    assert ((box[np.ix_(middle, middle)] < 128) == wanted).all(), "what a telephone sees"


@pytest.mark.office
def test_a_photograph_is_not_compressed_again(libre: office.Office) -> None:
    template = WordTemplate(word("{{ 사진|그림(30) }}", footer="x"), FILTERS, "t", awkward.PICTURES)
    rendered = template.render(awkward.CONTEXT)[0]
    (photograph,) = [content for name, content in rendered.items() if name.endswith(".jpeg")]
    with pikepdf.open(io.BytesIO(libre.convert([template.pack(rendered)], 1)[0])) as document:
        assert any(photograph == one.read_raw_bytes() for one in document.objects if isinstance(one, pikepdf.Stream))


@pytest.mark.office
def test_a_piece_holds_no_picture_of_another_document(libre: office.Office) -> None:
    """LibreOffice lists all pictures of the composed file on every page, and in every form."""
    plain = word("{{ 이름 }} {{ 로고|그림(20) }}", "끝", footer="x")
    template = WordTemplate(with_transparent_shape(plain), FILTERS, "t", awkward.PICTURES)
    contexts = [
        {"이름": name, "로고": logo} for name, logo in (("가", "로고.png"), ("나", "단체/사진 & 얼굴.jpeg"), ("다", ""))
    ]
    documents = [template.render(context)[0] for context in contexts]
    whole = libre.convert([compose.compose(template.static, documents)], 3)[0]
    with pikepdf.open(io.BytesIO(whole)) as document:
        assert any(one.get("/Subtype") == "/Form" for one in document.objects if isinstance(one, pikepdf.Stream))
    made = pdf.split(whole, list(compose.names(3)), lambda _piece, _pages: pdf.Cover("x"))
    pieces = [b"".join(one.pdf) for one in made]
    assert [[one.shape for one in images(piece)] for piece in pieces] == [[(60, 120)], [(178, 237)], []]


def with_transparent_shape(blob: bytes) -> bytes:
    """The template with a shape that shines through, which LibreOffice writes as a form."""
    shape = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:drawing>'
        '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="1800000" cy="1800000"/><wp:docPr id="1" name="s"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:cNvSpPr/><wps:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="1800000"/></a:xfrm><a:prstGeom prst="ellipse"/>'
        '<a:solidFill><a:srgbClr val="FF0000"><a:alpha val="50000"/></a:srgbClr></a:solidFill>'
        "</wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    document = Document(io.BytesIO(blob))
    document.paragraphs[0]._p.append(etree.fromstring(shape, etree.XMLParser()))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# --- time --------------------------------------------------------------------------------------------------------


def test_the_time_limit_grows_with_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured: a roll of 20,000 in tables of 100 rows has 14 MB of XML and takes 48 s."""
    monkeypatch.delenv("HYEOPYAK_OFFICE_SECONDS", raising=False)
    assert office.seconds_for(1, 14_000_000) > 10 * 48
    steps = [office.seconds_for(1, size) for size in (0, 1_000_000, 2_000_000)]
    assert len({two - one for one, two in itertools.pairwise(steps)}) == 1
