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
_LAYOUT = 2


def is_there(folder: Path) -> bool:
    """Whether a run has left anything in the outputs folder."""
    return (folder / FILE).is_file()


def remembered(folder: Path) -> Memory | None:
    """What the last run left in the outputs folder; None where there is nothing that can be read."""
    try:
        digest, head, spelled = files.whole(folder / FILE).split(b"\n")
        if digest != _digest(head, spelled):
            return None
        kept = json.loads(head)
        return _memory(kept, spelled) if kept["layout"] == _LAYOUT else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def keep(folder: Path, memory: Memory) -> None:
    """Keep it for the next run. A disk without room for it only costs time then."""
    head = _json(
        {
            "layout": _LAYOUT,
            "inputs": astuple(memory.inputs),
            "register": memory.register,
            "office": memory.office,
            "traces": {name: astuple(one) for name, one in memory.traces.items()},
        }
    )
    spelled = memory.spelled or _json(
        {
            "papers": memory.papers,
            "samples": memory.samples,
            "findings": list(map(_spelled, memory.findings)),
            "tried": {kind: list(map(_spelled, own)) for kind, own in memory.tried.items()},
            "places": memory.places,
        }
    )
    try:
        files.publish(folder, [(FILE, b"\n".join((_digest(head, spelled), head, spelled)))])
    except Trouble:
        return


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _digest(head: bytes, spelled: bytes) -> bytes:
    digest = hashlib.sha256(head)
    digest.update(spelled)
    return digest.hexdigest().encode()


def _memory(head: dict[str, Any], spelled: bytes) -> Memory:
    kept = json.loads(spelled)
    return Memory(
        Inputs(*head["inputs"]),
        head["register"],
        _pair(*head["office"]),
        tuple([Paper(*one) for one in kept["papers"]]),
        {kind: tuple(keys) for kind, keys in kept["samples"].items()},
        tuple(_finding(*one) for one in kept["findings"]),
        {kind: tuple(_finding(*one) for one in own) for kind, own in kept["tried"].items()},
        {name: _trace(*one) for name, one in head["traces"].items()},
        {name: {key: tuple(rows) for key, rows in own.items()} for name, own in kept["places"].items()},
        spelled,
    )


def _spelled(one: Finding) -> tuple[Any, ...]:
    return one.code, one.cell and astuple(one.cell), one.params, one.subject


def _finding(code: str, cell: list[Any] | None, params: dict[str, str | int], subject: str) -> Finding:
    return Finding(code, cell and Cell(*cell), params, subject)  # type: ignore[arg-type]


def _pair(stamp: str, shown: str) -> tuple[str, str]:
    return stamp, shown


def _trace(frame: str, texts: list[Any], numbers: list[int], digests: list[str], size: int, rows: int) -> Trace:
    length, digest = texts
    return Trace(frame, (length, digest), tuple(numbers), tuple(digests), size, rows)
