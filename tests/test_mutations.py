"""Files that are broken, or meant to break us: two thousand random corruptions, bombs, and XML that asks for more."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import mutate
import pytest
from books import BOOKS
from conftest import CANDIDATES, Folder
from verdict import in_excel, judge, with_papers, workbook

from pipeline.doors.books.sheets import read_blob
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell
from tools.draw_books import changed

GOOD = (BOOKS / "calc_saved.xlsx").read_bytes()
"""As LibreOffice and Excel save it: with a table of texts, which openpyxl leaves out."""
SHEET = "xl/worksheets/sheet1.xml"


def code_of(blob: bytes, kind: str = ".xlsx") -> str:
    with pytest.raises(Trouble) as trouble:
        read_blob(blob, kind, Cell("inputs/candidates.xlsx"))
    return trouble.value.finding.code


def test_two_thousand_corruptions_are_read_or_refused() -> None:
    command = [sys.executable, str(Path(mutate.__file__)), "2018", "2000"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == "", "some library talks"
    report = json.loads(done.stdout)
    assert report["wrong"] == []
    assert report["slowest"] < mutate.SECONDS
    assert report["peak"] < mutate.MEMORY
    assert sum(report["outcomes"].values()) == 2000
    assert {"read", "file.damaged", "file.encoding", "file.kind"} <= set(report["outcomes"])


@pytest.mark.parametrize("number", range(8))
def test_the_command_says_so_and_ends_with_its_code(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, number: int
) -> None:
    made = with_papers(folder, tmp_path_factory.getbasetemp())
    chance = random.Random(number)
    blob = mutate.CORRUPTIONS[number](workbook(CANDIDATES, "후보자"), chance)
    in_excel(made, "candidates", blob)
    verdict = judge(made, "check")
    assert verdict.exit in {0, 1, 5}
    assert verdict.exit == 5 or not any(one.startswith("file.") for one in verdict.found)


def bomb(part: str, content: bytes, times: int) -> bytes:
    """A workbook one part of which unpacks to a multiple of what it should."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename != part:
                target.writestr(info.filename, source.read(info))
        with target.open(part, "w") as member:
            for _ in range(times):
                member.write(content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "blob",
    [
        lambda: bomb(SHEET, bytes(1_000_000), 500),
        lambda: bomb("xl/media/image1.png", bytes(1_000_000), 500),
        lambda: bomb("xl/sharedStrings.xml", b" " * 1_000_000, 20),
        lambda: changed(
            GOOD, SHEET, r"<sheetData>.*</sheetData>", f"<sheetData><row r='1'>{'<c/>' * 5_000_000}</row></sheetData>"
        ),
        lambda: changed(
            GOOD,
            SHEET,
            r"<sheetData>.*</sheetData>",
            "<sheetData>"
            + "".join(f"<row r='{row}'><c r='XFD{row}'><v>1</v></c></row>" for row in range(1, 400))
            + "</sheetData>",
        ),
        lambda: changed(
            (BOOKS / "calc.ods").read_bytes(),
            "content.xml",
            r"<table:table-cell office:value-type",
            '<table:table-cell table:number-columns-repeated="16000" office:value-type',
        ),
    ],
    ids=["zeros in the sheet", "zeros in a picture", "blanks", "cells without end", "far cells", "repeated cells"],
)
def test_what_would_unpack_to_too_much_is_refused(blob: Callable[[], bytes]) -> None:
    assert code_of(blob()) in {"file.huge", "file.damaged"}


LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize(
    "types",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        f"<!--{' ' * 100_000}--><!DOCTYPE x>",
    ],
    ids=["billion laughs", "file", "web", "behind a long comment"],
)
def test_xml_with_a_document_type_is_refused(part: str, types: str) -> None:
    blob = changed(GOOD, part, r"^(<\?xml[^>]*\?>)?", types)
    blob = changed(blob, part, r"</", "&l9;</") if "l9" in types and part == SHEET else blob
    assert code_of(blob) in {"file.entities", "file.damaged"}


def test_billion_laughs_in_an_ods_are_refused() -> None:
    blob = changed(
        (BOOKS / "calc.ods").read_bytes(),
        "content.xml",
        r"^(<\?xml[^>]*\?>)?",
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    )
    assert code_of(blob, ".ods") == "file.entities"
