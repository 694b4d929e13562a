"""Inputs made to do harm, each with what becomes of it: codes of findings, or nothing but text on a page."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import broken
import test_intake as scans
from conftest import Folder, word
from verdict import in_excel, workbook

CANARY = "canary"
"""A file beside the campaign that code, if any ran, would leave."""


@dataclass(frozen=True)
class Case:
    """Something hostile in a campaign."""

    name: str
    plant: Callable[[Folder], object]
    command: tuple[str, ...]
    codes: frozenset[str]
    """Errors and warnings; empty: it is data like any other."""


CASES: list[Case] = []


def case(name: str, plant: Callable[[Folder], object], codes: str = "", command: str = "make --jobs 1") -> None:
    CASES.append(Case(name, plant, tuple(command.split()), frozenset(codes.split())))


def template(blob: bytes | Callable[[], bytes]) -> Callable[[Folder], object]:
    return lambda it: it.write("templates/agreement.docx", blob() if callable(blob) else blob)


# --- templates: tags that reach for the machine ------------------------------------------------------------------

_RUN = "__import__('os').system('touch ../canary')"
for _tag, _codes in {
    "{{ ''.__class__.__mro__[1].__subclasses__() }}": "template.field",
    "{{ 문서.__class__.__base__ }}": "template.field",
    "{{ 문서['__class__'] }}": "template.field",
    "{{ 문서|attr('__class__') }}": "template.field",
    "{{ '{0.__class__}'.format(문서) }}": "template.field",
    "{{ '%s'.__mod__(문서) }}": "template.field",
    "{{ cycler.__init__.__globals__.os.popen('touch ../canary').read() }}": "template.field",
    "{{ lipsum.__globals__['os'].system('touch ../canary') }}": "template.chance",
    "{{ joiner.__init__.__globals__ }}": "template.field",
    "{{ namespace.__init__.__globals__ }}": "template.field",
    "{{ self.__init__.__globals__ }}": "template.field",
    "{{ get_flashed_messages.__globals__ }}": "template.field",
    f"{{{{ {_RUN} }}}}": "template.field",
    "{{ open('../canary', 'w') }}": "template.field",
    "{{ 단체들.append(1) }}": "template.syntax",
    "{{ 단체들.clear() }}": "template.syntax",
    "{{ ().__class__ }}": "template.list",
    "{{ 9 ** (9 ** 9) }}": "template.syntax",
    "{{ '%0999999999d' % 1 }}": "template.syntax",
    "{{ 후보.이름|center(999999999) }}": "template.syntax",
    "{{ 후보.이름|indent(999999999) }}": "template.syntax",
    "{{ lipsum(999999999) }}": "template.chance",
    "{{ 'a' * 10000000000 }}": "template.syntax",
    "{% for 하나 in range(1000000000) %}가{% endfor %}": "template.syntax",
    "{% include '/etc/passwd' %}": "template.syntax",
    "{% import 'os' as os %}": "template.syntax",
    "{% extends '/etc/passwd' %}": "template.syntax",
    "{% macro 가() %}{{ 가() }}{% endmacro %}{{ 가() }}": "template.syntax",
    "{% set 가 = 문서.__class__ %}{{ 가 }}": "template.field",
    "{% filter __class__ %}가{% endfilter %}": "template.filter",
    "{{ 후보.이름|map('attr', '__class__')|list }}": "template.whole",
}.items():
    case(f"tag {_tag}", template(word("정책협약서", _tag)), _codes)

# --- templates: packages -----------------------------------------------------------------------------------------

for _blob, _codes in (
    (broken.zip_bomb, "template.huge"),
    (broken.reads_a_file, "template.entities"),
    (broken.entities_in_another_encoding, "template.entities"),
    (broken.with_macros, "template.macros"),
    (broken.macros_left_behind, "template.macros"),
    (broken.embedded_workbook, "template.embedded"),
    (broken.another_document_inside, "template.embedded"),
    (broken.active_control, "template.embedded"),
    (broken.linked_picture, "template.external"),
    (broken.linked_file_of_the_computer, "template.external"),
    (broken.field_that_reads_a_file, "template.external"),
    (broken.field_that_fetches_a_picture, "template.external"),
    (broken.template_of_its_author, "template.attached"),
    (broken.web_page_renamed, "template.kind"),
    (broken.rich_text_renamed, "template.kind"),
):
    case(f"package {_blob.__name__}", template(_blob), _codes)


def _laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE w [<!ENTITY l0 "하하">{lines}]>\n<w:document'
    blob = broken.replaced(broken.plain(), "word/document.xml", "<w:document", declared)
    return broken.replaced(blob, "word/document.xml", "협약한다", "&l9;")


def _slip() -> bytes:
    return broken.with_parts(broken.plain(), {"../../canary": b"x"})


def _field(code: str) -> bytes:
    return broken.in_body(broken.paragraph(f'<w:fldSimple w:instr=" {code} "><w:r><w:t>x</w:t></w:r></w:fldSimple>'))


case("package billion laughs", template(_laughs), "template.entities")
case("package entry that leads out", template(_slip), "template.damaged")
case("field DDE", template(_field("DDE cmd &quot;/c touch ../canary&quot;")), "template.external")
case(
    "field DDEAUTO",
    template(_field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k&quot;")),
    "template.external",
)
case("field LINK", template(_field("LINK Excel.Sheet.8 &quot;http://127.0.0.1:9/a.xls&quot;")), "template.external")
case("field MACROBUTTON", template(_field("MACROBUTTON AutoOpen x")))

# --- sheets ------------------------------------------------------------------------------------------------------


def candidate(name: str) -> Callable[[Folder], object]:
    """The mayor's candidate goes by this name."""
    return lambda it: it.change("inputs/candidates.csv", "서다온", name)


