"""The contract of a template: what its kind offers (the shape of contexts), and the part of it that it uses.

Values only; the tags are read in `contract_walk`. What a template uses tells which change of a context changes its
paper: a cell that no tag prints makes nothing new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any

from pipeline.model.documents import Context


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, a number or a truth value."""

    example: str | int = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields by name."""

    fields: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    item: Shape | None
    """What one of them looks like; None where every example is empty, so that nothing can be said of it."""


Shape = Leaf | Group | Items


@dataclass(frozen=True, slots=True)
class Used:
    """The part of a context that a template can read."""

    whole: bool = False
    """Handed on as it is: everything below counts."""
    fields: Mapping[str, Used] = field(default_factory=lambda: MappingProxyType({}))
    item: Used | None = None
    """Of a list: what is read of each; its length counts in any case."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A merge field, as a list of them shows it."""

    path: str
    """With dots; `[]` after a list."""
    kind: str
    example: str


_KINDS = {Leaf: "글", Group: "묶음", Items: "목록"}
_NUMBER, _TRUTH = "수", "참·거짓"
_LONGEST_EXAMPLE = 40


def shape_of(contexts: Iterable[Context]) -> Group:
    """The union of example contexts: every field that one of them has, with an example that is not blank if any is."""
    shape: Shape = Group({})
    for context in contexts:
        shape = _joined(shape, context)
    return shape if isinstance(shape, Group) else Group({})


def _joined(shape: Shape | None, value: Any) -> Shape:
    """The shape, widened so that the value fits. Where they differ in sort, what has fields outweighs a leaf."""
    if isinstance(value, Mapping):
        known = shape.fields if isinstance(shape, Group) else {}
        fields = {name: _joined(known.get(name), one) for name, one in value.items()}
        if isinstance(shape, Group) and all(known.get(name) is one for name, one in fields.items()):
            return shape
        return Group({**known, **fields})
    if isinstance(value, list | tuple):
        item = shape.item if isinstance(shape, Items) else None
        before = item
        for one in value:
            item = _joined(item, one)
        return shape if isinstance(shape, Items) and item is before else Items(item)
    if isinstance(shape, Group | Items) or (isinstance(shape, Leaf) and shape.example != ""):
        return shape
    return shape if isinstance(shape, Leaf) and value in {"", None} else Leaf("" if value is None else value)


def field_rows(shape: Shape, path: str = "") -> Iterator[FieldRow]:
    """All merge fields: groups and lists before what is in them."""
    if path:
        yield FieldRow(path, _kind(shape), _example(shape))
    match shape:
        case Group(fields=fields):
            for name, one in fields.items():
                yield from field_rows(one, f"{path}.{name}" if path else name)
        case Items(item=Group() | Items() as item):
            inner = list(field_rows(item, f"{path}[]"))
            # Of the items themselves nothing is to be said beside their fields.
            yield from inner[1:] if isinstance(item, Group) else inner


def _kind(shape: Shape) -> str:
    if isinstance(shape, Leaf) and isinstance(shape.example, int):
        return _TRUTH if isinstance(shape.example, bool) else _NUMBER
    return _KINDS[type(shape)]


def _example(shape: Shape) -> str:
    match shape:
        case Items(item=Leaf() as item):
            return _example(item)
        case Leaf(example=bool() as truth):
            return "참" if truth else "거짓"
        case Leaf(example=example):
            text = " ".join(str(example).split())
            return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1]}…"
        case _:
            return ""


def never_used(shape: Shape, used: Used) -> list[str]:
    """Groups and lists that a kind offers and a template never touches."""
    if used.whole or not isinstance(shape, Group):
        return []
    return [name for name, one in shape.fields.items() if isinstance(one, Group | Items) and name not in used.fields]


def prune(context: Context, used: Used) -> Context:
    """The context without what the template cannot read: lists keep their length, groups the fields in use."""
    pruned: Context = _prune(context, used)
    return pruned


def _prune(value: Any, used: Used) -> Any:
    if used.whole or isinstance(value, (str, int)):  # a tuple is twice as quick as a union: this is every cell
        return value
    if isinstance(value, (dict, Mapping)):  # dict first: asking Mapping is slow
        return {name: _prune(value[name], one) for name, one in used.fields.items() if name in value}
    if isinstance(value, list | tuple):
        item = used.item or _NOTHING
        return [_prune(one, item) for one in value]
    return value


_NOTHING = Used()


class Speller:
    """JSON of what a template reads, just as `json.dumps` spells what `prune` leaves, keys sorted.

    Contexts share what is the same in many papers (pledges, organisations): what was met before is not spelled again.
    """

    def __init__(self, used: Used) -> None:
        self._used = used
        self._known: dict[tuple[int, int], tuple[Any, str]] = {}
        """Values are kept with their text, so that no other takes their address."""

    def spelled(self, context: Context) -> str:
        """The text of one context."""
        return self._group(context, self._used)

    def _spelled(self, value: Any, used: Used) -> str:
        if isinstance(value, str):
            return encode_basestring(value)
        key = (id(value), id(used))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = (value, self._anew(value, used))
        return found[1]

    def _anew(self, value: Any, used: Used) -> str:
        if used.whole or not isinstance(value, (dict, list, tuple, Mapping)):
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        if isinstance(value, list | tuple):
            item = used.item or _NOTHING
            return f"[{', '.join([self._spelled(one, item) for one in value])}]"
        return self._group(value, used)

    def _group(self, group: Mapping[str, Any], used: Used) -> str:
        if used.whole:
            return json.dumps(group, ensure_ascii=False, sort_keys=True)
        fields = used.fields
        pairs = [
            f"{encode_basestring(name)}: {self._spelled(group[name], fields[name])}"
            for name in sorted(fields)
            if name in group
        ]
        return f"{{{', '.join(pairs)}}}"


_REMEMBERED = 5_000
"""Values whose text is kept: those that are shared soon come again."""
