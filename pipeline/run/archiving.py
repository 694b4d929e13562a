"""`hyeopyak archive`: everything a campaign came to, in a bag (RFC 8493) that anyone can check without us."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.doors import files, logs
from pipeline.doors.books.listed import as_csv
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.doors.scratch import scratch
from pipeline.model.campaign import Campaign
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.volumes import Binding, Edition, Event, SignOff
from pipeline.run.credential import opened, told
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, now
from pipeline.steps.read_campaign import read_campaign

if TYPE_CHECKING:
    from pipeline.doors.bag import Payload, Unfit
    from pipeline.doors.seal.credentials import Unusable

ARCHIVE = "archive"
SEAL, SIGNER = "tagmanifest-sha256.txt.p7s", "signer.pem"
"""Beside the tag manifest, and not in it: its signature, and the certificate of who made that."""
RETENTION, PURGED = "data/retention.csv", "data/purged.csv"
TAGS = ("README.ko.txt", "README.en.txt")
_PERSONAL = ("data/originals/", "data/inputs/", "data/register/", "data/papers/")
"""What holds more of people than volumes do."""
_SECRET = ("passwords.txt",)
_KEYS = (".p12", ".pfx", ".pem", ".key")
_LIBRARIES = ("pikepdf", "pypdfium2", "pyhanko", "reportlab", "opencv-python-headless", "zxing-cpp", "python-docx")


@dataclass(frozen=True, slots=True)
class Wish:
    """What archive is asked for."""

    edition: Edition = Edition.INTERNAL
    form: str = ""
    """'' a folder, `.tar`, `.zip`."""
    certificate: str = ""
    password: Callable[[], bytes] = lambda: b""


def archive(options: Options, wish: Wish, clock: Clock = now) -> Outcome:
    """Make the bag.

    Args:
        options: what was asked for.
        wish: which bag.
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
        desk = _Desk(options.folder, campaign, register, wish.edition)
        findings += desk.obstacles()
        if errors(findings):
            return Outcome(tuple(findings))
        credential = opened(wish.certificate, options.folder, campaign.signoff.certificate, wish.password, findings)
        if credential is None:
            return Outcome(tuple(findings))
        target = f"{ARCHIVE}/{campaign.campaign.id}-{wish.edition.value}{wish.form}"
        if options.dry_run:
            return Outcome(tuple(findings), files=(f"{OUTPUTS}/{target}",), dry_run=True)
        stamp = clock()
        from pipeline.doors.bag import Unfit, write_bag
        from pipeline.doors.seal.credentials import Unusable
        from pipeline.doors.seal.detached import sign_detached

        def sign(manifest: bytes) -> Mapping[str, bytes]:
            seal = sign_detached(manifest, credential, stamp, campaign.signoff.timestamp)
            return {SEAL: seal, SIGNER: b"".join((credential.certificate, *credential.chain))}

        info = (
            ("Source-Organization", ", ".join(one.name for one in campaign.organisations)),
            ("External-Identifier", f"{campaign.campaign.id} {wish.edition.value}"),
            ("External-Description", f"{campaign.campaign.name}, {campaign.election.name}"),
            ("Bagging-Date", stamp.date().isoformat()),
            ("Bag-Software-Agent", f"hyeopyak {__version__}"),
        )
        with scratch() as folder:
            payload = list(desk.payload(folder, findings))
            payload += desk.retention(one.name for one in payload)
            try:
                with logs.step(f"{len(payload)} files packed and examined"):
                    write_bag(outputs / target, payload, info, _readme(), sign)
            except (Unfit, Unusable) as error:
                return Outcome((*findings, refused(error, f"{OUTPUTS}/{target}")))
        # Not before: the log must not tell of an archive that could not be made.
        register.record_event(stamp.isoformat(timespec="seconds"), "archived", target, {"edition": wish.edition.value})
    return Outcome(tuple(findings), files=(f"{OUTPUTS}/{target}",))


def refused(error: Unfit | Unusable, name: str) -> Finding:
    """Why a bag was not made or not sealed.

    Args:
        error: of the doors.
        name: of the bag, for people.
    """
    from pipeline.doors.seal.credentials import Unusable

    params = told(error.params) if isinstance(error, Unusable) else {key: str(one) for key, one in error.params.items()}
    return finding(error.code, Cell(name), **params)


def _readme() -> dict[str, bytes]:
    """How to check the archive by hand, in both languages."""
    folder = resources("pipeline") / "starter" / ARCHIVE
    return {name: (folder / name).read_bytes() for name in TAGS}


