"""Dates, times and numbers as people write them in cells. What can be read in two ways is refused, never guessed.

Each function takes the text of a cell and raises ValueError with what is wrong, in words for `cell.value`.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal

_WEEKDAYS = "월화수목금토일"
_NEAR = 4
"""Years around the campaign's in which a date with two digits for the year is looked for."""
_NOON = 12

_PROBLEMS = {
    "date": "not a date; write it as 2018-05-23",
    "day": "no such day in the calendar",
    "weekday": "the day of the week does not go with the date",
    "serial": "a number without a date format; write it as 2018-05-23",
    "ambiguous": "a date that can be read in several ways; write it as 2018-05-23",
    "year": "a date without a year; write it as 2018-05-23",
    "day only": "a month without a day; write it as 2018-05-23",
    "time": "not a time; write it as 14:00",
    "half": "a time that can be before or after noon; write it as 14:00",
    "number": "not a whole number",
    "fraction": "not a whole number but a fraction",
}
"""What ValueErrors of this module say."""

_WEEKDAY = re.compile(rf"[(\[]\s*([{_WEEKDAYS}])(?:요일)?\s*[)\]]|\s([{_WEEKDAYS}])요일$")
_KOREAN = re.compile(r"(?:(\d{4}|\d{2})\s*년\s*)?(\d{1,2})\s*월\s*(\d{1,2})\s*일?")
_PARTS = re.compile(r"['’]?(\d{1,4})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{1,4})\s*\.?")
_TWO = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*\.?")
_MONTH_ONLY = re.compile(r"\d{4}\s*[-./년]\s*\d{1,2}\s*[월.]?")
_MIDNIGHT = re.compile(r"[T ]+0{1,2}:00(:00(\.0+)?)?$")


def _fail(what: str) -> ValueError:
    return ValueError(_PROBLEMS[what])


def plain(text: str) -> str:
    """Full-width letters and digits as narrow ones, outer blanks off."""
    return unicodedata.normalize("NFKC", text).strip()


def date(text: object, year: int | None = None) -> object:
    """The date a text means; what is no text is left alone.

    Args:
        text: 2018-06-13, 2018. 6. 13., 18.6.13, 180613, 20180613, 2018년 6월 13일(수), 6월 13일, 6/13.
        year: the campaign's, for dates without one.

    Raises:
        ValueError: not a date, or several.
    """
    if not isinstance(text, str):
        return text
    short = _MIDNIGHT.sub("", plain(text))
    weekday = _WEEKDAY.search(short)
    short = _WEEKDAY.sub(" ", short).strip() if weekday else short
    day = _date(short, year)
    if weekday and _WEEKDAYS[day.weekday()] != (weekday[1] or weekday[2]):
        raise _fail("weekday")
    return day


