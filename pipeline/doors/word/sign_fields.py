"""Where people sign, as templates say it: `{{ 서명.이름|서명칸('후보자') }}` prints a caption, and says whose it is.

Side and name stand behind the caption in a hidden run, in signs that nothing else in the paper touches. Word and
LibreOffice print no hidden text; where it is left, the box around the caption on the PDF page is known by whose it is.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

SIGN_FILTERS = ("서명칸", "signbox")
CAPTION = "(서명 또는 인)"
_HIDDEN = '</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>{said}</w:t></w:r><w:r><w:t xml:space="preserve">'
_RUN = re.compile(r"<w:r><w:rPr><w:vanish/></w:rPr><w:t>hyeopyak\.([\w-]+={0,2})</w:t></w:r>", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignField:
    """A signature box of a rendered document."""

    side: str
    name: str
    caption: str
    """As printed."""


def sign_box(name: Any, side: Any, caption: Any = CAPTION) -> str:
    """`{{ 서명.이름|서명칸('후보자') }}`: the caption of a box in which that person signs for that side.

    Args:
        name: who signs.
        side: for which side.
        caption: printed in place of `(서명 또는 인)`.
    """
    said = json.dumps([str(side), "" if name is None else str(name), str(caption)], ensure_ascii=False)
    code = base64.urlsafe_b64encode(said.encode()).decode()
    hidden = _HIDDEN.format(said=f"hyeopyak.{code}")
    return Markup(f"{escape(str(caption))}{hidden}")  # noqa: S704 - built here; what comes from data is escaped


FILTERS: Mapping[str, Callable[..., str]] = dict.fromkeys(SIGN_FILTERS, sign_box)


def sign_fields(xml: str) -> list[SignField]:
    """The signature boxes of a part, in the order of the text."""
    return [SignField(*json.loads(base64.urlsafe_b64decode(code))) for code in _RUN.findall(xml)]


def without_hidden(xml: str) -> str:
    """A part without what is said in hidden runs."""
    return _RUN.sub("", xml)
