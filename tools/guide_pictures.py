"""Draw the pictures of the template author's guide: `python -m tools.guide_pictures` (with LibreOffice and the fonts).

A template beside the paper it becomes, a preview, and the copy of a template with its faults as comments, all from the
sample campaign in a scratch folder. People in them are invented.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from pipeline.doors import office
from pipeline.run import Options, check_templates, make, preview
from pipeline.show import language, report

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parent.parent
IMAGES: Final = ROOT / "docs" / "images"
WIDTH: Final = 1000
"""Pixels of every picture, as wide as a page of the guide shows them."""
GAP: Final = 56
_COLOURS: Final = 32
_FRAME: Final = (180, 187, 192)
_INK: Final = (29, 49, 64)
_SECONDS: Final = 120
_FONT: Final = "NanumBarunGothic.ttf"
_LETTERS: Final = 13
_LINE: Final = 19
_NOTE: Final = (196, 132, 52)
_PAGE_WIDTH: Final = 640
_COMMENTED: Final = 0.62
"""How much of the page with comments is shown, and how wide."""

_FAULTS: Final = (
    ("{{ 후보.이름|은는 }}", "{{ 후보.이룸|은는 }}"),
    ("{%p if 지역공약 %}", "아래는 지역공약이다. {%p if 지역공약 %}"),
    ("{{ 공통공약|length }}", "{ 공통공약|length }"),
)
"""What staff may do to the agreement, for the picture of the comments."""


@dataclass(frozen=True)
class View:
    """The part of a page to show: the page that holds these words, and which fractions of its height."""

    words: str = ""
    top: float = 0.0
    bottom: float = 1.0


@dataclass(frozen=True)
class Pair:
    """A template beside a paper made from it."""

    name: str
    kind: str
    only: str
    template: View
    paper: View


PAIRS: Final = (
    Pair("paper", "agreement", "종로구청장", View(), View()),
    Pair("notice", "notice", "2018 사회적경제 정책협약식", View(), View()),
    Pair("roll", "declaration", "전국", View("묶음.표", 0.04, 0.6), View("101~135", 0.42, 0.98)),
    Pair("chart", "report", "대전광역시", View("보기 가", 0.04, 0.5), View("지역별", 0.39, 0.85)),
)


def main() -> None:
    """Draw all of them."""
    language.use("ko")
    with tempfile.TemporaryDirectory(prefix="guide-") as name:
        folder = Path(name)
        for inner in ("inputs", "templates"):
            shutil.copytree(ROOT / inner, folder / inner)
        for pair in PAIRS:
            template = _page(_pdf(folder / f"templates/{pair.kind}.docx"), pair.template)
            _save(f"guide-{pair.name}", _beside(template, _page(_paper(folder, pair), pair.paper)))
        _save("guide-preview", _previewed(folder))
        _save("guide-comment", _commented(folder))


def _paper(folder: Path, pair: Pair) -> bytes:
    """The PDF of a paper, as the product makes it."""
    outcome = make(Options(folder, only=pair.only, jobs=1), [pair.kind], lambda _done, _due: None)
    job = next(one for one in outcome.jobs if one.number in outcome.made)
    return (folder / "outputs" / job.pdf).read_bytes()


def _previewed(folder: Path) -> Image.Image:
    outcome = preview(Options(folder, only="종로구청장"), "agreement")
    blob = next((folder / name).read_bytes() for name in outcome.files if name.endswith(".pdf"))
    return _row([_page(blob, View()), _page(blob, View("효력"))])


def _commented(folder: Path) -> Image.Image:
    """The copy as Word shows it: LibreOffice 7.4 prints no comments beside a page when it runs without a window."""
    template = folder / "templates/agreement.docx"
    template.write_bytes(_with_faults(template.read_bytes()))
    outcome = check_templates(Options(folder), template, "agreement", report.comment)
    copy = folder / outcome.files[0]
    page = _page(_pdf(copy), View(bottom=_COMMENTED))
    page = page.resize((_PAGE_WIDTH, page.height * _PAGE_WIDTH // page.width), Image.Resampling.LANCZOS)
    font = ImageFont.truetype(_FONT, _LETTERS)
    balloons: list[tuple[int, int, str]] = []
    below = 0
    for place, text in _comments(_pdf(copy, comments=True)):
        spot = round(place / _COMMENTED * page.height)
        top = max(below, spot - 40)
        lines = _wrapped(text, font, WIDTH - _PAGE_WIDTH - 44)
        balloons.append((spot, top, "\n".join(lines)))
        below = top + len(lines) * _LINE + 32
    sheet = Image.new("RGB", (WIDTH, max(page.height, below)), "white")
    sheet.paste(page, (0, 0))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, _PAGE_WIDTH - 1, page.height - 1), outline=_FRAME)
    for spot, top, text in balloons:
        _balloon(draw, spot, top, text, font)
    return sheet


def _comments(blob: bytes) -> list[tuple[float, str]]:
    """Comments of the first page: how far down they stand, in parts of its height, and what they say."""
    with pikepdf.open(io.BytesIO(blob)) as document:
        page = document.pages[0]
        height = float(page.mediabox[3])
        notes = [one for one in page.get("/Annots", []) if one.get("/Subtype") == "/Text" and "/Contents" in one]
        return sorted({(1 - float(one.Rect[3]) / height, str(one.Contents)) for one in notes})


def _balloon(draw: ImageDraw.ImageDraw, spot: int, top: int, text: str, font: ImageFont.FreeTypeFont) -> None:
    """A comment in the margin, with a line from where it stands on the page."""
    left, right = _PAGE_WIDTH + 22, WIDTH - 1
    draw.line((_PAGE_WIDTH * 0.9, spot, _PAGE_WIDTH, spot, left, top + 14), fill=_NOTE, width=2)
    height = (text.count("\n") + 1) * _LINE
    draw.rectangle((left, top, right, top + height + 16), fill=(252, 246, 238), outline=_NOTE)
    for number, line in enumerate(text.split("\n")):
        draw.text((left + 10, top + 8 + number * _LINE), line, fill=_INK, font=font)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _with_faults(blob: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for right, wrong in _FAULTS if name == "word/document.xml" else ():
                text = text.replace(right.encode(), wrong.encode(), 1)
            new.writestr(name, text)
    return buffer.getvalue()


def _pdf(path: Path, *, comments: bool = False) -> bytes:
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


def _page(blob: bytes, view: View) -> Image.Image:
    """What a view shows of a PDF, in more pixels than will be needed."""
    document: Any = pypdfium2.PdfDocument(blob)
    pages = [page for page in document if view.words in page.get_textpage().get_text_bounded()]
    image: Image.Image = pages[0].render(scale=WIDTH / 595 * 1.2).to_pil().convert("RGB")
    return image.crop((0, round(image.height * view.top), image.width, round(image.height * view.bottom)))


def _row(images: Sequence[Image.Image]) -> Image.Image:
    """Framed pictures side by side, of one width."""
    each = (WIDTH - GAP * (len(images) - 1)) // len(images)
    sized = [image.resize((each, image.height * each // image.width), Image.Resampling.LANCZOS) for image in images]
    sheet = Image.new("RGB", (WIDTH, max(image.height for image in sized)), "white")
    draw = ImageDraw.Draw(sheet)
    for place, image in enumerate(sized):
        left = place * (each + GAP)
        sheet.paste(image, (left, 0))
        draw.rectangle((left, 0, left + each - 1, image.height - 1), outline=_FRAME)
    return sheet


def _beside(template: Image.Image, paper: Image.Image) -> Image.Image:
    """The one, an arrow, and the other."""
    sheet = _row([template, paper])
    middle, half = sheet.width // 2, sheet.height // 2
    draw = ImageDraw.Draw(sheet)
    draw.line((middle - 16, half, middle + 8, half), fill=_INK, width=4)
    draw.polygon(((middle + 6, half - 10), (middle + 18, half), (middle + 6, half + 10)), fill=_INK)
    return sheet


def _save(name: str, image: Image.Image) -> None:
    """In few colours: papers have hardly more, and the file stays small."""
    few = image.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    print(name, (IMAGES / f"{name}.png").stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
