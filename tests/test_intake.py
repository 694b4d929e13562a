"""Files as they come back: each beside what is made of it."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pillow_heif
import pytest
from PIL import Image

from pipeline.doors.scans import folder, intake
from pipeline.doors.scans.codes import is_blank, read_codes
from pipeline.doors.scans.intake import Unusable, members, open_returned
from pipeline.doors.scans.printed import suggest
from pipeline.doors.scans.signed_pdf import signatures
from pipeline.doors.scans.simulated.writing import pdf_bytes, tiff_bytes
from pipeline.model.findings import Finding
from pipeline.model.scans import Method

GRAY = np.full((600, 424), 235, np.uint8)
GRAY[100:140, 60:300] = 40


def picture(kind: str, mode: str = "L", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(GRAY).convert(mode, dither=Image.Dither.NONE).save(buffer, kind, **options)
    return buffer.getvalue()


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(GRAY).convert("RGB")).save(buffer)
    return buffer.getvalue()


def pdf(pages: int = 2, **options: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes([GRAY] * pages, 72))) as document:
        document.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def edited(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        change(document)
        document.save(buffer)
    return buffer.getvalue()


def script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(action)


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = b"x"


LOCKED = pdf(encryption=pikepdf.Encryption(user="열쇠", owner="o"))


def zipped(*entries: tuple[str, bytes], flag: bool = True) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, blob in entries:
            archive.writestr(name, blob)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("blob", "media", "pages", "notes"),
    [
        (pdf(), "pdf", 2, ()),
        (b"\n\nFrom the printer\n" + pdf(), "pdf", 2, None),
        (pdf()[:-120], "pdf", 2, ("original.repaired",)),
        (edited(script), "pdf", 2, ("original.active",)),
        (edited(attachment), "pdf", 2, ("original.active",)),
        (LOCKED, "pdf", 2, ()),
        (picture("JPEG"), "jpeg", 1, ()),
        (picture("PNG", "1"), "png", 1, ()),
        (picture("PNG", "RGBA"), "png", 1, ()),
        (picture("TIFF", "1", compression="group4"), "tiff", 1, ()),
        (tiff_bytes([GRAY, GRAY, GRAY], 200), "tiff", 3, ()),
        (heic(), "heic", 1, ()),
    ],
    ids=[
        "pdf", "pdf behind a mail's head", "cut tail", "script", "attachment", "password", "jpeg", "one bit", "alpha",
        "group 4", "three pages", "heic",
    ],
)  # fmt: skip
def test_what_can_be_read(blob: bytes, media: str, pages: int, notes: tuple[str, ...] | None) -> None:
    returned = open_returned("x", blob, ["falsch", "열쇠"])
    assert (returned.media, returned.pages) == (media, pages)
    assert notes is None or returned.notes == notes
    images = list(returned.images(range(1, pages + 1), dpi=72))
    assert len(images) == pages
    for image in images:
        gray = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        scale = gray.shape[0] / GRAY.shape[0]
        assert gray[int(120 * scale), int(180 * scale)] < 90 < gray[int(400 * scale), int(180 * scale)]


def vast() -> bytes:
    """A picture of 200 megapixels in a few bytes."""
    head = picture("PNG")
    size = (20_000).to_bytes(4, "big") + (10_000).to_bytes(4, "big")
    said = b"IHDR" + size + head[24:29]
    return head[:12] + said + zlib.crc32(said).to_bytes(4, "big") + head[33:]


@pytest.mark.parametrize(
    ("blob", "code"),
    [
        (b"", "original.empty"),
        ("정책협약서".encode(), "original.kind"),
        (zipped(("word/document.xml", b"x")), "original.kind"),
        (LOCKED, "original.encrypted"),
        (pdf()[:100], "original.damaged"),
        (b"%PDF-1.7\n%%EOF", "original.damaged"),
        (picture("JPEG")[:200], "original.damaged"),
        (vast(), "original.pixels"),
    ],
    ids=["empty", "text", "word file", "password", "half a pdf", "no pages", "half a jpeg", "200 megapixels"],
)
def test_what_cannot_be_read(blob: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        list(open_returned("x", blob, ["1234"]).images([1]))
    assert refused.value.code == code


def test_a_pdf_of_5_000_pages_is_read_page_by_page() -> None:
    with pikepdf.new() as document:
        for _ in range(5_000):
            document.add_blank_page(page_size=(595, 842))
        buffer = io.BytesIO()
        document.save(buffer)
    returned = open_returned("x", buffer.getvalue())
    assert returned.pages == 5_000
    (image,) = returned.images([4_999], dpi=50)
    assert is_blank(image)


# --- archives ----------------------------------------------------------------------------------------------------


def test_an_archive_is_its_files() -> None:
    inner = zipped(("b/쪽.pdf", pdf()), ("__MACOSX/._b", b"x"))
    assert [name for name, _ in members("a.zip", zipped(("가.jpg", picture("JPEG")), ("안.zip", inner)))] == [
        "a.zip/가.jpg",
        "a.zip/안.zip/b/쪽.pdf",
    ]


@pytest.mark.parametrize(
    ("name", "part"), [("협약서.docx", "[Content_Types].xml"), ("협약서.hwpx", "mimetype"), ("협약서.odt", "mimetype")]
)
def test_a_document_that_is_a_zip_is_one_file(name: str, part: str) -> None:
    document = zipped((part, b"x"), ("word/document.xml", b"x"), ("word/media/1.png", picture("PNG")))
    assert list(members(name, document)) == [(name, document)]
    assert list(members("a.zip", zipped((name, document)))) == [(f"a.zip/{name}", document)]
    with pytest.raises(Unusable) as refused:
        open_returned(name, document)
    assert refused.value.code == "original.kind"


def test_names_of_korean_windows_and_paths_that_lead_out() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("../../협약서.jpg".encode("cp949").decode("cp437"))
        archive.writestr(entry, b"x")
    blob = buffer.getvalue()
    # Python marks names that are not ASCII as UTF-8; Korean Windows writes them bare.
    raw, bare = "../../협약서.jpg".encode("cp949").decode("cp437").encode(), "../../협약서.jpg".encode("cp949")
    assert raw in blob
    plain = zipped(("p" * len(bare), b"x")).replace(b"p" * len(bare), bare)
    assert [name for name, _ in members("a.zip", plain)] == ["a.zip/협약서.jpg"]


@pytest.mark.parametrize(
    ("blob", "code"),
    [(zipped(("a.png", bytes(30_000_000))), "original.bomb"), (zipped(("a.png", b"x" * 99))[:60], "original.damaged")],
    ids=["bomb", "cut"],
)
def test_archives_that_are_refused(blob: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        list(members("a.zip", blob))
    assert refused.value.code == code


def spoilt(how: int) -> bytes:
    """An archive whose member cannot be unpacked: its packed bytes are others, its lists are whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        archive.writestr("a.png", picture("PNG"))
    blob = buffer.getvalue()
    start = 30 + len("a.png") + 4  # what LZMA says of itself
    return blob[:start] + b"\xff" * 60 + blob[start + 60 :]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_told_and_the_next_file_is_read(tmp_path: Path, how: int) -> None:
    (tmp_path / "a.zip").write_bytes(spoilt(how))
    (tmp_path / "b.pdf").write_bytes(pdf())
    os.utime(tmp_path / "a.zip", (0, 0))
    assert names(tmp_path) == (["b.pdf"], ["original.damaged"])


