"""Document kinds are data: an entry of campaign.toml and a Word file, no code. Sheets beside the papers they give."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from conftest import Folder, word
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict import Verdict, here, judge

from pipeline.model.campaign import Kind, Roll
from pipeline.model.choices import Consent
from pipeline.model.records import Activist, Row
from pipeline.subjects.roll import roll

CAMPAIGN_FILE = "inputs/campaign.toml"


def add_kind(folder: Folder, entry: str, *paragraphs: str, tables: str = "", **sheets: str) -> None:
    """One entry and one template, and the sheets it reads."""
    folder.write(CAMPAIGN_FILE, (folder.root / CAMPAIGN_FILE).read_text(encoding="utf-8") + entry)
    folder.change(CAMPAIGN_FILE, "[tables]\n", f"[tables]\n{tables}")
    folder.write("templates/new.docx", word(*paragraphs))
    for name, text in sheets.items():
        folder.write(f"inputs/{name}.csv", text)


def papers(folder: Folder, kind: str) -> dict[str, list[str]]:
    """What `make` writes of a kind: the paragraphs of each Word file."""
    result = here(folder, "make", kind, "--jobs", "1", "--json")
    assert result.code == 3, result.json["findings"]
    return {
        name: [paragraph.text for paragraph in Document(io.BytesIO(blob)).paragraphs]
        for name, blob in folder.outputs().items()
    }


# --- a new kind --------------------------------------------------------------------------------------------------

LETTER = """
[kinds.letter]
title = "감사장"
letter = "L"
template = "new.docx"
folder = "letters"
"""


def test_a_new_kind_is_an_entry_and_a_word_file(folder: Folder) -> None:
    add_kind(folder, LETTER, "{{ 문서.제목 }}", "{{ 후보.이름 }} 님께", "{{ 문서.번호 }}")
    assert papers(folder, "letter") == {
        "letters/서울특별시/L-1100-0001_서울특별시장_남궁한결.docx": ["감사장", "남궁한결 님께", "L-1100-0001"],
        "letters/서울특별시/L-1100-0002_서울특별시교육감_도하늘.docx": ["감사장", "도하늘 님께", "L-1100-0002"],
        "letters/서울특별시/종로구/L-4110100-0001_종로구청장_서다온.docx": ["감사장", "서다온 님께", "L-4110100-0001"],
    }


@pytest.mark.office
def test_a_new_kind_becomes_pdf_as_well(folder: Folder) -> None:
    add_kind(folder, LETTER, "{{ 후보.이름 }} 님께", "끝.")
    assert folder.run("make", "letter").code == 0
    assert len([name for name in folder.outputs() if name.endswith(".pdf")]) == 3


@pytest.mark.parametrize(
    ("more", "order"),
    [
        ('filter = { "선거종류" = "교육감" }', ["도하늘"]),
        ('filter = { "선거종류" = ["교육감", "시·도지사"] }', ["남궁한결", "도하늘"]),
        ('filter = { "정당" = "" }', ["도하늘"]),
        ('filter = { "협약" = "예", "정당" = "무소속" }', ["서다온"]),
        ('order = "이름"', ["남궁한결", "도하늘", "서다온"]),
        ('order = ["기호", "이름"]', ["도하늘", "남궁한결", "서다온"]),
        ("", ["남궁한결", "도하늘", "서다온"]),
    ],
)
def test_filter_and_order(folder: Folder, more: str, order: Sequence[str]) -> None:
    add_kind(folder, LETTER + more, "{{ 후보.이름 }}")
    verdict = judge(folder, "make", "letter", "--dry-run")
    assert [one["subject"].split()[-1] for one in verdict.documents] == order


def test_a_filter_that_leaves_nobody_is_told(folder: Folder) -> None:
    add_kind(folder, LETTER + 'filter = { "정당" = "없는당" }', "{{ 후보.이름 }}")
    verdict = judge(folder, "check")
    assert verdict == Verdict(0, [])
    assert "kinds.letter: there is nobody and nothing to make this paper for." in verdict.said


@pytest.mark.parametrize(
    ("signers", "copies"),
    [
        ('signers = ["organisations", "candidate"]', "2"),
        ('signers = "candidate"', "1"),
        ("", "1"),
        ('signers = "organisations"\ncopies = 5', "5"),
    ],
)
def test_copies_are_one_for_each_that_signs(folder: Folder, signers: str, copies: str) -> None:
    add_kind(folder, LETTER + signers, "{{ 문서.부수 }}")
    assert {text[0] for text in papers(folder, "letter").values()} == {copies}


def test_an_error_in_a_sheet_of_another_kind_holds_nothing_up(folder: Folder) -> None:
    """Agreements are due tonight; a wrong row in the activists' sheet can wait."""
    entry = LETTER + 'for_each = "province"\nroll = {}\n'
    add_kind(folder, entry, "{{ 연명부.인원 }}", tables='activists = "activists.csv"\n', activists="이름\n가\n")
    assert here(folder, "make", "agreement", "--jobs", "1").code == 3
    assert here(folder, "make", "letter", "--jobs", "1").code == 1


