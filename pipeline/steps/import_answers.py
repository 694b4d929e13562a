"""Answers that came back, before step 1: whose they are, what they say, and what is to be kept of them.

Enters: files as `Incoming`, and what the campaign knows. Leaves: rows to add and to replace, findings. A row is taken
or it has a finding that says why not; of two that contradict each other neither is taken.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.korean.names import compare_key
from pipeline.korean.text import clean
from pipeline.model.choices import Answer, squeeze
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.marks import Reading, spoken
from pipeline.model.records import Pledge, Response
from pipeline.model.returned import Collected, Entry, Incoming, Line, Returned

_SAME_TITLE = 0.75
"""Share of letters (자모) in order: two titles of the sample share at most 0.66, one with words added or mended 0.9."""
_SHOWN = 60
_PARTY = "party:"
"""Opens the register's keys of parties."""
Place = tuple[str, str]
"""A sender's key and a pledge's number."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the campaign knows."""

    issued: Mapping[str, str]
    """Subject keys by document number."""
    senders: Mapping[str, str]
    """Names of candidates and parties by key."""
    pledges: Mapping[str, Pledge]
    """By number."""
    elsewhere: Mapping[Place, Response]
    """Answers that stand in other tables."""
    kept: Mapping[Place, Collected]
    """Rows of earlier imports."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the workbook of imported answers becomes."""

    new: Sequence[Entry] = ()
    replaced: Mapping[int, Entry] = field(default_factory=dict)
    """By row of the sheet."""


def import_answers(files: Sequence[Incoming], known: Known) -> tuple[Changes, list[Finding]]:
    """What is taken of some files, and what is not."""
    findings: list[Finding] = []
    sheets: list[_Sheet] = []
    first: dict[str, Incoming] = {}
    for one in files:
        if before := first.get(one.sha256):
            findings.append(finding("import.same", one.cell, first=before.shown))
            continue
        first[one.sha256] = one
        own, found = _sheets(one, known)
        sheets += own
        findings += found
    chosen, found = _agreeing(sheets)
    findings += found
    new: list[Entry] = []
    replaced: dict[int, Entry] = {}
    for one in files:
        own = [sheet for sheet in chosen if sheet.file is one]
        if own:
            findings += _settle(one, own, known, new, replaced)
    return Changes(new, replaced), findings


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The answers of one sender in one file."""

    file: Incoming
    sender: str
    entries: Mapping[str, tuple[Entry, Cell]]
    """By pledge."""

    @property
    def says(self) -> Mapping[str, tuple[Answer, str]]:
        return {number: entry.says for number, (entry, _) in self.entries.items()}


def _sheets(file: Incoming, known: Known) -> tuple[list[_Sheet], list[Finding]]:
    """The answers of a file by who sent them; a sender that is not known is told once."""
    findings: list[Finding] = []
    senders: dict[tuple[str, str, str], str] = {}
    entries: dict[str, dict[str, tuple[Entry, Cell]]] = defaultdict(dict)
    withheld: set[Place] = set()
    for line in file.lines:
        row = line.row
        claim = (row.number, row.candidate, row.name or file.person)
        if claim not in senders:
            sender, found = _sender(file, row, known)
            senders[claim] = sender
            findings += found
        if not (sender := senders[claim]):
            continue
        entry, found = _entry(file, line, sender, known)
        findings += found
        if entry is None:
            continue
        own = entries[sender]
        before = own.get(entry.pledge)
        if before and before[0].says != entry.says:
            withheld.add((sender, entry.pledge))
            findings.append(finding("import.pledge_twice", row.at.cell(), pledge=entry.pledge))
        own.setdefault(entry.pledge, (entry, row.at.cell()))
    for sender, pledge in withheld:
        del entries[sender][pledge]
    return [_Sheet(file, sender, own) for sender, own in entries.items() if own], findings


def _sender(file: Incoming, row: Returned, known: Known) -> tuple[str, list[Finding]]:
    """Whose answers a row holds, by document number, else by 후보자ID."""
    where, person = row.at.cell("candidate") if row.candidate else file.cell, row.name or file.person
    numbers = (row.number,) if row.number else () if row.candidate else file.numbers
    if len(numbers) > 1:
        return "", [finding("import.numbers", where, numbers=", ".join(numbers))]
    if not numbers and not row.candidate:
        return "", [finding("import.no_number", where)]
    if not numbers:
        return _named(row.candidate, row.candidate, person, where, known)
    number = unicodedata.normalize("NFKC", numbers[0]).upper()
    if number not in known.issued:
        return "", [finding("import.number_unknown", where, number=number)]
    key = known.issued[number].removeprefix(_PARTY)
    if row.candidate and row.candidate != key:
        return "", [finding("import.name", where, number=number)]
    return _named(key, number, person, where, known)


def _named(key: str, number: str, person: str, where: Cell, known: Known) -> tuple[str, list[Finding]]:
    """The key, if somebody has it and bears the name that the sheet bears."""
    if key not in known.senders:
        return "", [finding("import.addressee", where, number=number)]
    # 홍길동(洪吉東), 홍길동 후보: the name and something beside it.
    if person and compare_key(known.senders[key]) not in compare_key(person):
        return "", [finding("import.name", where, number=number)]
    return key, []


def _entry(file: Incoming, line: Line, sender: str, known: Known) -> tuple[Entry | None, list[Finding]]:
    """A row as an answer, or why it is none."""
    row, where = line.row, line.row.at.cell()
    number = row.pledge if row.pledge in known.pledges else _respelled(row.pledge, known)
    pledge = known.pledges.get(number)
    if pledge is None:
        return None, [finding("import.pledge_unknown", where, pledge=row.pledge)]
    if row.title and not _same_title(row.title, pledge.title):
        return None, [finding("import.pledge_changed", where, pledge=number)]
    answer, remark, findings = _answer(line.reading, row, number)
    if answer is None:
        return None, findings
    if not remark and answer in {Answer.PARTIAL, Answer.REFUSED, Answer.OTHER}:
        findings.append(finding("answer.no_remark", row.at.cell("remark"), answer=answer.value))
    entry = Entry(sender, known.senders[sender], number, pledge.title, answer, remark, file.mark)
    return entry, findings


def _respelled(number: str, known: Known) -> str:
    """The number that is meant where only blanks and signs differ; '' where several could be."""
    found = [one for one in known.pledges if squeeze(one) == squeeze(unicodedata.normalize("NFKC", number))]
    return found[0] if len(found) == 1 else ""


def _same_title(printed: str, title: str) -> bool:
    """Whether a sheet's title is that of the pledge, mended at most; a field or a demand may stand beside it."""
    a, b = (unicodedata.normalize("NFD", squeeze(one)) for one in (printed, title))
    return b in a or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SAME_TITLE


