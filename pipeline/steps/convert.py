"""Step 5, convert: Word files to PDF, many in one LibreOffice run, each checked against what the Word file says.

Enters: `Rendered` of one template. Leaves: `Converted`, findings. A batch that fails is halved until the bad document
stands alone; that one becomes a finding, and all others succeed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from pipeline.doors import pdf
from pipeline.doors.compose import compose, names, obstacle
from pipeline.doors.office import Failure, Office
from pipeline.doors.word import Parts
from pipeline.doors.word_text import plain_text
from pipeline.model.documents import Converted, Rendered
from pipeline.model.findings import Finding, errors, finding

_NUMBER = re.compile(r"[A-Z]-\d{3,10}-\d{4,}")
_CODES = re.compile(r"<w:instrText.*?</w:instrText>", re.DOTALL)


def convert(
    rendered: Sequence[Rendered], static: Parts, office: Office, fonts: Collection[str]
) -> tuple[list[Converted], list[Finding]]:
    """Convert documents of one template.

    Args:
        rendered: the documents.
        static: the parts they share.
        office: a LibreOffice.
        fonts: beginnings of PostScript names that may occur; empty when the system does not tell.
    """
    if not rendered:
        return [], []
    if obstacle(static, rendered[0].parts):
        results = [_alone(one, office) for one in rendered]
    else:
        results = _together(list(rendered), static, office)
    done: list[Converted] = []
    findings: list[Finding] = []
    for one, result in zip(rendered, results, strict=True):
        found = [result] if isinstance(result, Finding) else list(_problems(one, result, fonts))
        findings += found
        if isinstance(result, _Paper) and not errors(found):
            done.append(Converted(one.job, result.pdf, len(result.texts)))
    return done, findings


@dataclass(frozen=True, slots=True)
class _Paper:
    """A PDF and what was read back from it."""

    pdf: bytes
    texts: Sequence[str]
    """Of each page, without blanks."""
    fonts: frozenset[tuple[str, bool]]
    """Of all papers that were converted together: names, and whether they are embedded."""


Result = _Paper | Finding


def _together(batch: list[Rendered], static: Parts, office: Office) -> list[Result]:
    """One PDF a document, from one conversion; from two halves where that fails."""
    try:
        whole = office.convert([compose(static, [one.parts for one in batch])], len(batch))[0]
        if not whole:
            raise Failure("no PDF came out")
        pieces = pdf.split(whole, list(names(len(batch))), [_title(one) for one in batch])
        # Read before it was cut, every font is parsed once and not once a piece; the cut moves pages as they are.
        pages = iter(pdf.texts(whole))
        fonts = frozenset(pdf.fonts(whole))
        return [_Paper(piece, list(islice(pages, pdf.page_count(piece))), fonts) for piece in pieces]
    except (Failure, pdf.Unusable) as failure:
        if len(batch) == 1:
            return [_alone(batch[0], office, str(failure))]
        middle = len(batch) // 2
        return _together(batch[:middle], static, office) + _together(batch[middle:], static, office)


def _title(one: Rendered) -> str:
    """The PDF's title: what readers show in place of the file's name."""
    return f"{one.job.context['문서']['제목']} {one.job.number}"


def _alone(one: Rendered, office: Office, before: str = "") -> Result:
    """The document by itself, as it is."""
    try:
        blob = office.convert([one.docx], 1)[0]
        if not blob:
            raise Failure("no PDF came out")
        paper = pdf.whole(blob, _title(one))
        return _Paper(paper, pdf.texts(paper), frozenset(pdf.fonts(paper)))
    except (Failure, pdf.Unusable) as failure:
        return finding("convert.failed", subject=one.job.number, problem=str(failure) or before)


def _problems(one: Rendered, paper: _Paper, fonts: Collection[str]) -> Iterator[Finding]:
    """Every word of the Word file is in the PDF, no other document's number, and no font nobody chose."""
    number = one.job.number
    text = "".join(paper.texts)
    words = {pdf.squeeze(word) for word in _words(one.parts)}
    if any(word not in text and not _over_pages(word, paper.texts) for word in words):
        # The words themselves may be personal data.
        yield finding("convert.check", subject=number, problem="words of the Word file are missing in the PDF")
    if any(found != number for page in paper.texts for found in _NUMBER.findall(page)):
        yield finding("convert.check", subject=number, problem="it bears the number of another document")
    if _foreign(paper.fonts, fonts):
        for name in _foreign(pdf.fonts(paper.pdf), fonts):
            yield finding("convert.font", subject=number, font=name)


def _foreign(used: Collection[tuple[str, bool]], expected: Collection[str]) -> list[str]:
    """Fonts that are not embedded, or that nobody expects."""
    beginnings = tuple(expected)
    return sorted({name for name, embedded in used if not embedded or (expected and not name.startswith(beginnings))})


def _words(parts: Parts) -> Iterator[str]:
    for name, content in parts.items():
        if name.startswith("word/"):
            yield from plain_text(_CODES.sub("", content.decode())).split()


def _over_pages(word: str, pages: Sequence[str]) -> bool:
    """Whether a word begins on one page and ends on the next."""
    return any(
        word[:cut] in before and word[cut:] in after for before, after in pairwise(pages) for cut in range(1, len(word))
    )
