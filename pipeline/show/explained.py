"""What a spreadsheet was taken for, as lines for people and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from pipeline.model.explained import Explanation, Guess, How, Look
from pipeline.show.language import say

_WORDS = {
    How.NAME: "by its name",
    How.PART: "by a part of the header",
    How.NEAR: "by a similar header",
    How.VALUES: "by its values",
    How.NOT: "not understood",
    Look.EMPTY: "empty",
    Look.DATES: "dates",
    Look.NUMBERS: "numbers",
    Look.MAIL: "mail addresses",
    Look.PHONES: "telephone numbers",
    Look.PROVINCES: "provinces",
    Look.MUNICIPALITIES: "municipalities",
    Look.NAMES: "names of people",
    Look.PARTIES: "parties",
    Look.HANJA: "hanja",
    Look.LONG: "long texts",
    Look.TEXTS: "texts",
}


def lines(one: Explanation) -> Iterator[str]:
    """Table, columns, what is missing, and what to write into campaign.toml."""
    yield say("Most like the table '{table}'; headers in row {row}.").format(table=one.table, row=one.row)
    if one.others:
        yield say("Nearly as much like: {tables}.").format(tables=", ".join(one.others))
    width = max((_wide(column.header) for column in one.columns), default=0)
    for column in one.columns:
        yield f"  {column.letter:>2}  {column.header}{' ' * (width - _wide(column.header))}  {_taken(column)}"
    if one.missing:
        yield say("Missing: {columns}.").format(columns=", ".join(one.missing))
    if one.toml:
        yield say("If this is right, put these lines at the end of campaign.toml:")
        yield ""
        yield one.toml


def _taken(column: Guess) -> str:
    field = f"→ {column.field} " if column.field else ""
    return f"{field}({say(_WORDS[column.how])}; {say(_WORDS[column.look])})"


def as_json(one: Explanation) -> dict[str, Any]:
    """The same for programs."""
    return {
        "file": one.file,
        "sheet": one.sheet,
        "table": one.table,
        "row": one.row,
        "others": list(one.others),
        "columns": [
            {
                "column": column.letter,
                "header": column.header,
                "field": column.field,
                "how": column.how.value,
                "look": column.look.value,
            }
            for column in one.columns
        ],
        "missing": list(one.missing),
        "toml": one.toml,
    }


def _wide(text: str) -> int:
    """Columns on a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
