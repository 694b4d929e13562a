"""A pile as it comes back: pages of many papers, shuffled, some lost, some twice, strangers among them, in files.

What happens to every page follows from the seed and its place alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pipeline.doors.scans.simulated import foreign, writing
from pipeline.doors.scans.simulated.paper import Generator, Image, Shot, empty_sheet, sheets_of
from pipeline.doors.scans.simulated.phone import photograph
from pipeline.doors.scans.simulated.recipes import (
    DEGRADATIONS,
    NOTHING,
    OFFICE,
    Simulated,
    Wishes,
    handled,
    simulate,
    told,
)
from pipeline.doors.scans.simulated.truth import Kind, PageTruth, PileTruth, SheetTruth
from pipeline.model.scans import SignBox


@dataclass(frozen=True, slots=True)
class Source:
    """A page that was issued."""

    pdf: Path
    page: int
    code: str
    """Payload of its codes."""
    boxes: tuple[SignBox, ...] = ()
    kind: Kind = Kind.ISSUED
    """`OLDER` for pages of earlier editions: their code is drawn over that of the PDF."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What shall happen to a pile. Numbers of pages unless said otherwise."""

    lost: int = 0
    duplicated: int = 0
    blank: int = 0
    foreign: int = 0
    foreign_code: int = 0
    """Foreign pages with a QR code of their own."""
    other_campaign: int = 0
    forged: int = 0
    struck: int = 0
    """Pages with a crossed-out passage of 20 to 60 mm."""
    written: int = 0
    """Pages with a note, insertion, tick or overwritten character."""
    unsigned: int = 0
    """Pages with boxes of which one stays empty."""
    photographed: int = 0
    two_on_one: int = 0
    """Photographs of two papers."""
    single_pdf: int = 0
    single_image: int = 0
    """JPEG and PNG by turns."""
    tiff: int = 0
    """Pages of one TIFF."""
    zipped: int = 0
    """Pages in a ZIP of JPEGs."""
    batch: int = 300
    """At most so many pages in a batch PDF, which takes all others."""
    dpi: int = 200
    degradations: tuple[str, ...] = OFFICE
    family: str = "proving"


@dataclass(frozen=True, slots=True)
class Job:
    """A page to be made."""

    source: Source | None
    kind: Kind
    code: str
    wishes: Wishes
    degradation: str
    chance: int
    """Its seed, with that of the pile."""
    duplicate: bool = False
    copy: int = 0
    """Which scan of the sheet: the second comes out otherwise, even from the same machine."""


@dataclass(slots=True)
class _Out:
    """Files as they are filled."""

    folder: Path
    dpi: int
    pages: list[PageTruth] = field(default_factory=list)

    def put(self, name: str, blob: bytes, truths: Sequence[tuple[tuple[SheetTruth, ...], bool]]) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)
        for number, (sheets, duplicate) in enumerate(truths, 1):
            self.pages.append(PageTruth(name, number, sheets, duplicate))


def jobs(sources: Sequence[Source], orders: Orders, seed: int) -> tuple[list[Job], tuple[str, ...]]:
    """What is to be made, shuffled, and the payloads of pages that get lost."""
    rng = np.random.default_rng([seed, 0])
    issued = [one for one in sources if one.kind is Kind.ISSUED]
    order = rng.permutation(len(issued)).tolist()
    lost = {issued[place].code for place in order[: orders.lost]}
    kept = [one for one in sources if one.code not in lost or one.kind is not Kind.ISSUED]
    made = _ours(kept, orders, rng)
    twice = [made[place] for place in rng.permutation(len(made))[: orders.duplicated].tolist()]
    pairs = {job.code for job in twice}
    made = [replace(job, duplicate=job.code in pairs and job.kind is Kind.ISSUED) for job in made]
    made += [replace(job, duplicate=True, copy=1, degradation=_other(job.degradation, orders, rng)) for job in twice]
    made += list(_strangers(issued, orders, rng))
    # a second scan of a sheet shows the same strokes: chance follows the paper, not the page of the pile
    made = [job if job.duplicate else replace(job, chance=place + 1) for place, job in enumerate(made)]
    return [made[place] for place in rng.permutation(len(made)).tolist()], tuple(sorted(lost))


