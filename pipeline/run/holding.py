"""The campaign in one run's hands; what a run that was killed left is finished or undone first."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.doors import files, lock, logs
from pipeline.doors.scratch import sweep
from pipeline.model.findings import Finding, finding
from pipeline.model.identity import NUMBER

_INPUTS = "inputs"
_NUMBER = re.compile(NUMBER)


@contextlib.contextmanager
def held(folder: Path, outputs: Path, findings: list[Finding], *, only_look: bool = False) -> Iterator[None]:
    """Hold a campaign: one writer at a time. Before anything is written, tidy up after a run that was killed.

    Args:
        folder: of the campaign.
        outputs: below it.
        findings: where it is told what was tidied up.
        only_look: nothing will be written: looking is always allowed, while others work, too.

    Raises:
        Trouble: campaign.locked, output.unwritable, output.full.
    """
    if only_look:
        yield
        return
    with files.private(), lock.hold(outputs) as was_left:
        logs.keep(outputs)
        # At every start: of a run that was killed the last process may die after the next run has begun.
        swept = sweep()
        if was_left:
            from pipeline.doors.bag import left_behind, tidy

            count = files.sweep(outputs) + files.sweep(folder / _INPUTS)
            for target in left_behind(outputs):
                with files.writing(outputs, target):
                    tidy(target)
                count += 1
            findings.append(finding("run.resumed", count=count + swept))
        yield


def shortage(error: OSError | MemoryError) -> Finding | None:
    """What the machine has run out of; None where it has not."""
    return files.shortage(error)


def log_end(code: int, findings: Sequence[Finding]) -> None:
    """Write into the log what a run ends with; of findings only the codes, and numbers of papers."""
    logs.ended(code, [(one.code, one.subject if _NUMBER.fullmatch(one.subject) else "") for one in findings])
