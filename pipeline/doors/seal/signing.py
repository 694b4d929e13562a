"""Signing PDFs (pyHanko; reportlab and pikepdf for the visible stamp): PAdES, appended to the file as it is.

Several people sign in order. The first certifies the file: from then on nothing but signatures may be added, into
fields that were there before (`prepare`); the last closes it. What was made is judged before it is handed out.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors.seal.credentials import Credential, Unusable, certificates_of
from pipeline.doors.seal.verdicts import Judgement, Level, SealSeen, examine

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the page's lower left corner."""
_CLOSED = FieldMDPSpec(FieldMDPAction.ALL)
_FITTED = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    margins=layout.Margins(),
    inner_content_scaling=layout.InnerScaling.STRETCH_TO_FIT,
)
_SECONDS = 20
_RED, _INK, _GRAY = (0xB3 / 255, 0x26 / 255, 0x1E / 255), 0.1, 0.35
_POINTS = 72 / 25.4
_CAPTION, _NAME, _REST = 0.16, 0.30, 0.145
"""Sizes of type as parts of the stamp's height."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What people see of a signature."""

    page: int
    """From 0."""
    box: Box
    picture: bytes
    """A PDF of one page, its fonts embedded (`draw_stamp`)."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed file, and how much it carries for those who check it later."""

    blob: bytes
    level: Level
    shortfall: str = ""
    """Why not B-LTA: `no-authority` or `no-roots` (none was given), `validation` (a certificate does not lead to the
    roots, or nothing is to be had about its revocation)."""
    is_closed: bool = False
    """Nobody can sign any more. What is asked for by `last` needs the field that `prepare` made last, or a new one."""


class Authority(HTTPTimeStamper):
    """A time stamp authority (RFC 3161) whose failures have one name.

    pyHanko's client on aiohttp, which comes with it: the one on requests needs a library more.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=_SECONDS)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token.

        Raises:
            Unusable: seal.timestamp (`problem`: unreachable, answer).
        """
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except TimestampRequestError as error:
            problem = "unreachable" if error.__cause__ is not None else "answer"
            raise Unusable("seal.timestamp", problem=problem) from error
        except Exception as error:  # what is no time stamp fails wherever its parts are missing
            raise Unusable("seal.timestamp", problem="answer") from error


def prepare(blob: bytes, signatures: Sequence[tuple[str, int, Box]]) -> bytes:
    """Add empty signature fields for all who will sign, before the first does.

    The last one's says that it closes the file: after the first signature no field can be told so (pyHanko takes the
    added entry for a forbidden change). Whoever signs in it has to be the last.

    Args:
        blob: a PDF that nobody has signed.
        signatures: name, page from 0, and box of each; a box without extent for one that is not seen.

    Raises:
        Unusable: seal.file (unreadable or encrypted); seal.signed (somebody has signed); seal.field (a name twice, or a
            page that is none).
    """
    writer = _writer(blob)
    if _filled(writer.prev):
        raise Unusable("seal.signed")
    try:
        for place, (name, page, box) in enumerate(signatures, start=1):
            lock = (_CLOSED, MDPPerm.NO_CHANGES) if place == len(signatures) else (None, None)
            fields.append_signature_field(
                writer,
                SigFieldSpec(
                    name, on_page=page, box=_rounded(box), field_mdp_spec=lock[0], doc_mdp_update_value=lock[1]
                ),
            )
    except Exception as error:  # a page or a name that cannot be used fails wherever it is looked up
        raise Unusable("seal.field", field=name) from error
    buffer = io.BytesIO()
    writer.write(buffer)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def seal(  # noqa: PLR0913 - what a signature says
    blob: bytes,
    credential: Credential,
    *,
    field: str,
    reason: str,
    location: str,
    stamp: Stamp | None,
    last: bool,
    when: datetime,
    timestamper_url: str = "",
    trust_roots: Sequence[bytes] = (),
) -> Sealed:
    """Sign a PDF.

    Args:
        blob: a PDF. Earlier signatures must hold.
        credential: whose signature.
        field: its name; made if there is none, where the stamp stands.
        reason: why.
        location: where.
        stamp: what is seen; None: nothing. The box of a field that is there already counts.
        last: nobody signs after this one.
        when: the time that the signature claims, with its zone.
        timestamper_url: an authority that is asked for time stamps; '' for none.
        trust_roots: PEM; with an authority, what proves the certificates is fetched up to these and embedded.

    Raises:
        Unusable: seal.file; seal.expired (`not_before`, `not_after`); seal.revoked; seal.field (`field`: signed
            already, or no page); seal.changed (an earlier signature does not hold); seal.closed (the file allows no
            further signature); seal.timestamp (`problem`: unreachable, answer); seal.certificate (a root); seal.failed
            (our own check).
    """
    if not credential.not_before <= when <= credential.not_after:
        raise Unusable("seal.expired", not_before=credential.not_before, not_after=credential.not_after)
    _writer(blob)
    before = examine(blob)
    if any(one.judgement is not Judgement.INTACT for one in before):
        raise Unusable("seal.changed")
    roots = certificates_of(trust_roots)
    shortfall = "" if timestamper_url and roots else "no-roots" if timestamper_url else "no-authority"
    order = _Order(blob, credential, field, reason, location, stamp, last, when)
    authority = Authority(timestamper_url) if timestamper_url else None
    sealed = b""
    if not shortfall:
        try:
            sealed = asyncio.run(_proven(order, authority, roots))
        except (PathBuildingError, ValidationError, SigningError) as error:
            shortfall = _shortfall(error)
    if not sealed:
        try:
            sealed = asyncio.run(_signed(order, authority, None))
        except SigningError as error:
            raise Unusable("seal.closed") from error
    return _checked(before, sealed, field, shortfall)


