"""`hyeopyak doctor`: the register against files, the machine against what the program needs. Nothing is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from pipeline.doors import files, lock, machine, office
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.doors.register_volumes import link
from pipeline.model.campaign import Campaign
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.run.collecting import ORIGINALS
from pipeline.run.outcome import CHECKED, OUTPUTS, PACKETS, PREVIEW, Clock, Options, Outcome, now
from pipeline.run.reading import READER
from pipeline.run.working import CAPTIONS
from pipeline.steps.read_campaign import read_campaign
from pipeline.steps.recover import number_in

NO_PAPERS = (CHECKED, PREVIEW, PACKETS, "volumes", "sealed", "archive", "originals", "review", "missing", "logs")
_LEAST_MEGABYTES = 200
_SOON = datetime.timedelta(days=30)


def examine(options: Options, clock: Clock = now) -> Outcome:
    """Everything that is wrong, with what to do."""
    campaign, findings = read_campaign(options.folder)
    outputs = options.folder / OUTPUTS
    findings += _machine(outputs)
    if campaign:
        findings += _fonts(options.folder, campaign)
        findings += _certificate(options.folder, campaign, clock())
    if outputs.is_dir():
        findings += _folder(outputs)
        findings += _register(outputs, clock())
    wrong = [one for one in findings if one.code != "doctor.well"]
    return Outcome(tuple(wrong or findings))


# --- the machine -------------------------------------------------------------------------------------------------


def _machine(outputs: Path) -> Iterator[Finding]:
    program = office.find_office()
    shown = office.version(program) if program else ""
    if not shown:
        yield finding("doctor.office")
    elif not office.is_new_enough(shown):
        yield finding("office.old", version=shown, needed=".".join(map(str, office.OLDEST)))
    if not office.font_file(*CAPTIONS):
        yield finding("doctor.captions")
    for package, found, wanted in machine.unlike_pins():
        yield finding("doctor.version", package=package, found=found or "-", wanted=wanted)
    if outputs.is_dir():
        needed = max(_LEAST_MEGABYTES, 2 * machine.megabytes(outputs))
        if (free := machine.free_megabytes(outputs)) < needed:
            yield finding("doctor.space", Cell(OUTPUTS), free=free, needed=needed)


def _fonts(folder: Path, campaign: Campaign) -> Iterator[Finding]:
    """Fonts that templates name and this machine lacks. Other faults of templates are for `template check`."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.check_template import missing_fonts

    installed = office.installed_fonts()
    for name in dict.fromkeys(kind.template for kind in campaign.kinds.values()):
        shown = f"templates/{name}"
        try:
            template = WordTemplate(files.read(folder / shown, shown, "template.missing"), FILTERS, shown, {})
        except Trouble as trouble:
            yield trouble.finding
            continue
        yield from missing_fonts(template, installed)


def _certificate(folder: Path, campaign: Campaign, at: datetime.datetime) -> Iterator[Finding]:
    """Of what is beside the key only: the key itself is locked by a password."""
    from pipeline.doors.seal.credentials import Unusable, certificates_of

    path = (folder / campaign.signoff.certificate).with_suffix(".crt.pem")
    if not path.is_file():
        return
    shown = path.relative_to(folder).as_posix()
    try:
        ends = [one.not_valid_after for one in certificates_of([path.read_bytes()])]
    except (Unusable, OSError):
        yield finding("file.unreadable", Cell(shown), problem="it is no certificate")
        return
    if ends and min(ends) < at + _SOON:
        yield finding("doctor.certificate", Cell(shown), day=min(ends).date().isoformat())


# --- the folder --------------------------------------------------------------------------------------------------


def _folder(outputs: Path) -> Iterator[Finding]:
    try:
        files.check_writable(outputs)
        if holder := lock.holder(outputs):
            yield finding("doctor.held", holder=holder)
        elif left := files.left_over(outputs) + files.left_over(outputs.parent / "inputs"):
            yield finding("doctor.left", Cell(OUTPUTS), count=len(left))
    except Trouble as trouble:
        yield trouble.finding
    if opened := machine.open_to_others(outputs):
        yield finding("doctor.open", Cell(OUTPUTS), count=len(opened))


