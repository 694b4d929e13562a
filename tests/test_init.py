"""A new campaign: complete, consistent with the sample it is made from, filled in step by step."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import COVERS, REPOSITORY, Folder
from openpyxl.worksheet.worksheet import Worksheet
from verdict import here, judge

from pipeline.doors import files
from pipeline.model.choices import Office, squeeze
from pipeline.model.errors import ExitCode, Trouble
from pipeline.model.findings import exit_code
from pipeline.model.records import MODELS, Header
from pipeline.run import beginning
from pipeline.run.beginning import begin, blank_settings, campaign_id, new_campaign
from pipeline.steps.read_campaign import BLANK, read_campaign

SAMPLE = (REPOSITORY / "inputs/campaign.toml").read_text(encoding="utf-8")
VIEWED = {"동의일", "동의방법", "로고"}
"""Columns that no field has: evidence of consent, and what templates reach."""


@pytest.fixture
def begun(tmp_path: Path) -> Folder:
    """A campaign that was just begun."""
    folder = Folder.__new__(Folder)
    folder.root = tmp_path / "대구 2030"
    assert begin(folder.root).findings == ()
    return folder


def page(folder: Folder, file: str, sheet: str) -> Worksheet:
    found = openpyxl.load_workbook(folder.root / "inputs" / file)[sheet]
    assert isinstance(found, Worksheet)
    return found


def headers(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[3]]


# --- what is there -----------------------------------------------------------------------------------------------


def test_everything_that_the_settings_name_is_there(begun: Folder) -> None:
    campaign, _ = read_campaign(begun.root)
    assert campaign is not None
    for kind in campaign.kinds.values():
        shipped = REPOSITORY / "templates" / kind.template
        assert (begun.root / "templates" / kind.template).read_bytes() == shipped.read_bytes()
    assert {path.name for path in (begun.root / "templates").iterdir()} >= COVERS
    for sources in campaign.tables.model_dump().values():
        for source in sources:
            file, _, sheet = source.partition("#")
            assert headers(page(begun, file, sheet))
    assert "outputs/" in (begun.root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_settings_are_the_samples_without_what_is_its_own() -> None:
    settings = blank_settings(SAMPLE, "X")
    ours, theirs = tomllib.loads(settings), tomllib.loads(SAMPLE)
    for section in ("tables", "kinds"):
        assert ours[section] == theirs[section]
    assert ours["terms"].keys() == theirs["terms"].keys()
    for text in ("2018-0", "한빛", "진하율", "지어낸", "example"):
        assert text not in settings.partition("[campaign]")[2]
    comments = [line.partition("#")[2] for line in SAMPLE.splitlines() if "#" in line and '"#' not in line]
    assert [text for text in comments if text not in settings and "지어낸" not in text] == []


@pytest.mark.parametrize("table", [*MODELS])
def test_every_column_of_a_record_has_a_line_that_explains_it(table: str) -> None:
    marks: list[Header] = list(MODELS[table].headers().values())
    sheets = {source.partition("#")[2] for source in sources(table)}
    known = {squeeze(name) for mark in marks for name in (mark.name, *mark.aliases)}
    lines = [one for sheet in sheets for one in beginning._helps()[sheet]]
    assert {mark.name for mark in marks} - {one.header for one in lines} == set()
    assert {one.header for one in lines if squeeze(one.header) not in known} <= VIEWED
    assert all(len(one.text) > 4 for one in lines)


def sources(table: str) -> list[str]:
    """Where the sample keeps a table; demands have a sheet of their own even if the sample names none."""
    named: Any = tomllib.loads(SAMPLE)["tables"].get(table, "demands.xlsx#제도개선요구" if table == "demands" else [])
    return [named] if isinstance(named, str) else named


def test_headers_help_and_choose(begun: Folder) -> None:
    sheet = page(begun, "candidates.xlsx", "후보자")
    assert headers(sheet)[:5] == ["후보자ID *", "선거종류 *", "시도", "시군구", "선거구 *"]
    assert sheet["B3"].comment is not None
    assert sheet["B3"].comment.text.startswith("꼭 적습니다. ")
    assert "sgTypecode" in sheet["B3"].comment.text
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.formula1, str(rule.sqref)) == (f'"{",".join(one.value for one in Office)}"', "B4:B5000")
    assert sheet.column_dimensions["A"].number_format == "@", "a code keeps its zeros"
    events = page(begun, "events.xlsx", "행사")
    formats = {title: events.column_dimensions[events.cell(3, at).column_letter].number_format
               for at, title in enumerate(headers(events), start=1)}  # fmt: skip
    assert (formats["날짜 *"], formats["시작 *"], formats["참가비"]) == ("yyyy-mm-dd", "hh:mm", "#,##0")
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("B4", "$3:$3", "landscape")


def test_no_comment_and_no_page_repeats_an_empty_choice(begun: Folder) -> None:
    consent = next(cell for cell in page(begun, "activists.xlsx", "활동가")[3] if cell.value == "동의 *")
    assert consent.comment is not None
    assert "적을 수 있는 값: 예, 인원만\n" in consent.comment.text
    readme = (begun.root / "inputs/README.md").read_text(encoding="utf-8")
    assert "| `candidates.xlsx` | 후보자 | 후보자ID * |" in readme


def test_the_same_name_makes_the_same_bytes() -> None:
    assert new_campaign("X") == new_campaign("X")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("ksen-2030", "KSEN-2030"),
        ("대구 2030", "2030"),
        ("새 캠페인", "CAMPAIGN-2026"),
        ("Politique d'été 2030!", "POLITIQUE-D-E-TE"),
        ("한글 a very long name of a folder", "A-VERY-LONG-NAME"),
        ("...", "CAMPAIGN-2026"),
    ],
)
def test_the_folders_name_becomes_the_id(name: str, made: str) -> None:
    assert campaign_id(name, 2026) == made
    settings = blank_settings(SAMPLE, made)
    assert tomllib.loads(settings)["campaign"]["id"] == made


def test_an_installed_package_holds_what_init_copies() -> None:
    """Built and unpacked, the package made the same folder; here, that no room and no file is forgotten."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    rooms = {path.parent.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "pipeline").rglob("__init__.py")}
    starter = {"pipeline/starter", "pipeline/starter/inputs", "pipeline/starter/templates"}
    assert {name.replace(".", "/") for name in settings["packages"]} == rooms | starter
    assert settings["package-dir"] == {"pipeline.starter.inputs": "inputs", "pipeline.starter.templates": "templates"}
    packed = {name: set(patterns) for name, patterns in settings["package-data"].items()}
    assert packed["pipeline.starter"] == {"*.tsv", "README.md", "archive/*.txt"}
    assert {path.name for path in (REPOSITORY / "pipeline/starter").iterdir()} == {
        "columns.tsv",
        "README.md",
        "archive",
    }


