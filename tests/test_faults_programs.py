"""Foreign programs fail in every way, and the machine runs short: each fault beside what the run ends with.

`test_faults.py` has the plain cases and the tools; here are the stubborn ones.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import bound
import numpy as np
import pytest
from conftest import REPOSITORY, TEMPLATE, Folder, word
from heavy_work import cut_off, halves, hungry, killed, told_while_sending
from pikepdf import Pdf
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from test_collect import record
from test_faults import NUMBERS, SOFFICE, WORDS, is_alive, numbers, start, told, undisturbed, wait_for
from verdict import here, names, scratch_of, with_papers

from pipeline.doors import office, programs, workers
from pipeline.doors.office import Failure
from pipeline.doors.register import Register
from pipeline.doors.scans import printed
from pipeline.doors.scans.simulated.writing import png_bytes
from pipeline.doors.word.template import WordTemplate
from pipeline.doors.word.text import plain_text
from pipeline.korean.filters import FILTERS
from pipeline.model.findings import errors
from pipeline.run import Options, make
from pipeline.run.working import CAPTIONS
from pipeline.steps.convert import Fonts, convert
from pipeline.steps.render import render

BAD = NUMBERS[1]


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The three candidates' campaign with its Word files; PDFs are waiting."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


# --- LibreOffice -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("soffice", "said"),
    [
        ("talks.sh", "no PDF came out"),
        ("leaves_children.sh", "no PDF came out"),
        ("deaf.sh", "it did not answer in time"),
    ],
)
def test_office_that_does_not_behave(made: Folder, soffice: str, said: str) -> None:
    """`end` proves that no process of it is left."""
    before = made.outputs()
    run = start(made, "make", "--json", "--jobs", "1", soffice=soffice, HYEOPYAK_OFFICE_SECONDS="1.5")
    result = run.end()
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert said in result.out
    assert made.outputs() == before


def uncomposable() -> bytes:
    """A template whose documents are converted one by one, many in a start."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TEMPLATE)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            field = b'<w:p><w:fldSimple w:instr=" NUMPAGES "/></w:p><w:sectPr'
            new.writestr(name, old.read(name).replace(b"<w:sectPr", field, 1))
    return buffer.getvalue()


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "how", "verdict", "papers"),
    [
        (TEMPLATE, "once", (0, []), NUMBERS),
        (uncomposable(), "always", (4, [f"convert.failed {BAD}"]), [NUMBERS[0], NUMBERS[2]]),
    ],
    ids=["composed, once", "one by one, always"],
)
def test_office_that_dies_at_the_nth_document(
    folder: Folder, tmp_path: Path, template: bytes, how: str, verdict: object, papers: list[str]
) -> None:
    folder.write("templates/agreement.docx", template)
    fault = {"FAULT_WORD": "도하늘", "FAULT_HOW": "die"}
    if how == "once":
        fault["FAULT_ONCE"] = str(tmp_path / "once")
    result = start(folder, "make", "--json", "--jobs", "1", soffice="refuses_one.py", **fault).end()
    assert (result.code, told(result)) == verdict
    assert numbers(folder, ".pdf") == papers


class Drawn:
    """In the place of LibreOffice: draws the words of a Word file on a page, but for that of `BAD`."""

    def __init__(self, fault: str) -> None:
        self._fault = fault
        self._first = b""

    def convert(
        self, files: Sequence[bytes], _documents: int, _size: int = 0, _meanwhile: object = None
    ) -> list[bytes]:
        if self._fault == "dies" and any(BAD in text_of(one) for one in files):
            raise Failure("it was ended by a signal")
        return [self._pdf(text_of(one)) for one in files]

    def _pdf(self, text: str) -> bytes:
        blob = drawn(text)
        self._first = self._first or blob
        if BAD not in text:
            return blob
        return {
            "": blob,
            "dies": blob,
            "blank page": drawn(""),
            "of another document": self._first,
            "bears another number": drawn(f"{text} {NUMBERS[0]}"),
            "loses a word": drawn(text.replace("협약한다.", "")),
            "cut off": blob[: len(blob) // 2],
            "no page": no_page(),
            "nothing": b"",
        }[self._fault]


def text_of(blob: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        parts = [name for name in package.namelist() if re.fullmatch(r"word/(document|footer\d*)\.xml", name)]
        return " ".join(plain_text(package.read(name).decode()) for name in parts)


def drawn(text: str) -> bytes:
    buffer = io.BytesIO()
    registerFont(TTFont("Drawn", office.font_file(*CAPTIONS)))
    canvas = Canvas(buffer)
    canvas.setFont("Drawn", 9)
    for line, one in enumerate(text.split()):
        canvas.drawString(100, 700 - 12 * line, one)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def no_page() -> bytes:
    buffer = io.BytesIO()
    Pdf.new().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("", []),
        ("blank page", ["convert.check"]),
        ("of another document", ["convert.check", "convert.check"]),
        ("bears another number", ["convert.check"]),
        ("loses a word", ["convert.check"]),
        ("cut off", ["convert.failed"]),
        ("no page", ["convert.failed"]),
        ("nothing", ["convert.failed"]),
        ("dies", ["convert.failed"]),
    ],
)
def test_a_pdf_that_is_not_the_document(folder: Folder, fault: str, codes: list[str]) -> None:
    folder.write("templates/agreement.docx", uncomposable())
    jobs = make(Options(folder.root, dry_run=True), (), lambda *_: None).jobs
    template = WordTemplate(uncomposable(), FILTERS, "agreement.docx", {})
    rendered, _ = render(template, jobs)
    done, findings = convert(rendered, template.static, Drawn(fault), Fonts())  # type: ignore[arg-type]
    found = [f"{one.code} {one.subject}" for one in errors(findings)]
    assert found == [f"{code} {BAD}" for code in codes]
    assert [one.job.number for one in done] == [one for one in NUMBERS if one != BAD or not codes]


