"""Step 5, convert: Word files to PDF, many in one LibreOffice run, each checked against what the Word file says.

Enters: `Rendered` of one template. Leaves: `Converted`, findings. A batch that fails is halved until the bad document
stands alone; that one becomes a finding, and all others succeed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from pipeline.doors import pdf
from pipeline.doors.compose import compose, names, obstacle
from pipeline.doors.office import Failure, Office
from pipeline.doors.word import Parts, plain_text
from pipeline.model.documents import Converted, Job, Rendered
from pipeline.model.findings import Finding, finding

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
        if isinstance(result, Finding):
            findings.append(result)
            continue
        checked, found = _check(one, result, fonts)
        findings += found
        done += [checked] if checked else []
    return done, findings


Result = bytes | Finding


def _together(batch: list[Rendered], static: Parts, office: Office) -> list[Result]:
    """One PDF a document, from one conversion; from two halves where that fails."""
    try:
        whole = office.convert([compose(static, [one.parts for one in batch])], len(batch))[0]
        if not whole:
            raise Failure("no PDF came out")
        return list(pdf.split(whole, list(names(len(batch))), [_title(one) for one in batch]))
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
        return pdf.whole(blob, _title(one))
    except (Failure, pdf.Unusable) as failure:
        return finding("convert.failed", subject=one.job.number, problem=str(failure) or before)


def _check(one: Rendered, blob: bytes, fonts: Collection[str]) -> tuple[Converted | None, list[Finding]]:
    """Read the PDF back: every word of the Word file is in it, and no other document's number."""
    job = one.job
    try:
        pages = pdf.texts(blob)
    except pdf.Unusable as error:
        return None, [finding("convert.check", subject=job.number, problem=str(error))]
    problems = list(_problems(one, pages))
    if problems:
        return None, [finding("convert.check", subject=job.number, problem=problem) for problem in problems]
    return Converted(job, blob, len(pages)), list(_foreign_fonts(job, blob, fonts))


def _problems(one: Rendered, pages: Sequence[str]) -> Iterator[str]:
    text = "".join(pages)
    words = {pdf.squeeze(word) for word in _words(one.parts)}
    if any(word not in text and not _over_pages(word, pages) for word in words):
        # The words themselves may be personal data.
        yield "words of the Word file are missing in the PDF"
    if any(number != one.job.number for page in pages for number in _NUMBER.findall(page)):
        yield "it bears the number of another document"


def _words(parts: Parts) -> Iterator[str]:
    for name, content in parts.items():
        if name.startswith("word/"):
            yield from plain_text(_CODES.sub("", content.decode())).split()


def _over_pages(word: str, pages: Sequence[str]) -> bool:
    """Whether a word begins on one page and ends on the next."""
    return any(
        word[:cut] in before and word[cut:] in after for before, after in pairwise(pages) for cut in range(1, len(word))
    )


def _foreign_fonts(job: Job, blob: bytes, fonts: Collection[str]) -> Iterator[Finding]:
    for name, embedded in sorted(pdf.fonts(blob)):
        if not embedded or (fonts and not name.startswith(tuple(fonts))):
            yield finding("convert.font", subject=job.number, font=name)
