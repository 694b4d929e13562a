"""The template author's guide is run: its examples, snippets, fields, commands and pictures are those of the product."""

from __future__ import annotations

import io
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import REPOSITORY, Folder, word
from docx import Document
from lxml import etree

from pipeline.cli import cli
from pipeline.doors.contract import Group, Items, Shape, field_rows, shape_of
from pipeline.doors.tags import make_environment
from pipeline.doors.word import WordTemplate
from pipeline.doors.word_pictures import PICTURE_FILTERS
from pipeline.korean.filters import FILTERS
from pipeline.model.catalogue import CATALOGUE
from pipeline.model.records import field_name
from pipeline.run.album import Album
from pipeline.run.preparing import Prepared, prepare
from pipeline.steps.check_template import Offer, check_template
from pipeline.steps.read_campaign import read_campaign

GUIDES = {"ko": "docs/template-guide.ko.md", "en": "docs/template-guide.md"}
TEXTS = {language: (REPOSITORY / name).read_text(encoding="utf-8") for language, name in GUIDES.items()}
BOTH = pytest.mark.parametrize("guide", TEXTS.values(), ids=TEXTS)
NEW = "reminder"
MOST_BYTES = 120_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_CODE = re.compile(r"`+([^`]+)`+")
_EMU = 36_000


# --- reading the guide -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A fenced block: ```language about."""

    language: str
    about: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def blocks(guide: str) -> list[Block]:
    found = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)\n```$", guide, flags=re.MULTILINE | re.DOTALL)
    return [Block(language, about, tuple(text.split("\n"))) for language, about, text in found]


def cells(line: str) -> list[str]:
    """Of a row of a Markdown table, where a bar inside code is written with a backslash."""
    return [one.strip().replace("\\|", "|") for one in re.split(r"(?<!\\)\|", line)[1:-1]]


def tables(guide: str) -> list[list[list[str]]]:
    """All tables, without the line under their head; fenced blocks are none."""
    plain = re.sub(r"^```.*?^```$", "", guide, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"(?:^\|.*\n)+", plain, flags=re.MULTILINE)
    return [[row for line in one.splitlines() if not set(line) <= set("|-")] for one in map(_rows, found)]


def _rows(table: str) -> Any:
    class Lines(list[str]):
        def splitlines(self) -> list[str]:
            return list(self)

    return Lines(table.splitlines())


def codes(cell: str) -> list[str]:
    return _CODE.findall(cell)


def inline(guide: str) -> list[str]:
    """Code within lines, and lines that are indented as code."""
    plain = re.sub(r"^```.*?^```$", "", guide, flags=re.MULTILINE | re.DOTALL)
    return [one.replace("\\|", "|") for one in _CODE.findall(plain)] + re.findall(
        r"^ {4,}(\S.*)$", plain, flags=re.MULTILINE
    )
