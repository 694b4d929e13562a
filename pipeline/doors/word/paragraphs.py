"""Tags as they stand in a Word file, before docxtpl prepares it: in which paragraph, over which runs, in which block.

Only here can be seen what preparing takes away: the paragraph around a command, the runs that a tag is cut into, where
in the tree a loop begins and ends.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HEAD = re.compile(r"\{[{%#][-+]?(?:(p|tr|tc|r) )?\s*(\w*)\s*(.*?)\s*[-+]?[}%#]\}$", re.DOTALL)
_ITERATED = re.compile(r"^.+?\bin\s+(.+)$", re.DOTALL)
_SIZE = re.compile(r"\s*\|\s*length\s*(?:>\s*0)?$")
_MOST_CASES = 64
_MOST_SHOWN = 80
_BEFORE = 20


def excerpt(paragraph: str, tag: str = "") -> str:
    """As much of a paragraph as is shown: its beginning, or what is around a tag further on."""
    text = paragraph.strip()
    start = text.find(tag)
    if start + len(tag) <= _MOST_SHOWN:
        return text[:_MOST_SHOWN]
    start = max(start - _BEFORE, 0)
    return f"…{text[start : start + _MOST_SHOWN - 1]}"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and its own text; that of text boxes in it is not its own."""

    part: str
    """As people who use Word know it."""
    element: Any

    @cached_property
    def pieces(self) -> list[Any]:
        """Elements that hold its text."""
        own = self.element
        return [one for one in own.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is own]

    @cached_property
    def text(self) -> str:
        """All of it."""
        return "".join(one.text or "" for one in self.pieces)

    @cached_property
    def tags(self) -> list[Tag]:
        """Those that begin and end in it."""
        if "{" not in self.text:
            return []
        return [Tag(match[0], self, match.start(), match.end()) for match in TAG.finditer(self.text)]

    @cached_property
    def rest(self) -> str:
        """Its text without tags."""
        return TAG.sub("\n", self.text) if self.tags else self.text


@dataclass(frozen=True)
class Tag:
    """`{{ … }}`, `{% … %}` or `{# … #}`."""

    text: str
    paragraph: Paragraph
    start: int
    end: int

    @cached_property
    def _head(self) -> tuple[str, str, str]:
        match = _HEAD.match(self.text)
        return (match[1] or "", match[2], match[3]) if match else ("", "", "")

    @property
    def level(self) -> str:
        """`p`, `tr`, `tc`: stands for that whole element; `r`; empty for a plain tag."""
        return self._head[0]

    @property
    def command(self) -> str:
        """`for`, `endif`; empty where something is printed."""
        return self._head[1] if self.text.startswith("{%") else ""

    @property
    def listed(self) -> str:
        """What a for goes through, what an if asks whether it is there."""
        rest = self._head[2]
        match = _ITERATED.match(rest) if self.command == "for" else None
        return _SIZE.sub("", match[1] if match else rest).strip()

    @cached_property
    def pieces(self) -> list[Any]:
        """Elements that hold it."""
        found, place = [], 0
        for one in self.paragraph.pieces:
            length = len(one.text or "")
            if place < self.end and place + length > self.start:
                found.append(one)
            place += length
        return found

    @property
    def element(self) -> Any:
        """The element that docxtpl puts it in the place of; None where there is none."""
        if self.level in {"tr", "tc"}:
            return next(self.paragraph.element.iterancestors(f"{W}{self.level}"), None)
        return self.paragraph.element

    @property
    def is_placed(self) -> bool:
        """Whether there is an element that it stands for."""
        return self.element is not None


def paragraphs(part: str, root: Any) -> list[Paragraph]:
    """All of a part, those in tables and text boxes too, in order."""
    return [Paragraph(part, one) for one in root.iter(f"{W}p")]


def meets(begin: Tag, end: Tag) -> bool:
    """Whether what stands between two commands is whole elements, so that it can be left out or repeated."""
    if begin.level in {"p", "tr", "tc"} or end.level in {"p", "tr", "tc"}:
        one, other = begin.element, end.element
        return begin.level == end.level and one is not None and other is not None and _siblings(one, other)
    one, other = begin.pieces[0].getparent(), end.pieces[0].getparent()
    if begin.paragraph is end.paragraph:
        return _siblings(one, other)
    within = one.getparent() is begin.paragraph.element and other.getparent() is end.paragraph.element
    return within and _siblings(begin.paragraph.element, end.paragraph.element)


