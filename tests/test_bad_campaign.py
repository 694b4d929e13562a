"""A campaign.toml, or a command line, with something wrong in it: each beside the verdict it gets."""

from __future__ import annotations

import shutil

import pytest
from conftest import CAMPAIGN, Folder
from verdict import Verdict, here, judge, with_papers

FILE = "inputs/campaign.toml"


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The three candidates' campaign, its papers made before something went wrong."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


def test_no_campaign_in_the_folder(made: Folder) -> None:
    (made.root / FILE).unlink()
    verdict = judge(made)
    assert verdict == Verdict(5, [f"campaign.missing {FILE}"])
    assert "--campaign" in verdict.said


@pytest.mark.parametrize("command", ["make", "check"])
def test_folder_that_does_not_exist_is_not_made(folder: Folder, command: str) -> None:
    shutil.rmtree(folder.root)
    assert judge(folder, command) == Verdict(5, [f"campaign.missing {FILE}"])
    assert not folder.root.exists()


# --- what is not TOML --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('name = "시험 협약"', 'name = "시험 협약', 4),
        ('name = "시험 협약"', "name = “시험 협약”", 4),
        ('language = "en"', 'language = "en"\nlanguage = "ko"', 4),
        ("2018-05-23", "2018-13-23", 5),
        ("date = 2018-06-13", "date 2018-06-13", 8),
        ('folder = "agreements"', 'folder = ["agreements"', 24),
        ('folder = "agreements"', 'folder = """agreements', 26),
    ],
    ids=["quote", "curly quotes", "twice", "month 13", "equals sign", "open bracket", "open quotes"],
)
def test_syntax_names_the_line(made: Folder, before: str, after: str, line: int) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [f"campaign.syntax {FILE}!{line}"])
    assert f"Line {line} " in verdict.said


@pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
def test_file_that_is_not_utf8(made: Folder, encoding: str) -> None:
    made.write(FILE, CAMPAIGN.encode(encoding))
    verdict = judge(made)
    assert verdict == Verdict(5, [f"campaign.encoding {FILE}"])
    assert "CSV" not in verdict.said, "it is no spreadsheet"


def test_byte_order_mark_of_windows_is_no_trouble(made: Folder) -> None:
    made.write(FILE, CAMPAIGN.encode("utf-8-sig"))
    assert judge(made, "check") == Verdict(0, [])


