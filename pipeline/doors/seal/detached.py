"""Signatures beside files of any kind (pyHanko): CMS with CAdES attributes, as `openssl cms -verify` reads it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo

from pipeline.doors.seal.credentials import Credential, Unusable, certificates_of, name_of
from pipeline.doors.seal.signing import Authority
from pipeline.doors.seal.verdicts import ANY_USE, Judgement, Problem, SealSeen, alone, doubts, stampers, unread


def sign_detached(data: bytes, credential: Credential, when: datetime, timestamper_url: str = "") -> bytes:
    """Sign bytes (SHA-256).

    Args:
        data: what is signed.
        credential: whose signature.
        when: the time that the signature claims, with its zone.
        timestamper_url: an authority that is asked for a time stamp; '' for none.

    Returns:
        CMS SignedData, DER, without the data.

    Raises:
        Unusable: seal.expired (`not_before`, `not_after`); seal.timestamp (`problem`); seal.failed (our own check).
    """
    if not credential.not_before <= when <= credential.not_after:
        raise Unusable("seal.expired", not_before=credential.not_before, not_after=credential.not_after)
    signing = credential.signer.async_sign_general_data(
        data,
        "sha256",
        use_cades=True,
        timestamper=Authority(timestamper_url) if timestamper_url else None,
        signed_attr_settings=PdfCMSSignedAttributes(signing_time=when),
    )
    signed = bytes(asyncio.run(signing).dump())
    if examine_detached(data, signed).judgement is not Judgement.INTACT:
        raise Unusable("seal.failed")
    return signed


def examine_detached(
    data: bytes, cms_blob: bytes, trusted: Sequence[bytes] = (), at: datetime | None = None
) -> SealSeen:
    """A signature that lies beside what it signs.

    Args:
        data: what was signed.
        cms_blob: CMS, DER; what cannot be read is BROKEN, nothing is NONE.
        trusted: PEM of roots and of single certificates.
        at: the moment at which trust is judged, with its zone; None for now.

    Returns:
        `field` is empty, `level` B-B or B-T, `docmdp_ok` true where the signature holds.

    Raises:
        Unusable: seal.certificate (one of `trusted`).
    """
    roots = certificates_of(trusted)
    if not cms_blob:
        return unread("", Judgement.NONE)
    try:
        content = cms.ContentInfo.load(cms_blob, strict=True)
        return asyncio.run(_seen(data, content["content"], trusted=roots, moment=at or datetime.now(UTC)))
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return unread("")


async def _seen(data: bytes, signed: cms.SignedData, *, trusted: Sequence[Any], moment: datetime) -> SealSeen:
    signer = extract_signer_info(signed)
    certificate = extract_certificate_info(signed).signer_cert
    claimed = next(
        (one["values"][0].native for one in signer["signed_attrs"] if one["type"].native == "signing_time"), None
    )
    status = await async_validate_detached_cms(
        data,
        signed,
        signer_validation_context=alone([certificate], claimed),
        ts_validation_context=alone(*stampers(signer)),
        key_usage_settings=ANY_USE,
    )
    token = status.timestamp_validity
    stamped = token.timestamp if token is not None and token.valid and token.intact else None
    problems = [] if status.intact and status.valid else [Problem.BYTES]
    if token is not None and not token.trusted:
        problems.append(Problem.TIMESTAMP)

    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, data).digest()

    def with_stamps(spec: SignatureValidationSpec, timing: ValidationTimingInfo) -> Awaitable[Any]:
        return ades_with_time_validation(signed, spec, timing_info=timing, raw_digest=digest)

    against = [] if problems else await doubts(signed, digest, with_stamps, trusted, moment)
    return SealSeen(
        field="",
        subject=name_of(certificate.subject),
        fingerprint=certificate.sha256.hex(),
        claimed_time=status.signer_reported_dt,
        timestamp=stamped,
        judgement=Judgement.INTACT if status.bottom_line and not problems else Judgement.CHANGED,
        covers_whole=not problems,
        trusted=not problems and not any(one is not Problem.UNCHECKED for one in against),
        level="B-T" if stamped else "B-B",
        docmdp_ok=not problems,
        problem=next(iter((*problems, *against)), ""),
    )
