"""Seals: people sign, files are tampered with, years pass; what was done beside what is said."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pkcs11
import pypdfium2
import pytest
from aiohttp import web
from certomancer.integrations.aiohttp_illusionist import AsyncIllusionist
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from conftest import REPOSITORY
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from pipeline.doors.seal.credentials import (
    Credential,
    Unusable,
    load_pem,
    load_pkcs12,
    load_token,
    make_self_signed,
)
from pipeline.doors.seal.detached import examine_detached, sign_detached
from pipeline.doors.seal.signing import Sealed, Stamp, draw_stamp, prepare, seal
from pipeline.doors.seal.verdicts import Judgement, Problem, SealSeen, examine, overall
from pipeline.model.findings import Finding
from pipeline.run.credential import opened

NOW = datetime.now(UTC).replace(microsecond=0)
PASSWORD = "열려라 참깨".encode()
FONT = "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"
BOXES = [("first", 0, (60.0, 60.0, 230.0, 122.0)), ("second", 0, (300.0, 60.0, 470.0, 122.0))]


def years(count: float) -> datetime:
    return NOW + timedelta(days=365.25 * count)


def person(name: str) -> Credential:
    return load_pkcs12(make_self_signed(name, "한빛사회적경제협의회", PASSWORD, 2, NOW), PASSWORD)


@pytest.fixture(scope="module")
def first() -> Credential:
    return person("남궁한결")


@pytest.fixture(scope="module")
def second() -> Credential:
    return person("서다온")


@pytest.fixture(scope="module")
def plain() -> bytes:
    """Two pages that say something."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for number in range(2):
            page = document.add_blank_page(page_size=(595, 842))
            page.obj.Contents = document.make_stream(b"0.5 g 100 %d 50 50 re f" % (400 + number))
        document.save(buffer, compress_streams=False)
    return buffer.getvalue()


def sign(
    blob: bytes, who: Credential, *, field: str = "seal", stamp: Stamp | None = None, last: bool = True, **rest: object
) -> Sealed:
    return seal(blob, who, field=field, reason="승인", location="서울", stamp=stamp, last=last, when=NOW, **rest)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sealed(plain: bytes, first: Credential) -> bytes:
    return sign(plain, first).blob


# --- certificates ------------------------------------------------------------------------------------------------


def test_a_certificate_made_here_is_opened_again() -> None:
    made = person("남궁한결")
    assert (made.subject, made.issuer, made.self_signed) == ("남궁한결", "남궁한결", True)
    assert made.not_before <= NOW <= made.not_after
    assert abs(made.not_after - years(2)) < timedelta(days=1)
    held = x509.load_pem_x509_certificate(made.certificate)
    assert held.fingerprint(hashes.SHA256()).hex() == made.fingerprint
    assert f"{held.serial_number:x}" == made.serial
    usage = held.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert isinstance(held.public_key(), rsa.RSAPublicKey)
    assert held.public_key().key_size == 3072  # type: ignore[union-attr]
    assert "signer" not in repr(made)
    assert "BEGIN" not in repr(made)


def pem_files(password: bytes | None) -> tuple[bytes, bytes]:
    key, certificate, _ = pkcs12.load_key_and_certificates(
        make_self_signed("도하늘", "", PASSWORD, 1, NOW, "haneul@example.org"), PASSWORD
    )
    assert key
    assert certificate
    kind = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kind)
    return private, certificate.public_bytes(serialization.Encoding.PEM)


