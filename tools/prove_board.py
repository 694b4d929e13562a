"""How quick the board is in a browser: `python -m tools.prove_board [COUNT]` (with playwright and Chromium).

Loads a board of so many documents (10,000 when not given) five times; prints the medians of the time until the table
stands, and of the time from a key press in the search field until the table has changed, ms.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipeline.doors.board.page import page
from pipeline.model.board import Board, Line
from pipeline.model.status import Counts, Reached
from pipeline.model.volumes import Edition
from pipeline.show import report

_ROUNDS = 5
_PROVINCES = ("서울특별시", "부산광역시", "강원도", "경기도", "제주특별자치도", "")
_TYPED = """text => {
  const field = document.getElementById("search");
  const begun = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  document.body.offsetHeight;
  return performance.now() - begun;
}"""
_LOADED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_SORTED = """() => {
  const begun = performance.now();
  document.querySelector("#table thead th:nth-child(3) button").click();
  document.body.offsetHeight;
  return performance.now() - begun;
}"""


def board(count: int) -> Board:
    """So many documents, each with what a document can have."""
    states = tuple(Reached)
    lines = tuple(
        Line(
            f"A-41{place % 226:03}00-{place:04}",
            "정책협약서",
            _PROVINCES[place % 6],
            f"{_PROVINCES[place % 6]} {place % 226}구",
            states[place % 8],
            frozenset({"documents", "issued"}),
            f"{place % 226}구청장 후보 {place}번",
            ("쪽이 빠짐", "서명 빠짐: 후보자"),
            f"agreements/서울특별시/{place}.docx",
            f"agreements/서울특별시/{place}.pdf",
        )
        for place in range(count)
    )
    counts = Counts(documents=count, issued=count)
    areas = [(name, counts) for name in _PROVINCES]
    return Board(Edition.INTERNAL, "측정", "2026-01-01T00:00:00+00:00", lines, counts, areas)


def _measured(seen: Page, url: str) -> tuple[float, float, float, float]:
    seen.goto(url)
    seen.wait_for_selector("#table tbody tr")
    loaded = float(seen.evaluate(_LOADED))
    keys = [float(seen.evaluate(_TYPED, text)) for text in ("4", "43", "432", "4321번", "")]
    return loaded, max(keys), float(seen.evaluate(_SORTED)), float(seen.evaluate(_SORTED))


def _browser() -> str:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        sys.exit("Chromium is missing: tools/setup.sh dev")
    return program


def main() -> int:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_bytes(page(board(count), report.wording()))
        browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        rounds = [_measured(browser.new_context().new_page(), path.as_uri()) for _ in range(_ROUNDS)]
        size = path.stat().st_size / 1e6
    loaded, typed, first, again = (statistics.median(values) for values in zip(*rounds, strict=True))
    print(f"{count:,} documents, {size:.1f} MB: loaded in {loaded:.0f} ms, a key press at most {typed:.0f} ms,")
    print(f"sorted by place in {first:.0f} ms, the other way in {again:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
