"""A run after one that left everything up to date gives what a run that looks at everything would give."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from verdict import here

from pipeline import run
from pipeline.doors import digests, logs, memory, programs
from pipeline.doors.digests import FILE as DIGESTS
from pipeline.doors.office import find_office
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Edition, Job, Plan, Reason, Unread
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, finding
from pipeline.run import Options, make
from pipeline.run.again import prepare_again
from pipeline.run.looking import Look
from pipeline.run.outcome import Outcome
from pipeline.run.preparing import Prepared, prepare
from pipeline.steps.plan import current
from pipeline.steps.read_campaign import read_campaign
from tools import nation

pytestmark = pytest.mark.slow

KIND = "agreement"
COUNT = 72
MOST = COUNT // 10
Rows = list[list[Any]]


def rows_of(path: Path) -> Rows:
    book = load_workbook(path)
    return [[cell.value for cell in row] for row in book["답변"].iter_rows()]


def inline(path: Path, rows: Rows) -> None:
    """As programs export: each cell with its own text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("답변")
    for row in rows:
        sheet.append(row)
    book.save(path)


class Shared:
    """As Excel saves: texts in a table of their own, new ones behind those that were there."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}

    def __call__(self, path: Path, rows: Rows) -> None:
        inline(path, rows)
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name).decode() for name in book.namelist()}
        own = r't="inlineStr"><is><t[^>]*>(.*?)</t></is>'
        sheet = re.sub(own, lambda found: f't="s"><v>{self._place(found[1])}</v>', parts["xl/worksheets/sheet1.xml"])
        texts = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in self._texts)
        main = "http://schemas.openxmlformats.org"
        relation = f'<Relationship Id="rId99" Type="{main}/officeDocument/2006/relationships/sharedStrings"'
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts |= {
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": f'<sst xmlns="{main}/spreadsheetml/2006/main" count="9">{texts}</sst>',
            "xl/_rels/workbook.xml.rels": relations.replace(
                "</Relationships>", f'{relation} Target="/xl/sharedStrings.xml"/></Relationships>'
            ),
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            for name, content in parts.items():
                book.writestr(name, content)

    def _place(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))


WRITERS: dict[str, Callable[[], Callable[[Path, Rows], None]]] = {"inline": lambda: inline, "shared": Shared}


class Nation:
    """A campaign of which every paper was made."""

    def __init__(
        self,
        root: Path,
        write: Callable[[Path, Rows], None],
        prepare: Callable[[Path], None] = lambda _: None,
        kinds: Sequence[str] = (KIND,),
        count: int = COUNT,
    ) -> None:
        self.kinds = list(kinds)
        self.root = root
        self.answers = root / "inputs/answers.xlsx"
        nation.write(root, COUNT)
        prepare(root)
        self.rows = rows_of(self.answers)
        self._write = write
        self.save(self.rows)
        outcome = make(Options(root), self.kinds, lambda _done, _due: None)
        assert len(outcome.made) >= count
        assert memory.remembered(root / "outputs")

    def save(self, rows: Rows) -> None:
        self._write(self.answers, rows)

    def copy(self, target: Path) -> Nation:
        shutil.copytree(self.root, target)
        other = object.__new__(Nation)
        other.root, other.answers, other._write, other.kinds = (
            target,
            target / "inputs/answers.xlsx",
            self._write,
            self.kinds,
        )
        other.rows = [list(row) for row in self.rows]
        return other

    def quickly(self) -> Prepared | None:
        campaign, _ = read_campaign(self.root)
        assert campaign
        return prepare_again(self.root, campaign, Look.at(self.root, campaign, self.kinds))

    def wholly(self) -> Prepared:
        campaign, _ = read_campaign(self.root)
        assert campaign
        return prepare(self.root, campaign, self.kinds, only_due=True)


@pytest.fixture(scope="module", params=WRITERS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return Nation(tmp_path_factory.mktemp("nation") / request.param, WRITERS[request.param]())


@pytest.fixture
def campaign(made: Nation, tmp_path: Path) -> Nation:
    return made.copy(tmp_path / "nation")


@pytest.fixture
def reasons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why everything was looked at."""
    found: list[str] = []
    monkeypatch.setattr(logs, "note", found.append)
    return found


