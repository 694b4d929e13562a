"""Worker processes: the unit of work is a batch, pure and repeatable, so it may run anywhere and run again."""

from __future__ import annotations

import contextlib
import errno
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from pipeline.doors import interrupts, programs, scratch
from pipeline.model.limits import OBJECTS

B = TypeVar("B")
R = TypeVar("R")


class Lost:
    """Stands for the result of a batch that kills its worker."""


LOST = Lost()
_SECONDS_TO_LEAVE = 3.0
_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_TO_HEAR = 3.0
_MODESTY = 5
"""Who reads, plans and publishes goes first, and what people do meanwhile at the machine; else a core is idle (6 %)."""
_ROUNDS = 2
"""Batches a worker: one that it does, one that waits to be done or to be taken."""


def _nothing() -> None:
    pass


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def beside(work: Callable[[], R]) -> Callable[[], R]:
    """Begin something that mostly waits, for files or another program, while this thread goes on.

    Args:
        work: what nobody else touches meanwhile.

    Returns:
        What waits for its result, and raises what it raised.
    """
    threads = ThreadPoolExecutor(1)
    try:
        # Signals that end a run are for this thread: it may hold them back.
        result = _submit(threads, work).result
    except BlockingIOError:  # no room for another thread
        return work
    threads.shutdown(wait=False)
    return result


def apart(work: Callable[[], R]) -> Callable[[], R]:
    """Begin something that takes a core, in a copy of this process; where none can be made, as `beside`.

    Args:
        work: what nobody else touches meanwhile; its result can be pickled.

    Returns:
        As of `beside`. What fails in the copy is done again here, where it may tell why.
    """
    # A copy has one thread: locks that others hold would stay held in it.
    if sys.platform != "linux" or threading.active_count() > 1:
        return beside(work)
    context = multiprocessing.get_context("fork")
    try:
        ours, theirs = context.Pipe(duplex=False)
    except OSError:  # too many open files
        return work
    try:
        # Python would lose a Ctrl-C that comes amid the copying.
        with interrupts.undisturbed():
            context.Process(target=_tell, args=(work, ours, theirs), daemon=True).start()
    except OSError:  # no room for another process
        ours.close()
        return work
    finally:
        theirs.close()

    def result() -> R:
        try:
            with ours:
                found: R = ours.recv()
        except (EOFError, OSError):
            return work()
        return found

    return result


def _tell(work: Callable[[], Any], others: Connection, ours: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)
    interrupts.disturb()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    others.close()
    with contextlib.suppress(Exception):
        ours.send(work())


@contextlib.contextmanager
def ahead(jobs: int, count: int, first: Callable[[], None]) -> Iterator[ProcessPoolExecutor | None]:
    """Start workers before there are batches.

    Args:
        jobs: how many there may be.
        count: how many are started now.
        first: what each of them does before its first batch; it can be pickled.

    Yields:
        Workers for `run`; None: there was no room for them.
    """
    with _workers(jobs, first) as executor:
        try:
            for _ in range(count):
                _submit(executor, int)
        except OSError:
            yield None
        else:
            yield executor
        interrupts.check()
        # What they have done is here, and what they are doing nobody needs.
        _end_all(executor)