# --- what is said ------------------------------------------------------------------------------------------------


def test_what_has_to_be_filled_in_is_told_in_one_run(begun: Folder) -> None:
    _, findings = read_campaign(begun.root)
    assert {one.code for one in findings} == {"campaign.placeholder"}
    assert {"campaign.agreement_date", "organisations.0.name", "terms.회신기한"} <= {
        one.params["key"] for one in findings
    }
    assert all(one.cell and one.cell.row for one in findings)
    verdict = judge(begun, "check")
    assert verdict.exit == ExitCode.FINDINGS
    empty = [one for one in verdict.found if not one.startswith("campaign.placeholder")]
    assert empty == [
        "sheet.empty inputs/regions.xlsx[지역]",
        "sheet.empty inputs/candidates.xlsx[후보자]",
        "sheet.empty inputs/pledges.xlsx[공통공약]",
        "sheet.empty inputs/pledges.xlsx[지역공약]",
    ]
    told = here(begun, "check", "--json").json["findings"]
    assert {one["sheet"] for one in told if one["code"] == "sheet.unfilled"} >= {"답변", "활동가", "이행"}


def test_a_campaign_that_was_filled_in_makes_papers(begun: Folder) -> None:
    path = begun.root / "inputs/campaign.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(BLANK, "한빛").replace("2000-01-01", "2030-05-01"), "utf-8"
    )
    fill(begun, "regions.xlsx", "지역", {"지역코드 *": "2700", "시도 *": "대구광역시"})
    person = {
        "후보자ID *": "0101",
        "선거종류 *": "시·도지사",
        "시도": "대구광역시",
        "선거구 *": "대구광역시",
        "이름 *": "서다온",
    }
    fill(begun, "candidates.xlsx", "후보자", person)
    fill(begun, "pledges.xlsx", "공통공약", {"번호 *": "1", "제목 *": "기본 조례 제정", "요구": "조례를 만든다."})
    fill(begun, "pledges.xlsx", "지역공약", {"번호 *": "2", "시도": "대구광역시", "소관": "시·도", "제목 *": "기금"})
    fill(begun, "events.xlsx", "행사", {"행사ID *": "E-1", "행사명 *": "협약식", "장소 *": "강당",
                                      "날짜 *": datetime.date(2030, 5, 1), "시작 *": datetime.time(14)})  # fmt: skip
    result = here(begun, "make", "proposal", "notice", "--json", "--jobs", "1")
    assert result.codes == {"office.missing"}
    assert [Path(name).stem for name in begun.outputs()] == ["N-0000-0001_협약식", "P-2700-0001_대구광역시장_서다온"]


