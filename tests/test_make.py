"""`hyeopyak make` from spreadsheets to published papers: what is made, what is not, and why."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Folder, word
from docx import Document

from pipeline.doors import pdf
from pipeline.run.preparing import prepare
from pipeline.steps.read_campaign import read_campaign

GOVERNOR = "agreements/서울특별시/A-1100-0001_서울특별시장_남궁한결"
SUPERINTENDENT = "agreements/서울특별시/A-1100-0002_서울특별시교육감_도하늘"
MAYOR = "agreements/서울특별시/종로구/A-4110100-0001_종로구청장_서다온"


def states(folder: Folder, *arguments: str) -> dict[str, str]:
    """Number to reason, of documents that would be made."""
    documents = folder.no_office("make", "--dry-run", "--json", *arguments).json["documents"]
    return {one["number"]: one["reason"] for one in documents if one["reason"] not in {"current", "PDF waiting"}}


def paragraphs(blob: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(blob)).paragraphs]


@pytest.mark.office
def test_makes_word_and_pdf_and_then_nothing(folder: Folder) -> None:
    result = folder.run("make", "agreement", "--json")
    assert result.code == 0
    assert {one["state"] for one in result.json["documents"]} == {"made"}
    outputs = folder.outputs()
    assert set(outputs) == {f"{stem}{kind}" for stem in (GOVERNOR, SUPERINTENDENT, MAYOR) for kind in (".docx", ".pdf")}
    assert paragraphs(outputs[f"{GOVERNOR}.docx"]) == [
        "정책협약서",
        "서울특별시장 후보 남궁한결은 협약한다.",
        "기본 조례 제정 ",
        "우선구매 확대 예산 범위에서 한다.",
        "끝.",
    ]
    text = "".join(pdf.texts(outputs[f"{MAYOR}.pdf"]))
    assert "서울특별시종로구청장후보서다온은협약한다." in text
    assert "A-4110100-0001" in text
    again = folder.run("make", "agreement")
    assert (again.code, again.out) == (0, "")
    assert "Nothing has changed: 3 documents are up to date." in again.err
    assert folder.outputs() == outputs


@pytest.mark.office
def test_the_register_says_what_was_published(folder: Folder) -> None:
    assert folder.run("make", "agreement").code == 0
    outputs = folder.root / "outputs"
    with sqlite3.connect(outputs / "register.sqlite") as register:
        rows = register.execute("SELECT docx, docx_sha256 FROM editions UNION SELECT pdf, pdf_sha256 FROM editions")
        said = dict(rows.fetchall())
    register.close()
    assert said == {name: hashlib.sha256(blob).hexdigest() for name, blob in folder.outputs().items()}


@pytest.mark.office
def test_two_folders_with_the_same_input_get_the_same_bytes(tmp_path: Path) -> None:
    first, second = Folder(tmp_path / "하나"), Folder(tmp_path / "둘 곳")
    assert first.run("make").code == second.run("make").code == 0
    assert first.outputs() == second.outputs()


def test_only_what_changed_is_made_again(folder: Folder) -> None:
    folder.no_office("make")
    before = folder.outputs()
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
    assert states(folder) == {"A-1100-0001": "text changed"}
    folder.no_office("make")
    changed = {name for name, blob in folder.outputs().items() if blob != before[name]}
    assert changed == {f"{GOVERNOR}.docx"}


def test_touching_a_file_changes_nothing(folder: Folder) -> None:
    folder.no_office("make")
    (folder.root / "inputs/candidates.csv").touch()
    (folder.root / "templates/agreement.docx").touch()
    assert states(folder) == {}


def test_a_changed_template_touches_every_paper(folder: Folder) -> None:
    folder.no_office("make")
    folder.write("templates/agreement.docx", word("{{ 문서.제목 }} {{ 후보.이름 }}"))
    assert set(states(folder).values()) == {"text changed"}
    assert len(states(folder)) == 3


@pytest.mark.parametrize(("style", "alone"), [("Normal", frozenset()), ("List Number", frozenset({"agreement"}))])
def test_what_is_converted_one_by_one_is_known_before(folder: Folder, style: str, alone: frozenset[str]) -> None:
    document = Document()
    document.add_paragraph("{{ 후보.이름 }}", style=style)
    document.save(str(folder.root / "templates/agreement.docx"))
    campaign, _ = read_campaign(folder.root)
    assert campaign
    assert prepare(folder.root, campaign, ["agreement"]).alone == alone


def test_lost_and_renamed_files_are_seen(folder: Folder) -> None:
    folder.no_office("make")
    (folder.root / "outputs" / f"{MAYOR}.docx").unlink()
    assert states(folder) == {"A-4110100-0001": "file missing"}
    folder.change("inputs/campaign.toml", 'folder = "agreements"', 'folder = "협약서"')
    assert set(states(folder).values()) == {"file name changed"}
    folder.no_office("make")
    assert set(folder.outputs()) == {
        f"{stem.replace('agreements', '협약서')}.docx" for stem in (GOVERNOR, SUPERINTENDENT, MAYOR)
    }


def test_a_paper_changed_by_hand_is_kept_beside_the_new_one(folder: Folder) -> None:
    folder.no_office("make")
    path = folder.root / "outputs" / f"{MAYOR}.docx"
    edited = path.read_bytes() + b"by hand"
    path.write_bytes(edited)
    assert states(folder) == {"A-4110100-0001": "file changed by hand"}
    result = folder.no_office("make", "--json")
    assert "output.altered" in result.codes
    kept = [name for name in folder.outputs() if ".changed-" in name]
    assert len(kept) == 1
    assert folder.outputs()[kept[0]] == edited
    assert path.read_bytes() != edited
    assert states(folder) == {}


@pytest.mark.office
@pytest.mark.parametrize("change", ["lost", "by hand", "moved"])
def test_without_libreoffice_no_pdf_is_lost_that_still_holds(folder: Folder, change: str) -> None:
    assert folder.run("make", "--quiet").code == 0
    before = folder.outputs()
    docx = folder.root / "outputs" / f"{MAYOR}.docx"
    if change == "lost":
        docx.unlink()
    elif change == "by hand":
        docx.write_bytes(b"by hand")
    else:
        folder.change("inputs/campaign.toml", 'folder = "agreements"', 'folder = "협약서"')
    result = folder.no_office("make", "--json")
    assert (result.code, "office.missing" in result.codes) == (3, True)
    assert {name: blob for name, blob in folder.outputs().items() if name.endswith(".pdf")} == {
        name: blob for name, blob in before.items() if name.endswith(".pdf")
    }
    assert folder.run("make", "--quiet").code in {0, 3}
    assert [name.replace("협약서", "agreements") for name in folder.outputs() if ".changed-" not in name] == list(
        before
    )
    assert folder.run("make", "--json").json["counts"]["current"] == len(before) / 2


def test_numbers_are_given_once_and_stay(folder: Folder) -> None:
    """Rows may be sorted, removed and added: a number belongs to its candidate for ever."""
    folder.no_office("make")
    rows = (folder.root / "inputs/candidates.csv").read_text(encoding="utf-8").splitlines()
    new = "100,시·도지사,서울특별시,서울특별시,함께민생당,2,가람"
    folder.write("inputs/candidates.csv", "\n".join([rows[0], new, rows[3], rows[2]]) + "\n")
    folder.change("inputs/answers.csv", "101,1,수용,\n101,2,부분수용,예산 범위에서 한다.\n", "100,1,수용,\n")
    result = folder.no_office("make", "--json")
    assert {one["subject"]: one["number"] for one in result.json["documents"]} == {
        "서울특별시장 후보 가람": "A-1100-0003",
        "서울특별시교육감 후보 도하늘": "A-1100-0002",
        "서울특별시 종로구청장 후보 서다온": "A-4110100-0001",
    }
    assert f"{GOVERNOR}.docx" in folder.outputs(), "an issued paper stays on record"


def test_the_register_keeps_every_edition(folder: Folder) -> None:
    folder.no_office("make")
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
    folder.no_office("make")
    with sqlite3.connect(folder.root / "outputs/register.sqlite") as register:
        count = register.execute("SELECT number, count(*) FROM editions GROUP BY number ORDER BY number").fetchall()
        query = "SELECT deflated FROM contexts JOIN editions ON edition = id WHERE number = 'A-1100-0001' ORDER BY id"
        contexts = [zlib.decompress(blob).decode() for (blob,) in register.execute(query)]
    register.close()
    assert count == [("A-1100-0001", 2), ("A-1100-0002", 1), ("A-4110100-0001", 1)]
    assert "예산 범위에서" in contexts[0]
    assert "예산의 범위에서" in contexts[1]


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("A-1100-0002", {"A-1100-0002"}),
        ("서다온", {"A-4110100-0001"}),
        ("종로구", {"A-4110100-0001"}),
        ("교육감", {"A-1100-0002"}),
    ],
)
def test_only(folder: Folder, pattern: str, numbers: set[str]) -> None:
    result = folder.no_office("make", "--only", pattern, "--json")
    assert {one["number"] for one in result.json["documents"]} == numbers
    assert {name.split("_")[0].rsplit("/")[-1] for name in folder.outputs()} == numbers


def test_a_dry_run_writes_nothing_and_shows_the_plan(folder: Folder) -> None:
    result = folder.no_office("make", "--dry-run")
    assert result.code == 0
    assert result.out.splitlines() == [
        f"A-1100-0001\tnew\toutputs/{GOVERNOR}.docx",
        f"A-1100-0002\tnew\toutputs/{SUPERINTENDENT}.docx",
        f"A-4110100-0001\tnew\toutputs/{MAYOR}.docx",
    ]
    assert not (folder.root / "outputs").exists()


def test_errors_stop_the_run_unless_asked_to_keep_going(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "서다온", "서다온\n104,종로구의원,서울특별시,종로구가선거구,,,마루")
    assert folder.no_office("make").code == 1
    assert folder.outputs() == {}
    result = folder.no_office("make", "--keep-going")
    assert result.code == 3, "the PDFs wait for LibreOffice, and that outweighs the wrong cell"
    assert len(folder.outputs()) == 3


def test_without_answers_everybody_gets_all_pledges(folder: Folder) -> None:
    folder.change("inputs/campaign.toml", 'answers = "answers.csv"\n', "")
    folder.no_office("make")
    for blob in folder.outputs().values():
        assert paragraphs(blob)[2:4] == ["기본 조례 제정 ", "우선구매 확대 "]


def test_who_gets_no_paper(folder: Folder) -> None:
    folder.write(
        "inputs/candidates.csv",
        "후보자ID,선거종류,시도,선거구,정당,기호,이름,상태\n"
        "101,시·도지사,서울특별시,서울특별시,푸른내일당,1,남궁한결,사퇴\n"
        "102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온,\n"
        "103,교육감,서울특별시,서울특별시,,,도하늘,등록무효\n"
        ",광역의원비례대표선거,,서울특별시,푸른내일당,,,\n"
        "105,국회의원선거,서울특별시,종로구,푸른내일당,1,해솔,\n"
        "106,교육감,서울특별시,서울특별시,,,나루,\n",
    )
    result = folder.no_office("make", "--json")
    told = {(one["code"], one["row"], one["column"]) for one in result.json["findings"] if one["file"]}
    assert told >= {
        ("candidate.withdrawn", 2, "H"),
        ("candidate.withdrawn", 4, "H"),
        ("candidate.party_list", 5, "B"),
        ("candidate.office_outside", 6, "B"),
        ("candidate.unanswered", 7, ""),
    }
    assert [one["number"] for one in result.json["documents"]] == ["A-4110100-0001"]


def test_superintendents_have_neither_party_nor_ballot_number(folder: Folder) -> None:
    """The policy site's list gives them 무소속 and a number; the law prints neither."""
    folder.change("inputs/candidates.csv", "서울특별시,,,도하늘", "서울특별시,무소속,7,도하늘")
    template = word("{{ 후보.이름 }} [{{ 후보.정당 }}] [{{ 후보.기호 }}] [{{ 서명.정당 }}]")
    folder.write("templates/agreement.docx", template)
    folder.no_office("make")
    outputs = folder.outputs()
    assert paragraphs(outputs[f"{SUPERINTENDENT}.docx"]) == ["도하늘 [] [] []"]
    assert paragraphs(outputs[f"{MAYOR}.docx"]) == ["서다온 [무소속] [3] []"]
    assert paragraphs(outputs[f"{GOVERNOR}.docx"]) == ["남궁한결 [푸른내일당] [1] [푸른내일당]"]


