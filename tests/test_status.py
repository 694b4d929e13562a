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
from pipeline.model.deliveries import Delivery

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
    folder.change("inputs/candidates.csv", "102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온\n", "")
    folder.change("inputs/answers.csv", "102,1,수용,\n", "")


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
    assert after["in_all"]["sealed"] >= 5
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
