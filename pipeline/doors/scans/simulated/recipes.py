"""Named degradations: every row of the table that reading is measured by, and what offices do besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.doors.scans.simulated import machine, phone
from pipeline.doors.scans.simulated.crossing import strike, write
from pipeline.doors.scans.simulated.hand import sign
from pipeline.doors.scans.simulated.ink import BLACK_GEL, RED, Pen
from pipeline.doors.scans.simulated.machine import Effect
from pipeline.doors.scans.simulated.paper import Generator, Image, Shot
from pipeline.doors.scans.simulated.truth import Kind, SheetTruth, Signed, Struck, Written
from pipeline.model.scans import SignBox

_STROKE = replace(BLACK_GEL, width=0.6)
_THICK = replace(BLACK_GEL, width=0.7)
_BLUE = Pen("blue pen", (160, 45, 25), 0.6, 0.95)
_RED = replace(RED, width=0.6)


@dataclass(frozen=True, slots=True)
class Degradation:
    """A way from paper to pixels."""

    name: str
    effects: tuple[Effect, ...]
    dpis: tuple[int, ...] = (150, 200, 300)
    """Rasters it is measured at."""
    hits: bool = False
    """Whether a code is hit."""
    required: bool = True
    """Whether it counts when 99.5 % are asked for; else it lies beyond the limits that are promised."""


def _all() -> tuple[Degradation, ...]:
    m, gray = machine, machine.gray
    flat = (m.turned(1.0), m.noise(6))
    return (
        Degradation("clean", (gray,)),
        Degradation("turned 5", (m.turned(5), m.noise(4))),
        Degradation("quarter turns", (m.quarters(), m.noise(4))),
        Degradation("upside down", (m.quarters(2), m.turned(1), m.noise(4))),
        Degradation("skewed, 97-103 %", (m.skewed(0.02, 0.03), m.noise(4))),
        Degradation("shifted", (m.shifted(2.0), m.noise(4))),
        Degradation("JPEG q15", (m.turned(1), m.jpeg(15))),
        Degradation("1-bit", (m.turned(1), m.one_bit)),
        Degradation("shadow", (m.shadow, *flat)),
        Degradation("noise 25", (m.turned(1), m.noise(25))),
        Degradation("noise 60", (m.turned(1), gray, m.noise(60)), (200, 300), required=False),
        Degradation("blur 0.15 mm", (m.blurred(0.15), m.noise(3))),
        Degradation("blur 0.25 mm", (m.blurred(0.25), m.noise(3)), (200, 300), required=False),
        Degradation("third copy", (m.copied(3),)),
        Degradation("fax", (m.turned(0.7), m.fax), (300,)),
        Degradation("yellowed", (m.yellowed, *flat, m.jpeg(70))),
        Degradation("folded", (m.folded, *flat)),
        Degradation("punched", (m.punched, *flat)),
        Degradation("feed lines", (m.feed_lines, *flat)),
        Degradation("dust", (m.dust, *flat)),
        Degradation("bleed-through", (m.bleed, *flat)),
        Degradation("stroke, lower", (m.over_code("lower", _STROKE), *flat, gray), hits=True),
        Degradation("stroke, upper", (m.over_code("upper", _STROKE), *flat, gray), hits=True),
        Degradation("three strokes", (m.over_code("lower", _THICK, 3), *flat, gray), hits=True),
        Degradation("stamp, gray", (m.stamp_over_code("lower"), *flat, gray), hits=True),
        Degradation("stamp, colour", (m.stamp_over_code("lower"), *flat), hits=True),
        Degradation("blue stroke, colour", (m.over_code("lower", _BLUE), *flat), hits=True),
        Degradation("three blue, colour", (m.over_code("lower", _BLUE, 3), *flat), hits=True),
        Degradation("red pen, colour", (m.over_code("upper", _RED), *flat), hits=True),
        Degradation(
            "stroke, skew, noise, blur, q50",
            (
                m.over_code("lower", _STROKE),
                m.skewed(0.015),
                m.turned(2),
                m.blurred(0.08),
                m.noise(10),
                gray,
                m.jpeg(50),
            ),
            hits=True,
        ),
        Degradation("office", (m.folded, m.dust, m.shadow, m.turned(2), m.noise(8), m.jpeg(60))),
        Degradation("phone 4000", (phone.photographed(4000),), (300,)),
        Degradation("phone 3000", (phone.photographed(3000),), (300,)),
        Degradation("phone 2000", (phone.photographed(2000),), (300,)),
        Degradation("phone 3000, shadow", (m.folded, m.shadow, phone.photographed(3000, 0.08)), (200,)),
        Degradation("phone 3000, finger", (phone.photographed(3000, fingers=True),), (300,), hits=True),
        Degradation("phone 2400, turned", (phone.photographed(2400), m.quarters()), (200,)),
        Degradation("screen 3000", (phone.from_screen(3000),), (200,), required=False),
        Degradation("phone 1280, chat app", (phone.photographed(1280, quality=60),), (300,), required=False),
    )


DEGRADATIONS: dict[str, Degradation] = {one.name: one for one in _all()}
OFFICE: tuple[str, ...] = (
    "clean", "turned 5", "quarter turns", "upside down", "skewed, 97-103 %", "shifted", "shadow", "noise 25",
    "yellowed", "folded", "punched", "feed lines", "dust", "office",
)  # fmt: skip
"""What a pile from an office holds, besides photographs."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What hands shall do to a sheet."""

    sign: tuple[str | None, ...] | str | None = "any"
    """For every box one of `hand.WAYS`, 'any', or None; one value for all boxes."""
    strike: tuple[tuple[float, str | None], ...] = ()
    """Passages: length in mm, and one of `crossing.STYLES` or None for any."""
    write: tuple[str, ...] = ()
    """Of `crossing.HANDS`."""
    family: str = "tuning"
    """Of pens: `tuning` or `proving`."""


