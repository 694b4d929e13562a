"""Digital signatures inside PDFs (pyHanko): whether they hold, who made them, what happened since.

Whether a certificate can be trusted is not judged here: nothing is fetched, and no authority is known.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Collection
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pipeline.model.scans import DigitalSignature

# Its log names who signed, and tells of doubt what is judged here.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

_MARK = b"/ByteRange"
_CHANGED = "the file was changed after signing"
_UNREAD = DigitalSignature("", "", intact=False, whole_file=False, changes="the signature cannot be read")


def signatures(blob: bytes) -> tuple[DigitalSignature, ...]:
    """The signatures of a PDF, oldest first; () where there are none."""
    if _MARK not in blob:
        return ()
    try:
        reader = PdfFileReader(io.BytesIO(blob), strict=False)
        embedded = list(reader.embedded_regular_signatures)
        # Where there is nothing else to fill in, filling in means that somebody else signed, too.
        allowed = {"NONE", "LTA_UPDATES", *(["FORM_FILLING"] if _is_for_signing_only(reader) else [])}
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return (_UNREAD,)
    return tuple(_judged(one, allowed) for one in embedded)


def _is_for_signing_only(reader: PdfFileReader) -> bool:
    """Whether signatures are the only fields of a form."""
    fields = [one.get_object() for one in reader.root["/AcroForm"]["/Fields"]]
    return all(one.get("/FT") == "/Sig" and "/Kids" not in one for one in fields)


def _judged(signature: Any, allowed: Collection[str]) -> DigitalSignature:
    try:
        context = ValidationContext(trust_roots=[], allow_fetching=False)
        status = asyncio.run(async_validate_pdf_signature(signature, signer_validation_context=context))
        signer = status.signing_cert.subject.native.get("common_name", "")
        moment = status.signer_reported_dt
        whole = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
        level = status.modification_level
        unchanged = whole or (level is not None and level.name in allowed)
        intact = bool(status.intact and status.valid)
        return DigitalSignature(
            str(signer), moment.isoformat() if moment else "", intact, whole, "" if unchanged else _CHANGED
        )
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a hostile file lacks
        return _UNREAD