# --- entries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "meant"),
    [
        ('id = "TEST-2018"', 'id = "TEST-2018"\npalce = "국회"', 3, "campaign.palce", "place"),
        ('folder = "agreements"', 'folder = "agreements"\ncopys = 2', 25, "kinds.agreement.copys", "copies"),
        ("[terms]", "[term]", 9, "term", "terms"),
        ('answers = "answers.csv"', 'answer = "answers.csv"', 19, "tables.answer", "answers"),
        ('letter = "A"', 'letter = "A"\nroll = { row = 10 }', 23, "kinds.agreement.roll.row", "rows"),
    ],
)
def test_unknown_entry(made: Folder, before: str, after: str, line: int, key: str, meant: str) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [f"campaign.unknown {FILE}!{line}"])
    assert f"{key} is not an entry that exists here. Did you mean {meant}?" in verdict.said
    assert "Entries that exist here:" in verdict.said


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("2018-05-23", '"오월 스무사흘"', 5, "campaign.agreement_date: not a date"),
        ("2018-05-23", "2018-05-23T10:00:00", 5, "campaign.agreement_date: not a date"),
        ("agreement_date = 2018-05-23", "", 1, "campaign.agreement_date: it is missing"),
        ('"TEST-2018"', '"test 2018"', 2, "campaign.id: it holds signs that are not allowed"),
        ('"시험 협약"', '""', 4, "campaign.name: it is empty"),
        ('"사회적경제"', "6", 10, "terms.분야: not a text in quotation marks"),
        ('letter = "A"', 'letter = "A"\ncopies = "두 부"', 23, "kinds.agreement.copies: not a whole number"),
        ('letter = "A"', 'letter = "A"\ncopies = 0', 23, "kinds.agreement.copies: the number is too small"),
        ('letter = "A"', 'letter = "A"\nfor_each = []', 23, "kinds.agreement.for_each: at least one entry is needed"),
        ('letter = "A"', 'letter = "A"\nconsent = "예"', 23, "kinds.agreement.consent: neither true nor false"),
        ('letter = "A"', 'letter = "A"\nroll = 100', 23, "kinds.agreement.roll: not a group of entries"),
        ('{ "협약" = "예" }', '"예"', 25, "kinds.agreement.filter: not a group of entries"),
        ("date = 2018-06-13", 'date = 2018-06-13\noffices = "교육감"', 9, "election.offices: not a list"),
        ('representative = "진하율"', "representative = 7", 14, "organisations.0.representative: not a text"),
        ("[[organisations]]", "[organisations]", 11, "organisations: not a list"),
    ],
)
def test_entry_of_a_wrong_kind(made: Folder, before: str, after: str, line: int, said: str) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [f"campaign.value {FILE}!{line}"])
    assert said in verdict.said


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ('"en"', '"kr"', 3, "campaign.language: 'kr' is not possible. Allowed: ko, en."),
        (
            'letter = "A"',
            'letter = "A"\nfor_each = "candidates"',
            23,
            (
                "kinds.agreement.for_each.0: 'candidates' is not possible. Allowed: campaign, province, region, "
                "candidate, party, event, body. Did you mean candidate?"
            ),
        ),
        ('["organisations", "candidate"]', '["후보자"]', 26, "kinds.agreement.signers.0: '후보자' is not possible."),
        ("date = 2018-06-13", 'date = 2018-06-13\noffices = ["동장"]', 9, "Allowed: 시·도지사, 구·시·군의 장,"),
    ],
)
def test_entry_with_a_closed_list_says_what_is_allowed(
    made: Folder, before: str, after: str, line: int, said: str
) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [f"campaign.choice {FILE}!{line}"])
    assert said in verdict.said


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ('letter = "A"', 'letter = "A"\nfor_each = "event"', "kind.table", "Add the entry 'events' below [tables]."),
        ('letter = "A"', 'letter = "A"\nfor_each = "body"', "kind.table", "Add the entry 'bodies' below [tables]."),
        ('signers = ["organisations"', 'signers = ["party"', "kind.signer", "'party' cannot sign papers for each"),
        ('letter = "A"', 'letter = "A"\nroll = { group = "시도" }', "kind.roll", "a roll does not go with papers"),
    ],
)
def test_entries_that_do_not_go_together(made: Folder, before: str, after: str, code: str, said: str) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict.exit == 1
    assert any(one.startswith(f"{code} {FILE}!2") for one in verdict.found)
    assert said in verdict.said


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ('{ "협약" = "예" }', '{ "협약여부" = "예" }', 25, "kinds.agreement.filter: there is no column '협약여부'."),
        ('letter = "A"', 'letter = "A"\norder = "성명"', 23, "kinds.agreement.order: there is no column '성명'."),
    ],
)
def test_column_that_no_candidate_has(made: Folder, before: str, after: str, line: int, said: str) -> None:
    made.change(FILE, before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [f"kind.column {FILE}!{line}"])
    assert said in verdict.said
    assert "Columns that exist here: " in verdict.said


def test_empty_file_lists_all_that_is_missing(made: Folder) -> None:
    made.write(FILE, "")
    verdict = judge(made)
    assert verdict == Verdict(1, [f"campaign.value {FILE}"] * 5)
    assert [line.split(":")[0] for line in verdict.said.splitlines()] == [
        "campaign",
        "election",
        "organisations",
        "tables",
        "kinds",
    ]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('"agreement.docx"', '"../agreement.docx"', "kinds.agreement.template"),
        ('"agreement.docx"', '"/etc/hostname"', "kinds.agreement.template"),
        ('"agreements"', '"../../agreements"', "kinds.agreement.folder"),
        ('"agreements"', '"C:/agreements"', "kinds.agreement.folder"),
        ('"agreements"', '"..\\\\agreements"', "kinds.agreement.folder"),
        ('"candidates.csv"', '"../../candidates.csv"', "tables.candidates"),
        ('"candidates.csv"', '"/etc/hostname.csv"', "tables.candidates"),
    ],
)
def test_path_outside_the_campaign(made: Folder, before: str, after: str, key: str) -> None:
    made.write("../candidates.csv", "후보자ID,선거종류,시도,선거구,이름\n")
    made.change(FILE, before, after)
    verdict = judge(made)
    assert [one.partition("!")[0] for one in verdict.found] == [f"campaign.value {FILE}"]
    assert f"{key}" in verdict.said
    assert "a path inside the campaign folder" in verdict.said


