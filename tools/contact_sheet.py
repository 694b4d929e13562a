"""Draws the README's contact sheet from the sample's papers: `make all`, then `python -m tools.contact_sheet`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageFilter

ROOT: Final = Path(__file__).parent.parent
SHEET: Final = ROOT / "docs" / "images" / "papers.png"
PAGES: Final = (
    ("agreements/서울특별시/A-1100-0001*.pdf", 1),
    ("agreements/서울특별시/A-1100-0001*.pdf", 2),
    ("proposals/서울특별시/P-1100-0001*.pdf", 1),
    ("proposals/서울특별시/P-1100-0001*.pdf", 3),
    ("party-agreements/전국/B-0000-0001*.pdf", 1),
    ("declarations/전국/D-0000-0001*.pdf", 1),
    ("declarations/전국/D-0000-0001*.pdf", 3),
    ("practice/서울특별시/**/S-*.pdf", 1),
    ("notices/전국/N-0000-0001*.pdf", 1),
    ("reports/전국/R-0000-0001*.pdf", 1),
    ("reports/전국/R-0000-0001*.pdf", 2),
    ("monitoring/**/M-*.pdf", 1),
)
"""Pattern below outputs, and the page, from 1."""
COLUMNS: Final = 4
TILE: Final = (340, 481)
GAP: Final = 26
GROUND: Final = (236, 239, 240)


def main() -> None:
    """Draw the sheet; every paper it shows has to be there."""
    rows = -(-len(PAGES) // COLUMNS)
    width = COLUMNS * (TILE[0] + GAP) + GAP
    sheet = Image.new("RGB", (width, rows * (TILE[1] + GAP) + GAP), GROUND)
    for place, (pattern, number) in enumerate(PAGES):
        page = _page(pattern, number)
        left = GAP + place % COLUMNS * (TILE[0] + GAP) + (TILE[0] - page.width) // 2
        top = GAP + place // COLUMNS * (TILE[1] + GAP) + (TILE[1] - page.height) // 2
        _shade(sheet, left, top, page)
        sheet.paste(page, (left, top))
    # The default method would spend all colours on grays and print the seal without its red.
    sheet.quantize(200, method=Image.Quantize.FASTOCTREE).save(SHEET, optimize=True)
    print(f"{SHEET.relative_to(ROOT)} {SHEET.stat().st_size // 1000} kB")


def _page(pattern: str, number: int) -> Image.Image:
    path = min((ROOT / "outputs").glob(pattern))
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        picture: Image.Image = document[number - 1].render(scale=2).to_pil().convert("RGB")
    picture.thumbnail(TILE, Image.Resampling.LANCZOS)
    return picture


def _shade(sheet: Image.Image, left: int, top: int, page: Image.Image) -> None:
    """A soft shadow: white pages on a light ground would have no edge."""
    reach = 14
    shadow = Image.new("L", (page.width + 2 * reach, page.height + 2 * reach), 0)
    shadow.paste(70, (reach, reach + 3, reach + page.width, reach + 3 + page.height))
    sheet.paste((40, 50, 60), (left - reach, top - reach), shadow.filter(ImageFilter.GaussianBlur(5)))


if __name__ == "__main__":
    main()
