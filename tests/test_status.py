"""Where everything stands: what is due and why, delivered, returned, complete, sealed. Looking changes nothing."""

from __future__ import annotations

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bound
import pytest
from conftest import REPOSITORY, Folder
from verdict import here

from pipeline.doors.register import Register
from pipeline.model.collected import About, Paper, Stage
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Edition, Issued, Job, PrintedPage, Reason
from pipeline.model.identity import PageCode
from pipeline.model.scans import Box, Judgement, Original, PageSeen, SheetSeen, Signature, SignBox, Verdict
from pipeline.model.status import Reached, Standing
from pipeline.model.volumes import Basis, Binding, SignOff
from pipeline.model.volumes import Edition as For
from pipeline.run import Options, make
from pipeline.run.reading import READER
from pipeline.steps.status import Records, status

NUMBERS = ("A-1100-0001", "A-1100-0002", "A-4110100-0001")
GOVERNOR, TEACHER, MAYOR = NUMBERS
NONE = dict.fromkeys(
    ("documents", "issued", "due", "delivered", "signing", "returned", "signed", "missing", "review", "sealed"), 0
)


def made(folder: Folder) -> None:
    assert here(folder, "make", "--jobs", "1").code == 3


def changed(folder: Folder) -> None:
    made(folder)
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")


def touched(folder: Folder) -> None:
    made(folder)
    (folder.root / "inputs/answers.csv").touch()


def removed(folder: Folder) -> None:
    made(folder)
    lose_row(folder)


def altered(folder: Folder) -> None:
    made(folder)
    path = next((folder.root / "outputs/agreements/서울특별시").glob("A-1100-0001*.docx"))
    path.write_bytes(path.read_bytes() + b"by hand")


def delivered(folder: Folder) -> None:
    made(folder)
    with Register(folder.root / "outputs") as register:
        register.record_deliveries([Delivery(MAYOR, 1, "종로구협의회", "packet", "2018-05-20T09:00:00+00:00")])


def delivered_and_changed(folder: Folder) -> None:
    made(folder)
    with Register(folder.root / "outputs") as register:
        register.record_deliveries([Delivery(GOVERNOR, 1, "서울협의회", "packet", "2018-05-20T09:00:00+00:00")])
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")


