"""`hyeopyak signoff`: a named person approves a volume, and it is sealed. The last to sign closes it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doors import files, logs, office, workers
from pipeline.doors.register import Register
from pipeline.korean.dates import KOREA
from pipeline.model.campaign import Campaign
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.volumes import Binding, Edition, SignOff
from pipeline.run.credential import TOKEN, opened, told
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, now
from pipeline.run.working import CAPTIONS
from pipeline.steps.read_campaign import read_campaign

if TYPE_CHECKING:
    from pipeline.doors.seal.credentials import Credential

SEALED = "sealed"
_STAMP = (76.0, 21.0)
"""Millimetres of a visible seal; two beside each other at the foot of the cover."""
_LEFT, _FOOT, _APART = 25.0, 22.0, 8.0
_POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person says, and with what it is sealed."""

    who: str
    accepted: str = ""
    """Why missing papers are accepted; '' says that none may be missing."""
    certificate: str = ""
    """Path or address of a token; '' for the campaign's own."""
    password: Callable[[], bytes] = field(default=lambda: b"", repr=False)
    """Asked for only when the volume can be sealed."""


def sign_off(
    options: Options, approval: Approval, editions: Sequence[Edition], say: Callable[[str], str], clock: Clock = now
) -> Outcome:
    """Approve and seal the volumes of an area.

    Args:
        options: what was asked for; `only` is an area, or '' for all.
        approval: of whom.
        editions: of which volumes.
        say: the language of visible seals.
        clock: the present.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    outputs = options.folder / OUTPUTS
    made: list[str] = []
    with (
        held(options.folder, outputs, findings, only_look=options.dry_run),
        Register(outputs, readonly=options.dry_run) as register,
    ):
        chosen = [one for one in register.volumes() if one.edition in editions and options.only in {"", one.area}]
        if not chosen:
            return Outcome((*findings, finding("signoff.nothing", area=options.only)))
        desk = _Desk(options.folder, campaign, register, approval, say, clock)
        findings += [problem for one in chosen for problem in desk.obstacles(one)]
        if errors(findings) or options.dry_run:
            return Outcome(tuple(findings), files=tuple(one.file for one in chosen), dry_run=options.dry_run)
        credential = desk.credential(findings)
        if credential is None:
            return Outcome(tuple(findings))
        findings += desk.worth(credential)
        for one in chosen:
            with logs.step("sealed and looked at"):
                sealed = desk.seal(one, credential, findings)
            if sealed is None:
                break
            made.append(f"{OUTPUTS}/{sealed}")
    return Outcome(tuple(findings), files=tuple(made))


def new_seal(
    options: Options, name: str, years: int, password: Callable[[], bytes], clock: Clock = now
) -> Outcome:  # fmt: skip
    """A certificate of the campaign's first organisation that vouches for itself.

    Args:
        options: what was asked for.
        name: of the seal; '' for the organisation's.
        years: how long it is to be valid.
        password: that will open it.
        clock: the present.
    """
    from pipeline.doors.seal.credentials import load, make_self_signed

    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    relative = campaign.signoff.certificate
    if relative.startswith(TOKEN):
        return Outcome((*findings, finding("seal.exists", Cell(relative))))
    if (options.folder / relative).exists():
        return Outcome((*findings, finding("seal.exists", Cell(relative))))
    secret = password()
    if not secret:
        return Outcome((*findings, finding("seal.no_password")))
    body = campaign.organisations[0].name
    blob = make_self_signed(name or body, body, secret, years, clock())
    credential = load(blob, secret)
    public = str(Path(relative).with_suffix(".crt.pem"))
    files.publish(options.folder, [(relative, blob), (public, credential.certificate)])
    findings.append(finding("seal.self_signed", Cell(public), fingerprint=credential.fingerprint))
    return Outcome(tuple(findings), files=(relative, public))


def read_secret(path: Path) -> bytes:
    """A password from a file, without the end of its line.

    Raises:
        Trouble: seal.no_file.
    """
    return files.read(path, path.name, "seal.no_file").strip(b"\r\n")


def file_of(volume: Binding, place: int, last: int) -> str:
    """Of the sealed volume, below outputs; until the last has signed, each signature has a file of its own."""
    name = files.file_name(volume.area) + ("" if place == last else f" ({place} of {last})")
    return f"{SEALED}/{volume.edition.value}/{name}.pdf"


@dataclass(slots=True)
class _Desk:
    folder: Path
    campaign: Campaign
    register: Register
    approval: Approval
    say: Callable[[str], str]
    clock: Clock

    @property
    def outputs(self) -> Path:
        return self.folder / OUTPUTS

    def people(self) -> tuple[str, ...]:
        return self.campaign.signoff.people or (self.approval.who,)

    def given(self, volume: Binding) -> list[SignOff]:
        """Approvals of this very volume, in order."""
        return [one for one in self.register.signoffs() if one.volume == volume.sha256]

    def obstacles(self, volume: Binding) -> Iterator[Finding]:
        """Why it cannot be approved, or not by this person, or not now."""
        where, who, given = Cell(f"{OUTPUTS}/{volume.file}"), self.approval.who, self.given(volume)
        held = files.hashes(self.outputs, [volume.file]).get(volume.file, "")
        if held != volume.sha256:
            yield finding("signoff.changed", where)
        last = given[-1] if given else None
        if last and files.hashes(self.outputs, [last.file]).get(last.file, "") != last.sha256:
            yield finding("signoff.sealed_changed", Cell(f"{OUTPUTS}/{last.file}"))
        if who not in self.people():
            yield finding("signoff.nobody", where, people=", ".join(self.people()))
        elif who in {one.who for one in given}:
            yield finding("signoff.twice", where)
        elif len(given) >= len(self.people()):
            yield finding("signoff.closed", where, people=", ".join(one.who for one in given))
        elif self.people()[len(given)] != who:
            yield finding("signoff.order", where, next=self.people()[len(given)])
        if volume.open and not self.approval.accepted:
            yield finding("signoff.missing", where, count=volume.open)

    def credential(self, findings: list[Finding]) -> Credential | None:
        """The certificate with its key."""
        asked = self.approval
        return opened(asked.certificate, self.folder, self.campaign.signoff.certificate, asked.password, findings)

    def worth(self, credential: Credential) -> Iterator[Finding]:
        """What a seal by this certificate does not prove."""
        if credential.self_signed:
            yield finding("seal.self_signed", fingerprint=credential.fingerprint)
        if not self.campaign.signoff.timestamp:
            yield finding("seal.untimed")

    def seal(self, volume: Binding, credential: Credential, findings: list[Finding]) -> str | None:
        """Seal, have a second process look at it, publish, record. The path of the sealed volume below outputs."""
        from pipeline.doors.seal import signing
        from pipeline.doors.seal.credentials import Unusable

        given, people, when = self.given(volume), self.people(), self.clock()
        place = len(given)
        base = (self.outputs / (given[-1].file if given else volume.file)).read_bytes()
        fields = [(f"SignOff{n + 1}", 0, _box(n)) for n in range(len(people))]
        name, page, box = fields[place]
        asked, last = self.campaign.signoff, place + 1 == len(people)
        roots = (files.read(self.folder / asked.roots, asked.roots, "seal.missing"),) if asked.roots else ()
        try:
            sealed = signing.seal(
                base if given else signing.prepare(base, fields),
                credential,
                field=name,
                reason=self.approval.accepted or self.say("Approved as complete"),
                location=self.campaign.campaign.place,
                stamp=signing.Stamp(page, box, self._drawn(credential, when)),
                last=last,
                when=when,
                timestamper_url=asked.timestamp,
                trust_roots=roots,
            )
            if last and not sealed.is_closed:
                raise Unusable("seal.failed")
        except Unusable as error:
            findings.append(finding(error.code, Cell(f"{OUTPUTS}/{volume.file}"), **told(error.params)))
            return None
        if sealed.shortfall == "validation":
            findings.append(finding("seal.short", level=sealed.level))
        relative = file_of(volume, place + 1, len(people))
        with files.large(self.outputs, relative) as temporary:
            temporary.write_bytes(sealed.blob)
            checks = workers.run(_seals, [(str(temporary), credential.certificate)], 2, lambda one: (one,))
            (_, seen), *_ = checks
            if isinstance(seen, workers.Lost) or seen != [True] * (place + 1):
                findings.append(finding("seal.unproved", Cell(f"{OUTPUTS}/{volume.file}")))
                return None
            digest = hashlib.sha256(sealed.blob).hexdigest()
            record = SignOff(
                volume.sha256, self.approval.who, when.isoformat(timespec="seconds"), self.approval.accepted,
                relative, digest, sealed.level, credential.fingerprint,
            )  # fmt: skip
            # A run that dies in between leaves a file that nobody has heard of, and the next one seals again.
            files.put_in_place(temporary, self.outputs / relative)
            self.register.record_signoff(record)
        for one in given:
            files.remove(self.outputs / one.file)
        return relative

    def _drawn(self, credential: Credential, when: datetime.datetime) -> bytes:
        from pipeline.doors.seal.signing import draw_stamp

        lines = (
            self.campaign.organisations[0].name,
            self.approval.who,
            when.astimezone(KOREA).strftime("%Y. %m. %d. %H:%M %Z"),
            self.say("Certificate {digest}").format(digest=credential.fingerprint[:16]),
        )
        return draw_stamp(lines, office.font_file(*CAPTIONS), *_STAMP)


def _box(place: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in points: two beside each other, further ones above."""
    wide, high = _STAMP
    left = _LEFT + (wide + _APART) * (place % 2)
    bottom = _FOOT + (high + _APART / 2) * (place // 2)
    return left * _POINTS, bottom * _POINTS, (left + wide) * _POINTS, (bottom + high) * _POINTS


def _seals(task: tuple[str, bytes]) -> list[bool]:
    """Whether each seal of a file holds, by one who has not made it."""
    from pipeline.doors.seal.verdicts import Judgement, examine

    path, certificate = task
    seen = examine(Path(path).read_bytes(), trusted=(certificate,))
    return [one.judgement is Judgement.INTACT for one in seen]
