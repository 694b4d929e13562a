"""Reading the tags of a template (Jinja's syntax tree) against what its kind offers; nothing is rendered.

Every expression becomes a `Value`: what may stand there, and where it came from. So an alias, a loop's item, or what a
filter picks out of a list leads back to the field that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import jinja2
from jinja2 import nodes

from pipeline.doors.word.contract import Group, Items, Leaf, Shape
from pipeline.doors.word.contract_filters import filtered
from pipeline.doors.word.contract_values import Flaw, Mark, Ref, Value, arguments, computed, text_of, unpacked
from pipeline.doors.word.tags import FILTER_FAULT
from pipeline.korean.similar import nearest
from pipeline.model.findings import Param

_LOOP_FIELDS = ("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0")
_LOOP_CALLS = frozenset({"cycle", "changed"})
_GROUP_CALLS = frozenset({"items", "keys", "values", "get"})
_LIST_CALLS = frozenset({"index", "count"})
_LIST_MAKERS = frozenset({"items", "keys", "values", "split", "rsplit", "splitlines"})
_CHANCE = frozenset({"lipsum"})
_MOST_PLACES = 4
_PROBLEMS = {
    "file": "a template cannot take in other files",
    "call": "a template cannot call this",
}


class Walker:
    """Walks one source after another; `flaws` and `root` grow."""

    def __init__(self, environment: jinja2.Environment, shape: Group) -> None:
        self.environment = environment
        self.root = Mark()
        self.flaws: list[Flaw] = []
        self._shape = shape
        self._scopes: list[dict[str, Value]] = [{}]
        self._branches = 0

    def walk(self, body: Iterable[nodes.Node]) -> None:
        """Statements, in order."""
        for node in body:
            self._statement(node)

    def flaw(self, code: str, node: nodes.Node, **params: Param) -> None:
        """Note what is wrong."""
        self.flaws.append(Flaw(code, node.lineno, params))

    # --- statements ---------------------------------------------------------------------------------------------

    def _statement(self, node: nodes.Node) -> None:  # noqa: C901, PLR0912 - a case for each kind of statement
        match node:
            case nodes.Output(nodes=expressions):
                for one in expressions:
                    if not isinstance(one, nodes.TemplateData):
                        self.print(one, self.evaluate(one))
            case nodes.If(test=test, body=body, elif_=others, else_=otherwise):
                self._branches += 1
                self.truth(self.evaluate(test))
                self.walk([*body, *others, *otherwise])
                self._branches -= 1
            case nodes.For():
                self._loop(node)
            case nodes.Assign(target=target, node=value):
                self._assign(target, self.evaluate(value))
            case nodes.AssignBlock(target=target, body=body):
                self._inner(body)
                self._assign(target, ())
            case nodes.With(targets=targets, values=values, body=body):
                found = [self.evaluate(one) for one in values]
                self._inner(body, list(zip(targets, found, strict=True)))
            case nodes.Macro(name=name, args=arguments, body=body):
                self._scopes[-1][name] = ()
                free: list[nodes.Expr] = [*arguments]
                self._inner(body, [(one, ()) for one in free], ("caller", "varargs", "kwargs"))
            case nodes.CallBlock(call=call, args=arguments, body=body):
                self.evaluate(call)
                self._inner(body, [(one, ()) for one in arguments])
            case nodes.FilterBlock(body=body, filter=used):
                self._inner(body)
                self.evaluate(used)
            case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
                self.flaw("template.syntax", node, problem=_PROBLEMS["file"])
            case nodes.ScopedEvalContextModifier(body=body):
                self.flaw("template.web", node, filter="autoescape")
                self._inner(body)
            case nodes.Scope(body=body) | nodes.Block(body=body):
                self._inner(body)
            case _:
                self.walk(node.iter_child_nodes())

    def _inner(
        self,
        body: Iterable[nodes.Node],
        targets: Iterable[tuple[nodes.Expr, Value]] = (),
        names: Iterable[str] = (),
    ) -> None:
        """A body with names of its own."""
        self._scopes.append(dict.fromkeys(names, ()))
        for target, value in targets:
            self._assign(target, value)
        self.walk(body)
        self._scopes.pop()

    def _assign(self, target: nodes.Node, value: Value) -> None:
        match target:
            case nodes.Name(name=name):
                scope = self._scopes[-1]
                # Behind a condition the name may still be what it was.
                before = self._named(name) if self._branches else None
                scope[name] = (*value, *before) if before else value
            case nodes.Tuple(items=targets) | nodes.List(items=targets):
                for number, one in enumerate(targets):
                    self._assign(one, unpacked(value, number))
            case _:
                self.read(value)

    def _loop(self, node: nodes.For) -> None:
        source = self.evaluate(node.iter)
        if source and all(isinstance(ref.shape, Leaf) for ref in source):
            self.flaw("template.loop", node, tag=text_of(node.iter))
            source = ()
        item = () if node.recursive else self.items(source)
        if node.recursive:
            self.read(source)
        first = item[0] if item else Ref(None, Mark())
        shapes: dict[str, Shape] = dict.fromkeys(_LOOP_FIELDS, Leaf(1))
        if first.shape:
            shapes |= {"previtem": first.shape, "nextitem": first.shape}
        around = Mark({"previtem": first.mark, "nextitem": first.mark})
        self._scopes.append({"loop": (Ref(Group(shapes), around),)})
        branches, self._branches = self._branches, 0
        self._assign(node.target, item)
        self._branches = branches
        if node.test:
            self.truth(self.evaluate(node.test))
        self.walk(node.body)
        self._scopes.pop()
        self._inner(node.else_)

    # --- values -------------------------------------------------------------------------------------------------

    def evaluate(  # noqa: C901, PLR0911, PLR0912 - a case for each kind of expression
        self, node: nodes.Node | None, *, optional: bool = False
    ) -> Value:
        """What an expression may be. `optional`: the template says what is printed where the field is missing."""
        match node:
            case nodes.Name(name=name):
                return self._name(node, name, optional=optional)
            case nodes.Getattr(node=inner, attr=name):
                return self.field(self.evaluate(inner, optional=optional), name, node, optional=optional)
            case nodes.Getitem(node=inner, arg=key):
                return self._element(node, self.evaluate(inner, optional=optional), key, optional=optional)
            case nodes.Filter():
                return filtered(self, node)
            case nodes.Test():
                return self._test(node)
            case nodes.Call():
                return self._call(node)
            case nodes.CondExpr(test=test, expr1=one, expr2=other):
                self.truth(self.evaluate(test))
                return (*self.evaluate(one), *self.evaluate(other))
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                first = self.evaluate(left)
                self.truth(first)
                return (*first, *self.evaluate(right))
            case nodes.Not(node=inner):
                self.truth(self.evaluate(inner))
            case nodes.Add(left=left, right=right):
                values = (*self.evaluate(left), *self.evaluate(right))
                # Lists are joined by it.
                return values if any(isinstance(one.shape, Items) for one in values) else self.read(values)
            case nodes.Concat(nodes=inner_nodes):
                for one in inner_nodes:
                    self.print(one, self.evaluate(one))
            case nodes.List(items=inner_nodes) | nodes.Tuple(items=inner_nodes):
                for one in inner_nodes:
                    self.read(self.evaluate(one))
                return computed()
            case None | nodes.Const() | nodes.TemplateData():
                pass
            case _:
                for child in node.iter_child_nodes():
                    self.read(self.evaluate(child))
        return ()

    def items(self, value: Value) -> Value:
        """What is in lists."""
        found = []
        for ref in value:
            if isinstance(ref.shape, Items) or ref.shape is None:
                found.append(Ref(ref.shape.item if ref.shape else None, ref.mark.each()))
                if ref.shape is None:
                    ref.mark.whole = True
            else:
                ref.mark.whole = True
        return tuple(found)

    def field(self, value: Value, name: str, node: nodes.Node, *, optional: bool = False, tag: str = "") -> Value:
        """The field of a group; a flaw where there is none in any of the values."""
        groups = [ref for ref in value if isinstance(ref.shape, Group) and name in ref.shape.fields]
        found = [Ref(ref.shape.fields[name], ref.mark.child(name)) for ref in groups if isinstance(ref.shape, Group)]
        found += [Ref(None, ref.mark.child(name)) for ref in value if ref.shape is None]
        if found or not value:
            return tuple(found)
        for ref in value:
            # A record may have it all the same.
            ref.mark.child(name).whole = True
        tag = tag or text_of(node)
        known = tuple({one: None for ref in value if isinstance(ref.shape, Group) for one in ref.shape.fields})
        owner = text_of(node.node) if isinstance(node, nodes.Getattr | nodes.Getitem) else tag
        if known:
            self._unknown(node, tag, name, known, optional=optional)
        elif any(isinstance(ref.shape, Items) for ref in value):
            self.flaw("template.list", node, tag=owner, field=name)
        else:
            self.flaw("template.leaf", node, tag=owner, field=name)
        return ()

    def read(self, value: Value) -> Value:
        """Something may be done with all of it."""
        for ref in value:
            ref.mark.whole = True
        return ()

    def truth(self, value: Value) -> None:
        """Whether there is anything: of a list its length is enough."""
        self.read(tuple(ref for ref in value if isinstance(ref.shape, Group) or ref.shape is None))

    def print(self, node: nodes.Node, value: Value) -> None:
        """Put on paper: a list or a group would show its inside."""
        self.read(value)
        if any(isinstance(ref.shape, Group | Items) for ref in value):
            self.flaw("template.whole", node, tag=text_of(node))

    def fault(self, node: nodes.Node) -> Value:
        """A filter or calculation that cannot go well."""
        self.flaw("template.syntax", node, problem=FILTER_FAULT)
        return ()

    def _named(self, name: str) -> Value | None:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        if name in self._shape.fields:
            return (Ref(self._shape.fields[name], self.root.child(name)),)
        return None

    def _name(self, node: nodes.Node, name: str, *, optional: bool) -> Value:
        value = self._named(name)
        if value is not None:
            return value
        self.root.child(name).whole = True
        if name in _CHANCE:
            self.flaw("template.chance", node, filter=name)
        else:
            local = (one for scope in self._scopes for one in scope)
            known = tuple(dict.fromkeys([*local, *self._shape.fields]))
            self._unknown(node, name, name, known, optional=optional)
        return ()

    def _unknown(self, node: nodes.Node, tag: str, name: str, known: tuple[str, ...], *, optional: bool) -> None:
        """A field that does not exist here: the same name elsewhere is likelier meant than a similar one here."""
        elsewhere = [] if "." in tag else [f"{group}.{name}" for group in self._groups_with(name)]
        suggestion = ", ".join(elsewhere[:_MOST_PLACES]) or nearest(name, known)
        code = "template.default" if optional else "template.field"
        self.flaw(code, node, tag=tag, suggestion=suggestion, known=", ".join(known))

    def _groups_with(self, name: str) -> list[str]:
        groups = self._shape.fields.items()
        return [group for group, shape in groups if isinstance(shape, Group) and name in shape.fields]

    def _element(self, node: nodes.Getitem, value: Value, key: nodes.Expr, *, optional: bool) -> Value:
        match key:
            case nodes.Slice():
                self.evaluate(key)
                return value
            case nodes.Const(value=str() as name):
                return self.field(value, name, node, optional=optional)
            case nodes.Const(value=int() as number):
                pairs = unpacked(value, number) if any(isinstance(ref.shape, Group) for ref in value) else ()
                return pairs or self.items(tuple(ref for ref in value if not isinstance(ref.shape, Leaf)))
        self.read(self.evaluate(key))
        self.read(tuple(ref for ref in value if not isinstance(ref.shape, Items)))
        return self.items(tuple(ref for ref in value if isinstance(ref.shape, Items)))

    def _test(self, node: nodes.Test) -> Value:
        if node.name not in self.environment.tests:
            known = sorted(name for name in self.environment.tests if name.isidentifier())
            suggestion = nearest(node.name, known)
            self.flaw("template.test", node, name=node.name, suggestion=suggestion, known=", ".join(known))
        value = self.evaluate(node.node, optional=node.name in {"defined", "undefined"})
        for one in arguments(node):
            self.read(self.evaluate(one))
        return self.read(value)

    def _call(self, node: nodes.Call) -> Value:
        called = node.node
        value: Value = ()
        if isinstance(called, nodes.Getattr):
            value = self._method(node, called)
        elif isinstance(called, nodes.Name) and (called.name == "loop" or called.name in self.environment.globals):
            if called.name in _CHANCE:
                self.flaw("template.chance", node, filter=called.name)
            value = computed() if called.name == "range" else ()
        elif self.evaluate(called):
            self.flaw("template.syntax", node, problem=_PROBLEMS["call"])
        for one in arguments(node):
            self.read(self.evaluate(one))
        return value

    def _method(self, node: nodes.Call, called: nodes.Getattr) -> Value:
        """Calls of what Python's values can do; the sandbox lets through what changes nothing."""
        owner, name = self.evaluate(called.node), called.attr
        is_loop = isinstance(called.node, nodes.Name) and called.node.name == "loop"
        allowed: dict[type, Callable[[str], bool]] = {
            Leaf: lambda one: not one.startswith("_") and hasattr(str, one),
            Group: lambda one: one in (_LOOP_CALLS if is_loop else _GROUP_CALLS),
            Items: lambda one: one in _LIST_CALLS,
        }
        if not all(ref.shape is None or allowed[type(ref.shape)](name) for ref in owner):
            self.flaw("template.syntax", node, problem=_PROBLEMS["call"])
            return ()
        match node.args:
            case [nodes.Const(value=str() as key), *_] if name == "get":
                return self.field(owner, key, node, optional=True, tag=f"{text_of(called.node)}.{key}")
        self.read(owner)
        return computed() if name in _LIST_MAKERS else ()
