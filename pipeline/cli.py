"""The command line: parses, calls `run`, prints. It decides nothing. Data goes to stdout, talk to stderr.

Heavy libraries are imported inside commands, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.commands import demo, shell, standing, volumes
from pipeline.commands.base import LANG, Group, common, report_on
from pipeline.commands.deliver import deliver
from pipeline.model.errors import ExitCode
from pipeline.model.limits import OBJECTS
from pipeline.show import language
from pipeline.show.language import say

if TYPE_CHECKING:
    from pipeline.run import Options, Outcome


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from pipeline import run

        click.echo("\n".join(run.about()))
        context.exit()


@click.group(cls=Group)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Versions of all it uses."
)
@LANG
def cli(lang: str | None) -> None:
    """From a campaign's spreadsheets to signed, compiled and archived policy agreements."""


@cli.command(examples=("check", "check --campaign ../2018 -v"))
@common
def check(folder: Path, **how: Any) -> None:
    """Check spreadsheets and templates: all that is wrong, in one run."""
    from pipeline import run
    from pipeline.show import report

    report_on("check", folder, how, lambda: run.check_inputs(run.Options(folder), report.voice()))


@cli.command(examples=("init 2022-서울",))
@click.argument("target", metavar="FOLDER", type=click.Path(path_type=Path))
@common
def init(folder: Path, target: Path, **how: Any) -> None:
    """Make the folder of a new campaign: settings to fill in, templates, and empty workbooks."""
    from pipeline import run

    report_on("init", folder / target, how, lambda: run.begin(folder / target))


@cli.command(examples=("make", "make agreement --only 종로구", "make --dry-run -v"))
@click.argument("kinds", nargs=-1, metavar="[KIND]...", shell_complete=shell.kinds)
@click.option("--only", metavar="TEXT", default="", help="Only documents whose number, name or region holds this text.")
@click.option("--dry-run", is_flag=True, help="Print what would be made and why; write nothing.")
@click.option("--keep-going", is_flag=True, help="Make what can be made although there are errors.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Worker processes; as many as cores when not given.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default="",
    help="Work on a Dask cluster: address of its scheduler (tcp://host:port), or path of the file it wrote.",
)
@common
def make(folder: Path, kinds: tuple[str, ...], **how: Any) -> None:
    """Make documents as Word and PDF: those of the kinds named, or all. Only what has changed is made."""
    from pipeline import run

    asked = {name: how.pop(name) for name in ("only", "dry_run", "keep_going", "jobs", "cluster")}
    options = run.Options(folder, **asked)
    report_on("make", folder, how, lambda: _make(options, kinds, quiet=how["quiet"], listed=how["as_json"]))


def _make(options: Options, kinds: tuple[str, ...], *, quiet: bool, listed: bool) -> Outcome:
    from dataclasses import replace

    from pipeline import run
    from pipeline.show.progress import Progress

    with Progress(quiet=quiet or listed) as progress:
        outcome = run.make(options, kinds, progress.tell, announce=progress.announce)
    # Here a register that cannot be read is told as any other trouble.
    return replace(outcome, jobs=tuple(outcome.jobs)) if listed else outcome


@cli.command(examples=("preview agreement --only 종로구",))
@click.argument("kind")
@click.option("--only", metavar="TEXT", default="", help="The document to try: its number, name or region.")
@common
def preview(folder: Path, kind: str, only: str, **how: Any) -> None:
    """Make one document to look at, marked as a sample; no number is given and no paper is touched."""
    from pipeline import run

    report_on("preview", folder, how, lambda: run.preview(run.Options(folder, only), kind))


@cli.command(examples=("collect", "collect --dry-run"))
@click.option("--dry-run", is_flag=True, help="Say what would be read; write nothing.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Worker processes; as many as cores when not given.",
)
@common
def collect(folder: Path, dry_run: bool, jobs: int, **how: Any) -> None:
    """Match returned scans with the papers issued; list what is missing and what needs a person."""
    from pipeline import run

    options = run.Options(folder, dry_run=dry_run, jobs=jobs)
    report_on("collect", folder, how, lambda: _collect(options, quiet=how["quiet"] or how["as_json"]))


def _collect(options: Options, *, quiet: bool) -> Outcome:
    from pipeline import run
    from pipeline.show.progress import Progress

    with Progress(quiet=quiet, label=say("Reading pages"), line=say("{done} of {due} pages")) as progress:
        return run.collect(options, progress.tell, say)


@cli.command(examples=("affected", "affected --only 서울"))
@click.option(
    "--only", metavar="TEXT", default="", help="Only papers whose number, name, region or council holds this."
)
@common
def affected(folder: Path, only: str, **how: Any) -> None:
    """List who has received or signed a paper whose text has changed since."""
    from pipeline import run

    report_on("affected", folder, how, lambda: run.who_is_affected(run.Options(folder, only)))


