"""A returned sheet against the issued page: which boxes are signed, and what a hand changed.

It says "ink that was not printed here", not "this person signed": what is in doubt goes to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cv2

from pipeline.doors.scans.codes import Corners
from pipeline.doors.scans.ink import Ink, contrast, dots, find_ink, threshold
from pipeline.doors.scans.issued import DOTS, IssuedImage
from pipeline.doors.scans.registration import Registration, register
from pipeline.doors.scans.strikes import find_strikes
from pipeline.model.scans import Box, Change, Judgement, Mark, Signature, SignBox, Verdict

EMPTY, SIGNED = 0.5, 6.0
"""Scores up to which a box is empty, and above which it is signed; between them a person looks."""
_MARGIN = 3.0
"""Millimetres around a box that count as its own: signatures and seals overshoot."""
_NOTED = 1.0
"""mm²: smaller marks outside boxes are dirt."""
_FAINT = 0.2
"""Contrast: what is fainter outside a box shines through from the back."""
_TOGETHER = 4.0
"""Millimetres: marks that are nearer are one."""
_OVER_WORDS = 0.35
"""Of a mark's height or width: so much of it over printed words crosses them out."""
_DARK, _FITTING = 128, 0.7
"""Gray below which print is dark, and how much of it has to be dark on the scan."""
_FOOT = 15.0
"""Millimetres at the lower edge: page numbers, and the words beside the code."""
_AROUND = 6.0
"""Millimetres shown around what a person has to look at."""
_WHITE, _BLACK, _MOSTLY, _EDGES, _FEW = 253, 60, 0.5, 1.5, 0.0005
_SHARP = 120.0


def judge(image: Any, issued: IssuedImage, boxes: Sequence[SignBox], codes: Sequence[Corners] = ()) -> Judgement:
    """Compare a scan with the issued page.

    Args:
        image: bytes, gray or blue-green-red.
        issued: the page.
        boxes: where people sign on it.
        codes: where its codes stand on the scan, the larger first; without both, it is laid over by its print alone.
    """
    gray = _gray(image)
    one_bit = image.ndim == gray.ndim and is_one_bit(gray)
    place = register(gray, issued, codes)
    if place is None:
        return _unjudged(boxes, one_bit=one_bit)
    seen = place.seen(image, issued)
    darker = contrast(place.warped(image, issued))
    limit = threshold(darker, issued, seen)
    if not _fits(darker, issued, seen, limit):
        return _unjudged(boxes, one_bit=one_bit)
    ink = find_ink(darker, issued, seen, limit)
    signatures = tuple(_signature(one, ink, seen, one_bit=one_bit) for one in boxes)
    lines = [line for line in issued.lines if _is_text(line.box, issued, boxes)]
    struck = find_strikes(darker, issued, seen, limit, lines)
    marks = [Mark(Change.STRUCK, box, words) for box, words in struck]
    marks += [one for one in _marks(ink, issued, boxes) if not any(_meet(one.box, other) for other, _ in struck)]
    return Judgement(signatures, tuple(marks), one_bit, registered=True, quality=_quality(gray, seen, place))


def _unjudged(boxes: Sequence[SignBox], *, one_bit: bool) -> Judgement:
    signatures = tuple(Signature(one.side, one.name, Verdict.ASK, 0.0, one.box) for one in boxes)
    return Judgement(signatures, (), one_bit, registered=False, quality=0.0)


def _fits(darker: Any, issued: IssuedImage, seen: Any, limit: float) -> bool:
    """Whether the print is where it was issued: lines of like words can be laid over each other wrongly."""
    print_ = (issued.gray < _DARK) & (seen > 0)
    return bool(print_.any() and (darker[print_] > limit).mean() >= _FITTING)


def crop(image: Any, issued: IssuedImage, box: Box) -> bytes:
    """A region of the issued page as it is on the scan, as PNG; b'' where the scan cannot be laid over it."""
    place = register(_gray(image), issued)
    if place is None:
        return b""
    warped = place.warped(image, issued)
    rows, columns = dots(box, _AROUND, warped.shape)
    written, png = cv2.imencode(".png", warped[rows, columns])
    return bytes(png) if written else b""


def is_one_bit(gray: Any) -> bool:
    """Whether hardly a dot is between black and white, but for what scaling made of the edges of letters."""
    paper = float((gray >= _WHITE).mean())
    between = float(((gray > _BLACK) & (gray < _WHITE)).mean())
    return paper > _MOSTLY and between < max(_EDGES * (1 - paper - between), _FEW)


def _is_text(line: Box, issued: IssuedImage, boxes: Sequence[SignBox]) -> bool:
    """Whether a line can hold a pledge: captions are written over by those who sign, and feet say whose page it is."""
    height = issued.size[1] / DOTS
    return line.y < height - _FOOT and not any(_meet(line, _wider(one.box, _MARGIN)) for one in boxes)


def _gray(image: Any) -> Any:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim > 2 else image  # noqa: PLR2004 - rows and columns


def _signature(one: SignBox, ink: Ink, seen: Any, *, one_bit: bool) -> Signature:
    score = ink.score(one.box, _MARGIN)
    rows, columns = dots(one.box, 0, seen.shape)
    hidden = not seen[rows, columns].all()
    verdict = Verdict.EMPTY if score <= EMPTY else Verdict.SIGNED if score > SIGNED else Verdict.ASK
    return Signature(one.side, one.name, Verdict.ASK if one_bit or hidden else verdict, round(score, 2), one.box)


def _marks(ink: Ink, issued: IssuedImage, boxes: Sequence[SignBox]) -> Iterator[Mark]:
    """Ink outside the boxes; what reaches out of a box belongs to it."""
    own = {number for one in boxes for number in ink.numbers(_wider(one.box, _MARGIN))}
    areas = [(box, area) for number, box, area in ink.components if number not in own and ink.depth(number) > _FAINT]
    for group in _grouped(areas):
        if sum(area for _, area in group) >= _NOTED:
            box = _around([box for box, _ in group])
            words = [(text, word) for line in issued.lines for text, word in line.words if _meet(box, word)]
            over = sum(_overlap(box, word) for _, word in words) / max(box.width * box.height, 1e-6)
            change = Change.STRUCK if over > _OVER_WORDS and box.width > _TOGETHER else Change.INK
            yield Mark(change, box, " ".join(text for text, _ in words))


def _grouped(areas: Sequence[tuple[Box, float]]) -> list[list[tuple[Box, float]]]:
    groups: list[list[tuple[Box, float]]] = []
    for one in areas:
        near = [group for group in groups if any(_meet(_wider(one[0], _TOGETHER), other) for other, _ in group)]
        groups = [group for group in groups if group not in near]
        groups.append([one, *(other for group in near for other in group)])
    return groups


def _wider(box: Box, mm: float) -> Box:
    return Box(box.x - mm, box.y - mm, box.width + 2 * mm, box.height + 2 * mm)


def _meet(one: Box, other: Box) -> bool:
    return _overlap(one, other) > 0


def _overlap(one: Box, other: Box) -> float:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, wide) * max(0.0, high)


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))


def _quality(gray: Any, seen: Any, place: Registration) -> float:
    """Of three parts: how fine, how sharp, how much of the page is there."""
    fine = float(min(1.0, place.scale))
    sharp = min(1.0, float(cv2.Laplacian(gray[::2, ::2], cv2.CV_32F).var()) ** 0.5 / _SHARP)
    whole = float(seen.mean())
    return float(round(fine * 0.4 + sharp * 0.2 + whole * 0.4, 3))
