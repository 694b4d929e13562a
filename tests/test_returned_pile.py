"""A whole pile, as it comes from the copier: 150 shuffled pages of 30 papers, and the report it ends in.

`python -m tools.prove_scans` measures the same on thousands of pages.
"""

from __future__ import annotations

import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import CANDIDATES, REPOSITORY, Folder, word
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.pile import Orders, write_pile
from pipeline.doors.scans.simulated.truth import Kind, PageTruth, PileTruth
from pipeline.model.collected import Ask
from pipeline.model.identity import PageCode
from pipeline.model.scans import Sheet, State
from pipeline.run import Options
from pipeline.run.acting import source_of
from pipeline.run.collecting import collect
from pipeline.run.outcome import Outcome

PAPERS, PAGES = 30, 5
SENTENCES = (
    "지역의 사회적경제 조직이 공공조달에 고르게 참여하도록 우선구매 비율을 해마다 높인다.",
    "주민이 함께 운영하는 돌봄 협동조합을 세우고 운영비를 세 해 동안 지원한다.",
    "빈 공공건물을 마을기업의 일터로 내어 주고 사용료를 낮춘다.",
)
ORDERS = Orders(lost=5, duplicated=7, foreign=3, struck=2, unsigned=3, batch=320)
pytestmark = [pytest.mark.office, pytest.mark.slow]


def template() -> bytes:
    """A paper of five pages with two signature boxes on the last."""
    document = Document(io.BytesIO(word("정책협약서 {{ 문서.번호 }}")))
    for page in range(1, PAGES + 1):
        document.add_paragraph(f"제{page}장 {{{{ 후보.이름 }}}} 후보와 {{{{ 용어.분야 }}}}")
        for number in range(8):
            document.add_paragraph(f"{page}.{number + 1} {SENTENCES[(page + number) % 3]}")
        if page < PAGES:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    table = document.add_table(1, 2)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("color", "808080")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    table.rows[0].height = Mm(24)
    table.cell(0, 0).text = "{{ 단체.대표|서명칸('협약단체') }}"
    table.cell(0, 1).text = "{{ 후보.이름|서명칸('후보자') }}"
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(document.sections[0], side, Mm(25))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def papers(root: Path, count: int) -> Folder:
    """A campaign whose papers were made twice: the words changed in between."""
    folder = Folder(root)
    names = [f"{first}온{last}" for last in "결솔담률채윤" for first in "가나다라마바사아자차"]
    rows = [f"{1000 + n},구·시·군의 장,서울특별시,종로구,무소속,{n + 1},{names[n]}" for n in range(count)]
    folder.write("inputs/candidates.csv", "\n".join([CANDIDATES.splitlines()[0], *rows]) + "\n")
    folder.write(
        "inputs/answers.csv", "후보자ID,공약번호,답변,의견\n" + "".join(f"{1000 + n},1,수용,\n" for n in range(count))
    )
    folder.write("templates/agreement.docx", template())
    assert folder.run("make").code == 0
    return folder


@dataclass(frozen=True)
class Pile:
    """The campaign, what was done to its papers, and what the program made of them."""

    folder: Folder
    truth: PileTruth
    outcome: Outcome


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Pile:
    root = tmp_path_factory.mktemp("pile")
    folder = papers(root / "campaign", PAPERS)
    former = root / "former"
    with Register(folder.root / "outputs", readonly=True) as register:
        old = register.issued_pages()
    for page in old:
        kept = former / page.pdf
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes((folder.root / "outputs" / page.pdf).read_bytes())
    folder.change("inputs/campaign.toml", '"분야" = "사회적경제"', '"분야" = "사회연대경제"')
    assert folder.run("make").code == 0
    with Register(folder.root / "outputs", readonly=True) as register:
        new = register.issued_pages()[len(old) :]
    assert len(new) == PAPERS * PAGES == 150
    # Four papers were printed before the words changed: their first pages come back so.
    stale = {(one.number, one.page) for one in new if one.page == 1 and one.number.endswith(("07", "11", "19", "23"))}
    sources = [
        source_of(folder.root / "outputs", "TEST-2018", one) for one in new if (one.number, one.page) not in stale
    ]
    sources += [source_of(former, "TEST-2018", one, Kind.OLDER) for one in old if (one.number, one.page) in stale]
    truth = write_pile(folder.root / "inputs/signed", sources, ORDERS, 2018)
    return Pile(folder, truth, collect(Options(folder.root), lambda *_: None, str))


def sheets(pile: Pile) -> list[tuple[PageTruth, Sheet]]:
    """Each page of the pile beside what became of it."""
    assert pile.outcome.collection
    found = {(one.file, one.place.page): one for one in pile.outcome.collection.sheets}
    return [(page, found[page.file, page.page]) for page in pile.truth.pages]


