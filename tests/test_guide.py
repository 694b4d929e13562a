"""The template author's guide is run: its examples, snippets, fields, commands and pictures are those of the product.

In the guides a fenced block `word KIND` is a template of that kind: a paragraph a line, a row of a table a line that
begins with a bar. `paper NAME` is what it prints for the document of that name, up to a line of three dots, and
`fields KIND` holds lines of `hyeopyak template fields KIND`.
"""

from __future__ import annotations

import io
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import REPOSITORY, Folder, word
from docx import Document
from docx.table import Table
from PIL import Image

from pipeline.cli import cli
from pipeline.doors.word.contract import Group, Items
from pipeline.doors.word.drawings import PICTURE_FILTERS
from pipeline.doors.word.sign_fields import SIGN_FILTERS, SignField, sign_fields
from pipeline.doors.word.tags import make_environment
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS
from pipeline.model.catalogue import CATALOGUE
from pipeline.model.documents import Job
from pipeline.model.records import field_name, is_private
from pipeline.run.album import Album
from pipeline.run.outcome import CHECKED, PREVIEW
from pipeline.run.preparing import Prepared, prepare
from pipeline.steps.check_template import Offer, check_template
from pipeline.steps.read_campaign import read_campaign

NEW = "reminder"
MOST_BYTES = 120_000
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_FENCED = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_EMU = 36_000
_DRAWN = re.compile(r'<wp:extent cx="(\d+)" cy="(\d+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what follows it on the line, its own lines."""

    language: str
    about: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Guide:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(kind, about, tuple(text.split("\n"))) for kind, about, text in _FENCED.findall(self.text)]

    @cached_property
    def prose(self) -> str:
        return _FENCED.sub("", self.text)

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Rows of cells, the head first. A bar inside code is written with a backslash."""
        found = [one.splitlines() for one in re.findall(r"(?:^\|.*\n)+", self.prose, flags=re.MULTILINE)]
        return [[_cells(line) for line in lines if set(line) - set("|-")] for lines in found]

    @cached_property
    def codes(self) -> list[str]:
        """Code in lines, and lines that are indented as code."""
        found = [one.replace("\\|", "|") for one in _in_code(self.prose)]
        return found + re.findall(r"^ {4,}(\S.*)$", self.prose, flags=re.MULTILINE)

    @cached_property
    def headings(self) -> list[tuple[str, str]]:
        return re.findall(r"^(#+) (.*)$", self.prose, flags=re.MULTILINE)

    def of(self, language: str) -> list[Block]:
        return [one for one in self.blocks if one.language == language]

    @property
    def filter_rows(self) -> list[list[str]]:
        """Name, other name, value, what is written, what is printed."""
        return [row for table in self.tables if len(table[0]) == 5 for row in table[1:]]

    def tables_with(self, code: str) -> list[list[str]]:
        """Rows of the table that has this code in it, without its head."""
        return next(rows[1:] for rows in self.tables if any(code in _in_code(cell) for row in rows for cell in row))


def _cells(line: str) -> list[str]:
    return [one.strip().replace("\\|", "|") for one in re.split(r"(?<!\\)\|", line)[1:-1]]


def _in_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


KO, EN = (Guide(REPOSITORY / "docs" / name) for name in ("template-guide.ko.md", "template-guide.md"))
BOTH = pytest.mark.parametrize("guide", [KO, EN], ids=("ko", "en"))


@dataclass(frozen=True)
class Campaign:
    """The sample campaign with the guide's own kind in it."""

    root: Path
    prepared: Prepared

    def jobs(self, kind: str) -> list[Job]:
        return [one for one in self.prepared.plan.jobs if one.kind == kind]

    @property
    def shapes(self) -> Mapping[str, Group]:
        """What templates of each kind can print."""
        return self.prepared.shapes

    @property
    def pictures(self) -> Mapping[str, bytes]:
        return Album.of(self.root).pictures