def fill(folder: Folder, file: str, sheet: str, values: dict[str, Any]) -> None:
    path = folder.root / "inputs" / file
    book = openpyxl.load_workbook(path)
    found = book[sheet]
    assert isinstance(found, Worksheet)
    titles = headers(found)
    for title, value in values.items():
        found.cell(4, titles.index(title) + 1, value)
    book.save(path)


# --- what is refused ---------------------------------------------------------------------------------------------


def test_a_folder_with_a_campaign_is_left_alone(folder: Folder) -> None:
    before = sorted(path.relative_to(folder.root) for path in folder.root.rglob("*"))
    outcome = begin(folder.root)
    assert [one.code for one in outcome.findings] == ["init.exists"]
    assert exit_code(outcome.findings) == ExitCode.USAGE
    assert sorted(path.relative_to(folder.root) for path in folder.root.rglob("*")) == before


def test_a_file_in_the_way_stays_and_nothing_is_written(tmp_path: Path) -> None:
    own = tmp_path / "inputs/candidates.xlsx"
    own.parent.mkdir()
    own.write_bytes(b"mine")
    outcome = begin(tmp_path)
    assert [one.code for one in outcome.findings] == ["init.taken"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [own]
    assert own.read_bytes() == b"mine"


def test_other_files_of_a_folder_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "메모.txt").write_text("회의록", encoding="utf-8")
    assert begin(tmp_path).findings == ()
    assert (tmp_path / "메모.txt").read_text(encoding="utf-8") == "회의록"


def test_a_disk_that_fills_up_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = files._write

    def full(path: Path, blob: bytes) -> None:
        if "events" in path.name:
            raise OSError(28, "No space left on device")
        write(path, blob)

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(Trouble) as trouble:
        begin(tmp_path / "새 폴더")
    assert trouble.value.finding.code == "output.full"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_start_can_be_repeated(tmp_path: Path) -> None:
    begin(tmp_path)
    (tmp_path / "inputs/campaign.toml").unlink()
    assert begin(tmp_path).findings == ()
    assert (tmp_path / "inputs/campaign.toml").exists()
