"""With what volumes and archives are sealed: a file with a key, or a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doors import files
from pipeline.model.findings import Cell, Finding, finding

if TYPE_CHECKING:
    from pipeline.doors.seal.credentials import Credential

TOKEN = "pkcs11:"  # noqa: S105 - the scheme of RFC 7512
_PROBLEMS = {
    "unreadable": "it cannot be read",
    "algorithm": "its algorithm is not known",
    "incomplete": "the key or the certificate is missing",
    "mismatch": "the key is of another certificate",
    "missing": "python-pkcs11 is not installed",
    "address": "its address lacks object= or module-path=",
    "module": "the maker's library cannot be loaded",
    "token": "there is no such token, or the PIN is wrong",
    "label": "it holds no such key",
    "unreachable": "it cannot be reached",
    "answer": "its answer is not understood",
}
"""Short names of what is wrong, as people read them."""


def opened(
    asked: str, folder: Path, own: str, password: Callable[[], bytes], findings: list[Finding]
) -> Credential | None:
    """The key and certificate to seal with; None, with its finding, where they cannot be used.

    Args:
        asked: for this run: a path, or the address of a token (RFC 7512); '' for the campaign's own.
        folder: of the campaign.
        own: the same, as the campaign has it, below its folder.
        password: of the file, or PIN; asked for once.
        findings: where what is wrong is told.
    """
    from pipeline.doors.seal.credentials import Unusable, load, load_token

    named = asked or own
    try:
        if named.startswith(TOKEN):
            return load_token(named, password().decode())
        blob = files.read(Path(asked) if asked else folder / own, named, "seal.missing")
        return load(blob, password())
    except Unusable as error:
        findings.append(finding(error.code, Cell(named), **told(error.params)))
        return None


def is_certificate(blob: bytes) -> bool:
    """Whether a file holds certificates that can be read (PEM)."""
    from pipeline.doors.seal.credentials import Unusable, certificates_of

    try:
        return bool(certificates_of([blob]))
    except Unusable:
        return False


def told(params: Mapping[str, object]) -> dict[str, str]:
    """What is wrong, for people."""
    return {key: _PROBLEMS.get(str(value), str(value)) for key, value in params.items()}
