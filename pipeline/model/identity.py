"""What a page says of itself: the text of its codes.

`KSEN-2018/A-4110100-0003/1/1/2/7K3M9Q2A`: campaign, number, revision, page, pages, check code. Only signs of QR
alphanumeric mode (ISO/IEC 18004, 7.4.4): one small letter would make a larger symbol.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

LOOK = "page codes 1"
"""Recorded beside the program that made a PDF: PDFs whose codes look otherwise are made again."""
REGION_CODE = "[0-9]{2,10}"
"""A region's code as numbers of papers carry it."""
NUMBER = rf"[A-Z]-{REGION_CODE}-[0-9]{{4,6}}"
"""Of a paper: kind, region, serial number."""
_PAYLOAD = re.compile(
    rf"(?P<campaign>[A-Z0-9][A-Z0-9.-]{{0,15}})/(?P<number>{NUMBER})/(?P<revision>[1-9]\d{{0,2}})/"
    r"(?P<page>[1-9]\d{0,3})/(?P<pages>[1-9]\d{0,3})/(?P<check>[0-9A-HJKMNP-TV-Z]{8})"
)
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U (Crockford's base 32): a check code can be read aloud."""
_CHECK = 8
"""Signs of a check code: 40 bits."""


@dataclass(frozen=True, slots=True)
class PageCode:
    """A page of an issued paper."""

    campaign: str
    number: str
    revision: int
    page: int
    """From 1."""
    pages: int
    check: str
    """Bound to the text of the whole paper and to the page: a paper whose words changed bears another."""

    @property
    def payload(self) -> str:
        """What the codes of the page hold."""
        return f"{self.campaign}/{self.number}/{self.revision}/{self.page}/{self.pages}/{self.check}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What a code says; None when it is no code of ours."""
        found = _PAYLOAD.fullmatch(text)
        if found is None:
            return None
        revision, page, pages = (int(found[name]) for name in ("revision", "page", "pages"))
        if page > pages:
            return None
        return cls(found["campaign"], found["number"], revision, page, pages, found["check"])


def page_codes(campaign: str, number: str, revision: int, texts: Sequence[str]) -> list[PageCode]:
    """The codes of a paper's pages.

    Args:
        campaign: its short name.
        number: the paper's.
        revision: of the paper.
        texts: what each page says, without blanks.
    """
    whole = hashlib.sha256("\f".join(texts).encode()).hexdigest()
    pages = len(texts)
    return [
        PageCode(
            campaign, number, revision, page, pages, _check(f"{campaign}/{number}/{revision}/{page}/{pages}/{whole}")
        )
        for page in range(1, pages + 1)
    ]


def _check(said: str) -> str:
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest()[:5])
    return "".join(_SIGNS[bits >> 5 * place & 31] for place in reversed(range(_CHECK)))
