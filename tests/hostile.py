"""Inputs made to do harm, each with what becomes of it: codes of findings, or nothing but text on a page."""

from __future__ import annotations

import io
import os
import sqlite3
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    "{{ '{x.__class__}'.format_map({'x': 문서}) }}": "template.field",
    "{{ 공통공약|sum(attribute='__class__.__mro__') }}": "template.field",
    "{{ 문서|tojson }}": "template.web template.whole",
    "{{ '<w:p/>'|safe }}": "template.web",
    "{% autoescape false %}{{ 후보.이름 }}{% endautoescape %}": "template.web",
    "{{ ((9 ** 20) ** 20) ** 20 }}": "template.syntax",
    "{{ '가나다'|truncate(-5) }}": "template.syntax",
    f"{{{{ 1{'0' * 5000} }}}}": "template.syntax",
    "{% for 하나 in range(99999) %}{% for 둘 in range(99999) %}{% endfor %}{% endfor %}": "template.syntax",
    "{% set 가 = 'xxxxxxxxxx' %}" + "{% set 가 = 가 ~ 가 %}" * 40 + "{{ 가|length }}": "template.syntax",
    "{% set 나 = 'xxxxxxxxxx' %}" + "{% set 나 = 나 + 나 %}" * 40 + "{{ 나|length }}": "template.syntax",
    "{{ 'aaaaaaaaaa'" + "|replace('a', 'aaaaaaaaaa')" * 12 + "|length }}": "template.syntax",
    "{{ 'aaaaaaaaaa'" + "|join('aaaaaaaaaa')" * 12 + "|length }}": "template.syntax",
}.items():
    case(f"tag {_tag[:60]}", template(word("정책협약서", _tag)), _codes)

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


def _twice(name: str) -> Callable[[], bytes]:
    def build() -> bytes:
        buffer = io.BytesIO(broken.plain())
        with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as package:
            warnings.simplefilter("ignore")
            package.writestr(name, b"<x/>")
        return buffer.getvalue()

    return build


def _link_inside() -> bytes:
    buffer = io.BytesIO(broken.plain())
    with zipfile.ZipFile(buffer, "a") as package:
        entry = zipfile.ZipInfo("word/media/a.xml")
        entry.external_attr = 0o120777 << 16
        package.writestr(entry, b"/etc/passwd")
    return buffer.getvalue()


def _related(kind: str, target: str, *, outside: bool = True) -> Callable[[], bytes]:
    return lambda: broken.related(broken.plain(), kind, target, outside=outside)


def _declared(text: str) -> Callable[[], bytes]:
    return lambda: broken.replaced(broken.plain(), "word/document.xml", "<w:document", f"{text}\n<w:document")


