"""Step 5, convert: Word files to PDF, many in one LibreOffice run, each checked against what the Word file says.

Enters: `Rendered` of one template. Leaves: `Converted`, findings. A batch that fails is halved until the bad document
stands alone; that one becomes a finding, and all others succeed. Where LibreOffice fails at a document that is known to
be good, too, it is at fault itself: that is one finding, and nothing more is tried.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, filterfalse

from pipeline.doors import pdf
from pipeline.doors.cutting import Cover
from pipeline.doors.office import Failure, Office
from pipeline.doors.pdf import Page
from pipeline.doors.word.compose import compose, names, obstacle
from pipeline.doors.word.lengths import Pieces
from pipeline.doors.word.probe import WORD, probe
from pipeline.doors.word.sign_fields import SignField, sign_fields, without_hidden
from pipeline.doors.word.template import Parts
from pipeline.doors.word.text import ON_PAGE, plain_text
from pipeline.model.documents import Chunks, Converted, Job, PrintedPage, Rendered
from pipeline.model.findings import Finding, errors, finding
from pipeline.model.identity import NUMBER, page_codes
from pipeline.model.scans import SignBox

_FILES_A_START = 50
"""Given 600 at once, LibreOffice 7.4.7 ended after the 247th."""
_A_FILE = 150
"""Documents composed together. A page costs LibreOffice the more the longer its file is (measured, 7.4.7: a document of
two pages 14.1 ms in files of 60 or 150, 15.1 in one of 310, 20 in one of 620); a start costs 250 ms, so files share it.
"""
_LONG = 8_000_000
"""Bytes of a document's XML, beyond which it may be converted in pieces: some 10,000 rows of a roll."""
_NUMBER = re.compile(NUMBER)
_ENDED = b"</w:p>"
_REMEMBERED = 4_096
"""Paragraphs: most of a template's say the same in all of its papers."""
_CODES = re.compile(r"<w:instrText.*?</w:instrText>", re.DOTALL)


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
        found = [result] if isinstance(result, Finding) else list(_problems(one, result, fonts.expected))
        findings += [one for one in found if one is not press.broken or one not in findings]
        if isinstance(result, _Paper) and not errors(found):
            done.append(Converted(one.job, result.pdf, result.printed))
    return done, findings


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
        made = self.office.convert(blobs, len(batch), _size(batch))
        if not any(made):
            raise Failure("no PDF came out")
        return made

    def succeeded(self) -> None:
        """Something usable came out."""
        self._proved = True

    def is_broken(self) -> bool:
        """After a failure: whether the program is at fault, and not what it was given."""
        if not self._proved and not self.broken:
            try:
                self._try()
            except (Failure, pdf.Unusable) as failure:
                self.broken = finding("convert.office", problem=str(failure))
        self._proved = False
        return bool(self.broken)

    def _try(self) -> None:
        """Convert a document that is known to be good."""
        (made,) = self.office.convert([probe()], 1)
        if not made:
            raise Failure("no PDF came out")
        if not any(WORD in page.text for page in pdf.pages(made)):
            raise Failure("it does not print what the Word file says")

    def cover(self, job: Job, pages: Sequence[Page]) -> Cover:
        """The PDF's title, and the identity of its pages."""
        title = f"{job.context['문서']['제목']} {job.number}"
        codes = page_codes(job.campaign, job.number, job.revision, [page.text for page in pages])
        return Cover(title, codes, self.captions)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A PDF and what was read back from it before codes were drawn."""

    pdf: Chunks
    pages: Sequence[Page]
    cover: Cover
    fonts: frozenset[tuple[str, bool]]
    """Their names, and whether they are embedded."""
    fields: tuple[SignField, ...]
    """Where people sign, in the order of the text."""

    @property
    def printed(self) -> tuple[PrintedPage, ...]:
        """The pages as the register keeps them."""
        boxes = self._boxes()
        pairs = zip(self.cover.codes, self.pages, boxes, strict=True)
        return tuple(PrintedPage(code.check, page.text, tuple(own)) for code, page, own in pairs)

    @property
    def is_unframed(self) -> bool:
        """Whether a signature box was not found on the pages."""
        return sum(map(len, self._boxes())) != len(self.fields)

    def _boxes(self) -> list[list[SignBox]]:
        """By page: captions and fields stand in the same order, each caption for itself."""
        found: list[list[SignBox]] = [[] for _ in self.pages]
        for caption in sorted({field.caption for field in self.fields}):
            fields = [field for field in self.fields if field.caption == caption]
            places = [
                (n, one.box) for n, page in enumerate(self.pages) for one in page.frames if one.caption == caption
            ]
            if len(places) != len(fields):
                continue
            for field, (number, box) in zip(fields, places, strict=True):
                if box:
                    found[number].append(SignBox(field.side, field.name, box))
        return found


Result = _Paper | Finding


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
    blobs: list[bytes] = []
    page = 1
    try:
        for number in range(len(pieces)):
            blobs += press.convert([one], [pieces.package(number, page)])
            page += pdf.page_count(blobs[-1])
        paper = _paper(one, pdf.joined(blobs), press)
    except (Failure, pdf.Unusable) as failure:
        return press.broken if press.is_broken() and press.broken else _alone(one, press, str(failure))
    press.succeeded()
    return paper


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
            results += _cut(some, blob, press)
        except pdf.Unusable:
            results += _in_a_file(some, static, press)
    return results


def _in_a_file(batch: list[Rendered], static: Parts, press: _Press) -> list[Result]:
    """One PDF a document, from one composed file; from two halves where that fails."""
    if press.broken:
        return [press.broken] * len(batch)
    try:
        return _cut(batch, press.convert(batch, [_composed(batch, static)])[0], press)
    except (Failure, pdf.Unusable) as failure:
        if press.is_broken():
            return _in_a_file(batch, static, press)
        if len(batch) == 1:
            return [_alone(batch[0], press, str(failure))]
        middle = len(batch) // 2
        return _in_a_file(batch[:middle], static, press) + _in_a_file(batch[middle:], static, press)


def _composed(batch: Sequence[Rendered], static: Parts) -> bytes:
    return compose(static, [one.parts for one in batch])


def _cut(batch: Sequence[Rendered], whole: bytes, press: _Press) -> list[Result]:
    """The papers of a converted file."""
    fields = [_fields(one) for one in batch]
    # Read before it is cut, every font is parsed once and not once a piece; the cut moves pages as they are.
    pages = pdf.pages(whole, {field.caption for own in fields for field in own})
    covers: list[tuple[Sequence[Page], Cover]] = []

    def covered(piece: int, numbers: range) -> Cover:
        own = pages[numbers.start : numbers.stop]
        covers.append((own, press.cover(batch[piece].job, own)))
        return covers[-1][1]

    made = list(pdf.split(whole, list(names(len(batch))), covered))
    press.succeeded()
    return [
        _Paper(piece.pdf, own, cover, piece.fonts, signed)
        for piece, (own, cover), signed in zip(made, covers, fields, strict=True)
    ]


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


def _read(one: Rendered, blob: bytes, press: _Press) -> _Paper | None:
    try:
        paper = _paper(one, blob, press)
    except pdf.Unusable:
        return None
    press.succeeded()
    return paper


def _paper(one: Rendered, blob: bytes, press: _Press) -> _Paper:
    fields = _fields(one)
    pages = pdf.pages(blob, {field.caption for field in fields})
    cover = press.cover(one.job, pages)
    paper = pdf.whole(blob, cover)
    return _Paper((paper,), pages, cover, frozenset(pdf.fonts(paper)), fields)


def _fields(one: Rendered) -> tuple[SignField, ...]:
    """Where people sign, as the Word file says it."""
    texts = (content.decode() for name, content in one.parts.items() if ON_PAGE.fullmatch(name))
    return tuple(field for text in texts for field in sign_fields(text))


def _alone(one: Rendered, press: _Press, before: str = "") -> Result:
    """The document by itself, as it is."""
    if press.broken:
        return press.broken
    try:
        paper = _paper(one, press.convert([one], [one.docx])[0], press)
    except (Failure, pdf.Unusable) as failure:
        if press.is_broken():
            return _alone(one, press)
        return finding("convert.failed", subject=one.job.number, problem=str(failure) or before)
    press.succeeded()
    return paper


def _problems(one: Rendered, paper: _Paper, fonts: Collection[str]) -> Iterator[Finding]:
    """Every word of the Word file is in the PDF, no other document's number, and no font nobody chose."""
    number = one.job.number
    if not _all_read(_words(one.parts), paper.pages):
        # The words themselves may be personal data.
        yield finding("convert.check", subject=number, problem="words of the Word file are missing in the PDF")
    if any(found != number for page in paper.pages for found in _NUMBER.findall(page.text)):
        yield finding("convert.check", subject=number, problem="it bears the number of another document")
    crowded = next((place for place, page in enumerate(paper.pages, 1) if not page.has_room), 0)
    if crowded:
        yield finding("convert.room", subject=number, page=crowded)
    if paper.is_unframed:
        yield finding("convert.frame", subject=number)
    for name in _foreign(paper.fonts, fonts):
        yield finding("convert.font", subject=number, font=name)