# --- parties -----------------------------------------------------------------------------------------------------

PARTIES = """\
정당ID,정당,시도,기구,직함,대표자
P1,푸른내일당,,정책위원회,정책위원회 의장,한여름
P2,두레연합,서울특별시,정책위원회,정책위원장,노가을
P3,너른들당,,정책위원회,정책위원회 의장,민겨울
"""
PARTY_ANSWERS = """\
정당ID,공약번호,답변,의견
P1,1,수용,
P1,2,부분수용,단계별로 한다.
P2,2,수용,
P3,1,불수용,검토가 더 필요하다.
"""


def test_an_agreement_for_each_party_that_adopted_something(folder: Folder) -> None:
    entry = LETTER + 'for_each = "party"\nfilter = { "협약" = "예" }\nsigners = ["organisations", "party"]\n'
    lines = (
        "{{ 정당.이름 }} {{ 서명.직함 }} {{ 서명.이름|띄움 }} {{ 지역.이름 }}",
        "{%p for 하나 in 공통공약 %}",
        "{{ 하나.제목 }} {{ 하나.답변 }} {{ 하나.의견 }}",
        "{%p endfor %}",
    )
    add_kind(folder, entry, *lines, tables='parties = "parties.csv"\n', parties=PARTIES, more=PARTY_ANSWERS)
    folder.change(CAMPAIGN_FILE, 'answers = "answers.csv"', 'answers = ["answers.csv", "more.csv"]')
    assert papers(folder, "letter") == {
        "letters/전국/L-0000-0001_푸른내일당.docx": [
            "푸른내일당 정책위원회 의장 한 여 름 전국",
            "기본 조례 제정 수용 ",
            "우선구매 확대 부분수용 단계별로 한다.",
        ],
        "letters/서울특별시/L-1100-0001_두레연합.docx": [
            "두레연합 정책위원장 노 가 을 서울특별시",
            "우선구매 확대 수용 ",
        ],
    }


# --- rolls -------------------------------------------------------------------------------------------------------

ACTIVISTS = """\
이름,소속,직함,시도,시군구,분야,동의
하늬,햇살협동조합,이사장,서울특별시,종로구,돌봄,예
가온,마을카페,운영자,서울특별시,중구,먹거리,O
Lee Ann,마을카페,활동가,서울특별시,중구,먹거리,동의합니다
나래,햇살협동조합,조합원,서울특별시,종로구,돌봄,아니오
다솜,이음센터,활동가,서울특별시,,지원,예
가온,이음센터,활동가,서울특별시,종로구,지원,예
가온,마을카페,운영자,서울특별시,중구,먹거리,예
"""
ROLL = (
    "{{ 지역.이름 }} {{ 연명부.인원 }}명",
    "{%p for 묶음 in 연명부.묶음 %}",
    "{{ 묶음.이름 }} {{ 묶음.인원 }}",
    "{%p for 표 in 묶음.표 %}",
    "{%p for 줄 in 표.줄 %}",
    "{{ 줄.연번 }} {{ 줄.이름 }} {{ 줄.소속 }}",
    "{%p endfor %}",
    "{%p endfor %}",
    "{%p endfor %}",
)


def declaration(folder: Folder, more: str) -> list[str]:
    entry = f'{LETTER}for_each = "province"\n{more}\n'
    add_kind(folder, entry, *ROLL, tables='activists = "activists.csv"\n', activists=ACTIVISTS)
    return papers(folder, "letter")["letters/서울특별시/L-1100-0001_서울특별시.docx"]


def test_a_roll_in_order_of_the_alphabet_without_those_who_did_not_consent(folder: Folder) -> None:
    """The last row repeats the second: one person, one line. 가온 of another body is somebody else."""
    assert declaration(folder, "roll = {}") == [
        "서울특별시 5명",
        " 5",
        "1 가온 마을카페",
        "2 가온 이음센터",
        "3 다솜 이음센터",
        "4 하늬 햇살협동조합",
        "5 Lee Ann 마을카페",
    ]


