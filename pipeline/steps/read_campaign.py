"""Step 1, read, first part: `inputs/campaign.toml`. All that is wrong comes out in one run, by line.

Enters: the campaign folder. Leaves: `Campaign`, findings.
"""

from __future__ import annotations

import datetime
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.doors import files
from pipeline.korean.similar import nearest
from pipeline.model.campaign import Campaign, Each, Kind, Signer
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding

CAMPAIGN_FILE = "inputs/campaign.toml"
_LARGEST = 10_000_000
"""Bytes: the sample's is a thousandth of it."""
BLANK, BLANK_DATE = "○○○", datetime.date(2000, 1, 1)
"""What a new campaign's settings hold where everybody has to write something of their own."""
_TAG = re.compile(r"\{[{%#_]|[}%#_]\}")
_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_HEADING = re.compile(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]\]?")
_ENTRY = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
Steps = tuple[str | int, ...]
"""The way to an entry: `('kinds', 'agreement', 'copies')`, `('organisations', 0, 'name')`."""

# pydantic's error types, in our words; texts that are not here are shown as pydantic has them.
_PROBLEMS = {
    "missing": "it is missing",
    "date_type": "not a date; write it as 2018-05-23, without quotation marks",
    "date_from_datetime_parsing": "not a date; write it as 2018-05-23, without quotation marks",
    "date_parsing": "not a date; write it as 2018-05-23, without quotation marks",
    "string_type": "not a text in quotation marks",
    "string_too_short": "it is empty",
    "string_pattern_mismatch": "it holds signs that are not allowed here (capital letters A-Z, digits, dot, hyphen)",
    "int_type": "not a whole number",
    "int_from_float": "not a whole number",
    "dict_type": "not a group of entries",
    "date_from_datetime_inexact": "not a date; write it as 2018-05-23, without quotation marks",
    "int_parsing": "not a whole number",
    "greater_than_equal": "the number is too small",
    "too_short": "at least one entry is needed",
    "tuple_type": "not a list",
    "mapping_type": "not a group of entries",
    "bool_type": "neither true nor false",
    "bool_parsing": "neither true nor false",
    "model_type": "not a group of entries",
    "value_error": "it must be a path inside the campaign folder",
}


def read_campaign(folder: Path) -> tuple[Campaign | None, list[Finding]]:
    """`inputs/campaign.toml`, or None and what is wrong with it.

    Raises:
        Trouble: campaign.missing, file.unreadable.
    """
    here = Cell(CAMPAIGN_FILE)
    try:
        text = settings_text(folder)
        campaign = Campaign.model_validate(_loaded(text))
    except FileNotFoundError:
        raise Trouble(finding("campaign.missing", here)) from None
    except OSError as error:
        raise Trouble(finding("file.unreadable", here, problem=str(error.strerror))) from error
    except UnicodeDecodeError as error:
        return None, [finding("campaign.encoding", here, byte=error.start + 1)]
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(error, text)]
    except ValidationError as error:
        # An entry that is wrong inside makes pydantic complain of its list, too.
        told = [one["loc"] for one in error.errors()]
        inner = [one for one in error.errors() if not any(one["loc"] == loc[: len(one["loc"])] != loc for loc in told)]
        lines = _lines(text)
        return None, [_entry(one, lines) for one in inner]
    lines = _lines(text)
    findings = list(_rules(campaign, lines))
    # The tables of a campaign that has just begun can be read, so all there is to fill in is told in one run.
    return (None if findings else campaign), [*findings, *_unfilled(campaign, lines)]


def settings_text(folder: Path) -> str:
    """The text of `campaign.toml`, with line ends of any system.

    Raises:
        OSError: it cannot be read, is no regular file, or too large.
        UnicodeDecodeError: it is not UTF-8.
    """
    blob = files.whole(folder / CAMPAIGN_FILE, _LARGEST)
    return io.StringIO(blob.decode("utf-8-sig"), newline=None).read()


def _loaded(text: str) -> dict[str, Any]:
    """TOML; what Python itself cannot take is no TOML either.

    Raises:
        tomllib.TOMLDecodeError
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("Nested too deeply") from None
    except ValueError:  # a number of more than 4,300 digits
        raise tomllib.TOMLDecodeError("A number is too long") from None


def located(folder: Path, findings: Sequence[Finding]) -> list[Finding]:
    """Findings of later steps about a kind's entry, with the line it stands on."""
    asked = [one.cell == Cell(CAMPAIGN_FILE) and "kind" in one.params for one in findings]
    if not any(asked):
        return list(findings)
    lines = _lines(settings_text(folder))
    return [
        replace(one, cell=_at(lines, ("kinds", str(one.params["kind"]), str(one.params.get("entry", "file")))))
        if here
        else one
        for one, here in zip(findings, asked, strict=True)
    ]


