"""Proves on simulated pages how well returned papers are read: `python -m tools.prove_scans OUTPUTS [PART]`.

Two parts, each a table: `codes`, by degradation: matched plain, by the ladder, wrong, and unmatched although at least
one code was left alone; `signatures`: signed called empty, empty called signed, asked, struck passages found, false
alarms, with pens and a seed that no threshold was set with.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.pile import Source
from pipeline.doors.scans.simulated.recipes import DEGRADATIONS
from pipeline.doors.scans.simulated.truth import Kind
from pipeline.model.identity import PageCode
from tools.prove_scans_codes import CodeRow, CodeTask, read_page, strange_tasks
from tools.prove_scans_hands import HandRow, HandTask, judge_page, print_hands

_SHARE = 99.5
"""Per cent that must be matched where a code is legible."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    outputs: Path
    parts: frozenset[str]
    pages: int
    seed: int
    workers: int
    only: str


def sources(outputs: Path) -> list[Source]:
    """Pages of the latest edition of every paper of a campaign."""
    settings = tomllib.loads((outputs.parent / "inputs" / "campaign.toml").read_text(encoding="utf-8"))
    campaign = next(
        block["id"] for block in (settings, *settings.values()) if isinstance(block, dict) and "id" in block
    )
    with Register(outputs, readonly=True) as register:
        pages = register.issued_pages()
    latest = {page.number: page.edition for page in pages}
    return [
        Source(
            outputs / one.pdf,
            one.page,
            PageCode(campaign, one.number, one.revision, one.page, one.pages, one.check).payload,
            one.boxes,
        )
        for one in pages
        if one.edition == latest[one.number]
    ]


def code_tasks(pages: Sequence[Source], options: Options) -> list[CodeTask]:
    """Every degradation at every resolution equally often, over all papers by turns; and some strangers."""
    wanted = [(name, dpi) for name, one in DEGRADATIONS.items() for dpi in one.dpis if options.only in name]
    each = -(-options.pages // len(wanted))
    tasks = [
        CodeTask(name, dpi, pages[(place * each + number) * 7 % len(pages)], Kind.ISSUED, (options.seed, place, number))
        for place, (name, dpi) in enumerate(wanted)
        for number in range(each)
    ]
    return tasks if options.only else [*tasks, *strange_tasks(pages, options.seed, max(10, options.pages // 50))]


def codes(options: Options, pages: Sequence[Source]) -> bool:
    """The first part. Returns whether it passed."""
    tasks = code_tasks(pages, options)
    known = frozenset(page.code for page in pages)
    start = time.monotonic()
    with ProcessPoolExecutor(options.workers) as pool:
        rows = list(pool.map(read_page, ((task, known) for task in tasks), chunksize=8))
    print(f"{'degradation':34}{'pages':>6}{'plain':>7}{'ladder':>7}{'wrong':>6}{'missed':>7}{'hidden':>7}{'ms':>6}")
    for name, some in _grouped(rows):
        milliseconds = sum(row.milliseconds for row in some) / len(some)
        cells = (
            f"{sum(getattr(row, field) for row in some):>7}"
            for field in ("plain", "ladder", "wrong", "missed", "hidden")
        )
        print(f"{name:34}{len(some):>6}{''.join(cells)}{milliseconds:>6.0f}")
    wrong = sum(row.wrong for row in rows)
    asked = [row for row in rows if row.required and not row.hidden]
    matched = 100 * sum(row.plain or row.ladder for row in asked) / max(1, len(asked))
    took = time.monotonic() - start
    print(
        f"{len(rows)} pages in {took:.0f} s, {len(asked)} required and legible: {matched:.2f} % matched, {wrong} wrong"
    )
    for row in rows:
        if row.missed and row.required:
            print(f"  missed: {row.name} at {row.dpi} dpi, chance {row.chance}")
    return not wrong and matched >= _SHARE


def signatures(options: Options, pages: Sequence[Source]) -> bool:
    """The second part. Returns whether it passed."""
    boxed = [page for page in pages if page.boxes]
    if not boxed:
        print("no signature boxes in the register")
        return False
    count = options.pages // 5
    tasks = [
        HandTask(boxed[number * 3 % len(boxed)], pages[number * 7 % len(pages)], (options.seed, 77, number))
        for number in range(count)
    ]
    with ProcessPoolExecutor(options.workers) as pool:
        rows: list[HandRow] = list(pool.map(judge_page, tasks, chunksize=4))
    return print_hands(rows)


def main() -> int:
    """The program."""
    options = _options()
    pages = sources(options.outputs)
    print(f"{len(pages)} pages of {len({page.pdf for page in pages})} papers, seed {options.seed}")
    passed = True
    if "codes" in options.parts:
        passed = codes(options, pages) and passed
    if "signatures" in options.parts:
        passed = signatures(options, pages) and passed
    return 0 if passed else 1


def _grouped(rows: Sequence[CodeRow]) -> Iterator[tuple[str, list[CodeRow]]]:
    for name in dict.fromkeys(f"{row.name} {row.dpi}" for row in rows):
        yield name, [row for row in rows if f"{row.name} {row.dpi}" == name]


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outputs", type=Path, help="of a campaign whose PDFs bear codes")
    parser.add_argument("part", nargs="*", default=["codes", "signatures"], help="codes, signatures")
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20180613)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="degradations whose name holds this")
    given = parser.parse_args()
    return Options(given.outputs, frozenset(given.part), given.pages, given.seed, given.workers, given.only)


if __name__ == "__main__":
    sys.exit(main())
