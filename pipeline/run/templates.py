"""Jobs around templates: checking them, listing their fields, trying one out. None gives numbers or touches papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.doors import files, office
from pipeline.doors.scratch import scratch
from pipeline.model.campaign import Campaign
from pipeline.model.catalogue import Level
from pipeline.model.documents import Job
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.outcome import CHECKED, OUTPUTS, PREVIEW, Options, Outcome
from pipeline.run.preparing import Prepared, chosen, prepare
from pipeline.run.working import Source
from pipeline.steps.read_campaign import read_campaign

Speak = Callable[[Finding], str]
"""A finding in the person's language."""
_MARK = "견본"


def check_templates(options: Options, file: Path | None, kind: str, speak: Speak) -> Outcome:
    """`hyeopyak template check`: what is wrong with templates; a copy of each that has findings bears them as comments.

    Args:
        options: what was asked for.
        file: a Word file to check in place of the kind's own; None: every kind's own.
        kind: the kind it is for; '' where the name of the file says it.
        speak: gives the text of comments.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    blob = files.read(file, str(file), "template.missing") if file else b""
    kinds = [name for name, one in campaign.kinds.items() if _meant(name, one.template, file, kind)]
    if not kinds:
        return Outcome((_nobody(campaign, file, kind),))
    sources = dict.fromkeys(kinds, Source(blob, str(file))) if file else {}
    prepared = prepare(options.folder, campaign, kinds, sources)
    shown = {one.shown for one in prepared.sources.values()}
    own = [one for one in prepared.findings if one.cell and one.cell.file in shown]
    told = [*own, *(one for one in prepared.findings if one.code in {"kind.nothing", "template.missing"})]
    # Kinds that share a template would tell everything twice.
    unique = {(one.code, one.cell, str(one.params)): one for one in told}
    copies = tuple(_annotate(options.folder, prepared, list(unique.values()), speak))
    return Outcome(tuple(unique.values()), files=copies)


def _meant(name: str, template: str, file: Path | None, kind: str) -> bool:
    if kind:
        return name == kind
    return file is None or Path(template).name == file.name


def _nobody(campaign: Campaign, file: Path | None, kind: str) -> Finding:
    kinds = ", ".join(campaign.kinds)
    if kind:
        return finding("kind.unknown", kind=kind, kinds=kinds)
    return finding("template.nobody", Cell(str(file)), kinds=kinds)


def _annotate(folder: Path, prepared: Prepared, findings: Sequence[Finding], speak: Speak) -> list[str]:
    """Write copies with comments; names of those written."""
    from pipeline.doors.word.comments import annotated

    written = {}
    for source in prepared.sources.values():
        own = [one for one in findings if one.cell and one.cell.file == source.shown]
        wrong = any(one.level is not Level.NOTE for one in own)
        copy = annotated(source.blob, own, speak) if wrong else b""
        if copy:
            written[f"{CHECKED}/{Path(source.shown).name}"] = copy
    files.publish(folder / OUTPUTS, written.items())
    return [f"{OUTPUTS}/{name}" for name in written]


def fields(options: Options, kind: str) -> Outcome:
    """`hyeopyak template fields`: what templates of a kind can print, each with an example of the campaign's own."""
    from pipeline.doors.word.contract import field_rows

    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    if kind not in campaign.kinds:
        return Outcome((_nobody(campaign, None, kind),))
    prepared = prepare(options.folder, campaign, [kind])
    shape = prepared.shapes.get(kind)
    if shape is None:
        return Outcome((*errors(prepared.findings), finding("kind.nothing", kind=kind)))
    return Outcome(fields=tuple((row.path, row.kind, row.example) for row in field_rows(shape)))


def preview(options: Options, kind: str) -> Outcome:
    """`hyeopyak preview`: one document, marked on every page, beside the papers; the register learns nothing of it."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    if kind not in campaign.kinds:
        return Outcome((_nobody(campaign, None, kind),))
    outputs = options.folder / OUTPUTS
    files.check_writable(outputs)
    prepared = prepare(options.folder, campaign, [kind])
    outcome = chosen(prepared, options)
    # What is only noteworthy in the sheets is not asked for here, and would hide the path that is.
    shown = prepared.sources[kind].shown if kind in prepared.sources else ""
    told = [one for one in outcome.findings if one.level is Level.ERROR or (one.cell and one.cell.file == shown)]
    if not outcome.jobs or kind not in prepared.templates:
        return Outcome(tuple(told))
    made, found = _preview(prepared, kind, outcome.jobs[0])
    files.publish(outputs, made)
    return Outcome((*told, *found), files=tuple(f"{OUTPUTS}/{name}" for name, _ in made))


def _preview(prepared: Prepared, kind: str, job: Job) -> tuple[list[tuple[str, bytes]], list[Finding]]:
    from pipeline.doors.word.template import WordTemplate
    from pipeline.doors.word.watermark import watermarked
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.render import render

    source = prepared.templates[kind]
    template = WordTemplate(source.blob, FILTERS, source.shown, prepared.album.pictures)
    # A number that is printed counts as given: a preview bears none.
    number = f"{job.number.partition('-')[0]}-{_MARK}"
    context = {**job.context, "문서": {**job.context["문서"], "번호": number}}
    rendered, findings = render(template, [replace(job, context=context, number=number)])
    if not rendered:
        return [], findings
    docx = watermarked(rendered[0].docx, _MARK)
    stem = files.file_name(f"{_MARK}_{kind}_{job.subject}")
    pdf, found = _pdf(docx, number)
    made = [(f"{PREVIEW}/{stem}.docx", docx), *([(f"{PREVIEW}/{stem}.pdf", pdf)] if pdf else [])]
    return made, [*findings, *found]


def _pdf(docx: bytes, number: str) -> tuple[bytes, list[Finding]]:
    program = office.find_office()
    if not program or not office.is_new_enough(office.version(program)):
        return b"", [finding("office.missing", count=1)]
    with scratch() as folder:
        try:
            blob = office.Office(program, folder).convert([docx], 1)[0]
        except office.Failure as failure:
            return b"", [finding("convert.failed", subject=number, problem=str(failure))]
    return blob, [] if blob else [finding("convert.failed", subject=number, problem="no PDF came out")]
