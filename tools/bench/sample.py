"""The work: agreements of the sample campaign, planned as the product plans them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS
from pipeline.model.documents import Job, Rendered
from pipeline.model.findings import Finding
from pipeline.run import Options, make
from pipeline.steps.render import render
from tools.bench.measure import ROOT

TEMPLATE = ROOT / "templates" / "agreement.docx"


def planned(folder: Path, count: int) -> Sequence[Job]:
    """The first `count` agreements of the sample; 0: all."""
    outcome = make(Options(campaign(folder), dry_run=True), ["agreement"], lambda _done, _due: None)
    return outcome.jobs[: count or None]


def campaign(folder: Path) -> Path:
    """A copy of the sample campaign, so that nobody's outputs are touched."""
    copy = folder / "campaign"
    if not copy.exists():
        for name in ("inputs", "templates"):
            shutil.copytree(ROOT / name, copy / name)
    return copy


def compiled() -> WordTemplate:
    """The agreement's template, compiled anew."""
    return WordTemplate(TEMPLATE.read_bytes(), FILTERS, TEMPLATE.name)


@dataclass(frozen=True, slots=True)
class Papers:
    """Rendered agreements, and the same as files for programs that want files."""

    template: WordTemplate
    rendered: Sequence[Rendered]
    files: Sequence[Path]


def papers(folder: Path, count: int, times: int = 1) -> Papers:
    """Render agreements of the sample, all of them `times` over, and write them below `folder`."""
    template = compiled()
    rendered, findings = render(template, list(planned(folder, count)) * times)
    must_be_clean(findings)
    place = folder / "docx"
    place.mkdir()
    files = [place / f"{index:04d}-{one.job.number}.docx" for index, one in enumerate(rendered)]
    for path, one in zip(files, rendered, strict=True):
        path.write_bytes(one.docx)
    return Papers(template, rendered, files)


def must_be_clean(findings: Sequence[Finding]) -> None:
    """A benchmark of work that failed would say nothing."""
    if findings:
        raise RuntimeError(f"the sample has findings: {findings[0].code}")
