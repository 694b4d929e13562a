"""Commands of volumes, sign-off and archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.base import Command, Group, common, report_on
from pipeline.show.language import say

if TYPE_CHECKING:
    from pipeline.run import Options, Outcome


@click.command("compile", examples=("compile", "compile --only 서울 --edition public"), cls=Command)
@click.option("--only", metavar="TEXT", default="", help="Only volumes of areas whose name holds this text.")
@click.option(
    "--edition", type=click.Choice(["internal", "public"]), default=None, help="One edition; both when not given."
)
@click.option("--dry-run", is_flag=True, help="Say what would be bound; write nothing.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Worker processes; as many as cores when not given.",
)
@common
def compile_(folder: Path, only: str, edition: str | None, dry_run: bool, jobs: int, **how: Any) -> None:
    """Bind what came back into volumes. Of each region and of the nation, internal and public."""
    from pipeline import run

    options = run.Options(folder, only, dry_run, jobs=jobs)
    report_on("compile", folder, how, lambda: _compile(options, edition, quiet=how["quiet"] or how["as_json"]))


def _compile(options: Options, edition: str | None, *, quiet: bool) -> Outcome:
    from pipeline import run
    from pipeline.model.volumes import Edition
    from pipeline.show.language import Speaker
    from pipeline.show.progress import Progress

    editions = (Edition(edition),) if edition else tuple(Edition)
    with Progress(quiet=quiet, label=say("Binding volumes"), line=say("{done} of {due} volumes")) as progress:
        return run.compile_(options, progress.tell, Speaker.present(), editions)


_EDITION = click.option(
    "--edition", type=click.Choice(["internal", "public"]), default="internal", help="Internal when not given."
)
_CERTIFICATE = click.option(
    "--certificate",
    metavar="FILE",
    default="",
    help="PKCS#12, PEM, or a token (pkcs11:...); [signoff] certificate when not given.",
)
_PASSWORD = click.option(
    "--password-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Holds the password of the certificate; else HYEOPYAK_SEAL_PASSWORD, else you are asked.",
)


def _password(file: Path | None, *, new: bool = False) -> Callable[[], bytes]:
    """How the password of a certificate is learned: never from an argument, which others could see."""

    def ask() -> bytes:
        if file:
            return run.read_secret(file)
        given = os.environ.get("HYEOPYAK_SEAL_PASSWORD")
        if given is None:
            if not sys.stdin.isatty():
                return b""
            given = click.prompt(say("Password of the certificate"), hide_input=True, confirmation_prompt=new, err=True)
        return str(given).encode()

    from pipeline import run

    return ask


@click.command(
    "signoff",
    examples=("signoff 전국 --by 진하율", 'signoff 전국 --by 진하율 --accept-missing "두 곳은 우편으로 받음"'),
    cls=Command,
)
@click.argument("area", default="")
@_EDITION
@click.option("--by", "who", metavar="NAME", required=True, help="Who approves, as [signoff] people names them.")
@click.option(
    "--accept-missing", "accepted", metavar="REASON", default="", help="Why it is approved although papers are missing."
)
@_CERTIFICATE
@_PASSWORD
@click.option("--dry-run", is_flag=True, help="Say what would be approved; write nothing.")
@common
def signoff(
    folder: Path,
    area: str,
    edition: str,
    who: str,
    accepted: str,
    certificate: str,
    password_file: Path | None,
    dry_run: bool,
    **how: Any,
) -> None:
    """Approve volumes and seal them. With an AREA (전국, 서울특별시) its volume only, else all."""
    from pipeline import run
    from pipeline.model.volumes import Edition

    approval = run.Approval(who, accepted, certificate, _password(password_file))
    options = run.Options(folder, area, dry_run)
    report_on("signoff", folder, how, lambda: run.sign_off(options, approval, (Edition(edition),), say))


@click.group(cls=Group)
def seal() -> None:
    """Certificates to seal with."""


@seal.command("new", examples=("seal new --name 사회연대협의회",))
@click.option("--name", metavar="NAME", default="", help="Of the seal; the organisation's when not given.")
@click.option("--years", type=click.IntRange(1, 30), default=10, show_default=True, help="How long it is to be valid.")
@_PASSWORD
@common
def seal_new(folder: Path, name: str, years: int, password_file: Path | None, **how: Any) -> None:
    """Make a certificate for an organisation that has none. The message says what it is worth."""
    from pipeline import run

    options = run.Options(folder)
    report_on("seal new", folder, how, lambda: run.new_seal(options, name, years, _password(password_file, new=True)))


@click.command(cls=Command, examples=("archive", "archive --edition public --form zip"))
@_EDITION
@click.option("--form", type=click.Choice(["folder", "tar", "zip"]), default="folder", help="A folder when not given.")
@_CERTIFICATE
@_PASSWORD
@click.option("--dry-run", is_flag=True, help="Say what would be archived; write nothing.")
@common
def archive(
    folder: Path, edition: str, form: str, certificate: str, password_file: Path | None, dry_run: bool, **how: Any
) -> None:
    """Make a sealed archive that anyone can check. It holds volumes, papers, scans, register and log."""
    from pipeline import run
    from pipeline.model.volumes import Edition

    ending = "" if form == "folder" else f".{form}"
    wish = run.Wish(Edition(edition), ending, certificate, _password(password_file))
    report_on("archive", folder, how, lambda: run.archive(run.Options(folder, dry_run=dry_run), wish))


@click.command(cls=Command, examples=("verify", "verify archive.zip --trust seal.pem"))
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--trust", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="A certificate (PEM) you trust."
)
@common
def verify(folder: Path, path: Path | None, trust: tuple[Path, ...], **how: Any) -> None:
    """Examine an archive. Says what is proven and what is only claimed; needs nothing but the archive."""
    from pipeline import run

    report_on("verify", path or folder, how, lambda: run.verify(path or folder, trust))


@click.command(cls=Command, examples=("purge ../hyeopyak-2018 --certificate seal.p12",))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--certificate", metavar="FILE", required=True, help="PKCS#12, PEM, or a token (pkcs11:...).")
@_PASSWORD
@common
def purge(folder: Path, path: Path, certificate: str, password_file: Path | None, **how: Any) -> None:
    """Remove personal data whose time is up from an archive. What was there stays on record, by its hash."""
    from pipeline import run

    del folder
    report_on("purge", path, how, lambda: run.purge(path, certificate, _password(password_file)))


COMMANDS = (compile_, signoff, seal, archive, verify, purge)
"""In the order of help."""
