"""The styles of our papers, as staff find them in Word's list of styles.

Every style names its fonts for all scripts: Word's own styles are bound to theme fonts, which LibreOffice replaces by
families nobody chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.house.look import GRAY, HAIRLINE, INK, NAMESPACES, SANS, SERIF, TINT, edge

if TYPE_CHECKING:
    from collections.abc import Iterable

_NATURAL_LINE: Final = 1.15
"""Height of a single-spaced line in all Nanum fonts, in sizes of the type (ascent + descent)."""


@dataclass(frozen=True)
class Style:
    """A named paragraph style; lengths in points, `line` in sizes of the type (0: no height)."""

    id: str
    name: str
    """What staff see in Word's list of styles."""
    font: str = SERIF
    size: float = 11
    bold: bool = False
    color: str = ""
    tracking: float = 0
    """Space added after every letter."""
    align: str = "both"
    line: float = 1.65
    before: float = 0
    after: float = 0
    hanging: float = 0
    right: float = 0
    keep_next: bool = False
    new_page: bool = False
    outline: int | None = None
    """0 shows the paragraph in Word's navigation pane."""
    rule: str = ""
    """Borders, each made by `edge`."""
    next_id: str = ""
    """Style of the paragraph that follows when staff press Enter."""
    letters_only: bool = False
    """A character style, for part of a paragraph."""


ELECTION: Final = Style("Election", "선거 이름", SANS, 12, color=INK, tracking=0.6, align="center", line=1.4, after=4)
TITLE: Final = Style(
    "DocTitle",
    "문서 제목",
    size=23,
    bold=True,
    color=INK,
    tracking=2.4,
    align="center",
    line=1.35,
    after=14,
    rule=edge("bottom", 4, INK, line="double", space=9),
    next_id="Preamble",
)
COMMON_STYLES: Final = (
    Style("Normal", "Normal"),
    ELECTION,
    TITLE,
    Style("Preamble", "전문", align="left", after=2),
    Style(
        "Article",
        "조 제목",
        SANS,
        12,
        bold=True,
        color=INK,
        align="left",
        line=1.4,
        before=10,
        after=1.5,
        keep_next=True,
        outline=0,
        next_id="Clause",
    ),
    Style("Clause", "조문"),
    Style("ClauseBeforeTable", "조문(표 앞)", after=4, keep_next=True),
    Style("ClauseBeforeDate", "조문(날짜 앞)", keep_next=True),
    Style("Item", "항", hanging=16),
    Style("TableHead", "표 머리", SANS, 9, bold=True, color=INK, align="center", line=1.4, keep_next=True),
    Style("TableHeadText", "표 머리(글)", SANS, 9, bold=True, color=INK, align="left", line=1.4, keep_next=True),
    Style("TableNumber", "표 번호", SANS, 10, bold=True, color=INK, align="left", line=1.35),
    Style("TableField", "표 분야", SANS, 9, color=GRAY, align="left", line=1.5),
    Style("TableTitle", "표 제목", SANS, 10, bold=True, align="left", line=1.35, keep_next=True),
    Style("TableText", "표 글", SANS, 10, align="left", line=1.35),
    Style("TableSmall", "표 작은 글", SANS, 9, color=GRAY, align="left", line=1.35, before=1.5),
    Style("SignDate", "협약일", size=12, align="center", line=1.4, before=18, after=12, keep_next=True),
    Style("SignSide", "서명 구분", SANS, 9, bold=True, color=INK, align="left", line=1.4, keep_next=True),
    Style("SignText", "서명 단체·직함", SANS, 10, align="left", line=1.5, keep_next=True),
    Style("SignFirst", "서명 첫 줄", SANS, 10, align="left", line=1.5, before=5, keep_next=True),
    Style("SignNext", "서명 첫 줄(다음 단체)", SANS, 10, align="left", line=1.5, before=11, keep_next=True),
    Style("SignName", "서명 이름", size=15, bold=True, align="left", line=1.4, before=2, keep_next=True),
    Style("SignBox", "서명 칸", SANS, 9, color=GRAY, align="right", line=1.2, after=3, right=5, keep_next=True),
    Style("SignBoxFree", "서명 칸(쪽 나눔)", SANS, 9, color=GRAY, align="right", line=1.2, after=3, right=5),
    Style("Footer", "footer", SANS, 9, color=GRAY, tracking=0.2, align="center", line=1.2),
    Style("Directive", "지시문(인쇄되지 않음)", SANS, 8, color="9AA1A6", align="left", line=1.1, keep_next=True),
    Style("AfterTable", "표 뒤(지우지 마세요)", SANS, 1, line=0),
)
"""Every paper is set in these; a paper may add its own, but not change them."""

