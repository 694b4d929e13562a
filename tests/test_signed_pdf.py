"""Digital signatures inside PDFs, made with a throw-away key: what was done beside what is said."""

from __future__ import annotations

import datetime
import io

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from pipeline.doors.scans.signed_pdf import signatures

USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def signer(name: str) -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(USAGE, critical=True)
        .sign(key, hashes.SHA256())
    )
    store = pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, serialization.BestAvailableEncryption(b"p")
    )
    made = signers.SimpleSigner.load_pkcs12_data(store, other_certs=[], passphrase=b"p")
    assert made
    return made


def plain() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer)
    return buffer.getvalue()


def signed(blob: bytes, name: str, field: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(blob))
    fields.append_signature_field(writer, fields.SigFieldSpec(field))
    out = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer(name))
    return bytes(out.getbuffer())


@pytest.fixture(scope="module")
def once() -> bytes:
    return signed(plain(), "남궁한결", "Sig1")


def test_a_signature_that_holds(once: bytes) -> None:
    (one,) = signatures(once)
    assert (one.signer, one.intact, one.whole_file, one.changes) == ("남궁한결", True, True, "")
    assert one.signed_at.startswith("20")


def test_two_signatures_one_after_the_other(once: bytes) -> None:
    found = signatures(signed(once, "진하율", "Sig2"))
    assert [(one.signer, one.intact, one.whole_file) for one in found] == [
        ("남궁한결", True, False),
        ("진하율", True, True),
    ]


def test_a_flipped_byte(once: bytes) -> None:
    place = once.index(b"/MediaBox") + 12
    (one,) = signatures(once[:place] + bytes([once[place] ^ 1]) + once[place + 1 :])
    assert not one.intact


def test_changed_after_signing(once: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(once))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = writer.root["/Pages"]["/Count"].__class__(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    (one,) = signatures(out.getvalue())
    assert not one.whole_file
    assert one.changes == "the file was changed after signing"


def test_half_a_file(once: bytes) -> None:
    assert all(not one.intact or not one.whole_file for one in signatures(once[:-4000]))
