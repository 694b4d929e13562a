"""The demo on one screen: what was done, by which command, what came of it, where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.model.collected import in_words
from pipeline.model.scans import State
from pipeline.model.status import Counts
from pipeline.run import Outcome, Played, Scene
from pipeline.show.language import say


def heading(place: int, scene: Scene) -> str:
    """A scene that begins, with its number."""
    command = f" (hyeopyak {scene.command})" if scene.command else ""
    return f"{place:2} {say(scene.what)}{command}"


def lines(played: Played) -> Iterator[str]:
    """What came of it."""
    name = played.scene.command.partition(" ")[0]
    told = list(_TOLD.get(name, _nothing)(played.outcome))
    if played.seconds >= 1:
        took = say("({seconds:.0f} s)").format(seconds=played.seconds)
        told[:1] = [" ".join([*told[:1], took])]
    yield from (f"   {line}" for line in told)
    yield from (f"   → {path}" for path in played.look)


def _nothing(_: Outcome) -> Iterator[str]:
    yield from ()


def _checked(outcome: Outcome) -> Iterator[str]:
    yield say("{count} documents can be made.").format(count=len(outcome.jobs))


def _made(outcome: Outcome) -> Iterator[str]:
    text = say("{word} Word files and {pdf} PDFs ({pages} pages)")
    made = outcome.made.values()
    pdfs, pages = sum(bool(one.pdf_sha256) for one in made), sum(one.pages for one in made)
    yield text.format(word=len(made), pdf=pdfs, pages=pages)


def _packed(outcome: Outcome) -> Iterator[str]:
    yield say("{count} packets").format(count=len(outcome.files))


def _collected(outcome: Outcome) -> Iterator[str]:
    collection = outcome.collection
    if collection:
        states = Counter(one.state for one in collection.sheets)
        yield ", ".join(f"{say(in_words(state))} {states[state]}" for state in State if states[state])
        stages = Counter(one.stage for one in outcome.papers)
        yield ", ".join(f"{say(stage.value)} {count}" for stage, count in stages.items())
        yield say("Open cases: {count}").format(count=len(collection.cases))


def _verified(outcome: Outcome) -> Iterator[str]:
    strengths = Counter(one.strength for one in outcome.proofs)
    yield ", ".join(f"{say(strength.value)}: {count}" for strength, count in strengths.items())


def _standing(outcome: Outcome) -> Iterator[str]:
    if outcome.status:
        counts = Counts.of(outcome.status.standings)
        shown = {
            say("documents"): counts.documents,
            say("issued"): counts.issued,
            say("delivered"): counts.delivered,
            say("returned"): counts.returned,
            say("complete"): counts.signed,
            say("sealed"): counts.sealed,
        }
        yield ", ".join(f"{name} {count}" for name, count in shown.items())


_TOLD: dict[str, Callable[[Outcome], Iterator[str]]] = {
    "check": _checked,
    "make": _made,
    "deliver": _packed,
    "collect": _collected,
    "verify": _verified,
    "status": _standing,
}
