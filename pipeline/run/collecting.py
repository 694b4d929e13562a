"""`hyeopyak collect`: what lies in inputs/signed is kept, read once, matched, and reported."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from pipeline.doors import files, logs, review_page, workers
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.collected import CHOICES, Case, Collection, Decision, ReturnedFile, in_words
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.identity import PageCode
from pipeline.model.scans import IssuedPage, Original, PageSeen, SheetSeen, State, present
from pipeline.run.deciding import REVIEW, Entered, decide, read_entered, write_book
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, Tell, now
from pipeline.run.outstanding import write_missing
from pipeline.run.reading import BROKE_DOWN, READER, Task, halves, pictures, read_pages, wanted_pages
from pipeline.steps.collect import collect as sort_returned
from pipeline.steps.missing import missing
from pipeline.steps.read_campaign import read_campaign

SIGNED = "inputs/signed"
ORIGINALS = "originals"
PASSWORDS = "passwords.txt"
PICTURES = "pictures"
_BATCH = 12
"""Pages of a task: some seconds of work, and no more than these are lost when a run is killed."""
Say = Callable[[str], str]


@dataclass(slots=True)
class _Run:
    """What one run of `collect` works with."""

    folder: Path
    campaign: Campaign
    register: Register
    issued: Sequence[IssuedPage]
    revisions: Mapping[str, int]
    """The latest of each number."""
    jobs: int
    tell: Tell
    stamp: str
    passwords: tuple[str, ...] = field(default=(), repr=False)
    findings: list[Finding] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Of kept copies below outputs, by hash."""

    latest: dict[str, IssuedPage] = field(default_factory=dict)
    """Pages of present editions, by the text of their codes."""
    _intact: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = self.campaign.campaign.id
        self.latest = {
            PageCode(name, one.number, one.revision, one.page, one.pages, one.check).payload: one
            for several in present(self.issued, self.revisions).values()
            for one in several
        }

    def is_intact(self, page: IssuedPage) -> bool:
        """Whether the issued PDF lies below outputs as it was issued."""
        if page.pdf not in self._intact:
            self._intact[page.pdf] = files.hashes(self.outputs, [page.pdf]).get(page.pdf) == page.pdf_sha256
        return self._intact[page.pdf]

    @property
    def outputs(self) -> Path:
        return self.folder / OUTPUTS

    def task(self, original: Original, pages: tuple[int, ...]) -> Task:
        path = self.outputs / self.names[original.sha256]
        return Task(
            original.sha256, original.name, str(path), pages, str(self.outputs), self.campaign.campaign.id,
            self.passwords, (len(self.issued), sum(self.revisions.values())),
        )  # fmt: skip

    def sort(self, returned: Iterable[ReturnedFile], decisions: Iterable[Decision]) -> tuple[Collection, list[Finding]]:
        """What came back, held against what was issued."""
        since = self.register.revised_at()
        return sort_returned(returned, self.issued, self.campaign.campaign.id, decisions, self.revisions, since)


