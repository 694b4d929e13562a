"""Step 5, convert: Word files to PDF, many in one LibreOffice run, each checked against what the Word file says.

Enters: `Rendered` of one template. Leaves: `Converted`, findings. A batch that fails is halved until the bad document
stands alone; that one becomes a finding, and all others succeed. Where LibreOffice fails at a document that is known to
be good, too, it is at fault itself: that is one finding, and nothing more is tried.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pipeline.doors.office import Failure, Office, Unusable
from pipeline.doors.word.compose import compose, obstacle
from pipeline.doors.word.lengths import Pieces
from pipeline.doors.word.probe import WORD, probe
from pipeline.doors.word.template import Parts
from pipeline.model.documents import Converted, Rendered
from pipeline.model.findings import Finding, errors, finding

if TYPE_CHECKING:
    from pipeline.doors.papers import Paper

    Result = Paper | Finding

_FILES_A_START = 50
"""Given 600 at once, LibreOffice 7.4.7 ended after the 247th."""
_A_FILE = 150
"""Documents composed together. A page costs LibreOffice the more the longer its file is (measured, 7.4.7: a document of
two pages 14.1 ms in files of 60 or 150, 15.1 in one of 310, 20 in one of 620); a start costs 250 ms, so files share it.
"""
_LONG = 8_000_000
"""Bytes of a document's XML, beyond which it may be converted in pieces: some 10,000 rows of a roll."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """What papers are set in."""

    expected: Collection[str] = ()
    """Beginnings of PostScript names that may occur; empty when the system does not tell."""
    captions: str = ""
    """File of the font of the words beside page codes."""


def convert(
    rendered: Sequence[Rendered], static: Parts, office: Office, fonts: Fonts
) -> tuple[list[Converted], list[Finding]]:
    """Convert documents of one template, and draw its identity on every page.

    Args:
        rendered: the documents.
        static: the parts they share.
        office: a LibreOffice.
        fonts: what papers are set in.
    """
    if not rendered:
        return [], []
    press = _Press(office, fonts.captions)
    results = _apart(rendered, press) if obstacle(static, rendered[0].parts) else _sorted(rendered, static, press)
    done: list[Converted] = []
    findings: list[Finding] = []
    for one, result in zip(rendered, results, strict=True):
        found = [result] if isinstance(result, Finding) else list(result.problems(one, fonts.expected))
        findings += [one for one in found if one is not press.broken or one not in findings]
        if not isinstance(result, Finding) and not errors(found):
            done.append(Converted(one.job, result.pdf, result.printed))
    return done, findings


def get_ready(captions: str) -> None:
    """Import, while LibreOffice works or starts, what reads its PDFs, and read the font that is drawn on them: 0.2 s.

    Args:
        captions: file of that font.
    """
    import pipeline.doors.papers  # noqa: F401 - for those that come after it
    from pipeline.doors import page_codes

    page_codes.face(captions)


@dataclass(slots=True)
class _Press:
    """What papers are made with, and whether it can be relied on."""

    office: Office
    captions: str
    broken: Finding | None = None
    """What is wrong with the program itself."""
    _proved: bool = False
    """Whether something was converted since the last failure."""

    def convert(self, batch: Sequence[Rendered], blobs: Sequence[bytes]) -> list[bytes]:
        """PDFs of the files `blobs`, which hold the batch."""
        made = self.office.convert(blobs, len(batch), _size(batch), partial(get_ready, self.captions))
        if not any(made):
            raise Failure("no PDF came out")
        return made

    def cut(self, batch: Sequence[Rendered], whole: bytes) -> Sequence[Paper]:
        """The papers of a composed file that was converted.

        Raises:
            Unusable: as of `papers.cut`.
        """
        from pipeline.doors import papers

        made = papers.cut(batch, whole, self.captions)
        self._proved = True
        return made

    def whole(self, one: Rendered, blob: bytes) -> Paper:
        """The paper of a document that was converted by itself.

        Raises:
            Unusable: as of `papers.whole`.
        """
        from pipeline.doors import papers

        made = papers.whole(one, blob, self.captions)
        self._proved = True
        return made

    def is_broken(self) -> bool:
        """After a failure: whether the program is at fault, and not what it was given."""
        if not self._proved and not self.broken:
            try:
                self._try()
            except Failure as failure:
                self.broken = finding("convert.office", problem=str(failure))
        self._proved = False
        return bool(self.broken)

    def _try(self) -> None:
        """Convert a document that is known to be good."""
        (made,) = self.office.convert([probe()], 1)
        if not made:
            raise Failure("no PDF came out")
        from pipeline.doors import pdf

        if not any(WORD in page.text for page in pdf.pages(made)):
            raise Failure("it does not print what the Word file says")


