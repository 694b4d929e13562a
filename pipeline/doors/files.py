"""The only writer of files: checked elsewhere, written under a temporary name here, then replaced atomically."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding

_LEFT = re.compile(r"\..+\.\d+\.tmp")
"""Temporary names: of a file on its way to its place, with the process that writes it."""
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")
_LONGEST = 240
"""Bytes of UTF-8: file systems allow 255, and the temporary name and suffix need some."""
_LARGEST = 400_000_000
"""Bytes of what people put in, scans aside: far beyond any workbook or template."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SHORT = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)


def file_name(text: str) -> str:
    """Text as a file name that Linux, macOS and Windows take: NFC, no reserved sign or name, no trailing dot.

    Raises:
        Trouble: output.long.
    """
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    name = re.sub(r"\s+", " ", name) or "_"
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(name.encode()) > _LONGEST:
        raise Trouble(finding("output.long"))
    return name


def read(path: Path, shown: str, missing: str) -> bytes:
    """The file's bytes.

    Raises:
        Trouble: the code `missing` when it does not exist, else file.unreadable.
    """
    try:
        return whole(path)
    except FileNotFoundError:
        raise Trouble(finding(missing, Cell(shown))) from None
    except OSError as error:
        raise Trouble(finding("file.unreadable", Cell(shown), problem=_problem(error))) from error


def whole(path: Path, largest: int = _LARGEST) -> bytes:
    """The bytes of a file that is one: a pipe or a device would keep a run waiting for ever.

    Args:
        path: the file.
        largest: bytes; more is not read.

    Raises:
        OSError: it cannot be read, is no regular file, or too large (EFBIG).
    """
    with os.fdopen(
        os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
    ) as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if about.st_size > largest:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return file.read()


def pictures(folder: Path, largest: int) -> dict[str, bytes]:
    """All files below a folder by NFC path with slashes; of one that is larger than `largest` bytes, a byte more.

    Raises:
        Trouble: file.unreadable.
    """
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.is_file() and not path.name.startswith("."):
            try:
                with path.open("rb") as file:
                    found[name] = file.read(largest + 1)
            except OSError as error:
                raise Trouble(
                    finding("file.unreadable", Cell(f"{folder.name}/{name}"), problem=_problem(error))
                ) from error
    return found


def _problem(error: OSError) -> str:
    return error.strerror or type(error).__name__


def publish(
    folder: Path, files: Iterable[tuple[str, bytes]], arrived: Callable[[str], object] = lambda _: None
) -> None:
    """Write each file below `folder` whole or not at all; what was there before stays until it is replaced.

    What is published is on the disk, names too, when this returns; some files at a time are written before the disk is
    waited for. Where one cannot be written, those before it are published.

    Args:
        folder: the campaign's, or below it.
        files: paths below the folder, with contents.
        arrived: told the path of each file that has taken its place.

    Raises:
        Trouble: output.full, output.unwritable, with the path below `folder`.
    """
    with private():
        parents: set[Path] = set()
        for some in _batched(files, _AT_ONCE):
            written: list[tuple[Path, Path, str]] = []
            try:
                for relative, blob in some:
                    target = folder / relative
                    temporary = temporary_of(target)
                    with _writing(folder, relative, temporary):
                        if target.parent not in parents:
                            target.parent.mkdir(parents=True, exist_ok=True)
                        _write(temporary, blob)
                    written.append((temporary, target, relative))
            finally:
                # Of several files the disk is waited for once: the first wait takes the others along.
                _put_in_place(folder, written, arrived)
                parents |= {target.parent for _, target, _ in written}
        for parent in parents:
            sync(parent)


def _put_in_place(folder: Path, written: Iterable[tuple[Path, Path, str]], arrived: Callable[[str], object]) -> None:
    """Temporary files under their own names, all that can be."""
    troubles: list[Trouble] = []
    for temporary, target, relative in written:
        try:
            with _writing(folder, relative, temporary):
                _settle(temporary)
                temporary.replace(target)
            arrived(relative)
        except Trouble as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]


_AT_ONCE = 64
"""Files under temporary names at once."""


