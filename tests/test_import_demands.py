"""Demands: form exports gathered, numbered once, compared; what people decided is kept and reaches the proposals."""

from __future__ import annotations

import io
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import REPOSITORY, Folder
from verdict import Verdict, here, judge, workbook

from pipeline.doors.books import kept_books
from pipeline.korean.alike import NEAR, Shelf
from pipeline.model.choices import Decision
from pipeline.run import Options
from pipeline.run.importing import explain_file, import_demands
from pipeline.run.outcome import Outcome
from pipeline.run.preparing import prepare
from pipeline.steps.read_campaign import read_campaign
from tools.sample_demands import demands

KEPT = "inputs/demands.xlsx"
FORM = ["타임스탬프", "소속 단체명을 적어 주세요", "분과", "시도", "시군구", "제도개선 요구 내용", "담당자 연락처"]
BUYING, AGAIN = (
    "우선구매 실적을 부서별로 해마다 공개해 주십시오.",
    "우선구매 실적을 부서별로 매년 공개하여 주시기 바랍니다.",
)
WISHES = [
    ["2018. 3. 5 오후 2:13:22", "(주)다솜누비", "판로", "서울특별시", "구로구", BUYING, "02-000-0000"],
    ["2018. 3. 6 오전 9:01:00", "섬살이", "물류", "제주특별자치도", "", "섬 택배의 추가 배송비를 덜어 주십시오.", ""],
    ["2018. 3. 7 오전 9:01:00", "물마루연합회", "판로", "인천광역시", "", AGAIN, ""],
]


def export(folder: Folder, rows: Sequence[Sequence[Any]] = WISHES, name: str = "form.xlsx") -> Path:
    return folder.write(name, workbook([FORM, *rows], "설문지 응답 시트1"))


def run(folder: Folder, *paths: Path) -> Outcome:
    return import_demands(Options(folder.root), paths)


def codes(outcome: Outcome) -> list[str]:
    return sorted(one.code for one in outcome.findings if one.level != "note")


def kept(folder: Folder) -> list[dict[str, str]]:
    page = openpyxl.load_workbook(folder.root / KEPT)["제도개선요구"]
    title, head, *rows = page.iter_rows(values_only=True)
    assert title[0] == "제도개선요구 목록"
    return [{str(key): str(value or "") for key, value in zip(head, row, strict=True)} for row in rows]


def decide(folder: Folder, **cells: str) -> None:
    """What a person writes into cells."""
    book = openpyxl.load_workbook(folder.root / KEPT)
    for cell, text in cells.items():
        book["제도개선요구"][cell] = text
    book.save(folder.root / KEPT)


def test_rows_of_a_form_get_numbers(folder: Folder) -> None:
    outcome = run(folder, export(folder))
    assert codes(outcome) == ["demand.similar", "import.unlisted"]
    assert [one.params["count"] for one in outcome.findings if one.code == "demand.taken"] == [len(kept(folder))]
    rows = kept(folder)
    assert [row["요구번호"] for row in rows] == ["D-0001", "D-0002", "D-0003"]
    assert rows[0]["받은 날"] == "2018-03-05"
    assert rows[0]["단체"] == "(주)다솜누비"
    assert {row["처리"] for row in rows} == {"검토중"}
    assert [row["비슷한 요구"] for row in rows] == ["D-0003", "", "D-0001"]


def test_how_to_reach_people_is_left_behind(folder: Folder) -> None:
    run(folder, export(folder))
    assert "02-000-0000" not in str(kept(folder))


def test_which_column_was_taken_for_what_is_told(folder: Folder) -> None:
    told = {one.params["field"] for one in run(folder, export(folder)).findings if one.code == "column.understood"}
    assert told == {"단체", "내용"}


def test_the_same_rows_again_change_nothing(folder: Folder) -> None:
    first = export(folder)
    run(folder, first)
    before = (folder.root / KEPT).read_bytes()
    again = run(folder, first, export(folder, WISHES, "later.xlsx"))
    assert again.files == ()
    assert [one.params["count"] for one in again.findings if one.code == "demand.already"] == [3, 3]
    assert (folder.root / KEPT).read_bytes() == before


def test_the_same_rows_as_csv_are_the_same(folder: Folder) -> None:
    run(folder, export(folder))
    lines = [",".join(row).replace("2018. 3. 5", "2018/03/05") for row in [FORM, *WISHES]]
    assert run(folder, folder.write("form.csv", "\n".join(lines).encode("cp949"))).files == ()