def built(lines: Sequence[str]) -> bytes:
    """The Word file of a block `word`."""
    document: Any = Document(io.BytesIO(word()))
    table: Table | None = None
    for line in lines:
        if not line.startswith("|"):
            document.add_paragraph(line)
            table = None
            continue
        texts = re.split(r"(?<=\s)\|(?=\s)", line[1:-1])
        if table is None:
            table = document.add_table(rows=0, cols=len(texts))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text.strip()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def printed(blob: bytes) -> Iterator[str]:
    """A paper as a block `paper` shows it."""
    for one in Document(io.BytesIO(blob)).iter_inner_content():
        if isinstance(one, Table):
            yield from ("| " + " | ".join(cell.text for cell in row.cells) + " |" for row in one.rows)
        elif one.text.strip():
            yield one.text


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    root = tmp_path_factory.mktemp("guide") / "campaign"
    for name in ("inputs", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = root / "inputs/campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n" + KO.of("toml")[0].text + "\n", encoding="utf-8")
    block = next(one for one in KO.of("word") if one.about == NEW)
    (root / f"templates/{NEW}.docx").write_bytes(built(block.lines))
    found, findings = read_campaign(root)
    assert found is not None, findings
    return Campaign(root, prepare(root, found, list(found.kinds)))


# --- both say the same -------------------------------------------------------------------------------------------


def test_both_have_the_same_chapters() -> None:
    assert [level for level, _ in KO.headings] == [level for level, _ in EN.headings]
    assert [re.match(r"[\d.]*", text)[0] for _, text in KO.headings] == [  # type: ignore[index]
        re.match(r"[\d.]*", text)[0]  # type: ignore[index]
        for _, text in EN.headings
    ]


def test_both_show_the_same_snippets() -> None:
    def shown(guide: Guide) -> list[tuple[str, str, list[str]]]:
        return [(one.language, one.about, [line for line in one.lines if line[:1] != "#"]) for one in guide.blocks]

    assert shown(KO) == shown(EN)


def test_both_show_the_same_tables() -> None:
    # What is explained in words may name code of its own.
    assert [[len(row) for row in rows] for rows in KO.tables] == [[len(row) for row in rows] for rows in EN.tables]
    assert [row[:4] for row in KO.filter_rows] == [row[:4] for row in EN.filter_rows]
    assert [_in_code(row[4]) for row in KO.filter_rows] == [_in_code(row[4]) for row in EN.filter_rows]


@BOTH
def test_links_within_lead_to_chapters(guide: Guide) -> None:
    anchors = {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for _, text in guide.headings}
    links = re.findall(r"\]\(#([^)]+)\)", guide.text)
    assert links
    assert set(links) <= anchors


# --- filters -----------------------------------------------------------------------------------------------------


def test_the_table_lists_every_filter() -> None:
    named = {name.partition("(")[0] for row in KO.filter_rows for cell in row[:2] for name in _in_code(cell)}
    assert named == {*FILTERS, *PICTURE_FILTERS, *SIGN_FILTERS}


def _context(tag: str, value: str) -> dict[str, Any]:
    path = re.search(r"\{\{ ([\w.]+)", tag)
    assert path, tag
    context: Any = value
    for step in reversed(path[1].split(".")):
        context = {step: context}
    return dict(context)


def _line(template: str, context: Mapping[str, Any]) -> str:
    missing: list[str] = []
    environment = make_environment(FILTERS, lambda name, _known: missing.append(name))
    text = environment.from_string(template).render(context)
    assert not missing
    return text


@pytest.mark.parametrize("row", [row for row in KO.filter_rows if _in_code(row[4])], ids=lambda row: row[3])
def test_an_example_of_a_filter_prints_what_it_says(row: list[str]) -> None:
    (korean,), (other,), (value,), (template,), (result,) = map(_in_code, row)
    assert f"|{korean}" in template
    assert _line(template, _context(template, value)) == result
    # The other name may stand with arguments of its own.
    pattern = rf"\|{korean}(\([^)]*\))?" if "(" in other else rf"\|{korean}"
    assert _line(re.sub(pattern, f"|{other}", template), _context(template, value)) == result


def test_the_example_of_a_signature_box_prints_a_caption_and_whose_it_is() -> None:
    (row,) = (row for row in KO.filter_rows if _in_code(row[0])[0] in SIGN_FILTERS)
    (korean,), (other,), (value,), (template,) = map(_in_code, row[:4])
    for name in (korean, other):
        line = _line(template.replace(korean, name), _context(template, value))
        assert line.startswith("(서명 또는 인)<")
        assert sign_fields(line) == [SignField("후보자", value, "(서명 또는 인)")]


PICTURE_ROWS = [row for row in KO.filter_rows if _in_code(row[0])[0] in PICTURE_FILTERS]