def run(
    work: Callable[[B], R],
    batches: Sequence[B],
    jobs: int,
    split: Callable[[B], Sequence[B]],
    ready: ProcessPoolExecutor | None = None,
) -> Iterator[tuple[B, R | Lost]]:
    """Run `work` on every batch, at most `jobs` at once; results come as they are ready.

    At most `_ROUNDS` batches a worker are under way, results that nobody has taken yet included: what is in memory does
    not grow with their number.

    One job runs here, without a process. A worker that dies takes its pool with it: what was under way is run again,
    each batch alone; one that kills its worker again is split, until the culprit stands alone. Its result is `LOST`.
    The others get a new pool. A batch for which there is not enough memory is one that kills its worker.

    Args:
        work: a function that can be pickled.
        batches: values that can be pickled.
        jobs: how many processes.
        split: a batch as two smaller ones; one that cannot be split as itself alone.
        ready: workers that `ahead` has started; with one job they stay idle, and when they have died there are others.

    Raises:
        OSError: there is no room for a process or a thread.
    """
    attempt = _here if jobs == 1 else _pool
    left = deque(batches)
    results = _share(ready, work, left, jobs) if ready and jobs > 1 else attempt(work, left, jobs)
    while left:
        suspects: deque[B] = deque()
        for batch, result in results:
            if isinstance(result, Lost):
                suspects.append(batch)
            else:
                yield batch, result
        results = attempt(work, left, jobs)
        while suspects:
            alone = suspects.popleft()
            ((_, result),) = attempt(work, deque([alone]), 1)
            parts = split(alone) if isinstance(result, Lost) else ()
            if len(parts) > 1:
                suspects.extendleft(reversed(parts))
            else:
                yield alone, result


def _here(work: Callable[[B], R], left: deque[B], _jobs: int) -> Iterator[tuple[B, R | Lost]]:
    while left:
        interrupts.check()
        batch = left.popleft()
        try:
            yield batch, work(batch)
        except MemoryError:
            yield batch, LOST


def _pool(work: Callable[[B], R], left: deque[B], jobs: int) -> Iterator[tuple[B, R | Lost]]:
    with _workers(min(jobs, len(left))) as executor:
        yield from _share(executor, work, left, jobs)


@contextlib.contextmanager
def _workers(jobs: int, first: Callable[[], None] = _nothing) -> Iterator[ProcessPoolExecutor]:
    # spawn: the same on every system, and no half-copied state of threads and libraries.
    context = multiprocessing.get_context("spawn")
    # What keeps track of the pool's locks is started with it, and heeds a closed window.
    with interrupts.undisturbed():
        executor = ProcessPoolExecutor(jobs, context, _as_worker, (first,))
    try:
        yield executor
    except BaseException as error:
        # Impatient people press Ctrl-C again; the tidying up goes on.
        before = interrupts.ignore()
        _end_all(executor)
        _shut(executor)
        if not isinstance(error, KeyboardInterrupt):
            interrupts.restore(before)
        raise
    _shut(executor)


def _end_all(executor: ProcessPoolExecutor) -> None:
    _end(list((executor._processes or {}).values()))  # noqa: SLF001 - there is no other way to know them
    _let_go(executor)


def _shut(executor: ProcessPoolExecutor) -> None:
    thread: Any = executor._executor_manager_thread  # noqa: SLF001
    if thread and thread.ident is None:
        # There was no room for it; the pool believes that it runs, and would wait for its end.
        executor._executor_manager_thread = None  # type: ignore[assignment] # noqa: SLF001
        _end_all(executor)
    executor.shutdown(wait=True, cancel_futures=True)


def _share(
    executor: ProcessPoolExecutor, work: Callable[[B], R], left: deque[B], jobs: int
) -> Iterator[tuple[B, R | Lost]]:
    """Batches off `left`; when the pool breaks, those that were not begun stay there."""
    under_way: dict[Future[R | Lost], B] = {}
    while True:
        interrupts.check()
        _feed(executor, work, left, under_way, _ROUNDS * jobs)
        if not under_way:
            break
        done = _finished(executor, under_way)
        while done:
            # No name here keeps a result in memory while it is published.
            yield _ended(under_way, done.pop())


def _feed(executor: Executor, work: Callable[[B], R], left: deque[B], under_way: dict[Future[R], B], most: int) -> None:
    """Hand over batches until `most` are under way; a pool that is broken takes none."""
    with contextlib.suppress(BrokenProcessPool):
        while left and len(under_way) < most:
            future = _submit(executor, work, left[0])
            under_way[future] = left.popleft()


def _submit(executor: Executor, work: Callable[..., R], *words: Any) -> Future[R]:
    """That may start a worker, too: one that is told to end before it listens would fail aloud.

    Raises:
        OSError: there is no room for a process or a thread.
    """
    with interrupts.undisturbed():
        try:
            return executor.submit(work, *words)
        except BrokenProcessPool:
            raise
        except RuntimeError as error:
            raise _no_thread() from error


