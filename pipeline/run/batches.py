"""How work is cut: documents of one kind, enough to pay for a start of LibreOffice, and no more than memory likes."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pipeline.model.documents import Context, Job

_MOST = 400
"""Documents. A start of LibreOffice is 6 % of their cost; more would only take memory, and be lost with a worker."""
_DEAREST = 15_000
"""Milliseconds of a batch: who waits sees something happen, and a worker that is lost has not lost much."""
_FULLER = 1.25
"""Times as much as that, where everybody has one start of LibreOffice less for it."""
_START = 700
"""Milliseconds that a worker and its LibreOffice take to start; what takes less is not shared out."""
_SHARE = 10_000
"""Bytes of the tables of candidates: some 75 of them in a workbook, 150 in CSV."""
_DOCUMENT, _ITEM = 5, 0.5
"""Milliseconds of a document, and of each thing that it lists. Rough: measured were a roll with 0.5 a signer, an
agreement with 15 that lists 50 things, a proposal with 50 that lists 48."""

_ALONE = 200
"""Milliseconds of a document that LibreOffice converts by itself (measured: of two pages with two charts)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of one kind that are made together."""

    jobs: tuple[Job, ...]
    cost: float
    """Milliseconds, roughly."""


def cut(jobs: Sequence[Job], workers: int, *, always: bool, alone: bool = False) -> list[Part]:
    """Documents of one kind in parts of like cost, their order kept.

    Args:
        jobs: the documents.
        workers: how many can be at work.
        always: share out what one could do, too: somebody has asked for so many.
        alone: they are converted one by one.
    """
    own = _ALONE if alone else _DOCUMENT
    ends = list(accumulate(own + _ITEM * _items(job.context) for job in jobs))
    if not ends:
        return []
    least = max(-(-len(jobs) // _MOST), -(-ends[-1] // _DEAREST))
    # As many rounds for everybody, so that nobody waits for the last one; a fuller batch costs less than a round more.
    even = max(1, math.ceil(least / workers / _FULLER)) * workers
    least = even if always else max(min(least, even), min(even, ends[-1] // _START))
    return list(_parts(jobs, ends, int(min(least, len(jobs)))))


def workers_for(size: int) -> int:
    """For how many there will be work, as far as can be seen before anything is read.

    Args:
        size: of the tables of candidates, in bytes.
    """
    return size // _SHARE


def _parts(jobs: Sequence[Job], ends: Sequence[float], count: int) -> Iterator[Part]:
    start, before = 0, 0.0
    for number in range(1, count + 1):
        # Every part has a document, and leaves one for each that follows.
        end = bisect_left(ends, ends[-1] * number / count) + 1
        end = min(max(end, start + 1), len(jobs) - (count - number))
        yield Part(tuple(jobs[start:end]), ends[end - 1] - before)
        start, before = end, ends[end - 1]


def _items(context: Context) -> int:
    """How many things a context lists, in lists of lists, too."""
    count = 0
    left: list[Any] = [context]
    while left:
        value = left.pop()
        if isinstance(value, list):
            count += len(value)
            # Rows are alike: where the first lists nothing, none does.
            if not value or not _lists(value[0]):
                continue
        left += [one for one in (value if isinstance(value, list) else value.values()) if isinstance(one, (list, dict))]
    return count


def _lists(row: object) -> bool:
    return isinstance(row, list) or (
        isinstance(row, dict) and any(isinstance(one, (list, dict)) for one in row.values())
    )