def _answer(reading: Reading, row: Returned, number: str) -> tuple[Answer | None, str, list[Finding]]:
    """Answer and remark of a row."""
    where = row.at.cell()
    chosen, remark = list(reading.chosen), row.remark
    said = spoken(remark)
    findings: list[Finding] = []
    if said and said not in chosen:
        chosen.append(said)
    if len(chosen) > 1:
        shown = ", ".join(one.value for one in chosen)
        return None, "", [finding("import.marks", where, pledge=number, answers=shown)]
    if not chosen:
        # Choices without a mark, or nothing at all; anything else is an answer that nobody offered.
        if reading.offered > 1 or not reading.beside:
            return None, "", [finding("import.unmarked", where, pledge=number)]
        shown = " ".join(reading.beside.split())[:_SHOWN]
        return None, "", [finding("import.words", where, pledge=number, value=shown)]
    if reading.spoken or not reading.chosen:
        findings.append(finding("import.beside", where, pledge=number, answer=chosen[0].value))
    beside = clean(reading.beside)
    parts = [part for part in ("" if said else remark, beside) if part]
    return chosen[0], "\n".join(dict.fromkeys(parts)), findings


def _agreeing(sheets: Sequence[_Sheet]) -> tuple[list[_Sheet], list[Finding]]:
    """One sheet for each sender; none where two say different things."""
    by_sender: dict[str, list[_Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_sender[sheet.sender].append(sheet)
    chosen: list[_Sheet] = []
    findings: list[Finding] = []
    for group in by_sender.values():
        first, *others = group
        code = "import.same" if all(one.says == first.says for one in others) else "import.contradiction"
        findings += [finding(code, one.file.cell, first=first.file.shown) for one in others]
        if code == "import.same":
            chosen.append(first)
    return chosen, findings


def _settle(
    file: Incoming, sheets: Iterable[_Sheet], known: Known, new: list[Entry], replaced: dict[int, Entry]
) -> Iterator[Finding]:
    """Sort the answers of a file into new rows and rows to replace, and tell what became of them."""
    taken, already = 0, 0
    instead: dict[str, int] = defaultdict(int)
    for entry, cell in (pair for sheet in sheets for pair in sheet.entries.values()):
        place = (entry.candidate, entry.pledge)
        kept, other = known.kept.get(place), known.elsewhere.get(place)
        if other and other.answer is not Answer.NONE:
            already += _says(other) == entry.says
            if _says(other) != entry.says:
                yield finding("import.answered", cell, pledge=entry.pledge, first=str(other.at.cell("answer")))
        elif kept is None:
            new.append(entry)
            taken += 1
        elif kept.file == entry.file or _says(kept) == entry.says:
            # The same file again: what somebody corrected in the row since then stays.
            already += 1
        elif not kept.file:
            yield finding("import.kept", cell, pledge=entry.pledge, first=str(kept.at.cell("answer")))
        else:
            replaced[kept.at.row] = entry
            instead[kept.file] += 1
            taken += 1
    for before, count in instead.items():
        yield finding("import.replaced", file.cell, count=count, first=before)
    if taken:
        yield finding("import.taken", file.cell, count=taken)
    elif already:
        yield finding("import.already", file.cell, count=already)


def _says(answer: Response) -> tuple[Answer, str]:
    return answer.answer, " ".join(answer.remark.split())
