"""PDFs: the convert step against other ways to have LibreOffice convert the same agreements.

Everybody has a private profile that was used before. How many pages came out is compared after every round.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from pipeline.doors import workers
from pipeline.doors.office import Office, font_file, seconds_for
from pipeline.doors.word.compose import compose
from pipeline.doors.word.template import Parts
from pipeline.model.documents import Converted, Rendered
from pipeline.run.working import CAPTIONS
from pipeline.steps.convert import Fonts, convert
from tools.bench import sample
from tools.bench.measure import (
    Measured,
    NotMeasured,
    Setting,
    Stopwatch,
    in_turn,
    on_one_core,
    soffice,
    started,
)
from tools.bench.uno_server import unoserver

_ROUNDS = 5
_MANY_ROUNDS = 15
"""Where the sides differ by less than LibreOffice from round to round."""
_FILES_A_START = 150
"""Given 600 files at once it ended after the 247th, exit code 0 (7.4.7)."""
_TIMES = 2
"""The sample's agreements so many times over: a campaign has hundreds, and starts are shared out over them."""


def against_soffice(setting: Setting) -> Measured:
    """The convert step, against `soffice --convert-to pdf *.docx`, each on one core.

    Ours composes, starts LibreOffice once, splits, and reads every PDF back; theirs starts LibreOffice once with all
    files and checks nothing.
    """
    desk = _Desk(setting)
    with on_one_core():
        sides = in_turn(desk.ours, desk.soffice, setting.pick(_ROUNDS, 1))
    return Measured(sides, len(desk.files))


def against_soffice_all_cores(setting: Setting) -> Measured:
    """The same with all cores: ours with a worker for each, theirs still one process.

    One profile takes one process, and one process converts one file after the other; running several by hand, each
    with a profile, is what our workers do. Starting the worker processes is counted.
    """
    cores = workers.cores()
    if cores == 1:
        raise NotMeasured("there is one core")
    desk = _Desk(setting, times=_TIMES)
    shares = desk.shares(cores)
    for share in shares:
        _convert_share(replace(share, rendered=share.rendered[:1]))

    def ours(_: int) -> float:
        pages: list[int] = []
        with Stopwatch() as watch:
            for _share, done in workers.run(_convert_share, shares, cores, lambda share: (share,)):
                if isinstance(done, workers.Lost):
                    raise ChildProcessError("a worker died")
                pages += [one.pages for one in done]
        return desk.cost(watch, pages)

    return Measured(in_turn(ours, desk.soffice, setting.pick(_ROUNDS, 1)), len(desk.files))


def against_unoserver(setting: Setting) -> Measured:
    """The convert step, against unoserver: a LibreOffice that runs already, asked for one file after the other.

    Its start is not counted, ours is. Files pass as paths, the quicker of its two ways. Both on one core.
    """
    desk = _Desk(setting)
    with on_one_core(), unoserver(setting.scratch, desk.program) as client:

        def theirs(_: int) -> float:
            folder = desk.emptied()
            with Stopwatch() as watch:
                for path in desk.files:
                    client.convert(inpath=str(path), outpath=str(folder / f"{path.stem}.pdf"))
            return desk.cost(watch, _pages_of(folder))

        client.convert(inpath=str(desk.files[0]), outpath=str(setting.scratch / "warm.pdf"))
        sides = in_turn(desk.ours, theirs, setting.pick(_ROUNDS, 1))
    return Measured(sides, len(desk.files))


def against_one_document(setting: Setting) -> Measured:
    """The convert step, against LibreOffice's own cost of the same pages in one document; both on one core.

    The one document is the composed file, converted without composing, splitting and checking. Its sections are no
    handicap that we gave it: the same texts one after the other in a single section took as long (7.4.7).
    """
    desk = _Desk(setting, by_page=True)
    composed = compose(desk.static, [one.parts for one in desk.rendered])

    def theirs(_: int) -> float:
        with Stopwatch() as watch:
            whole = desk.office.convert([composed], len(desk.rendered))[0]
        return desk.cost(watch, [_page_count(whole)])

    with on_one_core():
        sides = in_turn(desk.ours, theirs, setting.pick(_MANY_ROUNDS, 1))
    return Measured(sides, desk.pages)


