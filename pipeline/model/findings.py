"""Findings: something wrong or noteworthy in the input, as a value with an address and a way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.model.catalogue import CATALOGUE, Level
from pipeline.model.errors import ExitCode

Param = str | int


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Where something stands. Rows count from 1 and columns are letters, as the spreadsheet shows them."""

    file: str
    """Path relative to the campaign folder."""
    sheet: str = ""
    row: int = 0
    """0: the finding is about the whole sheet or file."""
    column: str = ""

    def __str__(self) -> str:
        """`inputs/a.xlsx[후보자]!C7`, or `inputs/campaign.toml:12` for a line of text; the parts that are known."""
        if self.row and not self.sheet and not self.column:
            return f"{self.file}:{self.row}"
        sheet = f"[{self.sheet}]" if self.sheet else ""
        place = f"{self.column}{self.row or ''}"
        return f"{self.file}{sheet}" + (f"!{place}" if place else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell. Its text stands in the catalogue under `code`, in every language."""

    code: str
    cell: Cell | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
    subject: str = ""
    """A document number or a key, where the finding is about one; never a person's name."""

    @property
    def level(self) -> Level:
        """Error, warning or note, as the catalogue says."""
        return CATALOGUE[self.code].level

    @property
    def exit_code(self) -> ExitCode:
        """What a run ends with when this is its worst finding."""
        return CATALOGUE[self.code].exit_code


def finding(code: str, cell: Cell | None = None, *, subject: str = "", **params: Param) -> Finding:
    """Make a finding; a code that is not in the catalogue is a bug and raises KeyError at once."""
    CATALOGUE[code]
    return Finding(code, cell, params, subject)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stand in the way of making papers."""
    return tuple(one for one in findings if one.level is Level.ERROR)


# A file that cannot be read or written outweighs a missing program, and that outweighs wrong cells: the person has to
# mend them in this order.
_WEIGHT = (
    ExitCode.DONE,
    ExitCode.USAGE,
    ExitCode.WAITING,
    ExitCode.FINDINGS,
    ExitCode.CHECK_FAILED,
    ExitCode.PROGRAM_MISSING,
    ExitCode.FILE_TROUBLE,
)


def exit_code(findings: Iterable[Finding]) -> ExitCode:
    """The exit code of a run with these findings: that of the weightiest error."""
    return max((one.exit_code for one in errors(findings)), key=_WEIGHT.index, default=ExitCode.DONE)
