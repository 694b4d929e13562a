"""What a run remembers of the one before, so that it need not look at all of it again. A cache, and no evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model.findings import Finding

Places = Mapping[str, Mapping[str, tuple[int, ...]]]
"""By entry of `[tables]` and key (of a candidate, or whoever gave an answer): numbers of the rows that are theirs."""


@dataclass(frozen=True, slots=True)
class Trace:
    """By what a worksheet is known again. Digests are the first 96 bits of SHA-256, in hexadecimal."""

    frame: str
    """Of all that decides how its rows are read: formats, dates, merges, hidden columns, filters."""
    texts: tuple[int, str]
    """Of the table of texts: its bytes, and their digest."""
    numbers: tuple[int, ...]
    """Of the first row of each block, and of the last row, from 1."""
    digests: tuple[str, ...]
    """Of each block."""
    size: int
    """Rows in each block but the last."""
    rows: int
    """All that have cells."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """By what everything is known again that a plan is made from. Digests are SHA-256."""

    settings: str
    """Of the program, the settings, templates and pictures."""
    files: Mapping[str, str]
    """By entry of `[tables]`: of the file's bytes."""
    sheets: Mapping[str, str]
    """By entry of `[tables]`: of what can be read, whoever saved the file when."""


class Paper(NamedTuple):
    """A document that was up to date."""

    kind: str
    key: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Memory:
    """A run after which every document was up to date."""

    inputs: Inputs
    register: str
    """The last link of its chain of events."""
    office: tuple[str, str]
    """By what LibreOffice is known again, and its version."""
    papers: tuple[Paper, ...]
    """All of them, in the order of papers."""
    samples: Mapping[str, tuple[str, ...]]
    """By kind: subjects that show what its templates can read."""
    findings: tuple[Finding, ...]
    """What was told of tables and plan."""
    tried: Mapping[str, tuple[Finding, ...]]
    """By kind: what was told when its template was tried."""
    traces: Mapping[str, Trace]
    """Of sheets of answers; those are missing that cannot be compared."""
    places: Places
    """Of candidates and answers."""
    spelled: bytes = field(default=b"", compare=False, repr=False)
    """What comes of the tables, as the file has it: papers, samples, findings, what was tried, places."""
