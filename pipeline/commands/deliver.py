"""The command that packs papers for councils and brings them there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.base import Command, common, report_on
from pipeline.show.language import say

if TYPE_CHECKING:
    from pipeline.model.packets import Errand
    from pipeline.run import Options, Outcome

EXAMPLES = (
    "deliver",
    "deliver --encrypt --drafts",
    "deliver --test-to me@example.org --only 서울",
    "deliver --send",
    "deliver --handed-over --only 서울사회적경제협의회",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.option("--only", metavar="TEXT", default="", help="Only the council of this name, or those whose name holds it.")
@click.option("--drafts", is_flag=True, help="Write a draft of a mail for each council (.eml).")
@click.option("--send", is_flag=True, help="Send each council its packet by mail, once.")
@click.option("--test-to", metavar="ADDRESS", default="", help="Send all packets to this address instead.")
@click.option("--handed-over", is_flag=True, help="Record that the packets were handed over.")
@click.option("--again", metavar="NAME", multiple=True, help="Send to this council although it may have its mail.")
@click.option(
    "--encrypt/--no-encrypt", default=None, help="Encrypt ZIPs (AES-256), a passphrase for each council; or do not."
)
@click.option("--dry-run", is_flag=True, help="Say which packets would be made; write nothing.")
@click.option("--keep-going", is_flag=True, help="Pack what can be packed although there are errors.")
@common
def deliver(
    folder: Path,
    only: str,
    drafts: bool,
    send: bool,
    test_to: str,
    handed_over: bool,
    again: tuple[str, ...],
    encrypt: bool | None,
    dry_run: bool,
    keep_going: bool,
    **how: Any,
) -> None:
    """Make a packet for each council: its papers, a cover letter, a page. Then mail it, or record who has it."""
    from pipeline import run
    from pipeline.model.packets import Errand

    if sum([drafts, send, bool(test_to), handed_over]) > 1:
        raise click.UsageError(say("Choose one of --drafts, --send, --test-to and --handed-over."))
    if again and not send:
        raise click.UsageError(say("--again goes with --send only."))
    options = run.Options(folder, only, dry_run, keep_going)
    errand = Errand(encrypt, handed_over, drafts, send, test_to, again)
    report_on("deliver", folder, how, lambda: _deliver(options, errand, quiet=how["quiet"] or how["as_json"]))


def _deliver(options: Options, errand: Errand, *, quiet: bool) -> Outcome:
    from pipeline import run
    from pipeline.show.language import Speaker
    from pipeline.show.progress import Progress

    # What councils read is in the campaign's language, whatever language the person at this screen speaks.
    speaker = Speaker(run.language_of(options.folder))

    with (
        Progress(quiet=quiet, label=say("Packing"), line=say("{done} of {due} packets")) as packing,
        Progress(quiet=quiet, label=say("Sending"), line=say("{done} of {due} mails")) as sending,
    ):
        return run.deliver(options, errand, (packing.tell, sending.tell), speaker, _password)


def _password() -> str:
    """Of the mail server: never from an argument or a file, which others could see."""
    given = os.environ.get("HYEOPYAK_SMTP_PASSWORD")
    if given is None:
        if not sys.stdin.isatty():
            return ""
        given = click.prompt(say("Password of the mail account"), hide_input=True, err=True)
    return str(given)