@dataclass(slots=True)
class _Desk:
    folder: Path
    campaign: Campaign
    register: Register
    edition: Edition

    @property
    def outputs(self) -> Path:
        return self.folder / OUTPUTS

    def volumes(self) -> list[Binding]:
        """Those of the edition; the internal archive holds the public ones, too."""
        wanted = {Edition.PUBLIC, self.edition}
        return [one for one in self.register.volumes() if one.edition in wanted]

    def given(self) -> list[SignOff]:
        """Approvals of present volumes, oldest first."""
        present = {one.sha256 for one in self.volumes()}
        return [one for one in self.register.signoffs() if one.volume in present]

    def signoffs(self) -> list[SignOff]:
        """The last approval of each volume: its file holds the earlier ones."""
        return list({one.volume: one for one in self.given()}.values())

    def obstacles(self) -> Iterator[Finding]:
        """What the archive would lack."""
        volumes = self.volumes()
        if not volumes:
            yield finding("archive.nothing")
        wanted = {one.file: one.sha256 for one in volumes} | {one.file: one.sha256 for one in self.signoffs()}
        held = files.hashes(self.outputs, wanted)
        for file, digest in sorted(wanted.items()):
            if held.get(file) != digest:
                yield finding("archive.changed", Cell(f"{OUTPUTS}/{file}"))
        open_ = {one.sha256 for one in volumes} - {one.volume for one in self.signoffs()}
        if open_:
            yield finding("archive.unsigned", count=len(open_))

    def payload(self, room: Path, findings: Sequence[Finding]) -> Iterator[Payload]:
        """Everything, by name."""
        from pipeline.doors.bag import Payload

        events = self.register.events()
        for one in self.volumes():
            yield Payload(f"data/{one.file}", self.outputs / one.file)
        for sealed in self.signoffs():
            yield Payload(f"data/{sealed.file}", self.outputs / sealed.file)
        yield Payload("data/software.json", _software())
        yield Payload("data/signoffs.csv", as_csv(asdict(one) for one in self.given()))
        if self.edition is Edition.PUBLIC:
            yield Payload("data/volumes.csv", as_csv(_public_volume(one) for one in self.volumes()))
            yield Payload("data/events.jsonl", _lines(_blind(events)))
            return
        yield Payload("data/volumes.csv", as_csv(_described(one) for one in self.volumes()))
        yield Payload("data/pages.csv", as_csv(_pages(self.volumes())))
        yield Payload("data/events.jsonl", _lines(asdict(one) for one in events))
        yield Payload("data/findings.json", _json([{"code": one.code, "subject": one.subject} for one in findings]))
        copy = room / REGISTER
        self.register.copy_to(copy)
        yield Payload(f"data/register/{REGISTER}", copy)
        for name, rows in self.register.tables():
            yield Payload(f"data/register/{name}.csv", as_csv(rows))
        yield from self._papers()
        yield from self._files("originals", self.outputs / "originals")
        yield from self._files("inputs", self.folder / "inputs", besides="signed")
        yield from self._files("templates", self.folder / "templates")

    def retention(self, names: Iterable[str]) -> list[Payload]:
        """Until when personal data may be kept, by file; nothing where the campaign does not say."""
        from pipeline.doors.bag import Payload

        until = self.campaign.archive.keep_until
        own = [name for name in names if name.startswith(_PERSONAL)]
        if until is None or not own:
            return []
        return [Payload(RETENTION, as_csv({"file": name, "until": until.isoformat()} for name in sorted(own)))]

    def _papers(self) -> Iterator[Payload]:
        """Word and PDF of each paper's present edition."""
        from pipeline.doors.bag import Payload

        wanted: dict[str, str] = {}
        for one in self.register.issued().values():
            wanted |= {one.docx: one.docx_sha256, one.pdf: one.pdf_sha256}
        for name, digest in sorted(files.hashes(self.outputs, sorted(wanted)).items()):
            if digest == wanted[name]:
                yield Payload(f"data/papers/{name}", self.outputs / name)

    def _files(self, name: str, folder: Path, besides: str = "") -> Iterator[Payload]:
        from pipeline.doors.bag import Payload

        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            hidden = any(part.startswith((".", "~$")) for part in parts)
            if not path.is_file() or hidden or parts[0] == besides:
                continue
            # Keys and passwords are never handed on.
            if path.suffix.lower() not in _KEYS and path.name not in _SECRET:
                yield Payload(f"data/{name}/{'/'.join(parts)}", path)


# --- what is written ---------------------------------------------------------------------------------------------


def _software() -> bytes:
    versions = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return _json({"hyeopyak": __version__, "libraries": versions})


def _described(one: Binding) -> dict[str, object]:
    told = asdict(one)
    del told["sources"], told["id"]
    return told | {"edition": one.edition.value}


def _public_volume(one: Binding) -> dict[str, object]:
    told = _described(one)
    del told["open"]
    return told


def _pages(volumes: Iterable[Binding]) -> Iterator[dict[str, object]]:
    for one in volumes:
        for source in one.sources:
            yield {"volume": one.file, **source}


def _blind(events: Iterable[Event]) -> Iterator[dict[str, object]]:
    """The chain without what names people: it shows that the internal log begins as it did."""
    for one in events:
        yield {"id": one.id, "at": one.at, "what": one.what, "chain": one.chain}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(dict(row), ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()
