"""The house style of our papers, as building blocks for drawing Word templates.

What enters are texts with template tags and lengths in points or millimetres; what leaves are pieces of
WordprocessingML as text, and at the end the bytes of a Word file. Nothing here knows one paper from another:
styles used by every paper, tables with hairlines, the signature block, the footer, page and package.

The package is written part by part rather than from a library's default file, because such a file brings some
hundred styles bound to theme fonts, which LibreOffice replaces by families nobody chose.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SERIF: Final = "NanumMyeongjo"
SANS: Final = "NanumBarunGothic"
INK: Final = "1D3140"
"""The one accent: so dark that it recalls no party and prints black on a black-and-white copy."""
GRAY: Final = "6E767C"
HAIRLINE: Final = "B4BBC0"
TINT: Final = "EEF1F2"

TEXT_WIDTH: Final = 160
"""Millimetres between the side margins."""
MARGINS: Final = {"top": 25, "right": 25, "bottom": 20, "left": 25, "header": 12, "footer": 10}
"""Millimetres. The corners outside them belong to the page codes: 16 mm top right, 20 mm bottom left."""

_NATURAL_LINE: Final = 1.15
"""Height of a single-spaced line in all Nanum fonts, in sizes of the type (ascent + descent)."""
_DATE: Final = "2018-01-02T00:00:00Z"
"""Fixed, so that drawing twice gives the same bytes."""

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS: Final = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'


# --- Styles -----------------------------------------------------------------------------------------------


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
    outline: int | None = None
    """0 shows the paragraph in Word's navigation pane."""
    rule: str = ""
    """Borders, each made by `edge`."""
    next_id: str = ""
    """Style of the paragraph that follows when staff press Enter."""


def edge(side: str, eighths: int, color: str, *, line: str = "single", space: int = 0) -> str:
    """One border of a paragraph, table or cell: eighths of a point thick, `space` points off the text."""
    return f'<w:{side} w:val="{line}" w:sz="{eighths}" w:space="{space}" w:color="{color}"/>'