@dataclass(frozen=True, slots=True)
class _Order:
    blob: bytes
    credential: Credential
    field: str
    reason: str
    location: str
    stamp: Stamp | None
    last: bool
    when: datetime


def _shortfall(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, SigningError) else error
    if isinstance(cause, RevokedError):
        raise Unusable("seal.revoked") from error
    if not isinstance(cause, (PathBuildingError, ValidationError)):
        raise Unusable("seal.closed") from error
    return "validation"


async def _proven(order: _Order, authority: Authority | None, roots: Sequence[Any]) -> bytes:
    # A backend that the context makes for itself is never closed (pyHanko 0.38).
    async with AIOHttpFetcherBackend(per_request_timeout=_SECONDS) as fetchers:
        context = ValidationContext(
            trust_roots=list(roots), allow_fetching=True, fetchers=fetchers, revocation_mode="require"
        )
        return await _signed(order, authority, context)


async def _signed(order: _Order, authority: Authority | None, context: ValidationContext | None) -> bytes:
    """The steps of `PdfSigner.async_sign_pdf`, which would take the time from the machine's clock."""
    writer = _writer(order.blob)
    certifies = not _filled(writer.prev)
    is_new = _field(writer, order, closes=order.last and not certifies)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=order.field,
            md_algorithm="sha256",
            reason=order.reason or None,
            location=order.location or None,
            subfilter=SigSeedSubFilter.PADES,
            certify=certifies,
            docmdp_permissions=MDPPerm.NO_CHANGES if order.last else MDPPerm.FILL_FORMS,
            embed_validation_info=context is not None,
            use_pades_lta=context is not None,
            validation_context=context,
        ),
        order.credential.signer,
        timestamper=authority,
        stamp_style=StaticStampStyle(
            border_width=0,
            background=_Picture(order.stamp.picture) if order.stamp else None,
            background_layout=_FITTED,
            background_opacity=1.0,
        ),
        new_field_spec=is_new,
    )
    session = signer.init_signing_session(writer)
    session.system_time = order.when
    found = await session.perform_presign_validation(writer)
    room = await session.estimate_signature_container_size(found)
    document = session.prepare_tbs_document(found, room)
    digest, output = document.digest_tbs_document()
    signed = await document.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=order.when))
    await signed.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


def _field(writer: IncrementalPdfFileWriter, order: _Order, *, closes: bool) -> SigFieldSpec | None:
    """How a field is to be made; None where there is one: it cannot be changed any more, not even to close the file."""
    for name, value, _ in fields.enumerate_sig_fields(writer.prev):
        if name == order.field:
            if value is not None:
                raise Unusable("seal.field", field=order.field)
            return None
    pages = int(writer.prev.root["/Pages"]["/Count"])
    if order.stamp is not None and not 0 <= order.stamp.page < pages:
        raise Unusable("seal.field", field=order.field)
    return SigFieldSpec(
        order.field,
        on_page=order.stamp.page if order.stamp else 0,
        box=_rounded(order.stamp.box) if order.stamp else None,
        field_mdp_spec=_CLOSED if closes else None,
        doc_mdp_update_value=MDPPerm.NO_CHANGES if closes else None,
    )


