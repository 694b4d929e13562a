"""What a worker does: a batch of documents, bytes in, bytes out. It imports little, since every worker waits for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.doors import office
from pipeline.doors.word.hanja import COMMON, RARE
from pipeline.model.documents import Converted, Job, Made, Reason, Rendered
from pipeline.model.findings import Finding

CAPTIONS = ("NanumBarunGothic", "NanumGothic", "Noto Sans KR", "Malgun Gothic")
"""Families for the words beside page codes: the first that is installed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A template: its bytes, and its path as findings name it."""

    blob: bytes
    shown: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Those that its documents name, by name below `inputs/pictures`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A unit of work: all that a worker needs, wherever it runs."""

    template: Source
    jobs: tuple[Job, ...]
    program: str
    """Path of soffice; empty: no PDFs."""
    folder: str
    """For the worker's profile."""


def get_ready(program: str, folder: Path) -> None:
    """Start LibreOffice for a batch that this process is about to make.

    Args:
        program: path of soffice; '': there is none.
        folder: as of the batch.
    """
    if program:
        # Nothing depends on it: whoever needs it tells what is wrong.
        with contextlib.suppress(OSError):
            _office(program, folder).start()


def await_batch(program: str, folder: Path) -> None:
    """What takes time before the first batch, and needs nothing of it.

    Args:
        program: path of soffice; '': there is none.
        folder: as of the batch.
    """
    get_ready(program, folder)
    import pipeline.doors.register_contexts
    import pipeline.doors.word.template
    import pipeline.steps.render  # noqa: F401
    from pipeline.steps import convert

    if program:
        office.installed_fonts()
        convert.get_ready(office.font_file(*CAPTIONS))


def _office(program: str, folder: Path) -> office.Office:
    """This process's own."""
    place = folder / f"worker-{os.getpid()}"
    place.mkdir(exist_ok=True)
    return office.Office(program, place)


def make_batch(batch: Batch) -> tuple[list[Made], list[Finding]]:
    """Render and convert. Pure: bytes in, bytes out."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.convert import Fonts, convert
    from pipeline.steps.render import render

    template = WordTemplate(batch.template.blob, FILTERS, batch.template.shown, batch.template.pictures)
    rendered, findings = render(template, batch.jobs)
    if not batch.program:
        return [_made(one) for one in rendered], findings
    folder = Path(batch.folder)
    fonts = Fonts(_expected_fonts(template.fonts()), office.font_file(*CAPTIONS))
    broken = folder / "office-is-broken"
    converted, found = (
        ([], []) if broken.exists() else convert(rendered, template.static, _office(batch.program, folder), fonts)
    )
    if any(one.code == "convert.office" for one in found):
        # Each further batch of this machine would only wait for it in vain.
        broken.touch()
    pdfs = {one.job.number: one for one in converted}
    made = [
        _made(one, pdfs.get(one.job.number))
        for one in rendered
        # An earlier paper stays whole, Word and PDF, until both can take its place.
        if one.job.number in pdfs or one.job.reason in {Reason.NEW, Reason.WAITING}
    ]
    return made, [*findings, *found]


def _made(one: Rendered, converted: Converted | None = None) -> Made:
    from pipeline.doors.digests import sha256
    from pipeline.doors.register_contexts import packed

    made = Made(one.job, packed(one.job.context), one.docx, sha256((one.docx,)))
    if converted:
        return replace(made, pdf=converted.pdf, pdf_sha256=sha256(converted.pdf), printed=converted.printed)
    return made


def _expected_fonts(families: frozenset[str]) -> frozenset[str]:
    """Beginnings of PostScript names that PDFs may hold; empty when the system does not tell."""
    installed = office.installed_fonts()
    named = {name for family in (*families, COMMON) for name in installed.get(family, ())}
    # A face of a Noto collection is written as `…CJKjp`, whichever language was asked for (measured, 7.4.7).
    return frozenset({*named, RARE.removesuffix(" KR").replace(" ", "")} if named else ())


def halves(batch: Batch) -> tuple[Batch, ...]:
    """A batch as two."""
    middle = (len(batch.jobs) + 1) // 2
    parts = (batch.jobs[:middle], batch.jobs[middle:])
    return tuple(replace(batch, jobs=jobs) for jobs in parts if jobs)
