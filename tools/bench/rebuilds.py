"""Building again: nothing has changed, or one answer of one person has, in the national campaign."""

from __future__ import annotations

import io
import json
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

from docx import Document

from pipeline.doors.office import Office
from tools import nation
from tools.bench.commands import program, seconds
from tools.bench.measure import ROOT, Measured, Setting, Sides, Stopwatch, soffice, talk

_AGAIN = 5
_FEW = 150


def nothing_changed(setting: Setting) -> Measured:
    """`hyeopyak make agreement` when nothing has changed, against the full build; the aim is 1 % of it."""
    return _again(setting, lambda _: None, lambda: 0.0, made=0)


def one_answer_changed(setting: Setting) -> Measured:
    """`hyeopyak make agreement` when one answer in one workbook is another one, against the full build.

    The aim is 1 % of it and one start of LibreOffice, with our settings; the goal is worked out from both.
    """
    office = soffice()

    def start() -> float:
        return _start_of_office(office, setting.scratch)

    def change(turn: int) -> None:
        nation.write(setting.scratch / "nation", _count(setting), changed=turn % 2 == 0)

    return _again(setting, change, start, made=1)


def _count(setting: Setting) -> int:
    return setting.pick(nation.STOOD, _FEW)


def _again(setting: Setting, change: Callable[[int], None], start: Callable[[], float], made: int) -> Measured:
    soffice()
    folder = setting.scratch / "nation"
    nation.write(folder, _count(setting))
    command = [*program(), "make", "agreement", "--campaign", str(folder)]
    full = seconds([*command, "--quiet"])
    talk(f"    the full build: {full:.4g}")
    again: list[float] = []
    starts: list[float] = []
    for turn in range(setting.pick(_AGAIN, 2)):
        change(turn)
        starts.append(start())
        due = _due(command)
        again.append(seconds([*command, "--quiet"]))
        talk(f"    again: {again[-1]:.4g}, starts {starts[-1]:.4g}")
        if due != made or _due(command):
            raise RuntimeError(f"{due} documents were due")
    sides = Sides(statistics.median(again), full, len(again))
    return Measured(sides, _count(setting), full / (full / 100 + statistics.median(starts)))


def _due(command: list[str]) -> int:
    """How many documents would be made now."""
    done = subprocess.run([*command, "--dry-run", "--json"], cwd=ROOT, capture_output=True, check=True)
    return sum(one["state"] != "current" for one in json.loads(done.stdout)["documents"])


def _start_of_office(office: str, scratch: Path) -> float:
    """An empty document converted in a new profile, as each run has one."""
    folder = scratch / "office"
    folder.mkdir(exist_ok=True)
    buffer = io.BytesIO()
    Document().save(buffer)
    with Stopwatch() as watch:
        Office(office, Path(folder)).convert([buffer.getvalue()], 1)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return watch.seconds
