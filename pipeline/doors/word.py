"""Word files (docxtpl, python-docx, lxml): a template compiled once and rendered many times.

docxtpl spends 98 % of a render on work that does not depend on the row: unzipping, parsing, patching, compiling,
deflating static parts (measured, 0.20.2). Here docxtpl prepares each part once, through its public methods; a
document then costs one Jinja render for each part with tags and one deflate. The result equals docxtpl's own,
part by part after canonicalisation, with autoescape on; a test holds that over all templates.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from pipeline.doors.hanja import dress
from pipeline.doors.tags import (
    ANY_TAG,
    FAULTS,
    FILTER_FAULT,
    Filters,
    frames,
    line_of,
    make_environment,
    opener,
    syntax_problem,
)
from pipeline.doors.word_lint import beside, cut_cells
from pipeline.doors.zip_parts import PreparedZip
from pipeline.korean.similar import nearest
from pipeline.model.documents import Context
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding

Parts = Mapping[str, bytes]
"""Contents by part name: `word/document.xml`."""

RENDERER = "hyeopyak-word 1"
"""Changes when the same template and context would give another text: part of every fingerprint."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BODY = "word/document.xml"
_TAG = re.compile(r"\{[{%#]")
_CUT = "its XML is broken: a loop or condition cuts through a paragraph, a cell or a row"
_MARKS = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_LISTING = ("\n", "\t", "\a", "\f")
_RELATED = ("header", "footer", "footnotes")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with tags, compiled. The text around a body's XML is kept apart: docxtpl renders the body alone."""

    name: str
    template: jinja2.Template
    source: str
    before: str = ""
    after: str = ""
    is_body: bool = False


