"""The filters inside Jinja, as templates use them."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from pipeline.korean.filters import FILTERS
from pipeline.korean.particles import with_particle

ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined)
ENVIRONMENT.filters.update(FILTERS)


def render(template, context=None):
    return ENVIRONMENT.from_string(template).render(context or {})


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("{{ x|은는 }}", "홍길동", "홍길동은"),
        ("{{ x|이가 }}", "김철수", "김철수가"),
        ("{{ x|을를 }}", "협약", "협약을"),
        ("{{ x|과와 }}", "단체", "단체와"),
        ("{{ x|으로 }}", "서울", "서울로"),
        ("{{ x|이라 }}", "시민", "시민이라"),
        ("{{ x|아야 }}", "길동", "길동아"),
        ("{{ x|이나 }}", "도", "도나"),
        ("{{ x|이며 }}", "군", "군이며"),
        ("{{ x|josa('이랑/랑') }}", "마을", "마을이랑"),
        ("{{ x|josa('으로서/로서') }}", "당선인", "당선인으로서"),
        ("{{ x|은는('서울뱅크') }}", "Seoul Bank", "Seoul Bank는"),
        ("{{ x|은는 }}", 10, "10은"),
        ("{{ x|은는 }}", "", ""),
        ("{{ x|날짜 }}", "", ""),
        ("{{ x|시각 }}", " ", ""),
        ("{{ x|원 }}", "", ""),
        ("{{ x|띄움 }}", "", ""),
        ("{{ x|수 }}", 1149, "1,149"),
        ("{{ x|날짜 }}", "2018-05-23", "2018년 5월 23일"),
        ("{{ x|날짜 }}", date(2018, 5, 23), "2018년 5월 23일"),
        ("{{ x|날짜요일 }}", "2018-05-23", "2018년 5월 23일(수)"),
        ("{{ x|점날짜 }}", "2018-05-23", "2018. 5. 23."),
        ("{{ x|점날짜요일 }}", "2018-05-23", "2018. 5. 23.(수)"),
        ("{{ x|날짜|으로 }}", "2018-05-23", "2018년 5월 23일로"),
        ("{{ x|시각 }}", "14:00", "14:00"),
        ("{{ x|긴시각 }}", time(14, 30), "오후 2시 30분"),
        ("{{ x|띄움 }}", "홍길동", "홍 길 동"),
        ("{{ x|가림 }}", "홍길동", "홍*동"),
        ("{{ x|원 }}", 20000, "20,000원"),
        ("{{ x|일금 }}", "20000", "일금 이만원정"),
        ("{{ x|조 }}", 3, "제3조"),
        ("{{ x|조|은는 }}", 3, "제3조는"),
        ("{{ x|동그라미 }}", 3, "③"),
        ("{{ x|가나다 }}", 3, "다"),
    ],
)
def test_filters(template, value, expected):
    assert render(template, {"x": value}) == expected


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("날짜", "date_long"),
        ("날짜요일", "date_weekday"),
        ("점날짜", "date_dotted"),
        ("점날짜요일", "date_dotted_weekday"),
        ("시각", "time_short"),
        ("긴시각", "time_long"),
        ("띄움", "spaced"),
        ("가림", "masked"),
        ("원", "won"),
        ("일금", "won_formal"),
        ("조", "article"),
        ("동그라미", "circled"),
        ("가나다", "ganada"),
    ],
)
def test_korean_and_english_names_are_one_filter(korean, english):
    assert FILTERS[korean] is FILTERS[english]


def test_filter_names_are_nfc_and_cannot_be_changed():
    assert all(unicodedata.is_normalized("NFC", name) for name in FILTERS)
    with pytest.raises(TypeError):
        FILTERS["은는"] = str


@settings(deadline=None)
@given(st.text(max_size=20))
def test_values_are_escaped_after_the_filter(value):
    assert render("{{ x|은는 }}", {"x": value}) == escape(with_particle(value, "은/는") if value.strip() else "")
    assert render("{{ x|띄움 }}", {"x": value}) == escape(FILTERS["띄움"](value))


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_returns_plain_text(name):
    on_dates, on_times = {"날짜", "date"}, {"시각", "time"}
    value = "2018-05-23" if any(part in name for part in on_dates) else "3"
    value = "14:30" if any(part in name for part in on_times) else value
    pair = ("은/는",) if name == "josa" else ()
    assert type(FILTERS[name](Markup(value), *pair)) is str  # noqa: S704 - a constant


def test_what_was_escaped_before_is_escaped_once():
    template = "{% set both %}{{ x }} 지부{% endset %}{{ both|은는 }} · {{ both }}"
    assert render(template, {"x": "R&D <x>"}) == "R&amp;D &lt;x&gt; 지부는 · R&amp;D &lt;x&gt; 지부"


@pytest.mark.parametrize("value", [None, True, 2.0, Markup("<b>굵게</b>")])
def test_values_that_no_paper_means_are_refused(value):
    with pytest.raises(ValueError, match=r"text"):
        render("{{ x|은는 }}", {"x": value})


@pytest.mark.parametrize("name", sorted(set(FILTERS) - {"josa"}))
def test_an_undefined_name_stays_the_error_it_is(name):
    with pytest.raises(UndefinedError, match="'x' is undefined"):
        render("{{ x|" + name + " }}")
