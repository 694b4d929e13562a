"""The contract of templates: each broken one told, each good one silent; what passes the check loses nothing."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import awkward
import broken
import pytest
from conftest import REPOSITORY, SHIPPED, word
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.doors.word.comments import annotated
from pipeline.doors.word.contract import Group, Leaf, Used, field_rows, never_used, prune, shape_of
from pipeline.doors.word.contract_check import used
from pipeline.doors.word.package import inspect, neutral
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS
from pipeline.model.catalogue import Level
from pipeline.model.documents import Job, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding
from pipeline.show import report
from pipeline.steps.check_template import Offer, check_template


def job(context: Mapping[str, Any]) -> Job:
    return Job("T", "k", "1", "A-1-0001", 1, 1, "s", "r", "p", context, "f", "a.docx", "a.pdf", Reason.NEW)


def check(blob: bytes, *contexts: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> list[Finding]:
    """All findings but the note of what is not used."""
    jobs = [job(one) for one in contexts or (broken.CONTEXT,)]
    found = check_template(blob, "t.docx", FILTERS, jobs, (), {}, Offer(pictures=pictures or {}))
    return [one for one in found if one.code != "template.unused"]


def codes(found: list[Finding]) -> list[str]:
    return sorted(one.code.removeprefix("template.") for one in found)


# --- the corpus --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", broken.BROKEN, ids=lambda one: one.name)
def test_each_fault_is_found_and_nothing_else(one: broken.Broken) -> None:
    found = check(one.make())
    assert set(codes(found)) == one.codes
    for finding in found:
        assert report.message(finding)
        assert report.remedy(finding) or finding.level is Level.NOTE


def test_there_are_many_faults() -> None:
    assert len({one.name for one in broken.BROKEN}) == len(broken.BROKEN) >= 100


@pytest.mark.parametrize("make", broken.GOOD, ids=lambda make: make.__name__)
def test_good_templates_are_silent(make: Callable[[], bytes]) -> None:
    assert codes(check(make())) == []


# What awkward templates do that works, and that somebody should look at all the same.
LOOK = {
    "column_loops": ["columns"],
    "spanned_cells": ["merge"],
    "shaded_cells": ["merge"],
    "split_tags": ["formats"],
    "run_tags": ["run"],
    "picture_in_cell": ["rows"],
}


@pytest.mark.parametrize("make", awkward.TEMPLATES, ids=lambda make: make.__name__)
def test_awkward_templates_are_silent(make: Callable[[], bytes]) -> None:
    assert codes(check(make(), awkward.CONTEXT, pictures=awkward.PICTURES)) == LOOK.get(make.__name__, [])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_templates_are_silent(path: Path, sample_jobs: Any) -> None:
    from pipeline.run.album import Album

    contexts = [one.context for one in sample_jobs[path.name]]
    assert contexts
    assert codes(check(path.read_bytes(), *contexts, pictures=Album.of(REPOSITORY).pictures)) == []


@pytest.mark.office
def test_templates_that_libreoffice_saved_are_silent(tmp_path: Path, sample_jobs: Any) -> None:
    from pipeline.run.album import Album

    by_office(tmp_path, "docx", *SHIPPED)
    for path in SHIPPED:
        blob = (tmp_path / "out" / path.name).read_bytes()
        contexts = [one.context for one in sample_jobs[path.name]]
        assert codes(check(blob, *contexts, pictures=Album.of(REPOSITORY).pictures)) == []
        assert packed(blob, contexts[0]) == packed(blob, contexts[0])


def by_office(folder: Path, kind: str, *paths: Path) -> None:
    """LibreOffice's own copies of files, in `out` below the folder."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--convert-to", kind, "--outdir", str(folder / "out")]
    command = ["soffice", profile, *options, *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def packed(blob: bytes, context: Mapping[str, Any]) -> bytes:
    template = WordTemplate(blob, FILTERS, "t")
    return template.pack(template.render(context)[0])


def test_a_file_without_properties_gets_none_of_its_own() -> None:
    """As Google Docs saves them; python-docx would add its name and the time of day."""
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    with zipfile.ZipFile(io.BytesIO(broken.plain())) as package:
        types = re.sub(r'<Override PartName="/docProps[^>]*>', "", package.read("[Content_Types].xml").decode())
    bare = {"docProps/core.xml": None, "docProps/app.xml": None, "_rels/.rels": relations.encode()}
    blob = broken.with_parts(broken.plain(), {**bare, "[Content_Types].xml": types.encode()})
    core = parts_of(packed(blob, broken.CONTEXT))["docProps/core.xml"]
    assert b"python-docx" not in core
    assert b"modified" not in core


PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts_of(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return {name: package.read(name) for name in package.namelist()}


# --- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        (
            "{{ 후보.이룸 }}",
            "the field 후보.이룸 does not exist. Did you mean 이름? Known here: 이름, 정당, 한자, 당선.",
        ),
        ("{{ 이름 }}", "the field 이름 does not exist. Did you mean 캠페인.이름, 단체.이름, 후보.이름?"),
        ("{{ 후보.이름|은/는 }}", "there is no filter 은. Did you mean 은는?"),
        ("{{ 공통공약.제목 }}", "공통공약 is a list; 제목 is a field of what is in it. Go through the list with a for"),
        ("{{ 단체들[0].대료 }}", "the field 단체들[0].대료 does not exist. Did you mean 대표?"),
        ("{% p if 후보.정당 %}{% endif %}", "p, tr, tc or r has to stand right after the percent sign"),
        ("{후보.이름} 귀하", "{후보.이름} looks like a tag and is none; it would be printed as it stands."),
    ],
)
def test_what_is_said(paragraph: str, said: str) -> None:
    found = check(word("앞", paragraph, "뒤"))
    told = "\n".join(f"{report.message(one)} {report.remedy(one)}" for one in found)
    assert f"In the text, near '{paragraph}': " in told
    assert said in told


