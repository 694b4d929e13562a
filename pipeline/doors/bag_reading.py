"""Reading and examining bags (RFC 8493): a folder, a .tar or a .zip. Nothing is written, and nothing unpacked."""

from __future__ import annotations

import hashlib
import re
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from pipeline.doors.bag import ALGORITHMS, DECLARATION

_CHUNK = 1 << 20
_LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(.+)")
_DAMAGE = (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError, RuntimeError, ValueError, NotImplementedError)


class Fault(StrEnum):
    """What is wrong with a file of a bag, or with the bag."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"
    """In no manifest."""
    UNREADABLE = "unreadable"
    NO_MANIFEST = "manifest missing"
    DECLARATION = "not declared as a bag"
    NAME = "unsafe name"
    OXUM = "number or size of files differs"
    DIFFERENT = "manifests differ"


class Unreadable(Exception):  # noqa: N818 - a value for who asked
    """There is no bag here, or the archive is damaged."""


@dataclass(frozen=True, slots=True)
class Bag:
    """An open bag: its files by name (NFC, forward slashes)."""

    names: tuple[str, ...]
    unsafe: tuple[str, ...]
    """Names that lead out of the bag, links, devices."""
    trailing: bool
    """Bytes lie behind the end of the archive file."""
    _open: Callable[[str], IO[bytes]]

    def stream(self, name: str) -> IO[bytes]:
        """A file, to be read and closed."""
        return self._open(name)

    def read(self, name: str) -> bytes:
        """A small file whole; b'' when it is not there.

        Raises:
            Unreadable: the archive is damaged.
        """
        if name not in self.names:
            return b""
        try:
            with self._open(name) as file:
                return file.read()
        except _DAMAGE as error:
            raise Unreadable(name) from error


@contextmanager
def open_bag(path: Path) -> Iterator[Bag]:
    """A bag.

    Raises:
        Unreadable: it is none, or damaged.
    """
    try:
        if path.is_dir():
            yield _folder(path)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield _zip(archive, path)
        elif tarfile.is_tarfile(path):
            with tarfile.open(path, "r:") as archive:
                yield _tar(archive, path)
        else:
            raise Unreadable(path.name)
    except _DAMAGE as error:
        raise Unreadable(path.name) from error


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folder(path: Path) -> Bag:
    files, unsafe = {}, []
    for one in sorted(path.rglob("*")):
        name = _nfc(one.relative_to(path).as_posix())
        if one.is_symlink() or not (one.is_file() or one.is_dir()):
            unsafe.append(name)
        elif one.is_file():
            files[name] = one
    return Bag(tuple(sorted(files)), tuple(unsafe), trailing=False, _open=lambda name: files[name].open("rb"))


def _inside(name: str) -> str | None:
    """The name below the archive's one folder; None where it leads elsewhere."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or len(parts) < 2:  # noqa: PLR2004 - folder and file
        return None
    return _nfc("/".join(parts[1:]))


def _zip(archive: zipfile.ZipFile, path: Path) -> Bag:
    files, unsafe = {}, []
    for one in archive.infolist():
        name = _inside(one.filename)
        if one.is_dir():
            continue
        if name is None or name in files or stat.S_ISLNK(one.external_attr >> 16):
            unsafe.append(one.filename)
        else:
            files[name] = one
    with path.open("rb") as file:
        file.seek(-min(22 + len(archive.comment), path.stat().st_size), 2)
        trailing = file.read(4) != b"PK\x05\x06" or bool(archive.comment)
    return Bag(tuple(sorted(files)), tuple(unsafe), trailing, lambda name: archive.open(files[name]))