# --- other programs ----------------------------------------------------------------------------------------------


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("cat; echo said >&2", "asked"),
        ("exit 3", ""),
        ("kill -9 $$", ""),
        ("echo half; setsid sleep 600 & sleep 600 &", "half\n"),
        ("sleep 600 & wait", None),
        ("trap '' TERM INT; sleep 600 & wait", None),
    ],
    ids=["answers", "fails", "dies", "leaves children that hold its stream", "hangs", "is deaf"],
)
def test_a_program_that_is_asked(tmp_path: Path, script: str, answer: str | None) -> None:
    path = program(tmp_path, "one", f"cd {tmp_path}; {script}")
    assert programs.answer([str(path)], 0.5, b"asked") == answer
    programs.end_all_in(tmp_path)
    wait_for(lambda: not below(tmp_path))


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert programs.answer([str(tmp_path / "none")], 1) is None


def below(folder: Path) -> list[int]:
    """Processes that work in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder) and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder at the head of PATH; what doors remember of programs is forgotten, before and after."""
    folder = tmp_path / "bin"
    folder.mkdir()
    known = (office.installed_fonts, office.font_file, printed._program)
    for one in known:
        one.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        patch.setattr(printed, "_SILENT", [])
        yield folder
    for one in known:
        one.cache_clear()


def test_fontconfig_that_hangs_is_asked_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = path / "log"
    program(path, "fc-list", f"echo asked >>{log}; sleep 600 & wait")
    monkeypatch.setenv("HYEOPYAK_OFFICE_SECONDS", "0.3")
    assert (office.installed_fonts(), office.font_file(*CAPTIONS)) == ({}, "")
    assert log.read_text("ascii") == "asked\n"