def _lines(text: str) -> dict[Steps, int]:
    """The line, from 1, of every heading and entry. Inside strings of several lines it may see entries; none matter."""
    lines: dict[Steps, int] = {}
    counts: dict[Steps, int] = {}
    above: Steps = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            above = _names(heading[2])
            if heading[1] == "[[":
                counts[above] = counts.get(above, -1) + 1
                above = (*above, counts[above])
            lines.setdefault(above, number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*above, *_names(entry[1])), number)
    return lines


def _names(dotted: str) -> Steps:
    return tuple(one.strip("\"'") for one in re.findall(_KEY, dotted))


def _at(lines: Mapping[Steps, int], steps: Sequence[str | int]) -> Cell:
    """The line of an entry, or of the nearest one around it that stands in the file."""
    around = (tuple(steps[:length]) for length in range(len(steps), 0, -1))
    return Cell(CAMPAIGN_FILE, row=next((lines[one] for one in around if one in lines), 0))


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> Finding:
    """What is no TOML, with its line; where the file ended too early, the last line with text."""
    line = re.search(r"line (\d+)", str(error))
    row = int(line[1]) if line else text.rstrip().count("\n") + 1
    # A value that ends with its line is told at the beginning of the next.
    if line and re.search(r"column 1\)", str(error)):
        row -= 1
    problem = re.sub(r" \(at .*", "", str(error))
    return finding("campaign.syntax", Cell(CAMPAIGN_FILE, row=row), line=row, problem=problem)


def _entry(error: ErrorDetails, lines: Mapping[Steps, int]) -> Finding:
    """What pydantic says of an entry, in our words."""
    steps = error["loc"]
    key, where = ".".join(map(str, steps)), _at(lines, steps)
    if error["type"] == "extra_forbidden":
        known = list(_part(steps[:-1]).model_fields)
        close = nearest(str(steps[-1]), known)
        return finding("campaign.unknown", where, key=key, suggestion=close, known=", ".join(known))
    if error["type"] in {"enum", "literal_error"}:
        allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        value = str(error["input"])
        close = nearest(value, allowed)
        return finding("campaign.choice", where, key=key, value=value, allowed=", ".join(allowed), suggestion=close)
    return finding("campaign.value", where, key=key, problem=_PROBLEMS.get(error["type"], error["msg"]))


def _part(steps: Sequence[str | int]) -> Any:
    """The model of the group of entries at the end of this way."""
    part: Any = Campaign
    for step in steps:
        field = part.model_fields.get(step)
        # Names of kinds and numbers of lists are no fields: they stand for what is below them.
        part = next(_models(field.annotation), part) if field else part
    return part


def _models(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _rules(campaign: Campaign, lines: Mapping[Steps, int]) -> Iterator[Finding]:
    """What single entries do not tell."""
    letters: dict[str, str] = {}
    for name, kind in campaign.kinds.items():
        if kind.letter in letters:
            where = _at(lines, ("kinds", name, "letter"))
            yield finding("kind.letter", where, kind=name, letter=kind.letter, other=letters[kind.letter])
        letters.setdefault(kind.letter, name)
        for entry, found in _kind_rules(campaign, name, kind):
            yield Finding(found.code, _at(lines, ("kinds", name, entry)), found.params)
    for steps, text in _strings(campaign.model_dump(exclude={"tables"}), ()):
        # A file-name pattern has single braces of its own.
        if _TAG.search(text) and steps[-1] != "file":
            yield finding("campaign.tag", _at(lines, steps), key=".".join(map(str, steps)))


_SIGNS = {Signer.CANDIDATE: Each.CANDIDATE, Signer.PARTY: Each.PARTY, Signer.BODY: Each.BODY}


def _kind_rules(campaign: Campaign, name: str, kind: Kind) -> Iterator[tuple[str, Finding]]:
    """Entries of a kind that do not go together, with the name of the entry to look at."""
    if "{번호}" not in kind.pattern:
        yield "file", finding("kind.file", kind=name)
    for each in kind.for_each:
        if each.table and not getattr(campaign.tables, each.table):
            yield "for_each", finding("kind.table", kind=name, each=each.value, table=each.table)
        if kind.roll and not (each.is_area and campaign.tables.activists):
            yield "roll", finding("kind.roll", kind=name, each=each.value)
        for signer in kind.signers:
            if _SIGNS.get(signer, each) is not each:
                yield "signers", finding("kind.signer", kind=name, each=each.value, signer=signer.value)


def _unfilled(campaign: Campaign, lines: Mapping[Steps, int]) -> Iterator[Finding]:
    """What `init` has left for somebody to write."""
    for steps, text in _strings(campaign.model_dump(mode="json"), ()):
        if BLANK in text or text == BLANK_DATE.isoformat():
            key = ".".join(map(str, steps))
            yield finding("campaign.placeholder", _at(lines, steps), key=key, value=text)


def _strings(value: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _strings(inner, (*steps, name))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _strings(inner, (*steps, number))
