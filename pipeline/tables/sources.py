"""Sources known by heart whose columns are not ours: lists without 후보자ID or 시도, the list of legal districts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from pipeline.korean.names import compare_key
from pipeline.korean.titles import PROVINCES
from pipeline.model.choices import Office
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import Candidate, Record, Region
from pipeline.model.sheets import Sheet

MADE = "made-"
"""Opens a key that was made here; no source has such keys."""
_DISTRICT = "법정동명"
_SHORT = {
    "서울": "서울특별시", "부산": "부산광역시", "대구": "대구광역시", "인천": "인천광역시", "광주": "광주광역시",
    "대전": "대전광역시", "울산": "울산광역시", "세종": "세종특별자치시", "경기": "경기도", "강원": "강원도",
    "충북": "충청북도", "충남": "충청남도", "전북": "전라북도", "전남": "전라남도", "경북": "경상북도",
    "경남": "경상남도", "제주": "제주특별자치도",
}  # fmt: skip


def derived_fields(model: type[Record], fields: Collection[str], others: Collection[str]) -> frozenset[str]:
    """Fields without a column whose values can be made from those that are there.

    Args:
        model: the record.
        fields: those that have a column.
        others: headers of further columns, squeezed.
    """
    if model is Candidate:
        return frozenset({"key", "province"} - set(fields)) if {"name", "district"} <= set(fields) else frozenset()
    if model is Region and _DISTRICT in others and "province" not in fields:
        return frozenset({"province", "municipality"})
    return frozenset()


def derived_from(model: type[Record]) -> set[str]:
    """Headers, squeezed, by which a source that is known by heart is recognised."""
    return {_DISTRICT} if model is Region else set()


class Source:
    """Makes what a sheet's columns do not say; a plain sheet needs nothing."""

    def __init__(self, derived: Collection[str]) -> None:
        self._derived = frozenset(derived)

    def skips(self, texts: dict[str, str], more: dict[str, str]) -> bool:
        """Complete a row's texts from those of further columns; True where the row is none of the table's."""
        return bool(texts or more) and False

    def told(self, sheet: Sheet) -> Iterator[Finding]:
        """What was made, and of how many rows."""
        yield from sheet.told[:0]


def source_of(model: type[Record], derived: Collection[str]) -> Source:
    """What completes rows of this model."""
    if model is Candidate and derived:
        return _Candidates(derived)
    if model is Region and derived:
        return _LegalDistricts(derived)
    return Source(derived)


class _Candidates(Source):
    """The commission's lists before 2018: no 후보자ID, and 시도 only as the beginning of 선거구."""

    def __init__(self, derived: Collection[str]) -> None:
        super().__init__(derived)
        self._seen: Counter[str] = Counter()
        self._split = 0

    def skips(self, texts: dict[str, str], more: dict[str, str]) -> bool:
        del more
        if "province" in self._derived:
            self._take_province(texts)
        if "key" in self._derived and texts.get("name"):
            key = made_key(texts)
            self._seen[key] += 1
            texts["key"] = key if self._seen[key] == 1 else f"{key}-{self._seen[key]}"
        return False

    def _take_province(self, texts: dict[str, str]) -> None:
        first, _, rest = texts.get("district", "").partition(" ")
        province = _SHORT.get(first, first)
        if province not in PROVINCES:
            return
        office = Office.parse(texts.get("office", ""))
        if isinstance(office, Office) and office.is_provincewide:
            texts["province"] = texts["district"] = province
        elif rest.strip():
            texts["province"], texts["district"] = province, rest.strip()
        else:
            return
        self._split += 1

    def told(self, sheet: Sheet) -> Iterator[Finding]:
        where = Cell(sheet.file, sheet.name)
        if "key" in self._derived and self._seen:
            yield finding("candidate.keys_made", where)
        if self._split:
            yield finding("candidate.split", where, count=self._split)


def made_key(texts: Mapping[str, str]) -> str:
    """A key from what the row says of the person: the same row gets the same key in every run and every list.

    District and name are not enough: the list of 2014 has two people of one name, and even of the same hanja, in one
    district.
    """
    office = Office.parse(texts.get("office", ""))
    parts = [str(office.value if isinstance(office, Office) else office)]
    parts += [texts.get(name, "") for name in ("province", "district", "name", "hanja", "birth")]
    parts = [compare_key(unicodedata.normalize("NFC", part)) for part in parts]
    return MADE + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]


class _LegalDistricts(Source):
    """The list of legal districts (법정동코드 전체자료) of the ministry: names in one column, 읍, 면, 동 and all."""

    def __init__(self, derived: Collection[str]) -> None:
        super().__init__(derived)
        self._abolished = self._smaller = 0

    def skips(self, texts: dict[str, str], more: dict[str, str]) -> bool:
        name = more.pop(_DISTRICT, "")
        if more.get("폐지여부", "존재") != "존재":
            self._abolished += 1
            return True
        province, _, municipality = name.partition(" ")
        # Ten digits: 2 of the 시·도, 3 of the 시·군·구, 3 of the 읍·면·동, 2 of the 리.
        if not re.fullmatch(r"\d{5}0{5}", texts.get("code", "")) or " " in municipality:
            self._smaller += 1
            return True
        texts["province"] = province
        if municipality:
            texts["municipality"] = municipality
        return False

    def told(self, sheet: Sheet) -> Iterator[Finding]:
        where = Cell(sheet.file, sheet.name)
        if self._abolished:
            yield finding("row.abolished", where, count=self._abolished)
        if self._smaller:
            yield finding("row.smaller_regions", where, count=self._smaller)
