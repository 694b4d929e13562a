"""Reports of what is outstanding: tables, and a reminder for each council."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.doors import files
from pipeline.doors.books.missing_book import as_csv, missing_book
from pipeline.model.collected import Paper
from pipeline.run.outcome import OUTPUTS

MISSING = "missing"
_REMINDERS = "reminders"
Say = Callable[[str], str]


def write_missing(outputs: Path, papers: Sequence[Paper], answer_to: str, say: Say) -> tuple[str, ...]:
    """Write tables and reminders; their paths below the campaign folder. Reminders that are not due any more go.

    Raises:
        Trouble: output.unwritable, output.full.
    """
    expected = [one for one in papers if one.expected or not one.stage.is_done]
    rows, summary = list(_rows(expected, say)), list(_summary(expected, say))
    sheets = [
        (say("Outstanding"), say("What is outstanding"), (14, 26, 24, 22, 30, 24, 14, 44), rows),
        (say("By region"), say("Papers by region"), (14, 30, 14, 14, 14, 14, 14), summary),
    ]
    letters = dict(reminders(expected, answer_to, say))
    files.publish(
        outputs / MISSING,
        [
            ("missing.csv", as_csv(rows)),
            ("missing.xlsx", missing_book(sheets)),
            *((f"{_REMINDERS}/{name}", text.encode()) for name, text in letters.items()),
        ],
    )
    for path in sorted((outputs / MISSING / _REMINDERS).glob("*.txt")):
        if path.name not in letters:
            files.remove(path)
    return tuple(f"{OUTPUTS}/{MISSING}/{name}" for name in ("missing.csv", "missing.xlsx"))


def _rows(papers: Sequence[Paper], say: Say) -> Iterator[tuple[str, ...]]:
    yield (
        say("Region code"), say("Region"), say("Council"), say("Number"), say("Document"), say("State"),
        say("Missing pages"), say("Missing signatures"),
    )  # fmt: skip
    for one in papers:
        about = one.about
        yield (
            about.region, about.area, about.council, about.number, about.title, say(one.stage.value),
            ", ".join(map(str, one.missing_pages)), _names(one),
        )  # fmt: skip


def _names(paper: Paper) -> str:
    return ", ".join(f"{one.side} {one.name}".strip() for one in paper.missing_signatures)


def _summary(papers: Sequence[Paper], say: Say) -> Iterator[tuple[str, ...]]:
    yield (
        say("Region code"), say("Region"), say("Papers"), say("Complete"), say("Outstanding"),
        say("Missing pages"), say("Missing signatures"),
    )  # fmt: skip
    regions: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in papers:
        regions[one.about.region, one.about.area].update(
            papers=1,
            done=int(one.stage.is_done),
            pages=len(one.missing_pages),
            signatures=len(one.missing_signatures),
        )
    for (code, area), count in regions.items():
        told = (count["papers"], count["done"], count["papers"] - count["done"], count["pages"], count["signatures"])
        yield code, area, *map(str, told)


def reminders(papers: Sequence[Paper], answer_to: str, say: Say) -> Iterator[tuple[str, str]]:
    """File name and text of a reminder for each council that has something outstanding.

    `answer_to` is where to, in words; it may be blank.
    """
    councils: dict[str, list[Paper]] = defaultdict(list)
    for one in papers:
        if one.missing_pages or one.missing_signatures:
            councils[one.about.council or one.about.area or one.about.region].append(one)
    for council, own in councils.items():
        lines = [
            say("To: {council}").format(council=council),
            say("Subject: signed papers that are still outstanding"),
            "",
            say("Thank you for your work on the policy agreements."),
            say("By our records the following {count} papers have not come back complete.").format(count=len(own)),
            "",
            *(line for number, one in enumerate(own, start=1) for line in _told(number, one, say)),
            "",
            say(
                "Please scan missing pages, get missing signatures, and send us the scans in colour, at 200 to 300 dpi."
            ),
            *([say("Where to: {address}").format(address=answer_to)] if answer_to else ()),
            say("If it is on its way already, please disregard this letter."),
            say("If a paper is not going to be signed, please let us know, so that we can correct our list."),
            say("Thank you."),
        ]
        yield f"{files.file_name(council)}.txt", "\n".join(lines) + "\n"


def _told(number: int, paper: Paper, say: Say) -> Iterator[str]:
    about = paper.about
    yield f"{number}. {about.number} {about.title} ({about.area})"
    if len(paper.missing_pages) == paper.pages:
        yield "   " + say("nothing of it has come back ({count} pages)").format(count=paper.pages)
        return
    if paper.missing_pages:
        yield "   " + say("pages: {pages}").format(pages=", ".join(map(str, paper.missing_pages)))
    if paper.missing_signatures:
        yield "   " + say("signatures: {names}").format(names=_names(paper))