def _date(text: str, year: int | None) -> datetime.date:
    if match := _KOREAN.fullmatch(text):
        return _day(_year(match[1], year), int(match[2]), int(match[3]))
    if match := _PARTS.fullmatch(text):
        return _of_parts(match[1], match[3], match[4], year)
    if match := _TWO.fullmatch(text):
        return _day(_year(None, year), int(match[1]), int(match[2]))
    if re.fullmatch(r"\d{8}", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if re.fullmatch(r"\d{6}", text):
        return _of_six(text, year)
    if _MONTH_ONLY.fullmatch(text):
        raise _fail("day only")
    raise _fail("serial" if re.fullmatch(r"\d{5}(\.\d+)?", text) else "date")


def _year(text: str | None, campaign: int | None) -> int:
    if text:
        return int(text) if len(text) == len("2018") else 2000 + int(text)
    if campaign is None:
        raise _fail("year")
    return campaign


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise _fail("day") from None


def _valid(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _of_parts(first: str, second: str, third: str, campaign: int | None) -> datetime.date:
    """Three numbers: with four digits for the year in front there is one reading, else as many as the calendar has."""
    one, two, three = int(first), int(second), int(third)
    if len(first) == len("2018"):
        if len(third) > len("13"):
            raise _fail("date")
        return _day(one, two, three)
    if len(third) == len("2018"):
        readings = [_valid(three, one, two), _valid(three, two, one)]
    elif len(first) <= len("18") and len(third) <= len("13"):
        readings = [_valid(2000 + one, two, three), _valid(2000 + three, one, two), _valid(2000 + three, two, one)]
        if campaign:
            readings = [day for day in readings if day and abs(day.year - campaign) <= _NEAR] or readings
    else:
        raise _fail("date")
    return _only(readings)


def _of_six(text: str, campaign: int | None) -> datetime.date:
    """180613. Where the six digits may also be a year and a month (201204), the campaign's year has to decide."""
    day = _valid(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    month = _valid(int(text[:4]), int(text[4:]), 1) if text[:2] in {"19", "20"} else None
    if day is None:
        raise _fail("day only" if month else "day")
    if month and not (campaign and abs(day.year - campaign) <= _NEAR < abs(month.year - campaign)):
        raise _fail("ambiguous")
    return day


def _only(readings: list[datetime.date | None]) -> datetime.date:
    days = {one for one in readings if one}
    if len(days) != 1:
        raise _fail("ambiguous" if days else "day")
    return days.pop()


_CLOCK = re.compile(
    r"(?P<before>오전|오후|낮|밤|새벽|아침|저녁|[AP]\.?M\.?)?\s*(?P<hour>\d{1,2})\s*(?:(?P<colon>:)\s*(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.0+)?)?|시(?:\s*(?P<half>반)|\s*(?P<minutes>\d{1,2})\s*분)?)\s*(?P<after>[AP]\.?M\.?)?",
    re.IGNORECASE,
)
_LATER = frozenset({"오후", "pm", "저녁"})
_EARLIER = frozenset({"오전", "am", "새벽", "아침"})
_EARLIEST = 7
"""From this hour on, 9시 is the morning's; before it, 2시 is mostly the afternoon's, and who knows."""


def time(text: object) -> object:
    """The time of day a text means; what is no text is left alone.

    Args:
        text: 14:00, 14시 30분, 오후 2시 반, 오후 2:30, 2:30 PM, 정오.

    Raises:
        ValueError: not a time, or two.
    """
    if not isinstance(text, str):
        return text
    short = plain(text)
    if short in {"정오", "낮 12시", "낮12시"}:
        return datetime.time(_NOON)
    match = _CLOCK.fullmatch(short)
    if not match:
        raise _fail("time")
    hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or (30 if match["half"] else 0))
    hour = _hour(hour, minute, (match["before"] or match["after"] or "").replace(".", "").lower(), match)
    try:
        return datetime.time(hour, minute, int(match["second"] or 0))
    except ValueError:
        raise _fail("time") from None


def _hour(hour: int, minute: int, half: str, match: re.Match[str]) -> int:
    if half in _LATER:
        if hour == _NOON and not minute and half == "오후":
            raise _fail("half")
        return hour + _NOON if hour < _NOON else hour
    if half in _EARLIER:
        if hour == _NOON:
            raise _fail("half")
        if hour > _NOON:
            raise _fail("time")
        return hour
    if half == "낮":
        return hour + _NOON if hour < _EARLIEST else hour
    written_out = match["colon"] and len(match["hour"]) == len("02")
    if half or (0 < hour < _EARLIEST and not written_out):
        raise _fail("half")
    return hour


_FREE = frozenset({"무료", "없음", "무"})
_UNIT = re.compile(r"(?:원|명|분|인|건|개|부|세|곳|회|won|KRW)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"[-−]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.0*)?")
_MYRIADS = re.compile(r"(?:(\d[\d,]*(?:\.\d+)?)만)?\s*(?:(\d(?:\.\d+)?)천)?\s*(\d{1,4})?")


def whole(text: object) -> object:
    """The whole number a text means; what is no text is left alone.

    Args:
        text: 1,000 · １０００ · 1,000원 · ₩1,000 · 1만 5천원 · 무료.

    Raises:
        ValueError: not a whole number.
    """
    if not isinstance(text, str):
        return text
    short = plain(text)
    if short.replace(" ", "") in _FREE:
        return 0
    short = _UNIT.sub("", re.sub(r"^(?:₩|\\|￦|KRW)\s*", "", short)).strip()
    if _GROUPED.fullmatch(short) and len(short) <= 20:  # noqa: PLR2004 - longer than any amount of won
        return int(Decimal(short.replace(",", "").replace("−", "-").rstrip(".")))
    match = _MYRIADS.fullmatch(short)
    if match and (match[1] or match[2]) and _grouped(match[1]):
        myriads = Decimal((match[1] or "0").replace(",", "")) * 10_000
        # 1.5만 is a number, 1.5만 5천 a slip.
        if not (match[1] and "." in match[1] and (match[2] or match[3])):
            number = myriads + Decimal(match[2] or 0) * 1000 + int(match[3] or 0)
            if number == number.to_integral_value():
                return int(number)
    raise _fail("fraction" if re.fullmatch(r"-?\d+\.\d+", short) else "number")


def _grouped(text: str | None) -> bool:
    return text is None or "," not in text or bool(re.fullmatch(r"\d{1,3}(?:,\d{3})+", text))


def percent(text: object) -> object:
    """The share a percentage means, from 0 to 1 and beyond; what is no text is left alone.

    Args:
        text: 50%, 12.5 ％, 50퍼센트.

    Raises:
        ValueError: not a percentage.
    """
    if not isinstance(text, str):
        return text
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(?:%|퍼센트|프로)", plain(text))
    if not match:
        raise _fail("number")
    return Decimal(match[1]) / 100
