"""Findings of `hyeopyak doctor`: what is wrong with a campaign's folder or its machine, and what was mended."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, file_trouble, note, result, warning
from pipeline.model.errors import ExitCode

_REPAIR = "Run hyeopyak doctor --repair."
INSTALL_OFFICE = (
    "Run make setup, or: apt-get install libreoffice-writer-nogui (Debian, Ubuntu), "
    "dnf install libreoffice-writer (Fedora), brew install --cask libreoffice (macOS)."
)

DOCTOR: dict[str, Entry] = {
    "doctor.well": note("Nothing is wrong ({papers} papers, {originals} returned files, {volumes} volumes)."),
    "doctor.log": result(
        "The log in the register was changed: line {line} does not follow from those before it.",
        "Restore register.sqlite from a backup or from an archive, and find out who has changed it.",
    ),
    "doctor.lost": warning("An issued file is missing.", _REPAIR),
    "doctor.altered": warning(
        "The file was changed by hand after it was issued.",
        "If that was a mistake, run make: it keeps this one beside a fresh one.",
    ),
    "doctor.stranger": warning(
        "The file bears a number that the register does not know.",
        "If it was issued from here, restore the register from a backup, or run hyeopyak doctor --repair.",
    ),
    "doctor.original_lost": file_trouble(
        "A returned file is on record, but its copy is gone.",
        "Put the file into inputs/signed again and run collect; its hash begins with {digest}.",
    ),
    "doctor.original_changed": file_trouble(
        "The copy of a returned file is not what it was.",
        "Move it away, put the file into inputs/signed again and run collect.",
    ),
    "doctor.sealed": file_trouble(
        "A sealed volume is missing or is not what was approved.",
        "Restore it from an archive, or approve the volume again.",
    ),
    "doctor.left": warning("{count} temporary files were left by a run that was killed.", _REPAIR),
    "doctor.open": warning(
        "{count} files or folders below outputs are open to others; the papers are confidential.", _REPAIR
    ),
    "doctor.office": error(
        "LibreOffice Writer was not found: PDFs cannot be made.", INSTALL_OFFICE, ExitCode.PROGRAM_MISSING
    ),
    "doctor.captions": warning(
        "No font with Hangul was found for the words beside page codes.",
        "Run make setup, or: apt-get install fonts-nanum (Debian, Ubuntu).",
    ),
    "doctor.version": warning(
        "{package} is installed in version {found}; this program was tried with {wanted}.", "Run make setup."
    ),
    "doctor.space": file_trouble(
        "Only {free} MB are free on this disk; making everything anew can take {needed} MB.",
        "Make room, or move the folder to another disk.",
    ),
    "doctor.clock": warning(
        "The last event on record is of {at}, and that is in the future.",
        "Set the clock of this computer, or find out whose clock was wrong.",
    ),
    "doctor.certificate": warning(
        "The certificate ends on {day}.", "Get a new one in time; seals that were made before stay valid."
    ),
    "doctor.held": note("A run is at work in this campaign ({holder})."),
    "doctor.mended": note("{count} temporary files were removed, {opened} files closed to others."),
    "doctor.restored": note("An issued file was made again from the register."),
    "run.cleaned": note(
        "{count} files were removed that can be made again. What cannot stays: the register, what came back, seals, "
        "archives, logs, and {papers} files of papers that have gone out or were changed by hand."
    ),
    "doctor.beyond": warning(
        "The file cannot be made again from the register: its text is not known, or its template, its pictures or this "
        "program have changed since, so the file would differ.",
        "Take it from a backup or an archive.",
    ),
    "doctor.rebuilt": warning(
        "The register was rebuilt: {proven} papers proven by their bytes, {unproven} of another text, {strange} "
        "numbers of nobody. What was delivered, returned and approved is not known.",
        "Run make, then collect. A backup of register.sqlite would be better, if there is one.",
    ),
    "doctor.taken_in": note(
        "The register has taken in papers that it did not know: {proven} proven by their bytes, {unproven} of another "
        "text, {strange} numbers of nobody."
    ),
    "doctor.unready": error(
        "The register was not rebuilt: while tables or templates have errors, nobody can tell whose papers these are.",
        "Put the errors right, then run hyeopyak doctor --repair again.",
    ),
    "doctor.aside": note("The damaged register is kept as {name}."),
}
