"""Bags written (BagIt, RFC 8493; tarfile, zipfile): as a folder, .tar or .zip, whole or not at all, always the same.

The same payload gives the same bytes: sorted, without owners, with one date. Nothing larger than a block is held.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import shutil
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from pipeline.doors import bag_reading as reading
from pipeline.doors import files
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

_CHUNK = 1 << 20
_DATE = (1980, 1, 1, 0, 0, 0)
_SECONDS = 315_532_800
"""The same date: the first that ZIP knows."""
# Papers hold political opinions of named people: for the owner's eyes only.
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_BINARY = getattr(os, "O_BINARY", 0)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_OURS = re.compile(r"(?i)(tag)?manifest-[^/]*\.txt|bagit\.txt|bag-info\.txt|fetch\.txt|data(/.*)?")
"""Tag files that are made here, or would change what a bag is."""


class Unfit(Exception):  # noqa: N818 - becomes a finding, never seen by people
    """The bag cannot be made of this; `code` is that of the finding."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Payload:
    """A file to be archived."""

    name: str
    """In the bag: `data/volumes/…`, with slashes."""
    source: Path | bytes
    """Large files as a path: bytes are held until the bag is written."""


def write_bag(
    target: Path,
    payload: Iterable[Payload],
    info: Sequence[tuple[str, str]],
    tag_files: Mapping[str, bytes],
    sign: Callable[[bytes], Mapping[str, bytes]],
) -> None:
    """Write a bag, read it back, and put it in the place of an earlier one. One writer at a time.

    Args:
        target: `NAME.tar`, `NAME.zip` (stored, not deflated), else a folder; in an archive all lies in a folder NAME.
        payload: in any order.
        info: labels and values of bag-info.txt in their order; Payload-Oxum is added.
        tag_files: further files beside data/, listed in the tag manifests.
        sign: called once with the bytes of tagmanifest-sha256.txt; the files it gives lie beside it, unlisted.

    Raises:
        Unfit: bag.name, bag.info, bag.changing, bag.occupied, bag.unsound.
        Trouble: file.unreadable of a payload; output.full, output.unwritable of the target.
    """
    sources = sorted(_named(payload), key=lambda one: one.name)
    _check_names([*(one.name for one in sources), *tag_files])
    for name in (name for name in tag_files if _OURS.fullmatch(name)):
        raise Unfit("bag.name", name=name)
    lines = _info(info)
    new = _beside(target, "new")
    with _writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        tidy(target)
        _check_place(target)
    try:
        unlisted = _write(target, sources, lines, tag_files, sign)
        with reading.open_bag(new) as bag:
            faults = reading.examine(bag, unlisted)
        if faults:
            raise Unfit("bag.unsound", name=faults[0].name, problem=faults[0].what.value)
        with _writing(target):
            _publish(target)
    except BaseException:
        _discard(new, target)
        with _writing(target):
            tidy(target)
        raise


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Not around `sign`: a time stamp's lost connection is an OSError, too."""
    try:
        yield
    except OSError as error:
        raise files.unwritable(error, target.name) from error


def tidy(target: Path) -> None:
    """Finish or undo what a killed `write_bag` left: afterwards the target is the old or the new bag, and alone.

    Raises:
        OSError: what was left cannot be put in its place.
    """
    new, old = _beside(target, "new"), _beside(target, "old")
    # The old one is put aside only when the new one is complete.
    if old.exists() and not target.exists():
        (new if new.exists() else old).rename(target)
        files.sync(target.parent)
    for left in (new, old, _beside(target, "gone")):
        _discard(left, target)


def left_behind(folder: Path) -> set[Path]:
    """Targets below a folder beside which a killed `write_bag` left something."""
    left = (path for path in folder.rglob(".*.bag-*.tmp"))
    return {path.with_name(path.name[1 : path.name.rindex(".bag-")]) for path in left}


def _named(payload: Iterable[Payload]) -> Iterable[Payload]:
    for one in payload:
        name = unicodedata.normalize("NFC", one.name)
        if not name.startswith(reading.PAYLOAD):
            raise Unfit("bag.name", name=one.name)
        yield Payload(name, one.source)


