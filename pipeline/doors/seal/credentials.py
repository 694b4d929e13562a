"""What is signed with (pyHanko, cryptography): a key and its certificate, from a file or a token, or made here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

_BITS = 3072
_YEAR = timedelta(days=365.25)
_SKEW = timedelta(hours=1)
"""A time stamp authority's clock may be behind ours: a certificate made just now is valid a little earlier."""

# Both log certificates' names, with tracebacks, for every signature that is not fine.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Unusable(Exception):  # noqa: N818 - becomes a finding, never seen by people
    """A certificate, a file or an authority cannot be used; `code` is that of the finding."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that signs, and what its certificate says."""

    signer: Signer = field(repr=False, compare=False)
    subject: str
    """Common name, else the whole name."""
    issuer: str
    serial: str
    """Hexadecimal."""
    fingerprint: str
    """SHA-256 of the certificate (DER), hexadecimal."""
    not_before: datetime
    not_after: datetime
    """UTC."""
    self_signed: bool
    certificate: bytes = field(repr=False)
    """PEM."""
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    """PEM of the certificates above it, as far as they came with it."""


def make_self_signed(
    name: str, organisation: str, password: bytes, years: int, now: datetime, email: str = ""
) -> bytes:
    """A new key (RSA 3072) with a certificate of its own, for signatures that cannot be denied.

    Args:
        name: of the person, at most 64 bytes in UTF-8.
        organisation: '' for none.
        password: protects the key.
        years: how long it is valid from `now` on.
        now: with its time zone.
        email: '' for none; ASCII.

    Returns:
        PKCS#12.

    Raises:
        Unusable: seal.password (empty), seal.name (name or address do not fit into a certificate).
    """
    if not password:
        raise Unusable("seal.password")
    try:
        who = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        if organisation:
            who.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
        addresses = x509.SubjectAlternativeName([x509.RFC822Name(email)]) if email else None
    except ValueError as error:
        raise Unusable("seal.name") from error
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"), *reversed(who)])
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    start = now.astimezone(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _SKEW)
        .not_valid_after(start + years * _YEAR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if addresses is not None:
        builder = builder.add_extension(addresses, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key, certificate, None, serialization.BestAvailableEncryption(password)
    )


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
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


def load_pkcs12(blob: bytes, password: bytes) -> Credential:
    """A key and its certificates from a `.p12` or `.pfx` file.

    Raises:
        Unusable: seal.password; seal.certificate (`problem`: unreadable, algorithm, incomplete, mismatch).
    """
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(blob, password)
    except UnsupportedAlgorithm as error:
        raise Unusable("seal.certificate", problem="algorithm") from error
    except ValueError as error:
        # The library says the same of a wrong password and of a file that is none.
        code, params = ("seal.password", {}) if _is_pkcs12(blob) else ("seal.certificate", {"problem": "unreadable"})
        raise Unusable(code, **params) from error
    return _credential(key, certificate, others)


def load(blob: bytes, password: bytes) -> Credential:
    """A key and its certificates from one file: PKCS#12, or PEM of which the first certificate is the signer's.

    Raises:
        Unusable: as of `load_pkcs12` and `load_pem`.
    """
    if b"-----BEGIN" not in blob:
        return load_pkcs12(blob, password)
    return load_pem(blob, blob, (blob[blob.find(b"-----END CERTIFICATE") + 1 :],), password or None)


def _is_pkcs12(blob: bytes) -> bool:
    try:
        return bool(asn1_pkcs12.Pfx.load(blob, strict=True).native["version"] == "v3")
    except (ValueError, TypeError, KeyError):
        return False


def load_pem(key: bytes, certificate: bytes, chain: Sequence[bytes], password: bytes | None) -> Credential:
    """A key and its certificates from PEM files.

    Args:
        key: PKCS#8, PKCS#1 or SEC 1.
        certificate: the signer's.
        chain: files with further certificates, several in one if need be.
        password: of the key; None where it has none.

    Raises:
        Unusable: seal.password; seal.certificate (`problem`: unreadable, algorithm, incomplete, mismatch).
    """
    try:
        own = x509.load_pem_x509_certificate(certificate)
        others = [one for blob in chain for one in x509.load_pem_x509_certificates(blob)]
    except ValueError as error:
        raise Unusable("seal.certificate", problem="unreadable") from error
    try:
        opened = serialization.load_pem_private_key(key, password)
    except UnsupportedAlgorithm as error:
        raise Unusable("seal.certificate", problem="algorithm") from error
    except TypeError as error:  # a password for a key that has none, or none for one that has
        raise Unusable("seal.password") from error
    except ValueError as error:
        if b"ENCRYPTED" in key:
            raise Unusable("seal.password") from error
        raise Unusable("seal.certificate", problem="unreadable") from error
    return _credential(opened, own, others)


def _credential(key: Any, certificate: x509.Certificate | None, others: Sequence[x509.Certificate]) -> Credential:
    if key is None or certificate is None:
        raise Unusable("seal.certificate", problem="incomplete")
    if key.public_key() != certificate.public_key():
        raise Unusable("seal.certificate", problem="mismatch")
    above = [translate_pyca_cryptography_cert_to_asn1(one) for one in others]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(above)
    signer = SimpleSigner(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(key),
        cert_registry=store,
    )
    return _described(signer, above)


def _described(signer: Signer, above: Sequence[asn1_x509.Certificate]) -> Credential:
    own = signer.signing_cert
    if own is None:
        raise Unusable("seal.certificate", problem="incomplete")
    return Credential(
        signer=signer,
        subject=name_of(own.subject),
        issuer=name_of(own.issuer),
        serial=f"{own.serial_number:x}",
        fingerprint=own.sha256.hex(),
        not_before=own.not_valid_before,
        not_after=own.not_valid_after,
        self_signed=own.self_issued,
        certificate=pem_of(own),
        chain=tuple(pem_of(one) for one in above),
    )


def name_of(name: asn1_x509.Name) -> str:
    """Common name, else the whole name."""
    common = name.native.get("common_name", "")
    return str(common[0] if isinstance(common, list) else common) or str(name.human_friendly)


def pem_of(certificate: asn1_x509.Certificate) -> bytes:
    """A certificate as PEM."""
    loaded = x509.load_der_x509_certificate(certificate.dump())
    return loaded.public_bytes(serialization.Encoding.PEM)


def certificates_of(files: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    """All certificates in PEM files.

    Raises:
        Unusable: seal.certificate (`problem`: unreadable).
    """
    try:
        found = [one for blob in files for one in x509.load_pem_x509_certificates(blob)]
    except (ValueError, x509.InvalidVersion) as error:
        raise Unusable("seal.certificate", problem="unreadable") from error
    return [translate_pyca_cryptography_cert_to_asn1(one) for one in found]


def load_token(address: str, pin: str) -> Credential:
    """A key on a token or a card, by PKCS#11.

    Args:
        address: RFC 7512, `pkcs11:token=NAME;object=LABEL?module-path=LIBRARY`: the label of the key and of its
            certificate, the path of the maker's library; `token` only where there are several.
        pin: '' where the token asks for it itself.

    Raises:
        Unusable: seal.pkcs11, as of `load_pkcs11`; and `problem` address, where a part is missing.
    """
    path, _, query = address.removeprefix("pkcs11:").partition("?")
    parts = [one.partition("=") for one in (*path.split(";"), *query.split("&"))]
    values = {name: unquote(value) for name, _, value in parts}
    if not values.get("object") or not values.get("module-path"):
        raise Unusable("seal.pkcs11", problem="address")
    return load_pkcs11(values["module-path"], values["object"], pin, values.get("token", ""))


def load_pkcs11(module: str, label: str, pin: str, token: str = "") -> Credential:
    """A key on a token or a card, by PKCS#11; the session stays open as long as the credential is held.

    Args:
        module: path of the maker's library.
        label: of the certificate and of its key.
        pin: '' where the token asks for it itself.
        token: its label; '' where there is only one.

    Raises:
        Unusable: seal.password, for a wrong PIN, tried once: a card locks after a few; seal.pkcs11 (`problem`: missing,
            where python-pkcs11 is not installed; module; token; label).
    """
    try:
        from pkcs11 import lib
        from pkcs11.exceptions import PinIncorrect
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign import pkcs11
    except ImportError as error:
        raise Unusable("seal.pkcs11", problem="missing") from error
    try:
        lib(module)
    except Exception as error:  # makers' libraries raise whatever they like
        raise Unusable("seal.pkcs11", problem="module") from error
    try:
        criteria = TokenCriteria(label=token) if token else None
        session = pkcs11.open_pkcs11_session(module, token_criteria=criteria, user_pin=pin or None)
    except PinIncorrect as error:
        raise Unusable("seal.password") from error
    except Exception as error:  # makers' libraries raise whatever they like
        raise Unusable("seal.pkcs11", problem="token") from error
    try:
        signer = pkcs11.PKCS11Signer(session, cert_label=label)
        return _described(signer, [one for one in signer.cert_registry if one != signer.signing_cert])
    except Exception as error:  # makers' libraries raise whatever they like
        session.close()
        raise Unusable("seal.pkcs11", problem="label") from error
