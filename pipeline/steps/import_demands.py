"""Demands sent in, before step 1: which are new, what numbers they get, and which say nearly the same.

Enters: rows of form exports, and the demands that are kept. Leaves: rows to add, findings. What a person has written in
the table is never changed; the program adds to 비슷한 요구 only.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pipeline.korean.alike import Shelf
from pipeline.korean.names import compare_key
from pipeline.model.choices import Decision, squeeze
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import Demand, Header

_NUMBER = re.compile(r"D-(\d+)")
_DATE = re.compile(r"\s*((?:19|20)\d\d)\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})")
_LISTED = 5


class Wish(Demand):
    """A row of a form export: a demand before it has a number."""

    required = ("body", "text")
    number: Annotated[str, Header("요구번호", ())] = ""


@dataclass(frozen=True, slots=True)
class Export:
    """The rows of a file."""

    cell: Cell
    wishes: Sequence[Wish]


@dataclass(frozen=True, slots=True)
class Growth:
    """What the table of demands becomes."""

    new: Sequence[Mapping[str, str]] = ()
    """Rows by header."""
    similar: Mapping[int, str] = field(default_factory=dict)
    """What 비슷한 요구 becomes, by row of the sheet."""
    last: int = 0
    """The last number given."""


def import_demands(exports: Iterable[Export], kept: Sequence[Demand], last: int) -> tuple[Growth, list[Finding]]:
    """Number what is new.

    Args:
        exports: the files.
        kept: the demands of the table.
        last: the highest number that was ever given: numbers of rows that somebody deleted do not come back.
    """
    ledger = _Ledger(kept, last)
    findings: list[Finding] = []
    for export in exports:
        before = ledger.count
        new = [number for wish in export.wishes if (number := ledger.add(wish))]
        known = len(export.wishes) - len(new)
        if new:
            span = {"first": new[0], "last": new[-1]}
            findings.append(finding("demand.taken", export.cell, count=ledger.count - before, **span))
        if known:
            findings.append(finding("demand.already", export.cell, count=known))
    return ledger.growth(), [*findings, *ledger.findings]


class _Ledger:
    """The table as it grows."""

    def __init__(self, kept: Sequence[Demand], last: int) -> None:
        self._known = {key for one in kept for key in (one.origin, _content(one)) if key}
        self._rows = {one.number: one for one in kept}
        numbers = [int(match) for one in kept for match in _NUMBER.findall(f"{one.number} {one.target} {one.similar}")]
        self._last = max([last, *numbers])
        self._new: dict[str, Wish] = {}
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._shelf: Shelf[str] = Shelf()
        for one in kept:
            self._shelf.put(one.number, one.text)
        self.findings: list[Finding] = []

    @property
    def count(self) -> int:
        """How many are new."""
        return len(self._new)

    def add(self, wish: Wish) -> str:
        """The number of a wish; '' when it is there already."""
        origin = _content(wish)
        if origin in self._known:
            return ""
        self._known.add(origin)
        self._last += 1
        number = f"D-{self._last:04d}"
        others = [key for key, _ in self._shelf.like(wish.text)][:_LISTED]
        for other in others:
            self._alike[other].append(number)
        self._alike[number] += others
        self._shelf.put(number, wish.text)
        self._new[number] = wish
        if others:
            found = finding("demand.similar", wish.at.cell("text"), demand=number, others=", ".join(others))
            self.findings.append(found)
        return number

    def growth(self) -> Growth:
        """All that is to be written."""
        similar = {
            one.at.row: _joined(one.similar, self._alike[number])
            for number, one in self._rows.items()
            if self._alike.get(number)
        }
        return Growth([self._row(number, wish) for number, wish in self._new.items()], similar, self._last)

    def _row(self, number: str, wish: Wish) -> dict[str, str]:
        province, municipality = _area(wish)
        values = {
            "number": number,
            "body": wish.body,
            "committee": wish.committee,
            "province": province,
            "municipality": municipality,
            "text": wish.text,
            "received": date_of(wish.received),
            "decision": Decision.OPEN.value,
            "similar": ", ".join(self._alike.get(number, ())),
            "origin": _content(wish),
        }
        return {Demand.headers()[name].name: value for name, value in values.items()}


def date_of(text: str) -> str:
    """The day of a form's time stamp, `2018. 3. 5 오후 2:13:22`; other text as it is."""
    match = _DATE.match(text)
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else text


def _area(wish: Wish) -> tuple[str, str]:
    """시도 and 시군구; a form may ask for both in one field."""
    province, _, rest = wish.province.partition(" ")
    return (province, rest) if rest and not wish.municipality else (wish.province, wish.municipality)


def _content(one: Demand) -> str:
    """The same for the same row of the same form, whatever program exported it."""
    parts = (compare_key(one.body), squeeze(one.text), date_of(one.received))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _joined(listed: str, numbers: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys([*(one.strip() for one in listed.split(",") if one.strip()), *numbers]))
