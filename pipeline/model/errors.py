"""Exit codes, and the one exception that carries a finding out of a door."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model.findings import Finding


class ExitCode(IntEnum):
    """What a run ends with. Documented in `docs/operators-guide.md`; a test compares the two."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    PROGRAM_MISSING = 3
    CHECK_FAILED = 4
    FILE_TROUBLE = 5
    WAITING = 6
    BUG = 70
    INTERRUPTED = 130


class Trouble(Exception):  # noqa: N818 - it is not always an error, but always the end of what was tried
    """The machine, a file or a foreign program failed; the finding says which, where and what to do.

    Steps never raise for wrong cells: those are findings in their result.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding

    def __reduce__(self) -> tuple[type[Trouble], tuple[Finding]]:
        """Cross process borders whole: workers raise it, the parent reports it."""
        return type(self), (self.finding,)