def remark(text: str) -> Callable[[Folder], object]:
    return lambda it: it.change("inputs/answers.csv", "예산 범위에서 한다.", text)


for _text in (
    "{{ 문서.__class__ }}",
    "{% include '/etc/passwd' %}",
    "{{ lipsum.__globals__ }}",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "]]><script>alert(1)</script>",
    "&lt;!ENTITY x SYSTEM 'file:///etc/passwd'&gt;",
    "=cmd|'/C touch ../canary'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "+HYPERLINK('http://127.0.0.1:9')",
    "=WEBSERVICE('http://127.0.0.1:9/x')",
    "$(touch ../canary)",
    "`touch ../canary`",
    "; touch ../canary #",
    "%s%s%s%n",
    "'; DROP TABLE documents; --",
    "http://127.0.0.1:9/x.png",
    "file:///etc/passwd",
    "가" * 5000,
):
    case(f"remark {_text[:24]}", remark(_text), "cell.tag" if "{" in _text else "")
for _name, _codes in {
    "../../canary": "particle.undecided",
    "/etc/passwd": "particle.undecided",
    "..\\..\\canary": "particle.undecided",
    "CON": "",
    "서다온\u202egnp.exe": "particle.undecided",
    "서다온\x07": "cell.control",
    "-rf": "particle.undecided",
    "가" * 300: "output.long",
}.items():
    case(f"name {_name[:16]!r}", candidate(_name), _codes)


def _entities_in_a_workbook(it: Folder) -> None:
    blob = workbook((it.root / "inputs/candidates.csv").read_text("utf-8"), "후보자")
    parts = {}
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<workbook", b'<!DOCTYPE w [<!ENTITY h SYSTEM "file:///etc/hostname">]><workbook', 1
    )
    in_excel(it, "candidates", broken.zipped(parts))


def _bomb_in_a_workbook(it: Folder) -> None:
    blob = workbook((it.root / "inputs/candidates.csv").read_text("utf-8"), "후보자")
    in_excel(it, "candidates", broken.with_parts(blob, {"xl/media/a.bin": bytes(400_000_000)}))


def _formula(text: str) -> Callable[[Folder], object]:
    def plant(it: Folder) -> None:
        csv = (it.root / "inputs/candidates.csv").read_text("utf-8")
        in_excel(it, "candidates", workbook(csv, "후보자", lambda page: page.__setitem__("G4", text)))

    return plant


