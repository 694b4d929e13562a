"""Sealing PDFs (pyHanko): PAdES signatures, one after another, each in a field that was there before the first."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors.faces import LATIN, registered
from pipeline.doors.seal.credentials import Credential, Unusable, of_pem

_MM = 72 / 25.4
_SEAL = (0.70, 0.15, 0.12)


@dataclass(frozen=True, slots=True)
class Field:
    """Where somebody will sign."""

    name: str
    page: int
    """From 0."""
    box: tuple[float, float, float, float]
    """Left, bottom, right, top in points."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What shows that it was signed: a PDF of one page, all fonts in it."""

    picture: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF."""

    blob: bytes
    level: str
    """PAdES (ETSI EN 319 142-1): B-B, B-T, B-LTA."""


def draw_stamp(lines: Sequence[str], font_file: str, width: float, height: float) -> bytes:
    """A visible seal (mm): a caption, the name, further lines; the same lines give the same bytes."""
    buffer, font = io.BytesIO(), registered(font_file or LATIN)
    canvas = Canvas(buffer, pagesize=(width * _MM, height * _MM), invariant=True)
    canvas.setStrokeColorRGB(*_SEAL)
    canvas.setLineWidth(0.8)
    canvas.roundRect(0.6, 0.6, width * _MM - 1.2, height * _MM - 1.2, 3)
    caption, name, *others = lines
    x, y = 8.0, height * _MM - 13
    canvas.setFillColorRGB(*_SEAL)
    canvas.setFont(font, 7.5)
    canvas.drawString(x, y, caption)
    canvas.setFillGray(0.1)
    canvas.setFont(font, 13)
    canvas.drawString(x, y - 18, name)
    canvas.setFillGray(0.4)
    canvas.setFont(font, 6.5)
    for place, line in enumerate(others):
        canvas.drawString(x, y - 29 - 8.5 * place, line)
    canvas.save()
    return buffer.getvalue()


def prepare(blob: bytes, wanted: Sequence[Field]) -> bytes:
    """Empty signature fields, added at the end of the file: the bytes before stay as they are.

    Raises:
        Unusable: seal.damaged.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(blob))
        for place, one in enumerate(wanted):
            # The last to sign closes the document.
            closing = fields.MDPPerm.NO_CHANGES if place == len(wanted) - 1 and place else None
            box = tuple(round(side) for side in one.box)
            spec = fields.SigFieldSpec(
                one.name, on_page=one.page, box=box,  # type: ignore[arg-type] # four of them
                empty_field_appearance=True, doc_mdp_update_value=closing,
                field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL) if closing else None,
            )  # fmt: skip
            fields.append_signature_field(writer, spec)
        buffer = io.BytesIO()
        writer.write(buffer)  # type: ignore[no-untyped-call]
        return buffer.getvalue()
    except (PdfError, ValueError, OSError) as error:
        raise Unusable("seal.damaged", problem=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Turn:
    """One signature of those that a PDF is to get."""

    field: str
    """Name of a field that is there."""
    stamp: Stamp
    first: bool
    last: bool
    reason: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who says what time it is."""

    address: str = ""
    """Of a time stamp authority (RFC 3161); '' for none."""
    roots: tuple[bytes, ...] = ()
    """Certificates (PEM) of authorities: with them, what proves later that a certificate was valid is put in."""


def seal(blob: bytes, credential: Credential, turn: Turn, authority: Authority) -> Sealed:
    """Sign a field.

    The first signature certifies: it allows further signatures in the fields that are there, or, when it is also the
    last, nothing at all. The last one closes the document.

    Raises:
        Unusable: seal.timestamp, seal.damaged. Never is a signature without time stamp made where one was asked for.
    """
    permitted = fields.MDPPerm.NO_CHANGES if turn.last else fields.MDPPerm.FILL_FORMS
    lasting = bool(authority.address and authority.roots)
    context = ValidationContext(trust_roots=of_pem(authority.roots), allow_fetching=True) if lasting else None
    try:
        meta = signers.PdfSignatureMetadata(
            field_name=turn.field, md_algorithm="sha256", reason=turn.reason, location=turn.location,
            name=credential.subject,
            subfilter=fields.SigSeedSubFilter.PADES, certify=turn.first, docmdp_permissions=permitted,
            embed_validation_info=lasting, use_pades_lta=lasting, validation_context=context,
        )  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="hyeopyak-") as folder:
            picture = Path(folder) / "stamp.pdf"
            picture.write_bytes(turn.stamp.picture)
            style = StaticStampStyle.from_pdf_file(str(picture), border_width=0, background_opacity=1.0)
            signer = signers.PdfSigner(
                meta, credential.signer, timestamper=stamper(authority.address), stamp_style=style
            )  # fmt: skip
            buffer = io.BytesIO()
            signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(blob)), output=buffer)
    except (TimestampRequestError, ConnectionError, TimeoutError) as error:
        raise Unusable("seal.timestamp", problem=type(error).__name__) from error
    except (SigningError, PdfError, ValueError, OSError) as error:
        code = "seal.timestamp" if authority.address and _is_network(error) else "seal.damaged"
        raise Unusable(code, problem=type(error).__name__) from error
    return Sealed(buffer.getvalue(), "B-LTA" if lasting else "B-T" if authority.address else "B-B")


def stamper(address: str) -> Any:
    """A client of a time stamp authority; None for no address."""
    if not address:
        return None
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

    return RequestsHTTPTimeStamper(address, timeout=20)  # type: ignore[no-untyped-call]


def _is_network(error: BaseException) -> bool:
    return type(error).__module__.startswith(("requests", "urllib3"))
