"""Draw the pictures of the operator's guide and the README: `python -m tools.tour_pictures`.

Plays the demo in a scratch folder and photographs what it leaves, with LibreOffice, the fonts and Chromium.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from pipeline.run import OUTPUTS, Options, Played, check_inputs, demo
from pipeline.run.acting import papers
from pipeline.run.playing import AREA
from pipeline.show import language, report
from tools.pictures import ROOT, View, page, pdf, row, save

_COLOURS = 200
"""Of pictures in which colours say something."""


def main() -> None:
    """Draw all of them."""
    language.use("ko")
    with tempfile.TemporaryDirectory(prefix="tour-") as name:
        folder = Path(name) / "campaign"
        for one in demo(folder, report.wording()):
            if isinstance(one, Played):
                print(one.scene.command or "by hand", f"{one.seconds:.1f} s")
                if one.outcome.collection and one.outcome.collection.cases:
                    # Once somebody has decided, nothing is left to be seen.
                    save("tour-review", row([_browser(folder / OUTPUTS / "review/index.html", 1180, 760)]))
        agreement = _agreement(folder)
        volume = next((folder / OUTPUTS / "sealed/internal").glob("*.pdf")).read_bytes()
        board = folder / OUTPUTS / "board/index.html"
        letter = next((folder / OUTPUTS / "packets").glob(f"{AREA[:2]}*/*.pdf")).read_bytes()
        save("tour-agreement", row([page(agreement, View()), page(agreement, View("서명"))]))
        save("tour-letter", row([page(letter, View()), _browser_of_packet(folder)]))
        save("tour-board", row([_browser(board, 1180, 940)]), _COLOURS)
        save("tour-volume", row([page(volume, View()), page(volume, View("차례"))]))
        save("tour-check", row([_checked(Path(name) / "wrong")]))
        save("overview", row([page(agreement, View()), _browser(board, 780, 1104), page(volume, View())]), _COLOURS)


def _agreement(folder: Path) -> bytes:
    pages, about = papers(folder / OUTPUTS, AREA)
    path = next(one.pdf for one in pages if about[one.number].kind == "agreement")
    return (folder / OUTPUTS / path).read_bytes()


def _browser(path: Path, width: int, height: int) -> Image.Image:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        seen = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
        seen.goto(path.as_uri())
        seen.wait_for_timeout(300)
        blob = seen.screenshot()
        browser.close()
    return Image.open(io.BytesIO(blob)).convert("RGB")


def _browser_of_packet(folder: Path) -> Image.Image:
    path = next((folder / OUTPUTS / "packets").glob(f"{AREA[:2]}*/index.html"))
    return _cut(_browser(path, 800, 1131), 595 / 842)


def _cut(image: Image.Image, ratio: float) -> Image.Image:
    """The left and upper part of a picture, as wide to its height as a page."""
    width = round(min(image.width, image.height * ratio))
    return image.crop((0, 0, width, round(width / ratio)))


def _checked(folder: Path) -> Image.Image:
    """A workbook with a bad cell, as `check` copies it."""
    import openpyxl

    for inner in ("inputs", "templates"):
        shutil.copytree(ROOT / inner, folder / inner)
    path = folder / "inputs/candidates.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["후보자"]
    sheet.cell(6, 2).value = ""
    sheet.cell(8, 3).value = "구청장님"
    book.save(path)
    outcome = check_inputs(Options(folder), report.voice())
    copy = next(name for name in outcome.files if name.endswith("candidates.xlsx"))
    return page(pdf(folder / copy), View(bottom=0.5))


if __name__ == "__main__":
    main()
