"""LibreOffice started before there are files: what happens to it, beside what comes of the files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.doors import office, pdf, programs
from pipeline.doors.office import Office
from pipeline.doors.scratch import scratch
from pipeline.doors.word.probe import WORD, probe
from pipeline.run.working import get_ready

pytestmark = [pytest.mark.office]
Process = subprocess.Popen[bytes]


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as place:
        yield place


def ahead(folder: Path) -> tuple[Office, Process]:
    """A LibreOffice that waits in a folder."""
    press = Office(office.find_office(), folder)
    press.start()
    within(30, lambda: listens(folder))
    return press, office._AHEAD[folder]


def within(seconds: float, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def listens(folder: Path) -> bool:
    """Whether there is a socket for a profile; other tests have others."""
    return any(path.exists() for path in office._sockets(folder / "profile"))


def says(blob: bytes) -> bool:
    return any(WORD in page.text for page in pdf.pages(blob))


def running(folder: Path) -> list[str]:
    """Processes that were started in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.append((entry / "comm").read_text())
        except OSError:
            continue
    return found


def gone(folder: Path) -> None:
    """Nothing runs there; the system takes a moment to end a group."""
    within(5, lambda: not running(folder))


def test_files_are_handed_to_it_and_it_leaves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine that does much else takes longer.
    monkeypatch.setattr(office, "_SECONDS_TO_LEAVE", 60)
    press, process = ahead(folder)
    assert says(press.convert([probe()], 1)[0])
    assert process.returncode == 0
    gone(folder)
    assert not listens(folder)


def test_a_second_conversion_is_an_ordinary_start(folder: Path) -> None:
    press, _ = ahead(folder)
    assert [says(press.convert([probe()], 1)[0]) for _ in range(2)] == [True, True]
    gone(folder)


def test_many_files_at_once(folder: Path) -> None:
    press, _ = ahead(folder)
    assert all(map(says, press.convert([probe()] * 60, 60)))


def test_it_prints_what_an_ordinary_start_prints(folder: Path) -> None:
    (folder / "plain").mkdir()
    plain = Office(office.find_office(), folder / "plain").convert([probe()], 1)[0]
    press, _ = ahead(folder)
    assert without_dates(press.convert([probe()], 1)[0]) == without_dates(plain)


def without_dates(blob: bytes) -> bytes:
    return re.sub(rb"/CreationDate\(.*?\)|<[0-9A-F]{32}>|/DocChecksum /[0-9A-F]+", b"", blob)


def test_nobody_hands_it_files(tmp_path: Path) -> None:
    with scratch() as place:
        (place / "worker").mkdir()
        _, process = ahead(place / "worker")
        assert process.poll() is None
    assert process.returncode == -signal.SIGKILL
    assert not office._AHEAD
    assert not listens(place / "worker")


@pytest.mark.parametrize("files", [0, 1], ids=["ahead", "with files"])
def test_it_ends_with_who_started_it(folder: Path, files: int) -> None:
    """Who was killed could not end it."""
    code = f"""
import os, signal, time
from pathlib import Path
from pipeline.doors import office, programs
press = office.Office(office.find_office(), Path({str(folder)!r}))
press.start() if not {files} else press._started("--convert-to", "pdf", "missing.docx")
while not any(path.exists() for path in office._sockets(press._folder / "profile")):
    time.sleep(0.01)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    gone(folder)


def killed(process: Process) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stopped(process: Process) -> None:
    os.killpg(process.pid, signal.SIGSTOP)


def test_one_that_was_killed(folder: Path) -> None:
    press, process = ahead(folder)
    killed(process)
    assert says(press.convert([probe()], 1)[0])
    gone(folder)


@pytest.mark.parametrize("seconds", [0, 0.02, 0.05, 0.1])
def test_one_that_has_only_just_been_started(folder: Path, seconds: float) -> None:
    press = Office(office.find_office(), folder)
    press.start()
    time.sleep(seconds)
    assert says(press.convert([probe()], 1)[0])
    gone(folder)


def test_one_that_answers_no_more_takes_the_files_with_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As any LibreOffice that hangs: that is told, and the next start is another one."""
    press, process = ahead(folder)
    stopped(process)
    monkeypatch.setenv("HYEOPYAK_OFFICE_SECONDS", "0.5")
    monkeypatch.setattr(office, "_SECONDS_TO_LEAVE", 0.1)
    with pytest.raises(office.Failure, match="did not answer in time"):
        press.convert([probe()], 1)
    monkeypatch.delenv("HYEOPYAK_OFFICE_SECONDS")
    assert says(press.convert([probe()], 1)[0])
    gone(folder)


def full(*_: object, **__: object) -> None:
    raise BlockingIOError


def test_no_room_for_a_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(programs, "start", full)
        Office(office.find_office(), folder).start()
    assert says(Office(office.find_office(), folder).convert([probe()], 1)[0])


def test_no_room_for_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", full)
    get_ready(office.find_office(), folder)
    assert not office._AHEAD


def test_a_program_that_cannot_be_started(folder: Path) -> None:
    Office(str(folder / "missing"), folder).start()
    assert says(Office(office.find_office(), folder).convert([probe()], 1)[0])
    gone(folder)