PART_HEAD: Final = Style(
    "PartHead",
    "부 제목",
    SANS,
    12.5,
    bold=True,
    color=INK,
    align="left",
    line=1.4,
    before=16,
    after=4,
    keep_next=True,
    outline=0,
)
"""Over a part of a paper that has no articles."""
LIST_STYLES: Final = (
    Style("FactLabel", "안내 항목", SANS, 9.5, bold=True, color=INK, align="left", line=1.5),
    Style("FactText", "안내 내용", SANS, 10.5, align="left", line=1.5),
    Style("FactSmall", "안내 작은 글", SANS, 9.5, color=GRAY, align="left", line=1.5),
)
"""Of two-column lists: what, when, where."""
NUMBER_STYLES: Final = (
    Style("FigureBig", "큰 숫자", SANS, 19, bold=True, color=INK, align="center", line=1.25, before=3, keep_next=True),
    Style("FigureName", "큰 숫자 이름", SANS, 9, color=GRAY, align="center", line=1.35, after=3),
    Style("TableFigure", "표 숫자", SANS, 10, align="center", line=1.35),
    Style("TableTotal", "표 합계", SANS, 10, bold=True, color=INK, align="center", line=1.35),
    Style("TableTotalText", "표 합계(글)", SANS, 10, bold=True, color=INK, align="left", line=1.35),
)
"""Of counts: a strip of large figures, and figures in tables."""
LOGO_STYLE: Final = Style("Logo", "로고", SANS, 9, align="center", line=1.2, after=8, keep_next=True)


def _letters(style: Style) -> str:
    font, half, bold = style.font, round(style.size * 2), int(style.bold)
    # All four scripts: one without a font of its own falls back to whatever the machine prefers.
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
        f'<w:b w:val="{bold}"/><w:bCs w:val="{bold}"/>'
        + (f'<w:color w:val="{style.color}"/>' if style.color else "")
        + (f'<w:spacing w:val="{round(style.tracking * 20)}"/>' if style.tracking else "")
        + f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/><w:lang w:val="en-US" w:eastAsia="ko-KR"/></w:rPr>'
    )


def _layout(style: Style) -> str:
    line, hanging = round(style.line / _NATURAL_LINE * 240), round(style.hanging * 20)
    return (
        "<w:pPr>"
        + ("<w:keepNext/><w:keepLines/>" if style.keep_next else "")
        + ("<w:pageBreakBefore/>" if style.new_page else "")
        + "<w:widowControl/>"
        + (f"<w:pBdr>{style.rule}</w:pBdr>" if style.rule else "")
        # Whole words (어절) at line ends; no gap between Hangul and figures: 제1조, not 제 1 조.
        + '<w:wordWrap/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        + f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"'
        f' w:line="{line or 1}" w:lineRule="{"auto" if line else "exact"}"/>'
        + (f'<w:ind w:left="{hanging}" w:hanging="{hanging}"/>' if hanging else "")
        + (f'<w:ind w:right="{round(style.right * 20)}"/>' if style.right else "")
        + f'<w:jc w:val="{style.align}"/>'
        + ("" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>')
        + "</w:pPr>"
    )


def _style(style: Style, order: int) -> str:
    if style.letters_only:
        return (
            f'<w:style w:type="character" w:customStyle="1" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
            f'<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="{order}"/><w:qFormat/>'
            f"{_letters(style)}</w:style>"
        )
    root = style.id == "Normal"
    kind = ' w:default="1"' if root else "" if style.id == "Footer" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        + ("" if root else '<w:basedOn w:val="Normal"/>')
        + (f'<w:next w:val="{style.next_id}"/>' if style.next_id else "")
        + f'<w:uiPriority w:val="{order}"/><w:qFormat/>{_layout(style)}{_letters(style)}</w:style>'
    )


def _other_styles() -> str:
    """The character style of hanja beside a name, and the styles of tables."""
    cell = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 60), ("left", 85), ("bottom", 60), ("right", 85))
    )
    none = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    lines = edge("top", 6, INK) + edge("bottom", 6, INK) + edge("insideH", 2, HAIRLINE)
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="Hanja"><w:name w:val="한자 이름"/>'
        '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="50"/><w:qFormat/>'
        f"{_letters(Style('', '', SANS, 10, color=GRAY))}</w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblCellMar>{none}</w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="Hairlines"><w:name w:val="가는 줄 표"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="60"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>{cell}</w:tblCellMar></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="SignTable"><w:name w:val="서명 표"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="61"/><w:qFormat/></w:style>'
    )


def styles_part(extra: Iterable[Style] = ()) -> str:
    """styles.xml: the common styles, those of one paper, and nothing of Word's own in the gallery."""
    normal = COMMON_STYLES[0]
    styles = "".join(_style(s, n) for n, s in enumerate((*COMMON_STYLES, *extra), start=2))
    return (
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault>{_letters(normal)}</w:rPrDefault><w:pPrDefault/>"
        '</w:docDefaults><w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
        ' w:defUnhideWhenUsed="0" w:defQFormat="0" w:count="376"/>'
        f"{styles}{_other_styles()}</w:styles>"
    )
