"""Signatures and crossed-out words on one simulated page: made, judged, compared with the truth."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.doors.scans.simulated.crossing import STYLES
from pipeline.doors.scans.simulated.paper import sheets_of
from pipeline.doors.scans.simulated.pile import Source
from pipeline.doors.scans.simulated.recipes import Wishes, simulate
from pipeline.doors.scans.simulated.truth import SheetTruth
from pipeline.model.scans import Box, Change, Judgement, Verdict

SCANNED = (
    "clean", "turned 5", "quarter turns", "skewed, 97-103 %", "shadow", "noise 25", "yellowed", "folded", "punched",
    "dust", "bleed-through", "feed lines", "office", "JPEG q15",
)  # fmt: skip
"""Gray and colour, flat."""
OTHERS = ("phone 3000", "phone 2000", "phone 3000, shadow", "1-bit", "third copy", "fax")
_SIGNED_EMPTY, _EMPTY_SIGNED, _ASKED, _FOUND, _FALSE = 1.0, 0.2, 8.0, 95.0, 2.0
"""Per cent: at most, at most, at most, at least, at most."""


@dataclass(frozen=True, slots=True)
class HandTask:
    """A page with boxes to be signed, and a page of which words are crossed out."""

    boxed: Source
    printed: Source
    chance: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HandRow:
    """What came of it."""

    name: str
    boxes: tuple[tuple[str, bool, str, float], ...]
    """How signed, whether faint, the verdict, the score."""
    strikes: tuple[tuple[str, float, str, bool], ...]
    """Style, length, pen, whether found."""
    clean: int
    """Pages without a strike."""
    false_strikes: int
    """Of them, pages with a strike seen."""
    false_ink: int
    registered: int
    milliseconds: float


def judge_page(task: HandTask) -> HandRow:
    """Makes and judges two pages: one signed and not struck, one struck."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(task.chance)
    every = SCANNED * 3 + OTHERS
    name = every[task.chance[-1] % len(every)]
    dpi = int(rng.choice([200, 300])) if name in SCANNED else 200
    if name == "fax":
        dpi = 300
    ways = tuple("any" if rng.random() < 0.5 else None for _ in task.boxed.boxes)
    truth, judged, one = _judged(task.boxed, name, dpi, rng, Wishes(ways, family="proving"))
    passage = (float(rng.uniform(20, 70)), STYLES[task.chance[-1] % len(STYLES)])
    struck, seen, two = _judged(task.printed, name, dpi, rng, Wishes(None, strike=(passage,), family="proving"))
    boxes = zip(truth.signed, judged.signatures, strict=True)
    marks = [mark for mark in seen.marks if mark.change is Change.STRUCK]
    return HandRow(
        name,
        tuple((told.how, told.faint, said.verdict.value, said.score) for told, said in boxes),
        tuple(
            (told.style, told.length, told.pen, any(_meet(told.box, mark.box) for mark in marks))
            for told in struck.struck
        ),
        1,
        int(any(mark.change is Change.STRUCK for mark in judged.marks)),
        int(any(mark.change is Change.INK for mark in judged.marks)),
        int(judged.registered) + int(seen.registered),
        (one + two) / 2,
    )


def print_hands(rows: Sequence[HandRow]) -> bool:
    """The table, and whether what is asked for gray and colour scans was reached."""
    print(
        f"{'degradation':26}{'boxes':>6}{'s>empty':>8}{'e>signed':>9}{'asked':>6}{'struck':>7}{'found':>6}{'false':>6}{'ink':>5}{'reg':>5}{'ms':>6}"
    )
    for name in dict.fromkeys(row.name for row in rows):
        _line(name, [row for row in rows if row.name == name])
    flat = [row for row in rows if row.name in SCANNED]
    _line("flat, gray and colour", flat)
    _line("all", rows)
    for style in STYLES:
        told = [one for row in flat for one in row.strikes if one[0] == style]
        print(f"  struck {style:10} {sum(one[3] for one in told)} of {len(told)}")
    for name, wrong in (("signed called empty", _lost), ("empty called signed", _made_up)):
        for row in flat:
            print("".join(f"  {name}: {row.name} {one}\n" for one in row.boxes if wrong(one)), end="")
    lost, made_up, asked, found, false = _rates(flat)
    return (
        lost <= _SIGNED_EMPTY and made_up <= _EMPTY_SIGNED and asked <= _ASKED and found >= _FOUND and false <= _FALSE
    )


_Told = tuple[str, bool, str, float]


def _lost(one: _Told) -> bool:
    return bool(one[0]) and one[2] == Verdict.EMPTY


def _made_up(one: _Told) -> bool:
    return not one[0] and one[2] == Verdict.SIGNED


def _rates(rows: Sequence[HandRow]) -> tuple[float, float, float, float, float]:
    """Signed called empty, empty called signed, asked, strikes found, pages with false strikes: per cent."""
    boxes = [one for row in rows for one in row.boxes]
    signed, empty = [one for one in boxes if one[0]], [one for one in boxes if not one[0]]
    strikes = [one for row in rows for one in row.strikes]

    def share(some: Sequence[_Told], test: Callable[[_Told], bool]) -> float:
        return 100 * sum(map(test, some)) / max(1, len(some))

    return (
        share(signed, _lost),
        share(empty, _made_up),
        share(boxes, lambda one: one[2] == Verdict.ASK),
        100 * sum(one[3] for one in strikes) / max(1, len(strikes)),
        100 * sum(row.false_strikes for row in rows) / max(1, sum(row.clean for row in rows)),
    )


def _line(name: str, rows: Sequence[HandRow]) -> None:
    lost, made_up, asked, found, false = _rates(rows)
    boxes, strikes = sum(len(row.boxes) for row in rows), sum(len(row.strikes) for row in rows)
    ink = 100 * sum(row.false_ink for row in rows) / max(1, len(rows))
    registered = 50 * sum(row.registered for row in rows) / max(1, len(rows))
    took = sum(row.milliseconds for row in rows) / max(1, len(rows))
    print(
        f"{name:26}{boxes:>6}{lost:>8.1f}{made_up:>9.1f}{asked:>6.1f}{strikes:>7}{found:>6.1f}{false:>6.1f}"
        f"{ink:>5.0f}{registered:>5.0f}{took:>6.0f}"
    )


def _judged(
    source: Source, name: str, dpi: int, rng: np.random.Generator, wishes: Wishes
) -> tuple[SheetTruth, Judgement, float]:
    from pipeline.doors.scans.codes import read_codes
    from pipeline.doors.scans.issued import IssuedImage
    from pipeline.doors.scans.judge import judge

    pdf = source.pdf.read_bytes()
    shot = next(iter(sheets_of(pdf, dpi, [source.page])))
    boxes = source.boxes
    one = simulate(shot, boxes, name, rng, wishes, source.code)
    issued = IssuedImage.of(pdf, source.page)
    start = time.perf_counter()
    codes = next((found.places for found in read_codes(one.image) if found.text == source.code), ())
    judged = judge(one.image, issued, boxes, codes)
    return one.truth, judged, 1000 * (time.perf_counter() - start)


def _meet(one: Box, two: Box) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )
