"""A verdict: what the command says of a folder that is wrong, and proof that it harmed nothing on the way."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Folder, Result
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.cli import main

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Verdict:
    """Exit code and errors and warnings as `code cell`; two verdicts are equal when these are."""

    exit: int
    found: Sequence[str]
    said: str = field(default="", compare=False)
    """Message and remedy of each finding, notes too, a line each."""
    documents: Sequence[Any] = field(default=(), compare=False, repr=False)


def with_papers(folder: Folder, store: Path) -> Folder:
    """The campaign with papers that an earlier run has made. `store` keeps them for the next test."""
    papers = store / "papers"
    if not papers.exists():
        assert here(Folder(papers), "make", "--jobs", "1").code == 3
    shutil.copytree(papers / "outputs", folder.root / "outputs")
    return folder


def judge(folder: Folder, *arguments: str) -> Verdict:
    """The verdict of `make` without LibreOffice (or of the command given), which must make nothing.

    Checked on the way: papers stay byte for byte, no file is left behind, nothing but one JSON object is printed.
    """
    before, files = folder.outputs(), names(folder.root)
    result = here(folder, *(arguments or ("make",)), "--json")
    assert result.code != 70, result.err
    assert folder.outputs() == before, "papers were touched"
    assert names(folder.root) == files, "a file was left behind"
    assert names(scratch_of(folder)) == set(), "a temporary file was left behind"
    assert result.err == "", "talk beside the JSON"
    report = result.json
    assert report["exit"] == result.code
    return Verdict(
        result.code,
        [f"{one['code']} {address(one)}".strip() for one in report["findings"] if one["level"] != "note"],
        "\n".join(f"{one['message']} {one['remedy']}" for one in report["findings"]),
        report["documents"],
    )


def here(folder: Folder, *arguments: str, soffice: str = "") -> Result:
    """The whole command without LibreOffice, as `Folder.no_office`, but in this process: ten times as quick."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("HYEOPYAK_SOFFICE", soffice)
        patch.setenv("LANGUAGE", "en")
        patch.setattr(tempfile, "tempdir", str(scratch_of(folder)))
        patch.setattr(sys, "argv", ["hyeopyak", *arguments, "--campaign", str(folder.root)])
        with pytest.raises(SystemExit) as end:
            main()
    assert "Traceback" not in err.getvalue()
    return Result(int(end.value.code or 0), out.getvalue(), err.getvalue())


def scratch_of(folder: Folder) -> Path:
    """Where temporary files of `here` go."""
    scratch = folder.root.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    return scratch


def address(one: dict[str, Any]) -> str:
    """`inputs/a.xlsx[후보자]!C7`, the parts that are known."""
    sheet = f"[{one['sheet']}]" if one["sheet"] else ""
    place = f"{one['column']}{one['row'] or ''}"
    return f"{one['file']}{sheet}" + (f"!{place}" if place else "")


def names(root: Path) -> set[str]:
    """Everything below a folder, but for the lock, which stays there for the next run, copies to look at, and logs."""
    found = {str(Path(place, name).relative_to(root)) for place, _, files in os.walk(root) for name in files}
    return {one for one in found - {"outputs/.lock"} if not one.startswith(("outputs/check/", "outputs/logs/"))}


def workbook(
    rows: str | Sequence[Sequence[Any]], sheet: str, then: Callable[[Worksheet], object] | None = None
) -> bytes:
    """A real .xlsx of CSV text or rows; `then` does with the sheet what somebody did in Excel."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in [line.split(",") for line in rows.splitlines()] if isinstance(rows, str) else rows:
        page.append(row)
    if then:
        then(page)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def in_excel(folder: Folder, table: str, content: bytes | str, name: str = "", sheet: str = "") -> None:
    """Let `campaign.toml` read a table from a workbook with this content."""
    name = name or f"{table}.xlsx"
    folder.write(f"inputs/{name}", content)
    folder.change("inputs/campaign.toml", f'"{table}.csv"', f'"{name}{sheet and "#"}{sheet}"')