def _register(outputs: Path, at: datetime.datetime) -> Iterator[Finding]:
    try:
        with Register(outputs, readonly=True) as register:
            problems = [*_inside(register, at), *_papers(register, outputs), *_returned(register, outputs)]
            problems += _volumes(register, outputs)
            yield from problems
            if not problems:
                papers, originals = len(register.issued()), len(register.returned(READER))
                yield finding("doctor.well", papers=papers, originals=originals, volumes=len(register.volumes()))
    except Trouble as trouble:
        yield trouble.finding


def _inside(register: Register, at: datetime.datetime) -> Iterator[Finding]:
    """The register by itself."""
    register.examine()
    chain, last = "", ""
    for one in register.events():
        chain = link(chain, one.at, one.what, one.subject, one.detail)
        if chain != one.chain:
            yield finding("doctor.log", Cell(f"{OUTPUTS}/{REGISTER}"), line=one.id)
            break
        last = one.at
    if last and datetime.datetime.fromisoformat(last) > at + datetime.timedelta(minutes=5):
        yield finding("doctor.clock", at=last)


def _papers(register: Register, outputs: Path) -> Iterator[Finding]:
    """Files of papers against what was issued."""
    issued, before = register.issued(), register.made_before()
    recorded = {
        path: (one.number, digest)
        for one in (*register.revised(), *issued.values())
        for path, digest in ((one.docx, one.docx_sha256), (one.pdf, one.pdf_sha256))
        if digest
    }
    found = papers_below(outputs)
    given = register.numbers()
    if not given and files.holds_papers(outputs, (CHECKED, PREVIEW)):
        yield finding("register.lost", Cell(f"{OUTPUTS}/{REGISTER}"))
        return
    present = files.hashes(outputs, recorded)
    for path, (number, _) in recorded.items():
        if path not in present:
            yield finding("doctor.lost", Cell(f"{OUTPUTS}/{path}"), subject=number)
        elif present[path] not in before:
            yield finding("doctor.altered", Cell(f"{OUTPUTS}/{path}"), subject=number)
    for path, number in found.items():
        if number not in given:
            yield finding("doctor.stranger", Cell(f"{OUTPUTS}/{path}"), subject=number)


def papers_below(outputs: Path) -> dict[str, str]:
    """Files that bear a number, by path below outputs."""
    paths = (path for path in word_and_pdf(outputs) if ".changed-" not in path)
    return {path: number for path in paths if (number := number_in(path))}


def word_and_pdf(outputs: Path) -> list[str]:
    """Paths below outputs where papers lie."""
    paths = (path for path in sorted(outputs.rglob("*.*")) if path.suffix in {".docx", ".pdf"} and path.is_file())
    relative = (path.relative_to(outputs) for path in paths)
    return [path.as_posix() for path in relative if path.parts[0] not in NO_PAPERS]


def numbers_below(outputs: Path) -> frozenset[str]:
    """Every number that a file name bears, whatever the file is: somebody was given it. Previews bear none of these."""
    named = (path for path in outputs.rglob("*-*") if path.relative_to(outputs).parts[0] != PREVIEW)
    return frozenset(number for path in named if (number := number_in(path.name)))


def _returned(register: Register, outputs: Path) -> Iterator[Finding]:
    folder = outputs / ORIGINALS
    kept = [f"{ORIGINALS}/{path.name}" for path in sorted(folder.glob("[!.]*"))]
    digests = files.hashes(outputs, kept)
    for path, digest in digests.items():
        if Path(path).stem != digest:
            yield finding("doctor.original_changed", Cell(f"{OUTPUTS}/{path}"))
    names = {Path(path).stem for path in kept}
    for digest in register.returned(READER):
        if digest not in names:
            yield finding("doctor.original_lost", Cell(f"{OUTPUTS}/{ORIGINALS}"), digest=digest[:12])


def _volumes(register: Register, outputs: Path) -> Iterator[Finding]:
    present = {one.sha256 for one in register.volumes()}
    last = {one.volume: one for one in register.signoffs() if one.volume in present}
    held = files.hashes(outputs, [one.file for one in last.values()])
    for one in last.values():
        if held.get(one.file) != one.sha256:
            yield finding("doctor.sealed", Cell(f"{OUTPUTS}/{one.file}"))
