"""One simulated page and its codes: made, read, compared with the truth."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.doors.scans.simulated import foreign
from pipeline.doors.scans.simulated.paper import Shot, sheets_of
from pipeline.doors.scans.simulated.pile import Source
from pipeline.doors.scans.simulated.recipes import DEGRADATIONS, OFFICE, Wishes, simulate
from pipeline.doors.scans.simulated.truth import Kind


@dataclass(frozen=True, slots=True)
class CodeTask:
    """A page to be made and read."""

    name: str
    dpi: int
    source: Source
    kind: Kind
    chance: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """What came of it; numbers are 0 or 1."""

    name: str
    dpi: int
    plain: int
    ladder: int
    wrong: int
    """Matched with a page that it is not."""
    missed: int
    """Not matched although a code was left alone."""
    hidden: int
    """Both codes were hit: nothing is asked."""
    required: bool
    milliseconds: float
    """To read."""
    chance: tuple[int, ...]


def strange_tasks(pages: Sequence[Source], seed: int, count: int) -> list[CodeTask]:
    """Pages that must match nothing."""
    kinds = (Kind.FORGED, Kind.OTHER_CAMPAIGN, Kind.FOREIGN_CODE)
    return [
        CodeTask(OFFICE[number % len(OFFICE)], 200, pages[number * 11 % len(pages)], kind, (seed, 900 + place, number))
        for place, kind in enumerate(kinds)
        for number in range(count)
    ]


def read_page(given: tuple[CodeTask, frozenset[str]]) -> CodeRow:
    """Makes and reads a page."""
    from pipeline.doors.scans.codes import read_codes
    from pipeline.model.scans import Method

    cv2.setNumThreads(1)
    task, known = given
    rng = np.random.default_rng(task.chance)
    shot, code = _sheet(task, rng)
    one = simulate(shot, task.source.boxes, task.name, rng, Wishes("any", family="proving"), code, task.kind)
    start = time.perf_counter()
    found = read_codes(one.image)
    took = 1000 * (time.perf_counter() - start)
    ours = {item.text: item.method for item in found if item.text in known}
    right = ours.get(code)
    stranger = task.kind is not Kind.ISSUED
    return CodeRow(
        name=task.kind.value if stranger else task.name,
        dpi=task.dpi,
        plain=int(right is Method.PLAIN),
        ladder=int(right is Method.LADDER),
        wrong=int(bool(set(ours) - {code})),
        missed=int(not stranger and one.truth.legible and right is None),
        hidden=int(not one.truth.legible),
        required=not stranger and DEGRADATIONS[task.name].required,
        milliseconds=took,
        chance=task.chance,
    )


def _sheet(task: CodeTask, rng: np.random.Generator) -> tuple[Shot, str]:
    if task.kind is Kind.FOREIGN_CODE:
        code = str(rng.choice(foreign.ELSEWHERE))
        return foreign.letter(task.dpi, rng, code), code
    shot = next(iter(sheets_of(task.source.pdf.read_bytes(), task.dpi, [task.source.page])))
    if task.kind is Kind.ISSUED:
        return shot, task.source.code
    forge = task.kind is Kind.FORGED
    code = foreign.forged(task.source.code, rng) if forge else foreign.other_campaign(task.source.code)
    return foreign.recoded(shot, code), code
