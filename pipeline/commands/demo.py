"""The demo: the whole loop in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.base import LANG, Command
from pipeline.model.errors import Trouble
from pipeline.show import language
from pipeline.show.language import say

if TYPE_CHECKING:
    from pipeline.run import Outcome


@click.command(cls=Command, examples=("demo", "demo ~/hyeopyak-demo"))
@click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
@LANG
def demo(folder: Path | None, lang: str | None) -> None:
    """Play the whole loop on the sample campaign, from check to archive. Signing and scanning are simulated."""
    from pipeline import run
    from pipeline.model.findings import errors, exit_code
    from pipeline.show import report

    overall = click.get_current_context().find_root().params["lang"]
    language.use(lang or overall or run.language_of(Path()))
    target = folder or run.new_demo_folder()
    click.echo(say("The sample campaign, in {folder}").format(folder=target))
    try:
        outcome = _play(target)
    except Trouble as trouble:
        outcome = run.Outcome((trouble.finding,))
    code = exit_code(outcome.findings)
    if code:
        for line in report.lines(errors(outcome.findings)):
            click.echo(line, err=True)
    sys.exit(code)


def _play(target: Path) -> Outcome:
    from pipeline import run
    from pipeline.show import demo as shown
    from pipeline.show import report

    place, last = 0, run.Outcome()
    for one in run.demo(target, report.wording()):
        if isinstance(one, run.Scene):
            place += 1
            click.echo(shown.heading(place, one))
        else:
            last = one.outcome
            for line in shown.lines(one):
                click.echo(line)
    return last