COMMON_STYLES: Final = (
    Style("Normal", "Normal"),
    Style("Election", "선거 이름", SANS, 12, color=INK, tracking=0.6, align="center", line=1.4, after=4),
    Style(
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
    ),
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


def _paragraph_style(style: Style, order: int) -> str:
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
    styles = "".join(_paragraph_style(s, n) for n, s in enumerate((*COMMON_STYLES, *extra), start=2))
    return (
        f"<w:styles {_NS}><w:docDefaults><w:rPrDefault>{_letters(normal)}</w:rPrDefault><w:pPrDefault/>"
        '</w:docDefaults><w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
        ' w:defUnhideWhenUsed="0" w:defQFormat="0" w:count="376"/>'
        f"{styles}{_other_styles()}</w:styles>"
    )


# --- Paragraphs and tables --------------------------------------------------------------------------------


def run(text: str, style: str = "") -> str:
    """Text in one run; `style` is the id of a character style."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def para(style: str, text: str, *more: str) -> str:
    """A paragraph of one run, and `more` runs made by `run`."""
    look = "" if style == "Normal" else f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    return f"<w:p>{look}{run(text) if text else ''}{''.join(more)}</w:p>"


def when(condition: str, *blocks: str) -> str:
    """Paragraphs or tables that stand only if the condition of the template holds."""
    return para("Directive", f"{{%p if {condition} %}}") + "".join(blocks) + para("Directive", "{%p endif %}")


@dataclass(frozen=True)
class Cell:
    """A cell of one or more paragraphs; `edges` are borders made by `edge`."""

    content: str
    span: int = 1
    valign: str = "top"
    edges: str = ""


def _cell(cell: Cell, width: int) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else "")
        + (f"<w:tcBorders>{cell.edges}</w:tcBorders>" if cell.edges else "")
        + (f'<w:vAlign w:val="{cell.valign}"/>' if cell.valign != "top" else "")
        + f"</w:tcPr>{cell.content}</w:tc>"
    )


@dataclass(frozen=True)
class Row:
    """A row, never split over pages; `height` is the least, in millimetres."""

    cells: Sequence[Cell]
    height: float = 0
    head: bool = False
    """Repeated on every page the table reaches."""


def table(style: str, widths: Sequence[float], rows: Iterable[Row]) -> str:
    """A table of fixed columns, widths in millimetres."""
    grid = [twips(width) for width in widths]
    look = "".join(f'w:{name}="{int(name == "firstRow")}" ' for name in ("firstRow", "lastRow", "firstColumn"))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(grid)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {look}w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
        + f"</w:tblGrid>{''.join(_row(row, grid) for row in rows)}</w:tbl>"
    )


def _row(row: Row, grid: Sequence[int]) -> str:
    cells, column = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(grid[column : column + cell.span])))
        column += cell.span
    return (
        "<w:tr><w:trPr><w:cantSplit/>"
        + (f'<w:trHeight w:val="{twips(row.height)}" w:hRule="atLeast"/>' if row.height else "")
        + ("<w:tblHeader/>" if row.head else "")
        + f"</w:trPr>{''.join(cells)}</w:tr>"
    )


def loop(names: str, columns: int, *rows: Row) -> list[Row]:
    """Rows repeated for each: `names` is what stands after `for`, e.g. '공약 in 공통공약'."""
    first = Row([Cell(para("Directive", f"{{%tr for {names} %}}"), columns)])
    return [first, *rows, Row([Cell(para("Directive", "{%tr endfor %}"), columns)])]


def twips(mm: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(mm * 1440 / 25.4)


# --- The signature block ----------------------------------------------------------------------------------

_SIGN_WIDTHS: Final = (75, 10, 75)
_SIGN_ROOM: Final = 22
"""Millimetres of height for pen and seal, over the whole column."""
_CAPTION: Final = "(서명 또는 인)"
_ONE_PAGE: Final = 4
"""So many bodies fit one page; of more, a page may end below any of their boxes."""
_BOX: Final = "".join(edge(side, 4, HAIRLINE) for side in ("top", "left", "bottom", "right"))


def _organisation(name: str, first_line: str) -> tuple[Cell, Cell]:
    """Who signs for a body: what it is, and below that the name, each in a row of its own so that names align."""
    what = para(first_line, f"{{{{ {name}.이름 }}}}") + para("SignText", f"{{{{ {name}.직함 }}}}")
    return Cell(what), Cell(para("SignName", f"{{{{ {name}.대표|띄움 }}}}"))


def _candidate() -> tuple[Cell, Cell]:
    hanja = run("{% if 후보.한자 %}  {{ 후보.한자 }}{% endif %}", "Hanja")
    what = (
        para("Directive", "{%p if 서명.정당 %}")
        + para("SignFirst", "{{ 서명.정당 }}")
        + para("SignText", "{{ 서명.직함 }}")
        + para("Directive", "{%p else %}")
        + para("SignFirst", "{{ 서명.직함 }}")
        + para("Directive", "{%p endif %}")
        + when("서명.선거구", para("SignText", "{{ 서명.선거구 }}"))
        + when("서명.대리", para("SignText", "{{ 서명.이름 }} 후보를 대리하여 {{ 서명.대리인직함 }}"))
    )
    name = (
        para("Directive", "{%p if 서명.대리 %}")
        + para("SignName", "{{ 서명.대리인|띄움 }}")
        + para("Directive", "{%p else %}")
        + para("SignName", "{{ 서명.이름|띄움 }}", hanja)
        + para("Directive", "{%p endif %}")
    )
    return Cell(what), Cell(name)


def signature_block(left: str, right: str) -> str:
    """Date, and two columns to sign in: the bodies stacked on the left, the candidate on the right.

    It stays whole: every paragraph keeps with the next, in all rows. Where there are more bodies than a page
    holds, it may break between bodies, never between a name and its box.
    The first body stands beside the candidate; further ones follow below, so that no cell is ever without text.
    """
    gap = Cell(para("SignText", ""))
    room = Cell(para("SignBox", _CAPTION), valign="bottom", edges=_BOX)
    last = Cell(
        para("Directive", f"{{%p if 단체들|length > {_ONE_PAGE} %}}")
        + para("SignBoxFree", _CAPTION)
        + para("Directive", "{%p else %}")
        + para("SignBox", _CAPTION)
        + para("Directive", "{%p endif %}"),
        valign="bottom",
        edges=_BOX,
    )
    side = edge("bottom", 6, INK)
    rows = [
        Row([Cell(para("SignSide", left), edges=side), gap, Cell(para("SignSide", right), edges=side)]),
        *(
            Row([body, gap, candidate])
            for body, candidate in zip(_organisation("단체", "SignFirst"), _candidate(), strict=True)
        ),
        Row([last, gap, room], _SIGN_ROOM),
        *loop(
            "공동 in 단체들[1:]",
            3,
            *(Row([body, Cell(para("SignText", ""), 2)]) for body in _organisation("공동", "SignNext")),
            Row([last, Cell(para("SignText", ""), 2)], _SIGN_ROOM),
        ),
        # LibreOffice 7.4 leaves a table's last border out of account: where the boxes just fill a page, the
        # paragraph below would make an empty page. A row without a border, of no height, prevents that.
        Row([Cell(para("AfterTable", ""), 3)]),
    ]
    date = para("SignDate", "{{ 캠페인.협약일|날짜|replace(' ', '  ') }}")
    # Word asks for a paragraph after a table; a composed package carries its section in it.
    return date + table("SignTable", _SIGN_WIDTHS, rows) + para("AfterTable", "")


# --- The package ------------------------------------------------------------------------------------------


def _footer_part() -> str:
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    line = para("Footer", "{{ 문서.번호 }}  ·  {{ 문서.판 }}판  ·  ", page, run("쪽"))
    return f"<w:ftr {_NS}>{line}</w:ftr>"


def _document_part(body: str) -> str:
    margins = " ".join(f'w:{side}="{twips(mm)}"' for side, mm in MARGINS.items())
    return (
        f'<w:document {_NS}><w:body>{body}<w:sectPr><w:footerReference w:type="default" r:id="rId5"/>'
        f'<w:pgSz w:w="{twips(210)}" w:h="{twips(297)}"/><w:pgMar {margins} w:gutter="0"/></w:sectPr>'
        "</w:body></w:document>"
    )


def _font_part() -> str:
    # A reader's Word without the Nanum fonts takes the first of the other names that it has.
    fonts = (
        (SERIF, "나눔명조,바탕,Batang", "02020603020101020101", "roman"),
        (SANS, "나눔바른고딕,맑은 고딕,Malgun Gothic", "020B0603020101020101", "swiss"),
    )
    return (
        f"<w:fonts {_NS}>"
        + "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/>'
            f'<w:charset w:val="81"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
            for name, others, panose, family in fonts
        )
        + "</w:fonts>"
    )


def _settings_part() -> str:
    switches = (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
        ("differentiateMultirowTableHeaders", 1),
    )
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in switches
    )
    return (
        f'<w:settings {_NS}><w:zoom w:percent="100"/><w:hideSpellingErrors/><w:defaultTabStop w:val="800"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{compat}</w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="ko-KR"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/></w:settings>'
    )


def _theme_part() -> str:
    """Word's theme, so that "theme fonts" picked by staff are the house fonts."""
    colors = {
        "dk1": "000000",
        "lt1": "FFFFFF",
        "dk2": INK,
        "lt2": TINT,
        "accent1": INK,
        "accent2": GRAY,
        "accent3": HAIRLINE,
        "accent4": "4A5A66",
        "accent5": "8B949A",
        "accent6": "2B2B2B",
        "hlink": INK,
        "folHlink": GRAY,
    }
    palette = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colors.items())
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{font}"/><a:ea typeface="{font}"/><a:cs typeface="{font}"/></a:{kind}Font>'
        for kind, font in (("major", SANS), ("minor", SERIF))
    )
    fill, outline = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>', '<a:ln w="6350"/>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="협약">'
        f'<a:themeElements><a:clrScheme name="협약">{palette}</a:clrScheme><a:fontScheme name="협약">{fonts}'
        f'</a:fontScheme><a:fmtScheme name="협약"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{outline * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _core_part(title: str) -> str:
    stamp = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{_DATE}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title>'
        f"<dc:language>ko-KR</dc:language>{stamp}</cp:coreProperties>"
    )


