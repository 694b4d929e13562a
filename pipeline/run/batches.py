"""How work is cut: documents of one kind, enough to pay for a start of LibreOffice, and no more than memory likes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pipeline.model.documents import Job

_MOST = 400
"""Documents. A start of LibreOffice is 2 % of their cost; more would only take memory, and be lost with a worker."""
_DEAREST = 30_000
"""Milliseconds of a batch: who waits sees something happen, and a worker that is lost has not lost much."""
_START = 1_500
"""Milliseconds that a worker and its LibreOffice take to start; what takes less is not shared out."""
_DOCUMENT, _ITEM = 20, 1.5
"""Milliseconds of a document, and of each thing that it lists (measured: an agreement 45 with 30, a roll 2.4 a row)."""


def cut(jobs: Sequence[Job], workers: int, *, always: bool) -> list[tuple[Job, ...]]:
    """Documents of one kind in batches of like cost, their order kept.

    Args:
        jobs: the documents.
        workers: how many can be at work.
        always: share out what one could do, too: somebody has asked for so many.
    """
    ends = list(accumulate(map(_cost, jobs)))
    if not ends:
        return []
    least = max(-(-len(jobs) // _MOST), -(-ends[-1] // _DEAREST))
    # As many rounds for everybody, so that nobody waits for the last one.
    even = -(-least // workers) * workers
    least = even if always else max(least, min(even, ends[-1] // _START))
    return list(_parts(jobs, ends, int(min(least, len(jobs)))))


def by_cost(batches: Sequence[tuple[Job, ...]]) -> list[tuple[Job, ...]]:
    """The dearest first: what comes last is soon done."""
    return sorted(batches, key=lambda one: -sum(map(_cost, one)))


def _parts(jobs: Sequence[Job], ends: Sequence[float], count: int) -> Iterator[tuple[Job, ...]]:
    start = 0
    for number in range(1, count):
        # Every part has a document, and leaves one for each that follows.
        end = bisect_left(ends, ends[-1] * number / count) + 1
        end = min(max(end, start + 1), len(jobs) - (count - number))
        yield tuple(jobs[start:end])
        start = end
    yield tuple(jobs[start:])


def _cost(job: Job) -> float:
    """Milliseconds, roughly."""
    return _DOCUMENT + _ITEM * _items(job.context)


def _items(value: Any) -> int:
    """How many things a context lists, in lists of lists, too."""
    if isinstance(value, Mapping):
        return sum(_items(one) for one in value.values() if not isinstance(one, str))
    if isinstance(value, list):
        return len(value) + sum(_items(one) for one in value if isinstance(one, (list, dict)) and _has_lists(one))
    return 0


def _has_lists(value: list[Any] | dict[str, Any]) -> bool:
    inner = value if isinstance(value, list) else value.values()
    return any(isinstance(one, (list, dict)) for one in inner)
