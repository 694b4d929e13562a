"""Bags: what is written, others find valid; what is done to them afterwards, ours finds."""

from __future__ import annotations

import functools
import hashlib
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from conftest import REPOSITORY

from pipeline.doors import bag as writing
from pipeline.doors.bag import Payload, Unfit, tidy, write_bag
from pipeline.doors.bag_reading import Fault, Unreadable, What, examine, open_bag
from pipeline.model.errors import Trouble

INFO = [("Source-Organization", "한빛사회적경제협의회"), ("Bagging-Date", "2018-07-01")]
CONTENTS = {
    "data/volumes/한빛 1권.pdf": b"%PDF-1.7 volume " + bytes(range(256)) * 40,
    "data/papers/A-1100-0001.pdf": b"%PDF-1.7 paper",
    "data/papers/empty.txt": b"",
    "data/register.sqlite": b"SQLite format 3\0" + b"\1" * 5000,
}
TAGS = {"README.txt": "확인하는 법\n".encode()}
SIGNATURES = ("signer.pem", "tagmanifest-sha256.txt.p7s")
FORMS = ["", ".tar", ".zip"]
ANY_FORM = pytest.mark.parametrize("suffix", FORMS, ids=["folder", "tar", "zip"])


def sign(blob: bytes) -> dict[str, bytes]:
    return {"tagmanifest-sha256.txt.p7s": b"signed " + hashlib.sha256(blob).digest(), "signer.pem": b"a key"}


def write(target: Path, contents: dict[str, bytes] = CONTENTS) -> Path:
    write_bag(target, [Payload(*one) for one in contents.items()], INFO, TAGS, sign)
    return target


def faults(path: Path) -> list[tuple[str, str]]:
    with open_bag(path) as bag:
        return [(one.what.value, one.name) for one in examine(bag, SIGNATURES)]


def payload(path: Path) -> dict[str, bytes]:
    with open_bag(path) as bag:
        return {name: bag.read(name) for name in bag.names() if name.startswith("data/")}


# What is written


@ANY_FORM
def test_what_goes_in_comes_out(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"캠프{suffix}")
    assert payload(path) == CONTENTS
    assert faults(path) == []
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    with open_bag(path) as bag:
        assert set(bag.names()) - CONTENTS.keys() == {
            *("bagit.txt", "bag-info.txt", "README.txt", *SIGNATURES),
            *("manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"),
        }
        assert bag.read("bag-info.txt").decode().splitlines() == [
            "Source-Organization: 한빛사회적경제협의회",
            "Bagging-Date: 2018-07-01",
            f"Payload-Oxum: {sum(map(len, CONTENTS.values()))}.4",
        ]
        tagged = bag.read("tagmanifest-sha256.txt")
        assert bag.read("tagmanifest-sha256.txt.p7s") == sign(tagged)["tagmanifest-sha256.txt.p7s"]
        assert "p7s" not in tagged.decode()
        assert bag.size("data/register.sqlite") == 5016
        with bag.stream("data/register.sqlite") as file:
            assert file.read(6) == b"SQLite"


