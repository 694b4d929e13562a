"""The contract checked: the tags of each part against what the kind offers, with the paragraph they stand in.

A source is a part as docxtpl prepares it, a paragraph a line. Tags are looked at one by one first, so that one that
cannot be understood does not hide the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import jinja2

from pipeline.doors.word.contract import Group, Used
from pipeline.doors.word.contract_values import Flaw
from pipeline.doors.word.contract_walk import Walker
from pipeline.doors.word.tags import make_environment, syntax_problem
from pipeline.doors.word.text import plain_text
from pipeline.model.findings import Param

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_COMMAND = re.compile(r"\{%[-+]?\s*(\w+)")
_BLOCKS = ("for", "if", "set", "macro", "call", "filter", "with", "autoescape", "block")
_MIDDLES = {"else": ("for", "if"), "elif": ("if",)}
_LEVELS = frozenset({"p", "tr", "tc", "r"})
_PROBLEMS = {
    "no end": "a for or if has no end",
    "no beginning": "an end stands without its beginning",
    "no if": "an else stands without its if",
    "deep": "a tag is nested too deeply",
    "space": "p, tr, tc or r has to stand right after the percent sign, without a space",
    "table": "a tr or tc command stands outside a table",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a tag: a finding without its file."""

    code: str
    paragraph: str
    """Its text; the tag alone where it stands for a whole paragraph, row or cell."""
    tag: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Tag:
    text: str
    paragraph: str

    @property
    def command(self) -> str:
        """The first word of a command; empty for what is printed."""
        match = _COMMAND.match(self.text)
        return match[1] if match else ""


def check_fields(source: str, environment: jinja2.Environment, shape: Group | None) -> list[Fault]:
    """What is wrong with the tags of a part.

    Args:
        source: as `WordTemplate.sources()` gives it.
        environment: the one it is rendered in, for its filters and tests.
        shape: what the kind offers; None: only what needs no knowledge of fields.
    """
    tags = list(_tags(source))
    faults = list(_syntax(tags, environment))
    # What is to be printed and cannot be understood is left out: the rest is looked at all the same.
    printed = {one.text for one in tags if not one.command and _problem(one, environment)}
    lined = _TAG.sub(lambda tag: "\n" + _in_line("{{ 0 }}" if tag[0] in printed else tag[0]), _in_line(source))
    walker = Walker(environment, shape or Group({}))
    try:
        walker.walk(environment.parse(lined).body)
    except RecursionError:
        return faults or [_placed(tags, Flaw("template.syntax", 1, {"problem": _PROBLEMS["deep"]}))]
    except jinja2.TemplateSyntaxError as error:
        problem = syntax_problem(error.message or "?")
        return faults or [_placed(tags, Flaw("template.syntax", error.lineno, {"problem": problem}))]
    found = [_placed(tags, one) for one in walker.flaws if shape or one.code not in _OF_FIELDS]
    return list({(one.code, one.paragraph, *map(str, one.params.values())): one for one in [*faults, *found]}.values())


def used(sources: Iterable[tuple[str, str]], shape: Group, paths: Iterable[str] = ()) -> Used:
    """What all parts together read. Sources that cannot be understood read nothing: they are never rendered.

    Args:
        sources: as `WordTemplate.sources()` gives them.
        shape: what the kind offers.
        paths: fields with dots that are read otherwise, by charts, all that is in them.
    """
    environment = make_environment({}, lambda _name, _known: None)
    walker = Walker(environment, shape)
    for path in paths:
        mark = walker.root
        for name in path.split("."):
            mark = mark.child(name)
        mark.whole = True
    for _, source in sources:
        try:
            walker.walk(environment.parse(source).body)
        except jinja2.TemplateSyntaxError:
            continue
        except RecursionError:
            return Used(whole=True)
    return walker.root.frozen()


_OF_FIELDS = frozenset({"template.field", "template.default"})


def _in_line(text: str) -> str:
    """Without comments and line ends, so that with each tag on a line of its own a flaw's line tells its tag."""
    return _COMMENT.sub("", text).replace("\n", " ")


def _tags(source: str) -> Iterator[_Tag]:
    """Tags in order, each with its paragraph."""
    source = _COMMENT.sub("", source)
    for match in _TAG.finditer(source):
        start = source.rfind("</w:p>", 0, match.start())
        start = max(start + len("</w:p>") if start >= 0 else 0, source.rfind("\n", 0, match.start()) + 1)
        end = source.find("</w:p>", match.end())
        around = source[start : end if end >= 0 else len(source)]
        paragraph = plain_text(around) if "<w:p" in source[start : match.start()] else match[0]
        yield _Tag(match[0], paragraph or match[0])


def _placed(tags: Sequence[_Tag], flaw: Flaw) -> Fault:
    # Line 1 is what stands before the first tag.
    one = tags[min(max(flaw.line - 2, 0), len(tags) - 1)] if tags else _Tag("", "")
    return Fault(flaw.code, one.paragraph, one.text, flaw.params)


def _syntax(tags: Sequence[_Tag], environment: jinja2.Environment) -> Iterator[Fault]:
    """Tags that cannot be understood; beginnings and ends that do not meet."""
    if any(one.command == "raw" for one in tags):
        return
    open_tags: list[_Tag] = []
    for one in tags:
        problem = _problem(one, environment) or _balance(one, open_tags)
        if problem:
            yield Fault("template.syntax", one.paragraph, one.text, {"problem": problem})
    for one in open_tags:
        yield Fault("template.syntax", one.paragraph, one.text, {"problem": _PROBLEMS["no end"]})


def _balance(tag: _Tag, open_tags: list[_Tag]) -> str:
    """What is wrong with a command's place among those that are open; empty: nothing."""
    command = tag.command
    if command in _MIDDLES and not (open_tags and open_tags[-1].command in _MIDDLES[command]):
        return _PROBLEMS["no if"]
    if command.startswith("end") and command[3:] in _BLOCKS:
        last = open_tags.pop().command if open_tags else ""
        return "" if last == command[3:] else _PROBLEMS["no beginning"]
    if command in _BLOCKS and not (command == "set" and "=" in tag.text):
        open_tags.append(tag)
    return ""


def _problem(tag: _Tag, environment: jinja2.Environment) -> str:
    """What is wrong with a tag by itself; empty: nothing."""
    command = tag.command
    if command in _LEVELS:
        return _PROBLEMS["table" if tag.text.startswith(f"{{%{command} ") else "space"]
    text = tag.text
    if command in _MIDDLES or (command.startswith("end") and command[3:] in _BLOCKS):
        text = "" if command != "elif" else "{% if 1 %}" + text + "{% endif %}"
    elif command in _BLOCKS and not (command == "set" and "=" in text):
        text += "{% end" + command + " %}"
    try:
        environment.parse(text)
    except jinja2.TemplateSyntaxError as error:
        return syntax_problem(error.message or "?")
    return ""
