"""What filters make of lists and groups: which item, which field, which part of a list goes on.

A filter that is not named here takes a text and gives a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from jinja2 import filters as standard
from jinja2 import nodes

from pipeline.doors.word.contract import Group, Items, Leaf
from pipeline.doors.word.contract_values import PAIR, Mark, Ref, Value, arguments, computed, text_of
from pipeline.korean.similar import nearest

if TYPE_CHECKING:
    from pipeline.doors.word.contract_walk import Walker

_LISTS = frozenset({"list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"})
_COMPARING = frozenset({"sort", "unique", "min", "max", "sum"})
_ATTRIBUTE_AT = {"sort": 2, "unique": 1, "min": 1, "max": 1, "sum": 0, "join": 1, "groupby": 0}
"""Which argument names the field, where it is not given by name."""
_WEB = frozenset({"safe", "urlize", "xmlattr", "tojson", "forceescape"})
"""Their results are taken for markup: an ampersand in a value breaks the document."""


def filtered(walker: Walker, node: nodes.Filter) -> Value:
    """What comes out of a filter."""
    name = node.name
    if name in {"default", "d"}:
        value = walker.evaluate(node.node, optional=True)
        return (*value, *(one for argument in arguments(node) for one in walker.evaluate(argument)))
    value = walker.evaluate(node.node)
    if not _exists(walker, node, name):
        return walker.read(value)
    if name in _WEB:
        walker.flaw("template.web", node, filter=name)
    if name == "random":
        walker.flaw("template.chance", node, filter=name)
    if name == "attr":
        return _attr(walker, node, value)
    for one in arguments(node) if name not in {"selectattr", "rejectattr"} else ():
        walker.read(walker.evaluate(one))
    return _shaped(walker, node, value)


def _shaped(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    """By what the filter does with lists."""
    if node.name in _SHAPING:
        return _SHAPING[node.name](walker, node, value)
    if any(isinstance(ref.shape, Group | Items) for ref in value):
        walker.flaw("template.whole", node, tag=text_of(node.node))
    return walker.read(value)


def _exists(walker: Walker, node: nodes.Filter, name: str) -> bool:
    filters = walker.environment.filters
    if name in filters:
        return True
    # What people look for is most likely one of ours.
    known = sorted(set(filters) - set(standard.FILTERS)) or sorted(filters)
    suggestion = nearest(name, filters)
    walker.flaw("template.filter", node, name=name, suggestion=suggestion, known=", ".join(known))
    return False


def _attr(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    """`attr` sees no fields of groups: what it asks for is never there."""
    for one in node.args:
        if isinstance(one, nodes.Const) and isinstance(one.value, str):
            tag = f"{text_of(node.node)}.{one.value}"
            walker.flaw("template.field", node, tag=tag, suggestion="", known="")
    return walker.read(value)


def _list(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    """The list, or some of it, in another order perhaps."""
    name = node.name
    items = walker.items(tuple(ref for ref in value if isinstance(ref.shape, Items) or ref.shape is None))
    if name in {"selectattr", "rejectattr"}:
        if node.args:
            walker.read(_pluck(walker, node, items, node.args[0]))
        _chosen_by(walker, node, node.args[1:])
    elif name in {"select", "reject"}:
        walker.read(items)
        _chosen_by(walker, node, node.args)
    elif name in _COMPARING:
        _compare(walker, node, value)
    if not all(isinstance(ref.shape, Items) or ref.shape is None for ref in value):
        walker.read(value)
        return value if node.name == "reverse" else computed()
    return value


def _chosen_by(walker: Walker, node: nodes.Filter, arguments: list[nodes.Expr]) -> None:
    """The test of select and its kin: a name, then what it is told."""
    if arguments and isinstance(arguments[0], nodes.Const):
        name = str(arguments[0].value)
        if name not in walker.environment.tests:
            known = sorted(one for one in walker.environment.tests if one.isidentifier())
            suggestion = nearest(name, known)
            walker.flaw("template.test", node, name=name, suggestion=suggestion, known=", ".join(known))
    for one in arguments[1:]:
        walker.read(walker.evaluate(one))


def _compare(walker: Walker, node: nodes.Filter, value: Value) -> None:
    """Items are compared, by a field or as they are; groups as they are cannot be."""
    if node.name not in _COMPARING:
        return
    items = walker.items(tuple(ref for ref in value if isinstance(ref.shape, Items)))
    attribute = _attribute(node)
    if attribute is not None:
        for one in _names(attribute):
            walker.read(_pluck(walker, node, items, one))
        return
    walker.read(items)
    if any(isinstance(ref.shape, Group) for ref in items):
        walker.fault(node)


def _joined(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    items = walker.items(value)
    attribute = _attribute(node)
    if attribute is not None:
        items = _pluck(walker, node, items, attribute)
    walker.read(items)
    if any(isinstance(ref.shape, Group | Items) for ref in items):
        walker.flaw("template.whole", node, tag=text_of(node.node))
    return ()


def _mapped(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    attribute = next((one.value for one in node.kwargs if one.key == "attribute"), None)
    if attribute is not None:
        plucked = _pluck(walker, node, walker.items(value), attribute)
        return tuple(Ref(Items(ref.shape), Mark(item=ref.mark)) for ref in plucked)
    items = walker.items(value)
    walker.read(items)
    if node.args and isinstance(node.args[0], nodes.Const) and _exists(walker, node, str(node.args[0].value)):
        takes_lists = str(node.args[0].value) in {"length", "count", "first", "last", "list", "join"}
        if not takes_lists and any(isinstance(ref.shape, Group | Items) for ref in items):
            walker.flaw("template.whole", node, tag=text_of(node.node))
    return computed()


def _groups(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    attribute = _attribute(node)
    items = walker.items(value)
    keys = _pluck(walker, node, items, attribute) if attribute is not None else ()
    walker.read(keys)
    found = []
    for ref in value:
        pair = dict(zip(PAIR, (Leaf(), ref.shape or Items(None)), strict=True))
        mark = Mark(item=Mark(dict(zip(PAIR, (Mark(), ref.mark), strict=True))))
        found.append(Ref(Items(Group(pair)), mark))
    return tuple(found)


def _attribute(node: nodes.Filter) -> nodes.Expr | None:
    named = next((one.value for one in node.kwargs if one.key == "attribute"), None)
    place = _ATTRIBUTE_AT.get(node.name, len(node.args))
    return named if named is not None else next(iter(node.args[place : place + 1]), None)


def _names(attribute: nodes.Expr) -> list[nodes.Expr]:
    """Several fields to sort by stand in one text, with commas."""
    if isinstance(attribute, nodes.Const) and isinstance(attribute.value, str):
        return [nodes.Const(one.strip(), lineno=attribute.lineno) for one in attribute.value.split(",")]
    return [attribute]


def _pluck(walker: Walker, node: nodes.Filter, items: Value, attribute: nodes.Expr) -> Value:
    """The field of each item that an argument names, dots and all."""
    if not isinstance(attribute, nodes.Const) or not isinstance(attribute.value, str | int):
        walker.read(walker.evaluate(attribute))
        return walker.read(items)
    found = items
    for step in str(attribute.value).split("."):
        if step.isdigit():
            found = walker.items(found)
        elif found:
            found = walker.field(found, step, node, tag=step)
    return found


def _length(walker: Walker, _node: nodes.Filter, value: Value) -> Value:
    walker.truth(value)
    return ()


def _one(walker: Walker, node: nodes.Filter, value: Value) -> Value:
    _compare(walker, node, value)
    return walker.items(value)


def _cut(_walker: Walker, _node: nodes.Filter, value: Value) -> Value:
    return tuple(Ref(Items(ref.shape), Mark(item=ref.mark)) for ref in value)


def _pairs(walker: Walker, _node: nodes.Filter, value: Value) -> Value:
    walker.read(value)
    return computed()


_SHAPING: Mapping[str, Callable[[Walker, nodes.Filter, Value], Value]] = {
    **dict.fromkeys(("length", "count"), _length),
    **dict.fromkeys(_LISTS, _list),
    **dict.fromkeys(("first", "last", "min", "max", "random"), _one),
    **dict.fromkeys(("batch", "slice"), _cut),
    **dict.fromkeys(("join", "sum"), _joined),
    **dict.fromkeys(("items", "dictsort"), _pairs),
    "groupby": _groups,
    "map": _mapped,
}