def _checked(before: Sequence[SealSeen], sealed: bytes, field: str, shortfall: str) -> Sealed:
    after = {one.field: one for one in examine(sealed)}
    own = after.pop(field, None)
    if own is None or own.judgement is not Judgement.INTACT:
        raise Unusable("seal.failed")
    if {one.field for one in before} != set(after) or any(
        one.judgement is not Judgement.INTACT for one in after.values()
    ):
        raise Unusable("seal.closed")
    return Sealed(sealed, own.level, shortfall, _is_closed(sealed, field))


def _is_closed(blob: bytes, field: str) -> bool:
    signed = PdfFileReader(io.BytesIO(blob), strict=False).embedded_regular_signatures
    return any(one.docmdp_level is MDPPerm.NO_CHANGES for one in signed if one.field_name == field)


def _writer(blob: bytes) -> IncrementalPdfFileWriter:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(blob), strict=False)
        pages = int(writer.prev.root["/Pages"]["/Count"])
    except Exception as error:  # pyHanko raises whatever a broken file lacks
        raise Unusable("seal.file") from error
    if writer.prev.encrypted or not pages:
        raise Unusable("seal.file")
    return writer


def _filled(reader: PdfFileReader) -> bool:
    return any(True for _ in fields.enumerate_sig_fields(reader, filled_status=True))


def _rounded(box: Box) -> tuple[int, int, int, int]:
    left, bottom, right, top = (round(one) for one in box)
    return left, bottom, right, top


class _Picture(content.PdfContent):
    """A page of a PDF that is no file."""

    def __init__(self, picture: bytes) -> None:
        super().__init__()
        self._picture = picture

    def render(self) -> bytes:
        writer = self._ensure_writer
        form = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._picture)))
        self.resources.xobject["/Stamp"] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Stamp Do"


def draw_stamp(lines: Sequence[str], font_file: str, width_mm: float, height_mm: float) -> bytes:
    """A frame in seal red with words in it, as a PDF of one page.

    Args:
        lines: a caption, the name (set larger), and what may follow. A line too long is set smaller.
        font_file: TrueType with Hangul; the signs that are used are embedded.
        width_mm: of the stamp.
        height_mm: of the stamp.

    Returns:
        The same bytes for the same input.

    Raises:
        Unusable: seal.font (`file`: its name).
    """
    width, height = width_mm * _POINTS, height_mm * _POINTS
    name = f"seal-{font_file}"
    try:
        registerFont(TTFont(name, font_file))
    except (TTFError, OSError) as error:
        raise Unusable("seal.font", file=Path(font_file).name) from error
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=True, initialFontName=name)
    canvas.setStrokeColorRGB(*_RED)
    canvas.setLineWidth(0.75)
    canvas.roundRect(0.75, 0.75, width - 1.5, height - 1.5, 2)
    sizes = [height * {0: _CAPTION, 1: _NAME}.get(place, _REST) for place in range(len(lines))]
    gap = (height - sum(sizes)) / (len(lines) + 1) if lines else 0.0
    top, margin = height, min(width, height) * 0.1
    for place, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        top -= gap + size
        natural = stringWidth(line, name, size)
        fitted = size * min(1.0, (width - 2 * margin) / natural) if natural else size
        if place == 0:
            canvas.setFillColorRGB(*_RED)
        else:
            canvas.setFillGray(_INK if place == 1 else _GRAY)
        canvas.setFont(name, fitted)
        # A line's middle is about a third of its size above the base line.
        canvas.drawString(margin, top + size * 0.5 - fitted * 0.34, line)
    canvas.save()
    return _without_base_fonts(buffer.getvalue())


def _without_base_fonts(blob: bytes) -> bytes:
    """Without the Helvetica that reportlab names in every file."""
    with pikepdf.open(io.BytesIO(blob)) as document:
        for page in document.pages:
            named = page.resources.get("/Font", pikepdf.Dictionary())
            for key in [key for key, font in named.items() if "/FontDescriptor" not in font]:
                del named[key]
        output = io.BytesIO()
        document.save(output, deterministic_id=True)
    return output.getvalue()
