"""Lists of the election commission as they come: every row a record or a finding, nobody mistaken for somebody else.

They hold real people and lie outside the repository; without them these tests are skipped.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from conftest import REPOSITORY, Folder
from verdict import here

from pipeline.doors.books.sheets import read_sheet
from pipeline.model.findings import Finding
from pipeline.model.records import Candidate, Record, Region
from pipeline.steps.read import read_records
from pipeline.tables.sources import MADE

DATA = REPOSITORY.parent / "shared" / "data"
OLD, NEW, TRICKY = "precandidates_2014_cp949.csv", "candidates_2026.csv", "tricky_candidates.csv"
REGIONS = ("regions_2021_sigungu_autonomous.csv", "regions_2026_nec_sigungu_227.csv")

pytestmark = pytest.mark.skipif(not (DATA / OLD).exists(), reason="the real lists are not on this machine")


def read(name: str, model: type[Record]) -> tuple[list[Record], list[Finding], int]:
    """Records, findings, and how many rows the csv module counts."""
    blob = (DATA / name).read_bytes()
    text = blob.decode("cp949" if name == OLD else "utf-8-sig")
    rows = sum(1 for row in csv.reader(io.StringIO(text)) if any(row)) - 1
    records, findings, _ = read_records(read_sheet(DATA / name, name), model)
    return list(records), findings, rows


@pytest.mark.parametrize(
    ("name", "model", "rows"),
    [
        (OLD, Candidate, 3688),
        (NEW, Candidate, 2921),
        (TRICKY, Candidate, 391),
        (REGIONS[0], Region, 226),
        (REGIONS[1], Region, 227),
    ],
)
def test_every_row_is_a_record_or_a_finding(name: str, model: type[Record], rows: int) -> None:
    records, findings, counted = read(name, model)
    assert counted == rows
    seen = {record.at.row for record in records}
    told = {one.cell.row for one in findings if one.cell and one.cell.row > 1 and one.level != "note"}
    assert len(seen) == len(records)
    assert not seen & told
    assert len(seen) + len(told) == rows
    assert not told, "and all of these are records"


def test_made_keys_are_of_one_person_each_and_stay() -> None:
    records, _, _ = read(OLD, Candidate)
    keys = [one.key for one in records if isinstance(one, Candidate)]
    assert all(key.startswith(MADE) for key in keys)
    assert len(set(keys)) == len(keys) == 3688
    again, _, _ = read(OLD, Candidate)
    assert [one.key for one in again if isinstance(one, Candidate)] == keys


def test_namesakes_of_one_district_are_two_people_with_two_papers(folder: Folder) -> None:
    records, _, _ = read(OLD, Candidate)
    people = [one for one in records if isinstance(one, Candidate)]
    office = "구·시·군의 장"
    groups = Counter((one.province, one.district, one.name, one.hanja) for one in people if one.office.value == office)
    twins = [group for group, count in groups.items() if count > 1]
    assert twins, "two people of one name and hanja in 장수군"
    blob = (DATA / OLD).read_bytes().decode("cp949").splitlines(keepends=True)
    lines = [blob[one.at.row - 1] for one in people if (one.province, one.district, one.name, one.hanja) == twins[0]]
    folder.write("inputs/candidates.csv", "".join([blob[0], *lines]).encode("cp949"))
    folder.write("inputs/regions.csv", f"지역코드,시도,시군구\n5200,{twins[0][0]},\n5211,{twins[0][0]},{twins[0][1]}\n")
    folder.change("inputs/campaign.toml", 'answers = "answers.csv"\n', "")
    result = here(folder, "make", "--json", "--jobs", "1")
    assert len(result.json["documents"]) == len(lines) == 2
    assert len({one["number"] for one in result.json["documents"]}) == 2
    assert len([name for name in folder.outputs() if name.endswith(".docx")]) == 2
    assert "candidate.namesake" in result.codes


def test_compatibility_hanja_stay_as_registered() -> None:
    blob = (DATA / OLD).read_bytes().decode("cp949")
    registered = sum(
        1 for row in csv.DictReader(io.StringIO(blob)) if any("\uf900" <= sign <= "\ufaff" for sign in row["한자"])
    )
    records, _, _ = read(OLD, Candidate)
    kept = sum(
        1 for one in records if isinstance(one, Candidate) and any("\uf900" <= sign <= "\ufaff" for sign in one.hanja)
    )
    assert kept == registered > 900


def test_they_hold_no_resident_number_by_mistake() -> None:
    for name in (OLD, NEW, TRICKY):
        assert not [one for one in read(name, Candidate)[1] if one.code == "cell.resident_number"]
    assert Path(DATA / OLD).exists()
