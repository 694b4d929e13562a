"""`hyeopyak demo`: the whole loop on a copy of the sample campaign. Every step is the command that staff would type."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.doors import files
from pipeline.model.board import Wording
from pipeline.model.campaign import Campaign
from pipeline.model.errors import ExitCode, Trouble
from pipeline.model.findings import Cell, exit_code, finding
from pipeline.model.packets import Errand
from pipeline.model.volumes import Edition
from pipeline.run import acting
from pipeline.run.archiving import Wish, archive
from pipeline.run.beginning import sample_files
from pipeline.run.boarding import show_board
from pipeline.run.collecting import SIGNED, collect
from pipeline.run.compiling import compile_
from pipeline.run.deciding import BOOK, REVIEW
from pipeline.run.delivering import deliver
from pipeline.run.making import check_inputs, make
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.run.signing_off import Approval, new_seal, sign_off
from pipeline.run.standing import stand
from pipeline.run.verifying import verify
from pipeline.steps.read_campaign import read_campaign

AREA = "강원도"
"""Of which papers come back."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A step of the demo."""

    what: str
    """In words: a text of the catalogue."""
    command: str
    """As it would be typed, without the program's name; '' for what people do by hand."""
    work: Callable[[], Outcome]
    look: Callable[[Outcome], Sequence[str]] = lambda one: one.files
    """Where to look afterwards: paths below the folder."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scene."""

    scene: Scene
    outcome: Outcome
    seconds: float
    look: tuple[str, ...]


@dataclass(slots=True)
class _Stage:
    """Where the demo is played."""

    folder: Path
    wording: Wording
    campaign: Campaign
    last: Outcome = field(default_factory=Outcome)
    """Of the scene before."""
    password: bytes = field(default_factory=lambda: secrets.token_hex(16).encode(), repr=False)

    @property
    def say(self) -> Callable[[str], str]:
        """The language."""
        return self.wording.say

    @property
    def outputs(self) -> Path:
        return self.folder / OUTPUTS

    @property
    def all(self) -> Options:
        return Options(self.folder)

    @property
    def here(self) -> Options:
        return Options(self.folder, AREA)

    @property
    def head(self) -> str:
        """Who decides and approves."""
        return self.campaign.organisations[0].representative


def new_demo_folder() -> Path:
    """A folder of its own among the machine's temporary files; nobody removes it but its owner."""
    return Path(tempfile.mkdtemp(prefix="hyeopyak-demo-"))


def demo(folder: Path, wording: Wording) -> Iterator[Scene | Played]:
    """Play the loop; ends early where a step fails.

    Args:
        folder: does not hold anything yet.
        wording: the language of what is written; its `say` is picklable.

    Yields:
        Each step when it begins, and what came of it when it is done.

    Raises:
        Trouble: as the steps; demo.taken, demo.no_sample.
    """
    if not (sample := sample_files()):
        raise Trouble(finding("demo.no_sample"))
    if any(folder.glob("*")):
        raise Trouble(finding("demo.taken", Cell(str(folder))))
    files.publish_all(folder, sample)
    campaign, findings = read_campaign(folder)
    if campaign is None:
        raise Trouble(findings[0])
    stage = _Stage(folder, wording, campaign)
    for scene in _scenes(stage):
        yield scene
        started = time.monotonic()
        outcome = scene.work()
        yield Played(scene, outcome, time.monotonic() - started, tuple(scene.look(outcome)))
        if exit_code(outcome.findings) not in {ExitCode.DONE, ExitCode.WAITING}:
            return
        stage.last = outcome


