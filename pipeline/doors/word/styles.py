"""Styles whose Hangul falls to a font that nobody chose.

A style may name a font for Latin letters alone; Hangul then comes from another style, from the theme, or from
whatever the computer has: the heading of a paper looks different from computer to computer, and in the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from pipeline.doors.word.paragraphs import Paragraph, W, excerpt
from pipeline.model.findings import Cell, Finding, finding

_THEME = "word/theme/theme1.xml"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LATIN_ONLY = re.compile(
    "(?:Arial|Helvetica|Liberation|Roboto|Courier|Segoe|Trebuchet).*"
    "|Aptos|Calibri|Cambria|Carlito|Caladea|Consolas|Georgia|Tahoma|Times New Roman|Verdana"
)
"""Fonts that word processors put into every field of a style, Hangul's too, and that have no Hangul."""
_EAST = (f"{W}eastAsia", f"{W}eastAsiaTheme")
_LATIN = (f"{W}ascii", f"{W}asciiTheme", f"{W}hAnsi", f"{W}hAnsiTheme")
_PRINTED = re.compile("[가-힣]|\\{\\{")


def style_flaws(paragraphs: Sequence[Paragraph], parts: Mapping[str, bytes], cell: Cell) -> Iterator[Finding]:
    """One finding a style, at the first paragraph that shows it."""
    if "word/styles.xml" not in parts:
        return
    sheet = _Sheet(parts)
    told: dict[str, Finding] = {}
    for one in paragraphs:
        if not _PRINTED.search(one.text) or all(_names_east(piece.getparent()) for piece in one.pieces):
            continue
        named = one.element.find(f"{W}pPr/{W}pStyle")
        style = sheet.default if named is None else named.get(f"{W}val", "")
        if style not in told and not sheet.has_hangul(style):
            shown = {"part": one.part, "paragraph": excerpt(one.text), "style": sheet.name(style)}
            told[style] = finding("template.hangul", cell, **shown)
    yield from told.values()


def _names_east(run: Any) -> bool:
    """Whether a run names a font for Hangul itself, or a style of its own."""
    fonts = run.find(f"{W}rPr/{W}rFonts")
    return run.find(f"{W}rPr/{W}rStyle") is not None or (fonts is not None and _east(fonts) != "")


def _east(fonts: Any) -> str:
    return next((str(fonts.get(key)) for key in _EAST if fonts.get(key)), "")


def _splits(fonts: Any) -> bool:
    """Whether a font is named for Latin letters, and Hangul left to the theme."""
    return bool(fonts.get(f"{W}ascii") and not fonts.get(f"{W}eastAsia"))


class _Sheet:
    """The styles of a file."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        root = _parsed(parts["word/styles.xml"])
        self._styles = {one.get(f"{W}styleId", ""): one for one in root.iter(f"{W}style")}
        self._base = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
        self._theme = _parsed(parts[_THEME]) if _THEME in parts else None
        defaults = (name for name, one in self._styles.items() if _is_default(one))
        self.default = next(defaults, "")

    def name(self, style: str) -> str:
        """As Word shows it."""
        element = self._styles.get(style)
        name = element.find(f"{W}name") if element is not None else None
        return str(name.get(f"{W}val")) if name is not None else style

    def has_hangul(self, style: str) -> bool:
        """Whether its Hangul has a font that was chosen together with the one for Latin letters."""
        for fonts in self._chain(style):
            east = _east(fonts)
            if east and not _splits(fonts):
                font = self._font(east, fonts)
                return font != "" and not _LATIN_ONLY.fullmatch(font)
            if east or any(fonts.get(key) for key in _LATIN):
                return False
        return False

    def _font(self, named: str, fonts: Any) -> str:
        """A font's name; of a theme's, what the theme says for Hangul."""
        if fonts.get(f"{W}eastAsia") == named:
            return named
        if self._theme is None or not named.endswith("EastAsia"):
            return ""
        place = "majorFont" if named.startswith("major") else "minorFont"
        of_theme = next(self._theme.iter(f"{_A}{place}"), None)
        if of_theme is None:
            return ""
        east = of_theme.find(f"{_A}ea")
        hangul = next((one for one in of_theme.iter(f"{_A}font") if one.get("script") == "Hang"), None)
        names = (one.get("typeface", "") for one in (east, hangul) if one is not None)
        return next((name for name in names if name), "")

    def _chain(self, style: str) -> Iterator[Any]:
        """Fonts of a style, of what it is based on, and of the whole file."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            element = self._styles[style]
            fonts = element.find(f"{W}rPr/{W}rFonts")
            if fonts is not None:
                yield fonts
            parent = element.find(f"{W}basedOn")
            style = parent.get(f"{W}val", "") if parent is not None else ""
        if self._base is not None:
            yield self._base


def _is_default(style: Any) -> bool:
    return bool(style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"})


def _parsed(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
