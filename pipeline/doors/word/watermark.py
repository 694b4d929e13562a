"""A word across every page of a Word file (python-docx), behind its text: a preview must not pass for a paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml import parse_xml

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_ID = "hyeopyakMark"
# What Word itself writes for a watermark: WordArt of shape type 136 (ECMA-376 part 4, 19.1), turned by 45 degrees.
_RUN = """\
<w:r {names}><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="{id}{number}" o:spid="_x0000_s{spid}" type="#_x0000_t136" style="position:absolute;margin-left:0;
margin-top:0;width:330pt;height:165pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
 o:allowincell="f" fillcolor="#d0d4d8" stroked="f"><v:fill opacity=".5"/>
<v:textpath style="font-family:&quot;NanumBarunGothic&quot;;font-size:1pt" string="{word}"/></v:shape>
</w:pict></w:r>"""


def watermarked(blob: bytes, word: str) -> bytes:
    """A copy of a .docx with a word across every page.

    Args:
        blob: the .docx.
        word: plain text without XML's signs.
    """
    document = Document(io.BytesIO(blob))
    for number, header in enumerate(_headers(document)):
        paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        paragraph._p.append(parse_xml(_RUN.format(names=_NAMES, id=_ID, number=number, spid=4096 + number, word=word)))  # noqa: SLF001 - python-docx knows no VML
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _headers(document: Any) -> Iterator[Any]:
    """Every header that a page can show; one that takes another section's is left to it, but the first has nobody."""
    two_sided = document.settings.odd_and_even_pages_header_footer
    for place, section in enumerate(document.sections):
        kinds = [section.header]
        if section.different_first_page_header_footer:
            kinds.append(section.first_page_header)
        if two_sided:
            kinds.append(section.even_page_header)
        for header in kinds:
            if place == 0 and header.is_linked_to_previous:
                header.is_linked_to_previous = False
            if not header.is_linked_to_previous:
                yield header
