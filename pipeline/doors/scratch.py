"""Scratch folders of a run, outside the campaign; what a killed run left is swept by the next one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.doors import office

_NAME = re.compile(r"hyeopyak-(\d+)-.+")
_OPEN: set[str] = set()
"""Of this process."""


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder of this process alone. It goes at the end, and with it programs that were started in it."""
    with tempfile.TemporaryDirectory(prefix=f"hyeopyak-{os.getpid()}-", ignore_cleanup_errors=True) as name:
        _OPEN.add(name)
        try:
            yield Path(name)
        finally:
            office.end_orphans(Path(name))
    _OPEN.discard(name)


def abandon() -> None:
    """Remove what this process has open, and end the programs in it; it is about to end itself."""
    for name in tuple(_OPEN):
        with contextlib.suppress(OSError, ValueError):
            office.end_orphans(Path(name))
        shutil.rmtree(name, ignore_errors=True)


def sweep() -> int:
    """Remove what runs of this user left that were killed: their folders, and programs that live on. How many."""
    if sys.platform == "win32":  # a process cannot be asked there without harm
        return 0
    gone = 0
    for path in Path(tempfile.gettempdir()).glob("hyeopyak-*"):
        match = _NAME.fullmatch(path.name)
        try:
            if match and path.stat().st_uid == os.getuid() and not path.is_symlink() and not _lives(int(match[1])):
                office.end_orphans(path)
                shutil.rmtree(path)
                gone += 1
        except OSError:
            continue  # another run sweeps, too
    return gone


def _lives(pid: int) -> bool:
    try:
        # One that is dead keeps its number until its parent has heard of it; that of an orphan may take its time.
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
        return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False
    except PermissionError:
        return True
    return True