for _name, _build, _codes in (
    ("part twice", _twice("word/document.xml"), "template.damaged"),
    ("part twice but for its case", _twice("Word/Document.xml"), "template.damaged"),
    ("entry from the root", lambda: broken.with_parts(broken.plain(), {"/etc/canary": b"x"}), "template.damaged"),
    ("entry that is a link", _link_inside, "template.damaged"),
    ("altChunk", _related("aFChunk", "http://127.0.0.1:9/a.html"), "template.external"),
    ("subDocument", _related("subDocument", "file:///etc/passwd"), "template.external"),
    ("frame", _related("frame", "http://127.0.0.1:9/a.html"), "template.external"),
    ("linked OLE", _related("oleObject", "http://127.0.0.1:9/a.bin"), "template.external"),
    ("picture that leads out", _related("image", "../../../../etc/passwd", outside=False), "template.damaged"),
    ("external DTD", _declared('<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd">'), "template.entities"),
    ("style sheet", _declared('<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'), ""),
    (
        "XInclude",
        lambda: broken.in_body('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "",
    ),
):
    case(f"package {_name}", template(_build), _codes)


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


def _device(it: Folder, name: str) -> None:
    _swap(it, name, Path("/dev/zero"))


def _longer(it: Folder, name: str, size: int = 30_000_000_000) -> None:
    """A file of that many bytes that takes none of the disk."""
    with (it.root / name).open("ab") as file:
        file.truncate(size)


def _in_ods(content: bytes) -> Callable[[Folder], object]:
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    return lambda it: in_excel(it, "candidates", broken.zipped(parts), "candidates.ods")


def _with_macros(it: Folder) -> None:
    blob = workbook((it.root / "inputs/candidates.csv").read_text("utf-8"), "후보자")
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c touch ../canary"/></externalLink>'
    parts = {"xl/externalLinks/externalLink1.xml": link, "xl/vbaProject.bin": b"x", "../../canary": b"x"}
    in_excel(it, "candidates", broken.with_parts(blob, parts), "candidates.xlsm")


case("workbook with macros, DDE and an entry that leads out", _with_macros)
case("ods with entities", _in_ods(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'), "file.entities")
case("ods that is none", _in_ods(b"<x/>"), "file.damaged")
case(
    "xls that is none",
    lambda it: in_excel(it, "candidates", b"\x09\x08\x10\0" + b"\xff" * 3000, "candidates.xls"),
    "file.damaged",
)
case("cell of a megabyte", remark("가" * 400_000), "file.damaged")
case("cell with NUL", candidate("서\0다온"), "file.encoding")
case("quotes that stay open", candidate('"서다온'), "file.damaged")
case(
    "100,000 columns",
    lambda it: it.write("inputs/candidates.csv", "후보자ID," * 100_000),
    "header.missing",
)
case("a table that is a device", lambda it: _device(it, "inputs/candidates.csv"), "file.unreadable")
case("a table of 30 GB", lambda it: _longer(it, "inputs/candidates.csv"), "file.huge")

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
    ('"agreements"', '"a\\u0000b"'),
    ('"agreement.docx"', '"a\\u001b[31m.docx"'),
    ('"candidates.csv"', '"a\\nb.csv"'),
):
    case(f"setting {_after}", setting(_before, _after), "campaign.value")
case("setting file pattern", setting('letter = "A"', 'letter = "A"\nfile = "../../{번호}"'))
case("setting of 5,000 digits", setting('letter = "A"', f"copies = 1{'0' * 5000}"), "campaign.syntax")
case("setting with a regular expression", setting('"협약" = "예"', '"협약" = "(예+)+$"'), "")
case("setting with a tag", setting('"한빛사회적경제협의회"', '"{{ 문서.__class__ }}"'), "campaign.tag")
case("setting with a formula", setting('"한빛사회적경제협의회"', '"=cmd|x!A0"'), "particle.undecided")
case("setting of 5,000 signs", setting('"candidates.csv"', f'"{"a" * 5000}.csv"'), "file.unreadable")
case("settings that are a pipe", lambda it: _pipe(it, "inputs/campaign.toml"), "file.unreadable")
case("settings that are a device", lambda it: _device(it, "inputs/campaign.toml"), "file.unreadable")
case("settings of 30 GB", lambda it: _longer(it, "inputs/campaign.toml"), "file.unreadable")
case("a template that is a pipe", lambda it: _pipe(it, "templates/agreement.docx"), "file.unreadable")
case("a template that is a device", lambda it: _device(it, "templates/agreement.docx"), "file.unreadable")
case("a template of 30 GB", lambda it: _longer(it, "templates/agreement.docx"), "file.unreadable")
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


def _changed(change: Callable[[Any], object]) -> bytes:
    """A PDF of two pages, changed (pikepdf)."""
    return scans.edited(change)


def _page_that_acts(document: Any) -> None:
    from pikepdf import Dictionary, Name

    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))


def _mark_that_acts(document: Any) -> None:
    from pikepdf import Array, Dictionary, Name

    launch = Dictionary(S=Name.Launch, F="touch ../canary")
    mark = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=launch)
    document.pages[0].obj.Annots = Array([document.make_indirect(mark)])


def _acts_in_the_end(document: Any) -> None:
    from pikepdf import Array, Dictionary, Name

    there = Array([document.pages[0].obj, Name.Fit])
    then = Dictionary(S=Name.Launch, F="touch ../canary")
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=there, Next=Dictionary(S=Name.GoTo, D=there, Next=then))


def _form_of_its_own(document: Any) -> None:
    from pikepdf import Array, Dictionary

    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=Array())


def _sized(width: int, height: int) -> Callable[[Any], object]:
    def change(document: Any) -> None:
        from pikepdf import Array

        document.pages[0].obj.MediaBox = Array([0, 0, width, height])

    return change


def _vast_tiff() -> bytes:
    """A head that speaks of 3.6 gigapixels."""
    blob = bytearray(scans.picture("TIFF", "1", compression="group4"))
    start = struct.unpack_from("<I", blob, 4)[0]
    (count,) = struct.unpack_from("<H", blob, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        if struct.unpack_from("<H", blob, place)[0] in {256, 257}:
            struct.pack_into("<HII", blob, place + 2, 4, 1, 60_000)
    return bytes(blob)


def _linked_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("a.pdf")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, b"/etc/passwd")
    return buffer.getvalue()


