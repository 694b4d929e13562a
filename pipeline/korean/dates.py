"""Dates and times as Korean papers print them.

The short forms are those of the Korean rules for official documents: digits with full stops, the clock of 24
hours with a colon. Dates enter as `datetime.date` or as text '2018-05-23'; anything else raises ValueError.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

KOREA = timezone(timedelta(hours=9), "KST")
"""The hours of Korea, which have known no summer time since 1988: people read these wherever the machine stands."""
_WEEKDAYS = "월화수목금토일"
_NOON = 12


def date_long(value: date | str) -> str:
    """Return 2018년 6월 13일."""
    day = _date(value)
    return f"{day.year}년 {day.month}월 {day.day}일"


def date_weekday(value: date | str) -> str:
    """Return 2018년 6월 13일(수)."""
    return f"{date_long(value)}({weekday(value)})"


def date_dotted(value: date | str) -> str:
    """Return 2018. 6. 13. (with the last full stop, which stands for 일)."""
    day = _date(value)
    return f"{day.year}. {day.month}. {day.day}."


def date_dotted_weekday(value: date | str) -> str:
    """Return 2018. 6. 13.(수)."""
    return f"{date_dotted(value)}({weekday(value)})"


def moment(at: str) -> str:
    """Return 2018. 6. 13. 14:30 for a moment as it is recorded: ISO 8601 with its offset from UTC."""
    local = _in_korea(at)
    return f"{date_dotted(local.date())} {time_short(local)}"


def moment_day(at: str) -> str:
    """Return 2018. 6. 13. for a moment as it is recorded; the day is that of Korea."""
    return date_dotted(day_of(at))


def day_of(at: str) -> date:
    """The day in Korea of a moment as it is recorded."""
    return _in_korea(at).date()


def weekday(value: date | str) -> str:
    """Return 수."""
    return _WEEKDAYS[_date(value).weekday()]


def time_short(value: time | datetime | str) -> str:
    """Return 14:30."""
    moment = _time(value)
    return f"{moment.hour:02}:{moment.minute:02}"


def time_long(value: time | datetime | str) -> str:
    """Return 오후 2시 30분; noon is 낮 12시, as 오후 12시 is read either way."""
    moment = _time(value)
    half = "낮" if moment.hour == _NOON else "오전" if moment.hour < _NOON else "오후"
    hour = moment.hour - _NOON if moment.hour > _NOON else moment.hour
    return f"{half} {hour}시" + (f" {moment.minute}분" if moment.minute else "")


def _in_korea(at: str) -> datetime:
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError(f"a moment without its offset from UTC: {at!r}")
    return instant.astimezone(KOREA)


def _date(value: date | str) -> date:
    if isinstance(value, date):
        return value
    # fromisoformat alone would take week dates and 20180523, which in a cell is more likely a number.
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"no such day in the calendar: {value!r}") from None
    raise ValueError(f"not a date such as '2018-05-23': {value!r}")


def _time(value: time | datetime | str) -> time:
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise ValueError(f"no such time of day: {value!r}") from None
    raise ValueError(f"not a time such as '14:30': {value!r}")
