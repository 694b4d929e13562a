"""Signals that end a run: Ctrl-C, a shutdown, a closed window. Each ends it as Ctrl-C does: tidily."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_ENDING = () if sys.platform == "win32" else tuple(getattr(signal, name) for name in _NAMES)
_came: list[float] = []
"""When."""
_SECONDS_TO_TIDY = 1.0
"""Whoever closes a window is heard twice, of the system and of the shell; people press Ctrl-C more than once."""


def heed() -> None:
    """From now on each raises KeyboardInterrupt, but those that whoever started us has turned off (`nohup`)."""
    for number in _numbers():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _numbers() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _raise(*_: Any) -> None:
    now = time.monotonic()
    is_more_of_it = bool(_came) and now - _came[-1] < _SECONDS_TO_TIDY
    _came.append(now)
    if not is_more_of_it:
        raise KeyboardInterrupt


def check() -> None:
    """Raise again what was raised before, and lost: libraries that are imported catch all that comes (seen)."""
    if _came:
        raise KeyboardInterrupt


def ignore() -> Mapping[int, Any]:
    """Hear none any more; what was done before at each is returned, for `restore`. Only a main thread can."""
    with contextlib.suppress(ValueError):
        return {number: signal.signal(number, signal.SIG_IGN) for number in _numbers()}
    return {}


def restore(handlers: Mapping[int, Any]) -> None:
    """Hear them again."""
    for number, handler in handlers.items():
        signal.signal(number, handler)


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
