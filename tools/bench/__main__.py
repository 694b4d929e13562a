"""`python -m tools.bench`: measure the rows, print a table, write `outputs/bench.json`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.model.limits import OBJECTS
from tools.bench.measure import ROOT, Comparison, NotMeasured, Setting, machine, talk
from tools.bench.rows import ROWS


def main() -> None:
    """Measure what was asked for. What was measured before an interruption is written and printed all the same."""
    options = _options()
    gc.set_threshold(OBJECTS)  # as the program does
    report: dict[str, Any] = {"machine": machine(), "rows": []}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        for comparison in ROWS:
            if not options.only or comparison.id in options.only:
                report["rows"].append(_measured(comparison, quick=options.quick))
    finally:
        text = json.dumps(report, ensure_ascii=False, indent=1)
        options.output.write_text(text + "\n", encoding="utf-8")
        print("\n".join(table(report["rows"])))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure ours against the alternatives.")
    parser.add_argument("--quick", action="store_true", help="small counts: does it run at all")
    parser.add_argument("--only", action="append", metavar="ID", choices=[one.id for one in ROWS], help="this row")
    parser.add_argument("--output", type=Path, default=ROOT / "outputs" / "bench.json", help="outputs/bench.json")
    return parser.parse_args()


def _memory() -> str | None:
    """A file system in memory, where there is one: programs are compared here, not disks. Both sides use it."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - each run has a folder of its own


def _measured(comparison: Comparison, *, quick: bool) -> dict[str, Any]:
    talk(f"{comparison.id}: {comparison.work}, against {comparison.against}")
    with tempfile.TemporaryDirectory(prefix="hyeopyak-bench-", dir=_memory()) as folder:
        try:
            return comparison.row(comparison.measure(Setting(Path(folder), quick)))
        except NotMeasured as reason:
            return comparison.row(None, str(reason))


_COLUMNS = ("id", "work", "ours", "theirs", "unit", "against", "ratio", "goal")


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rows as a Markdown table that is also straight on a terminal."""
    lines = [_COLUMNS, tuple("-" * len(name) for name in _COLUMNS), *map(_cells, rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(_COLUMNS))]
    return [
        "| " + " | ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ] + [f"{one['id']}: not measured: {one['not_measured']}" for one in rows if "not_measured" in one]


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    shown = {key: f"{row[key]:.3g}" if isinstance(row[key], float) else str(row[key]) for key in _COLUMNS}
    if row["ratio"] is None:
        return tuple({**shown, "ours": "-", "theirs": "-", "ratio": "not measured"}.values())
    met = "" if row["ratio"] >= row["goal"] else " (missed)"
    return tuple({**shown, "goal": shown["goal"] + met}.values())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


if __name__ == "__main__":
    main()
