"""What the machine is like: disk, permissions, versions of libraries."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

_PIN = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^ \\;]+)")
_OTHERS = 0o077


def free_megabytes(folder: Path) -> int:
    """On the disk that holds a folder."""
    return shutil.disk_usage(folder).free // 1_000_000


def megabytes(folder: Path) -> int:
    """All files below a folder."""
    sizes = (os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(folder) for name in names)  # noqa: PTH118 - tens of thousands
    return sum(sizes) // 1_000_000


def open_to_others(folder: Path) -> list[Path]:
    """Files and folders below a folder, itself included, whose mode lets others in; none where there are no modes."""
    if sys.platform == "win32" or not folder.is_dir():
        return []
    every = (path for path in (folder, *sorted(folder.rglob("*"))) if not path.is_symlink())
    return [path for path in every if path.stat().st_mode & _OTHERS]


def close_to_others(paths: list[Path]) -> None:
    """Take away what others may.

    Raises:
        OSError: they belong to somebody else.
    """
    for path in paths:
        path.chmod(path.stat().st_mode & 0o700)


def unlike_pins() -> Iterator[tuple[str, str, str]]:
    """Libraries whose version is not the pinned one: name, installed ('' for none), pinned. None without a list."""
    pins = Path(__file__).parents[2] / "requirements.txt"
    if not pins.is_file():
        return
    for name, wanted in _PIN.findall(pins.read_text(encoding="utf-8")):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = ""
        if found != wanted:
            yield name, found, wanted
