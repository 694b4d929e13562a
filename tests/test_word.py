"""Rendering: equal to plain docxtpl part by part, repeatable, and nothing lost on the way."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import awkward
import jinja2
import pytest
from conftest import REPOSITORY, SHIPPED, word
from docx import Document
from docxtpl import DocxTemplate, InlineImage
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.doors import pictures
from pipeline.doors.word.drawings import relations_of
from pipeline.doors.word.hanja import COMMON, RARE, dress
from pipeline.doors.word.sign_fields import FILTERS as SIGN
from pipeline.doors.word.template import WordTemplate
from pipeline.doors.word.text import plain_text
from pipeline.korean.filters import FILTERS


def sample_pictures() -> dict[str, bytes]:
    """Pictures of the sample campaign."""
    folder = REPOSITORY / "inputs/pictures"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def by_docxtpl(blob: bytes, context: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    template = DocxTemplate(io.BytesIO(blob))
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update({**FILTERS, **SIGN, **inline_images(template, files or {})})
    template.render(dict(context), environment)
    buffer = io.BytesIO()
    template.save(buffer)
    return parts_of(buffer.getvalue())


def inline_images(template: DocxTemplate, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The picture filters by docxtpl's own InlineImage, of the same bytes and size."""

    def image(ready: pictures.Picture, width: float, height: float) -> InlineImage:
        return InlineImage(template, io.BytesIO(ready.data), round(width * 36000), round(height * 36000))

    def picture(name: str, width: float, height: float = 0) -> Any:
        if not name:
            return ""
        read = pictures.read(files[name])
        size = pictures.fit(read.size, width, height)
        return image(pictures.prepare(read, size[0]), *size)

    def code(text: str, width: float) -> Any:
        return image(pictures.qr(text, width), width, width) if text else ""

    return {"그림": picture, "picture": picture, "큐알": code, "qr": code}


