"""A real mail server on loopback: STARTTLS or TLS with a throw-away certificate, a password, and whims."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office@example.org", "pa55 word"


def certificate(folder: Path) -> Path:
    """A file with a certificate for localhost that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)
    return path


@dataclass
class Post:
    """What the server does, and what it got."""

    port: int = 0
    mails: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    """Receivers and contents, as they were accepted."""
    refuse: dict[str, str] = field(default_factory=dict)
    """Answer by receiver."""
    say: str = ""
    """Answer to each mail, in place of 250."""
    drop: bool = False
    """Keep the mail, and break the connection off without an answer."""
    hold_after: int = -1
    """So many mails: the one that comes then is kept, and its sender waits for the answer."""
    holding: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    logins: int = 0

    @property
    def receivers(self) -> list[str]:
        return [one for receivers, _ in self.mails for one in receivers]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.say:
            return self.say
        self.mails.append((tuple(envelope.rcpt_tos), envelope.content))
        if len(self.mails) == self.hold_after + 1 and not self.released.is_set():
            self.holding.set()
            await asyncio.to_thread(self.released.wait, 60)
            self.holding.clear()
        if self.drop:
            server.transport.abort()
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        is_known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


@contextmanager
def server(
    pem: Path, post: Post, *, tls: bool = False, plain: bool = False, largest: int = 33_554_432
) -> Iterator[Post]:
    """Run a server.

    Args:
        pem: certificate and key.
        post: what it does.
        tls: from the first byte on; else STARTTLS.
        plain: neither.
        largest: bytes of a mail.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        return SMTP(
            post,
            hostname="localhost",
            loop=loop,
            tls_context=None if tls or plain else context,
            require_starttls=not (tls or plain),
            auth_required=True,
            auth_require_tls=not (tls or plain),
            authenticator=post.authenticate,
            data_size_limit=largest,
        )

    made = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls else None))
    post.port = made.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield post
    finally:
        post.released.set()
        asyncio.run_coroutine_threadsafe(_ended(made), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _ended(made: asyncio.Server) -> None:
    made.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    # Connections say farewell in their own time.
    await asyncio.sleep(0.05)
