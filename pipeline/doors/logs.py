"""The log of a run: steps, times, versions and codes; no names and no values, so that it can be sent to anybody.

A line is written as soon as it is known: of a run that was killed it tells how far it came. Runs that write nothing
else leave no log.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline import __version__
from pipeline.doors import machine

FOLDER = "logs"
_MOST = 50
"""Logs that are kept."""
_LOG = logging.getLogger("hyeopyak")
_FORMAT = logging.Formatter("{asctime}.{msecs:03.0f}Z {message}", "%Y-%m-%dT%H:%M:%S", style="{")
_FORMAT.converter = time.gmtime


class _Waiting(logging.Handler):
    """Keeps lines until it is known where they go."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record)


@contextlib.contextmanager
def logged(command: str, *, aloud: bool) -> Iterator[None]:
    """Log a run.

    Args:
        command: its name.
        aloud: to standard error as well.
    """
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    # A line that cannot be written is no reason to talk amid what people, or programs, read.
    logging.raiseExceptions = False
    _add(_Waiting())
    if aloud:
        _add(logging.StreamHandler(sys.stderr))
    libraries = ", ".join(f"{name} {machine.version(name) or '-'}" for name in machine.LIBRARIES)
    _LOG.info("%s: hyeopyak %s, Python %s, %s", command, __version__, platform.python_version(), platform.platform())
    _LOG.info("with %s", libraries)
    try:
        yield
    except BaseException as error:
        _LOG.info("ended by %s", type(error).__name__)
        raise
    finally:
        for handler in list(_LOG.handlers):
            _LOG.removeHandler(handler)
            handler.close()


def _add(handler: logging.Handler) -> None:
    handler.setFormatter(_FORMAT)
    _LOG.addHandler(handler)


def keep(outputs: Path) -> None:
    """From now on the log is a file below outputs. One that cannot be written is no reason not to work."""
    waiting = next((one for one in _LOG.handlers if isinstance(one, _Waiting)), None)
    if waiting is None:
        return
    folder = outputs / FOLDER
    path = folder / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}.log"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        handler = logging.FileHandler(path, encoding="utf-8")
        _add(handler)
        _LOG.removeHandler(waiting)
        for line in waiting.lines:
            handler.emit(line)
        for old in sorted(folder.glob("*.log"))[:-_MOST]:
            old.unlink()


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Log how long a step takes."""
    start = time.monotonic()
    try:
        yield
    finally:
        _LOG.info("%s: %.2f s", name, time.monotonic() - start)


def note(line: str) -> None:
    """Log a line; it must hold no name, no value of a cell, and no path that could hold one."""
    _LOG.info("%s", line)


def ended(code: int, findings: Sequence[tuple[str, str]]) -> None:
    """Log what a run ends with.

    Args:
        code: its exit code.
        findings: codes, each with a document number or ''.
    """
    told: dict[str, list[str]] = {}
    for one, number in findings:
        told.setdefault(one, []).append(number)
    for one, numbers in told.items():
        shown = " ".join(number for number in numbers[:_MOST] if number)
        _LOG.info("%s x %d %s", one, len(numbers), shown)
    _LOG.info("exit %d", code)
