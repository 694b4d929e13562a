"""Step 2, check, first part: one spelling for each 시·도 in all tables, that of the table of regions.

Enters: `Tables`. Leaves: `Tables`, notes. Sheets call one province 강원, 강원도 and 강원특별자치도; which of them the
campaign prints is for its table of regions to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.korean.titles import province_family
from pipeline.model.book import Tables
from pipeline.model.findings import Finding, finding
from pipeline.model.records import Candidate, Record

R = TypeVar("R", bound=Record)


def unify(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Spell the 시·도 of all rows as the table of regions does; each other spelling is told once a sheet."""
    spelling = {family: one.province for one in tables.regions if (family := province_family(one.province))}
    if not spelling:
        return tables, []
    desk = _Desk(spelling)
    candidates = tuple(desk.candidate(one) for one in desk.table(tables.candidates))
    unified = replace(
        tables,
        councils=desk.table(tables.councils),
        candidates=candidates,
        pledges=desk.table(tables.pledges),
        parties=desk.table(tables.parties),
        activists=desk.table(tables.activists),
        bodies=desk.table(tables.bodies),
        events=desk.table(tables.events),
    )
    return unified, desk.findings


class _Desk:
    """Spells, and remembers what it has told."""

    def __init__(self, spelling: Mapping[str, str]) -> None:
        self._spelling = spelling
        self._told: set[tuple[str, str, str]] = set()
        self.findings: list[Finding] = []

    def table(self, records: Sequence[R]) -> tuple[R, ...]:
        """Rows with their 시도 spelled."""
        return tuple(self._spelled(one, "province") for one in records)

    def candidate(self, one: Candidate) -> Candidate:
        """The district of those who stand for a whole 시·도 is its name, too."""
        return self._spelled(one, "district") if one.office.is_provincewide else one

    def _spelled(self, one: R, field: str) -> R:
        written = getattr(one, field)
        meant = self._spelling.get(province_family(written), written)
        if meant == written:
            return one
        if (place := (one.at.file, one.at.sheet, written)) not in self._told:
            self._told.add(place)
            self.findings.append(finding("region.spelled", one.at.cell(field), value=written, region=meant))
        return one.model_copy(update={field: meant})