def make(job: Job, orders: Orders, seed: int) -> Simulated:
    """The scan of one page."""
    shot, boxes, rng = _sheet(job, orders, seed)
    hand = np.random.default_rng([seed, 1, job.chance])
    shot, truth = handled(shot, boxes, job.wishes, hand)
    for effect in DEGRADATIONS[job.degradation].effects:
        shot = effect(shot, rng)
    return Simulated(shot.image, told(truth, shot, job.degradation, job.code, job.kind))


def write_pile(folder: Path, sources: Sequence[Source], orders: Orders, seed: int) -> PileTruth:
    """Makes a pile and writes it into a folder, as offices would send it.

    Args:
        folder: usually `inputs/signed`.
        sources: pages that were issued, older editions among them where wanted.
        orders: what happens.
        seed: chance.

    Returns:
        The truth of every page.
    """
    todo, lost = jobs(sources, orders, seed)
    out = _Out(folder, orders.dpi)
    todo = _photos(todo, orders, seed, out)
    todo = _singles(todo, orders, seed, out)
    for start in range(0, len(todo), orders.batch):
        pages, truths = [], []
        for job in todo[start : start + orders.batch]:
            one = make(job, orders, seed)
            pages.append(writing.packed(one.image))
            truths.append(((one.truth,), job.duplicate))
        out.put(f"복합기/스캔_{start // orders.batch + 1:03}.pdf", writing.pdf_of(pages, orders.dpi), truths)
    return PileTruth(tuple(out.pages), lost)


def _ours(kept: Sequence[Source], orders: Orders, rng: Generator) -> list[Job]:
    """A job for each page that comes back, with what hands do to it."""
    sign = Wishes("any", family=orders.family)
    made = [Job(one, one.kind, one.code, sign, _any(orders, rng), place + 1) for place, one in enumerate(kept)]
    issued = [place for place, job in enumerate(made) if job.kind is Kind.ISSUED]
    order = rng.permutation(issued).tolist()
    for place in order[: orders.struck]:
        passage = (float(rng.uniform(20, 60)), None)
        made[place] = replace(made[place], wishes=replace(made[place].wishes, strike=(passage,)))
    for place in order[orders.struck : orders.struck + orders.written]:
        what = ("insert", "note", "tick", "overwrite")[int(rng.integers(4))]
        made[place] = replace(made[place], wishes=replace(made[place].wishes, write=(what,)))
    boxed = [place for place in issued if (one := made[place].source) and one.boxes]
    for place in rng.permutation(boxed).tolist()[: orders.unsigned]:
        source = made[place].source
        count = len(source.boxes) if source else 0
        ways: list[str | None] = ["any"] * count
        ways[int(rng.integers(count))] = None
        made[place] = replace(made[place], wishes=replace(made[place].wishes, sign=tuple(ways)))
    return made


def _strangers(issued: Sequence[Source], orders: Orders, rng: Generator) -> Iterator[Job]:
    """Jobs for pages that do not belong here."""
    for kind, count in (
        (Kind.BLANK, orders.blank),
        (Kind.FOREIGN, orders.foreign),
        (Kind.FOREIGN_CODE, orders.foreign_code),
        (Kind.OTHER_CAMPAIGN, orders.other_campaign),
        (Kind.FORGED, orders.forged),
    ):
        for _ in range(count):
            source, code = None, ""
            if kind is Kind.FOREIGN_CODE:
                code = str(rng.choice(foreign.ELSEWHERE))
            elif kind in {Kind.OTHER_CAMPAIGN, Kind.FORGED}:
                source = issued[int(rng.integers(len(issued)))]
                forge = kind is Kind.FORGED
                code = foreign.forged(source.code, rng) if forge else foreign.other_campaign(source.code)
            yield Job(source, kind, code, NOTHING, _any(orders, rng), 0)


def _any(orders: Orders, rng: Generator) -> str:
    return orders.degradations[int(rng.integers(len(orders.degradations)))]


def _other(name: str, orders: Orders, rng: Generator) -> str:
    """Another degradation than the first scan had, where there is one."""
    others = [one for one in orders.degradations if one != name] or [name]
    return others[int(rng.integers(len(others)))]