def _tar(archive: tarfile.TarFile, path: Path) -> Bag:
    files, unsafe = {}, []
    end = 0
    for one in archive:
        end = one.offset_data + -(-one.size // 512) * 512
        name = _inside(one.name)
        if one.isdir():
            continue
        if name is None or name in files or not one.isreg():
            unsafe.append(one.name)
        else:
            files[name] = one
    with path.open("rb") as file:
        file.seek(end)
        rest = file.read()
    # Two blocks of nothing end a tar; without them it was cut.
    if len(rest) < 1024:  # noqa: PLR2004
        raise Unreadable(path.name)
    trailing = bool(rest.strip(b"\0"))

    def opened(name: str) -> IO[bytes]:
        found = archive.extractfile(files[name])
        if found is None:
            raise OSError(name)
        return found

    return Bag(tuple(sorted(files)), tuple(unsafe), trailing, opened)


# --- examining ---------------------------------------------------------------------------------------------------


def examine(bag: Bag, unlisted: Collection[str]) -> list[tuple[Fault, str]]:
    """Everything that is wrong, with the name of the file; every file is hashed.

    Args:
        bag: an open bag.
        unlisted: files beside the payload that need not be in a tag manifest.
    """
    found = [(Fault.NAME, name) for name in bag.unsafe]
    if bag.trailing:
        found.append((Fault.EXTRA, "bytes behind the end of the archive"))
    if _read(bag, "bagit.txt") != DECLARATION:
        found.append((Fault.DECLARATION, "bagit.txt"))
    wanted: dict[str, dict[str, str]] = {}
    for kind in ("tagmanifest", "manifest"):
        found += _take_manifests(bag, kind, wanted)
    sizes = 0
    for name in sorted({*wanted, *bag.names}):
        fault, size = _fault(bag, name, wanted.get(name), unlisted)
        sizes += size if name.startswith("data/") else 0
        if fault:
            found.append((fault, name))
    count = sum(name.startswith("data/") for name in bag.names)
    oxum = re.search(rb"^Payload-Oxum: (\d+)\.(\d+)$", _read(bag, "bag-info.txt"), re.MULTILINE)
    if oxum is None or (int(oxum[1]), int(oxum[2])) != (sizes, count):
        found.append((Fault.OXUM, "bag-info.txt"))
    return found


def _take_manifests(bag: Bag, kind: str, wanted: dict[str, dict[str, str]]) -> Iterator[tuple[Fault, str]]:
    """Add what the manifests of a kind list to `wanted`: sums by algorithm, by name."""
    lists = []
    for algorithm in ALGORITHMS:
        name = f"{kind}-{algorithm}.txt"
        if name not in bag.names:
            yield Fault.NO_MANIFEST, name
            continue
        own = _listed(_read(bag, name))
        lists.append(frozenset(own))
        for listed, digest in own.items():
            wanted.setdefault(listed, {})[algorithm] = digest
    if len(set(lists)) > 1:
        yield Fault.DIFFERENT, kind


def _fault(
    bag: Bag, name: str, wanted: Mapping[str, str] | None, unlisted: Collection[str]
) -> tuple[Fault | None, int]:  # fmt: skip
    """What is wrong with a file, and its size."""
    if name not in bag.names:
        return Fault.MISSING, 0
    sums, size = _sums(bag, name)
    if sums is None:
        return Fault.UNREADABLE, size
    if wanted is None:
        extra = name not in unlisted and not name.startswith("tagmanifest-")
        return (Fault.EXTRA if extra else None), size
    changed = any(sums[algorithm] != digest for algorithm, digest in wanted.items())
    return (Fault.CHANGED if changed else None), size


def _read(bag: Bag, name: str) -> bytes:
    try:
        return bag.read(name)
    except Unreadable:
        return b""


def _listed(blob: bytes) -> dict[str, str]:
    """Names (NFC) and sums of a manifest."""
    listed = {}
    for line in blob.decode("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if match:
            name = match[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            listed[_nfc(name)] = match[1].lower()
    return listed


def _sums(bag: Bag, name: str) -> tuple[Mapping[str, str] | None, int]:
    sums, size = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}, 0
    try:
        with bag.stream(name) as file:
            while block := file.read(_CHUNK):
                size += len(block)
                for one in sums.values():
                    one.update(block)
    except _DAMAGE:
        return None, size
    return {algorithm: one.hexdigest() for algorithm, one in sums.items()}, size