class WordTemplate:
    """A template, compiled. Not for two threads at once: missing fields are collected on the instance.

    Args:
        blob: the .docx.
        filters: Jinja filters beside the standard ones.
        shown: the template's path, for findings.

    Raises:
        Trouble: template.damaged; template.syntax for the first tag that cannot be understood.
    """

    def __init__(self, blob: bytes, filters: Filters, shown: str) -> None:
        self.shown = shown
        self._missing: dict[tuple[str, str], tuple[str, ...]] = {}
        self._context: Context = {}
        self._environment = make_environment(filters, self._note_missing)
        self._docxtpl = _open(blob, shown)
        normal = _saved(self._docxtpl)
        self._repairs = _needs_repair(normal[_BODY])
        self.static: dict[str, bytes] = {}
        self._parts: list[_Part] = []
        for name, content in normal.items():
            part = self._compile(name, content)
            if part is None:
                self.static[name] = content
            else:
                self._parts.append(part)
        self._sections = normal[_BODY].count(b"<w:sectPr")
        pages = {name: content for name, content in normal.items() if _ON_PAGE.fullmatch(name)}
        self._beside = [self._vanishing(name, text) for name, content in pages.items() for text in beside(content)]
        self._flaws = [_CUT] if any(map(cut_cells, pages.values())) else []
        self._zip = PreparedZip(self.static)
        # Jinja evaluates tags without variables while compiling; what is missing in them is missing in every document.
        self._always_missing = dict(self._missing)

    def render(self, context: Context) -> tuple[dict[str, bytes], list[Finding]]:
        """The parts that depend on the context, and what is wrong with them; nothing wrong: ready to pack."""
        self._missing = dict(self._always_missing)
        self._context = context
        rendered: dict[str, bytes] = {}
        for part in self._parts:
            try:
                text = part.template.render(context)
            except FAULTS as error:
                # A filter that was given what it cannot take; nothing at all, mostly, from a field that is missing.
                return {}, self._fields() or [self._fault(part, context, error)]
            rendered[part.name] = self._finish(part, text)
        problems = [*self._flaws, *self._problems(rendered)]
        findings = [finding("render.check", Cell(self.shown), problem=problem) for problem in problems]
        return rendered, [*self._beside, *self._fields(), *findings]

    def pack(self, rendered: Parts) -> bytes:
        """A .docx from its rendered parts."""
        return self._zip.build(rendered)

    def sources(self) -> list[tuple[str, str]]:
        """Part as people know it and its Jinja source, a paragraph a line, of every part with tags."""
        return [(_spoken(part.name), part.source) for part in self._parts]

    def text(self) -> str:
        """The template's own words on the page, tags taken out."""
        fixed = [content.decode() for name, content in self.static.items() if _ON_PAGE.fullmatch(name)]
        sources = "\n".join([*fixed, *(part.source for part in self._parts)])
        return plain_text(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", sources))

    def fonts(self) -> frozenset[str]:
        """Font families that text on the page may use: those of runs, of the styles in use, and those of hanja."""
        parts = {**self.static, **{part.name: part.source.encode() for part in self._parts}}
        pages = [content for name, content in parts.items() if _ON_PAGE.fullmatch(name)]
        used = {name.decode() for content in pages for name in _STYLE.findall(content)}
        styles = _style_fonts(parts.get("word/styles.xml", b""), used)
        named = {name.decode() for content in pages for run in _FONTS.findall(content) for name in _FONT.findall(run)}
        return frozenset(styles | named)

    def _compile(self, name: str, content: bytes) -> _Part | None:
        """The part as a Jinja template; None when nothing in it can change."""
        if name == _BODY:
            return self._compile_body(content.decode())
        if name == "docProps/core.xml" and _TAG.search(content.decode()):
            return self._from_source(name, content.decode(), "", "")
        if not re.fullmatch(rf"word/(?:{'|'.join(_RELATED)})\d*\.xml", name):
            return None
        root = etree.fromstring(content)
        text = self._docxtpl.xml_to_string(root)
        if not _TAG.search(re.sub(r"<[^>]+>", "", text)) and self._docxtpl.resolve_listing(text) == text:
            return None
        head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        return self._from_source(name, self._docxtpl.patch_xml(text), head, "")

    def _compile_body(self, document: str) -> _Part:
        """Docxtpl renders `w:body` alone; the root around it is kept as text."""
        start = document.index("<w:body")
        end = document.rindex("</w:body>") + len("</w:body>")
        source = self._docxtpl.patch_xml(self._docxtpl.get_xml())
        if not self._repairs:
            # The root declares the namespaces already.
            source = _BODY_START.sub("<w:body>", source, count=1)
        return self._from_source(_BODY, source, document[:start], document[end:], is_body=True)

    def _from_source(self, name: str, source: str, before: str, after: str, *, is_body: bool = False) -> _Part:
        # A tag typed on a Mac comes decomposed (NFD) and would name nothing.
        source = ANY_TAG.sub(lambda tag: unicodedata.normalize("NFC", tag[0]), source)
        # As docxtpl does: each paragraph on a line of its own, so that errors have a line that means something. What is
        # rendered is the text without these lines, which docxtpl takes out again from every document.
        lines = _PARAGRAPH.sub("\n<w:p", source)
        try:
            template = self._environment.from_string(source)
        except jinja2.TemplateSyntaxError:
            raise Trouble(self._unusable(name, lines)) from None
        return _Part(name, template, lines, before, after, is_body)

    def _unusable(self, name: str, lines: str) -> Finding:
        """What is wrong with a part that cannot be compiled, and near which paragraph."""
        message, number = "?", 0
        try:
            self._environment.from_string(lines)
        except jinja2.TemplateSyntaxError as error:
            message, number = error.message or "?", error.lineno
        line = opener(lines) if "Unexpected end of template" in message else line_of(lines, number)
        return finding(
            "template.syntax",
            Cell(self.shown),
            part=_spoken(name),
            paragraph=plain_text(line)[:80],
            problem=syntax_problem(message),
        )

    def _finish(self, part: _Part, text: str) -> bytes:
        """Docxtpl's own finishing touches, each only where it would change something."""
        for mark, sign in _MARKS:
            if mark in text:
                text = text.replace(mark, sign)
        if any(sign in text for sign in _LISTING):
            text = self._docxtpl.resolve_listing(text)
        if part.is_body and self._repairs:
            text = _BODY_START.sub("<w:body>", self._repair(text), count=1)
        return dress(f"{part.before}{text}{part.after}".encode())

    def _repair(self, text: str) -> str:
        """Table grids and drawing ids, for templates whose tags can disturb them."""
        tree = self._docxtpl.fix_tables(text)
        self._docxtpl.docx_ids_index = 1000
        self._docxtpl.fix_docpr_ids(tree)
        return str(self._docxtpl.xml_to_string(tree))

    def _problems(self, rendered: Parts) -> Iterator[str]:
        for content in rendered.values():
            try:
                expat.ParserCreate().Parse(content, True)  # noqa: FBT003 - expat's own signature
            except expat.ExpatError:
                yield _CUT
            if b"{{" in content or b"{%" in content:
                yield "a tag was left over"
        body = rendered.get(_BODY, b"")
        if body.count(b"<w:sectPr") != self._sections:
            yield "a section of the template was lost"
        # Inner tables end first: what follows the last beginning up to the first end is a table without tables in it.
        tables = (piece.partition(b"</w:tbl>")[0] for piece in body.split(b"<w:tbl>")[1:])
        if any(b"<w:tr>" not in table and b"<w:tr " not in table for table in tables):
            yield "a table has no rows"

    def _note_missing(self, name: str, known: tuple[str, ...]) -> None:
        self._missing[name, " ".join(known)] = known or tuple(self._context)

    def _fields(self) -> list[Finding]:
        return [self._field(name, known) for (name, _), known in self._missing.items()]

    def _field(self, name: str, known: tuple[str, ...]) -> Finding:
        tag, part, paragraph = self._find_tag(name, known)
        return finding(
            "template.field",
            Cell(self.shown),
            part=part,
            paragraph=paragraph[:80],
            tag=tag,
            suggestion=nearest(name, known),
            known=", ".join(known),
        )

    def _find_tag(self, name: str, known: tuple[str, ...]) -> tuple[str, str, str]:
        """The tag that ends in a missing field, its part and its paragraph's text.

        The field may be missing in one group of fields and stand in another: `known` tells which one was asked.
        """
        pattern = re.compile(rf"((?:\w+\.)*\b{re.escape(name)})\b")
        places = [
            (match[1], _spoken(part.name), plain_text(line))
            for part in self._parts
            for line in part.source.split("\n")
            for tag in ANY_TAG.findall(line)
            for match in pattern.finditer(tag)
        ]
        own = [place for place in places if self._names_below(place[0]) == known]
        return next(iter([*own, *places]), (name, "?", "?"))

    def _names_below(self, tag: str) -> tuple[str, ...]:
        """Fields that stand beside a dotted tag's last name in the context; empty where it cannot be followed."""
        value: Any = self._context
        for step in tag.split(".")[:-1]:
            value = value.get(step) if isinstance(value, Mapping) else None
        return tuple(value) if isinstance(value, Mapping) else ()

    def _vanishing(self, name: str, paragraph: str) -> Finding:
        return finding("template.beside", Cell(self.shown), part=_spoken(name), paragraph=paragraph[:80])

    def _fault(self, part: _Part, context: Context, error: Exception) -> Finding:
        """What a template raised while it rendered; rendered once more by lines, to learn where."""
        try:
            self._environment.from_string(part.source).render(context)
        except FAULTS as again:
            error = again
        lines = [entry.tb_lineno for entry in frames(error) if entry.tb_frame.f_code.co_filename == "<template>"]
        paragraph = plain_text(line_of(part.source, lines[-1])) if lines else "?"
        # What a filter says of a value may hold the value.
        problem = syntax_problem(str(error)) if isinstance(error, jinja2.TemplateError) else FILTER_FAULT
        return finding(
            "template.syntax", Cell(self.shown), part=_spoken(part.name), paragraph=paragraph[:80], problem=problem
        )


_SCRIPTS = tuple(f"{{{_W}}}{script}" for script in ("ascii", "hAnsi", "eastAsia"))
_ON_PAGE = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes)\.xml")
_STYLE = re.compile(rb'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"')
_FONTS = re.compile(rb"<w:rFonts[^>]*>")
_FONT = re.compile(rb'w:(?:eastAsia|ascii|hAnsi)="([^"]+)"')
_BODY_START = re.compile(r"<w:body[^>]*>")


