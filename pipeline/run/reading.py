"""Reading returned pages, as workers do: bytes of originals and issued pages in, facts and pictures out."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model.collected import Case
from pipeline.model.identity import PageCode
from pipeline.model.scans import IssuedPage, Method, PageSeen, SheetSeen, present

if TYPE_CHECKING:
    from pipeline.doors.scans.codes import Found
    from pipeline.doors.scans.intake import Pixels
    from pipeline.doors.scans.issued import IssuedImage

READER = 1
"""Version of what is read: facts of another version are read again."""
_MOST_FOREIGN, _LONGEST_FOREIGN = 5, 60
BROKE_DOWN = "the reader broke down"


@dataclass(frozen=True, slots=True)
class Task:
    """Some pages of a returned file."""

    digest: str
    name: str
    path: str
    """Of the kept copy."""
    pages: tuple[int, ...]
    outputs: str
    campaign: str
    passwords: tuple[str, ...] = field(repr=False, default=())
    stamp: tuple[int, int] = (0, 0)
    """Of the register: what a worker remembers of issued pages holds for one state of it."""
    cases: tuple[Case, ...] = ()
    """Whose pictures are wanted."""


def halves(task: Task) -> tuple[Task, ...]:
    """A task as two smaller ones."""
    middle = (len(task.pages) + 1) // 2
    return tuple(replace(task, pages=part) for part in (task.pages[:middle], task.pages[middle:]) if part)


def read_pages(task: Task) -> list[PageSeen]:
    """What is to be seen on the pages; one that cannot be drawn stands for itself."""
    return [
        PageSeen(number, (SheetSeen(),), problem=image) if isinstance(image, str) else _page(number, image, task)
        for number, image in _images(task)
    ]


def _images(task: Task) -> Iterator[tuple[int, Pixels | str]]:
    """Pages with their pictures, or the code of what is wrong with them."""
    from pipeline.doors.scans.intake import Unusable, open_returned

    try:
        returned = open_returned(task.name, Path(task.path).read_bytes(), task.passwords)
    except Unusable as error:
        yield from ((number, error.code) for number in task.pages)
        return
    left = list(task.pages)
    while left:
        try:
            for image in returned.images(tuple(left)):
                yield left.pop(0), image
            yield from ((number, "original.damaged") for number in left)
            left.clear()
        except Unusable as error:
            yield left.pop(0), error.code


def _page(number: int, image: Pixels, task: Task) -> PageSeen:
    from pipeline.doors.scans.codes import is_blank, read_codes
    from pipeline.doors.scans.printed import suggest

    found = sorted(read_codes(image), key=lambda one: one.text)
    foreign = tuple(one.text[:_LONGEST_FOREIGN] for one in found if not one.is_ours)[:_MOST_FOREIGN]
    ours = [one for one in found if one.is_ours]
    if ours:
        sheets = tuple(_sheet(one, image, task) for one in ours)
        return PageSeen(number, sheets, foreign_codes=foreign)
    if is_blank(image):
        return PageSeen(number, (SheetSeen(),), blank=True, foreign_codes=foreign)
    said = suggest(image)
    return PageSeen(number, (SheetSeen("", Method.TEXT if said else Method.NONE, said),), foreign_codes=foreign)


def _sheet(code: Found, image: Pixels, task: Task) -> SheetSeen:
    from pipeline.doors.scans.judge import judge

    page = _issued(task, code.text)
    issued = _picture(task.outputs, page) if page else None
    if page is None or issued is None:
        return SheetSeen(code.text, code.method, turn=code.turn)
    judgement = judge(image, issued, page.boxes, code.places)
    return SheetSeen(code.text, code.method, turn=code.turn, judgement=judgement)


def _issued(task: Task, text: str) -> IssuedPage | None:
    code = PageCode.parse(text)
    if code is None or code.campaign != task.campaign:
        return None
    return _pages(task.outputs, task.stamp).get((code.number, code.revision, code.page, code.pages, code.check))


@functools.lru_cache(maxsize=1)
def _pages(outputs: str, stamp: tuple[int, int]) -> dict[tuple[str, int, int, int, str], IssuedPage]:  # noqa: ARG001
    """Pages of present editions, by what codes say."""
    from pipeline.doors.register import Register

    with Register(Path(outputs), readonly=True) as register:
        pages = present(register.issued_pages(), register.latest())
    return {
        (one.number, one.revision, one.page, one.pages, one.check): one for several in pages.values() for one in several
    }


def _picture(outputs: str, page: IssuedPage) -> IssuedImage | None:
    return _issued_image(outputs, page.pdf, page.pdf_sha256, page.page)


@functools.lru_cache(maxsize=8)
def _issued_image(outputs: str, pdf: str, digest: str, page: int) -> IssuedImage | None:
    """The issued page as it was printed; None where its PDF is gone or was changed."""
    from pipeline.doors.scans.issued import IssuedImage

    try:
        blob = (Path(outputs) / pdf).read_bytes()
    except OSError:
        return None
    return IssuedImage.of(blob, page) if hashlib.sha256(blob).hexdigest() == digest else None


def pictures(task: Task) -> list[tuple[str, bytes]]:
    """Pictures of a file's cases: by key, a crop (PNG), or the whole page, small."""
    from pipeline.doors.scans.judge import crop
    from pipeline.doors.scans.thumbnails import thumbnail

    made = []
    for number, image in _images(task):
        if isinstance(image, str):
            continue
        small = b""
        for case in task.cases:
            if case.place.page != number:
                continue
            issued = _picture(task.outputs, case.page) if case.page and case.box else None
            part = crop(image, issued, case.box) if issued and case.box else b""
            small = small if part or small else thumbnail(image, case.turn)
            made.append((case.key, part or small))
    return made


def wanted_pages(cases: Sequence[Case]) -> tuple[int, ...]:
    """Pages of a file that its cases are about."""
    return tuple(sorted({case.place.page for case in cases}))
