"""The election commission's list of 2026, as downloaded: 2,921 rows, every paper as Word and PDF.

The list is public but holds real people, so it lies outside the repository; without it these tests are skipped.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from typing import Any

import pytest
from conftest import REPOSITORY, Folder

from pipeline.doors import pdf

DATA = REPOSITORY.parent / "shared" / "data"
CANDIDATES, REGIONS = "candidates_2026.csv", "regions_2026_nec_sigungu_227.csv"

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(not (DATA / CANDIDATES).exists(), reason="the real candidate list is not on this machine"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Any, float]:
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
    started = time.monotonic()
    return folder, folder.run("make", "agreement", "--json", timeout=900), time.monotonic() - started


def test_every_person_who_stands_gets_word_and_pdf(run: tuple[Folder, Any, float]) -> None:
    folder, result, seconds = run
    assert result.code == 0, result.out[:2000]
    documents = result.json["documents"]
    print(f"\n{len(documents)} agreements in {seconds:.1f} s: {len(documents) / seconds:.1f} documents a second")  # noqa: T201 - the number to be shown
    assert len(documents) >= 2250
    assert len({one["pdf"] for one in documents}) == len({one["number"] for one in documents}) == len(documents)
    assert len(folder.outputs()) == 2 * len(documents)
    counts = Counter(one["code"] for one in result.json["findings"])
    assert counts["candidate.party_list"] == 618
    assert not [one for one in result.json["findings"] if one["level"] != "note"]


def test_every_paper_bears_its_own_name_and_region_and_nothing_wrong(run: tuple[Folder, Any, float]) -> None:
    folder, result, _ = run
    wrong = re.compile(r"\{\{|nan|None|은\(는\)|\(은\)는|을\(를\)|과\(와\)")
    for one in result.json["documents"]:
        text = "".join(pdf.texts((folder.root / one["pdf"]).read_bytes()))
        title, name = one["subject"].rsplit(" ", 1)
        assert name in text
        assert pdf.squeeze(title) in text, one["number"]
        assert one["number"] in text
        assert not wrong.search(text), one["number"]
        if "교육감" in title:
            assert "무소속" not in text
            assert "기호" not in text


def test_the_same_again_does_nothing(run: tuple[Folder, Any, float]) -> None:
    folder, _, first = run
    started = time.monotonic()
    result = folder.run("make", "agreement", "--json")
    seconds = time.monotonic() - started
    assert result.json["counts"].get("current") == len(result.json["documents"])
    assert seconds < first / 5