def test_all_faults_of_all_parts_come_out_at_once() -> None:
    paragraphs = [
        "{{ 후보.이룸 }}",
        "{{ 후보 이름 }}",
        "{{ 후보.이름|은능 }}",
        "앞 {%p if 후보.정당 %}",
        "{%p endif %}",
    ]
    found = check(word(*paragraphs, "｛｛ 후보.정당 ｝｝", footer="{{ 문서.변호 }}"))
    assert codes(found) == ["beside", "braces", "field", "field", "filter", "syntax"]


def test_what_is_shown_of_a_long_paragraph_holds_the_fault() -> None:
    found = check(word("가나다라마바사 " * 20 + "{{ 후보.이룸 }} 귀하"))
    assert [str(one.params["paragraph"]) for one in found] == [
        "…마바사 가나다라마바사 가나다라마바사 {{ 후보.이룸 }} 귀하"
    ]


def test_a_fault_is_told_once_however_many_documents_there_are() -> None:
    found = check(word("{{ 후보.이룸 }} {{ 후보.이룸|은는 }}"), *[broken.CONTEXT] * 30)
    assert codes(found) == ["field"]


# --- what a kind offers, and what a template reads of it -----------------------------------------------------------


def test_fields_of_a_kind() -> None:
    shape = shape_of([{**broken.CONTEXT, "후보": {"이름": "", "정당": "", "대리": False}}, broken.CONTEXT])
    rows = {row.path: (row.kind, row.example) for row in field_rows(shape)}
    assert rows["후보"] == ("묶음", "")
    assert rows["후보.이름"] == ("글", "남궁한결")
    assert rows["후보.대리"] == ("참·거짓", "거짓")
    assert rows["문서.판"] == ("수", "1")
    assert rows["공통공약"] == ("목록", "")
    assert rows["공통공약[].의견"] == ("글", "예산 범위")
    assert rows["약속"] == ("목록", "함께 산다")
    assert "공통공약[]" not in rows


def read_by(*paragraphs: str) -> Used:
    return WordTemplate(word(*paragraphs, footer="끝"), FILTERS, "t").reads(shape_of([broken.CONTEXT]))


@pytest.mark.parametrize(
    ("paragraph", "kept"),
    [
        ("{{ 후보.이름|은는 }}", {"후보": {"이름": "남궁한결"}}),
        ("{% if 후보.정당 %}가{% endif %}", {"후보": {"정당": "푸른내일당"}}),
        ("{% for 하나 in 약속 %}{{ 하나 }}{% endfor %}", {"약속": ["함께 산다", "고루 나눈다"]}),
        ("{{ 공통공약|length }}", {"공통공약": [{}, {}]}),
        ("{% for 하나 in 공통공약 %}{{ 하나.번호 }}{% endfor %}", {"공통공약": [{"번호": "1"}, {"번호": "2"}]}),
        (
            "{{ 공통공약|selectattr('답변', 'equalto', '수용')|map(attribute='번호')|join }}",
            {"공통공약": [{"번호": "1", "답변": "수용"}, {"번호": "2", "답변": "부분수용"}]},
        ),
        ("{% for 이름, 값 in 단체.items() %}{{ 값 }}{% endfor %}", {"단체": broken.CONTEXT["단체"]}),
        ("{% set 분 = 후보 %}{{ 분.이름 }}", {"후보": {"이름": "남궁한결"}}),
        ("{{ 후보[문서.제목] }}", {"후보": broken.CONTEXT["후보"], "문서": {"제목": "정책협약서"}}),
        ("글만", {}),
    ],
)
def test_what_a_template_reads(paragraph: str, kept: dict[str, Any]) -> None:
    assert prune(broken.CONTEXT, read_by(paragraph)) == kept


