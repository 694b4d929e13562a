"""Part of step 2, check: whether a template can be used, tried on documents of the plan before any is made.

Enters: a template's bytes and the jobs planned for it. Leaves: findings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.doors.hanja import COMMON
from pipeline.doors.tags import Filters
from pipeline.doors.word import WordTemplate
from pipeline.model.documents import Job
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding

_SAMPLES = 12
_LONGEST_SPACED = 5
_PARTICLE = re.compile(r"(?:은|는|이|가|을|를|과|와|의|께|께서|님|에게|으로|로)$")
_SHORTEST_NAME = 3
"""Two syllables are as often a word as a name."""


def check_template(
    blob: bytes,
    shown: str,
    filters: Filters,
    jobs: Sequence[Job],
    names: Collection[str],
    installed: Mapping[str, frozenset[str]],
) -> list[Finding]:
    """Compile and render for some documents, spread over the plan; look at fonts and at names left in the text.

    Args:
        blob: the .docx.
        shown: its path, for findings.
        filters: as for rendering.
        jobs: documents that are planned.
        names: of all candidates.
        installed: fonts of the system, by family; empty when it does not tell.
    """
    try:
        template = WordTemplate(blob, filters, shown)
    except Trouble as trouble:
        return [trouble.finding]
    found: dict[str, Finding] = {}
    for job in jobs[:: max(1, len(jobs) // _SAMPLES)]:
        for one in template.render(job.context)[1]:
            # Messages of filters name what they were given; the place is enough to tell findings apart.
            place = [one.params.get(name, "") for name in ("part", "paragraph", "tag")]
            found.setdefault(f"{one.code} {place or one.params}", one)
    return [*found.values(), *_fonts(template, installed), *_names(template, names)]


def _fonts(template: WordTemplate, installed: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    for font in sorted(template.fonts() | {COMMON}) if installed else ():
        if font not in installed:
            yield finding("font.missing", Cell(template.shown), font=font)


def _names(template: WordTemplate, names: Collection[str]) -> Iterator[Finding]:
    """A template made from last year's paper still holds last year's candidate in one of five places."""
    words = set(_words(template.text()))
    for name in sorted(words & set(names)):
        if len(name) >= _SHORTEST_NAME:
            yield finding("template.name", Cell(template.shown), name=name)


def _words(text: str) -> Iterator[str]:
    """Words as they stand, without their particle, and joined where they are spaced (남 궁 한 결)."""
    for line in text.split("\n"):
        words = re.findall(r"[가-힣]+", line)
        for start, word in enumerate(words):
            yield word
            yield _PARTICLE.sub("", word)
            for end in range(start + 2, min(start + _LONGEST_SPACED, len(words)) + 1):
                yield "".join(words[start:end])
