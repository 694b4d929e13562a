"""Judging signed PDFs (pyHanko): whether they are as they were signed, and apart from it, whether by one we trust.

Nothing is fetched: what proves a certificate is in the file or was given. Integrity is pyHanko's bottom line under the
assumption that the signer is trusted, so that an unknown or expired certificate never looks like a changed file; trust
is the validation of ETSI EN 319 102-1 at a moment, for which time stamps count as proof.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_basic_validation, ades_lta_validation, ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from pipeline.doors.seal.credentials import certificates_of, name_of

Level = Literal["B-B", "B-T", "B-LT", "B-LTA", ""]
"""ETSI EN 319 142-1: signature; with its time stamp; with what checks it later; with a time stamp over that too."""

Validation = Callable[[SignatureValidationSpec, ValidationTimingInfo], Awaitable[Any]]
"""Gives one of pyHanko's AdES results."""


class Judgement(StrEnum):
    """Whether what was signed is as it was; nothing about the signer."""

    INTACT = "intact"
    CHANGED = "changed"
    BROKEN = "broken"
    """Cannot be read."""
    NONE = "none"
    """Nothing is signed."""


class Problem(StrEnum):
    """What is wrong with a signature, worst first."""

    UNREADABLE = "unreadable"
    BYTES = "bytes"
    """The signed bytes are not those that were signed."""
    ADDED = "added"
    """Something was added afterwards that the signature does not allow."""
    TIMESTAMP = "timestamp"
    """The time stamp is not of this signature, or broken."""
    UNKNOWN = "unknown"
    """The certificate leads to none that is trusted."""
    REVOKED = "revoked"
    EXPIRED = "expired"
    """The certificate is not valid at that moment, and no time stamp proves that it was when it signed."""
    UNPROVEN = "unproven"
    """The certificate cannot be validated for another reason."""
    UNCHECKED = "unchecked"
    """Trusted, but whether the certificate was revoked could not be checked."""
    TAIL = "tail"
    """Bytes follow the end of the file. Readers pass over them; only a hash of the file tells."""


@dataclass(frozen=True, slots=True)
class SealSeen:
    """A signature as it is found."""

    field: str
    subject: str
    fingerprint: str
    """SHA-256 of the signer's certificate, hexadecimal."""
    claimed_time: datetime | None
    timestamp: datetime | None
    """Of an authority's time stamp over the signature; None where there is none or it does not fit."""
    judgement: Judgement
    covers_whole: bool
    """This signature reaches to the last byte: nothing was added, not even what is allowed."""
    trusted: bool
    level: Level
    """By what the file holds; '' where it cannot be read."""
    docmdp_ok: bool
    """What was added is what the signatures allow."""
    problem: str
    """A `Problem`, the worst; '' for none."""


_END = b"%%EOF"
_LOCAL = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
ANY_USE = KeyUsageConstraints(key_usage=set())
_SIGNS = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_HARMLESS = frozenset({Problem.UNCHECKED, Problem.TAIL})
_LACKING = frozenset({AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE, AdESIndeterminate.NO_POE})
"""Said where revocation data is not to be had, or nothing proves when it was."""
_MEANINGS: dict[AdESSubIndic, Problem] = {
    AdESFailure.REVOKED: Problem.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE: Problem.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Problem.REVOKED,
    AdESIndeterminate.EXPIRED: Problem.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Problem.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Problem.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID: Problem.EXPIRED,
    AdESFailure.NOT_YET_VALID: Problem.EXPIRED,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Problem.UNKNOWN,
}


def overall(seen: Sequence[SealSeen]) -> Judgement:
    """The worst of a file's signatures; NONE where there are none."""
    found = {one.judgement for one in seen}
    return next(
        (one for one in (Judgement.BROKEN, Judgement.CHANGED, Judgement.INTACT) if one in found), Judgement.NONE
    )


