"""Rendering: equal to plain docxtpl part by part, repeatable, and nothing lost on the way."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import awkward
import jinja2
import pytest
from conftest import REPOSITORY, word
from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.doors.hanja import COMMON, RARE, dress
from pipeline.doors.word import WordTemplate, plain_text
from pipeline.korean.filters import FILTERS

SHIPPED = sorted((REPOSITORY / "templates").glob("*.docx"))


def by_docxtpl(blob: bytes, context: Mapping[str, Any]) -> dict[str, bytes]:
    template = DocxTemplate(io.BytesIO(blob))
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(FILTERS)
    template.render(dict(context), environment)
    buffer = io.BytesIO()
    template.save(buffer)
    return parts_of(buffer.getvalue())


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


def assert_equal_to_docxtpl(blob: bytes, context: Mapping[str, Any]) -> None:
    template = WordTemplate(blob, FILTERS, "template.docx")
    rendered, findings = template.render(context)
    assert findings == []
    ours = parts_of(template.pack(rendered))
    theirs = by_docxtpl(blob, context)
    assert set(ours) == set(theirs)
    for name, content in theirs.items():
        assert canonical(name, ours[name]) == canonical(name, content), name


@pytest.mark.parametrize("make", awkward.TEMPLATES, ids=lambda make: make.__name__)
def test_awkward_templates_equal_plain_docxtpl(make: Callable[[], bytes]) -> None:
    assert_equal_to_docxtpl(make(), awkward.CONTEXT)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_templates_equal_plain_docxtpl(path: Any, sample_jobs: Any) -> None:
    jobs = sample_jobs[path.name]
    assert jobs
    for job in jobs[:: max(1, len(jobs) // 15)]:
        assert_equal_to_docxtpl(path.read_bytes(), job.context)


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


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_arrives_whole(text: str) -> None:
    template = WordTemplate(word("앞 {{ 글 }} 뒤", footer="{{ 글 }}"), FILTERS, "t")
    rendered, findings = template.render({"글": text})
    assert findings == []
    document = Document(io.BytesIO(template.pack(rendered)))
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
