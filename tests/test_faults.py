"""The machine fails: programs, processes, disks, people who press Ctrl-C. Each fault beside what the run ends with.

Foreign programs that fail in one way each stand in `faults/`; `HYEOPYAK_SOFFICE` points at them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import REPOSITORY, TEMPLATE, Folder, Result, word
from verdict import here, names, scratch_of, with_papers

from pipeline.doors import files
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

FAULTS = Path(__file__).parent / "faults"
SOFFICE = shutil.which("soffice") or ""
GOVERNOR = "agreements/서울특별시/A-1100-0001_서울특별시장_남궁한결"
SUPERINTENDENT = "agreements/서울특별시/A-1100-0002_서울특별시교육감_도하늘"
MAYOR = "agreements/서울특별시/종로구/A-4110100-0001_종로구청장_서다온"
NUMBERS = ["A-1100-0001", "A-1100-0002", "A-4110100-0001"]
WORDS = [f"{stem}.docx" for stem in (GOVERNOR, SUPERINTENDENT, MAYOR)]
SECONDS = 45.0
"""No run of these takes so long, unless it hangs."""


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The three candidates' campaign with its Word files; PDFs are waiting."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


@dataclass
class Run:
    """The real command in a process group of its own, its talk collected as it comes."""

    process: subprocess.Popen[bytes]
    folder: Folder
    log: Path
    talk: dict[str, bytes] = field(default_factory=lambda: {"out": b"", "err": b""})
    threads: list[threading.Thread] = field(default_factory=list)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> None:
        """As the terminal does: the signal goes to the whole group."""
        os.killpg(self.process.pid, number)

    def started(self) -> list[int]:
        """Wait until the false LibreOffice runs; its process ids."""
        wait_for(lambda: self.log.exists() and self.log.read_text("ascii").endswith("\n"))
        return self.foreign()

    def foreign(self) -> list[int]:
        return [int(number) for number in self.log.read_text("ascii").split()] if self.log.exists() else []

    def end(self) -> Result:
        """Wait; prove that no process and no temporary file is left."""
        try:
            self.process.wait(SECONDS)
            wait_for(lambda: not group_is_alive(self.process.pid), 5)
        finally:
            left = [number for number in self.foreign() if is_alive(number)]
            # Workers first: one whose LibreOffice ends starts the next.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            for number in filter(is_alive, self.foreign()):
                os.kill(number, signal.SIGKILL)
            for one in self.threads:
                one.join()
        result = Result(self.process.returncode, *(blob.decode() for blob in self.talk.values()))
        assert "Traceback" not in result.err, result.err
        assert left == [], "a process was left behind"
        logs = {name for name in names(scratch_of(self.folder)) if name.endswith(".log")}
        assert names(scratch_of(self.folder)) - logs == set(), "a temporary file was left behind"
        assert [name for name in names(self.folder.root) if ".tmp" in name or ".holder" in name] == []
        return result


def start(folder: Folder, *arguments: str, soffice: str | Path = "", before: str = "", **environment: str) -> Run:
    """Start the command.

    Args:
        folder: the campaign.
        arguments: of the command.
        soffice: the LibreOffice it finds: one of `faults/`, or the real one's path.
        before: Python that its process runs first.
        environment: more variables.
    """
    log = scratch_of(folder).parent / f"processes-{time.monotonic_ns()}"
    python = [sys.executable, "-c", f"{before}\nfrom pipeline.cli import main\nmain()"]
    variables = {
        "HYEOPYAK_SOFFICE": str(FAULTS / soffice) if soffice else "",
        "FAULT_SOFFICE": SOFFICE,
        "FAULT_LOG": str(log),
        "TMPDIR": str(scratch_of(folder)),
    }
    process = subprocess.Popen(
        [*python, *arguments, "--campaign", str(folder.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, **variables, **environment},
        start_new_session=True,
    )
    run = Run(process, folder, log)
    for name, stream in (("out", process.stdout), ("err", process.stderr)):
        assert stream is not None
        run.threads.append(threading.Thread(target=_collect, args=(run.talk, name, stream), daemon=True))
        run.threads[-1].start()
    return run


def _collect(talk: dict[str, bytes], name: str, stream: Any) -> None:
    with stream:
        while piece := stream.read1():
            talk[name] += piece


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        # One that has ended stays as a zombie until somebody asks for its exit code.
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def group_is_alive(group: int) -> bool:
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return any(is_alive(one) and _group_of(one) == group for one in found)


def _group_of(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


def crowd(folder: Folder, names_: str) -> list[str]:
    """More candidates, one for each syllable; the numbers of all."""
    rows = [f"2{place:02},시·도의원,서울특별시,종로구제{place}선거구,,,한{name}솔" for place, name in enumerate(names_)]
    answers = [f"2{place:02},1,수용," for place in range(len(names_))]
    folder.change("inputs/candidates.csv", "도하늘\n", "도하늘\n" + "".join(f"{row}\n" for row in rows))
    folder.change("inputs/answers.csv", "103,2,수용,\n", "103,2,수용,\n" + "".join(f"{row}\n" for row in answers))
    return [*NUMBERS[:2], *(f"A-4110100-{number:04}" for number in range(1, len(names_) + 2))]


def numbers(folder: Folder, kind: str) -> list[str]:
    """Document numbers of the papers of a kind (`.docx`, `.pdf`)."""
    return [Path(name).name.split("_")[0] for name in folder.outputs() if name.endswith(kind)]


def told(result: Result) -> list[str]:
    """Errors and warnings as `code subject`."""
    found = [one for one in result.json["findings"] if one["level"] != "note"]
    return [f"{one['code']} {one['subject']}".strip() for one in found]


# --- LibreOffice is missing or too old ---------------------------------------------------------------------------


@pytest.mark.office
def test_no_office_then_office(folder: Folder) -> None:
    first = folder.no_office("make", "--json", "--jobs", "1")
    assert (first.code, told(first)) == (3, ["office.missing"])
    assert {one["state"] for one in first.json["documents"]} == {"waiting"}
    words = folder.outputs()
    assert sorted(words) == WORDS
    assert here(folder, "make", "--json").code == 3, "still waiting, and still said"
    assert folder.outputs() == words
    second = folder.run("make", "--json", "--jobs", "1")
    assert (second.code, told(second)) == (0, [])
    assert {one["reason"] for one in second.json["documents"]} == {"PDF waiting"}
    outputs = folder.outputs()
    assert sorted(outputs) == sorted([*WORDS, *(name.replace(".docx", ".pdf") for name in WORDS)])
    assert {name: outputs[name] for name in WORDS} == words, "the Word files were not touched"


@pytest.mark.office
def test_without_office_no_old_pdf_lies_beside_a_new_word_file(folder: Folder) -> None:
    """Somebody would print it: the adopted pledges of yesterday."""
    assert here(folder, "make", "--jobs", "1", soffice=SOFFICE).code == 0
    before = folder.outputs()
    folder.change("inputs/answers.csv", "102,1,수용,", "102,1,수용,\n102,2,수용,")
    assert here(folder, "make", "--jobs", "1").code == 3
    outputs = folder.outputs()
    assert outputs[f"{MAYOR}.docx"] != before[f"{MAYOR}.docx"]
    assert f"{MAYOR}.pdf" not in outputs
    assert {name: outputs[name] for name in outputs if not name.startswith(MAYOR)} == {
        name: before[name] for name in before if not name.startswith(MAYOR)
    }


@pytest.mark.parametrize(
    ("soffice", "code", "said"),
    [
        ("too_old.sh", "office.old", "LibreOffice 6.4.7.2 is too old; 7.4 or newer is needed."),
        ("says_nothing.sh", "office.missing", "3 PDFs are waiting"),
        ("no_such_file", "office.missing", "apt-get install libreoffice-writer"),
    ],
)
def test_office_that_cannot_be_used(folder: Folder, soffice: str, code: str, said: str) -> None:
    result = start(folder, "make", "--json", "--jobs", "1", soffice=FAULTS / soffice).end()
    assert (result.code, told(result)) == (3, [code])
    assert said in " ".join(f"{one['message']} {one['remedy']}" for one in result.json["findings"])
    assert sorted(folder.outputs()) == WORDS


def test_office_whose_version_hangs(made: Folder) -> None:
    run = start(made, "make", "--json", soffice="version_hangs.sh", HYEOPYAK_OFFICE_SECONDS="1")
    run.started()
    result = run.end()
    assert (result.code, told(result)) == (3, ["office.missing"])


# --- LibreOffice fails -------------------------------------------------------------------------------------------


def pdf_of(pages: int, path: Path, *, content: bool = False) -> Path:
    paper = pikepdf.new()
    for _ in range(pages):
        page = paper.add_blank_page()
        if content:
            page.Contents = paper.make_stream(b"")
    paper.save(path)
    return path


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_office_that_hangs(made: Folder, jobs: str) -> None:
    before = made.outputs()
    run = start(made, "make", "--json", "--jobs", jobs, soffice="hangs.sh", HYEOPYAK_OFFICE_SECONDS="0.2")
    result = run.end()
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert "it did not answer in time" in result.out
    # Each a starter and its child: for a batch, for a document that is known to be good, and for nothing more.
    assert len(run.foreign()) in {4, 4 * int(jobs)}
    assert made.outputs() == before


@pytest.mark.parametrize(
    ("soffice", "said"),
    [
        ("dies.sh", "it was ended by a signal"),
        ("makes_nothing.sh", "no PDF came out"),
    ],
)
def test_office_that_makes_nothing(folder: Folder, soffice: str, said: str) -> None:
    result = start(folder, "make", "--json", "--jobs", "1", soffice=soffice).end()
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert said in result.out
    assert {one["state"] for one in result.json["documents"]} == {"waiting"}
    assert numbers(folder, ".pdf") == []


@pytest.mark.parametrize(
    "fault", ["no PDF", "cut off", "no page", "blank page", "blank page with content", "empty file"]
)
def test_office_that_writes_a_bad_pdf(
    made: Folder, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.outputs()
    path = tmp_path / "bad.pdf"
    if fault == "no PDF":
        path.write_text("<html>not a PDF</html>", encoding="ascii")
    elif fault == "cut off":
        whole = pdf_of(3, path, content=True).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif fault == "empty file":
        path.write_bytes(b"")
    else:
        pdf_of(0 if fault == "no page" else 1, path, content=fault.endswith("content"))
    monkeypatch.setenv("FAULT_PDF", str(path))
    result = here(made, "make", "--json", "--jobs", "1", soffice=str(FAULTS / "writes.py"))
    assert (result.code, told(result)) == (3, ["convert.office"])
    assert made.outputs() == before


@pytest.mark.office
def test_word_file_that_the_message_sends_people_to_is_there(folder: Folder) -> None:
    fault = {"FAULT_WORD": "서다온", "FAULT_HOW": "no file"}
    result = start(folder, "make", "--json", "--jobs", "1", soffice="refuses_one.py", **fault).end()
    (told_of,) = [one for one in result.json["findings"] if one["level"] == "error"]
    assert "Open the Word file" in told_of["remedy"]
    assert [(folder.root / one["docx"]).exists() for one in result.json["documents"]] == [True] * 3


@pytest.mark.office
@pytest.mark.slow
def test_one_document_that_office_refuses(folder: Folder) -> None:
    """The batch is halved until it stands alone; it is named, and all others are made."""
    everybody = crowd(folder, "가나다라")
    run = start(
        folder, "make", "--json", "--jobs", "1", soffice="refuses_one.py", FAULT_WORD="한다솔", FAULT_HOW="no file"
    )
    result = run.end()
    bad = next(one["number"] for one in result.json["documents"] if one["subject"].endswith("한다솔"))
    assert (result.code, told(result)) == (4, [f"convert.failed {bad}"])
    assert numbers(folder, ".pdf") == [number for number in everybody if number != bad]
    first = folder.outputs()
    assert here(folder, "make", "--jobs", "1", soffice=SOFFICE).code == 0
    assert numbers(folder, ".pdf") == everybody, "each under the number that was told"
    assert {name: blob for name, blob in folder.outputs().items() if name in first} == first


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("how", ["no file", "die"])
def test_one_of_several_files_in_a_start(folder: Folder, how: str) -> None:
    """Documents go in files of two: those of the other files are made, and of its own all but the bad one."""
    everybody = crowd(folder, "가나다라")
    small = "from pipeline.steps import convert\nconvert._A_FILE = 2"
    counted = folder.root.parent / "counts"
    small += f"""
