"""Findings about volumes, sign-offs, archives and their verification."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, file_trouble, note, result, warning
from pipeline.model.errors import ExitCode

VOLUMES: dict[str, Entry] = {
    "volume.cases": warning(
        "{count} cases still wait for a person; the volumes show what was decided so far.",
        "Decide them (outputs/review), run collect, and bind the volumes again.",
    ),
    "volume.source": file_trouble(
        "{path} is gone or is not what was recorded; no volume was bound without it.",
        "For a returned file, put it into inputs/signed again and run collect; for a paper, run make.",
    ),
    "volume.cover": result("The covers could not be made: {problem}.", "Open the template of covers and look at it."),
    "volume.lost": result("Binding this volume ended unexpectedly.", "Run it again; there may be too little memory."),
    "signoff.nothing": error(
        "No volume of this area has been bound: {area}.",
        "Bind volumes first (hyeopyak compile), and write the area as its file is named.",
        ExitCode.USAGE,
    ),
    "signoff.changed": file_trouble(
        "The volume is gone or is not the one that was bound.",
        "Bind it again (hyeopyak compile), look at it, then sign.",
    ),
    "signoff.sealed_changed": file_trouble(
        "The sealed volume is gone or was changed since it was sealed.",
        "Put it back from a copy, or bind the volume again and begin the sign-off anew.",
    ),
    "signoff.nobody": error(
        "This person is not among those who approve volumes.",
        "Those are, by [signoff] people in campaign.toml: {people}.",
        ExitCode.USAGE,
    ),
    "signoff.twice": error(
        "This person has approved this volume already.", "Nothing is left to be done.", ExitCode.USAGE
    ),
    "signoff.closed": error(
        "This volume is approved already, by {people}.",
        "Nothing is left to be done; for others to approve it, bind it again, and begin the sign-off anew.",
        ExitCode.USAGE,
    ),
    "signoff.order": error(
        "Somebody else has to approve it first.", "It is the turn of {next} ([signoff] people).", ExitCode.WAITING
    ),
    "signoff.missing": error(
        "{count} papers of this volume are not complete.",
        "Look at its list of what is missing; to approve all the same, say why with --accept-missing.",
        ExitCode.WAITING,
    ),
    "seal.missing": file_trouble(
        "There is no certificate here.",
        "Name it with --certificate or [signoff] certificate; `hyeopyak seal new` makes one for those who have none.",
    ),
    "seal.password": error(
        "The password does not open the certificate.", "Try again; nothing was sealed.", ExitCode.USAGE
    ),
    "seal.certificate": error(
        "The certificate or its key cannot be used: {problem}.",
        "Name a file that holds both (PKCS#12 or PEM), or export both again.",
        ExitCode.USAGE,
    ),
    "seal.name": error(
        "The name does not fit into a certificate.", "Take one of at most 21 Hangul or 64 letters.", ExitCode.USAGE
    ),
    "seal.pkcs11": error(
        "The token cannot be used: {problem}.", "Install python-pkcs11; check module, PIN and label.", ExitCode.USAGE
    ),
    "seal.revoked": error("The certificate was revoked.", "Use another one.", ExitCode.USAGE),
    "seal.file": result("The volume cannot be read for sealing.", "Bind it again (hyeopyak compile)."),
    "seal.signed": result("Somebody has signed this file already.", "Bind it again (hyeopyak compile)."),
    "seal.field": result("The place for this signature is taken: {field}.", "Bind it again (hyeopyak compile)."),
    "seal.changed": result(
        "An earlier seal of this volume does not hold.", "Bind it again, and begin the sign-off anew."
    ),
    "seal.closed": result(
        "The volume was closed by the last signature; nobody can sign it any more.",
        "Bind it again, and begin the sign-off anew.",
    ),
    "seal.font": result(
        "The font of the visible seal cannot be used: {file}.", "Install the fonts again (make setup)."
    ),
    "seal.failed": result(
        "The new seal failed its own check; nothing was published.",
        "Please send the newest file in outputs/logs to those who gave you the program.",
    ),
    "seal.short": warning(
        "What proves the certificate in years to come could not be had; the seal is of level {level}.",
        "Check [signoff] roots; an authority that can be reached has to answer for each certificate.",
    ),
    "seal.exists": error(
        "There is a certificate already; it was left alone.",
        "Move it away first. Seals that were made by it can be checked only with it.",
        ExitCode.USAGE,
    ),
    "seal.timestamp": error(
        "The time stamp authority did not answer as it should: {problem}.",
        "Nothing was sealed. Try again, or take [signoff] timestamp out of campaign.toml.",
        ExitCode.CHECK_FAILED,
    ),
    "seal.unproved": result(
        "A second look at the seal did not find it whole; nothing was published.",
        "The volume itself is unharmed. Please send the newest file in outputs/logs to those who gave you the program.",
    ),
    "seal.self_signed": warning(
        "The certificate vouches for itself: the seal shows that nothing was changed, and not who you are.",
        "Make its fingerprint known where people trust it, on your site or in print: {fingerprint}.",
    ),
    "seal.untimed": note("No time stamp authority is named: the time of the seal is what this computer's clock says."),
    "seal.expired": error(
        "The certificate is valid from {not_before} to {not_after} only.", "Use one that is valid now.", ExitCode.USAGE
    ),
    "archive.nothing": error(
        "There is no volume to archive.", "Bind volumes first (hyeopyak compile).", ExitCode.USAGE
    ),
    "archive.changed": file_trouble(
        "The file is gone or is not what was recorded.", "Put it back from a copy, or bind and seal the volume anew."
    ),
    "archive.unsigned": warning(
        "{count} volumes have not been approved.", "They are archived as they are; approve them with hyeopyak signoff."
    ),
    "verify.which": error("There are {count} archives here.", "Name the one that is to be examined.", ExitCode.USAGE),
    "verify.trust": error(
        "This file holds no certificate that can be read.",
        "Name the certificate alone (PEM, as in *.crt.pem), not the file that holds its key.",
        ExitCode.USAGE,
    ),
    "verify.unreadable": result(
        "This is no archive, or it is damaged.", "Take another copy; archives are folders, .tar or .zip files."
    ),
    "verify.unsealed": result(
        "The seal of the list of files is missing: anybody could have made this archive.",
        "Take another copy; with the seal gone, nothing here can be relied on.",
    ),
    "verify.seal": result(
        "The seal does not hold: what it covers was changed, or it was damaged.", "Take another copy."
    ),
    "verify.signer": result(
        "It was sealed by another certificate than it should be: {fingerprint}.",
        "Ask the organisation which certificate is theirs (--trust FILE).",
    ),
    "verify.expired": note("The certificate has expired since. The seal shows all the same that nothing was changed."),
    "verify.file": result(
        "This file is not as it was archived: {problem}.",
        "Take another copy of this file, and ask who changed the archive.",
    ),
    "verify.volume": result("The volume is not the one that was recorded.", "Take another copy."),
    "verify.sealed": result(
        "The sealed file is not the one that was recorded, or is sealed over another volume.", "Take another copy."
    ),
    "verify.replayed": result("An approval is of a volume that is not here.", "Take another copy."),
    "verify.events": result("The log is broken: lines were changed, removed or added.", "Take another copy."),
    "verify.register": result("The register does not agree with the rest ({table}).", "Take another copy."),
    "verify.originals": result("{count} returned files of the register are not here.", "Take another copy."),
    "verify.page": result("Pages that do not show what they are said to show: {pages}.", "Take another copy."),
    "seal.no_password": error(
        "A certificate needs a password.",
        "Type one, or give it by HYEOPYAK_SEAL_PASSWORD or --password-file.",
        ExitCode.USAGE,
    ),
    "seal.no_file": file_trouble("There is no file with a password here.", "Name the one that holds it."),
    "bag.name": error(
        "A file cannot be archived under its name: {name}.",
        "Rename it, or move it out of inputs or templates.",
        ExitCode.USAGE,
    ),
    "bag.info": result("A line of bag-info.txt cannot be written: {label}.", "Take line breaks out of campaign.toml."),
    "bag.changing": file_trouble(
        "{name} changed while it was archived.", "Close the programs that write to it; try again."
    ),
    "bag.occupied": file_trouble("{name} is in the way and is no bag.", "Move it elsewhere, and try again."),
    "bag.unsound": result(
        "The bag failed its own check: {name}: {problem}.", "Try again; there may be too little room."
    ),
    "purge.form": error(
        "Only an archive that is a folder can be purged.", "Unpack it, purge it, and pack it again.", ExitCode.USAGE
    ),
    "purge.broken": result(
        "Nothing was removed: the archive does not hold.", "Purge a copy that does (hyeopyak verify)."
    ),
    "purge.nothing": note("Nothing in this archive is due."),
    "purge.done": note("{count} files with personal data were removed; their hashes stay on record."),
}
