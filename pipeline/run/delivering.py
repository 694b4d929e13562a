"""`hyeopyak deliver`: a packet for each council, and how it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipeline.doors import files, logs
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import Delivery
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, errors, finding
from pipeline.model.packets import Errand, Packet, Receiver
from pipeline.run.holding import held
from pipeline.run.locking import locked
from pipeline.run.mailing import Mailman
from pipeline.run.outcome import OUTPUTS, PACKETS, Clock, Options, Outcome, Tell, now
from pipeline.run.packed import archive_of
from pipeline.run.packing import Packing, Say, pack, tidy
from pipeline.run.preparing import prepare
from pipeline.steps.packets import packets as pack_up
from pipeline.steps.read import read_councils
from pipeline.steps.read_campaign import read_campaign

_SAME = ("캠페인", "선거", "용어", "단체", "단체들")
Password = Callable[[], str]


def deliver(
    options: Options, errand: Errand, tells: tuple[Tell, Tell], say: Say, password: Password, clock: Clock = now
) -> Outcome:
    """Make packets, and do with them what was asked for.

    Args:
        options: what was asked for; `only` is a council's name, or part of some.
        errand: what is to be done once they are made.
        tells: told of packets done and due, and of mails.
        say: gettext, in the language of pages and mails.
        password: of the mail server; asked for only if it is needed.
        clock: the time.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    unknown = [name for name in campaign.packets.kinds if name not in campaign.kinds]
    if unknown:
        return Outcome((finding("packet.kind", kind=unknown[0], kinds=", ".join(campaign.kinds)),))
    outputs = options.folder / OUTPUTS
    with (
        held(options.folder, outputs, findings, only_look=options.dry_run),
        Register(outputs, readonly=options.dry_run) as register,
    ):
        with logs.step("papers looked up"):
            chosen, same, found = _chosen(options, campaign, register)
        findings += found
        if options.dry_run:
            return Outcome(tuple(findings), files=_archives(chosen), dry_run=True)
        try:
            locks = locked(options, errand, campaign, [one.receiver.name for one in chosen], register, clock)
            run = Packing(options.folder, campaign, same, say, tells[0], locks, findings)
            if not options.only and not errors(findings):
                tidy(run, {one.name for one in chosen})
            if not chosen:
                return Outcome(tuple(findings))
            with logs.step(f"{len(chosen)} packets made"):
                ready = pack(run, chosen)
            mailman = Mailman(run, register, password, clock, tells[1])
            with logs.step("handed over"):
                _hand_on(mailman, errand, ready)
        except Trouble as trouble:
            # What was found before it is told, too.
            findings.append(trouble.finding)
            return Outcome(tuple(findings))
    return Outcome(tuple(findings), files=_archives(ready))


def _archives(packets: Iterable[Packet]) -> tuple[str, ...]:
    return tuple(f"{OUTPUTS}/{PACKETS}/{archive_of(one.name)}" for one in packets)


def _hand_on(mailman: Mailman, errand: Errand, ready: Sequence[Packet]) -> None:
    if errand.handed_over:
        _record(mailman, ready)
    if errand.drafts:
        mailman.draft(ready)
    if errand.test_to:
        mailman.test(ready, errand.test_to)
    if errand.send:
        mailman.send(ready, errand.again)


def _record(mailman: Mailman, packets: Sequence[Packet]) -> None:
    """Record that councils have their papers; where a mail is in doubt, those that it carried."""
    known, findings = mailman.received(), mailman.run.findings
    arrived = {one.receiver.name: known.arrived(one) for one in packets}
    stamp = mailman.clock().isoformat(timespec="seconds")
    mailman.register.record_deliveries(
        [
            Delivery(number, revision, council, "packet", stamp)
            for council, papers in arrived.items()
            for number, revision in sorted(papers)
        ]
    )
    findings.append(finding("packet.handed", count=sum(map(bool, arrived.values()))))
    if older := sum(not known.lacks(one) <= arrived[one.receiver.name] for one in packets):
        findings.append(finding("mail.settled", count=older))


def _chosen(
    options: Options, campaign: Campaign, register: Register
) -> tuple[list[Packet], dict[str, object], list[Finding]]:
    """The packets to be made, what all documents see, and what is wrong."""
    prepared = prepare(options.folder, campaign, list(campaign.kinds), only_due=True)
    findings = [one for one in prepared.findings if one.code.startswith("plan.") or errors([one])]
    if prepared.digests and not options.dry_run:
        prepared.digests.save()
    if errors(findings) and not options.keep_going:
        return [], {}, findings
    jobs = prepared.plan.jobs
    receivers = _receivers(options.folder, campaign)
    found, told = pack_up(jobs, register.issued(), register.issued_at(), receivers, campaign, files.file_name)
    others = _others(options.only, {*receivers, *(one.receiver.name for one in found), *map(_council, told)})
    found = [one for one in found if one.receiver.name not in others]
    told = [one for one in told if _council(one) not in others]
    stale = {one.params["council"] for one in told if one.code == "packet.stale"}
    if not options.keep_going:
        found = [one for one in found if one.receiver.name not in stale]
    if options.only and not found and not stale:
        told.append(finding("only.nothing", pattern=options.only))
    elif not found and not stale:
        told.append(finding("packet.nothing"))
    same = {name: jobs[0].context[name] for name in _SAME} if jobs else {}
    return found, same, [*findings, *told]


def _council(one: Finding) -> str:
    return str(one.params.get("council", ""))


def _others(only: str, councils: Iterable[str]) -> frozenset[str]:
    """Councils that are not meant: where the text is the name of one, all but this one."""
    names = frozenset(councils) - {""}
    wanted = only.casefold()
    meant = {only} if only in names else {one for one in names if wanted in one.casefold()}
    return names - meant


def _receivers(folder: Path, campaign: Campaign) -> dict[str, Receiver]:
    return {
        one.name: Receiver(one.name, one.title, one.representative, one.email, one.at.cell("email"))
        for one in read_councils(folder, campaign)
    }
