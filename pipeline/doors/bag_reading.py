"""Bags read and judged (RFC 8493; tarfile, zipfile): a folder, .tar or .zip, in place; nothing is ever unpacked."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import stat
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

ALGORITHMS = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
DECLARATION_FILE, INFO, OXUM, PAYLOAD = "bagit.txt", "bag-info.txt", "Payload-Oxum", "data/"
MANIFESTS = tuple(f"manifest-{one}.txt" for one in ALGORITHMS)
TAG_MANIFESTS = tuple(f"tag{one}" for one in MANIFESTS)
_ALGORITHM = dict(zip((*MANIFESTS, *TAG_MANIFESTS), ALGORITHMS * 2, strict=True))

_CHUNK, _BLOCK = 1 << 20, 512
_LARGEST_TAG = 1 << 28
"""Bytes of a manifest, which is read as a whole: two million files."""
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)", re.DOTALL)
_ENCODED = re.compile("%(0[AaDd]|25)")
"""In the paths of manifests; no other sign is (RFC 8493, 2.1.3)."""
_OXUM = re.compile(rf"(?i)\s*{OXUM}\s*:\s*(.*?)\s*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_DEFLATE_MOST = 1_100
"""Deflate packs no better than 1:1032; what says it does, lies."""
_LOCAL, _TAIL_SIZE = "<4s2xH18x2H", 22
"""A member's head: mark, flags, length of its name and of what follows it."""
_DESCRIPTOR = (0, 12, 16, 20, 24)
"""Bytes that may follow a member written as a stream (APPNOTE.TXT, 4.3.9)."""
_STREAMED, _ENCRYPTED, _UTF8 = 0x8, 0x1, 0x800


class What(StrEnum):
    """What is wrong with a file of a bag, or with the bag."""

    MISSING = "missing"
    """Listed, or needed by every bag, and not there."""
    EXTRA = "extra"
    """There, and no manifest lists it; named as the archive: bytes between or behind its members."""
    CHANGED = "changed"
    """It has another hash than a manifest says."""
    UNLISTED = "unlisted"
    """bagit.txt, bag-info.txt or a manifest, and the tag manifests leave it out."""
    UNREADABLE = "unreadable"
    """Damaged, cut short, not as large as it says, or a line of a manifest that is none."""
    NO_TAG_MANIFEST = "no tag manifest"
    BAD_DECLARATION = "bad declaration"
    BAD_NAME = "bad name"
    """It would leave the bag, is there or listed twice, or is no plain file (a link, a device)."""
    OXUM_DIFFERS = "oxum differs"
    MANIFESTS_DIFFER = "manifests differ"
    """One algorithm's manifest lists it, the other's does not."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong."""

    name: str
    """Inside the bag; of an archive that cannot be listed, its own."""
    what: What


class Unreadable(Exception):  # noqa: N818 - becomes a finding, never seen by people
    """A file of a bag is not there or damaged; `code` is that of the finding."""

    def __init__(self, name: str) -> None:
        self.code, self.params = "bag.unreadable", {"name": name}
        super().__init__(self.code)


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    offset: int
    size: int
    deflated: zipfile.ZipInfo | None = None


