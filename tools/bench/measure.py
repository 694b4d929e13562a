"""How a row is measured: rounds in turn, medians, and what a row says."""

from __future__ import annotations

import contextlib
import datetime
import gc
import importlib.metadata
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pipeline.doors import office, workers

ROOT = Path(__file__).parent.parent.parent
_LIBRARIES = (
    "click", "docxtpl", "jinja2", "lxml", "openpyxl", "pandas", "pikepdf", "pydantic", "pypdfium2", "xlrd",
    "python-docx", "unoserver",
)  # fmt: skip


class NotMeasured(Exception):  # noqa: N818 - an outcome of a row, not a mistake
    """The row cannot be measured on this machine; the text says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every row is told."""

    scratch: Path
    """A folder of the row's own, removed afterwards."""
    quick: bool

    def pick(self, full: int, quick: int) -> int:
        """A count, smaller for a smoke test."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Sides:
    """The medians of both sides. Both are costs: less is better."""

    ours: float
    theirs: float
    runs: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What a comparison found."""

    sides: Sides
    count: int = 0
    """How many pieces of the work were done on each side in all."""
    goal: float | None = None
    """In place of the comparison's own, where it follows from what was measured."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row before it is measured."""

    id: str
    work: str
    """What both sides do; the count is put before it."""
    against: str
    unit: str
    goal: float
    """The ratio that is aimed at."""
    measure: Callable[[Setting], Measured]
    """Its docstring says what is compared and why that is fair."""

    def row(self, measured: Measured | None, reason: str = "") -> dict[str, Any]:
        """The row as it stands in `bench.json`; one that was not measured has no numbers but the reason."""
        count = f"{measured.count:,} " if measured and measured.count else ""
        sides = measured.sides if measured else None
        entry: dict[str, Any] = {
            "id": self.id,
            "work": count + self.work,
            "ours": _rounded(sides.ours) if sides else None,
            "theirs": _rounded(sides.theirs) if sides else None,
            "against": self.against,
            "unit": self.unit,
            "ratio": _rounded(sides.theirs / sides.ours) if sides else None,
            "goal": _rounded((measured and measured.goal) or self.goal),
            "runs": sides.runs if sides else 0,
        }
        return entry if sides else entry | {"not_measured": reason}


def _rounded(value: float) -> float:
    """Four figures: the fifth is noise."""
    return float(f"{value:.4g}")


class Stopwatch:
    """Wall-clock seconds of a `with` block: writing to disk and waiting for other processes are part of the work."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> Self:
        gc.collect()
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started


def in_turn(ours: Callable[[int], float], theirs: Callable[[int], float], rounds: int) -> Sides:
    """Run theirs, ours, theirs, ours ...: a machine that is busy for a while is busy for both.

    Args:
        ours: given the number of the round, what it cost.
        theirs: the same.
        rounds: how many.
    """
    of_theirs: list[float] = []
    of_ours: list[float] = []
    for number in range(rounds):
        of_theirs.append(theirs(number))
        of_ours.append(ours(number))
        talk(f"    round {number + 1} of {rounds}: {of_ours[-1]:.4g} against {of_theirs[-1]:.4g}")
    return Sides(statistics.median(of_ours), statistics.median(of_theirs), rounds)


def talk(text: str) -> None:
    """Say how it is going; standard output is for the table."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """This process, and all that it starts, on one core."""
    if not hasattr(os, "sched_setaffinity"):
        raise NotMeasured("this system cannot hold processes to one core")
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def started(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A silent program in a process group of its own, which is ended whole."""
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=None if environment is None else {**os.environ, **environment},
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def soffice() -> str:
    """Path of LibreOffice.

    Raises:
        NotMeasured: there is none that the program would use.
    """
    program = office.find_office()
    if not program or not office.is_new_enough(office.version(program)):
        raise NotMeasured("LibreOffice is missing or too old")
    return program


def machine() -> dict[str, Any]:
    """What the numbers depend on; nothing that tells whose machine it is."""
    return {
        "cores": workers.cores(),
        "memory_gib": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libreoffice": office.version(office.find_office()),
        "libraries": dict(_versions()),
        "commit": _commit(),
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
    }


def _commit() -> str:
    """Of the source; with `-dirty` where it was changed since, '' where it is no working copy."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    with contextlib.suppress(OSError):
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return ""


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _versions() -> Iterator[tuple[str, str]]:
    for name in _LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            yield name, importlib.metadata.version(name)
