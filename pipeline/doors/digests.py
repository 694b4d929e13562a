"""SHA-256 of issued files, remembered from run to run: 18,000 files that nobody touched need not be read again.

A file is the same as long as its size, inode and both its times are (as version control systems decide it). The memory
is no evidence: lost or damaged it is made anew, `hyeopyak doctor` never asks it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pipeline.doors import files
from pipeline.model.documents import Chunks
from pipeline.model.errors import Trouble

FILE = ".digests.json"
_LAYOUT = 2
_COARSE = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system (FAT). What changed twice within one tick looks unchanged."""
_SHARE = 200
"""Of so many files, one may be another than is written down."""

_Known = tuple[str, str]
"""Of a file, its stamp (size in bytes, inode, and when content and state changed, in ns), and its digest."""
_UNKNOWN: _Known = ("", "")


class Digests:
    """What is known of files below a folder."""

    def __init__(self, folder: Path, known: dict[str, _Known]) -> None:
        self._folder, self._before = folder, known
        self._known: dict[str, _Known] = {}

    @classmethod
    def remembered(cls, folder: Path) -> Self:
        """As the last run left it; empty where that cannot be read."""
        try:
            kept = json.loads(files.whole(folder / FILE))
            rows = kept["files"] if kept["layout"] == _LAYOUT else {}
            known = {name: (stamp, digest) for name, (stamp, digest) in rows.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            known = {}
        return cls(folder, known)

    def of(self, names: Iterable[str]) -> dict[str, str]:
        """SHA-256 of each file that exists, by its path below the folder; only what has changed is read."""
        found: dict[str, str] = {}
        for name in names:
            stamp = _stamp(f"{self._folder}/{name}")
            if not stamp:
                continue
            before, digest = self._before.get(name, _UNKNOWN)
            if before != stamp:
                digest = files.digest(self._folder / name)
            if digest:
                found[name] = digest
                self._known[name] = (stamp, digest)
        return found

    def note(self, name: str, digest: str) -> None:
        """A file that was just written."""
        if stamp := _stamp(f"{self._folder}/{name}"):
            self._known[name] = (stamp, digest)

    def save(self) -> None:
        """Keep it for the next run. A disk without room for it only costs time then."""
        recent = time.time_ns() - _COARSE
        changed = {name for name, own in self._known.items() if self._before.get(name) != own}
        early = {name for name in changed if _changed_at(self._known[name][0]) >= recent}
        rows = {name: own for name, own in self._known.items() if name not in early}
        others = len(changed - early) + len(self._before.keys() - rows.keys())
        # A few files are read again as quickly as all the others are written down.
        if others * _SHARE <= len(rows):
            return
        blob = json.dumps({"layout": _LAYOUT, "files": rows}, ensure_ascii=False).encode()
        try:
            files.publish(self._folder, [(FILE, blob)])
        except Trouble:
            return


def sha256(chunks: Chunks) -> str:
    """Of a file that is not written yet."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _stamp(path: str) -> str:
    """'' where there is no such file."""
    try:
        about = os.stat(path)  # noqa: PTH116 - a Path for each of 18,000 files would take as long as all the rest
    except OSError:
        return ""
    return f"{about.st_size} {about.st_ino} {about.st_mtime_ns} {about.st_ctime_ns}"


def _changed_at(stamp: str) -> int:
    """When a file was last changed, in ns."""
    return max(map(int, stamp.split()[2:]))
