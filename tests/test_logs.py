"""The log of a run: what it tells beside what it must not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Folder

from pipeline.doors import logs


def kept(folder: Folder) -> list[Path]:
    return sorted((folder.root / "outputs/logs").glob("*"))


def test_a_run_that_writes_leaves_a_log(folder: Folder) -> None:
    folder.no_office("make", "--jobs", "1")
    (log,) = kept(folder)
    lines = log.read_text("utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line) for line in lines)
    told = [line.split(" ", 1)[1] for line in lines]
    assert told[0].startswith("make: hyeopyak ")
    assert told[1].startswith("with jinja2 ")
    steps = [re.sub(r"\d+\.\d\d s", "n s", line) for line in told[2:]]
    assert steps == [
        "templates compiled: n s",
        "tables read, checked and joined: n s",
        "planned: n s",
        "template of agreement tried: n s",
        "agreement: 3 of 3 made",
        "published: n s",
        "template.unsigned x 1 ",
        "office.missing x 1 ",
        "exit 3",
    ]
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "arguments", [("check",), ("make", "--dry-run"), ("affected",), ("template", "fields", "agreement")]
)
def test_a_run_that_only_looks_leaves_none(folder: Folder, arguments: tuple[str, ...]) -> None:
    folder.no_office(*arguments)
    assert kept(folder) == []


def test_no_names_and_no_values(folder: Folder) -> None:
    """A wrong cell, a name in a file's name, a paper changed by hand: codes and numbers of papers are told, no more."""
    folder.no_office("make")
    paper = next((folder.root / "outputs").rglob("*남궁한결.docx"))
    paper.write_bytes(b"by hand")
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "전화 010-2345-6789로 한다.")
    folder.no_office("make")
    folder.change("inputs/candidates.csv", "서다온", "서다온\n104,종로구의원,서울특별시,종로구가선거구,,,마루")
    folder.no_office("make")
    folder.write("inputs/signed/남궁한결 서명.pdf", b"no PDF")
    folder.no_office("collect")
    text = "".join(path.read_text("utf-8") for path in kept(folder))
    assert "output.altered x 1 A-1100-0001" in text
    for word in ("남궁", "한결", "서다온", "마루", "010", "예산", "종로구", str(folder.root)):
        assert word not in text, word


def test_verbose_tells_people(folder: Folder) -> None:
    assert "planned: " in folder.no_office("make", "--verbose").err
    assert "planned: " not in folder.no_office("make").err
    assert folder.no_office("make", "--verbose", "--json").err == ""


def test_the_newest_are_kept(folder: Folder) -> None:
    for number in range(logs._MOST + 5):
        folder.write(f"outputs/logs/20180101T0000{number:02}Z-1.log", "old")
    folder.no_office("make")
    names = [path.name for path in kept(folder)]
    assert len(names) == logs._MOST
    assert names[0].startswith("20180101T000006Z")
    assert not names[-1].startswith("2018")


def test_a_log_that_cannot_be_written_stops_nothing(folder: Folder) -> None:
    folder.write("outputs/logs", "a file")
    assert folder.no_office("make").code == 3
    assert len(folder.outputs()) == 3
