"""Watches a folder from a process of its own: `python -m tools.prove_crashes_watch OUTPUTS REPORT`, until SIGTERM.

Whoever opens a file under its final name must find it whole. So each file has to take its name by a rename (inotify:
`IN_MOVED_TO`), and to be whole when it does; one that is created or written under its final name is a violation.
Temporary names (`.NAME.tmp`), what SQLite keeps, the lock and logs are no results. Linux only.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import re
import select
import signal
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import Image

_MODIFY, _CLOSE_WRITE, _MOVED_TO, _CREATE = 0x2, 0x8, 0x80, 0x100
_OVERFLOW, _FOLDER = 0x4000, 0x4000_0000
_EVENT = struct.Struct("iIII")
_NO_RESULT = re.compile(
    r"\..*\.tmp|register\.sqlite(-wal|-shm|-journal)?|\.(lock|holder)|\.(digests|memory)\.json|logs"
)
_END = 1024


def is_result(path: Path, root: Path) -> bool:
    """Whether a file below `root` bears a final name, all the way up."""
    return not any(map(_NO_RESULT.fullmatch, path.relative_to(root).parts))


def fault(path: Path) -> str:
    """Why a file is not whole, '' when it is, or gone again."""
    try:
        blob = path.read_bytes()
    except FileNotFoundError:
        return ""
    try:
        return "" if blob and _is_whole(path.suffix, blob) else "not whole"
    except Exception as error:  # noqa: BLE001 - each library has its own
        return f"not whole: {type(error).__name__}"


def _is_whole(suffix: str, blob: bytes) -> bool:
    if suffix in {".docx", ".xlsx", ".zip"}:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            return package.testzip() is None
    if suffix == ".pdf":
        with pikepdf.open(io.BytesIO(blob)) as document:
            return b"%%EOF" in blob[-_END:] and len(document.pages) > 0
    if suffix in {".png", ".jpg"}:
        with Image.open(io.BytesIO(blob)) as image:
            image.load()
    if suffix == ".json":
        json.loads(blob)
    if suffix == ".html":
        return blob.rstrip().endswith(b"</html>")
    return True


class Watch:
    """Everything below a folder.

    Args:
        root: the folder; it exists.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._handle < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._folders: dict[int, Path] = {}
        self.published = 0
        self.violations: list[str] = []
        self._add(root)

    def _add(self, folder: Path) -> None:
        """Watch a folder and those below; what was put there before it was watched is looked at, too."""
        mask = _MODIFY | _CLOSE_WRITE | _MOVED_TO | _CREATE
        number = self._libc.inotify_add_watch(self._handle, os.fsencode(folder), mask)
        if number < 0:
            return  # gone again
        self._folders[number] = folder
        try:
            found = sorted(folder.iterdir())
        except FileNotFoundError:
            return
        for path in found:
            if path.is_dir():
                self._add(path)
            else:
                self._seen(path)

    def _seen(self, path: Path) -> None:
        if not is_result(path, self._root):
            return
        self.published += 1
        if problem := fault(path):
            self._violated(path, problem)

    def _violated(self, path: Path, problem: str) -> None:
        told = f"{path.relative_to(self._root)}: {problem}"
        if told not in self.violations:
            self.violations.append(told)

    def look(self, seconds: float) -> None:
        """Wait for what happens next, and judge it."""
        if not select.select([self._handle], [], [], seconds)[0]:
            return
        for number, mask, name in self._events():
            if mask & _OVERFLOW:
                self.violations.append("more happened than could be watched")
                continue
            path = self._folders[number] / name
            if mask & _FOLDER:
                self._add(path)
            elif mask & _MOVED_TO:
                self._seen(path)
            elif mask & (_MODIFY | _CLOSE_WRITE | _CREATE) and is_result(path, self._root):
                self._violated(path, "written under its final name")

    def _events(self) -> Iterator[tuple[int, int, str]]:
        blob = os.read(self._handle, 1 << 20)
        place = 0
        while place < len(blob):
            number, mask, _, length = _EVENT.unpack_from(blob, place)
            place += _EVENT.size + length
            yield number, mask, os.fsdecode(blob[place - length : place].rstrip(b"\0"))


def main() -> None:
    """Watch until told to end; then write what was seen as JSON."""
    root, report = Path(sys.argv[1]), Path(sys.argv[2])
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    watch = Watch(root)
    report.with_suffix(".ready").touch()
    while not ended:
        watch.look(0.1)
    watch.look(0.1)
    report.write_text(json.dumps({"published": watch.published, "violations": watch.violations}), encoding="utf-8")


if __name__ == "__main__":
    main()