def test_a_roll_in_groups(folder: Folder) -> None:
    """Regions in their own order, the whole 시·도 first; 연번 runs through."""
    assert declaration(folder, 'roll = { group = "지역" }') == [
        "서울특별시 5명",
        *("서울특별시 1", "1 다솜 이음센터"),
        *("종로구 2", "2 가온 이음센터", "3 하늬 햇살협동조합"),
        *("중구 2", "4 가온 마을카페", "5 Lee Ann 마을카페"),
    ]


NAMESAKES = (("서울특별시", "종로구"), ("서울특별시", "중구"), ("서울특별시", "용산구"), ("부산광역시", "중구"))


@pytest.mark.parametrize(
    ("group", "nationwide", "names"),
    [
        ("지역", False, ["종로구", "중구", "용산구", "중구"]),
        ("시군구", True, ["종로구", "중구", "용산구", "중구"]),
        ("지역", True, ["서울특별시", "부산광역시"]),
        ("시도", False, ["서울특별시", "부산광역시"]),
    ],
)
def test_a_roll_knows_regions_of_one_name_apart(group: str, nationwide: bool, names: list[str]) -> None:  # noqa: FBT001
    people = [
        Activist(
            at=Row("", "", place),
            name=f"가{place}",
            affiliation="이음센터",
            province=province,
            municipality=municipality,
            consent=Consent.NAMED,
        )
        for place, (province, municipality) in enumerate([*NAMESAKES, *reversed(NAMESAKES)])
    ]
    areas = {area: place for place, area in enumerate(NAMESAKES)} | {("서울특별시", ""): 0, ("부산광역시", ""): 3}
    kind = Kind(title="가", letter="D", template="a.docx", folder="a", roll=Roll(group=group))
    assert [one["이름"] for one in roll(people, kind, areas, nationwide=nationwide)["묶음"]] == names


def test_a_province_of_which_only_municipalities_are_in_the_table(folder: Folder) -> None:
    folder.change("inputs/regions.csv", "1100,서울특별시,\n", "")
    for name in ("candidates", "answers"):
        lines = (folder.root / f"inputs/{name}.csv").read_text("utf-8").splitlines(keepends=True)
        folder.write(f"inputs/{name}.csv", "".join(one for one in lines if not one.startswith(("101", "103"))))
    add_kind(folder, f'{LETTER}for_each = "province"\n', "{{ 지역.이름 }} {{ 문서.번호 }}")
    assert papers(folder, "letter") == {"letters/서울특별시/L-1100-0001_서울특별시.docx": ["서울특별시 L-1100-0001"]}


def test_a_roll_by_another_column(folder: Folder) -> None:
    assert declaration(folder, 'roll = { group = "분야", order = "이름" }')[1:] == [
        *("돌봄 1", "1 하늬 햇살협동조합"),
        *("먹거리 2", "2 가온 마을카페", "3 Lee Ann 마을카페"),
        *("지원 2", "4 가온 이음센터", "5 다솜 이음센터"),
    ]


def test_a_roll_of_everybody_where_the_campaign_says_so(folder: Folder) -> None:
    assert declaration(folder, "roll = {}\nconsent = false")[0] == "서울특별시 6명"


def test_who_is_left_out_of_a_roll_is_told_by_cell(folder: Folder) -> None:
    entry = f'{LETTER}for_each = ["campaign", "province"]\nroll = {{}}\n'
    add_kind(folder, entry, *ROLL, tables='activists = "activists.csv"\n', activists=ACTIVISTS)
    verdict = judge(folder, "check")
    assert verdict == Verdict(0, ["signer.twice inputs/activists.csv!A8"])
    assert "stand already in inputs/activists.csv!A3" in verdict.said
    assert "No consent to be named" in verdict.said
    assert [one["number"] for one in verdict.documents][-2:] == ["L-0000-0001", "L-1100-0001"]


@pytest.mark.parametrize(
    ("before", "after", "code", "cell"),
    [
        ("중구,먹거리,O", "중구청,먹거리,O", "reference.unknown", "E3"),
        ("이사장,서울특별시", "이사장,서을특별시", "reference.unknown", "E2"),
        ("돌봄,아니오", "돌봄,글쎄요", "cell.choice", "G5"),
        ("하늬,햇살", ",햇살", "cell.blank", "A2"),
    ],
)
def test_a_wrong_cell_of_the_roll(folder: Folder, before: str, after: str, code: str, cell: str) -> None:
    entry = f'{LETTER}for_each = "campaign"\nroll = {{}}\n'
    sheet = ACTIVISTS.replace(before, after)
    add_kind(folder, entry, *ROLL, tables='activists = "activists.csv"\n', activists=sheet)
    verdict = judge(folder)
    assert verdict.exit == 1
    assert f"{code} inputs/activists.csv!{cell}" in verdict.found


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["가", "나", "힣", "A", "갉"]), st.sampled_from(["종로구", "중구", ""]), st.booleans()),
    max_size=400,
)


