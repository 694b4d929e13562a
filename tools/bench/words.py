"""Rows about Word files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate

from pipeline.doors import files, workers
from pipeline.doors.word.sign_fields import FILTERS as SIGN
from pipeline.doors.word.template import WordTemplate
from pipeline.doors.word.text import plain_text
from pipeline.korean.filters import FILTERS
from pipeline.model.documents import Job
from pipeline.steps.render import render
from tools.bench import sample
from tools.bench.measure import Measured, Setting, Stopwatch, in_turn


def against_docxtpl(setting: Setting) -> Measured:
    """The render step and writing, against the loop that docxtpl's documentation shows.

    Both sides make the same agreements ten times over, with the same contexts and filters, escaping on, and write
    every file into the same folders, on one core. Ours compiles the template once, and that time is shared out over
    its documents; theirs opens the template anew for each, because a second render reads it again anyway; one Jinja
    environment serves all. Ours also checks each document, gives hanja their fonts and replaces files atomically; the
    words of both are compared.
    """
    jobs = sample.planned(setting.scratch, setting.pick(0, 12))
    rounds = setting.pick(10, 2)
    ours = _Ours(setting.scratch / "ours", jobs, rounds)

    def theirs(number: int) -> float:
        return _docxtpl(setting.scratch / f"theirs-{number}", jobs)

    sides = in_turn(ours.run, theirs, rounds)
    _must_say_the_same(ours.paths(0), [setting.scratch / "theirs-0" / job.docx for job in jobs])
    return Measured(sides, len(jobs) * rounds)


def against_docxtpl_all_cores(setting: Setting) -> Measured:
    """The nation's agreements by a worker for each core, as the product makes them, against the loop.

    A loop takes one core. Ours pays for starting the workers and for compiling in each; theirs is measured on the
    sample, since its cost a document does not depend on their number.
    """
    cores = workers.cores()
    jobs = sample.planned(setting.scratch, setting.pick(0, 12))
    repeats = setting.pick(31, 2)
    scratch = setting.scratch

    def ours(number: int) -> float:
        folder = scratch / f"ours-{number}"
        shares = [_Share(folder / str(core), tuple(jobs), repeats) for core in range(cores)]
        with Stopwatch() as watch:
            for _share, done in workers.run(_write_share, shares, cores, lambda share: (share,)):
                if isinstance(done, workers.Lost):
                    raise ChildProcessError("a worker died")
        return watch.seconds * 1000 / (len(jobs) * repeats * cores)

    def theirs(number: int) -> float:
        return _docxtpl(scratch / f"theirs-{number}", jobs)

    return Measured(in_turn(ours, theirs, setting.pick(5, 1)), len(jobs) * repeats * cores)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one worker makes: the same agreements over and over, each time into a folder of its own."""

    folder: Path
    jobs: Sequence[Job]
    repeats: int


def _write_share(share: _Share) -> int:
    template = sample.compiled()
    for number in range(share.repeats):
        rendered, findings = render(template, share.jobs)
        sample.must_be_clean(findings)
        files.publish(share.folder / str(number), ((one.job.docx, one.docx) for one in rendered))
    return share.repeats * len(share.jobs)


def against_floor(setting: Setting) -> Measured:
    """The render step and writing, against only deflating and writing the very same bytes.

    The floor is as low as our own output allows: it is given the rendered parts and the static ones already
    deflated, deflates the former, adds the central directory, and writes plainly, without temporary names. Deflating
    all parts anew would be a floor that our own way of packing undercuts.
    """
    jobs = sample.planned(setting.scratch, setting.pick(0, 12))
    rounds = setting.pick(10, 2)
    ours = _Ours(setting.scratch / "ours", jobs, rounds)
    template = ours.template
    rendered = [template.render(job.context)[0] for job in jobs]

    def theirs(number: int) -> float:
        folder = setting.scratch / f"floor-{number}"
        with Stopwatch() as watch:
            for job, parts in zip(jobs, rendered, strict=True):
                path = folder / job.docx
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(template.pack(parts))
        return watch.seconds * 1000 / len(jobs)

    sides = in_turn(ours.run, theirs, rounds)
    floor = [setting.scratch / "floor-0" / job.docx for job in jobs]
    if [path.read_bytes() for path in ours.paths(0)] != [path.read_bytes() for path in floor]:
        raise RuntimeError("the floor wrote other bytes")
    return Measured(sides, len(jobs) * rounds)


class _Ours:
    """Our side: the template compiled once, then rounds of rendering, checking, packing and publishing."""

    def __init__(self, folder: Path, jobs: Sequence[Job], rounds: int) -> None:
        with Stopwatch() as watch:
            self.template: WordTemplate = sample.compiled()
        self._compiling = watch.seconds / (len(jobs) * rounds)
        self._folder = folder
        self._jobs = jobs

    def run(self, number: int) -> float:
        """Milliseconds a document, its share of compiling included."""
        with Stopwatch() as watch:
            rendered, findings = render(self.template, self._jobs)
            files.publish(self._folder / str(number), ((one.job.docx, one.docx) for one in rendered))
        sample.must_be_clean(findings)
        return (watch.seconds / len(self._jobs) + self._compiling) * 1000

    def paths(self, number: int) -> list[Path]:
        """The files of a round."""
        return [self._folder / str(number) / job.docx for job in self._jobs]


def _docxtpl(folder: Path, jobs: Iterable[Job]) -> float:
    count = 0
    with Stopwatch() as watch:
        environment = jinja2.Environment(autoescape=True)
        environment.filters.update({**FILTERS, **SIGN})
        for count, job in enumerate(jobs, 1):  # noqa: B007 - counted as we go
            document = DocxTemplate(sample.TEMPLATE)
            document.render(job.context, environment, autoescape=True)
            path = folder / job.docx
            path.parent.mkdir(parents=True, exist_ok=True)
            document.save(path)
    return watch.seconds * 1000 / count


def _must_say_the_same(ours: Iterable[Path], theirs: Iterable[Path]) -> None:
    """Word by word; the runs differ, because ours gives hanja a font of their own."""
    for one, other in zip(ours, theirs, strict=True):
        if _words(one) != _words(other):
            raise RuntimeError("docxtpl wrote other words")


def _words(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        parts = [package.read(f"word/{name}.xml").decode() for name in ("document", "footer")]
    return "".join("".join(map(plain_text, parts)).split())