def every_page_ends_in_its_state(pile: Pile) -> None:
    wanted = {Kind.OLDER: State.OLDER, Kind.FOREIGN: State.FOREIGN}
    wrong = []
    for page, sheet in sheets(pile):
        (told,) = page.sheets
        if told.kind is Kind.ISSUED:
            right = sheet.state in ({State.MATCHED, State.DUPLICATE} if page.duplicate else {State.MATCHED})
            right &= sheet.seen.code == told.code
        elif told.kind is Kind.FOREIGN:
            right = sheet.state in {State.FOREIGN, State.UNREADABLE} and not sheet.page
        else:
            right = sheet.state is wanted[told.kind]
        wrong += [] if right else [(told.kind, told.degradation, sheet.state)]
    assert wrong == []


def the_sums_agree(pile: Pile) -> None:
    assert pile.outcome.collection
    states = Counter(one.state for one in pile.outcome.collection.sheets)
    kinds = Counter(page.sheets[0].kind for page in pile.truth.pages)
    assert states.total() == len(pile.truth.pages) == 150 - 5 + 7 + 3
    assert (states[State.OLDER], states[State.DUPLICATE]) == (kinds[Kind.OLDER], 7)
    assert states[State.MATCHED] == kinds[Kind.ISSUED] - 7
    assert len(pile.truth.lost) == 5


def what_is_missing_is_named(pile: Pile) -> None:
    listed = (pile.folder.root / "outputs/missing/missing.csv").read_text(encoding="utf-8-sig")
    assert pile.outcome.collection
    lost = [code for text in pile.truth.lost if (code := PageCode.parse(text))]
    for code in lost:
        assert any(code.number in line for line in listed.splitlines()), code
    unsigned = [
        (PageCode.parse(told.code), one.name)
        for page in pile.truth.pages
        for told in page.sheets
        for one in told.signed
        if not one.how and not page.duplicate
    ]
    assert len(unsigned) == 3
    for found, name in unsigned:
        assert found
        assert any(found.number in line and name in line for line in listed.splitlines()), found


def a_crossed_out_pledge_does_not_pass(pile: Pile) -> None:
    assert pile.outcome.collection
    struck = {told.code for page in pile.truth.pages for told in page.sheets if told.struck}
    asked = {
        PageCode("TEST-2018", one.page.number, 1, one.page.page, one.page.pages, one.page.check).payload
        for one in pile.outcome.collection.cases
        if one.page and one.ask in {Ask.STRUCK, Ask.INK}
    }
    assert struck <= asked
    assert len(asked - struck) <= 3


def a_second_run_reads_nothing_and_says_the_same(pile: Pile) -> None:
    told: list[tuple[int, int]] = []
    again = collect(Options(pile.folder.root), lambda done, due: told.append((done, due)), str)
    assert again.collection == pile.outcome.collection
    assert told == [(0, 0)]


def test_a_pile_ends_in_the_right_report(pile: Pile) -> None:
    # One test: workers that share out tests would each make the pile anew.
    every_page_ends_in_its_state(pile)
    the_sums_agree(pile)
    what_is_missing_is_named(pile)
    a_crossed_out_pledge_does_not_pass(pile)
    a_second_run_reads_nothing_and_says_the_same(pile)


def test_killed_at_any_moment_and_run_again_it_ends_the_same(tmp_path: Path) -> None:
    folder = papers(tmp_path / "campaign", 6)
    with Register(folder.root / "outputs", readonly=True) as register:
        pages = register.issued_pages()
    write_pile(
        folder.root / "inputs/signed",
        [source_of(folder.root / "outputs", "TEST-2018", one) for one in pages],
        Orders(lost=1, duplicated=1, single_pdf=2, single_image=2, zipped=3, degradations=("clean", "office")),
        7,
    )
    signed = {path: path.read_bytes() for path in (folder.root / "inputs/signed").rglob("*") if path.is_file()}
    command = [sys.executable, "-m", "pipeline", "collect", "--quiet", "--campaign", str(folder.root)]
    chance = random.Random(5)
    for _ in range(2):
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.3, 3.5))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert {path: path.read_bytes() for path in signed} == signed
    after = collect(Options(folder.root), lambda *_: None, str)
    other = Folder(tmp_path / "undisturbed")
    for name in ("inputs", "templates", "outputs"):
        for path in (folder.root / name).rglob("*"):
            inside = path.relative_to(folder.root)
            if path.is_file() and not str(inside).startswith(
                ("outputs/originals", "outputs/review", "outputs/missing")
            ):
                other.write(str(inside), path.read_bytes())
    with sqlite3.connect(other.root / "outputs/register.sqlite") as database:
        for table in ("readings", "originals", "decisions"):
            database.execute("DELETE FROM " + table)  # noqa: S608 - names of our own
    fresh = collect(Options(other.root), lambda *_: None, str)
    assert after.collection == fresh.collection
    assert (folder.root / "outputs/missing/missing.csv").read_bytes() == (
        other.root / "outputs/missing/missing.csv"
    ).read_bytes()
    kept = {path.name: path.read_bytes() for path in (folder.root / "outputs/originals").iterdir()}
    assert kept == {path.name: path.read_bytes() for path in (other.root / "outputs/originals").iterdir()}
