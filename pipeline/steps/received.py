"""What councils have received, as far as anybody knows.

Enters: what the register knows of deliveries and mails. Leaves: what a packet brings a council, and whether that is
sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipeline.model.deliveries import UNKNOWN, Delivery, Doubt, Mailing, MailState, Revision
from pipeline.model.packets import Packet


class Received:
    """What councils have, and what they may have.

    Args:
        deliveries: all, oldest first.
        mailings: all steps of all mails, oldest first.
    """

    def __init__(self, deliveries: Iterable[Delivery], mailings: Iterable[Mailing]) -> None:
        self._has: dict[str, set[Revision]] = defaultdict(set)
        for one in deliveries:
            self._has[one.receiver].add((one.number, one.revision))
        self._open: dict[str, dict[str, Mailing]] = defaultdict(dict)
        """Mails that may have arrived, by council and Message-ID, oldest first."""
        for mail in mailings:
            own = self._open[mail.receiver]
            # A mail that is sent again is the one that counts.
            own.pop(mail.message, None)
            if mail.state is MailState.SENDING:
                own[mail.message] = mail
            elif mail.state is MailState.ACCEPTED:
                # What was sent before is no matter any more.
                own.clear()

    def lacks(self, packet: Packet) -> frozenset[Revision]:
        """What in a packet its council does not have for sure."""
        return frozenset(packet.revisions) - self._has[packet.receiver.name]

    def doubt(self, packet: Packet) -> Doubt | None:
        """Why a packet might be a second copy. One that holds a paper that cannot have been sent before is none."""
        lacks = self.lacks(packet)
        mailed = {paper for one in self._in_doubt(packet) for paper in one.papers}
        if lacks and lacks <= mailed:
            return Doubt.MAIL
        return Doubt.REGISTER if lacks & self._has[UNKNOWN] else None

    def arrived(self, packet: Packet) -> frozenset[Revision]:
        """What its council has received when somebody says that it has its papers.

        While a mail is in doubt, that is what this mail carried: papers may have been revised since.
        """
        mails = self._in_doubt(packet)
        return frozenset(mails[-1].papers) - self._has[packet.receiver.name] if mails else self.lacks(packet)

    def _in_doubt(self, packet: Packet) -> list[Mailing]:
        """Mails that may have arrived, but those before one of which somebody has said so."""
        found: list[Mailing] = []
        for one in self._open[packet.receiver.name].values():
            found = [] if self._has[packet.receiver.name].issuperset(one.papers) else [*found, one]
        return found
