"""Proves that a crash at any moment costs nothing: `python -m tools.prove_crashes [--kills 200] [--seed N]`.

A life of the sample campaign (papers of one place): `make`, scans come back, `collect`, `compile`, `archive`. Each
step is killed at moments drawn over its measured length: SIGKILL to its whole process group, every other time to its
LibreOffice as well, which else lives on as it would. Then it is run again; at the end all steps are run once more.
The end state has to be that of a life without a crash (`prove_crashes_state` says what is compared), the archive has
to verify, nothing may be left lying about, and a second process (`prove_crashes_watch`) must never have seen a
partial file under its final name. Exit code 1 when one of these fails. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.doors.scans.simulated.pile import Orders, write_pile
from tools.prove_crashes_state import State, differences, left_over, processes, same_bytes, state
from tools.prove_scans import sources

ROOT = Path(__file__).parent.parent
STEPS = ("make", "collect", "compile", "archive")
_DONE = {"make": {0}, "collect": {0, 6}, "compile": {0}, "archive": {0}}
"""Exit codes of a step that came to its end; cases wait for a person."""
_PASSWORD = {"HYEOPYAK_SEAL_PASSWORD": "of no worth"}
_SECONDS = 300
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    kills: int
    seed: int
    source: Path = ROOT
    """The campaign that is copied."""
    wanted: tuple[str, ...] = ("agreement", "monitoring", "--only", "종로구")
    """Of it, what is made."""
    kills_a_step: int = 2
    """In one life."""


@dataclass(slots=True)
class Life:
    """A campaign in a folder of its own, and a folder for its temporary files."""

    folder: Path
    options: Options
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each step took when nothing happened."""

    @property
    def root(self) -> Path:
        """The campaign."""
        return self.folder / "campaign"

    @property
    def scratch(self) -> Path:
        """Where its processes put what is temporary."""
        return self.folder / "scratch"

    def start(self, step: str) -> subprocess.Popen[bytes]:
        """Start a step in a process group of its own."""
        own = self.options.wanted if step == "make" else ()
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", step, *own, "-q", "--campaign", str(self.root)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **_PASSWORD, "TMPDIR": str(self.scratch), "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def finish(self, step: str) -> None:
        """Run a step to its end.

        Raises:
            RuntimeError: it did not end well.
        """
        begun = time.monotonic()
        process = self.start(step)
        talk = process.communicate(timeout=_SECONDS)[1]
        if process.returncode not in _DONE[step]:
            raise RuntimeError(f"{step} ended with {process.returncode}: {talk.decode()[-2000:]}")
        self.seconds.setdefault(step, time.monotonic() - begun)

    def kill(self, step: str, after: float, *, office_too: bool) -> bool:
        """Start a step and kill it after so many seconds; whether it was still running."""
        process = self.start(step)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=after)
            return False
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if office_too:
            for pid in processes(self.scratch):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return True

    def verify(self) -> bool:
        """Whether the archive holds."""
        (bag,) = (self.root / "outputs/archive").glob("[!.]*")
        return subprocess.run(
            [sys.executable, "-m", "pipeline", "verify", str(bag), "-q"],
            capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        ).returncode == 0  # fmt: skip


@dataclass(slots=True)
class Report:
    """What was seen."""

    kills: Counter[str] = field(default_factory=Counter)
    """By step."""
    orphans: int = 0
    """Kills after which LibreOffice lived on."""
    published: int = 0
    """Times that a file was seen under its final name."""
    violations: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unverified: int = 0
    lives: int = 0
    same: int = 0
    pdfs: int = 0
    """PDFs that are the same byte by byte, of how many."""

    @property
    def is_good(self) -> bool:
        """Whether crashes have cost nothing."""
        return not (self.violations or self.differences or self.left or self.unverified)

    def lines(self) -> list[str]:
        """For people."""
        told = [
            (
                f"kills: {self.kills.total()} in {self.lives} lives"
                f" ({', '.join(f'{step} {self.kills[step]}' for step in STEPS)});"
                f" after {self.orphans} of them LibreOffice lived on"
            ),
            f"files seen to appear: {self.published}; partial or written in place: {len(self.violations)}",
            (
                f"differences from a life without a crash: {len(self.differences)}"
                f" (PDFs equal page by page; {self.same} of {self.pdfs} byte by byte)"
            ),
            f"archives that do not verify: {self.unverified} of {self.lives}",
            f"left lying about: {len(self.left)}",
        ]
        return [*told, *self.violations, *self.differences, *self.left]


