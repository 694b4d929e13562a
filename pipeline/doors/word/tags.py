"""Tags (Jinja): the environment that templates run in, and what is wrong with a tag in words for people.

Sandboxed and autoescaping. A field that does not exist is noted wherever it is used and printed as nothing, so that all
of them come out in one run.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.doors.word.sign_fields import FILTERS as SIGN

Filters = Mapping[str, Callable[..., str]]
Note = Callable[[str, tuple[str, ...]], None]
"""Told the name of a missing field and the fields that stand where it was looked for."""

FAULTS = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    RecursionError,
    AttributeError,
    AssertionError,
)
"""What a template can raise while it renders."""
ANY_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
FILTER_FAULT = "a filter or calculation was given a value that it cannot take"
_SYNTAX = (
    ("Expected an expression", "the signs between the braces do not make sense"),
    ("Unexpected end of template", "a for or if has no end"),
    ("Encountered unknown tag 'end", "an end stands without its beginning"),
    ("Encountered unknown tag", "there is no such command"),
    ("No filter named", "there is no filter of this name"),
    ("unexpected", "the signs between the braces do not make sense"),
    ("nested too deeply", "a tag is nested too deeply"),
    ("expected token", "the signs between the braces do not make sense"),
)


def syntax_problem(message: str) -> str:
    """Jinja's message in our words, where we have them."""
    return next((ours for theirs, ours in _SYNTAX if theirs in message), message)


_LARGEST_POWER = 20
_SIZED = ("center", "indent", "batch", "slice", "wordwrap")
_GROWING = ("replace", "join")
_LONGEST = 10_000
_LONGEST_TEXT = 1_000_000
"""Signs that a tag may make of others: a hundred times what a cell holds."""
_METHODS = frozenset(dir(dict))
_MOST_TURNS = 1_000
"""Of a loop that only counts: empty lines to write on, never more."""


class _Code(CodeGenerator):
    """Jinja's own, but that `~` asks the environment."""

    def visit_Concat(self, node: jinja2.nodes.Concat, frame: Frame) -> None:  # noqa: N802 - a name of Jinja's
        self.write("environment.joined((")
        for one in node.nodes:
            self.visit(one, frame)
            self.write(", ")
        self.write("))")


class _Environment(ImmutableSandboxedEnvironment):
    """Calls what Python itself cannot take, a tag of five hundred brackets, a fault of the template."""

    # A few signs of a tag must not fill the machine's memory; nor are these worked out while a template is compiled.
    intercepted_binops = frozenset({"*", "**", "%", "+"})
    code_generator_class = _Code

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            _bound(_length(left) + _length(right))
            return super().call_binop(context, operator, left, right)
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if not numbers or (operator == "**" and abs(right) > _LARGEST_POWER):
            raise jinja2.TemplateRuntimeError(f"{operator} is for numbers of ordinary size")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Jinja looks for a method of that name first, in vain for every field of a context.
        if type(obj) is dict and attribute in obj and attribute not in _METHODS:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def joined(self, parts: tuple[Any, ...]) -> str:
        """What `~` makes."""
        text = markup_join(parts)
        _bound(len(text))
        return text

    def parse(self, *arguments: Any, **options: Any) -> Any:
        with _shallow():
            return super().parse(*arguments, **options)

    def from_string(self, *arguments: Any, **options: Any) -> Any:
        with _shallow():
            return super().from_string(*arguments, **options)


@contextlib.contextmanager
def _shallow() -> Iterator[None]:
    try:
        yield
    except (RecursionError, MemoryError, SyntaxError):
        raise jinja2.TemplateSyntaxError("nested too deeply", 1) from None
    except ValueError:  # a number of more than 4,300 digits
        raise jinja2.TemplateSyntaxError("unexpected", 1) from None


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple)) else 0


def _bound(length: int) -> None:
    if length > _LONGEST_TEXT:
        raise jinja2.TemplateRuntimeError("too long")


