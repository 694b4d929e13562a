"""Certificates and their keys (pyHanko, cryptography): opened, or made for those who have none."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from asn1crypto import pem, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign import signers

_BITS = 3072
_DAY = datetime.timedelta(days=1)
_YEAR = datetime.timedelta(days=365.25)


class Unusable(Exception):  # noqa: N818 - a value for who asked; the code is one of the catalogue's
    """It cannot be done; `code` and `params` make the finding."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str] = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its key."""

    signer: Any = field(repr=False)
    """pyHanko's."""
    subject: str
    fingerprint: str
    """SHA-256 of the certificate, in hexadecimal."""
    not_before: datetime.datetime
    not_after: datetime.datetime
    self_signed: bool
    certificate: bytes
    """PEM."""
    chain: tuple[bytes, ...] = ()
    """Certificates of authorities that came with it, PEM."""


def load(blob: bytes, password: bytes) -> Credential:
    """Open a PKCS#12 file, or PEM with key and certificates.

    Raises:
        Unusable: seal.password, seal.certificate.
    """
    if blob.lstrip().startswith(b"-----BEGIN"):
        return _of_pem(blob, password)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(blob, password or None)
    except ValueError as error:
        raise Unusable("seal.password" if _is_pkcs12(blob) else "seal.certificate") from error
    return _credential(key, certificate, others)


def _is_pkcs12(blob: bytes) -> bool:
    from asn1crypto import pkcs12 as structure

    try:
        return bool(structure.Pfx.load(blob)["version"].native == "v3")
    except (ValueError, TypeError):
        return False


def _of_pem(blob: bytes, password: bytes) -> Credential:
    try:
        found = certificates.load_pem_x509_certificates(blob)
        key = serialization.load_pem_private_key(blob, password or None)
    except TypeError as error:
        raise Unusable("seal.password") from error
    except ValueError as error:
        wrong = b"ENCRYPTED" in blob and b"-----BEGIN CERTIFICATE" in blob
        raise Unusable("seal.password" if wrong else "seal.certificate") from error
    own = [one for one in found if _bits(one.public_key()) == _bits(key.public_key())]
    return _credential(key, own[0] if own else None, [one for one in found if one not in own])


def _bits(key: Any) -> bytes:
    return bytes(
        key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )  # fmt: skip


def _credential(key: Any, certificate: Any, others: Any) -> Credential:
    if key is None or certificate is None:
        raise Unusable("seal.certificate")
    packed = pkcs12.serialize_key_and_certificates(
        None, key, certificate, others or None, serialization.NoEncryption()
    )  # fmt: skip
    signer = signers.SimpleSigner.load_pkcs12_data(packed, other_certs=[])
    if signer is None:
        raise Unusable("seal.certificate")
    return Credential(
        signer,
        common_name(certificate),
        certificate.fingerprint(hashes.SHA256()).hex(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.issuer == certificate.subject,
        _pem(certificate),
        tuple(_pem(one) for one in others or ()),
    )


def _pem(certificate: Any) -> bytes:
    return bytes(certificate.public_bytes(serialization.Encoding.PEM))


def common_name(certificate: Any) -> str:
    """The name of whom a certificate is for."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def of_pem(blobs: tuple[bytes, ...]) -> list[x509.Certificate]:
    """Certificates as pyHanko wants them; a blob may hold several."""
    found = []
    for blob in blobs:
        if pem.detect(blob):
            found += [x509.Certificate.load(data) for _, _, data in pem.unarmor(blob, multiple=True)]
    return found


def make_self_signed(name: str, organisation: str, password: bytes, years: int, when: datetime.datetime) -> bytes:
    """A certificate that vouches for itself, with its key, as PKCS#12.

    Args:
        name: of the seal.
        organisation: whose it is.
        password: that will open it.
        years: how long it is to be valid.
        when: from when on.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = certificates.Name(
        [
            certificates.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            certificates.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            certificates.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    usage = certificates.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        certificates.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(when - _DAY)
        .not_valid_after(when + years * _YEAR)
        .add_extension(certificates.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(certificates.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    closed = serialization.BestAvailableEncryption(password)
    return bytes(pkcs12.serialize_key_and_certificates(name.encode(), key, made, None, closed))