_SPOKEN = {
    "document": "the text",
    "header": "a header",
    "footer": "a footer",
    "footnotes": "the footnotes",
    "core": "the document properties",
}


def _spoken(name: str) -> str:
    """A part's name as people who use Word know it (a message id)."""
    stem = re.sub(r"^.*/|\d*\.xml$", "", name)
    return _SPOKEN.get(stem, stem)


def _open(blob: bytes, shown: str) -> DocxTemplate:
    template = DocxTemplate(io.BytesIO(blob))
    try:
        template.render_init()
    except Exception as error:  # python-docx raises KeyError, BadZipFile, XMLSyntaxError, ValueError for one fact
        raise Trouble(finding("template.damaged", Cell(shown))) from error
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        # docxtpl sets these whatever they hold; an empty one becomes an element.
        setattr(properties, name, getattr(properties, name))
    return template


def _saved(template: DocxTemplate) -> dict[str, bytes]:
    """The package as python-docx writes it: the form in which docxtpl's output is compared."""
    buffer = io.BytesIO()
    template.docx.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


def _needs_repair(document: bytes) -> bool:
    """Whether rendering can leave a table with another number of columns than its grid, or drawings to number.

    It cannot where no tag makes cells and every row fills the grid: any choice of such rows fills it too.
    """
    if b"docPr" in document or re.search(rb"\{%tc |\{\{tc |\{%\s*(?:colspan|hm|cellbg|vm)\b", document):
        return True
    root = etree.fromstring(document)
    for table in root.iter(f"{{{_W}}}tbl"):
        grid = len(table.findall(f"{{{_W}}}tblGrid/{{{_W}}}gridCol"))
        for row in table.iter(f"{{{_W}}}tr"):
            spans = row.findall(f"{{{_W}}}tc/{{{_W}}}tcPr/{{{_W}}}gridSpan")
            cells = len(row.findall(f"{{{_W}}}tc"))
            if cells - len(spans) + sum(int(one.get(f"{{{_W}}}val", 1)) for one in spans) != grid:
                return True
    return False