def test_decisions_and_mended_texts_are_kept(folder: Folder) -> None:
    first = export(folder)
    run(folder, first)
    decide(folder, F3="우선구매 실적을 부서별로 공개한다.", H3="채택", I3="1", H5="병합", J5="D-0001")
    new = ["2018. 4. 1 오전 9:01:00", "느루빛", "판로", "", "", "부서별 우선구매 실적을 해마다 공개해 주세요.", ""]
    run(folder, export(folder, [*WISHES, new]))
    rows = kept(folder)
    assert len(rows) == 4
    assert (rows[0]["내용"], rows[0]["처리"], rows[0]["공약번호"]) == (
        "우선구매 실적을 부서별로 공개한다.",
        "채택",
        "1",
    )
    assert (rows[2]["처리"], rows[2]["병합 대상"]) == ("병합", "D-0001")
    assert rows[3]["요구번호"] == "D-0004"
    assert "D-0004" in rows[2]["비슷한 요구"]


def test_what_a_person_saves_while_it_works_is_kept_and_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, export(folder))
    edit = kept_books.edited

    def edit_slowly(*arguments: Any) -> bytes:
        decide(folder, H3="채택", I3="1")
        return edit(*arguments)

    monkeypatch.setattr(kept_books, "edited", edit_slowly)
    new = ["2018. 4. 1", "느루빛", "돌봄", "", "", "돌봄 종사자의 쉬는 날을 늘려 주십시오.", ""]
    outcome = run(folder, export(folder, [*WISHES, new]))
    (told,) = (one for one in outcome.findings if one.code == "file.meanwhile")
    assert str(told.cell) == KEPT
    assert [row["처리"] for row in kept(folder)] == ["검토중"] * 4
    aside = folder.root / "inputs" / str(told.params["kept"])
    assert openpyxl.load_workbook(aside)["제도개선요구"]["H3"].value == "채택"


def test_numbers_are_never_given_twice(folder: Folder) -> None:
    run(folder, export(folder))
    book = openpyxl.load_workbook(folder.root / KEPT)
    book["제도개선요구"].delete_rows(4, 2)
    book.save(folder.root / KEPT)
    new = ["2018. 4. 1", "느루빛", "돌봄", "", "", "돌봄 종사자의 쉬는 날을 늘려 주십시오.", ""]
    run(folder, export(folder, [WISHES[0], new]))
    assert [row["요구번호"] for row in kept(folder)] == ["D-0001", "D-0004"]