def test_fontconfig_that_is_missing(path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is claimed about fonts."""
    monkeypatch.setenv("PATH", str(path))
    assert here(folder, "make", "--jobs", "1").code == 3
    assert sorted(folder.outputs()) == WORDS


def test_tesseract_that_hangs_is_asked_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = path / "log"
    program(path, "tesseract", f"echo asked >>{log}; sleep 600 & wait")
    monkeypatch.setattr(printed, "_SECONDS", 0.3)
    page = np.full((400, 300), 255, np.uint8)
    assert [printed.suggest(page) for _ in range(3)] == ["", "", ""]
    assert log.read_text("ascii") == "asked\n"


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "head -c 9000000 /dev/zero"])
def test_tesseract_that_fails(path: Path, script: str) -> None:
    program(path, "tesseract", script)
    assert printed.suggest(np.full((400, 300), 255, np.uint8)) == ""


# --- workers of collect and compile ------------------------------------------------------------------------------


def in_workers(tmp_path: Path, code: str) -> dict[str, str]:
    """The environment in which workers, and only they, run some Python first."""
    site = tmp_path / "site" / "sitecustomize.py"
    site.parent.mkdir(exist_ok=True)
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    site.write_text(f'import sys\nif "--multiprocessing-fork" in sys.orig_argv:\n{body}', encoding="utf-8")
    return {"PYTHONPATH": f"{site.parent}{os.pathsep}{Path(__file__).parent.parent}"}


KILLED_AT_A_PAGE = """
import os, signal
import pipeline.run.reading as reading
whole = reading.read_pages
def read_pages(task):
    if task.name == "b.png":
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(task)
reading.read_pages = read_pages
"""


@pytest.mark.slow
def test_a_reader_that_is_killed(folder: Folder, tmp_path: Path) -> None:
    """The page is named and the others are read; the next run reads it again."""
    (folder.root / "outputs").mkdir()
    with Register(folder.root / "outputs") as register:
        record(register, "TEST-2018")
    for place, name in enumerate("abc"):
        folder.write(f"inputs/signed/{name}.png", png_bytes(np.full((300, 200 + place, 3), 255, np.uint8)))
    result = start(folder, "collect", "--json", "--jobs", "2", **in_workers(tmp_path, KILLED_AT_A_PAGE)).end()
    lost = [one for one in result.json["findings"] if one["code"] == "return.worker"]
    assert (result.code, [one["file"] for one in lost]) == (4, ["inputs/signed/b.png"])
    assert result.json["counts"]["pages"] == 3
    result = start(folder, "collect", "--json", "--jobs", "2").end()
    assert "return.worker" not in told(result)
    with Register(folder.root / "outputs") as register:
        (facts,) = {page.problem for one in register.returned(1).values() for page in one.pages}
    assert facts == ""


KILLED_AT_A_VOLUME = """
import os, signal
import pipeline.run.binding as binding
whole = binding.bind
def bind(task):
    if task.volume.area == "경기도":
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(task)
binding.bind = bind
"""


@pytest.mark.office
@pytest.mark.slow
def test_a_binder_that_is_killed(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The volume is named and the others are bound."""
    folder = bound.ready(tmp_path_factory)
    volumes = folder.root / "outputs/volumes"
    before = {path.relative_to(volumes): path.read_bytes() for path in volumes.rglob("*.pdf")}
    for path in before:
        (volumes / path).unlink()
    result = start(
        folder, "compile", "--json", "--jobs", "2", soffice=SOFFICE, **in_workers(tmp_path, KILLED_AT_A_VOLUME)
    ).end()
    assert (result.code, told(result)) == (4, ["volume.lost 경기도"] * 2)
    after = {path.relative_to(volumes): path.read_bytes() for path in volumes.rglob("*.pdf")}
    assert after == {path: blob for path, blob in before.items() if path.stem != "경기도"}


@pytest.mark.parametrize(("work", "jobs"), [(hungry, 1), (hungry, 2), (killed, 2), (cut_off, 2)])
def test_work_that_brings_its_worker_down(work: Callable[[Sequence[int]], list[int]], jobs: int) -> None:
    results = list(workers.run(work, [(1, 2, 3, 4), (5, 6)], jobs, halves))
    assert sorted(number for _, result in results if not isinstance(result, workers.Lost) for number in result) == [
        1, 2, 4, 5, 6,
    ]  # fmt: skip
    assert [batch for batch, result in results if isinstance(result, workers.Lost)] == [(3,)]


def test_a_run_that_is_given_up_while_a_result_is_being_sent(tmp_path: Path) -> None:
    """The pool waited for the rest of the result for ever."""
    mark = tmp_path / "begun"
    results = workers.run(told_while_sending, [(mark,)], 2, lambda one: (one,))
    waiting = threading.Thread(target=lambda: list(results), daemon=True)
    waiting.start()
    wait_for(mark.exists)
    waiting.join(60)
    assert not waiting.is_alive()


HANDS_OVER = """
import time
from pipeline.doors.workers import _as_worker
_as_worker()
try:
    print("ready", flush=True)
    time.sleep(60)  # as the pool waits for the lock of its queue
except BaseException:
    time.sleep(60)  # as it does once more
"""


def test_a_worker_that_waits_for_its_pool_ends_when_it_is_told() -> None:
    """A worker that died with the lock of the queue closed kept all others, and with them the run, for ever."""
    with subprocess.Popen([sys.executable, "-c", HANDS_OVER], cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        process.terminate()
        try:
            assert process.wait(10) == 1
        finally:
            process.kill()


HOLDS_THINGS = """
import time
from pipeline.doors import programs
from pipeline.doors.scratch import scratch
from pipeline.doors.workers import _as_worker
_as_worker()
with scratch() as folder:
    program = programs.start(["sleep", "600"])
    print(program.pid, folder, flush=True)
    try:
        time.sleep(60)
    except BaseException:
        print("raised")
"""


def test_a_worker_that_is_told_to_end_leaves_nothing_and_raises_nothing() -> None:
    """An exception was lost where a module was being imported, and a traceback where C++ waited for us."""
    with subprocess.Popen([sys.executable, "-c", HOLDS_THINGS], cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
        assert process.stdout
        pid, folder = process.stdout.readline().decode().split()
        assert is_alive(int(pid))
        assert Path(folder).is_dir()
        process.terminate()
        assert (process.wait(10), process.stdout.read()) == (1, b"")
    assert not is_alive(int(pid))
    assert not Path(folder).exists()


def leaves_a_trace(paths: Sequence[Path]) -> int:
    for path in paths:
        path.touch()
    return len(paths)


def test_no_more_is_under_way_than_somebody_takes(tmp_path: Path) -> None:
    batches = [(tmp_path / str(number),) for number in range(12)]
    results = workers.run(leaves_a_trace, batches, 2, lambda one: (one,))
    assert next(results)[1] == 1
    time.sleep(1)
    assert len(list(tmp_path.iterdir())) <= 4
    assert len(list(results)) == 11
    assert len(list(tmp_path.iterdir())) == 12


def test_what_was_not_begun_when_a_worker_died_is_done_all_the_same() -> None:
    batches = [(number,) for number in range(1, 11)]
    results = list(workers.run(killed, batches, 2, lambda one: (one,)))
    assert sorted(batch for batch, _ in results) == batches
    assert [batch for batch, result in results if isinstance(result, workers.Lost)] == [(3,)]


# --- the machine runs short --------------------------------------------------------------------------------------


SHORT_OF_MEMORY = """
import resource, {module} as module
step = module.{step}
def hungry(*arguments, **named):
    bytearray(1 << 32)
    return step(*arguments, **named)
module.{step} = hungry
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (1 << 30),) * 2)
"""
"""A step needs more memory than there is. Where there is none for anything, tidying up fails as well."""
SHORT_OF_FILES = "import resource, pipeline.run.making; resource.setrlimit(resource.RLIMIT_NOFILE, ({most},) * 2)"


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        (SHORT_OF_MEMORY.format(module="pipeline.run.preparing", step="join"), {"machine.short"}),
        (SHORT_OF_MEMORY.format(module="pipeline.run.preparing", step="plan"), {"machine.short"}),
        (SHORT_OF_MEMORY.format(module="pipeline.run.making", step="_batches"), {"machine.short"}),
        # Whichever file is one too many.
        (SHORT_OF_FILES.format(most=4), {"file.unreadable", "output.unwritable", "machine.short"}),
        (SHORT_OF_FILES.format(most=6), {"file.unreadable", "output.unwritable", "machine.short"}),
    ],
    ids=["memory to join", "memory to plan", "memory to make", "4 open files", "6 open files"],
)
def test_a_machine_that_is_short(made: Folder, before: str, codes: set[str]) -> None:
    """Exit 5 and a way out; nothing is harmed, and the next run makes what is due."""
    papers = made.outputs()
    made.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
    result = start(made, "make", "--json", "--jobs", "1", before=before).end()
    assert result.code == 5
    assert set(told(result)) <= codes
    assert made.outputs() == papers
    assert here(made, "make", "--jobs", "1").code == 3
    assert [name for name, blob in made.outputs().items() if blob != papers[name]] == [WORDS[0]]


def may_mount() -> bool:
    mount = shutil.which("mount")
    return bool(mount) and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Puts a small disk in a place; it goes with the test."""
    mounted: list[Path] = []

    def mount(place: Path, size: str) -> None:
        place.mkdir(exist_ok=True)
        how = f"remount,size={size}" if place in mounted else f"size={size}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(place)], check=True)
        mounted.append(place)

    yield mount
    for place in set(mounted):
        subprocess.run(["umount", str(place)], check=True)


MAY_MOUNT = pytest.mark.skipif(not may_mount(), reason="only root may mount; RLIMIT_FSIZE stands in for it elsewhere")


@MAY_MOUNT
@pytest.mark.parametrize("size", ["40k", "200k", "700k"])
def test_a_disk_that_is_full(folder: Folder, tmp_path: Path, size: str, small: Callable[[Path, str], None]) -> None:
    """As far as there is room papers are whole; with more room it goes on."""
    large = word("{{ 후보.이름 }} {{ 문서.번호 }}", os.urandom(150_000).hex())
    folder.write("templates/agreement.docx", large)
    wanted = undisturbed(tmp_path, large)
    small(folder.root / "outputs", size)
    result = start(folder, "make", "--json", "--jobs", "1").end()
    assert (result.code, told(result)[-1]) == (5, "output.full")
    assert folder.outputs().items() <= wanted.items()
    small(folder.root / "outputs", "20m")
    assert here(folder, "make", "--jobs", "1").code == 3
    assert folder.outputs() == wanted


@MAY_MOUNT
def test_office_that_fills_the_disk(folder: Folder, small: Callable[[Path, str], None]) -> None:
    """That of temporary files: papers are written as Word, PDFs wait, and afterwards there is room again."""
    small(scratch_of(folder), "1m")
    result = start(folder, "make", "--json", "--jobs", "1", soffice="fills_disk.sh").end()
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert sorted(folder.outputs()) == WORDS
    assert names(scratch_of(folder)) == set()


@MAY_MOUNT
def test_no_room_for_temporary_files(made: Folder, small: Callable[[Path, str], None]) -> None:
    before = made.outputs()
    small(scratch_of(made), "8k")
    result = start(made, "make", "--json", "--jobs", "1", soffice="makes_nothing.sh").end()
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert made.outputs() == before
