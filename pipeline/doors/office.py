"""LibreOffice: Word files to PDF by processes that we start, time and end ourselves.

What it does was measured with 7.4.7: the exit code proves nothing (a corrupt file: 0 and no PDF; an empty file: 0
and a blank page); two processes on one profile fail; `soffice.bin` outlives its parent. So: a private profile for
each instance, a process group that is killed whole, a time limit, and a PDF is believed only when `pdf` has opened it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.doors import interrupts, office_profile, programs

OLDEST = (7, 4)
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice*/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_ANSWER_SECONDS = 15.0
_START_SECONDS = 60.0
_SECONDS_A_DOCUMENT = 2.0
"""50 times what a two-page agreement takes."""
_SECONDS_A_MEGABYTE = 70.0
"""20 times what a roll in tables of 100 rows takes: 4 s for 2,000 rows (1.4 MB of XML), 48 s for 20,000 (14 MB)."""
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"},
        "ExportBookmarks": {"type": "boolean", "value": "false"},
        "UseTaggedPDF": {"type": "boolean", "value": "false"},
        "SelectPdfVersion": {"type": "long", "value": "17"},
        # Else a QR code is scaled to other pixels than it has, and a picture with a transparent corner becomes a JPEG.
        # One that is a JPEG stays as it is.
        "UseLosslessCompression": {"type": "boolean", "value": "true"},
        "ReduceImageResolution": {"type": "boolean", "value": "false"},
    },
    separators=(",", ":"),
)


def seconds_for(documents: int, size: int = 0) -> float:
    """The time limit of a conversion. `HYEOPYAK_OFFICE_SECONDS` sets it for a slow (or a tested) machine.

    Args:
        documents: how many there are.
        size: of their XML, in bytes.
    """
    named = os.environ.get("HYEOPYAK_OFFICE_SECONDS", "")
    if named:
        return float(named)
    return _START_SECONDS + _SECONDS_A_DOCUMENT * documents + _SECONDS_A_MEGABYTE * size / 1_000_000


def find_office() -> str:
    """Path of `soffice`, '' when there is none. `HYEOPYAK_SOFFICE` names another one."""
    named = os.environ.get("HYEOPYAK_SOFFICE")
    if named is not None:
        return str(Path(found).absolute()) if (found := shutil.which(named)) else ""
    known = (str(path) for place in _PLACES for path in _expand(place))
    return shutil.which("soffice") or shutil.which("libreoffice") or next(iter(known), "")


def _expand(place: str) -> list[Path]:
    path = Path(place)
    if not path.is_absolute():
        return []
    return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def _answer(command: Sequence[str], seconds: float) -> str:
    """What a program prints; '' when it is missing or does not answer in time."""
    return programs.answer(command, min(seconds, seconds_for(1))) or ""


_VERSIONS: dict[str, str] = {}


def version(office: str) -> str:
    """`LibreOffice 7.4.7.2`, or '' when the program does not answer. A program is asked once."""
    if office not in _VERSIONS:
        answer = _answer([office, "--version"], _ANSWER_SECONDS)
        match = re.search(r"LibreOffice \d[\d.]*", answer)
        _VERSIONS[office] = match[0] if match else ""
    return _VERSIONS[office]


def is_version(office: str, shown: str) -> None:
    """Spare a program the question: it was asked before, and its `stamp` is the same."""
    _VERSIONS[office] = shown


def stamp(office: str) -> str:
    """By what a LibreOffice is known again; '' where its files lie elsewhere, and it has to be asked.

    Whoever installs another one replaces the file that says its build, the one that starts, and the registry.
    """
    place = Path(office).resolve().parent
    names = ("versionrc", "soffice.bin", "../share/registry/main.xcd")
    try:
        found = [(place / name).stat() for name in names]
    except OSError:
        return ""
    return f"{place} {[(one.st_size, one.st_ino, one.st_mtime_ns, one.st_ctime_ns) for one in found]}"


def is_new_enough(shown: str) -> bool:
    """Whether a `version` is one that we know to work."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", shown)[:2])
    return numbers >= OLDEST


@functools.cache
def installed_fonts() -> Mapping[str, frozenset[str]]:
    """PostScript names by font family, under every name of the family.

    Empty where fontconfig is missing: then nothing is claimed about fonts.
    """
    answer = _answer(["fc-list", "--format", "%{family}|%{postscriptname}\n"], _START_SECONDS)
    found: dict[str, set[str]] = {}
    for line in answer.splitlines():
        families, _, name = line.partition("|")
        for family in families.split(","):
            found.setdefault(family.strip(), set()).add(name)
    return {family: frozenset(names) for family, names in found.items()}


@functools.cache
def font_digest(family: str) -> str:
    """SHA-256 over the files of a font family, shortened; '' when it is not installed, or the system does not tell."""
    if family not in installed_fonts():
        return ""
    names = _answer(["fc-list", "--format", "%{file}\n", family], _START_SECONDS).split("\n")
    digests = []
    for name in {name for name in names if name}:
        with open(name, "rb") as file:  # noqa: PTH123 - hashlib wants it so
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:12]


@functools.cache
def font_file(*families: str) -> str:
    """Path of the regular TrueType file of the first family that is installed, else of any with Hangul; '' without."""
    if not installed_fonts():
        return ""  # fontconfig would keep silent again, each time until its time is over
    for family in (*families, ":lang=ko"):
        pattern = f"{family}:style=Regular:fontformat=TrueType"
        names = _answer(["fc-list", "--format", "%{file}\n", pattern], _START_SECONDS).split("\n")
        found = sorted(name for name in names if name.endswith(".ttf"))
        if found:
            return found[0]
    return ""


