"""Findings on the screen: by file, the worst first, many alike in one line."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipeline.model.findings import Cell, Finding, finding
from pipeline.show import language, report


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    language.use("en")


def blank(file: str, row: int = 2, sheet: str = "표") -> Finding:
    return finding("cell.blank", Cell(f"inputs/{file}", sheet, row, "A"), header="이름")


def shown(findings: Iterable[Finding], *, verbose: bool = False) -> list[str]:
    return list(report.lines(findings, verbose=verbose))


def test_findings_stand_below_their_file_and_files_with_errors_come_first() -> None:
    warned = finding("hanja.damaged", Cell("inputs/a.xlsx", "표", 3, "B"), subject="101")
    lines = shown([warned, blank("b.xlsx"), warned, blank("b.xlsx", 4, "")])
    assert [line.partition(": The")[0].partition(": '")[0] for line in lines] == [
        "inputs/b.xlsx (error 2)",
        "  [표]!A2: error",
        "  A4: error",
        "inputs/a.xlsx (warning 2)",
        "  [표]!B3 101: warning",
        "  [표]!B3 101: warning",
    ]


def test_errors_come_before_warnings_within_a_file() -> None:
    cell = Cell("inputs/a.xlsx", "표", 3, "B")
    lines = shown([finding("hanja.damaged", cell), blank("a.xlsx")])
    assert lines[0] == "inputs/a.xlsx (error 1, warning 1)"
    assert ["error:" in line for line in lines[1:]] == [True, False]


def test_lines_of_a_text_file_are_named_as_lines() -> None:
    cell = Cell("inputs/campaign.toml", row=7)
    assert shown([finding("campaign.value", cell, key="x", problem="it is empty")])[1].startswith(
        "  line 7: error: x: "
    )


def test_what_has_no_file_has_no_heading() -> None:
    assert shown([finding("worker.lost", subject="A-1100-0001")])[0].startswith("A-1100-0001: error: ")


def test_many_alike_are_summed_up_file_by_file() -> None:
    many = [blank(file, row) for row in range(2, 9) for file in ("a.xlsx", "b.xlsx")]
    lines = shown(many)
    assert len(lines) == 4
    assert lines[1].startswith("  7 × [표]!A2: error: ")
    assert lines[1].endswith("[[표]!A3, [표]!A4, [표]!A5, [표]!A6 and 2 more (-v shows all)]")
    assert len(shown(many, verbose=True)) == 16


def test_notes_are_summed_up_at_the_end_whatever_their_file() -> None:
    notes = [finding("sheet.unfilled", Cell(f"inputs/{name}.xlsx", "표")) for name in "ab"]
    lines = shown([*notes, blank("c.xlsx")])
    assert lines[0] == "inputs/c.xlsx (error 1)"
    told = "There is no row yet. Fill in the sheet when its time has come."
    assert lines[2:] == [f"2 × inputs/a.xlsx[표]: note: {told} [inputs/b.xlsx[표]]"]
    assert "inputs/a.xlsx (note 1)" in shown(notes, verbose=True)
