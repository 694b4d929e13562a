"""The pages that lie beside papers, of a packet and of cases to decide, on every screen and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browsing import Opened, violations
from PIL import Image
from playwright.sync_api import Browser, expect

from pipeline.doors.packet_page import packet_page
from pipeline.doors.review_page import Shown, review_page
from pipeline.model.packets import Enclosed, Packet, Receiver
from pipeline.show import language

SCREENS = [{"viewport": {"width": 1280, "height": 900}}, {"viewport": {"width": 390, "height": 844}}]
STATES = {"맞춤": 20, "중복": 0, "빈 쪽": 1}


@pytest.fixture(autouse=True)
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ko")
    language.use("ko")


def packet(count: int) -> bytes:
    papers = tuple(
        Enclosed(
            f"A-44201{place:02}-0001",
            1,
            "정책협약서",
            "강원도 춘천시장 예비후보 남궁한결",
            "강원도",
            pages=3,
            copies=2,
            is_signed=True,
            files={f"PDF/{place}.pdf": ("", ""), f"Word/{place}.docx": ("", "")},
        )
        for place in range(count)
    )
    own = Packet(Receiver("강원사회적경제협의회"), "강원", papers, "2026-11-29T00:00:00+00:00")
    return packet_page(own, "시험 협약", ("안내문.pdf", "안내문.docx"), "2018. 5. 30.(수)", "ko", language.say)


def cases(folder: Path) -> bytes:
    Image.new("L", (1200, 900), 200).save(folder / "page.png")
    one = Shown(
        "3e4bc860f8-0001-1-page", "인정합니까?", "묶음.zip/쪽_03.jpg", "1", "", "글", ("인정", "제외"), ("page.png",)
    )
    return review_page([("A-4200-0001 정책협약서 (강원도)", [one] * 4)], STATES, "ko", language.say)


def written(folder: Path, blob: bytes) -> Path:
    path = folder / "index.html"
    path.write_bytes(blob)
    return path


@pytest.mark.parametrize("how", SCREENS, ids=str)
@pytest.mark.parametrize("what", ["packet", "cases"])
def test_no_screen_is_too_narrow(tmp_path: Path, browser: Browser, what: str, how: dict[str, Any]) -> None:
    blob = packet(4) if what == "packet" else cases(tmp_path)
    seen = Opened(browser, written(tmp_path, blob), bypass_csp=True, **how)
    assert violations(seen) == []
    assert seen.sideways() == 0
    # A word that is broken at every sign makes a column of one sign: no line of text is that narrow.
    assert seen.page.locator("a, .grey").evaluate_all("all => Math.min(...all.map(one => one.offsetWidth))") >= 30
    assert seen.complaints == []


def test_a_paper_of_a_packet_is_a_card_on_a_phone(tmp_path: Path, browser: Browser) -> None:
    seen = Opened(browser, written(tmp_path, packet(2)), **SCREENS[1])
    row = seen.page.get_by_role("row").nth(1)
    assert row.bounding_box()["height"] < 200  # type: ignore[index]
    assert seen.page.get_by_role("columnheader", name="부수").count() == 1
    expect(row.get_by_role("cell").nth(1)).to_have_css("display", "inline")
    said = "one => getComputedStyle(one, '::before').content"
    assert row.locator("td[data-head]").evaluate_all(f"all => all.map({said})") == ['"쪽 " / ""', '"부수 " / ""']


def test_the_list_of_a_packet_on_paper_has_its_head_on_every_page(tmp_path: Path, browser: Browser) -> None:
    seen = Opened(browser, written(tmp_path, packet(60)))
    with pypdfium2.PdfDocument(seen.page.pdf(prefer_css_page_size=True)) as paper:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in paper]
    assert len(sheets) > 1
    assert all("문서번호" in sheet for sheet in sheets)
    assert [sheet.count("A-44") == sheet.count("남궁한결") for sheet in sheets] == [True] * len(sheets)


def test_states_that_nothing_is_in_are_not_told(tmp_path: Path, browser: Browser) -> None:
    seen = Opened(browser, written(tmp_path, cases(tmp_path)))
    assert seen.page.locator("dl").inner_text().split() == ["맞춤", "20", "빈", "쪽", "1"]


def test_nothing_to_decide_asks_for_nothing() -> None:
    html = review_page([], STATES, "ko", language.say).decode()
    assert "정할 것이 남아 있지 않습니다." in html
    assert "review.xlsx" not in html
