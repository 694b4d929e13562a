"""What a spreadsheet was taken for: its table, its columns, and what to write into campaign.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How a column was understood."""

    NAME = "name"
    """The header is one we know; nothing has to be done."""
    PART = "part of the header"
    NEAR = "similar header"
    VALUES = "values"
    NOT = ""


class Look(StrEnum):
    """What the values of a column look like. Values themselves are not shown: they are other people's."""

    EMPTY = "empty"
    DATES = "dates"
    NUMBERS = "numbers"
    MAIL = "mail addresses"
    PHONES = "telephone numbers"
    PROVINCES = "provinces"
    MUNICIPALITIES = "municipalities"
    NAMES = "names"
    PARTIES = "parties"
    HANJA = "hanja"
    LONG = "long texts"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Guess:
    """A column."""

    index: int
    letter: str
    header: str
    field: str
    """Our column it is taken for; '' where it is not understood."""
    how: How
    look: Look


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sheet."""

    file: str
    sheet: str
    table: str
    """Entry of `[tables]`."""
    row: int
    """Number of the header row, from 1."""
    columns: Sequence[Guess]
    missing: Sequence[str]
    """Columns that have to be there and were not found."""
    others: Sequence[str] = ()
    """Tables it looks like nearly as much."""

    @property
    def toml(self) -> str:
        """Lines for campaign.toml; '' where every header is known by name."""
        pairs = [f"{_quoted(one.field)} = {_quoted(one.header)}" for one in self.columns if one.how not in _PLAIN]
        return "\n".join([f"[columns.{self.table}]", *pairs]) if pairs else ""


_PLAIN = frozenset({How.NAME, How.NOT})


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
