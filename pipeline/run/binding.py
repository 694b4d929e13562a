"""Binding one volume, as a worker does: files of the campaign in, a PDF beside its place out."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.doors import files
from pipeline.doors.scratch import scratch
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.volumes import Basis, Bound, Edition, Leaf, Volume

if TYPE_CHECKING:
    from pipeline.doors.pdfa import Attachment, Described
    from pipeline.doors.volumes.binder import Binder, Mark, Stamp
    from pipeline.doors.volumes.lists import Laid, Link, Listing


Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Task:
    """A volume to be bound."""

    volume: Volume
    campaign: str
    """Its name."""
    author: str
    outputs: str
    file: str
    """Its path below outputs."""
    target: str
    """Path of the temporary file."""
    cover: bytes
    """One page or more."""
    font: str
    made_at: str
    """ISO 8601; of the last thing recorded, so that the same record gives the same bytes."""
    say: Say
    """The language of what is drawn; it has to be picklable."""
    passwords: tuple[str, ...] = field(default=(), repr=False)
    """Of returned files. They are never printed, recorded or sent anywhere."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A volume that lies in its temporary file."""

    sha256: str
    pages: int
    sources: tuple[Mapping[str, object], ...]


@dataclass(slots=True)
class _Plan:
    """Where everything stands: page indexes from 0, and what a target is called."""

    front: int
    starts: dict[str, int] = field(default_factory=dict)
    """Of papers and lists."""
    total: int = 0
    """Pages after the front matter."""

    def label(self, target: str) -> str:
        """The number that a target's page bears."""
        return str(self.starts[target] - self.front + 1) if target in self.starts else ""


def bind(task: Task) -> Bounded | list[Finding]:
    """Bind a volume. Findings instead when a source is gone, was changed or cannot be opened: none is left out."""
    found = list(_unfit_sources(task))
    try:
        return found or _bind(task)
    except Trouble as trouble:
        return [trouble.finding]


def _unfit_sources(task: Task) -> Iterator[Finding]:
    outputs = Path(task.outputs)
    wanted = {leaf.file: leaf.sha256 for leaf in task.volume.leaves}
    wanted |= {one.file: one.sha256 for paper in task.volume.papers for one in paper.attached}
    for file, digest in sorted(wanted.items()):
        try:
            with (outputs / file).open("rb") as blob:
                held = hashlib.file_digest(blob, "sha256").hexdigest()
        except OSError:
            held = ""
        if held != digest:
            yield finding("volume.source", Cell(f"{outputs.name}/{file}"), path=f"{outputs.name}/{file}")