def told(findings: Iterable[Finding]) -> list[str]:
    return sorted(json.dumps([one.code, str(one.cell), dict(one.params), one.subject]) for one in findings)


def known(job: Job) -> Job:
    """Nobody needs the context of a paper that is up to date."""
    return replace(job, context={}) if job.reason is Reason.CURRENT else job


def must_be_alike(quick: Prepared, whole: Prepared) -> None:
    assert [known(job) for job in quick.plan.jobs] == [known(job) for job in whole.plan.jobs]
    assert told(quick.findings) == told(whole.findings)


def answer(row: int, text: str = "부분수용", remark: str = "살펴보겠습니다.") -> Callable[[Nation], None]:
    def change(campaign: Nation) -> None:
        campaign.rows[row][2:4] = [text, remark]
        campaign.save(campaign.rows)

    return change


def rows(change: Callable[[Rows], object]) -> Callable[[Nation], None]:
    def changed(campaign: Nation) -> None:
        change(campaign.rows)
        campaign.save(campaign.rows)

    return changed


def cell(name: str, sheet: str, place: str, value: object) -> Callable[[Nation], None]:
    def change(campaign: Nation) -> None:
        book = load_workbook(campaign.root / name)
        book[sheet][place] = value
        book.save(campaign.root / name)

    return change


def text(name: str, old: str, new: str) -> Callable[[Nation], None]:
    def change(campaign: Nation) -> None:
        path = campaign.root / name
        assert old in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return change


def paper(suffix: str, change: Callable[[Path], object]) -> Callable[[Nation], None]:
    def changed(campaign: Nation) -> None:
        change(sorted((campaign.root / "outputs/agreements").rglob(f"*{suffix}"))[7])

    return changed


def person(campaign: Nation, number: int) -> range:
    """Rows of the answers of somebody."""
    each = (len(campaign.rows) - 1) // COUNT
    return range(1 + each * number, 1 + each * (number + 1))


def refuses_all(campaign: Nation) -> None:
    for row in person(campaign, 50):
        campaign.rows[row][2:4] = ["거부", "할 수 없습니다."]
    campaign.save(campaign.rows)


def hides_a_row(campaign: Nation) -> None:
    book = load_workbook(campaign.answers)
    book["답변"].row_dimensions[500].hidden = True
    book.save(campaign.answers)


def records(campaign: Nation) -> None:
    with Register(campaign.root / "outputs") as register:
        register.record_event("2018-06-01T00:00:00+00:00", "noted", "", {})


def swaps(campaign: Nation) -> None:
    first, *_, last = sorted((campaign.root / "outputs/agreements").rglob("*.docx"))
    shutil.copy(first, last)


def sql(command: str) -> Callable[[Nation], None]:
    """What stands in the register is changed behind its back."""

    def change(campaign: Nation) -> None:
        with closing(sqlite3.connect(campaign.root / "outputs" / REGISTER)) as register, register:
            register.execute("PRAGMA foreign_keys = OFF")
            register.execute(command)

    return change


other_office = sql("UPDATE editions SET converter = 'LibreOffice 9' WHERE id = 7")


QUICK: dict[str, tuple[Callable[[Nation], object], int]] = {
    "nothing": (lambda _: None, 0),
    "a workbook touched": (lambda campaign: os.utime(campaign.answers), 0),
    "all workbooks saved anew": (lambda campaign: campaign.save(campaign.rows), 0),
    "one answer": (answer(577), 1),
    "one remark": (answer(577, "수용", "환영합니다."), 1),
    "two answers of one person": (lambda campaign: (answer(571)(campaign), answer(577)(campaign)), 1),
    "two people's answers": (lambda campaign: (answer(401)(campaign), answer(577)(campaign)), 2),
    "a Word file lost": (paper(".docx", lambda path: path.unlink()), 1),
    "a PDF lost": (paper(".pdf", lambda path: path.unlink()), 1),
    "a Word file changed by hand": (paper(".docx", lambda path: path.write_bytes(b"other")), 1),
    "another person's file in the place of one's own": (swaps, 1),
    "a file of ours in the place of another": (
        paper(".docx", lambda path: shutil.copy(path.with_suffix(".pdf"), path)),
        1,
    ),
    "a file lost, and an answer": (
        lambda campaign: (paper(".pdf", lambda path: path.unlink())(campaign), answer(577)(campaign)),
        2,
    ),
}