def test_what_is_never_used() -> None:
    shape = shape_of([broken.CONTEXT])
    assert never_used(shape, read_by("{{ 후보.이름 }} {% for 하나 in 공통공약 %}{% endfor %}")) == [
        "문서",
        "캠페인",
        "단체",
        "단체들",
        "지역공약",
        "약속",
    ]


@pytest.mark.parametrize("make", [*awkward.TEMPLATES, *broken.GOOD], ids=lambda make: make.__name__)
def test_what_is_not_read_changes_nothing(make: Callable[[], bytes]) -> None:
    context = broken.CONTEXT if make in broken.GOOD else awkward.CONTEXT
    assert_same(WordTemplate(make(), FILTERS, "t", awkward.PICTURES), [context])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_shipped_templates_do_not_read_changes_nothing(path: Path, sample_jobs: Any) -> None:
    from pipeline.run.album import Album

    contexts = [one.context for one in sample_jobs[path.name]]
    template = WordTemplate(path.read_bytes(), FILTERS, path.stem, Album.of(REPOSITORY).pictures)
    assert_same(template, contexts[:: len(contexts) // 12 + 1])


def assert_same(template: WordTemplate, contexts: list[Mapping[str, Any]]) -> None:
    reads = template.reads(shape_of(contexts))
    for context in contexts:
        kept = prune(context, reads)
        assert kept != context
        assert template.render(kept) == template.render(context)


# --- comments ----------------------------------------------------------------------------------------------------


def test_findings_stand_as_comments_at_their_paragraphs() -> None:
    blob = word("앞", "{{ 후보.이룸 }}", "{%p for 하나 in 공통공악 %}", "가", "{%p endfor %}", footer="{{ 문서.변호 }}")
    copy = annotated(blob, check(blob), report.message)
    assert copy == annotated(blob, check(blob), report.message), "no time of day"
    document = Document(io.BytesIO(copy))
    said = {one.comment_id: one.text for one in document.comments}
    places = {
        said[int(start.get(f"{W}id"))].partition(": ")[2]: paragraph.text
        for paragraph in document.paragraphs
        for start in paragraph._p.iter(f"{W}commentRangeStart")
    }
    assert places == {
        "the field 후보.이룸 does not exist.": "{{ 후보.이룸 }}",
        "the field 공통공악 does not exist.": "{%p for 하나 in 공통공악 %}",
        "the field 문서.변호 does not exist.": "앞",
    }
    assert any("In a footer" in one for one in said.values())


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("one", broken.BROKEN, ids=lambda one: one.name)
def test_every_broken_template_gets_its_comments(one: broken.Broken) -> None:
    found = check(one.make())
    copy = annotated(one.make(), found, report.message)
    unreadable = {"damaged", "kind", "password", "huge", "entities"}
    if one.codes & unreadable or one.make is broken.with_macros:
        assert copy == b""
    else:
        own = {report.message(finding) for finding in found}
        assert own <= {comment.text for comment in Document(io.BytesIO(copy)).comments}


@pytest.mark.office
def test_copies_with_comments_open(tmp_path: Path) -> None:
    names = []
    for one in broken.BROKEN[::6]:
        copy = annotated(one.make(), check(one.make()), report.message)
        if copy and not one.codes & {"cut", "tracked", "external", "embedded", "macros"}:
            names.append(tmp_path / f"{one.name}.docx")
            names[-1].write_bytes(copy)
    by_office(tmp_path, "pdf", *names)
    assert len(list((tmp_path / "out").glob("*.pdf"))) == len(names) > 10


# --- nothing runs, nothing is fetched ------------------------------------------------------------------------------


@pytest.mark.parametrize("one", broken.BROKEN, ids=lambda one: one.name)
def test_what_is_refused_is_never_opened(one: broken.Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = one.make()
    if any(finding.level is Level.ERROR for finding in inspect(blob, "t")):
        monkeypatch.setattr("pipeline.doors.word.template.DocxTemplate", None)
        with pytest.raises(Trouble):
            WordTemplate(blob, FILTERS, "t")


def test_links_to_the_authors_template_do_not_reach_papers() -> None:
    parts = parts_of(packed(broken.template_of_its_author(), broken.CONTEXT))
    assert b"attachedTemplate" not in parts["word/settings.xml"]
    assert not [name for name, content in parts.items() if b"Users/a" in content]


def test_links_that_people_follow_stay() -> None:
    parts = parts_of(broken.linked_page())
    assert neutral(parts) == parts


# --- what passes the check loses nothing ---------------------------------------------------------------------------

NAMES = ("이름", "정당", "제목", "번호", "의견")
# What a cell can hold after reading; a paper can print it all.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="{}%#«»<>\ufeff\u2028\u2029\x85"),
    min_size=1,
    max_size=12,
)
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, TEXTS))
CONTEXTS = st.fixed_dictionaries(
    {"후보": ROWS, "단체": ROWS, "공약": st.lists(ROWS, min_size=1, max_size=3), "약속": st.lists(TEXTS, max_size=3)}
)
FIELDS = st.sampled_from(NAMES)
GROUPS = st.sampled_from(("후보", "단체"))


