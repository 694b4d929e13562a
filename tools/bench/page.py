"""`python -m tools.bench.page`: what was measured, into docs/performance.md, as a table and as a chart."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from tools.bench.__main__ import table
from tools.bench.measure import ROOT

PAGE, CHART = ROOT / "docs/performance.md", ROOT / "docs/images/performance.svg"
_BEGIN, _END = "<!-- measured -->", "<!-- end of measured -->"
_LEFT, _WIDTH, _LINE, _TOP = 360, 980, 30, 58
_DECADES = (-1, 3)
"""Ratios of 0.1 to 1,000."""
_MET, _MISSED, _INK, _FAINT = "#1f6f5c", "#b4552d", "#1d2733", "#d5dbe1"


def main() -> None:
    """Rewrite the page's measured part from `outputs/bench.json`."""
    report = json.loads((ROOT / "outputs/bench.json").read_text(encoding="utf-8"))
    rows = [row for row in report["rows"] if row["ratio"] is not None]
    text = "\n".join([_BEGIN, "", _machine(report["machine"]), "", *table(report["rows"]), "", _END])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"{_BEGIN}.*{_END}", lambda _: text, page, flags=re.DOTALL), encoding="utf-8")
    CHART.write_text("\n".join(_chart(rows)) + "\n", encoding="utf-8")


def _machine(machine: Mapping[str, Any]) -> str:
    return (
        f"{machine['system']}, {machine['cores']} cores, {machine['memory_gib']} GiB; Python {machine['python']}, "
        f"{machine['libreoffice']}; commit {machine['commit']}, {machine['day']}."
    )


def _chart(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    height = _TOP + _LINE * len(rows) + 34
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="13" fill="{_INK}" role="img">'
    )
    yield "<title>How many times better than the alternative, and the goal</title>"
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
    yield _text(16, 24, "Times better than the alternative (logarithmic); the mark is the goal", 'font-weight="600"')
    for power in range(_DECADES[0], _DECADES[1] + 1):
        x = _place(10.0**power)
        yield f'<path d="M{x:.1f} {_TOP - 12}V{height - 28}" stroke="{_INK if not power else _FAINT}"/>'
        yield _text(x, height - 10, f"{10.0**power:g}×", 'text-anchor="middle"')
    for number, row in enumerate(rows):
        yield from _bar(_TOP + _LINE * number, row)
    yield "</svg>"


def _bar(top: float, row: Mapping[str, Any]) -> Iterator[str]:
    met = row["ratio"] >= row["goal"]
    one, end, goal = (_place(value) for value in (1.0, row["ratio"], row["goal"]))
    left, width = min(one, end), max(abs(end - one), 1.5)
    yield _text(_LEFT - 10, top + 14, row["id"], 'text-anchor="end"')
    colour = _MET if met else _MISSED
    yield f'<rect x="{left:.1f}" y="{top + 2}" width="{width:.1f}" height="16" fill="{colour}"/>'
    yield f'<path d="M{goal:.1f} {top - 2}v24" stroke="{_INK}" stroke-width="2.5"/>'
    words = f"{row['ratio']:.3g}×" + ("" if met else f" (goal {row['goal']:.3g}×)")
    yield _text(max(one, end, goal) + 8, top + 14, words)


def _place(ratio: float) -> float:
    low, high = _DECADES
    share = (min(max(math.log10(ratio), low), high) - low) / (high - low)
    return _LEFT + share * (_WIDTH - _LEFT - 150)


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


if __name__ == "__main__":
    main()
