"""Traps of Word files that are templates: what docxtpl and Word do in silence, found before they do it.

Looked at in the file as its author saved it, paragraph by paragraph, since preparing it takes the evidence away.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from pipeline.doors.word.blocks import block_flaws
from pipeline.doors.word.lint import beside
from pipeline.doors.word.paragraphs import Paragraph, Tag, W, excerpt, paragraphs
from pipeline.doors.word.styles import style_flaws
from pipeline.doors.word.text import ON_PAGE, spoken
from pipeline.model.findings import Cell, Finding, finding

_PROBLEMS = {
    "open": "braces are opened and not closed in this paragraph",
    "marks": "in a p, tr or tc command no percent sign and no closing brace may stand but at its end",
}
OPEN = _PROBLEMS["open"]
"""A problem that makes everything behind it unclear."""
_CURLY = re.compile("[“”‘’]")
_MERGES = re.compile(r"\{%\s*(colspan|cellbg|vm|hm)\b")
_WORD = r"[^\W\d]\w*(?:\.\w+)*(?:\s*\|[^{}｛｝«»<>]*)?"
_ALIKE = re.compile(
    rf"[{{｛]\s*[{{｛]?\s*{_WORD}\s*[}}｝]?\s*[}}｝]|«[^«»]*»|<<\s*{_WORD}\s*>>|[{{｛]\s*%[^%]*%\s*[}}｝]|[%}}]\}}"
)
"""What looks like a tag and is none; complete tags are taken out before."""
_ENDS = ("}}", "%}")
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_FORMAT_CHANGES = tuple(
    f"{W}{name}"
    for name in (
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "trPrChange",
        "tcPrChange",
        "cellIns",
        "cellDel",
    )
)
_INSIDE = tuple(
    f"{W}{name}"
    for name in ("fldChar", "instrText", "drawing", "pict", "object", "footnoteReference", "endnoteReference")
)
_POINTS = tuple(
    f"{W}{name}"
    for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference")
)
_UNSEEN = frozenset(f"{W}{name}" for name in ("lang", "noProof", "proofErr", "rtl", "cs"))
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CORE_READ = re.compile(r"<(?:dc:(?:creator|description|identifier|language|subject|title))[^>]*>[^<]*<")
_SPOKEN = {
    "chart": "a chart",
    "endnotes": "the endnotes",
    "glossary": "the building blocks",
    "properties": "the document properties",
    "link": "a link",
    "other": "a part of the file that is not printed",
}


def lint(blob: bytes, shown: str) -> list[Finding]:
    """What is wrong with a template that `word_package.inspect` lets through; nothing of a file that is damaged."""
    cell = Cell(shown)
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
        pages = {name: _root(content) for name, content in parts.items() if ON_PAGE.fullmatch(name)}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, ValueError, OSError, EOFError):
        return []
    found: list[Finding] = []
    read: list[Paragraph] = []
    for name, root in sorted(pages.items()):
        own = paragraphs(spoken(name), root)
        found += _of_part(own, root, cell)
        found += [_told("template.beside", spoken(name), text, cell) for text in beside(parts[name])]
        read += own
    found += _unrendered(parts, cell)
    if re.search(rb"<w:comment[ >]", parts.get("word/comments.xml", b"")):
        found.append(finding("template.comments", cell))
    found += style_flaws(read, parts, cell)
    return list({_key(one): one for one in found}.values())


def _key(one: Finding) -> tuple[str, ...]:
    return (one.code, *map(str, one.params.values()))


def _root(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _told(code: str, part: str, paragraph: str, cell: Cell, **params: str) -> Finding:
    shown = excerpt(paragraph, params.get("tag", params.get("text", "")))
    return finding(code, cell, part=part, paragraph=shown, **params)


def _of_part(own: Sequence[Paragraph], root: Any, cell: Cell) -> Iterator[Finding]:
    found = [one for paragraph in own for one in _of_paragraph(paragraph, cell)]
    if any(one.params.get("problem") == OPEN for one in found):
        # Ends without a beginning belong to it, and nobody can say where loops begin and end.
        yield from (one for one in found if one.params.get("text") not in _ENDS)
    else:
        yield from found
        yield from block_flaws(own, cell)
    yield from _changes(own, root, cell)
    yield from _text_boxes(own, root, cell)


def _of_paragraph(paragraph: Paragraph, cell: Cell) -> Iterator[Finding]:
    def told(code: str, **params: str) -> Finding:
        return _told(code, paragraph.part, paragraph.text, cell, **params)

    rest = paragraph.rest
    if any(sign in rest for sign in ("{{", "{%", "{#")):
        yield told("template.syntax", problem=OPEN)
    else:
        for match in _ALIKE.finditer(rest):
            if not match[0].isspace():
                yield told("template.braces", text=match[0].strip())
    tracked = _holds_tags(paragraph) and next(paragraph.element.iter(*_CHANGES), None) is not None
    if tracked:
        yield told("template.tracked")
    for tag in paragraph.tags:
        if not tag.text.startswith("{#"):
            yield from (told(code, **params) for code, params in _of_tag(tag, whole=tracked))


def _of_tag(tag: Tag, *, whole: bool) -> Iterator[tuple[str, dict[str, str]]]:
    """What is wrong with a tag; `whole`: never mind the runs that it is cut into."""
    text = tag.text
    curly = "".join(dict.fromkeys(_CURLY.findall(text)))
    if curly:
        yield "template.quotes", {"signs": curly}
    if unicodedata.normalize("NFC", text) != text:
        yield "template.nfd", {"tag": unicodedata.normalize("NFC", text)}
    if tag.level in {"p", "tr", "tc"} and re.search(r"[%}]", text[2:-2]):
        yield "template.syntax", {"problem": _PROBLEMS["marks"]}
    if tag.level == "r" and text.startswith("{{"):
        yield "template.run", {"tag": text}
    merge = _MERGES.match(text)
    if merge:
        yield "template.merge", {"command": merge[1]}
    if len(tag.pieces) > 1 and not whole:
        yield from _of_cut_tag(tag)
    if any(one.tag == f"{W}sdt" and _is_bound(one) for one in tag.pieces[0].iterancestors()):
        yield "template.bound", {"tag": text}


def _of_cut_tag(tag: Tag) -> Iterator[tuple[str, dict[str, str]]]:
    """A tag in several runs: docxtpl joins them, and what stands between is lost."""
    between = _between(tag.pieces[0], tag.pieces[-1])
    runs = [piece.getparent() for piece in tag.pieces]
    if any(one.tag in _INSIDE for one in between) or len({run.getparent() for run in runs}) > 1:
        yield "template.inside", {"tag": tag.text}
    elif any(one.tag in _POINTS for one in between):
        yield "template.bookmark", {"tag": tag.text}
    elif len({_format(run) for run in runs}) > 1:
        yield "template.formats", {"tag": tag.text}


def _between(first: Any, last: Any) -> list[Any]:
    """Elements from one to another, in the order of the file."""
    paragraph = next(first.iterancestors(f"{W}p"))
    found, within = [], False
    for one in paragraph.iter():
        if one is first:
            within = True
        elif one is last:
            break
        elif within:
            found.append(one)
    return found


def _format(run: Any) -> bytes:
    """What the format of a run looks like, without what nobody sees."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return b""
    seen = sorted(etree.tostring(one, method="c14n") for one in properties if one.tag not in _UNSEEN)
    # A font's hint only helps to choose among those named.
    return b"".join(re.sub(rb' w:hint="\w+"', b"", one) for one in seen)


