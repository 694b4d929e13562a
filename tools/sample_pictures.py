"""Pictures of the sample campaign: a logo, a seal and three logos of member bodies, all invented and drawn here.

They are drawn four times as large and made smaller: Pillow's shapes have no smooth edges of their own.
"""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFont

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 4
BOLD, SERIF = "NanumSquareB.ttf", "NanumMyeongjoBold.ttf"
"""Found by Pillow wherever the system keeps its fonts."""

Colour = tuple[int, int, int, int]
CLEAR: Colour = (255, 255, 255, 0)
WHITE: Colour = (255, 255, 255, 255)
INK: Colour = (38, 50, 56, 255)
PINE: Colour = (31, 91, 87, 255)
SAGE: Colour = (120, 160, 140, 255)
OCHRE: Colour = (201, 149, 61, 255)
PLUM: Colour = (112, 78, 116, 255)
VERMILION = (190, 38, 32)

SEAL_TEXT = "한국사회적경제연대회의인"
"""The organisation's name and 인, which makes three columns of four."""
SEAL_ROWS = 4


def pictures(folder: Path) -> None:
    """Draw all of them; where the fonts are missing, the pictures that are there stay."""
    try:
        font(BOLD, 10), font(SERIF, 10)
    except OSError:
        print("the Nanum fonts are missing: pictures are left as they are")
        return
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {
        "logo": logo(),
        "seal": seal(),
        "body-neurubit": with_name(hands(), "느루빛돌봄", PLUM),
        "body-haetbit": with_name(sun(), "빛고을결", INK, WHITE),
        "body-supieum": with_name(trees(), "강원숲이음", PINE),
    }
    for name, picture in drawn.items():
        picture.save(folder / f"{name}.png", optimize=True, dpi=(300, 300))


def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    """A font; the basic layout is the same everywhere.

    Raises:
        OSError: it is not installed.
    """
    return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.BASIC)


def canvas(width: int, height: int, ground: Colour = CLEAR) -> Image.Image:
    """An empty picture, at the size for drawing."""
    return Image.new("RGBA", (width * SCALE, height * SCALE), ground)


def smooth(picture: Image.Image) -> Image.Image:
    """The picture at its own size."""
    size = (picture.width // SCALE, picture.height // SCALE)
    return picture.resize(size, Image.Resampling.LANCZOS)


def box(*numbers: float) -> tuple[float, ...]:
    """Places on the picture as places on the drawing."""
    return tuple(number * SCALE for number in numbers)


def logo() -> Image.Image:
    """Four leaves around a middle, and the short name beside them."""
    picture = canvas(850, 280)
    pen = ImageDraw.Draw(picture)
    for colour, (left, top), corners in (
        (PINE, (24, 24), (True, False, True, True)),
        (SAGE, (144, 24), (True, True, False, True)),
        (OCHRE, (24, 144), (True, True, False, True)),
        (PINE, (144, 144), (True, False, True, True)),
    ):
        pen.rounded_rectangle(box(left, top, left + 112, top + 112), 52 * SCALE, fill=colour, corners=corners)
    pen.text((306 * SCALE, 142 * SCALE), "사경연대", font=font(BOLD, 150 * SCALE), fill=INK, anchor="lm")
    return smooth(picture)


def seal() -> Image.Image:
    """직인: the name in columns from the right, every letter as large as its field, ink not everywhere."""
    ink = Image.new("L", (600 * SCALE, 600 * SCALE), 0)
    pen = ImageDraw.Draw(ink)
    pen.rounded_rectangle(box(14, 14, 586, 586), 34 * SCALE, outline=255, width=22 * SCALE)
    pen.rounded_rectangle(box(46, 46, 554, 554), 16 * SCALE, outline=255, width=5 * SCALE)
    columns = len(SEAL_TEXT) // SEAL_ROWS
    width, height = 484 // columns, 484 // SEAL_ROWS
    for place, letter in enumerate(SEAL_TEXT):
        column, row = divmod(place, SEAL_ROWS)
        left, top = 58 + (columns - 1 - column) * width, 58 + row * height
        glyph = stretched(letter, (width - 16) * SCALE, (height - 14) * SCALE)
        ink.paste(glyph, ((left + 8) * SCALE, (top + 7) * SCALE))
    thin = Image.new("L", ink.size, 255)
    pen, random = ImageDraw.Draw(thin), Random(1)
    for _ in range(160):
        x, y, radius = random.randrange(600), random.randrange(600), random.randrange(4, 13) / 8
        pen.ellipse(box(x - radius, y - radius, x + radius, y + radius), fill=90)
    alpha = smooth(ImageChops.darker(ink, thin))
    picture = Image.new("RGBA", alpha.size, VERMILION)
    picture.putalpha(alpha)
    return picture


def stretched(letter: str, width: int, height: int) -> Image.Image:
    """A letter that fills its field, as on seals, a little heavier than in print."""
    face = font(SERIF, height)
    left, top, right, bottom = face.getbbox(letter, stroke_width=height // 40)
    glyph = Image.new("L", (round(right - left), round(bottom - top)), 0)
    ImageDraw.Draw(glyph).text((-left, -top), letter, font=face, fill=255, stroke_width=height // 40)
    return glyph.resize((width, height), Image.Resampling.LANCZOS)


def with_name(mark: Image.Image, name: str, colour: Colour, ground: Colour = CLEAR) -> Image.Image:
    """A body's mark above its name, on white where the ground is white."""
    picture = canvas(360, 300, ground)
    picture.alpha_composite(mark, (80 * SCALE, 8 * SCALE))
    pen = ImageDraw.Draw(picture)
    pen.text((180 * SCALE, 256 * SCALE), name, font=font(BOLD, 54 * SCALE), fill=colour, anchor="mm")
    found = smooth(picture)
    return found.convert("RGB") if ground == WHITE else found


def hands() -> Image.Image:
    """Two arcs that hold a circle."""
    mark = canvas(200, 200)
    pen = ImageDraw.Draw(mark)
    pen.arc(box(20, 20, 180, 180), 20, 160, fill=PLUM, width=26 * SCALE)
    pen.arc(box(20, 20, 180, 180), 200, 340, fill=SAGE, width=26 * SCALE)
    pen.ellipse(box(72, 72, 128, 128), fill=OCHRE)
    return mark


def sun() -> Image.Image:
    """A disc with eight rays."""
    mark = canvas(200, 200)
    pen = ImageDraw.Draw(mark)
    for turn in range(8):
        x, y = cos(turn * pi / 4), sin(turn * pi / 4)
        pen.line(box(100 + 66 * x, 100 + 66 * y, 100 + 92 * x, 100 + 92 * y), fill=OCHRE, width=14 * SCALE)
    pen.ellipse(box(52, 52, 148, 148), fill=OCHRE)
    return mark


def trees() -> Image.Image:
    """Three crowns over each other and a bridge below."""
    mark = canvas(200, 200)
    for x, colour in ((62, SAGE), (138, SAGE), (100, PINE)):
        layer = canvas(200, 200)
        ImageDraw.Draw(layer).polygon(box(x, 20, x + 50, 140, x - 50, 140), fill=(*colour[:3], 230))
        mark.alpha_composite(layer)
    ImageDraw.Draw(mark).arc(box(10, 120, 190, 260), 200, 340, fill=OCHRE, width=14 * SCALE)
    return mark