convert_ = convert.Office.convert
def convert_and_count(self, files, *how):
    with open({str(counted)!r}, "a") as out:
        out.write(f"{{len(files)}} ")
    return convert_(self, files, *how)
convert.Office.convert = convert_and_count"""
    fault = {"FAULT_WORD": "한나솔", "FAULT_HOW": how}
    result = start(folder, "make", "--json", "--jobs", "1", soffice="refuses_one.py", before=small, **fault).end()
    assert counted.read_text("ascii").split()[0] == "4", "seven documents"
    bad = next(one["number"] for one in result.json["documents"] if one["subject"].endswith("한나솔"))
    assert (result.code, told(result)) == (4, [f"convert.failed {bad}"])
    assert numbers(folder, ".pdf") == [number for number in everybody if number != bad]


@pytest.mark.office
def test_one_document_that_loses_a_word_on_its_way_to_the_page(folder: Folder) -> None:
    result = start(folder, "make", "--json", "--jobs", "1", soffice="loses_a_word.py", FAULT_WORD="서다온").end()
    assert (result.code, told(result)) == (4, ["convert.check A-4110100-0001"])
    assert "서다온" not in " ".join(one["message"] for one in result.json["findings"])
    assert numbers(folder, ".pdf") == NUMBERS[:2]


# --- processes die -----------------------------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.slow
def test_worker_killed_once_is_tried_again(folder: Folder, tmp_path: Path) -> None:
    fault = {"FAULT_WORD": "서다온", "FAULT_HOW": "kill worker", "FAULT_ONCE": str(tmp_path / "once")}
    run = start(folder, "make", "--json", "--jobs", "2", soffice="refuses_one.py", **fault)
    result = run.end()
    assert (result.code, told(result)) == (0, [])
    assert len(run.foreign()) == 1, "a worker was killed"
    assert numbers(folder, ".pdf") == NUMBERS


@pytest.mark.office
@pytest.mark.slow
def test_worker_killed_again_and_again(folder: Folder) -> None:
    """One document brings its worker down each time: it is named, and all others are made."""
    everybody = crowd(folder, "가다")
    fault = {"FAULT_WORD": "한다솔", "FAULT_HOW": "kill worker"}
    result = start(folder, "make", "--json", "--jobs", "2", soffice="refuses_one.py", **fault).end()
    bad = next(one["number"] for one in result.json["documents"] if one["subject"].endswith("한다솔"))
    assert (result.code, told(result)) == (4, [f"worker.lost {bad}"])
    assert numbers(folder, ".pdf") == [number for number in everybody if number != bad]


SECOND_KIND = """\
[kinds.proposal]
title = "정책제안서"
letter = "B"
template = "agreement.docx"
folder = "proposals"
"""


@pytest.mark.parametrize(
    ("jobs", "presses", "kinds"),
    [("1", 1, 1), ("1", 3, 1), ("2", 1, 1), ("2", 3, 1), ("2", 1, 2)],
    ids=["one worker", "one worker, three presses", "two workers", "two workers, three presses", "work is queued"],
)
def test_ctrl_c_in_the_middle(folder: Folder, jobs: str, presses: int, kinds: int) -> None:
    if kinds > 1:
        folder.change("inputs/campaign.toml", "[kinds.agreement]", SECOND_KIND + "[kinds.agreement]")
    run = start(folder, "make", "--jobs", jobs, soffice="hangs.sh")
    run.started()
    for _ in range(presses):
        run.interrupt()
        time.sleep(0.05)
    pressed = time.monotonic()
    result = run.end()
    assert time.monotonic() - pressed < 10
    # A process that ends of the signal itself is 130 to the shell, too.
    assert result.code in {130, -signal.SIGINT}
    assert result.err.splitlines()[-1].startswith("Interrupted.")
    assert folder.outputs() == {}
    assert here(folder, "make", "agreement", "--jobs", "1").code == 3
    assert numbers(folder, ".docx") == NUMBERS


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ended_by_the_system_in_the_middle(folder: Folder, jobs: str) -> None:
    """SIGTERM, as by `kill`, `timeout` or at shutdown; 128 + 15 is the shell's own way to say it."""
    run = start(folder, "make", "--jobs", jobs, soffice="hangs.sh")
    run.started()
    run.process.terminate()
    assert run.end().code in {130, 143, -signal.SIGTERM}
    assert here(folder, "make", "--jobs", "1").code == 3
    assert numbers(folder, ".docx") == NUMBERS


