"""Findings and outcomes as text for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.model.catalogue import CATALOGUE, Level
from pipeline.model.documents import Job, Reason
from pipeline.model.errors import ExitCode
from pipeline.model.findings import Finding, Param
from pipeline.run import OUTPUTS, Outcome
from pipeline.show.language import say

_SHOWN_OF_A_CODE = 5
_WORDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def message(one: Finding) -> str:
    """What is wrong."""
    return say(CATALOGUE[one.code].message).format_map(_spoken(one.params))


def _spoken(params: Mapping[str, Param]) -> dict[str, Param]:
    """Parameters in the language in use: a `problem` and a `part` are messages of their own where we have them."""
    return {name: say(str(value)) if name in {"problem", "part"} else value for name, value in params.items()}


def remedy(one: Finding) -> str:
    """What to do, '' where nothing has to be done. Empty suggestions are left out."""
    params = dict(one.params)
    if params.get("suggestion"):
        params["suggestion"] = say("Did you mean {word}?").format(word=params["suggestion"])
    return say(CATALOGUE[one.code].remedy).format_map(params).strip()


def lines(findings: Iterable[Finding], *, verbose: bool = False) -> Iterator[str]:
    """Findings for a terminal: errors first, many of a kind summed up unless `verbose`."""
    groups: dict[tuple[Level, str], list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.level, one.code].append(one)
    order = list(Level)
    for (level, _), group in sorted(groups.items(), key=lambda item: order.index(item[0][0])):
        alike = level is Level.NOTE or len(group) > _SHOWN_OF_A_CODE
        if verbose or not alike:
            yield from (_line(one) for one in group)
        else:
            yield _summary(group)


def _place(one: Finding) -> str:
    return " ".join(part for part in (str(one.cell or ""), one.subject) if part)


def _line(one: Finding) -> str:
    place = _place(one)
    head = f"{place}: " if place else ""
    return f"{head}{say(_WORDS[one.level])}: {message(one)} {remedy(one)}".rstrip()


def _summary(group: list[Finding]) -> str:
    """Many alike on one line: how many, the first of them, and where the next ones stand."""
    if len(group) == 1:
        return _line(group[0])
    places = [place for one in group[1:_SHOWN_OF_A_CODE] if (place := _place(one))]
    more = len(group) - 1 - len(places)
    others = ", ".join(places) + (say(" and {count} more (-v shows all)").format(count=more) if more else "")
    return f"{len(group)} × {_line(group[0])} [{others}]"


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
    return {
        "command": command,
        "exit": int(code),
        "counts": {"documents": len(outcome.jobs), **states, **levels},
        "findings": [_finding(one) for one in outcome.findings],
        "documents": [_document(job, outcome, code) for job in outcome.jobs],
    }


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
        "docx": f"{OUTPUTS}/{job.docx}",
        "pdf": f"{OUTPUTS}/{job.pdf}",
        "pages": edition.pages if edition else 0,
        "fingerprint": job.fingerprint,
    }


def planned(outcome: Outcome) -> Iterator[str]:
    """A dry run: what would be made and why."""
    for job in outcome.jobs:
        if job.reason is not Reason.CURRENT:
            yield f"{job.number}\t{say(job.reason.value)}\t{OUTPUTS}/{job.docx}"


def ending(outcome: Outcome, seconds: float, *, checked_only: bool) -> str:
    """The last line of a run: findings, documents, time."""
    counts = Counter(one.level for one in outcome.findings)
    found = say("{errors} errors, {warnings} warnings, {notes} notes.").format(
        errors=counts[Level.ERROR], warnings=counts[Level.WARNING], notes=counts[Level.NOTE]
    )
    if checked_only:
        return f"{found} " + say("{count} documents can be made.").format(count=len(outcome.jobs))
    return f"{found} {_documents(outcome, seconds)}"


def _documents(outcome: Outcome, seconds: float) -> str:
    made = outcome.made.values()
    due = sum(job.reason is not Reason.CURRENT for job in outcome.jobs)
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