@cli.command(examples=("doctor", "doctor --repair"))
@click.option("--repair", is_flag=True, help="Mend what can be: the register from papers, papers from the register.")
@common
def doctor(folder: Path, repair: bool, **how: Any) -> None:
    """Examine the campaign's folder and this machine, and say what to do."""
    from pipeline import run

    options = run.Options(folder)
    report_on("doctor", folder, how, lambda: run.repair(options, _silent) if repair else run.examine(options))


@cli.command(examples=("clean",))
@common
def clean(folder: Path, **how: Any) -> None:
    """Remove outputs that can be made again; papers that have gone out stay, in every revision."""
    from pipeline import run

    report_on("clean", folder, how, lambda: run.clean(run.Options(folder)))


def _silent(*_: int) -> None:
    pass


@cli.group(cls=Group)
def template() -> None:
    """Check Word templates, and list what they can print."""


@template.command("check", examples=("template check", "template check draft.docx --kind agreement"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--kind", metavar="KIND", default="", help="The kind of document the file is for.")
@common
def template_check(folder: Path, file: Path | None, kind: str, **how: Any) -> None:
    """Find everything wrong in one template, or in all; a copy bears the findings as Word comments."""
    from pipeline import run
    from pipeline.show import report

    options = run.Options(folder)
    report_on("template check", folder, how, lambda: run.check_templates(options, file, kind, report.comment))


@template.command("fields", examples=("template fields agreement",))
@click.argument("kind", shell_complete=shell.kinds)
@common
def template_fields(folder: Path, kind: str, **how: Any) -> None:
    """List the merge fields of a kind, each with an example from the campaign's own data."""
    from pipeline import run

    report_on("template fields", folder, how, lambda: run.fields(run.Options(folder), kind))


@cli.group("import", cls=Group, examples=("import --explain list.xlsx#후보자",), invoke_without_command=True)
@click.option(
    "--explain", "file", metavar="FILE", help="Say what a spreadsheet (FILE or FILE#SHEET) would be taken for."
)
@common
@click.pass_context
def import_(context: click.Context, /, file: str | None, folder: Path, **how: Any) -> None:
    """Take in what comes back: filled-in answer sheets, demands of member bodies."""
    if context.invoked_subcommand:
        return
    if not file:
        click.echo(context.get_help())
        return
    from pipeline import run

    name, _, sheet = file.partition("#")
    report_on("import", folder, how, lambda: run.explain_file(run.Options(folder), Path(name), sheet))


@import_.command("answers", examples=("import answers inputs/returned",))
@click.argument("returned", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be taken; write nothing.")
@common
def import_answers(returned: Path, folder: Path, dry_run: bool, **how: Any) -> None:
    """Read the answer sheets of a folder (.docx, .xlsx, .csv) into inputs/returned-answers.xlsx."""
    from pipeline import run

    options = run.Options(folder, dry_run=dry_run)
    report_on("import answers", folder, how, lambda: run.import_answers(options, returned))


@import_.command("demands", examples=("import demands form.csv more.xlsx",))
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be taken; write nothing.")
@common
def import_demands(files: tuple[Path, ...], folder: Path, dry_run: bool, **how: Any) -> None:
    """Gather demands from form exports into inputs/demands.xlsx, number them, and find those that are alike."""
    from pipeline import run

    options = run.Options(folder, dry_run=dry_run)
    report_on("import demands", folder, how, lambda: run.import_demands(options, files))


for _one in (deliver, *standing.COMMANDS, *volumes.COMMANDS, demo.demo, shell.completion):
    cli.add_command(_one)


def main() -> None:
    """Entry point: no traceback ever reaches a person."""
    language.use(_language_asked(sys.argv[1:]))
    # Records and contexts by the hundred thousand hold no circles; looking for some took a third of joining.
    gc.set_threshold(OBJECTS)
    from pipeline.run import heed, ignore

    heed()
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except (KeyboardInterrupt, click.Abort):
        ignore()
        click.echo(say("Interrupted. What was made so far is whole; run again to go on."), err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last net
        sys.exit(_bug(error))
    finally:
        # What is left goes with the process; looking through it once more takes 30 ms.
        gc.freeze()


def _language_asked(arguments: Sequence[str]) -> str:
    """What `--lang` says, '' without it: help and complaints about other options come before click has read it."""
    found = re.search(r"--lang[ =](ko|en)\b", " ".join(arguments))
    return found[1] if found else ""


def _bug(error: Exception) -> ExitCode:
    """Leave a log of where it happened: places in the code only, no values, so no personal data."""
    import tempfile
    import traceback

    frames = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    # A worker's traceback comes as text, with values in it: its places alone are kept.
    remote = re.findall(r'File "(.+?)", line (\d+), in (\S+)', str(error.__cause__ or ""))
    frames += [f"worker {file}:{line} {name}" for file, line, name in remote]
    text = "\n".join([f"hyeopyak {__version__}", type(error).__name__, *frames])
    with tempfile.NamedTemporaryFile("w", prefix="hyeopyak-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(text + "\n")
    click.echo(
        say(
            "This is a mistake in the program, not yours. "
            "Please send this file to those who gave you the program: {path}"
        ).format(path=log.name),
        err=True,
    )
    return ExitCode.BUG
