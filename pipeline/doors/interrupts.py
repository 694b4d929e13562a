"""Signals that end a run: Ctrl-C, a shutdown, a closed window. Each ends it as Ctrl-C does: tidily."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_ENDING = () if sys.platform == "win32" else tuple(getattr(signal, name) for name in _NAMES)
_came: list[int] = []


def heed() -> None:
    """From now on each raises KeyboardInterrupt, but those that whoever started us has turned off (`nohup`)."""
    for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _raise(number: int, _: Any) -> None:
    _came.append(number)
    raise KeyboardInterrupt


def check() -> None:
    """Raise again what was raised before, and lost: libraries that are imported catch all that comes (seen)."""
    if _came:
        raise KeyboardInterrupt


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold them back; they come when it is over."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def disturb() -> None:
    """Hold them back no longer: for a process that was started meanwhile."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def are_held_back() -> bool:
    """Whether one has come that is held back."""
    return hasattr(signal, "sigpending") and not signal.sigpending().isdisjoint(_ENDING)
