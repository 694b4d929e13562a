"""Packets on disk: a folder and a ZIP for each council. What has not changed is left alone."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.doors import files, zips
from pipeline.doors.packet_page import packet_page
from pipeline.korean.dates import date_dotted_weekday
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Context
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, finding
from pipeline.model.packets import Packed, Packet
from pipeline.run.letters import Letters
from pipeline.run.outcome import OUTPUTS, PACKETS, Tell
from pipeline.run.packed import archive_of, draft_of, known, remember, withdraw
from pipeline.run.passphrases import FILE as PASSPHRASES
from pipeline.run.passphrases import passphrases
from pipeline.steps.packets import INDEX, LETTER, letter

_DOCX, _PDF = f"{LETTER}.docx", f"{LETTER}.pdf"
Say = Callable[[str], str]


@dataclass(slots=True)
class Packing:
    """What packets are made from."""

    folder: Path
    campaign: Campaign
    same: Context
    """What every document sees."""
    say: Say
    tell: Tell
    locked: frozenset[str]
    """Councils whose packets are encrypted."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def outputs(self) -> Path:
        """The campaign's."""
        return self.folder / OUTPUTS

    @property
    def place(self) -> Path:
        """Where packets lie."""
        return self.outputs / PACKETS


@dataclass(slots=True)
class _Due:
    """A packet, and what is to lie in its folder."""

    packet: Packet
    before: Packed
    phrase: str
    """'' of one that is not encrypted."""
    made: dict[str, bytes]
    """What is no paper, by path in the packet."""
    files: dict[str, str]
    """SHA-256 of all, by path in the packet; of the letter's PDF once it is there."""
    letter: str = ""


def pack(run: Packing, packets: Sequence[Packet]) -> list[Packet]:
    """Make packets, each whole or not at all; those that are ready afterwards.

    Raises:
        Trouble: the template of letters cannot be used; output.unwritable, output.full; packet.passphrases.
    """
    before = known(run.place)
    locked = [one.receiver.name for one in packets if one.receiver.name in run.locked]
    phrases = passphrases(run.outputs, locked) if locked else {}
    letters = Letters(run.folder, run.campaign)
    due = [
        _due(run, letters, one, before.get(one.name, Packed()), phrases.get(one.receiver.name, "")) for one in packets
    ]
    due = _with_letters(run, letters, due)
    ready: list[Packet] = []
    now = dict(before)
    run.tell(0, len(due))
    try:
        for number, one in enumerate(due, start=1):
            try:
                now[one.packet.name] = _published(run, one)
                ready.append(one.packet)
            except Trouble as trouble:
                run.findings.append(trouble.finding)
            run.tell(number, len(due))
    finally:
        # Once for all: of a nation's packets this is megabytes. A run that is killed only makes them anew.
        if now != before:
            remember(run.place, now)
    if phrases:
        run.findings.append(finding("packet.encrypted", count=len(phrases), path=f"{OUTPUTS}/{PASSPHRASES}"))
    return ready


def tidy(run: Packing, wanted: Container[str]) -> None:
    """Remove packets of councils that get none any more, so that nobody hands them over; what others put there stays.

    Args:
        run: where packets lie.
        wanted: names of packets.
    """
    before = known(run.place)
    kept = {name: one for name, one in before.items() if name in wanted}
    for name in before.keys() - kept.keys():
        own = {f"{name}/{path}": digest for path, digest in before[name].files.items()}
        withdraw(run.place, {**own, archive_of(name): before[name].archive, draft_of(name): before[name].draft})
    if kept != before:
        remember(run.place, kept)


def _due(run: Packing, letters: Letters, packet: Packet, before: Packed, phrase: str) -> _Due:
    docx = letters.write(packet.name, letter(packet, run.campaign, run.same, encrypted=bool(phrase)))
    hashes = {name: digest for one in packet.papers for name, (_, digest) in one.files.items()}
    return _Due(packet, before, phrase, {_DOCX: docx}, {**hashes, _DOCX: _sha(docx)})


def _page(run: Packing, one: _Due) -> bytes:
    """The page that leads to all that is in a packet."""
    until = run.campaign.packets.deadline
    return packet_page(
        one.packet,
        run.campaign.campaign.name,
        [name for name in (_PDF, _DOCX) if name in one.files],
        date_dotted_weekday(until) if until else "",
        run.campaign.campaign.language,
        run.say,
    )


def _with_letters(run: Packing, letters: Letters, due: Sequence[_Due]) -> list[_Due]:
    """PDFs of letters, those on disk that were made from this very Word file, the others anew; then pages."""
    anew: list[_Due] = []
    for one in due:
        source, kept = one.files[_DOCX], one.before.files.get(_PDF, "")
        if one.before.letter == source and kept and files.digest(run.place / one.packet.name / _PDF) == kept:
            one.letter, one.files[_PDF] = source, kept
        else:
            anew.append(one)
    made, found = letters.convert([one.packet for one in anew])
    run.findings += found
    for one in anew:
        if blob := made.get(one.packet.name):
            one.made[_PDF], one.letter, one.files[_PDF] = blob, one.files[_DOCX], _sha(blob)
    wrong = {one.params["council"] for one in found if one.code == "packet.letter_wrong"}
    due = [one for one in due if one.packet.receiver.name not in wrong]
    for one in due:
        one.made[INDEX] = _page(run, one)
        one.files[INDEX] = _sha(one.made[INDEX])
    return due


def _published(run: Packing, one: _Due) -> Packed:
    """A packet's folder and ZIP as they should be.

    Raises:
        Trouble: packet.stale, output.unwritable, output.full.
    """
    name = one.packet.name
    own, archive = run.place / name, archive_of(name)
    there = files.hashes(own, one.files)
    if there == one.files == one.before.files and one.before.encrypted == bool(one.phrase):
        path = run.place / archive
        # The hash first: a passphrase is made hard to try.
        if files.digest(path) == one.before.archive and (not one.phrase or zips.opens(path, INDEX, one.phrase)):
            return dataclasses.replace(one.before, letter=one.letter)
    contents = dict(_contents(run, one, own))
    blob = zips.zipped(contents, one.phrase)
    files.publish(own, [(path, content) for path, content in contents.items() if there.get(path) != one.files[path]])
    files.publish(run.place, [(archive, blob)])
    # What the packet held before and holds no longer must not be printed, nor a mail that holds the ZIP before be sent.
    gone = {f"{name}/{path}": digest for path, digest in one.before.files.items() if path not in one.files}
    sealed, draft = _sha(blob), one.before.draft
    if sealed != one.before.archive:
        gone[draft_of(name)], draft = draft, ""
    withdraw(run.place, gone)
    return Packed(one.files, one.letter, sealed, bool(one.phrase), draft)


def _contents(run: Packing, one: _Due, own: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a packet, proved to be the one that was issued."""
    sources = {name: run.outputs / path for paper in one.packet.papers for name, (path, _) in paper.files.items()}
    numbers = {name: paper.number for paper in one.packet.papers for name in paper.files}
    for name, digest in one.files.items():
        blob = one.made.get(name)
        if blob is None:
            path = sources.get(name, own / name)
            blob = files.read(path, path.relative_to(run.folder).as_posix(), "file.unreadable")
        if _sha(blob) != digest:
            raise Trouble(
                finding(
                    "packet.stale",
                    subject=numbers.get(name, ""),
                    council=one.packet.receiver.name,
                    problem="file changed by hand",
                )
            )
        yield name, blob


def _sha(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()