def _siblings(one: Any, other: Any) -> bool:
    return one.getparent() is other.getparent()


@dataclass(frozen=True)
class Step:
    """A place on the way through a part: a paragraph, or in it a tag that begins, parts or ends a block."""

    paragraph: Paragraph
    tag: Tag | None
    depth: int
    """Blocks that are open."""
    certain: frozenset[str]
    """Conditions that hold here."""
    begin: Tag | None = None
    """Of a tag that parts or ends a block: the one that began it."""


_BLOCKS = frozenset({"for", "if"})


def way(all_paragraphs: Iterable[Paragraph]) -> Iterator[Step]:
    """Through a part: each paragraph, and each command of a block, with the blocks around it."""
    open_tags: list[Tag] = []
    # Behind an else the condition does not hold.
    holding: list[str] = []
    for paragraph in all_paragraphs:
        yield Step(paragraph, None, len(open_tags), frozenset(holding))
        for tag in paragraph.tags:
            if tag.command in _BLOCKS:
                open_tags.append(tag)
                holding.append(tag.listed if tag.command == "if" else "")
            elif tag.command in {"else", "elif"} and open_tags:
                holding[-1] = ""
                yield Step(paragraph, tag, len(open_tags), frozenset(holding), open_tags[-1])
            elif tag.command.startswith("end") and tag.command[3:] in _BLOCKS and open_tags:
                holding.pop()
                yield Step(paragraph, tag, len(open_tags), frozenset(holding), open_tags.pop())


@dataclass
class _Frame:
    """A block that is being read."""

    begin: Tag | None
    branches: list[bool]
    """Whether each branch keeps one; the last is the one being read."""
    holds: str = ""
    """The condition, in the branch where it holds."""
    has_else: bool = False


def keeps_one(children: Iterable[Any], commands: dict[Any, list[Tag]], certain: frozenset[str]) -> bool:
    """Whether at least one of some elements is left, whatever the data.

    Args:
        children: rows of a table, or paragraphs of a cell.
        commands: by element, the commands that stand for it as a whole; such an element is never left itself.
        certain: lists and values known to be there.
    """
    frames = [_Frame(None, [False])]
    for child in children:
        if child not in commands:
            frames[-1].branches[-1] = True
        for tag in commands.get(child, ()):
            if tag.command in _BLOCKS:
                frames.append(_Frame(tag, [False], tag.listed if tag.command == "if" else ""))
            elif tag.command in {"else", "elif"} and len(frames) > 1:
                frames[-1].branches.append(False)
                frames[-1].holds = ""
                frames[-1].has_else |= tag.command == "else"
            elif tag.command.startswith("end") and len(frames) > 1:
                last = frames.pop()
                # Without an else there has to be something to repeat, or the condition has to hold.
                sure = last.has_else or any(
                    last.begin is not None and _implies(one, last.begin.listed)
                    for one in (*certain, *(frame.holds for frame in frames))
                )
                if sure and all(last.branches):
                    frames[-1].branches[-1] = True
    return frames[0].branches[-1]


def _implies(condition: str, wanted: str) -> bool:
    """Whether something is there in every case in which a condition holds."""
    return bool(condition) and all(wanted in case for case in cases(condition))


def cases(condition: str) -> list[frozenset[str]]:
    """What is there when a condition holds, in each of the cases that its `or` makes.

    Jinja's conditions are Python's as far as this goes; what is not stands as it is.
    """
    try:
        return _cases(ast.parse(condition, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return [frozenset({condition})]


def _cases(node: ast.expr) -> list[frozenset[str]]:
    match node:
        case ast.BoolOp(op=ast.Or(), values=values):
            return [case for value in values for case in _cases(value)]
        case ast.BoolOp(values=values):
            parts = [_cases(value) for value in values]
            # Of too many cases nothing is said.
            few = math.prod(map(len, parts)) <= _MOST_CASES
            return [frozenset().union(*case) for case in itertools.product(*parts)] if few else [frozenset()]
        case _:
            return [frozenset({_SIZE.sub("", ast.unparse(node)).strip()})]
