"""How far a run is: a bar on a terminal, a line now and then elsewhere. On stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from pipeline.model.findings import Finding
from pipeline.show import report
from pipeline.show.language import say

_SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Use it in a `with`; `tell(done, due)` moves it on."""

    def __init__(self, *, quiet: bool, label: str = "", line: str = "") -> None:
        self._quiet = quiet
        self._label = label or say("Making documents")
        self._told = line or say("{done} of {due} documents")
        self._bar: Any = None
        self._last = time.monotonic()

    def tell(self, done: int, due: int) -> None:
        """So many documents of so many are done."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            self._line(done, due)
            return
        if self._bar is None:
            bar = click.progressbar(length=due, label=self._label, file=sys.stderr, show_pos=True)
            self._bar = bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def announce(self, one: Finding) -> None:
        """Say what should be known while the run goes on."""
        if not self._quiet:
            click.echo(report.comment(one), err=True)

    def _line(self, done: int, due: int) -> None:
        if done in {0, due} or time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            click.echo(self._told.format(done=done, due=due), err=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
