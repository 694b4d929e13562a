"""Digests of issued files are remembered, and never believed of a file that may be another one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Folder
from verdict import here

from pipeline.doors import digests, files
from pipeline.doors.digests import FILE, Digests


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three files, remembered as if they had been written long ago."""
    monkeypatch.setattr(digests, "_COARSE", -1_000_000_000)
    for name in ("가.docx", "나.docx", "다.docx"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    first = Digests.remembered(tmp_path)
    assert len(first.of(["가.docx", "나.docx", "다.docx", "없음.docx"])) == 3
    first.save()
    return tmp_path


def read_now(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that had to be read, and all digests are right."""
    read: list[str] = []
    digest = files.digest

    def watched(path: Path) -> str:
        read.append(path.name)
        return digest(path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "digest", watched)
        found = Digests.remembered(place).of(["가.docx", "나.docx", "다.docx"])
    assert found == {path.name: digest(path) for path in place.glob("*.docx")}
    return read


def same_size_and_time(path: Path) -> None:
    """What somebody would do who wants to hide a change."""
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("docx", "docX"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_name("다른 것")
    other.write_bytes(path.read_bytes())
    other.replace(path)


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "another text": (lambda path: path.write_text("다른 말", encoding="utf-8"), ["가.docx"]),
    "another text, size and time put back": (same_size_and_time, ["가.docx"]),
    "touched": (os.utime, ["가.docx"]),
    "another file of the same text": (replaced, ["가.docx"]),
    "gone": (Path.unlink, []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_read_again(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change, read = CHANGES[name]
    change(place / "가.docx")
    assert read_now(place, monkeypatch) == read


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", '{"layout": 1, "files": {}}', '{"layout": 2}', '{"layout": 2, "files": 3}',
        '{"layout": 2, "files": {"가.docx": []}}', '{"layout": 2, "files": {"가.docx": [1, "x", 2, 3, "digest"]}}',
        '{"layout": 2, "files": {"가.docx": ["digest"]}}', '{"layout": 2, "files": {"가.docx": [3, 4]}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_memory_is_no_memory(content: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / FILE).write_text(content, encoding="utf-8")
    assert len(read_now(place, monkeypatch)) == 3


def test_what_was_just_written_is_not_believed_yet(tmp_path: Path) -> None:
    """A second change within the tick of a coarse clock would not be seen."""
    path = tmp_path / "가.docx"
    path.write_text("가", encoding="utf-8")
    memory = Digests.remembered(tmp_path)
    memory.note("가.docx", files.digest(path))
    memory.save()
    assert not (tmp_path / FILE).exists()
    assert time.time() - path.stat().st_mtime < 2


def test_a_paper_changed_by_hand_is_seen(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_COARSE", -1_000_000_000)
    assert here(folder, "make", "--jobs", "1").code == 3
    assert here(folder, "make", "--jobs", "1").code == 3
    kept = json.loads((folder.root / "outputs" / FILE).read_text(encoding="utf-8"))["files"]
    assert sorted(kept) == sorted(folder.outputs())
    assert (folder.root / "outputs" / FILE).stat().st_mode & 0o077 == 0
    same_size_and_time_of_bytes(folder.root / "outputs" / next(iter(kept)))
    result = here(folder, "make", "--json", "--jobs", "1")
    assert "output.altered" in result.codes


def same_size_and_time_of_bytes(path: Path) -> None:
    before, blob = path.stat(), path.read_bytes()
    path.write_bytes(blob[:-1] + bytes([blob[-1] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