def examine(blob: bytes, *, trusted: Sequence[bytes] = (), at: datetime | None = None) -> tuple[SealSeen, ...]:
    """The signatures of a PDF, oldest first; () where there are none.

    Args:
        blob: any bytes; what cannot be read is one signature, BROKEN.
        trusted: PEM of roots and of single certificates.
        at: the moment at which trust is judged, with its zone; None for now.

    Raises:
        Unusable: seal.certificate (one of `trusted`).
    """
    roots = certificates_of(trusted)
    moment = at or datetime.now(UTC)
    try:
        reader = PdfFileReader(io.BytesIO(blob), strict=False)
        filled = [name for name, *_ in fields.enumerate_sig_fields(reader, filled_status=True)]
        stamps = list(reader.embedded_timestamp_signatures)
        signatures = list(reader.embedded_regular_signatures)
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return (unread(""),)
    known = {one.field_name for one in (*stamps, *signatures)}
    strange = [unread(name) for name in filled if name not in known]
    return (*(_judged(one, stamps, roots, moment, blob) for one in signatures), *strange)


def unread(field: str, judgement: Judgement = Judgement.BROKEN) -> SealSeen:
    """A signature of which nothing is known."""
    return SealSeen(
        field=field,
        subject="",
        fingerprint="",
        claimed_time=None,
        timestamp=None,
        judgement=judgement,
        covers_whole=False,
        trusted=False,
        level="",
        docmdp_ok=False,
        problem=Problem.UNREADABLE if judgement is Judgement.BROKEN else "",
    )


def _judged(
    signature: EmbeddedPdfSignature,
    stamps: Sequence[EmbeddedPdfSignature],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    blob: bytes,
) -> SealSeen:
    try:
        return asyncio.run(_seen(signature, stamps, roots, moment, blob))
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return unread(signature.field_name)


async def _seen(
    signature: EmbeddedPdfSignature,
    stamps: Sequence[EmbeddedPdfSignature],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    blob: bytes,
) -> SealSeen:
    status = await _integrity(signature)
    later = [one for one in stamps if one.signed_revision > signature.signed_revision]
    archived = [one for one in [await _stamped(one) for one in later] if one is not None]
    token = status.timestamp_validity
    stamped = token.timestamp if token is not None and token.valid and token.intact else None
    problems = [*_changes(status)]
    if (token is not None and not token.trusted) or len(archived) < len(later):
        problems.append(Problem.TIMESTAMP)
    doubts = [] if problems else await _doubts(signature, roots, moment)
    if not blob.rstrip(b"\r\n\0 ").endswith(_END):
        doubts.append(Problem.TAIL)
    certificate = signature.signer_cert
    return SealSeen(
        field=signature.field_name,
        subject=name_of(certificate.subject),
        fingerprint=certificate.sha256.hex(),
        claimed_time=status.signer_reported_dt,
        timestamp=stamped or min(archived, default=None),
        judgement=Judgement.INTACT if status.bottom_line and not problems else Judgement.CHANGED,
        covers_whole=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        trusted=not problems and not any(one not in _HARMLESS for one in doubts),
        level=_level(signature, has_stamp=stamped is not None, is_archived=bool(archived)),
        docmdp_ok=bool(status.docmdp_ok),
        problem=next(iter((*problems, *doubts)), ""),
    )


