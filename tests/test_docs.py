"""Documents that cannot rot: exit codes, targets, commands and doors stand in them as they are in the code.

That commands do what the operator's guide says is shown by test_operators_guide.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from conftest import REPOSITORY

from pipeline.cli import cli
from pipeline.model.errors import ExitCode
from tools import reference

_SCREEN = 50
"""Lines of a README that are read without scrolling far."""


def text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_the_table_of_exit_codes_is_the_enum() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", text("docs/operators-guide.md"), flags=re.MULTILINE)
    assert rows == [(str(int(code)), code.name) for code in ExitCode]


def test_every_step_and_door_stands_in_the_architecture() -> None:
    document = text("docs/architecture.md")
    for room in ("steps", "doors"):
        for path in (REPOSITORY / "pipeline" / room).rglob("*.py"):
            assert path.stem == "__init__" or path.stem in document, path.name


def test_links_of_documents_lead_somewhere() -> None:
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


TARGETS = re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.MULTILINE)


def test_targets_that_documents_name_exist() -> None:
    kinds = re.findall(r"^KINDS := (.*)$", text("Makefile"), flags=re.MULTILINE)[0].split()
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]:
        code = "\n".join(
            re.findall(r"`make [^`]+`|^    make .*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        )
        named = set(re.findall(r"^`?\s*make ([a-z-]+)\b(?=`|\s|$)", code, flags=re.MULTILINE))
        assert named - {*TARGETS, *kinds} == set(), path.name


@pytest.mark.parametrize("target", sorted({*TARGETS} - {"agreements"}))
def test_every_target_calls_a_command_that_is(target: str) -> None:
    told = subprocess.run(
        ["make", "-n", target, "CAMPAIGN=somewhere", "ONLY=종로구", "JOBS=2", "FOLDER=new", "BY=진하율", "AREA=전국"],
        cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    called = [shlex.split(line)[1:] for line in told.stdout.splitlines() if line.startswith(".venv/bin/hyeopyak ")]
    for words in called:
        command: click.Command = cli
        place = 0
        while isinstance(command, click.Group) and words[place : place + 1] and words[place] in command.commands:
            command, place = command.commands[words[place]], place + 1
        command.make_context("hyeopyak", words[place:])


def test_the_page_of_commands_is_current() -> None:
    assert text("docs/cli.md") == reference.page(), "run: python -m tools.reference"


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_readme_is_one_screen_with_a_picture(name: str) -> None:
    assert len(text(name).splitlines()) <= _SCREEN
    assert "](docs/images/overview.png)" in text(name)


def test_no_real_list_and_no_machine_path_is_tracked() -> None:
    names = {path.name for path in REPOSITORY.rglob("*.csv") if ".venv" not in path.parts}
    assert not {"candidates_2026.csv", "precandidates_2014_cp949.csv", "tricky_candidates.csv"} & names
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in text(name)
        assert "find-links" not in text(name)
    assert Path(REPOSITORY / "uv.lock").exists() is False
