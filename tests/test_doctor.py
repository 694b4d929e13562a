"""`hyeopyak doctor`: what is done to a sound campaign beside what is told; and what `--repair` makes good."""

from __future__ import annotations

import datetime
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import bound
import pytest
from conftest import Folder
from filelock import FileLock

from pipeline import run
from pipeline.doors import machine, office
from pipeline.doors.register import Register
from pipeline.model.scans import IssuedPage
from pipeline.run import Approval, Options
from pipeline.run.compiling import state_of

FAULTS = Path(__file__).parent / "faults"
DAY = datetime.datetime(2018, 6, 14, tzinfo=datetime.UTC)

pytestmark = [pytest.mark.office]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Issued, returned, bound and sealed; made as a careful person would have it."""
    folder = bound.ready(tmp_path_factory)
    folder.run("seal", "new", HYEOPYAK_SEAL_PASSWORD="s3")  # noqa: S106
    for who in bound.APPROVERS:
        approval = Approval(who, "", "", lambda: b"s3")
        done = run.sign_off(Options(folder.root, "서울특별시"), approval, list(run_editions()), str)
        assert done.files, done.findings
    machine.close_to_others(machine.open_to_others(folder.root / "outputs"))
    return folder


def run_editions() -> Iterator[Any]:
    from pipeline.model.volumes import Edition

    yield Edition.PUBLIC


@pytest.fixture
def sound(whole: Folder, tmp_path: Path) -> Folder:
    return bound.copied(whole.root, tmp_path / "campaign")


def told(folder: Folder) -> list[tuple[str, str]]:
    """Codes and file names, or numbers, as the doctor tells them."""
    outcome = run.examine(Options(folder.root), lambda: datetime.datetime.now(datetime.UTC))
    return sorted({(one.code, one.subject or (one.cell.file if one.cell else "")) for one in outcome.findings})


def test_a_sound_campaign(sound: Folder) -> None:
    before = {path: path.stat().st_mtime_ns for path in sound.root.rglob("*") if path.is_file() and path.name[0] != "."}
    assert told(sound) == [("doctor.well", "")]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def paper(folder: Folder, ending: str) -> Path:
    return next((folder.root / "outputs").rglob(f"*서다온{ending}"))


def remove_register(folder: Folder) -> None:
    for path in (folder.root / "outputs").glob("register.sqlite*"):
        path.unlink()


def spoil_register(folder: Folder) -> None:
    (folder.root / "outputs/register.sqlite").write_bytes(b"not a database" * 400)


def overwrite_page(folder: Folder) -> None:
    path = folder.root / "outputs/register.sqlite"
    blob = bytearray(path.read_bytes())
    blob[-4096 * 3 : -4096 * 2] = b"\xff" * 4096
    path.write_bytes(blob)


def newer(folder: Folder) -> None:
    sql(folder, "PRAGMA user_version = 99")


def sql(folder: Folder, statement: str) -> None:
    database = sqlite3.connect(folder.root / "outputs/register.sqlite", isolation_level=None)
    database.execute(statement)
    database.close()


def rename_original(folder: Folder) -> None:
    path = next((folder.root / "outputs/originals").glob("*.jpg"))
    path.write_bytes(path.read_bytes() + b"more")


def lose_original(folder: Folder) -> None:
    next((folder.root / "outputs/originals").glob("*.jpg")).unlink()


def change_sealed(folder: Folder) -> None:
    path = next((folder.root / "outputs/sealed").rglob("*.pdf"))
    path.write_bytes(path.read_bytes() + b" ")


def stranger(folder: Folder) -> None:
    shutil.copy(paper(folder, ".docx"), paper(folder, ".docx").with_name("A-4110100-0099_종로구청장_누군가.docx"))


def leave(folder: Folder) -> None:
    paper(folder, ".pdf").with_name(".A-1.pdf.99999.tmp").write_bytes(b"half")
    (folder.root / "outputs").joinpath("agreements").chmod(0o700)
    paper(folder, ".pdf").with_name(".A-1.pdf.99999.tmp").chmod(0o600)


def future(folder: Folder) -> None:
    with Register(folder.root / "outputs") as register:
        register.record_event("2999-01-01T00:00:00+00:00", "archived", "x", {})


def expire(folder: Folder) -> None:
    from pipeline.doors.seal.credentials import load, make_self_signed

    old = datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC)
    blob = make_self_signed("단체", "단체", b"s3", 1, old)
    (folder.root / "inputs/seal.crt.pem").write_bytes(load(blob, b"s3").certificate)


MAYOR = "A-4110100-0001"
REGISTER = "outputs/register.sqlite"


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (remove_register, [("register.lost", REGISTER)]),
        (spoil_register, [("register.damaged", REGISTER)]),
        (overwrite_page, [("register.damaged", REGISTER)]),
        (newer, [("register.newer", REGISTER)]),
        (lambda it: sql(it, "UPDATE events SET subject = 'A-1100-0009' WHERE id = 2"), [("doctor.log", REGISTER)]),
        (lambda it: sql(it, "DELETE FROM events WHERE id = 2"), [("doctor.log", REGISTER)]),
        (lambda it: paper(it, ".docx").unlink(), [("doctor.lost", MAYOR)]),
        (lambda it: paper(it, ".pdf").write_bytes(b"%PDF by hand"), [("doctor.altered", MAYOR)]),
        (stranger, [("doctor.stranger", "A-4110100-0099")]),
        (lose_original, [("doctor.original_lost", "outputs/originals")]),
        (change_sealed, [("doctor.sealed", "outputs/sealed/public/서울특별시.pdf")]),
        (leave, [("doctor.left", "outputs")]),
        (lambda it: paper(it, ".docx").chmod(0o644), [("doctor.open", "outputs")]),
        (future, [("doctor.clock", "")]),
        (expire, [("doctor.certificate", "inputs/seal.crt.pem")]),
        (lambda it: it.write("inputs/seal.crt.pem", "text"), [("file.unreadable", "inputs/seal.crt.pem")]),
        (
            lambda it: it.write("templates/volume.docx", b"x") and it.write("templates/agreement.docx", b"x"),
            [("template.damaged", "templates/agreement.docx")],
        ),
    ],
)
def test_what_is_wrong_is_found_and_nothing_else(sound: Folder, harm: Callable[[Folder], Any], found: Any) -> None:
    harm(sound)
    assert told(sound) == found


def test_an_original_that_was_changed(sound: Folder) -> None:
    rename_original(sound)
    ((code, name),) = told(sound)
    assert (code, Path(name).suffix) == ("doctor.original_changed", ".jpg")


@pytest.mark.parametrize(
    ("name", "answer", "found"),
    [
        ("office.find_office", "", "doctor.office"),
        ("office.version", "LibreOffice 6.4.7.2", "office.old"),
        ("office.font_file", "", "doctor.captions"),
        ("office.installed_fonts", {"Other": frozenset()}, "font.missing"),
        ("machine.free_megabytes", 3, "doctor.space"),
        ("machine.unlike_pins", [("pikepdf", "9.0.0", "10.17.0")], "doctor.version"),
    ],
)
def test_what_the_machine_lacks(
    sound: Folder, monkeypatch: pytest.MonkeyPatch, name: str, answer: Any, found: str
) -> None:
    door, _, function = name.partition(".")
    monkeypatch.setattr({"office": office, "machine": machine}[door], function, lambda *_: answer)
    assert {code for code, _ in told(sound)} == {found}


def test_a_campaign_that_is_held(sound: Folder) -> None:
    (sound.root / "outputs/.holder").write_text("누리@pc, pid 7, 2018-06-01 21:00", encoding="utf-8")
    with FileLock(sound.root / "outputs/.lock"):
        said = sound.run("doctor", "--lang", "ko").err
        assert ("doctor.held", "") in told(sound)
    assert "누리@pc, pid 7, 2018-06-01 21:00" in said


def test_outputs_that_cannot_be_written(sound: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    (sound.root / "outputs/.lock").unlink()
    (sound.root / "outputs/.lock").mkdir()
    assert ("output.unwritable", "outputs") in told(sound)


@pytest.mark.parametrize(
    ("look", "found"),
    [(machine.megabytes, 2), (lambda it: [one.name for one in machine.open_to_others(it)], ["A-1.pdf"])],
)
def test_files_that_go_while_they_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Path], Any], found: Any
) -> None:
    """A run beside the doctor renames its temporary files."""
    passing = tmp_path / ".A-1.pdf.99999.tmp"
    real = os.scandir

    class Listing:
        """What lies in a folder; when it has been listed, one file of it is gone."""

        def __init__(self, path: Path) -> None:
            self.entries = real(path)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.entries.close()
            passing.unlink(missing_ok=True)

        def __next__(self) -> os.DirEntry[str]:
            return next(self.entries)

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            return self.entries

    tmp_path.chmod(0o700)
    for path in (tmp_path / "A-1.pdf", passing):
        path.write_bytes(b"x" * 2_000_000)
        path.chmod(0o644)
    monkeypatch.setattr(os, "scandir", Listing)
    assert look(tmp_path) == found
    assert not passing.exists()


def test_pins_are_those_of_the_repository() -> None:
    assert list(machine.unlike_pins()) == []


def test_words_of_the_doctor(sound: Folder) -> None:
    assert "이상이 없습니다(문서 " in sound.run("doctor", "--lang", "ko").err
    paper(sound, ".docx").unlink()
    result = sound.run("doctor", "--lang", "ko")
    assert result.code == 0
    assert "발급한 파일이 없습니다. hyeopyak doctor --repair를 실행하세요." in result.err


# --- repair ------------------------------------------------------------------------------------------------------


def repaired(folder: Folder) -> list[tuple[str, str]]:
    outcome = run.repair(Options(folder.root), lambda *_: None)
    return sorted({(one.code, one.subject) for one in outcome.findings})


def test_leftovers_go_and_doors_are_shut(sound: Folder) -> None:
    leave(sound)
    paper(sound, ".docx").chmod(0o644)
    assert repaired(sound) == [("doctor.mended", ""), ("doctor.well", "")]
    assert told(sound) == [("doctor.well", "")]


def test_papers_from_the_register(sound: Folder) -> None:
    """The one whose row is gone, too: the register knows what it said."""
    before = sound.outputs()
    paper(sound, ".docx").unlink()
    paper(sound, ".pdf").unlink()
    sound.change("inputs/candidates.csv", "202,구·시·군의 장,서울특별시,종로구,무소속,2,서다온\n", "")
    sound.change("inputs/answers.csv", "202,1,수용,\n", "")
    assert repaired(sound) == [("doctor.restored", MAYOR), ("doctor.well", "")]
    after = sound.outputs()
    assert after.keys() == before.keys()
    assert after[str(paper(sound, ".docx").relative_to(sound.root / "outputs"))] in before.values()


def test_a_paper_of_another_template_is_beyond_it(sound: Folder) -> None:
    paper(sound, ".docx").unlink()
    blob = (sound.root / "templates/agreement.docx").read_bytes()
    (sound.root / "templates/agreement.docx").write_bytes(blob + b"\0")
    assert repaired(sound) == [("doctor.beyond", MAYOR), ("doctor.lost", MAYOR)]


def test_a_revision_that_people_have_signed_from_the_register(sound: Folder) -> None:
    """With its PDF, page codes and all; the revision after it stays the latest."""
    old = paper(sound, ".docx"), paper(sound, ".pdf")
    words, marks = old[0].read_bytes(), [one.check for one in pages(sound) if one.number == MAYOR]
    sound.change("inputs/candidates.csv", "서다온", "서가온")
    assert sound.run("make").code == 0
    for one in old:
        one.unlink()
    assert ("doctor.restored", MAYOR) in repaired(sound)
    assert old[0].read_bytes() == words
    with Register(sound.root / "outputs", readonly=True) as register:
        (now,) = (one for one in register.issued().values() if one.number == MAYOR)
        again = [one for one in register.issued_pages() if (one.number, one.revision) == (MAYOR, 1)]
    assert now.revision == 2
    assert [one.check for one in again if one.edition == max(page.edition for page in again)] == marks
    assert [code for code, _ in told(sound)] == ["doctor.well"]


def pages(folder: Folder) -> list[IssuedPage]:
    with Register(folder.root / "outputs", readonly=True) as register:
        found = {(one.number, one.page): one for one in register.issued_pages()}
    return [found[key] for key in sorted(found)]


def stages(folder: Folder) -> dict[str, str]:
    from pipeline.steps.read_campaign import read_campaign

    campaign, _ = read_campaign(folder.root)
    assert campaign
    with Register(folder.root / "outputs", readonly=True) as register:
        return {one.about.number: one.stage.value for one in state_of(register, campaign)[1]}


@pytest.mark.slow
@pytest.mark.parametrize("harm", [remove_register, spoil_register])
def test_the_register_from_papers(sound: Folder, harm: Callable[[Folder], None]) -> None:
    """Numbers, paths, page codes stay; what came back is recognised again from the copies that were kept."""
    before, marks, stood = sound.outputs(), [(one.number, one.page, one.check) for one in pages(sound)], stages(sound)
    shutil.rmtree(sound.root / "inputs/signed")
    harm(sound)
    codes = [code for code, _ in repaired(sound)]
    assert "doctor.rebuilt" in codes
    assert ("doctor.aside" in codes) == (harm is spoil_register)
    assert sound.run("make").code == 0
    papers = {name: blob for name, blob in before.items() if name.startswith(("agreements", "declarations"))}
    after = sound.outputs()
    assert {name for name in after if name in papers} == papers.keys()
    assert {name: after[name] for name in papers if name.endswith(".docx")} == {
        name: blob for name, blob in papers.items() if name.endswith(".docx")
    }
    assert [(one.number, one.page, one.check) for one in pages(sound)] == marks
    (sound.root / "inputs/signed").mkdir()
    sound.run("collect")
    assert stages(sound) == stood


def test_numbers_are_never_given_twice_after_a_repair(folder: Folder) -> None:
    folder.no_office("make")
    last = next((folder.root / "outputs").rglob("A-4110100-0001*.docx"))
    last.rename(last.with_name("A-4110100-0007_종로구청장_옛사람.docx"))
    governor = next((folder.root / "outputs").rglob("A-1100-0001*.docx"))
    governor.write_bytes(b"by hand")
    remove_register(folder)
    assert folder.no_office("make").code == 5
    result = folder.no_office("doctor", "--repair", "--json")
    (rebuilt,) = (one for one in result.json["findings"] if one["code"] == "doctor.rebuilt")
    assert "1 papers proven by their bytes, 1 of another text, 1 numbers of nobody" in rebuilt["message"]
    documents = folder.no_office("make", "--json").json["documents"]
    assert {one["number"]: one["revision"] for one in documents} == {
        "A-1100-0001": 2,
        "A-1100-0002": 1,
        "A-4110100-0008": 1,
    }
    assert governor.read_bytes() == b"by hand", "it may have gone out"
