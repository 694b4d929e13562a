"""What the machine is like: disk, permissions, versions of libraries."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pipeline import __version__

_PIN = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^ \\;]+)")
_OTHERS = 0o077
LIBRARIES = (
    "jinja2", "docxtpl", "python-docx", "lxml", "markupsafe", "pillow", "segno", "pikepdf", "pypdf", "pypdfium2",
    "reportlab", "pyzipper", "zxing-cpp", "opencv-python-headless", "pyhanko",
)  # fmt: skip
"""Whose version shows in what is made, or in what is read of it."""


def free_megabytes(folder: Path) -> int:
    """On the disk that holds a folder."""
    return shutil.disk_usage(folder).free // 1_000_000


def megabytes(folder: Path) -> int:
    """All files below a folder."""
    return sum(about.st_size for _, about in _below(folder) if not stat.S_ISDIR(about.st_mode)) // 1_000_000


def open_to_others(folder: Path) -> list[Path]:
    """Files and folders below a folder, itself included, whose mode lets others in; none where there are no modes."""
    if sys.platform == "win32" or not folder.is_dir():
        return []
    every = ((str(folder), folder.lstat()), *_below(folder))
    return sorted(Path(path) for path, about in every if about.st_mode & _OTHERS and not stat.S_ISLNK(about.st_mode))


def _below(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Files and folders below a folder, with what they are."""
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = os.path.join(place, name)  # noqa: PTH118 - tens of thousands
            # What goes while we look is not there: a run beside this one renames its temporary files.
            with contextlib.suppress(OSError):
                yield path, os.lstat(path)


def close_to_others(paths: list[Path]) -> None:
    """Take away what others may.

    Raises:
        OSError: they belong to somebody else.
    """
    for path in paths:
        path.chmod(path.stat().st_mode & 0o700)


@functools.cache
def program() -> str:
    """Version of this program, and a digest of its source: two clones may bear one version."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{__version__} ({digest.hexdigest()[:12]})"


@functools.cache
def version(library: str) -> str:
    """Of an installed library, '' when it is not."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def unlike_pins() -> Iterator[tuple[str, str, str]]:
    """Libraries whose version is not the pinned one: name, installed ('' for none), pinned. None without a list."""
    pins = Path(__file__).parents[2] / "requirements.txt"
    if not pins.is_file():
        return
    for name, wanted in _PIN.findall(pins.read_text(encoding="utf-8")):
        if (found := version(name)) != wanted:
            yield name, found, wanted
