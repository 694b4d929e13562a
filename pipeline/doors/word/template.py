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
from itertools import count
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from pipeline.doors.word.charts import Charts
from pipeline.doors.word.contract import Group, Used
from pipeline.doors.word.contract_check import used
from pipeline.doors.word.drawings import (
    TYPES,
    Fault,
    Gallery,
    Sought,
    draws,
    highest_id,
    keep_formats,
    relations_of,
    renumber,
    with_defaults,
)
from pipeline.doors.word.hanja import dress
from pipeline.doors.word.lint import beside, cut_cells, needs_repair
from pipeline.doors.word.package import inspect, mended, neutral
from pipeline.doors.word.paragraphs import excerpt
from pipeline.doors.word.tags import (
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
from pipeline.doors.word.text import ON_PAGE, plain_text, spoken
from pipeline.doors.word.text import fonts as fonts_of
from pipeline.doors.word.zip_parts import PreparedZip
from pipeline.korean.similar import nearest
from pipeline.model.documents import Context
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding

Parts = Mapping[str, bytes]
"""Contents by part name: `word/document.xml`."""

RENDERER = "hyeopyak-word 1"
"""Changes when the same template and context would give another text: part of every fingerprint."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BODY = "word/document.xml"
_BODY_START = re.compile(r"<w:body[^>]*>")
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
    draws: bool = False
    """Whether its tags may print pictures."""


class WordTemplate:
    """A template, compiled. Not for two threads at once: missing fields are collected on the instance.

    Args:
        blob: the .docx.
        filters: Jinja filters beside the standard ones.
        shown: the template's path, for findings.
        pictures: what the picture filters print, by name below the campaign's folder of pictures.
        strict: else a part that cannot be understood stays blank, for who wants its sources only.

    Raises:
        Trouble: what `word_package` refuses; template.damaged; template.syntax for the first tag that cannot be
            understood.
    """

    def __init__(
        self,
        blob: bytes,
        filters: Filters,
        shown: str,
        pictures: Mapping[str, bytes] = MappingProxyType({}),
        *,
        strict: bool = True,
    ) -> None:
        self.shown = shown
        self._strict = strict
        self._missing: dict[tuple[str, str], tuple[str, ...]] = {}
        self._context: Context = {}
        self._gallery = Gallery(pictures)
        self._environment = make_environment(filters, self._note_missing, self._gallery.filters)
        self._docxtpl = _open(blob, shown)
        normal = _saved(self._docxtpl)
        self._repairs = needs_repair(normal[_BODY])
        self.static: dict[str, bytes] = {}
        self._parts: list[_Part] = []
        for name, content in normal.items():
            part = self._compile(name, content)
            if part is None:
                self.static[name] = content
            else:
                self._parts.append(part)
        self._charts = Charts(normal)
        changing = self._charts.take(self.static) | self._prepare_pictures()
        self._sections = normal[_BODY].count(b"<w:sectPr")
        pages = {name: content for name, content in normal.items() if ON_PAGE.fullmatch(name)}
        self._beside = [self._vanishing(name, text) for name, content in pages.items() for text in beside(content)]
        self._flaws = [_CUT] if any(map(cut_cells, pages.values())) else []
        self._zip = PreparedZip({name: content for name, content in self.static.items() if name not in changing})
        # Jinja evaluates tags without variables while compiling; what is missing in them is missing in every document.
        self._always_missing = dict(self._missing)

    def render(self, context: Context) -> tuple[dict[str, bytes], list[Finding]]:
        """The parts that depend on the context, and what is wrong with them; nothing wrong: ready to pack."""
        self._missing = dict(self._always_missing)
        self._context = context
        self._gallery.clear()
        rendered: dict[str, bytes] = {}
        for part in self._parts:
            self._gallery.enter(part.name)
            try:
                text = part.template.render(context)
            except FAULTS as error:
                # A filter that was given what it cannot take; nothing at all, mostly, from a field that is missing.
                return {}, self._fields() or [self._fault(part, context, error)]
            rendered[part.name] = self._finish(part, text)
        charts, chart_findings = self._charts.fill(context, self.shown)
        rendered |= charts
        rendered |= self._hang(rendered)
        problems = [*self._flaws, *self._problems(rendered)]
        findings = [finding("render.check", Cell(self.shown), problem=problem) for problem in problems]
        return rendered, [*self._beside, *self._fields(), *self._unprinted(), *chart_findings, *findings]

    def pack(self, rendered: Parts) -> bytes:
        """A .docx from its rendered parts."""
        return self._zip.build(rendered)

    def sources(self) -> list[tuple[str, str]]:
        """Part as people know it and its Jinja source, a paragraph a line, of every part with tags."""
        return [(spoken(part.name), part.source) for part in self._parts]

    def reads(self, shape: Group) -> Used:
        """The part of contexts of a shape that documents of this template depend on."""
        return used(self.sources(), shape, self._charts.paths)

    def text(self) -> str:
        """The template's own words on the page, tags taken out."""
        fixed = [content.decode() for name, content in self.static.items() if ON_PAGE.fullmatch(name)]
        sources = "\n".join([*fixed, *(part.source for part in self._parts)])
        return plain_text(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", sources))

    def fonts(self) -> frozenset[str]:
        """Font families that text on the page may use, but for those of hanja."""
        parts = {**self.static, **{part.name: part.source.encode() for part in self._parts}}
        pages = [content for name, content in parts.items() if ON_PAGE.fullmatch(name)]
        return fonts_of(pages, parts.get("word/styles.xml", b""), self._charts.sources)

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
            if self._strict:
                raise Trouble(self._unusable(name, lines)) from None
            template = self._environment.from_string("")
        drawn = any(draws(tag) for tag in ANY_TAG.findall(source))
        return _Part(name, template, lines, before, after, is_body, drawn)

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
            part=spoken(name),
            paragraph=plain_text(line)[:80],
            problem=syntax_problem(message),
        )

    def _finish(self, part: _Part, text: str) -> bytes:
        """Docxtpl's own finishing touches, each only where it would change something."""
        if part.draws:
            text = keep_formats(text)
        for mark, sign in _MARKS if "{" in text or "}" in text else ():  # 0.04 ms a document less
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
        for name, content in rendered.items():
            if name.startswith("word/media/"):
                continue
            try:
                expat.ParserCreate().Parse(content, True)  # noqa: FBT003 - expat's own signature
            except expat.ExpatError:
                yield _CUT
            if b"{" in content and (b"{{" in content or b"{%" in content):
                yield "a tag was left over"
        body = rendered.get(_BODY, b"")
        if body.count(b"<w:sectPr") != self._sections:
            yield "a section of the template was lost"
        # Inner tables end first: what follows the last beginning up to the first end is a table without tables in it.
        tables = (piece.partition(b"</w:tbl>")[0] for piece in body.split(b"<w:tbl>")[1:])
        if any(b"<w:tr>" not in table and b"<w:tr " not in table for table in tables):
            yield "a table has no rows"

    def _prepare_pictures(self) -> frozenset[str]:
        """Ready the package for pictures where a tag may print one; the parts that then differ by document."""
        self._drawn = frozenset(part.name for part in self._parts if part.draws and part.name.startswith("word/"))
        if self._drawn:
            self.static[TYPES] = with_defaults(self.static[TYPES])
        return frozenset(map(relations_of, self._drawn))

    def _hang(self, rendered: Parts) -> dict[str, bytes]:
        """Pictures of this document, the relationships to them, and its parts with drawings under ids of their own."""
        found = self._gallery.parts(self.static, self._drawn)
        if not self._gallery.is_empty:
            # Docxtpl numbers drawings of the body from 1001; what the template itself draws elsewhere keeps its id.
            ids = count(max(highest_id(self.static), 1000) + 1)
            found |= {name: renumber(content, ids) for name, content in rendered.items() if ON_PAGE.fullmatch(name)}
        return found

    def _unprinted(self) -> list[Finding]:
        """Pictures that could not be printed."""
        parts = {part.name: part for part in self._parts}
        # Looking for the place of one renders again, and would find all of them again.
        faults = list(self._gallery.faults)
        return [one.finding(Cell(self.shown), spoken(one.part), self._place_of(parts[one.part], one)) for one in faults]

    def _place_of(self, part: _Part, fault: Fault) -> str:
        """The paragraph whose tag could not print its picture: rendered once more by lines, to learn where."""
        self._gallery.enter(part.name, fault)
        try:
            self._environment.from_string(part.source).render(self._context)
        except Sought as error:
            return self._paragraph(part, error)
        return "?"

    def _paragraph(self, part: _Part, error: Exception) -> str:
        """The paragraph of a part rendered by lines in which an exception was raised."""
        lines = [entry.tb_lineno for entry in frames(error) if entry.tb_frame.f_code.co_filename == "<template>"]
        # Commands of whole paragraphs that follow stand on the same line of the source.
        return plain_text(line_of(part.source, lines[-1])).partition("\n")[0][:80] if lines else "?"

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
            paragraph=excerpt(paragraph, tag),
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
            (match[1], spoken(part.name), plain_text(line))
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
        return finding("template.beside", Cell(self.shown), part=spoken(name), paragraph=paragraph[:80])

    def _fault(self, part: _Part, context: Context, error: Exception) -> Finding:
        """What a template raised while it rendered; rendered once more by lines, to learn where."""
        try:
            self._environment.from_string(part.source).render(context)
        except FAULTS as again:
            error = again
        # What a filter says of a value may hold the value.
        problem = syntax_problem(str(error)) if isinstance(error, jinja2.TemplateError) else FILTER_FAULT
        place = self._paragraph(part, error)
        return finding("template.syntax", Cell(self.shown), part=spoken(part.name), paragraph=place, problem=problem)


def _open(blob: bytes, shown: str) -> DocxTemplate:
    refused = errors(inspect(blob, shown))
    if refused:
        raise Trouble(refused[0])
    try:
        template = DocxTemplate(io.BytesIO(mended(blob)))
        template.render_init()
    except Exception as error:  # python-docx raises KeyError, BadZipFile, XMLSyntaxError, ValueError for one fact
        raise Trouble(finding("template.damaged", Cell(shown))) from error
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        # docxtpl sets these whatever they hold; an empty one becomes an element.
        setattr(properties, name, getattr(properties, name))
    return template


def _saved(template: DocxTemplate) -> dict[str, bytes]:
    """The package as python-docx writes it, the form in which docxtpl's output is compared; links outside are cut."""
    buffer = io.BytesIO()
    template.docx.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        return neutral({name: package.read(name) for name in package.namelist()})