@pytest.mark.parametrize("row", PICTURE_ROWS, ids=lambda row: row[3])
def test_an_example_of_a_picture_prints_it_in_its_size(row: list[str], campaign: Campaign) -> None:
    (korean,), (other,), (value,), (template,) = map(_in_code, row[:4])
    *_, last = sizes = [int(one) for one in re.findall(r"\d+", template.partition("|")[2])]
    assert [int(one) for one in re.findall(r"\d+", row[4])] == sizes
    for name in (korean, other):
        paper = WordTemplate(built([template.replace(korean, name)]), FILTERS, "t.docx", campaign.pictures)
        parts, findings = paper.render({**_context(template, value), "문서": {"번호": "A-1"}})
        assert findings == []
        drawn = _DRAWN.search(parts["word/document.xml"].decode())
        assert drawn
        width, height = (int(one) / _EMU for one in drawn.groups())
        assert width == pytest.approx(sizes[0], abs=0.01) or height == pytest.approx(last, abs=0.01)
        assert width <= sizes[0] + 0.01


@BOTH
def test_the_table_of_particles_is_right(guide: Guide) -> None:
    rows = guide.tables_with("2018로")
    assert len(rows) > 10
    for row in rows:
        (value,), (topic,), (direction,) = map(_in_code, row[:3])
        assert _line("{{ 값|은는 }} {{ 값|으로 }}", {"값": value}) == f"{topic} {direction}"


# --- fields and snippets -----------------------------------------------------------------------------------------


def _exists(shape: Any, steps: Sequence[str]) -> bool:
    for step in steps:
        inner = shape.item if isinstance(shape, Items) else shape
        if not isinstance(inner, Group) or step not in inner.fields:
            return False
        shape = inner.fields[step]
    return True


@BOTH
def test_every_field_exists(guide: Guide, campaign: Campaign) -> None:
    own = {(row[0], row[1]) for row in guide.tables_with("협약식 참석")}
    added = set()
    for header, field in own:
        (name,) = _in_code(header)
        assert _in_code(field) == [f"{{{{ 후보.{field_name(name)} }}}}"]
        added.add(("후보", field_name(name)))
    items = {name for one in guide.of("word") for name in re.findall(r"\bfor (\w+) in", one.text)} | {"loop"}
    tags = [tag for text in [*guide.codes, *(one.text for one in guide.of("word"))] for tag in _TAG.findall(text)]
    assert len(tags) > 80
    for tag in tags:
        for path in re.findall(r"(?<![\w'.])[^\W\d]\w*(?:\.\w+)+", re.sub(r"'[^']*'", "", tag)):
            steps = tuple(path.split("."))
            known = any(_exists(shape, steps) for shape in campaign.shapes.values())
            assert known or steps[0] in items or steps in added, path


@BOTH
def test_columns_that_it_calls_private_are(guide: Guide) -> None:
    found = re.search(r"`주소`.*", guide.prose)
    assert found
    assert len(_in_code(found[0])) == 5
    assert all(is_private(word) for word in _in_code(found[0]))


@BOTH
def test_every_tag_can_be_understood(guide: Guide) -> None:
    environment = make_environment({**FILTERS, **dict.fromkeys(PICTURE_FILTERS, str)}, lambda _name, _known: None)
    for code in guide.codes:
        tags = re.sub(r"\{%(?:p|tr) ", "{% ", "".join(_TAG.findall(code)))
        if "…" not in code and not re.match(r"\{% end|\{\{r ", tags):
            ends = [f"{{% end{name} %}}" for name in re.findall(r"\{% (if|for)\b", tags)]
            environment.parse(tags + "".join(reversed(ends)))


@pytest.mark.parametrize("block", KO.of("word"), ids=lambda one: one.lines[0])
def test_a_snippet_is_a_good_template(block: Block, campaign: Campaign) -> None:
    offer = Offer(campaign.shapes[block.about], campaign.pictures)
    jobs = campaign.jobs(block.about)
    assert jobs
    found = check_template(built(block.lines), "t.docx", FILTERS, jobs, (), {}, offer)
    assert [one for one in found if one.code != "template.unused"] == []


def _results() -> Iterator[tuple[Block, Block]]:
    for before, one in zip(KO.blocks, KO.blocks[1:], strict=False):
        if one.language == "paper":
            assert before.language == "word"
            yield before, one


