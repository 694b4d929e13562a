"""`hyeopyak verify`: what an archive proves, by itself alone, read-only, however many years later."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doors import bag_reading, files
from pipeline.doors.bag_reading import Bag, What, open_bag
from pipeline.doors.books.listed import as_csv, rows_of
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import tables_in
from pipeline.doors.register_volumes import link
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.proofs import Proof, Statement, Strength
from pipeline.run.archiving import ARCHIVE, SEAL, SIGNER
from pipeline.run.credential import is_certificate
from pipeline.run.outcome import OUTPUTS, Clock, Outcome, now

if TYPE_CHECKING:
    from pipeline.doors.seal.verdicts import SealSeen

_MANIFEST = "tagmanifest-sha256.txt"
_NUMBERS, _NUMBER = frozenset({"page", "file_page"}), re.compile("[0-9]{1,9}")
"""Columns of numbers, and what they hold."""
_DAMAGED = (ValueError, KeyError, TypeError, RecursionError)
"""What is raised where JSON or a register holds something else than it should."""
Row = Mapping[str, str]


def verify(path: Path, trusted: Sequence[Path] = (), clock: Clock = now) -> Outcome:
    """Examine an archive.

    Args:
        path: a bag, or a campaign's folder with one archive.
        trusted: certificates (PEM) that the reader trusts, from elsewhere than the archive.
        clock: the present; certificates may have expired by now.
    """
    found = sorted((path / OUTPUTS / ARCHIVE).glob("[!.]*")) if (path / OUTPUTS).is_dir() else [path]
    if len(found) != 1:
        return Outcome((finding("verify.which", Cell(f"{OUTPUTS}/{ARCHIVE}"), count=len(found)),))
    roots = {str(one): files.read(one, str(one), "seal.missing") for one in trusted}
    strange = [finding("verify.trust", Cell(name)) for name, blob in roots.items() if not is_certificate(blob)]
    if strange:
        return Outcome(tuple(strange))
    with open_bag(found[0]) as bag:
        if bag.faults and not bag.names():
            return Outcome((finding("verify.unreadable", Cell(str(found[0]))),))
        examiner = _Examiner(bag, tuple(roots.values()), clock())
        examiner.examine()
    return Outcome(tuple(examiner.findings), proofs=tuple(examiner.proofs))


@dataclass(slots=True)
class _Examiner:
    bag: Bag
    trusted: tuple[bytes, ...]
    at: datetime.datetime
    findings: list[Finding] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    """Hashes of files that were removed when their time was up."""

    def examine(self) -> None:
        """In order: who sealed the list, the list, the files, volumes, log, register, pages."""
        self._list()
        self._files()
        self._signoffs(self._volumes())
        self._events()
        purged, damage = self._table("purged.csv", "sha256", "at")
        self.gone = frozenset(one["sha256"] for one in purged)
        self._register()
        if purged or damage:
            day = purged[-1]["at"][:10] if purged else "?"
            self._say(damage, Statement.PURGED, Strength.CLAIMED, count=len(purged), day=day)
        self._pages()

    def _say(
        self, found: Sequence[Finding], statement: Statement, strength: Strength = Strength.PROVEN, **params: object
    ) -> None:
        """A statement, failed if anything was found."""
        self.findings += found
        shown = tuple((key, value if isinstance(value, int) else str(value)) for key, value in params.items())
        self.proofs.append(Proof(statement, Strength.FAILED if found else strength, shown))

    def _table(self, name: str, *columns: str) -> tuple[list[Row], list[Finding]]:
        """Rows of a table that have what is read of them, and that the others are damaged."""
        where = f"data/{name}"
        rows = rows_of(self._read(where))
        whole: list[Row] = [one for one in rows if _has(one, columns)]
        damage = [finding("verify.file", Cell(where), problem=What.UNREADABLE.value)] if len(whole) < len(rows) else []
        return whole, damage

    def _read(self, name: str) -> bytes:
        try:
            return self.bag.read(name)
        except bag_reading.Unreadable:
            return b""

    def _roots(self) -> tuple[bytes, ...]:
        """What the reader trusts, else the archive's own certificate; none where that is damaged."""
        signer = self._read(SIGNER)
        return self.trusted or ((signer,) if is_certificate(signer) else ())

    # --- the bag -------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        from pipeline.doors.seal.detached import examine_detached
        from pipeline.doors.seal.verdicts import Judgement, Problem

        seal, signer = self._read(SEAL), self._read(SIGNER)
        if not (seal and signer):
            self._say([finding("verify.unsealed")], Statement.SEALED)
            return
        roots = self._roots()
        seen = examine_detached(self._read(_MANIFEST), seal, roots, self.at)
        found = []
        if seen.judgement is not Judgement.INTACT:
            found.append(finding("verify.seal", Cell(SEAL)))
        elif not roots:
            found.append(finding("verify.seal", Cell(SIGNER)))
        elif not _is_theirs(seen):
            found.append(finding("verify.signer", Cell(SEAL), fingerprint=seen.fingerprint))
        self._say(
            found, Statement.LIST,
            fingerprint=seen.fingerprint,
        )  # fmt: skip
        if not found:
            known = Strength.PROVEN if self.trusted else Strength.CLAIMED
            self._say([], Statement.WHO, known, who=seen.subject)
            moment = seen.timestamp or seen.claimed_time
            strength = Strength.PROVEN if seen.timestamp else Strength.CLAIMED
            self._say([], Statement.WHEN, strength, day=moment.date().isoformat() if moment else "?")
        if seen.problem == Problem.EXPIRED:
            self.findings.append(finding("verify.expired", Cell(SIGNER)))

    def _files(self) -> None:
        faults = bag_reading.examine(self.bag, (SEAL, SIGNER))
        found = [finding("verify.file", Cell(one.name), problem=one.what.value) for one in faults]
        count = sum(name.startswith("data/") for name in self.bag.names())
        self._say(found, Statement.FILES, count=count)

    # --- volumes and approvals -----------------------------------------------------------------------------------

    def _digest(self, name: str) -> str:
        """Of a file; '' where it is not there or cannot be read."""
        try:
            with self.bag.stream(name) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # binary and readable
        except bag_reading.Unreadable:
            return ""

    def _volumes(self) -> list[Row]:
        volumes, found = self._table("volumes.csv", "file", "sha256")
        wrong = [one["file"] for one in volumes if self._digest(f"data/{one['file']}") != one["sha256"]]
        found += [finding("verify.volume", Cell(f"data/{name}")) for name in wrong]
        self._say(found, Statement.VOLUMES, count=len(volumes))
        return volumes

    def _signoffs(self, volumes: Sequence[Row]) -> None:
        signoffs, damage = self._table("signoffs.csv", "volume", "who", "file", "sha256", "certificate")
        known = {one["sha256"]: one for one in volumes}
        given: dict[str, list[Row]] = defaultdict(list)
        for one in signoffs:
            given[one["volume"]].append(one)
        for digest, own in given.items():
            last, volume = own[-1], known.get(digest)
            if volume is not None:
                self._say(list(self._approval(volume, own)), Statement.APPROVED, file=last["file"])
                people = ", ".join(one["who"] for one in own)
                self._say([], Statement.APPROVED_BY, Strength.CLAIMED, file=last["file"], people=people)
            else:
                found = [finding("verify.replayed", Cell(f"data/{last['file']}"))]
                self._say(found, Statement.APPROVED, file=last["file"])
        if damage:
            self._say(damage, Statement.APPROVED, file="data/signoffs.csv")
        elif not given:
            self._say([], Statement.UNAPPROVED, Strength.CLAIMED)

    def _approval(self, volume: Row, given: Sequence[Row]) -> Iterator[Finding]:
        """What is wrong with a sealed volume."""
        from pipeline.doors.seal.verdicts import Judgement, examine

        name = f"data/{given[-1]['file']}"
        blob, base = self._read(name), self._read(f"data/{volume['file']}")
        seals = examine(blob, trusted=self._roots(), at=self.at)
        if hashlib.sha256(blob).hexdigest() != given[-1]["sha256"] or not blob.startswith(base):
            yield finding("verify.sealed", Cell(name))
        if len(seals) != len(given) or any(one.judgement is not Judgement.INTACT for one in seals):
            yield finding("verify.seal", Cell(name))
            return
        recorded = [one["certificate"] for one in given]
        if [one.fingerprint for one in seals] != recorded or not all(map(_is_theirs, seals)):
            yield finding("verify.signer", Cell(name), fingerprint=seals[-1].fingerprint)

    # --- log and register ----------------------------------------------------------------------------------------

    def _events(self) -> None:
        lines = self._read("data/events.jsonl").decode("utf-8", "replace").splitlines()
        try:
            events = [json.loads(line) for line in lines]
            numbers = [one["id"] for one in events]
            broken = numbers != list(range(1, len(events) + 1))
            if events and "detail" in events[0]:
                chain = ""
                for one in events:
                    chain = link(chain, one["at"], one["what"], one["subject"], one["detail"])
                    broken |= chain != one["chain"]
        except _DAMAGED:
            events, broken = [], True
        found = [finding("verify.events", Cell("data/events.jsonl"))] if broken else []
        self._say(found, Statement.LOG, count=len(events))

    def _register(self) -> None:
        name = f"data/register/{REGISTER}"
        if name not in self.bag.names():
            return
        found: list[Finding] = []
        try:
            # Piece by piece: what differs before something damaged is met stays found.
            found.extend(self._unlike(tables_in(self._read(name))))
        except _DAMAGED:
            found.append(finding("verify.register", Cell(name), table=""))
        self._say(found, Statement.REGISTER)

    def _unlike(self, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Iterator[Finding]:
        for table, rows in tables.items():
            if as_csv(rows) != self._read(f"data/register/{table}.csv"):
                yield finding("verify.register", Cell(f"data/register/{table}.csv"), table=table)
        lines = self._read("data/events.jsonl").decode("utf-8", "replace").splitlines()
        told = [json.loads(line) for line in lines]
        # What an archive went through later stands in its log alone.
        own = [one for one in told if one["what"] != "purged"]
        if [dict(one) for one in tables["events"]] != own:
            yield finding("verify.register", Cell("data/events.jsonl"), table="events")
        logged: dict[str, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
        for one in told:
            logged[one["what"]].append((one["subject"], json.loads(one["detail"])))
        issued: list[tuple[object, object]] = [
            (one["number"], {"revision": one["revision"], "docx": one["docx_sha256"], "pdf": one["pdf_sha256"]})
            for one in tables["editions"]
        ]
        wanted: dict[str, list[tuple[object, object]]] = {
            "issued": issued,
            "signoff": [(one["volume"], one["sha256"]) for one in tables["signoffs"]],
            "volume": [(f"{one['area']} {one['edition']}", one["sha256"]) for one in tables["volumes"]],
        }
        seen: dict[str, list[tuple[object, object]]] = {
            "issued": list(logged["issued"]),
            "signoff": [(subject, detail["sealed"]) for subject, detail in logged["signoff"]],
            "volume": [(subject, detail["sha256"]) for subject, detail in logged["volume"]],
        }
        for what, recorded in wanted.items():
            if recorded != seen[what]:
                yield finding("verify.register", Cell(f"data/register/{REGISTER}"), table=what)
        held = {self._digest(name) for name in self.bag.names() if name.startswith("data/originals/")}
        held |= self.gone
        lost = [one for one in tables["originals"] if one["sha256"] not in held]
        if lost:
            yield finding("verify.originals", Cell("data/originals"), count=len(lost))

    # --- pages ---------------------------------------------------------------------------------------------------

    def _pages(self) -> None:
        rows, found = self._table("pages.csv", "volume", "page", "file", "file_page", "sha256", "basis")
        if not (rows or found):
            return
        by_volume: dict[str, list[Row]] = defaultdict(list)
        for one in rows:
            by_volume[one["volume"]].append(one)
        places = {name.removeprefix("data/papers/").removeprefix("data/"): name for name in self.bag.names()}
        redrawn = 0
        for volume, own in by_volume.items():
            wrong, pictures = self._untraced(f"data/{volume}", own, places)
            redrawn += pictures
            if wrong:
                found.append(finding("verify.page", Cell(f"data/{volume}"), pages=", ".join(wrong[:20])))
        self._say(found, Statement.PAGES, count=len(rows) - redrawn)
        if redrawn:
            self._say([], Statement.PICTURES, Strength.CLAIMED, count=redrawn)

    def _untraced(self, volume: str, rows: Sequence[Row], places: Mapping[str, str]) -> tuple[list[str], int]:
        """Numbers of pages that do not show their source, and how many are pictures that cannot be compared."""
        from pipeline.doors.volumes.prints import Unreadable, front_matter, prints, shows

        wanted: dict[str, list[Row]] = defaultdict(list)
        for one in rows:
            wanted[one["file"]].append(one)
        wrong, pictures = [], 0
        try:
            bound = self._read(volume)
            pages, front = prints(bound), front_matter(bound)
        except Unreadable:
            return [one["page"] for one in rows], 0
        for file, own in wanted.items():
            blob = self._read(places.get(file, ""))
            fits = hashlib.sha256(blob).hexdigest() == own[0]["sha256"]
            sources = _sources(blob, [int(one["file_page"]) for one in own]) if fits else {}
            for one in own:
                if one["sha256"] in self.gone:
                    pictures += 1
                    continue
                page = pages.get(front + int(one["page"]), frozenset())
                source = sources.get(int(one["file_page"]), frozenset())
                if not fits or not page:
                    wrong.append(one["page"])
                elif not shows(page, source, one["sha256"]):
                    if one["basis"] == "returned":
                        pictures += 1
                    else:
                        wrong.append(one["page"])
        return wrong, pictures


def _has(row: Row, columns: Sequence[str]) -> bool:
    """Whether a row of a table has these columns, and numbers where they are due."""
    values = {column: row.get(column) for column in columns}
    return None not in values.values() and all(_NUMBER.fullmatch(values[one] or "") for one in _NUMBERS & values.keys())


def _is_theirs(seen: SealSeen) -> bool:
    """Whether a seal is by a certificate that is trusted; that it has expired since is another matter."""
    from pipeline.doors.seal.verdicts import Problem

    return seen.trusted or seen.problem in {Problem.EXPIRED, Problem.UNCHECKED, Problem.TAIL}


def _sources(blob: bytes, pages: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """Prints of pages; none where the file is a picture."""
    from pipeline.doors.volumes.prints import Unreadable, prints

    try:
        return prints(blob, pages)
    except Unreadable:
        return {}
