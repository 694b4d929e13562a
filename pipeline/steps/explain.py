"""Beside the steps, explain: which table a sheet is, and which of its columns are understood as what.

Enters: a sheet and the record classes it may be. Leaves: an `Explanation`, or None. Headers that `read` does not know
are taken by a known name in them, by a similar name, and at last by what the values look like; how is always told.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.korean.names import has_hanja
from pipeline.korean.similar import nearest
from pipeline.korean.text import clean
from pipeline.korean.titles import province_family
from pipeline.model.choices import Choice, squeeze
from pipeline.model.explained import Explanation, Guess, How, Look
from pipeline.model.findings import Finding, finding
from pipeline.model.records import Header, Record
from pipeline.model.sheets import Sheet, letters
from pipeline.tables.layout import HEADER_ROWS, understood

__all__ = ["HEADER_ROWS", "explain", "mapping"]

_SAMPLE = 200
_MOST = 0.8
"""Of the values have to look alike."""
_LONG = 25
_SHORTEST = 2
"""Letters of a known name that may be found inside a header."""
_WEIGHTS = {How.NAME: 4, How.PART: 2}
_MISSING = 1
"""What a required column that is not there takes away."""
_LEAST = 6
"""Weight from which a sheet is taken for a table: a name, and another that is at least in a header."""
_LOOKS: tuple[tuple[Look, Callable[[str], object]], ...] = (
    (Look.MAIL, re.compile(r"\S+@\S+\.\S+").fullmatch),
    (Look.PHONES, re.compile(r"\+?\(?0?\d{1,3}\)?[-. ]\d{3,4}[-. ]\d{4}|01\d{8,9}").fullmatch),
    (Look.DATES, re.compile(r"(?:19|20)\d\d\s*[-./년]\s*\d{1,2}\s*[-./월]\s*\d{1,2}.*", re.DOTALL).fullmatch),
    (Look.NUMBERS, re.compile(r"[\d,. ]+").fullmatch),
    (Look.PROVINCES, province_family),
    (Look.MUNICIPALITIES, re.compile(r"[가-힣]{1,4}[시군구](?: [가-힣]{1,3}구)?").fullmatch),
    (Look.PARTIES, re.compile(r"[가-힣]{2,12}당|무소속").fullmatch),
    (Look.HANJA, lambda text: has_hanja(text) and not re.search("[가-힣]", text)),
    (Look.NAMES, re.compile(r"[가-힣]{2,4}").fullmatch),
)
_BY_LOOK = {
    Look.PROVINCES: "시도",
    Look.MUNICIPALITIES: "시군구",
    Look.PARTIES: "정당",
    Look.HANJA: "한자",
    Look.NAMES: "이름",
}
"""Columns that a look alone may stand for; dates and numbers may be anything."""
_NO_WORDS = frozenset({Look.NUMBERS, Look.DATES, Look.MAIL, Look.PHONES})
Taken = Mapping[int, tuple[str, How]]
"""Our columns by index."""


def explain(sheet: Sheet, models: Mapping[str, type[Record]]) -> Explanation | None:
    """What a sheet is taken for; None where it is like no table."""
    sights = {name: _sight(sheet, model) for name, model in models.items()}
    order = sorted(sights, key=lambda name: -sights[name].weight)
    table = order[0]
    sight, model = sights[table], models[table]
    if sight.weight < _LEAST:
        return None
    guesses = list(_by_values(sheet, sight, model))
    found = {one.field for one in guesses} | sight.derived
    missing = [field for field in _required(model) if field not in found]
    others = [name for name in order[1:] if sights[name].weight >= sight.weight * _MOST]
    return Explanation(sheet.file, sheet.name, table, sight.row + 1, guesses, missing, others)


def mapping(sheet: Sheet, model: type[Record]) -> tuple[dict[str, str], list[Finding]]:
    """Our columns to headers that only hold or resemble their names, as `[columns.TABLE]` would say, and telling it."""
    sight = _sight(sheet, model)
    taken = _nearly(sight, model)
    guessed = {index: field for index, (field, how) in taken.items() if how is not How.NAME}
    told = [
        finding("column.understood", sheet.cell(sight.row, index), header=sight.titles[index], field=field)
        for index, field in guessed.items()
    ]
    return {field: sight.titles[index] for index, field in guessed.items()}, told


@dataclass(frozen=True, slots=True)
class _Sight:
    """A sheet as one of the tables."""

    weight: int
    """How much it is like that table."""
    row: int
    """Index of the header row."""
    titles: Mapping[int, str]
    taken: Taken
    derived: frozenset[str] = frozenset()
    """Columns that `read` makes from others."""


def _required(model: type[Record]) -> list[str]:
    return [model.headers()[name].name for name in model.required]


def _sight(sheet: Sheet, model: type[Record]) -> _Sight:
    """As `read` sees it; where that finds no headers, the row that looks most like them."""
    required = set(_required(model))

    def weighed(row: int, titles: Mapping[int, str], taken: Taken, derived: frozenset[str] = frozenset()) -> _Sight:
        missing = required - {field for field, _ in taken.values()} - derived
        weight = sum(_WEIGHTS[how] + (field in required) for field, how in taken.values())
        return _Sight(max(0, weight - _MISSING * len(missing)), row, titles, taken, derived)

    if layout := understood(sheet, model):
        headers = model.headers()
        taken = {
            column: (headers[name].name, How.PART if name in layout.understood else How.NAME)
            for name, column in layout.fields.items()
        }
        titles = {column: title for column, title in layout.titles.items() if title}
        derived = frozenset(headers[name].name for name in layout.derived)
        return weighed(layout.header, titles, _matched(titles, model, [(How.PART, _inside)], taken), derived)
    rows = [_titles(row) for row in sheet.rows[:HEADER_ROWS]]
    sights = [weighed(row, titles, _matched(titles, model, _QUICK)) for row, titles in enumerate(rows)]
    return max(sights, key=lambda one: one.weight, default=_Sight(0, 0, {}, {}))


Match = Callable[[Mapping[int, str], Sequence[Header]], dict[int, str]]
"""Our columns by index, from headers by index and what is still to be found."""


def _titles(row: Sequence[str]) -> dict[int, str]:
    """The filled cells of a row by column."""
    return {index: title for index, text in enumerate(row) if (title := " ".join(clean(text).split()))}


def _matched(
    titles: Mapping[int, str], model: type[Record], ways: Iterable[tuple[How, Match]], before: Taken | None = None
) -> Taken:
    """Our columns by index, the surest way first."""
    taken = dict(before or {})
    for how, match in ways:
        fields = {field for field, _ in taken.values()}
        free = [mark for mark in model.headers().values() if mark.name not in fields]
        rest = {index: title for index, title in titles.items() if index not in taken}
        taken |= {index: (field, how) for index, field in match(rest, free).items()}
    return taken


def _nearly(sight: _Sight, model: type[Record]) -> Taken:
    """With the columns whose headers resemble a known one."""
    return _matched(sight.titles, model, [(How.NEAR, _near)], sight.taken) if sight.weight else {}


def _names(mark: Header) -> tuple[str, ...]:
    return (mark.name, *mark.aliases)


def _same(titles: Mapping[int, str], marks: Sequence[Header]) -> dict[int, str]:
    """Headers that are known, as `read` knows them."""
    by_key: dict[str, int] = {}
    for index, title in titles.items():
        by_key.setdefault(squeeze(title), index)
    found: dict[int, str] = {}
    for mark in marks:
        for index in [by_key[key] for key in map(squeeze, _names(mark)) if key in by_key][:1]:
            found.setdefault(index, mark.name)
    return found


def _inside(titles: Mapping[int, str], marks: Sequence[Header]) -> dict[int, str]:
    """Headers with a known name in them: `소속 단체명을 적어 주세요`. The longest name goes first, each once."""
    pairs = sorted(
        (-len(key), index, mark.name)
        for index, title in titles.items()
        for mark in marks
        for key in map(squeeze, _names(mark))
        if len(key) >= _SHORTEST and key in squeeze(title)
    )
    found: dict[int, str] = {}
    for _, index, field in pairs:
        if index not in found and field not in found.values():
            found[index] = field
    return found


def _near(titles: Mapping[int, str], marks: Sequence[Header]) -> dict[int, str]:
    """Headers that differ from a known one by little."""
    known = {squeeze(name): mark.name for mark in marks for name in _names(mark)}
    found: dict[int, str] = {}
    for index, title in titles.items():
        field = known.get(nearest(squeeze(title), known), "")
        if field and field not in found.values():
            found[index] = field
    return found


_QUICK: tuple[tuple[How, Match], ...] = ((How.NAME, _same), (How.PART, _inside))


def _values(sheet: Sheet, row: int, index: int) -> list[str]:
    """Filled cells of a column, some of them."""
    rows = sheet.rows[row + 1 : row + 1 + _SAMPLE]
    return [text for line in rows if index < len(line) and (text := clean(line[index]))]


def _look(values: Sequence[str]) -> Look:
    if not values:
        return Look.EMPTY
    for look, fits in _LOOKS:
        if _mostly(values, fits):
            return look
    return Look.LONG if sum(map(len, values)) > _LONG * len(values) else Look.TEXTS


def _mostly(values: Sequence[str], fits: Callable[[str], object]) -> bool:
    return bool(values) and sum(bool(fits(one)) for one in values) >= _MOST * len(values)


def _by_values(sheet: Sheet, sight: _Sight, model: type[Record]) -> Iterator[Guess]:
    """All columns; those that no header tells by their values: words of a closed list, provinces, names."""
    nearly = _nearly(sight, model)
    taken = {field for field, _ in nearly.values()}
    for index, title in sight.titles.items():
        values = _values(sheet, sight.row, index)
        guess = Guess(index, letters(index), title, *nearly.get(index, ("", How.NOT)), _look(values))
        if guess.how in {How.PART, How.NEAR} and guess.field in _BY_LOOK.values() and guess.look in _NO_WORDS:
            # 후보자 수 is no name.
            guess = replace(guess, field="", how=How.NOT)
        field = guess.field or _fitting(values, guess.look, model, taken)
        taken.add(field)
        yield guess if guess.field or not field else replace(guess, field=field, how=How.VALUES)


def _fitting(values: Sequence[str], look: Look, model: type[Record], taken: Iterable[str]) -> str:
    """Our column that could hold these values, '' where none or several could."""
    fitting = [
        mark.name
        for name, mark in model.headers().items()
        if mark.name not in taken and (_BY_LOOK.get(look) == mark.name or _chosen(values, _choice(model, name)))
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _chosen(values: Sequence[str], choices: type[Choice] | None) -> bool:
    """Whether values are members of a closed list."""
    return choices is not None and _mostly(values, lambda text: isinstance(choices.parse(text), choices))


def _choice(model: type[Record], name: str) -> type[Choice] | None:
    annotation = model.model_fields[name].annotation
    options = (annotation, *typing.get_args(annotation))
    return next((one for one in options if isinstance(one, type) and issubclass(one, Choice)), None)