@pytest.mark.parametrize("name", QUICK)
def test_only_what_has_changed_is_looked_at(name: str, campaign: Nation) -> None:
    change, count = QUICK[name]
    change(campaign)
    quick, whole = campaign.quickly(), campaign.wholly()
    assert quick is not None
    must_be_alike(quick, whole)
    assert len(quick.plan.due) == count


ALL: dict[str, tuple[Callable[[Nation], object], str]] = {
    "a row more": (
        rows(lambda own: own.append([own[400][0], "1", "무응답", ""])),
        "more has changed than cells of answers",
    ),
    "a row less": (rows(lambda own: own.pop(577)), "more has changed than cells of answers"),
    "an empty row between": (rows(lambda own: own.insert(577, [])), "more has changed than cells of answers"),
    "a row that became empty": (rows(lambda own: own.__setitem__(577, [None] * 4)), "other people's"),
    "somebody else's answer": (rows(lambda own: own[577].__setitem__(0, own[300][0])), "other people's"),
    "another pledge's answer": (
        rows(lambda own: own[577].__setitem__(1, own[578][1])),
        "there are errors",
    ),
    "an answer that nobody knows": (answer(577, "글쎄요"), "other people's"),
    "a remark too few": (answer(577, "부분수용", ""), "something else has to be told"),
    "nothing adopted any more": (refuses_all, "other papers"),
    "an answer beside the headers": (answer(3), "a row that was no answer"),
    "a header": (rows(lambda own: own[0].__setitem__(3, "비고")), "a row that was no answer"),
    "many answers": (
        rows(lambda own: [row.__setitem__(3, "검토") for row in own[20:300]]),
        "much has changed",
    ),
    "a tag": (answer(577, "부분수용", "{{ 후보 }}"), "other people's"),
    "a candidate": (cell("inputs/candidates.xlsx", "후보자", "H70", "홍길동"), "another table"),
    "a pledge": (cell("inputs/pledges.xlsx", "공통공약", "A60", "새 줄"), "another table"),
    "settings": (text("inputs/campaign.toml", 'language = "ko"', 'language = "en"'), ""),
    "a picture": (lambda campaign: (campaign.root / "inputs/pictures/new.png").write_bytes(b"new"), ""),
    "a template": (
        lambda campaign: shutil.copy(
            campaign.root / "templates/notice.docx", campaign.root / "templates/agreement.docx"
        ),
        "",
    ),
    "the register": (records, "the register has changed"),
    "another LibreOffice": (other_office, "another LibreOffice"),
    "a document that is on record no more": (sql("DELETE FROM documents WHERE rowid = 7"), "the register has changed"),
    "no memory": (lambda campaign: (campaign.root / "outputs" / memory.FILE).unlink(), ""),
    "a memory changed by hand": (text(f"outputs/{memory.FILE}", '"layout": 2', '"layout":  2'), ""),
    "a memory cut off": (lambda campaign: os.truncate(campaign.root / "outputs" / memory.FILE, 1000), ""),
}


@pytest.mark.parametrize("name", ALL)
def test_all_else_is_looked_at_as_ever(name: str, campaign: Nation, reasons: list[str]) -> None:
    change, reason = ALL[name]
    change(campaign)
    assert campaign.quickly() is None
    assert reason in "".join(reasons)


