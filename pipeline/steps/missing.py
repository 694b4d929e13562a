"""What is outstanding: each issued paper against what came back. Neutral order: by region, kind, serial."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.model.collected import About, Collection, How, Paper, Signed, Stage
from pipeline.model.scans import IssuedPage, State, Verdict, present, told_apart


def missing(collection: Collection, issued: Sequence[IssuedPage], about: Mapping[str, About]) -> tuple[Paper, ...]:
    """Where every paper stands that is signed, or of which something came back.

    Of one whose latest revision has no PDF yet nothing can have come back: what is expected is known from the revision
    before.

    Args:
        collection: what came back.
        issued: every page of every edition.
        about: of each paper, by number.
    """
    back: dict[str, set[int]] = defaultdict(set)
    for sheet in collection.sheets:
        if sheet.state is State.MATCHED and sheet.page:
            back[sheet.page.number].add(sheet.page.page)
    cases = Counter(case.page.number for case in collection.cases if case.page)
    papers = []
    for number, pages in present(issued).items():
        expected = any(page.boxes for page in pages)
        if number in about and (expected or back[number] or cases[number]):
            papers.append(_paper(about[number], pages, collection, back[number], cases[number]))
    return tuple(sorted(papers, key=lambda one: (one.about.region, one.about.kind, one.about.serial)))


def _paper(about: About, pages: Sequence[IssuedPage], collection: Collection, back: set[int], cases: int) -> Paper:
    came: dict[int, list[Signed]] = defaultdict(list)
    for one in collection.signed.get(about.number, ()):
        came[one.page].append(one)
    known = {page: told_apart(several) for page, several in came.items()}
    boxes = [
        known.get(page.page, {}).get(which, Signed(page.page, box.side, box.name, Verdict.EMPTY))
        for page in pages
        for which, box in told_apart(page.boxes).items()
    ]
    lost = tuple(sorted(page.page for page in pages if page.page not in back))
    unsigned = tuple(one for one in boxes if one.verdict is not Verdict.SIGNED)
    changed = bool(collection.changed.get(about.number))
    digital = bool(boxes) and all(one.how is How.DIGITAL for one in boxes)
    if cases:
        stage = Stage.WAITING
    elif not back:
        stage = Stage.NOTHING
    elif changed:
        stage = Stage.CHANGED
    elif unsigned:
        stage = Stage.SIGNATURES
    elif lost:
        stage = Stage.PAGES
    else:
        stage = Stage.DIGITAL if digital else Stage.COMPLETE
    return Paper(about, stage, len(pages), lost, unsigned, bool(boxes), cases)