def _bind(task: Task) -> Bounded:
    from pipeline.doors import pdfa
    from pipeline.doors.faces import face
    from pipeline.doors.pdf import page_count
    from pipeline.doors.volumes.binder import Binder
    from pipeline.doors.volumes.lists import draw, lay_out
    from pipeline.doors.volumes.output import patient
    from pipeline.run.volume_lists import contents, index, missing, state

    volume, say = task.volume, task.say
    before = [state(volume, say), contents(volume, say)]
    after = [*([missing(volume, say)] if volume.edition is Edition.INTERNAL else []), index(volume, say)]
    laid: list[tuple[Listing, Laid]] = [(one, lay_out(one, task.font)) for one in (*before, *after)]
    fronts, backs = laid[: len(before)], laid[len(before) :]
    covers = page_count(task.cover)
    plan = _Plan(covers + sum(len(pages) for _, pages in fronts))
    place = covers
    for listing, pages in fronts:
        plan.starts[listing.title] = place
        place += len(pages)
    for paper in volume.papers:
        if paper.leaves:
            plan.starts[paper.about.number] = place
            place += len(paper.leaves)
    for listing, pages in backs:
        plan.starts[listing.title] = place
        place += len(pages)
    plan.total = place - plan.front
    signs = "".join(
        {*volume.area, *"0123456789/ ivxlcdm", *_boxed(say), *"".join(_note(basis, say) for basis in Basis)}
    )
    with (
        scratch() as folder,
        Binder(face(task.font, signs), folder) as binder,
    ):
        binder.add(task.cover, ((number, 0, _stamp("")) for number in range(1, covers + 1)))
        front_pages, front_links = draw(fronts, task.font, plan.label)
        count = plan.front - covers
        binder.add(front_pages, ((n, 0, _stamp(_roman(covers + n))) for n in range(1, count + 1)))
        sources = _papers(binder, task, plan)
        back_pages, back_links = draw(backs, task.font, plan.label)
        first = place - sum(len(pages) for _, pages in backs)
        numbers = range(1, place - first + 1)
        binder.add(back_pages, ((n, 0, _stamp(_foot(volume, plan, first + n - 1))) for n in numbers))
        document = binder.finish()
        _link(binder, plan, [*((covers, one) for one in front_links), *((first, one) for one in back_links)])
        binder.bookmark(_marks(volume, plan, [one.title for one, _ in fronts], [one.title for one, _ in backs]))
        binder.label(plan.front)
        pdfa.archival(document, _described(task), _attachments(task))
        with files.writing(Path(task.outputs), Path(task.outputs, task.file)), patient(Path(task.target)) as target:
            pdfa.save(document, target)
    with Path(task.target).open("rb") as blob:
        digest = hashlib.file_digest(blob, "sha256").hexdigest()
    return Bounded(digest, place, tuple(sources))


def _attachments(task: Task) -> list[Attachment]:
    """Originals with digital signatures: only their very bytes prove anything."""
    from pipeline.doors.pdfa import Attachment

    return [
        Attachment(
            _attached_name(one.number, one.name), (Path(task.outputs) / one.file).read_bytes(), "application/pdf",
            "Source", task.say("Digitally signed original of {number}").format(number=one.number),
        )
        for paper in task.volume.papers
        for one in paper.attached
    ]  # fmt: skip


def _described(task: Task) -> Described:
    """What the file says of itself."""
    from pipeline.doors.pdfa import Described

    return Described(
        title_of(task.volume, task.campaign, task.say),
        task.author,
        task.say("Signed policy agreements"),
        (task.campaign, task.volume.area),
        "ko-KR",
        datetime.datetime.fromisoformat(task.made_at),
    )


def title_of(volume: Volume, campaign: str, say: Say) -> str:
    """As readers show it."""
    edition = say("public edition") if volume.edition is Edition.PUBLIC else say("internal edition")
    return f"{campaign} · {volume.area} · {edition}"


def _attached_name(number: str, name: str) -> str:
    return f"{number} {Path(name).name}"


# --- pages of papers ---------------------------------------------------------------------------------------------


def _papers(binder: Binder, task: Task, plan: _Plan) -> list[Mapping[str, object]]:
    volume, outputs = task.volume, Path(task.outputs)
    place, sources = plan.front, []
    leaves = [(paper, leaf) for paper in volume.papers for leaf in paper.leaves]
    for file, several in groupby(leaves, key=lambda one: one[1].file):
        own, pages = list(several), []
        for paper, leaf in own:
            stamp = replace(_stamp(_foot(volume, plan, place)), **_said(leaf, task.say))
            pages.append((leaf, stamp))
            sources.append(_source(paper, leaf, place - plan.front + 1))
            place += 1
        with _fit(f"{outputs.name}/{file}"):
            _add(binder, outputs / file, pages, task.passwords)
    return sources


@contextlib.contextmanager
def _fit(shown: str) -> Iterator[None]:
    """What keeps a returned file from being opened, as trouble."""
    from pipeline.doors.scans.intake import Unusable

    try:
        yield
    except Unusable as error:
        raise Trouble(finding(error.code, Cell(shown), **error.params)) from error