NOTHING = Wishes(sign=None)


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """An image and the truth about it."""

    image: Image
    """Blue, green, red, or gray."""
    truth: SheetTruth


def simulate(
    shot: Shot,
    boxes: Sequence[SignBox],
    degradation: str,
    rng: Generator,
    wishes: Wishes = NOTHING,
    code: str = "",
    kind: Kind = Kind.ISSUED,
) -> Simulated:
    """Signs a sheet and scans or photographs it.

    Args:
        shot: a clean sheet (`paper.sheets_of`).
        boxes: its signature boxes.
        degradation: a name of `DEGRADATIONS`.
        rng: chance.
        wishes: what hands shall do.
        code: its payload, for the truth.
        kind: what it is, for the truth.
    """
    marked, truth = handled(shot, boxes, wishes, rng)
    for effect in DEGRADATIONS[degradation].effects:
        marked = effect(marked, rng)
    return Simulated(marked.image, told(truth, marked, degradation, code, kind))


def handled(shot: Shot, boxes: Sequence[SignBox], wishes: Wishes, rng: Generator) -> tuple[Shot, SheetTruth]:
    """A sheet after hands had it, still lying straight."""
    ways = wishes.sign if isinstance(wishes.sign, tuple) else (wishes.sign,) * len(boxes)
    signed: list[Signed] = []
    for box, way in zip(boxes, ways, strict=True):
        shot, one = sign(shot, box, rng, way, wishes.family)
        signed.append(one)
    struck: list[Struck] = []
    for length, style in wishes.strike:
        shot, passage = strike(shot, length, rng, style, wishes.family, [box.box for box in boxes])
        struck += [passage] if passage else []
    written: list[Written] = []
    for what in wishes.write:
        shot, mark = write(shot, what, rng, wishes.family)
        written += [mark] if mark else []
    return shot, SheetTruth(Kind.ISSUED, "", tuple(signed), tuple(struck), tuple(written))


def told(truth: SheetTruth, shot: Shot, degradation: str, code: str, kind: Kind) -> SheetTruth:
    """The truth after a machine had the sheet."""
    return replace(
        truth,
        kind=kind,
        code=code,
        hidden=shot.hidden,
        degradation=degradation,
        dpi=shot.dpi,
        to_pixels=shot.matrix(),
    )