@pytest.mark.parametrize("ignored", [False, True], ids=["plain", "nohup"])
def test_the_window_is_closed(folder: Folder, ignored: bool) -> None:  # noqa: FBT001
    """`nohup hyeopyak make` goes on (seen: it ended); anybody else's run ends tidily."""
    before = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)" if ignored else ""
    run = start(folder, "make", "--jobs", "1", soffice="hangs.sh", before=before, HYEOPYAK_OFFICE_SECONDS="2")
    run.started()
    run.interrupt(signal.SIGHUP)
    result = run.end()
    assert (result.code in {130, -signal.SIGHUP}) is not ignored
    assert ("Interrupted." in result.err) is not ignored
    assert numbers(folder, ".docx") == (NUMBERS if ignored else [])


WRITING = {
    "make": ["make"],
    "collect": ["collect"],
    "compile": ["compile"],
    "signoff": ["signoff", "--by", "진하율"],
    "archive": ["archive"],
    "import answers": ["import", "answers", "returned"],
    "import demands": ["import", "demands", "inputs/answers.csv"],
    "doctor": ["doctor", "--repair"],
}
LOOKING = {
    "check": (["check"], 0),
    "affected": (["affected"], 0),
    "make": (["make", "--dry-run"], 0),
    "collect": (["collect", "--dry-run"], 2),
    "compile": (["compile", "--dry-run"], 2),
    "signoff": (["signoff", "--by", "진하율", "--dry-run"], 2),
    "archive": (["archive", "--dry-run"], 2),
    "import answers": (["import", "answers", "returned", "--dry-run"], 0),
    "import demands": (["import", "demands", "inputs/answers.csv", "--dry-run"], 1),
}
"""And what they end with where nothing has come back, and no table of demands either."""


