"""Checked copies of workbooks: `outputs/check/NAME`, each bad cell coloured and with a comment, a summary in front."""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.doors import files
from pipeline.doors.books import checked_books
from pipeline.doors.books.checked_summary import Voice
from pipeline.doors.books.sheets import located, read_source
from pipeline.model.catalogue import Level
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.run.outcome import CHECKED, OUTPUTS

_INPUTS = "inputs/"
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_TABLES = frozenset({".csv", ".tsv", ".txt", ".xls", ".ods", *_WORKBOOKS})
_RECORD = ".copies"
"""SHA-256 of each copy as it was made: one with another hash was changed by somebody."""
_CHANGED = ".changed-"


@dataclass(frozen=True, slots=True)
class Copies:
    """What there is to write, by name below `outputs/`."""

    written: Sequence[tuple[str, bytes]] = ()
    stale: Sequence[str] = ()
    """Copies of workbooks that have no findings any more."""


def check_copies(folder: Path, findings: Sequence[Finding], voice: Voice, sources: Iterable[str] = ()) -> Copies:
    """A copy of each workbook that somebody has to mend; nothing is written.

    Args:
        folder: the campaign's.
        findings: all of a run; files with nothing but notes get no copy, nor do those that cannot be read at all.
        voice: the person's language.
        sources: entries of `[tables]`: they may say how a file is encoded.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.cell and one.cell.file.startswith(_INPUTS) and _suffix(one.cell.file) in _TABLES:
            by_file[one.cell.file].append(one)
    named = {f"{_INPUTS}{one.partition('?')[0]}": one.partition("#")[0] for one in sources if "?" in one}
    made = []
    for file, own in by_file.items():
        unreadable = any(one.level is Level.ERROR and one.code.startswith("file.") for one in own)
        if unreadable or all(one.level is Level.NOTE for one in own):
            continue
        if blob := _copy(folder, file, own, voice, named):
            made.append((f"{CHECKED}/{_name(file)}", blob))
    kept = {name for name, _ in made}
    stale = [name for name in _existing(folder) if name not in kept]
    return Copies(made, stale)


def write_copies(
    folder: Path, findings: Sequence[Finding], voice: Voice, sources: Iterable[str] = ()
) -> tuple[list[str], list[Finding]]:
    """Write the copies of a run and remove those that have become stale.

    A copy that somebody changed by mistake is kept beside the new one, and told: nothing is lost.

    Returns:
        Paths of copies below the campaign folder, and findings; none of them stands in the way of papers.
    """
    outputs = folder / OUTPUTS
    copies = check_copies(folder, findings, voice, sources)
    known = _known(outputs)
    told: list[Finding] = []
    try:
        told.extend(
            finding("copy.altered", Cell(f"{OUTPUTS}/{name}"), kept=kept)
            for name in _existing(folder)
            if (kept := files.set_aside(outputs, name, known))
        )
        if copies.written or copies.stale:
            record = _record(copies.written, known & set(files.hashes(outputs, _existing(folder)).values()))
            files.publish(outputs, [(f"{CHECKED}/{_RECORD}", record), *copies.written])
        for name in copies.stale:
            files.remove(outputs / name)
    except Trouble as trouble:
        # On a read-only disk, or while a copy is open in Excel, the findings themselves are still worth telling.
        problem = trouble.finding.params.get("problem", "")
        return [], [*told, finding("copy.failed", trouble.finding.cell, problem=problem)]
    return [f"{OUTPUTS}/{name}" for name, _ in copies.written], told


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _name(file: str) -> str:
    """As the original is named, below `inputs`; what is no .xlsx gets that ending beside its own."""
    name = unicodedata.normalize("NFC", file.removeprefix(_INPUTS))
    return name if _suffix(file) == ".xlsx" else f"{name}.xlsx"


def _copy(folder: Path, file: str, findings: Sequence[Finding], voice: Voice, named: Mapping[str, str]) -> bytes:
    """The copy's bytes; empty where the file has gone or cannot be read."""
    if _suffix(file) in _WORKBOOKS:
        with contextlib.suppress(Trouble):
            blob = checked_books.annotated(files.read(located(folder, file), file, "file.missing"), findings, voice)
            if blob:
                return blob
    grids = {}
    for name in dict.fromkeys(one.cell.sheet for one in findings if one.cell):
        with contextlib.suppress(Trouble):
            grids[name] = read_source(folder, f"{named.get(file, file.removeprefix(_INPUTS))}#{name}").rows
    return checked_books.drawn(grids, findings, voice) if grids else b""


def _existing(folder: Path) -> list[str]:
    """Copies that lie there from earlier runs, by name below `outputs/`."""
    outputs = folder / OUTPUTS
    found = sorted((outputs / CHECKED).rglob("*.xlsx"))
    names = [path.relative_to(outputs).as_posix() for path in found if path.is_file()]
    # `~$` is Excel's mark of a workbook that is open.
    return [name for name in names if _CHANGED not in name and not PurePosixPath(name).name.startswith("~$")]


def _known(outputs: Path) -> frozenset[str]:
    try:
        return frozenset((outputs / CHECKED / _RECORD).read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _record(copies: Sequence[tuple[str, bytes]], before: Iterable[str]) -> bytes:
    """Those that lie there from before included, in case writing stops halfway."""
    digests = {*before, *(hashlib.sha256(blob).hexdigest() for _, blob in copies)}
    return "".join(f"{one}\n" for one in sorted(digests)).encode()
