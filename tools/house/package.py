"""The Word file around a paper's body, written part by part.

Not from a library's default file: such a file brings some hundred styles bound to theme fonts. All dates are fixed and
all parts in order, so that drawing twice gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING, Final

from tools.house.blocks import para, run
from tools.house.charts import chart_id, chart_part
from tools.house.look import GRAY, HAIRLINE, INK, MARGINS, NAMESPACES, OFFICE, SANS, SERIF, TINT, twips
from tools.house.styles import styles_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.house.charts import Bars
    from tools.house.styles import Style

_DATE: Final = "2018-01-02T00:00:00Z"
"""Fixed, so that drawing twice gives the same bytes."""


def _footer_part(*, numbered: bool) -> str:
    if not numbered:
        return f"<w:ftr {NAMESPACES}>{para('Footer', '')}</w:ftr>"
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    line = para("Footer", "{{ 문서.번호 }}  ·  {{ 문서.판 }}판  ·  ", page, run("쪽"))
    return f"<w:ftr {NAMESPACES}>{line}</w:ftr>"


def _document_part(body: str, *, wide: bool) -> str:
    margins = " ".join(f'w:{side}="{twips(mm)}"' for side, mm in MARGINS.items())
    width, height = (297, 210) if wide else (210, 297)
    turned = ' w:orient="landscape"' if wide else ""
    return (
        f'<w:document {NAMESPACES}><w:body>{body}<w:sectPr><w:footerReference w:type="default" r:id="rId5"/>'
        f'<w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"{turned}/><w:pgMar {margins} w:gutter="0"/></w:sectPr>'
        "</w:body></w:document>"
    )


def _font_part() -> str:
    # A reader's Word without the Nanum fonts takes the first of the other names that it has.
    fonts = (
        (SERIF, "나눔명조,바탕,Batang", "02020603020101020101", "roman"),
        (SANS, "나눔바른고딕,맑은 고딕,Malgun Gothic", "020B0603020101020101", "swiss"),
    )
    return (
        f"<w:fonts {NAMESPACES}>"
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
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:hideSpellingErrors/><w:defaultTabStop w:val="800"/>'
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


def _relations(targets: Iterable[tuple[str, str]], charts: int = 0) -> str:
    named = [(f"rId{n}", kind, target) for n, (kind, target) in enumerate(targets, start=1)]
    named += [(chart_id(n), f"{OFFICE}/chart", f"charts/chart{n}.xml") for n in range(1, charts + 1)]
    items = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in named)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{items}</Relationships>'


def _content_types(charts: int) -> str:
    office = "application/vnd.openxmlformats-officedocument"
    types = {
        "word/document.xml": f"{office}.wordprocessingml.document.main+xml",
        **{f"word/{kind}.xml": f"{office}.wordprocessingml.{kind}+xml" for kind in _RELATED},
        "word/theme.xml": f"{office}.theme+xml",
        **{f"word/charts/chart{n}.xml": f"{office}.drawingml.chart+xml" for n in range(1, charts + 1)},
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": f"{office}.extended-properties+xml",
    }
    parts = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def word_file(
    title: str,
    body: str,
    extra_styles: Iterable[Style] = (),
    *,
    wide: bool = False,
    charts: Sequence[Bars] = (),
    numbered: bool = True,
) -> bytes:
    """The bytes of a Word file of one section: A4, on its side if `wide`, our margins and styles.

    With our footer if `numbered`.
    """
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = {
        "[Content_Types].xml": _content_types(len(charts)),
        "_rels/.rels": _relations(
            [
                (f"{OFFICE}/officeDocument", "word/document.xml"),
                (core, "docProps/core.xml"),
                (f"{OFFICE}/extended-properties", "docProps/app.xml"),
            ]
        ),
        "word/_rels/document.xml.rels": _relations(
            ((f"{OFFICE}/{kind}", f"{kind}.xml") for kind in _RELATED), len(charts)
        ),
        "word/document.xml": _document_part(body, wide=wide),
        "word/styles.xml": styles_part(extra_styles),
        "word/settings.xml": _settings_part(),
        "word/fontTable.xml": _font_part(),
        "word/theme.xml": _theme_part(),
        "word/footer.xml": _footer_part(numbered=numbered),
        **{f"word/charts/chart{n}.xml": chart_part(chart) for n, chart in enumerate(charts, start=1)},
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