def collect(options: Options, tell: Tell, say: Say, clock: Clock = now) -> Outcome:
    """Collect what came back.

    Args:
        options: what was asked for.
        tell: told of pages done and due.
        say: the language of reports.
        clock: the present.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    outputs = options.folder / OUTPUTS
    with (
        held(options.folder, outputs, findings, only_look=options.dry_run),
        Register(outputs, readonly=options.dry_run) as register,
    ):
        issued = register.issued_pages()
        if not issued:
            return Outcome((*findings, finding("return.unissued")))
        run = _Run(
            options.folder, campaign, register, issued, register.latest(), options.jobs or workers.cores(), tell,
            clock().isoformat(timespec="seconds"), passwords_of(options.folder), list(findings),
        )  # fmt: skip
        if options.dry_run:
            return _dry(run)
        with logs.step("taken in"):
            returned = _intake(run)
        if not returned:
            return Outcome((*run.findings, finding("return.nothing", folder=SIGNED)))
        with logs.step("pages read"):
            read = _read(run, returned)
        with logs.step("sorted and reported"):
            return _report(run, read, say)


def passwords_of(folder: Path) -> tuple[str, ...]:
    """Passwords of encrypted PDFs, one a line. They are never printed, recorded or sent anywhere."""
    try:
        text = files.whole(folder / SIGNED / PASSWORDS).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- what came in ------------------------------------------------------------------------------------------------


def _dry(run: _Run) -> Outcome:
    """What would be read."""
    known = run.register.returned(READER)
    new = [name for name, blob in _incoming(run) if _digest(blob) not in known]
    collection, found = run.sort(known.values(), run.register.decisions())
    papers = missing(collection, run.issued, run.register.about())
    return Outcome((*run.findings, *found), files=tuple(new), dry_run=True, collection=collection, papers=papers)


def _incoming(run: _Run) -> Iterator[tuple[str, bytes]]:
    """Files that came back, archives unpacked, one at a time."""
    from pipeline.doors.scans.folder import returned_files

    yield from returned_files(run.folder / SIGNED, run.findings.append)


def _intake(run: _Run) -> dict[str, ReturnedFile]:
    """Keep and record what was not seen before; all that ever came back, by hash."""
    from pipeline.doors.scans.intake import Unusable, open_returned
    from pipeline.doors.scans.signed_pdf import signatures

    known = run.register.returned(READER)
    kept = _kept(run)
    seen: set[str] = set()
    for name, blob in chain(_incoming(run), _unrecorded(run, known, seen)):
        digest = _digest(blob)
        seen.add(digest)
        if digest in run.names and known.get(digest, _NONE).original.pages:
            continue
        try:
            returned = open_returned(name, blob, run.passwords)
            original = Original(digest, name, len(blob), returned.pages, signatures(blob))
            media = returned.media
            run.findings += [finding(code, Cell(f"{SIGNED}/{name}")) for code in returned.notes]
        except Unusable as error:
            run.findings.append(finding(error.code, Cell(f"{SIGNED}/{name}"), **error.params))
            original, media = Original(digest, name, len(blob), 0), ""
        if digest not in kept:
            relative = f"{ORIGINALS}/{digest}{_suffix(name)}"
            files.publish(run.outputs, [(relative, blob)])
            kept[digest] = relative
        run.register.record_original(original, media, run.stamp)
    return {digest: one for digest, one in run.register.returned(READER).items() if digest in run.names}


def _unrecorded(run: _Run, known: Mapping[str, ReturnedFile], seen: Container[str]) -> Iterator[tuple[str, bytes]]:
    """Kept copies that the register does not know: it was rebuilt."""
    for digest, relative in sorted(run.names.items()):
        if digest not in known and digest not in seen:
            yield Path(relative).name, (run.outputs / relative).read_bytes()


_NONE = ReturnedFile(Original("", "", 0, 0), ())


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) < 6 else ""  # noqa: PLR2004


def _kept(run: _Run) -> dict[str, str]:
    """Kept copies by hash; one that is not what its name says is told, and left alone."""
    folder = run.outputs / ORIGINALS
    names = [f"{ORIGINALS}/{path.name}" for path in sorted(folder.glob("*")) if not path.name.startswith(".")]
    for name, digest in files.hashes(run.outputs, names).items():
        if Path(name).stem == digest:
            run.names[digest] = name
        else:
            run.findings.append(finding("return.kept", Cell(f"{OUTPUTS}/{name}"), path=f"{OUTPUTS}/{name}"))
    return run.names


# --- reading -----------------------------------------------------------------------------------------------------


def _read(run: _Run, returned: Mapping[str, ReturnedFile]) -> list[ReturnedFile]:
    """Read pages that were not read before; each batch is recorded as soon as it is there."""
    due = {digest: _due(run, one) for digest, one in returned.items()}
    tasks = [
        run.task(one.original, due[digest][start : start + _BATCH])
        for digest, one in returned.items()
        for start in range(0, len(due[digest]), _BATCH)
    ]
    total, done = sum(map(len, due.values())), 0
    run.tell(0, total)
    for task, result in workers.run(read_pages, tasks, run.jobs if len(tasks) > 1 else 1, halves) if tasks else ():
        pages = result
        if isinstance(pages, workers.Lost):
            told = ", ".join(map(str, task.pages))
            run.findings.append(finding("return.worker", Cell(f"{SIGNED}/{task.name}"), pages=told))
            pages = [PageSeen(number, (SheetSeen(),), problem=BROKE_DOWN) for number in task.pages]
        run.register.record_pages(task.digest, pages, READER)
        done += len(task.pages)
        run.tell(done, total)
    now_known = run.register.returned(READER)
    return [now_known[digest] for digest in returned]


def _due(run: _Run, one: ReturnedFile) -> tuple[int, ...]:
    """Pages that were never read, that brought the reader down, or that could not be judged then but can be now."""
    good = {
        page.page
        for page in one.pages
        if page.problem != BROKE_DOWN and all(_is_read(run, sheet) for sheet in page.sheets)
    }
    return tuple(number for number in range(1, one.original.pages + 1) if number not in good)


def _is_read(run: _Run, sheet: SheetSeen) -> bool:
    if sheet.judgement is not None or not sheet.code:
        return True
    page = run.latest.get(sheet.code)
    return page is None or not run.is_intact(page)


# --- reports -----------------------------------------------------------------------------------------------------


def _report(run: _Run, returned: Sequence[ReturnedFile], say: Say) -> Outcome:
    """Take in what people decided, sort everything, and write the reports."""
    recorded = run.register.decisions()
    entered = read_entered(run.folder)
    collection, _ = run.sort(returned, recorded)
    # A decided case that stands in the table again may be decided anew.
    again = [one for one in recorded if one.case not in entered.cases]
    before, _ = run.sort(returned, again)
    cases = {case.key: case for case in (*before.cases, *collection.cases)}
    pages = {(page.number, page.page) for page in run.latest.values()}
    new, wrong = decide(entered, cases, recorded, pages, run.stamp)
    if new:
        run.register.record_decisions(new)
        recorded = run.register.decisions()
    collection, found = run.sort(returned, recorded)
    about = run.register.about()
    papers = missing(collection, run.issued, about)
    meanwhile = _write_review(run, returned, collection, recorded, entered, say)
    written = write_missing(run.outputs, papers, run.campaign.packets.answer_to, say)
    findings = [*run.findings, *wrong, *meanwhile, *found, *_lost_pdfs(run, collection)]
    if collection.cases:
        findings.append(finding("return.open", count=len(collection.cases)))
    shown = tuple(f"{OUTPUTS}/{REVIEW}/{one}" for one in ("index.html", "review.xlsx")) if collection.cases else ()
    return Outcome(tuple(findings), files=(*shown, *written), collection=collection, papers=papers)


def _lost_pdfs(run: _Run, collection: Collection) -> Iterator[Finding]:
    unjudged = {one.page.pdf: one.page for one in collection.sheets if one.page and one.seen.judgement is None}
    for pdf, page in sorted(unjudged.items()):
        if page in run.latest.values() and not run.is_intact(page):
            path = f"{OUTPUTS}/{pdf}"
            yield finding("return.lost_pdf", Cell(path), subject=page.number, path=path)


def _write_review(
    run: _Run,
    returned: Sequence[ReturnedFile],
    collection: Collection,
    decisions: Sequence[Decision],
    entered: Entered,
    say: Say,
) -> list[Finding]:
    """Write table and page; what was saved into the table meanwhile."""
    folder = run.outputs / REVIEW
    _draw(run, returned, collection.cases)
    drawn = _drawn(run)
    # A whole page would be too small to read in a row, and make the workbook heavy.
    crops = {case.key: name for case in collection.cases if case.box and (name := drawn.get(case.key))}
    blobs = {key: (folder / name).read_bytes() for key, name in crops.items() if name.endswith(".png")}
    unread = write_book(run.outputs, collection.cases, entered, decisions, blobs, say)
    groups: dict[str, list[review_page.Shown]] = defaultdict(list)
    about = run.register.about()
    for case in collection.cases:
        heading = say("Pages of no known document")
        if case.page:
            one = about.get(case.page.number)
            heading = f"{case.page.number} {one.title} ({one.area})" if one else case.page.number
        groups[heading].append(_shown(case, drawn.get(case.key, ""), say))
    states = Counter(one.state for one in collection.sheets)
    told = {say(in_words(state)): states[state] for state in State}
    page = review_page.review_page(list(groups.items()), told, run.campaign.campaign.language, say)
    files.publish(folder, [("index.html", page)])
    return unread


def _shown(case: Case, picture: str, say: Say) -> review_page.Shown:
    where = " ".join(part for part in (case.side, case.name) if part)
    choices = tuple(one.value for one in CHOICES[case.ask])
    return review_page.Shown(
        case.key,
        say(case.ask.value),
        case.file,
        str(case.place.page),
        where,
        case.words,
        choices,
        (picture,) if picture else (),
    )


def _draw(run: _Run, returned: Sequence[ReturnedFile], cases: Sequence[Case]) -> None:
    """Pictures of open cases; those that are there stay, those of decided cases go."""
    folder, keys = run.outputs / REVIEW, {case.key for case in cases}
    drawn = _drawn(run)
    for key, name in drawn.items():
        if key not in keys:
            files.remove(folder / name)
    lacking: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.key not in drawn:
            lacking[case.place.original].append(case)
    originals = {one.original.sha256: one.original for one in returned}
    tasks = [
        replace(run.task(originals[digest], pages[start : start + _BATCH]), cases=tuple(own))
        for digest, own in lacking.items()
        for pages in [wanted_pages(own)]
        for start in range(0, len(pages), _BATCH)
    ]
    for _, result in workers.run(pictures, tasks, run.jobs if len(tasks) > 1 else 1, halves) if tasks else ():
        if not isinstance(result, workers.Lost):
            files.publish(folder, [(f"{PICTURES}/{key}{_kind(blob)}", blob) for key, blob in result])


def _kind(blob: bytes) -> str:
    return ".png" if blob.startswith(b"\x89PNG") else ".jpg"


def _drawn(run: _Run) -> dict[str, str]:
    """Pictures below the review folder, by case."""
    folder = run.outputs / REVIEW / PICTURES
    return {path.stem: f"{PICTURES}/{path.name}" for path in sorted(folder.glob("[!.]*.*"))}
