"""A paper that has gone out is never overwritten: what changes beside what becomes of it, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import bound
import pytest
from conftest import Folder, word

from pipeline.doors.register import Register
from pipeline.doors.word import template
from pipeline.model.changes import Difference, differences
from pipeline.model.deliveries import Delivery

GOVERNOR = "agreements/서울특별시/A-1100-0001_서울특별시장_남궁한결"
MAYOR = "agreements/서울특별시/종로구/A-4110100-0001_종로구청장_서다온"
AT = "2026-05-01T00:00:00+00:00"


@pytest.fixture
def delivered(folder: Folder) -> Folder:
    """Three papers; the governor's was handed over."""
    folder.no_office("make")
    deliver(folder, "A-1100-0001", 1)
    return folder


def deliver(folder: Folder, number: str, revision: int) -> None:
    with Register(folder.root / "outputs") as register:
        register.record_deliveries([Delivery(number, revision, "서울협의회", "by hand", AT)])


def planned(folder: Folder) -> dict[str, tuple[str, int, list[str]]]:
    """Number to reason, revision and what changed, of papers that would be made."""
    documents = folder.no_office("make", "--dry-run", "--json").json["documents"]
    return {
        one["number"]: (
            one["reason"],
            one["revision"],
            [f"{it['what']}: {it['before']} → {it['after']}".strip(" →") for it in one["changes"]],
        )
        for one in documents
        if one["reason"] not in {"current", "PDF waiting"}
    }


def answer(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")


def name(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "남궁한결", "남궁한솔")


def new_template(folder: Folder) -> None:
    folder.write("templates/agreement.docx", word("{{ 문서.제목 }} {{ 후보.이름 }}"))


def new_folder(folder: Folder) -> None:
    folder.change("inputs/campaign.toml", 'folder = "agreements"', 'folder = "협약서"')


def lost(folder: Folder) -> None:
    (folder.root / f"outputs/{GOVERNOR}.docx").unlink()


BOTH = "A-1100-0001", "A-1100-0002", "A-4110100-0001"
FIELD = "공통공약.2.의견: 예산 범위에서 한다. → 예산의 범위에서 한다."


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        (answer, {"A-1100-0001": ("text changed", 2, [FIELD])}),
        (new_template, {one: ("text changed", 2 if one == BOTH[0] else 1, ["template:"]) for one in BOTH}),
        (new_folder, dict.fromkeys(BOTH[1:], ("file name changed", 1))),
        (lost, {"A-1100-0001": ("file missing", 1, [f"file: {GOVERNOR}.docx"])}),
    ],
)
def test_what_changes_and_what_becomes_of_it(
    delivered: Folder, change: Callable[[Folder], None], becomes: Mapping[str, tuple[Any, ...]]
) -> None:
    change(delivered)
    found = planned(delivered)
    assert {key: value[: len(becomes[key])] for key, value in found.items()} == dict(becomes)


def test_the_text_that_went_out_stays_beside_the_new_one(delivered: Folder) -> None:
    before = delivered.outputs()
    answer(delivered)
    result = delivered.no_office("make", "--json")
    (warned,) = (one for one in result.json["findings"] if one["code"] == "plan.revised")
    assert (warned["subject"], warned["level"]) == ("A-1100-0001", "warning")
    after = delivered.outputs()
    assert after.keys() - before.keys() == {f"{GOVERNOR}_2판.docx"}
    assert {name: after[name] for name in before} == before
    assert planned(delivered) == {}
    # The second revision has not gone out: it may still change.
    delivered.change("inputs/answers.csv", "예산의 범위에서", "예산이 되는 대로")
    delivered.no_office("make")
    assert delivered.outputs().keys() == after.keys()
    assert delivered.outputs()[f"{GOVERNOR}_2판.docx"] != after[f"{GOVERNOR}_2판.docx"]
    deliver(delivered, "A-1100-0001", 2)
    answer_back(delivered)
    delivered.no_office("make")
    assert f"{GOVERNOR}_3판.docx" in delivered.outputs(), "what was said before is new again"


def answer_back(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "예산이 되는 대로", "예산 범위에서")


def test_a_paper_that_has_not_gone_out_is_replaced(delivered: Folder) -> None:
    before = delivered.outputs()
    delivered.change("inputs/candidates.csv", "서다온", "서가온")
    assert planned(delivered)["A-4110100-0001"][:2] == ("text changed", 1)
    delivered.no_office("make")
    assert before.keys() - delivered.outputs().keys() == {f"{MAYOR}.docx"}