def unpacked(path: Path, into: Path) -> Path:
    """By the programs that a stranger has."""
    into.mkdir()
    if path.suffix == ".tar":
        subprocess.run(["tar", "-xf", path, "-C", into], check=True)
    elif path.suffix == ".zip":
        subprocess.run(["unzip", "-q", path, "-d", into], check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return into / path.stem if path.suffix else path


@ANY_FORM
def test_others_find_it_valid(tmp_path: Path, suffix: str) -> None:
    folder = unpacked(write(tmp_path / f"캠프{suffix}"), tmp_path / "unpacked")
    assert bagit.Bag(str(folder)).validate()
    for program in ("sha256sum", "sha512sum"):
        for manifest, count in ((f"manifest-{program[:-3]}.txt", 4), (f"tagmanifest-{program[:-3]}.txt", 5)):
            done = subprocess.run([program, "-c", manifest], cwd=folder, capture_output=True, text=True, check=True)
            assert done.stdout.count(": OK\n") == count
    assert faults(folder) == []


def test_a_bag_that_bagit_python_makes_is_read(tmp_path: Path) -> None:
    for name, blob in CONTENTS.items():
        path = tmp_path / name.removeprefix("data/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)
    bagit.make_bag(str(tmp_path), {"Contact-Name": "사무국"}, checksums=["sha256", "sha512"])
    declaration = (tmp_path / "bagit.txt").read_text(encoding="utf-8")
    # bagit-python 1.9 still declares 0.97.
    assert declaration.startswith("BagIt-Version: 0.97")
    assert faults(tmp_path) == [("bad declaration", "bagit.txt")]
    assert payload(tmp_path) == CONTENTS


@ANY_FORM
def test_the_same_again_is_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    one = write(tmp_path / "one" / f"캠프{suffix}")
    sources = []
    for number, (name, blob) in enumerate(reversed(CONTENTS.items())):
        source = tmp_path / f"{number}"
        source.write_bytes(blob)
        os.utime(source, (number, number))
        sources.append(Payload(unicodedata.normalize("NFD", name), source))
    two = tmp_path / "two" / f"캠프{suffix}"
    write_bag(two, sources, INFO, TAGS, sign)
    if suffix:
        assert one.read_bytes() == two.read_bytes()
    else:
        assert tree(one) == tree(two)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@ANY_FORM
def test_an_empty_payload_is_a_bag(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"bag{suffix}", {})
    assert faults(path) == []
    assert bagit.Bag(str(unpacked(path, tmp_path / "unpacked"))).validate()


def test_only_the_owner_reads_a_bag(tmp_path: Path) -> None:
    for suffix in FORMS:
        write(tmp_path / f"bag{suffix}")
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_a_percent_sign_is_spelled_as_the_rfc_says(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag", {"data/50%0A.pdf": b"half"})
    assert "  data/50%250A.pdf\n" in (folder / "manifest-sha256.txt").read_text(encoding="utf-8")
    assert payload(folder) == {"data/50%0A.pdf": b"half"}
    assert faults(folder) == []
    # bagit-python 1.9 knows only %0A and %0D.
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()


@pytest.mark.parametrize("suffix", [".zip"])
def test_long_archives_have_long_numbers(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 4000)
    path = write(tmp_path / f"bag{suffix}")
    monkeypatch.undo()
    assert b"PK\6\6" in path.read_bytes()
    assert faults(path) == []
    subprocess.run(["unzip", "-tq", path], check=True, capture_output=True)


@pytest.mark.parametrize(
    "names",
    [
        ["volumes/1.pdf"],
        ["data/../1.pdf"],
        ["/data/1.pdf"],
        ["data//1.pdf"],
        ["data/"],
        ["data/a\\b.pdf"],
        ["data/a:b.pdf"],
        ["data/a\nb.pdf"],
        ["data/NUL.pdf"],
        ["data/dot./a.pdf"],
        ["data/" + "가" * 100],
        ["data/1.pdf", "data/1.pdf"],
        ["data/A.pdf", "data/a.pdf"],
        ["data/한.pdf", unicodedata.normalize("NFD", "data/한.pdf")],
        ["data/A/1.pdf", "data/a/2.pdf"],
        ["data/a", "data/a/2.pdf"],
    ],
)
def test_names_that_some_system_cannot_hold_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(Unfit, match=r"bag\.name"):
        write_bag(tmp_path / "bag", [Payload(name, b"") for name in names], INFO, {}, sign)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-md5.txt", "fetch.txt", "data", "Data/1.pdf", "../1.txt"])
def test_tag_files_that_would_make_another_bag_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unfit, match=r"bag\.name"):
        write_bag(tmp_path / "bag", [], INFO, {name: b""}, sign)


@pytest.mark.parametrize(
    "line", [("Label", "two\nlines"), ("La:bel", "x"), ("", "x"), ("Label", ""), ("payload-oxum", "1.1")]
)
def test_information_that_would_not_be_read_back_is_refused(tmp_path: Path, line: tuple[str, str]) -> None:
    with pytest.raises(Unfit, match=r"bag\.info"):
        write_bag(tmp_path / "bag", [], [line], {}, sign)


def test_a_signature_does_not_replace_what_is_signed(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match=r"bag\.name"):
        write_bag(tmp_path / "bag", [], INFO, {}, lambda _: {"bag-info.txt": b""})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_bag_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "only.docx").write_bytes(b"a year's work")
    with pytest.raises(Unfit, match=r"bag\.occupied"):
        write(tmp_path / "papers")
    assert tree(tmp_path) == {"papers/only.docx": b"a year's work"}


@ANY_FORM
def test_a_failed_write_leaves_the_earlier_bag(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"bag{suffix}")

    def refuse(_: bytes) -> dict[str, bytes]:
        raise ConnectionError("no time stamp")

    # As it is: it says nothing about the disk.
    with pytest.raises(ConnectionError):
        write_bag(path, [], INFO, TAGS, refuse)
    with pytest.raises(Trouble, match=r"file\.unreadable"):
        write_bag(path, [Payload("data/1", tmp_path / "none")], INFO, TAGS, sign)
    assert payload(path) == CONTENTS
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@ANY_FORM
@pytest.mark.parametrize("change", [b"longer", b""], ids=["grows", "shrinks"])
def test_a_source_that_is_still_being_written_is_refused(
    tmp_path: Path, suffix: str, change: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"short")

    class Late(writing._Source):
        def __init__(self, one: Payload) -> None:
            super().__init__(one)
            source.write_bytes(change)

    monkeypatch.setattr(writing, "_Source", Late)
    with pytest.raises(Unfit, match=r"bag\.changing"):
        write_bag(tmp_path / f"bag{suffix}", [Payload("data/1", source)], INFO, {}, sign)
    assert [one.name for one in tmp_path.iterdir()] == ["source"]


SMALL_DISK = """
import sys; sys.path.insert(0, "tests")
import pathlib, resource, signal, test_bag
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
try:
    test_bag.write(pathlib.Path(sys.argv[1]))
except test_bag.Trouble as trouble:
    print(trouble.finding.code)
"""


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    for suffix in FORMS:
        command = [sys.executable, "-c", SMALL_DISK, str(tmp_path / f"bag{suffix}")]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        assert done.stdout == "output.full\n"
    assert list(tmp_path.iterdir()) == []


# What is done to it


def flip(path: Path, place: int = 20) -> None:
    blob = bytearray(path.read_bytes())
    blob[place] ^= 1
    path.write_bytes(blob)


def spell(path: Path, form: str) -> None:
    path.rename(path.with_name(unicodedata.normalize(form, path.name)))


def regenerate(folder: Path, *names: str) -> None:
    """As somebody does who has a text editor and sha256sum."""
    for name in names:
        paths = sorted(folder.rglob("*") if name.startswith("manifest") else folder.glob("*"))
        kept = [
            path
            for path in paths
            if path.is_file() and not path.name.startswith(("tagmanifest", "signer"))
            if path.is_relative_to(folder / "data") == name.startswith("manifest")
        ]
        algorithm = name.removesuffix(".txt").rpartition("-")[2]
        lines = [
            f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.relative_to(folder)}" for path in kept
        ]
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


