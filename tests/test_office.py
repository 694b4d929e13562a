"""What LibreOffice may do: documents that would fetch, run or read something, beside what came of it."""

from __future__ import annotations

import http.server
import io
import resource
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from pipeline.doors import office, office_profile, programs
from pipeline.doors.word.probe import probe

pytestmark = [pytest.mark.office]
_PICTURE = """
<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
     xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
     xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
     xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
     xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:r><w:drawing><wp:inline>
<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="x"/><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:link="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"""
_FIELD = """
<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:r><w:fldChar w:fldCharType="begin"/></w:r>
<w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>
<w:r><w:t>here</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"""


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine: its address, and what it was asked for."""
    paths: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def linked(target: str) -> bytes:
    """A picture, a template and two fields that stand elsewhere."""
    document = Document()
    document.add_paragraph("Before")
    place = document.part.relate_to(f"{target}/picture.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    body = document.element.body
    body.insert(1, parse_xml(_PICTURE.format(id=place)))
    for code in (f'INCLUDEPICTURE "{target}/field.png" \\d', f'INCLUDETEXT "{target}/text.docx"'):
        body.insert(1, parse_xml(_FIELD.format(code=code)))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_macro(canary: Path) -> bytes:
    """An OpenDocument text whose macro writes a file when it has been opened."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dom="http://www.w3.org/2001/xml-events" '
        'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
        'xmlns:ooo="http://openoffice.org/2004/office"'
    )
    library, script = "http://openoffice.org/2000/library", "http://openoffice.org/2000/script"
    macro = "vnd.sun.star.script:Standard.M.Go?language=Basic&amp;location=document"
    parts = {
        "content.xml": f"""<office:document-content {names} office:version="1.2"><office:scripts>
<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"
xlink:href="{macro}" xlink:type="simple"/></office:event-listeners></office:scripts>
<office:body><office:text><text:p>x</text:p></office:text></office:body></office:document-content>""",
        "Basic/script-lc.xml": f"""<l:libraries xmlns:l="{library}">
<l:library l:name="Standard" l:link="false"/></l:libraries>""",
        "Basic/Standard/script-lb.xml": f"""<l:library xmlns:l="{library}" l:name="Standard" l:readonly="false"
l:passwordprotected="false"><l:element l:name="M"/></l:library>""",
        "Basic/Standard/M.xml": f"""<s:module xmlns:s="{script}" s:name="M" s:language="StarBasic">Sub Go
Open "{canary}" For Output As #1
Print #1, "x"
Close #1
End Sub</s:module>""",
    }
    entries = "".join(f'<m:file-entry m:full-path="{one}" m:media-type="text/xml"/>' for one in parts)
    kind = "application/vnd.oasis.opendocument.text"
    parts["META-INF/manifest.xml"] = (
        f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>{entries}</m:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", kind)
        for name, text in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return buffer.getvalue()


def opened(blob: bytes, folder: Path, canary: Path, seconds: float) -> float:
    """Open a document, as somebody would who looks at it; how long until it left the file, `seconds` if it did not."""
    path = folder / "a.odt"
    path.write_bytes(blob)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office.find_office(), profile, "--headless", "--norestore", "--nodefault", str(path)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True
    )
    start = time.monotonic()
    while not canary.exists() and time.monotonic() - start < seconds:
        time.sleep(0.1)
    programs.end(process)
    programs.end_all_in(folder)
    return min(seconds, time.monotonic() - start)


def converted(blob: bytes, folder: Path) -> bytes:
    folder.mkdir(exist_ok=True)
    (made,) = office.Office(office.find_office(), folder).convert([blob], 1)
    return made


def test_nothing_is_fetched(asked: tuple[str, list[str]], tmp_path: Path) -> None:
    address, paths = asked
    assert converted(linked(address), tmp_path / "ours").startswith(b"%PDF")
    assert paths == []


