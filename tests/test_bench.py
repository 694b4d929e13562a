"""The benchmark runs, and `bench.json` has its shape; what the numbers are is not a test's business."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY

pytestmark = [pytest.mark.office, pytest.mark.slow]

KEYS = {"id", "work", "ours", "theirs", "against", "unit", "ratio", "goal", "runs"}


def bench(output: Path, *rows: str, **environment: str) -> tuple[dict[str, Any], str]:
    """What a quick run of some rows writes, and the table it prints."""
    command = [sys.executable, "-m", "tools.bench", "--quick", "--output", str(output)]
    command += [part for row in rows for part in ("--only", row)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(output.read_text(encoding="utf-8")), done.stdout


def test_rows_hold_both_sides_and_their_ratio(tmp_path: Path) -> None:
    report, table = bench(tmp_path / "new" / "bench.json", "word_vs_docxtpl", "pdf_vs_soffice")
    assert [row["id"] for row in report["rows"]] == ["word_vs_docxtpl", "pdf_vs_soffice"]
    for row in report["rows"]:
        assert set(row) == KEYS
        assert row["runs"] >= 1
        assert row["ratio"] == pytest.approx(row["theirs"] / row["ours"], rel=0.01)
        assert row["id"] in table


def test_the_machine_is_described_but_not_named(tmp_path: Path) -> None:
    report, _ = bench(tmp_path / "bench.json", "help_vs_click")
    machine = report["machine"]
    assert {"cores", "memory_gib", "python", "libreoffice", "libraries"} <= set(machine)
    assert machine["libraries"]["docxtpl"] == "0.20.2"
    assert socket.gethostname() not in machine.values()
    assert str(REPOSITORY) not in json.dumps(report)


def test_what_is_missing_gives_a_reason_and_no_number(tmp_path: Path) -> None:
    report, table = bench(tmp_path / "bench.json", "pdf_vs_unoserver", HYEOPYAK_SOFFICE="")
    (row,) = report["rows"]
    assert set(row) == {*KEYS, "not_measured"}
    assert row["ours"] is row["theirs"] is row["ratio"] is None
    assert row["not_measured"] in table