def make_environment(filters: Filters, note: Note, bound: Filters = MappingProxyType({})) -> jinja2.Environment:
    """Sandboxed, autoescaping; a missing field is noted and printed as nothing, so that all come out at once.

    Args:
        filters: functions of their arguments alone, beside those of signature boxes.
        note: told of missing fields.
        bound: filters that do something besides: they are called when a document is rendered, not before.
    """

    class Missing(jinja2.ChainableUndefined):
        """Notes its name whenever a template uses it."""

        def _note(self) -> None:
            _tell(note, self._undefined_name, self._undefined_obj)

        def __str__(self) -> str:
            self._note()
            return ""

        def __iter__(self) -> Iterator[Any]:
            self._note()
            return iter(())

        def __bool__(self) -> bool:
            self._note()
            return False

        def __len__(self) -> int:
            self._note()
            return 0

        def _compare(self, _: object) -> bool:
            self._note()
            return False

        __eq__ = __ne__ = __contains__ = _compare
        __lt__ = __le__ = __gt__ = __ge__ = _compare  # type: ignore[assignment]
        __hash__ = jinja2.Undefined.__hash__

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            self._note()
            return self

        def __getitem__(self, name: Any) -> Any:
            self._note()
            return self

    # trim_blocks and the like stay off: docxtpl's preparation expects Jinja's defaults.
    environment = _Environment(autoescape=True, undefined=Missing)
    _restrict(environment)
    environment.filters.update({name: _guarded(function) for name, function in {**SIGN, **filters}.items()})
    environment.filters.update({name: _late(_guarded(function)) for name, function in bound.items()})
    return environment


def _restrict(environment: jinja2.Environment) -> None:
    """Take away of Jinja's own what no paper needs, and what makes texts of any length."""
    for name in ("lipsum", "cycler", "joiner"):
        del environment.globals[name]
    del environment.filters["format"]
    environment.globals["range"] = _counted
    for name in _SIZED:
        environment.filters[name] = _bounded(environment.filters[name])
    for name in _GROWING:
        environment.filters[name] = _grown(environment.filters[name])


def _counted(*bounds: int) -> range:
    """Numbers in turn, for lines to write on."""
    turns = range(*bounds)
    if len(turns) > _MOST_TURNS:
        raise jinja2.TemplateRuntimeError("too long")
    return turns


def _grown(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's that puts texts into texts: what it could make at most is worked out before."""

    @functools.wraps(function)
    def call(scope: Any, value: Any, *arguments: Any, **options: Any) -> Any:
        items = list(value) if isinstance(value, Iterator) else value
        _bound((_length(items) or 1) * max(1, *map(_length, (*arguments, *options.values())), 1))
        made = function(scope, items, *arguments, **options)
        _bound(_length(made))
        return made

    return call


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's whose result is as long as one says: of a length that fits on pages."""

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        if any(isinstance(one, int) and one > _LONGEST for one in (*arguments, *options.values())):
            raise jinja2.TemplateRuntimeError("too long")
        return function(*arguments, **options)

    return call


def _tell(note: Note, name: Any, owner: Any) -> None:
    """Note a missing field. Without a name nothing was asked for: an if without else, the first of an empty list."""
    if name is not None:
        note(str(name), tuple(owner) if isinstance(owner, Mapping) else ())


def _guarded(function: Callable[..., str]) -> Callable[..., str]:
    """The filter, spared from fields that are missing: those are noted by being printed."""

    def call(value: Any, *arguments: Any, **options: Any) -> str:
        return str(value) if isinstance(value, jinja2.Undefined) else function(value, *arguments, **options)

    return call


def _late(function: Callable[..., str]) -> Callable[..., str]:
    """The filter, hidden from Jinja's optimiser, which else calls one with constant arguments while compiling."""

    @jinja2.pass_context
    def call(_: object, *arguments: Any, **options: Any) -> str:
        return function(*arguments, **options)

    return call


def line_of(text: str, number: int | None) -> str:
    """The line of a number that counts from 1; the nearest one for a number outside the text."""
    lines = text.split("\n")
    return lines[min(max((number or 1) - 1, 0), len(lines) - 1)]


def opener(text: str) -> str:
    """The line of the last for or if that nothing ends."""
    open_lines: list[str] = []
    for line in text.split("\n"):
        for tag in re.findall(r"\{%-?\s*(end)?(?:for|if)\b", line):
            if not tag:
                open_lines.append(line)
            elif open_lines:
                open_lines.pop()
    return open_lines[-1] if open_lines else text


def frames(error: Exception) -> Iterator[Any]:
    """Traceback entries, from the outermost in."""
    frame = error.__traceback__
    while frame is not None:
        yield frame
        frame = frame.tb_next