def _sheet(job: Job, orders: Orders, seed: int) -> tuple[Shot, tuple[SignBox, ...], Generator]:
    """A clean sheet for a job, its boxes, and chance for the machine."""
    rng = np.random.default_rng([seed, 2, job.chance, job.copy, *job.degradation.encode()])
    if job.source:
        shot = next(iter(sheets_of(job.source.pdf.read_bytes(), orders.dpi, [job.source.page])))
        strange = job.kind in {Kind.OTHER_CAMPAIGN, Kind.FORGED, Kind.OLDER}
        return (foreign.recoded(shot, job.code) if strange else shot), job.source.boxes, rng
    if job.kind is Kind.BLANK:
        return empty_sheet(orders.dpi), (), rng
    return foreign.letter(orders.dpi, rng, job.code), (), rng


def _photos(todo: list[Job], orders: Orders, seed: int, out: _Out) -> list[Job]:
    """Photographs: of single papers, and of two at once. Returns the jobs that are left."""
    ours = [job for job in todo if job.kind is Kind.ISSUED]
    first, pairs = ours[: orders.photographed], ours[orders.photographed :][: 2 * orders.two_on_one]
    for number, job in enumerate(first, 1):
        one = make(replace(job, degradation="phone 3000"), orders, seed)
        out.put(f"사진/IMG_{number:04}.jpg", writing.jpeg_bytes(one.image, 88), [((one.truth,), job.duplicate)])
    for number in range(len(pairs) // 2):
        two = pairs[2 * number : 2 * number + 2]
        image, truths = _both(two, orders, seed)
        either = any(job.duplicate for job in two)
        out.put(f"사진/두장_{number + 1:04}.jpg", writing.jpeg_bytes(image, 90), [(truths, either)])
    taken = {id(job) for job in (*first, *pairs[: len(pairs) // 2 * 2])}
    return [job for job in todo if id(job) not in taken]


def _both(two: Sequence[Job], orders: Orders, seed: int) -> tuple[Image, tuple[SheetTruth, ...]]:
    shots, truths = [], []
    rng = np.random.default_rng([seed, 3, two[0].chance])
    for job in two:
        shot, boxes, rng = _sheet(job, orders, seed)
        shot, truth = handled(shot, boxes, job.wishes, np.random.default_rng([seed, 1, job.chance]))
        shots.append(shot)
        truths.append(truth)
    taken = photograph(shots, 4000, rng, 0.04)
    told_ = [
        told(truth, shot, "two on one photo", job.code, job.kind)
        for truth, shot, job in zip(truths, taken, two, strict=True)
    ]
    return taken[0].image, tuple(told_)


def _singles(todo: list[Job], orders: Orders, seed: int, out: _Out) -> list[Job]:
    """Files of a page each, a TIFF and a ZIP. Returns the jobs that are left."""
    left = list(todo)
    for number in range(1, min(orders.single_pdf, len(left)) + 1):
        job = left.pop()
        one = make(job, orders, seed)
        out.put(
            f"메일/회신_{number:03}.pdf", writing.pdf_bytes([one.image], orders.dpi), [((one.truth,), job.duplicate)]
        )
    for number in range(1, min(orders.single_image, len(left)) + 1):
        job = left.pop()
        one = make(job, orders, seed)
        png = number % 2 == 0
        blob = writing.png_bytes(one.image) if png else writing.jpeg_bytes(one.image, 85)
        out.put(f"메일/그림_{number:03}.{'png' if png else 'jpg'}", blob, [((one.truth,), job.duplicate)])
    tiff, left = left[: orders.tiff], left[orders.tiff :]
    if tiff:
        made = [make(job, orders, seed) for job in tiff]
        truths = [((one.truth,), job.duplicate) for one, job in zip(made, tiff, strict=True)]
        out.put("스캔/문서.tif", writing.tiff_bytes([one.image for one in made], orders.dpi), truths)
    zipped, left = left[: orders.zipped], left[orders.zipped :]
    if zipped:
        _zip(zipped, orders, seed, out)
    return left


def _zip(todo: Sequence[Job], orders: Orders, seed: int, out: _Out) -> None:
    files = {}
    for number, job in enumerate(todo, 1):
        one = make(job, orders, seed)
        name = f"쪽_{number:02}.jpg"
        files[name] = writing.jpeg_bytes(one.image, 85)
        out.pages.append(PageTruth(f"묶음.zip/{name}", 1, (one.truth,), job.duplicate))
    (out.folder / "묶음.zip").write_bytes(writing.zip_bytes(files))


__all__ = ["Job", "Orders", "Source", "jobs", "make", "simulate", "write_pile"]