def test_files_that_cannot_sign() -> None:
    good = make_self_signed("남궁한결", "", PASSWORD, 1, NOW)
    open_key, certificate = pem_files(None)
    locked_key, locked_certificate = pem_files(b"pw")
    tries = [
        (lambda: load_pkcs12(good, b"wrong"), "seal.password", {}),
        (lambda: load_pkcs12(b"", PASSWORD), "seal.certificate", {"problem": "unreadable"}),
        (lambda: load_pkcs12(b"%PDF-1.7", PASSWORD), "seal.certificate", {"problem": "unreadable"}),
        (lambda: load_pkcs12(good[:900], PASSWORD), "seal.certificate", {"problem": "unreadable"}),
        (lambda: load_pem(locked_key, locked_certificate, [], None), "seal.password", {}),
        (lambda: load_pem(locked_key, locked_certificate, [], b"wrong"), "seal.password", {}),
        (lambda: load_pem(open_key, locked_certificate, [], None), "seal.certificate", {"problem": "mismatch"}),
        (lambda: load_pem(b"key", certificate, [], None), "seal.certificate", {"problem": "unreadable"}),
        (lambda: load_pem(open_key, b"certificate", [], None), "seal.certificate", {"problem": "unreadable"}),
        (lambda: make_self_signed("남궁한결", "", b"", 1, NOW), "seal.password", {}),
        (lambda: make_self_signed("가" * 22, "", PASSWORD, 1, NOW), "seal.name", {}),
        (lambda: load_token("pkcs11:object=seal?module-path=/nowhere.so", "1"), "seal.pkcs11", {"problem": "module"}),
        (lambda: load_token("pkcs11:object=seal", "1"), "seal.pkcs11", {"problem": "address"}),
    ]
    for attempt, code, params in tries:
        with pytest.raises(Unusable) as raised:
            attempt()
        assert (raised.value.code, raised.value.params) == (code, params)
    assert load_pem(open_key, certificate, [], None).subject == "도하늘"
    assert load_pem(locked_key, locked_certificate, [certificate], b"pw").chain == (certificate,)


@pytest.fixture(scope="module")
def token() -> str:
    """The address of a token (SoftHSM) that holds a key and its certificate; its PIN is 1234."""
    places = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
    found = [str(one) for place in places for one in Path(place).glob("**/libsofthsm2.so")]
    assert found, "SoftHSM is missing: tools/setup.sh dev installs it"
    folder = tempfile.mkdtemp(prefix="token-")
    Path(folder, "softhsm2.conf").write_text(f"directories.tokendir = {folder}\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = f"{folder}/softhsm2.conf"  # read by the library, once
    asked = ["softhsm2-util", "--init-token", "--free", "--label", "협의회", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(asked, check=True, capture_output=True)
    key, certificate, _ = pkcs12.load_key_and_certificates(make_self_signed("남궁한결", "", PASSWORD, 1, NOW), PASSWORD)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.DER)
    (slot,) = pkcs11.lib(found[0]).get_tokens(token_label="협의회")  # noqa: S106
    with slot.open(user_pin="1234", rw=True) as session:
        shared = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.ID: b"1"}
        session.create_object({**decode_rsa_private_key(private), **shared})
        session.create_object({**decode_x509_certificate(public), **shared})
    return f"pkcs11:token={quote('협의회')};object=seal?module-path={found[0]}"


def test_a_seal_from_a_token(token: str, plain: bytes) -> None:
    tries = [
        (token, "4321", "seal.password", {}),
        (token.replace("object=seal", "object=other"), "1234", "seal.pkcs11", {"problem": "label"}),
        (token.replace("token=", "token=x"), "1234", "seal.pkcs11", {"problem": "token"}),
    ]
    for address, pin, code, params in tries:
        with pytest.raises(Unusable) as raised:
            load_token(address, pin)
        assert (raised.value.code, raised.value.params) == (code, params)
    told: list[Finding] = []
    held = opened(token, Path(), "inputs/seal.p12", lambda: b"1234", told)
    assert not told
    assert held
    assert held.subject == "남궁한결"
    made = sign(plain, held)
    (seen,) = examine(made.blob, trusted=[held.certificate])
    assert said(seen) == (Judgement.INTACT, True, "")
    beside = examine_detached(b"manifest", sign_detached(b"manifest", held, NOW), [held.certificate])
    assert said(beside) == (Judgement.INTACT, True, "")


# --- signing -----------------------------------------------------------------------------------------------------


def said(seen: SealSeen) -> tuple[Judgement, bool, str]:
    return seen.judgement, seen.trusted, seen.problem


def test_signed_once(plain: bytes, first: Credential) -> None:
    made = sign(plain, first)
    assert (made.level, made.shortfall, made.is_closed) == ("B-B", "no-authority", True)
    assert made.blob.startswith(plain)
    (seen,) = examine(made.blob, trusted=[first.certificate])
    assert said(seen) == (Judgement.INTACT, True, "")
    assert (seen.subject, seen.fingerprint, seen.field) == ("남궁한결", first.fingerprint, "seal")
    assert (seen.claimed_time, seen.timestamp, seen.level) == (NOW, None, "B-B")
    assert (seen.covers_whole, seen.docmdp_ok) == (True, True)
    assert overall([seen]) is Judgement.INTACT
    assert (examine(plain), overall(())) == ((), Judgement.NONE)


