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


# First bytes of hanja in UTF-8 become 1; some punctuation shares them, Hangul (EA to ED) does not. Turning a part over
# and looking for that byte is ten times as quick as a regular expression.
_FIRST_BYTES = bytes.maketrans(bytes([*range(0xE3, 0xEA), 0xEF, 0xF0]), bytes([1] * 9))


def dress(part: bytes) -> bytes:
    """A part of a Word file in UTF-8, its runs split wherever hanja begin or end; one without hanja as it is."""
    marks = part.translate(_FIRST_BYTES)
    out: list[bytes] = []
    done = 0
    place = -1
    while (place := marks.find(1, max(place + 1, done))) >= 0:
        sign = part[place : place + 4].decode(errors="ignore")[:1]
        start = max(part.rfind(b"<w:r>", done, place), part.rfind(b"<w:r ", done, place))
        end = part.find(_RUN_END.encode(), place) + len(_RUN_END)
        # Outside a run hanja stand in attributes, such as a picture's description.
        if font_of(sign) and start >= 0 and end >= len(_RUN_END):
            out += (part[done:start], _dress_run(part[start:end].decode()).encode())
            done = end
    return b"".join((*out, part[done:])) if out else part


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
