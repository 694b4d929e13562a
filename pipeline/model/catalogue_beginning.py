"""Findings of a folder in which a campaign is to begin."""

from __future__ import annotations

from pipeline.model.entries import Entry, error
from pipeline.model.errors import ExitCode

BEGINNING: dict[str, Entry] = {
    "init.exists": error(
        "There is a campaign in this folder already.", "Name a folder that does not exist yet.", ExitCode.USAGE
    ),
    "demo.no_sample": error(
        "The sample campaign is not there, or its settings are of another campaign by now.",
        "Run the demo in a fresh copy of the program.",
        ExitCode.USAGE,
    ),
    "demo.taken": error("The folder is not empty.", "Name a folder that does not exist yet.", ExitCode.USAGE),
    "init.taken": error(
        "There is a file of this name already; nothing was written.",
        "Name a folder that does not exist yet.",
        ExitCode.USAGE,
    ),
}