case("workbook with entities", _entities_in_a_workbook, "file.entities")
case("workbook that is a bomb", _bomb_in_a_workbook, "file.huge")
case("formula WEBSERVICE", _formula('=WEBSERVICE("http://127.0.0.1:9/x")'), "cell.uncalculated")
case("formula of DDE", _formula("=cmd|'/c touch ../canary'!A1"), "cell.uncalculated")
case(
    "web page as a table",
    lambda it: it.write("inputs/candidates.csv", "<html><script>1</script></html>"),
    "header.missing",
)
case("a table that is a link", lambda it: _swap(it, "inputs/candidates.csv", Path("/etc/passwd")), "header.missing")
case("a table that is a pipe", lambda it: _pipe(it, "inputs/candidates.csv"), "file.unreadable")


def _swap(it: Folder, name: str, target: Path) -> None:
    (it.root / name).unlink()
    (it.root / name).symlink_to(target)


def _pipe(it: Folder, name: str) -> None:
    (it.root / name).unlink()
    os.mkfifo(it.root / name)


# --- settings ----------------------------------------------------------------------------------------------------


def setting(before: str, after: str) -> Callable[[Folder], object]:
    return lambda it: it.change("inputs/campaign.toml", before, after)


for _before, _after in (
    ('"agreement.docx"', '"../../agreement.docx"'),
    ('"agreement.docx"', '"/etc/passwd"'),
    ('"agreement.docx"', '"\\\\\\\\server\\\\share\\\\a.docx"'),
    ('"agreements"', '"../../agreements"'),
    ('"agreements"', '"C:/agreements"'),
    ('"candidates.csv"', '"/etc/passwd"'),
    ('"candidates.csv"', '"../../../etc/passwd"'),
    ('"candidates.csv"', '"http://127.0.0.1:9/candidates.csv"'),
    ('id = "TEST-2018"', 'id = "../../X"'),
    ('letter = "A"', 'letter = "../A"'),
):
    case(f"setting {_after}", setting(_before, _after), "campaign.value")
case("setting file pattern", setting('letter = "A"', 'letter = "A"\nfile = "../../{번호}"'))
case("setting deep", lambda it: it.write("inputs/campaign.toml", "a = " + "[" * 5000), "campaign.syntax")
case(
    "a template that is a link",
    lambda it: _swap(it, "templates/agreement.docx", Path("/etc/passwd")),
    "template.damaged",
)

# --- what comes back ---------------------------------------------------------------------------------------------


def returned(name: str, blob: bytes) -> Callable[[Folder], object]:
    """Long enough ago: what has just come may still be on its way."""
    return lambda it: os.utime(it.write(f"inputs/signed/{name}", blob), (1, 1))


def _with_action(kind: str) -> bytes:
    import pikepdf

    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), F="touch ../canary", URI="http://127.0.0.1:9/")
        document.Root.OpenAction = document.make_indirect(action)

    return scans.edited(change)


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("../../canary")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    return buffer.getvalue()


for _file, _content, _codes in (
    ("a.pdf", scans.edited(scans.script), "original.active"),
    ("a.pdf", scans.edited(scans.attachment), "original.active"),
    ("a.pdf", _with_action("Launch"), "original.active"),
    ("a.pdf", _with_action("URI"), "original.active"),
    ("a.pdf", _with_action("SubmitForm"), "original.active"),
    ("a.png", scans.vast(), "original.pixels"),
    ("a.zip", scans.zipped(("a.png", bytes(30_000_000))), "original.bomb"),
    ("a.zip", scans.zipped(("../../canary", b"x")), "original.kind"),
    ("a.zip", scans.zipped(("/canary", scans.picture("PNG"))), ""),
    ("a.pdf", b"<html><script>fetch('http://127.0.0.1:9')</script>", "original.kind"),
    ("a.pdf", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "original.kind"),
    ("a.tar", _tar(), "original.kind"),
    ("<script>alert(1)<／script>.png", scans.picture("PNG"), ""),
    ("-rf.png", scans.picture("PNG"), ""),
    ("a\nb.png", scans.picture("PNG"), ""),
    ("=cmd|' ＼C calc'!A0.png", scans.picture("PNG"), ""),
    ("서명\u202egnp.exe", b"MZ", "original.kind"),
):
    case(f"returned {_file[:20]!r} {_codes}", returned(_file, _content), _codes, "collect --jobs 1")