@given(PEOPLE, st.integers(1, 100), st.sampled_from(["", "지역", "분야"]))
@settings(max_examples=60, deadline=None)
def test_a_roll_adds_up(people: list[tuple[str, str, bool]], rows: int, group: str) -> None:
    """Totals equal the rows, numbers run from 1, no table is too long, and everybody who consented is in it once."""
    activists = [
        Activist(
            at=Row("", "", place),
            name=name,
            affiliation=str(place),
            province="서울특별시",
            municipality=area,
            consent=Consent.NAMED if consent else Consent.NONE,
        )
        for place, (name, area, consent) in enumerate(people)
    ]
    kind = Kind(title="가", letter="D", template="a.docx", folder="a", roll=Roll(group=group, rows=rows))
    listed = roll(activists, kind, {("서울특별시", "종로구"): 0, ("서울특별시", "중구"): 1}, nationwide=False)
    tables = [table for each in listed["묶음"] for table in each["표"]]
    lines = [line for table in tables for line in table["줄"]]
    assert listed["인원"] == len(lines) == sum(each["인원"] for each in listed["묶음"])
    assert [line["연번"] for line in lines] == list(range(1, len(lines) + 1))
    assert all(len(table["줄"]) == table["인원"] == table["끝"] - table["처음"] + 1 <= rows for table in tables)
    assert sorted(line["소속"] for line in lines) == sorted(one.affiliation for one in activists if one.consent)
    assert all(
        [line["이름"] for table in each["표"] for line in table["줄"]]
        == sorted((line["이름"] for table in each["표"] for line in table["줄"]), key=lambda name: (name == "A", name))
        for each in listed["묶음"]
    )


# --- events ------------------------------------------------------------------------------------------------------

EVENTS = """\
행사ID,행사명,유형,날짜,시작,종료,장소,참가비
E1,정책협약식,협약식,2018-05-23,14:00,15:00,한빛시민회관,0
"""
PROGRAMME = """\
행사ID,순서,내용,분,담당,소속
E1,2,정책 제안 설명,20,진하율,한빛협의회
E1,1,개회,5,,
E1,3,서명과 교환,30,남궁한결,
E1,3,,,서다온,
"""


def notice(folder: Folder, events: str = EVENTS, programme: str = PROGRAMME) -> None:
    lines = (
        "{{ 행사.이름 }} {{ 행사.날짜|점날짜요일 }} {{ 행사.시작 }} {{ 행사.참가비|원 }}",
        "{%p for 하나 in 식순 %}",
        (
            "{{ 하나.시작 }}-{{ 하나.끝 }} {{ 하나.분 }} {{ 하나.내용 }}"
            "{% for 이 in 하나.담당 %} {{ 이.이름 }}({{ 이.소속 }}){% endfor %}"
        ),
        "{%p endfor %}",
    )
    tables = 'events = "events.csv"\nprogramme = "programme.csv"\n'
    add_kind(folder, f'{LETTER}for_each = "event"\n', *lines, tables=tables, events=events, programme=programme)


def test_a_programme_with_its_hours(folder: Folder) -> None:
    notice(folder)
    assert papers(folder, "letter") == {
        "letters/전국/L-0000-0001_정책협약식.docx": [
            "정책협약식 2018. 5. 23.(수) 14:00 0원",
            "14:00-14:05 5 개회",
            "14:05-14:25 20 정책 제안 설명 진하율(한빛협의회)",
            "14:25-14:55 30 서명과 교환 남궁한결() 서다온()",
        ]
    }


@pytest.mark.parametrize(
    ("fee", "printed"),
    [("10000", "10,000원"), ('"10,000"', "10,000원"), ("10000원", "10,000원"), ("무료", "0원"), ("", "0원")],
)
def test_fees_as_people_write_them(folder: Folder, fee: str, printed: str) -> None:
    notice(folder, EVENTS.replace("한빛시민회관,0", f"한빛시민회관,{fee}"))
    assert papers(folder, "letter")["letters/전국/L-0000-0001_정책협약식.docx"][0].endswith(f"14:00 {printed}")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("E1,1,개회", "E9,1,개회", "programme.orphan inputs/programme.csv!A3"),
        ("E1,1,개회", "E1,1,", "programme.headless inputs/programme.csv!C3"),
        ("서명과 교환,30", "서명과 교환,90", "programme.long inputs/events.csv!F2"),
        ("개회,5", "개회,오 분", "cell.value inputs/programme.csv!D3"),
        ("2018-05-23", "5월", "cell.value inputs/events.csv!D2"),
        ("14:00,15", "두 시,15", "cell.value inputs/events.csv!E2"),
    ],
)
def test_a_wrong_cell_of_a_programme(folder: Folder, before: str, after: str, found: str) -> None:
    notice(folder, EVENTS.replace(before, after), PROGRAMME.replace(before, after))
    assert found in judge(folder, "check").found


