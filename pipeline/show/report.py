"""Findings and outcomes as text for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.korean.privacy import untold
from pipeline.model.board import Wording
from pipeline.model.catalogue import CATALOGUE, Level
from pipeline.model.documents import Job, Plan, Reason
from pipeline.model.errors import ExitCode
from pipeline.model.findings import Finding, Param
from pipeline.model.proofs import Proof
from pipeline.model.status import Standing
from pipeline.run import OUTPUTS, Outcome, Voice
from pipeline.show import changes, explained, returns, status
from pipeline.show.columns import wide
from pipeline.show.language import Speaker, say

_SHOWN_OF_A_CODE = 5
_WORDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def message(one: Finding) -> str:
    """What is wrong."""
    return say(CATALOGUE[one.code].message).format_map(_spoken(one.params))


def _spoken(params: Mapping[str, Param]) -> dict[str, Param]:
    """Parameters in the language in use: a `problem` and a `part` are messages of their own where we have them."""
    spoken = {name: say(str(value)) if name in {"problem", "part"} else value for name, value in params.items()}
    return {name: untold(value) if isinstance(value, str) else value for name, value in spoken.items()}


_FIELD = ("path", "sort", "example")


def remedy(one: Finding) -> str:
    """What to do, '' where nothing has to be done. Empty suggestions are left out."""
    params = dict(one.params)
    if params.get("suggestion"):
        params["suggestion"] = say("Did you mean {word}?").format(word=params["suggestion"])
    return say(CATALOGUE[one.code].remedy).format_map(params).strip()


def comment(one: Finding) -> str:
    """For a comment in a Word file, where the place needs no words."""
    return f"{say(_WORDS[one.level])}: {message(one)} {remedy(one)}".rstrip()


def voice() -> Voice:
    """How checked copies of workbooks speak."""
    return Voice(say, message, remedy)


def wording() -> Wording:
    """How the board speaks. Its `say` can be handed to other processes."""
    present = Speaker.present()
    return Wording("ko" if present.language.startswith("ko") else "en", present, message, remedy, _reasons)


def _reasons(one: Standing) -> Iterator[str]:
    yield from status.words(one)
    yield from (line.strip() for line in changes.lines(one.changes))


def lines(findings: Iterable[Finding], *, verbose: bool = False) -> Iterator[str]:
    """Findings for a terminal, by file: those with errors first, within a file errors first.

    Unless `verbose`, many of a kind are summed up, and notes stand at the end, whatever their file.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    notes: list[Finding] = []
    for one in findings:
        told_last = one.level is Level.NOTE and not verbose
        (notes if told_last else by_file[one.cell.file if one.cell else ""]).append(one)
    order = list(Level)
    for file, own in sorted(by_file.items(), key=lambda item: min(order.index(one.level) for one in item[1])):
        if file:
            counts = Counter(one.level for one in own)
            told = ", ".join(f"{say(_WORDS[level])} {counts[level]}" for level in order if counts[level])
            yield f"{file} ({told})"
        yield from (f"  {line}" if file else line for line in _told(own, verbose=verbose))
    yield from _told(notes, verbose=verbose, everywhere=True)


def _told(findings: Iterable[Finding], *, verbose: bool, everywhere: bool = False) -> Iterator[str]:
    """A group of findings, the weightiest first; with the names of their files where these differ."""
    groups: dict[tuple[Level, str], list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.level, one.code].append(one)
    order = list(Level)
    for (level, _), group in sorted(groups.items(), key=lambda item: order.index(item[0][0])):
        alike = level is Level.NOTE or len(group) > _SHOWN_OF_A_CODE
        if verbose or not alike:
            yield from (_line(one, everywhere=everywhere) for one in group)
        else:
            yield _summary(group, everywhere=everywhere)


def _place(one: Finding, *, everywhere: bool) -> str:
    cell = one.cell
    place = str(cell or "")
    if cell and not everywhere:
        is_line = bool(cell.row) and not (cell.sheet or cell.column)
        place = say("line {row}").format(row=cell.row) if is_line else str(replace(cell, file="")).lstrip("!")
    return " ".join(part for part in (place, one.subject) if part)


def _line(one: Finding, *, everywhere: bool) -> str:
    place = _place(one, everywhere=everywhere)
    head = f"{place}: " if place else ""
    return f"{head}{comment(one)}"


def _summary(group: list[Finding], *, everywhere: bool) -> str:
    """Many alike on one line: how many, the first of them, and where the next ones stand."""
    first = _line(group[0], everywhere=everywhere)
    if len(group) == 1:
        return first
    places = [place for one in group[1:_SHOWN_OF_A_CODE] if (place := _place(one, everywhere=everywhere))]
    more = len(group) - 1 - len(places)
    others = ", ".join(places) + (say(" and {count} more (-v shows all)").format(count=more) if more else "")
    return f"{len(group)} × {first} [{others}]"


def state(job: Job, outcome: Outcome, code: ExitCode) -> str:
    """What became of a document in this run."""
    if job.number in outcome.made:
        return "made" if outcome.made[job.number].pdf_sha256 else "waiting"
    if job.reason is Reason.CURRENT:
        return "current"
    return "planned" if code is ExitCode.DONE else "not made"


