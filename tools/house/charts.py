"""Native charts (DrawingML) with invented numbers, for the program to fill by the text they carry for the blind.

Horizontal bars with their values: a list of places reads from the top down, and nobody has to guess at a scale. Fills
are told apart in black and white. There is no workbook inside: Word shows the cached values.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from tools.house.look import GRAY, HAIRLINE, INK, OFFICE, SANS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_EMU: Final = 36_000
"""To a millimetre."""
_LETTERS: Final = 8.5
"""Points."""


def _solid(color: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'


def _pattern(name: str, color: str) -> str:
    front, back = (f'<a:{side}Clr><a:srgbClr val="{value}"/></a:{side}Clr>' for side, value in _sides(color))
    return f'<a:pattFill prst="{name}">{front}{back}</a:pattFill>'


def _sides(color: str) -> tuple[tuple[str, str], ...]:
    return ("fg", color), ("bg", "FFFFFF")


def _line(color: str) -> str:
    return f'<a:ln w="6350">{_solid(color)}</a:ln>'


@dataclass(frozen=True)
class Look:
    """How the bars of a series are filled, and the colour of a value written inside them."""

    fill: str
    outline: str
    inside: str = INK


DARK: Final = Look(_solid(INK), INK, "FFFFFF")
MIDDLE: Final = Look(_solid("8B949A"), "8B949A")
LIGHT: Final = Look(_solid("CFD6DA"), "8B949A")
HATCHED: Final = Look(_pattern("ltUpDiag", "8B949A"), "8B949A")
EMPTY: Final = Look(_solid("FFFFFF"), HAIRLINE)


@dataclass(frozen=True)
class Bars:
    """A chart: what it is called for the blind (and for the program), its series and how each looks.

    `values` are invented, one row of numbers for each series; `width` and `height` in millimetres.
    """

    alt: str
    categories: Sequence[str]
    looks: Mapping[str, Look]
    values: Sequence[Sequence[int]]
    height: float
    stacked: bool = False
    """Bars of a category end to end, else one below the other."""
    width: float = 160
    legend: bool = True
    nested: bool = False
    """Bars of a category one over the other, for parts of parts; only the first, the whole, has its value written."""
    gap: int = 45
    """White between categories, in hundredths of a bar."""
    told: frozenset[str] = frozenset()
    """Series whose values are written, if not those of all: in a thin slice a number would hide its neighbour's."""


def _letters(color: str, *, bold: bool = False) -> str:
    fonts = "".join(f'<a:{script} typeface="{SANS}"/>' for script in ("latin", "ea", "cs"))
    size = round(_LETTERS * 100)
    look = f'<a:defRPr sz="{size}" b="{int(bold)}">{_solid(color)}{fonts}</a:defRPr>'
    return f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr><a:endParaRPr lang="ko-KR"/></a:p></c:txPr>'


def _texts(reference: str, texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts))
    return (
        f'<c:strRef><c:f>{reference}</c:f><c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache></c:strRef>'
    )


def _numbers(reference: str, values: Sequence[int]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))
    return (
        f"<c:numRef><c:f>{reference}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def _labels(look: Look, *, stacked: bool, told: bool) -> str:
    shown = {"LegendKey": 0, "Val": int(told), "CatName": 0, "SerName": 0, "Percent": 0, "BubbleSize": 0}
    # In a row of pieces a piece of no length has no number.
    form, place, color = ("#,##0;;", "ctr", look.inside) if stacked else ("#,##0", "outEnd", INK)
    return (
        f'<c:dLbls><c:numFmt formatCode="{form}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_letters(color)}<c:dLblPos val="{place}"/>'
        + "".join(f'<c:show{name} val="{value}"/>' for name, value in shown.items())
        + "</c:dLbls>"
    )


def _series(bars: Bars, number: int, name: str) -> str:
    look, last = bars.looks[name], len(bars.categories) + 1
    column = chr(ord("B") + number)
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx>{_texts(f"Sheet1!${column}$1", [name])}</c:tx>'
        f'<c:spPr>{look.fill}{_line(look.outline)}</c:spPr><c:invertIfNegative val="0"/>'
        f"{_labels(look, stacked=bars.stacked, told=_is_told(bars, number, name))}"
        f"<c:cat>{_texts(f'Sheet1!$A$2:$A${last}', bars.categories)}</c:cat>"
        f"<c:val>{_numbers(f'Sheet1!${column}$2:${column}${last}', bars.values[number])}</c:val></c:ser>"
    )


def _is_told(bars: Bars, number: int, name: str) -> bool:
    return number == 0 if bars.nested else not bars.told or name in bars.told


def _axes() -> str:
    # The first category on top: the axis runs down. Values stand at the bars, so their axis is left out.
    return (
        '<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr>{_line(GRAY)}</c:spPr>{_letters(INK)}'
        '<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="60"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="#,##0" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="1001"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _legend() -> str:
    return f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{_letters(INK)}</c:legend>'


def chart_part(bars: Bars) -> str:
    """The chart's own part of the package."""
    series = "".join(_series(bars, number, name) for number, name in enumerate(bars.looks))
    grouping, overlap = ("stacked" if bars.stacked else "clustered"), (100 if bars.stacked or bars.nested else -10)
    none = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    return (
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" xmlns:r="{OFFICE}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{bars.gap}"/><c:overlap val="{overlap}"/><c:axId val="1001"/><c:axId val="1002"/>'
        f"</c:barChart>{_axes()}{none}</c:plotArea>{_legend() if bars.legend else ''}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{none}{_letters(INK)}</c:chartSpace>"
    )


def chart_id(number: int) -> str:
    """The relationship that leads from the text to the chart; charts count from 1."""
    return f"chart{number}"


def chart_drawing(bars: Bars, number: int, above: str = "") -> str:
    """A paragraph that holds the chart, in line with the text; runs `above` it are on a line of their own.

    One paragraph is one block: LibreOffice 7.4 leaves a line that is to keep with a chart behind a table alone.
    """
    head = f"{above}<w:r><w:br/></w:r>" if above else ""
    width, height = round(bars.width * _EMU), round(bars.height * _EMU)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Chart"/></w:pPr>{head}<w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="{escape(bars.alt)}"'
        f' descr="{escape(bars.alt)}"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" r:id="{chart_id(number)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