def _is_bound(control: Any) -> bool:
    properties = control.find(f"{W}sdtPr")
    return properties is not None and any(etree.QName(one).localname == "dataBinding" for one in properties)


def _holds_tags(paragraph: Paragraph) -> bool:
    """Whether there is a tag in it, or a piece of one, or in what was deleted."""
    deleted = "".join(one.text or "" for one in paragraph.element.iter(f"{W}delText"))
    return any(sign in text for text in (paragraph.text, deleted) for sign in ("{{", "{%", "}}", "%}"))


def _changes(own: Sequence[Paragraph], root: Any, cell: Cell) -> Iterator[Finding]:
    """Tracked changes away from tags: what was deleted is still in every document."""
    marked = next(root.iter(*_CHANGES, *_FORMAT_CHANGES), None)
    if marked is None:
        return
    holders = [one for one in own if next(one.element.iter(*_CHANGES, *_FORMAT_CHANGES), None) is not None]
    if own and (not holders or not all(_holds_tags(one) for one in holders)):
        first = next((one for one in holders if not _holds_tags(one)), own[0])
        yield _told("template.changes", first.part, first.text, cell)


def _text_boxes(own: Sequence[Paragraph], root: Any, cell: Cell) -> Iterator[Finding]:
    """Word keeps a text box twice, for itself and for older programs; a tag in it stands in the file twice."""
    by_element = {one.element: one for one in own}
    for box in root.iter(_ALTERNATIVE):
        twins = [[by_element[one] for one in half.iter(f"{W}p") if one in by_element] for half in box]
        tagged = [one for half in twins for one in half if one.tags]
        if not tagged:
            continue
        texts = ["\n".join(one.text for one in half) for half in twins if half]
        code = "template.twice" if len(set(texts)) == 1 else "template.twins"
        yield _told(code, tagged[0].part, tagged[0].text, cell)


def _unrendered(parts: Mapping[str, bytes], cell: Cell) -> Iterator[Finding]:
    """Tags where none are filled in: endnotes, charts, links and the rest of the package."""
    for name, content in sorted(parts.items()):
        if ON_PAGE.fullmatch(name) or name.startswith("word/comments"):
            continue
        text = content.decode("utf-8", "replace")
        if name.endswith(".rels"):
            text = " ".join(re.findall(r'Target="([^"]*)"', text)).replace("%7B", "{").replace("%7D", "}")
        elif name == "docProps/core.xml":
            text = _CORE_READ.sub("<", text)
        words = re.sub(r"</(?:w:p|a:p|m:oMath)>", "\n", text)
        words = re.sub(r"<[^>]*>", "", words)
        tags = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", words)
        if tags:
            yield _told("template.unrendered", _spoken(name), tags[0], cell, tag=tags[0])


def _spoken(name: str) -> str:
    """A part that is not rendered, as people know it."""
    signs = (
        ("link", name.endswith(".rels")),
        ("glossary", name.startswith("word/glossary/")),
        ("chart", name.startswith("word/charts/")),
        ("endnotes", name == "word/endnotes.xml"),
        ("properties", name.startswith("docProps/")),
    )
    return _SPOKEN[next((kind for kind, holds in signs if holds), "other")]
