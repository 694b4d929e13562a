"""Every word of state on the board: how it looks, how many documents it holds, and a sentence that says what it means.

The sentences stand where the words are used: below each state, and in a list below the numbers. They are part of the
page for a screen reader and on paper, too, where nobody can hover over anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape

from pipeline.model.board import Board, Wording
from pipeline.model.status import Reached
from pipeline.model.volumes import Edition

LOOKS = {
    Reached.REVIEW: "review", Reached.NEW: "new", Reached.ISSUED: "issued", Reached.DELIVERED: "delivered",
    Reached.PART: "part", Reached.SIGNED: "signed", Reached.SEALED: "sealed", Reached.UNSIGNED: "unsigned",
}  # fmt: skip
NUMBERS = ("documents", "issued", "delivered", "returned", "signed", "missing", "review", "sealed", "due")
"""Of `Counts`, as they are shown."""
_INSIDE = frozenset({"due"})
"""Of them, what is nobody's business outside."""
Say = Callable[[str], str]


def numbers(board: Board, wording: Wording) -> Iterator[str]:
    """A button for each number: it shows the documents that were counted."""
    for name, (word, _) in _counted(board, wording.say).items():
        mark = "" if name == "documents" else name
        yield (
            f'<li><button type="button" data-mark="{mark}" aria-pressed="false">'
            f"<strong>{getattr(board.counts, name):,}</strong>{escape(word)}</button></li>"
        )


def meanings(board: Board, wording: Wording) -> Iterator[str]:
    """A term and its sentence for each number."""
    for word, meaning in _counted(board, wording.say).values():
        yield f"<div><dt>{escape(word)}</dt><dd>{escape(meaning)}</dd></div>"


def states(board: Board, wording: Wording) -> Iterator[str]:
    """An entry for each state that a document is in: what it looks like and means, and how many there are."""
    counts, means = Counter(one.state for one in board.lines), _states(wording.say)
    for place, (state, look) in enumerate(LOOKS.items()):
        if count := counts[state]:
            yield (
                f'<li><button type="button" data-state="{place}" aria-pressed="false" aria-describedby="means-{look}">'
                f'<span class="state {look}">{escape(wording.say(state.value))}</span><strong>{count:,}</strong>'
                f'<svg aria-hidden="true"><rect width="{100 * count / len(board.lines):.1f}%" height="100%"/></svg>'
                f'</button><p id="means-{look}">{escape(means[state])}</p></li>'
            )


def _counted(board: Board, say: Say) -> Mapping[str, tuple[str, str]]:
    """Word and meaning of each number that an edition shows."""
    counts = _counts(say)
    return {name: counts[name] for name in NUMBERS if board.edition is Edition.INTERNAL or name not in _INSIDE}


def _counts(say: Say) -> Mapping[str, tuple[str, str]]:
    means = _states(say)
    return {
        "documents": (say("documents"), say("All that the tables ask for, and what was made before.")),
        "issued": (say("issued"), say("Made and numbered, however far they have come since.")),
        "delivered": (say("delivered"), say("The present revision has been handed over.")),
        "returned": (say("returned"), say("At least one page has come back.")),
        "signed": (say("complete"), say("All pages and signatures have come back, sealed or not.")),
        "missing": (say("outstanding"), say("To be signed, and nothing or not everything has come back.")),
        "review": (say("to review"), means[Reached.REVIEW]),
        "sealed": (say("sealed"), means[Reached.SEALED]),
        "due": (say("due"), say("The next run makes it, or makes it again.")),
    }


def _states(say: Say) -> Mapping[Reached, str]:
    return {
        Reached.REVIEW: say("A page that came back is unclear or was changed by hand: somebody has to look."),
        Reached.NEW: say("The tables ask for it; it has not been made."),
        Reached.ISSUED: say("Made and numbered, not handed over yet."),
        Reached.DELIVERED: say("Handed over; nothing has come back yet."),
        Reached.PART: say("Came back, but pages or signatures are missing."),
        Reached.SIGNED: say("All pages and signatures have come back; no approved volume holds it yet."),
        Reached.SEALED: say("It is in a volume that somebody has approved and sealed."),
        Reached.UNSIGNED: say("Made, and nobody signs it: a notice, a report."),
    }