@pytest.mark.slow
def test_another_program_agrees(tmp_path: Path, plain: bytes, first: Credential, second: Credential) -> None:
    """The command of pyHanko, in a process of its own."""
    ready = prepare(plain, BOXES)
    both = sign(sign(ready, first, field="first", last=False).blob, second, field="second").blob
    roots = tmp_path / "roots.pem"
    roots.write_bytes(first.certificate + second.certificate)
    command = [str(Path(sys.executable).parent / "pyhanko"), "sign", "validate", "--no-revocation-check"]
    for blob, verdicts in ((both, (2, 0)), (both.replace(b" re f", b" re n", 1), (0, 2))):
        file = tmp_path / "signed.pdf"
        file.write_bytes(blob)
        said = subprocess.run(
            [*command, "--trust", str(roots), "--trust-replace", str(file)], capture_output=True, text=True, check=False
        )
        good, bad = said.stdout.count(":INTACT:TRUSTED"), said.stdout.count(":INVALID")
        assert (good, bad) == verdicts, said.stdout + said.stderr


def test_two_people_in_order(plain: bytes, first: Credential, second: Credential) -> None:
    ready = prepare(plain, BOXES)
    assert examine(ready) == ()
    one = sign(ready, first, field="first", last=False)
    two = sign(one.blob, second, field="second")
    assert (one.is_closed, two.is_closed) == (False, True)
    seen = examine(two.blob, trusted=[first.certificate, second.certificate])
    assert [(each.field, *said(each)) for each in seen] == [
        ("first", Judgement.INTACT, True, ""),
        ("second", Judgement.INTACT, True, ""),
    ]
    assert [each.covers_whole for each in seen] == [False, True]
    # Each is trusted for itself.
    half = examine(two.blob, trusted=[second.certificate])
    assert [said(each) for each in half] == [
        (Judgement.INTACT, False, Problem.UNKNOWN),
        (Judgement.INTACT, True, ""),
    ]


@pytest.mark.slow
def test_what_is_not_signed(plain: bytes, sealed: bytes, first: Credential, second: Credential) -> None:
    ready = prepare(plain, [*BOXES, ("third", 1, (0.0, 0.0, 0.0, 0.0))])
    half = sign(ready, first, field="first", last=False).blob
    seen_late = Stamp(0, BOXES[0][2], draw_stamp(["전자서명"], FONT, 60, 22))
    changed = sealed.replace(b" re f", b" re n", 1)
    tries = [
        (lambda: sign(sealed, second, field="other"), "seal.closed"),
        (lambda: sign(half, second, field="late", stamp=seen_late), "seal.closed"),
        (lambda: sign(half, second, field="first"), "seal.field"),
        (lambda: sign(plain, second, stamp=Stamp(2, BOXES[0][2], seen_late.picture)), "seal.field"),
        (lambda: prepare(plain, [("page", 7, BOXES[0][2])]), "seal.field"),
        (lambda: prepare(plain, [BOXES[0], BOXES[0]]), "seal.field"),
        (lambda: prepare(sealed, BOXES), "seal.signed"),
        (lambda: sign(changed, second, field="other"), "seal.changed"),
        (lambda: sign(b"no PDF", second), "seal.file"),
        (lambda: prepare(b"no PDF", BOXES), "seal.file"),
        (lambda: sign(plain, load_pkcs12(make_self_signed("옛", "", b"p", 1, years(-5)), b"p")), "seal.expired"),
    ]
    for place, (attempt, code) in enumerate(tries):
        with pytest.raises(Unusable) as raised:
            attempt()
        assert (place, raised.value.code) == (place, code)
    # A field that was not made to close the file cannot do so later; it is said.
    assert not sign(half, second, field="second").is_closed
    assert sign(half, second, field="third").is_closed


def test_a_stamp_is_seen_and_brings_its_font(plain: bytes, first: Credential) -> None:
    lines = ["전자서명", "남궁한결", "한빛사회적경제협의회 상임대표 · 2026. 11. 23."]
    picture = draw_stamp(lines, FONT, 60, 22)
    assert picture == draw_stamp(lines, FONT, 60, 22)
    blob = sign(plain, first, stamp=Stamp(1, (60.0, 60.0, 230.0, 122.0), picture)).blob
    with pypdfium2.PdfDocument(blob) as document:
        document.init_forms()
        pages = [page.render(may_draw_forms=True, scale=2).to_numpy().astype(int) for page in document]
    red = [int(((page[:, :, 2] - page[:, :, 0]) > 80).sum()) for page in pages]
    assert red[0] == 0
    assert red[1] > 500
    with pikepdf.open(io.BytesIO(blob)) as document:
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        assert fonts
        for font in fonts:
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert any(key in inner.FontDescriptor for key in ("/FontFile2", "/FontFile3"))
    with pytest.raises(Unusable, match=r"seal\.font"):
        draw_stamp(lines, "/nowhere/font.ttf", 60, 22)


