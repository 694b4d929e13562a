"""The board: what it says of documents, and that it works in a real browser, offline, for everybody."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from bound import PEOPLE, ready
from browsing import Opened, violations
from conftest import Folder
from playwright.sync_api import Browser, expect

from pipeline.doors.board.page import page
from pipeline.model.board import Board, Line, Past, Told
from pipeline.model.collected import About, Paper, Signed, Stage
from pipeline.model.documents import Reason
from pipeline.model.scans import Verdict
from pipeline.model.status import Counts, Reached, Standing, Status
from pipeline.model.volumes import Edition, Event
from pipeline.show import language, report
from pipeline.steps.board import Known, board, first_seen, public


@pytest.fixture(autouse=True)
def own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test speaks is no matter of the next one."""
    monkeypatch.setenv("LANGUAGE", "en")


BASE = Standing(
    "A-1100-0001", "agreement", "종로구청장 남궁한결", "1100", "서울특별시", "종로구", 1, "a.docx", "a.pdf", None
)
STANDINGS: list[tuple[dict[str, Any], Reached]] = [
    ({}, Reached.NEW),
    ({"is_issued": True}, Reached.UNSIGNED),
    ({"is_issued": True, "is_sealed": True}, Reached.SEALED),
    ({"is_issued": True, "stage": Stage.NOTHING}, Reached.ISSUED),
    ({"is_issued": True, "stage": Stage.NOTHING, "delivered": "2026-05-01T00:00:00+00:00"}, Reached.DELIVERED),
    ({"is_issued": True, "stage": Stage.PAGES}, Reached.PART),
    ({"is_issued": True, "stage": Stage.SIGNATURES}, Reached.PART),
    ({"is_issued": True, "stage": Stage.COMPLETE}, Reached.SIGNED),
    ({"is_issued": True, "stage": Stage.DIGITAL}, Reached.SIGNED),
    ({"is_issued": True, "stage": Stage.DIGITAL, "is_sealed": True}, Reached.SEALED),
    ({"is_issued": True, "stage": Stage.WAITING, "is_sealed": True}, Reached.REVIEW),
    ({"is_issued": True, "stage": Stage.CHANGED}, Reached.REVIEW),
]


@pytest.mark.parametrize(("facts", "reached"), STANDINGS, ids=str)
def test_a_word_for_each_document(facts: dict[str, Any], reached: Reached) -> None:
    assert replace(BASE, **facts).reached is reached