def test_while_one_works_no_other_command_writes_and_all_may_look(
    made: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.write("returned/a.csv", "후보자ID,공약번호,답변\n101,1,수용\n")
    monkeypatch.chdir(made.root)
    worker = start(made, "make", "--jobs", "1", soffice="hangs.sh")
    worker.started()
    before = {name: (made.root / name).read_bytes() for name in names(made.root)}
    ends = {}
    for name, command in WRITING.items():
        result = here(made, *command, "--json")
        ends[name] = (result.code, told(result))
        assert f"pid {worker.process.pid}" in result.json["findings"][-1]["message"], name
    assert ends == dict.fromkeys(WRITING, (5, ["campaign.locked"]))
    seen = {name: here(made, *command, "--json") for name, (command, _) in LOOKING.items()}
    assert "campaign.locked" not in {code for one in seen.values() for code in one.codes}
    assert {name: one.code for name, one in seen.items()} == {name: code for name, (_, code) in LOOKING.items()}
    assert {name: (made.root / name).read_bytes() for name in names(made.root)} == before
    worker.interrupt()
    assert worker.end().code == 130


def test_second_run_while_one_works(made: Folder) -> None:
    before = made.outputs()
    first = start(made, "make", "--jobs", "1", soffice="hangs.sh")
    first.started()
    second = here(made, "make", "--json")
    assert (second.code, told(second)) == (5, ["campaign.locked"])
    assert f"pid {first.process.pid}" in second.json["findings"][0]["message"]
    assert here(made, "check").code == 0, "looking is always allowed"
    assert here(made, "make", "--dry-run").code == 0
    assert made.outputs() == before
    first.interrupt()
    assert first.end().code == 130
    assert here(made, "make", "--json").code == 3, "the lock went with its holder"


def test_the_next_run_tidies_up_after_one_that_was_killed(made: Folder) -> None:
    first = start(made, "make", "--jobs", "1", soffice="leaves_group.sh")
    left = first.started()
    first.interrupt(signal.SIGKILL)
    first.process.wait(SECONDS)
    wait_for(lambda: not is_alive(left[0]), 5)
    assert list(filter(is_alive, left)), "else the rest proves nothing"
    assert (made.root / "outputs/.holder").exists(), "nobody tidied up"
    half = made.root / f"outputs/{MAYOR}.docx"
    half.with_name(f".{half.name}.{first.process.pid}.tmp").write_bytes(b"half")
    result = start(made, "make", "--json", "--jobs", "1").end()  # where nothing temporary is left
    assert result.json["findings"][0]["code"] == "run.resumed"
    assert list(filter(is_alive, left)) == []


def test_workers_of_a_run_that_was_killed_leave_no_papers_lying_about(made: Folder) -> None:
    run = start(made, "make", "--jobs", "2", soffice="hangs.sh")
    left = run.started()
    assert any(name.endswith(".docx") for name in names(scratch_of(made))), "else the rest proves nothing"
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait(SECONDS)
    wait_for(lambda: not group_is_alive(run.process.pid), 10)
    assert [name for name in names(scratch_of(made)) if name.endswith((".docx", ".pdf"))] == []
    wait_for(lambda: not any(map(is_alive, left)), 5)


# --- disks -------------------------------------------------------------------------------------------------------


def test_file_in_place_of_the_outputs_folder(folder: Folder) -> None:
    folder.write("outputs", "a file")
    result = here(folder, "make", "--json")
    assert (result.code, told(result)) == (5, ["output.unwritable"])
    assert [one["file"] for one in result.json["findings"]] == ["outputs"]
    assert (folder.root / "outputs").read_text("ascii") == "a file"


@pytest.mark.parametrize("blocked", ["agreements", "agreements/서울특별시/종로구"])
def test_file_in_place_of_a_folder_of_papers(folder: Folder, blocked: str) -> None:
    folder.write(f"outputs/{blocked}", "a file")
    result = here(folder, "make", "--json", "--jobs", "1")
    assert (result.code, told(result)) == (5, ["office.missing", "output.unwritable"])
    assert result.json["findings"][-1]["file"].startswith(f"outputs/{blocked}/")
    (folder.root / "outputs" / blocked).unlink()
    assert here(folder, "make", "--jobs", "1").code == 3
    assert sorted(folder.outputs()) == WORDS, "the same numbers"


def test_paper_that_cannot_be_replaced(made: Folder) -> None:
    """As on Windows while it is open in Word; here a folder stands in its place."""
    path = made.root / "outputs" / f"{MAYOR}.docx"
    path.unlink()
    path.mkdir()
    result = here(made, "make", "--json", "--jobs", "1")
    assert (result.code, told(result)[-1]) == (5, "output.unwritable")
    assert result.json["findings"][-1]["file"] == f"outputs/{MAYOR}.docx"
    assert "open in Word" in result.json["findings"][-1]["remedy"]
    path.rmdir()
    assert here(made, "make", "--jobs", "1").code == 3
    assert sorted(made.outputs()) == WORDS


def undisturbed(tmp_path: Path, template: bytes = TEMPLATE) -> dict[str, bytes]:
    """The papers of a run that nothing happened to."""
    other = Folder(tmp_path / "undisturbed" / "campaign")
    other.write("templates/agreement.docx", template)
    assert here(other, "make", "--jobs", "1").code == 3
    return other.outputs()


@pytest.mark.parametrize(("kibibytes", "file"), [(1, "register.sqlite"), (20, "register.sqlite"), (200, WORDS[0])])
def test_no_room_for_a_file_of_this_size(folder: Folder, tmp_path: Path, kibibytes: int, file: str) -> None:
    """A real error of the kernel (EFBIG), at the register or at a paper, whichever grows too large first."""
    large = word("{{ 후보.이름 }} {{ 문서.번호 }}", random.Random(2018).randbytes(300_000).hex())
    folder.write("templates/agreement.docx", large)
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({kibibytes * 1024},) * 2)"
    result = start(folder, "make", "--json", "--jobs", "1", before=limit).end()
    assert (result.code, told(result)[-1]) == (5, "output.full")
    assert result.json["findings"][-1]["file"] == f"outputs/{file}"
    assert "Make room and run again" in result.json["findings"][-1]["remedy"]
    assert here(folder, "make", "--jobs", "1").code == 3
    assert folder.outputs() == undisturbed(tmp_path, large)


