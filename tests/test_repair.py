"""`hyeopyak doctor --repair` where files, inputs or the register itself are awkward: no number is ever given twice."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Folder, word
from older import set_back
from PIL import Image

from pipeline import run
from pipeline.doors import office
from pipeline.doors.register import Register
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Edition, PrintedPage
from pipeline.model.errors import Trouble
from pipeline.run import Options

GOVERNOR, TEACHER, MAYOR = "A-1100-0001", "A-1100-0002", "A-4110100-0001"
NEWCOMER = "104"
LOST = "doctor.rebuilt"


@pytest.fixture
def made(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Three papers, Word only; nothing is due."""
    monkeypatch.setattr(office, "find_office", lambda: "")
    make(folder)
    return folder


def make(folder: Folder) -> dict[str, tuple[str, int]]:
    """Number and revision by candidate."""
    outcome = run.make(Options(folder.root, jobs=1), (), lambda *_: None)
    return {job.key: (job.number, job.revision) for job in outcome.jobs}


def repair(folder: Folder) -> dict[str, Any]:
    """What the repair tells, by code."""
    outcome = run.repair(Options(folder.root, jobs=1), lambda *_: None)
    return {one.code: dict(one.params) for one in outcome.findings if one.code != "office.missing"}


def paper(folder: Folder) -> Path:
    """The mayor's."""
    return next((folder.root / "outputs").rglob(f"{MAYOR}*.docx"))


def join(folder: Folder) -> None:
    """A newcomer to the mayor's region."""
    folder.change("inputs/candidates.csv", "103,", f"{NEWCOMER},구·시·군의 장,서울특별시,종로구,무소속,4,새사람\n103,")
    folder.change("inputs/answers.csv", "103,", f"{NEWCOMER},1,수용,\n103,")


def leave(folder: Folder) -> None:
    """The mayor's row is gone."""
    folder.change("inputs/candidates.csv", "102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온\n", "")
    folder.change("inputs/answers.csv", "102,1,수용,\n", "")


def lose(folder: Folder) -> None:
    for path in (folder.root / "outputs").glob("register.sqlite*"):
        path.unlink()


def damage(folder: Folder) -> None:
    path = folder.root / "outputs/register.sqlite"
    path.write_bytes(b"x" * 16 + path.read_bytes()[16:])


def copy_as(folder: Folder, old: str, new: str) -> None:
    shutil.copy(paper(folder), paper(folder).with_name(paper(folder).name.replace(old, new)))


def put(folder: Folder, name: str) -> None:
    paper(folder).with_name(name).write_bytes(b"somebody's")


def refuse(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "102,1,수용", "102,1,거부")


def remove_mayor(folder: Folder) -> None:
    paper(folder).unlink()
    leave(folder)


def nothing(_: Folder) -> None:
    pass


@pytest.mark.parametrize(
    ("harm", "register", "told", "numbers"),
    [
        # As it was: the newcomer gets the next number.
        (nothing, lose, (3, 0, 0), {"102": (MAYOR, 1), NEWCOMER: ("A-4110100-0002", 1)}),
        # The filter leaves the mayor out today; the paper was given out yesterday.
        (refuse, lose, (2, 1, 0), {NEWCOMER: ("A-4110100-0002", 1)}),
        # The row is gone: the number is nobody's.
        (leave, lose, (2, 0, 1), {NEWCOMER: ("A-4110100-0002", 1)}),
        # One file was copied under another number.
        (
            lambda it: copy_as(it, "0001", "0002"),
            lose,
            (3, 0, 1),
            {"102": (MAYOR, 1), NEWCOMER: ("A-4110100-0003", 1)},
        ),
        # ... or under the newcomer's name: bytes tell whose it is.
        (
            lambda it: copy_as(it, "서다온", "새사람"),
            lose,
            (3, 0, 0),
            {"102": (MAYOR, 1), NEWCOMER: ("A-4110100-0002", 1)},
        ),
        # Of a paper that is gone only the PDF is left, a file set aside, an archive.
        (lambda it: put(it, "A-4110100-0002_옛사람.pdf"), lose, (3, 0, 1), {NEWCOMER: ("A-4110100-0003", 1)}),
        (lambda it: put(it, "A-4110100-0004_x.changed-12.docx"), lose, (3, 0, 1), {NEWCOMER: ("A-4110100-0005", 1)}),
        (lambda it: put(it, "A-4110100-0003.zip"), lose, (3, 0, 1), {NEWCOMER: ("A-4110100-0004", 1)}),
        # The register is sound but older than the papers: a backup was put back.
        (
            lambda it: put(it, "A-4110100-0002_종로구청장_옛사람.docx"),
            nothing,
            (0, 0, 1),
            {"102": (MAYOR, 1), NEWCOMER: ("A-4110100-0003", 1)},
        ),
        # Nothing is left of the paper but what can be read in the damaged register.
        (remove_mayor, damage, (2, 0, 1), {NEWCOMER: ("A-4110100-0002", 1)}),
    ],
)  # fmt: skip
def test_no_number_is_given_twice(
    made: Folder,
    harm: Callable[[Folder], None],
    register: Callable[[Folder], None],
    told: tuple[int, int, int],
    numbers: dict[str, tuple[str, int]],
) -> None:
    harm(made)
    register(made)
    join(made)
    findings = repair(made)
    code = "doctor.taken_in" if register is nothing else LOST
    assert tuple(findings[code].values()) == told
    assert "doctor.stranger" not in findings
    after = make(made)
    assert {key: after[key] for key in numbers} == numbers
    assert (after["101"], after["103"]) == ((GOVERNOR, 1), (TEACHER, 1))
    assert code not in repair(made), "a second repair finds nothing to do"


