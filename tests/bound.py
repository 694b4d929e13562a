"""A campaign whose papers came back: scans, a photograph, a digitally signed file; one is lost, one half signed."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY, Folder
from once import copied, once
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from test_returned_pile import template
from test_signed_pdf import signer

from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.paper import sheets_of
from pipeline.doors.scans.simulated.recipes import Wishes, simulate
from pipeline.doors.scans.simulated.writing import jpeg_bytes, pdf_bytes
from pipeline.model.scans import IssuedPage

REGIONS = """\
지역코드,시도,시군구
1100,서울특별시,
4110100,서울특별시,종로구
4100,경기도,
4410300,경기도,수원시
"""
PEOPLE = {
    "201": ("시·도지사", "서울특별시", "서울특별시", "남궁한결"),
    "202": ("구·시·군의 장", "서울특별시", "종로구", "서다온"),
    "203": ("시·도지사", "경기도", "경기도", "도하늘"),
    "204": ("구·시·군의 장", "경기도", "수원시", "마루한"),
    "205": ("시·도지사", "경기도", "경기도", "노을빛"),
    "206": ("구·시·군의 장", "경기도", "수원시", "잃은이"),
}
SCANNED, PHOTOGRAPHED, DIGITAL, TURNED, HALF, LOST = PEOPLE
ROLL = ("{{ 문서.제목 }} {{ 연명부.인원 }}", "{%p for 줄 in 연명부.명단 %}", "{{ 줄.이름 }}", "{%p endfor %}")
APPROVERS = ("진하율", "어해")


def campaign(root: Path) -> Folder:
    """Issued, returned, collected."""
    folder = Folder(root)
    rows = [f"{key},{office},{sido},{area},무소속,{n},{name}" for n, (key, (office, sido, area, name)) in
            enumerate(PEOPLE.items(), 1)]  # fmt: skip
    folder.write("inputs/candidates.csv", "\n".join(["후보자ID,선거종류,시도,선거구,정당,기호,이름", *rows]) + "\n")
    folder.write("inputs/regions.csv", REGIONS)
    folder.write("inputs/answers.csv", "후보자ID,공약번호,답변,의견\n" + "".join(f"{key},1,수용,\n" for key in PEOPLE))
    people = "', '".join(APPROVERS).replace("'", '"')
    text = (root / "inputs/campaign.toml").read_text(encoding="utf-8")
    folder.write("inputs/campaign.toml", text + f'\n[signoff]\npeople = ["{people}"]\n')
    folder.write("templates/agreement.docx", template())
    shutil.copy(REPOSITORY / "templates/volume.docx", root / "templates")
    assert folder.run("make").code == 0
    return folder


def ready(factory: pytest.TempPathFactory) -> Folder:
    """A copy of a campaign whose papers came back and are bound; it is built once for all workers of a run."""
    return copied(once(factory, "bound", _build), factory.mktemp("copy") / "campaign")


def _build(root: Path) -> None:
    folder = campaign(root)
    come_back(folder)
    assert folder.run("collect").code == 0
    result = folder.run("compile", "--json")
    assert result.code == 0, result.out


def come_back(folder: Folder) -> None:
    """Put what came back into inputs/signed."""
    outputs = folder.root / "outputs"
    with Register(outputs, readonly=True) as register:
        pages = register.issued_pages()
        keys = {about.number: about.key for about in register.about().values()}
    batch = []
    for page in pages:
        key = keys[page.number]
        if key in {SCANNED, TURNED, HALF}:
            image = sheet(outputs, page, half=key == HALF)
            batch.append(np.ascontiguousarray(np.rot90(image, 2)) if key == TURNED else image)
        if key == PHOTOGRAPHED:
            folder.write(f"inputs/signed/사진/{page.page}.jpg", jpeg_bytes(sheet(outputs, page, "phone 3000"), 85))
        if key == DIGITAL and page.page == 1:
            folder.write("inputs/signed/전자서명.pdf", digital((outputs / page.pdf).read_bytes()))
    folder.write("inputs/signed/묶음.pdf", pdf_bytes(batch, 200))


def sheet(outputs: Path, page: IssuedPage, look: str = "clean", *, half: bool = False) -> np.ndarray:
    """A page that was signed and scanned."""
    (shot,) = sheets_of((outputs / page.pdf).read_bytes(), 200, [page.page])
    ways = ("name", None if half else "name")
    wishes = Wishes(ways[: len(page.boxes)])
    return simulate(shot, page.boxes, look, np.random.default_rng(page.page), wishes, "X").image


def digital(blob: bytes) -> bytes:
    """Signed by both, each with a certificate."""
    for name, field in (("진하율", "A"), (PEOPLE[DIGITAL][3], "B")):
        meta = signers.PdfSignatureMetadata(field_name=field)
        buffer = io.BytesIO()
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(blob)), meta, signer(name), output=buffer)
        blob = buffer.getvalue()
    return blob
