"""Workers started before there are batches: what they are given, beside what comes of it and of them."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import process
from functools import partial
from pathlib import Path

import pytest
from conftest import Folder
from heavy_work import fails, halves, killed, masked, modesty, note_masks, same, sends, sign, slow
from test_faults import NUMBERS, SOFFICE, numbers, start, wait_for
from test_faults_programs import in_workers

from pipeline.doors import interrupts, workers
from pipeline.run import making
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


def alone(batch: Sequence[int]) -> Sequence[Sequence[int]]:
    return (batch,)


def done_by(results: Iterator[tuple[Sequence[int], object]]) -> set[int]:
    """Process ids; all batches are proved to be done."""
    found = [result for _, result in results if isinstance(result, tuple)]
    assert sorted(batch for batch, _ in found) == BATCHES
    return {pid for _, pid in found}


def test_each_does_the_first_thing_and_then_batches(tmp_path: Path) -> None:
    with workers.ahead(2, 2, partial(sign, tmp_path)) as ready:
        pids = done_by(workers.run(same, BATCHES, 2, alone, ready))
        wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
    ahead = {int(path.name) for path in tmp_path.iterdir()}
    assert pids <= ahead


def test_one_job_is_done_here() -> None:
    with workers.ahead(2, 2, workers._nothing) as ready:
        assert done_by(workers.run(same, BATCHES, 1, alone, ready)) == {os.getpid()}


def test_when_they_have_died_there_are_others(tmp_path: Path) -> None:
    with workers.ahead(2, 2, partial(sign, tmp_path)) as ready:
        dead = list(ready._processes)
        for pid in dead:
            os.kill(pid, signal.SIGKILL)
        pids = done_by(workers.run(same, BATCHES, 2, alone, ready))
    assert not pids & {os.getpid(), *dead}


def test_a_batch_that_kills_its_worker() -> None:
    with workers.ahead(2, 2, workers._nothing) as ready:
        results = list(workers.run(killed, [(1, 2, 3, 4), (5, 6)], 2, halves, ready))
    assert [batch for batch, result in results if isinstance(result, workers.Lost)] == [(3,)]


def once(real: Callable[..., object], error: Exception) -> Callable[..., object]:
    """What fails the first time."""
    left = [error]

    def step(*words: object) -> object:
        if left:
            raise left.pop()
        return real(*words)

    return step


NO_THREAD = RuntimeError("can't start new thread")


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (multiprocessing.context.SpawnProcess, BlockingIOError(errno.EAGAIN, "")),
        (process._ExecutorManagerThread, NO_THREAD),
    ],
    ids=["process", "thread"],
)
@pytest.mark.parametrize("needed", [True, False])
def test_there_is_no_room(part: type, error: Exception, needed: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """Others are started when there are batches (seen: a pool whose thread was missing waited for ever)."""
    monkeypatch.setattr(part, "start", once(part.start, error))  # type: ignore[attr-defined]
    with workers.ahead(2, 2, workers._nothing) as ready:
        assert ready is None
        if needed:
            assert os.getpid() not in done_by(workers.run(same, BATCHES, 2, alone, ready))


def test_there_is_no_room_when_there_are_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    part = process._ExecutorManagerThread
    monkeypatch.setattr(part, "start", once(part.start, NO_THREAD))
    with pytest.raises(BlockingIOError):
        list(workers.run(same, BATCHES, 2, alone))


def test_the_thread_that_hears_results_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it needs more memory than there is."""
    monkeypatch.setattr(process._ExecutorManagerThread, "run", lambda _: None)
    with pytest.raises(BlockingIOError):
        list(workers.run(same, BATCHES, 2, alone))


def test_the_first_thing_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with workers.ahead(2, 2, fails) as ready:
        done_by(workers.run(same, BATCHES, 2, alone, ready))
    assert capfd.readouterr() == ("", "")


def test_workers_hear_signals_and_threads_beside_leave_them_to_us(tmp_path: Path) -> None:
    with workers.ahead(2, 2, partial(note_masks, tmp_path)) as ready:
        assert [result for _, result in workers.run(masked, BATCHES, 2, alone, ready)] == [[]] * len(BATCHES)
        wait_for(lambda: [path.read_text("ascii") for path in tmp_path.iterdir()] == ["[]"] * 2)
    assert set(workers.beside(masked)()) >= {signal.SIGINT, signal.SIGTERM}


def test_the_one_writer_goes_first() -> None:
    assert [result for _, result in workers.run(modesty, BATCHES[:2], 2, alone)] == [min(os.nice(0) + 5, 19)] * 2