def test_a_number_that_two_claim_and_none_can_prove_is_nobodys(made: Folder) -> None:
    paper(made).write_bytes(b"by hand")
    copy_as(made, "서다온", "새사람")
    lose(made)
    join(made)
    assert repair(made)[LOST] == {"proven": 2, "unproven": 0, "strange": 1}
    assert {make(made)[key] for key in ("102", NEWCOMER)} == {("A-4110100-0002", 1), ("A-4110100-0003", 1)}


def test_what_was_taken_in_may_have_gone_out(made: Folder) -> None:
    """A proven paper, too: its file stays, a changed text becomes revision 2."""
    before, blob = paper(made), paper(made).read_bytes()
    lose(made)
    repair(made)
    made.change("inputs/pledges.csv", "기본 조례 제정", "다른 조례 제정")
    assert make(made)["102"] == (MAYOR, 2)
    assert before.read_bytes() == blob


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("inputs/candidates.csv", "후보자ID,이상\n1,2\n", "header.missing"),
        ("inputs/regions.csv", None, "file.missing"),
        ("templates/agreement.docx", None, "template.missing"),
    ],
)
def test_while_inputs_are_wrong_nothing_is_rebuilt(made: Folder, name: str, content: str | None, code: str) -> None:
    """Else every paper would be nobody's, and everybody would get another number."""
    path = made.root / name
    kept = path.read_bytes()
    path.unlink()
    if content:
        made.write(name, content)
    lose(made)
    assert {code, "doctor.unready", "register.lost"} <= repair(made).keys()
    made.write(name, kept)
    assert repair(made)[LOST] == {"proven": 3, "unproven": 0, "strange": 0}
    assert {number for number, _ in make(made).values()} == {GOVERNOR, TEACHER, MAYOR}


def test_papers_of_nobody_do_not_shut_the_campaign(made: Folder) -> None:
    for path in list((made.root / "outputs").rglob("*.docx")):
        path.rename(path.with_name(path.name.replace(".docx", " 사본.docx")))
    lose(made)
    assert make(made) == {}
    assert repair(made)[LOST] == {"proven": 0, "unproven": 0, "strange": 3}
    assert {number for number, _ in make(made).values()} == {"A-1100-0003", "A-1100-0004", "A-4110100-0002"}


