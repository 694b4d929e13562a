"""What a part of a Word file says to people, and in which fonts."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ON_PAGE = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes)\.xml")
"""Names of the parts whose text is printed."""

_SCRIPTS = tuple(f"{{{_W}}}{script}" for script in ("ascii", "hAnsi", "eastAsia"))
_STYLE = re.compile(rb'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"')
_FONTS = re.compile(rb"<w:rFonts[^>]*>")
_FONT = re.compile(rb'w:(?:eastAsia|ascii|hAnsi)="([^"]+)"')
_FACE = re.compile(rb'<a:(?:latin|ea) typeface="([^"+][^"]*)"')
_SPOKEN = {
    "document": "the text",
    "header": "a header",
    "footer": "a footer",
    "footnotes": "the footnotes",
    "core": "the document properties",
}


def spoken(name: str) -> str:
    """A part's name as people who use Word know it (a message id)."""
    stem = re.sub(r"^.*/|\d*\.xml$", "", name)
    return _SPOKEN.get(stem, stem)


def plain_text(xml: str) -> str:
    """The words of a piece of WordprocessingML; a paragraph's end is a line's end."""
    text = re.sub(r"</w:p>|<w:br/>|<w:tab/>", "\n", xml)
    text = re.sub(r"<[^>]+>", "", text)
    for entity, sign in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&quot;", '"'),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, sign)
    return text.strip()


def fonts(pages: Collection[bytes], styles: bytes, charts: Collection[bytes]) -> frozenset[str]:
    """Font families that text on the page may use: those of runs, of the styles in use, and of charts."""
    used = {name.decode() for content in pages for name in _STYLE.findall(content)}
    named = {name.decode() for content in pages for run in _FONTS.findall(content) for name in _FONT.findall(run)}
    faces = {name.decode() for content in charts for name in _FACE.findall(content)}
    return frozenset(_style_fonts(styles, used) | named | faces)


def _style_fonts(styles: bytes, used: set[str]) -> set[str]:
    """Fonts of the styles in use, of those they are based on, and of the defaults."""
    if not styles:
        return set()
    root = etree.fromstring(styles)
    known = {one.get(f"{{{_W}}}styleId"): one for one in root.iter(f"{{{_W}}}style")}
    chain = [one for name, one in known.items() if name in used or one.get(f"{{{_W}}}default") == "1"]
    sources = [one for one in root if one.tag == f"{{{_W}}}docDefaults"]
    while chain:
        style = chain.pop()
        sources.append(style)
        parent = style.find(f"{{{_W}}}basedOn")
        if parent is not None and (base := known.get(parent.get(f"{{{_W}}}val"))) is not None:
            chain.append(base)
    found = [one for source in sources for one in source.iter(f"{{{_W}}}rFonts")]
    return {name for one in found for key in _SCRIPTS if (name := one.get(key))}
