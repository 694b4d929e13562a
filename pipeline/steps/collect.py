"""What came back: every sheet seen ends in exactly one state, and what machines cannot decide becomes a case.

Pure, and the order in which files arrive does not matter: sheets are taken by place, and places are hashes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from pipeline.korean.differences import differences
from pipeline.model.collected import Ask, Case, Collection, Decision, How, ReturnedFile, Ruling, Signed
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.identity import PageCode
from pipeline.model.scans import (
    Box,
    Change,
    IssuedPage,
    Mark,
    Original,
    PageSeen,
    Place,
    Sheet,
    State,
    Verdict,
    present,
    told_apart,
)

INPUTS = "inputs/signed"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Issue:
    """Issued pages by what is asked of them."""

    by_code: Mapping[tuple[str, int, int, int, str], IssuedPage]
    """By number, revision, page, pages, check code: of several editions of the same text the latest."""
    latest: Mapping[tuple[str, int], IssuedPage]
    """By number and page: of the present edition of the number."""
    since: Mapping[str, str]

    @classmethod
    def of(cls, issued: Iterable[IssuedPage], revisions: Mapping[str, int], since: Mapping[str, str]) -> _Issue:
        pages = sorted(issued, key=lambda one: (one.edition, one.page))
        return cls(
            {(one.number, one.revision, one.page, one.pages, one.check): one for one in pages},
            {(one.number, one.page): one for several in present(pages, revisions).values() for one in several},
            since,
        )

    def find(self, code: PageCode) -> IssuedPage | None:
        return self.by_code.get((code.number, code.revision, code.page, code.pages, code.check))

    def is_about(self, decision: Decision, page: IssuedPage) -> bool:
        """Whether a person decided when the paper said already what it says now; if not, it is asked again."""
        return not decision.at or decision.at >= self.since.get(page.number, "")

    def is_latest(self, page: IssuedPage) -> bool:
        return self.latest.get((page.number, page.page)) is page


@dataclass(frozen=True, slots=True)
class _Taken:
    """A sheet that is a page of a paper's latest edition."""

    sheet: Sheet
    page: IssuedPage
    original: Original