ABOUT = About("A-1100-0001", "agreement", "1100", 1, "정책협약서", "서울특별시", "")
BOX = Signed(2, "candidate", "남궁한결", Verdict.EMPTY)
PAPER = Paper(ABOUT, Stage.PAGES, 3, (), (), expected=True)
BACK = replace(BASE, is_issued=True, reason=Reason.CURRENT, stage=Stage.PAGES)
LINES: list[tuple[str, Standing, Paper | None, dict[str, Any]]] = [
    ("not made: why it would be", replace(BASE, reason=Reason.NEW), None,
     {"state": Reached.NEW, "reasons": ("new",), "marks": {"documents", "due"}}),
    ("what the state says is not said again", replace(BACK, stage=None), None,
     {"state": Reached.UNSIGNED, "reasons": (), "marks": {"documents", "issued"}}),
    ("handed over, nothing came back", replace(BACK, stage=Stage.NOTHING, delivered="2026-05-01T00:00:00+00:00"),
     replace(PAPER, stage=Stage.NOTHING, missing_pages=(1, 2, 3), missing_signatures=(BOX,)),
     {"state": Reached.DELIVERED, "reasons": ("delivered 2026. 5. 1.", "not returned"),
      "marks": {"documents", "issued", "delivered", "signing", "missing"}}),
    ("a page and a signature are missing", BACK, replace(PAPER, missing_pages=(2,), missing_signatures=(BOX,)),
     {"state": Reached.PART, "reasons": ("signed, pages missing", "pages: 2", "signatures: candidate 남궁한결"),
      "marks": {"documents", "issued", "signing", "returned", "missing"}}),
    ("all is there, and in an approved volume", replace(BACK, stage=Stage.COMPLETE, is_sealed=True), PAPER,
     {"state": Reached.SEALED, "reasons": ("complete",),
      "marks": {"documents", "issued", "signing", "returned", "signed", "sealed"}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "paper", "expected"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_a_line_of_a_document(standing: Standing, paper: Paper | None, expected: dict[str, Any]) -> None:
    (line,) = looked([standing], papers=[paper] if paper else []).lines
    assert {name: getattr(line, name) for name in expected} == expected


def looked(standings: list[Standing], **known: Any) -> Board:
    language.use("en")
    whole = Status(tuple(standings), {"agreement": "Agreement"})
    return board(whole, Known(**known), report.wording(), "Test", "2026-11-23T01:02:03+00:00")


def test_in_the_order_of_regions_and_numbers_and_only_files_that_are_there() -> None:
    places = (("1100", "서울특별시", "A-1100-0002"), ("0000", "", "B-0000-0001"), ("1100", "서울특별시", "A-1100-0001"))
    standings = [replace(BASE, region=code, province=name, number=number) for code, name, number in places]
    seen = looked(standings, files=frozenset({"a.pdf"}))
    assert [one.number for one in seen.lines] == ["B-0000-0001", "A-1100-0001", "A-1100-0002"]
    assert [(name, counts.documents) for name, counts in seen.provinces] == [("", 1), ("서울특별시", 2)]
    assert {(one.docx, one.pdf) for one in seen.lines} == {("", "a.pdf")}


@pytest.mark.parametrize(
    ("what", "subject", "detail", "shown"),
    [
        ("issued", "A-1100-0001", "{}", "A-1100-0001"),
        ("volume", "ab" * 32, "{}", "ab" * 6),
        ("decided", "ab" * 32 + "/1", '{"number": "A-1100-0001"}', "A-1100-0001"),
        ("decided", "ab" * 32 + "/1", "{}", "ab" * 6 + "/1"),
    ],
)
def test_history_the_latest_first_and_hashes_cut_short(what: str, subject: str, detail: str, shown: str) -> None:
    events = [
        Event(1, "2026-05-01T00:00:00+00:00", "issued", "A-1100-0009", "{}", ""),
        Event(2, "", what, subject, detail, ""),
    ]
    assert [(one.what, one.subject) for one in looked([BASE], events=events).history] == [
        (what, shown),
        ("issued", "A-1100-0009"),
    ]


LOG = [
    ("mail sending", "한빛협의회", "메일 발송 중"),
    ("mail accepted", "한빛협의회", "메일 발송"),
    ("mail refused", "한빛협의회", "메일 거절됨"),
    ("rebuilt", "register.sqlite", "발급대장 복구"),
    ("archived", "archive/TEST-public", "보관"),
    ("packets locked", "한빛협의회", "꾸러미 암호화"),
    ("packets open", "한빛협의회", "꾸러미 암호화 해제"),
]


@pytest.mark.parametrize(("what", "subject", "said"), LOG)
def test_history_in_words_and_inside_only(what: str, subject: str, said: str) -> None:
    inside = looked([BASE], events=[Event(1, "2026-05-01T00:00:00+00:00", what, subject, "{}", "")])
    shown = re.search(r"<tr><td>[^<]*(?:<[^>]*>[^<]*)*?2026\. 5\. 1\..*?</tr>", written(inside))
    assert shown
    assert said in shown[0]
    assert what not in shown[0]
    assert subject in shown[0]
    assert subject not in written(public(inside))


def test_pictures_first_for_what_waits_for_somebody() -> None:
    lines = [replace(one, pdf=f"{one.number}.pdf") for one in made(8).lines]
    states = [one.state for one in first_seen([*lines, replace(lines[0], pdf="")])]
    assert states[:2] == [Reached.REVIEW, Reached.PART]
    assert len(states) == 8


def made(count: int, **texts: str) -> Board:
    """A board of so many documents; `texts` go into each line."""
    provinces = ("서울특별시", "부산광역시", "강원도", "경기도", "제주특별자치도", "")
    states = tuple(Reached)
    lines = tuple(
        Line(
            f"A-{place % 6:02}10100-{place:04}",
            "정책협약서",
            provinces[place % 6],
            f"{place % 226}구",
            states[place % 8],
            frozenset({"documents", "issued"}),
            **{"subject": f"{place}번 후보", **texts},  # type: ignore[arg-type]
        )
        for place in range(count)
    )
    counts = Counts(documents=count, issued=count)
    areas = [(name, counts) for name in provinces]
    return Board(Edition.INTERNAL, "시험 협약", "2026-11-23T01:02:03+00:00", lines, counts, areas)


def written(board: Board, spoken: str = "ko") -> str:
    language.use(spoken)
    return page(board, report.wording()).decode()


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def test_what_stands_in_data_is_text() -> None:
    told = (Told("error", "cell.bad", HOSTILE, HOSTILE, HOSTILE, ""),)
    html = written(replace(made(2, subject=HOSTILE), campaign=HOSTILE, findings=told))
    assert html.count("<script") == html.count("</script>") == 2
    assert "<img" not in html
    assert [row[6] for row in data_of(html)["documents"]] == [HOSTILE, HOSTILE]


def test_the_public_edition_says_numbers_regions_states_and_nothing_else() -> None:
    inside = replace(
        made(3, docx="a.docx", pdf="a.pdf", picture="a.webp"),
        findings=(Told("note", "x.y", "파일", "말", "", ""),),
    )
    assert all(one in written(inside) for one in ("번 후보", "a.docx", "a.webp", "x.y"))
    html = written(public(inside))
    assert not [one for one in ("번 후보", "a.docx", "a.pdf", "a.webp", "x.y") if one in html]
    assert [row[:5] for row in data_of(html)["documents"]] == [row[:5] for row in data_of(written(inside))["documents"]]


@pytest.mark.parametrize("spoken", ["ko", "en"])
@pytest.mark.parametrize("edition", [Edition.INTERNAL, Edition.PUBLIC])
def test_every_word_of_state_has_its_sentence(spoken: str, edition: Edition) -> None:
    inside = made(8)
    html = written(inside if edition is Edition.INTERNAL else public(inside), spoken)
    states = re.findall(r'aria-describedby="(means-\w+)"><span class="state \w+">([^<]+)</span>', html)
    sentences = [re.search(f'<p id="{name}">([^<]+)</p>', html)[1] for name, _ in states]  # type: ignore[index]
    assert [word for _, word in states] == [language.say(state.value) for state in Reached]
    numbers = re.findall(r'data-mark="\w*" aria-pressed="false"><strong>[0-9,]+</strong>([^<]+)</button>', html)
    terms = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", html)
    assert [word for word, _ in terms] == numbers
    assert len(numbers) == (9 if edition is Edition.INTERNAL else 8)
    sentences += [one for _, one in terms]
    assert all(one.endswith(".") and bool(re.search("[가-힣]", one)) is (spoken == "ko") for one in sentences)
    assert len(set(sentences)) == len(sentences) - 2, "to review and sealed mean the same in both places"


def test_a_state_that_nothing_is_in_is_not_explained() -> None:
    html = written(replace(made(8), lines=made(8).lines[:2]))
    assert re.findall(r'id="(means-\w+)"', html) == ["means-review", "means-new"]


def test_times_are_those_of_korea_as_people_write_them() -> None:
    past = (Past("2026-11-29T15:04:59+00:00", "issued", "A-1100-0001"),)
    html = written(replace(made(1), history=past))
    assert re.findall(r"<time [^>]*>([^<]+)</time>", html) == ["2026. 11. 23. 10:02", "2026. 11. 30. 00:04"]
    assert "2026. 11. 23. 10:02</time> 기준(한국 시각)" in html
    text = re.sub(r"<[^>]+>", " ", html)
    assert not re.search(r"\d{4}-\d{2}-\d{2}|UTC", text)


def test_places_of_a_sheet_name_it_once() -> None:
    places = ("a.xlsx[표]!B2", "a.xlsx[표]!B5", "a.xlsx", "b.xlsx[표]!7", "")
    told = tuple(Told("note", "x.y", one, "말", "", "") for one in places)
    assert '<div class="quiet">a.xlsx[표]!B2, B5, a.xlsx, b.xlsx[표]!7</div>' in written(
        replace(made(1), findings=told)
    )


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Papers came back and are bound; the board is written."""
    folder = ready(tmp_path_factory)
    result = folder.run("board", "--lang", "ko")
    assert result.code == 0, result.err
    return folder


class Seen(Opened):
    """The board in the browser."""

    def numbers(self) -> list[str]:
        """Of the documents that are shown."""
        return self.page.locator("#table tbody th").all_inner_texts()

    def told(self) -> str:
        return self.page.locator("#told").inner_text()


def board_of(folder: Folder, name: str = "index.html") -> Path:
    return folder.root / "outputs/board" / name


@pytest.mark.office
@pytest.mark.slow
def test_search_sort_filter_and_links(campaign: Folder, browser: Browser) -> None:
    seen = Seen(browser, board_of(campaign))
    every = ["A-1100-0001", "A-4100-0001", "A-4100-0002", "A-4110100-0001", "A-4410300-0001", "A-4410300-0002"]
    assert sorted(seen.numbers()) == every
    assert seen.told() == "문서 6건 중 6건"
    search = seen.page.get_by_label("찾기")
    for text, found in (("수원시", every[4:]), ("도하늘", every[1:2]), ("4410300-0002", every[5:]), ("없는 말", [])):
        search.fill(text)
        assert seen.numbers() == found, text
    search.fill("")
    seen.page.locator("#state").select_option(label="일부 돌아옴")
    assert seen.numbers() == ["A-4100-0002"]
    seen.page.get_by_role("button", name="모두 보기").click()
    assert len(seen.numbers()) == 6
    seen.page.get_by_role("button", name=re.compile("^서울")).click()
    assert seen.numbers() == ["A-1100-0001", "A-4110100-0001"]
    assert seen.page.get_by_role("button", name=re.compile("^서울")).get_attribute("aria-pressed") == "true"
    seen.page.get_by_role("button", name=re.compile("^서울")).click()
    seen.page.get_by_role("button", name=re.compile("미비$")).click()
    assert sorted(seen.numbers()) == ["A-4100-0002", "A-4410300-0002"]
    seen.page.get_by_role("button", name=re.compile("미비$")).click()
    for down in (False, True):
        seen.page.get_by_role("button", name="문서번호").click()
        assert seen.numbers() == sorted(every, reverse=down)
    heads = seen.page.locator("#table thead th[aria-sort]").evaluate_all("all => all.map(one => one.ariaSort)")
    assert heads == ["descending", "none", "none", "none", "none"]
    seen.page.get_by_role("button", name="모두 보기").click()
    mark = seen.page.get_by_role("button", name=re.compile("^일부 돌아옴"))
    mark.click()
    assert seen.numbers() == ["A-4100-0002"]
    assert seen.page.locator("#state").locator("option:checked").inner_text() == "일부 돌아옴"
    seen.page.locator("#state").select_option(label="모두")
    assert mark.get_attribute("aria-pressed") == "false"
    links = seen.page.locator("#table a").evaluate_all("all => all.map(one => decodeURIComponent(one.href))")
    assert len(links) == 12
    assert all(Path(one.removeprefix("file://")).is_file() for one in links)
    assert seen.page.locator("#table img").evaluate_all("all => all.filter(one => one.complete).length") >= 1
    assert seen.complaints == []
    assert all(one.startswith(board_of(campaign, "").as_uri()) for one in seen.asked), seen.asked


@pytest.mark.office
@pytest.mark.slow
def test_nothing_leaves_the_page(campaign: Folder, browser: Browser) -> None:
    seen = Seen(browser, board_of(campaign))
    script = "fetch('https://example.org/').then(() => 'sent', () => 'refused')"
    assert seen.page.evaluate(script) == "refused"
    assert any("Content Security Policy" in one for one in seen.complaints)


@pytest.mark.office
@pytest.mark.slow
def test_by_keyboard_alone(campaign: Folder, browser: Browser) -> None:
    keyboard = (seen := Seen(browser, board_of(campaign))).page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("수원시")
    assert seen.told() == "문서 6건 중 2건"
    focused = partial(seen.page.evaluate, "document.activeElement.innerText")
    for _ in range(20):
        keyboard.press("Tab")
        if focused() == "문서번호":
            break
    keyboard.press("Enter")
    keyboard.press("Space")
    assert seen.numbers() == ["A-4410300-0002", "A-4410300-0001"]


@pytest.fixture
def eight(tmp_path: Path) -> Path:
    """A board with a document in each state."""
    path = tmp_path / "index.html"
    path.write_text(written(made(8)), encoding="utf-8")
    return path


def test_meanings_by_keyboard_and_for_a_screen_reader(eight: Path, browser: Browser) -> None:
    seen = Seen(browser, eight)
    summary, note = seen.page.locator("#meanings summary"), seen.page.get_by_text("한 문서가 여러 숫자에")
    assert not note.is_visible()
    summary.focus()
    seen.page.keyboard.press("Enter")
    assert note.is_visible()
    expect(seen.page.get_by_role("button", name="일부 돌아옴 1")).to_have_accessible_description(
        "돌아왔으나 쪽이나 서명이 빠져 있습니다."
    )
    seen.page.get_by_role("link", name="상태의 뜻").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "states"


def test_the_clock_of_the_machine_is_no_matter(eight: Path, browser: Browser) -> None:
    seen = Seen(browser, eight, timezone_id="America/New_York")
    assert seen.page.locator("header time").inner_text() == "2026. 11. 23. 10:02"


def test_nothing_found_is_said(eight: Path, browser: Browser) -> None:
    seen = Seen(browser, eight)
    seen.page.get_by_label("찾기").fill("없는 말")
    assert seen.page.locator("#table tbody").inner_text() == "조건에 맞는 문서가 없습니다."
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert seen.page.locator("#table tbody").inner_text() == "조건에 맞는 문서가 없습니다."


def test_sorted_and_filtered_on_a_phone(eight: Path, browser: Browser) -> None:
    seen = Seen(browser, eight, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    every = seen.numbers()
    order = seen.page.get_by_label("차례")
    assert order.bounding_box()["height"] >= 40  # type: ignore[index]
    assert not seen.page.get_by_role("button", name="문서번호").is_visible()
    for way in ("오름차순", "내림차순"):
        order.select_option(label=f"문서번호 {way}")
        assert seen.numbers() == sorted(every, reverse=way == "내림차순")
    assert seen.page.get_by_role("columnheader", name="문서번호").get_attribute("aria-sort") == "descending"
    seen.page.locator("#state").select_option(label="봉인")
    assert len(seen.numbers()) == 1
    seen.page.get_by_role("button", name="모두 보기").tap()
    assert len(seen.numbers()) == 8
    assert order.locator("option:checked").inner_text() == "문서번호 내림차순"
    order.select_option(label="지역과 번호 차례")
    assert seen.numbers() == every
    seen.page.set_viewport_size({"width": 1280, "height": 844})
    assert not order.is_visible()


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("name", ["index.html", "public/index.html"])
@pytest.mark.parametrize("how", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}], ids=str)
def test_accessible(campaign: Folder, browser: Browser, name: str, how: dict[str, Any]) -> None:
    seen = Seen(browser, board_of(campaign, name), bypass_csp=True, **how)
    assert violations(seen) == []
    seen.page.locator("#meanings summary").click()
    assert violations(seen) == []
    assert seen.sideways() == 0, "wider than the screen"


@pytest.mark.office
@pytest.mark.slow
def test_no_name_in_the_public_edition(campaign: Folder, browser: Browser) -> None:
    blob = board_of(campaign, "public/index.html").read_text(encoding="utf-8")
    names = [person for *_, person in PEOPLE.values()]
    assert all(one in board_of(campaign).read_text(encoding="utf-8") for one in names)
    assert not [one for one in (*names, "webp", ".pdf", ".docx") if one in blob]
    seen = Seen(browser, board_of(campaign, "public/index.html"))
    assert len(seen.numbers()) == 6
    assert seen.complaints == []


@pytest.mark.office
@pytest.mark.slow
def test_again_nothing_is_drawn_anew_and_what_is_gone_goes(campaign: Folder) -> None:
    pictures = board_of(campaign, "pages")
    before = {path: path.stat().st_mtime_ns for path in pictures.iterdir()}
    assert len(before) == 6
    campaign.run("board")
    assert {path: path.stat().st_mtime_ns for path in pictures.iterdir()} == before
    campaign.run("board", "--pictures", "0")
    assert list(pictures.iterdir()) == []
    campaign.run("board", "--lang", "ko")


@pytest.mark.slow
def test_on_paper_a_row_stays_whole_and_words_are_explained(tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "index.html"
    reasons = (
        "처음",
        *(f"{place}번째 까닭은 이와 같이 조금 긴 말로 적혀 있습니다" for place in range(2, 12)),
        "마지막",
    )
    lines = tuple(replace(one, reasons=reasons) for one in made(60).lines)
    path.write_text(written(replace(made(60), lines=lines)), encoding="utf-8")
    seen = Seen(browser, path)
    with pypdfium2.PdfDocument(seen.page.pdf(prefer_css_page_size=True)) as paper:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in paper]
    begun, ended = ([sheet.count(one) for sheet in sheets] for one in ("처음", "마지막"))
    assert begun == ended
    assert sum(ended) == 60
    assert all(f"{place} / {len(sheets)}" in sheet for place, sheet in enumerate(sheets, 1))
    assert "한 쪽이라도 돌아온 문서입니다." in sheets[0]
    assert "돌아왔으나 쪽이나 서명이 빠져 있습니다." in "".join(sheets)
    assert seen.page.locator("#meanings[open]").count() == 0


@pytest.mark.slow
def test_on_paper_all_that_was_chosen_and_nothing_to_press(tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "index.html"
    path.write_text(written(made(900)), encoding="utf-8")
    seen = Seen(browser, path, color_scheme="dark")
    seen.page.get_by_role("button", name=re.compile("^서울")).click()
    seen.page.get_by_label("찾기").fill("정책협약서")
    assert len(seen.numbers()) == 100
    with pypdfium2.PdfDocument(seen.page.pdf(format="A4")) as paper:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in paper]
    text = "\n".join(sheets)
    assert all("문서번호" in sheet for sheet in sheets if "A-00" in sheet), "the head of the table on every page"
    numbers = sorted(re.findall(r"A-\d{7}-\d{4}", text))
    assert numbers == [f"A-0010100-{place:04}" for place in range(0, 900, 6)]
    assert "고른 조건: 정책협약서 · 서울특별시" in text
    assert not [one for one in ("찾기", "모두 보기", "이전", "상태의 뜻", "PDF") if one in text]
    assert len(seen.numbers()) == 100
    assert seen.complaints == []


# The goals are 2 s and 100 ms, which `python -m tools.prove_board` measures; these bounds hold on a busy machine, too,
# and still fail when every row is drawn.
LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
FILTERED = """text => {
  const field = document.getElementById("search"), begun = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  document.body.offsetHeight;
  return performance.now() - begun;
}"""


@pytest.mark.slow
def test_ten_thousand_documents(tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "index.html"
    path.write_text(written(made(10_000)), encoding="utf-8")
    seen = Seen(browser, path)
    assert seen.told() == "문서 10,000건 중 10,000건"
    assert seen.page.evaluate(LOADED) < 10_000
    assert max(seen.page.evaluate(FILTERED, text) for text in ("9", "99", "")) < 1_000
    assert len(seen.numbers()) == 100
    seen.page.get_by_role("button", name="다음").click()
    assert seen.numbers()[0] == "A-0410100-0100"
    seen.page.get_by_label("찾기").fill("4321번")
    assert seen.numbers() == ["A-0110100-4321"]
    seen.page.get_by_label("찾기").fill("")
    seen.page.emulate_media(media="print")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert seen.page.locator("#table tbody tr").count() == 10_000
    assert not seen.page.get_by_role("button", name="다음").is_visible()
    seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(seen.numbers()) == 100
    assert seen.complaints == []