PAPER = "data/papers/A-1100-0001.pdf"
VOLUME = "data/volumes/한빛 1권.pdf"
MANIFESTS = ("manifest-sha256.txt", "manifest-sha512.txt")
TAG_MANIFESTS = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")


def drop_line(path: Path, name: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.endswith(f"  {name}\n")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")


def payload_and_manifests(folder: Path) -> None:
    (folder / PAPER).write_bytes(b"another paper")
    regenerate(folder, *MANIFESTS)
    info = folder / "bag-info.txt"
    info.write_text(re.sub("Oxum: .*", f"Oxum: {oxum(folder)}", info.read_text(encoding="utf-8")), encoding="utf-8")


def oxum(folder: Path) -> str:
    sizes = [path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()]
    return f"{sum(sizes)}.{len(sizes)}"


def everything(folder: Path) -> None:
    payload_and_manifests(folder)
    regenerate(folder, *TAG_MANIFESTS)


ATTACKS: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "nothing": (lambda _: None, []),
    "a bit of payload": (lambda bag: flip(bag / VOLUME), [("changed", VOLUME)]),
    "a bit of a tag file": (lambda bag: flip(bag / "README.txt", 0), [("changed", "README.txt")]),
    "a bit of a hash in a manifest": (
        lambda bag: flip(bag / "manifest-sha256.txt", 0),
        [("changed", PAPER), ("changed", "manifest-sha256.txt")],
    ),
    "a bit of a hash in a tag manifest": (
        lambda bag: flip(bag / "tagmanifest-sha512.txt", 0),
        [("changed", "README.txt")],
    ),
    "an extra payload file": (
        lambda bag: (bag / "data/extra.pdf").write_bytes(b""),
        [("oxum differs", "bag-info.txt"), ("extra", "data/extra.pdf")],
    ),
    "an extra tag file": (lambda bag: (bag / "NOTE.txt").write_bytes(b"read me"), [("extra", "NOTE.txt")]),
    "an extra file in a folder": (
        lambda bag: ((bag / "tags").mkdir(), (bag / "tags/NOTE.txt").write_bytes(b"")),
        [("extra", "tags/NOTE.txt")],
    ),
    "a missing payload file": (
        lambda bag: (bag / PAPER).unlink(),
        [("oxum differs", "bag-info.txt"), ("missing", PAPER)],
    ),
    "a missing tag file": (lambda bag: (bag / "README.txt").unlink(), [("missing", "README.txt")]),
    "a missing manifest": (
        lambda bag: (bag / "manifest-sha512.txt").unlink(),
        [("missing", "manifest-sha512.txt")],
    ),
    "a missing declaration": (lambda bag: (bag / "bagit.txt").unlink(), [("missing", "bagit.txt")]),
    "a renamed file": (
        lambda bag: (bag / PAPER).rename(bag / "data/papers/B.pdf"),
        [("missing", PAPER), ("extra", "data/papers/B.pdf")],
    ),
    "another case": (
        lambda bag: (bag / PAPER).rename(bag / PAPER.replace("A-", "a-")),
        [("missing", PAPER), ("extra", PAPER.replace("A-", "a-"))],
    ),
    "a decomposed name (macOS)": (lambda bag: spell(bag / VOLUME, "NFD"), []),
    "one name composed and decomposed": (
        lambda bag: (bag / unicodedata.normalize("NFD", VOLUME)).write_bytes(b"another"),
        [("oxum differs", "bag-info.txt"), ("bad name", VOLUME), ("changed", VOLUME)],
    ),
    "a deleted tag manifest": (
        lambda bag: (bag / "tagmanifest-sha512.txt").unlink(),
        [("no tag manifest", "tagmanifest-sha512.txt")],
    ),
    "both tag manifests deleted": (
        lambda bag: [(bag / name).unlink() for name in TAG_MANIFESTS] and (bag / "README.txt").unlink(),
        [("no tag manifest", name) for name in TAG_MANIFESTS],
    ),
    "manifests regenerated, the tag manifests old": (
        payload_and_manifests,
        [("changed", name) for name in ("bag-info.txt", *MANIFESTS)],
    ),
    # Nobody can see this from the bag itself: the signature over tagmanifest-sha256.txt is for it (next test).
    "everything regenerated": (everything, []),
    "a payload that one manifest leaves out": (
        lambda bag: (drop_line(bag / MANIFESTS[1], PAPER), regenerate(bag, *TAG_MANIFESTS)),
        [("manifests differ", PAPER)],
    ),
    "a tag file that one tag manifest leaves out": (
        lambda bag: drop_line(bag / TAG_MANIFESTS[0], "README.txt"),
        [("manifests differ", "README.txt")],
    ),
    "a manifest that the tag manifests leave out": (
        lambda bag: [drop_line(bag / name, "manifest-sha256.txt") for name in TAG_MANIFESTS],
        [("unlisted", "manifest-sha256.txt")],
    ),
    "an older declaration": (
        lambda bag: (
            (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"),
            regenerate(bag, *TAG_MANIFESTS),
        ),
        [("bad declaration", "bagit.txt")],
    ),
    "another count": (
        lambda bag: (
            (bag / "bag-info.txt").write_text("payload-oxum : 1.1\n"),
            regenerate(bag, *TAG_MANIFESTS),
        ),
        [("oxum differs", "bag-info.txt")],
    ),
    "a manifest that reaches outside": (
        lambda bag: (
            append(bag / MANIFESTS[0], f"{'0' * 64}  data/../../etc/passwd\n"),
            regenerate(bag, *TAG_MANIFESTS),
        ),
        [("bad name", "data/../../etc/passwd")],
    ),
    "a manifest that lists a tag file": (
        lambda bag: (append(bag / MANIFESTS[0], f"{'0' * 64}  README.txt\n"), regenerate(bag, *TAG_MANIFESTS)),
        [("bad name", "README.txt")],
    ),
    "a line that is none": (
        lambda bag: (append(bag / MANIFESTS[0], "abc  data/x\n"), regenerate(bag, *TAG_MANIFESTS)),
        [("unreadable", MANIFESTS[0])],
    ),
    "a manifest that is no text": (
        lambda bag: (append(bag / MANIFESTS[0], "\udcff"), regenerate(bag, *TAG_MANIFESTS)),
        [("unreadable", MANIFESTS[0]), *(("manifests differ", name) for name in CONTENTS)],
    ),
    "a symbolic link": (
        lambda bag: ((bag / PAPER).unlink(), (bag / PAPER).symlink_to("/etc/hostname")),
        [("oxum differs", "bag-info.txt"), ("missing", PAPER), ("bad name", PAPER)],
    ),
    "a linked folder": (
        lambda bag: (bag / "data/home").symlink_to("/"),
        [("bad name", "data/home")],
    ),
    "a pipe": (lambda bag: os.mkfifo(bag / "data/pipe"), [("bad name", "data/pipe")]),
    "a name that is no UTF-8": (
        lambda bag: Path(os.fsdecode(bytes(bag) + b"/data/\xff")).write_bytes(b""),
        [("bad name", "data/?")],
    ),
}


def append(path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write(text.encode(errors="surrogateescape"))


ONLY_IN_FOLDERS = ("link", "pipe", "UTF-8", "composed and")


def packed(folder: Path, suffix: str) -> Path:
    """As another program packs it: with what this computer says of the files, deflated where that is usual."""
    if suffix == ".tar":
        with tarfile.open(folder.with_suffix(".tar"), "w") as archive:
            archive.add(folder, folder.name)
    elif suffix == ".zip":
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                archive.write(path, str(path.relative_to(folder.parent)))
    return folder.with_suffix(suffix)


# Archives have their own tables below.
TAKEN = [
    (one, name) for one in FORMS for name in ATTACKS if not (one and any(word in name for word in ONLY_IN_FOLDERS))
]


@pytest.mark.parametrize(("suffix", "name"), TAKEN)
def test_what_is_done_to_a_bag_is_found(tmp_path: Path, suffix: str, name: str) -> None:
    attack, verdict = ATTACKS[name]
    folder = write(tmp_path / "bag")
    attack(folder)
    assert sorted(faults(packed(folder, suffix))) == sorted(verdict)


def test_the_signature_tells_a_bag_where_all_was_regenerated(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    everything(folder)
    assert faults(folder) == []
    assert bagit.Bag(str(folder)).validate()
    signed = sign((folder / "tagmanifest-sha256.txt").read_bytes())["tagmanifest-sha256.txt.p7s"]
    assert (folder / "tagmanifest-sha256.txt.p7s").read_bytes() != signed


def test_the_signature_must_be_named_to_lie_there(tmp_path: Path) -> None:
    with open_bag(write(tmp_path / "bag")) as bag:
        assert examine(bag, ()) == [Fault(name, What.EXTRA) for name in SIGNATURES]


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def insert(path: Path, place: int, blob: bytes) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + blob + whole[place:])


def replace(path: Path, old: bytes, new: bytes, count: int = -1) -> None:
    blob = path.read_bytes()
    assert old in blob
    path.write_bytes(blob.replace(old, new, count))


def add_to_tar(path: Path, name: str, sort: bytes = tarfile.REGTYPE, link: str = "") -> None:
    with tarfile.open(path, "a") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = sort, link
        archive.addfile(member, io.BytesIO())


def add_sparse(path: Path, form: str) -> None:
    with (path.parent / "x").open("wb") as file:
        file.truncate(1_000_000)
    # GNU tar keeps holes only in an archive of its own making.
    command = ["tar", "-cS", f"--format={form}", "--transform=s,^,bag/,", "-C", path.parent, "x"]
    holes = subprocess.run(command, check=True, capture_output=True).stdout
    assert len(holes) < 20_000
    path.write_bytes(path.read_bytes()[: end_of_tar(path)] + holes)


def add_to_zip(path: Path, name: str, mode: int = 0, blob: bytes = b"") -> None:
    with zipfile.ZipFile(path, "a") as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        member = zipfile.ZipInfo("x")
        member.filename, member.external_attr = name, mode << 16
        archive.writestr(member, blob)


def end_of_tar(path: Path) -> int:
    with tarfile.open(path) as archive:
        last = archive.getmembers()[-1]
    return last.offset_data + -(-last.size // 512) * 512


def start_of(path: Path, name: str) -> int:
    with tarfile.open(path) as archive:
        return archive.getmember(name).offset


def lie(path: Path, size: int) -> None:
    """Have the directory of a deflated zip say another size of a paper."""
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
        paper = archive.getinfo(f"bag/{PAPER}")
    blob = bytearray(path.read_bytes())
    place = blob.index(paper.filename.encode(), start) - 46 + 24
    assert int.from_bytes(blob[place : place + 4], "little") == paper.file_size
    blob[place : place + 4] = size.to_bytes(4, "little")
    path.write_bytes(blob)


def overlap(path: Path) -> None:
    """Have a member lie inside another (how small archives unpack to petabytes)."""
    inner = path.with_name("inner")
    add_to_zip(inner, "bag/inner", 0, b"seen twice")
    add_to_zip(path, "bag/outer", 0, inner.read_bytes())
    add_to_zip(path, "bag/inner", 0, b"seen twice")
    with zipfile.ZipFile(path) as archive:
        start, outer = archive.start_dir, archive.getinfo("bag/outer").header_offset
    blob = bytearray(path.read_bytes())
    place = blob.index(b"bag/inner", start) - 46 + 42
    blob[place : place + 4] = (outer + 30 + len("bag/outer")).to_bytes(4, "little")
    path.write_bytes(blob)
    inner.unlink()


def deflate(path: Path) -> None:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_name("new"), "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, old.read(one))
    path.with_name("new").replace(path)


def comment(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"read me"


WHOLE = "the archive"
TARS: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "no more than other programs write": (lambda tar: insert(tar, end_of_tar(tar), bytes(20 * 512)), []),
    "cut before its end": (lambda tar: cut(tar, end_of_tar(tar)), [("unreadable", WHOLE)]),
    "cut inside its end": (lambda tar: cut(tar, end_of_tar(tar) + 512), [("unreadable", WHOLE)]),
    "cut in half": (lambda tar: cut(tar, 10_000), [("unreadable", WHOLE), ("...", "")]),
    "cut in its first head": (lambda tar: cut(tar, 100), [("unreadable", WHOLE)]),
    "bytes behind its end": (lambda tar: append(tar, "PK"), [("extra", WHOLE)]),
    "a broken head": (
        lambda tar: flip(tar, start_of(tar, "bag/signer.pem") + 5),
        [("unreadable", WHOLE), ("...", "")],
    ),
    "a flipped bit": (lambda tar: replace(tar, b"SQLite", b"SQLitf"), [("changed", "data/register.sqlite")]),
    "a name that climbs": (lambda tar: add_to_tar(tar, "bag/../../x"), [("bad name", "bag/../../x")]),
    "a name from the root": (lambda tar: add_to_tar(tar, "/etc/x"), [("bad name", "/etc/x")]),
    "a name with a drive": (lambda tar: add_to_tar(tar, "C:/x"), [("bad name", "C:/x")]),
    "a name with backslashes": (lambda tar: add_to_tar(tar, "bag\\..\\x"), [("bad name", "bag\\..\\x")]),
    "a folder that climbs": (lambda tar: add_to_tar(tar, "../x", tarfile.DIRTYPE), [("bad name", "../x")]),
    "a symbolic link": (lambda tar: add_to_tar(tar, "bag/x", tarfile.SYMTYPE, "/etc"), [("bad name", "bag/x")]),
    "a hard link": (lambda tar: add_to_tar(tar, "bag/x", tarfile.LNKTYPE, "/etc"), [("bad name", "bag/x")]),
    "a device": (lambda tar: add_to_tar(tar, "bag/x", tarfile.BLKTYPE), [("bad name", "bag/x")]),
    "a pipe": (lambda tar: add_to_tar(tar, "bag/x", tarfile.FIFOTYPE), [("bad name", "bag/x")]),
    "a sparse file": (lambda tar: add_sparse(tar, "gnu"), [("bad name", "bag/x"), ("...", "")]),
    "a newer sparse file": (lambda tar: add_sparse(tar, "posix"), [("bad name", "bag/x"), ("...", "")]),
    "a member twice": (lambda tar: add_to_tar(tar, f"bag/{PAPER}"), [("bad name", f"bag/{PAPER}")]),
    "a file beside the bag": (lambda tar: add_to_tar(tar, "x"), [("extra", "x")]),
    "another folder beside the bag": (lambda tar: add_to_tar(tar, "a/x"), [("extra", "a/x")]),
    "no archive": (lambda tar: tar.write_bytes(b"none" * 500), [("unreadable", WHOLE)]),
    "an empty file": (lambda tar: tar.write_bytes(b""), [("unreadable", WHOLE)]),
}
ZIPS: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "deflated by another program": (deflate, []),
    "cut by a byte": (lambda one: cut(one, one.stat().st_size - 1), [("unreadable", WHOLE)]),
    "cut in half": (lambda one: cut(one, 10_000), [("unreadable", WHOLE)]),
    "bytes behind its end": (lambda one: append(one, "PK"), [("extra", WHOLE)]),
    "many bytes behind its end": (lambda one: append(one, "PK" * 70_000), [("unreadable", WHOLE)]),
    "bytes before its beginning": (lambda one: insert(one, 0, b"PK"), [("extra", WHOLE)]),
    "a program before its beginning": (lambda one: insert(one, 0, b"MZ" * 400), [("unreadable", WHOLE)]),
    "a comment": (comment, [("extra", WHOLE)]),
    "a flipped bit": (lambda one: replace(one, b"SQLite", b"SQLitf"), [("changed", "data/register.sqlite")]),
    "a flipped bit, deflated": (
        lambda one: (deflate(one), flip(one, data_of(one, PAPER) + 1)),
        [("unreadable", PAPER), ("...", "")],
    ),
    "a name that climbs": (lambda one: add_to_zip(one, "bag/../../x"), [("bad name", "bag/../../x")]),
    "a name from the root": (lambda one: add_to_zip(one, "/etc/x"), [("bad name", "/etc/x")]),
    "a symbolic link": (lambda one: add_to_zip(one, "bag/x", 0o120777, b"/etc"), [("bad name", "bag/x")]),
    "a folder with contents": (lambda one: add_to_zip(one, "bag/x/", 0, b"hidden"), [("bad name", "bag/x/")]),
    "a member twice": (lambda one: add_to_zip(one, f"bag/{PAPER}"), [("bad name", f"bag/{PAPER}")]),
    "another name in the head": (
        lambda one: replace(one, b"bag/signer.pem", b"bag/sIgner.pem", 1),
        [("unreadable", WHOLE), ("...", "")],
    ),
    "members over one another": (overlap, [("unreadable", WHOLE), ("...", "")]),
    "more than it says": (
        lambda one: (deflate(one), lie(one, 3)),
        [("oxum differs", "bag-info.txt"), ("unreadable", PAPER)],
    ),
    "less than it says": (lambda one: (deflate(one), lie(one, 300)), [("unreadable", PAPER), ("...", "")]),
    "more than deflate can pack": (
        lambda one: (deflate(one), lie(one, 2**32 - 2)),
        [("unreadable", f"bag/{PAPER}"), ("missing", PAPER), ("oxum differs", "bag-info.txt")],
    ),
    "stored, of another size": (
        lambda one: lie(one, 13),
        [("unreadable", f"bag/{PAPER}"), ("missing", PAPER), ("oxum differs", "bag-info.txt")],
    ),
}


def data_of(path: Path, name: str) -> int:
    return path.read_bytes().index(name.encode()) + len(name)


@pytest.mark.parametrize(("suffix", "name"), [(".tar", name) for name in TARS] + [(".zip", name) for name in ZIPS])
def test_what_is_done_to_an_archive_is_found(tmp_path: Path, suffix: str, name: str) -> None:
    attack, verdict = (TARS if suffix == ".tar" else ZIPS)[name]
    path = write(tmp_path / f"bag{suffix}")
    attack(path)
    found = [(what, WHOLE if name == path.name else name) for what, name in faults(path)]
    if ("...", "") in verdict:
        # Besides, it is missing, or no more is found where it is looked for.
        assert set(verdict) - {("...", "")} <= set(found)
    else:
        assert sorted(found) == sorted(verdict)


@pytest.mark.parametrize("suffix", FORMS[1:])
def test_no_damage_breaks_the_reader_or_goes_unseen(tmp_path: Path, suffix: str) -> None:
    whole = write(tmp_path / f"bag{suffix}").read_bytes()
    path = tmp_path / f"damaged{suffix}"
    chance = random.Random(8493)
    verdicts = []
    for _ in range(300):
        blob = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3])):
            place = chance.randrange(len(blob))
            match chance.randrange(4):
                case 0:
                    del blob[place:]
                case 1:
                    blob[place : place + chance.randrange(600)] = b""
                case _:
                    blob[place] = chance.randrange(256)
            if not blob:
                break
        path.write_bytes(blob)
        verdicts.append(faults(path))
        if not verdicts[-1]:
            assert payload(path) == CONTENTS
    assert sum(map(bool, verdicts)) > 250