def as_json(command: str, outcome: Outcome, code: ExitCode) -> dict[str, Any]:
    """The one object that `--json` prints; see DESIGN section 6."""
    states = Counter(state(job, outcome, code) for job in outcome.jobs)
    levels = Counter(one.level.value for one in outcome.findings)
    came_back = returns.as_json(outcome.collection, outcome.papers) if outcome.collection else {}
    counts = came_back.get("counts", {"documents": len(outcome.jobs), **states})
    return {
        "command": command,
        "exit": int(code),
        "counts": {**counts, **levels},
        "findings": [_finding(one) for one in outcome.findings],
        "documents": came_back.get("documents") or [_document(job, outcome, code) for job in outcome.jobs],
        **({"affected": changes.affected_as_json(outcome.affected)} if command == "affected" else {}),
        **({"status": status.as_json(outcome.status)} if outcome.status else {}),
        **({"files": list(outcome.files)} if outcome.files else {}),
        **({"proofs": [_proof(one) for one in outcome.proofs]} if outcome.proofs else {}),
        **({"fields": [dict(zip(_FIELD, row, strict=True)) for row in outcome.fields]} if outcome.fields else {}),
        **({"explained": explained.as_json(outcome.explained)} if outcome.explained else {}),
    }


def _proof(one: Proof) -> dict[str, Any]:
    return {"statement": one.statement.name, "strength": one.strength.name, **dict(one.params)}


def _finding(one: Finding) -> dict[str, Any]:
    cell = one.cell
    return {
        "code": one.code,
        "level": one.level.value,
        "message": message(one),
        "remedy": remedy(one),
        "file": cell.file if cell else "",
        "sheet": cell.sheet if cell else "",
        "row": cell.row if cell else 0,
        "column": cell.column if cell else "",
        "subject": one.subject,
    }


def _document(job: Job, outcome: Outcome, code: ExitCode) -> dict[str, Any]:
    edition = outcome.made.get(job.number)
    return {
        "number": job.number,
        "kind": job.kind,
        "subject": job.subject,
        "state": state(job, outcome, code),
        "reason": job.reason.value,
        "revision": job.revision,
        "changes": changes.as_json(job.changes),
        "docx": f"{OUTPUTS}/{job.docx}",
        "pdf": f"{OUTPUTS}/{job.pdf}",
        "pages": edition.pages if edition else 0,
        "fingerprint": job.fingerprint,
    }


def results(outcome: Outcome, *, whole: bool = False) -> Iterator[str]:
    """What was asked for, for standard output: merge fields, files, or of a dry run what would be made and why.

    Of a status every document is told where the `whole` is wanted.
    """
    if outcome.explained:
        yield from explained.lines(outcome.explained)
    widths = [max((wide(row[column]) for row in outcome.fields), default=0) for column in range(2)]
    for *first, last in outcome.fields:
        padded = (text + " " * (width - wide(text)) for text, width in zip(first, widths, strict=True))
        yield "  ".join([*padded, last]).rstrip()
    yield from returns.lines(outcome)
    if outcome.status:
        yield from status.lines(outcome.status, whole=whole)
    yield from changes.affected(outcome.affected)
    for proof in outcome.proofs:
        yield f"{say(proof.strength.value)}: {said(proof)}"
    yield from outcome.files
    for job in outcome.jobs if outcome.dry_run else ():
        if job.reason is not Reason.CURRENT:
            yield f"{job.number}\t{say(job.reason.value)}\t{OUTPUTS}/{job.docx}"
            yield from changes.lines(job.changes)


def said(proof: Proof) -> str:
    """What a verification has shown."""
    return say(proof.statement.value).format(**dict(proof.params))


def ending(command: str, outcome: Outcome, seconds: float) -> str:
    """The last line of a run: findings, documents, time."""
    counts = Counter(one.level for one in outcome.findings)
    found = say("{errors} errors, {warnings} warnings, {notes} notes.").format(
        errors=counts[Level.ERROR], warnings=counts[Level.WARNING], notes=counts[Level.NOTE]
    )
    if command == "check":
        return f"{found} " + say("{count} documents can be made.").format(count=len(outcome.jobs))
    if command == "init" and outcome.files:
        return say("Fill in inputs/campaign.toml and the workbooks beside it; then: hyeopyak check --campaign FOLDER")
    return f"{found} {_documents(outcome, seconds)}" if command == "make" else found


def _documents(outcome: Outcome, seconds: float) -> str:
    made = outcome.made.values()
    due = len(Plan(outcome.jobs).due)
    same = len(outcome.jobs) - due
    if outcome.dry_run:
        return say("{due} documents would be made; {same} unchanged.").format(due=due, same=same)
    if not made:
        if due or not outcome.jobs:
            return say("Nothing was made.")
        return say("Nothing has changed: {count} documents are up to date.").format(count=same)
    text = say(
        "{word} Word files and {pdf} PDFs ({pages} pages) in {seconds:.1f} s, "
        "{rate:.1f} documents a second; {same} unchanged."
    )
    return text.format(
        word=len(made),
        pdf=sum(bool(one.pdf_sha256) for one in made),
        pages=sum(one.pages for one in made),
        seconds=seconds,
        rate=len(made) / seconds,
        same=same,
    )