def test_file_pattern_does_not_leave_the_folder(folder: Folder) -> None:
    folder.change(FILE, 'letter = "A"', 'letter = "A"\nfile = "../../{번호}"')
    assert here(folder, "make", "--jobs", "1").code == 3
    assert min(folder.outputs()) == "agreements/서울특별시/_.._A-1100-0001.docx"


# --- file names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slot", ["{성명}", "{}", "{ 이름 }", "{이름", "이름}"])
def test_unknown_slot_in_the_file_pattern(made: Folder, slot: str) -> None:
    made.change(FILE, 'letter = "A"', f'letter = "A"\nfile = "{{번호}}_{slot}"')
    verdict = judge(made)
    assert verdict == Verdict(1, [f"kind.column {FILE}!23"])
    assert "Columns that exist here: 번호, 제목, 후보자ID, " in verdict.said


def test_file_name_that_is_too_long(made: Folder) -> None:
    made.change(FILE, 'letter = "A"', f'letter = "A"\nfile = "{{번호}}{"가" * 80}"')
    assert judge(made) == Verdict(5, [f"output.long {FILE}"])


@pytest.mark.parametrize("pattern", ["협약서", "{이름}", "{ 번호 }_{이름}", "번호_{이름}"])
@pytest.mark.parametrize("command", [("check",), ("make",), ("make", "--keep-going")])
def test_every_file_is_named_by_its_number(made: Folder, pattern: str, command: tuple[str, ...]) -> None:
    """Else one paper takes the file of another, now or when names are swapped, though that has gone out."""
    before = made.outputs()
    made.change(FILE, 'letter = "A"', f'letter = "A"\nfile = "{pattern}"')
    assert judge(made, *command) == Verdict(1, [f"kind.file {FILE}!23"])
    assert made.outputs() == before


SECOND = """\
[kinds.proposal]
title = "정책제안서"
letter = "{letter}"
template = "agreement.docx"
folder = "{folder}"
file = "{{번호}}"
"""


def test_two_kinds_never_share_a_letter(made: Folder) -> None:
    """Their papers would bear the same numbers."""
    made.write(FILE, CAMPAIGN + SECOND.format(letter="A", folder="proposals"))
    verdict = judge(made, "check")
    assert verdict.exit == 1
    assert FILE in "".join(verdict.found)


def test_two_kinds_side_by_side_are_fine(made: Folder) -> None:
    made.write(FILE, CAMPAIGN + SECOND.format(letter="B", folder="proposals"))
    verdict = judge(made, "check")
    assert verdict == Verdict(0, [])
    assert len(verdict.documents) == 6


@pytest.mark.parametrize("before", ['"사회적경제"', '"시험 협약"', '"진하율"', '"정책협약서"'])
def test_template_signs_in_campaign_toml(made: Folder, before: str) -> None:
    made.change(FILE, before, '"{{ 7*7 }}"')
    verdict = judge(made)
    assert verdict.exit == 1
    assert FILE in "".join(verdict.found)
    assert "49" not in verdict.said


# --- the command line --------------------------------------------------------------------------------------------


def test_unknown_kind_of_document(made: Folder) -> None:
    verdict = judge(made, "make", "agrement")
    assert verdict == Verdict(2, ["kind.unknown"])
    assert "'agrement'" in verdict.said
    assert "agreement." in verdict.said


@pytest.mark.parametrize("command", [["make"], ["make", "--dry-run"]])
def test_only_that_matches_nothing(made: Folder, command: list[str]) -> None:
    verdict = judge(made, *command, "--only", "부산")
    assert verdict == Verdict(2, ["only.nothing"])
    assert "'부산'" in verdict.said


@pytest.mark.parametrize("pattern", ["A-4110100-0001", "서다온", "종로구", "서다"])
def test_only_that_matches(made: Folder, pattern: str) -> None:
    verdict = judge(made, "make", "--dry-run", "--only", pattern)
    assert [one["number"] for one in verdict.documents] == ["A-4110100-0001"]


@pytest.mark.parametrize(
    "wrong", [["make", "--jobs", "x"], ["make", "--jobs", "-1"], ["make", "--onyl", "가"], ["mkae"], ["check", "가"]]
)
def test_wrong_usage(made: Folder, wrong: list[str]) -> None:
    result = here(made, *wrong)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("Usage: ")


def test_wrong_usage_of_the_real_command(made: Folder) -> None:
    assert made.no_office("make", "agrement").code == 2
    assert made.no_office("mkae").code == 2
