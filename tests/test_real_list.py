"""The election commission's list of 2026, as downloaded: 2,921 rows, every paper as Word, and a province's as PDF.

The list is public but holds real people, so it lies outside the repository; without it these tests are skipped.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import REPOSITORY, Folder, Result

from pipeline.doors import pdf
from pipeline.doors.word.text import plain_text

DATA = REPOSITORY.parent / "shared" / "data"
CANDIDATES, REGIONS = "candidates_2026.csv", "regions_2026_nec_sigungu_227.csv"

SOME = "강원"
"""Whose PDFs are made, too; all 2,256 take a minute on two cores, and their LibreOffice is the same."""

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(not (DATA / CANDIDATES).exists(), reason="the real candidate list is not on this machine"),
]


@dataclass(frozen=True)
class Real:
    """The campaign, and what making everybody's Word file and some people's PDFs came to."""

    folder: Folder
    everybody: Result
    some: Result


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    folder = Folder(tmp_path_factory.mktemp("real"))
    for name in (CANDIDATES, REGIONS):
        shutil.copy(DATA / name, folder.root / "inputs")
    shutil.copy(REPOSITORY / "inputs/pledges.xlsx", folder.root / "inputs")
    shutil.copy(REPOSITORY / "templates/agreement.docx", folder.root / "templates")
    text = (REPOSITORY / "inputs/campaign.toml").read_text(encoding="utf-8")
    text = re.sub(r"^(councils|answers|demands) = .*\n", "", text, flags=re.MULTILINE)
    text = text.replace("regions.xlsx#지역", REGIONS).replace("candidates.xlsx#후보자", CANDIDATES)
    # The sample's regional pledges name the 시·도 of 2018.
    text = text.replace('["pledges.xlsx#공통공약", "pledges.xlsx#지역공약"]', '"pledges.xlsx#공통공약"')
    folder.write("inputs/campaign.toml", text)
    everybody = folder.no_office("make", "agreement", "--json")
    some = folder.run("make", "agreement", "--json", "--only", SOME)
    return Real(folder, everybody, some)


def every_person_who_stands_has_a_paper(real: Real) -> None:
    assert (real.everybody.code, real.some.code) == (3, 0)
    documents = real.everybody.json["documents"]
    assert len(documents) >= 2250
    assert len({one["docx"] for one in documents}) == len({one["number"] for one in documents}) == len(documents)
    pdfs = [name for name in real.folder.outputs() if name.endswith(".pdf")]
    assert len(pdfs) == len(real.some.json["documents"]) > 100
    assert len(real.folder.outputs()) == len(documents) + len(pdfs)
    counts = Counter(one["code"] for one in real.everybody.json["findings"])
    assert counts["candidate.party_list"] == 618
    assert {one["code"] for one in real.everybody.json["findings"] if one["level"] != "note"} == {"office.missing"}
    assert not [one for one in real.some.json["findings"] if one["level"] != "note"]


WRONG = re.compile(r"\{\{|nan|None|은\(는\)|\(은\)는|을\(를\)|과\(와\)")


def word_text(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if re.match(r"word/(document|footer)", name)]
        return pdf.squeeze("".join("".join(plain_text(package.read(name).decode())) for name in names))


def pdf_text(path: Path) -> str:
    return "".join(pdf.texts(path.read_bytes()))


def every_paper_bears_its_own_name_and_region_and_nothing_wrong(
    real: Real, which: str, read: Callable[[Path], str]
) -> None:
    documents = (real.some if which == "pdf" else real.everybody).json["documents"]
    for one in documents:
        text = read(real.folder.root / one[which])
        title, name = one["subject"].rsplit(" ", 1)
        assert name in text
        assert pdf.squeeze(title) in text, one["number"]
        assert one["number"] in text
        assert not WRONG.search(text), one["number"]
        if "교육감" in title:
            assert "무소속" not in text
            assert "기호" not in text


def the_same_again_does_nothing(real: Real) -> None:
    before = real.folder.outputs()
    again = real.folder.run("make", "agreement", "--json", "--only", SOME)
    assert again.json["counts"]["current"] == len(real.some.json["documents"])
    assert real.folder.outputs() == before


def test_the_real_list(real: Real) -> None:
    # One test: workers that share out tests would each make the papers anew.
    every_person_who_stands_has_a_paper(real)
    every_paper_bears_its_own_name_and_region_and_nothing_wrong(real, "docx", word_text)
    every_paper_bears_its_own_name_and_region_and_nothing_wrong(real, "pdf", pdf_text)
    the_same_again_does_nothing(real)
