"""Loops and conditions that cut a Word file: through cells and sections, or down to a table without rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.doors.word.paragraphs import Paragraph, Step, Tag, W, cases, excerpt, keeps_one, meets, way
from pipeline.model.findings import Cell, Finding, finding

_PROBLEMS = {
    "table": "a tr or tc command stands outside a table",
    "box": "a command of the whole paragraph, row or cell stands beside a text box or a table in it",
}
_LEVELS = ("p", "tr", "tc")


def block_flaws(paragraphs: Sequence[Paragraph], cell: Cell) -> Iterator[Finding]:
    """Of one part; its tags have to be closed in their paragraphs."""
    steps = list(way(paragraphs))
    placed = [one for one in steps if one.begin and one.tag and one.begin.is_placed and one.tag.is_placed]
    cut = [one.begin for one in placed if one.begin and one.tag and not meets(one.begin, one.tag)]
    yield from (_told("template.cut", one.paragraph, cell) for one in cut)
    for step in steps:
        if step.tag is None and step.paragraph.element.find(f"{W}pPr/{W}sectPr") is not None:
            own = any(tag.level == "p" for tag in step.paragraph.tags)
            if own or step.depth:
                yield _told("template.section", step.paragraph, cell)
    for paragraph in paragraphs:
        for tag in paragraph.tags:
            if tag.level in _LEVELS:
                yield from _misplaced(tag, cell)
    if not cut:
        yield from _emptied(steps, cell)


def _told(code: str, paragraph: Paragraph, cell: Cell, **params: str) -> Finding:
    return finding(code, cell, part=paragraph.part, paragraph=excerpt(paragraph.text), **params)


def _misplaced(tag: Tag, cell: Cell) -> Iterator[Finding]:
    """A command that stands for an element which it has not, or which holds others of its kind."""
    element = tag.element
    if element is None:
        yield _told("template.place", tag.paragraph, cell, problem=_PROBLEMS["table"])
    elif sum(1 for _ in element.iter(f"{W}{tag.level}")) > 1:
        yield _told("template.place", tag.paragraph, cell, problem=_PROBLEMS["box"])


_HOLDERS = {
    f"{W}{holder}": (level, code)
    for holder, level, code in (
        ("tbl", "tr", "template.rows"),
        ("tr", "tc", "template.columns"),
        ("tc", "p", "template.cell"),
        ("hdr", "p", "template.cell"),
        ("ftr", "p", "template.cell"),
        ("footnote", "p", "template.cell"),
        ("txbxContent", "p", "template.cell"),
    )
}
"""What must not be left empty, of what, and how that is told."""


def _emptied(steps: Sequence[Step], cell: Cell) -> Iterator[Finding]:
    """Tables that can lose all rows, rows all cells, cells all paragraphs: Word calls such a file broken."""
    commands: dict[str, dict[Any, list[Tag]]] = {level: {} for level in _LEVELS}
    holders: dict[Any, frozenset[str]] = {}
    for step in steps:
        for tag in step.paragraph.tags if step.tag is None else ():
            if tag.level in commands and tag.element is not None:
                commands[tag.level].setdefault(tag.element, []).append(tag)
        for holder in step.paragraph.element.iterancestors(*_HOLDERS):
            holders.setdefault(holder, step.certain)
    for holder, certain in holders.items():
        level, code = _HOLDERS[holder.tag]
        children = _own(holder, level)
        told = [tag for child in children for tag in commands[level].get(child, ())]
        conditions = " and ".join(f"({one})" for one in sorted(certain) if one)
        if told and not all(keeps_one(children, commands[level], case) for case in cases(conditions or "True")):
            yield _told(code, told[0].paragraph, cell)


def _own(holder: Any, level: str) -> list[Any]:
    """The rows of a table, or the paragraphs of a cell; not those of what is in them."""
    return [one for one in holder.iter(f"{W}{level}") if next(one.iterancestors(*_HOLDERS)) is holder]