def _style_fonts(styles: bytes, used: set[str]) -> set[str]:
    """Fonts of the styles in use, of those they are based on, and of the defaults."""
    if not styles:
        return set()
    root = etree.fromstring(styles)
    known = {one.get(f"{{{_W}}}styleId"): one for one in root.iter(f"{{{_W}}}style")}
    chain = [one for name, one in known.items() if name in used or one.get(f"{{{_W}}}default") == "1"]
    sources = [one for one in root if one.tag == f"{{{_W}}}docDefaults"]
    while chain:
        style = chain.pop()
        sources.append(style)
        parent = style.find(f"{{{_W}}}basedOn")
        if parent is not None and (base := known.get(parent.get(f"{{{_W}}}val"))) is not None:
            chain.append(base)
    fonts = [one for source in sources for one in source.iter(f"{{{_W}}}rFonts")]
    return {name for one in fonts for key in _SCRIPTS if (name := one.get(key))}


def plain_text(xml: str) -> str:
    """The words of a piece of WordprocessingML; a paragraph's end is a line's end."""
    text = re.sub(r"</w:p>|<w:br/>|<w:tab/>", "\n", xml)
    text = re.sub(r"<[^>]+>", "", text)
    for entity, sign in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&quot;", '"'),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, sign)
    return text.strip()