def _scenes(stage: _Stage) -> Iterator[Scene]:
    yield Scene("Spreadsheets and templates are checked.", "check", lambda: check_inputs(stage.all), _nowhere)
    yield Scene("Papers of every kind are made.", "make", lambda: make(stage.all, (), _unseen), partial(_paper, stage))
    yield Scene(
        "Each council gets a packet: its papers, a cover letter, a page that opens offline.",
        "deliver --handed-over",
        lambda: deliver(stage.all, Errand(handed_over=True), (_unseen, _unseen), stage.say, _no_password),
        _packet,
    )
    yield Scene("A candidate changes an answer; staff correct the table.", "", lambda: _change(stage))
    yield Scene(
        "Only what changed is made again; what was handed over stays, the new text is revision 2.",
        "make",
        lambda: make(stage.all, (), _unseen),
        partial(_paper, stage),
    )
    yield Scene(
        "People sign and scan the papers of one province; pages are lost, doubled, crossed out, strange.",
        "",
        lambda: _sign(stage),
    )
    yield Scene(
        "Every page is matched with the paper issued; what is doubtful waits for a person.",
        "collect",
        lambda: collect(stage.all, _unseen, stage.say),
        lambda _: (f"{OUTPUTS}/{REVIEW}/index.html",),
    )
    yield Scene("A person decides in the spreadsheet.", "", lambda: _decide(stage))
    yield Scene(
        "Decisions are taken in; what is missing is listed, with a reminder for each council.",
        "collect",
        lambda: collect(stage.all, _unseen, stage.say),
        lambda one: [path for path in one.files if path.endswith(".csv")],
    )
    yield Scene(
        "What came back is bound, in an internal and a public edition.",
        f"compile --only {AREA}",
        lambda: compile_(stage.here, _unseen, stage.say),
    )
    yield Scene(
        "A certificate for the demo is made.",
        "seal new",
        lambda: new_seal(stage.all, "", 1, lambda: stage.password),
        _nowhere,
    )
    yield Scene(
        "The volume is approved and sealed, although papers are missing.",
        f"signoff {AREA} --by {stage.head} --accept-missing …",
        lambda: _approve(stage),
    )
    yield Scene(
        "Papers, scans, decisions and volumes go into an archive.",
        "archive",
        lambda: archive(stage.all, Wish(password=lambda: stage.password)),
    )
    trust = Path(stage.campaign.signoff.certificate).with_suffix(".crt.pem")
    yield Scene(
        "The archive is examined, as a stranger would years later.",
        f"verify --trust {trust}",
        lambda: verify(stage.folder, (stage.folder / trust,)),
    )
    yield Scene("Where everything stands.", "status", lambda: stand(stage.all))
    yield Scene(
        "The same for the browser, internal and public.",
        "board",
        lambda: show_board(stage.all, stage.wording),
    )


def _unseen(_done: int, _due: int) -> None:
    """A bar for every step would hide what the steps say."""


def _no_password() -> str:
    """Nothing is sent."""
    return ""


def _nowhere(_: Outcome) -> Sequence[str]:
    return ()


def _paper(stage: _Stage, outcome: Outcome) -> list[str]:
    """The first agreement of the area that was made."""
    made = {job.pdf for job in outcome.jobs if job.kind == acting.AGREEMENT and job.number in outcome.made}
    pages, _ = acting.papers(stage.outputs, AREA)
    return [f"{OUTPUTS}/{page.pdf}" for page in pages if page.pdf in made][:1]


def _packet(outcome: Outcome) -> list[str]:
    """The folder of one of the area's councils."""
    own = [name.removesuffix(".zip") for name in outcome.files if AREA[:2] in name]
    return [f"{name}/index.html" for name in own or outcome.files][:1]


def _change(stage: _Stage) -> Outcome:
    row = acting.change_answer(stage.folder, AREA, stage.say("As far as the budget allows."))
    return Outcome(files=(f"{acting.ANSWERS}#{row}",))


def _sign(stage: _Stage) -> Outcome:
    acting.sign_and_scan(stage.folder, stage.campaign.campaign.id, AREA)
    return Outcome(files=(SIGNED,))


def _decide(stage: _Stage) -> Outcome:
    cases = stage.last.collection.cases if stage.last.collection else ()
    acting.decide_cases(stage.folder, cases, stage.head, stage.say("Looked at in the demo."))
    return Outcome(files=(f"{OUTPUTS}/{REVIEW}/{BOOK}",))


def _approve(stage: _Stage) -> Outcome:
    approval = Approval(stage.head, stage.say("The others sign later."), password=lambda: stage.password)
    return sign_off(stage.here, approval, tuple(Edition), stage.say)
