"""Hanja in papers set in Nanum Myeongjo, which has none: their runs get a font that does, by code point.

Left to fallback, LibreOffice takes Noto Sans CJK JP whatever `w:lang` says (measured, 7.4.7). UnBatang holds exactly
the hanja of KS X 1001, compatibility ideographs included; Noto Serif CJK KR has the rest.
"""

from __future__ import annotations

import copy
import re
from itertools import groupby
from typing import Any

_HANJA = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
COMMON, RARE = "UnBatang", "Noto Serif CJK KR"


def font_of(sign: str) -> str:
    """The font a sign needs; '' where the paper's own font will do."""
    if not _HANJA.match(sign):
        return ""
    try:
        sign.encode("euc_kr")
    except UnicodeEncodeError:
        return RARE
    return COMMON


def dress(part: str) -> bytes:
    """The part as UTF-8, its runs split wherever hanja begin or end. Parts without hanja pass untouched."""
    if not _HANJA.search(part):
        return part.encode()
    from lxml import etree

    root = etree.fromstring(part.encode())
    for text in list(root.iter(f"{_W}t")):
        if text.text and _HANJA.search(text.text):
            _split(text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _split(text: Any) -> None:
    """Replace a run by runs of one font each; what followed the text in its run follows the last of them."""
    run = text.getparent()
    plain = copy.deepcopy(run.find(f"{_W}rPr"))
    following = list(run)[run.index(text) + 1 :]
    target, here = run, text
    pieces = [(font, "".join(signs)) for font, signs in groupby(text.text, font_of)]
    for number, (font, piece) in enumerate(pieces):
        if number:
            target, here = _run_after(target, plain)
        here.text = piece
        here.set(_SPACE, "preserve")
        if font:
            _set_font(target, font)
    target.extend(following)


def _run_after(run: Any, properties: Any) -> tuple[Any, Any]:
    """A new run behind `run`, and its text element."""
    new = run.makeelement(run.tag)
    if properties is not None:
        new.append(copy.deepcopy(properties))
    text = new.makeelement(f"{_W}t")
    new.append(text)
    run.addnext(new)
    return new, text


def _set_font(run: Any, font: str) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = run.makeelement(f"{_W}rPr")
        run.insert(0, properties)
    fonts = properties.find(f"{_W}rFonts")
    if fonts is None:
        fonts = properties.makeelement(f"{_W}rFonts")
        # ECMA-376 part 1, 17.3.2.28: rFonts follows rStyle and precedes all else.
        properties.insert(1 if properties.find(f"{_W}rStyle") is not None else 0, fonts)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(f"{_W}{script}", font)
    fonts.set(f"{_W}hint", "eastAsia")
