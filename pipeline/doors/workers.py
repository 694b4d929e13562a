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
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

B = TypeVar("B")
R = TypeVar("R")


class Lost:
    """Stands for the result of a batch that kills its worker."""


LOST = Lost()
_SECONDS_TO_UNWIND = 3.0


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    work: Callable[[B], R], batches: Sequence[B], jobs: int, split: Callable[[B], Sequence[B]]
) -> Iterator[tuple[B, R | Lost]]:
    """Run `work` on every batch, at most `jobs` at once; results come as they are ready.

    One job runs here, without a process. A worker that dies takes its pool with it: what was under way is run again,
    each batch alone; one that kills its worker again is split, until the culprit stands alone. Its result is `LOST`.
    A batch for which there is not enough memory is one that kills its worker.

    Args:
        work: a function that can be pickled.
        batches: values that can be pickled.
        jobs: how many processes.
        split: a batch as two smaller ones; one that cannot be split as itself alone.
    """
    attempt = _here if jobs == 1 else _pool
    waiting = []
    for batch, result in attempt(work, batches, jobs):
        if isinstance(result, Lost):
            waiting.append(batch)
        else:
            yield batch, result
    while waiting:
        alone = waiting.pop(0)
        ((_, result),) = attempt(work, [alone], 1)
        parts = split(alone) if isinstance(result, Lost) else ()
        if len(parts) > 1:
            waiting[:0] = parts
        else:
            yield alone, result


def _here(work: Callable[[B], R], batches: Sequence[B], _jobs: int) -> Iterator[tuple[B, R | Lost]]:
    for batch in batches:
        result: R | Lost
        try:
            result = work(batch)
        except MemoryError:
            result = LOST
        yield batch, result


def _pool(work: Callable[[B], R], batches: Sequence[B], jobs: int) -> Iterator[tuple[B, R | Lost]]:
    # spawn: the same on every system, and no half-copied state of threads and libraries.
    context = multiprocessing.get_context("spawn")
    executor: Executor = ProcessPoolExecutor(min(jobs, len(batches)), context, initializer=_as_worker)
    waiting: dict[Future[R], B] = {}
    try:
        waiting = {executor.submit(_call, work, batch): batch for batch in batches}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                batch = waiting.pop(future)
                result: R | Lost
                try:
                    result = future.result()
                except (BrokenProcessPool, MemoryError):
                    result = LOST
                yield batch, result
    except BaseException:
        # Impatient people press Ctrl-C again; the tidying up goes on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(multiprocessing.active_children())
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _end(processes: Sequence[BaseProcess]) -> None:
    """Tell workers to end, and end those that do not: one that is told while it starts or stops may not hear it."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + 3 * _SECONDS_TO_UNWIND
    waiting = {process.sentinel: process for process in processes}
    while waiting and (left := end - time.monotonic()) > 0:
        for sentinel in wait_for(list(waiting), left):
            del waiting[sentinel]  # type: ignore[arg-type]
    for process in waiting.values():
        process.kill()


def _call(work: Callable[[B], R], batch: B) -> R:
    """The pool would catch the exit of a worker that was told to end, and hand it the next batch."""
    try:
        return work(batch)
    except SystemExit:
        os._exit(1)


def _as_worker() -> None:
    """Ctrl-C reaches the whole group: the parent decides, and ends workers by SIGTERM, which unwinds them.

    A worker is for one core: OpenCV would start a thread for each (read when it is imported).
    """
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"
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
