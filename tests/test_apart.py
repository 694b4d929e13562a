"""Work done in a copy of this process: what it gives beside what becomes of the copy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from pipeline.doors import workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no copies are made elsewhere")
HERE = os.getpid()


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the program: the threads of whoever runs the tests hold nothing that the copy needs."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture(autouse=True)
def gone() -> Iterator[None]:
    """No copy outlives what it was made for."""
    yield
    end = time.monotonic() + 10
    while workers.multiprocessing.active_children():
        assert time.monotonic() < end
        time.sleep(0.01)


def whose() -> int:
    return os.getpid()


def many() -> bytes:
    """More than a pipe holds."""
    return bytes(3_000_000)


def fails() -> int:
    if os.getpid() != HERE:
        raise ValueError
    return 7


def dies() -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return 8


def cannot_travel() -> object:
    return threading.Lock() if os.getpid() != HERE else 9


def test_it_is_another_process() -> None:
    assert workers.apart(whose)() not in {0, os.getpid()}


def test_a_long_result() -> None:
    assert workers.apart(many)() == many()


@pytest.mark.parametrize(("work", "expected"), [(fails, 7), (dies, 8), (cannot_travel, 9)])
def test_what_fails_there_is_done_here(work: partial[int], expected: int) -> None:
    assert workers.apart(work)() == expected


def test_nobody_asks_for_the_result() -> None:
    workers.apart(many)


def test_beside_other_threads_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert workers.apart(whose)() == os.getpid()


def test_where_there_is_no_room_for_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    assert workers.apart(whose)() == os.getpid()


def test_it_says_nothing_and_ends_nobody() -> None:
    """Neither when it fails nor when Ctrl-C reaches it."""
    code = """
import os, signal, time
from pipeline.doors import workers
HERE = os.getpid()
def work():
    if os.getpid() == HERE: return "here"
    os.kill(os.getpid(), signal.SIGINT)
    raise ValueError("loud")
print(workers.apart(work)())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("here\n", "")


SIGNALLED = """
import os, signal, sys
from pipeline.doors import workers
HERE = os.getpid()
signal.signal(signal.{name}, lambda *_: print("the run's own handler", flush=True))
def work():
    if os.getpid() == HERE: return "here"
    os.kill(os.getpid(), signal.{name})
    return "there"
print(workers.apart(work)())
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_it_is_not_the_runs(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIGNALLED.format(name=name)], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("here\n", "")


LOST = """
import os, signal, sys
from pipeline.doors import workers
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    workers.apart(os.getpid)
    print("lost")
except KeyboardInterrupt:
    print("heard")
"""


def test_ctrl_c_amid_the_copying_is_heard() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("heard\n", "")


KILLED = """
import os, signal, time
from pipeline.doors import workers
HERE = os.getpid()
def work():
    print(os.getpid(), flush=True)
    time.sleep(60)
result = workers.apart(work)
time.sleep(0.3)
os.kill(HERE, signal.SIGKILL)
"""


def test_it_ends_with_who_made_it() -> None:
    """Or it would hold what that one held: the campaign's lock, and here its stream, which we read to the end."""
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False, timeout=20)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout


def test_too_many_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "pipe", full)
    assert workers.apart(whose)() == os.getpid()
