"""Workers started before there are batches: what they are given, beside what comes of it and of them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from conftest import Folder
from heavy_work import halves, killed
from test_faults import start, wait_for

from pipeline.doors import interrupts, workers
from pipeline.run import making
from pipeline.run.looking import Look
from pipeline.run.outcome import Options
from pipeline.steps.read_campaign import read_campaign

BATCHES: list[Sequence[int]] = [(number,) for number in range(1, 9)]


@pytest.fixture(autouse=True)
def gone() -> Iterator[None]:
    """No worker outlives what it was started for, and signals do what they did."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    assert not multiprocessing.active_children()


def same(batch: Sequence[int]) -> tuple[Sequence[int], int]:
    return batch, os.getpid()


def slow(batch: Sequence[int]) -> Sequence[int]:
    time.sleep(0.01 if 1 in batch else 60)
    return batch


def sign(folder: Path) -> None:
    (folder / str(os.getpid())).touch()


def alone(batch: Sequence[int]) -> Sequence[Sequence[int]]:
    return (batch,)


def done_by(results: Iterator[tuple[Sequence[int], object]]) -> set[int]:
    """Process ids; all batches are proved to be done."""
    found = [result for _, result in results if isinstance(result, tuple)]
    assert sorted(batch for batch, _ in found) == BATCHES
    return {pid for _, pid in found}


def test_each_does_the_first_thing_and_then_batches(tmp_path: Path) -> None:
    with workers.ahead(2, partial(sign, tmp_path)) as ready:
        pids = done_by(workers.run(same, BATCHES, 2, alone, ready))
    ahead = {int(path.name) for path in tmp_path.iterdir()}
    assert len(ahead) == 2
    assert pids <= ahead


def test_one_job_is_done_here() -> None:
    with workers.ahead(2, workers._nothing) as ready:
        assert done_by(workers.run(same, BATCHES, 1, alone, ready)) == {os.getpid()}


def test_when_they_have_died_there_are_others(tmp_path: Path) -> None:
    with workers.ahead(2, partial(sign, tmp_path)) as ready:
        dead = list(ready._processes)
        for pid in dead:
            os.kill(pid, signal.SIGKILL)
        pids = done_by(workers.run(same, BATCHES, 2, alone, ready))
    assert not pids & {os.getpid(), *dead}


def test_a_batch_that_kills_its_worker() -> None:
    with workers.ahead(2, workers._nothing) as ready:
        results = list(workers.run(killed, [(1, 2, 3, 4), (5, 6)], 2, halves, ready))
    assert [batch for batch, result in results if isinstance(result, workers.Lost)] == [(3,)]


def full(*_: object) -> None:
    raise BlockingIOError


def test_there_is_no_room_for_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(workers, "_submit", full)
        ahead = workers.ahead(2, workers._nothing)
        ready = ahead.__enter__()
    assert os.getpid() not in done_by(workers.run(same, BATCHES, 2, alone, ready))
    ahead.__exit__(None, None, None)


def test_nobody_needs_them() -> None:
    begun = time.monotonic()
    with workers.ahead(2, partial(time.sleep, 60)):
        pass
    assert time.monotonic() - begun < 20


def test_what_they_do_is_not_wanted_any_more() -> None:
    begun = time.monotonic()
    with workers.ahead(2, workers._nothing) as ready:
        results = workers.run(slow, BATCHES, 2, alone, ready)
        assert next(results)[1] == (1,)
    assert time.monotonic() - begun < 20


def test_what_is_done_meanwhile_fails() -> None:
    with pytest.raises(ZeroDivisionError), workers.ahead(2, partial(time.sleep, 60)):
        raise ZeroDivisionError


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_that_a_library_has_lost(
    number: signal.Signals, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen: Ctrl-C amid the imports of a run, which then went on."""
    monkeypatch.setattr(interrupts, "_came", [])
    interrupts.heed()
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(number)
    with pytest.raises(KeyboardInterrupt):
        list(workers.run(slow, BATCHES, jobs, alone))


# --- in a run ----------------------------------------------------------------------------------------------------


def grow(folder: Folder) -> None:
    """As many candidates as make a run start workers before it reads."""
    rows = "".join(f"9{place:03},시·도의원,서울특별시,종로구제{place}선거구,,,한가람\n" for place in range(400))
    folder.change("inputs/candidates.csv", "도하늘\n", "도하늘\n" + rows)


@pytest.mark.parametrize(
    ("options", "kinds", "grown", "ahead"),
    [
        ({"jobs": 2}, ["agreement"], True, True),
        ({"jobs": 2}, ["agreement"], False, False),
        ({"jobs": 1}, ["agreement"], True, False),
        ({"jobs": 2, "only": "종로구"}, ["agreement"], True, False),
        ({"jobs": 2, "cluster": "tcp://127.0.0.1:1"}, ["agreement"], True, False),
        ({"jobs": 2}, ["national"], True, False),
    ],
    ids=["many", "few", "one job", "only some", "a cluster", "not for candidates"],
)
def test_when_a_run_starts_them(
    folder: Folder,
    tmp_path: Path,
    options: dict[str, object],
    kinds: list[str],
    grown: bool,  # noqa: FBT001
    ahead: bool,  # noqa: FBT001
) -> None:
    folder.change("inputs/campaign.toml", "[kinds.agreement]", f"{NATIONAL}[kinds.agreement]")
    if grown:
        grow(folder)
    campaign, _ = read_campaign(folder.root)
    assert campaign
    asked = Options(folder.root, **options)  # type: ignore[arg-type]
    look = Look.at(folder.root, campaign, kinds)
    with making._ready(asked, campaign, kinds, look, tmp_path) as hands:
        assert isinstance(hands.run, partial) is ahead


NATIONAL = """\
[kinds.national]
title = "정책선언"
letter = "N"
template = "agreement.docx"
folder = "national"
for_each = "campaign"
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(16))
def test_ctrl_c_while_they_start(folder: Folder, moment: int) -> None:
    """No worker that was only just started complains, whatever the moment (seen: tracebacks of what it imported)."""
    grow(folder)
    run = start(folder, "make", "--jobs", "2", soffice="hangs.sh")
    wait_for((folder.root / "outputs/logs").exists)
    time.sleep(0.04 * moment)
    run.interrupt()
    result = run.end()
    assert result.code in {130, -signal.SIGINT}
    assert result.err.splitlines()[-1].startswith("Interrupted.")