# --- the folder --------------------------------------------------------------------------------------------------


def names(place: Path) -> tuple[list[str], list[str]]:
    told: list[Finding] = []
    found = [name for name, _ in folder.returned_files(place, told.append)]
    return found, [one.code for one in told]


def test_the_folder_in_nfc_without_what_systems_leave(tmp_path: Path) -> None:
    for name in ("나/\u1100\u1161.pdf", ".DS_Store", "Thumbs.db", "~$협약.docx", "passwords.txt", "가.JPG"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert names(tmp_path) == (["가.JPG", "나/가.pdf"], [])


def test_a_file_that_is_still_being_copied_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x")
    real = Path.read_bytes

    def growing(self: Path) -> bytes:
        blob = real(self)
        with self.open("ab") as file:
            file.write(b"y")
        return blob

    monkeypatch.setattr(Path, "read_bytes", growing)
    assert names(tmp_path) == ([], ["original.copying"])


def test_half_an_archive_is_still_being_copied_while_it_is_fresh(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("a.png", b"x" * 99))[:60])
    assert names(tmp_path) == ([], ["original.copying"])
    os.utime(path, (0, 0))
    assert names(tmp_path) == ([], ["original.damaged"])


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_MOST_PAGES", 1)
    with pytest.raises(Unusable) as refused:
        open_returned("x", pdf())
    assert refused.value.code == "original.large"


# --- what is on it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "blank"),
    [
        (lambda page, _: page, True),
        (lambda page, chance: np.clip(page + chance.normal(0, 12, page.shape), 0, 255), True),
        (lambda page, _: cv2.circle(page, (40, 900), 18, 40, -1), True),
        (lambda page, _: page * np.linspace(0.7, 1, page.shape[1])[None, :], True),
        (lambda page, _: cv2.line(page, (300, 400), (520, 470), 170, 3), False),
        (lambda page, _: cv2.putText(page, "1. 23", (300, 600), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 60, 2), False),
    ],
    ids=["white", "grain", "hole", "shadow", "a pencil's stroke", "a number"],
)
def test_blank_pages(draw: Callable[[np.ndarray, np.random.Generator], np.ndarray], *, blank: bool) -> None:
    page = np.asarray(draw(np.full((2339, 1654), 240, np.uint8), np.random.default_rng(1)), np.uint8)
    assert is_blank(page) is blank


def test_a_page_without_a_code() -> None:
    assert read_codes(GRAY) == []
    assert Method.NONE == "none"


def test_a_printed_number_is_only_suggested() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    cv2.putText(page, "A-4110100-0003", (600, 2260), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 30, 2)
    assert suggest(page) in {"", "A-4110100-0003"}


def test_a_pdf_without_signatures_and_one_that_only_pretends() -> None:
    assert signatures(pdf()) == ()
    (told,) = signatures(b"%PDF-1.7 /ByteRange [0 1 2 3]")
    assert not told.intact
    assert told.changes
