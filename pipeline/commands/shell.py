"""What a shell completes after Tab."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete

from pipeline.commands.base import LANG, Command

_VARIABLE = "_HYEOPYAK_COMPLETE"
SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


def kinds(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Kinds of documents of the campaign whose name begins so; none where its settings cannot be read."""
    from pipeline import run

    named = run.kinds(Path(context.params.get("folder") or "."))
    return [CompletionItem(name, help=title) for name, title in named.items() if name.startswith(begun)]


@click.command(cls=Command, examples=("completion bash >> ~/.bashrc",))
@click.argument("shell", metavar="SHELL", type=click.Choice(sorted(SHELLS)))
@LANG
def completion(shell: str, **_how: str | None) -> None:
    """Print what makes a shell (bash, fish, zsh) complete names after Tab."""
    program = click.get_current_context().find_root().command
    click.echo(SHELLS[shell](program, {}, "hyeopyak", _VARIABLE).source())