def printed(group: str, name: str) -> tuple[list[str], str]:
    return [f"앞 {{{{ {group}.{name} }}}} 뒤"], f"{group}.{name}"


def looped(name: str) -> tuple[list[str], str]:
    return ["{%p for 하나 in 공약 %}", f"{{{{ loop.index }}}} {{{{ 하나.{name} }}}}", "{%p endfor %}"], f"공약.{name}"


def inline(name: str) -> tuple[list[str], str]:
    return [f"{{% for 하나 in 공약 if 하나.{name} %}}{{{{ 하나.{name} }}}}, {{% endfor %}}"], f"공약.{name}"


def vowed(_: str) -> tuple[list[str], str]:
    return ["{% if 약속 %}{{ 약속|join(' / ') }}{% else %}없음{% endif %}"], "약속"


def chosen(group: str, name: str) -> tuple[list[str], str]:
    text = f"{{% if {group}.이름 %}}{{{{ {group}.{name} }}}}{{% else %}}{{{{ {group}.번호 }}}}{{% endif %}}"
    return [text], f"{group}.{name}"


PIECES = st.one_of(
    st.builds(printed, GROUPS, FIELDS),
    st.builds(looped, FIELDS),
    st.builds(inline, FIELDS),
    st.builds(vowed, FIELDS),
    st.builds(chosen, GROUPS, FIELDS),
)
SLIPS = (
    ("후보.", "후부."), ("단체.", "담체."), ("하나.", "둘."), ("공약 ", "공악 "), (".이름", ".이룸"), (".정당", ""),
    ("}}", "}"), ("{%p endfor %}", "끝"), ("endif", "endfi"), ("|join", "|joim"), ("{{ 하나", "{{ 공약"),
)  # fmt: skip
"""Ways to spoil a template."""


def values_at(context: Mapping[str, Any], path: str) -> list[str]:
    """All texts that a path leads to."""
    found: list[Any] = [context]
    for name in path.split("."):
        found = [one[name] for one in found]
        found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
    return found


@given(st.lists(PIECES, min_size=1, max_size=5), st.lists(CONTEXTS, min_size=1, max_size=2), st.data())
@settings(max_examples=40, deadline=None)
def test_what_passes_the_check_loses_nothing(
    pieces: list[tuple[list[str], str]], contexts: list[dict[str, Any]], data: st.DataObject
) -> None:
    paragraphs = [text for texts, _ in pieces for text in texts]
    slip = data.draw(st.none() | st.sampled_from(SLIPS))
    spoilt = [text.replace(*slip, 1) for text in paragraphs] if slip else paragraphs
    blob = word(*spoilt, footer="{{ 후보.이름 }}")
    found = check(blob, *contexts)
    if spoilt == paragraphs:
        assert codes(found) == []
    if any(one.level is Level.ERROR for one in found):
        return
    template = WordTemplate(blob, FILTERS, "t")
    for context in contexts:
        rendered, findings = template.render(context)
        assert findings == []
        document = Document(io.BytesIO(template.pack(rendered)))
        text = "\n".join(one.text for one in document.paragraphs)
        if spoilt == paragraphs:
            assert [one for _, path in pieces for one in values_at(context, path) if one not in text] == []
        assert template.render(prune(context, template.reads(shape_of(contexts))))[0] == rendered


def test_the_shape_of_lists_that_are_empty_is_not_known() -> None:
    assert codes(check(word("{% for 하나 in 지역공약 %}{{ 하나.아무 }}{% endfor %}"))) == []
    shape = shape_of([broken.CONTEXT, {"지역공약": [{"제목": "가"}]}])
    assert shape.fields["지역공약"].item == Group({"제목": Leaf("가")})


def test_reading_is_safe_where_records_hold_more_than_examples() -> None:
    """A column that the examples have not, and a template that asks for it."""
    reads = used(
        [("the text", "<w:p><w:t>{{ 후보.별명|default('-') }}</w:t></w:p>")], shape_of([{"후보": {"이름": "가"}}])
    )
    assert prune({"후보": {"이름": "가", "별명": "나"}}, reads) == {"후보": {"별명": "나"}}


def test_what_is_offered_and_never_used_is_a_note() -> None:
    found = check_template(word("{{ 후보.이름 }}"), "t.docx", FILTERS, [job(broken.CONTEXT)], (), {})
    assert [(one.code, one.level, one.params["fields"]) for one in found] == [
        ("template.unused", Level.NOTE, "공통공약, 지역공약, 약속")
    ]