@pytest.mark.parametrize(("block", "paper"), list(_results()), ids=lambda one: one.lines[0])
def test_a_snippet_prints_what_the_guide_shows(block: Block, paper: Block, campaign: Campaign) -> None:
    job = next(one for one in campaign.jobs(block.about) if paper.about in one.subject)
    template = WordTemplate(built(block.lines), FILTERS, "t.docx", campaign.pictures)
    parts, findings = template.render(job.context)
    assert findings == []
    lines = list(printed(template.pack(parts)))
    shown = list(takewhile(lambda line: line != "…", paper.lines))
    assert lines[: len(shown)] == shown
    assert (len(lines) > len(shown)) == ("…" in paper.lines)


@BOTH
def test_the_table_of_groups_is_what_kinds_offer(guide: Guide, campaign: Campaign) -> None:
    first, *rows = guide.tables_with("후보")
    everywhere = set(_in_code(first[1]))
    settings, _ = read_campaign(campaign.root)
    assert settings
    listed = {each: set(_in_code(row[1])) for row in rows for each in _in_code(row[0])}
    for name, kind in settings.kinds.items():
        for each in kind.for_each:
            assert listed[each.value] | everywhere == set(campaign.shapes[name].fields), name
    assert {"region", *(each.value for kind in settings.kinds.values() for each in kind.for_each)} == set(listed)


def test_the_list_of_fields_is_that_of_the_command(campaign: Campaign) -> None:
    for block in KO.of("fields"):
        lines = {" ".join(line.split()) for line in _campaign_folder(campaign).no_office(
            "template", "fields", block.about, "--lang", "ko").out.splitlines()}  # fmt: skip
        assert {" ".join(line.split()) for line in block.lines} <= lines


def _campaign_folder(campaign: Campaign) -> Folder:
    """For its commands; its files are the sample's."""
    folder = object.__new__(Folder)
    folder.root = campaign.root
    return folder


# --- the new kind ------------------------------------------------------------------------------------------------


@pytest.mark.office
def test_the_new_kind_works_as_it_is_told(campaign: Campaign) -> None:
    folder = _campaign_folder(campaign)
    checked = folder.run("template", "check", str(campaign.root / f"templates/{NEW}.docx"), "--json")
    assert (checked.code, checked.codes) == (0, set())
    tried = folder.run("preview", NEW, "--json")
    assert tried.code == 0
    assert [Path(one).suffix for one in tried.json["files"]] == [".docx", ".pdf"]
    made = folder.run("make", NEW, "--json")
    assert made.code == 0
    documents = made.json["documents"]
    assert {one["number"][0] for one in documents} == {"Q"}
    assert {one["state"] for one in documents} == {"made"}
    unanswered = [one for one in campaign.jobs("proposal") if not one.context["후보"]["회신"]]
    assert len(documents) == len(unanswered) > 3
    papers = sorted((campaign.root / "outputs/reminders").rglob("Q-*_*_*.docx"))
    assert len(papers) == len(documents)
    text = "\n".join(printed(papers[0].read_bytes()))
    assert "한국사회적경제연대회의가 보내 드린 정책 제안" in text
    assert "2018년 5월 11일(금)까지" in text


# --- what is around it -------------------------------------------------------------------------------------------


@BOTH
def test_commands_exist(guide: Guide, campaign: Campaign) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    told = "\n".join(guide.codes)
    assert set(re.findall(r"\bmake ([a-z-]+)$", told, flags=re.MULTILINE)) - {NEW} <= targets
    assert set(re.findall(r"\bKIND=([\w-]+)", told)) <= set(campaign.shapes)
    for line in re.findall(r"hyeopyak ([a-z].*)$", told, flags=re.MULTILINE):
        command: click.Command = cli
        words = line.split()
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        options = {name for one in command.params for name in one.opts}
        assert {one for one in words if one.startswith("-")} <= options, line


@BOTH
def test_files_that_it_names_exist(guide: Guide, campaign: Campaign) -> None:
    for name in re.findall(r"`((?:inputs|templates)/[\w.-]+)`", guide.prose):
        assert (campaign.root / name).exists(), name
    folders = set(re.findall(r"`outputs/([\w-]+)`", guide.prose))
    assert folders == {CHECKED, PREVIEW, f"{NEW}s"}


