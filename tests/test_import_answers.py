"""Answer sheets that come back: made by the product, filled in by hand and by LibreOffice, read as what was meant."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from broken import hangul_renamed, ole, plain, zip_bomb
from conftest import REPOSITORY
from docx import Document
from filled import CHOICES, WAYS, Way, alone, cut, filled, find, nested, nothing, renumbered, rows, sign
from verdict import workbook

from pipeline.doors import office
from pipeline.doors.word import answer_sheets
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding
from pipeline.run import Options, make
from pipeline.run.importing import import_answers
from pipeline.run.outcome import Outcome

RETURNED = "inputs/returned-answers.xlsx"
REMARK = "예산이 마련되는 대로 합니다."


class Sent:
    """The sample campaign with proposals for four candidates, and no answers yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "returned"
        self.folder.mkdir()
        found = sorted((root / "outputs/proposals").rglob("*.docx"))
        self.papers = {path.name.partition("_")[0]: path.read_bytes() for path in found}

    @property
    def numbers(self) -> list[str]:
        return list(self.papers)

    def pledges(self, number: str) -> list[str]:
        return [row.cells[0].text for row in rows(Document(io.BytesIO(self.papers[number])))]

    def back(self, name: str, blob: bytes) -> None:
        (self.folder / name).write_bytes(blob)

    def run(self, **options: Any) -> Outcome:
        return import_answers(Options(self.root, **options), self.folder)

    def kept(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Answer and remark by name and pledge, as the workbook has them."""
        page = openpyxl.load_workbook(self.root / RETURNED)["답변"]
        table = list(page.iter_rows(min_row=3, values_only=True))
        return {(str(row[1]), str(row[2])): (str(row[4]), str(row[5] or "")) for row in table}

    def keys(self) -> dict[str, str]:
        """Names of the candidates by number."""
        return {number: find(Document(io.BytesIO(blob)), "후보자").text for number, blob in self.papers.items()}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sent") / "campaign"
    for name in ("inputs", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = root / "inputs/campaign.toml"
    text = settings.read_text(encoding="utf-8")
    assert '"answers.xlsx#답변", ' in text
    settings.write_text(text.replace('"answers.xlsx#답변", ', ""), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYEOPYAK_SOFFICE", "")
        made = make(Options(root, only="종로", jobs=1), ["proposal"], lambda _done, _due: None).made
    assert len(made) > 3
    return root


@pytest.fixture
def sent(issued: Path, tmp_path: Path) -> Sent:
    return Sent(Path(shutil.copytree(issued, tmp_path / "campaign")))


def codes(outcome: Outcome) -> list[str]:
    """Codes of errors and warnings, of notes only those of imports."""
    return sorted(one.code for one in outcome.findings if one.level != "note")


def one(outcome: Outcome, code: str) -> Finding:
    (found,) = [each for each in outcome.findings if each.code == code]
    return found


def meant(pledges: Sequence[str], ways: Sequence[Way] = WAYS, start: int = 0) -> list[tuple[Way, str, str]]:
    """For each pledge a way, a choice, and a remark where one is needed."""
    turns = cycle(CHOICES)
    for _ in range(start % len(CHOICES)):
        next(turns)
    return [
        (ways[(start + place) % len(ways)], choice, "" if choice == "수용" else f"{place}: {REMARK}")
        for place, (_, choice) in enumerate(zip(pledges, turns, strict=False))
    ]


def expected(
    sent: Sent, number: str, answers: Sequence[tuple[Way, str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    name = sent.keys()[number]
    return {
        (name, pledge): (choice, remark)
        for pledge, (_, choice, remark) in zip(sent.pledges(number), answers, strict=True)
    }


# --- round trips -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("then", [None, nested, cut], ids=["as sent", "in a frame", "cut in two"])
def test_answers_come_back_as_they_were_meant(sent: Sent, then: Any) -> None:
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    for place, number in enumerate(sent.numbers):
        answers = meant(sent.pledges(number), start=place * 5)
        wanted |= expected(sent, number, answers)
        sent.back(f"답변서 {place}.docx", filled(sent.papers[number], answers, then))
    outcome = sent.run()
    assert codes(outcome) == ["import.unlisted"]
    assert outcome.files == (RETURNED,)
    assert sent.kept() == wanted


def through_office(blob: bytes, formats: Sequence[str], scratch: Path) -> bytes:
    """A file saved by LibreOffice in one format after the other."""
    path = scratch / "sheet.docx"
    path.write_bytes(blob)
    for number, kind in enumerate(formats):
        folder = scratch / str(number)
        command = [
            office.find_office(), f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--norestore",
            "--convert-to", kind, "--outdir", str(folder), str(path),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        (path,) = folder.iterdir()
    return path.read_bytes()


@pytest.mark.office
@pytest.mark.parametrize("formats", [["docx"], ["odt", "docx"], ["doc", "docx"]], ids="-".join)
def test_answers_come_back_through_libreoffice(sent: Sent, tmp_path: Path, formats: list[str]) -> None:
    number = sent.numbers[0]
    answers = meant(sent.pledges(number), start=sum(map(len, formats)))
    sent.back("a.docx", through_office(filled(sent.papers[number], answers), formats, tmp_path))
    outcome = sent.run()
    assert codes(outcome) == ["import.unlisted"]
    assert sent.kept() == expected(sent, number, answers)


def test_the_campaign_reads_what_was_imported(sent: Sent) -> None:
    number = sent.numbers[0]
    sent.back("a.docx", filled(sent.papers[number], [(sign("■"), "수용", "")] * 30))
    line = str(one(sent.run(), "import.unlisted").params["line"])
    settings = sent.root / "inputs/campaign.toml"
    text = settings.read_text(encoding="utf-8").replace('answers = ["parties.xlsx#정당 답변"]', line)
    assert line in text
    settings.write_text(text, encoding="utf-8")
    outcome = make(Options(sent.root, dry_run=True), ["agreement"], lambda _done, _due: None)
    assert [job.subject.rpartition(" ")[2] for job in outcome.jobs] == [sent.keys()[number]]
    assert not [each for each in sent.run().findings if each.level != "note"]


# --- again -------------------------------------------------------------------------------------------------------


def test_importing_again_changes_nothing(sent: Sent) -> None:
    answers = meant(sent.pledges(sent.numbers[0]))
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], answers))
    assert one(sent.run(), "import.taken").params["count"] == len(answers)
    before = (sent.root / RETURNED).read_bytes()
    outcome = sent.run()
    assert outcome.files == ()
    assert one(outcome, "import.already").params["count"] == len(answers)
    assert (sent.root / RETURNED).read_bytes() == before


def test_the_same_files_give_the_same_bytes(sent: Sent) -> None:
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], meant(sent.pledges(sent.numbers[0]))))
    sent.run()
    before = (sent.root / RETURNED).read_bytes()
    (sent.root / RETURNED).unlink()
    sent.run()
    assert (sent.root / RETURNED).read_bytes() == before


def test_a_dry_run_writes_nothing(sent: Sent) -> None:
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], meant(sent.pledges(sent.numbers[0]))))
    assert sent.run(dry_run=True).files == ()
    assert not (sent.root / RETURNED).exists()


def test_a_later_file_takes_the_place_of_an_earlier_one_and_says_so(sent: Sent) -> None:
    number, other = sent.numbers[:2]
    sent.back("a.docx", filled(sent.papers[number], meant(sent.pledges(number))))
    sent.back("b.docx", filled(sent.papers[other], meant(sent.pledges(other), start=3)))
    sent.run()
    edit(sent, lambda page: page.cell(2, 8, "확인") and page.cell(3, 8, "전화로 확인함"))
    (sent.folder / "a.docx").unlink()
    later = [(sign("☑"), "기타의견", "다시 답합니다.")] * len(sent.pledges(number))
    sent.back("a2.docx", filled(sent.papers[number], later))
    outcome = sent.run()
    assert one(outcome, "import.replaced").params["count"] == len(later)
    assert sent.kept() == expected(sent, number, later) | expected(sent, other, meant(sent.pledges(other), start=3))
    page = openpyxl.load_workbook(sent.root / RETURNED)["답변"]
    assert page["H3"].value == "전화로 확인함"


def edit(sent: Sent, change: Any) -> None:
    """What a person does to the workbook."""
    book = openpyxl.load_workbook(sent.root / RETURNED)
    change(book["답변"])
    book.save(sent.root / RETURNED)


def test_what_a_person_corrected_or_typed_is_kept(sent: Sent) -> None:
    number = sent.numbers[0]
    blob = filled(sent.papers[number], [(nothing, "", ""), *[(sign("■"), "수용", "")] * 30])
    sent.back("a.docx", blob)
    assert "import.unmarked" in codes(sent.run())
    key = openpyxl.load_workbook(sent.root / RETURNED)["답변"]["A3"].value
    missing, corrected = sent.pledges(number)[:2]

    def by_hand(page: Any) -> None:
        page["E3"], page["F3"] = "부분수용", "전화로 고침"
        page.append([key, "", missing, "", "불수용", "전화로 들음"])

    edit(sent, by_hand)
    sent.run()
    assert sent.kept()[sent.keys()[number], corrected] == ("부분수용", "전화로 고침")
    (sent.folder / "a.docx").unlink()
    sent.back("b.docx", filled(sent.papers[number], [(sign("■"), "수용", "")] * 30))
    outcome = sent.run()
    assert one(outcome, "import.kept").params["pledge"] == missing
    assert ("None", missing) in sent.kept()
    assert sent.kept()["None", missing] == ("불수용", "전화로 들음")


# --- what cannot be taken ----------------------------------------------------------------------------------------


def test_unmarked_and_double_marks_are_told_and_the_rest_is_taken(sent: Sent) -> None:
    number = sent.numbers[0]

    def two(row: Any, choice: str) -> None:
        sign("■")(row, choice)
        row.cells[1].paragraphs[-1].add_run(" √")

    answers = [(nothing, "", ""), (two, "수용", ""), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[number], answers))
    outcome = sent.run()
    assert codes(outcome) == ["import.marks", "import.unlisted", "import.unmarked"]
    assert one(outcome, "import.marks").params["answers"] == "수용, 기타의견"
    assert len(sent.kept()) == len(sent.pledges(number)) - 2


@pytest.mark.parametrize("text", ["검토 후 결정", "수용 X"])
def test_an_answer_that_nobody_offered(sent: Sent, text: str) -> None:
    answers = [(alone, text, ""), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], answers))
    assert one(sent.run(), "import.words").params["value"] == text


def test_an_answer_in_the_place_of_the_remark(sent: Sent) -> None:
    answers = [(nothing, "", "수용합니다."), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], answers))
    outcome = sent.run()
    assert one(outcome, "import.beside").params["answer"] == "수용"
    assert codes(outcome) == ["import.unlisted"]


def test_a_missing_remark_is_told(sent: Sent) -> None:
    answers = [(sign("■"), "불수용", ""), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], answers))
    assert codes(sent.run()) == ["answer.no_remark", "import.unlisted"]


@pytest.mark.parametrize(
    ("number", "code"), [("P-4110100-0999", "import.number_unknown"), ("", "import.no_number")], ids=["unknown", "none"]
)
def test_a_sheet_of_nobody(sent: Sent, number: str, code: str) -> None:
    blob = filled(sent.papers[sent.numbers[0]], meant(sent.pledges(sent.numbers[0])), renumbered(number))
    sent.back("a.docx", blob)
    outcome = sent.run()
    assert codes(outcome) == [code]
    assert outcome.files == ()


def test_a_sheet_that_somebody_else_filled_in(sent: Sent) -> None:
    def overwritten(document: Any) -> None:
        find(document, "후보자").paragraphs[0].runs[0].text = "나비결"

    number = sent.numbers[0]
    sent.back("a.docx", filled(sent.papers[number], meant(sent.pledges(number)), overwritten))
    assert codes(sent.run()) == ["import.name"]


def test_two_sheets_in_one_file(sent: Sent) -> None:
    number, other = sent.numbers[:2]

    def both(document: Any) -> None:
        label = find(document, "문서번호")
        label.paragraphs[0].add_run(f", {other}")

    sent.back("a.docx", filled(sent.papers[number], meant(sent.pledges(number)), both))
    assert codes(sent.run()) == ["import.numbers"]


def test_two_different_sheets_of_one_candidate(sent: Sent) -> None:
    number = sent.numbers[0]
    sent.back("1.docx", filled(sent.papers[number], [(sign("■"), "수용", "")] * 30))
    sent.back("2.docx", filled(sent.papers[number], [(sign("■"), "불수용", "안 됩니다.")] * 30))
    outcome = sent.run()
    assert codes(outcome) == ["import.contradiction"]
    assert not (sent.root / RETURNED).exists()


def test_the_same_sheet_twice(sent: Sent) -> None:
    number = sent.numbers[0]
    blob = filled(sent.papers[number], [(sign("■"), "수용", "")] * 30)
    sent.back("1.docx", blob)
    sent.back("copy.docx", blob)
    sent.back("resaved.docx", filled(sent.papers[number], [(sign("√"), "수용", "")] * 30))
    outcome = sent.run()
    assert codes(outcome) == ["import.unlisted"]
    assert [each.code for each in outcome.findings].count("import.same") == 2


def test_pledges_that_changed_since(sent: Sent) -> None:
    number = sent.numbers[0]

    def changed(document: Any) -> None:
        first, second, *_ = rows(document)
        first.cells[1].paragraphs[0].runs[0].text = "시청 앞 광장의 분수대 새로 짓기"
        second.cells[0].paragraphs[0].runs[0].text = "공통-99"

    sent.back("a.docx", filled(sent.papers[number], [(sign("■"), "수용", "")] * 30, changed))
    outcome = sent.run()
    assert codes(outcome) == ["import.pledge_changed", "import.pledge_unknown", "import.unlisted"]
    assert len(sent.kept()) == len(sent.pledges(number)) - 2


def test_an_answer_that_stands_otherwise_elsewhere(sent: Sent) -> None:
    shutil.copy(REPOSITORY / "inputs/answers.xlsx", sent.root / "inputs/answers.xlsx")
    settings = sent.root / "inputs/campaign.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('answers = ["', 'answers = ["answers.xlsx#답변", "'), encoding="utf-8")
    number = sent.numbers[0]
    sent.back("a.docx", filled(sent.papers[number], [(sign("■"), "기타의견", "생각 중입니다.")] * 30))
    found = codes(sent.run())
    assert "import.answered" in found
    assert set(found) <= {"import.answered", "import.unlisted"}


# --- files -------------------------------------------------------------------------------------------------------


def test_files_that_are_no_answer_sheets(sent: Sent) -> None:
    sent.back("scan.pdf", b"%PDF-1.7")
    sent.back("a.hwp", b"\xd0\xcf\x11\xe0")
    sent.back("photo.JPG", b"\xff\xd8")
    sent.back("letter.docx", b"PK\x03\x04 half")
    sent.back("~$a.docx", b"lock")
    sent.back(".DS_Store", b"")
    sent.back("other.docx", (REPOSITORY / "templates/notice.docx").read_bytes())
    outcome = sent.run()
    found = {str(each.cell).rpartition("/")[2]: each.code for each in outcome.findings}
    assert found == {
        "scan.pdf": "import.kind",
        "a.hwp": "import.kind",
        "photo.JPG": "import.kind",
        "letter.docx": "file.damaged",
        "other.docx": "import.no_table",
    }
    problems = {str(each.params["problem"]) for each in outcome.findings if each.code == "import.kind"}
    assert problems == {"it is a PDF", "it is a Hangul document (HWP)", "it is a picture"}


def test_an_empty_folder(sent: Sent) -> None:
    assert codes(sent.run()) == ["import.nothing"]
    assert codes(import_answers(Options(sent.root), sent.root / "nowhere")) == ["import.nothing"]


def test_a_bomb_is_not_opened() -> None:
    with pytest.raises(Trouble) as trouble:
        answer_sheets.read_word(zip_bomb(), "a.docx")
    assert trouble.value.finding.code == "import.unsafe"


def test_answers_in_a_spreadsheet(sent: Sent) -> None:
    number, other = sent.numbers[:2]
    pledge, second = sent.pledges(number)[:2]
    table = [
        [f"문서번호: {number.lower()}"],
        ["번호", "공약", "답변", "의견"],
        [pledge, "", "■ 수용 □ 부분수용 □ 불수용 □ 기타의견", ""],
        [second, "", "부분수용", "예산 범위에서"],
    ]
    sent.back("a.xlsx", workbook(table, "답변"))
    sent.back("b.csv", f"문서번호,공약번호,답변,의견\n{other},{pledge},수용함,\n".encode("cp949"))
    outcome = sent.run()
    assert codes(outcome) == ["import.unlisted"]
    names = sent.keys()
    assert sent.kept() == {
        (names[number], pledge): ("수용", ""),
        (names[number], second): ("부분수용", "예산 범위에서"),
        (names[other], pledge): ("수용", ""),
    }


def test_a_resident_number_is_not_taken_and_not_repeated(sent: Sent) -> None:
    number = sent.numbers[0]
    impossible = "991332-1000000"
    answers = [(sign("■"), "기타의견", f"제 번호는 {impossible}"), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[number], answers))
    outcome = sent.run()
    assert "cell.resident_number" in codes(outcome)
    assert impossible not in str(outcome.findings)
    assert impossible.encode() not in (sent.root / RETURNED).read_bytes()
    assert len(sent.kept()) == len(sent.pledges(number)) - 1


def test_a_remark_that_looks_like_a_formula_stays_text(sent: Sent) -> None:
    number = sent.numbers[0]
    answers = [(sign("■"), "기타의견", '=HYPERLINK("http://example.org")'), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[number], answers))
    sent.run()
    cell = openpyxl.load_workbook(sent.root / RETURNED)["답변"]["F3"]
    assert cell.data_type == "s"
    assert cell.value == '=HYPERLINK("http://example.org")'


def test_a_workbook_with_errors_is_not_added_to(sent: Sent) -> None:
    sent.back("a.docx", filled(sent.papers[sent.numbers[0]], meant(sent.pledges(sent.numbers[0]))))
    sent.run()
    edit(sent, lambda page: page.cell(3, 5, "글쎄요"))
    before = (sent.root / RETURNED).read_bytes()
    assert codes(sent.run()) == ["cell.choice", "import.unsound"]
    assert (sent.root / RETURNED).read_bytes() == before


@pytest.mark.parametrize(
    ("blob", "code"),
    [(ole("EncryptedPackage"), "import.password"), (hangul_renamed(), "import.kind"), (plain()[:5000], "file.damaged")],
    ids=["password", "hwp", "half"],
)
def test_word_files_that_are_none(blob: bytes, code: str) -> None:
    with pytest.raises(Trouble) as trouble:
        answer_sheets.read_word(blob, "a.docx")
    assert trouble.value.finding.code == code


def test_a_sheet_whose_candidate_left_the_table(sent: Sent) -> None:
    number = sent.numbers[0]
    book = openpyxl.load_workbook(sent.root / "inputs/candidates.xlsx")
    page = book["후보자"]
    row = next(row for row in page.iter_rows() if any(cell.value == sent.keys()[number] for cell in row))
    page.delete_rows(row[0].row)
    book.save(sent.root / "inputs/candidates.xlsx")
    sent.back("a.docx", filled(sent.papers[number], meant(sent.pledges(number))))
    assert codes(sent.run()) == ["import.addressee"]


def test_a_pledge_twice_on_a_sheet(sent: Sent) -> None:
    number = sent.numbers[0]

    def repeated(document: Any) -> None:
        first, second, *_ = rows(document)
        for place in (0, 1):
            first.cells[place].paragraphs[0].runs[0].text = second.cells[place].paragraphs[0].runs[0].text

    answers = [(sign("■"), "기타의견", "가"), *[(sign("√"), "수용", "")] * 30]
    sent.back("a.docx", filled(sent.papers[number], answers, repeated))
    assert codes(sent.run()) == ["import.pledge_twice", "import.unlisted"]
    assert len(sent.kept()) == len(sent.pledges(number)) - 2


def test_a_workbook_that_does_not_hold_what_was_put_into_it(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sent.numbers[0]
    sent.back("a.docx", filled(sent.papers[number], meant(sent.pledges(number))))
    sent.run()
    before = (sent.root / RETURNED).read_bytes()
    monkeypatch.setattr("pipeline.doors.books.kept_books.edited", lambda *_: before)
    other = sent.numbers[1]
    sent.back("b.docx", filled(sent.papers[other], meant(sent.pledges(other))))
    with pytest.raises(Trouble) as trouble:
        sent.run()
    assert trouble.value.finding.code == "import.check"
    assert (sent.root / RETURNED).read_bytes() == before
