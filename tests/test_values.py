"""Dates, times and numbers as people write them; what can be read in two ways is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.doors.books.number_formats import look
from pipeline.korean.privacy import RESIDENT_NUMBER
from pipeline.korean.text import clean
from pipeline.model import values
from pipeline.tables.forbidden import JOINT, SUSPECT

DAY = datetime.date(2018, 6, 13)


@pytest.mark.parametrize(
    "text",
    [
        "2018-06-13",
        "2018. 6. 13.",
        "2018.6.13",
        "2018/6/13",
        "180613",
        "20180613",
        "18.6.13",
        "'18. 6. 13.",
        "6/13",
        "6월 13일",
        "2018년 6월 13일",
        "2018년 6월 13일(수)",
        "2018. 6. 13.(수)",
        "2018년 6월 13일 수요일",
        "18년 6월 13일",
        "2018-06-13 00:00:00",
        "2018-06-13T00:00:00",
        "２０１８．６．１３",
        "06/13",
        "6.13.",
        "13/06/2018",
        "6/13/2018",
        "6-13",
    ],
)
def test_date(text: str) -> None:
    assert values.date(text, 2018) == DAY


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("05/06/2018", "ambiguous"),
        ("43264", "serial"),
        ("2018-06", "day only"),
        ("201806", "day only"),
        ("2018년 6월", "day only"),
        ("2018-13-13", "day"),
        ("2018-02-30", "day"),
        ("2018년 6월 13일(목)", "weekday"),
        ("내일", "date"),
        ("2018-06-13 14:00", "date"),
        ("201204", "ambiguous"),
        ("", "date"),
    ],
)
def test_date_that_is_none_or_several(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=values._PROBLEMS[problem]):
        values.date(text)


def test_the_campaigns_year_decides_only_what_it_can() -> None:
    assert values.date("200412", 2020) == datetime.date(2020, 4, 12)
    assert values.date("18.6.13", 2018) == DAY
    with pytest.raises(ValueError, match="without a year"):
        values.date("6/13")
    with pytest.raises(ValueError, match="several ways"):
        values.date("10.11.12")
    with pytest.raises(ValueError, match="several ways"):
        values.date("200412", 2006)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("14:00", 14, 0),
        ("14:00:00", 14, 0),
        ("오후 2시", 14, 0),
        ("오후2시 30분", 14, 30),
        ("14시 30분", 14, 30),
        ("14시", 14, 0),
        ("오후 2시 반", 14, 30),
        ("오후 2:30", 14, 30),
        ("PM 2:30", 14, 30),
        ("2:30 p.m.", 14, 30),
        ("오전 9시", 9, 0),
        ("9:30", 9, 30),
        ("정오", 12, 0),
        ("낮 12시", 12, 0),
        ("오후 12:30", 12, 30),
        ("02:00", 2, 0),
        ("저녁 7시", 19, 0),
        ("오후 14:00", 14, 0),
        ("낮 1시", 13, 0),
    ],
)
def test_time(text: str, hour: int, minute: int) -> None:
    assert values.time(text) == datetime.time(hour, minute)


@pytest.mark.parametrize(
    "text",
    ["2시", "2:30", "오전 12시", "오후 12시", "25:00", "14:60", "두 시", "", "오전 14:00", "14:00~16:00", "밤 2시"],
)
def test_time_that_is_none_or_two(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        values.time(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", 1000),
        ("１，０００", 1000),
        ("1,000원", 1000),
        ("₩1,000", 1000),
        ("무료", 0),
        ("없음", 0),
        ("1만원", 10000),
        ("1만 5천원", 15000),
        ("1.5만원", 15000),
        ("5천원", 5000),
        ("10,000.00", 10000),
        ("30분", 30),
        ("12만3천400원", 123400),
        ("-5", -5),
        ("0", 0),
        ("007", 7),
    ],
)
def test_whole_number(text: str, number: int) -> None:
    assert values.whole(text) == number


@pytest.mark.parametrize(
    "text", ["1,00", "약 1만원", "1.5", "5~10분", "1.5만 5천", "만원", "천", "", "1e3", "10 20", "9" * 30]
)
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        values.whole(text)


def test_percentages() -> None:
    assert values.percent("50%") == Decimal("0.5")
    assert values.percent("12.5 ％") == Decimal("0.125")
    with pytest.raises(ValueError, match="number"):
        values.percent("50")


def test_what_is_no_text_is_left_alone() -> None:
    for read in (values.date, values.time, values.whole, values.percent):
        assert read(None) is None
        assert read(DAY) is DAY


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1012345678, "000-0000-0000", "010-1234-5678"),
        (1234.6, "#,##0", "1,235"),
        (0.5, "0%", "50%"),
        (43264, "yyyy-mm-dd", "2018-06-13"),
        (43264, 'm"월" d"일"', "2018-06-13"),
        (0.5, "h:mm AM/PM", "12:00"),
        (43264.6, "yyyy/mm/dd hh:mm", "2018-06-13 14:24"),
        (10000, '#,##0"원"', "10,000원"),
        (0, '#,##0;-#,##0;"-"', "0"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "555-1234"),
        (12, "00000", "00012"),
        (1.5, "0.##", "1.5"),
        (0.1 + 0.2, "", "0.3"),
        (1111000000, "", "1111000000"),
        (2.5, "0", "3"),
        (1.0, "General", "1"),
        (30.25, "[h]:mm", "726:00"),
        (12, "제0호", "제12호"),
        (12, "G/표준", "12"),
        (1, '"예"', "예"),
        (1, '[=1]"예";[=0]"아니오"', "예"),
        (0, '[=1]"예";[=0]"아니오"', "아니오"),
        (1, "[=1]예;[=0]아니오", "예"),
        (2, '[=1]"예";[=0]"아니오"', "2"),
        (0, '"예";;"아니오"', "아니오"),
        (0, '"예";;"-"', "0"),
        (12, '"제"General"호"', "제12호"),
        (7, '[=1]"예";@', "7"),
        (1e300, "#,##0.00", None),
        (-1, "yyyy-mm-dd", "-1"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_a_number_as_its_cell_shows_it(value: float, code: str, shown: str | None) -> None:
    assert shown is None or look(value, code).text == shown
    assert look(value, code).text


def test_what_a_look_hides() -> None:
    assert look(1234.6, "#,##0").differs
    assert look(43264, "yyyy-mm").held == "2018-06-13"
    assert look(43264.5, "h:mm").held == "2018-06-13 12:00:00"
    assert look(5, ";;;").held == "5"
    assert not look(1, '[=1]"예";[=0]"아니오"').differs, "people see the word, and get it"
    assert not look(0.1 + 0.2, "0.0").differs
    assert not look(0.5, "0%").differs
    assert look(41802, "yyyy-mm-dd", from_1904=True).text == "2018-06-13"


@pytest.mark.parametrize(
    "text",
    [
        "991332-1000000",
        "주민번호 991332 – 1000000입니다",
        "９９１３３２－１００００００",
        "9912311000000",
        "991231 1000000",
        "991231.1000000",
        "9912\u200b31-1000000",
        "번호9912311000000번",
        "(991231-1000000)",
        "991332\n-\n1000000",
        *(f"991231{dash}1000000" for dash in ("ㅡ", "ー", "⁃", "﹣", "─", "--", ",", " -- ")),
        *(f"991332{dash}1000000" for dash in ("ㅡ", "ー", "⁃", "﹣", "─", "--")),
        "99.12.31-1000000",
        "99. 12. 31. - 1000000",
        "99-12-31-1000000",
        "99/12/31ㅡ1000000",
        "991231   -   1000000",
        "991332\u3164\u3164\u3164\u3164-\u20671000000",
        "991231\u3164\u3164\u3164\u3164\u3164\u31641000000",
    ],
)
def test_resident_number_in_any_dress(text: str) -> None:
    assert RESIDENT_NUMBER.search(text)
    assert SUSPECT.search(JOINT.join(("가", text, "나"))), "the quick look misses none"


@pytest.mark.parametrize(
    "text",
    ["1111000000", "010-1234-5678", "20180613123456", "123456.1234567", "110-123-456789", "100153800", "2018-06-13"],
)
def test_what_is_no_resident_number(text: str) -> None:
    assert not RESIDENT_NUMBER.search(text)


@given(
    unseen=st.lists(st.text("\u200b\u202c\u2066\u00ad", max_size=2), min_size=13, max_size=13),
    between=st.text("-ㅡ.,  \n\t\u2028\u00a0\u115f\u1160\u3164\uffa0\u2800\u200b", max_size=8),
    number=st.sampled_from(["9912311000000", "9913321000000"]),
)
def test_the_quick_look_misses_no_resident_number(unseen: list[str], between: str, number: str) -> None:
    signs = [digit + sign for digit, sign in zip(number, unseen, strict=True)]
    text = "".join([*signs[:6], between, *signs[6:]])
    if RESIDENT_NUMBER.search(text) or RESIDENT_NUMBER.search(clean(text)):
        assert SUSPECT.search(JOINT.join(("1", text, "2")))


def _digits(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern.replace("#", "[0-9]"), fullmatch=True)


_DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)).flatmap(
    lambda day: st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d.", "%y.%m.%d", "'%y. %m. %d.", "%y%m%d", "%Y%m%d"])
    .map(day.strftime)
)  # fmt: skip
_AMOUNTS = st.one_of(st.integers(0, 10**15).map("{:,}원".format), st.integers(0, 10**12 - 1).map("{}원".format))
_OTHERS = st.one_of(
    _digits("0(10|2|31|70)-####?-####"),
    _digits("###-##-#####"),
    _digits("110-###-######"),
    _digits("######-##-######"),
    _digits("30#-0###-####-##"),
    _digits("[1-5]#0####"),
    _digits("#{5}"),
)


@given(
    st.lists(st.one_of(_DAYS, _AMOUNTS, _OTHERS), min_size=1, max_size=3), st.sampled_from([", ", " ; ", " (", "와 "])
)
@example(["18.06.13", "1000000원"], " ")
@example(["1,800,101", "1234567"], " ")
@example(["2018.06.13", "1000000"], "-")
@example(["18.06.01", "20180613"], "-")
@example(["180601", "180613"], "-")
@example(["20180601", "20180613"], "-")
@example(["180613", "1000000"], ", ")
def test_other_numbers_that_people_write_pass(numbers: list[str], between: str) -> None:
    assert not RESIDENT_NUMBER.search(between.join(numbers))


def test_long_cells_are_searched_at_once() -> None:
    for text in ("800101" + " " * 100_000, "8\u200b" * 50_000, "800101-" * 20_000, "80.01.01 " * 20_000):
        assert not RESIDENT_NUMBER.search(text)


def test_cleaning_keeps_what_was_registered() -> None:
    assert clean("\u200b\xa0한빛\u3000\u3000협동조합\r\n ") == "한빛 협동조합"
    assert clean("\u1112\u1161\u11ab\uf9e1") == "한\uf9e1"
    assert clean("\u3164") == ""
    assert clean("가\u2028나") == "가\n나"