def parts_of(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def canonical(name: str, content: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return content
    if name.startswith("word/"):
        content = dress(content)
    return bytes(etree.tostring(etree.fromstring(content), method="c14n"))


def without_names(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Parts of a file with pictures of ours, without what docxtpl numbers and we name after the content.

    - A picture's part is called by its bytes, and so are relationships to it; they are sorted, for docxtpl gives them
      in the order of use. [Content_Types].xml knows PNG and JPEG in ours even where only one of them is there.
    - A drawing's id and name, and blanks between its elements (python-docx indents), say nothing. docxtpl writes no
      alternative text.
    - The format of a picture's run and of the run that follows: docxtpl drops it there, we keep it (a test of its own).
    """
    media = {name: f"word/media/{hashlib.sha256(parts[name]).hexdigest()}" for name in parts if "/media/" in name}
    found = {}
    for name, content in parts.items():
        if name in media or not name.endswith((".xml", ".rels")):
            found[media.get(name, name)] = content
            continue
        root = etree.fromstring(dress(content) if name.startswith("word/") else content)
        if name == "[Content_Types].xml":
            _drop(one for one in root if one.get("Extension") in {"png", "jpeg", "jpg"})
        if name.endswith(".rels"):
            for one in root:
                target = media.get(f"word/{one.get('Target')}")
                if target:
                    one.set("Target", target)
                    one.set("Id", target)
            root[:] = sorted(root, key=lambda one: str(one.get("Id")))
        _normalise_drawings(root, parts, name, media)
        found[name] = bytes(etree.tostring(root, method="c14n"))
    return found


def _drop(elements: Iterable[Any]) -> None:
    for one in list(elements):
        one.getparent().remove(one)


def _normalise_drawings(root: Any, parts: Mapping[str, bytes], name: str, media: Mapping[str, str]) -> None:
    relations = parts.get(relations_of(name))
    targets = {one.get("Id"): f"word/{one.get('Target')}" for one in etree.fromstring(relations)} if relations else {}
    for blip in root.iter(f"{{{NAMES['a']}}}blip"):
        key = f"{{{NAMES['r']}}}embed"
        blip.set(key, media[targets[blip.get(key)]])
    for one in root.iter(f"{{{NAMES['wp']}}}docPr", f"{{{NAMES['pic']}}}cNvPr"):
        one.attrib.clear()
    for drawing in root.iter(f"{{{NAMES['w']}}}drawing"):
        for one in drawing.iter():
            one.text = one.tail = None
        run = drawing.getparent()
        runs = [run] if run.getnext() is None else [run, run.getnext()]
        _drop(one for place in runs for one in place.findall(f"{{{NAMES['w']}}}rPr"))


NAMES = {
    prefix: f"http://schemas.openxmlformats.org/{path}"
    for prefix, path in {
        "a": "drawingml/2006/main",
        "r": "officeDocument/2006/relationships",
        "w": "wordprocessingml/2006/main",
        "wp": "drawingml/2006/wordprocessingDrawing",
        "pic": "drawingml/2006/picture",
    }.items()
}


def without_charts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """What docxtpl knows: it leaves charts as they are."""
    return {name: content for name, content in parts.items() if not name.startswith(("word/charts/", "word/embedd"))}


def assert_equal_to_docxtpl(blob: bytes, context: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> None:
    template = WordTemplate(blob, FILTERS, "template.docx", files or {})
    rendered, findings = template.render(context)
    assert findings == []
    ours = without_charts(parts_of(template.pack(rendered)))
    theirs = without_charts(by_docxtpl(blob, context, files))
    if template._drawn:
        ours, theirs = without_names(ours), without_names(theirs)
    assert set(ours) == set(theirs)
    for name, content in theirs.items():
        assert canonical(name, ours[name]) == canonical(name, content), name


@pytest.mark.parametrize("make", awkward.TEMPLATES, ids=lambda make: make.__name__)
def test_awkward_templates_equal_plain_docxtpl(make: Callable[[], bytes]) -> None:
    assert_equal_to_docxtpl(make(), awkward.CONTEXT, awkward.PICTURES)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_templates_equal_plain_docxtpl(path: Any, sample_jobs: Any) -> None:
    jobs = sample_jobs[path.name]
    assert jobs
    for job in jobs[:: max(1, len(jobs) // 15)]:
        assert_equal_to_docxtpl(path.read_bytes(), job.context, sample_pictures())


def test_the_comparison_can_fail() -> None:
    blob = word("{{ 이름 }}")
    template = WordTemplate(blob, {}, "t")
    ours = parts_of(template.pack(template.render({"이름": "가", "문서": {"번호": "1"}})[0]))
    theirs = by_docxtpl(blob, {"이름": "나", "문서": {"번호": "1"}})
    assert canonical("word/document.xml", ours["word/document.xml"]) != canonical(
        "word/document.xml", theirs["word/document.xml"]
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    blob = awkward.row_loops()
    packed = []
    for _ in range(2):
        template = WordTemplate(blob, FILTERS, "t")
        packed.append(template.pack(template.render(awkward.CONTEXT)[0]))
    assert packed[0] == packed[1]


def test_a_rendered_file_leaves_no_trace_in_the_next() -> None:
    template = WordTemplate(word("{{ 이름 }}", footer="x"), FILTERS, "t")
    first = template.pack(template.render({"이름": "가"})[0])
    template.render({"이름": "나"})
    assert template.pack(template.render({"이름": "가"})[0]) == first


# What a cell can hold after reading: control characters and tag signs are refused there.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="{}%#\ufeff\u2028\u2029\x85"),
    max_size=60,
)


AROUND = WordTemplate(word("앞 {{ 글 }} 뒤", footer="{{ 글 }}"), FILTERS, "t")


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_arrives_whole(text: str) -> None:
    rendered, findings = AROUND.render({"글": text})
    assert findings == []
    document = Document(io.BytesIO(AROUND.pack(rendered)))
    assert document.paragraphs[0].text == f"앞 {text} 뒤"
    assert document.sections[0].footer.paragraphs[0].text == text


def test_data_is_never_evaluated_as_template_text() -> None:
    template = WordTemplate(word("{{ 글 }}", footer="x"), FILTERS, "t")
    _, findings = template.render({"글": "{{ 7*7 }}"})
    assert [one.code for one in findings] == ["render.check"]


def test_hanja_get_a_font_that_has_them() -> None:
    """Compatibility ideographs stay as registered; the rest of the run keeps its own font."""
    template = WordTemplate(word("이름 {{ 한자 }} 끝", footer="x"), FILTERS, "t")
    rendered, _ = template.render({"한자": "\uf9e1椶수"})
    document = Document(io.BytesIO(template.pack(rendered)))
    fonts = [(run.text, (run.font.name or "")) for run in document.paragraphs[0].runs]
    assert fonts == [("이름 ", ""), ("\uf9e1", COMMON), ("椶", RARE), ("수 끝", "")]


def test_missing_fields_come_out_all_at_once_with_their_paragraphs() -> None:
    template = WordTemplate(word("성명 {{ 후보.이룸 }}", "{{ 없음 }}", footer="{{ 문서.변호 }}"), FILTERS, "t.docx")
    _, findings = template.render({"후보": {"이름": "가"}, "문서": {"번호": "1"}})
    told = {(one.params["tag"], one.params["suggestion"], one.params["part"]) for one in findings}
    assert told == {
        ("후보.이룸", "이름", "the text"),
        ("없음", "", "the text"),
        ("문서.변호", "번호", "a footer"),
    }
    assert any(one.params["paragraph"] == "성명 {{ 후보.이룸 }}" for one in findings)


def test_plain_text_reads_entities_and_breaks() -> None:
    assert plain_text("<w:p><w:t>a &lt;b&gt; &amp;amp;</w:t></w:p><w:p>c</w:p>") == "a <b> &amp;\nc"


def test_nothing_of_a_template_reaches_the_python_world() -> None:
    for text in ("{{ ''.__class__.__mro__ }}", "{{ 문서.__class__.__init__ }}", "{{ cycler.__init__.__globals__.os }}"):
        template = WordTemplate(word(text, footer="x"), FILTERS, "t")
        rendered, findings = template.render({"문서": {}})
        assert findings, text
        assert not re.search(rb"class|module|function", rendered.get("word/document.xml", b"").split(b"<w:body>")[-1])
