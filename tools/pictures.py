"""Pictures for the documents: pages of PDFs beside each other, in few colours."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pypdfium2
from PIL import Image, ImageDraw

from pipeline.doors import office

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parent.parent
IMAGES: Final = ROOT / "docs" / "images"
WIDTH: Final = 1000
"""Pixels of every picture, as wide as a page of the guide shows them."""
GAP: Final = 56
_COLOURS: Final = 32
FRAME: Final = (180, 187, 192)
_SECONDS: Final = 120


@dataclass(frozen=True)
class View:
    """The part of a page to show: the page that holds these words, and which fractions of its height."""

    words: str = ""
    top: float = 0.0
    bottom: float = 1.0


def pdf(path: Path, *, comments: bool = False) -> bytes:
    """A Word file as LibreOffice shows it.

    Raises:
        RuntimeError: there is no LibreOffice, or no PDF came out.
    """
    program = office.find_office()
    options = json.dumps({"ExportNotes": {"type": "boolean", "value": str(comments).lower()}})
    with tempfile.TemporaryDirectory(prefix="guide-") as name:
        folder = Path(name)
        command = [program or "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", f"pdf:writer_pdf_Export:{options}", "--outdir", name, str(path)]
        subprocess.run(command, check=True, timeout=_SECONDS, capture_output=True)
        made = folder / f"{path.stem}.pdf"
        if not made.exists():
            raise RuntimeError(f"no PDF of {path.name}")
        return made.read_bytes()


def page(blob: bytes, view: View) -> Image.Image:
    """What a view shows of a PDF, in more pixels than will be needed."""
    document: Any = pypdfium2.PdfDocument(blob)
    pages = [page for page in document if view.words in page.get_textpage().get_text_bounded()]
    image: Image.Image = pages[0].render(scale=WIDTH / 595 * 1.2).to_pil().convert("RGB")
    return image.crop((0, round(image.height * view.top), image.width, round(image.height * view.bottom)))


def row(images: Sequence[Image.Image]) -> Image.Image:
    """Framed pictures side by side, of one width."""
    each = (WIDTH - GAP * (len(images) - 1)) // len(images)
    sized = [image.resize((each, image.height * each // image.width), Image.Resampling.LANCZOS) for image in images]
    sheet = Image.new("RGB", (WIDTH, max(image.height for image in sized)), "white")
    draw = ImageDraw.Draw(sheet)
    for place, image in enumerate(sized):
        left = place * (each + GAP)
        sheet.paste(image, (left, 0))
        draw.rectangle((left, 0, left + each - 1, image.height - 1), outline=FRAME)
    return sheet


def save(name: str, image: Image.Image, colours: int = _COLOURS) -> None:
    """In few colours: papers have hardly more, and the file stays small."""
    few = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    print(name, (IMAGES / f"{name}.png").stat().st_size // 1000, "kB")
