"""What all commands share: options, help in the user's language, and how an outcome is told."""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from pipeline.model.errors import ExitCode, Trouble
from pipeline.show import language
from pipeline.show.language import say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from pipeline.run import Outcome

F = TypeVar("F", bound=Callable[..., Any])


class Command(click.Command):
    """Help in the user's language: click keeps the English texts, a copy of the command shows them translated."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        """As click's.

        Args:
            args: click's.
            examples: command lines, without the name of the program.
            kwargs: click's.
        """
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def _spoken(self) -> Self:
        spoken = copy.copy(self)
        spoken.help = say(" ".join((self.help or "").split()))
        spoken.params = [copy.copy(one) for one in self.params]
        for one in spoken.params:
            if isinstance(one, click.Option):
                one.help = say(one.help or "")
        return spoken

    def get_help(self, ctx: click.Context) -> str:
        """As click's."""
        return super(Command, self._spoken()).get_help(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        """As click's."""
        return super(Command, self._spoken()).get_short_help_str(limit)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, as they are typed."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section(say("Examples")):
                for example in self.examples:
                    formatter.write(f"  hyeopyak {example}\n")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As click's."""
        return super(Command, self._spoken()).shell_complete(ctx, incomplete)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """As click's."""
        return [say(piece) for piece in super().collect_usage_pieces(ctx)]


class Group(Command, click.Group):
    """A group of commands."""

    command_class = Command


LANG = click.option("--lang", type=click.Choice(["ko", "en"]), help="Language of messages.")


def common(command: F) -> F:
    """Options that every command takes."""
    options = (
        click.option(
            "--campaign",
            "folder",
            metavar="DIR",
            default=".",
            type=click.Path(path_type=Path),
            help="The campaign's folder.",
        ),
        LANG,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object to standard output."),
        click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
        click.option("-v", "--verbose", is_flag=True, help="Print every finding."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def report_on(command: str, folder: Path, how: dict[str, Any], work: Callable[[], Outcome]) -> None:
    """Run a command, print its outcome in the language asked for, and end with its exit code."""
    speak(folder, how)
    started = time.monotonic()
    outcome, code = carried_out(command, how, work)
    tell(command, outcome, code, how, time.monotonic() - started)
    sys.exit(code)


def speak(folder: Path, how: dict[str, Any]) -> None:
    """Use the language asked for, else that of the campaign, else that of the system."""
    from pipeline import run

    overall = click.get_current_context().find_root().params["lang"]
    language.use(how["lang"] or overall or run.language_of(folder))


def carried_out(command: str, how: dict[str, Any], work: Callable[[], Outcome]) -> tuple[Outcome, ExitCode]:
    """Do the work; troubles become findings."""
    from pipeline import run
    from pipeline.model.findings import exit_code

    try:
        with run.logged(command, aloud=how["verbose"] and not how["as_json"]):
            try:
                outcome = work()
            except Trouble as trouble:
                outcome = run.Outcome((trouble.finding,))
            code = exit_code(outcome.findings)
            run.log_end(code, outcome.findings)
    except (OSError, MemoryError) as error:
        if (found := run.shortage(error)) is None:
            raise
        outcome, code = run.Outcome((found,)), exit_code([found])
    return outcome, code


def tell(command: str, outcome: Outcome, code: ExitCode, how: dict[str, Any], seconds: float) -> None:
    """Print what came of it: one JSON object, or lines for people."""
    from pipeline.model.findings import errors
    from pipeline.show import report

    if how["as_json"]:
        click.echo(json.dumps(report.as_json(command, outcome, code), ensure_ascii=False, indent=how.get("indent", 1)))
        return
    shown = errors(outcome.findings) if how["quiet"] else outcome.findings
    for line in report.lines(shown, verbose=how["verbose"]):
        click.echo(line, err=True)
    asked = click.get_current_context().params
    for line in report.results(outcome, whole=how["verbose"] or bool(asked.get("only"))):
        click.echo(line)
    if not how["quiet"]:
        click.echo(report.ending(command, outcome, seconds), err=True)
