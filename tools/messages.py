"""Messages: all texts that people can meet, the Korean ones beside them, compiled for gettext.

    python -m tools.messages

Run it whenever a text has changed. New texts enter `hyeopyak.po` without a translation, those that are gone move to
its end as `#~`; both are named, and the exit code is 1 until somebody has filled in the first and deleted the second.
`hyeopyak.mo` is compiled in any case. The same texts give the same bytes: neither file holds a date or a line number.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as CatalogMessage
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline.cli import cli
from pipeline.model.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent
PO = ROOT / "pipeline/locale/ko/LC_MESSAGES/hyeopyak.po"
MO = PO.with_suffix(".mo")

_HEADER = {
    "Project-Id-Version": "hyeopyak",
    "Language": "ko",
    "Plural-Forms": "nplurals=1; plural=0;",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
_COMMENT = (
    "# Korean texts of hyeopyak. `python -m tools.messages` keeps the order and the comments; edit `msgstr` only."
)

_SPEAKERS = frozenset({"say", "Failure", "Scene", "Unusable"})
"""What is given to these as a literal is shown, at once or as a finding's `problem`."""
_CONSTANTS = frozenset({"FILTER_FAULT", "_CUT"})
_TABLES = frozenset({"_PROBLEMS", "_SPOKEN", "_SYNTAX", "_WORDS", "_WITHOUT_SUGGESTION"})
"""Tables whose right-hand side is shown."""
_LISTS = frozenset({"Ask", "Doubt", "Edition", "Reached", "Reason", "Stage", "Statement", "Strength", "Thing", "What"})
"""Enumerations whose values are shown."""
_PROBLEM_MAKERS = frozenset({"_problems"})
"""Functions that yield a finding's `problem`."""

# gettext's domain is ours, so click looks its texts up in our catalogue. These are the ones that can be met here.
_CLICK: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "Show the version and exit.",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "No such command {name!r}.",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "Choose from:\n\t{choices}",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
)
# What others say in a finding's `problem`; texts of theirs that are not here are shown as they come.
_FOREIGN = {
    "os": (
        "Permission denied",
        "Operation not permitted",
        "No such file or directory",
        "Not a directory",
        "Is a directory",
        "File exists",
        "File name too long",
        "File too large",
        "No space left on device",
        "Disk quota exceeded",
        "Read-only file system",
        "Input/output error",
        "Device or resource busy",
    ),
    "sqlite3": (
        "file is not a database",
        "database disk image is malformed",
        "database is locked",
        "database or disk is full",
        "disk I/O error",
        "attempt to write a readonly database",
        "unable to open database file",
    ),
    "tomllib": (
        "Cannot overwrite a value",
        "Expected '=' after a key in a key/value pair",
        "Expected ']' at the end of a table declaration",
        "Expected ']]' at the end of an array declaration",
        "Expected newline or end of document after a statement",
        "Illegal character '\\n'",
        "Invalid date or datetime",
        "Invalid initial character for a key part",
        "Invalid statement",
        "Invalid value",
        "Unclosed array",
        "Unclosed inline table",
        "Unescaped '\\' in a string",
        "Unterminated string",
    ),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A text in English, and where it comes from."""

    text: str
    place: str
    """Module, or the library whose text it is."""
    note: str = ""
    """For the translator: the finding's code, what kind of text it is."""
    plural: str = ""


def collect() -> list[Message]:
    """Every text, by place of origin; within a module in its own order."""
    ours = [one for path in sorted((ROOT / "pipeline").rglob("*.py")) for one in _of_module(path)]
    foreign = [Message(text, library, "problem") for library, texts in _FOREIGN.items() for text in texts]
    return [*sorted([*ours, *_of_catalogue(), *_of_help(cli)], key=lambda one: one.place), *_of_click(), *foreign]


def _of_catalogue() -> Iterator[Message]:
    for code, entry in CATALOGUE.items():
        yield Message(entry.message, "pipeline/model/catalogue.py", code)
        if entry.remedy:
            yield Message(entry.remedy, "pipeline/model/catalogue.py", f"{code}, what to do")


def _of_help(command: click.Command) -> Iterator[Message]:
    """Texts of `--help` as `cli` looks them up."""
    place = "pipeline/cli.py"
    context = click.Context(command)
    # Past our own method, which would translate them.
    if isinstance(command, click.Group):
        pieces = click.Group.collect_usage_pieces(command, context)
    else:
        pieces = click.Command.collect_usage_pieces(command, context)
    for piece in pieces:
        yield Message(piece, place, "usage")
    yield Message(" ".join((command.help or "").split()), place, f"help of {command.name}")
    for one in command.params:
        if isinstance(one, click.Option) and one.help and one.help not in _CLICK:
            yield Message(one.help, place, f"help of {one.opts[-1]}")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _of_help(inner)


def _of_click() -> Iterator[Message]:
    for one in _CLICK:
        yield Message(one, "click") if isinstance(one, str) else Message(one[0], "click", plural=one[1])


def _of_module(path: Path) -> Iterator[Message]:
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [pair for node in ast.walk(tree) for pair in _shown(node)]
    for node, note in sorted(found, key=lambda pair: (pair[0].lineno, pair[0].col_offset)):
        # Where a door raises a finding by its code, the catalogue has the text.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in CATALOGUE:
            yield Message(node.value, place, note)


def _shown(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Expressions in a node whose texts people see, if they are literals."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in _SPEAKERS:
            yield first, "" if name == "say" else "problem"
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)) if name in _TABLES:
            yield from ((value, "problem" if name == "_PROBLEMS" else "") for value in values)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=pairs)) if name in _TABLES:
            yield from ((pair.elts[1], "problem") for pair in pairs if isinstance(pair, ast.Tuple))
        case ast.Call(func=ast.Name(id="finding"), keywords=keywords):
            yield from ((one.value, "problem") for one in keywords if one.arg == "problem")
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value) if name in _CONSTANTS:
            yield value, "problem"
        case ast.ClassDef(name=name, body=body) if name in _LISTS:
            yield from ((one.value, "reason") for one in body if isinstance(one, ast.Assign))
        case ast.FunctionDef(name=name) if name in _PROBLEM_MAKERS:
            yield from ((one.value, "problem") for one in ast.walk(node) if isinstance(one, ast.Yield) and one.value)


