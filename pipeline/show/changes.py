"""What has changed of a paper, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.korean.dates import moment_day
from pipeline.model.changes import Difference, Thing
from pipeline.model.deliveries import Affected
from pipeline.show.language import say

_MOST, _LONGEST = 5, 40
_THINGS = {one.value for one in Thing}


def lines(changes: Sequence[Difference]) -> Iterator[str]:
    """A line for each of the first differences, and how many more there are."""
    for one in changes[:_MOST]:
        name = say(one.what) if one.what in _THINGS else one.what
        # A file that is gone has no two values.
        pair = f": {_quoted(one.before)} → {_quoted(one.after)}" if one.before or one.after else ""
        yield f"    {name}{pair}"
    if len(changes) > _MOST:
        yield "    " + say("and {count} more").format(count=len(changes) - _MOST)


def _quoted(text: str) -> str:
    if not text:
        return say("nothing")
    flat = " ".join(text.split())
    return f"‘{flat if len(flat) <= _LONGEST else f'{flat[:_LONGEST]}…'}’"


def as_json(changes: Sequence[Difference]) -> list[dict[str, str]]:
    """Every difference."""
    return [{"what": one.what, "before": one.before, "after": one.after} for one in changes]


def affected(several: Sequence[Affected]) -> Iterator[str]:
    """Papers that somebody has, and whose text has changed since."""
    for one in several:
        yield (
            say("{number} {title} · {area} {who}: revision {revision} → {latest}")
            .format(
                number=one.number, title=one.title, area=one.area, who=one.who, revision=one.revision, latest=one.latest
            )
            .replace("  ", " ")
        )
        for delivery in one.received:
            yield "    " + say("received: {receiver}, {day}").format(
                receiver=delivery.receiver, day=moment_day(delivery.at)
            )
        if one.signed:
            yield "    " + say("signed: {names}").format(names=", ".join(one.signed))
        elif one.came_back:
            yield "    " + say("came back without a signature that could be read")
        if one.again:
            yield "    " + say("the new revision has been handed over")
        if one.words:
            yield "    " + say("changed: {words}").format(words=one.words)


def affected_as_json(several: Sequence[Affected]) -> list[dict[str, object]]:
    """The same, whole."""
    return [
        {
            "number": one.number,
            "title": one.title,
            "who": one.who,
            "area": one.area,
            "council": one.council,
            "revision": one.revision,
            "latest": one.latest,
            "received": [{"receiver": by.receiver, "way": by.way, "at": by.at} for by in one.received],
            "came_back": one.came_back,
            "signed": list(one.signed),
            "again": one.again,
            "words": one.words,
        }
        for one in several
    ]