async def _integrity(signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
    """Verdict of pyHanko with the file's own certificates as roots, while they were valid."""
    return await async_validate_pdf_signature(
        signature,
        signer_validation_context=alone([signature.signer_cert], signature.self_reported_timestamp),
        ts_validation_context=alone(*stampers(signature.signer_info)),
        key_usage_settings=ANY_USE,
    )


def alone(certificates: Sequence[x509.Certificate], moment: datetime | None) -> ValidationContext:
    """For these certificates and no others, at a moment at which the first of them is valid."""
    if certificates:
        first = certificates[0]
        moment = min(max(moment or first.not_valid_before, first.not_valid_before), first.not_valid_after)
    return ValidationContext(
        trust_roots=list(certificates), allow_fetching=False, moment=moment, revinfo_policy=_revocation("none")
    )


def stampers(signer: cms.SignerInfo) -> tuple[list[x509.Certificate], datetime | None]:
    """Certificates of the authorities whose time stamps a signature holds, and the time that the first says."""
    tokens = [one for signed in (False, True) for one in extract_tst_data_iter(signer, signed=signed)]
    times = [one["encap_content_info"]["content"].parsed["gen_time"].native for one in tokens]
    return [extract_certificate_info(one).signer_cert for one in tokens], next(iter(times), None)


def _changes(status: PdfSignatureStatus) -> list[Problem]:
    problems = []
    if not (status.intact and status.valid) or status.coverage in {None, SignatureCoverageLevel.UNCLEAR}:
        problems.append(Problem.BYTES)
    elif not status.docmdp_ok or status.modification_level in {None, ModificationLevel.OTHER}:
        problems.append(Problem.ADDED)
    return problems


async def _stamped(stamp: EmbeddedPdfSignature) -> datetime | None:
    """When a time stamp over the file was made; None where it does not hold."""
    try:
        time = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
        status = await async_validate_pdf_timestamp(stamp, validation_context=alone([stamp.signer_cert], time))
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return None
    is_whole = status.modification_level not in {None, ModificationLevel.OTHER}
    return status.timestamp if status.valid and status.intact and status.trusted and is_whole else None


def _level(signature: EmbeddedPdfSignature, *, has_stamp: bool, is_archived: bool) -> Level:
    try:
        DocumentSecurityStore.read_dss(signature.reader)
    except NoDSSFoundError:
        return "B-T" if has_stamp or is_archived else "B-B"
    if is_archived:
        return "B-LTA"
    return "B-LT" if has_stamp else "B-B"


async def _doubts(
    signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], moment: datetime
) -> list[Problem]:
    def with_stamps(spec: SignatureValidationSpec, timing: ValidationTimingInfo) -> Awaitable[Any]:
        return ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing_info=timing)

    return await doubts(signature.signed_data, signature.compute_digest(), with_stamps, roots, moment)


async def doubts(
    signed: cms.SignedData,
    digest: bytes,
    with_stamps: Validation,
    roots: Sequence[x509.Certificate],
    moment: datetime,
) -> list[Problem]:
    """What speaks against a signature's certificate at a moment.

    Args:
        signed: the signature.
        digest: of what it signs.
        with_stamps: how pyHanko validates it if it has a time stamp; without one, it says no to all.
        roots: what is trusted.
        moment: with its zone.
    """
    timing = ValidationTimingInfo(moment, best_signature_time=moment, point_in_time_validation=True)
    info = extract_signer_info(signed)
    signer = extract_certificate_info(signed).signer_cert
    if signer.self_issued and signer.sha256 not in {one.sha256 for one in roots}:
        return [Problem.UNKNOWN]

    def with_time(spec: SignatureValidationSpec, timing: ValidationTimingInfo) -> Awaitable[Any]:
        return ades_with_time_validation(signed, spec, timing_info=timing, raw_digest=digest)

    def plain(spec: SignatureValidationSpec, timing: ValidationTimingInfo) -> Awaitable[Any]:
        return ades_basic_validation(signed, spec, timing_info=timing, raw_digest=digest)

    has_stamp = any(True for _ in extract_tst_data_iter(info, signed=False))
    strict, lax = _spec(roots, "hard-fail"), _spec(roots, "soft-fail")
    attempts: list[tuple[Validation, SignatureValidationSpec]] = [(plain, strict), (plain, lax)]
    if has_stamp:
        # All proven; without revocation data that is not to be had; without proof of when it was had, too.
        attempts = [(with_stamps, strict), (with_stamps, lax), (with_time, lax)]
    for validate, spec in attempts:
        result = await validate(spec, timing)
        if result.ades_subindic not in _LACKING:
            break
    if result.ades_subindic is not AdESPassed.OK:
        return [_MEANINGS.get(result.ades_subindic, Problem.UNPROVEN)]
    proven = (result.best_signature_time or moment) if has_stamp else moment
    # A certificate that is trusted by itself is a root to pyHanko, whose dates it does not look at; nor does it compare
    # a time stamp with the certificate's end (0.38).
    if not signer.not_valid_before <= proven <= signer.not_valid_after:
        return [Problem.EXPIRED]
    return [Problem.UNCHECKED] if spec is lax else []


def _spec(roots: Sequence[x509.Certificate], revocation: str) -> SignatureValidationSpec:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots)), revinfo_policy=_revocation(revocation)
    )
    return SignatureValidationSpec(policy, revinfo_gathering_policy=_LOCAL, key_usage_settings=_SIGNS)


def _revocation(rule: str) -> CertRevTrustPolicy:
    return CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy(rule))