TEXTS = st.sampled_from(
    ["수용", "부분수용", "거부", "무응답", "글쎄", "", "검토하겠습니다.", "{{ 후보 }}", "합계", "=1+1", 3]
)
EDITS = st.lists(
    st.tuples(st.integers(1, COUNT * 10), st.sampled_from([1, 2, 2, 2, 3, 3, 3, 0]), TEXTS), min_size=1, max_size=4
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_whatever_is_written_into_answers(edits: list[tuple[int, int, Any]], made: Nation) -> None:
    changed = [list(row) for row in made.rows]
    for row, column, value in edits:
        changed[min(row, len(changed) - 1)][column] = value
    try:
        made.save(changed)
        if quick := made.quickly():
            must_be_alike(quick, made.wholly())
    finally:
        made.save(made.rows)


def test_who_got_a_paper_gets_a_revision(campaign: Nation) -> None:
    job = next(job for job in campaign.wholly().plan.jobs if job.key == campaign.rows[577][0])
    with Register(campaign.root / "outputs") as register:
        register.record_deliveries([Delivery(job.number, 1, "협의회", "hand", "2018-06-01T00:00:00+00:00")])
    assert campaign.quickly() is None
    make(Options(campaign.root), [KIND], lambda _done, _due: None)
    answer(577)(campaign)
    quick, whole = campaign.quickly(), campaign.wholly()
    assert quick is not None
    must_be_alike(quick, whole)
    assert [(job.number, job.revision) for job in quick.plan.due] == [(job.number, 2)]
    assert "plan.revised" in {one.code for one in quick.findings}
    make(Options(campaign.root), [KIND], lambda _done, _due: None)
    after = campaign.quickly()
    assert after is not None
    must_be_alike(after, campaign.wholly())
    assert "plan.revised" not in {one.code for one in after.findings}


def test_who_withdrew_does_not_stand_in_the_way(campaign: Nation) -> None:
    """A paper that is never made again: lost, or made by another LibreOffice."""
    outputs = campaign.root / "outputs"
    with Register(outputs) as register:
        one = next(iter(register.issued().values()))
        gone = replace(
            current(campaign_of(campaign), one, "", ""), key="gone", number=f"A-{one.region}-9999", serial=9999
        )
        edition = Edition("docx", "pdf", (), "LibreOffice 9", "2018-06-01T00:00:00+00:00")
        register.record([(gone, edition)])
    make(Options(campaign.root), [KIND], lambda _done, _due: None)
    quick = campaign.quickly()
    assert quick is not None
    must_be_alike(quick, campaign.wholly())


def test_what_has_gone_out_may_be_of_another_libreoffice(campaign: Nation) -> None:
    other_office(campaign)
    with Register(campaign.root / "outputs") as register:
        number = next(one.number for one in register.issued().values() if one.converter == "LibreOffice 9")
        register.record_deliveries([Delivery(number, 1, "협의회", "hand", "2018-06-01T00:00:00+00:00")])
    make(Options(campaign.root), [KIND], lambda _done, _due: None)
    quick = campaign.quickly()
    assert quick is not None
    must_be_alike(quick, campaign.wholly())


def test_what_files_were_seen_to_hold_is_remembered(campaign: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a file that was only touched would be read in each run."""
    monkeypatch.setattr(digests, "_COARSE", 0)
    (campaign.root / "outputs" / DIGESTS).unlink(missing_ok=True)
    assert campaign.quickly()
    assert (campaign.root / "outputs" / DIGESTS).exists()


def test_the_register_is_asked_for_some(campaign: Nation) -> None:
    with Register(campaign.root / "outputs") as register:
        issued = register.issued()
        some = {key for _, key in list(issued)[3:5]}
        assert register.issued(some) == {own: one for own, one in issued.items() if own[1] in some}


def campaign_of(campaign: Nation) -> Campaign:
    settings, _ = read_campaign(campaign.root)
    assert settings
    return settings


def test_from_change_to_change(campaign: Nation, reasons: list[str]) -> None:
    """Each run remembers what the next one needs, and what a look at everything finds is always nothing."""
    for text in ("부분수용", "수용", "부분수용"):
        answer(577, text)(campaign)
        outcome = make(Options(campaign.root), [KIND], lambda _done, _due: None)
        assert len(outcome.made) == 1
        assert not any("all is looked at" in one for one in reasons)
        assert not campaign.wholly().plan.due


def test_libreoffice_starts_before_its_paper_is_written(campaign: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not at all where nothing has changed."""
    started: list[str] = []
    start = programs.start

    def noted(command: Sequence[str], *arguments: Any, **how: Any) -> Any:
        if "--headless" in command:
            started.append("files" if "--convert-to" in command else "ahead")
        return start(command, *arguments, **how)

    monkeypatch.setattr(programs, "start", noted)
    answer(577)(campaign)
    for expected in (["ahead", "files"], []):
        make(Options(campaign.root), [KIND], lambda _done, _due: None)
        assert started == expected
        started.clear()


def test_part_of_what_is_due_leaves_the_memory_as_it_was(campaign: Nation) -> None:
    before = (campaign.root / "outputs" / memory.FILE).read_bytes()
    answer(577)(campaign)
    answer(401)(campaign)
    numbers = [job.number for job in campaign.wholly().plan.due]
    make(Options(campaign.root, only=numbers[0]), [KIND], lambda _done, _due: None)
    assert (campaign.root / "outputs" / memory.FILE).read_bytes() == before
    assert [job.number for job in campaign.wholly().plan.due] == numbers[1:]


def with_a_region_of_ours(root: Path) -> None:
    """A 시·도 without a row of its own, made from one of the last rows of candidates."""
    book = load_workbook(root / "inputs/regions.xlsx")
    sheet = book["지역"]
    sheet.delete_rows(next(row for row in range(2, sheet.max_row) if sheet.cell(row, 2).value == "서울특별시"))
    book.save(root / "inputs/regions.xlsx")
    book = load_workbook(root / "inputs/candidates.xlsx")
    sheet = book["후보자"]
    head, *others = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for number, row in enumerate([head, *reversed(others)], start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    book.save(root / "inputs/candidates.xlsx")


def test_a_region_is_made_from_the_same_candidate(tmp_path: Path) -> None:
    campaign = Nation(tmp_path / "nation", inline, with_a_region_of_ours)
    (derived,) = [one for one in campaign.wholly().findings if one.code == "region.derived"]
    assert derived.cell
    assert derived.cell.row > 60
    for row in (577, 20):
        answer(row)(campaign)
        quick, whole = campaign.quickly(), campaign.wholly()
        assert quick is not None
        must_be_alike(quick, whole)
        assert quick.plan.due


def test_settings_that_are_saved_while_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are made of what was read; the next run finds that there is something else."""
    campaign = Nation(tmp_path / "nation", inline)
    path, at = campaign.root / "inputs/campaign.toml", Look.at

    def saved(*arguments: Any) -> Look:
        path.write_text(path.read_text("utf-8").replace('title = "', 'title = "새 '), encoding="utf-8")
        return at(*arguments)

    answer(577)(campaign)
    monkeypatch.setattr(Look, "at", saved)
    assert len(make(Options(campaign.root), [KIND], lambda _done, _due: None).made) == 1
    monkeypatch.undo()
    assert campaign.quickly() is None


@pytest.mark.parametrize(("kind", "counts"), [("notice", ""), ("report", "papers count answers")])
def test_papers_of_other_kinds(kind: str, counts: str, tmp_path: Path, reasons: list[str]) -> None:
    campaign = Nation(tmp_path / "nation", inline, kinds=(KIND, kind))
    quick = campaign.quickly()
    assert quick is not None
    must_be_alike(quick, campaign.wholly())
    answer(577)(campaign)
    if counts:
        assert campaign.quickly() is None
        assert counts in reasons[-1]
    else:
        quick = campaign.quickly()
        assert quick is not None
        must_be_alike(quick, campaign.wholly())


def for_whoever_answered(root: Path) -> None:
    """Papers for those who answered, whatever they said; one has not."""
    path = root / "inputs/campaign.toml"
    written = path.read_text(encoding="utf-8")
    assert '"협약" = "예"' in written
    path.write_text(written.replace('"협약" = "예"', '"회신" = "예"'), encoding="utf-8")
    rows = rows_of(root / "inputs/answers.xlsx")
    for row in rows[501:511]:
        row[2:4] = ["무응답", None]
    inline(root / "inputs/answers.xlsx", rows)


def test_who_gets_a_first_paper(tmp_path: Path, reasons: list[str]) -> None:
    campaign = Nation(tmp_path / "nation", inline, for_whoever_answered, count=COUNT - 1)
    answer(505, "거부", "할 수 없습니다.")(campaign)
    assert campaign.quickly() is None
    assert "other papers" in reasons[-1]
    assert len(campaign.wholly().plan.due) == 1


def test_papers_up_to_date_are_looked_up_once_and_only_when_asked_for(campaign: Nation) -> None:
    looked: list[int] = []
    job = campaign.wholly().plan.jobs[0]

    def look() -> list[Job]:
        looked.append(1)
        return [job, job]

    jobs = Unread((job,), 2, look)
    assert (len(jobs), Plan(jobs).due, looked) == (2, (job,), [])
    assert (list(jobs), jobs[1], jobs[:1], looked) == ([job, job], job, [job], [1])


def test_a_register_that_cannot_be_read_any_more_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """When `--json` lists the papers, the run itself is over."""

    def look() -> list[Job]:
        raise Trouble(finding("register.damaged", problem="it is gone"))

    monkeypatch.setattr(run, "make", lambda *_, **__: Outcome(jobs=Unread((), 1, look)), raising=False)
    result = here(folder, "make", "--json")
    assert result.code == 5
    assert [one["code"] for one in result.json["findings"]] == ["register.damaged"]


class Installed:
    """A LibreOffice that says a version of its own, and notes that it was asked; it can be replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("program/versionrc", "program/soffice.bin", "share/registry/main.xcd"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        program = folder / "program/soffice"
        program.write_text(
            f"""#!/bin/sh
cd '{folder}'
if [ "$1" = --version ]; then echo asked >>log; cat says; exit; fi
if [ -e upgrade ]; then cp upgrade program/versionrc; mv upgrade says; fi
exec '{find_office()}' "$@"
""",
            encoding="ascii",
        )
        program.chmod(0o755)
        self.environment = {"HYEOPYAK_SOFFICE": str(program)}
        self.says("LibreOffice 24.2.1.2")

    def says(self, shown: str, *, later: bool = False) -> None:
        """Another one is installed, at once or while the next documents are converted."""
        names = ["upgrade"] if later else ["says", "program/versionrc"]
        for name in names:
            (self.folder / name).write_text(f"{shown}\n", encoding="ascii")

    def was_asked(self) -> bool:
        """Since the last time."""
        asked = (self.folder / "log").exists()
        (self.folder / "log").unlink(missing_ok=True)
        return asked

    def make(self, folder: Folder) -> tuple[int, int]:
        """The exit code, and how many documents were made."""
        result = folder.run("make", "--json", **self.environment)
        return result.code, result.json["counts"].get("made", 0)


@pytest.fixture
def libreoffice(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "libreoffice")


def test_libreoffice_says_its_version_once(folder: Folder, libreoffice: Installed) -> None:
    """Until another one is installed, of which papers are made again."""
    assert libreoffice.make(folder) == (0, 3)
    assert libreoffice.was_asked()
    assert libreoffice.make(folder) == (0, 0)
    assert not libreoffice.was_asked()
    libreoffice.says("LibreOffice 24.8.1.1")
    assert libreoffice.make(folder) == (0, 3)


def test_one_that_did_not_answer_is_asked_again(folder: Folder, libreoffice: Installed) -> None:
    libreoffice.make(folder)
    libreoffice.says("")
    assert libreoffice.make(folder) == (0, 0)
    (libreoffice.folder / "says").write_text("LibreOffice 24.2.1.2\n", encoding="ascii")
    folder.change("inputs/answers.csv", "예산 범위에서 한다.", "예산의 범위에서 한다.")
    assert libreoffice.make(folder) == (0, 1)


def test_one_that_is_installed_while_the_run_goes_on_is_asked(folder: Folder, libreoffice: Installed) -> None:
    libreoffice.says("LibreOffice 24.8.1.1", later=True)
    assert libreoffice.make(folder) == (0, 3)
    assert libreoffice.make(folder) == (0, 3), "those were recorded as the other's"
    assert libreoffice.make(folder) == (0, 0)
