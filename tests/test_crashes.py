"""Killed at any moment, and run again: the same end. `python -m tools.prove_crashes` does it 200 times."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPOSITORY, Folder
from test_faults import pdf_of
from test_returned_pile import template
from verdict import here

from pipeline.doors.scratch import sweep
from tools.prove_crashes import Options, prove
from tools.prove_crashes_state import differences, left_over, state
from tools.prove_crashes_watch import Watch

WORD = "outputs/agreements/서울특별시/A-1100-0001_서울특별시장_남궁한결.docx"


@pytest.mark.office
@pytest.mark.slow
def test_killed_at_any_moment(folder: Folder, tmp_path: Path) -> None:
    folder.write("templates/agreement.docx", template())
    shutil.copy(REPOSITORY / "templates/volume.docx", folder.root / "templates")
    (tmp_path / "lives").mkdir()
    asked = Options(kills=3, seed=7, source=folder.root, wanted=(), kills_a_step=1)
    report = prove(tmp_path / "lives", asked)
    assert report.kills.total() == 3
    assert report.published > 20
    assert report.is_good, "\n".join(report.lines())


# --- that the test would see it -----------------------------------------------------------------------------------


def test_no_difference_between_equal_lives(folder: Folder, tmp_path: Path) -> None:
    assert here(folder, "make", "--jobs", "1").code == 3
    other = Folder(tmp_path / "other" / "campaign")
    assert here(other, "make", "--jobs", "1").code == 3
    assert differences(state(folder.root), state(other.root)) == []


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (lambda root: (root / WORD).unlink(), "files"),
        (lambda root: (root / WORD).write_bytes(b"other"), "files"),
        (lambda root: (root / "outputs/more.txt").write_bytes(b"more"), "files"),
        (lambda root: pdf_of(1, root / "outputs/more.pdf"), "PDF"),
    ],
    ids=["lost", "changed", "one too many", "another PDF"],
)
def test_differences_are_seen(folder: Folder, spoil: Callable[[Path], object], part: str) -> None:
    assert here(folder, "make", "--jobs", "1").code == 3
    before = state(folder.root)
    spoil(folder.root)
    assert {one.split(":")[0] for one in differences(before, state(folder.root))} == {part}


def rename(path: Path, blob: bytes) -> None:
    path.with_name(f".{path.name}.1.tmp").write_bytes(blob)
    path.with_name(f".{path.name}.1.tmp").rename(path)


def in_place(path: Path, blob: bytes) -> None:
    path.write_bytes(blob)


HALF = "%PDF-1.7 half of one"


@pytest.mark.parametrize(
    ("write", "name", "text", "seen"),
    [
        (rename, "list.csv", "가,나", []),
        (rename, "new/list.csv", "가,나", []),
        (in_place, ".list.csv.1.tmp", "가,나", []),
        (in_place, "register.sqlite-wal", "가,나", []),
        (in_place, "list.csv", "가,나", ["list.csv: written under its final name"]),
        (rename, "list.csv", "", ["list.csv: not whole"]),
        (rename, "paper.pdf", HALF, ["paper.pdf: not whole: PdfError"]),
        (rename, "new/paper.docx", HALF, ["new/paper.docx: not whole: BadZipFile"]),
        (rename, "index.html", "<html>", ["index.html: not whole"]),
    ],
)
def test_watcher(tmp_path: Path, write: Callable[[Path, bytes], None], name: str, text: str, seen: list[str]) -> None:
    watch = Watch(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    watch.look(0.1)
    write(tmp_path / name, text.encode())
    watch.look(1)
    assert watch.violations == seen


def test_watcher_sees_a_folder_take_its_place_and_go(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    for _ in range(2):
        new, old, final = tmp_path / ".bag.new.tmp", tmp_path / ".bag.old.tmp", tmp_path / "bag"
        (new / "data").mkdir(parents=True)
        (new / "data/list.csv").write_text("가,나", encoding="utf-8")
        if final.exists():
            final.rename(old)
        new.rename(final)
        watch.look(0.1)
        shutil.rmtree(old, ignore_errors=True)
        watch.look(0.1)
    assert watch.violations == []
    (tmp_path / "bag/data/list.csv").write_text("다", encoding="utf-8")
    watch.look(0.1)
    assert watch.violations == ["bag/data/list.csv: written under its final name"]


def test_scratch_of_the_dead_is_swept_and_that_of_the_living_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    zombie = subprocess.Popen(["true"])
    time.sleep(0.2)  # nobody asks for its exit code
    for pid in (zombie.pid, os.getpid(), 4_000_000_000):
        (tmp_path / f"hyeopyak-{pid}-a").mkdir()
    (tmp_path / "hyeopyak-x").mkdir()
    assert sweep() == 2
    zombie.wait()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([f"hyeopyak-{os.getpid()}-a", "hyeopyak-x"])


def test_what_is_left_is_seen(tmp_path: Path) -> None:
    root, scratch = tmp_path / "campaign", tmp_path / "scratch"
    (root / "outputs").mkdir(parents=True)
    scratch.mkdir()
    assert left_over(root, scratch) == []
    (root / "outputs/.a.docx.77.tmp").touch()
    (scratch / "hyeopyak-77-x").mkdir()
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=scratch)
    try:
        time.sleep(0.2)
        assert left_over(root, scratch) == ["outputs/.a.docx.77.tmp", "hyeopyak-77-x", f"process {sleeper.pid}"]
    finally:
        sleeper.kill()
        sleeper.wait()
