"""연명부: the people who sign a declaration, sorted, grouped and cut into tables that LibreOffice can lay out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.korean.names import masked, sort_key
from pipeline.model.campaign import Kind, Roll
from pipeline.model.choices import Consent
from pipeline.model.records import Activist, field_name

REGION = "지역"
_AREAS = frozenset({REGION, "시도", "시군구"})


Area = tuple[str, str]
"""시도 and 시군구; the latter '' for a whole 시·도."""


def roll(people: Iterable[Activist], kind: Kind, areas: Mapping[Area, int], *, nationwide: bool) -> dict[str, Any]:
    """인원, 묶음[이름, 인원, 표[처음, 끝, 인원, 줄[연번, …]]]. 연번 runs through all of it.

    Args:
        people: everybody of the area; those without consent are left out where the kind asks for it.
        kind: with its `roll`.
        areas: place of each region in neutral order.
        nationwide: 지역 is then the 시도, else the 시군구.
    """
    how = kind.roll or Roll()
    rows = [_printed(one, nationwide=nationwide) for one in people if one.consent or not kind.consent]
    group = how.group
    by_province = group == "시도" or (group == REGION and nationwide)

    def of(row: Mapping[str, Any]) -> Area:
        # Six cities have a 중구: the name alone is no region.
        return (row["시도"], "" if by_province else row["시군구"]) if group in _AREAS else ("", "")

    rows.sort(
        key=lambda row: (
            # Regions in their neutral order, all else in 가나다 order.
            areas.get(of(row), len(areas)),
            [sort_key(row.get(column, "")) for column in (group, *how.order)],
        )
    )
    numbered = [{"연번": place, **row} for place, row in enumerate(rows, start=1)]
    groups = groupby(numbered, key=lambda row: (of(row), row.get(group, "") if group else ""))
    return {"인원": len(numbered), "묶음": [_group(name, list(own), how.rows) for (_, name), own in groups]}


def columns(people: Sequence[Activist]) -> list[str]:
    """What `order` and `group` may name."""
    return list(_printed(people[0], nationwide=True)) if people else []


def _printed(one: Activist, *, nationwide: bool) -> dict[str, str]:
    # Who agreed only to be counted is named nowhere, whatever the kind says.
    printed = one.printed()
    if one.consent is Consent.COUNTED:
        further = printed.keys() & {field_name(header) for header in one.more}
        printed = {**printed, **dict.fromkeys(("소속", "직함", *further), ""), "이름": masked(one.name)}
    return {**printed, REGION: one.province if nationwide else one.municipality or one.province}


def _group(name: str, rows: Sequence[Mapping[str, Any]], most: int) -> dict[str, Any]:
    return {
        "이름": name,
        "인원": len(rows),
        "표": [_table(rows[start : start + most]) for start in range(0, len(rows), most)],
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"처음": rows[0]["연번"], "끝": rows[-1]["연번"], "인원": len(rows), "줄": rows}
