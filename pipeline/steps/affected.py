"""Whom a changed text concerns: those who have received or signed a revision that is not the latest one.

By the register alone. Enters: issued pages, deliveries, what came back. Leaves: `Affected`, in the order of numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.korean.differences import differences
from pipeline.model.collected import About
from pipeline.model.deliveries import Affected, Delivery, Revision
from pipeline.model.scans import IssuedPage


def affected(
    revisions: Iterable[Revision],
    issued: Iterable[IssuedPage],
    deliveries: Iterable[Delivery],
    came_back: frozenset[Revision],
    signed: Mapping[Revision, Sequence[str]],
    about: Mapping[str, About],
) -> tuple[Affected, ...]:
    """Papers whose text changed after they had left the house.

    Args:
        revisions: of every number.
        issued: every page of every edition; none of one whose PDF is waiting.
        deliveries: all, oldest first.
        came_back: revisions of which a page was seen.
        signed: names at signed boxes, by revision.
        about: what is known of papers, by number.
    """
    editions: dict[Revision, dict[int, list[IssuedPage]]] = defaultdict(lambda: defaultdict(list))
    for page in issued:
        editions[page.number, page.revision][page.edition].append(page)
    # Of a revision, the last edition is what was printed.
    texts = {key: "".join(one.text for one in own[max(own)]) for key, own in editions.items()}
    known, latest = set(revisions), dict[str, int]()
    for number, revision in known:
        latest[number] = max(revision, latest.get(number, 0))
    received: dict[Revision, list[Delivery]] = defaultdict(list)
    for one in deliveries:
        received[one.number, one.revision].append(one)
    out = came_back | set(received)
    return tuple(
        Affected(
            number,
            about[number].title,
            about[number].who,
            about[number].area,
            about[number].council,
            revision,
            latest[number],
            tuple(received.get((number, revision), ())),
            (number, revision) in came_back,
            tuple(signed.get((number, revision), ())),
            (number, latest[number]) in out,
            differences(texts.get((number, revision), ""), texts.get((number, latest[number]), "")),
        )
        for number, revision in sorted(out & known)
        if revision < latest[number]
    )
