"""Rules that only two tables, or a table and the settings, can tell: the rows beside the verdict."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import CANDIDATES, REGIONS, Folder
from test_kinds import ACTIVISTS, LETTER, ROLL, add_kind, declaration, papers
from verdict import Verdict, judge

from pipeline.korean import similar
from pipeline.korean.titles import PROVINCES, province_family


def roll_with(folder: Folder, sheet: str, more: str = "roll = {}") -> Verdict:
    entry = f'{LETTER}for_each = "campaign"\n{more}\n'
    add_kind(folder, entry, *ROLL, tables='activists = "activists.csv"\n', activists=sheet)
    return judge(folder, "check")


# --- spellings of provinces --------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["서울", "서울시", "서울 특별시"])
def test_a_province_by_another_name_is_told_once_and_printed_as_the_regions_say(folder: Folder, written: str) -> None:
    folder.write("inputs/candidates.csv", CANDIDATES.replace(",서울특별시,", f",{written},"))
    verdict = judge(folder, "check")
    assert verdict == Verdict(0, [])
    assert verdict.said.count(f"'{written}' is taken for 서울특별시") == 1
    assert {one["docx"].split("/")[2] for one in verdict.documents} == {"서울특별시"}


@pytest.mark.parametrize(
    ("regions", "candidates"),
    [("강원도", "강원특별자치도"), ("강원특별자치도", "강원도"), ("전북특별자치도", "전라북도")],
)
def test_old_and_new_names_of_a_province(folder: Folder, regions: str, candidates: str) -> None:
    folder.change("inputs/regions.csv", "서울특별시", regions)
    folder.change("inputs/candidates.csv", "서울특별시", candidates)
    verdict = judge(folder, "check")
    assert verdict == Verdict(0, [])
    assert {one["subject"].split()[0].removesuffix("지사").removesuffix("교육감") for one in verdict.documents} == {
        regions
    }


@pytest.mark.parametrize(
    ("province", "district_code", "regions", "number"),
    [
        ("세종특별자치시", "3510000", "", "A-5100-0001"),
        ("세종특별자치시", "11510000", "", "A-5100-0001"),
        ("경기도", "", "4410300,경기도,수원시\n", "A-4100-0001"),
        ("경기도", "3410000", "4114,경기도,수원시\n", "A-4100-0001"),
        ("경기도", "", "4114,경기도,수원시\n", "A-9008-0001"),
        ("세종특별자치시", "", "", "A-9007-0001"),
    ],
)
def test_a_province_without_a_row_gets_a_code_that_numbers_can_carry(
    folder: Folder, province: str, district_code: str, regions: str, number: str
) -> None:
    header = "후보자ID,선거종류,시도,선거구,정당,기호,이름,선거구ID\n"
    folder.write("inputs/candidates.csv", f"{header}7,시·도지사,{province},{province},무소속,1,가람,{district_code}\n")
    folder.write("inputs/regions.csv", REGIONS + regions)
    folder.write("inputs/answers.csv", "후보자ID,공약번호,답변,의견\n7,1,수용,\n")
    assert [one["number"] for one in judge(folder, "check").documents] == [number]


def test_two_provinces_share_no_family() -> None:
    families = {name: province_family(name) for name in PROVINCES}
    assert all(families.values())
    twins = {"강원도", "전라북도"}
    assert len(set(families.values())) == len(PROVINCES) - len(twins)


@pytest.mark.parametrize("name", ["", "중구", "광주시", "서울특별시 중구", "충청도"])
def test_what_is_no_province_has_no_family(name: str) -> None:
    assert province_family(name) == ""


# --- people ------------------------------------------------------------------------------------------------------


def test_somebody_who_stands_in_two_districts(folder: Folder) -> None:
    rows = CANDIDATES.replace("기호,이름", "기호,이름,한자,생년").replace("남궁한결", "남궁한결,南宮澣潔,1970")
    rows += "104,구·시·군의 장,서울특별시,중구,무소속,4,남궁한결,南宮澣潔,1970. 3. 1.\n"
    rows += "105,구·시·군의원,서울특별시,중구,무소속,4,남궁한결,南宮澣潔,1980\n"
    folder.write("inputs/candidates.csv", rows)
    verdict = judge(folder, "check")
    assert verdict == Verdict(0, ["candidate.two_districts inputs/candidates.csv!D5"])
    assert "inputs/candidates.csv!D2" in verdict.said


def test_a_council_without_anybody_to_receive_its_papers(folder: Folder) -> None:
    folder.write("inputs/councils.csv", "협의회,대표자\n한빛협의회,진하율\n두레협의회,\n")
    folder.change("inputs/campaign.toml", "[tables]\n", '[tables]\ncouncils = "councils.csv"\n')
    assert judge(folder, "check") == Verdict(0, ["council.nobody inputs/councils.csv!B3"])


def test_a_signer_whom_the_law_keeps_from_signing_is_left_out(folder: Folder) -> None:
    """Public servants, minors, 통·리·반장: where the sheet says so."""
    sheet = ACTIVISTS.replace("분야,동의", "분야,동의,서명 제한").replace("지원,예\n", "지원,예,예\n", 1)
    verdict = roll_with(folder, sheet)
    assert "signer.barred inputs/activists.csv!H6" in verdict.found
    assert papers(folder, "letter")["letters/전국/L-0000-0001_전국.docx"][0] == "전국 4명"


def test_an_unknown_region_is_compared_once_however_many_rows_name_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = similar.get_close_matches
    monkeypatch.setattr(
        similar, "get_close_matches", lambda text, *a, **k: compared.append(text) or real(text, *a, **k)
    )
    rows = "".join(f"하늬{at},햇살협동조합,회원,서울특별시,종로고,돌봄,예\n" for at in range(40))
    verdict = roll_with(folder, ACTIVISTS + rows)
    assert sum(one.startswith("reference.unknown inputs/activists.csv!E") for one in verdict.found) == 40
    assert "서울특별시 종로구" in verdict.said
    assert compared.count(unicodedata.normalize("NFD", "서울특별시 종로고")) == 1


@pytest.mark.parametrize(
    ("first", "later", "printed"),
    [("예", "철회", "전국 4명"), ("아니오", "예", "전국 4명"), ("예", "인원만", "전국 5명")],
)
def test_where_rows_of_one_person_differ_the_least_consent_counts(
    folder: Folder, first: str, later: str, printed: str
) -> None:
    """가온 of 마을카페 stands in rows 3 and 8: who withdrew must not be named because an older row said yes."""
    sheet = ACTIVISTS.replace("먹거리,예\n", f"먹거리,{later}\n").replace("먹거리,O", f"먹거리,{first}")
    verdict = roll_with(folder, sheet)
    assert any(one.startswith("signer.consent_differs inputs/activists.csv!G") for one in verdict.found)
    lines = papers(folder, "letter")["letters/전국/L-0000-0001_전국.docx"]
    assert lines[0] == printed
    assert not any("가온 마을카페" in line for line in lines)


def test_a_signer_without_affiliation(folder: Folder) -> None:
    verdict = roll_with(folder, ACTIVISTS.replace("다솜,이음센터", "다솜,"))
    assert "signer.no_affiliation inputs/activists.csv!B6" in verdict.found


def test_who_agreed_only_to_be_counted_is_counted_and_not_named(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_kinds.ACTIVISTS", ACTIVISTS.replace("돌봄,예", "돌봄,인원만"))
    lines = declaration(folder, "roll = {}\nconsent = false")
    assert lines[0] == "서울특별시 6명"
    assert not any("하늬" in line for line in lines)
    assert "하*" in {line.split()[1] for line in lines[2:]}


def test_of_who_agreed_only_to_be_counted_nothing_further_is_known(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ACTIVISTS.replace("돌봄,예", "돌봄,인원만").splitlines()
    further = [f"{rows[0]},근무처,HP", *(f"{row},한빛시장,010-1234-5678" for row in rows[1:])]
    monkeypatch.setattr("test_kinds.ACTIVISTS", "\n".join(further))
    monkeypatch.setattr(
        "test_kinds.ROLL",
        (*ROLL[:5], "{{ 줄.이름 }} {{ 줄.분야 }} {{ 줄.근무처 }}{% if 'HP' in 줄 %} HP{% endif %}", *ROLL[6:]),
    )
    lines = declaration(folder, "roll = {}\nconsent = false")
    assert [one for one in lines if one.startswith("하*")] == ["하* 돌봄 "]
    assert "다솜 지원 한빛시장" in lines


# --- addresses and telephones ------------------------------------------------------------------------------------

PRIVATE = [
    "주소", "전화번호", "휴대폰", "E-mail", "연락처(본인)", "생년월일(양력)", "HP", "H.P.", "TEL", "핸폰 번호",
    "거주지", "우편번호", "카카오톡 ID",
]  # fmt: skip


@pytest.mark.parametrize("header", PRIVATE)
def test_where_people_live_and_how_to_reach_them_no_template_sees(folder: Folder, header: str) -> None:
    folder.write("inputs/candidates.csv", CANDIDATES.replace("기호,이름", f"기호,이름,{header}"))
    add_kind(folder, LETTER, "{{ 후보.이름 }} {{ 후보|list|join(' ') }}")
    field = "".join(sign if sign.isalnum() else "_" for sign in header).strip("_")
    printed = papers(folder, "letter")["letters/서울특별시/L-1100-0001_서울특별시장_남궁한결.docx"][0]
    assert "이름" in printed
    assert field not in printed.split()


# --- counts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("candidates = 3\nregions = 3\npledges = 2", []),
        ("candidates = 4", ["count.differs inputs/campaign.toml"]),
        ("regions = 226\npledges = 10", ["count.differs inputs/campaign.toml"] * 2),
        ("activists = 619", []),
    ],
)
def test_counts_that_people_made_equal_the_rows(folder: Folder, stated: str, found: list[str]) -> None:
    """A table that no kind reads is not counted."""
    folder.change("inputs/campaign.toml", "[kinds.agreement]", f"[counts]\n{stated}\n[kinds.agreement]")
    assert judge(folder, "check") == Verdict(1 if found else 0, found)


def test_signers_are_counted_with_consent_and_once(folder: Folder) -> None:
    folder.change("inputs/campaign.toml", "[kinds.agreement]", "[counts]\nactivists = 5\n[kinds.agreement]")
    assert roll_with(folder, ACTIVISTS).exit == 0
