"""Documents that cannot rot: exit codes, targets and doors stand in them as they are in the code."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import REPOSITORY

from pipeline.model.errors import ExitCode


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


def test_targets_that_readmes_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.MULTILINE))
    for name in ("README.md", "README.ko.md", "CONTRIBUTING.md"):
        code = "\n".join(re.findall(r"`[^`]+`|^    .*$", text(name), flags=re.MULTILINE))
        named = set(re.findall(r"\bmake ([a-z]+)\b(?=`|\s|$)", code))
        assert named - targets == set(), name


def test_no_real_list_and_no_machine_path_is_tracked() -> None:
    names = {path.name for path in REPOSITORY.rglob("*.csv") if ".venv" not in path.parts}
    assert not {"candidates_2026.csv", "precandidates_2014_cp949.csv", "tricky_candidates.csv"} & names
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in text(name)
        assert "find-links" not in text(name)
    assert Path(REPOSITORY / "uv.lock").exists() is False