def _sorted(batch: Sequence[Rendered], static: Parts, press: _Press) -> list[Result]:
    """Very long documents in pieces, all others together."""
    # To look for pieces means to parse, which short documents need not pay.
    pieces = {place: Pieces(static, one.parts) for place, one in enumerate(batch) if _size([one]) > _LONG}
    long = {place: _in_pieces(batch[place], own, press) for place, own in pieces.items() if len(own) > 1}
    others = [one for place, one in enumerate(batch) if place not in long]
    rest = iter(_together(others, static, press) if others else ())
    return [long[place] if place in long else next(rest) for place in range(len(batch))]


def _in_pieces(one: Rendered, pieces: Pieces, press: _Press) -> Result:
    """One PDF of several conversions; the document as it is where that fails."""
    if press.broken:
        return press.broken
    from pipeline.doors import pdf

    blobs: list[bytes] = []
    page = 1
    try:
        for number in range(len(pieces)):
            blobs += press.convert([one], [pieces.package(number, page)])
            page += pdf.page_count(blobs[-1])
        return press.whole(one, pdf.joined(blobs))
    except Failure as failure:
        return press.broken if press.is_broken() and press.broken else _alone(one, press, str(failure))


def _together(batch: list[Rendered], static: Parts, press: _Press) -> list[Result]:
    """One PDF a document, from one start; a file of it that fails has another start to itself."""
    files = [batch[start : start + _A_FILE] for start in range(0, len(batch), _A_FILE)]
    if len(files) == 1 or press.broken:
        return _in_a_file(batch, static, press)
    try:
        blobs = press.convert(batch, [_composed(some, static) for some in files])
    except Failure:
        press.is_broken()
        blobs = [b""] * len(files)
    results: list[Result] = []
    for some, blob in zip(files, blobs, strict=True):
        try:
            results += press.cut(some, blob)
        except Unusable:
            results += _in_a_file(some, static, press)
    return results


def _in_a_file(batch: list[Rendered], static: Parts, press: _Press) -> list[Result]:
    """One PDF a document, from one composed file; from two halves where that fails."""
    if press.broken:
        return [press.broken] * len(batch)
    try:
        return [*press.cut(batch, press.convert(batch, [_composed(batch, static)])[0])]
    except Failure as failure:
        if press.is_broken():
            return _in_a_file(batch, static, press)
        if len(batch) == 1:
            return [_alone(batch[0], press, str(failure))]
        middle = len(batch) // 2
        return _in_a_file(batch[:middle], static, press) + _in_a_file(batch[middle:], static, press)


def _composed(batch: Sequence[Rendered], static: Parts) -> bytes:
    return compose(static, [one.parts for one in batch])


def _size(batch: Sequence[Rendered]) -> int:
    """Of the XML that LibreOffice has to read."""
    return sum(len(content) for one in batch for name, content in one.parts.items() if name.endswith(".xml"))


def _apart(batch: Sequence[Rendered], press: _Press) -> list[Result]:
    """One PDF a file, many files in a start; those that fail have another start to themselves."""
    results: list[Result] = []
    for start in range(0, len(batch), _FILES_A_START):
        some = batch[start : start + _FILES_A_START]
        blobs = [b""] * len(some)
        try:
            if not press.broken:
                blobs = press.convert(some, [one.docx for one in some])
        except Failure:
            press.is_broken()
        results += [_read(one, blob, press) or _alone(one, press) for one, blob in zip(some, blobs, strict=True)]
    return results


def _read(one: Rendered, blob: bytes, press: _Press) -> Paper | None:
    try:
        return press.whole(one, blob)
    except Unusable:
        return None


def _alone(one: Rendered, press: _Press, before: str = "") -> Result:
    """The document by itself, as it is."""
    if press.broken:
        return press.broken
    try:
        return press.whole(one, press.convert([one], [one.docx])[0])
    except Failure as failure:
        if press.is_broken():
            return _alone(one, press)
        return finding("convert.failed", subject=one.job.number, problem=str(failure) or before)
