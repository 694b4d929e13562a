"""Hostile inputs: no code runs, nothing outside the campaign is touched, no connection is attempted.

Every case runs under a guard: Python's audit events tell each file opened to be written, each program started, each
socket. What LibreOffice does with such documents stands in `test_office.py`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Folder
from hostile import CANARY, CASES, Case
from verdict import here, scratch_of, with_papers

_ALLOWED = ("fc-list", "unshare")
_CHANGING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.link"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Guard:
    """What a run must not do, as it is seen. A hook of this sort stays for ever: it is switched."""

    def __init__(self) -> None:
        self.inside: tuple[Path, ...] = ()
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.inside:
            return
        if event in {"socket.connect", "socket.getaddrinfo", "socket.bind", "os.system", "os.exec", "os.posix_spawn"}:
            self.seen.append(event)
        elif event == "subprocess.Popen" and Path(str(arguments[0])).name not in _ALLOWED:
            self.seen.append(f"{event} {arguments[0]}")
        elif event in _CHANGING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
            self._write(arguments[0])

    def _write(self, path: Any) -> None:
        if isinstance(path, (str, bytes)) and os.fsdecode(path) != os.devnull:
            place = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - links must not be followed
            if not any(place.is_relative_to(one) for one in self.inside):
                self.seen.append(f"write {place}")


GUARD = Guard()


@contextmanager
def guarded(*inside: Path) -> Iterator[list[str]]:
    GUARD.inside, GUARD.seen = inside, []
    try:
        yield GUARD.seen
    finally:
        GUARD.inside = ()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_hostile(case: Case, folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    with_papers(folder, tmp_path_factory.getbasetemp())
    if case.command[0] == "collect":
        issue_pages(folder)
    case.plant(folder)
    outside = folder.root.parent
    with guarded(folder.root, scratch_of(folder)) as seen:
        result = here(folder, *case.command, "--json")
    assert result.code != 70, result.err
    told = result.json["findings"]
    found = {one["code"] for one in told if one["level"] != "note" or one["code"].startswith("original.")}
    assert found - {"office.missing", "return.open", "return.nothing", "template.unused"} == set(case.codes)
    assert seen == []
    assert {path.name for path in outside.iterdir()} <= {folder.root.name, "scratch"}, CANARY
    for blob in folder.outputs().values():
        assert b"root:x:0" not in blob


def issue_pages(folder: Folder) -> None:
    """Pages on record, as if PDFs had been made: without them there is nothing to match."""
    import sqlite3

    with sqlite3.connect(folder.root / "outputs/register.sqlite") as register:
        register.execute("INSERT INTO pages SELECT max(id), 1, '7K3M9Q2A', 'x' FROM editions")
    register.close()


def test_there_are_enough() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize(
    ("harm", "event"),
    [
        (lambda place: (place / "x").write_text("x"), "write"),
        (lambda place: os.system("true"), "os.system"),  # noqa: S605
        (lambda place: __import__("subprocess").run(["true"], check=True), "subprocess.Popen true"),
        (lambda place: __import__("socket").getaddrinfo("127.0.0.1", 9), "socket.getaddrinfo"),
    ],
)
def test_the_guard_sees(harm: Any, event: str, tmp_path: Path) -> None:
    with guarded(tmp_path / "inside") as seen:
        harm(tmp_path)
    assert any(one.startswith(event) for one in seen)
