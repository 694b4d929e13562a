"""The simulated scanner: the same seed, the same pixels; and the truth it tells is the truth."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
import segno
from PIL import Image as Pictures
from reportlab.pdfgen import canvas

from pipeline.doors.scans.simulated import foreign, writing
from pipeline.doors.scans.simulated.crossing import HANDS, STYLES
from pipeline.doors.scans.simulated.hand import WAYS
from pipeline.doors.scans.simulated.ink import PROVING, TUNING
from pipeline.doors.scans.simulated.paper import MM, Shot, code_places, empty_sheet, sheets_of
from pipeline.doors.scans.simulated.phone import photograph
from pipeline.doors.scans.simulated.pile import Orders, Source, write_pile
from pipeline.doors.scans.simulated.recipes import DEGRADATIONS, NOTHING, Simulated, Wishes, handled, simulate
from pipeline.doors.scans.simulated.truth import Kind, PileTruth
from pipeline.model.identity import PageCode
from pipeline.model.scans import Box, SignBox

BOXES = (SignBox("협약단체", "가", Box(25, 200, 70, 22)), SignBox("후보자", "나", Box(115, 200, 70, 22)))
CODE = "KSEN-2018/A-4110100-0003/1/1/2/7K3M9Q2A"


def paper(pages: int = 1, code: str = CODE) -> bytes:
    """A page of words in lines, with frames to sign in and codes."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595.28, 841.89), invariant=True)
    for _ in range(pages):
        page.setFont("Helvetica", 11)
        for line in range(20):
            page.drawString(70, 770 - 20 * line, "these words stand on a line of a paper that was issued")
        for one in BOXES:
            left, low = one.box.x / MM * 72, (297 - one.box.y - one.box.height) / MM * 72
            page.rect(left, low, one.box.width / MM * 72, one.box.height / MM * 72)
        modules = [list(row) for row in segno.make(code, error="q", micro=False).matrix_iter(border=4)]
        for place in code_places((210, 297)).values():
            size = place.width / MM * 72 / len(modules)
            for row, dots in enumerate(modules):
                for column, dark in enumerate(dots):
                    top = (297 - place.y) / MM * 72 - (row + 1) * size
                    if dark:
                        page.rect(place.x / MM * 72 + column * size, top, size, size, stroke=0, fill=1)
        page.showPage()
    page.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return paper()


@pytest.fixture(scope="module")
def sheet(pdf: bytes) -> Shot:
    return next(iter(sheets_of(pdf, 100)))


def run(sheet: Shot, name: str, seed: int, wishes: Wishes = NOTHING) -> Simulated:
    return simulate(sheet, BOXES, name, np.random.default_rng(seed), wishes, CODE)


def test_words_have_boxes_in_millimetres(sheet: Shot) -> None:
    assert [word.text for word in sheet.words[:4]] == ["these", "words", "stand", "on"]
    assert len({word.line for word in sheet.words}) == 20
    first = sheet.words[0].box
    assert (first.x, first.y) == pytest.approx((70 / 72 * MM, 297 - 770 / 72 * MM - first.height), abs=1)


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_the_same_seed_gives_the_same_pixels(sheet: Shot, name: str) -> None:
    wishes = Wishes(strike=((25, None),), write=("note",))
    one, again = (run(sheet, name, 5, wishes) for _ in range(2))
    assert np.array_equal(one.image, again.image)
    assert one.truth == again.truth
    assert one.truth.degradation == name
    assert one.truth.code == CODE


@pytest.mark.parametrize("name", ["clean", "turned 5", "upside down", "fax", "third copy", "phone 2000"])
def test_the_truth_knows_where_millimetres_went(sheet: Shot, name: str) -> None:
    made = run(sheet, name, 3)
    frame = np.array([[(one.box.x, one.box.y + one.box.height / 2) for one in BOXES]])
    gray = made.image if made.image.ndim == 2 else cv2.cvtColor(made.image, cv2.COLOR_BGR2GRAY)
    for x, y in cv2.perspectiveTransform(frame, np.array(made.truth.to_pixels))[0].round().astype(int).tolist():
        near = gray[y - 3 : y + 4, x - 3 : x + 4]
        assert near.min() < near.max() - 30  # the frame's line runs through here


@pytest.mark.parametrize("way", WAYS)
def test_a_signed_box_has_ink_and_an_empty_one_none(sheet: Shot, way: str) -> None:
    shot, truth = handled(sheet, BOXES, Wishes((way, None)), np.random.default_rng(1))
    assert [one.how for one in truth.signed] == [way, ""]
    changed = (shot.image != sheet.image).any(axis=2)
    for one, wanted in zip(BOXES, (True, False), strict=True):
        left, top = (round(value * sheet.scale) for value in (one.box.x, one.box.y))
        part = changed[top : top + round(22 * sheet.scale), left : left + round(70 * sheet.scale)]
        assert bool(part.sum() > 12) == wanted


@pytest.mark.parametrize("style", STYLES)
def test_a_struck_passage_is_as_long_as_asked_and_names_its_words(sheet: Shot, style: str) -> None:
    shot, truth = handled(sheet, (), Wishes(strike=((30, style),)), np.random.default_rng(2))
    (struck,) = truth.struck
    assert 30 <= struck.length <= 50
    assert struck.words in "these words stand on a line of a paper that was issued"
    rows, columns = np.nonzero((shot.image != sheet.image).any(axis=2))
    box = struck.box
    assert box.y - 4 <= rows.min() / sheet.scale <= rows.max() / sheet.scale <= box.y + box.height + 4
    assert columns.min() / sheet.scale == pytest.approx(box.x, abs=4)
    assert columns.max() / sheet.scale == pytest.approx(box.x + box.width, abs=6)


