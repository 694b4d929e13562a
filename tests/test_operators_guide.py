"""The operator's guides, word by word: what they say is typed, what hands do is done, and a verified archive is there.

A fenced `sh` block is typed, a comment `hands: ...` marks what people do. Then all other commands that documents name
are run in the same campaign.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from conftest import REPOSITORY, Folder
from small_sample import small_sample
from verdict import here

from pipeline.cli import cli
from pipeline.run import Options, collect
from pipeline.run.acting import change_answer, decide_cases, sign_and_scan
from pipeline.run.playing import AREA

GUIDES = ("docs/operators-guide.md", "docs/operators-guide.ko.md")
DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *(path for path in (REPOSITORY / "docs").glob("*.md") if path.name != "findings.md"),
]
BUG = 70
PASSWORD = "안내서"  # noqa: S105 - of a certificate that this test makes
STEP = re.compile(r"^```sh\n(.*?)^```|<!-- hands: ([\w ]+) -->", re.DOTALL | re.MULTILINE)
pytestmark = [pytest.mark.office, pytest.mark.slow]


def steps(name: str) -> list[str]:
    """Lines to be typed, and `# ...` for what hands do, in order."""
    found: list[str] = []
    for block, hands in STEP.findall((REPOSITORY / name).read_text(encoding="utf-8")):
        found += [f"# {hands}"] if hands else block.splitlines()
    return found


def test_both_guides_tell_the_same() -> None:
    assert steps(GUIDES[0]) == steps(GUIDES[1])


def fill_in(folder: Path) -> None:
    for name, blob in small_sample().items():
        if name.startswith("inputs/"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(blob)


def decide(folder: Path) -> None:
    outcome = collect(Options(folder, dry_run=True), lambda *_: None, str)
    assert outcome.collection
    decide_cases(folder, outcome.collection.cases, "진하율", "")


HANDS = {
    "fill in": fill_in,
    "change an answer": lambda folder: change_answer(folder, AREA, "예산 범위 안에서"),
    "sign and scan": lambda folder: sign_and_scan(folder, "KSEN-2018", AREA),
    "decide": decide,
}


def follow(name: str, start: Path) -> tuple[Path, list[tuple[str, int, str]]]:
    """Do what a guide says. The campaign's folder; each line typed with exit code and what was said."""
    where, told = start, []
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "HYEOPYAK_SEAL_PASSWORD": PASSWORD, "LANGUAGE": "en"}
    for line in steps(name):
        words = shlex.split(line, comments=False)
        if words[0] == "#":
            HANDS[line.removeprefix("# ")](where)
        elif words[0] == "cd":
            where = where / words[1]
        else:
            assert words[0] == "hyeopyak", line
            done = subprocess.run(
                [sys.executable, "-m", "pipeline", *words[1:]],
                cwd=where, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300,
            )  # fmt: skip
            assert "Traceback" not in done.stderr, done.stderr
            told.append((line, done.returncode, done.stdout + done.stderr))
    return where, told


def test_word_by_word_to_a_verified_archive_and_every_other_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One test: workers that share out tests would each walk the whole way.
    root, told = follow(GUIDES[0], tmp_path)
    codes = [(line, code) for line, code, _ in told if code]
    assert codes == [("hyeopyak collect", 6)], [said for _, code, said in told if code]
    assert [line for line, *_ in told][-2:] == ["hyeopyak archive", "hyeopyak verify --trust inputs/seal.crt.pem"]
    proven = told[-1][2]
    assert "not hold" not in proven
    assert list((root / "outputs").rglob("*_2판.pdf"))
    folder = Folder.__new__(Folder)
    folder.root = root
    monkeypatch.setenv("HYEOPYAK_SEAL_PASSWORD", PASSWORD)
    wrong: list[tuple[str, str]] = []
    for command in sorted(commands()):
        words = [STANDS_FOR.get(word, word) for word in shlex.split(command, comments=True)[1:]]
        if "--help" in words or is_name_of_what_needs_more(words):
            assert not cli.main([*words, "--help"], prog_name="hyeopyak", standalone_mode=False), command
            continue
        result = here(folder, *words)
        if result.code == BUG or "Usage:" in result.err:
            wrong.append((command, result.err))
    assert wrong == []


def is_name_of_what_needs_more(words: list[str]) -> bool:
    """Whether a text names a command only, and that cannot be run without more."""
    found: click.Command = cli
    for word in words:
        if not isinstance(found, click.Group) or word not in found.commands:
            return False
        found = found.commands[word]
    return isinstance(found, click.Group) or any(one.required for one in found.params)


STANDS_FOR = {
    "FILE": "inputs/candidates.xlsx",
    "FILE...": "inputs/answers.xlsx",
    "KIND": "agreement",
    "FOLDER": "new",
    "PATH": "outputs/archive",
    "AREA": AREA,
    "NAME": "진하율",
    "COMMAND": "make",
}
"""What a person would write in its place."""


ELSEWHERE = ("[OPTIONS]", "--watch", "--cluster", "hyeopyak demo", "hyeopyak completion")
"""What is no command, and what has tests of its own: test_status, test_cluster, test_demo, test_command_line."""


def commands() -> Iterator[str]:
    """Every command line that stands in a document, but those of the guide's own way."""
    known = set(steps(GUIDES[0]))
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        inline = re.findall(r"`(?:\.venv/bin/)?(hyeopyak [^`\n]+)`", text)
        lines = re.findall(r"(?m)^    (?:\.venv/bin/)?(hyeopyak .+)$", text)
        for command in (*inline, *lines):
            if command not in known and not any(one in command for one in ELSEWHERE):
                known.add(command)
                yield command