def _check_names(names: Iterable[str]) -> None:
    """Refuse what some system cannot hold, and two names that some system takes for one."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        steps = name.split("/")
        above = ["/".join(steps[:depth]) for depth in range(1, len(steps))]
        folded = _folded(name)
        # A folder that is written in two ways is one folder on Windows and two elsewhere.
        clash = folded in taken or any(folders.setdefault(_folded(one), one) != one for one in above)
        if clash or not all(map(_is_plain, steps)) or unicodedata.normalize("NFC", name) != name:
            raise Unfit("bag.name", name=name)
        taken.add(folded)
    for name in taken & folders.keys():
        raise Unfit("bag.name", name=name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_plain(step: str) -> bool:
    """Whether Linux, macOS and Windows take it as a file's name."""
    try:
        return files.file_name(step) == re.sub(r"\s+", " ", step)
    except Trouble:
        return False


def _info(info: Sequence[tuple[str, str]]) -> str:
    for label, value in info:
        plain = all(one and one == one.strip() and not _CONTROL.search(one) for one in (label, value))
        if not plain or ":" in label or label.casefold() == reading.OXUM.casefold():
            raise Unfit("bag.info", label=label)
    return "".join(f"{label}: {value}\n" for label, value in info)


def _beside(target: Path, state: str) -> Path:
    return target.with_name(f".{target.name}.bag-{state}.tmp")


def _check_place(target: Path) -> None:
    """Refuse to replace what is no bag: a slip of the pen must not cost somebody's folder."""
    if target.is_symlink() or (target.exists() and target.is_dir() == (target.suffix in _ARCHIVES)):
        raise Unfit("bag.occupied", name=target.name)
    if target.is_dir() and any(target.iterdir()) and not (target / reading.DECLARATION_FILE).is_file():
        raise Unfit("bag.occupied", name=target.name)


def _publish(target: Path) -> None:
    old = _beside(target, "old")
    if target.is_dir():
        # A folder cannot be replaced in one go; `tidy` knows each state between.
        target.rename(old)
        files.sync(target.parent)
    _beside(target, "new").replace(target)
    files.sync(target.parent)
    _discard(old, target)


def _discard(path: Path, target: Path) -> None:
    """Remove what is not needed; what cannot be removed now, the next run removes."""
    gone = _beside(target, "gone")
    with contextlib.suppress(OSError):
        if path.is_dir():
            # Half a folder must not be taken for a whole one.
            if path != gone:
                shutil.rmtree(gone, ignore_errors=True)
                path.rename(gone)
            shutil.rmtree(gone)
        else:
            path.unlink(missing_ok=True)


class _Source:
    """A payload read once: hashed as it goes, and of just the size it said."""

    def __init__(self, one: Payload) -> None:
        self.name = one.name
        self._hashers = [hashlib.new(algorithm) for algorithm in reading.ALGORITHMS]
        self._read = 0
        with self._reading():
            self._file: BinaryIO = one.source.open("rb") if isinstance(one.source, Path) else io.BytesIO(one.source)
            self.size = self._file.seek(0, io.SEEK_END)
            self._file.seek(0)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise Trouble(finding("file.unreadable", Cell(self.name), problem=problem)) from error

    def read(self, size: int) -> bytes:
        with self._reading():
            chunk = self._file.read(size)
        self._read += len(chunk)
        # Somebody else is still writing it.
        if (size and not chunk and self._read < self.size) or self._read > self.size:
            raise Unfit("bag.changing", name=self.name)
        for hasher in self._hashers:
            hasher.update(chunk)
        return chunk

    def digests(self) -> tuple[str, ...]:
        """After the last byte: one for each algorithm."""
        while self.read(_CHUNK):
            pass
        return tuple(hasher.hexdigest() for hasher in self._hashers)

    def close(self) -> None:
        self._file.close()


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(_FOLDER_MODE)
        (path / reading.PAYLOAD).mkdir(_FOLDER_MODE)

    def add(self, source: _Source) -> None:
        path = self._path / source.name
        path.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
        with _create(path) as file:
            shutil.copyfileobj(cast("BinaryIO", source), file, _CHUNK)

    def close(self) -> None:
        # All at the end: a disk that is made to wait for each file takes many times as long.
        for folder, _folders, names in os.walk(self._path):
            for name in names:
                with Path(folder, name).open("r+b") as file:
                    os.fsync(file.fileno())
            files.sync(Path(folder))


