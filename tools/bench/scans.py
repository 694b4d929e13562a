"""Returned scans: how many pages a second a core reads, matches and judges."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.doors import workers
from pipeline.doors.register import FILE, Register
from pipeline.doors.scans.simulated.pile import Orders, Source, write_pile
from pipeline.model.identity import PageCode
from tools.bench import sample
from tools.bench.measure import ROOT, Measured, Setting, Stopwatch, in_turn, soffice, talk

_PAGES_A_SECOND = 4.0
"""The goal of a core (DESIGN, section 8)."""


def pages_per_second(setting: Setting) -> Measured:
    """`hyeopyak collect` of one batch of colour scans at 200 dpi, from the PDF to the reports, times the cores.

    There is nothing to compare with that reads such pages; the other side is the goal, four pages a second a core.
    """
    soffice()
    campaign = sample.campaign(setting.scratch)
    command = [sys.executable, "-m", "pipeline"]
    where = ["--quiet", "--campaign", str(campaign)]
    subprocess.run([*command, "make", "agreement", *where], cwd=ROOT, capture_output=True, check=True)
    pages = _pile(campaign, setting.pick(240, 30))
    register = campaign / "outputs" / FILE
    issued = register.read_bytes()
    talk(f"    {pages} pages")

    def ours(_: int) -> float:
        for name in ("originals", "review", "missing"):
            shutil.rmtree(campaign / "outputs" / name, ignore_errors=True)
        register.write_bytes(issued)
        with Stopwatch() as watch:
            done = subprocess.run([*command, "collect", *where], cwd=ROOT, capture_output=True, check=False)
        if done.returncode not in {0, 6}:
            raise RuntimeError(done.stderr.decode())
        return watch.seconds * 1000 * workers.cores() / pages

    return Measured(in_turn(ours, lambda _: 1000 / _PAGES_A_SECOND, setting.pick(5, 1)), pages)


def _pile(campaign: Path, count: int) -> int:
    outputs = campaign / "outputs"
    with Register(outputs, readonly=True) as register:
        issued = register.issued_pages()[:count]
    sources = [
        Source(
            outputs / one.pdf,
            one.page,
            PageCode("KSEN-2018", one.number, one.revision, one.page, one.pages, one.check).payload,
            one.boxes,
        )
        for one in issued
    ]
    return len(write_pile(campaign / "inputs" / "signed", sources, Orders(), 1).pages)
