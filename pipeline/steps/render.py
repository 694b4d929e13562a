"""Step 4, render: planned documents of one template as checked Word files.

Enters: a compiled template and jobs. Leaves: `Rendered`, findings. Does just what the plan says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.doors.word.template import WordTemplate
from pipeline.model.documents import Job, Rendered
from pipeline.model.findings import Finding


def render(template: WordTemplate, jobs: Iterable[Job]) -> tuple[list[Rendered], list[Finding]]:
    """Render every job; one that fails its check becomes findings, and the others go on."""
    done: list[Rendered] = []
    findings: list[Finding] = []
    for job in jobs:
        parts, found = template.render(job.context)
        if found:
            findings += [replace(one, subject=job.number) for one in found]
        else:
            done.append(Rendered(job, parts, template.pack(parts)))
    return done, findings
