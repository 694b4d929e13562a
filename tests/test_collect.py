"""What came back: every sheet in one state, what is missing, what people decide."""

from __future__ import annotations

import dataclasses
import io
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from conftest import REPOSITORY, Folder
from hypothesis import given, settings
from hypothesis import strategies as st
from older import set_back

from pipeline.doors import office, review_page, workers
from pipeline.doors.books import missing_book, review_book
from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.pile import Orders, Source, write_pile
from pipeline.doors.scans.simulated.recipes import DEGRADATIONS
from pipeline.doors.scans.simulated.writing import png_bytes
from pipeline.korean.differences import differences
from pipeline.model.collected import CHOICES, About, Ask, Case, Collection, Decision, How, ReturnedFile, Ruling, Stage
from pipeline.model.documents import Edition, Job, PrintedPage, Reason
from pipeline.model.errors import Trouble
from pipeline.model.identity import PageCode, page_codes
from pipeline.model.scans import (
    Box,
    Change,
    DigitalSignature,
    IssuedPage,
    Judgement,
    Mark,
    Original,
    PageSeen,
    Place,
    Sheet,
    SheetSeen,
    Signature,
    SignBox,
    State,
    Verdict,
)
from pipeline.model.volumes import Edition as For
from pipeline.run import Options, collecting, make
from pipeline.run.collecting import collect as run_collect
from pipeline.run.deciding import Entered, decide, read_entered, write_book
from pipeline.run.outstanding import reminders, write_missing
from pipeline.steps.collect import accounts, collect
from pipeline.steps.compile import Evidence as Known
from pipeline.steps.compile import compile_volumes
from pipeline.steps.missing import missing

CAMPAIGN = "KSEN-2018"
NUMBER, OTHER = "A-4110100-0003", "A-4110200-0001"
BOXES = (SignBox("협약단체", "진하율", Box(25, 205, 75, 22)), SignBox("후보자", "어해", Box(110, 205, 75, 22)))


def issued(number: str = NUMBER, revision: int = 1, edition: int = 1, text: str = "본문") -> list[IssuedPage]:
    checks = (f"{revision:04d}{edition:03d}A", f"{revision:04d}{edition:03d}B")
    return [
        IssuedPage(number, revision, edition, page, 2, check, f"{text}{page}", BOXES if page == 2 else (), "a.pdf", "0")
        for page, check in enumerate(checks, start=1)
    ]


ISSUED = [*issued(text="옛글"), *issued(revision=2, edition=2), *issued(OTHER, edition=3)]
OLD, FIRST, SECOND = ISSUED[1], ISSUED[2], ISSUED[3]
ABOUT = {
    number: About(number, "agreement", number[2:9], serial, "정책협약서", "경기도 수원시", "경기남부협의회")
    for serial, number in enumerate((NUMBER, OTHER), start=1)
}


def code(page: IssuedPage, campaign: str = CAMPAIGN, check: str = "") -> str:
    return PageCode(campaign, page.number, page.revision, page.page, page.pages, check or page.check).payload


def judgement(
    page: IssuedPage, signed: str = "ss", marks: tuple[Mark, ...] = (), quality: float = 0.5, *, one_bit: bool = False
) -> Judgement:
    verdicts = {"s": Verdict.SIGNED, "e": Verdict.EMPTY, "?": Verdict.ASK}
    boxes = tuple(
        Signature(box.side, box.name, verdicts[sign], 1.0, box.box)
        for box, sign in zip(page.boxes, signed, strict=False)
    )
    return Judgement(boxes, marks, one_bit, registered=True, quality=quality)


def seen(page: IssuedPage, signed: str = "ss", marks: tuple[Mark, ...] = (), quality: float = 0.5) -> SheetSeen:
    return SheetSeen(code(page), judgement=judgement(page, signed, marks, quality))


def file(name: str, *sheets: SheetSeen | PageSeen, signatures: tuple[DigitalSignature, ...] = ()) -> ReturnedFile:
    digest = name.encode().hex().ljust(64, "0")[:64]
    pages = tuple(
        dataclasses.replace(one, page=number) if isinstance(one, PageSeen) else PageSeen(number, (one,))
        for number, one in enumerate(sheets, start=1)
    )
    return ReturnedFile(Original(digest, f"{name}.pdf", 10, len(pages), signatures), pages)


def sort(*files: ReturnedFile, decisions: tuple[Decision, ...] = ()) -> Collection:
    collection, findings = collect(files, ISSUED, CAMPAIGN, decisions)
    assert not [one.code for one in findings if one.code in {"return.accounts", "return.unread"}]
    return collection


def states(collection: Collection) -> list[str]:
    return [one.state.value for one in collection.sheets]


def asked(collection: Collection) -> list[Ask]:
    return [one.ask for one in collection.cases]


