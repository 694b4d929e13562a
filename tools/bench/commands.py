"""The whole program, started as people start it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.doors import workers
from tools import nation
from tools.bench.measure import ROOT, Measured, NotMeasured, Setting, Sides, Stopwatch, in_turn, soffice
from tools.bench.pdfs import plainly

_ROUNDS = 5
_SOME = 600
"""Files: after so many, what one of them costs soffice is known."""


def two_workers_against_one(setting: Setting) -> Measured:
    """`hyeopyak make --jobs 2` against `--jobs 1`, each in a folder without outputs: reading and planning included."""
    soffice()
    if workers.cores() < 2:
        raise NotMeasured("there is one core")
    count = setting.pick(2_000, 40)
    folder = setting.scratch / "nation"
    nation.write(folder, count)

    def made(jobs: str) -> float:
        shutil.rmtree(folder / "outputs", ignore_errors=True)
        return seconds([*program(), "make", "agreement", "--quiet", "--campaign", str(folder), "--jobs", jobs])

    return Measured(in_turn(lambda _: made("2"), lambda _: made("1"), setting.pick(_ROUNDS, 1)), count)


def nation_against_soffice(setting: Setting) -> Measured:
    """`hyeopyak make agreement` for the nation, against `soffice --convert-to pdf` over the Word files that it made.

    Ours is the whole command: tables read and checked, Word files and PDFs made, stamped, read back, recorded. Theirs
    makes PDFs alone, of some of the files spread over the nation; all cores are there for both.
    """
    office = soffice()
    count = setting.pick(nation.STOOD, 40)
    folder = setting.scratch / "nation"
    nation.write(folder, count)
    ours = seconds([*program(), "make", "agreement", "--quiet", "--campaign", str(folder)])
    papers = sorted((folder / "outputs/agreements").rglob("*.docx"))
    if len(papers) != count or len(list((folder / "outputs/agreements").rglob("*.pdf"))) != count:
        raise RuntimeError(f"{len(papers)} papers were made")
    some = papers[:: -(-count // setting.pick(_SOME, 10))]
    theirs = setting.scratch / "theirs"
    theirs.mkdir()
    plainly(office, some[:1], theirs, setting.scratch / "profile")
    with Stopwatch() as watch:
        plainly(office, some, theirs, setting.scratch / "profile")
    if len(list(theirs.iterdir())) != len(some):
        raise RuntimeError("soffice lost some")
    return Measured(Sides(ours * 1000 / count, watch.seconds * 1000 / len(some), 1), count)


def help_against_click(setting: Setting) -> Measured:
    """`hyeopyak --help` against importing click, the least that any program with click does before it can answer."""

    def ours(_: int) -> float:
        return seconds([*program(), "--help"]) * 1000

    def theirs(_: int) -> float:
        return seconds([sys.executable, "-c", "import click"]) * 1000

    return Measured(in_turn(ours, theirs, setting.pick(10, 3)))


def program() -> list[str]:
    """The command as people start it."""
    script = Path(sys.executable).with_name("hyeopyak")
    return [str(script)] if script.exists() else [sys.executable, "-m", "pipeline"]


def seconds(command: Sequence[str]) -> float:
    """What a command takes from start to end; it has to succeed."""
    with Stopwatch() as watch:
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return watch.seconds
