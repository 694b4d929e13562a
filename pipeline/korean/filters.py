"""The Jinja filters of our templates, under their Korean and English names.

A blank prints nothing, whatever the filter: a paper must not fail on an empty cell, nor show a lonely particle.
Every filter returns plain `str`, never `Markup`, so that an autoescaping environment escapes afterwards.
What is already escaped (`{% set %}` blocks give Markup) is unescaped first, else `&` would be printed as
`&amp;`.
"""

from __future__ import annotations

import html
from datetime import date, datetime, time
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.korean import dates, names, numbers
from pipeline.korean.particles import with_particle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def josa(value: object, pair: str, reading: object = "") -> str:
    """Return the value with its particle; for pairs without a filter of their own: `josa('이랑/랑')`."""
    text = _text(value)
    return with_particle(text, pair, _text(reading)) if text.strip() else ""


def _text(value: object) -> str:
    """Return what the value prints as.

    None, truth values and floats would print as 'None', 'True', '2.0', which no paper means: an error.
    """
    if isinstance(value, str):
        if not hasattr(value, "__html__"):
            return str(value)
        if "<" in value:
            raise ValueError("formatted text cannot pass through this filter; give it the plain value")
        return html.unescape(str(value))
    if value is None or isinstance(value, bool | float) or hasattr(value, "__html__"):
        raise ValueError(f"not a text or a whole number: {type(value).__name__}")
    # An undefined name of a strict environment raises its own error here.
    return str(value)


def _with(pair: str) -> Callable[..., str]:
    def with_this_particle(value: object, reading: object = "") -> str:
        return josa(value, pair, reading)

    return with_this_particle


def _of_text(function: Callable[[str], str]) -> Callable[..., str]:
    def of_text(value: object) -> str:
        text = _text(value)
        return function(text) if text.strip() else ""

    return of_text


def _of_date(function: Callable[[date | str], str]) -> Callable[..., str]:
    def of_date(value: object) -> str:
        return function(value if isinstance(value, date) else text) if (text := _text(value)).strip() else ""

    return of_date


def _of_time(function: Callable[[time | datetime | str], str]) -> Callable[..., str]:
    def of_time(value: object) -> str:
        return function(value if isinstance(value, time | datetime) else text) if (text := _text(value)).strip() else ""

    return of_time


FILTERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "josa": josa,
        "은는": _with("은/는"),
        "이가": _with("이/가"),
        "을를": _with("을/를"),
        "과와": _with("과/와"),
        "으로": _with("으로/로"),
        "이라": _with("이라/라"),
        "아야": _with("아/야"),
        "이나": _with("이나/나"),
        "이며": _with("이며/며"),
    }
    | dict.fromkeys(("날짜", "date_long"), _of_date(dates.date_long))
    | dict.fromkeys(("날짜요일", "date_weekday"), _of_date(dates.date_weekday))
    | dict.fromkeys(("점날짜", "date_dotted"), _of_date(dates.date_dotted))
    | dict.fromkeys(("점날짜요일", "date_dotted_weekday"), _of_date(dates.date_dotted_weekday))
    | dict.fromkeys(("시각", "time_short"), _of_time(dates.time_short))
    | dict.fromkeys(("긴시각", "time_long"), _of_time(dates.time_long))
    | dict.fromkeys(("띄움", "spaced"), _of_text(names.spaced))
    | dict.fromkeys(("가림", "masked"), _of_text(names.masked))
    | dict.fromkeys(("수", "count"), _of_text(numbers.count))
    | dict.fromkeys(("원", "won"), _of_text(numbers.won))
    | dict.fromkeys(("일금", "won_formal"), _of_text(numbers.won_formal))
    | dict.fromkeys(("조", "article"), _of_text(numbers.article))
    | dict.fromkeys(("동그라미", "circled"), _of_text(numbers.circled))
    | dict.fromkeys(("가나다", "ganada"), _of_text(numbers.ganada))
)
