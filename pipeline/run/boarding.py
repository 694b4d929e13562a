"""`hyeopyak board`: where everything stands as pages for the browser, one internal and one public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.doors import files, logs
from pipeline.doors.board.first_pages import first_page
from pipeline.doors.board.page import page
from pipeline.doors.register import Register
from pipeline.model.board import Line, Wording
from pipeline.model.documents import Issued
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, now
from pipeline.run.standing import look
from pipeline.steps.board import Known, board, first_seen, public, with_pictures

BOARD = "board"
_PICTURES = "pages"
PICTURES = 400
"""Pictures of first pages, when nobody says how many."""


def show_board(options: Options, wording: Wording, pictures: int = PICTURES, clock: Clock = now) -> Outcome:
    """Write both editions of the board.

    Args:
        options: the campaign's folder.
        wording: the language of the pages.
        pictures: how many first pages are drawn at most; those that are there already are kept.
        clock: the present.

    Raises:
        Trouble: campaign.locked, output.unwritable, output.full.
    """
    outputs = options.folder / OUTPUTS
    tidied: list[Finding] = []
    with held(options.folder, outputs, tidied):
        seen = look(options)
        if seen.outcome.status is None:
            return Outcome((*tidied, *seen.outcome.findings))
        standings = seen.outcome.status.standings
        with Register(outputs, readonly=True) as register:
            events = register.events()
        there = frozenset(path for one in standings for path in (one.docx, one.pdf) if (outputs / path).is_file())
        known = Known(seen.records.papers, seen.findings, events, there)
        stamp = clock().isoformat(timespec="seconds")
        inside = board(seen.outcome.status, known, wording, seen.name, stamp)
        with logs.step("first pages drawn"):
            issued = {one.number: one for one in seen.records.issued.values()}
            chosen = _chosen(first_seen(inside.lines), issued, pictures)
            files.publish(outputs / BOARD, _drawn(chosen, outputs))
        names = {number: name for number, name, _ in chosen if (outputs / BOARD / name).is_file()}
        pages = {
            "index.html": page(with_pictures(inside, names), wording),
            "public/index.html": page(public(inside), wording),
        }
        files.publish(outputs / BOARD, pages.items())
        for path in (outputs / BOARD / _PICTURES).glob("*.webp"):
            if f"{_PICTURES}/{path.name}" not in names.values():
                files.remove(path)
    findings = (*tidied, *seen.outcome.findings)
    return Outcome(findings, files=tuple(f"{OUTPUTS}/{BOARD}/{name}" for name in pages))


_Choice = tuple[str, str, str]
"""Number, file of its picture below the board, its PDF below outputs."""


def _chosen(lines: Iterable[Line], issued: Mapping[str, Issued], most: int) -> list[_Choice]:
    chosen: list[_Choice] = []
    for line in lines:
        one = issued.get(line.number)
        if len(chosen) >= most:
            break
        if one and one.pdf == line.pdf and one.pdf_sha256:
            chosen.append((line.number, f"{_PICTURES}/{one.pdf_sha256}.webp", one.pdf))
    return chosen


def _drawn(chosen: Iterable[_Choice], outputs: Path) -> Iterator[tuple[str, bytes]]:
    """Pictures that are not there yet, of papers that are as they were issued."""
    for _, name, pdf in chosen:
        if (outputs / BOARD / name).is_file():
            continue
        try:
            blob = files.read(outputs / pdf, pdf, "file.unreadable")
        except Trouble:
            continue
        if hashlib.sha256(blob).hexdigest() == Path(name).stem and (picture := first_page(blob)):
            yield name, picture
