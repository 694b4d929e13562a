"""`hyeopyak status`: where everything stands. It reads, plans and looks; nothing is written."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.doors import files, logs
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.findings import Finding, errors
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.run.preparing import prepare
from pipeline.run.reading import READER
from pipeline.steps.collect import collect as sort_returned
from pipeline.steps.missing import missing
from pipeline.steps.read_campaign import read_campaign
from pipeline.steps.status import Records, status

_WATCHED = ("inputs/**/*", "templates/*.docx", f"{OUTPUTS}/register.sqlite*")


@dataclass(frozen=True, slots=True)
class Look:
    """A campaign looked at."""

    outcome: Outcome
    """As `stand` leaves it: its findings are those that stand in the way."""
    records: Records
    findings: Sequence[Finding]
    """All that there are."""
    name: str
    """Of the campaign."""


def moments(folder: Path, seconds: float) -> Iterator[None]:
    """At once, and then whenever tables, settings, templates, what came back or the register have changed.

    Args:
        folder: the campaign's.
        seconds: between looks.
    """
    before: object = None
    while True:
        now = files.stamps(folder, _WATCHED)
        if now != before:
            yield
        before = now
        time.sleep(seconds)


def stand(options: Options) -> Outcome:
    """Every document of the campaign, or those that `only` asks for."""
    return look(options).outcome


def look(options: Options) -> Look:
    """As `stand`, with what it was learned from."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Look(Outcome(tuple(findings)), Records(), findings, "")
    prepared = prepare(options.folder, campaign, list(campaign.kinds), only_due=True)
    told = [*findings, *(one for one in prepared.findings if one.code != "template.unused")]
    findings += (one for one in prepared.findings if one.code.startswith("plan.") or errors([one]))
    with logs.step("looked up"), Register(options.folder / OUTPUTS, readonly=True) as register:
        records = _records(register, campaign)
    titles = {name: campaign.kinds[name].title for name in prepared.sources}
    approvers = len(campaign.signoff.people) or 1
    # A row that cannot be read is not a row that was taken away.
    is_whole = not errors(prepared.findings)
    found = status(prepared.plan.jobs, titles, records, approvers, is_whole=is_whole)
    own = (one for one in found.standings if options.wants(one.number, one.subject, one.place))
    found = replace(found, standings=tuple(own))
    outcome = Outcome(tuple(findings), prepared.plan.jobs, status=found)
    return Look(outcome, records, told, campaign.campaign.name)


def _records(register: Register, campaign: Campaign) -> Records:
    about = register.about()
    pages, returned = register.issued_pages(), register.returned(READER).values()
    collection, _ = sort_returned(returned, pages, campaign.campaign.id, register.decisions(), register.latest())
    return Records(
        register.issued(),
        about,
        register.deliveries(),
        missing(collection, pages, about),
        register.volumes(),
        register.signoffs(),
        len(collection.cases),
    )