def test_a_repair_that_is_killed_leaves_all_or_nothing(made: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    paper(made).rename(paper(made).with_name(f"{MAYOR}_옛사람.docx"))
    lose(made)
    for name in ("record_event", "record", "record_deliveries", "reserve"):
        with monkeypatch.context() as patch:
            patch.setattr(Register, name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                repair(made)
        assert make(made) == {}, f"killed at {name}: no number may be given"
    assert repair(made)[LOST] == {"proven": 2, "unproven": 0, "strange": 1}
    assert make(made)["102"] == ("A-4110100-0002", 1)


def test_the_new_log_opens_with_what_was_done(made: Folder) -> None:
    lose(made)
    repair(made)
    with Register(made.root / "outputs", readonly=True) as register:
        assert register.events()[0].what == "rebuilt"


# --- papers from the register ------------------------------------------------------------------------------------


def hand_over(folder: Folder) -> None:
    """The mayor's paper."""
    with Register(folder.root / "outputs") as register:
        register.record_deliveries([Delivery(MAYOR, 1, "종로구협의회", "by hand", "2018-05-20T00:00:00+00:00")])


def revise(folder: Folder) -> tuple[Path, Path]:
    """The mayor's paper goes out, and then says something else: its files."""
    first = paper(folder)
    hand_over(folder)
    folder.change("inputs/pledges.csv", "기본 조례 제정", "다른 조례 제정")
    assert make(folder)["102"] == (MAYOR, 2)
    return first, first.with_name(f"{first.stem}_2판.docx")


def test_every_revision_is_made_again_and_the_latest_stays_the_latest(made: Folder) -> None:
    papers = revise(made)
    blobs = [one.read_bytes() for one in papers]
    for one in papers:
        one.unlink()
    assert "doctor.restored" in repair(made)
    assert [one.read_bytes() for one in papers] == blobs
    assert make(made)["102"] == (MAYOR, 2)
    papers[0].unlink()
    repair(made)
    assert papers[0].read_bytes() == blobs[0]


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_what_would_be_another_file_is_not_made(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is another one today is in no template's hash."""
    monkeypatch.setattr(office, "find_office", lambda: "")
    folder.write("inputs/pictures/a.png", picture("red"))
    folder.write("templates/agreement.docx", word("{{ 문서.제목 }} {{ 후보.이름 }}", "{{ 'a.png'|그림(20) }}"))
    make(folder)
    blob = paper(folder).read_bytes()
    folder.write("inputs/pictures/a.png", picture("blue"))
    paper(folder).unlink()
    assert {"doctor.beyond", "doctor.lost"} <= repair(folder).keys()
    assert not list((folder.root / "outputs").rglob(f"{MAYOR}*.docx"))
    folder.write("inputs/pictures/a.png", picture("red"))
    assert "doctor.restored" in repair(folder)
    assert paper(folder).read_bytes() == blob


def test_a_word_file_is_made_again_beside_a_pdf_where_no_pdfs_are_made(made: Folder) -> None:
    blob, pdf = paper(made).read_bytes(), paper(made).with_suffix(".pdf")
    (job,) = run.make(Options(made.root, MAYOR, dry_run=True), (), lambda *_: None).jobs
    with Register(made.root / "outputs") as register:
        pages = (PrintedPage("7K3M9Q2A", "본문"),)
        digests = [hashlib.sha256(one).hexdigest() for one in (blob, b"%PDF")]
        register.record([(job, Edition(digests[0], digests[1], pages, "", "2018-05-20T00:00:00+00:00"))])
    pdf.write_bytes(b"%PDF")
    paper(made).unlink()
    assert "doctor.restored" in repair(made)
    assert (paper(made).read_bytes(), pdf.read_bytes()) == (blob, b"%PDF")
    with Register(made.root / "outputs", readonly=True) as register:
        assert register.issued()[job.kind, job.key].pdf_sha256 == digests[1]


# --- what can be made again is removed ---------------------------------------------------------------------------


def clean(folder: Folder) -> list[str]:
    """What the cleaning tells, and what is left of papers and folders."""
    (told,) = run.clean(Options(folder.root)).findings
    assert told.code == "run.cleaned"
    left = {path.relative_to(folder.root / "outputs") for path in (folder.root / "outputs").rglob("*")}
    return sorted(str(path) for path in left if path.suffix in {".docx", ".pdf"} or len(path.parts) == 1)


def test_what_has_gone_out_stays_in_every_revision(made: Folder) -> None:
    first, second = revise(made)
    made.write("outputs/volumes/internal/전국.pdf", b"%PDF")
    made.write("outputs/originals/ab.pdf", b"%PDF")
    made.write("outputs/review/review.xlsx", b"decided, not collected yet")
    left = clean(made)
    assert [name for name in left if "/" not in name and name[0] != "."] == [
        "agreements", "originals", "register.sqlite", "review",
    ]  # fmt: skip
    assert [name for name in left if name.endswith((".docx", ".pdf"))] == [
        str(first.relative_to(made.root / "outputs")), "originals/ab.pdf",
    ]  # fmt: skip
    assert make(made) == {"101": (GOVERNOR, 1), "102": (MAYOR, 2), "103": (TEACHER, 1)}
    assert second.exists()
    assert "doctor.lost" not in repair(made)


def test_what_somebody_changed_or_put_there_stays(made: Folder) -> None:
    paper(made).write_bytes(b"by hand")
    put(made, "A-4110100-0009_옛사람.pdf")
    assert len([name for name in clean(made) if name.endswith((".docx", ".pdf"))]) == 2


@pytest.mark.parametrize(("register", "code"), [(lose, "register.lost"), (damage, "register.damaged")])
def test_without_a_register_nothing_is_removed(made: Folder, register: Callable[[Folder], None], code: str) -> None:
    """What could be made again is not known; and papers are what it is rebuilt from."""
    register(made)
    before = made.outputs()
    with pytest.raises(Trouble) as caught:
        run.clean(Options(made.root))
    assert (caught.value.finding.code, made.outputs()) == (code, before)


def test_nothing_was_ever_made(folder: Folder) -> None:
    assert [one.code for one in run.clean(Options(folder.root)).findings] == ["run.cleaned"]
    assert not (folder.root / "outputs").exists()


# --- a register that is not damaged ------------------------------------------------------------------------------


def hold_open(folder: Folder, patch: pytest.MonkeyPatch) -> None:
    other = sqlite3.connect(folder.root / "outputs/register.sqlite", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    real = sqlite3.connect
    patch.setattr(sqlite3, "connect", lambda *parts, **how: real(*parts, timeout=0.1, **how))
    patch.setattr(folder, "other", other, raising=False)


def belong_to_another(_: Folder, patch: pytest.MonkeyPatch) -> None:
    real = Path.chmod

    def chmod(path: Path, *mode: Any, **how: Any) -> None:
        if path.name == "register.sqlite":
            raise PermissionError(1, "Operation not permitted")
        real(path, *mode, **how)

    patch.setattr(Path, "chmod", chmod)


@pytest.mark.parametrize(("harm", "code"), [(hold_open, "register.busy"), (belong_to_another, "output.unwritable")])
def test_a_register_out_of_reach_is_left_alone(made: Folder, harm: Callable[..., None], code: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        harm(made, patch)
        with pytest.raises(Trouble) as caught:
            repair(made)
        assert caught.value.finding.code == code
        if harm is hold_open:
            made.other.close()  # type: ignore[attr-defined]
    assert not list((made.root / "outputs").glob("*.damaged-*"))
    assert {number for number, _ in make(made).values()} == {GOVERNOR, TEACHER, MAYOR}


def layout_four(folder: Folder) -> None:
    set_back(folder.root / "outputs/register.sqlite", 4)


def open_to_all(folder: Folder) -> None:
    (folder.root / "outputs/register.sqlite").chmod(0o644)


def test_looking_leaves_the_mark_of_a_killed_run(made: Folder) -> None:
    """The next run that writes tidies up after it, and not otherwise."""
    mark = made.write("outputs/.holder", "누리@pc, pid 7, 2018-06-01 21:00")
    left = made.write("outputs/agreements/.A-1.docx.99999.tmp", b"half")
    assert "doctor.left" in {one.code for one in run.examine(Options(made.root)).findings}
    assert (mark.exists(), left.exists()) == (True, True)
    assert "run.resumed" in {one.code for one in run.make(Options(made.root, jobs=1), (), lambda *_: None).findings}
    assert (mark.exists(), left.exists()) == (False, False)


@pytest.mark.parametrize(
    ("harm", "codes"), [(nothing, {"doctor.well"}), (layout_four, {"doctor.well"}), (open_to_all, {"doctor.open"})]
)
def test_looking_changes_no_register(
    made: Folder, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Folder], None], codes: set[str]
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: "soffice")
    monkeypatch.setattr(office, "version", lambda _: "LibreOffice 24.8.1.2")
    harm(made)
    path = made.root / "outputs/register.sqlite"
    before = path.read_bytes(), path.stat().st_mode
    found = run.examine(Options(made.root)).findings
    assert {one.code for one in found} == codes
    assert (path.read_bytes(), path.stat().st_mode) == before


def test_volumes_without_a_register_are_told(made: Folder) -> None:
    """Make refuses then; the doctor must not say that all is well."""
    shutil.rmtree(made.root / "outputs/agreements")
    made.write("outputs/volumes/서울특별시.pdf", b"%PDF")
    lose(made)
    assert "register.lost" in {one.code for one in run.examine(Options(made.root)).findings}
    assert make(made) == {}
