"""A copy of a template in which each finding is a Word comment at its paragraph (python-docx)."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pipeline.doors.word.package import UNREADABLE, mended
from pipeline.doors.word.zip_parts import PreparedZip
from pipeline.model.findings import Finding

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_AUTHOR = "hyeopyak"
_LEVEL = re.compile(r"(?<=\{[{%#])(?:p|tr|tc|r) ")
_BODY = "the text"


def annotated(blob: bytes, findings: Iterable[Finding], speak: Callable[[Finding], str]) -> bytes:
    """The copy; empty for a file that cannot be opened.

    Args:
        blob: the template.
        findings: what to say; those without a paragraph of the text go to the first one.
        speak: gives the text of a comment.
    """
    from docx import Document

    findings = list(findings)
    if any(one.code in UNREADABLE for one in findings):
        return b""
    try:
        document = Document(io.BytesIO(mended(blob)))
    except Exception:  # noqa: BLE001 - python-docx raises whatever the missing piece is needed for
        return b""
    body = document.element.body
    # A comment in a text box is not allowed: it stands at the paragraph that holds the box.
    paragraphs = [one for one in body.iter(f"{_W}p") if not any(True for _ in one.iterancestors(f"{_W}p"))]
    if not paragraphs:
        paragraphs = [document.add_paragraph()._p]  # noqa: SLF001 - python-docx has no other way to a paragraph's XML
    texts = [_plain("".join(piece.text or "" for piece in one.iter(f"{_W}t"))) for one in paragraphs]
    for one in findings:
        _comment(document, paragraphs[_place(one.params, texts)], speak(one))
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        # The same findings give the same bytes: without the time of day.
        return PreparedZip({name: package.read(name) for name in package.namelist()}).build({})


def _place(params: Mapping[str, Any], texts: Sequence[str]) -> int:
    """The number of the paragraph that a finding is about."""
    sought = _plain(str(params.get("paragraph", "")).split("\n")[-1].removeprefix("…"))
    if not sought or params.get("part") != _BODY:
        return 0
    exact = (number for number, text in enumerate(texts) if text.startswith(sought))
    within = (number for number, text in enumerate(texts) if sought in text)
    return next(exact, next(within, 0))


def _plain(text: str) -> str:
    """As it is compared: without spaces, and without what docxtpl takes out of commands."""
    straight = unicodedata.normalize("NFC", text).translate(str.maketrans("“”‘’", "\"\"''"))
    return re.sub(r"\s+", "", _LEVEL.sub(" ", straight))


def _comment(document: Any, paragraph: Any, text: str) -> None:
    from docx.text.paragraph import Paragraph

    runs = [one for one in Paragraph(paragraph, document).runs if one._r.getparent() is paragraph]  # noqa: SLF001
    runs = runs or [Paragraph(paragraph, document).add_run()]
    comment = document.add_comment([runs[0], runs[-1]], text=text, author=_AUTHOR, initials="협")
    comment._comment_elm.attrib.pop(f"{_W}date", None)  # noqa: SLF001 - not offered otherwise
