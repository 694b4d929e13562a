"""Where everything stands: on the terminal, and as pages for the browser."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from pipeline.commands.base import Command, carried_out, common, report_on, speak, tell


@click.command(cls=Command, examples=("status", "status --only 종로구", "status --json", "status --watch 5"))
@click.option("--only", metavar="TEXT", default="", help="Only documents whose number, name or region holds this text.")
@click.option(
    "--watch",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=None,
    help="Look every so many seconds, and say it anew when something has changed; until Ctrl-C.",
)
@common
def status(folder: Path, only: str, watch: float | None, **how: Any) -> None:
    """Say where everything stands: what is due and why, delivered, returned, complete, sealed."""
    from pipeline import run

    options = run.Options(folder, only)
    if watch is None:
        report_on("status", folder, how, lambda: run.stand(options))
    speak(folder, how)
    # To stop is the only way out, so it is no interruption.
    with contextlib.suppress(KeyboardInterrupt):
        for _ in run.moments(folder, watch or 0):
            outcome, code = carried_out("status", how, lambda: run.stand(options))
            if not how["as_json"]:
                click.clear()
            tell("status", outcome, code, how | {"indent": None}, 0)


@click.command(cls=Command, examples=("board", "board --pictures 0"))
@click.option(
    "--pictures",
    metavar="N",
    type=click.IntRange(0),
    default=None,
    help="Draw at most N first pages of papers; 400 when not given, 0 for none.",
)
@common
def board(folder: Path, pictures: int | None, **how: Any) -> None:
    """Write where everything stands as pages that open offline: one internal, one without personal data."""
    from pipeline import run
    from pipeline.show import report

    options = run.Options(folder)
    most = run.PICTURES if pictures is None else pictures
    report_on("board", folder, how, lambda: run.show_board(options, report.wording(), most))


COMMANDS = (status, board)
