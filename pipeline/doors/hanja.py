"""Hanja in papers set in Nanum Myeongjo, which has none: their runs get a font that does, by code point.

Left to fallback, LibreOffice takes Noto Sans CJK JP whatever `w:lang` says (measured, 7.4.7). UnBatang holds exactly
the hanja of KS X 1001, compatibility ideographs included; Noto Serif CJK KR has the rest.

Works on text, not on a tree: parsing and writing a part would cost more than all the rest of rendering it.
"""

from __future__ import annotations

import re
from itertools import groupby

_HANJA = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_RUN_END = "</w:r>"
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PROPERTIES = re.compile(r"<w:rPr>.*?</w:rPr>|<w:rPr/>", re.DOTALL)
_FONTS = re.compile(r"<w:rFonts[^>]*/>")
_STYLE = re.compile(r"<w:rStyle[^>]*/>")
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


# First bytes, in UTF-8, that no hanja has; Hangul begins with EA to ED.
_NO_HANJA = bytes(set(range(256)) - {*range(0xE3, 0xEA), 0xEF, 0xF0})


def may_hold_hanja(content: bytes) -> bool:
    """Quickly: whether a part in UTF-8 holds a first byte of hanja, which some punctuation shares."""
    return bool(content.translate(None, _NO_HANJA))


def dress(part: str) -> str:
    """A part of a Word file, its runs split wherever hanja begin or end. Parts without hanja come back as they are."""
    out: list[str] = []
    done = 0
    while found := _HANJA.search(part, done):
        start = max(part.rfind("<w:r>", done, found.start()), part.rfind("<w:r ", done, found.start()))
        end = part.find(_RUN_END, found.start()) + len(_RUN_END)
        if start < 0 or end < len(_RUN_END):
            # Not in a run: an attribute, such as a picture's description.
            out.append(part[done : found.end()])
            done = found.end()
            continue
        out += (part[done:start], _dress_run(part[start:end]))
        done = end
    return "".join((*out, part[done:])) if out else part


def _dress_run(run: str) -> str:
    """Divide the texts of a run; all else in it stays where it is."""
    head = run[: run.index(">") + 1]
    found = _PROPERTIES.search(run)
    plain = found[0] if found else ""

    def divide(text: re.Match[str]) -> str:
        pieces = [(font, "".join(signs)) for font, signs in groupby(text[1], font_of)]
        if all(not font for font, _ in pieces):
            return text[0]
        runs = (
            f'{head}{_with_font(plain, font)}<w:t xml:space="preserve">{piece}</w:t>{_RUN_END}'
            for font, piece in pieces
        )
        # The run that is open around the text is closed before, and opened again behind.
        return f"{_RUN_END}{''.join(runs)}{head}{plain}"

    divided = _TEXT.sub(divide, run)
    return divided.replace(f"{head}{plain}{_RUN_END}", "")


def _with_font(properties: str, font: str) -> str:
    if not font:
        return properties
    fonts = "".join(f' w:{script}="{font}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    named = f'<w:rFonts{fonts} w:hint="eastAsia"/>'
    inner = _FONTS.sub("", properties.removeprefix("<w:rPr>").removesuffix("</w:rPr>").removesuffix("<w:rPr/>"))
    # ECMA-376 part 1, 17.3.2.28: rFonts follows rStyle and precedes all else.
    style = _STYLE.match(inner)
    cut = style.end() if style else 0
    return f"<w:rPr>{inner[:cut]}{named}{inner[cut:]}</w:rPr>"