def test_another_version_of_the_program_changes_no_paper_that_has_gone_out(
    delivered: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verdict import here

    monkeypatch.setattr(template, "RENDERER", "next")
    documents = here(delivered, "make", "--dry-run", "--json").json["documents"]
    assert {one["number"]: (one["reason"], one["revision"]) for one in documents} == {
        "A-1100-0001": ("PDF waiting", 1),
        "A-1100-0002": ("text changed", 1),
        "A-4110100-0001": ("text changed", 1),
    }
    assert [one["what"] for one in documents[1]["changes"]] == ["version of this program"]


def test_a_dry_run_says_which_field_changed(folder: Folder) -> None:
    folder.no_office("make")
    answer(folder)
    lines = folder.no_office("make", "--dry-run", "--lang", "ko").out.splitlines()
    at = lines.index(f"A-1100-0001\t내용 바뀜\toutputs/{GOVERNOR}.docx")
    assert lines[at + 1] == "    공통공약.2.의견: ‘예산 범위에서 한다.’ → ‘예산의 범위에서 한다.’"


def test_who_is_gone_stays_on_record_and_is_told(delivered: Folder) -> None:
    delivered.change("inputs/candidates.csv", "102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온\n", "")
    delivered.change("inputs/answers.csv", "102,1,수용,\n", "")
    before = delivered.outputs()
    result = delivered.no_office("make", "--json")
    told = {(one["code"], one["subject"]) for one in result.json["findings"]}
    assert ("plan.removed", "A-4110100-0001") in told
    assert delivered.outputs() == before
    delivered.change("inputs/campaign.toml", 'filter = { "협약" = "예" }', 'filter = { "선거종류" = "교육감" }')
    told = {(one["code"], one["subject"]) for one in delivered.no_office("make", "--json").json["findings"]}
    assert told >= {("plan.removed", "A-4110100-0001"), ("plan.filtered", "A-1100-0001")}


def test_a_row_that_cannot_be_read_was_not_taken_away(delivered: Folder) -> None:
    delivered.change("inputs/candidates.csv", "102,구·시·군의 장", "102,구청의 장")
    codes = {one["code"] for one in delivered.no_office("make", "--json").json["findings"]}
    assert "plan.removed" not in codes


# --- who is affected ---------------------------------------------------------------------------------------------


def affected(folder: Folder, *arguments: str) -> Any:
    return folder.run("affected", "--json", *arguments).json


def test_nobody_is_affected(delivered: Folder) -> None:
    said = affected(delivered)
    assert (said["affected"], [one["code"] for one in said["findings"]]) == ([], ["affected.nobody"])


def test_who_received_the_old_text(delivered: Folder) -> None:
    answer(delivered)
    delivered.no_office("make")
    (one,) = affected(delivered)["affected"]
    assert (one["number"], one["revision"], one["latest"], one["again"]) == ("A-1100-0001", 1, 2, False)
    assert one["received"] == [{"receiver": "서울협의회", "way": "by hand", "at": AT}]
    deliver(delivered, "A-1100-0001", 2)
    assert affected(delivered)["affected"][0]["again"]
    assert affected(delivered, "--only", "종로")["affected"] == []


@pytest.mark.office
@pytest.mark.slow
def test_who_signed_the_old_text_and_what_is_new_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two signed on paper and one by certificate; the last one's half is not what it was."""
    folder = bound.ready(tmp_path_factory)
    before = folder.outputs()
    folder.change("inputs/candidates.csv", "서다온", "서가온")
    folder.change("inputs/candidates.csv", "잃은이", "찾은이")
    assert folder.run("make").code == 0
    after = folder.outputs()
    old, lost_one = (next(one for one in before if one.endswith(f"{who}.pdf")) for who in ("서다온", "잃은이"))
    assert lost_one not in after, "it had not come back"
    assert after[old] == before[old]
    (one,) = affected(folder)["affected"]
    assert (one["came_back"], one["received"], one["latest"]) == (True, [], 2)
    assert "서다온" in one["signed"]
    assert "서[다 → 가]온" in one["words"]
    text = folder.run("affected", "--lang", "ko").out
    assert "1판 → 2판" in text
    assert "서명: " in text
    again = folder.run("collect", "--json")
    assert (again.code, again.json["counts"]["older"]) == (6, 5), "a person is asked what becomes of the old text"


# --- differences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"가": "1"}, {"가": "1"}, []),
        ({"가": {"나": "1"}}, {"가": {"나": "2"}}, [Difference("가.나", "1", "2")]),
        ({"가": ["1", "2"]}, {"가": ["1"]}, [Difference("가.2", "2", "")]),
        ({}, {"가": [{"나": True}]}, [Difference("가.1.나", "", "True")]),
        ({"문서": {"판": 1}}, {"문서": {"판": 2}}, []),
    ],
)
def test_differences(before: Mapping[str, Any], after: Mapping[str, Any], found: list[Difference]) -> None:
    assert list(differences(before, after)) == found
