"""Findings about returned files and what they hold."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, note, warning

ORIGINALS: dict[str, Entry] = {
    "original.empty": error("The file is empty.", "Scan it anew, or ask the sender for it once more."),
    "original.large": error(
        "The file is too large to be read.", "Scan into several files; a batch of 300 pages is no trouble."
    ),
    "original.kind": error(
        "This kind of file is not read here.", "Scans can be PDF, JPEG, PNG, TIFF or HEIC, or a ZIP of these."
    ),
    "original.encrypted": error(
        "The file is protected by a password.",
        "Write the password on a line of its own into inputs/signed/passwords.txt, or ask for a file without one.",
    ),
    "original.damaged": error(
        "The file is damaged or not whole: it cannot be opened.",
        "Copy it once more from where it came, or scan it anew.",
    ),
    "original.bomb": error(
        "The archive would unpack into far more than it is.", "Unpack it yourself and put the scans into the folder."
    ),
    "original.pixels": error(
        "The picture has too many dots to be read.", "Scan at 200 to 300 dpi, and photograph with the usual settings."
    ),
    "original.copying": warning(
        "The file is still being copied.", "It was left out this time; run collect again when the copying has ended."
    ),
    "original.repaired": note("The file was damaged and was read as far as it goes; the original is kept as it came."),
    "original.active": note("The PDF holds scripts, actions or attached files. None of them was run or opened."),
}