@pytest.mark.parametrize("what", HANDS)
def test_writing_lies_where_the_truth_says(sheet: Shot, what: str) -> None:
    shot, truth = handled(sheet, (), Wishes(write=(what,)), np.random.default_rng(4))
    (mark,) = truth.written
    rows, columns = np.nonzero((shot.image != sheet.image).any(axis=2))
    assert (
        mark.box.x - 2 <= columns.min() / sheet.scale <= columns.max() / sheet.scale <= mark.box.x + mark.box.width + 2
    )
    assert mark.box.y - 2 <= rows.min() / sheet.scale <= rows.max() / sheet.scale <= mark.box.y + mark.box.height + 2


def test_pens_for_setting_thresholds_are_not_those_that_measure() -> None:
    assert {pen.name for pen in TUNING} & {pen.name for pen in PROVING} == set()


def test_hit_codes_are_told(sheet: Shot) -> None:
    for name, one in DEGRADATIONS.items():
        if not one.hits and one.dpis != (300,):  # large photographs take long
            assert run(sheet, name, 9).truth.hidden == (), name
    assert run(sheet, "stroke, upper", 9).truth.hidden == ("upper",)
    assert run(sheet, "stamp, gray", 9).truth.hidden == ("lower",)


def test_two_papers_on_one_photograph_keep_apart(sheet: Shot) -> None:
    one, two = photograph([sheet, sheet], 1600, np.random.default_rng(1))
    assert one.image is two.image
    middles = [cv2.perspectiveTransform(np.array([[(105.0, 148.0)]]), shot.to_pixels)[0, 0, 0] for shot in (one, two)]
    assert middles[0] < 800 < middles[1]


def test_forged_and_other_codes_parse_and_differ() -> None:
    forged = PageCode.parse(foreign.forged(CODE, np.random.default_rng(1)))
    other = PageCode.parse(foreign.other_campaign(CODE))
    assert forged
    assert forged.check != "7K3M9Q2A"
    assert forged.number == "A-4110100-0003"
    assert other
    assert other.campaign == "XSEN-2014"


def test_files_open_elsewhere() -> None:
    gray = np.full((60, 40), 255, np.uint8)
    gray[10:20] = 0
    colour = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    document = pypdfium2.PdfDocument(writing.pdf_bytes([gray, colour], 50))
    assert [tuple(round(side) for side in page.get_size()) for page in document] == [(58, 86), (58, 86)]
    with Pictures.open(io.BytesIO(writing.tiff_bytes([gray, gray], 50))) as tiff:
        assert (tiff.n_frames, tiff.mode) == (2, "1")
    with zipfile.ZipFile(io.BytesIO(writing.zip_bytes({"가.jpg": writing.jpeg_bytes(colour)}))) as archive:
        assert archive.namelist() == ["가.jpg"]


ORDERS = Orders(
    lost=2, duplicated=2, blank=1, foreign=1, foreign_code=1, other_campaign=1, forged=1, struck=2, written=1,
    unsigned=1, photographed=1, two_on_one=1, single_pdf=1, single_image=2, tiff=2, zipped=2, batch=6, dpi=60,
)  # fmt: skip


def pile(folder: Path, sources: list[Source]) -> tuple[PileTruth, dict[str, bytes]]:
    truth = write_pile(folder, sources, ORDERS, 11)
    return truth, {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pile_is_what_was_ordered_and_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper(14))
    codes = [f"KSEN-2018/A-4110100-0003/1/{page}/14/7K3M9Q2A" for page in range(1, 15)]
    sources = [Source(path, page, code, BOXES) for page, code in enumerate(codes, 1)]
    sources.append(Source(path, 1, codes[0].replace("/1/1/14/", "/1/1/14/").replace("7K", "8K"), BOXES, Kind.OLDER))
    truth, files = pile(tmp_path / "a", sources)
    assert (truth, files) == pile(tmp_path / "b", sources)
    sheets = [sheet for page in truth.pages for sheet in page.sheets]
    count = {kind: sum(sheet.kind is kind for sheet in sheets) for kind in Kind}
    assert sum(count.values()) == 14 - 2 + 1 + 2 + 5
    assert count[Kind.ISSUED] + count[Kind.OLDER] == 15
    assert all(count[kind] == 1 for kind in Kind if kind not in {Kind.ISSUED, Kind.OLDER})
    assert set(truth.lost) == set(codes) - {sheet.code for sheet in sheets}
    assert sum(bool(sheet.struck) for sheet in sheets) >= 2
    assert sum(len(page.sheets) == 2 for page in truth.pages) == 1
    assert {page.file.rsplit(".", 1)[1] for page in truth.pages} == {"pdf", "jpg", "png", "tif"}
    for page in truth.pages:
        assert page.file.split(".zip/")[0].removesuffix(".zip") + (".zip" if ".zip/" in page.file else "") in files


def test_another_seed_gives_other_pixels(sheet: Shot) -> None:
    one, other = (run(sheet, "shifted", seed).image for seed in (5, 6))
    assert not np.array_equal(one, other)


def test_an_empty_sheet_is_white() -> None:
    assert empty_sheet(50).image.min() == 255
