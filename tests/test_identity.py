"""Page identity: codes that a camera reads, corners that stay free, boxes where people sign."""

from __future__ import annotations

import functools
import io
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from conftest import REPOSITORY, SHIPPED, Folder, word
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from older import set_back
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors import office, page_codes
from pipeline.doors.frames import frames
from pipeline.doors.qr_symbols import symbols
from pipeline.doors.register import Register
from pipeline.doors.word.sign_fields import sign_box, sign_fields, without_hidden
from pipeline.model.documents import Made
from pipeline.model.identity import PageCode
from pipeline.model.identity import page_codes as codes_of
from pipeline.model.scans import SignBox
from pipeline.run.album import Album
from pipeline.run.working import CAPTIONS, Batch, Source, make_batch
from pipeline.steps import convert

TEXTS = ["협약서첫쪽", "둘째쪽"]


# --- what a code says --------------------------------------------------------------------------------------------

numbers = st.from_regex(r"[A-Z]-[0-9]{3,10}-[0-9]{4}", fullmatch=True)
campaigns = st.from_regex(r"[A-Z0-9][A-Z0-9.-]{0,15}", fullmatch=True)


def said() -> st.SearchStrategy[str]:
    """What codes say."""
    made = st.builds(codes_of, campaigns, numbers, st.integers(1, 99), st.lists(st.text(max_size=20), min_size=1))
    return made.map(lambda codes: codes[-1].payload)


@given(campaigns, numbers, st.integers(1, 99), st.lists(st.text(max_size=20), min_size=1, max_size=12))
def test_what_a_code_says_is_read_back(campaign: str, number: str, revision: int, texts: list[str]) -> None:
    made = codes_of(campaign, number, revision, texts)
    assert [PageCode.parse(one.payload) for one in made] == made
    assert len({one.check for one in made}) == len(texts)
    assert all(sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" for one in made for sign in one.payload)


def test_a_word_changed_on_one_page_changes_the_code_of_every_page() -> None:
    before, after = (
        codes_of("K", "A-4110100-0001", 1, TEXTS),
        codes_of("K", "A-4110100-0001", 1, ["협약서첫쪽", "셋째쪽"]),
    )
    assert not {one.check for one in before} & {one.check for one in after}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/A-4110100-0003",
        "KSEN-2018/A-4110100-0003/1/3/2/7K3M9Q2A",
        "KSEN-2018/A-4110100-0003/0/1/2/7K3M9Q2A",
        "KSEN-2018/A-4110100-0003/1/1/2/7K3M9Q2",
        "KSEN-2018/A-4110100-0003/1/1/2/7K3M9Q2I",
        "ksen-2018/A-4110100-0003/1/1/2/7K3M9Q2A",
        "KSEN-2018/A-4110100-0003/1/1/2/7K3M9Q2A\n",
    ],
)
def test_what_is_no_code_of_ours(text: str) -> None:
    assert PageCode.parse(text) is None


# --- symbols ------------------------------------------------------------------------------------------------------


