"""Where everything stands, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.korean.dates import moment_day
from pipeline.model.collected import Stage
from pipeline.model.status import Counts, Shelf, Standing, Status
from pipeline.model.volumes import Edition
from pipeline.show import changes
from pipeline.show.columns import table
from pipeline.show.language import say

_MOST = 10
"""Due documents that are listed unless somebody wants to see all."""


def lines(status: Status, *, whole: bool) -> Iterator[str]:
    """One screen; each document too where the `whole` is wanted."""
    if not status.standings:
        yield say("There are no documents yet.")
        return
    head = (
        say("documents"), say("issued"), say("due"), say("delivered"), say("to be signed"), say("returned"),
        say("complete"), say("outstanding"), say("to review"), say("sealed"),
    )  # fmt: skip
    by_kind = [(_title(kind, status), counts) for kind, counts in status.kinds()]
    by_province = [(name or say("nation"), counts) for name, counts in status.provinces()]
    for title, groups in ((say("Document"), by_kind), (say("Region"), by_province)):
        rows = [(title, *head), *(_row(name, counts) for name, counts in groups)]
        if len(groups) > 1:
            rows.append(_row(say("in all"), Counts.of(status.standings)))
        yield from table(rows)
        yield ""
    for shelf in status.shelves:
        yield _shelf(shelf)
    if status.cases:
        yield say("Open questions in outputs/review: {count}").format(count=status.cases)
    yield from _each(status.standings) if whole else _due(status.standings)


def _title(kind: str, status: Status) -> str:
    """What people call a kind; its name, too, where several are called the same."""
    title = status.titles[kind]
    return f"{title} ({kind})" if list(status.titles.values()).count(title) > 1 else title


def _row(name: str, counts: Counts) -> tuple[str, ...]:
    return name, *(str(count or "·") for count in asdict(counts).values())


def _shelf(one: Shelf) -> str:
    text = say("Volume {area} ({edition}): {pages} pages, {open} papers incomplete, approved by {count} of {wanted}")
    return text.format(
        area=one.area,
        edition=say("public edition") if one.edition is Edition.PUBLIC else say("internal edition"),
        pages=one.pages,
        open=one.open,
        count=len(one.approved),
        wanted=one.wanted,
    )


def _due(standings: Sequence[Standing]) -> Iterator[str]:
    due = [one for one in standings if one.is_due]
    if due:
        yield say("Next: hyeopyak make ({count} documents)").format(count=len(due))
    for one in due[:_MOST]:
        yield from _standing(one)
    if len(due) > _MOST:
        yield "  " + say("and {count} more").format(count=len(due) - _MOST)


def _each(standings: Sequence[Standing]) -> Iterator[str]:
    for one in standings:
        yield from _standing(one)


def _standing(one: Standing) -> Iterator[str]:
    yield f"  {one.number}  {', '.join(words(one))}  ({one.place}, {one.subject})"
    yield from changes.lines(one.changes)


def words(one: Standing) -> Iterator[str]:
    """What is to be said of a document, the most pressing first."""
    if one.reason:
        yield say(one.reason.value)
    elif one.is_removed:
        yield say("no row makes it any more")
    if one.revision > 1:
        yield say("revision {number}").format(number=one.revision)
    if one.delivered:
        yield say("delivered {day}").format(day=moment_day(one.delivered))
    if one.stage and (one.is_issued or one.stage is not Stage.NOTHING):
        yield say(one.stage.value)
    if one.is_sealed:
        yield say("sealed")


def as_json(status: Status) -> dict[str, Any]:
    """The same, whole."""
    return {
        "in_all": asdict(Counts.of(status.standings)),
        "kinds": {name: asdict(counts) for name, counts in status.kinds()},
        "provinces": {name: asdict(counts) for name, counts in status.provinces()},
        "volumes": [{**asdict(one), "edition": one.edition.value} for one in status.shelves],
        "cases": status.cases,
        "standings": [_standing_as_json(one) for one in status.standings],
    }


def _standing_as_json(one: Standing) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "region": one.region,
        "province": one.province,
        "place": one.place,
        "revision": one.revision,
        "reason": one.reason.value if one.reason else "",
        "changes": changes.as_json(one.changes),
        "issued": one.is_issued,
        "delivered": one.delivered,
        "stage": one.stage.value if one.stage else "",
        "sealed": one.is_sealed,
    }