@pytest.fixture(params=[1, 2, 3])
def disk_full_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The disk is full in the middle of the first, second, third paper."""
    whole, count = files._write, iter(range(1, 100))

    def write(path: Path, blob: bytes) -> None:
        if next(count) == request.param:
            whole(path, blob[: len(blob) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        whole(path, blob)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", write)
        yield request.param


def test_disk_full_in_the_middle_of_a_paper(folder: Folder, tmp_path: Path, disk_full_at: int) -> None:
    result = here(folder, "make", "--json", "--jobs", "1")
    assert (result.code, told(result)[-1]) == (5, "output.full")
    assert result.json["findings"][-1]["file"] == f"outputs/{WORDS[disk_full_at - 1]}"
    assert sorted(folder.outputs()) == WORDS[: disk_full_at - 1], "whole ones only"
    assert [name for name in names(folder.root) if ".tmp" in name] == []
    assert here(folder, "make", "--jobs", "1").code == 3
    assert folder.outputs() == undisturbed(tmp_path)


def test_trouble_does_not_swallow_what_was_found_and_made_before(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "")
    folder.write("outputs/agreements/서울특별시/종로구", "a file")
    result = here(folder, "make", "--json", "--jobs", "1")
    assert {one.split()[0] for one in told(result)} >= {"answer.no_remark", "output.unwritable"}
    states = {one["number"]: one["state"] for one in result.json["documents"]}
    assert states == dict(zip(NUMBERS, ["waiting", "waiting", "not made"], strict=True))


def test_disk_full_leaves_the_earlier_paper_whole(made: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, blob: bytes) -> None:
        path.write_bytes(blob[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = made.outputs()
    made.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", write)
        assert here(made, "make", "--jobs", "1").code == 5
    assert made.outputs() == before
    assert here(made, "make", "--jobs", "1").code == 3
    assert [name for name, blob in made.outputs().items() if blob != before[name]] == [f"{GOVERNOR}.docx"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda whole: b"not a database" * 100, "register.damaged"),
        (lambda whole: whole[: len(whole) // 2], "register.damaged"),
        (lambda whole: b"", "register.lost"),
        (lambda whole: whole[:60] + (99).to_bytes(4, "big") + whole[64:], "register.newer"),
    ],
    ids=["garbage", "truncated", "empty", "of a newer version"],
)
def test_register_that_cannot_be_read(made: Folder, spoil: Callable[[bytes], bytes], code: str) -> None:
    """Numbers would start anew: nothing is made, and the file stays as it is for whoever can mend it."""
    path = made.root / "outputs/register.sqlite"
    path.write_bytes(spoil(path.read_bytes()))
    before, register = made.outputs(), path.read_bytes()
    for command in (["make"], ["make", "--dry-run"], ["check"]):
        result = here(made, *command, "--json")
        assert (result.code, told(result)) == (5, [code])
        way_out = "git pull" if code == "register.newer" else "ackup"
        assert way_out in result.json["findings"][0]["remedy"]
    assert path.read_bytes() == register
    assert made.outputs() == before


def test_register_that_was_deleted_while_papers_are_there(made: Folder) -> None:
    """Else 도하늘 would get the number that stands on the paper of 남궁한결."""
    (made.root / "outputs/register.sqlite").unlink()
    before = made.outputs()
    made.change("inputs/candidates.csv", "101,시·도지사,서울특별시,서울특별시,푸른내일당,1,남궁한결\n", "")
    made.write("inputs/answers.csv", "후보자ID,공약번호,답변\n102,1,수용\n103,2,수용\n")
    result = here(made, "make", "--json", "--jobs", "1")
    assert result.code == 5
    assert told(result)[0].startswith("register.")
    assert made.outputs() == before


# --- our own mistakes --------------------------------------------------------------------------------------------


def test_unexpected_exception(made: Folder) -> None:
    """Exit 70, and a log for us that holds places in the code, and not a word of anybody's data."""
    bug = """
import pipeline.subjects.candidate as candidate
def fail(*arguments):
    raise ValueError("남궁한결 1967 서울특별시")
candidate.full_title = fail
"""
    result = start(made, "check", before=bug).end()
    assert result.code == 70
    assert result.out == ""
    assert "mistake in the program" in result.err
    path = Path(result.err.split()[-1])
    text = path.read_text("utf-8")
    assert "ValueError" in text
    assert "plan.py" in text
    for secret in ("남궁한결", "1967", "서울"):
        assert secret not in text + result.err
    assert path.stat().st_mode & 0o077 == 0


def test_unexpected_exception_in_a_worker(folder: Folder, tmp_path: Path) -> None:
    """The log names the place in the worker, too."""
    site = tmp_path / "site" / "sitecustomize.py"
    site.parent.mkdir()
    site.write_text(
        """
import sys
if "--multiprocessing-fork" in sys.orig_argv:
    import pipeline.steps.convert as step
    def convert_that_fails(*arguments):
        raise ValueError("남궁한결")
    step.convert = convert_that_fails
""",
        encoding="utf-8",
    )
    path = f"{site.parent}{os.pathsep}{REPOSITORY}"
    result = start(folder, "make", "--jobs", "2", soffice="makes_nothing.sh", PYTHONPATH=path).end()
    assert result.code == 70
    text = Path(result.err.split()[-1]).read_text("utf-8")
    assert "convert_that_fails" in text
    assert "남궁한결" not in text + result.err


def test_trouble_crosses_process_borders_whole() -> None:
    trouble = Trouble(finding("output.full", Cell("outputs/a.docx"), problem="No space left on device"))
    assert pickle.loads(pickle.dumps(trouble)).finding == trouble.finding  # noqa: S301