_PNG = scans.picture("PNG")
for _name, _file, _content, _codes in (
    ("page that acts", "a.pdf", _changed(_page_that_acts), "original.active"),
    ("mark that acts", "a.pdf", _changed(_mark_that_acts), "original.active"),
    ("action behind others", "a.pdf", _changed(_acts_in_the_end), "original.active"),
    ("form of its own", "a.pdf", _changed(_form_of_its_own), "original.active"),
    ("page of kilometres", "a.pdf", _changed(_sized(10**7, 10**7)), ""),
    ("page without height", "a.pdf", _changed(_sized(10**7, 1)), ""),
    ("page of nothing", "a.pdf", _changed(_sized(0, 0)), ""),
    ("picture of a pixel", "a.png", scans.tiff_bytes([scans.GRAY[:1, :1]], 200), ""),
    ("picture of gigapixels", "a.tiff", _vast_tiff(), "original.pixels"),
    ("PDF that is an archive, too", "a.pdf", scans.pdf() + scans.zipped(("../../canary", b"x")), ""),
    ("picture that is a page, too", "a.png", _PNG + b"<script>alert(1)</script>", ""),
    (
        "bomb in an archive",
        "a.zip",
        scans.zipped(("b.zip", scans.zipped(("c.png", bytes(30_000_000))))),
        "original.bomb",
    ),
    (
        "archive in an archive in an archive",
        "a.zip",
        scans.zipped(("b.zip", scans.zipped(("c.zip", scans.zipped(("d.png", _PNG)))))),
        "original.kind",
    ),
    ("archive with a link", "a.zip", _linked_zip(), "original.kind"),
    ("archive of 6,000 files", "a.zip", scans.zipped(*((f"{n}.png", b"x") for n in range(6_000))), "original.bomb"),
    ("name of 255 bytes", "가" * 83 + "a.png", _PNG, ""),
    ("name that colours a terminal", "a\x1b[31m\x07.png", _PNG, ""),
    ("name that is not UTF-8", os.fsdecode("서명.png".encode("cp949")), _PNG, ""),
):
    case(f"returned {_name}", returned(_file, _content), _codes, "collect --jobs 1")


def _links_in_signed(it: Folder) -> None:
    returned("a.png", _PNG)(it)
    for name, target in (("b.pdf", "/etc/passwd"), ("c", "/etc"), ("d.pdf", "/dev/zero")):
        (it.root / "inputs/signed" / name).symlink_to(target)
    for name in ("e.pdf", "passwords.txt"):
        os.mkfifo(it.root / "inputs/signed" / name)


def _giant_in_signed(it: Folder) -> None:
    returned("a.png", _PNG)(it)
    returned("b.pdf", b"%PDF-1.7")(it)
    _longer(it, "inputs/signed/b.pdf")
    os.utime(it.root / "inputs/signed/b.pdf", (1, 1))


case("returned links, devices and pipes", _links_in_signed, "", "collect --jobs 1")
case("returned file of 30 GB", _giant_in_signed, "original.large", "collect --jobs 1")

# --- what people decide, and what lies in outputs ----------------------------------------------------------------


def review(*cells: str) -> Callable[[Folder], object]:
    """A table of decisions with this row: case, decision, number, page, who, note."""
    rows = [("사례", "결정", "문서번호(결정)", "쪽(결정)", "정한 사람", "메모"), cells]
    return decided(workbook(rows, "확인할 것"))


def decided(blob: bytes) -> Callable[[Folder], object]:
    def plant(it: Folder) -> None:
        returned("a.png", _PNG)(it)
        it.write("outputs/review/review.xlsx", blob)

    return plant


_ENTITY = '<!DOCTYPE w [<!ENTITY h SYSTEM "file:///etc/hostname">]><workbook '
for _name, _plant, _codes in (
    ("formulas", review("=cmd|'/c calc'!A0", "=1", "=1", "=1", "=1", '=WEBSERVICE("http://127.0.0.1:9")'), ""),
    ("paths", review("../../canary", "받음", "../../x", "1", "'; DROP TABLE documents; --", "x"), "review.case"),
    ("page of 5,000 digits", review("x", "받음", "A-1100-0001", "9" * 5000, "나", "x"), "review.case"),
    ("bomb", decided(broken.zipped({"xl/workbook.xml": bytes(500_000_000)})), "file.huge"),
    (
        "entities",
        decided(broken.replaced(workbook("a", "b"), "xl/workbook.xml", "<workbook ", _ENTITY)),
        "file.entities",
    ),
):
    case(f"review {_name}", _plant, _codes, "collect --jobs 1")


def _register(*commands: str) -> Callable[[Folder], object]:
    """Somebody has been at the register, and a paper is due."""

    def plant(it: Folder) -> None:
        with sqlite3.connect(it.root / "outputs/register.sqlite") as register:
            for command in commands:
                register.execute(command)
        register.close()
        candidate("서다운")(it)

    return plant


case(
    "register with paths that lead out", _register("UPDATE editions SET docx = '../../canary.docx'"), "register.damaged"
)
case(
    "register that loads a library",
    _register("CREATE TRIGGER t AFTER INSERT ON editions BEGIN SELECT load_extension('../canary'); END"),
    "register.damaged",
)