def test_it_would_be_fetched_without_our_profile(
    asked: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above could not fail."""
    address, paths = asked
    monkeypatch.setattr(office_profile, "prepare", lambda _: None)
    monkeypatch.setattr(office_profile, "without_network", lambda: ())
    monkeypatch.setattr(office_profile, "_NOWHERE", ("", ""))
    monkeypatch.setattr(office_profile, "surroundings", lambda _: None)
    converted(linked(address), tmp_path / "theirs")
    assert "/picture.png" in paths


def test_the_profile_alone_fetches_nothing(
    asked: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system knows no namespaces."""
    address, paths = asked
    monkeypatch.setattr(office_profile, "without_network", lambda: ())
    converted(linked(address), tmp_path / "profile")
    assert paths == []


@pytest.mark.skipif(not shutil.which("unshare"), reason="the system has no namespaces")
def test_there_is_no_network() -> None:
    words = office_profile.without_network()
    assert words, "CI runs where namespaces can be had"
    seen = office._answer([*words, "cat", "/proc/net/dev"], 10)
    assert [line.split(":")[0].strip() for line in seen.splitlines()[2:]] == ["lo"]


MANY_FAULTS = 150_000
"""Pages of memory: LibreOffice 7.4.7 starts with 60,000, and with 300,000 where it draws on canvases of 35 MB."""


def test_a_start_does_not_try_the_graphics(tmp_path: Path) -> None:
    assert faults_of_a_start(tmp_path) < MANY_FAULTS


def test_a_start_would_try_the_graphics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above could not fail."""
    others = tuple(one for one in office_profile._SETTINGS if one[1] != "ooSetupLastVersion")
    monkeypatch.setattr(office_profile, "_SETTINGS", others)
    assert faults_of_a_start(tmp_path) > MANY_FAULTS


def faults_of_a_start(folder: Path) -> int:
    office_profile.without_network()  # which it tries once
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    assert office.Office(office.find_office(), folder).convert([probe()], 1)[0]
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before


def test_files_of_this_machine_do_not_reach_a_page(tmp_path: Path) -> None:
    from pipeline.doors.pdf import texts

    secret = Document()
    secret.add_paragraph("HIDDEN WORDS")
    secret.save(str(tmp_path / "text.docx"))
    made = converted(linked(tmp_path.as_uri()), tmp_path / "ours")
    assert "HIDDEN" not in "".join(texts(made))


@pytest.mark.slow
def test_no_macro_runs(tmp_path: Path) -> None:
    """Without our settings it runs; with them not in thrice that time, and never when a file is converted."""
    canary = tmp_path / "canary"
    blob = with_macro(canary)
    theirs, ours = (tmp_path / name / "profile/user/registrymodifications.xcu" for name in ("theirs", "ours"))
    office_profile.prepare(tmp_path / "ours/profile")
    allowed = ours.read_text(encoding="utf-8")
    for name, value, other in (("MacroSecurityLevel", "3", "0"), ("DisableMacrosExecution", "true", "false")):
        entry = f'"{name}" oor:op="fuse"><value>'
        assert entry + value in allowed
        allowed = allowed.replace(entry + value, entry + other)
    theirs.parent.mkdir(parents=True)
    theirs.write_text(allowed, encoding="utf-8")
    took = opened(blob, tmp_path / "theirs", canary, 60)
    assert canary.exists(), "else the rest proves nothing"
    canary.unlink()
    opened(blob, tmp_path / "ours", canary, 3 * took)
    assert not canary.exists()
    assert converted(blob, tmp_path / "converted").startswith(b"%PDF")
    assert not canary.exists()


def installed(folder: Path, shown: str) -> str:
    """A program that says its version and notes that it was asked."""
    for name in ("program/versionrc", "program/soffice.bin", "share/registry/main.xcd"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(shown, encoding="ascii")
    program = folder / "program/soffice"
    program.write_text(f"#!/bin/sh\necho asked >>'{folder}/log'\necho '{shown} 40(Build:2)'\n", encoding="ascii")
    program.chmod(0o755)
    return str(program)


def test_a_program_is_known_again_until_another_one_is_installed(tmp_path: Path) -> None:
    program = installed(tmp_path, "LibreOffice 24.2.1.2")
    before = office.stamp(program)
    assert before == office.stamp(program) != ""
    assert office.version(program) == office.version(program) == "LibreOffice 24.2.1.2"
    assert (tmp_path / "log").read_text() == "asked\n"
    for name in ("program/versionrc", "program/soffice.bin", "share/registry/main.xcd"):
        old = office.stamp(program)
        (tmp_path / name).write_text("LibreOffice 24.2.1.3", encoding="ascii")
        assert office.stamp(program) != old


def test_a_starter_elsewhere_has_to_be_asked(tmp_path: Path) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n", encoding="ascii")
    assert office.stamp(str(tmp_path / "soffice")) == ""
