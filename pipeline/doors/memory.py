"""The memory of the last run, a file below outputs.

Lost, damaged, of another version, or changed by hand, it is made anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from pipeline.doors import files
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding
from pipeline.model.memory import Inputs, Memory, Paper, Trace

FILE = ".memory.json"
_LAYOUT = 1


def remembered(folder: Path) -> Memory | None:
    """What the last run left in the outputs folder; None where there is nothing that can be read."""
    try:
        digest, _, blob = files.whole(folder / FILE).partition(b"\n")
        kept = json.loads(blob) if digest == _digest(blob) else {"layout": ""}
        return _memory(kept) if kept["layout"] == _LAYOUT else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def keep(folder: Path, memory: Memory) -> None:
    """Keep it for the next run. A disk without room for it only costs time then."""
    kept = {
        "layout": _LAYOUT,
        "inputs": astuple(memory.inputs),
        "register": memory.register,
        "papers": memory.papers,
        "samples": memory.samples,
        "findings": list(map(_spelled, memory.findings)),
        "tried": {kind: list(map(_spelled, own)) for kind, own in memory.tried.items()},
        "traces": {name: astuple(one) for name, one in memory.traces.items()},
        "places": memory.places,
    }
    blob = json.dumps(kept, ensure_ascii=False).encode()
    try:
        files.publish(folder, [(FILE, _digest(blob) + b"\n" + blob)])
    except Trouble:
        return


def _digest(blob: bytes) -> bytes:
    return hashlib.sha256(blob).hexdigest().encode()


def _memory(kept: dict[str, Any]) -> Memory:
    return Memory(
        Inputs(*kept["inputs"]),
        kept["register"],
        tuple([Paper(*one) for one in kept["papers"]]),
        {kind: tuple(keys) for kind, keys in kept["samples"].items()},
        tuple(_finding(*one) for one in kept["findings"]),
        {kind: tuple(_finding(*one) for one in own) for kind, own in kept["tried"].items()},
        {name: _trace(*one) for name, one in kept["traces"].items()},
        {name: {key: tuple(rows) for key, rows in own.items()} for name, own in kept["places"].items()},
    )


def _spelled(one: Finding) -> tuple[Any, ...]:
    return one.code, one.cell and astuple(one.cell), one.params, one.subject


def _finding(code: str, cell: list[Any] | None, params: dict[str, str | int], subject: str) -> Finding:
    return Finding(code, cell and Cell(*cell), params, subject)  # type: ignore[arg-type]


def _trace(frame: str, texts: list[Any], numbers: list[int], digests: list[str], size: int, rows: int) -> Trace:
    length, digest = texts
    return Trace(frame, (length, digest), tuple(numbers), tuple(digests), size, rows)
