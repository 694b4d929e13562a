"""Worker processes: the unit of work is a batch, pure and repeatable, so it may run anywhere and run again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

B = TypeVar("B")
R = TypeVar("R")


class Lost:
    """Stands for the result of a batch whose worker died twice."""


LOST = Lost()
_SECONDS_TO_UNWIND = 3.0


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(work: Callable[[B], R], batches: Sequence[B], jobs: int) -> Iterator[tuple[B, R | Lost]]:
    """Run `work` on every batch, at most `jobs` at once; results come as they are ready.

    One job runs here, without a process. A batch whose worker died is run once more, alone; if that worker dies,
    too, its result is `LOST` and the others go on.
    """
    if jobs == 1:
        for batch in batches:
            yield batch, work(batch)
        return
    failed: list[B] = []
    for batch, result in _pool(work, batches, jobs):
        if isinstance(result, Lost):
            failed.append(batch)
        else:
            yield batch, result
    for batch in failed:
        yield from _pool(work, [batch], 1)


def _pool(work: Callable[[B], R], batches: Sequence[B], jobs: int) -> Iterator[tuple[B, R | Lost]]:
    # spawn: the same on every system, and no half-copied state of threads and libraries.
    context = multiprocessing.get_context("spawn")
    executor: Executor = ProcessPoolExecutor(min(jobs, len(batches)), context, initializer=_as_worker)
    waiting: dict[Future[R], B] = {}
    try:
        waiting = {executor.submit(work, batch): batch for batch in batches}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                batch = waiting.pop(future)
                try:
                    yield batch, future.result()
                except BrokenProcessPool:
                    yield batch, LOST
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _as_worker() -> None:
    """Ctrl-C reaches the whole group: the parent decides, and ends workers by SIGTERM, which unwinds them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _unwind)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed cannot say so, and its workers hold each other's queue open for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        if hasattr(signal, "pthread_kill"):
            # To the main thread itself: a signal that another thread takes does not wake it from its waiting.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            time.sleep(_SECONDS_TO_UNWIND)
        os._exit(1)


def _unwind(*_: Any) -> None:
    raise SystemExit(0)