# --- member bodies, monitoring, report -----------------------------------------------------------------------------

BODIES = """\
단체ID,단체명,유형,직함,대표자,시도,시군구,실천 약속,동의
B1,햇살협동조합,협동조합,이사장,하늬,서울특별시,종로구,"정보를 공개한다.
우선구매에 힘쓴다.",예
B2,이음센터,지원기관,센터장,다솜,,,교육을 넓힌다.,
"""


def test_a_declaration_of_practice_for_each_body_that_consented(folder: Folder) -> None:
    lines = (
        "{{ 회원단체.이름|은는 }}",
        "{%p for 하나 in 약속 %}",
        "하나, {{ 하나 }}",
        "{%p endfor %}",
        "{{ 서명.이름 }}",
    )
    entry = f'{LETTER}for_each = "body"\nsigners = "body"\n'
    add_kind(folder, entry, *lines, tables='bodies = "bodies.csv"\n', bodies=BODIES)
    assert papers(folder, "letter") == {
        "letters/서울특별시/종로구/L-4110100-0001_햇살협동조합.docx": [
            *("햇살협동조합은", "하나, 정보를 공개한다.", "하나, 우선구매에 힘쓴다.", "하늬"),
        ]
    }


PROGRESS = """\
후보자ID,공약번호,상태,추진내용,점검일
101,1,이행 완료,조례를 만들었다.,2019-12-31
"""


def test_a_monitoring_sheet_for_each_elected_signatory(folder: Folder) -> None:
    """What nobody recorded is blank, not missing."""
    lines = ("{%p for 하나 in 점검 %}", "{{ 하나.제목 }}: {{ 하나.상태 }} {{ 하나.추진내용 }}", "{%p endfor %}", "끝")
    entry = LETTER + 'filter = { "당선" = "예", "협약" = "예" }\n'
    add_kind(folder, entry, *lines, tables='progress = "progress.csv"\n', progress=PROGRESS)
    folder.change("inputs/candidates.csv", "기호,이름", "기호,이름,당선")
    folder.change("inputs/candidates.csv", "남궁한결", "남궁한결,당선")
    folder.change("inputs/candidates.csv", "도하늘", "도하늘,낙선")
    assert papers(folder, "letter") == {
        "letters/서울특별시/L-1100-0001_서울특별시장_남궁한결.docx": [
            *("기본 조례 제정: 이행완료 조례를 만들었다.", "우선구매 확대:  ", "끝"),
        ]
    }


def test_a_report_in_numbers_by_region_office_and_pledge(folder: Folder) -> None:
    lines = (
        "{{ 현황.후보자 }} {{ 현황.회신 }} {{ 현황.협약 }} {{ 현황.협약률 }}%",
        *("{%p for 하나 in 현황.지역별 %}", "{{ 하나.이름 }} {{ 하나.후보자 }} {{ 하나.협약 }}", "{%p endfor %}"),
        *("{%p for 하나 in 현황.선거별 %}", "{{ 하나.이름 }} {{ 하나.후보자 }} {{ 하나.협약 }}", "{%p endfor %}"),
        "{%p for 하나 in 현황.공약별 %}",
        "{{ 하나.번호 }} {{ 하나.수용 }} {{ 하나.부분수용 }} {{ 하나.무응답 }}",
        "{%p endfor %}",
    )
    add_kind(folder, f'{LETTER}for_each = ["campaign", "province"]\n', *lines)
    made = papers(folder, "letter")
    by_office = ["시·도지사 1 1", "구·시·군의 장 1 1", "교육감 1 1"]
    by_pledge = ["1 2 0 1", "2 1 1 1"]
    assert made == {
        "letters/전국/L-0000-0001_전국.docx": ["3 3 3 100%", "서울특별시 3 3", *by_office, *by_pledge],
        "letters/서울특별시/L-1100-0001_서울특별시.docx": [
            *("3 3 3 100%", "서울특별시 2 2", "종로구 1 1", *by_office, *by_pledge),
        ],
    }
