"""Personal data planted in the inputs, and every place where they must not come out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import bound
import pytest
from conftest import Folder
from once import at, copied, once

from pipeline.doors.pdf import texts

pytestmark = [pytest.mark.office, pytest.mark.slow]
PLANTED = {
    "phone": "010-2345-6789",
    "phone without hyphens": "01098765432",
    "address": "한빛로 12길 34",
    "birth date": "1971-03-14",
    "e-mail": "haneul@example.org",
    "resident number": "710314-1234567",
}
PASSWORD = {"HYEOPYAK_SEAL_PASSWORD": "s3"}


def plant(folder: Folder) -> None:
    """Columns that staff keep beside what papers need; one phone number in the wrong column."""
    columns = [PLANTED[one] for one in ("phone", "address", "birth date", "e-mail")]
    lines = (folder.root / "inputs/candidates.csv").read_text("utf-8").splitlines()
    rows = [f"{lines[0]},전화,주소,생년월일,이메일", *(",".join([line, *columns]) for line in lines[1:])]
    folder.write("inputs/candidates.csv", "\n".join(rows) + "\n")


def spoil(folder: Folder) -> None:
    """Mistakes that are told by cell: the values must not be repeated."""
    folder.change("inputs/answers.csv", "202,1,수용,", f"202,1,{PLANTED['phone without hyphens']},")
    folder.change("inputs/answers.csv", "203,1,수용,", f"203,1,수용,{PLANTED['resident number']}")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, str]:
    """The folder after many commands, and what every one printed as JSON."""

    def build(root: Path) -> None:
        root.mkdir()
        talk = used(copied(bound.ready(tmp_path_factory).root, root / "campaign"))
        (root / "talk.txt").write_text(talk, encoding="utf-8")

    found = once(tmp_path_factory, "said", build)
    return at(found / "campaign"), (found / "talk.txt").read_text(encoding="utf-8")


def used(folder: Folder) -> str:
    """What is printed while everything is done with a campaign."""
    plant(folder)
    talk = []
    commands = [
        ("make",), ("collect",), ("compile",), ("affected",), ("status",), ("doctor",), ("seal", "new"),
        *(("signoff", "전국", "--by", one, "--accept-missing", "-", "--edition", "public") for one in bound.APPROVERS),
        ("archive", "--edition", "public"), ("verify", str(folder.root / "outputs/archive/TEST-2018-public")),
    ]  # fmt: skip
    for command in commands:
        done = folder.run(*command, "--json", **PASSWORD)
        assert done.code in {0, 6}, (command, done.out)
        talk.append(done.out + done.err)
    spoil(folder)
    for command in (("check",), ("make",), ("make", "--dry-run"), ("board",)):
        done = folder.run(*command, "--json")
        assert done.code == 1
        talk += [done.out, folder.run(*command, "--verbose").err]
    return "\n".join(talk)


def searched(path: Path) -> str:
    """All that `strings` and a reader of its format would find in a file."""
    blob = path.read_bytes()
    found = [blob.decode("utf-8", "replace")]
    if blob.startswith(b"%PDF"):
        found.append("".join(texts(blob)))
    if blob.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            found += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return "\n".join(found)


def holds(text: str) -> list[str]:
    squeezed = "".join(text.split())
    return [name for name, value in PLANTED.items() if value in text or "".join(value.split()) in squeezed]


def test_what_is_printed_and_logged(said: tuple[Folder, str]) -> None:
    folder, talk = said
    assert holds(talk) == []
    logs = sorted((folder.root / "outputs/logs").iterdir())
    assert logs
    assert {path.name: holds(searched(path)) for path in logs if holds(searched(path))} == {}


def test_pages_for_the_browser(said: tuple[Folder, str]) -> None:
    pages = sorted((said[0].root / "outputs").rglob("*.html"))
    assert pages
    assert {path.name: holds(searched(path)) for path in pages if holds(searched(path))} == {}


def test_the_public_bag(said: tuple[Folder, str]) -> None:
    bag = said[0].root / "outputs/archive/TEST-2018-public"
    files = [path for path in bag.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert {path.name: holds(searched(path)) for path in files if holds(searched(path))} == {}


def test_outputs_are_for_their_owner_only(said: tuple[Folder, str]) -> None:
    outputs = said[0].root / "outputs"
    opened = {str(path.relative_to(outputs)) for path in outputs.rglob("*") if path.stat().st_mode & 0o077}
    assert opened == set()


def test_the_search_finds_what_is_there(said: tuple[Folder, str], tmp_path: Path) -> None:
    assert "phone" in holds(searched(said[0].root / "inputs/candidates.csv"))
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w>{PLANTED['address']}</w>")
    assert holds(searched(tmp_path / "a.docx")) == ["address"]
