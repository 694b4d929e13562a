"""Regions and councils of the sample campaign, from `sample/regions.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "sample"


def load(name: str) -> dict[str, Any]:
    """One of the sample's text files."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Region:
    """A 시·도 (then `municipality` is '') or a 시·군·구."""

    code: int
    province: str
    municipality: str
    council: str


@dataclass(frozen=True, slots=True)
class Council:
    """A regional council and who speaks for it."""

    name: str
    province: str
    title: str
    representative: str
    email: str


def regions() -> tuple[Region, ...]:
    """All regions, every 시·도 followed by its 시·군·구."""
    found = []
    for province in load("regions")["province"]:
        name, council = province["name"], province["council"]
        found.append(Region(province["code"], name, "", council))
        for line in province["municipalities"]:
            place, _, own = line.partition(" = ")
            code, municipality = place.split()
            found.append(Region(int(code), name, municipality, own or council))
    return tuple(found)


def short_names() -> dict[str, str]:
    """서울 → 서울특별시: how pledge numbers begin."""
    return {province["short"]: province["name"] for province in load("regions")["province"]}


def councils() -> tuple[Council, ...]:
    """All councils, in the order of their 시·도."""
    found = []
    for line in load("regions")["councils"]["rows"]:
        province, name, title, representative, email = line.split(" | ")
        found.append(Council(name, province, title, representative, email))
    return tuple(found)
