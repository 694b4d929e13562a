"""The catalogue of findings: its page is current, and every code is raised by a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import REPOSITORY, Folder, word
from verdict import here

from pipeline.model.catalogue import CATALOGUE
from tools import findings

PARTIES = """\
[kinds.party-agreement]
title = "정당 협약서"
letter = "B"
template = "agreement.docx"
for_each = "party"
filter = { "협약" = "예" }
folder = "parties"
"""
ACTIVISTS = """\
[kinds.declaration]
title = "선언문"
letter = "D"
template = "declaration.docx"
for_each = "campaign"
folder = "declarations"
[kinds.declaration.roll]
"""
CAMPAIGN = "inputs/campaign.toml"


def add(folder: Folder, table: str, kind: str) -> None:
    """Another table, and a kind of papers that needs it."""
    folder.change(CAMPAIGN, "[kinds.agreement]", f'{table} = "{table}.csv"\n[kinds.agreement]')
    path = folder.root / CAMPAIGN
    path.write_text(path.read_text(encoding="utf-8") + kind, encoding="utf-8")


def tag_in_settings(folder: Folder) -> None:
    folder.change(CAMPAIGN, 'name = "시험 협약"', 'name = "{{ 협약 }}"')


def one_letter_for_two_kinds(folder: Folder) -> None:
    folder.write("inputs/parties.csv", "정당ID,정당,직함,대표자\n1,푸른내일당,의장,가람\n")
    add(folder, "parties", PARTIES.replace('"B"', '"A"'))


def one_file_for_all_papers(folder: Folder) -> None:
    folder.change(CAMPAIGN, 'folder = "agreements"', 'folder = "agreements"\nfile = "협약서"')


def nobody_for_a_paper(folder: Folder) -> None:
    folder.change(CAMPAIGN, '{ "협약" = "예" }', '{ "당선" = "예" }')


def short_name_of_a_region(folder: Folder) -> None:
    folder.change("inputs/regions.csv", "종로구", "종로")


def region_of_candidates_only(folder: Folder) -> None:
    row = "104,시·도지사,부산광역시,부산광역시,무소속,2,한가람\n"
    path = folder.root / "inputs/candidates.csv"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")


def old_name_of_a_province(folder: Folder) -> None:
    folder.change("inputs/regions.csv", "1100,서울특별시,\n", "1100,서울특별시,\n5200,전북특별자치도,\n")
    path = folder.root / "inputs/candidates.csv"
    row = "104,시·도지사,전라북도,전라북도,무소속,2,한가람\n"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")


def no_consent(folder: Folder) -> None:
    folder.write("inputs/activists.csv", "이름,소속,시도,동의\n가람,모임,서울특별시,아니오\n나래,모임,서울특별시,예\n")
    folder.write("templates/declaration.docx", word("{{ 문서.제목 }} {{ 연명부.인원 }}"))
    add(folder, "activists", ACTIVISTS)


def party_without_answers(folder: Folder) -> None:
    folder.write("inputs/parties.csv", "정당ID,정당,직함,대표자\n1,푸른내일당,의장,가람\n")
    add(folder, "parties", PARTIES)


def answer_to_anothers_pledge(folder: Folder) -> None:
    folder.write("inputs/pledges.csv", "번호,시도,소관,제목\n1,,,조례\n2,,,구매\n3,서울특별시,교육청,급식\n")
    folder.change("inputs/answers.csv", "102,1,수용,", "102,1,수용,\n102,3,수용,")


def name_in_latin_letters(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "남궁한결", "Xq")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("campaign.tag", tag_in_settings),
        ("kind.letter", one_letter_for_two_kinds),
        ("kind.file", one_file_for_all_papers),
        ("kind.nothing", nobody_for_a_paper),
        ("region.name", short_name_of_a_region),
        ("region.derived", region_of_candidates_only),
        ("region.spelled", old_name_of_a_province),
        ("signer.no_consent", no_consent),
        ("party.unanswered", party_without_answers),
        ("answer.unreached", answer_to_anothers_pledge),
        ("particle.undecided", name_in_latin_letters),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_no_other_test_raises(folder: Folder, code: str, change: object) -> None:
    assert callable(change)
    assert code not in told(folder)
    change(folder)
    assert code in told(folder)


def told(folder: Folder) -> set[str]:
    return {one["code"] for one in here(folder, "check", "--json").json["findings"]}


def test_a_template_of_nobody(folder: Folder) -> None:
    folder.write("templates/other.docx", word("가"))
    result = here(folder, "template", "check", str(folder.root / "templates/other.docx"), "--json")
    assert result.codes == {"template.nobody"}


# --- the page ----------------------------------------------------------------------------------------------------

UNRAISED: set[str] = set()
"""Codes that no test raises: each a debt."""


def test_the_page_is_current() -> None:
    assert findings.PAGE.read_text(encoding="utf-8") == findings.page(), "run: python -m tools.findings"


def test_every_code_stands_on_the_page_once_below_a_heading_of_its_own() -> None:
    codes = re.findall(r"^\| `([\w.]+)` \|", findings.PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(codes) == sorted(CATALOGUE)
    assert [code for code in CATALOGUE if findings._group(code) == findings._OTHERS] == []


def test_every_code_is_raised_by_a_test() -> None:
    files = [path for path in (REPOSITORY / "tests").rglob("*") if path.suffix in {".py", ".txt", ".tsv"}]
    own = Path(__file__).read_text(encoding="utf-8").partition("UNRAISED")[0]
    others = (path.read_text(encoding="utf-8", errors="replace") for path in files if path.name != Path(__file__).name)
    texts = "\n".join([own, *others])
    assert {code for code in CATALOGUE if code not in texts and not in_short(code)} == UNRAISED


def in_short(code: str) -> bool:
    """Whether the corpus of broken templates, which leaves out `template.`, expects it."""
    first, _, rest = code.partition(".")
    corpus = (REPOSITORY / "tests/broken.py").read_text(encoding="utf-8")
    return first == "template" and f'"{rest}"' in corpus
