"""Packets: what is in them, what their files are called, who opens them, and when they are left alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import pyzipper
from conftest import REPOSITORY, Folder
from packets import delivered, issued, print_all
from verdict import here

from pipeline.doors import files, pdf, zips
from pipeline.run.passphrases import new
from pipeline.steps.packets import addresses, safe_names

HANBIT, NURI = "한빛협의회", "누리협의회"
FIRST, SECOND, THIRD = "A-4110001-0001", "A-4110001-0002", "A-4110002-0001"
PASSPHRASES = "outputs/packets-passphrases.csv"


def place(folder: Folder) -> Path:
    return folder.root / "outputs/packets"


def state(folder: Folder) -> dict[str, tuple[int, int]]:
    """Inode and time of every file of packets: what was written anew has others."""
    found = (path for path in sorted(place(folder).rglob("*")) if path.is_file())
    return {str(path.relative_to(place(folder))): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def codes(folder: Folder, *arguments: str) -> tuple[int, list[str]]:
    """Exit code, and codes of all findings but what a machine without LibreOffice is told."""
    result = here(folder, "deliver", "--json", *arguments)
    found = [one["code"] for one in result.json["findings"]]
    return result.code, [one for one in found if one != "packet.letter"]


def phrases(folder: Folder) -> dict[str, str]:
    lines = (folder.root / PASSPHRASES).read_text("utf-8-sig").splitlines()
    return dict(line.split(",") for line in lines[1:])


def test_a_packet_holds_its_councils_papers_and_no_other(folder: Folder) -> None:
    issued(folder)
    assert codes(folder) == (0, [])
    papers = {HANBIT: (FIRST, SECOND), NURI: (THIRD,)}
    for council, numbers in papers.items():
        own = place(folder) / council
        there = sorted(path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file())
        with zipfile.ZipFile(place(folder) / f"{council}.zip") as archive:
            assert sorted(archive.namelist()) == there
            for name in there:
                assert archive.read(name) == (own / name).read_bytes()
        found = sorted(re.findall(r"(Word|PDF)/(A-\d+-\d+)_.*\.(docx|pdf)", "\n".join(there)))
        assert found == sorted([("Word", n, "docx") for n in numbers] + [("PDF", n, "pdf") for n in numbers])
        assert {one for one in there if "/" not in one} == {"index.html", "안내문.docx"}


def change_answer(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "2,1,수용,", "2,1,부분수용,예산 범위에서")


def change_file(folder: Folder) -> None:
    path = next((folder.root / "outputs/agreements").rglob(f"{THIRD}*.docx"))
    path.write_bytes(path.read_bytes() + b"by hand")


def lose_file(folder: Folder) -> None:
    next((folder.root / "outputs/agreements").rglob(f"{THIRD}*.pdf")).unlink()


def new_candidate(folder: Folder) -> None:
    with (folder.root / "inputs/candidates.csv").open("a", encoding="utf-8") as file:
        file.write("3,구·시·군의 장,서울특별시,2번구,무소속,2,새사람\n")
    with (folder.root / "inputs/answers.csv").open("a", encoding="utf-8") as file:
        file.write("3,1,수용,\n")


STALE: dict[str, tuple[Callable[[Folder], object], str]] = {
    "the text changed since": (change_answer, "text changed"),
    "changed by hand": (change_file, "file changed by hand"),
    "the PDF is gone": (lose_file, "file missing"),
    "a paper was never made": (new_candidate, "new"),
}


@pytest.mark.parametrize("case", STALE)
def test_a_paper_that_is_not_as_it_was_issued_holds_its_packet_back(case: str, folder: Folder) -> None:
    harm, problem = STALE[case]
    issued(folder)
    harm(folder)
    result = here(folder, "deliver", "--json")
    told = [one for one in result.json["findings"] if one["level"] == "error"]
    assert [one["code"] for one in told] == ["packet.stale"]
    assert problem in told[0]["message"]
    assert NURI in told[0]["message"]
    assert result.code == 1
    assert (place(folder) / f"{HANBIT}.zip").exists()
    assert not (place(folder) / f"{NURI}.zip").exists()
    assert codes(folder, "--keep-going") == (1, ["packet.stale"])
    kept = "new" in problem
    assert (place(folder) / f"{NURI}.zip").exists() == kept, "its only paper was the one that is not there"


def test_an_error_in_the_sheets_stops_all_packets(folder: Folder) -> None:
    issued(folder)
    folder.change("inputs/answers.csv", "2,1,수용,", "2,1,아무말,")
    code, found = codes(folder)
    assert (code, place(folder).exists()) == (1, False)
    assert "packet.stale" not in found


def remake(folder: Folder) -> None:
    change_answer(folder)
    assert here(folder, "make", "--jobs", "1").code == 3
    print_all(folder, {})


CHANGES: dict[str, tuple[Callable[[Folder], object], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "a paper was made anew": (remake, {f"{NURI}.zip", f"{NURI}/Word/{THIRD}_2번구청장_남궁가다.docx"}),
    "a file was changed by hand": (
        lambda it: (place(it) / HANBIT / "index.html").write_text("x"),
        {f"{HANBIT}.zip", f"{HANBIT}/index.html"},
    ),
    "a ZIP was lost": (lambda it: (place(it) / f"{NURI}.zip").unlink(), {f"{NURI}.zip"}),
    "the memory is damaged": (
        lambda it: (place(it) / "packets.json").write_text('{"x": [}'),
        {f"{HANBIT}.zip", f"{NURI}.zip", "packets.json"},
    ),
    "a file that somebody put there": (lambda it: (place(it) / HANBIT / "메모.txt").write_text("x"), set()),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_has_not_changed_is_left_alone(case: str, folder: Folder) -> None:
    change, written = CHANGES[case]
    issued(folder)
    codes(folder)
    change(folder)
    before = {name: stamp for name, stamp in state(folder).items() if name != "packets.json" or "memory" in case}
    assert codes(folder) == (0, [])
    after = state(folder)
    assert {name for name, stamp in after.items() if before.get(name, stamp) != stamp} | (
        before.keys() - after.keys()
    ) | {name for name in after if name not in before and name != "packets.json"} == written


def test_a_revision_takes_the_place_of_the_one_before(folder: Folder) -> None:
    issued(folder)
    assert codes(folder, "--handed-over", "--only", NURI) == (0, ["packet.handed"])
    assert delivered(folder) == [(NURI, THIRD, 1, "packet")]
    remake(folder)
    codes(folder)
    names = {path.name for path in (place(folder) / NURI).rglob(f"{THIRD}*")}
    assert names == {f"{THIRD}_2번구청장_남궁가다_2판.docx", f"{THIRD}_2번구청장_남궁가다_2판.pdf"}
    codes(folder, "--handed-over")
    assert sorted(delivered(folder)) == sorted(
        [
            (NURI, THIRD, 1, "packet"),
            (NURI, THIRD, 2, "packet"),
            (HANBIT, FIRST, 1, "packet"),
            (HANBIT, SECOND, 1, "packet"),
        ]
    )
    assert codes(folder, "--handed-over")[1] == ["packet.handed"]
    assert len(delivered(folder)) == 4, "what was recorded is not recorded twice"


def test_the_name_of_a_council_means_no_other(folder: Folder) -> None:
    councils = {"중구협의회": "a@example.org", "서울중구협의회": "b@example.org", "서울협의회": ""}
    issued(folder, councils=councils)

    def packed(text: str) -> list[str]:
        paths = here(folder, "deliver", "--dry-run", "--only", text).out.split()
        return sorted(Path(path).stem for path in paths)

    assert packed("중구협의회") == ["중구협의회"]
    assert packed("중구") == ["서울중구협의회", "중구협의회"]
    assert codes(folder, "--handed-over", "--only", "중구협의회") == (0, ["packet.handed"])
    assert {to for to, *_ in delivered(folder)} == {"중구협의회"}
    folder.change("inputs/regions.csv", "1번구,중구협의회", "1번구,")
    assert codes(folder, "--handed-over", "--only", "중구협의회") == (2, ["packet.nobody", "only.nothing"])
    assert {to for to, *_ in delivered(folder)} == {"중구협의회"}, "it has no papers, and no other is meant"


def test_a_dry_run_writes_nothing(folder: Folder) -> None:
    issued(folder)
    result = here(folder, "deliver", "--dry-run")
    assert result.out.split() == [f"outputs/packets/{NURI}.zip", f"outputs/packets/{HANBIT}.zip"]
    assert not place(folder).exists()


def test_the_language_of_packets_is_the_campaigns(folder: Folder) -> None:
    issued(folder)
    codes(folder, "--drafts")
    before = state(folder)
    assert here(folder, "deliver", "--drafts", "--lang", "ko").code == 0
    assert state(folder) == before


def test_a_memory_that_leads_out_of_the_folder_is_none(folder: Folder) -> None:
    issued(folder)
    outside = folder.write("inputs/precious.txt", "x")
    digest = hashlib.sha256(b"x").hexdigest()
    entry = {"files": {"../../../inputs/precious.txt": digest}, "letter": "", "archive": "", "encrypted": False}
    folder.write("outputs/packets/packets.json", json.dumps({"없는협의회": entry}))
    assert codes(folder) == (0, [])
    assert outside.exists()


@pytest.mark.parametrize(
    ("settings", "arguments", "verdict"),
    [
        ('[packets]\nkinds = ["proposal"]', (), (2, ["packet.kind"])),
        ("", ("--only", "없는곳"), (2, ["only.nothing"])),
        ("", ("--send", "--drafts"), (2, [])),
        ("", ("--again", HANBIT), (2, [])),
    ],
    ids=str,
)
def test_wrong_usage(settings: str, arguments: tuple[str, ...], verdict: tuple[int, list[str]], folder: Folder) -> None:
    issued(folder, settings=settings)
    result = here(folder, "deliver", "--json", *arguments)
    assert (result.code, [one["code"] for one in result.json["findings"]] if result.out else []) == verdict


def test_who_gets_a_paper_is_what_the_table_says_today(folder: Folder) -> None:
    issued(folder)
    codes(folder)
    folder.change("inputs/regions.csv", f"2번구,{NURI}", f"2번구,{HANBIT}")
    assert codes(folder) == (0, [])
    names = {path.name[:14] for path in (place(folder) / HANBIT / "PDF").iterdir()}
    assert names == {FIRST, SECOND, THIRD}
    assert not [path for path in place(folder).rglob(f"*{NURI}*") if path.is_file()]
    folder.change("inputs/regions.csv", f"2번구,{HANBIT}", "2번구,")
    folder.change("inputs/regions.csv", f"1번구,{HANBIT}", "1번구,")
    assert codes(folder) == (0, ["packet.nobody", "packet.nothing"])


# --- names ----------------------------------------------------------------------------------------------------------

NAMES = {
    "as it is": (["서울협의회"], ["서울협의회"]),
    "composed": ([unicodedata.normalize("NFD", "서울협의회")], ["서울협의회"]),
    "signs that Windows forbids": (['가/나:다*"라"'], ["가_나_다__라_"]),
    "a name that Windows keeps for itself": (["CON", "nul.x"], ["_CON", "_nul.x"]),
    "a dot at the end": (["협의회."], ["협의회"]),
    "alike but for capitals": (["Seoul", "SEOUL"], ["Seoul-a1d1b2", "SEOUL-3b2f7e"]),
    "alike once safe": (["가/나", "가:나"], ["가_나-x", "가_나-x"]),
    "long": (["가" * 200], ["가" * 53 + "-x"]),
    "long in bytes": (["🙂" * 60], ["🙂" * 50 + "-x"]),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_that_any_system_takes(case: str) -> None:
    given, wanted = NAMES[case]
    found = safe_names(given, files.file_name)
    assert [re.sub(r"-[0-9a-f]{6}$", "-x", found[one]) for one in given] == [
        re.sub(r"-[0-9a-f]{6}$", "-x", one) for one in wanted
    ]
    assert len({one.casefold() for one in found.values()}) == len(given)
    assert all(len(one) <= 60 and unicodedata.is_normalized("NFC", one) for one in found.values())


def test_a_long_file_name_is_cut_by_bytes(folder: Folder) -> None:
    """A pattern may fill what file systems take with Hangul; a packet puts the number before it."""
    issued(folder, settings=f'file = "{"{이름}" * 17}{{번호}}"')
    assert codes(folder) == (0, [])
    names = [path.name for path in (place(folder) / HANBIT / "PDF").iterdir()]
    assert {name[:14] for name in names} == {FIRST, SECOND}
    assert all(170 < len(name.encode()) <= 204 for name in names)


def test_a_council_of_a_strange_name(folder: Folder) -> None:
    name = "가/나: 협의회 <script>alert(1)</script> & Co."
    issued(folder, councils={name: "a@example.org"})
    assert codes(folder) == (0, [])
    (archive,) = place(folder).glob("*.zip")
    assert archive.name == "가_나_ 협의회 _script_alert(1)__script_ & Co.zip"
    page = (archive.with_suffix("") / "index.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co." in page


def test_papers_whose_names_are_as_long_as_files_can_bear(folder: Folder) -> None:
    issued(folder, settings=f'file = "{"가" * 66}{{이름}}{{번호}}"')
    assert codes(folder) == (0, [])
    names = {path.name for path in (place(folder) / HANBIT).rglob("A-*.docx")}
    assert {name[:16] for name in names} == {"A-4110001-0001_가", "A-4110001-0002_가"}
    assert all(200 < len(name.encode()) < 240 for name in names)


# --- the page -------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_the_page_leads_to_every_file_beside_it_and_nowhere_else(folder: Folder) -> None:
    issued(folder, settings="[packets]\ndeadline = 2018-06-01\n")
    codes(folder)
    own = place(folder) / HANBIT
    text = (own / "index.html").read_text("utf-8")
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    there = {path.relative_to(own).as_posix() for path in own.rglob("*.*") if path.is_file()} - {"index.html"}
    assert {unquote(link) for link in page.links} == there
    assert "2018. 6. 1.(금)" in text


# --- ZIPs -----------------------------------------------------------------------------------------------------------


def seven() -> str:
    program = shutil.which("7zz") or shutil.which("7z")
    assert program, "7z is missing: make setup"
    return program


def called(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_other_programs_read_the_names(folder: Folder, tmp_path: Path) -> None:
    issued(folder)
    codes(folder)
    path = str(place(folder) / f"{HANBIT}.zip")
    wanted = {
        f"PDF/{FIRST}_1번구청장_남궁가나.pdf",
        f"Word/{SECOND}_1번구청장_남궁가가.docx",
        "안내문.docx",
        "index.html",
    }
    assert wanted <= set(re.findall(r"\d\d:\d\d   (.+)", called("unzip", "-l", path).stdout))
    assert called("unzip", "-t", path).returncode == 0
    listed = called(seven(), "l", "-slt", path).stdout
    assert wanted <= set(re.findall(r"(?m)^Path = (.+)$", listed))
    assert called(seven(), "t", path).returncode == 0
    with zipfile.ZipFile(path) as archive:
        assert wanted <= set(archive.namelist())
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(one.flag_bits & 0x800 for one in archive.infolist() if not one.filename.isascii())


def test_the_same_files_give_the_same_bytes() -> None:
    given = {"PDF/나.pdf": b"2", "가.txt": b"1"}
    assert zips.zipped(given) == zips.zipped(dict(reversed(given.items())))
    assert zips.zipped(given, "x") != zips.zipped(given, "x"), "what encryption begins with is drawn by lot"


def test_an_encrypted_packet_opens_with_its_passphrase_only(folder: Folder) -> None:
    issued(folder)
    assert codes(folder, "--encrypt") == (0, ["packet.encrypted"])
    kept = phrases(folder)
    assert set(kept) == {HANBIT, NURI}
    assert all(re.fullmatch(r"(?:[a-z]{4}-){5}\d{4}", one) for one in kept.values())
    assert stat.S_IMODE((folder.root / PASSPHRASES).stat().st_mode) == 0o600
    path = str(place(folder) / f"{HANBIT}.zip")
    assert called(seven(), "t", f"-p{kept[HANBIT]}", path).returncode == 0
    assert "AES-256" in called(seven(), "l", "-slt", path).stdout
    for wrong in (kept[NURI], "x"):
        assert called(seven(), "t", f"-p{wrong}", path).returncode != 0
    with pyzipper.AESZipFile(path) as archive:
        with pytest.raises(RuntimeError, match="encrypted"):
            archive.read("index.html")
        archive.setpassword(kept[HANBIT].encode())
        assert archive.read("index.html") == (place(folder) / HANBIT / "index.html").read_bytes()


def test_passphrases_stay_and_go_nowhere(folder: Folder) -> None:
    issued(folder)
    first = here(folder, "deliver", "--encrypt", "-v")
    kept, before = phrases(folder), state(folder)
    second = here(folder, "deliver", "-v")
    assert (phrases(folder), state(folder)) == (kept, before), "a packet that was encrypted stays so"
    here(folder, "deliver", "--drafts")
    everything = b"".join(path.read_bytes() for path in place(folder).rglob("*") if path.is_file())
    logs = "".join(path.read_text("utf-8") for path in (folder.root / "outputs/logs").iterdir())
    said = first.out + first.err + second.out + second.err + logs
    for phrase in kept.values():
        assert phrase not in said
        assert phrase.encode() not in everything
    assert codes(folder, "--no-encrypt") == (0, [])
    with zipfile.ZipFile(place(folder) / f"{HANBIT}.zip") as archive:
        assert archive.testzip() is None


def choose(folder: Folder, *arguments: str) -> set[str]:
    """Councils whose packets are encrypted, after packets were cleaned away and made again."""
    here(folder, "deliver", *arguments)
    shutil.rmtree(place(folder))
    here(folder, "deliver")
    found = set()
    for path in place(folder).glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            found |= {path.stem} if archive.infolist()[0].flag_bits & 1 else set()
    return found


def rename(folder: Folder, council: str, name: str) -> None:
    for table in ("regions", "councils"):
        folder.change(f"inputs/{table}.csv", council, name)


def test_what_was_locked_stays_locked_after_cleaning(folder: Folder) -> None:
    issued(folder)
    assert choose(folder) == set()
    assert choose(folder, "--encrypt", "--only", HANBIT) == {HANBIT}
    assert choose(folder, "--no-encrypt", "--only", HANBIT) == set(), "although it has a passphrase"
    assert choose(folder, "--encrypt") == {HANBIT, NURI}
    assert choose(folder, "--no-encrypt", "--only", HANBIT) == {NURI}
    rename(folder, HANBIT, "새협의회")
    assert choose(folder) == {NURI, "새협의회"}, "who is new is locked as all are"
    assert choose(folder, "--no-encrypt") == set()
    rename(folder, NURI, "다른협의회")
    assert choose(folder) == set()


def test_who_has_a_passphrase_needs_it_whatever_the_register_knows(folder: Folder) -> None:
    issued(folder)
    folder.write(PASSPHRASES, f"협의회,암호\n{NURI},tofi-nela-4827\n")
    assert choose(folder) == {NURI}


def test_a_passphrase_is_tried_only_where_the_archive_is_ours(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(folder)
    codes(folder, "--encrypt")
    for path in place(folder).glob("*.zip"):
        path.write_bytes(b"by hand")
    monkeypatch.setattr(zips, "opens", lambda *_: pytest.fail("the hash is another one"))
    assert codes(folder) == (0, ["packet.encrypted"])


def test_a_changed_passphrase_locks_anew(folder: Folder) -> None:
    issued(folder)
    codes(folder, "--encrypt")
    phrase = phrases(folder)[HANBIT]
    folder.change(PASSPHRASES, phrase, "이것은 새 암호 1")
    assert codes(folder) == (0, ["packet.encrypted"])
    assert zips.opens(place(folder) / f"{HANBIT}.zip", "index.html", "이것은 새 암호 1")


def test_passphrases_that_cannot_be_read_are_not_made_anew(folder: Folder) -> None:
    issued(folder)
    codes(folder, "--encrypt")
    folder.write(PASSPHRASES, "협의회;암호\n한빛협의회;x\n")
    assert codes(folder, "--encrypt") == (5, ["packet.passphrases"])
    assert (folder.root / PASSPHRASES).read_text("utf-8") == "협의회;암호\n한빛협의회;x\n"


def test_a_passphrase_is_of_words_and_digits() -> None:
    signs = iter("bakedifo" * 5 + "1234")
    assert new(lambda of: next(sign for sign in signs if sign in of)).count("-") == 5
    assert len({new() for _ in range(1000)}) == 1000


# --- the letter -----------------------------------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.slow
def test_letters_as_pdf(folder: Folder) -> None:
    settings = '[packets]\ndeadline = 2018-06-01\nanswer_to = "scan@example.org"\n'
    issued(folder, settings=settings)
    result = folder.run("deliver", "--json", "--encrypt")
    assert (result.code, result.codes) == (0, set())
    for council, numbers in ((HANBIT, (FIRST, SECOND)), (NURI, (THIRD,))):
        pages = pdf.texts((place(folder) / council / "안내문.pdf").read_bytes())
        assert len(pages) == 2
        for words in (council, "2018년6월1일(금)까지", "scan@example.org", "200~300dpi", "컬러", "메신저", "암호"):
            assert words in pages[0], words
        assert re.findall(r"A-\d{7}-\d{4}", pages[1]) == list(numbers)
    before = state(folder)
    again = folder.run("deliver", "--json")
    assert (again.code, state(folder)) == (0, before)
    archive = place(folder) / f"{HANBIT}.zip"
    assert zips.opens(archive, "안내문.pdf", phrases(folder)[HANBIT])


@pytest.mark.office
@pytest.mark.slow
def test_a_letter_of_thirty_papers_is_one_page_and_a_list(tmp_path: Path) -> None:
    from pipeline.doors.office import Office, find_office
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    template = WordTemplate((REPOSITORY / "templates/cover-letter.docx").read_bytes(), FILTERS, "x")
    bodies = [
        {"이름": f"{n}번째 한빛사회적경제연대회의", "직함": "대표", "대표": "진하율", "로고": ""} for n in range(2)
    ]
    sorts = [{"제목": f"{n}번 정책 문서", "건수": 4, "쪽수": 8, "부수": 2, "서명": n % 2 == 0} for n in range(8)]
    row = {
        "판": 1,
        "제목": "정책협약서",
        "대상": "서울특별시 종로구의회의원 예비후보 선우미령",
        "지역": "",
        "쪽": 2,
        "부수": 2,
    }
    papers = [{**row, "번호": f"A-4110100-{n:04d}", "서명": n % 2 == 0} for n in range(30)]
    context = {
        "캠페인": {"이름": "2018 사회적경제 정책협약"},
        "단체": bodies[0],
        "단체들": bodies,
        "협의회": {"이름": "서울도심권사회적경제협의회", "직함": "공동대표", "대표": "어채윤"},
        "꾸러미": {
            "건수": 30, "쪽수": 60, "서명건수": 15, "인쇄쪽수": 90, "기한": "2018-06-01", "회신": "scan@example.org",
            "기준일": "2018-05-20", "잠금": True, "종류": sorts, "목록": papers,
        },
    }  # fmt: skip
    rendered, findings = template.render(context)
    assert findings == []
    (blob,) = Office(find_office(), tmp_path).convert([template.pack(rendered)], 1)
    pages = pdf.texts(blob)
    assert ["문서확인표" in page for page in pages] == [False, True, False]
    assert "한빛사회적경제연대회의" in pages[0]
    assert re.findall(r"A-4110100-\d{4}", "".join(pages)) == [one["번호"] for one in papers]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_who_has_libreoffice_is_not_told_to_install_it_only(lang: str, folder: Folder) -> None:
    issued(folder)
    told = here(folder, "deliver", "--json", "--lang", lang).json["findings"]
    (remedy,) = [one["remedy"] for one in told if one["code"] == "packet.letter"]
    assert "make setup" in remedy
    assert {"en": "where it failed", "ko": "실패했으면"}[lang] in remedy


def test_a_letter_whose_template_names_what_is_not_there(folder: Folder) -> None:
    from conftest import word

    issued(folder)
    folder.write("templates/cover-letter.docx", word("{{ 협의회.이름 }} {{ 꾸러미.없는것 }}"))
    code, found = codes(folder)
    assert (code, found) == (1, ["template.field"])
    (folder.root / "templates/cover-letter.docx").unlink()
    assert codes(folder) == (5, ["template.missing"])


@pytest.mark.slow
def test_a_letter_that_says_something_else(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.run import letters

    issued(folder)
    monkeypatch.setattr(letters.office, "is_new_enough", lambda _: True)
    monkeypatch.setattr(letters.office, "version", lambda _: "")
    monkeypatch.setattr(letters.Letters, "_converted", lambda *_: [b"", b""])
    monkeypatch.setattr(letters, "_says", lambda _, packet: packet.receiver.name == NURI)
    result = here(folder, "deliver", "--json", soffice=sys.executable)
    assert (result.code, [one["code"] for one in result.json["findings"]]) == (4, ["packet.letter_wrong"])
    assert [path.name for path in place(folder).glob("*.zip")] == [f"{NURI}.zip"]


ADDRESSES = {
    "a@example.org": ("a@example.org",),
    " a@example.org, b@example.co.kr ": ("a@example.org", "b@example.co.kr"),
    "a@example.org; b@example.org\nc@example.org": ("a@example.org", "b@example.org", "c@example.org"),
    "": (),
    "없음": (),
    "a@example": (),
    "a@example.org 010-1234-5678": (),
    "a@example.org>\r\nBcc: b@example.org": (),
    "가@example.org": (),
    "<a@example.org>": (),
    ".a@example.org": (),
    "a..b@example.org": (),
    "a.b@example.org": ("a.b@example.org",),
}


@pytest.mark.parametrize("cell", ADDRESSES)
def test_addresses_of_a_cell(cell: str) -> None:
    assert addresses(cell) == ADDRESSES[cell]


def test_packets_json_names_no_person(folder: Folder) -> None:
    issued(folder)
    codes(folder)
    kept = json.loads((place(folder) / "packets.json").read_text("utf-8"))
    assert set(kept) == {HANBIT, NURI}
    assert "example.org" not in json.dumps(kept)