SAID = st.one_of(st.text(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/-"), min_size=1, max_size=200), said())


@given(st.lists(SAID, max_size=40))
def test_symbols_are_those_that_zxing_chooses(texts: list[str]) -> None:
    made = symbols(texts)
    assert len(made) == len(texts)
    for text, modules in zip(texts, made, strict=True):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        picture = np.asarray(code.to_image(scale=1, add_quiet_zones=True))
        assert np.array_equal(modules == 1, picture == 0)


# --- drawn on pages ----------------------------------------------------------------------------------------------


def blank(pages: int, size: tuple[float, float] = (595, 842)) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
    return document


def stamped(document: pikepdf.Pdf, codes: list[PageCode]) -> bytes:
    page_codes.stamp(document, codes, office.font_file(*CAPTIONS))
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def read(page: Any, dpi: int) -> list[str]:
    picture = page.render(scale=dpi / 72).to_numpy()
    return [one.text for one in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


@pytest.mark.parametrize("size", [(595, 842), (842, 595)], ids=["upright", "on its side"])
@pytest.mark.parametrize("campaign", ["K", "KSEN-2018", "A234567890123456"])
def test_both_codes_of_every_page_are_read_at_150_dpi(campaign: str, size: tuple[float, float]) -> None:
    codes = codes_of(campaign, "A-4110100-0001", 12, TEXTS)
    with pypdfium2.PdfDocument(stamped(blank(2, size), codes)) as document:
        assert [read(page, 150) for page in document] == [[one.payload] * 2 for one in codes]


def test_the_words_beside_the_code_and_their_font_are_in_the_file() -> None:
    blob = stamped(blank(2), codes_of("KSEN-2018", "A-4110100-0001", 3, TEXTS))
    with pypdfium2.PdfDocument(blob) as document:
        said = document[1].get_textpage().get_text_bounded()
    assert "A-4110100-0001 · 3판 · 2쪽 중 2쪽" in said
    assert "KSEN-2018 · " in said
    with pikepdf.open(io.BytesIO(blob)) as document:
        fonts = [font for page in document.pages for font in page.resources.Font.values()]
        assert {font.objgen for font in fonts} == {fonts[0].objgen}
        assert "/FontFile2" in fonts[0].FontDescriptor


def test_where_no_font_has_hangul_the_numbers_are_printed_alone() -> None:
    codes = codes_of("KSEN-2018", "A-4110100-0001", 3, TEXTS)
    document = blank(2)
    page_codes.stamp(document, codes, "")
    buffer = io.BytesIO()
    document.save(buffer)
    with pypdfium2.PdfDocument(buffer.getvalue()) as numbered:
        assert [read(page, 150) for page in numbered] == [[one.payload] * 2 for one in codes]
        said = numbered[1].get_textpage().get_text_bounded()
    assert said.splitlines() == ["A-4110100-0001 · 3 · 2/2", f"KSEN-2018 · {codes[1].check}"]


def test_the_same_pages_give_the_same_bytes() -> None:
    codes = codes_of("KSEN-2018", "A-4110100-0001", 1, TEXTS)
    assert stamped(blank(2), codes) == stamped(blank(2), codes)


# --- signature boxes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["남궁한결", "김 & <나>", "", "李花"])
def test_a_field_says_whose_box_it_is_in_a_hidden_run(name: str) -> None:
    xml = f"<w:r><w:t>{sign_box(name, '후보자', '(인)')}</w:t></w:r>"
    (field,) = sign_fields(xml)
    assert (field.side, field.name, field.caption) == ("후보자", name, "(인)")
    assert "vanish" not in without_hidden(xml)
    assert "(인)" in without_hidden(xml)


def sheet(*boxes: tuple[float, float, float, float], deep: int = 0) -> Any:
    """A page with a caption at (150, 150) and rectangles, in forms within each other."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, (595, 842))
    for level in range(deep):
        canvas.beginForm(f"form{level}")
        if level:
            canvas.doForm(f"form{level - 1}")
        else:
            _fill(canvas, boxes)
        canvas.endForm()
    if deep:
        canvas.doForm(f"form{deep - 1}")
    else:
        _fill(canvas, boxes)
    canvas.showPage()
    canvas.save()
    return pypdfium2.PdfDocument(buffer.getvalue())[0]


def _fill(canvas: Canvas, boxes: Iterable[tuple[float, float, float, float]]) -> None:
    for left, bottom, right, top in boxes:
        canvas.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
    canvas.drawCentredString(150, 147, "sign")


LINES = [(100, 99, 200, 101), (100, 199, 200, 201), (99, 100, 101, 200), (199, 100, 201, 200)]


@pytest.mark.parametrize(
    ("lines", "box"),
    [
        (LINES, (35.28, 226.48, 35.28, 35.28)),
        ([(100, 100, 200, 200)], (35.28, 226.48, 35.28, 35.28)),
        ([*LINES, (100, 119, 200, 121), (140, 100, 142, 118)], (35.28, 226.48, 35.28, 28.22)),
        (LINES[:3], None),
        ([], None),
    ],
    ids=["lines of a table", "a rectangle", "the nearest line", "open at one side", "no frame"],
)
def test_the_frame_around_a_caption(
    lines: list[tuple[float, float, float, float]], box: tuple[float, ...] | None
) -> None:
    for deep in (0, 2):
        page = sheet(*lines, deep=deep)
        (found,) = frames(page, page.get_textpage(), ["sign"])
        assert (found.box and (found.box.x, found.box.y, found.box.width, found.box.height)) == box


# --- papers ------------------------------------------------------------------------------------------------------


def signed_template(*, framed: bool = True, margin: float = 25, letterhead: bool = False) -> bytes:
    """A paper of two signature boxes."""
    document = Document(io.BytesIO(word("{{ 후보.이름 }}은(는) 협약한다.")))
    table = document.add_table(1, 2)
    if framed:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideV"):
            line = OxmlElement(f"w:{side}")
            for key, value in (("val", "single"), ("sz", "4"), ("color", "000000")):
                line.set(qn(f"w:{key}"), value)
            borders.append(line)
        table._tbl.tblPr.append(borders)
    table.rows[0].height = Mm(22)
    table.cell(0, 0).text = "{{ 단체.대표|서명칸('협약단체') }}"
    table.cell(0, 1).text = "{{ 후보.이름|서명칸('후보자', '(인)') }}"
    section = document.sections[0]
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(margin)
    if letterhead:
        section.header_distance = Mm(5)
        section.right_margin = Mm(8)
        section.header.paragraphs[0].text = "머리글 " * 40
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def boxes_in(folder: Folder) -> list[tuple[str, int, str, str]]:
    with Register(folder.root / "outputs", readonly=True) as register:
        pages = register.issued_pages()
    return [(page.number, page.page, one.side, one.name) for page in pages for one in page.boxes]


@pytest.mark.office
def test_papers_bear_codes_that_the_register_knows_and_boxes_of_those_who_sign(folder: Folder) -> None:
    folder.write("templates/agreement.docx", signed_template())
    result = folder.run("make", "--json")
    assert (result.code, result.codes) == (0, set())
    with Register(folder.root / "outputs", readonly=True) as register:
        pages = register.issued_pages()
    known = {f"TEST-2018/{one.number}/1/{one.page}/{one.pages}/{one.check}" for one in pages}
    papers = [blob for name, blob in folder.outputs().items() if name.endswith(".pdf")]
    found = [text for blob in papers for page in pypdfium2.PdfDocument(blob) for text in read(page, 150)]
    assert set(found) == known
    assert len(found) == 2 * len(known)
    assert sorted(boxes_in(folder)) == [
        (number, 1, side, name)
        for number, candidate in (("A-1100-0001", "남궁한결"), ("A-1100-0002", "도하늘"), ("A-4110100-0001", "서다온"))
        for side, name in (("협약단체", "진하율"), ("후보자", candidate))
    ]
    assert all(box.box.height == pytest.approx(22, abs=1) for page in pages for box in page.boxes)


@pytest.mark.office
@pytest.mark.parametrize(
    ("template", "code", "verdict"),
    [
        (signed_template(framed=False), 0, {"convert.frame"}),
        (signed_template(margin=15), 1, {"template.room"}),
        (signed_template(letterhead=True), 4, {"convert.room"}),
    ],
    ids=["no frame", "narrow margins", "a header in the corner"],
)
def test_a_template_in_which_codes_or_boxes_have_no_place(
    folder: Folder, template: bytes, code: int, verdict: set[str]
) -> None:
    folder.write("templates/agreement.docx", template)
    result = folder.run("make", "--json")
    assert (result.code, result.codes) == (code, verdict)


def test_a_template_without_boxes_for_a_kind_that_is_signed(folder: Folder) -> None:
    found = folder.no_office("check", "--json").json["findings"]
    assert [one["level"] for one in found if one["code"] == "template.unsigned"] == ["note"]


@pytest.mark.office
def test_papers_made_before_there_were_codes_are_made_again(folder: Folder) -> None:
    folder.run("make")
    path = folder.root / "outputs" / "register.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("UPDATE editions SET converter = 'LibreOffice 7.4.7.2'")
    set_back(path, 1)
    result = folder.run("make", "--json")
    assert result.code == 0
    assert {one["state"] for one in result.json["documents"]} == {"made"}
    with Register(folder.root / "outputs", readonly=True) as register:
        assert len(register.issued_pages()) == 3


@pytest.mark.office
def test_the_sample_agreements_have_a_box_for_each_who_signs(tmp_path: Path) -> None:
    campaign = Folder(tmp_path / "sample")
    for name in ("inputs", "templates"):
        for path in (REPOSITORY / name).rglob("*"):
            if path.is_file():
                campaign.write(str(path.relative_to(REPOSITORY)), path.read_bytes())
    result = campaign.run("make", "agreement", "practice", "--only", "서울특별시")
    assert result.code == 0
    sides = {(number[0], side) for number, _, side, _ in boxes_in(campaign)}
    assert sides == {("A", "협약단체"), ("A", "후보자"), ("S", "실천하는 단체")}


@pytest.fixture(scope="module")
def pictures() -> Any:
    return Album.of(REPOSITORY).pictures


@pytest.fixture(scope="module")
def together(sample_jobs: Any, pictures: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Made]]:
    """The shortest papers of a template, made once; nobody may change them."""
    folder = tmp_path_factory.mktemp("office")
    return functools.cache(lambda template: made(template, sample_jobs[template], pictures, folder))


def made(template: str, jobs: Any, pictures: Any, folder: Path) -> list[Made]:
    """The shortest papers of a template."""
    source = Source((REPOSITORY / "templates" / template).read_bytes(), template, pictures)
    short = sorted(jobs, key=lambda job: (len(str(job.context)), job.number))[:2]
    papers, findings = make_batch(Batch(source, tuple(short), office.find_office(), str(folder)))
    assert findings == []
    assert len(papers) == len(short)
    return papers


@pytest.mark.office
@pytest.mark.parametrize("template", [path.name for path in SHIPPED])
def test_both_codes_of_every_page_of_every_kind_are_read(template: str, together: Callable[[str], list[Made]]) -> None:
    for one in together(template):
        known = [f"/{one.job.number}/1/{n}/{len(one.printed)}/{page.check}" for n, page in enumerate(one.printed, 1)]
        with pypdfium2.PdfDocument(b"".join(one.pdf)) as document:
            found = [read(page, 150) for page in document]
        ours = [[text for text in texts if text.startswith(one.job.campaign)] for texts in found]
        assert ours == [[f"{one.job.campaign}{text}"] * 2 for text in known]


@pytest.mark.office
@pytest.mark.parametrize("template", ["agreement.docx", "party-agreement.docx", "practice.docx"])
def test_boxes_are_the_same_however_papers_are_converted_and_the_frames_stand_there(
    template: str,
    together: Callable[[str], list[Made]],
    sample_jobs: Any,
    pictures: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    joined = together(template)
    monkeypatch.setattr(convert, "obstacle", lambda *_: "by themselves")
    apart = made(template, sample_jobs[template], pictures, tmp_path)
    assert [one.printed for one in joined] == [one.printed for one in apart]
    for one in joined:
        with pypdfium2.PdfDocument(b"".join(one.pdf)) as document:
            boxes = [(page, box) for page, printed in zip(document, one.printed, strict=True) for box in printed.boxes]
            assert boxes
            for page, box in boxes:
                assert is_framed(page, box)
                assert box.name in text_around(page, box, lone=len(boxes) == 1)


def is_framed(page: Any, box: SignBox) -> bool:
    """Whether dark lines stand on all four sides of a box, and nothing above the caption within."""
    scale = 200 / 72
    dark = page.render(scale=scale, grayscale=True).to_numpy() < 215
    left, top, right, bottom = (
        round(edge * 200 / 25.4)
        for edge in (box.box.x, box.box.y, box.box.x + box.box.width, box.box.y + box.box.height)
    )
    rows, columns = slice(top + 4, bottom - 4), slice(left + 4, right - 4)
    sides = (
        dark[top - 2 : top + 3, columns].any(axis=0),
        dark[bottom - 2 : bottom + 3, columns].any(axis=0),
        dark[rows, left - 2 : left + 3].any(axis=1),
        dark[rows, right - 2 : right + 3].any(axis=1),
    )
    return all(side.all() for side in sides) and not dark[rows, columns][: (bottom - top) // 2].any()


def text_around(page: Any, box: SignBox, *, lone: bool) -> str:
    """What stands in a box, over it and, where it is alone, to its left; without blanks."""
    points, height = 72 / 25.4, page.get_height()
    place = box.box
    left = 0 if lone else place.x - 5
    said = page.get_textpage().get_text_bounded(
        left * points,
        height - (place.y + place.height) * points,
        (place.x + place.width + 5) * points,
        height - (place.y - 16) * points,
    )
    return "".join(said.split())