def test_nobody_needs_them() -> None:
    begun = time.monotonic()
    with workers.ahead(2, 2, partial(time.sleep, 60)):
        pass
    assert time.monotonic() - begun < 20


def test_what_they_do_is_not_wanted_any_more() -> None:
    begun = time.monotonic()
    with workers.ahead(2, 2, workers._nothing) as ready:
        results = workers.run(slow, BATCHES, 2, alone, ready)
        assert next(results)[1] == (1,)
    assert time.monotonic() - begun < 20


def test_what_they_send_is_not_wanted_any_more(tmp_path: Path) -> None:
    def run() -> None:
        with workers.ahead(2, 2, workers._nothing) as ready:
            results = workers.run(sends, [(), (tmp_path / "begun",)], 2, lambda one: (one,), ready)
            next(results)
            wait_for((tmp_path / "begun").exists)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_what_is_done_meanwhile_fails(error: type[BaseException]) -> None:
    """Whoever pressed Ctrl-C may press it again while things are tidied up; after other errors it is heard again."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(error), workers.ahead(2, 2, partial(time.sleep, 60)):
        raise error
    assert signal.getsignal(signal.SIGINT) is (signal.SIG_IGN if error is KeyboardInterrupt else before)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_that_a_library_has_lost(
    number: signal.Signals, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen: Ctrl-C amid the imports of a run, which then went on."""
    monkeypatch.setattr(interrupts, "_came", [])
    interrupts.heed()
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(number)
    with pytest.raises(KeyboardInterrupt):
        list(workers.run(same, BATCHES, jobs, alone))


def test_one_that_is_lost_while_batches_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "_came", [])
    results = workers.run(slow, BATCHES, 2, alone)
    next(results)
    threading.Timer(0.3, interrupts._came.append, [time.monotonic()]).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        next(results)
    assert time.monotonic() - begun < 20


def test_what_follows_at_once_is_more_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal's end is told by the system and by the shell; tidying is not disturbed by the second."""
    monkeypatch.setattr(interrupts, "_came", [])
    interrupts.heed()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGHUP)
    interrupts._came[-1] -= 2
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


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
        ({"jobs": 0}, ["agreement"], True, workers.cores() > 1),
        ({"jobs": 2}, ["national"], True, False),
    ],
    ids=["many", "few", "one job", "only some", "a cluster", "all cores", "not for candidates"],
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
    with making._ready(asked, campaign, kinds, tmp_path) as hands:
        assert isinstance(hands.run, partial) is ahead
    folder.write("outputs/.memory.json", "of a run before")
    with making._ready(asked, campaign, kinds, tmp_path) as hands:
        assert not isinstance(hands.run, partial)


NATIONAL = """\
[kinds.national]
title = "정책선언"
letter = "N"
template = "agreement.docx"
folder = "national"
for_each = "campaign"
"""


WAITING = """
import os
import pipeline.doors.office as office
real = office.Office._run
def _run(self, *words):
    one = office._AHEAD.get(self._folder)
    with open(os.environ["NOTED"], "a") as log:
        log.write(f"{one is not None and one.poll() is None}\\n")
    return real(self, *words)
office.Office._run = _run
"""


@pytest.mark.office
@pytest.mark.slow
def test_the_libreoffice_that_waits_makes_the_first_papers(folder: Folder, tmp_path: Path) -> None:
    grow(folder)
    noted = tmp_path / "noted"
    result = start(
        folder, "make", "--jobs", "2", soffice=SOFFICE, NOTED=str(noted), **in_workers(tmp_path, WAITING)
    ).end()
    assert result.code == 0
    assert numbers(folder, ".pdf") == NUMBERS
    assert noted.read_text("ascii").split() == ["True", "True"]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.04 * moment for moment in range(16)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "window closed"])
def test_an_interruption_while_they_start(folder: Folder, number: signal.Signals, seconds: float) -> None:
    """Seen: tracebacks of what a worker imported, and of what keeps track of the pool's locks."""
    grow(folder)
    run = start(folder, "make", "--jobs", "2", soffice="hangs.sh")
    wait_for((folder.root / "outputs/logs").exists)
    time.sleep(seconds)
    run.interrupt(number)
    result = run.end()
    assert result.code in {130, -number}
    assert result.err.splitlines()[-1].startswith("Interrupted.")
    assert [line for line in result.err.splitlines() if "Error" in line or "Warning" in line] == []