def collect(
    returned: Iterable[ReturnedFile],
    issued: Iterable[IssuedPage],
    campaign: str,
    decisions: Iterable[Decision] = (),
    revisions: Mapping[str, int] = MappingProxyType({}),
    since: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Collection, list[Finding]]:
    """Sort what came back.

    Args:
        returned: every file ever returned, with what was read of it.
        issued: every page of every edition.
        campaign: short name of ours.
        decisions: of people, oldest first.
        revisions: the latest of each number, as in `present`.
        since: when that was first made, as in decisions.
    """
    files = sorted(returned, key=lambda one: one.original.sha256)
    issue = _Issue.of(issued, revisions, since)
    ruled = {one.case: one for one in decisions}
    sheets = [sheet for file in files for sheet in _sorted(file, issue, campaign, ruled)]
    originals = {file.original.sha256: file.original for file in files}
    copies: dict[tuple[str, int], list[_Taken]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state is State.MATCHED and sheet.page:
            copies[sheet.page.number, sheet.page.page].append(
                _Taken(sheet, sheet.page, originals[sheet.place.original])
            )
    chosen = {key: _choose(group, ruled) for key, group in copies.items()}
    settled = {one.place: one for group in chosen.values() for one in group.sheets}
    sheets = [settled.get(one.place, one) for one in sheets]
    cases = [case for group in chosen.values() for case in group.cases]
    back = frozenset(key for key, group in chosen.items() if any(one.state is State.MATCHED for one in group.sheets))
    cases += [case for sheet in sheets if (case := _own_case(sheet, issue, back))]
    # The seal of a file is asked about once, however many pages it has.
    cases = list({one.key: one for one in reversed(cases)}.values())
    collection = Collection(
        tuple(sheets),
        tuple(sorted(cases, key=lambda one: (one.page is None, one.page.number if one.page else "", one.key))),
        _by_number((number, one) for (number, _), group in sorted(chosen.items()) for one in group.signed),
        _by_number((number, page) for (number, page), group in sorted(chosen.items()) if group.changed),
    )
    return collection, [*_told(collection), *accounts(files, collection.sheets)]


def _by_number(pairs: Iterable[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    grouped: dict[str, list[_T]] = defaultdict(list)
    for number, one in pairs:
        grouped[number].append(one)
    return {number: tuple(several) for number, several in grouped.items()}


# --- one sheet ---------------------------------------------------------------------------------------------------


def _sorted(file: ReturnedFile, issue: _Issue, campaign: str, ruled: Mapping[str, Decision]) -> Iterator[Sheet]:
    for page in file.pages:
        for number, seen in enumerate(page.sheets, start=1):
            place = Place(file.original.sha256, page.page, number)
            sheet = _one(Sheet(place, file.original.name, seen, State.UNREADABLE), page, issue, campaign)
            yield _as_decided(sheet, ruled.get(f"{place.key}-page"), issue)


def _one(sheet: Sheet, page: PageSeen, issue: _Issue, campaign: str) -> Sheet:
    """The state of a sheet by what was read of it alone."""
    code = PageCode.parse(sheet.seen.code) if sheet.seen.code else None
    if code is None:
        # A strange code on a paper of ours whose own codes are lost must not hide it.
        if sheet.seen.suggestion or not (sheet.seen.code or page.foreign_codes or page.blank):
            return replace(sheet, reason=Ask.UNREADABLE.name)
        return replace(sheet, state=State.FOREIGN if sheet.seen.code or page.foreign_codes else State.BLANK)
    if code.campaign != campaign:
        return replace(sheet, state=State.OTHER_CAMPAIGN)
    issued = issue.find(code)
    if issued is None:
        return replace(sheet, state=State.FOREIGN, reason=Ask.FORGED.name)
    if not issue.is_latest(issued):
        return replace(sheet, state=State.OLDER, page=issued, reason=Ask.OLDER.name)
    return replace(sheet, state=State.MATCHED, page=issued)


def _as_decided(sheet: Sheet, decision: Decision | None, issue: _Issue) -> Sheet:
    """The sheet as a person placed it. Nothing was judged against a page that a person named."""
    if decision is None:
        return sheet
    if decision.ruling is Ruling.DISCARD:
        return replace(sheet, state=State.DISCARDED, reason="")
    wanted = (decision.number, decision.page)
    if decision.ruling is Ruling.ACCEPT and sheet.page:
        wanted = (sheet.page.number, sheet.page.page)
    page = issue.latest.get(wanted)
    if decision.ruling not in {Ruling.MATCH, Ruling.ACCEPT} or page is None or not issue.is_about(decision, page):
        return sheet
    return replace(sheet, state=State.MATCHED, page=page, reason="", seen=replace(sheet.seen, judgement=None))


def _own_case(sheet: Sheet, issue: _Issue, back: frozenset[tuple[str, int]]) -> Case | None:
    """The case of a sheet that is no page of a present paper."""
    if not sheet.reason or sheet.state is State.MATCHED:
        return None
    ask, words = Ask[sheet.reason], sheet.seen.suggestion
    if ask is Ask.OLDER and sheet.page:
        now = issue.latest.get((sheet.page.number, sheet.page.page))
        if now and (now.number, now.page) in back:
            return None
        words = differences(sheet.page.text, now.text) if now else ""
    if ask is Ask.FORGED and not words:
        code = PageCode.parse(sheet.seen.code)
        words = f"{code.number}/{code.page}" if code else ""
    return Case(f"{sheet.place.key}-page", ask, sheet.place, sheet.file, sheet.page, words=words, turn=sheet.seen.turn)


# --- copies of a page --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """All copies of a page, settled."""

    sheets: tuple[Sheet, ...]
    cases: tuple[Case, ...]
    signed: tuple[Signed, ...]
    changed: bool


def _choose(copies: Sequence[_Taken], ruled: Mapping[str, Decision]) -> _Group:
    """Choose the copy that counts: more boxes signed, then the better picture; a person's choice before all."""

    def ruling(one: _Taken) -> Ruling | None:
        found = ruled.get(f"{one.sheet.place.key}-copy")
        return found.ruling if found else None

    gone = [one for one in copies if ruling(one) is Ruling.DISCARD]
    left = [one for one in copies if ruling(one) is not Ruling.DISCARD]
    discarded = [replace(one.sheet, state=State.DISCARDED, page=None) for one in gone]
    if not left:
        return _Group(tuple(discarded), (), (), changed=False)
    judged = {one.sheet.place: _judge(one, ruled) for one in left}

    def rank(one: _Taken) -> tuple[bool, int, float, str]:
        signed = sum(box.verdict is Verdict.SIGNED for box in judged[one.sheet.place].signed)
        quality = one.sheet.seen.judgement.quality if one.sheet.seen.judgement else 0.0
        return ruling(one) is not Ruling.TAKE, -signed, -quality, one.sheet.place.key

    best, *others = sorted(left, key=rank)
    sheets = [best.sheet] + [
        replace(one.sheet, state=State.DUPLICATE, better=best.sheet.place, reason="") for one in others
    ]
    result = judged[best.sheet.place]
    cases = result.cases
    if ruling(best) is Ruling.TAKE:
        # One that came later may hold all that the one holds which was taken, and be signed by more.
        doubtful = [one for one in others if not ruling(one) and _adds(judged[one.sheet.place], result)]
    else:
        unlike = [one for one in others if _differ(result, judged[one.sheet.place])]
        doubtful = [best, *unlike] if unlike else []
    cases += tuple(_case(one, f"{one.sheet.place.key}-copy", Ask.CONFLICT) for one in doubtful)
    return _Group((*sheets, *discarded), cases, result.signed, result.changed)


def _case(taken: _Taken, key: str, ask: Ask) -> Case:
    sheet = taken.sheet
    return Case(key, ask, sheet.place, sheet.file, taken.page, turn=sheet.seen.turn)


def _differ(best: _Judged, other: _Judged) -> bool:
    """Whether the other copy holds something that the best one does not."""
    return _lacks(best, other) or best.hand != other.hand or best.changed != other.changed


def _adds(other: _Judged, best: _Judged) -> bool:
    return _lacks(best, other) and not _lacks(other, best)


def _lacks(best: _Judged, other: _Judged) -> bool:
    """Whether the other copy is signed where the best one is not."""
    pairs = zip(best.signed, other.signed, strict=True)
    return any(mine.verdict is not Verdict.SIGNED and theirs.verdict is Verdict.SIGNED for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A copy of a page, judged by machine and people."""

    signed: tuple[Signed, ...]
    cases: tuple[Case, ...]
    changed: bool
    """A person said so."""
    hand: frozenset[tuple[Change, str]]
    """Changes by hand that nobody has dismissed, with the words under them."""


def _judge(taken: _Taken, ruled: Mapping[str, Decision]) -> _Judged:
    judgement = taken.sheet.seen.judgement
    if judgement and not judgement.registered:
        judgement = None
    key = taken.sheet.place.key
    cases: list[Case] = []
    signed = []
    seal = _seal(taken, ruled, cases)
    seen = told_apart(judgement.signatures) if judgement else {}
    for index, (which, box) in enumerate(told_apart(taken.page.boxes).items(), start=1):
        verdict, how = seen[which].verdict if which in seen else Verdict.ASK, How.INK
        ask = Ask.SIGNATURE if judgement else Ask.UNJUDGED
        if judgement and judgement.one_bit and seal is None:
            verdict, ask = Verdict.ASK, Ask.ONE_BIT
        if seal is not None and verdict is not Verdict.SIGNED:
            verdict, ask = (Verdict.SIGNED, ask) if _named(box.name, seal) else (Verdict.ASK, Ask.OTHER_SIGNER)
            how = How.DIGITAL
        case = replace(_case(taken, f"{key}-sign{index}", ask), box=box.box, side=box.side, name=box.name)
        ruling = _ruling(ruled, case)
        if ruling:
            verdict, how = (Verdict.SIGNED if ruling is Ruling.SIGNED else Verdict.EMPTY), How.PERSON
        elif verdict is Verdict.ASK:
            cases.append(case)
        signed.append(Signed(taken.page.page, box.side, box.name, verdict, how))
    changed, hand = _hands(taken, judgement.marks if judgement else (), ruled, cases)
    # What was signed digitally never was on paper: no ink was lost.
    if judgement is None or (judgement.one_bit and seal is None):
        case = _case(taken, f"{key}-hand", Ask.ONE_BIT_PAGE if judgement else Ask.UNJUDGED_PAGE)
        ruling = _ruling(ruled, case)
        changed = changed or ruling is Ruling.CHANGED
        cases += [] if ruling else [case]
    return _Judged(tuple(signed), tuple(cases), changed, hand)


def _hands(
    taken: _Taken, marks: Sequence[Mark], ruled: Mapping[str, Decision], cases: list[Case]
) -> tuple[bool, frozenset[tuple[Change, str]]]:
    changed, hand = False, set()
    ink = [mark for mark in marks if mark.change is Change.INK]
    struck = [[mark] for mark in marks if mark.change is Change.STRUCK]
    # Spots of ink are looked at in one glance; each struck passage is a question of its own.
    for group in [*struck, *([ink] if ink else [])]:
        box, ask = _around(group), Ask.INK if group is ink else Ask.STRUCK
        # By place and number: should other marks be found when the page is read again, it is another question.
        key = f"{taken.sheet.place.key}-{ask.name.lower()}{len(group)}-{box.x:.0f}-{box.y:.0f}"
        words = " · ".join(mark.words for mark in group if mark.words)
        case = replace(_case(taken, key, ask), box=box, words=words)
        ruling = _ruling(ruled, case)
        changed = changed or ruling is Ruling.CHANGED
        if ruling is None:
            cases.append(case)
        if ruling is not Ruling.UNCHANGED:
            hand |= {(mark.change, mark.words) for mark in group}
    return changed, frozenset(hand)


def _around(marks: Sequence[Mark]) -> Box:
    left, top = min(one.box.x for one in marks), min(one.box.y for one in marks)
    right, bottom = max(one.box.x + one.box.width for one in marks), max(one.box.y + one.box.height for one in marks)
    return Box(left, top, right - left, bottom - top)


def _ruling(ruled: Mapping[str, Decision], case: Case) -> Ruling | None:
    found = ruled.get(case.key)
    return found.ruling if found else None


def _seal(taken: _Taken, ruled: Mapping[str, Decision], cases: list[Case]) -> tuple[str, ...] | None:
    """Names of a file's digital signers; None where it has no signature that counts."""
    signatures = taken.original.signatures
    if not signatures:
        return None
    # An earlier signature of several covers what was there before the later ones: one has to cover all.
    holds = all(one.intact and not one.changes for one in signatures) and any(one.whole_file for one in signatures)
    if not holds:
        case = _case(taken, f"{taken.original.sha256[:10]}-seal", Ask.BROKEN_SEAL)
        ruling = _ruling(ruled, case)
        if ruling is None:
            cases.append(case)
        if ruling is not Ruling.SIGNED:
            return None
    return tuple(one.signer for one in signatures)


def _named(name: str, signers: Iterable[str]) -> bool:
    """Whether a box's name is a whole word of a certificate's name, or its beginning: `홍길동()0041...`."""
    plain = "".join(name.split())
    parts = (part for one in signers for part in one.replace("(", ",").replace("=", ",").replace("+", ",").split(","))
    return bool(plain) and any(plain == "".join(part.split()) for part in parts)


# --- what is told ------------------------------------------------------------------------------------------------


def _told(collection: Collection) -> Iterator[Finding]:
    for sheet in collection.sheets:
        where = Cell(f"{INPUTS}/{sheet.file}")
        if sheet.reason == Ask.FORGED.name and sheet.state is State.FOREIGN:
            yield finding("return.forged", where, page=sheet.place.page)
        elif sheet.state is State.OTHER_CAMPAIGN:
            yield finding("return.campaign", where, page=sheet.place.page)
    for number, pages in collection.changed.items():
        yield finding("return.changed", subject=number, pages=", ".join(map(str, pages)))


def accounts(files: Sequence[ReturnedFile], sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """The proof of the accounts: each page of each file is there, each of its sheets once.

    Args:
        files: what came in.
        sheets: what became of it.
    """
    expected = Counter(
        Place(file.original.sha256, page.page, number)
        for file in files
        for page in file.pages
        for number in range(1, len(page.sheets) + 1)
    )
    states = Counter(one.place for one in sheets)
    if expected != states:
        yield finding("return.accounts", pages=expected.total(), states=states.total())
    for file in files:
        read = {page.page for page in file.pages if page.sheets}
        unread = [page for page in range(1, file.original.pages + 1) if page not in read]
        if unread:
            yield finding("return.unread", Cell(f"{INPUTS}/{file.original.name}"), pages=len(unread))