@pytest.mark.parametrize(("disk", "campaign"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_workbook_whose_name_a_mac_has_spelled(folder: Folder, disk: Any, campaign: Any) -> None:
    """Else another one would be begun beside it, and its numbers given once more."""
    run(folder, export(folder))
    name = "요구 목록/제도개선.xlsx"
    path = folder.root / "inputs" / unicodedata.normalize(disk, name)
    path.parent.mkdir()
    (folder.root / KEPT).rename(path)
    source = f'demands = "{unicodedata.normalize(campaign, name)}#제도개선요구"'
    folder.change("inputs/campaign.toml", "[kinds.agreement]", f"{source}\n[kinds.agreement]")
    new = ["2018. 4. 1", "느루빛", "돌봄", "", "", "돌봄 종사자의 쉬는 날을 늘려 주십시오.", ""]
    assert codes(run(folder, export(folder, [*WISHES, new]))) == []
    assert list((folder.root / "inputs").rglob("*.xlsx")) == [path]
    path.rename(folder.root / KEPT)
    assert [row["요구번호"] for row in kept(folder)] == ["D-0001", "D-0002", "D-0003", "D-0004"]


def test_a_table_with_errors_is_not_added_to(folder: Folder) -> None:
    run(folder, export(folder))
    decide(folder, H3="글쎄")
    before = (folder.root / KEPT).read_bytes()
    assert codes(run(folder, export(folder, [["2018. 4. 1", "가", "", "", "", "나", ""]]))) == [
        "cell.choice",
        "import.unsound",
    ]
    assert (folder.root / KEPT).read_bytes() == before


def test_rows_without_body_or_text_are_told_and_others_taken(folder: Folder) -> None:
    rows = [*WISHES[:1], ["2018. 3. 8", "", "판로", "", "", "누가 보냈는지 모를 요구", ""]]
    outcome = run(folder, export(folder, rows))
    assert codes(outcome) == ["cell.blank", "import.unlisted"]
    assert len(kept(folder)) == 1


def test_a_file_that_is_not_there(folder: Folder) -> None:
    assert codes(run(folder, folder.root / "none.xlsx")) == ["file.missing"]


# --- what the campaign makes of them -----------------------------------------------------------------------------


DEMANDS = """\
요구번호,단체,내용,처리,공약번호,병합 대상,사유
D-0001,(주)다솜누비,가,채택,1,,
D-0002,다솜누비,나,병합,,D-0001,
D-0003,느루빛,다,병합,,D-0002,
D-0004,솔바람,라,거절,,,국가 사무임
D-0005,물마루,마,검토중,,,
"""


@pytest.fixture
def asked(folder: Folder) -> Folder:
    folder.change("inputs/campaign.toml", 'answers = "answers.csv"', 'answers = "answers.csv"\ndemands = "demands.csv"')
    folder.write("inputs/demands.csv", DEMANDS)
    return folder


def proposed(folder: Folder) -> dict[str, tuple[int, list[str]]]:
    campaign, _ = read_campaign(folder.root)
    assert campaign
    job = prepare(folder.root, campaign, ["agreement"]).plan.jobs[0]
    return {one["번호"]: (one["요구단체수"], one["요구단체들"]) for one in job.context["제안공통"]}


def test_proposals_say_how_many_bodies_asked(asked: Folder) -> None:
    assert judge(asked, "check") == Verdict(0, [])
    assert proposed(asked) == {"1": (2, ["(주)다솜누비", "느루빛"]), "2": (0, [])}


def test_pledges_cite_demands_too(asked: Folder) -> None:
    asked.change("inputs/pledges.csv", "요구\n", "요구,요구번호\n")
    asked.change("inputs/pledges.csv", "높인다.\n", '높인다.,"D-0005, D-0001"\n')
    asked.change("inputs/pledges.csv", "만든다.\n", "만든다.,\n")
    assert judge(asked, "check") == Verdict(0, [])
    assert proposed(asked)["2"] == (3, ["(주)다솜누비", "느루빛", "물마루"])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("가,채택,1", "가,채택,", "demand.pledge inputs/demands.csv!E2"),
        ("가,채택,1", "가,채택,9", "reference.unknown inputs/demands.csv!E2"),
        ("병합,,D-0001", "병합,,", "demand.target inputs/demands.csv!F3"),
        ("병합,,D-0001", "병합,,D-0099", "reference.unknown inputs/demands.csv!F3"),
        ("국가 사무임", "", "demand.reason inputs/demands.csv!G5"),
        ("병합,,D-0001", "병합,,D-0003", "demand.circle inputs/demands.csv!F3"),
        ("D-0005", "D-0001", "key.duplicate inputs/demands.csv!A6"),
    ],
)
def test_decisions_are_checked(asked: Folder, old: str, new: str, found: str) -> None:
    asked.change("inputs/demands.csv", old, new)
    assert judge(asked, "check") == Verdict(1, [found])


def test_a_declined_demand_is_not_cited(asked: Folder) -> None:
    asked.change("inputs/pledges.csv", "요구\n", "요구,요구번호\n")
    asked.change("inputs/pledges.csv", "높인다.\n", "높인다.,D-0004\n")
    asked.change("inputs/pledges.csv", "만든다.\n", "만든다.,D-0077\n")
    found = judge(asked, "check").found
    assert sorted(found) == ["demand.cited inputs/pledges.csv!E3", "reference.unknown inputs/pledges.csv!E2"]


# --- the sample --------------------------------------------------------------------------------------------------

PAIRS = [
    ("D-0014", "D-0001"), ("D-0017", "D-0003"), ("D-0021", "D-0006"), ("D-0025", "D-0005"), ("D-0031", "D-0008"),
    ("D-0033", "D-0011"),
]  # fmt: skip


def test_the_sample_holds_every_decision_and_six_pairs() -> None:
    assert {one.decision for one in demands()} == {one.value for one in Decision}
    shelf: Shelf[str] = Shelf()
    found = []
    for one in demands():
        found += [(one.number, other) for other, likeness in shelf.like(one.text) if likeness >= NEAR]
        shelf.put(one.number, one.text)
    assert found == PAIRS


