"""What the catalogue of findings is made of: how much a finding weighs, what is said of it, what the run ends with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.errors import ExitCode


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Papers cannot be right while it stands."""
    WARNING = "warning"
    """Somebody should look; papers are made."""
    NOTE = "note"
    """Told so that nobody wonders."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of finding."""

    level: Level
    message: str
    remedy: str = ""
    exit_code: ExitCode = ExitCode.FINDINGS


def error(message: str, remedy: str, exit_code: ExitCode = ExitCode.FINDINGS) -> Entry:
    """Papers cannot be right."""
    return Entry(Level.ERROR, message, remedy, exit_code)


def file_trouble(message: str, remedy: str) -> Entry:
    """A file that cannot be used."""
    return error(message, remedy, ExitCode.FILE_TROUBLE)


def result(message: str, remedy: str) -> Entry:
    """A result that failed its check."""
    return error(message, remedy, ExitCode.CHECK_FAILED)


def warning(message: str, remedy: str) -> Entry:
    """Somebody should look."""
    return Entry(Level.WARNING, message, remedy)


def note(message: str, remedy: str = "") -> Entry:
    """Told, no more."""
    return Entry(Level.NOTE, message, remedy)
