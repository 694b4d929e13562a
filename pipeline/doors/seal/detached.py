"""Signatures that lie beside what they sign (pyHanko): CMS, RFC 5652."""

from __future__ import annotations

import asyncio
from typing import Any

from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from pipeline.doors.seal.credentials import Credential, Unusable


def sign_detached(data: bytes, credential: Credential, when: Any, timestamper: str = "") -> bytes:
    """Sign bytes.

    Args:
        data: what is signed.
        credential: by whom.
        when: the time that the signature claims.
        timestamper: address of a time stamp authority; '' for none.

    Raises:
        Unusable: seal.timestamp, seal.damaged.
    """
    from pipeline.doors.seal.signing import stamper

    try:
        signed = asyncio.run(
            credential.signer.async_sign_general_data(
                data,
                "sha256",
                detached=True,
                timestamper=stamper(timestamper),
                signed_attr_settings=PdfCMSSignedAttributes(signing_time=when),
            )
        )
    except (TimestampRequestError, OSError) as error:
        raise Unusable("seal.timestamp", problem=type(error).__name__) from error
    except SigningError as error:
        raise Unusable("seal.damaged", problem=type(error).__name__) from error
    return bytes(signed.dump())
