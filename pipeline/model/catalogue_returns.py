"""Findings about what returned pages mean, and what people decide."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, file_trouble, note, result, warning
from pipeline.model.errors import ExitCode

RETURNS: dict[str, Entry] = {
    "return.nothing": error(
        "There is nothing to collect: {folder} holds no file.",
        "Put scans, photos and signed PDFs into this folder.",
        ExitCode.USAGE,
    ),
    "return.unissued": error(
        "The register knows of no page that was issued as PDF.",
        "Make the papers first (hyeopyak make); only pages with page codes can be recognised.",
        ExitCode.USAGE,
    ),
    "return.open": error(
        "{count} cases wait for a person.",
        "Look at outputs/review/index.html, decide in outputs/review/review.xlsx, and run collect again.",
        ExitCode.WAITING,
    ),
    "return.forged": warning(
        "Page {page} bears a page code that was never issued.",
        "It was not matched. It stands in the review: find out where the paper comes from.",
    ),
    "return.campaign": note("Page {page} belongs to another campaign."),
    "return.changed": warning(
        "Pages changed by hand: {pages}.", "Ask for a fresh paper, or agree on the change in writing."
    ),
    "return.accounts": result(
        "The accounts do not add up: {pages} pages came in, {states} have a state.",
        "This is a mistake in the program: do not rely on these lists. Please send the newest file in outputs/logs to "
        "those who gave you the program.",
    ),
    "return.unread": result(
        "{pages} pages of this file were not read.", "Run collect again; should it stay so, scan the file anew."
    ),
    "return.kept": file_trouble(
        "The kept copy {path} is not what it was when the file came in.",
        "Restore it from a backup: originals are evidence and never change.",
    ),
    "return.lost_pdf": warning(
        "The issued PDF is missing or was changed ({path}): returned pages cannot be compared with it.",
        "Restore it from a backup, then run collect again. Until then a person has to judge these pages.",
    ),
    "return.worker": result(
        "Pages {pages} could not be read: the reader broke down.",
        "Run collect again; if it happens again, scan these pages anew and put them into the folder.",
    ),
    "review.decision": error("'{value}' is not a decision for this case.", "Choose one of: {choices}."),
    "review.who": error("It is not recorded who decided this.", "Write your name into the column 정한 사람."),
    "review.page": error(
        "There is no page {page} of a document {number}.",
        "Write the number as it stands on the paper, as A-4110100-0003, and a page that it has.",
    ),
    "review.case": warning("There is no open case {case}.", "Do not change the first column."),
    "review.columns": error(
        "The table lacks the columns {columns}.", "Delete the file and run collect again: it is written anew."
    ),
    "review.twice": error("Two rows decide the case {case} differently.", "Leave one of them."),
}