_APP_PART: Final = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Office Word</Application></Properties>"
)
_RELATED: Final = ("styles", "settings", "fontTable", "theme", "footer")
"""Kinds of the parts that the document leads to: rId1, rId2, …"""


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{items}</Relationships>'


def _content_types() -> str:
    office = "application/vnd.openxmlformats-officedocument"
    types = {
        "word/document.xml": f"{office}.wordprocessingml.document.main+xml",
        **{f"word/{kind}.xml": f"{office}.wordprocessingml.{kind}+xml" for kind in _RELATED},
        "word/theme.xml": f"{office}.theme+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": f"{office}.extended-properties+xml",
    }
    parts = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def word_file(title: str, body: str, extra_styles: Iterable[Style] = ()) -> bytes:
    """The bytes of a Word file of one section: A4, our margins, styles and footer."""
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (core, "docProps/core.xml"),
                (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
            ]
        ),
        "word/_rels/document.xml.rels": _relations((f"{_OFFICE}/{kind}", f"{kind}.xml") for kind in _RELATED),
        "word/document.xml": _document_part(body),
        "word/styles.xml": styles_part(extra_styles),
        "word/settings.xml": _settings_part(),
        "word/fontTable.xml": _font_part(),
        "word/theme.xml": _theme_part(),
        "word/footer.xml": _footer_part(),
        "docProps/core.xml": _core_part(title),
        "docProps/app.xml": _APP_PART,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(2018, 1, 2, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return out.getvalue()