@dataclass(slots=True)
class _Found:
    """What a folder or archive holds."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    faults: set[Fault] = field(default_factory=set)
    archive: zipfile.ZipFile | None = None

    def add(self, name: str, entry: _Entry) -> None:
        composed = unicodedata.normalize("NFC", name)
        if composed in self.entries or not _is_inside(composed):
            self.fault(What.BAD_NAME, composed)
        else:
            self.entries[composed] = entry

    def fault(self, what: What, name: str) -> None:
        # Names that are no UTF-8 must not break whoever prints them.
        self.faults.add(Fault(name.encode(errors="replace").decode(), what))


class Bag(contextlib.AbstractContextManager["Bag"]):
    """A bag opened for reading. Names have slashes and are composed (NFC), however the disk or archive spells them."""

    def __init__(self, found: _Found) -> None:
        self.faults = frozenset(found.faults)  # of the folder or archive itself
        self._entries = found.entries
        self._archive = found.archive

    def __exit__(self, *_: object) -> None:
        if self._archive:
            self._archive.close()

    def names(self) -> tuple[str, ...]:
        """Payload and tag files, sorted."""
        return tuple(sorted(self._entries))

    def size(self, name: str) -> int:
        """Bytes, as the disk or archive says; Unreadable if it is not there."""
        return self._entry(name).size

    def stream(self, name: str) -> BinaryIO:
        """A file to read on from its beginning, and to close before the bag.

        Raises:
            Unreadable: it is not there; while reading: damaged, or not as large as it says.
        """
        return cast("BinaryIO", io.BufferedReader(_Window(name, self._entry(name), self._archive), _CHUNK))

    def read(self, name: str) -> bytes:
        """A whole file; raises as `stream` does."""
        with self.stream(name) as file:
            return file.read()

    def _entry(self, name: str) -> _Entry:
        try:
            return self._entries[unicodedata.normalize("NFC", name)]
        except KeyError:
            raise Unreadable(name) from None


class _Window(io.RawIOBase):
    """The bytes of one file, just as many as it said: fewer or damaged ones are Unreadable."""

    def __init__(self, name: str, entry: _Entry, archive: zipfile.ZipFile | None) -> None:
        super().__init__()
        self._name, self._left = name, entry.size
        try:
            if entry.deflated and archive:
                self._file: BinaryIO = cast("BinaryIO", archive.open(entry.deflated))
            else:
                self._file = entry.path.open("rb")
                self._file.seek(entry.offset)
        except Exception as error:  # a broken archive raises whatever the missing piece is needed for
            raise Unreadable(name) from error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._file.read(min(len(buffer), self._left))
            if self._left and not chunk:
                raise EOFError
        except Exception as error:
            raise Unreadable(self._name) from error
        self._left -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
        super().close()


def _is_inside(name: str) -> bool:
    """Whether a name stays below the folder it is taken from, on every system."""
    # Surrogates are how Python shows names that are no UTF-8.
    return not ({"", ".", ".."} & set(name.split("/")) or re.search(r"^[A-Za-z]:|[\\\x00\ud800-\udfff]", name))


def open_bag(path: Path) -> Bag:
    """Open a folder, .tar or .zip; what it is, its first bytes say. A damaged one opens too: `examine` tells.

    Raises:
        Trouble: file.unreadable: it does not exist or may not be read.
    """
    found = _Found()
    try:
        if path.is_dir():
            _folder(path, "", found)
            return Bag(found)
        with path.open("rb") as file:
            head = file.read(2)
    except OSError as error:
        raise Trouble(finding("file.unreadable", Cell(path.name), problem=error.strerror or "?")) from error
    try:
        (_zip if head == b"PK" else _tar)(path, found)
    except Exception:  # noqa: BLE001 - a broken archive raises whatever the missing piece is needed for
        found.fault(What.UNREADABLE, path.name)
    _below_its_folder(found)
    return Bag(found)


def _folder(folder: Path, above: str, found: _Found) -> None:
    with os.scandir(folder) as entries:
        for one in sorted(entries, key=lambda entry: entry.name):
            name = f"{above}{one.name}"
            if one.is_dir(follow_symlinks=False):
                try:
                    _folder(Path(one.path), f"{name}/", found)
                except (OSError, RecursionError):
                    found.fault(What.UNREADABLE, name)
            elif one.is_file(follow_symlinks=False):
                found.add(name, _Entry(Path(one.path), 0, one.stat(follow_symlinks=False).st_size))
            else:
                found.fault(What.BAD_NAME, name)


def _tar(path: Path, found: _Found) -> None:
    end = 0
    with tarfile.open(path, "r:") as archive:
        for one in archive:
            name = one.name.removeprefix("./")
            end = one.offset_data + (-(-one.size // _BLOCK) * _BLOCK if one.isreg() else 0)
            # A sparse file's bytes do not stand one after another.
            if one.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not one.issparse():
                found.add(name, _Entry(path, one.offset_data, one.size))
            elif not one.isdir() or not _is_inside(name):
                found.fault(What.BAD_NAME, name)
    with path.open("rb") as file:
        file.seek(end)
        # tarfile takes a broken head for the end: only two blocks of zeros are (POSIX.1, pax).
        if file.read(2 * _BLOCK) != bytes(2 * _BLOCK):
            found.fault(What.UNREADABLE, path.name)
        elif any(any(chunk) for chunk in iter(lambda: file.read(_CHUNK), b"")):
            found.fault(What.EXTRA, path.name)


def _zip(path: Path, found: _Found) -> None:
    found.archive = zipfile.ZipFile(path)
    members = sorted(found.archive.infolist(), key=lambda info: info.header_offset)
    starts = [*(one.header_offset for one in members), found.archive.start_dir]
    with path.open("rb") as file:
        slack = starts[0]
        for one, following in zip(members, starts[1:], strict=True):
            start = _data_offset(file, one)
            gap = following - start - one.compress_size
            # Members that lie over one another are how small archives unpack to petabytes.
            if gap < 0:
                raise zipfile.BadZipFile
            slack += gap if not one.flag_bits & _STREAMED or gap not in _DESCRIPTOR else 0
            _add_member(found, path, one, start)
        file.seek(-_TAIL_SIZE, io.SEEK_END)
        if slack or not file.read().startswith(b"PK\x05\x06"):
            found.fault(What.EXTRA, path.name)


def _data_offset(file: BinaryIO, one: zipfile.ZipInfo) -> int:
    """Where the bytes of a member begin, if it is called there what the directory calls it."""
    file.seek(one.header_offset)
    mark, flags, name_size, extra_size = struct.unpack(_LOCAL, file.read(struct.calcsize(_LOCAL)))
    name = file.read(name_size).decode("utf-8" if flags & _UTF8 else "cp437")
    if mark != b"PK\x03\x04" or name != one.orig_filename:
        raise zipfile.BadZipFile
    return file.tell() + int(extra_size)


def _add_member(found: _Found, path: Path, one: zipfile.ZipInfo, start: int) -> None:
    # Without zipfile's check sum: that a stored file was changed, the manifests are to say.
    stored = one.compress_type == zipfile.ZIP_STORED and one.compress_size == one.file_size
    deflated = one.compress_type == zipfile.ZIP_DEFLATED and one.file_size <= one.compress_size * _DEFLATE_MOST
    if one.is_dir() and not one.file_size and _is_inside(one.filename.removesuffix("/")):
        return
    if one.is_dir() or stat.S_IFMT(one.external_attr >> 16) not in {0, stat.S_IFREG}:
        found.fault(What.BAD_NAME, one.filename)
    elif one.flag_bits & _ENCRYPTED or not (stored or deflated):
        found.fault(What.UNREADABLE, one.filename)
    else:
        found.add(one.filename, _Entry(path, start, one.file_size, one if deflated else None))


def _below_its_folder(found: _Found) -> None:
    """Name what an archive holds without the folder that the bag lies in."""
    tops = {f"{name.partition('/')[0]}/" for name in found.entries if "/" in name}
    top = min(tops, key=lambda one: (f"{one}{DECLARATION_FILE}" not in found.entries, one), default="/")
    everything, found.entries = found.entries, {}
    for name, entry in everything.items():
        if name.startswith(top):
            found.entries[name.removeprefix(top)] = entry
        else:
            found.fault(What.EXTRA, name)


def examine(bag: Bag, unlisted: Collection[str]) -> list[Fault]:
    """All that is wrong with a bag, sorted by name; every file is read to its end.

    Who can change the manifests too is not found out here: that is what a signature over the tag manifest is for.

    `unlisted` are tag files that no tag manifest needs to list, such as its signature.
    """
    found = _Found(faults=set(bag.faults))
    names = frozenset(bag.names())
    if not names and found.faults:
        return sorted(found.faults)
    lists = {one: _manifest(bag, one, found) for one in (*MANIFESTS, *TAG_MANIFESTS) if one in names}
    for one in {DECLARATION_FILE, *MANIFESTS, *TAG_MANIFESTS} - names:
        found.fault(What.NO_TAG_MANIFEST if one in TAG_MANIFESTS else What.MISSING, one)
    _compare_lists(lists, names, unlisted, found)
    _check_words(bag, {name: _check(bag, name, lists, found) for name in sorted(names)}, found)
    return sorted(found.faults)


def _manifest(bag: Bag, name: str, found: _Found) -> Mapping[str, str]:
    """Hashes by name; of a damaged manifest, those of the lines that can be read."""
    listed: dict[str, str] = {}
    for line in _lines(bag, name, found):
        match = _LINE.fullmatch(line)
        if not match or len(match[1]) != hashlib.new(_ALGORITHM[name]).digest_size * 2:
            found.fault(What.UNREADABLE, name)
            continue
        path = unicodedata.normalize("NFC", _ENCODED.sub(lambda sign: chr(int(sign[1], 16)), match[2]))
        if path in listed or not _is_inside(path) or path.startswith(PAYLOAD) == (name in TAG_MANIFESTS):
            found.fault(What.BAD_NAME, path)
        else:
            listed[path] = match[1].lower()
    return listed


def _lines(bag: Bag, name: str, found: _Found) -> Iterable[str]:
    """The lines of a tag file; none of one that cannot be read."""
    with contextlib.suppress(Unreadable, UnicodeDecodeError):
        if bag.size(name) <= _LARGEST_TAG:
            return [line for line in _LINE_END.split(bag.read(name).decode()) if line]
    found.fault(What.UNREADABLE, name)
    return ()


def _compare_lists(
    lists: Mapping[str, Mapping[str, str]], names: frozenset[str], unlisted: Collection[str], found: _Found
) -> None:
    everything: set[str] = set()
    for pair in (MANIFESTS, TAG_MANIFESTS):
        both = [set(lists[one]) for one in pair if one in lists] or [set()]
        everything |= both[0] | both[-1]
        for name in both[0] ^ both[-1]:
            found.fault(What.MANIFESTS_DIFFER, name)
    for name in everything - names:
        found.fault(What.MISSING, name)
    if not lists.keys() & set(TAG_MANIFESTS):
        # That says it once for all tag files.
        names = frozenset(name for name in names if name.startswith(PAYLOAD))
    for name in names - everything - set(TAG_MANIFESTS):
        if name in {DECLARATION_FILE, INFO, *MANIFESTS}:
            found.fault(What.UNLISTED, name)
        elif name.startswith(PAYLOAD) or name not in unlisted:
            found.fault(What.EXTRA, name)


def _check(bag: Bag, name: str, lists: Mapping[str, Mapping[str, str]], found: _Found) -> int:
    """Compare a file with all hashes that are listed for it, in one pass; the bytes that were read."""
    hashers, size = {one: hashlib.new(one) for one in ALGORITHMS}, 0
    try:
        with bag.stream(name) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                for hasher in hashers.values():
                    hasher.update(chunk)
    except Unreadable:
        found.fault(What.UNREADABLE, name)
    else:
        digests = {one: hashers[_ALGORITHM[one]].hexdigest() for one in lists}
        if any(listed.get(name, digests[one]) != digests[one] for one, listed in lists.items()):
            found.fault(What.CHANGED, name)
    return size


def _check_words(bag: Bag, sizes: Mapping[str, int], found: _Found) -> None:
    """What the declaration and the information say."""
    if DECLARATION_FILE in sizes and list(_lines(bag, DECLARATION_FILE, found)) != DECLARATION.splitlines():
        found.fault(What.BAD_DECLARATION, DECLARATION_FILE)
    if INFO in sizes:
        payload = [size for name, size in sizes.items() if name.startswith(PAYLOAD)]
        said = [match[1] for line in _lines(bag, INFO, found) if (match := _OXUM.fullmatch(line))]
        if said and said != [f"{sum(payload)}.{len(payload)}"]:
            found.fault(What.OXUM_DIFFERS, INFO)
