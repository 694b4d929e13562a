"""Writing bags (BagIt, RFC 8493): as a folder, .tar or .zip, the same content in each; nothing is held in memory."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from pipeline.doors.files import unwritable

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
_CHUNK = 1 << 20
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all entries: the same content gives the same bytes."""
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*\\]|[. ](/|$)')
"""What Windows forbids in names."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A file of a bag."""

    name: str
    """`data/...`, forward slashes."""
    source: Path | bytes


class _Shelf(Protocol):
    """Where files of a bag are put."""

    def put(self, name: str, size: int, content: BinaryIO) -> None: ...


def write_bag(
    target: Path,
    payload: Iterable[Payload],
    info: Sequence[tuple[str, str]],
    tag_files: Mapping[str, bytes],
    sign: Callable[[bytes], Mapping[str, bytes]],
) -> None:
    """Write a bag whole or not at all; what was there before stays until it is replaced.

    Args:
        target: a folder, or a file that ends in .tar or .zip.
        payload: its files.
        info: lines of bag-info.txt; Payload-Oxum is added.
        tag_files: further files beside the payload, by name.
        sign: given tagmanifest-sha256.txt, the files that lie beside it and are in no manifest.

    Raises:
        ValueError: a name that cannot be part of a bag, or twice the same name.
        Trouble: output.full, output.unwritable.
    """
    files = sorted(payload, key=lambda one: one.name)
    _check([*(one.name for one in files), *(f"data/{name}" for name in tag_files)])
    tidy(target)
    new = _beside(target, "new")
    shown = f"{target.parent.name}/{target.name}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _shelf(new, target.name.rpartition(".")[2] if target.suffix in {".tar", ".zip"} else "") as shelf:
            _fill(shelf, files, info, tag_files, sign)
        _put_in_place(new, target)
    except OSError as error:
        _remove(new)
        raise unwritable(error, shown) from error
    except BaseException:
        _remove(new)
        raise


def tidy(target: Path) -> None:
    """Finish or undo what a run that died left beside a bag."""
    _remove(_beside(target, "new"))
    old = _beside(target, "old")
    if old.exists():
        if target.exists():
            _remove(old)
        else:
            old.rename(target)


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _put_in_place(new: Path, target: Path) -> None:
    """A file takes the other's place at once; a folder cannot, and `tidy` puts right what happens in between."""
    if new.is_dir() and target.exists():
        old = _beside(target, "old")
        target.rename(old)
        new.rename(target)
        _remove(old)
    else:
        new.replace(target)
    # Windows cannot open a folder.
    with suppress(OSError):
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        if parts[0] != "data" or len(parts) < 2 or {"", ".", ".."} & set(parts) or _UNSAFE.search(name):  # noqa: PLR2004
            raise ValueError("a name that cannot be part of a bag")
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise ValueError("two files of a bag have the same name")
        seen[key] = name


def _fill(
    shelf: _Shelf,
    files: Sequence[Payload],
    info: Sequence[tuple[str, str]],
    tag_files: Mapping[str, bytes],
    sign: Callable[[bytes], Mapping[str, bytes]],
) -> None:
    sums: list[tuple[str, tuple[str, ...]]] = []
    total = 0
    for one in files:
        name = unicodedata.normalize("NFC", one.name)
        with _opened(one.source) as content:
            reader = _Hashing(content)
            size = content.seek(0, io.SEEK_END)
            content.seek(0)
            shelf.put(name, size, reader)  # type: ignore[arg-type] # it reads, which is all that is asked of it
            if reader.size != size:
                raise OSError("a file changed while it was archived")
        sums.append((name, reader.digests))
        total += size
    lines = [*info, ("Payload-Oxum", f"{total}.{len(files)}")]
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{key}: {' '.join(value.split())}\n" for key, value in lines).encode(),
        **tag_files,
    }
    for place, algorithm in enumerate(ALGORITHMS):
        tags[f"manifest-{algorithm}.txt"] = _manifest((name, digests[place]) for name, digests in sums)
    manifests = {
        f"tagmanifest-{algorithm}.txt": _manifest(
            (name, hashlib.new(algorithm, blob).hexdigest()) for name, blob in sorted(tags.items())
        )
        for algorithm in ALGORITHMS
    }
    beside = sign(manifests["tagmanifest-sha256.txt"])
    for name, blob in sorted({**tags, **manifests, **beside}.items()):
        shelf.put(name, len(blob), io.BytesIO(blob))


def _manifest(sums: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {_written(name)}\n" for name, digest in sums).encode()


def _written(name: str) -> str:
    """RFC 8493, 2.1.3: of a name's signs these three are percent-encoded."""
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    else:
        with source.open("rb") as file:
            yield file


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._sums = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        block = self._content.read(size)
        self.size += len(block)
        for one in self._sums:
            one.update(block)
        return block

    @property
    def digests(self) -> tuple[str, ...]:
        """One an algorithm."""
        return tuple(one.hexdigest() for one in self._sums)


# --- forms -------------------------------------------------------------------------------------------------------


@contextmanager
def _shelf(path: Path, form: str) -> Iterator[_Shelf]:
    if not form:
        path.mkdir()
        yield _Folder(path)
        return
    with path.open("xb") as file:
        path.chmod(0o600)
        if form == "tar":
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                yield _Tar(archive)
        else:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield _Zip(archive)
        file.flush()
        os.fsync(file.fileno())


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, size: int, content: BinaryIO) -> None:
        del size
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # Papers hold political opinions of named people: for the owner's eyes only.
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())


class _Tar:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def put(self, name: str, size: int, content: BinaryIO) -> None:
        entry = tarfile.TarInfo(f"{_TOP}/{name}")
        entry.size, entry.mode = size, 0o600
        self._archive.addfile(entry, content)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def put(self, name: str, size: int, content: BinaryIO) -> None:
        entry = zipfile.ZipInfo(f"{_TOP}/{name}", _DATE)
        entry.external_attr = 0o600 << 16
        entry.file_size = size
        with self._archive.open(entry, "w", force_zip64=size >= 1 << 31) as target:
            shutil.copyfileobj(content, target, _CHUNK)


_TOP = "bag"
"""The one folder of an archive file (RFC 8493, 4)."""
