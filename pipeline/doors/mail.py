"""Mails (email) and the server that takes them (smtplib): over TLS only, one after another.

A server takes a mail with the line that ends it (RFC 5321, 4.1.1.4): what is interrupted before that line was never
sent. So whoever sends is told right before that line, and has only the moment up to the server's answer to doubt.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from pipeline.doors import interrupts
from pipeline.model.campaign import Security
from pipeline.model.errors import Trouble
from pipeline.model.findings import finding

_SECONDS = 60.0
_ANSWER_SECONDS = 120.0
"""Until the server has looked through a whole mail."""
_PATIENCE_SECONDS, _STEP_SECONDS = 5.0, 0.2
"""For the answer once somebody wants to end the run: with it nobody is left in doubt."""
_GO_ON, _TAKEN, _PERMANENT = 354, 250, 500
_SPOKEN = {"SMTPServerDisconnected": "it broke off"}
_LINE_START = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with a ZIP."""

    sender: str
    """'' in a draft: the mail program knows."""
    sender_name: str
    reply_to: str
    to: tuple[str, ...]
    subject: str
    text: str
    attachment: str
    """Its name."""
    blob: bytes
    message: str
    """Message-ID."""
    at: datetime.datetime
    is_draft: bool = False


def as_mail(one: Letter) -> bytes:
    """The mail as it travels. The same letter gives the same bytes."""
    mail = EmailMessage(policy=SMTP)
    if one.sender:
        mail["From"] = Address(_line(one.sender_name), addr_spec=one.sender)
    if one.reply_to:
        mail["Reply-To"] = one.reply_to
    if one.to:
        mail["To"] = ", ".join(one.to)
    mail["Subject"] = _line(one.subject)
    mail["Date"] = format_datetime(one.at)
    mail["Message-ID"] = one.message
    if one.is_draft:
        # By this, mail programs that know it open the file as a mail to be sent.
        mail["X-Unsent"] = "1"
    mail.set_content(one.text, cte="base64")
    mail.add_attachment(one.blob, maintype="application", subtype="zip", filename=one.attachment)
    # Its default is drawn by lot.
    mail.set_boundary(f"==={re.sub('[^A-Za-z0-9]', '', one.message)[:48]}===")
    return mail.as_bytes()


def _line(text: str) -> str:
    """Text as a header can hold it: a cell may have lines (Alt+Enter)."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and who may use it."""

    host: str
    port: int
    security: Security
    user: str
    password: str


class Refused(Exception):  # noqa: N818 - a value for the one who sends, never seen by people
    """The server did not take a mail; it was not sent."""

    def __init__(self, code: int, text: bytes | str) -> None:
        super().__init__(code, text)
        self.code = code
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        # Servers like to repeat the address.
        self.text = re.sub(r"\S*@\S*", "…", _line(said))[:200]

    @property
    def is_permanent(self) -> bool:
        """Whether trying again would not help."""
        return self.code >= _PERMANENT


class Broken(Exception):  # noqa: N818 - a value for the one who sends, never seen by people
    """The connection broke before the mail was sent."""


class Doubtful(Exception):  # noqa: N818 - a value for the one who sends, never seen by people
    """The connection broke after the mail was sent, before the server said whether it took it."""


class Post:
    """A connection to a mail server. Use it in a `with`.

    Raises:
        Trouble: mail.settings, mail.unreachable, mail.insecure, mail.password.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp = self._connected()

    def renew(self) -> None:
        """Connect anew.

        Raises:
            Trouble: mail.unreachable, mail.insecure, mail.password.
        """
        self._smtp.close()
        self._smtp = self._connected()

    def _connected(self) -> smtplib.SMTP:
        one = self._server
        try:
            # As whoever looks the name up will.
            one.host.encode("idna")
        except UnicodeError as error:
            raise Trouble(finding("mail.settings", key="server")) from error
        # The name of this machine is nobody's business.
        own = "[127.0.0.1]"
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        smtp: smtplib.SMTP | None = None
        try:
            if one.security is Security.TLS:
                smtp = smtplib.SMTP_SSL(one.host, one.port, own, timeout=_SECONDS, context=context)
            else:
                smtp = smtplib.SMTP(one.host, one.port, own, timeout=_SECONDS)
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if one.user:
                smtp.login(one.user, one.password)
        except BaseException as error:
            if smtp:
                smtp.close()
            if trouble := _trouble(error):
                raise trouble from error
            raise
        return smtp

    @property
    def largest(self) -> int:
        """Bytes of a mail that the server says it takes (RFC 1870); 0: it does not say."""
        said = self._smtp.esmtp_features.get("size", "")
        return int(said) if said.isdecimal() else 0

    def offer(self, sender: str, to: Sequence[str], mail: bytes) -> None:
        """Bring a mail to the server, but for the line that makes it take it.

        Args:
            sender: address.
            to: addresses; all of them have to be taken.
            mail: the mail.

        Raises:
            Refused: it was not sent.
            Broken: neither.
        """
        size = [f"size={len(mail)}"] if self._smtp.has_extn("size") else []
        try:
            self._expect(_TAKEN, *self._smtp.mail(sender, size))
            for one in to:
                self._expect(_TAKEN, *self._smtp.rcpt(one))
            self._expect(_GO_ON, *self._smtp.docmd("DATA"))
            self._smtp.send(_LINE_START.sub(b"..", mail))
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            raise Broken(_said(error)) from error

    def conclude(self) -> None:
        """Have the server take the mail that was offered.

        Raises:
            Refused: it did not.
            Doubtful: it did not answer.
        """
        try:
            self._smtp.send(b".\r\n")
            self._wait()
            code, text = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            raise Doubtful(_said(error)) from error
        self._expect(_TAKEN, code, text)

    def _wait(self) -> None:
        """Wait for the server's answer; not for long once somebody wants to end the run.

        Raises:
            TimeoutError: there is none.
        """
        sock, until = self._smtp.sock, time.monotonic() + _ANSWER_SECONDS
        is_ending = False
        # Of what came over TLS a part may have been read already.
        while isinstance(sock, socket.socket) and not (isinstance(sock, ssl.SSLSocket) and sock.pending()):
            if select.select([sock], [], [], _STEP_SECONDS)[0]:
                return
            if interrupts.are_held_back() and not is_ending:
                is_ending, until = True, time.monotonic() + _PATIENCE_SECONDS
            if time.monotonic() > until:
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    def _expect(self, wanted: int, code: int, text: bytes) -> None:
        # 251: it will be forwarded.
        if code not in {wanted, wanted + 1}:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.rset()
            raise Refused(code, text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # In the middle of a mail a farewell would be part of it.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if kind is None:
                self._smtp.quit()
        self._smtp.close()


def _trouble(error: BaseException) -> Trouble | None:
    """What stands in the way of a connection; None: something else than the server."""
    if isinstance(error, smtplib.SMTPAuthenticationError | UnicodeEncodeError):
        return Trouble(finding("mail.password"))
    if isinstance(error, ssl.SSLError):
        return Trouble(
            finding("mail.insecure", problem=getattr(error, "verify_message", "") or str(error.reason or error))
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Trouble(finding("mail.insecure", problem="it does not offer what [mail] asks for"))
    if isinstance(error, OSError | smtplib.SMTPException):
        return Trouble(finding("mail.unreachable", problem=_said(error)))
    return None


def _said(error: Exception) -> str:
    """An error in words, without addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        return Refused(error.smtp_code, error.smtp_error).text
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _SPOKEN.get(type(error).__name__, type(error).__name__)
