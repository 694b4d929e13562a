"""Foreign programs: asked one question within a time, and ended with all that they started."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.doors import interrupts

_STARTED: dict[int, Path | None] = {}
"""Process ids, and the files that tell of them."""
MARK = ".running"


def answer(command: Sequence[str], seconds: float, said: bytes = b"") -> str | None:
    """What a program prints.

    Args:
        command: the program and its arguments.
        seconds: how long it may take.
        said: what it reads from its standard input.

    Returns:
        None when it is missing, cannot be started, or does not end in time.
    """
    try:
        process = start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError:
        return None
    with process:
        try:
            told: bytes = process.communicate(said, timeout=seconds)[0]
        except subprocess.TimeoutExpired as late:
            if process.poll() is None:
                return None
            # It has ended, and a child of it holds its streams open.
            told = late.stdout or b""
        finally:
            end(process)
    return told.decode("utf-8", "replace")


def start(command: Sequence[str], folder: Path | None = None, **how: Any) -> subprocess.Popen[Any]:
    """Start a program that leads its own group, and that somebody has to `end`.

    Args:
        command: the program and its arguments.
        folder: where a file, `MARK` behind its number, tells that it runs.
        how: as of `subprocess.Popen`; what it says as an error goes nowhere.

    Raises:
        OSError: it cannot be started, or not marked.
    """
    # A program that is started but not yet known would be nobody's.
    with interrupts.undisturbed():
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **how)
        mark = _STARTED[process.pid] = folder / f"{process.pid}{MARK}" if folder else None
        try:
            if mark:
                mark.touch()
        except OSError:
            end(process)
            raise
    return process


def wait(process: subprocess.Popen[Any], seconds: float) -> int:
    """The exit code of a program, as soon as it ends: `Popen.wait` looks 20 times a second.

    Raises:
        subprocess.TimeoutExpired: it takes longer.
    """
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(OSError):  # an old kernel, or a sandbox, knows no such call
            ended = os.pidfd_open(process.pid)
            try:
                select.select([ended], [], [], seconds)
            finally:
                os.close(ended)
            seconds = 0
    return process.wait(timeout=seconds)


def end(process: subprocess.Popen[Any]) -> None:
    """End a program, and its group with it: a starter's child would live on."""
    if sys.platform == "win32":
        process.kill()
    else:
        end_group(process.pid)
    process.wait()
    if process.stdin:
        process.stdin.close()
    _forget(process.pid)


def end_started() -> None:
    """End all that this process has started and not yet ended; it is about to end itself."""
    for pid in tuple(_STARTED):
        end_group(pid)
        _forget(pid)


def _forget(pid: int) -> None:
    if mark := _STARTED.pop(pid, None):
        mark.unlink(missing_ok=True)


def end_group(pid: int) -> None:
    """End a process group, if there is one; the system takes a moment for it."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def end_all_in(folder: Path) -> None:
    """End processes that were started in a folder or below and have left their group, where the system tells."""
    place = folder.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(place):
                os.kill(int(entry.name), signal.SIGKILL)