def _add(binder: Binder, path: Path, pages: Sequence[tuple[Leaf, Stamp]], passwords: Sequence[str]) -> None:
    """Pages of one file: as they are, or as pictures where they would not outlast the software that shows them."""
    from pipeline.doors.scans.intake import open_returned
    from pipeline.doors.volumes.pictures import drawn_page, picture_page, unfit_pages

    if path.suffix.lower() == ".pdf" and pages[0][0].basis is not Basis.RETURNED:
        binder.add(path, ((leaf.file_page, leaf.turn, stamp) for leaf, stamp in pages))
        return
    blob = path.read_bytes()
    returned = open_returned(path.name, blob, passwords)
    if returned.media != "pdf":
        for leaf, stamp in pages:
            made, turn = picture_page(path.name, blob, leaf.file_page)
            binder.add(made, [(1, turn + leaf.turn, stamp)])
        return
    repaired = returned.blob is not blob
    unfit = unfit_pages(returned.blob, (leaf.file_page for leaf, _ in pages))
    for (plain, _), group in groupby(pages, key=lambda one: (one[0].file_page not in unfit, 0)):
        if plain:
            binder.add(returned.blob if repaired else path, [(one.file_page, one.turn, stamp) for one, stamp in group])
        else:
            for leaf, stamp in group:
                binder.add(drawn_page(returned.blob, leaf.file_page), [(1, leaf.turn, stamp)])


def _source(paper: Bound, leaf: Leaf, place: int) -> Mapping[str, object]:
    return {
        "page": place,
        "number": leaf.number,
        "revision": leaf.revision,
        "paper_page": leaf.page,
        "key": paper.about.key,
        "basis": leaf.basis.value,
        "file": leaf.file,
        "sha256": leaf.sha256,
        "file_page": leaf.file_page,
    }


def _said(leaf: Leaf, say: Say) -> dict[str, Any]:
    return {"note": _note(leaf.basis, say), "boxes": leaf.boxes, "boxed": _boxed(say) if leaf.boxes else ""}


def _note(basis: Basis, say: Say) -> str:
    return say("Page as issued; it has not come back signed") if basis is Basis.ISSUED else ""


def _boxed(say: Say) -> str:
    return say("Signature confirmed")


def _stamp(foot: str) -> Stamp:
    from pipeline.doors.volumes.binder import Stamp

    return Stamp(foot)


def _foot(volume: Volume, plan: _Plan, place: int) -> str:
    return f"{volume.area} {place - plan.front + 1} / {plan.total}"


def _roman(number: int) -> str:
    """Small, as page labels write it (ISO 32000-1, 12.4.2)."""
    text = ""
    for value, signs in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        text += signs * (number // value)
        number %= value
    return text


# --- links -------------------------------------------------------------------------------------------------------


def _link(binder: Binder, plan: _Plan, links: Sequence[tuple[int, Link]]) -> None:
    for first, one in links:
        if one.target in plan.starts:
            binder.link(first + one.page, one.box, plan.starts[one.target])


def _marks(volume: Volume, plan: _Plan, front: Sequence[str], back: Sequence[str]) -> list[Mark]:
    from pipeline.doors.volumes.binder import Mark
    from pipeline.run.volume_lists import by_area

    marks = [Mark(title, plan.starts[title]) for title in front]
    for area, own in by_area(volume):
        bound = [one for one in own if one.leaves]
        if not bound:
            continue
        below: list[Mark] = []
        for office, several in groupby(bound, key=_office):
            group = list(several)
            people = [Mark(_person(one), plan.starts[one.about.number]) for one in group]
            below.append(Mark(office, people[0].page, people))
        marks.append(Mark(area, below[0].page, below))
    return [*marks, *(Mark(title, plan.starts[title]) for title in back)]


def _office(paper: Bound) -> str:
    return paper.about.office or paper.about.title


def _person(paper: Bound) -> str:
    about = paper.about
    return f"{about.who or about.area} {about.number}"