def stage(collection: Collection, number: str = NUMBER) -> Stage:
    return next(one.stage for one in missing(collection, ISSUED, ABOUT) if one.about.number == number)


def rule(case: Case, ruling: Ruling, **more: object) -> Decision:
    return Decision(case.key, ruling, "김담당", **more)  # type: ignore[arg-type]


STRUCK = Mark(Change.STRUCK, Box(30, 100, 60, 4), "마을기업육성")


def test_a_paper_whose_pages_came_back_signed_is_complete():
    done = sort(file("a", seen(SECOND)), file("b", seen(FIRST)))
    assert states(done) == ["matched", "matched"]
    assert (asked(done), stage(done), stage(done, OTHER)) == ([], Stage.COMPLETE, Stage.NOTHING)


GOLDEN = {
    "blank": (PageSeen(1, (SheetSeen(),), blank=True), State.BLANK, []),
    "unreadable": (SheetSeen(), State.UNREADABLE, [Ask.UNREADABLE]),
    "suggested": (SheetSeen(suggestion=NUMBER), State.UNREADABLE, [Ask.UNREADABLE]),
    "foreign": (PageSeen(1, (SheetSeen(),), foreign_codes=("https://example.org",)), State.FOREIGN, []),
    "foreign with our number": (
        PageSeen(1, (SheetSeen(suggestion=NUMBER),), foreign_codes=("x",)),
        State.UNREADABLE,
        [Ask.UNREADABLE],
    ),
    "other campaign": (SheetSeen(code(SECOND, "KSEN-2014")), State.OTHER_CAMPAIGN, []),
    "wrong check": (SheetSeen(code(SECOND, check="0000000Z")), State.FOREIGN, [Ask.FORGED]),
    "older": (SheetSeen(code(OLD)), State.OLDER, [Ask.OLDER]),
    "signed": (seen(SECOND), State.MATCHED, []),
    "doubtful": (seen(SECOND, "s?"), State.MATCHED, [Ask.SIGNATURE]),
    "empty": (seen(SECOND, "se"), State.MATCHED, []),
    "struck": (seen(FIRST, marks=(STRUCK,)), State.MATCHED, [Ask.STRUCK]),
    "not compared": (SheetSeen(code(FIRST)), State.MATCHED, [Ask.UNJUDGED_PAGE]),
    "black and white": (
        SheetSeen(code(FIRST), judgement=judgement(FIRST, one_bit=True)),
        State.MATCHED,
        [Ask.ONE_BIT_PAGE],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str):
    page, state, cases = GOLDEN[name]
    result = sort(file("a", page))
    assert (states(result), asked(result)) == ([state.value], cases)


def test_a_forged_code_is_told():
    _, findings = collect([file("a", SheetSeen(code(SECOND, check="0000000Z")))], ISSUED, CAMPAIGN)
    assert [one.code for one in findings] == ["return.forged"]


def test_an_older_page_says_what_has_changed_and_is_settled_by_the_present_one():
    older = file("a", SheetSeen(code(OLD)))
    assert sort(older).cases[0].words == "[옛글 → 본문]2"
    assert asked(sort(older, file("b", seen(SECOND)))) == []


@pytest.mark.parametrize(
    ("decided", "state", "of_paper"), [(False, "older", Stage.WAITING), (True, "discarded", Stage.NOTHING)]
)
def test_a_revision_without_a_pdf_makes_the_one_before_older(*, decided: bool, state: str, of_paper: Stage):
    """Else people would be told that a text nobody has seen is complete, and a volume would hold the old one."""
    back, revisions = (file("a", seen(FIRST)), file("b", seen(SECOND))), {NUMBER: 3, OTHER: 1}
    collection, _ = collect(back, ISSUED, CAMPAIGN, (), revisions)
    assert [(one.ask, one.words) for one in collection.cases] == [(Ask.OLDER, "")] * 2
    if decided:
        rulings = [rule(case, Ruling.DISCARD) for case in collection.cases]
        collection, _ = collect(back, ISSUED, CAMPAIGN, rulings, revisions)
    papers = missing(collection, ISSUED, ABOUT)
    (paper,) = (one for one in papers if one.about.number == NUMBER)
    assert (states(collection), paper.stage) == ([state] * 2, of_paper)
    assert (paper.missing_pages, len(paper.missing_signatures)) == ((1, 2), 2)
    known = Known(collection, papers, ISSUED, revisions, ABOUT, {}, {}, ["agreement"], lists_unsigned=False)
    for volume in compile_volumes(known, For.INTERNAL):
        leaves = {one.about.number: [leaf.revision for leaf in one.leaves] for one in volume.papers}
        assert leaves == {NUMBER: [], OTHER: [1, 1]}
        assert NUMBER in {one.about.number for one in volume.open}


def test_an_older_page_that_is_accepted_counts_and_its_boxes_are_asked_about():
    older = file("a", SheetSeen(code(OLD)))
    accepted = sort(older, decisions=(rule(sort(older).cases[0], Ruling.ACCEPT),))
    assert states(accepted) == ["matched"]
    assert sorted(asked(accepted)) == sorted([Ask.UNJUDGED, Ask.UNJUDGED, Ask.UNJUDGED_PAGE])


@pytest.mark.parametrize(
    ("at", "decided"),
    [("2018-05-31T23:59:59+00:00", "older"), ("2018-06-01T00:00:00+00:00", "matched"), ("", "matched")],
)
def test_an_older_page_is_accepted_for_the_text_that_was_there_then(at: str, decided: str):
    """Else a text that nobody has signed, of the next revision, would count as signed."""
    older = file("a", SheetSeen(code(OLD)))
    ruling = rule(sort(older).cases[0], Ruling.ACCEPT, at=at)
    collection, _ = collect([older], ISSUED, CAMPAIGN, [ruling], {}, {NUMBER: "2018-06-01T00:00:00+00:00"})
    assert states(collection) == [decided]
    assert (asked(collection) == [Ask.OLDER]) == (decided == "older")


@pytest.mark.parametrize(("at", "decided"), [("2018-05-31T23:59:59+00:00", "unreadable"), ("", "matched")])
def test_a_page_without_a_code_is_placed_for_the_text_that_was_there_then(at: str, decided: str):
    lost = file("a", SheetSeen())
    ruling = rule(sort(lost).cases[0], Ruling.MATCH, number=NUMBER, page=1, at=at)
    collection, _ = collect([lost], ISSUED, CAMPAIGN, [ruling], {}, {NUMBER: "2018-06-01T00:00:00+00:00"})
    assert states(collection) == [decided]


def test_a_copy_signed_by_more_that_came_after_another_was_taken_is_asked_about():
    early = [file("a", seen(SECOND, "se")), file("b", seen(SECOND, "se", (STRUCK,)))]
    (taken, *_) = (one for one in sort(*early).cases if one.ask is Ask.CONFLICT)
    took = rule(taken, Ruling.TAKE)
    assert Ask.CONFLICT not in asked(sort(*early, decisions=(took,)))
    result = sort(*early, file("c", seen(SECOND)), decisions=(took,))
    (later,) = (one for one in result.cases if one.ask is Ask.CONFLICT)
    assert later.place.original.startswith(b"c".hex())
    again = sort(*early, file("c", seen(SECOND)), decisions=(took, rule(later, Ruling.TAKE)))
    assert [one.verdict for one in again.signed[NUMBER]] == [Verdict.SIGNED] * 2
    assert Ask.CONFLICT not in asked(again)
    kept = sort(*early, file("c", seen(SECOND)), decisions=(took, rule(later, Ruling.DISCARD)))
    assert Ask.CONFLICT not in asked(kept)


def test_of_two_copies_the_one_with_more_signatures_counts_then_the_better_picture():
    result = sort(file("a", seen(SECOND, "se", quality=0.9)), file("b", seen(SECOND, quality=0.2)))
    assert states(result) == ["duplicate", "matched"]
    assert result.sheets[0].better == result.sheets[1].place
    assert asked(result) == []
    result = sort(file("a", seen(SECOND, quality=0.9)), file("b", seen(SECOND, quality=0.2)))
    assert states(result) == ["matched", "duplicate"]


@pytest.mark.parametrize(
    "others", [(seen(SECOND, "se"), seen(SECOND, "es")), (seen(FIRST), seen(FIRST, "", (STRUCK,)))]
)
def test_copies_that_contradict_each_other_wait_for_a_person(others: tuple[SheetSeen, SheetSeen]):
    files = [file("a", others[0]), file("b", others[1])]
    result = sort(*files)
    conflicts = [one for one in result.cases if one.ask is Ask.CONFLICT]
    assert len(conflicts) == 2
    chosen = conflicts[1]
    result = sort(*files, decisions=(rule(chosen, Ruling.TAKE),))
    assert Ask.CONFLICT not in asked(result)
    assert [one.place for one in result.sheets if one.state is State.MATCHED] == [chosen.place]
    result = sort(*files, decisions=(rule(conflicts[0], Ruling.DISCARD),))
    assert sorted(states(result)) == ["discarded", "matched"]


SEATS = (SignBox("협약단체", "진하율", Box(25, 205, 75, 22)), SignBox("협약단체", "진하율", Box(110, 205, 75, 22)))


@pytest.fixture
def for_two_bodies(monkeypatch: pytest.MonkeyPatch) -> IssuedPage:
    """One person represents two organisations: two boxes of one side and name, beside the candidate's."""
    page = dataclasses.replace(SECOND, boxes=(*SEATS, SignBox("후보자", "어해", Box(25, 240, 75, 22))))
    monkeypatch.setitem(globals(), "ISSUED", [page if one is SECOND else one for one in ISSUED])
    return page


@pytest.mark.parametrize("signs", ["ess", "ses", "sse"])
def test_boxes_of_one_name_are_judged_each_for_itself(for_two_bodies: IssuedPage, signs: str):
    back = sort(file("a", seen(FIRST)), file("b", seen(for_two_bodies, signs)))
    wanted = [{"s": Verdict.SIGNED, "e": Verdict.EMPTY}[sign] for sign in signs]
    assert [one.verdict for one in back.signed[NUMBER]] == wanted
    (paper,) = [one for one in missing(back, ISSUED, ABOUT) if one.about.number == NUMBER]
    assert (paper.stage, [one.verdict for one in paper.missing_signatures]) == (Stage.SIGNATURES, [Verdict.EMPTY])
    whole = sort(file("a", seen(FIRST)), file("b", seen(for_two_bodies, "sss")))
    assert stage(whole) is Stage.COMPLETE


@pytest.mark.parametrize("doubtful", [0, 1])
def test_of_boxes_of_one_name_the_doubtful_one_is_asked_about(for_two_bodies: IssuedPage, doubtful: int):
    files = [file("a", seen(FIRST)), file("b", seen(for_two_bodies, "?ss" if doubtful == 0 else "s?s"))]
    (case,) = sort(*files).cases
    assert case.box == SEATS[doubtful].box
    assert stage(sort(*files, decisions=(rule(case, Ruling.UNSIGNED),))) is Stage.SIGNATURES
    assert stage(sort(*files, decisions=(rule(case, Ruling.SIGNED),))) is Stage.COMPLETE


def test_two_scans_of_a_page_with_boxes_of_one_name_are_copies(for_two_bodies: IssuedPage):
    first = file("a", seen(for_two_bodies, "sss"), seen(FIRST))
    better = sort(first, file("b", seen(for_two_bodies, "ses", quality=0.9)))
    assert (asked(better), stage(better)) == ([], Stage.COMPLETE)
    assert len(better.signed[NUMBER]) == 3
    unlike = sort(file("a", seen(for_two_bodies, "ses")), file("b", seen(for_two_bodies, "ess")))
    assert asked(unlike) == [Ask.CONFLICT] * 2


def test_two_papers_on_one_photo_are_two_sheets():
    both = PageSeen(1, (seen(SECOND), SheetSeen(code(ISSUED[5]), judgement=judgement(ISSUED[5]))))
    result = sort(file("a", both))
    assert {(one.page.number, one.page.page) for one in result.sheets if one.page} == {(NUMBER, 2), (OTHER, 2)}


def test_a_page_that_a_person_placed_is_asked_about_and_then_complete():
    lost = file("a", SheetSeen())
    placed = rule(sort(lost).cases[0], Ruling.MATCH, number=NUMBER, page=2)
    result = sort(lost, file("b", seen(FIRST)), decisions=(placed,))
    assert states(result) == ["matched", "matched"]
    answers = [rule(one, Ruling.UNCHANGED if one.ask is Ask.UNJUDGED_PAGE else Ruling.SIGNED) for one in result.cases]
    result = sort(lost, file("b", seen(FIRST)), decisions=(placed, *answers))
    assert (asked(result), stage(result)) == ([], Stage.COMPLETE)
    assert {one.how for one in result.signed[NUMBER]} == {How.PERSON}


def test_a_struck_pledge_never_passes():
    files = [file("a", seen(FIRST, marks=(STRUCK,))), file("b", seen(SECOND))]
    result = sort(*files)
    assert stage(result) is Stage.WAITING
    assert stage(sort(*files, decisions=(rule(result.cases[0], Ruling.CHANGED),))) is Stage.CHANGED
    assert stage(sort(*files, decisions=(rule(result.cases[0], Ruling.UNCHANGED),))) is Stage.COMPLETE


def test_signed_papers_with_missing_pages_and_unsigned_ones():
    assert stage(sort(file("a", seen(SECOND)))) is Stage.PAGES
    assert stage(sort(file("a", seen(SECOND, "se")))) is Stage.SIGNATURES


def sealed(signer: str = "CN=어해,O=x", **more: object) -> tuple[DigitalSignature, ...]:
    facts = {"signed_at": "", "intact": True, "whole_file": True, "changes": ""} | more
    return (DigitalSignature("CN=진하율(JIN)0041", **facts), DigitalSignature(signer, **facts))  # type: ignore[arg-type]


def test_a_digital_signature_counts_for_the_box_of_that_name_only():
    pages = (seen(FIRST), seen(SECOND, "ee"))
    result = sort(file("a", *pages, signatures=sealed()))
    assert (asked(result), stage(result)) == ([], Stage.DIGITAL)
    result = sort(file("a", *pages, signatures=sealed("CN=다른이")))
    assert asked(result) == [Ask.OTHER_SIGNER]


@pytest.mark.parametrize("broken", [{"intact": False}, {"whole_file": False}, {"changes": "pages were added"}])
def test_a_broken_seal_waits_for_a_person(broken: dict[str, object]):
    pages = (seen(FIRST), seen(SECOND, "ee"))
    signed = file("a", *pages, signatures=sealed(**broken))
    result = sort(signed)
    assert asked(result) == [Ask.BROKEN_SEAL]
    accepted = sort(signed, decisions=(rule(result.cases[0], Ruling.SIGNED),))
    assert stage(accepted) is Stage.DIGITAL
    refused = sort(signed, decisions=(rule(result.cases[0], Ruling.UNSIGNED),))
    assert stage(refused) is Stage.SIGNATURES


def test_a_change_that_a_person_confirmed_is_told_of_its_paper():
    first = sort(file("a", seen(FIRST, marks=(STRUCK,))))
    (case,) = [one for one in first.cases if one.ask is Ask.STRUCK]
    _, findings = collect([file("a", seen(FIRST, marks=(STRUCK,)))], ISSUED, CAMPAIGN, [rule(case, Ruling.CHANGED)])
    assert [(one.code, one.subject) for one in findings] == [("return.changed", NUMBER)]


def test_the_accounts_find_a_sheet_without_a_state_and_a_page_that_was_not_read():
    whole = file("a", seen(FIRST), seen(SECOND))
    sheets = sort(whole).sheets
    assert [one.code for one in accounts([whole], sheets[:1])] == ["return.accounts"]
    assert [one.code for one in accounts([whole], (*sheets, sheets[0]))] == ["return.accounts"]
    short = dataclasses.replace(whole, original=dataclasses.replace(whole.original, pages=3))
    assert [one.code for one in accounts([short], sheets)] == ["return.unread"]


ANY_SHEET = st.one_of(
    st.sampled_from([one[0] for one in GOLDEN.values() if isinstance(one[0], SheetSeen)]),
    st.builds(
        seen,
        st.sampled_from([SECOND, ISSUED[5]]),
        st.sampled_from(["ss", "se", "es", "ee", "s?", "??"]),
        st.sampled_from([(), (STRUCK,)]),
        st.sampled_from([0.1, 0.5]),
    ),
)
ANY_PAGE = st.builds(
    PageSeen,
    st.just(1),
    st.lists(ANY_SHEET, min_size=1, max_size=2).map(tuple),
    st.booleans(),
    st.sampled_from([(), ("x",)]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(ANY_PAGE, max_size=4), max_size=5), st.randoms(), st.data())
def test_any_mixture_adds_up_and_order_does_not_matter(batches, random, data):
    files = [file(f"f{number}", *pages) for number, pages in enumerate(batches)]
    first = sort(*files)
    drawn = {one.key: data.draw(st.sampled_from(CHOICES[one.ask])) for one in first.cases if data.draw(st.booleans())}
    decisions = tuple(Decision(key, ruling, "x", "", NUMBER, 2) for key, ruling in drawn.items())
    result = sort(*files, decisions=decisions)
    random.shuffle(files)
    assert sort(*files, decisions=decisions) == result
    assert len(result.sheets) == sum(len(page.sheets) for one in files for page in one.pages)
    matched = Counter(
        (one.page.number, one.page.page) for one in result.sheets if one.state is State.MATCHED and one.page
    )
    assert set(matched.values()) <= {1}
    keys = [one.key for one in result.cases]
    assert len(keys) == len(set(keys))
    assert not set(keys) & {key for key, ruling in drawn.items() if ruling is not Ruling.ACCEPT}
    for paper in missing(result, ISSUED, ABOUT):
        assert paper.stage.is_done <= (not paper.missing_pages and not paper.missing_signatures)


# --- the register ------------------------------------------------------------------------------------------------


def test_the_register_gives_back_what_was_read_and_reading_twice_changes_nothing(tmp_path: Path):
    one = file(
        "가",
        seen(SECOND, "s?", (STRUCK,)),
        PageSeen(2, (SheetSeen(),), foreign_codes=("x",), blank=True, problem="why"),
        signatures=sealed(),
    )
    decision = Decision("a", Ruling.MATCH, "김담당", "2018-05-23", NUMBER, 2, "=1+1")
    for _ in range(2):
        with Register(tmp_path) as register:
            register.record_original(one.original, "pdf", "2018-05-23")
            register.record_pages(one.original.sha256, one.pages, 1)
    with Register(tmp_path) as register:
        register.record_decisions([decision])
        assert register.returned(1) == {one.original.sha256: one}
        assert register.returned(2) == {one.original.sha256: dataclasses.replace(one, pages=())}
        assert register.decisions() == [decision]


@pytest.mark.parametrize("layout", [1, 2, 3, 4, 5])
def test_a_register_of_an_earlier_layout_gets_what_was_added(tmp_path: Path, layout: int):
    with Register(tmp_path):
        pass
    set_back(tmp_path / "register.sqlite", layout)
    with Register(tmp_path) as register:
        assert register.decisions() == []
        assert register.gone_out() == frozenset()
        assert register._db.execute("PRAGMA user_version").fetchone() == (6,)


# --- the review table --------------------------------------------------------------------------------------------


def fill(path: Path, values: dict[str, dict[str, object]]) -> None:
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = {cell.value: cell.column for cell in page[3]}
    for row in range(4, page.max_row + 1):
        for header, value in values.get(page.cell(row, head["사례"]).value, {}).items():
            page.cell(row, head[header]).value = value
    book.save(path)


def resaved(path: Path, kind: str) -> None:
    with_profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [
        office.find_office(),
        with_profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        path.parent / "o",
        path,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = path.parent / "o" / f"review.{kind}"
    path.unlink()
    made.rename(path.with_suffix(f".{kind}"))


@pytest.mark.parametrize(
    "kind", ["", pytest.param("xlsx", marks=pytest.mark.office), pytest.param("ods", marks=pytest.mark.office)]
)
def test_a_review_through_the_table(tmp_path: Path, kind: str):
    files = [file("a", seen(FIRST, marks=(STRUCK,)), seen(SECOND, "??")), file("=b", SheetSeen(), SheetSeen())]
    cases = {one.key: one for one in sort(*files).cases}
    struck, *signs = (one for one in cases.values() if one.page)
    lost, other = (one for one in cases.values() if not one.page)
    signs.sort(key=lambda one: one.key)
    path = tmp_path / "outputs/review/review.xlsx"
    write_book(tmp_path / "outputs", list(cases.values()), Entered(), [], {}, str)
    fill(
        path,
        {
            struck.key: {"결정": "변경 아님", "정한 사람": "김담당", "메모": "얼룩"},
            signs[0].key: {"결정": "서명있음", "정한 사람": "김담당"},
            signs[1].key: {"결정": "서명 없음"},
            lost.key: {"결정": "이 문서", "정한 사람": "김담당", "문서번호(결정)": OTHER.lower(), "쪽(결정)": 2},
            other.key: {"결정": "이 문서", "정한 사람": "김담당", "문서번호(결정)": "A-1", "쪽(결정)": 2},
        },
    )
    if kind:
        resaved(path, kind)
    entered = read_entered(tmp_path)
    pages = {(one.number, one.page) for one in ISSUED}
    new, findings = decide(entered, cases, [], pages, "2018-05-23")
    assert {(one.case, one.ruling, one.number, one.page) for one in new} == {
        (struck.key, Ruling.UNCHANGED, "", 0),
        (signs[0].key, Ruling.SIGNED, "", 0),
        (lost.key, Ruling.MATCH, OTHER, 2),
    }
    assert {one.at for one in new} == {"2018-05-23"}
    assert sorted(one.code for one in findings) == ["review.page", "review.who"]
    assert all(one.cell and one.cell.row > 3 and one.cell.column for one in findings)
    # A run that died here reads the same rows again.
    again, _ = decide(entered, cases, new, pages, "later")
    assert again == []
    left = sort(*files, decisions=tuple(new)).cases
    assert write_book(tmp_path / "outputs", left, entered, new, {}, str) == []
    kept = {row.cells["사례"]: row.cells for _, _, row, _ in read_entered(tmp_path).rows}
    assert kept[signs[1].key]["결정"] == "서명 없음"
    assert struck.key not in kept
    assert not (tmp_path / "outputs/review/review.ods").exists()


def test_two_rows_that_contradict_each_other_decide_nothing(tmp_path: Path):
    case = sort(file("a", seen(SECOND, "s?"))).cases[0]
    kept = {case.key: {"결정": "서명 있음", "정한 사람": "김담당"}}
    write_book(tmp_path / "outputs", [case], Entered(), [], {}, str)
    path = tmp_path / "outputs/review/review.xlsx"
    fill(path, kept)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.append([cell.value for cell in page[4]])
    page.cell(5, [cell.value for cell in page[3]].index("결정") + 1).value = "서명 없음"
    book.save(path)
    new, findings = decide(read_entered(tmp_path), {case.key: case}, [], (), "")
    assert (new, [one.code for one in findings]) == ([], ["review.twice"])


def test_wrong_entries_are_told_with_their_cell(tmp_path: Path):
    case = sort(file("a", seen(SECOND, "s?"))).cases[0]
    kept = {case.key: {"결정": "제외", "정한 사람": "김담당"}}
    write_book(tmp_path / "outputs", [case], Entered(), [], {}, str)
    path = tmp_path / "outputs/review/review.xlsx"
    fill(path, kept)
    entered = read_entered(tmp_path)
    _, findings = decide(entered, {case.key: case}, [], (), "")
    assert [one.code for one in findings] == ["review.decision"]
    _, findings = decide(entered, {}, [], (), "")
    assert [one.code for one in findings] == ["review.case"]
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_cols(11)
    book.save(path)
    with pytest.raises(Trouble) as caught:
        read_entered(tmp_path)
    assert caught.value.finding.code == "review.columns"


def test_the_table_holds_no_formula_and_only_fitting_choices():
    row = {review_book.CASE: "k", review_book.FILE: '=HYPERLINK("x")', review_book.NOTE: "+1"}
    blob = review_book.review_book([row], {"k": CHOICES[Ask.INK]}, [("k", "=1", "", "", "", "", "")], {}, str)
    book = openpyxl.load_workbook(io.BytesIO(blob))
    assert not [cell for page in book for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    rules = book.worksheets[0].data_validations.dataValidation
    assert [one.formula1 for one in rules] == ['"변경 아님,고쳐 씀"']


def test_the_page_escapes_what_it_shows():
    evil = '<script>alert("1")</script>'
    shown = review_page.Shown("k", evil, evil, "1", evil, evil, (evil,), ('a".png',))
    page = review_page.review_page([(evil, [shown])], {"matched": 1}, "ko", str).decode()
    assert "<script" not in page
    assert "Content-Security-Policy" in page
    assert 'src="a&quot;.png"' in page


# --- what is missing ---------------------------------------------------------------------------------------------


def test_reminders_name_what_is_outstanding_and_no_party(tmp_path: Path):
    papers = missing(sort(file("a", seen(SECOND, "se"))), ISSUED, ABOUT)
    ((name, text),) = reminders(papers, "", str)
    assert name == "경기남부협의회.txt"
    assert NUMBER in text
    assert "후보자 어해" in text
    assert "pages: 1" in text
    assert "nothing of it has come back (2 pages)" in text
    assert "Where to" not in text
    ((_, told),) = reminders(papers, "scan@example.org", str)
    assert "Where to: scan@example.org" in told.splitlines()
    (tmp_path / "missing/reminders").mkdir(parents=True)
    (tmp_path / "missing/reminders/다른곳.txt").write_text("x", encoding="utf-8")
    write_missing(tmp_path, papers, "", str)
    assert [path.name for path in (tmp_path / "missing/reminders").iterdir()] == [name]
    table = (tmp_path / "missing/missing.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert len(table) == 3
    book = openpyxl.load_workbook(tmp_path / "missing/missing.xlsx")
    assert [cell.value for cell in book.worksheets[1][3]][2:] == [1, 0, 1, 1, 1]


def test_csv_is_defused():
    assert missing_book.as_csv([("=1", 'a"b', "a,b")]) == '\ufeff\'=1,"a""b","a,b"\r\n'.encode()


def test_differences_are_short():
    assert differences("가나다라마바사", "가나다라마바아") == "가나다라마바[사 → 아]"
    assert differences("", "가" * 100) == f"[ → {'가' * 60}…]"
    assert differences("가나A-4200-0001·1판·2쪽", "가다A-4200-0001·2판·2쪽") == "가[나 → 다]A-4200"
    assert differences("A-4200-0001·1판·2쪽", "A-4200-0001·2판·2쪽") == ""


def test_a_place_has_a_name():
    assert Place("0123456789abcdef", 3).key == "0123456789-0003-1"
    assert Sheet(Place("0", 1), "a", SheetSeen(), State.BLANK).page is None


# --- the whole way -----------------------------------------------------------------------------------------------


def test_nothing_can_be_collected_before_anything_was_issued(folder: Folder):
    outcome = run_collect(Options(folder.root), lambda *_: None, str)
    assert [one.code for one in outcome.findings] == ["return.unissued"]


def test_an_empty_folder_and_a_reader_that_breaks_down(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    (folder.root / "outputs").mkdir()
    with Register(folder.root / "outputs") as register:
        record(register, "TEST-2018")
    outcome = run_collect(Options(folder.root), lambda *_: None, str)
    assert [one.code for one in outcome.findings] == ["return.nothing"]
    folder.write("inputs/signed/a.png", png_bytes(np.full((300, 200, 3), 255, np.uint8)))
    monkeypatch.setattr(workers, "run", lambda _work, tasks, *_: ((one, workers.LOST) for one in tasks))
    outcome = run_collect(Options(folder.root), lambda *_: None, str)
    assert "return.worker" in [one.code for one in outcome.findings]
    assert outcome.collection
    assert [one.state for one in outcome.collection.sheets] == [State.UNREADABLE]


@pytest.mark.parametrize("name", ["review.xlsx", "review.csv"])
def test_what_a_person_saves_while_it_works_is_kept_and_told(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str
):
    (folder.root / "outputs").mkdir()
    with Register(folder.root / "outputs") as register:
        record(register, "TEST-2018")
    folder.write("inputs/signed/a.png", png_bytes(np.full((300, 200, 3), 255, np.uint8)))
    monkeypatch.setattr(workers, "run", lambda _work, tasks, *_: ((one, workers.LOST) for one in tasks))
    first = run_collect(Options(folder.root), lambda *_: None, str)
    assert first.collection
    (case,) = first.collection.cases
    table = folder.root / "outputs/review/review.xlsx"
    saved: list[bytes] = []
    draw = collecting._draw

    def draw_slowly(*arguments: Any) -> None:
        if name == table.name:
            fill(table, {case.key: {"결정": "제외", "정한 사람": "김담당"}})
        else:
            table.with_name(name).write_text("사례,결정", encoding="utf-8")
        saved.append(table.with_name(name).read_bytes())
        draw(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "_draw", draw_slowly)
        outcome = run_collect(Options(folder.root), lambda *_: None, str)
    (told,) = (one for one in outcome.findings if one.code == "file.meanwhile")
    kept = table.with_name(str(told.params["kept"]))
    assert (str(told.cell), kept.read_bytes()) == (f"outputs/review/{name}", saved[0])
    assert outcome.collection == first.collection
    if name == table.name:
        kept.replace(table)
        outcome = run_collect(Options(folder.root), lambda *_: None, str)
        assert outcome.collection
        assert outcome.collection.cases == ()
    again = run_collect(Options(folder.root), lambda *_: None, str)
    assert "file.meanwhile" not in [one.code for one in again.findings]


def record(register: Register, campaign: str) -> None:
    """One issued paper of one page."""
    (code,) = page_codes(campaign, "A-1100-0001", 1, ["본문"])
    job = Job(
        campaign,
        "agreement",
        "101",
        "A-1100-0001",
        1,
        1,
        "이름",
        "1100",
        "서울",
        {},
        "f",
        "a.docx",
        "a.pdf",
        Reason.NEW,
    )
    edition = Edition("d", "p", (PrintedPage(code.check, "본문"),), "LibreOffice", "2018-05-01T00:00:00+00:00")
    register.record([(job, edition)])


@pytest.mark.office
@pytest.mark.slow
def test_a_pile_is_collected_and_a_second_run_changes_nothing(tmp_path: Path):
    root = tmp_path
    for name in ("inputs", "templates"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("signed"))
    made = make(Options(root, only="종로구", jobs=1), ["agreement"], lambda *_: None)
    assert made.made
    with Register(root / "outputs") as register:
        pages = register.issued_pages()
    sources = [
        Source(
            root / "outputs" / one.pdf,
            one.page,
            PageCode("KSEN-2018", one.number, one.revision, one.page, one.pages, one.check).payload,
            one.boxes,
        )
        for one in pages
    ]
    orders = Orders(lost=1, duplicated=1, blank=1, foreign=1, foreign_code=1, other_campaign=1, forged=1)
    orders = dataclasses.replace(orders, degradations=("clean",) if "clean" in DEGRADATIONS else orders.degradations)
    write_pile(root / "inputs/signed", sources, orders, 5)
    first = run_collect(Options(root, jobs=1), lambda *_: None, str)
    assert first.collection
    assert {"return.campaign", "return.forged", "return.open"} <= {one.code for one in first.findings}
    found = Counter(one.state for one in first.collection.sheets)
    assert found[State.MATCHED] == len(pages) - 1
    assert (found[State.DUPLICATE], found[State.BLANK], found[State.OTHER_CAMPAIGN]) == (1, 1, 1)
    assert found.total() == len(pages) - 1 + 1 + 5
    before = {path: path.read_bytes() for path in (root / "outputs/originals").iterdir()}
    assert before
    second = run_collect(Options(root, jobs=1), lambda *_: None, str)
    assert second.collection == first.collection
    assert {path: path.read_bytes() for path in (root / "outputs/originals").iterdir()} == before
    shutil.rmtree(root / "inputs/signed")
    assert run_collect(Options(root, jobs=1), lambda *_: None, str).collection == first.collection
    lost = root / "outputs" / pages[0].pdf
    with Register(root / "outputs") as register:
        register._db.execute("DELETE FROM readings")
    lost.rename(lost.with_suffix(".away"))
    assert "return.lost_pdf" in [one.code for one in run_collect(Options(root, jobs=1), lambda *_: None, str).findings]
    next(iter(before)).write_bytes(b"x")
    assert "return.kept" in [one.code for one in run_collect(Options(root, jobs=1), lambda *_: None, str).findings]