def test_columns_nobody_knows_reach_the_template(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "정당,기호,이름", "정당,기호,이름,협약식 참석(예정)")
    folder.change("inputs/candidates.csv", "3,서다온", "3,서다온,예")
    folder.write("templates/agreement.docx", word("{{ 후보.이름 }} {{ 후보.협약식_참석_예정 }}"))
    folder.no_office("make")
    assert paragraphs(folder.outputs()[f"{MAYOR}.docx"]) == ["서다온 예"]
    assert paragraphs(folder.outputs()[f"{GOVERNOR}.docx"]) == ["남궁한결 "]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Any]:
    """The sample campaign, made once."""
    folder = Folder(tmp_path_factory.mktemp("sample"))
    for name in ("inputs", "templates"):
        shutil.rmtree(folder.root / name)
        shutil.copytree(REPOSITORY / name, folder.root / name)
    return folder, folder.run("make", "agreement", "--json", "--lang", "ko")


@pytest.mark.office
@pytest.mark.slow
def test_the_sample_campaign(sample: tuple[Folder, Any]) -> None:
    folder, result = sample
    assert result.code == 0
    documents = result.json["documents"]
    assert len(documents) >= 100
    assert {one["state"] for one in documents} == {"made"}
    outputs = folder.outputs()
    assert len(outputs) == 2 * len(documents)
    for one in documents:
        text = "".join(pdf.texts(outputs[one["pdf"].removeprefix("outputs/")]))
        name = pdf.squeeze(one["subject"].rsplit(" ", 1)[1])
        assert name in text
        assert one["number"] in text
        for wrong in ("{{", "{%", "nan", "None", "은(는)", "(은)는", "을(를)", "과(와)", "지지", "추천"):
            assert wrong not in text, (one["number"], wrong)


@pytest.mark.office
def test_the_sample_again_rewrites_nothing(sample: tuple[Folder, Any]) -> None:
    folder, _ = sample
    times = {path: path.stat().st_mtime_ns for path in (folder.root / "outputs").rglob("*.*f")}
    result = folder.run("make", "agreement", "--lang", "ko")
    assert result.code == 0
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.office
def test_fonts_of_the_sample_are_those_of_the_template_and_embedded(sample: tuple[Folder, Any]) -> None:
    folder, result = sample
    fonts = {font for name, blob in folder.outputs().items() if name.endswith(".pdf") for font in pdf.fonts(blob)}
    families = ("Nanum", "UnBatang", "NotoSerifCJK")
    assert {name for name, embedded in fonts if not embedded or not name.startswith(families)} == set()
    assert "convert.font" not in result.codes
