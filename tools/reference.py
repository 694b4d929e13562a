"""The command line as a page: `docs/cli.md`, from the commands themselves.

    python -m tools.reference

A test holds the page current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli import cli
from pipeline.commands.base import Command
from pipeline.model.errors import ExitCode

PAGE = Path(__file__).parent.parent / "docs/cli.md"
_HEAD = f"""\
# Commands

This page is written by `python -m tools.reference` from the commands themselves. `hyeopyak COMMAND --help` says the same, in Korean with `--lang ko`.

Results go to standard output, talk to standard error. Every command that works on a campaign takes `--campaign DIR`, `--lang`, `--json`, `--quiet` and `--verbose`;
they are not repeated below. Exit codes ({int(ExitCode.DONE)} to {int(ExitCode.INTERRUPTED)}) stand in the [operator's guide](operators-guide.md#exit-codes).
"""  # noqa: E501 - Markdown
_COMMON = frozenset({"folder", "lang", "as_json", "quiet", "verbose"})


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for name, one in _commands(cli) for line in _section(name, one))])


def _commands(group: click.Group, path: str = "hyeopyak") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    pieces = " ".join(click.Command.collect_usage_pieces(command, context))
    yield f"## {name}\n"
    yield f"{' '.join((command.help or '').split())}\n"
    yield f"    {name} {pieces}\n"
    options = [one for one in command.params if isinstance(one, click.Option) and one.name not in _COMMON]
    if options:
        yield "| option | |\n|---|---|"
        yield from (f"| `{_spelled(one, context)}` | {_told(one)} |" for one in options)
        yield ""
    if isinstance(command, Command) and command.examples:
        yield "Examples:\n"
        yield "\n".join(f"    hyeopyak {example}" for example in command.examples) + "\n"


def _spelled(option: click.Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    return ", ".join(option.opts) + value.replace("|", "/")


def _told(option: click.Option) -> str:
    needed = " Required." if option.required else ""
    return f"{option.help or ''}{needed}".replace("|", "\\|")


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