def _foreign(used: Collection[tuple[str, bool]], expected: Collection[str]) -> list[str]:
    """Fonts that are not embedded, or that nobody expects."""
    beginnings = tuple(expected)
    return sorted({name for name, embedded in used if not embedded or (expected and not name.startswith(beginnings))})


def _words(parts: Parts) -> Iterator[str]:
    """Words that have to be printed, as they would be read there."""
    contents = (content for name, content in parts.items() if ON_PAGE.fullmatch(name))
    return chain.from_iterable(_printed(paragraph) for content in contents for paragraph in content.split(_ENDED))


@lru_cache(_REMEMBERED)
def _printed(paragraph: bytes) -> list[str]:
    return pdf.nfc(plain_text(_CODES.sub("", without_hidden(paragraph.decode())))).split()


def _all_read(words: Iterable[str], pages: Sequence[Page]) -> bool:
    """Whether every word stands in the text of the pages.

    Most words stand there as they are. Those that do not (over two lines or pages, in spaced letters) are looked for
    from where the last one was found: a roll of 20,000 has as many, and each would search the text from its beginning.
    """
    known = frozenset().union(*(page.words for page in pages))
    text = "".join(page.text for page in pages)
    starts = [0, *accumulate(len(page.text) for page in pages)]
    place = 0
    for word in dict.fromkeys(filterfalse(known.__contains__, words)):
        found = text.find(word, place)
        if found < 0:
            found = text.find(word, 0, place + len(word))
        if found < 0:
            number = _over_pages(word, pages, bisect(starts, place) - 1)
            if number < 0:
                return False
            found = starts[number]
        place = found
    return True


def _over_pages(word: str, pages: Sequence[Page], first: int) -> int:
    """The page on which a word begins that ends on the next, looked for from the page `first` on; -1: none."""
    last = len(pages) - 1
    for number in chain(range(first, last), range(min(first, last))):
        before, after = pages[number].text, pages[number + 1].text
        if any(word[:cut] in before and word[cut:] in after for cut in range(1, len(word))):
            return number
    return -1
