"""The lock of a campaign: one writer at a time, and who that is."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.doors.files import check_writable, remove, unwritable, writing
from pipeline.model.errors import Trouble
from pipeline.model.findings import finding

_LOCK = ".lock"
HOLDER = ".holder"
"""Beside the lock: who holds the campaign. It outlives a run that is killed."""


@contextlib.contextmanager
def hold(folder: Path) -> Iterator[bool]:
    """Hold the campaign: one writer at a time. Yields whether the last holder was killed before it could let go.

    Raises:
        Trouble: campaign.locked, output.unwritable, output.full.
    """
    import filelock

    check_writable(folder)
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise Trouble(finding("campaign.locked", holder=_holder(folder))) from None
    except OSError as error:
        raise unwritable(error, folder.name) from error
    mark = folder / HOLDER
    try:
        was_left = mark.exists()
        with writing(folder, mark):
            mark.write_text(_who(), encoding="utf-8")
        yield was_left
    finally:
        try:
            remove(mark)
        finally:
            lock.release()


def holder(folder: Path) -> str:
    """Who holds the campaign at this moment; '' nobody. The mark of a run that was killed stays for the next run.

    Raises:
        Trouble: output.unwritable.
    """
    import filelock

    if not (folder / _LOCK).exists():
        return ""
    try:
        with filelock.FileLock(folder / _LOCK, timeout=0):
            return ""
    except filelock.Timeout:
        return _holder(folder)
    except OSError as error:
        raise unwritable(error, folder.name) from error


def _who() -> str:
    """As another person is told: user, machine, process, since when."""
    import getpass
    import platform

    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "?"
    since = datetime.datetime.now().astimezone()
    return f"{user}@{platform.node()}, pid {os.getpid()}, {since:%Y-%m-%d %H:%M}"


def _holder(folder: Path) -> str:
    try:
        return (folder / HOLDER).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "?"
