"""Dates and times as printed."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.korean import dates


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (dates.date_long, "2018년 6월 13일"),
        (dates.date_weekday, "2018년 6월 13일(수)"),
        (dates.date_dotted, "2018. 6. 13."),
        (dates.date_dotted_weekday, "2018. 6. 13.(수)"),
        (dates.weekday, "수"),
    ],
)
def test_date_forms(function, expected):
    assert function("2018-06-13") == expected
    assert function(date(2018, 6, 13)) == expected
    assert function(datetime(2018, 6, 13, 14, 30, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("moment", "short", "long"),
    [
        ("00:00", "00:00", "오전 0시"),
        ("09:05", "09:05", "오전 9시 5분"),
        ("12:00", "12:00", "낮 12시"),
        ("12:30", "12:30", "낮 12시 30분"),
        ("14:00", "14:00", "오후 2시"),
        ("23:59:59", "23:59", "오후 11시 59분"),
        (time(14, 30), "14:30", "오후 2시 30분"),
        (datetime(2018, 6, 13, 14, 30, tzinfo=UTC), "14:30", "오후 2시 30분"),
    ],
)
def test_time_forms(moment, short, long):
    assert dates.time_short(moment) == short
    assert dates.time_long(moment) == long


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "2018-6-13",
        "20180613",
        "2018-W24-3",
        "2018.06.13",
        "2018-06-13 00:00:00",
        "２０１８-06-13",
        None,
        43264,
    ],
)
def test_what_is_no_date_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match="not a date such as '2018-05-23'"):
        dates.date_long(wrong)


@pytest.mark.parametrize(
    ("at", "moment", "day"),
    [
        ("2026-11-29T06:04:59+00:00", "2026. 11. 29. 15:04", "2026. 11. 29."),
        ("2026-11-29T15:00:00+00:00", "2026. 11. 30. 00:00", "2026. 11. 30."),
        ("2026-12-31T23:59:59Z", "2027. 1. 1. 08:59", "2027. 1. 1."),
        ("2026-05-03T09:30:00+09:00", "2026. 5. 3. 09:30", "2026. 5. 3."),
    ],
)
def test_a_recorded_moment_is_told_in_the_time_of_korea(at, moment, day):
    assert (dates.moment(at), dates.moment_day(at)) == (moment, day)


def test_a_moment_that_may_be_any_hour_is_refused():
    with pytest.raises(ValueError, match="without its offset"):
        dates.moment("2026-11-29T06:04:59")


@pytest.mark.parametrize("wrong", ["", "2시", "14:3", "9:30", "14.30", None, 14])
def test_what_is_no_time_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match="not a time such as '14:30'"):
        dates.time_short(wrong)


def test_days_and_times_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="no such day in the calendar: '2018-02-29'"):
        dates.date_long("2018-02-29")
    with pytest.raises(ValueError, match="no such time of day: '24:30'"):
        dates.time_long("24:30")


@given(st.dates(min_value=date(1900, 1, 1)))
def test_text_and_date_print_alike_and_keep_the_day(day):
    assert dates.date_long(day.isoformat()) == dates.date_long(day)
    digits = dates.date_dotted(day).replace(" ", "").rstrip(".").split(".")
    assert date(*map(int, digits)) == day
