"""What the seals of a PDF prove (pyHanko). Whether it was changed and whose seal it is are two questions.

Judged by coverage and by what the certification allows, not by pyHanko's `valid`, which an incremental update leaves
true (measured, 0.38). Bytes behind the end of a file escape every reader: the recorded hash of the file finds them.
"""

from __future__ import annotations

import asyncio
import datetime
import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_detached_cms, async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pipeline.doors.seal.credentials import of_pem

_MARK = b"/ByteRange"


class Judgement(StrEnum):
    """Whether what was signed is what is there."""

    INTACT = "intact"
    CHANGED = "changed"
    BROKEN = "broken"
    """It cannot be read."""


@dataclass(frozen=True, slots=True)
class SealSeen:
    """A seal."""

    judgement: Judgement
    subject: str = ""
    fingerprint: str = ""
    """SHA-256 of its certificate, in hexadecimal."""
    claimed_at: datetime.datetime | None = None
    """By the clock of who signed."""
    stamped_at: datetime.datetime | None = None
    """By a time stamp authority."""
    covers_whole: bool = False
    """It covers the file to its end."""
    trusted: bool = False
    """By the certificates that were given, at the time of the seal."""
    expired: bool = False
    """Its certificate, by now."""
    field: str = ""


_BROKEN = SealSeen(Judgement.BROKEN)


def examine(
    blob: bytes, trusted: tuple[bytes, ...] = (), at: datetime.datetime | None = None
) -> tuple[SealSeen, ...]:  # fmt: skip
    """The seals of a PDF, oldest first.

    Args:
        blob: the file.
        trusted: certificates (PEM), of authorities or of signers themselves.
        at: by when certificates may have expired; now when not given.
    """
    if _MARK not in blob:
        return ()
    try:
        signatures = list(PdfFileReader(io.BytesIO(blob), strict=False).embedded_regular_signatures)
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a damaged file lacks
        return (_BROKEN,)
    return tuple(_judged(one, trusted, at) for one in signatures)


def _judged(signature: Any, trusted: tuple[bytes, ...], at: datetime.datetime | None) -> SealSeen:
    try:
        moment = signature.self_reported_timestamp
        status = asyncio.run(
            async_validate_pdf_signature(signature, signer_validation_context=_context(trusted, moment))
        )  # fmt: skip
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        revision = whole or status.coverage is SignatureCoverageLevel.ENTIRE_REVISION
        kept = bool(status.intact and status.valid and revision and status.docmdp_ok)
        return _seen(status, moment, at, kept=kept, whole=whole, name=str(signature.field_name))
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a damaged file lacks
        return _BROKEN


def examine_detached(
    data: bytes, cms: bytes, trusted: tuple[bytes, ...] = (), at: datetime.datetime | None = None
) -> SealSeen:  # fmt: skip
    """A signature that lies beside what it signs."""
    from asn1crypto import cms as structure

    try:
        signed = structure.ContentInfo.load(cms)["content"]
        moment = _signing_time(signed)
        status = asyncio.run(
            async_validate_detached_cms(data, signed, signer_validation_context=_context(trusted, moment))
        )  # fmt: skip
        kept = bool(status.intact and status.valid)
        return _seen(status, moment, at, kept=kept, whole=kept, name="")
    except Exception:  # noqa: BLE001 - pyHanko raises whatever damaged data lack
        return _BROKEN


def _signing_time(signed: Any) -> datetime.datetime | None:
    for one in signed["signer_infos"][0]["signed_attrs"]:
        if one["type"].native == "signing_time":
            found = one["values"][0].native
            return found if isinstance(found, datetime.datetime) else None
    return None


def _context(trusted: tuple[bytes, ...], moment: datetime.datetime | None) -> ValidationContext:
    # Nothing is fetched; without revocation data a certificate counts as not revoked.
    roots = of_pem(trusted)
    return ValidationContext(
        trust_roots=roots, other_certs=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )  # fmt: skip


def _seen(
    status: Any, moment: datetime.datetime | None, at: datetime.datetime | None, *, kept: bool, whole: bool, name: str
) -> SealSeen:
    certificate = status.signing_cert
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None
    until = certificate.not_valid_after
    return SealSeen(
        Judgement.INTACT if kept else Judgement.CHANGED,
        str(certificate.subject.native.get("common_name", "")),
        certificate.sha256.hex(),
        moment,
        stamped,
        whole,
        bool(status.trusted),
        until < (at or datetime.datetime.now(datetime.UTC)),
        name,
    )
