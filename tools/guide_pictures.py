"""Draw the pictures of the template author's guide: `python -m tools.guide_pictures` (with LibreOffice and the fonts).

A template beside the paper it becomes, a preview, and the copy of a template with its faults as comments, all from the
sample campaign in a scratch folder. People in them are invented.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from pipeline.run import Options, check_templates, make, preview
from pipeline.show import language, report
from tools.pictures import FRAME, ROOT, WIDTH, View, page, pdf, row, save

_INK: Final = (29, 49, 64)
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
            template = page(pdf(folder / f"templates/{pair.kind}.docx"), pair.template)
            save(f"guide-{pair.name}", _beside(template, page(_paper(folder, pair), pair.paper)))
        save("guide-preview", _previewed(folder))
        save("guide-comment", _commented(folder))


def _paper(folder: Path, pair: Pair) -> bytes:
    """The PDF of a paper, as the product makes it."""
    outcome = make(Options(folder, only=pair.only, jobs=1), [pair.kind], lambda _done, _due: None)
    job = next(one for one in outcome.jobs if one.number in outcome.made)
    return (folder / "outputs" / job.pdf).read_bytes()


def _previewed(folder: Path) -> Image.Image:
    outcome = preview(Options(folder, only="종로구청장"), "agreement")
    blob = next((folder / name).read_bytes() for name in outcome.files if name.endswith(".pdf"))
    return row([page(blob, View()), page(blob, View("효력"))])


def _commented(folder: Path) -> Image.Image:
    """The copy as Word shows it: LibreOffice 7.4 prints no comments beside a page when it runs without a window."""
    template = folder / "templates/agreement.docx"
    template.write_bytes(_with_faults(template.read_bytes()))
    outcome = check_templates(Options(folder), template, "agreement", report.comment)
    copy = folder / outcome.files[0]
    first = page(pdf(copy), View(bottom=_COMMENTED))
    first = first.resize((_PAGE_WIDTH, first.height * _PAGE_WIDTH // first.width), Image.Resampling.LANCZOS)
    font = ImageFont.truetype(_FONT, _LETTERS)
    balloons: list[tuple[int, int, str]] = []
    below = 0
    for place, text in _comments(pdf(copy, comments=True)):
        spot = round(place / _COMMENTED * first.height)
        top = max(below, spot - 40)
        lines = _wrapped(text, font, WIDTH - _PAGE_WIDTH - 44)
        balloons.append((spot, top, "\n".join(lines)))
        below = top + len(lines) * _LINE + 32
    sheet = Image.new("RGB", (WIDTH, max(first.height, below)), "white")
    sheet.paste(first, (0, 0))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, _PAGE_WIDTH - 1, first.height - 1), outline=FRAME)
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


def _beside(template: Image.Image, paper: Image.Image) -> Image.Image:
    """The one, an arrow, and the other."""
    sheet = row([template, paper])
    middle, half = sheet.width // 2, sheet.height // 2
    draw = ImageDraw.Draw(sheet)
    draw.line((middle - 16, half, middle + 8, half), fill=_INK, width=4)
    draw.polygon(((middle + 6, half - 10), (middle + 18, half), (middle + 6, half + 10)), fill=_INK)
    return sheet


if __name__ == "__main__":
    main()
