"""What LibreOffice may do: documents that would fetch, run or read something, beside what came of it."""

from __future__ import annotations

import http.server
import io
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from pipeline.doors import office, office_profile

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


def test_files_of_this_machine_do_not_reach_a_page(tmp_path: Path) -> None:
    from pipeline.doors.pdf import texts

    secret = Document()
    secret.add_paragraph("HIDDEN WORDS")
    secret.save(str(tmp_path / "text.docx"))
    made = converted(linked(tmp_path.as_uri()), tmp_path / "ours")
    assert "HIDDEN" not in "".join(texts(made))