class Failure(Exception):  # noqa: N818 - a value for the one who halves the batch, never seen by people
    """LibreOffice made no PDF; the text says what was seen."""


class Unusable(Failure):
    """The PDF that it made is not what it should be."""


def _nothing() -> None:
    pass


_WATCHED = (
    ("/bin/sh", "-c", 'exec 3<&0; (read -r _ <&3; kill -KILL 0) & exec "$@" 3<&- </dev/null', "sh")
    if os.name == "posix"
    else ()
)
"""The words before a command that end it, and all that it started, with whoever started it, one that is killed
included: our end of the pipe closes then."""
_PROFILE = "profile"
_AHEAD: dict[Path, subprocess.Popen[Any]] = {}
"""Instances of this process that wait for files, by folder."""
_SECONDS_TO_LEAVE = 0.5
"""For one that has had its files (0.03 s); one that was only just started may have missed them."""


class Office:
    """A LibreOffice with a profile of its own.

    Args:
        program: path of `soffice`.
        folder: a folder of its own for the profile and passing files; the caller removes it.
    """

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder

    def start(self) -> None:
        """Start it before there are files: the next `convert` in this folder takes 0.15 s, not 0.35 (measured, 7.4.7).

        A second start on one profile hands its files to the instance that runs, which ends after them; that is
        LibreOffice's own doing. So nothing depends on this one: where it has died, or never started, the second is an
        ordinary start.
        """
        with contextlib.suppress(OSError):
            _AHEAD[self._folder] = self._started()

    def convert(
        self, files: Sequence[bytes], documents: int, size: int = 0, meanwhile: Callable[[], None] = _nothing
    ) -> list[bytes]:
        """Convert .docx files in one start; an empty result stands for a file that gave no PDF.

        Args:
            files: the .docx files.
            documents: how many documents they hold together; sets the time limit, and so does
            size: of their XML, in bytes.
            meanwhile: done while it works.

        Raises:
            Failure: the program hung, died or could not be started, or there was no room for its files.
        """
        try:
            with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as name:
                folder = Path(name)
                paths = [folder / f"{number:05d}.docx" for number in range(len(files))]
                for path, blob in zip(paths, files, strict=True):
                    path.write_bytes(blob)
                self._run(paths, folder, seconds_for(documents, size), meanwhile)
                return [_bytes(path.with_suffix(".pdf")) for path in paths]
        except OSError as error:
            raise Failure(error.strerror or type(error).__name__) from error

    def _run(self, paths: Sequence[Path], folder: Path, seconds: float, meanwhile: Callable[[], None]) -> None:
        ahead = _AHEAD.pop(self._folder, None)
        process = self._started("--convert-to", _FILTER, "--outdir", str(folder), *map(str, paths))
        try:
            # Where a module is imported, an interruption would be lost.
            with interrupts.undisturbed():
                meanwhile()
            code = programs.wait(process, seconds)
        except subprocess.TimeoutExpired:
            raise Failure("it did not answer in time") from None
        finally:
            programs.end(process)
            if ahead:
                _see_off(ahead)
        if code < 0:
            raise Failure("it was ended by a signal")

    def _started(self, *words: str) -> subprocess.Popen[Any]:
        profile = self._folder / _PROFILE
        office_profile.prepare(profile)
        command = [
            *office_profile.without_network(), self._program, f"-env:UserInstallation={profile.as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", *words,
        ]  # fmt: skip
        return programs.start(
            [*_WATCHED, *command],
            self._folder,
            stdin=subprocess.PIPE if _WATCHED else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,  # by which it is known again, whatever it becomes
            # Its temporary files hold what papers say: one that is killed must not leave them anywhere else.
            env=office_profile.surroundings(self._folder),
        )


def _see_off(process: subprocess.Popen[Any]) -> None:
    """End an instance that has had its files; left to itself, it takes away its socket."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        programs.wait(process, _SECONDS_TO_LEAVE)
    programs.end(process)


def end_waiting(folder: Path) -> None:
    """End instances of this process below `folder` that wait for files."""
    for place in [place for place in _AHEAD if place.is_relative_to(folder)]:
        programs.end(_AHEAD.pop(place))


def end_orphans(folder: Path) -> None:
    """End instances below `folder` that nobody has ended, and what they started.

    Their worker was killed, or files that they waited for never came.
    """
    end_waiting(folder)
    for profile in folder.rglob(_PROFILE):
        for name in _sockets(profile):
            name.unlink(missing_ok=True)
    for mark in folder.rglob(f"*{programs.MARK}"):
        pid = int(mark.name.removesuffix(programs.MARK))
        if _is_ours(pid, folder):
            programs.end_group(pid)
    programs.end_all_in(folder)


def _sockets(profile: Path) -> list[Path]:
    """Where the instance on a profile listens; one that is killed leaves that behind.

    As 7.4.7 names it (measured): bytes of the MD5 of the profile's address, without leading zeros.
    """
    digest = hashlib.md5(profile.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    user = os.getuid() if hasattr(os, "getuid") else ""
    name = f"OSL_PIPE_{user}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    return [Path(place) / name for place in ("/tmp", "/var/tmp")]  # noqa: S108 - its places, whatever TMPDIR says


def _is_ours(pid: int, folder: Path) -> bool:
    """Whether a process was started in a folder: where the system tells, another may bear its number by now."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder.resolve())
    except OSError:
        return True  # it is gone, but its group may live


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