def _no_thread() -> OSError:
    """A thread that cannot be started is the system's shortage, told by Python as a mistake."""
    return BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _finished(executor: ProcessPoolExecutor, under_way: dict[Future[R], B]) -> set[Future[R]]:
    """Batches that are done; those of a pool that broke are.

    A pool does not see that a worker died while it sent its result: it waits for the rest of it. Here a dead worker,
    and nothing heard for some time, means just that. Nor does it see that the thread that hears results is not there.

    Raises:
        OSError: there is no room for that thread.
    """
    since: float | None = None
    while not (done := wait(under_way, _SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED).done):
        interrupts.check()
        thread: Any = executor._executor_manager_thread  # noqa: SLF001
        if thread and not thread.is_alive() and not any(one.done() for one in under_way):
            raise _no_thread()
        processes = list((executor._processes or {}).values())  # noqa: SLF001 - there is no other way to know them
        if not wait_for([one.sentinel for one in processes], 0):
            since = None
        elif since is None:
            since = time.monotonic()
        elif time.monotonic() - since > _SECONDS_TO_HEAR:
            for one in processes:
                one.kill()
            _let_go(executor)
    return done


def _let_go(executor: ProcessPoolExecutor) -> None:
    """When all workers are dead: close our end of the pipe of results, so that who reads it hears of their end."""
    with contextlib.suppress(AttributeError, OSError):  # it is closed already
        queue: Any = executor._result_queue  # noqa: SLF001
        queue._writer.close()  # noqa: SLF001


def _ended(under_way: dict[Future[R | Lost], B], future: Future[R | Lost]) -> tuple[B, R | Lost]:
    batch = under_way.pop(future)
    try:
        return batch, future.result()
    except (BrokenProcessPool, MemoryError):
        return batch, LOST


def _end(processes: Sequence[BaseProcess]) -> None:
    """Tell workers to end, and end those that do not: one that is told while it starts or stops may not hear it."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + 3 * _SECONDS_TO_LEAVE
    waiting = {process.sentinel: process for process in processes}
    while waiting and (left := end - time.monotonic()) > 0:
        for sentinel in wait_for(list(waiting), left):
            del waiting[sentinel]  # type: ignore[arg-type]
    for process in waiting.values():
        process.kill()
    for process in processes:
        process.join(_SECONDS_TO_LEAVE)


def _as_worker(first: Callable[[], None] = _nothing) -> None:
    """Ctrl-C reaches the whole group: the parent decides, and ends workers by SIGTERM.

    A worker is for one core: OpenCV would start a thread for each (read when it is imported).
    """
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"
    if hasattr(os, "nice"):
        os.nice(_MODESTY)
    gc.set_threshold(OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    interrupts.disturb()
    Finalize(None, programs.end_started, exitpriority=1)
    try:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    except RuntimeError:  # no room for it, and nobody who would hear of it
        os._exit(1)
    # Whatever it lacks, the first batch will lack, too, and tell.
    with contextlib.suppress(Exception):
        first()


def _end_with_parent() -> None:
    """A parent that was killed cannot say so, and its workers hold each other's queue open for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        if hasattr(signal, "pthread_kill"):
            # To the main thread itself: a signal that another thread takes does not wake it from its waiting.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            time.sleep(_SECONDS_TO_LEAVE)
        os._exit(1)


def _leave(*_: Any) -> None:
    """End at once, but for what nobody else would tidy up.

    An exception would do that, too, but it would be raised wherever this finds us: where a module is imported it is
    lost, where C++ waits for us it brings the process down with a traceback, and the pool would catch it.
    """
    if hasattr(signal, "pthread_sigmask") and signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ()):
        # Another thread took it: it is held back here, and comes when that is over.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        return
    try:
        programs.end_started()
        scratch.abandon()
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            scratch.sweep()
    finally:
        os._exit(1)
