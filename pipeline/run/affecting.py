"""`hyeopyak affected`: who has a paper whose text has changed since, so that they can be asked again."""

from __future__ import annotations

from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import Revision
from pipeline.model.findings import finding
from pipeline.model.scans import Verdict
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.run.reading import READER
from pipeline.steps.affected import affected
from pipeline.steps.collect import collect as sort_returned
from pipeline.steps.read_campaign import read_campaign


def who_is_affected(options: Options) -> Outcome:
    """List them; nothing is written."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    with Register(options.folder / OUTPUTS, readonly=True) as register:
        found = tuple(
            one
            for one in affected(
                register.revisions(),
                register.issued_pages(),
                register.deliveries(),
                register.came_back(),
                _signed(register, campaign),
                register.about(),
            )
            if options.wants(one.number, one.who, one.area, one.council)
        )
    if not found:
        findings.append(finding("affected.nobody"))
    return Outcome(tuple(findings), affected=found)


def _signed(register: Register, campaign: Campaign) -> dict[Revision, list[str]]:
    """Names at signed boxes of every revision: what came back, held against the papers of that revision alone."""
    pages, returned, decisions = register.issued_pages(), register.returned(READER).values(), register.decisions()
    signed: dict[Revision, list[str]] = {}
    for revision in sorted({page.revision for page in pages}):
        own = [page for page in pages if page.revision == revision]
        collection, _ = sort_returned(returned, own, campaign.campaign.id, decisions)
        for number, boxes in collection.signed.items():
            names = [one.name or one.side for one in boxes if one.verdict is Verdict.SIGNED]
            if names:
                signed[number, revision] = names
    return signed
