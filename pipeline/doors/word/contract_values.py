"""What an expression of a template may be, where it came from, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import nodes

from pipeline.doors.word.contract import Group, Items, Shape, Used
from pipeline.model.findings import Param


class Mark:
    """What is read of a value; grows while a template is walked."""

    __slots__ = ("_item", "fields", "whole")

    def __init__(self, fields: Mapping[str, Mark] | None = None, item: Mark | None = None) -> None:
        self.whole = False
        self.fields = dict(fields or {})
        self._item = item

    def child(self, name: str) -> Mark:
        """Of a field."""
        return self.fields.setdefault(name, Mark())

    def each(self) -> Mark:
        """Of the items of a list."""
        self._item = self._item or Mark()
        return self._item

    def frozen(self) -> Used:
        """As a value."""
        if self.whole:
            return Used(whole=True)
        fields = {name: one.frozen() for name, one in self.fields.items()}
        return Used(fields=fields, item=self._item.frozen() if self._item else None)


@dataclass(frozen=True, slots=True)
class Ref:
    """A value of the context."""

    shape: Shape | None
    """None: nothing is known of it, so that everything goes."""
    mark: Mark


Value = tuple[Ref, ...]
"""What an expression may be; empty: something computed, of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a tag, by its line in the source."""

    code: str
    line: int
    params: Mapping[str, Param]


def computed() -> Value:
    """A list that was made on the way: it can be gone through, and not be printed."""
    return (Ref(Items(None), Mark()),)


PAIR = ("grouper", "list")
"""What the items of `groupby` hold, in this order."""


def unpacked(value: Value, number: int) -> Value:
    """What stands at a place of values that are unpacked: of what `groupby` makes, or of short lists."""
    found = []
    for ref in value:
        if isinstance(ref.shape, Group) and tuple(ref.shape.fields) == PAIR and number < len(PAIR):
            found.append(Ref(ref.shape.fields[PAIR[number]], ref.mark.child(PAIR[number])))
        elif isinstance(ref.shape, Items):
            found.append(Ref(ref.shape.item, ref.mark.each()))
        else:
            ref.mark.whole = True
    return tuple(found)


def arguments(node: nodes.Call | nodes.Test | nodes.Filter) -> list[nodes.Node]:
    """All that is handed over, by place or by name."""
    given: list[nodes.Node | None] = [*node.args, *(one.value for one in node.kwargs), node.dyn_args, node.dyn_kwargs]
    return [one for one in given if one is not None]


def text_of(node: nodes.Node | None) -> str:  # noqa: PLR0911 - a case for each kind of expression
    """An expression as its author wrote it, as far as names, fields and filters go."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Getattr(node=inner, attr=name):
            return f"{text_of(inner)}.{name}"
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() as name)):
            return f"{text_of(inner)}.{name}"
        case nodes.Getitem(node=inner, arg=nodes.Const(value=number)):
            return f"{text_of(inner)}[{number}]"
        case nodes.Getitem(node=inner):
            return f"{text_of(inner)}[…]"
        case nodes.Filter(node=inner, name=name):
            return f"{text_of(inner)}|{name}"
        case nodes.Const(value=value):
            return repr(value)
        case _:
            return "…"
