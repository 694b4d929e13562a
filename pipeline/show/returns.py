"""What came back, for a terminal and as JSON: pages by state, papers by stage, cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipeline.model.collected import Collection, Paper, Stage, in_words
from pipeline.model.scans import State
from pipeline.run import Outcome
from pipeline.show.language import say


def lines(outcome: Outcome) -> Iterator[str]:
    """One screen."""
    collection = outcome.collection
    if collection is None:
        return
    states = Counter(one.state for one in collection.sheets)
    yield say("Pages that came back: {count}").format(count=states.total())
    yield from (f"  {say(in_words(state))}: {states[state]}" for state in State if states[state])
    stages = Counter(one.stage for one in outcome.papers)
    yield say("Papers expected or returned: {count}").format(count=stages.total())
    yield from (f"  {say(stage.value)}: {stages[stage]}" for stage in Stage if stages[stage])
    yield say("Open cases: {count}").format(count=len(collection.cases))


def as_json(collection: Collection, papers: tuple[Paper, ...]) -> dict[str, Any]:
    """Parts of the object that `--json` prints."""
    states = Counter(one.state.value for one in collection.sheets)
    return {
        "counts": {
            "pages": len(collection.sheets),
            **{state.value.replace(" ", "_"): states[state.value] for state in State},
            "cases": len(collection.cases),
        },
        "documents": [_document(one) for one in papers],
    }


def _document(one: Paper) -> dict[str, Any]:
    return {
        "number": one.about.number,
        "kind": one.about.kind,
        "state": one.stage.value,
        "pages": one.pages,
        "missing_pages": list(one.missing_pages),
        "missing_signatures": [
            {"page": box.page, "side": box.side, "name": box.name} for box in one.missing_signatures
        ],
        "cases": one.open_cases,
    }