@BOTH
def test_pictures_exist_and_are_small(guide: Guide) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\((images/[^)]+)\)", guide.text)
    assert {Path(name).name for name in pictures} == {
        path.name for path in (REPOSITORY / "docs/images").glob("guide-*.png")
    }
    assert pictures == re.findall(r"!\[[^\]]+\]\((images/[^)]+)\)", KO.text)
    for name in pictures:
        path = guide.path.parent / name
        assert path.stat().st_size < MOST_BYTES
        with Image.open(path) as image:
            assert image.width >= 900


def test_texts_are_composed() -> None:
    for guide in (KO, EN):
        assert unicodedata.is_normalized("NFC", guide.text)


# Each finding about templates, and a piece of what the guide says to a person who has got it.
TOLD = {
    "room": ("쪽 부호가 들어갈 자리", "no room for the page codes"),
    "unsigned": ("서명칸이 없습니다", "no signature box"),
    "attached": ("서식 파일(`.dotx`)", "template of its author (`.dotx`)"),
    "beside": ("옆에 적은 글이", "beside"),
    "bookmark": ("책갈피", "bookmark"),
    "bound": ("콘텐츠 컨트롤", "content control"),
    "braces": ("그대로 찍힙니다", "as it stands"),
    "cell": ("칸, 머리글, 각주의 글이 모두", "cell, header or footnote"),
    "chance": ("매번 다르다고", "different each time"),
    "changes": ("변경 내용이 추적", "tracked"),
    "columns": ("줄의 칸이 모두", "lose all its cells"),
    "comments": ("메모가 있습니다", "comments"),
    "cut": ("다른 칸이나 상자", "another cell, box or table"),
    "damaged": ("열 수 없는 파일", "cannot be opened"),
    "default": ("대신하는 말만", "stands in"),
    "embedded": ("개체가 들어", "object"),
    "entities": ("entity", "entities"),
    "external": ("다른 파일에 연결", "linked to another file"),
    "field": ("항목이 없다고", "field does not exist"),
    "filter": ("필터나 조건 낱말이 없다고", "no such filter or test"),
    "formats": ("앞뒤 모양이 다릅니다", "changes its look"),
    "hangul": ("한글 글꼴이 없다고", "no font for Hangul"),
    "huge": ("너무 크다고", "too large"),
    "inside": ("링크, 필드, 그림", "link, field, picture"),
    "kind": ("쓸 수 없는 파일", "cannot be used"),
    "leaf": ("값 하나에는 항목이 없다", "single value"),
    "list": ("목록에는 그런 항목이", "list has no such field"),
    "loop": ("`for`를 쓸 수 없다고", "cannot be gone through"),
    "macros": ("매크로", "macros"),
    "merge": ("`colspan`", "`colspan`"),
    "missing": ("", ""),
    "name": ("후보자의 이름이 서식에", "candidate's name"),
    "nfd": ("자모가 풀어진", "letter by letter"),
    "nobody": ("어느 종류의", "which kind"),
    "password": ("암호", "password"),
    "place": ("표 밖에 줄 명령", "outside a table"),
    "quotes": ("따옴표가 둥급니다", "curly"),
    "rows": ("표의 줄이 모두", "lose all its rows"),
    "run": ("`{{r … }}`", "`{{r … }}`"),
    "section": ("구역이 끝나는", "ends a section"),
    "syntax": ("끝이 없다", "has no end"),
    "test": ("필터나 조건 낱말이 없다고", "no such filter or test"),
    "tracked": ("변경 내용이 추적", "tracked"),
    "twice": ("두 벌", "twice"),
    "twins": ("둘이 달라지기도", "come to differ"),
    "unrendered": ("미주, 링크 주소, 차트", "endnotes, link addresses, charts"),
    "unused": ("쓰지 않은 것이 있다고", "not used"),
    "web": ("웹 페이지용", "web pages"),
    "whole": ("그대로 찍을 수 없다고", "cannot be printed as it is"),
}


@pytest.mark.parametrize("code", sorted(one for one in CATALOGUE if one.startswith("template.")))
def test_every_finding_about_templates_is_explained(code: str) -> None:
    for guide, piece in zip((KO, EN), TOLD[code.removeprefix("template.")], strict=True):
        chapter = " ".join(guide.text.split("\n## 9.")[1].split())
        assert piece in chapter