@ANY_FORM
def test_reading_what_is_not_there_says_so(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"bag{suffix}")
    with open_bag(path) as bag:
        for ask in (bag.read, bag.size, bag.stream):
            with pytest.raises(Unreadable, match=r"bag\.unreadable"):
                ask("data/none")
        assert bag.read(unicodedata.normalize("NFD", VOLUME)) == CONTENTS[VOLUME]
    with pytest.raises(Trouble, match=r"file\.unreadable"):
        open_bag(tmp_path / "none")


def test_a_file_that_shrinks_while_it_is_read_is_unreadable(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    with open_bag(folder) as bag:
        cut(folder / PAPER, 3)
        (folder / VOLUME).unlink()
        found = examine(bag, SIGNATURES)
    assert {Fault(PAPER, What.UNREADABLE), Fault(VOLUME, What.UNREADABLE)} <= set(found)


# What a kill leaves

OTHER = {**CONTENTS, PAPER: b"a later paper", "data/later.pdf": b"later"}


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do work in a process that is killed before its nth touch of the file system; whether it came so far."""
    touches = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}
    child = os.fork()
    if not child:
        count = 0

        def watch(event: str, _: object) -> None:
            nonlocal count
            if event in touches:
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@ANY_FORM
@pytest.mark.slow
def test_a_kill_at_any_touch_leaves_the_old_or_the_new_bag(tmp_path: Path, suffix: str) -> None:
    outcomes = []
    for number in range(1, 500):
        path = write(tmp_path / f"{number}" / f"bag{suffix}")
        if not killed_at(number, functools.partial(write, path, OTHER)):
            break
        # What is there before anybody tidies is whole, too; between two renames of a folder, nothing is.
        assert not path.exists() or payload(path) in (CONTENTS, OTHER)
        tidy(path)
        assert faults(path) == []
        assert payload(path) in (CONTENTS, OTHER)
        assert [one.name for one in path.parent.iterdir()] == [path.name]
        outcomes.append(payload(path) == OTHER)
        shutil.rmtree(path.parent)
    else:
        pytest.fail("it was never done")
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 10
    assert outcomes.count(True) >= (3 if not suffix else 1)


WRITER = """
import sys; sys.path.insert(0, "tests")
import pathlib, test_bag
print("ready", flush=True)
while True:
    test_bag.write(pathlib.Path(sys.argv[1]), test_bag.OTHER)
    test_bag.write(pathlib.Path(sys.argv[1]))
"""


@ANY_FORM
@pytest.mark.slow
def test_a_kill_at_any_time_leaves_the_old_or_the_new_bag(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"bag{suffix}")
    chance = random.Random(9)
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", WRITER, path], cwd=REPOSITORY, stdout=subprocess.PIPE)
        with child:
            assert child.stdout
            assert child.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.2))
            child.kill()
        tidy(path)
        assert faults(path) == []
        assert payload(path) in (CONTENTS, OTHER)


@pytest.mark.slow
def test_tidying_may_be_killed_too(tmp_path: Path) -> None:
    for number in range(1, 200):
        path = write(tmp_path / f"{number}" / "bag")
        write(tmp_path / "later" / "bag", OTHER).rename(path.with_name(".bag.bag-new.tmp"))
        path.rename(path.with_name(".bag.bag-old.tmp"))
        killed = killed_at(number, functools.partial(tidy, path))
        tidy(path)
        assert faults(path) == []
        assert payload(path) == OTHER
        assert [one.name for one in path.parent.iterdir()] == ["bag"]
        if not killed:
            break
    assert number > 10


def test_a_killed_run_does_not_stand_in_the_way_of_the_next(tmp_path: Path) -> None:
    path = write(tmp_path / "bag")
    path.rename(tmp_path / ".bag.bag-old.tmp")
    shutil.copytree(tmp_path / ".bag.bag-old.tmp", tmp_path / ".bag.bag-gone.tmp")
    (tmp_path / ".bag.bag-new.tmp").mkdir()
    write(path, OTHER)
    assert payload(path) == OTHER
    assert [one.name for one in tmp_path.iterdir()] == ["bag"]


# What it costs


@ANY_FORM
@pytest.mark.slow
def test_a_large_payload_is_not_held(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "source"
    with source.open("wb") as file:
        file.truncate(300_000_000)
    path = tmp_path / f"bag{suffix}"
    tracemalloc.start()
    try:
        write_bag(path, [Payload("data/large", source)], INFO, TAGS, sign)
        assert faults(path) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