class _Dateless(Catalog):
    """A catalogue whose header holds what gettext needs, and no dates."""

    mime_headers = property(lambda _: list(_HEADER.items()), lambda _, __: None)


def read() -> Catalog:
    """The catalogue as it lies on disk."""
    with PO.open("rb") as file:
        return read_po(file, locale="ko", abort_invalid=True)


def merge(messages: Iterable[Message], known: Catalog) -> Catalog:
    """All messages in their order with the translations that are known; what is known beside them is obsolete."""
    merged = _Dateless(locale="ko", header_comment=_COMMENT, fuzzy=False)
    old = {_key(one): one for one in [*known.obsolete.values(), *known] if one.id}
    for one in messages:
        former = old.get(one.text)
        merged.add(
            [one.text, one.plural] if one.plural else one.text,
            former.string if former else None,
            locations=[(one.place, 0)],
            auto_comments=[one.note] if one.note else [],
            user_comments=former.user_comments if former else [],
        )
    now = {_key(one) for one in merged}
    merged.obsolete = {key: one for key, one in old.items() if key not in now}
    return merged


def _key(message: CatalogMessage) -> str:
    """A message is known by its English text, that of one thing where it has a plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def missing(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [_key(one) for one in catalog if one.id and not any(one.string or "")]


def as_po(catalog: Catalog) -> bytes:
    """The file people edit."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, include_lineno=False)
    return buffer.getvalue().rstrip() + b"\n"


def as_mo(catalog: Catalog) -> bytes:
    """The file gettext reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> int:
    """Bring both files up to date; 1 while a text is missing or obsolete."""
    catalog = merge(collect(), read())
    PO.write_bytes(as_po(catalog))
    MO.write_bytes(as_mo(catalog))
    troubles = {
        "without a translation": missing(catalog),
        "obsolete, to be deleted": [_key(one) for one in catalog.obsolete.values()],
    }
    for trouble, texts in troubles.items():
        for text in texts:
            print(f"{PO.relative_to(ROOT)}: {trouble}: {text}")
    return 1 if any(troubles.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
