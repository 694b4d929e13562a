"""What volumes are bound of: what came back, else what was issued. Neutral order: by kind, region, serial.

Enters: what the register knows. Leaves: `Volume`s, each region's before the nation's, which is all of them and the
nation's own papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.korean.titles import PROVINCES
from pipeline.model.collected import About, Collection, How, Paper, Stage
from pipeline.model.scans import IssuedPage, Original, Sheet, State, present
from pipeline.model.volumes import NATION, Attached, Basis, Bound, Counted, Edition, Leaf, Volume


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the register and the originals folder know."""

    collection: Collection
    papers: Sequence[Paper]
    """Where papers stand that are expected back."""
    issued: Sequence[IssuedPage]
    revisions: Mapping[str, int]
    """The latest of each number; of one whose PDF is waiting the paper is listed, without pages."""
    about: Mapping[str, About]
    originals: Mapping[str, Original]
    kept: Mapping[str, str]
    """Path below outputs of each original, by hash."""
    kinds: Sequence[str]
    """Kinds that are bound, in order."""
    lists_unsigned: bool
    """Papers of which nothing came back are only listed."""


def compile_volumes(evidence: Evidence, edition: Edition) -> tuple[Volume, ...]:
    """All volumes of an edition."""
    pages = present(evidence.issued, evidence.revisions)
    stages = {one.about.number: one for one in evidence.papers}
    returned = _returned(evidence.collection)
    bind = _public if edition is Edition.PUBLIC else _internal
    papers = [
        bind(about, pages[about.number], stages.get(about.number), returned, evidence)
        for about in sorted(evidence.about.values(), key=_order(evidence.kinds))
        if about.kind in evidence.kinds and about.number in pages
    ]
    by_area: dict[str, list[Bound]] = defaultdict(list)
    for one in papers:
        by_area[one.about.province or NATION].append(one)
    order = {name: place for place, name in enumerate((NATION, *PROVINCES))}
    areas = sorted(by_area, key=lambda name: (order.get(name, len(order)), name))
    volumes = [_volume(area, edition, by_area[area], _municipality) for area in areas if area != NATION]
    whole = [paper for area in areas for paper in by_area[area]]
    return (*volumes, _volume(NATION, edition, whole, lambda about: about.province or NATION)) if whole else ()


def _order(kinds: Sequence[str]) -> Callable[[About], tuple[int, str, int]]:
    places = {kind: place for place, kind in enumerate(kinds)}
    return lambda about: (places.get(about.kind, len(places)), about.region, about.serial)


def _municipality(about: About) -> str:
    return about.area


def _volume(area: str, edition: Edition, papers: Sequence[Bound], line: Callable[[About], str]) -> Volume:
    groups: dict[str, list[Bound]] = defaultdict(list)
    for one in papers:
        groups[line(one.about)].append(one)
    counts = tuple(_counted(name, own) for name, own in groups.items())
    shown = tuple(one for one in papers if one.leaves or edition is Edition.INTERNAL)
    return Volume(area, edition, shown, counts)


def _counted(area: str, papers: Sequence[Bound]) -> Counted:
    stages = [one.stage for one in papers if one.stage is not None]
    done, nothing = sum(one.is_done for one in stages), stages.count(Stage.NOTHING)
    pages = sum(len(one.leaves) for one in papers)
    return Counted(area, len(stages), done, len(stages) - done - nothing, nothing, pages)


# --- one paper ---------------------------------------------------------------------------------------------------


def _returned(collection: Collection) -> dict[tuple[str, int], Sheet]:
    """The copy that counts of each page."""
    return {
        (sheet.page.number, sheet.page.page): sheet
        for sheet in collection.sheets
        if sheet.state is State.MATCHED and sheet.page
    }


Returned = Mapping[tuple[str, int], Sheet]


def _public(about: About, pages: Sequence[IssuedPage], paper: Paper | None, _: Returned, evidence: Evidence) -> Bound:
    """The paper as everybody may see it: no handwriting, and nothing of people who have not signed."""
    del evidence
    stage = paper.stage if paper and paper.expected else None
    if stage is not None and not stage.is_done:
        return Bound(about, stage, ())
    basis = Basis.PLAIN if stage is None else Basis.CONFIRMED
    return Bound(about, stage, tuple(_as_issued(page, basis) for page in pages))


def _internal(
    about: About, pages: Sequence[IssuedPage], paper: Paper | None, returned: Returned, evidence: Evidence
) -> Bound:
    stage = paper.stage if paper and paper.expected else None
    sheets = {page.page: returned.get((page.number, page.page)) for page in pages}
    leaves: tuple[Leaf, ...] = ()
    if stage is not Stage.NOTHING or not evidence.lists_unsigned:
        leaves = tuple(_leaf(page, sheets[page.page], stage, evidence) for page in pages)
    digital = any(one.how is How.DIGITAL for one in evidence.collection.signed.get(about.number, ()))
    files = {sheet.place.original for sheet in sheets.values() if sheet} if digital else set()
    attached = tuple(
        Attached(evidence.kept[digest], digest, evidence.originals[digest].name, about.number)
        for digest in sorted(files)
        if digest in evidence.kept and evidence.originals[digest].signatures
    )
    if paper is None or stage is None:
        return Bound(about, stage, leaves, attached)
    names = ", ".join(f"{one.side} {one.name}".strip() for one in paper.missing_signatures)
    return Bound(about, stage, leaves, attached, ", ".join(map(str, paper.missing_pages)), names)


def _leaf(page: IssuedPage, sheet: Sheet | None, stage: Stage | None, evidence: Evidence) -> Leaf:
    kept = evidence.kept.get(sheet.place.original) if sheet else None
    if sheet is None or kept is None:
        return _as_issued(page, Basis.PLAIN if stage is None else Basis.ISSUED)
    place, turn = sheet.place, sheet.seen.turn
    return Leaf(page.number, page.revision, page.page, Basis.RETURNED, kept, place.original, place.page, turn)


def _as_issued(page: IssuedPage, basis: Basis) -> Leaf:
    boxes = tuple(one.box for one in page.boxes) if basis is Basis.CONFIRMED else ()
    return Leaf(page.number, page.revision, page.page, basis, page.pdf, page.pdf_sha256, page.page, boxes=boxes)
