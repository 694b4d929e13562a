"""The board as one HTML file: what it needs is in it, and it may ask for nothing but pictures beside it.

The table is drawn by a script, a hundred rows at a time, so that 10,000 documents are there at once; all else is
plain HTML.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib import resources

from pipeline.doors.board.legend import LOOKS, NUMBERS, meanings, numbers, states
from pipeline.korean.dates import moment
from pipeline.korean.titles import province_family
from pipeline.model.board import Board, Line, Wording
from pipeline.model.deliveries import MailState
from pipeline.model.status import Counts
from pipeline.model.volumes import Edition

_NATION = "전국"
_MAP = (
    ("인천", "서울", "경기", "강원"),
    ("충남", "세종", "충북", "경북"),
    ("전북", "대전", "대구", "울산"),
    ("전남", "광주", "경남", "부산"),
    ("제주", "", "", _NATION),
)
"""Where provinces lie, roughly, and the nation beside them. Others follow below."""
_FEWEST = 5
"""Provinces that make a map; fewer stand in a row."""
_PRIVATE, _UNSORTED = frozenset({"subject", "files"}), frozenset({"files"})
"""Columns that everybody does not see, and those by which nobody sorts."""
_NEEDED = 6
"""Parts of a row that are always there."""
_MOST_FINDINGS, _MOST_PLACES, _MOST_EVENTS = 300, 20, 200
_ABOVE = {Edition.INTERNAL: "../", Edition.PUBLIC: "../../"}
"""The way from the page to the folder of outputs."""


def page(board: Board, wording: Wording) -> bytes:
    """An edition of the board.

    Args:
        board: what it shows.
        wording: the language.
    """
    say = wording.say
    style, script = _part("style.css"), _part("script.js")
    policy = (
        f"default-src 'none'; img-src 'self' file:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    is_public = board.edition is Edition.PUBLIC
    columns = {name: word for name, word in _columns(wording).items() if not (is_public and name in _PRIVATE)}
    edition = say("public: without names") if is_public else say("internal: with names")
    texts = {
        "language": wording.language,
        "policy": policy,
        "title": board.campaign,
        "board": say("Board"),
        "edition": edition,
        "skip": say("To the documents"),
        "numbers_title": say("How far it is"),
        "map_title": say("By province"),
        "meanings_title": say("What these numbers mean"),
        "meanings_note": say("A document can be counted in several numbers; it is in one state."),
        "states_title": say("Where each stands now"),
        "states_link": say("What the states mean"),
        "documents_title": say("Documents"),
        "search_label": say("Search"),
        "kind_label": say("Kind"),
        "state_label": say("State"),
        "order_label": say("Order"),
        "all": say("all"),
        "reset": say("Show all"),
        "noscript": say("The table needs scripts, which are off here; hyeopyak status -v prints the same."),
        "pages_label": say("Pages of the table"),
        "back": say("Previous"),
        "on": say("Next"),
        "foot": say("Made by hyeopyak. The order is that of regions and numbers; it says nothing about candidates."),
    }
    parts = {
        "style": style,
        "script": script,
        "made": escape(say("As of {time}, Korean time")).format(time=_time(board.made_at)),
        "numbers": "".join(numbers(board, wording)),
        "meanings": "".join(meanings(board, wording)),
        "tiles": "".join(_tiles(board, wording)),
        "states": "".join(states(board, wording)),
        "columns": "".join(_heads(columns)),
        "orders": "".join(_orders(columns, wording)),
        "sections": "" if is_public else "".join(_sections(board, wording)),
        "data": _data(board, wording),
    }
    return _part("page.html").format(**{name: escape(text) for name, text in texts.items()}, **parts).encode()


@functools.cache
def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _tiles(board: Board, wording: Wording) -> Iterator[str]:
    """Tiles of provinces where they lie, then all others: new ones, and the nation."""
    own: dict[str, list[int]] = {}
    for place, (name, _) in enumerate(board.provinces):
        own.setdefault(province_family(name) if name else _NATION, []).append(place)
    shown: set[int] = set()
    for row in _MAP if len(own) >= _FEWEST else ():
        for family in row:
            places = own.get(family, []) if family else []
            if len(places) == 1:
                shown.add(places[0])
                yield _tile(board, places[0], wording)
            else:
                yield f'<li class="none" aria-hidden="true">{family}</li>'
    yield from (_tile(board, place, wording) for place in range(len(board.provinces)) if place not in shown)


def _tile(board: Board, place: int, wording: Wording) -> str:
    name, counts = board.provinces[place]
    look, told = _stands(counts, wording)
    short = province_family(name) or name or wording.say("Nation")
    whole = wording.say("{count} documents").format(count=f"{counts.documents:,}")
    return (
        f'<li><button type="button" class="{look}" data-province="{place}" aria-pressed="false">'
        f"<strong>{escape(short)}</strong><span>{escape(told)}</span><span>{escape(whole)}</span></button></li>"
    )


def _stands(counts: Counts, wording: Wording) -> tuple[str, str]:
    """How far an area is: a look and the words for it, what waits for somebody first."""
    say = wording.say
    if counts.review:
        return "review", say("{count} to review").format(count=counts.review)
    if counts.returned:
        told = say("{signed} of {signing} complete").format(signed=counts.signed, signing=counts.signing)
        done = counts.signed == counts.signing
        return ("sealed" if done and counts.sealed >= counts.signing else "signed" if done else "part"), told
    if counts.delivered:
        return "delivered", say("{count} delivered").format(count=counts.delivered)
    if counts.issued:
        return "issued", say("{count} issued").format(count=counts.issued)
    return "new", say("not made yet")


def _time(at: str) -> str:
    return f'<time datetime="{escape(at)}">{moment(at)}</time>'


def _columns(wording: Wording) -> Mapping[str, str]:
    say = wording.say
    return {
        "number": say("Number"), "kind": say("Kind"), "place": say("Area"), "subject": say("Made for"),
        "state": say("State"), "files": say("Files"),
    }  # fmt: skip


def _heads(columns: Mapping[str, str]) -> Iterator[str]:
    for name, word in columns.items():
        head, told = f'<th scope="col" role="columnheader" data-column="{name}"', escape(word)
        if name in _UNSORTED:
            yield f"{head}><span>{told}</span></th>"
        else:
            yield (
                f'{head} aria-sort="none"><button type="button">{told}</button><span class="plain">{told}</span></th>'
            )


def _orders(columns: Mapping[str, str], wording: Wording) -> Iterator[str]:
    """The orders of the table as choices, for screens too narrow for its head."""
    say = wording.say
    ways = {"ascending": say("{column}, ascending"), "descending": say("{column}, descending")}
    yield f'<option value="">{escape(say("By region and number"))}</option>'
    for name, word in columns.items():
        if name not in _UNSORTED:
            for way, told in ways.items():
                yield f'<option value="{name} {way}">{escape(told.format(column=word))}</option>'


def _data(board: Board, wording: Wording) -> str:
    """What the script reads; `<` is written so that no text of ours can end it."""
    say = wording.say
    kinds = list(dict.fromkeys(one.kind for one in board.lines))
    provinces = [name for name, _ in board.provinces]
    states = list(LOOKS)
    content = {
        "base": _ABOVE[board.edition],
        "kinds": kinds,
        "provinces": provinces,
        "states": [(say(state.value), look) for state, look in LOOKS.items()],
        "marks": list(NUMBERS),
        "words": {
            "none": say("No document is like that."),
            "found": say("{found} of {all} documents"),
            "place": say("{first} to {last} of {all}"),
            "picture": say("First page of {number}"),
            "chosen": say("Chosen: {filters}"),
        },
        "documents": [
            _row(one, kinds.index(one.kind), provinces.index(one.province), states.index(one.state))
            for one in board.lines
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _row(one: Line, kind: int, province: int, state: int) -> list[object]:
    marks = sum(1 << place for place, name in enumerate(NUMBERS) if name in one.marks)
    row: list[object] = [one.number, kind, province, one.place, state, marks, one.subject]
    row += [list(one.reasons), one.docx, one.pdf, one.picture]
    while len(row) > _NEEDED and not row[-1]:
        row.pop()
    return row


def _sections(board: Board, wording: Wording) -> Iterator[str]:
    """What only the house sees: volumes, findings, history."""
    say = wording.say
    if board.shelves:
        heads = (say("Volume"), say("Edition"), say("Pages"), say("Missing papers"), say("Approved by"))
        rows = [
            (
                escape(one.area),
                escape(say(one.edition.value)),
                f"{one.pages:,}",
                f"{one.open:,}",
                escape(", ".join(one.approved) or say("nobody yet")),
            )
            for one in board.shelves
        ]
        yield _section("volumes", say("Volumes"), _table(say("Volumes"), heads, rows, numbers={2, 3}))
    if board.findings:
        yield _section("findings", say("Findings"), _findings(board, wording))
    if board.history:
        words = _event_words(wording)
        shown = board.history[:_MOST_EVENTS]
        events = [(_time(one.at), escape(words.get(one.what, one.what)), escape(one.subject)) for one in shown]
        table = _table(say("History"), (say("When"), say("What happened"), say("To what")), events)
        summary = say("The last {count} of {all}").format(count=len(shown), all=f"{len(board.history):,}")
        yield _section("history", say("History"), f"<details><summary>{escape(summary)}</summary>{table}</details>")


def _event_words(wording: Wording) -> Mapping[str, str]:
    say = wording.say
    return {
        "issued": say("issued"),
        "delivered": say("delivered"),
        "returned": say("returned"),
        "decided": say("decided"),
        "volume": say("bound"),
        "signoff": say("approved"),
        "archived": say("archived"),
        "rebuilt": say("rebuilt"),
        "packets locked": say("packets encrypted from now on"),
        "packets open": say("packets no longer encrypted"),
        MailState.SENDING: say("mail on its way"),
        MailState.ACCEPTED: say("mail accepted"),
        MailState.REFUSED: say("mail refused"),
    }


def _section(name: str, title: str, inside: str) -> str:
    return f'<section aria-labelledby="head-{name}"><h2 id="head-{name}">{escape(title)}</h2>{inside}</section>'


def _table(title: str, heads: Iterable[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """A table of cells that are HTML already."""
    looks = dict.fromkeys(numbers, ' class="number"')
    head = "".join(
        f'<th scope="col"{looks.get(place, "")}><span>{escape(one)}</span></th>' for place, one in enumerate(heads)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{looks.get(place, '')}>{cell}</td>" for place, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    group = f'<div class="scroll" role="group" aria-label="{escape(title)}" tabindex="0">'
    return f"{group}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _findings(board: Board, wording: Wording) -> str:
    say = wording.say
    levels = {"error": say("error"), "warning": say("warning"), "note": say("note")}
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for one in sorted(board.findings, key=lambda one: list(levels).index(one.level)):
        alike.setdefault((one.level, one.code, one.message, one.remedy), []).append(one.place)
    items = []
    for (level, code, message, remedy), places in list(alike.items())[:_MOST_FINDINGS]:
        shown = ", ".join(_cells(places[:_MOST_PLACES]))
        more = len(places) - _MOST_PLACES
        shown += say(" and {count} more").format(count=more) if more > 0 else ""
        items.append(
            f'<li><span class="level">{escape(levels[level])}</span> {escape(message)} {escape(remedy)} '
            f'<code>{escape(code)}</code><div class="quiet">{escape(shown)}</div></li>'
        )
    left = len(alike) - len(items)
    if left:
        items.append(f"<li>{escape(say('{count} more: hyeopyak check -v').format(count=left))}</li>")
    count = say("{count} findings").format(count=f"{len(board.findings):,}")
    return f'<details open><summary>{escape(count)}</summary><ul class="list">{"".join(items)}</ul></details>'


def _cells(places: Iterable[str]) -> Iterator[str]:
    """Places, a sheet's name before the first of its cells only."""
    before = ""
    for place in filter(None, places):
        sheet, mark, cell = place.rpartition("!")
        yield cell if mark and sheet == before else place
        before = sheet
