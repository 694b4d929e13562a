"""How work is cut into batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.documents import Job
from pipeline.run.batches import cut, workers_for


@dataclass(frozen=True)
class Paper:
    """As much of a job as cutting looks at."""

    context: dict[str, Any]


def papers(*rows: int) -> list[Job]:
    """Papers that list so many things each."""
    return [cast(Job, Paper({"연명부": {"묶음": [{"명단": [{}] * count}]}, "문서": {"번호": "가"}})) for count in rows]


@pytest.mark.parametrize(
    ("rows", "workers", "always", "sizes"),
    [
        ([], 2, False, []),
        ([30] * 3, 2, False, [3]),
        ([30] * 3, 2, True, [2, 1]),
        ([30] * 3, 4, True, [1, 1, 1]),
        ([30] * 60, 2, False, [60]),
        ([30] * 72, 2, False, [36, 36]),
        ([30] * 400, 1, False, [400]),
        ([30] * 1000, 2, False, [250] * 4),
        ([30] * 900, 1, False, [300] * 3),
        ([30] * 2000, 2, True, [500] * 4),
        ([30] * 2000, 1, False, [500] * 4),
        ([20_000, 10, 10, 10, 10], 2, False, [1, 4]),
        ([10, 10, 10, 10, 20_000], 2, False, [4, 1]),
        ([20_000], 8, False, [1]),
        ([100_000, 30], 1, False, [1, 1]),
    ],
)
def test_cut(rows: list[int], workers: int, always: bool, sizes: list[int]) -> None:  # noqa: FBT001
    assert [len(part.jobs) for part in cut(papers(*rows), workers, always=always)] == sizes


@given(
    rows=st.lists(st.one_of(st.integers(0, 50), st.integers(0, 30_000)), max_size=60),
    workers=st.integers(1, 9),
    always=st.booleans(),
)
def test_all_are_there_once_and_in_order(rows: list[int], workers: int, always: bool) -> None:  # noqa: FBT001
    jobs = papers(*rows)
    parts = cut(jobs, workers, always=always)
    assert [job for part in parts for job in part.jobs] == jobs
    assert all(part.jobs and part.cost > 0 for part in parts)
    assert not always or len(parts) >= min(len(jobs), workers)


@pytest.mark.parametrize(("alone", "sizes"), [(False, [18]), (True, [9, 9])])
def test_what_is_converted_one_by_one_costs_more(alone: bool, sizes: list[int]) -> None:  # noqa: FBT001
    assert [len(part.jobs) for part in cut(papers(*[50] * 18), 2, always=False, alone=alone)] == sizes


def test_what_lists_more_costs_more() -> None:
    (small,), (large,) = (cut(papers(*rows), 1, always=False) for rows in ([1, 1], [500]))
    assert small.cost < large.cost


@pytest.mark.parametrize(("size", "count"), [(0, 0), (19_999, 1), (25_000, 2), (560_000, 56)])
def test_for_how_many_there_is_work(size: int, count: int) -> None:
    assert workers_for(size) == count
