"""Which packets are encrypted: as this run says, else as was chosen before; what was locked is not opened silently."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.packets import Errand
from pipeline.run.outcome import OUTPUTS, Clock, Options
from pipeline.run.passphrases import known

_ALL = ""
"""Of a choice: councils that come later, too."""


def locked(
    options: Options, errand: Errand, campaign: Campaign, councils: Collection[str], register: Register, clock: Clock
) -> frozenset[str]:
    """Councils whose packets are encrypted.

    What a run was asked for stays in the register, where no cleaning reaches it: for all councils, or for those that
    `only` named.

    Args:
        options: what was asked for.
        errand: likewise.
        campaign: its settings.
        councils: that get packets.
        register: keeps what was chosen.
        clock: the time.

    Raises:
        Trouble: packet.passphrases, file.unreadable; register.damaged (a full disk too).
    """
    chosen, asked = register.locks(), errand.encrypt
    if asked is not None:
        if options.only:
            fresh = [one for one in councils if chosen.get(one, chosen.get(_ALL)) is not asked]
        else:
            fresh = [] if chosen == {_ALL: asked} else [_ALL]
        register.record_locks(clock().isoformat(timespec="seconds"), fresh, are_locked=asked)
        return frozenset(councils) if asked else frozenset()
    if campaign.packets.encrypt:
        return frozenset(councils)
    # Where nobody has chosen, settings did, or the register was rebuilt: who has a passphrase goes on needing it.
    have = known(options.folder / OUTPUTS)
    return frozenset(one for one in councils if chosen.get(one, chosen.get(_ALL, one in have)))