NEW, WAITING = "new", "PDF waiting"
CASES: dict[str, tuple[Callable[[Folder], object], dict[str, int], list[tuple[str, str, int, str]]]] = {
    "before anything was made": (
        lambda _: None,
        {"documents": 3, "due": 3},
        [(GOVERNOR, NEW, 1, ""), (TEACHER, NEW, 1, ""), (MAYOR, NEW, 1, "")],
    ),
    "made without LibreOffice": (
        made,
        {"documents": 3, "issued": 3, "due": 3},
        [(GOVERNOR, WAITING, 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "")],
    ),
    "a file touched": (
        touched,
        {"documents": 3, "issued": 3, "due": 3},
        [(GOVERNOR, WAITING, 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "")],
    ),
    "an answer changed": (
        changed,
        {"documents": 3, "issued": 3, "due": 3},
        [(GOVERNOR, "text changed", 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "")],
    ),
    "a row removed": (
        removed,
        {"documents": 3, "issued": 3, "due": 2},
        [(GOVERNOR, WAITING, 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, "", 1, "")],
    ),
    "changed by hand": (
        altered,
        {"documents": 3, "issued": 3, "due": 3},
        [(GOVERNOR, "file changed by hand", 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "")],
    ),
    "delivered": (
        delivered,
        {"documents": 3, "issued": 3, "due": 3, "delivered": 1},
        [(GOVERNOR, WAITING, 1, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "2018-05-20T09:00:00+00:00")],
    ),
    "delivered, then changed: the new revision was not": (
        delivered_and_changed,
        {"documents": 3, "issued": 3, "due": 3},
        [(GOVERNOR, "text changed", 2, ""), (TEACHER, WAITING, 1, ""), (MAYOR, WAITING, 1, "")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_where_documents_stand(name: str, folder: Folder) -> None:
    prepare, counts, standings = CASES[name]
    prepare(folder)
    before = files(folder.root)
    result = here(folder, "status", "--json")
    status = result.json["status"]
    assert status["in_all"] == NONE | counts
    found = [(one["number"], one["reason"], one["revision"], one["delivered"]) for one in status["standings"]]
    assert found == standings
    assert files(folder.root) == before


def files(root: Path) -> dict[str, bytes]:
    """Everything but logs, which every run writes."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "logs" not in path.parts
    }


# --- from records alone ------------------------------------------------------------------------------------------

ABOUT = About(MAYOR, "agreement", "4110100", 1, "정책협약서", "종로구", "")


def records(revision: int, stage: Stage | None, *bound: tuple[int, Basis]) -> Records:
    """One paper at this revision; an approved volume holds a page of each of these revisions."""
    issued = Issued(MAYOR, "agreement", "102", "4110100", 1, revision, "f", "a.docx", "d", "a.pdf", "p", 2, "")
    lines = tuple({"number": MAYOR, "revision": number, "basis": basis.value} for number, basis in bound)
    volume = Binding(1, "전국", For.INTERNAL, "v.pdf", "hash", 2, 0, "2018-06-01T00:00:00+00:00", lines)
    return Records(
        {("agreement", "102"): issued},
        {MAYOR: ABOUT},
        papers=[Paper(ABOUT, stage, 2, (), (), expected=True)] if stage else [],
        volumes=[volume],
        signoffs=[SignOff("hash", "진하율", "", "", "s.pdf", "s", "B-B", "c")],
    )


def planned_as(revision: int) -> Job:
    return Job(
        "T", "agreement", "102", MAYOR, 1, revision, "서다온", "4110100", "종로구", {}, "", "", "", Reason.CHANGED
    )


def only(known: Records, *jobs: Job) -> Standing:
    (one,) = status(jobs, {"agreement": "정책협약서"}, known, 1).standings
    return one


@pytest.mark.parametrize(
    ("stage", "revision", "bound_pages", "reached"),
    [
        (Stage.COMPLETE, 1, [(1, Basis.RETURNED)], Reached.SEALED),
        (Stage.COMPLETE, 1, [(1, Basis.CONFIRMED)], Reached.SEALED),
        (None, 1, [(1, Basis.PLAIN)], Reached.SEALED),
        # Bound as it was issued: somebody approved that it is missing.
        (Stage.NOTHING, 1, [(1, Basis.ISSUED)], Reached.ISSUED),
        (Stage.COMPLETE, 1, [(1, Basis.ISSUED)], Reached.SIGNED),
        (Stage.SIGNATURES, 1, [(1, Basis.RETURNED), (1, Basis.ISSUED)], Reached.PART),
        # What was approved said something else.
        (Stage.COMPLETE, 2, [(1, Basis.RETURNED)], Reached.SIGNED),
        (None, 2, [(1, Basis.PLAIN)], Reached.UNSIGNED),
    ],
)
def test_sealed_is_what_came_back_whole_in_this_revision(
    stage: Stage | None, revision: int, bound_pages: list[tuple[int, Basis]], reached: Reached
) -> None:
    one = only(records(revision, stage, *bound_pages))
    assert (one.reached, one.is_sealed) == (reached, reached is Reached.SEALED)


def test_what_came_back_of_one_revision_is_nothing_of_the_next() -> None:
    known = records(1, Stage.COMPLETE, (1, Basis.RETURNED))
    same, next_one = only(known, planned_as(1)), only(known, planned_as(2))
    assert (same.stage, same.reached) == (Stage.COMPLETE, Reached.SEALED)
    assert (next_one.stage, next_one.reached) == (Stage.NOTHING, Reached.ISSUED)


def test_a_revision_without_a_pdf_is_the_present_one(folder: Folder) -> None:
    """Revision 1 came back signed; then its text changed on a machine without LibreOffice."""
    made(folder)
    signed_and_scanned(folder)
    assert standing(folder)["stage"] == "complete"
    folder.change("inputs/candidates.csv", "서다온", "서가온")
    made(folder)
    one = standing(folder)
    assert (one["revision"], one["stage"]) == (2, "waiting for a person"), "who is asked what becomes of the old text"
    assert here(folder, "collect", "--dry-run", "--json").json["counts"]["older"] == 1
    assert here(folder, "status", "--json").json["status"]["in_all"]["signed"] == 0


def signed_and_scanned(folder: Folder) -> None:
    """The mayor's paper, printed elsewhere: its page was read, and its box is signed."""
    box = SignBox("후보자", "서다온", Box(20, 200, 60, 20))
    code = PageCode("TEST-2018", MAYOR, 1, 1, 1, "7K3M9Q2A")
    seen = Judgement((Signature(box.side, box.name, Verdict.SIGNED, 9.0, box.box),), (), False, True, 0.9)  # noqa: FBT003
    (job,) = make(Options(folder.root, MAYOR, dry_run=True), (), lambda *_: None).jobs
    at = "2018-05-20T00:00:00+00:00"
    with Register(folder.root / "outputs") as register:
        docx = register.issued()[job.kind, job.key].docx_sha256
        register.record([(job, Edition(docx, "p", (PrintedPage(code.check, "본문", (box,)),), "", at))])
        register.record_original(Original("ab" * 32, "a.pdf", 9, 1), "pdf", at)
        register.record_pages("ab" * 32, [PageSeen(1, (SheetSeen(code.payload, judgement=seen),))], READER)


def standing(folder: Folder) -> Any:
    (one,) = here(folder, "status", "--only", MAYOR, "--json").json["status"]["standings"]
    return one


GONE = "no row makes it any more"


def lose_row(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온\n", "")
    folder.change("inputs/answers.csv", "102,1,수용,\n", "")


def spoil_table(folder: Folder) -> None:
    folder.write("inputs/candidates.csv", b"PK\x03\x04broken")


@pytest.mark.parametrize(("harm", "said"), [(lose_row, True), (spoil_table, False)])
def test_while_a_table_cannot_be_read_no_row_is_called_gone(
    folder: Folder, harm: Callable[[Folder], None], *, said: bool
) -> None:
    made(folder)
    harm(folder)
    out = here(folder, "status", "-v").out
    assert (GONE in out, MAYOR in out) == (said, True)
    here(folder, "board")
    assert (GONE in (folder.root / "outputs/board/index.html").read_text("utf-8")) is said


def test_in_words(folder: Folder) -> None:
    changed(folder)
    lines = here(folder, "status").out.splitlines()
    assert lines[0].split() == [
        "Document", "documents", "issued", "due", "delivered", "to", "be", "signed", "returned", "complete",
        "outstanding", "to", "review", "sealed",
    ]  # fmt: skip
    assert lines[1].split() == ["정책협약서", "3", "3", "3", *"·······"]
    assert "Next: hyeopyak make (3 documents)" in lines
    assert "  A-1100-0001  text changed  (서울특별시, 서울특별시장 후보 남궁한결)" in lines
    assert lines[lines.index("  A-1100-0001  text changed  (서울특별시, 서울특별시장 후보 남궁한결)") + 1].endswith(
        "‘예산 범위에서 한다.’ → ‘예산의 범위에서 한다.’"
    )


def test_one_document_is_asked_for(folder: Folder) -> None:
    made(folder)
    result = here(folder, "status", "--only", "종로", "--json").json["status"]
    assert [one["number"] for one in result["standings"]] == [MAYOR]
    assert "A-1100-0001" not in here(folder, "status", "--only", "종로").out


def test_many_are_not_all_listed(folder: Folder) -> None:
    rows = "".join(
        f"{key},구·시·군의 장,서울특별시,종로구,무소속,{key},가나{chr(key)}\n" for key in range(45000, 45020)
    )
    folder.write("inputs/candidates.csv", "후보자ID,선거종류,시도,선거구,정당,기호,이름\n" + rows)
    folder.write(
        "inputs/answers.csv", "후보자ID,공약번호,답변\n" + "".join(f"{key},1,수용\n" for key in range(45000, 45020))
    )
    out = here(folder, "status").out
    assert out.count("A-4110100") == 10
    assert "and 10 more" in out
    assert here(folder, "status", "-v").out.count("A-4110100") == 20


def test_a_campaign_that_cannot_be_read(folder: Folder) -> None:
    folder.write("inputs/campaign.toml", "[campaign")
    assert here(folder, "status").code == 1


@pytest.mark.office
@pytest.mark.slow
def test_what_came_back_and_what_is_sealed(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = bound.ready(tmp_path_factory)
    before: Any = folder.run("status", "--json").json["status"]
    assert before["in_all"] == NONE | {
        "documents": 6, "issued": 6, "signing": 6, "returned": 5, "signed": 4, "missing": 2,
    }  # fmt: skip
    assert {one["stage"] for one in before["standings"]} == {
        "complete", "digitally signed", "signatures missing", "not returned",
    }  # fmt: skip
    assert {one["wanted"] for one in before["volumes"]} == {2}
    password = {"HYEOPYAK_SEAL_PASSWORD": "s3"}
    assert folder.run("seal", "new", **password).code == 0
    for who in bound.APPROVERS:
        folder.run("signoff", "전국", "--by", who, "--accept-missing", "-", **password)
    after = folder.run("status", "--json").json["status"]
    approved = {one["area"]: one["approved"] for one in after["volumes"] if one["edition"] == "internal"}
    assert approved["전국"] == list(bound.APPROVERS)
    assert after["in_all"]["sealed"] == 4, "one came back without a signature, one not at all"
    assert "Volume" in folder.run("status", "--lang", "en").out
    shutil.rmtree(folder.root)


def test_watched_it_speaks_when_something_changed_and_only_then(folder: Folder) -> None:
    here(folder, "make", "--jobs", "1")
    command = [sys.executable, "-m", "pipeline", "status", "--watch", "0.1", "--json", "--campaign", str(folder.root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
        try:
            first = json.loads(lines.get(timeout=60))
            with pytest.raises(queue.Empty):
                lines.get(timeout=2)
            folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
            second = json.loads(lines.get(timeout=60))
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
    pairs = zip(first["documents"], second["documents"], strict=True)
    assert sum(before["fingerprint"] != after["fingerprint"] for before, after in pairs) == 1
