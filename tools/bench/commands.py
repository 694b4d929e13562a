"""The whole program, started as people start it."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.doors import workers
from tools.bench import sample
from tools.bench.measure import ROOT, Measured, NotMeasured, Setting, Stopwatch, in_turn, soffice

_ROUNDS = 3


def rebuild_against_full(setting: Setting) -> Measured:
    """`hyeopyak make` when nothing has changed, against the same command in a folder without outputs.

    The aim is 1 % of the full build, plus the start of the program: Python and the modules that every run needs. The
    goal is worked out from both.
    """
    soffice()
    folder = sample.campaign(setting.scratch)
    starts: list[float] = []

    def full(_: int) -> float:
        return _made_anew(folder, setting)

    def again(_: int) -> float:
        starts.append(_seconds([sys.executable, "-c", "import pipeline.cli, pipeline.run"]))
        return _seconds(_make(folder, setting))

    sides = in_turn(again, full, setting.pick(_ROUNDS, 1))
    counts = _plan(folder, setting)["counts"]
    if not counts["documents"] or counts["documents"] != counts.get("current"):
        raise RuntimeError(f"something was left to do: {counts}")
    goal = sides.theirs / (sides.theirs / 100 + statistics.median(starts))
    return Measured(sides, counts["current"], goal)


def two_workers_against_one(setting: Setting) -> Measured:
    """`hyeopyak make --jobs 2` against `--jobs 1`, each in a folder without outputs: reading and planning included."""
    soffice()
    if workers.cores() < 2:
        raise NotMeasured("there is one core")
    folder = sample.campaign(setting.scratch)

    def ours(_: int) -> float:
        return _made_anew(folder, setting, "--jobs", "2")

    def theirs(_: int) -> float:
        return _made_anew(folder, setting, "--jobs", "1")

    sides = in_turn(ours, theirs, setting.pick(_ROUNDS, 1))
    return Measured(sides, len(_plan(folder, setting)["documents"]))


def help_against_click(setting: Setting) -> Measured:
    """`hyeopyak --help` against importing click, the least that any program with click does before it can answer."""

    def ours(_: int) -> float:
        return _seconds([*_program(), "--help"]) * 1000

    def theirs(_: int) -> float:
        return _seconds([sys.executable, "-c", "import click"]) * 1000

    return Measured(in_turn(ours, theirs, setting.pick(10, 3)))


def _program() -> list[str]:
    script = Path(sys.executable).with_name("hyeopyak")
    return [str(script)] if script.exists() else [sys.executable, "-m", "pipeline"]


def _make(folder: Path, setting: Setting, *options: str) -> list[str]:
    part = ["--only", "종로구"] if setting.quick else []
    return [*_program(), "make", "--quiet", "--campaign", str(folder), *part, *options]


def _made_anew(folder: Path, setting: Setting, *options: str) -> float:
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    return _seconds(_make(folder, setting, *options))


def _plan(folder: Path, setting: Setting) -> Any:
    """What the program would do now."""
    command = _make(folder, setting, "--dry-run", "--json")
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


def _seconds(command: Sequence[str]) -> float:
    with Stopwatch() as watch:
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return watch.seconds