def _batched(items: Iterable[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    source = iter(items)
    while some := list(itertools.islice(source, size)):
        yield some


@contextlib.contextmanager
def _writing(folder: Path, relative: str, temporary: Path) -> Iterator[None]:
    """A failure leaves no temporary file."""
    try:
        yield
    except OSError as error:
        remove(temporary)
        raise unwritable(error, f"{folder.name}/{relative}") from error


def temporary_of(target: Path) -> Path:
    """Where a file lies until it takes its place."""
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def sync(folder: Path) -> None:
    """Have the disk hold a folder's names; Windows knows no such thing."""
    with contextlib.suppress(OSError):
        _settle(folder, os.O_RDONLY)


def sweep(folder: Path) -> int:
    """Remove temporary files that a killed run left anywhere below, for who holds the campaign; how many there were."""
    left = left_over(folder)
    for path in left:
        remove(path)
    return len(left)


def left_over(folder: Path) -> list[Path]:
    """Temporary files below a folder; of a campaign that nobody holds, a killed run left them."""
    return [path for path in folder.rglob(".*.tmp") if _LEFT.fullmatch(path.name) and path.is_file()]


@contextlib.contextmanager
def writing(folder: Path, target: Path) -> Iterator[None]:
    """Errors of the disk as trouble with a path below `folder`."""
    try:
        yield
    except OSError as error:
        raise unwritable(error, f"{folder.name}/{target.relative_to(folder).as_posix()}") from error


@contextlib.contextmanager
def large(folder: Path, relative: str) -> Iterator[Path]:
    """A file too large for memory: the path of its temporary file, beside its place.

    It takes its place by `put_in_place`; what was not put there is removed at the end.

    Raises:
        Trouble: output.full, output.unwritable.
    """
    target = folder / relative
    temporary = temporary_of(target)
    try:
        with writing(folder, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
    finally:
        remove(temporary)


def put_in_place(temporary: Path, target: Path) -> None:
    """A finished temporary file under its own name, for the owner's eyes only.

    Raises:
        OSError: of the disk.
    """
    temporary.chmod(0o600)
    _settle(temporary)
    temporary.replace(target)
    sync(target.parent)


def publish_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """As `publish`, into a folder that has none of these files: where one cannot be written, none is left.

    Raises:
        Trouble: output.full, output.unwritable.
    """
    paths = [folder / name for name in files]
    folders = {parent for path in paths for parent in path.parents if not parent.exists()}
    try:
        publish(folder, files.items())
    except Trouble:
        for path in paths:
            remove(path)
        remove_empty(folders)
        raise


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, the deepest first; one that holds something stays."""
    for path in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()


def holds(path: Path, blob: bytes) -> bool:
    """Whether a file holds just these bytes."""
    try:
        return path.read_bytes() == blob
    except OSError:
        return False


def _write(path: Path, blob: bytes) -> None:
    # Papers hold political opinions of named people: for the owner's eyes only.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(blob)


def _settle(path: Path, how: int = os.O_RDWR) -> None:
    """Have the disk hold what is in a file."""
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(error: OSError, shown: str) -> Trouble:
    """The trouble of a failed write."""
    code = "output.full" if error.errno in _NO_ROOM else "output.unwritable"
    return Trouble(finding(code, Cell(shown), problem=_problem(error)))


def shortage(error: OSError | MemoryError) -> Finding | None:
    """What the machine has run out of, wherever that was noticed; None: nothing, so the error is a mistake of ours."""
    if isinstance(error, MemoryError):
        return finding("machine.short", problem=os.strerror(errno.ENOMEM))
    if error.errno in _NO_ROOM:
        # Of files of the campaign it is told where they are written: this was a temporary one.
        return finding("output.full", Cell(tempfile.gettempdir()), problem=_problem(error))
    return finding("machine.short", problem=_problem(error)) if error.errno in _SHORT else None


def check_writable(folder: Path) -> None:
    """Make the folder and prove that it takes a file, before hours of work are spent.

    Raises:
        Trouble: output.unwritable, output.full.
    """
    probe = folder / f".probe.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise unwritable(error, folder.name) from error


def set_aside(folder: Path, name: str, known: Container[str]) -> str:
    """Rename a file whose hash is not `known`; its new name, or '' when there was no need.

    Raises:
        Trouble: output.unwritable.
    """
    path = folder / name
    own = digest(path)
    if not own or own in known:
        return ""
    kept = path.with_name(f"{path.stem}.changed-{own[:8]}{path.suffix}")
    try:
        path.rename(kept)
    except OSError as error:
        raise unwritable(error, f"{folder.name}/{name}") from error
    return kept.name


def put_aside(path: Path) -> str:
    """Rename a database that cannot be used, with what lies beside it; its new name.

    Raises:
        Trouble: output.unwritable.
    """
    kept = f"{path.name}.damaged-{digest(path)[:8]}"
    with writing(path.parent, path):
        for ending in ("-wal", "-shm", ""):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.replace(path.with_name(kept + ending))
    return kept


def holds_papers(folder: Path, besides: Collection[str]) -> bool:
    """Whether a Word file or PDF lies anywhere below, `besides` what lies in some folders."""
    found = (path for path in folder.rglob("*.*") if path.suffix in {".docx", ".pdf"} and path.is_file())
    return any(path.relative_to(folder).parts[0] not in besides for path in found)


def remove(path: Path) -> None:
    """Remove a file that has been replaced by one of another name; it is no trouble if it is gone."""
    with contextlib.suppress(OSError):
        path.unlink()


def stamps(folder: Path, patterns: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and time (ns) of the files that match a pattern, by path below a folder."""
    found = {}
    for pattern in patterns:
        for path in folder.glob(pattern):
            # What goes while we look is not there.
            with contextlib.suppress(OSError):
                stat = path.stat()
                found[path.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return found


def hashes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each file below `folder` that exists, by name."""
    return {name: found for name in names if (found := digest(folder / name))}


def digest(path: Path) -> str:
    """SHA-256 of a file; '' of what is none or cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextlib.contextmanager
def private() -> Iterator[None]:
    """What is made in here is for the owner's eyes only: papers hold political opinions of named people."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
