"""A sheet against the page that was issued: what was done to it beside what is said of it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.doors import office, pdf
from pipeline.doors.scans.codes import read_codes
from pipeline.doors.scans.issued import DOTS, IssuedImage
from pipeline.doors.scans.judge import crop, is_one_bit, judge
from pipeline.doors.scans.registration import register
from pipeline.doors.scans.simulated.paper import Shot, sheets_of
from pipeline.doors.scans.simulated.recipes import Wishes, simulate
from pipeline.model.identity import PageCode
from pipeline.model.scans import Box, Change, SignBox, Verdict
from pipeline.run.working import CAPTIONS

BOXES = (SignBox("협약단체", "진하율", Box(25, 215, 75, 22)), SignBox("후보자", "어해", Box(110, 215, 75, 22)))
WORDS = [
    *(
        "지역",
        "사회적경제",
        "조직",
        "공공조달",
        "참여",
        "우선구매",
        "비율",
        "돌봄",
        "협동조합",
        "운영비",
        "지원",
        "일터",
    ),
    *("마을기업", "주민", "조례", "기본계획", "위원회", "금융", "기금", "교육", "학교", "청년", "주거", "먹거리"),
    *(
        "에너지",
        "환경",
        "문화",
        "체육",
        "건강",
        "의료",
        "복지",
        "일자리",
        "창업",
        "판로",
        "연대",
        "자치",
        "분권",
        "예산",
    ),
]
LINES = range(40, 205, 8)
"""Millimetres from the top."""


@pytest.fixture(scope="module")
def paper() -> bytes:
    """A page of text with two frames to sign in, as PDF with words that can be read."""
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(TTFont("Judged", office.font_file(*CAPTIONS)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True, pagesize=(210 * mm, 297 * mm))
    canvas.setFont("Judged", 11)
    chance = np.random.default_rng(8)
    for number, top in enumerate(LINES):
        canvas.drawString(25 * mm, (297 - top) * mm, f"{number + 1}. " + " ".join(chance.choice(WORDS, 11)))
    for one in BOXES:
        canvas.rect(one.box.x * mm, (297 - one.box.y - one.box.height) * mm, one.box.width * mm, one.box.height * mm)
    canvas.save()
    return buffer.getvalue()


@pytest.fixture(scope="module")
def coded(paper: bytes) -> bytes:
    """The same page with its codes."""
    code = PageCode("KSEN-2018", "A-4110100-0003", 1, 1, 1, "7K3M9Q2A")
    return pdf.whole(paper, pdf.Cover("", [code], office.font_file(*CAPTIONS)))


@pytest.fixture(scope="module")
def issued(paper: bytes) -> IssuedImage:
    return IssuedImage.of(paper, 1)


@pytest.fixture
def shot(paper: bytes) -> Iterator[Shot]:
    yield from sheets_of(paper, 200, [1])


SCANS = ("noise 25", "turned 5", "quarter turns", "upside down", "skewed, 97-103 %", "shadow", "office", "phone 3000")


@pytest.mark.parametrize("degradation", SCANS)
def test_signed_and_empty_boxes(shot: Shot, issued: IssuedImage, degradation: str) -> None:
    one = simulate(shot, BOXES, degradation, np.random.default_rng(1), Wishes(("name", None)), "X")
    judged = judge(one.image, issued, BOXES)
    assert judged.registered
    assert [(sign.side, sign.name, sign.verdict) for sign in judged.signatures] == [
        ("협약단체", "진하율", Verdict.SIGNED),
        ("후보자", "어해", Verdict.EMPTY),
    ]
    assert [mark for mark in judged.marks if mark.change is Change.STRUCK] == []


@pytest.mark.parametrize("degradation", ["clean", "office", "phone 3000"])
@pytest.mark.parametrize("style", ["single", "double", "slanted", "marker", "zigzag"])
def test_crossed_out_words_are_named(shot: Shot, issued: IssuedImage, style: str, degradation: str) -> None:
    wishes = Wishes(None, strike=((45, style),))
    one = simulate(shot, BOXES, degradation, np.random.default_rng(4), wishes, "X")
    (struck,) = one.truth.struck
    marks = [mark for mark in judge(one.image, issued, BOXES).marks if mark.change is Change.STRUCK]
    (found,) = [mark for mark in marks if abs(mark.box.y - struck.box.y) < 4]
    assert set(found.words.split()) & set(struck.words.split())
    # A fold through a line is now and then taken for a stroke; a person sees it.
    assert len(marks) <= 2


FLAT = ("clean", "upside down", "skewed, 97-103 %", "office")


@pytest.mark.parametrize("degradation", [*FLAT, "phone 3000"])
def test_laid_over_by_codes_as_by_print(coded: bytes, degradation: str) -> None:
    """Within a third of a millimetre of each other, everywhere on the sheet."""
    (shot,) = sheets_of(coded, 200, [1])
    one = simulate(shot, BOXES, degradation, np.random.default_rng(6), Wishes(None), "X")
    gray = one.image if one.image.ndim == 2 else cv2.cvtColor(one.image, cv2.COLOR_BGR2GRAY)
    (found,) = read_codes(one.image)
    issued = IssuedImage.of(coded, 1)
    by_codes, by_print = register(gray, issued, found.places), register(gray, issued)
    assert by_codes is not None
    assert by_print is not None
    grid = np.array([[(x, y) for x in range(50, 1200, 100) for y in range(50, 1700, 100)]], np.float64)
    on_scan = cv2.perspectiveTransform(grid, np.linalg.inv(by_codes.matrix))
    off = np.linalg.norm(cv2.perspectiveTransform(on_scan, by_print.matrix) - grid, axis=2)
    assert off.max() / DOTS < (1 / 3 if degradation in FLAT else 1)


def test_codes_that_were_moved_do_not_move_the_page(coded: bytes) -> None:
    """A code pasted elsewhere is no place to lay the page by; its print is."""
    (shot,) = sheets_of(coded, 200, [1])
    (found,) = read_codes(shot.image)
    astray = tuple(tuple((x * 0.6 + 90, y * 0.8) for x, y in corners) for corners in found.places)
    issued = IssuedImage.of(coded, 1)
    place = register(cv2.cvtColor(shot.image, cv2.COLOR_BGR2GRAY), issued, astray)
    assert place is not None
    corner = cv2.perspectiveTransform(np.array([[(0.0, 0.0)]]), place.matrix)
    assert np.abs(corner).max() < DOTS


def test_black_and_white_scans_always_ask(shot: Shot, issued: IssuedImage) -> None:
    one = simulate(shot, BOXES, "1-bit", np.random.default_rng(2), Wishes(("seal", None)), "X")
    judged = judge(one.image, issued, BOXES)
    assert judged.one_bit
    assert {sign.verdict for sign in judged.signatures} == {Verdict.ASK}


def test_a_note_in_the_margin_is_a_mark(shot: Shot, issued: IssuedImage) -> None:
    image = Image.fromarray(shot.image)
    font = ImageFont.truetype(office.font_file(*CAPTIONS), 60)
    ImageDraw.Draw(image).text((1480, 900), "빼고", fill=(40, 60, 150), font=font)
    (mark,) = judge(np.asarray(image), issued, BOXES).marks
    assert mark.change is Change.INK
    assert 180 < mark.box.x < 195


def test_another_page_is_not_judged(issued: IssuedImage) -> None:
    stranger = np.random.default_rng(3).integers(0, 255, (2339, 1654), np.uint8)
    judged = judge(stranger, issued, BOXES)
    assert (judged.registered, judged.marks) == (False, ())
    assert {sign.verdict for sign in judged.signatures} == {Verdict.ASK}
    assert judge(np.full((20, 20), 255, np.uint8), issued, BOXES).registered is False


def test_a_box_that_the_scan_does_not_show_is_asked_about(shot: Shot, issued: IssuedImage) -> None:
    cut = shot.image[: round(220 * 200 / 25.4)]
    assert {sign.verdict for sign in judge(cut, issued, BOXES).signatures} == {Verdict.ASK}


def test_a_crop_shows_the_place_upright(shot: Shot, issued: IssuedImage) -> None:
    turned = cv2.rotate(shot.image, cv2.ROTATE_180)
    with Image.open(io.BytesIO(crop(turned, issued, BOXES[0].box))) as part:
        assert part.width > part.height
    assert crop(np.full((2339, 1654), 255, np.uint8), issued, BOXES[0].box) == b""


@pytest.mark.parametrize(("values", "verdict"), [((0, 255), True), ((60, 235), False)])
def test_one_bit_is_seen_from_the_picture(values: tuple[int, int], *, verdict: bool) -> None:
    page = np.full((400, 300), values[1], np.uint8)
    page[100:150, 50:200] = values[0]
    assert is_one_bit(page) is verdict
