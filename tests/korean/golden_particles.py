"""Reads `particles.tsv`, the golden cases of particles."""

import re
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("particles.tsv")


class Case(NamedTuple):
    rule: str
    text: str
    pair: str
    expected: str
    line: int


def cases() -> list[Case]:
    found, rule = [], ""
    for line, row in enumerate(FILE.read_text("utf-8").splitlines(), start=1):
        if row.startswith("#"):
            rule = row.removeprefix("# ")
        else:
            text, pair, expected = (_unescape(cell) for cell in row.split("\t"))
            found.append(Case(rule, text, pair, expected, line))
    return found


def _unescape(cell: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), cell)
