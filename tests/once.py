"""What costs much is built once for all workers of a run (pytest-xdist); each test module gets a copy of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Folder
from filelock import FileLock


def once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder of this name that `build` has filled; nobody may change what is in it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"once-{name}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            under_way = folder.with_name(f"{folder.name}-under-way")
            shutil.rmtree(under_way, ignore_errors=True)  # of a worker whose attempt failed
            build(under_way)
            under_way.rename(folder)
    return folder


def copied(root: Path, target: Path) -> Folder:
    """The same campaign elsewhere."""
    shutil.copytree(root, target)
    return at(target)


def at(root: Path) -> Folder:
    """A campaign that is there."""
    folder = Folder.__new__(Folder)
    folder.root = root
    return folder