class _Tar:
    def __init__(self, path: Path, top: str) -> None:
        self._file = _create(path)
        self._top = top
        self._archive = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT, copybufsize=_CHUNK)
        self._archive.addfile(self._member(reading.PAYLOAD.rstrip("/"), 0, tarfile.DIRTYPE, _FOLDER_MODE))

    def add(self, source: _Source) -> None:
        member = self._member(source.name, source.size, tarfile.REGTYPE, _FILE_MODE)
        self._archive.addfile(member, cast("BinaryIO", source))

    def _member(self, name: str, size: int, sort: bytes, mode: int) -> tarfile.TarInfo:
        member = tarfile.TarInfo(f"{self._top}/{name}")
        member.size, member.type, member.mode, member.mtime = size, sort, mode, _SECONDS
        return member

    def close(self) -> None:
        _close(self._file, self._archive)


class _Zip:
    def __init__(self, path: Path, top: str) -> None:
        self._file = _create(path)
        self._top = top
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._archive.writestr(self._member(reading.PAYLOAD, stat.S_IFDIR | _FOLDER_MODE), b"")

    def add(self, source: _Source) -> None:
        member = self._member(source.name, stat.S_IFREG | _FILE_MODE)
        # From it zipfile sees whether the head needs ZIP64's longer numbers.
        member.file_size = source.size
        with self._archive.open(member, "w") as file:
            shutil.copyfileobj(cast("BinaryIO", source), file, _CHUNK)

    def _member(self, name: str, mode: int) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(f"{self._top}/{name}", _DATE)
        member.create_system, member.external_attr = 3, mode << 16
        return member

    def close(self) -> None:
        _close(self._file, self._archive)


_Sink = _Folder | _Tar | _Zip
_ARCHIVES: dict[str, type[_Tar | _Zip]] = {".tar": _Tar, ".zip": _Zip}


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _FILE_MODE), "wb")


def _close(file: BinaryIO, archive: tarfile.TarFile | zipfile.ZipFile) -> None:
    with file:
        archive.close()
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _sink(target: Path) -> Iterator[_Sink]:
    new, top = _beside(target, "new"), unicodedata.normalize("NFC", target.stem)
    with _writing(target):
        sink: _Sink = _ARCHIVES[target.suffix](new, top) if target.suffix in _ARCHIVES else _Folder(new)
    try:
        yield sink
    finally:
        with _writing(target):
            sink.close()


def _write(
    target: Path,
    payload: Sequence[Payload],
    info: str,
    tag_files: Mapping[str, bytes],
    sign: Callable[[bytes], Mapping[str, bytes]],
) -> frozenset[str]:
    """Payload, tag files, tag manifests, their signature; the names of the unlisted files."""
    with _sink(target) as sink:
        with _writing(target):
            size, digests = _add(sink, payload)
            tags = {
                **tag_files,
                reading.DECLARATION_FILE: reading.DECLARATION.encode(),
                reading.INFO: f"{info}{reading.OXUM}: {size}.{len(digests)}\n".encode(),
                **_manifests(reading.MANIFESTS, digests),
            }
            proofs = _manifests(
                reading.TAG_MANIFESTS, _add(sink, [Payload(name, tags[name]) for name in sorted(tags)])[1]
            )
        signature = dict(sign(proofs[reading.TAG_MANIFESTS[0]]))
        _check_names([*tags, *proofs, *signature])
        with _writing(target):
            _add(sink, [Payload(name, blob) for name, blob in sorted({**proofs, **signature}.items())])
    return frozenset(signature)


def _add(sink: _Sink, payload: Iterable[Payload]) -> tuple[int, dict[str, tuple[str, ...]]]:
    size, digests = 0, {}
    for one in payload:
        with contextlib.closing(_Source(one)) as source:
            sink.add(source)
            digests[one.name] = source.digests()
            size += source.size
    return size, digests


def _manifests(names: Sequence[str], digests: Mapping[str, tuple[str, ...]]) -> dict[str, bytes]:
    return {
        name: "".join(f"{digests[path][place]}  {encoded(path)}\n" for path in sorted(digests)).encode()
        for place, name in enumerate(names)
    }


def encoded(path: str) -> str:
    """A path as a manifest spells it (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
