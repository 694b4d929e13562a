"""Mails to councils: as drafts, or sent one after another; what a council has is never sent to it again."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from pipeline.doors import files
from pipeline.doors.interrupts import undisturbed
from pipeline.doors.mail import Broken, Doubtful, Letter, Post, Refused, Server, as_mail
from pipeline.doors.register import Register
from pipeline.korean.dates import date_dotted_weekday
from pipeline.model.deliveries import Doubt, Mailing, MailState
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.model.packets import Packet
from pipeline.run.outcome import OUTPUTS, PACKETS, Clock, Tell
from pipeline.run.packed import DRAFTS, archive_of, draft_of, known, remember, withdraw
from pipeline.run.packing import Packing
from pipeline.steps.packets import addresses
from pipeline.steps.received import Received

_MEGABYTE = 1_000_000
_PATIENCE = 3
"""Mails in a row that a server may postpone before we leave it alone."""
_HOUR = datetime.timedelta(hours=1)
_SETTINGS = Cell("inputs/campaign.toml")


@dataclass(slots=True)
class Mailman:
    """Who writes mails, sends them and remembers it."""

    run: Packing
    register: Register
    password: Callable[[], str]
    clock: Clock
    tell: Tell
    """Of mails."""
    _sent: list[datetime.datetime] = field(default_factory=list)
    """When mails were sent, this hour."""

    def received(self) -> Received:
        """What councils have."""
        return Received(self.register.deliveries(), self.register.mailings())

    def draft(self, packets: Sequence[Packet]) -> None:
        """Write a draft for each packet; those that are there already are left alone.

        Raises:
            Trouble: mail.settings; output.unwritable, output.full.
        """
        place = self.run.place
        before = known(place)
        now, count = dict(before), 0
        try:
            for one in packets:
                letter = self._letter(one, self._to(one), self._message(one), _time(one.made_at), is_draft=True)
                blob, path = as_mail(letter), draft_of(one.name)
                digest = "" if self._is_too_large(one, blob) else hashlib.sha256(blob).hexdigest()
                if not digest:
                    withdraw(place, {path: before[one.name].draft})
                elif files.digest(place / path) != digest:
                    files.publish(place, [(path, blob)])
                count += bool(digest)
                now[one.name] = dataclasses.replace(before[one.name], draft=digest)
        finally:
            if now != before:
                remember(place, now)
        self.run.findings.append(finding("mail.drafts", count=count, path=f"{OUTPUTS}/{PACKETS}/{DRAFTS}"))

    def test(self, packets: Sequence[Packet], address: str) -> None:
        """Send all packets to one address; nothing is recorded.

        Raises:
            Trouble: mail.test_address, mail.settings, or of the server.
        """
        to = addresses(address)
        if len(to) != 1:
            raise Trouble(finding("mail.test_address"))
        self._send([(one, to) for one in packets], "mail.tested")

    def send(self, packets: Sequence[Packet], again: Sequence[str]) -> None:
        """Send each council its packet, unless it has it or may have it.

        Args:
            packets: those that are ready.
            again: councils that get theirs all the same.

        Raises:
            Trouble: mail.settings, or of the server.
        """
        names = {one.receiver.name for one in packets}
        self.run.findings += [finding("mail.unknown", council=one) for one in again if one not in names]
        received = self.received()
        due: list[Packet] = []
        same = 0
        for one in packets:
            if one.receiver.name in again:
                due.append(one)
            elif not received.lacks(one):
                same += 1
            elif doubt := received.doubt(one):
                self._tell_doubt(one, doubt)
            else:
                due.append(one)
        if same:
            self.run.findings.append(finding("mail.already", count=same))
        mails = [(one, to) for one in due if (to := self._to(one))]
        self._send(mails, "mail.sent")

    def _send(self, mails: Sequence[tuple[Packet, tuple[str, ...]]], told: str) -> None:
        """Send mails, one connection for all, and tell how many were accepted; those to oneself are not recorded."""
        if not mails:
            self.run.findings.append(finding(told, count=0))
            return
        hour_ago, due = self.clock() - _HOUR, len(mails)
        times = (_time(one.at) for one in self.register.mailings() if one.state is MailState.SENDING)
        self._sent = [at for at in times if at > hour_ago]
        count = postponed = 0
        try:
            with self._post() as post:
                for done, (packet, to) in enumerate(mails):
                    self.tell(done, due)
                    if self._is_over_limit(due - done):
                        break
                    if postponed == _PATIENCE:
                        self.run.findings.append(finding("mail.stopped", count=due - done))
                        break
                    ended = self._sent_to(post, packet, to, recorded=told == "mail.sent")
                    count += ended is _End.ACCEPTED
                    postponed = postponed + 1 if ended is _End.POSTPONED else 0
        except Trouble:
            if count:
                self.run.findings.append(finding(told, count=count))
            raise
        self.tell(due, due)
        self.run.findings.append(finding(told, count=count))

    def _sent_to(self, post: Post, packet: Packet, to: tuple[str, ...], *, recorded: bool) -> _End:
        """Send one mail; what was not sent because the connection had grown old is sent on a new one."""
        at, council = self.clock(), packet.receiver.name
        message = self._message(packet, "" if recorded else at.isoformat())
        mail = as_mail(self._letter(packet, to, message, at))
        if self._is_too_large(packet, mail, post.largest):
            return _End.REFUSED
        for is_last in (False, True):
            try:
                post.offer(self._address("sender"), to, mail)
                self._sent.append(at)
                # From here to the record of the answer Ctrl-C has to wait.
                with undisturbed():
                    self._record(packet, message, MailState.SENDING, recorded=recorded)
                    self._concluded(post, packet, message, recorded=recorded)
            except Broken as broken:
                if is_last:
                    raise Trouble(finding("mail.unreachable", problem=str(broken))) from broken
                post.renew()
            except Refused as refused:
                code = "mail.refused" if refused.is_permanent else "mail.postponed"
                problem = f"{refused.code} {refused.text}"
                self.run.findings.append(finding(code, packet.receiver.cell, council=council, problem=problem))
                return _End.REFUSED if refused.is_permanent else _End.POSTPONED
            except Doubtful:
                self._tell_doubt(packet, Doubt.MAIL)
                post.renew()
                return _End.DOUBTFUL
            else:
                return _End.ACCEPTED
        raise AssertionError

    def _concluded(self, post: Post, packet: Packet, message: str, *, recorded: bool) -> None:
        try:
            post.conclude()
        except Refused:
            self._record(packet, message, MailState.REFUSED, recorded=recorded)
            raise
        self._record(packet, message, MailState.ACCEPTED, recorded=recorded)

    def _tell_doubt(self, packet: Packet, doubt: Doubt) -> None:
        to = packet.receiver
        self.run.findings.append(finding("mail.unsure", to.cell, council=to.name, problem=doubt.value))

    def _record(self, packet: Packet, message: str, state: MailState, *, recorded: bool) -> None:
        if recorded:
            stamp = self.clock().isoformat(timespec="seconds")
            self.register.record_mailing(Mailing(packet.receiver.name, state, message, packet.revisions, stamp))

    def _post(self) -> Post:
        """A connection to the server that the settings name.

        Raises:
            Trouble: mail.settings, or of the server.
        """
        mail = self.run.campaign.mail
        self._address("reply_to")
        if not self._address("sender"):
            raise Trouble(finding("mail.settings", _SETTINGS, key="sender"))
        if not mail.server:
            raise Trouble(finding("mail.settings", _SETTINGS, key="server"))
        password = self.password() if mail.user else ""
        return Post(Server(mail.server, mail.port or mail.security.port, mail.security, mail.user, password))

    def _address(self, key: str) -> str:
        """An address of the settings, alone; '' where there is none.

        Raises:
            Trouble: mail.settings.
        """
        value = getattr(self.run.campaign.mail, key).strip()
        found = addresses(value)
        if value and len(found) != 1:
            raise Trouble(finding("mail.settings", _SETTINGS, key=key))
        return "".join(found)

    def _to(self, packet: Packet) -> tuple[str, ...]:
        found = addresses(packet.receiver.email)
        if not found:
            told = finding("mail.address", packet.receiver.cell, council=packet.receiver.name)
            self.run.findings.append(told)
        return found

    def _is_over_limit(self, remaining: int) -> bool:
        limit, now = self.run.campaign.mail.per_hour, self.clock()
        self._sent = [at for at in self._sent if at > now - _HOUR]
        if len(self._sent) < limit:
            return False
        free = (self._sent[-limit] + _HOUR).astimezone()
        self.run.findings.append(finding("mail.limit", count=remaining, limit=limit, time=f"{free:%H:%M}"))
        return True

    def _is_too_large(self, packet: Packet, mail: bytes, server: int = 0) -> bool:
        limit = min(self.run.campaign.mail.most_megabytes * _MEGABYTE, server or len(mail))
        if len(mail) <= limit:
            return False
        council = packet.receiver.name
        size = -(-len(mail) // _MEGABYTE)
        told = finding("mail.large", packet.receiver.cell, council=council, size=size, limit=limit // _MEGABYTE)
        self.run.findings.append(told)
        return True

    def _message(self, packet: Packet, salt: str = "") -> str:
        """Message-ID: the same papers for the same council have the same, so that a second copy can be known as one."""
        campaign = self.run.campaign
        said = hashlib.sha256(f"{campaign.campaign.id}\n{packet.digest}\n{salt}".encode()).hexdigest()[:32]
        domain = self._address("sender").rpartition("@")[2] or "hyeopyak.invalid"
        return f"<{said}@{domain}>"

    def _letter(
        self, packet: Packet, to: tuple[str, ...], message: str, at: datetime.datetime, *, is_draft: bool = False
    ) -> Letter:
        run, campaign, say = self.run, self.run.campaign, self.run.say
        archive = archive_of(packet.name)
        path = run.place / archive
        blob = files.read(path, f"{OUTPUTS}/{PACKETS}/{archive}", "file.unreadable")
        organisation = campaign.organisations[0].name
        subject = say("[{campaign}] {count} papers for {council}").format(
            campaign=campaign.campaign.name, count=len(packet.papers), council=packet.receiver.name
        )
        return Letter(
            self._address("sender"),
            organisation,
            self._address("reply_to"),
            to,
            subject,
            "\n".join(self._text(packet, organisation)) + "\n",
            archive,
            blob,
            message,
            at,
            is_draft,
        )

    def _text(self, packet: Packet, organisation: str) -> Iterator[str]:
        run, settings = self.run, self.run.campaign.packets
        say, signed = run.say, sum(one.is_signed for one in packet.papers)
        yield say("To: {council}").format(council=packet.receiver.name)
        yield ""
        yield say("Thank you for your work on the policy agreements.")
        yield say("Attached are {count} papers, of which {signed} are to be signed.").format(
            count=len(packet.papers), signed=signed
        )
        yield say("Unpack the ZIP and begin with the cover letter: it says how to print, sign and scan.")
        if packet.receiver.name in run.locked:
            yield say("The ZIP is encrypted (AES-256); we tell you its passphrase separately.")
        if settings.deadline:
            until = date_dotted_weekday(settings.deadline)
            yield say("Please send them back by {date}.").format(date=until)
        if settings.answer_to:
            yield say("Where to: {address}").format(address=settings.answer_to)
        yield ""
        yield organisation


class _End(Enum):
    """What became of a mail."""

    ACCEPTED = auto()
    REFUSED = auto()
    POSTPONED = auto()
    DOUBTFUL = auto()


def _is_host(name: str) -> bool:
    """Whether a name can be looked up at all (RFC 3490)."""
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False


def _time(stamp: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(stamp)
