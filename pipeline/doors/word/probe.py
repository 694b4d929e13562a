"""A Word file that is known to be good: a LibreOffice that cannot convert it is at fault itself.

ECMA-376: the fewest parts that a word processor opens.
"""

from __future__ import annotations

from pipeline.doors.word.zip_parts import PreparedZip

WORD = "hyeopyak"
"""All that it says."""
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f"<w:body><w:p><w:r><w:t>{WORD}</w:t></w:r></w:p></w:body></w:document>",
}


def probe() -> bytes:
    """The file."""
    return PreparedZip({name: content.encode() for name, content in _PARTS.items()}).build({})
