"""What was done to simulated papers: the truth that reading is measured against. Lengths in mm of the issued page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.scans import Box

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""A homography, by rows: mm of the issued page to pixels of the image."""


class Kind(StrEnum):
    """What a sheet is."""

    ISSUED = "issued"
    OLDER = "older"
    BLANK = "blank"
    FOREIGN = "foreign"
    FOREIGN_CODE = "foreign code"
    OTHER_CAMPAIGN = "other campaign"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature box and what was put into it."""

    side: str
    name: str
    how: str
    """`cursive`, `name`, `initials`, `loops`, `seal`, `seal over signature`; '' for nothing."""
    pen: str
    """Of the strokes; '' for nothing or a seal alone."""
    faint: bool = False
    """Pencil, or a seal with little ink."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A crossed-out passage."""

    box: Box
    words: str
    style: str
    pen: str

    @property
    def length(self) -> float:
        """Along the line, mm."""
        return self.box.width


@dataclass(frozen=True, slots=True)
class Written:
    """Something else written by hand: `insert`, `note`, `tick`, `overwrite`."""

    what: str
    box: Box
    pen: str


@dataclass(frozen=True, slots=True)
class SheetTruth:
    """A sheet on a page of a file."""

    kind: Kind
    code: str = ""
    """The payload of its codes; '' where it has none."""
    signed: tuple[Signed, ...] = ()
    struck: tuple[Struck, ...] = ()
    written: tuple[Written, ...] = ()
    hidden: tuple[str, ...] = ()
    """Codes that were hit or cut off: `lower`, `upper`."""
    degradation: str = ""
    dpi: int = 0
    """Of the raster the sheet was made from."""
    to_pixels: Matrix | None = None

    @property
    def legible(self) -> bool:
        """Whether at least one code was left alone."""
        return len(self.hidden) < 2  # noqa: PLR2004 - a page has two codes


@dataclass(frozen=True, slots=True)
class PageTruth:
    """A page of a written file."""

    file: str
    page: int
    """From 1."""
    sheets: tuple[SheetTruth, ...]
    duplicate: bool = False
    """The same sheet came before, or comes again, in another scan."""


@dataclass(frozen=True, slots=True)
class PileTruth:
    """A whole pile of returned papers."""

    pages: tuple[PageTruth, ...]
    lost: tuple[str, ...]
    """Payloads of pages that never came back."""
