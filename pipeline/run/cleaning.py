"""`hyeopyak clean`: what can be made again is removed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.doors import files
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.run.collecting import ORIGINALS
from pipeline.run.deciding import REVIEW
from pipeline.run.doctor import word_and_pdf
from pipeline.run.holding import held
from pipeline.run.outcome import CHECKED, OUTPUTS, PREVIEW, Options, Outcome

KEPT = (ORIGINALS, "sealed", "archive", REVIEW, "logs", "packets-passphrases.csv")
"""Below outputs, beside the register and the lock. In the review table stands what people may have decided since."""


def clean(options: Options) -> Outcome:
    """Remove it.

    Papers that have gone out stay, in every revision: the next run might make another text of them. So does a file that
    is not as the register knows it: somebody changed it, or put it there.

    Raises:
        Trouble: register.lost: papers are what it can be rebuilt from. Or register.damaged, campaign.locked.
    """
    outputs, findings = options.folder / OUTPUTS, list[Finding]()
    if not outputs.is_dir():
        return Outcome((finding("run.cleaned", count=0, papers=0),))
    with held(options.folder, outputs, findings):
        with Register(outputs, readonly=True) as register:
            if not register.numbers() and files.holds_papers(outputs, (CHECKED, PREVIEW)):
                raise Trouble(finding("register.lost", Cell(f"{OUTPUTS}/{REGISTER}")))
            papers = set(_papers(register, outputs))
        others = [path for path in _below(outputs) if path not in papers]
        for path in others:
            files.remove(outputs / path)
        files.remove_empty(outputs.rglob("*"))
    return Outcome((*findings, finding("run.cleaned", count=len(others), papers=len(papers))))


def _papers(register: Register, outputs: Path) -> Iterator[str]:
    """Paths of papers that stay."""
    gone_out, made = register.gone_out(), register.made_before()
    out = {
        path
        for one in (*register.revised(), *register.issued().values())
        if (one.number, one.revision) in gone_out
        for path in (one.docx, one.pdf)
    }
    digests = files.hashes(outputs, word_and_pdf(outputs))
    yield from (path for path, digest in digests.items() if path in out or digest not in made)


def _below(outputs: Path) -> Iterator[str]:
    for path in sorted(outputs.rglob("*")):
        relative = path.relative_to(outputs)
        top = relative.parts[0]
        is_kept = top in KEPT or top.startswith((REGISTER, ".lock", ".holder"))
        if not is_kept and (path.is_symlink() or not path.is_dir()):
            yield relative.as_posix()
