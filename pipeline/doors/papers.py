"""Papers: PDFs that LibreOffice made, cut, stamped, and each checked against what its Word file says.

What reads and cuts PDFs takes 0.1 s to import; whoever starts LibreOffice first can do it meanwhile.
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
from pipeline.doors.pdf import Page
from pipeline.doors.word.compose import names
from pipeline.doors.word.sign_fields import SignField, sign_fields, without_hidden
from pipeline.doors.word.template import Parts
from pipeline.doors.word.text import ON_PAGE, plain_text
from pipeline.model.documents import Chunks, Job, PrintedPage, Rendered
from pipeline.model.findings import Finding, finding
from pipeline.model.identity import NUMBER, page_codes
from pipeline.model.scans import SignBox

_NUMBER = re.compile(NUMBER)
_ENDED = b"</w:p>"
_REMEMBERED = 4_096
"""Paragraphs: most of a template's say the same in all of its papers."""
_CODES = re.compile(r"<w:instrText.*?</w:instrText>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Paper:
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

    def problems(self, one: Rendered, fonts: Collection[str]) -> Iterator[Finding]:
        """Every word of the Word file is in the PDF, no other document's number, and no font nobody chose.

        Args:
            one: the Word file.
            fonts: as of `Fonts.expected`.
        """
        number = one.job.number
        if not _all_read(_words(one.parts), self.pages):
            # The words themselves may be personal data.
            yield finding("convert.check", subject=number, problem="words of the Word file are missing in the PDF")
        if any(found != number for page in self.pages for found in _NUMBER.findall(page.text)):
            yield finding("convert.check", subject=number, problem="it bears the number of another document")
        crowded = next((place for place, page in enumerate(self.pages, 1) if not page.has_room), 0)
        if crowded:
            yield finding("convert.room", subject=number, page=crowded)
        if self.is_unframed:
            yield finding("convert.frame", subject=number)
        for name in _foreign(self.fonts, fonts):
            yield finding("convert.font", subject=number, font=name)

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


def cut(batch: Sequence[Rendered], whole: bytes, font_file: str) -> list[Paper]:
    """The papers of a composed file.

    Args:
        batch: the documents that it holds, in order.
        whole: its PDF.
        font_file: for the words beside page codes.

    Raises:
        Unusable: as `pdf.split`.
    """
    fields = [_fields(one) for one in batch]
    # Read before it is cut, every font is parsed once and not once a piece; the cut moves pages as they are.
    pages = pdf.pages(whole, {field.caption for own in fields for field in own})
    covers: list[tuple[Sequence[Page], Cover]] = []

    def covered(piece: int, numbers: range) -> Cover:
        own = pages[numbers.start : numbers.stop]
        covers.append((own, _cover(batch[piece].job, own, font_file)))
        return covers[-1][1]

    made = list(pdf.split(whole, list(names(len(batch))), covered))
    return [
        Paper(piece.pdf, own, cover, piece.fonts, signed)
        for piece, (own, cover), signed in zip(made, covers, fields, strict=True)
    ]


def whole(one: Rendered, blob: bytes, font_file: str) -> Paper:
    """The paper of a PDF that holds nothing else; arguments and what is raised as of `cut`."""
    fields = _fields(one)
    pages = pdf.pages(blob, {field.caption for field in fields})
    cover = _cover(one.job, pages, font_file)
    paper = pdf.whole(blob, cover)
    return Paper((paper,), pages, cover, frozenset(pdf.fonts(paper)), fields)


def _fields(one: Rendered) -> tuple[SignField, ...]:
    """Where people sign, as the Word file says it."""
    texts = (content.decode() for name, content in one.parts.items() if ON_PAGE.fullmatch(name))
    return tuple(field for text in texts for field in sign_fields(text))


def _cover(job: Job, pages: Sequence[Page], font_file: str) -> Cover:
    """The PDF's title, and the identity of its pages."""
    title = f"{job.context['문서']['제목']} {job.number}"
    codes = page_codes(job.campaign, job.number, job.revision, [page.text for page in pages])
    return Cover(title, codes, font_file)


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
