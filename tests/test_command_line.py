"""Help with examples that are right, versions, and what Tab completes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from conftest import REPOSITORY, Folder

from pipeline import __version__
from pipeline.cli import cli
from pipeline.commands.base import Command
from pipeline.doors.machine import LIBRARIES


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command with its name, groups included."""
    for name, command in group.commands.items():
        assert isinstance(command, Command)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands())
EXAMPLES = [(path, example) for path, command in EVERY.items() for example in command.examples]


def test_every_command_shows_how_it_is_used() -> None:
    bare = {path for path, command in EVERY.items() if not command.examples and not isinstance(command, click.Group)}
    assert bare == set()


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_examples_are_understood(path: tuple[str, ...], example: str) -> None:
    """Parsed as they stand, by the command in whose help they stand."""
    words = shlex.split(re.split(r" >>? ", example)[0])
    assert tuple(words[: len(path)]) == path
    EVERY[path].make_context(path[-1], words[len(path) :])


def typed(folder: Folder, *words: str, **environment: str) -> str:
    """What the program prints when these words are typed in the campaign's folder."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.argv[0] = 'hyeopyak'; main()", *words],
        cwd=folder.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "LANGUAGE": "en", **environment},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_versions(folder: Folder) -> None:
    first, office, python, libraries = typed(folder, "--version", HYEOPYAK_SOFFICE="").splitlines()
    assert (first, office) == (f"hyeopyak {__version__}", "LibreOffice -")
    assert python.startswith(f"Python {sys.version_info.major}.{sys.version_info.minor}.")
    assert [one.split()[0] for one in libraries.split(", ")] == list(LIBRARIES)
    assert " -" not in libraries


def completed(folder: Folder, words: str) -> list[str]:
    """What bash is offered after these words."""
    count = str(len(words.split(" ")))
    told = typed(
        folder, COMP_WORDS=f"hyeopyak {words}", COMP_CWORD=count, _HYEOPYAK_COMPLETE="bash_complete"
    ).splitlines()
    return [line.partition(",")[2] for line in told if line]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("sta", ["status"]),
        ("make ", ["agreement"]),
        ("make x", []),
        ("make --dry", ["--dry-run"]),
        ("template f", ["fields"]),
        ("completion ", ["bash", "fish", "zsh"]),
    ],
)
def test_what_tab_offers(folder: Folder, words: str, offered: list[str]) -> None:
    assert completed(folder, words) == offered


def test_nothing_is_offered_where_settings_cannot_be_read(folder: Folder) -> None:
    folder.write("inputs/campaign.toml", "[campaign")
    assert completed(folder, "make ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_name_the_program(folder: Folder, shell: str) -> None:
    script = typed(folder, "completion", shell)
    assert "_HYEOPYAK_COMPLETE" in script
    assert script.isascii()
