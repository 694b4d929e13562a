"""What lies in the folder of returned files: each file's bytes, archives unpacked."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.doors.scans.intake import MOST_BYTES, Unusable, members
from pipeline.model.findings import Cell, Finding, finding

_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "passwords.txt"})
_QUIET_SECONDS = 2.0
"""A file that was written to a moment ago may be half copied."""


def returned_files(folder: Path, tell: Callable[[Finding], None]) -> Iterator[tuple[str, bytes]]:
    """Files by name below the folder (NFC, slashes), in order; hidden ones and those of systems are left out.

    Args:
        folder: `inputs/signed` of a campaign.
        tell: told of files that cannot be read, and of those that are still being copied.
    """
    for name, path in sorted(_files(folder)):
        shown = Cell(f"inputs/{folder.name}/{name}")
        try:
            blob = _whole(path)
            if blob is None:
                tell(finding("original.copying", shown))
                continue
            yield from members(name, blob)
        except Unusable as error:
            fresh = time.time() - path.stat().st_mtime < _QUIET_SECONDS
            tell(finding("original.copying" if fresh else error.code, shown, **error.params))
        except OSError as error:
            tell(finding("file.unreadable", shown, problem=error.strerror or ""))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in inside)
        if not hidden and path.name.casefold() not in _SYSTEM and path.is_file() and not path.is_symlink():
            yield unicodedata.normalize("NFC", _readable("/".join(inside))), path


def _readable(name: str) -> str:
    """The name as text: where a disk holds one that is not UTF-8, it came from Korean Windows (CP949)."""
    blob = os.fsencode(name)
    try:
        return blob.decode()
    except UnicodeDecodeError:
        return blob.decode("cp949", "replace")


def _whole(path: Path) -> bytes | None:
    """The file's bytes; None while somebody is still writing it."""
    before = path.stat()
    if before.st_size > MOST_BYTES:
        raise Unusable("original.large")
    blob = path.read_bytes()
    after = path.stat()
    unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return blob if unchanged and after.st_size == len(blob) else None