class _Desk:
    """The agreements, and what several comparisons do with them. Costs are milliseconds a document, or a page."""

    def __init__(self, setting: Setting, *, by_page: bool = False, times: int = 1) -> None:
        self.program = soffice()
        papers = sample.papers(setting.scratch, setting.pick(0, 12), setting.pick(times, 1))
        self.rendered, self.files, self.static = papers.rendered, papers.files, papers.template.static
        self.office = Office(self.program, _folder(setting.scratch / "ours"))
        self._scratch = setting.scratch
        # The first conversions write the profiles; they are not counted.
        self.pages = sum(one.pages for one in _converted(self.rendered, self.static, self.office))
        self._soffice(self.files[:1], self.emptied())
        self._pieces = self.pages if by_page else len(self.files)

    def ours(self, _: int) -> float:
        """The convert step in this process."""
        with Stopwatch() as watch:
            done = _converted(self.rendered, self.static, self.office)
        return self.cost(watch, [one.pages for one in done])

    def soffice(self, _: int) -> float:
        """One start with all files."""
        folder = self.emptied()
        with Stopwatch() as watch:
            self._soffice(self.files, folder)
        return self.cost(watch, _pages_of(folder))

    def shares(self, count: int) -> list[Share]:
        """The agreements in `count` like parts, each with a folder for its profile."""
        size = -(-len(self.rendered) // count)
        starts = range(0, len(self.rendered), size)
        folders = [_folder(self._scratch / f"share-{start}") for start in starts]
        return [
            Share(self.rendered[start : start + size], self.static, self.program, folder)
            for start, folder in zip(starts, folders, strict=True)
        ]

    def emptied(self) -> Path:
        """A folder for their PDFs, without those of the round before."""
        folder = _folder(self._scratch / "theirs")
        for path in folder.glob("*.pdf"):
            path.unlink()
        return folder

    def cost(self, watch: Stopwatch, pages: Iterable[int]) -> float:
        """What the work cost, when all its pages are there."""
        came = sum(pages)
        if came != self.pages:
            raise RuntimeError(f"{came} pages came out, not {self.pages}")
        return watch.seconds * 1000 / self._pieces

    def _soffice(self, paths: Sequence[Path], folder: Path) -> None:
        plainly(self.program, paths, folder, self._scratch / "their-profile")


def plainly(program: str, paths: Sequence[Path], folder: Path, profile: Path) -> None:
    """`soffice --convert-to pdf` over many files, one process, as many files a start as it takes."""
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf"]
    for start in range(0, len(paths), _FILES_A_START):
        files = paths[start : start + _FILES_A_START]
        with started([*command, "--outdir", folder, *files]) as process:
            process.wait(timeout=seconds_for(len(files)))


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker converts."""

    rendered: Sequence[Rendered]
    static: Parts
    program: str
    folder: Path
    """For the worker's profile."""


def _convert_share(share: Share) -> list[Converted]:
    return _converted(share.rendered, share.static, Office(share.program, share.folder))


def _converted(rendered: Sequence[Rendered], static: Parts, office: Office) -> list[Converted]:
    # Without names to expect, the fonts of every PDF are read all the same; only comparing them is left out.
    done, findings = convert(rendered, static, office, Fonts(captions=font_file(*CAPTIONS)))
    sample.must_be_clean(findings)
    return done


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path


def _pages_of(folder: Path) -> Iterator[int]:
    return (_page_count(path.read_bytes()) for path in folder.glob("*.pdf"))


def _page_count(blob: bytes) -> int:
    with pikepdf.open(io.BytesIO(blob)) as document:
        return len(document.pages)
