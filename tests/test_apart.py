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
