"""What has changed between two states of a paper, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_REVISION = "문서.판"


class Thing(StrEnum):
    """What may change beside a field."""

    TEMPLATE = "template"
    PICTURE = "picture"
    PROGRAM = "version of this program"
    OFFICE = "version of LibreOffice"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field or thing that is not what it was."""

    what: str
    """A field as templates name it, `답변.0.수용`; or a `Thing`."""
    before: str = ""
    """'' where there was none, or where it cannot be shown."""
    after: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Fields that differ, in the order of `after`; the number of the revision is none."""
    old, new = (dict(_fields("", one)) for one in (before, after))
    for name in dict.fromkeys((*new, *old)):
        if name != _REVISION and old.get(name) != new.get(name):
            yield Difference(name, old.get(name, ""), new.get(name, ""))


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _fields(f"{name}.{key}" if name else key, one)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value, start=1):
            yield from _fields(f"{name}.{place}", one)
    else:
        yield name, str(value)