def test_importing_the_sample_makes_the_sample(tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    shutil.copytree(REPOSITORY / "inputs", root / "inputs")
    (root / KEPT).unlink()
    head = ["단체", "분과", "시도", "시군구", "내용", "받은 날"]
    rows = [
        [one.body, one.committee, one.province, one.municipality, one.text, one.received.isoformat()]
        for one in demands()
    ]
    (root / "all.xlsx").write_bytes(workbook([head, *rows], "요구"))
    import_demands(Options(root), [root / "all.xlsx"])
    drawn = openpyxl.load_workbook(REPOSITORY / KEPT)["제도개선요구"]
    made = openpyxl.load_workbook(root / KEPT)["제도개선요구"]

    def numbered(page: Any, column: int, start: int) -> list[tuple[str, str]]:
        return [(str(row[0]), str(row[column] or "")) for row in page.iter_rows(min_row=start, values_only=True)]

    first = next(row[0].row for row in drawn.iter_rows() if row[0].value == "D-0001")
    assert numbered(made, 5, 3) == numbered(drawn, 5, first)
    assert numbered(made, 11, 3) == numbered(drawn, 11, first)


# --- explain -----------------------------------------------------------------------------------------------------


def explained(folder: Folder, rows: Sequence[Sequence[Any]]) -> Any:
    folder.write("list.xlsx", workbook(rows, "목록"))
    return explain_file(Options(folder.root), folder.root / "list.xlsx").explained


def test_a_table_is_known_by_its_headers(folder: Folder) -> None:
    folder.write("inputs/candidates.xlsx", (REPOSITORY / "inputs/candidates.xlsx").read_bytes())
    found = explain_file(Options(folder.root), folder.root / "inputs/candidates.xlsx").explained
    assert found
    assert (found.table, found.row, found.missing, found.toml) == ("candidates", 4, [], "")


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("pledges", "pledges"), ("answers", "answers"), ("parties", "parties"), ("activists", "activists"),
        ("bodies", "bodies"), ("events", "events"), ("monitoring", "progress"), ("demands", "demands"),
        ("regions", "regions"),
    ],
)  # fmt: skip
def test_every_table_of_the_sample_is_told_from_the_others(folder: Folder, file: str, table: str) -> None:
    found = explain_file(Options(folder.root), REPOSITORY / f"inputs/{file}.xlsx").explained
    assert found
    assert found.table == table


def test_headers_in_other_words_get_lines_for_the_campaign(folder: Folder) -> None:
    rows = [
        ["활동가 서명 모음 2018"],
        ["성함(실명)", "소속 단체", "활동하는 시도", "사는 곳", "공개 여부", "휴대전화"],
        ["나비결", "느루빛", "서울특별시", "종로구", "동의합니다", "010-0000-0000"],
        ["다솜", "솔바람", "부산", "동구", "동의하지 않습니다", "010-0000-0001"],
    ]
    found = explained(folder, rows)
    assert found.table == "activists"
    assert found.toml.splitlines() == [
        "[columns.activists]",
        '"이름" = "성함(실명)"',
        '"시도" = "활동하는 시도"',
        '"시군구" = "사는 곳"',
        '"동의" = "공개 여부"',
    ]
    assert [one.field for one in found.columns][-1] == ""
    assert "010" not in str(found)


def test_the_lines_make_the_campaign_read_it(folder: Folder) -> None:
    rows = [
        ["번호(ID)", "어느 선거", "사는 시도", "나가는 선거구", "후보 이름"],
        ["101", "시·도지사", "서울특별시", "서울특별시", "남궁한결"],
        ["102", "구·시·군의 장", "서울특별시", "종로구", "서다온"],
        ["103", "교육감", "서울특별시", "서울특별시", "도하늘"],
    ]
    found = explained(folder, rows)
    assert found.table == "candidates"
    lines = found.toml.splitlines()
    assert set(lines) >= {'"선거종류" = "어느 선거"', '"시도" = "사는 시도"', '"선거구" = "나가는 선거구"'}
    assert "후보자ID" in found.missing
    shutil.copy(folder.root / "list.xlsx", folder.root / "inputs/list.xlsx")
    folder.change("inputs/campaign.toml", '"candidates.csv"', '"list.xlsx"')
    settings = folder.root / "inputs/campaign.toml"
    more = "\n".join([*lines, '"후보자ID" = "번호(ID)"'])
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")
    assert read_campaign(folder.root)[1] == []
    assert here(folder, "check", "--json").json["counts"]["documents"] == 3


def test_what_is_like_no_table(folder: Folder) -> None:
    folder.write("list.xlsx", workbook([["날씨", "온도"], ["맑음", 20]], "목록"))
    assert codes(explain_file(Options(folder.root), folder.root / "list.xlsx")) == ["explain.nothing"]


def test_an_explanation_can_be_shown(folder: Folder) -> None:
    from pipeline.show import explained as shown

    found = explained(folder, [["성함(실명)", "소속", "시도", "동의"], ["나비결", "느루빛", "서울", "예"]])
    text = "\n".join(shown.lines(found))
    assert "[columns.activists]" in text
    assert "나비결" not in text
    assert shown.as_json(found)["table"] == "activists"


def test_a_new_workbook_has_what_people_need(folder: Folder) -> None:
    run(folder, export(folder))
    page = openpyxl.load_workbook(io.BytesIO((folder.root / KEPT).read_bytes()))["제도개선요구"]
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref == "A2:M5"
    assert [rule.formula1 for rule in page.data_validations.dataValidation] == ['"검토중,채택,병합,거절"']