def prove(folder: Path, options: Options) -> Report:
    """Live until there were enough kills.

    Args:
        folder: an empty one for the lives.
        options: what was asked for.
    """
    clean = _begun(folder / "clean", options)
    calm = _copy(clean, folder / "calm")
    calm.finish("make")
    # The papers of every life are the same, so the same scans come back.
    own = [one for one in sources(calm.root / "outputs") if one.boxes]
    write_pile(folder / "signed", own, Orders(lost=1, duplicated=1, foreign=1, single_image=2, unsigned=1), 7)
    shutil.copytree(folder / "signed", calm.root / "inputs/signed")
    for step in STEPS[1:]:
        calm.finish(step)
    wanted = state(calm.root)
    report, rng = Report(), random.Random(options.seed)
    while report.kills.total() < options.kills:
        life = _copy(clean, folder / f"life-{report.lives}", calm.seconds)
        _live(life, folder / "signed", rng, report, options.kills)
        _judge(life, calm, wanted, report)
        shutil.rmtree(life.folder)
    return report


def _begun(folder: Path, options: Options) -> Life:
    """The campaign with a certificate, and nothing made yet."""
    life = Life(folder, options)
    for name in ("inputs", "templates"):
        shutil.copytree(
            options.source / name, life.root / name, ignore=shutil.ignore_patterns("signed", "*.p12", "*.pem")
        )
    life.scratch.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pipeline", "seal", "new", "-q", "--campaign", str(life.root)],
        env={**os.environ, **_PASSWORD, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True,
    )  # fmt: skip
    return life


def _copy(life: Life, folder: Path, seconds: dict[str, float] | None = None) -> Life:
    shutil.copytree(life.folder, folder)
    return Life(folder, life.options, dict(seconds or {}))


def _live(life: Life, signed: Path, rng: random.Random, report: Report, enough: int) -> None:
    """A life with crashes, watched."""
    outputs, seen = life.root / "outputs", life.folder / "seen.json"
    outputs.mkdir()
    watcher = subprocess.Popen([sys.executable, "-m", "tools.prove_crashes_watch", str(outputs), str(seen)], cwd=ROOT)
    while not seen.with_suffix(".ready").exists():
        time.sleep(0.05)
    for step in STEPS:
        if step == "collect":
            shutil.copytree(signed, life.root / "inputs/signed")
        for _ in range(life.options.kills_a_step):
            if report.kills.total() < enough:
                _kill(life, step, rng, report)
        life.finish(step)
    for step in STEPS:
        life.finish(step)
    watcher.terminate()
    watcher.wait(_SECONDS)
    told = json.loads(seen.read_text("utf-8"))
    report.published += told["published"]
    report.violations += told["violations"]


def _kill(life: Life, step: str, rng: random.Random, report: Report) -> None:
    """Kill a step once. Where an earlier attempt has left it less to do, it may end first: then earlier."""
    longest = life.seconds[step]
    for _ in range(_TRIES):
        office_too = rng.random() < 1 / 2
        after = rng.uniform(0, longest)
        if life.kill(step, after, office_too=office_too):
            report.kills[step] += 1
            report.orphans += bool(processes(life.scratch))
            return
        longest = after


def _judge(life: Life, calm: Life, wanted: State, report: Report) -> None:
    report.lives += 1
    report.differences += differences(wanted, state(life.root))
    report.left += left_over(life.root, life.scratch)
    report.unverified += not life.verify()
    same, count = same_bytes(calm.root, life.root)
    report.same += same
    report.pdfs += count
    print("\n".join(report.lines()), file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2018)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="prove-crashes-") as name:
        report = prove(Path(name), Options(asked.kills, asked.seed))
    print("\n".join(report.lines()))
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
