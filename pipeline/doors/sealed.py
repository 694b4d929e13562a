"""What travels between machines: values as bytes that say nothing to a log, and what has gone wrong as a value."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.doors.workers import LOST


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A value as bytes, with nothing to be read in a log."""

    blob: bytes

    @classmethod
    def of(cls, value: object) -> Sealed:
        """Close a value that can be pickled."""
        return cls(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))

    def open(self) -> Any:
        """The value."""
        return pickle.loads(self.blob)  # noqa: S301 - who can join the cluster can run programs anyway: docs/cluster.md

    def __repr__(self) -> str:
        return f"<{len(self.blob)} bytes>"

    def __sizeof__(self) -> int:
        return len(self.blob)


@dataclass(frozen=True, slots=True)
class Failed:
    """What a task has raised, and where."""

    error: BaseException
    trace: str


class There(Exception):  # noqa: N818 - a cause, never seen by people
    """The traceback on the other machine, as text."""


def call(work: Callable[[Any], Any], argument: Sealed) -> Sealed:
    """On a worker. What is raised is a result, too: Dask would log it, and its text may hold what papers say."""
    try:
        return Sealed.of(work(argument.open()))
    except MemoryError:
        return Sealed.of(LOST)
    except Exception as error:  # noqa: BLE001 - it is raised where the run is
        trace = "".join(traceback.format_tb(error.__traceback__))
        try:
            return Sealed.of(Failed(error, trace))
        except Exception:  # noqa: BLE001 - it cannot travel: its name has to do
            return Sealed.of(Failed(RuntimeError(type(error).__name__), trace))