# --- tampering ---------------------------------------------------------------------------------------------------


def resaved(blob: bytes) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(blob)) as document:
        document.save(buffer)
    return buffer.getvalue()


def with_a_note(blob: bytes) -> bytes:
    """An annotation on the first page, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(blob))
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
            generic.NameObject("/Rect"): generic.ArrayObject([generic.NumberObject(one) for one in (9, 9, 99, 99)]),
            generic.NameObject("/Contents"): generic.TextStringObject("3억 원"),
        }
    )
    page.setdefault(generic.NameObject("/Annots"), generic.ArrayObject()).append(writer.add_object(note))
    writer.update_container(page)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("attack", "verdict", "covers_whole"),
    [
        (lambda blob: blob, (Judgement.INTACT, True, ""), True),
        (lambda blob: blob.replace(b" re f", b" re n", 1), (Judgement.CHANGED, False, Problem.BYTES), True),
        (resaved, (Judgement.CHANGED, False, Problem.BYTES), False),
        (with_a_note, (Judgement.CHANGED, False, Problem.ADDED), False),
        (lambda blob: blob[:-4096], (Judgement.BROKEN, False, Problem.UNREADABLE), False),
        # Readers pass over it and so does pyHanko's bottom line: the problem is named, and the file's hash tells.
        (lambda blob: blob + b"more", (Judgement.INTACT, True, Problem.TAIL), False),
        (lambda blob: b"", (Judgement.BROKEN, False, Problem.UNREADABLE), False),
    ],
    ids=["none", "bit", "saved again", "note added", "cut", "bytes behind", "empty"],
)
def test_tampering(sealed: bytes, first: Credential, attack, verdict, covers_whole) -> None:
    (seen,) = examine(attack(sealed), trusted=[first.certificate])
    assert said(seen) == verdict
    assert seen.covers_whole is covers_whole


def test_a_certificate_of_the_same_name_is_another(plain: bytes, first: Credential) -> None:
    other = person("남궁한결")
    (seen,) = examine(sign(plain, other).blob, trusted=[first.certificate])
    assert seen.subject == first.subject
    assert said(seen) == (Judgement.INTACT, False, Problem.UNKNOWN)
    assert seen.fingerprint == other.fingerprint


@pytest.mark.parametrize("after", [3, 14, 24])
def test_years_later_without_a_time_stamp(sealed: bytes, first: Credential, after: int) -> None:
    """Unchanged for ever; but nothing proves any more that the certificate was valid when it signed."""
    (seen,) = examine(sealed, trusted=[first.certificate], at=years(after))
    assert said(seen) == (Judgement.INTACT, False, Problem.EXPIRED)
    assert overall([seen]) is Judgement.INTACT
    (changed,) = examine(with_a_note(sealed), trusted=[first.certificate], at=years(after))
    assert said(changed) == (Judgement.CHANGED, False, Problem.ADDED)


# --- time stamps -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Authorities:
    root: bytes
    signer: Credential
    revoked: Credential
    tsa: str


def made_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextmanager
def answering(application: web.Application, listener: socket.socket) -> Iterator[None]:
    """A web application on a thread of its own."""
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(application)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authorities]:
    """A root, a person and a time stamp authority, answering on this machine."""
    keys = tmp_path_factory.mktemp("pki")
    for name in ("root", "signer", "tsa", "revoked"):
        (keys / f"{name}.pem").write_bytes(made_key())
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    text = (REPOSITORY / "tests/data/pki/authorities.yml").read_text(encoding="utf-8")
    values = {
        "ADDRESS": address,
        "START": years(-1),
        "NEAR": years(2),
        "FAR": years(30),
        "REVOKED": years(-0.5),
        "RENEWED": "P10000D",
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value.isoformat() if isinstance(value, datetime) else value)
    architecture = CertomancerConfig.from_yaml(text, key_search_dir=str(keys)).get_pki_arch(ArchLabel("council"))
    certificates = {
        name: x509.load_der_x509_certificate(architecture.get_cert(CertLabel(name)).dump()).public_bytes(
            serialization.Encoding.PEM
        )
        for name in ("root", "signer", "revoked")
    }
    signer, revoked = (
        load_pem((keys / f"{name}.pem").read_bytes(), certificates[name], [certificates["root"]], None)
        for name in ("signer", "revoked")
    )
    (tsa,) = architecture.service_registry.list_time_stamping_services()
    with answering(AsyncIllusionist(architecture).build_app(), listener):
        yield Authorities(certificates["root"], signer, revoked, tsa.url)


@pytest.fixture(scope="module")
def archived(plain: bytes, authorities: Authorities) -> Sealed:
    return sign(plain, authorities.signer, timestamper_url=authorities.tsa, trust_roots=[authorities.root])


def test_a_seal_that_proves_itself(archived: Sealed, authorities: Authorities) -> None:
    assert (archived.level, archived.shortfall, archived.is_closed) == ("B-LTA", "", True)
    (seen,) = examine(archived.blob, trusted=[authorities.root])
    assert said(seen) == (Judgement.INTACT, True, "")
    assert (seen.subject, seen.level, seen.docmdp_ok) == ("도하늘", "B-LTA", True)
    assert seen.timestamp
    assert abs(seen.timestamp - datetime.now(UTC)) < timedelta(minutes=10)
    # Its own time stamp follows it: only that one reaches to the end.
    assert not seen.covers_whole
    (stranger,) = examine(archived.blob)
    assert said(stranger) == (Judgement.INTACT, False, Problem.UNKNOWN)


@pytest.mark.parametrize("after", [3, 14, 24])
def test_years_later_with_time_stamps(plain: bytes, archived: Sealed, authorities: Authorities, after: int) -> None:
    (seen,) = examine(archived.blob, trusted=[authorities.root], at=years(after))
    assert said(seen) == (Judgement.INTACT, True, "")
    (changed,) = examine(with_a_note(archived.blob), trusted=[authorities.root], at=years(after))
    assert said(changed) == (Judgement.CHANGED, False, Problem.ADDED)


def test_after_the_authorities_have_expired(archived: Sealed, authorities: Authorities) -> None:
    (seen,) = examine(archived.blob, trusted=[authorities.root], at=years(40))
    assert (seen.judgement, seen.trusted) == (Judgement.INTACT, False)


def test_a_time_stamp_alone(plain: bytes, first: Credential, authorities: Authorities) -> None:
    """Whoever signs with a certificate of their own: the authority proves when, and that holds after it expired."""
    bare = sign(plain, first, timestamper_url=authorities.tsa)
    assert (bare.level, bare.shortfall) == ("B-T", "no-roots")
    (seen,) = examine(bare.blob, trusted=[first.certificate, authorities.root])
    assert (seen.judgement, seen.trusted, seen.level) == (Judgement.INTACT, True, "B-T")
    assert seen.timestamp
    (later,) = examine(bare.blob, trusted=[first.certificate, authorities.root], at=years(14))
    assert (later.judgement, later.trusted) == (Judgement.INTACT, True)
    unrooted = sign(plain, authorities.signer, timestamper_url=authorities.tsa, trust_roots=[first.certificate])
    assert (unrooted.level, unrooted.shortfall) == ("B-T", "validation")
    for at, trusted, problem in (
        (None, True, "unchecked"),
        (years(14), True, "unchecked"),
        (years(40), False, "expired"),
    ):
        (seen,) = examine(unrooted.blob, trusted=[authorities.root], at=at)
        assert said(seen) == (Judgement.INTACT, trusted, problem)


def test_a_time_stamp_after_the_certificate_expired_proves_nothing(plain: bytes, authorities: Authorities) -> None:
    old = load_pkcs12(make_self_signed("옛 대표", "", PASSWORD, 1, years(-5)), PASSWORD)
    backdated = seal(
        plain, old, field="seal", reason="", location="", stamp=None, last=True, when=years(-4.5),
        timestamper_url=authorities.tsa,
    )  # fmt: skip
    for at in (None, years(-4.5)):
        (seen,) = examine(backdated.blob, trusted=[old.certificate, authorities.root], at=at)
        assert (seen.judgement, seen.trusted) == (Judgement.INTACT, False)
    assert examine(backdated.blob, trusted=[old.certificate, authorities.root])[0].problem == Problem.EXPIRED


def test_a_revoked_certificate(plain: bytes, authorities: Authorities) -> None:
    with pytest.raises(Unusable, match=r"seal\.revoked"):
        sign(plain, authorities.revoked, timestamper_url=authorities.tsa, trust_roots=[authorities.root])
    # Without roots nobody asks; later on nobody can say, and that is said.
    unasked = sign(plain, authorities.revoked, timestamper_url=authorities.tsa)
    (seen,) = examine(unasked.blob, trusted=[authorities.root])
    assert said(seen) == (Judgement.INTACT, True, Problem.UNCHECKED)


@pytest.mark.slow
def test_two_people_with_time_stamps(
    plain: bytes, first: Credential, second: Credential, authorities: Authorities
) -> None:
    ready = prepare(plain, BOXES)
    roots = [first.certificate, second.certificate, authorities.root]
    one = sign(ready, first, field="first", last=False, timestamper_url=authorities.tsa, trust_roots=roots)
    two = sign(one.blob, second, field="second", timestamper_url=authorities.tsa, trust_roots=roots)
    assert (one.level, two.level) == ("B-LTA", "B-LTA")
    for at in (NOW, years(14)):
        assert [said(each) for each in examine(two.blob, trusted=roots, at=at)] == [(Judgement.INTACT, True, "")] * 2


@pytest.mark.parametrize(
    ("path", "problem"), [("/nothing", "unreachable"), ("closed", "unreachable"), ("/junk", "answer")]
)
def test_an_authority_that_fails(plain: bytes, first: Credential, path: str, problem: str) -> None:
    async def junk(_: web.Request) -> web.Response:
        return web.Response(body=b"0\x00", content_type="application/timestamp-reply")

    application = web.Application()
    application.router.add_post("/junk", junk)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with answering(application, listener):
        for attempt in (
            lambda: sign(plain, first, timestamper_url=address + path),
            lambda: sign(plain, first, timestamper_url=address + path, trust_roots=[first.certificate]),
            lambda: sign_detached(b"list", first, NOW, address + path),
        ):
            with pytest.raises(Unusable) as raised:
                attempt()
            assert (raised.value.code, raised.value.params) == ("seal.timestamp", {"problem": problem})


# --- beside files ------------------------------------------------------------------------------------------------


def test_a_signature_beside_a_file(first: Credential, second: Credential, authorities: Authorities) -> None:
    signed = sign_detached(b"list", first, NOW)
    tries = [
        (b"list", signed, [first.certificate], (Judgement.INTACT, True, "")),
        (b"lisp", signed, [first.certificate], (Judgement.CHANGED, False, Problem.BYTES)),
        (b"list", signed, [second.certificate], (Judgement.INTACT, False, Problem.UNKNOWN)),
        (b"list", sign_detached(b"list", second, NOW), [first.certificate], (Judgement.INTACT, False, Problem.UNKNOWN)),
        (b"list", signed[:-20], [first.certificate], (Judgement.BROKEN, False, Problem.UNREADABLE)),
        (b"list", b"", [first.certificate], (Judgement.NONE, False, "")),
    ]
    for place, (data, blob, roots, verdict) in enumerate(tries):
        assert (place, said(examine_detached(data, blob, roots))) == (place, verdict)
    seen = examine_detached(b"list", signed, [first.certificate])
    assert (seen.subject, seen.claimed_time, seen.level) == ("남궁한결", NOW, "B-B")
    later = examine_detached(b"list", signed, [first.certificate], at=years(14))
    assert said(later) == (Judgement.INTACT, False, Problem.EXPIRED)
    stamped = sign_detached(b"list", first, NOW, authorities.tsa)
    for at in (None, years(14)):
        seen = examine_detached(b"list", stamped, [first.certificate, authorities.root], at=at)
        assert (seen.judgement, seen.trusted, seen.level) == (Judgement.INTACT, True, "B-T")


def test_openssl_reads_what_lies_beside(tmp_path: Path, first: Credential) -> None:
    for name, blob in {
        "list": b"list",
        "lisp": b"lisp",
        "root.pem": first.certificate,
        "list.p7s": sign_detached(b"list", first, NOW),
    }.items():
        (tmp_path / name).write_bytes(blob)
    command = "openssl cms -verify -binary -inform DER -in list.p7s -CAfile root.pem -partial_chain -purpose any"
    codes = [
        subprocess.run([*command.split(), "-content", name], cwd=tmp_path, capture_output=True, check=False).returncode
        for name in ("list", "lisp")
    ]
    assert codes[0] == 0
    assert codes[1] != 0
