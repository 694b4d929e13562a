"""Passphrases of encrypted packets: made once a council, kept beside the packets, never in them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.doors import files
from pipeline.doors.books.listed import as_csv, rows_of
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.run.outcome import OUTPUTS

FILE = "packets-passphrases.csv"
_COUNCIL, _PHRASE = "협의회", "암호"
_CONSONANTS, _VOWELS = "bdfghkmnprstvz", "aeiou"
_WORDS, _SYLLABLES, _DIGITS = 5, 2, 4
"""Of 70 syllables and 10 digits: 2^74 passphrases. Without signs that a Korean keyboard or an ear takes for others."""
Choose = Callable[[str], str]


def new(choose: Choose = secrets.choice) -> str:
    """A passphrase that can be read out over the telephone: bado-kemi-rusa-tofi-nela-4827."""
    words = ("".join(choose(_CONSONANTS) + choose(_VOWELS) for _ in range(_SYLLABLES)) for _ in range(_WORDS))
    return "-".join([*words, "".join(choose("0123456789") for _ in range(_DIGITS))])


def passphrases(outputs: Path, councils: Iterable[str], choose: Choose = secrets.choice) -> dict[str, str]:
    """A passphrase for each council; those that have one keep it. They are on disk when this returns.

    Raises:
        Trouble: packet.passphrases, file.unreadable, output.unwritable, output.full.
    """
    kept, wanted = known(outputs), list(councils)
    fresh = {one: new(choose) for one in wanted if one not in kept}
    if fresh:
        rows = [{_COUNCIL: council, _PHRASE: phrase} for council, phrase in (kept | fresh).items()]
        files.publish(outputs, [(FILE, as_csv(rows))])
    kept |= fresh
    return {one: kept[one] for one in wanted}


def known(outputs: Path) -> dict[str, str]:
    """Passphrases by council.

    Raises:
        Trouble: packet.passphrases, file.unreadable.
    """
    shown = f"{OUTPUTS}/{FILE}"
    found: dict[str, str] = {}
    if (outputs / FILE).exists():
        for row in rows_of(files.read(outputs / FILE, shown, "file.unreadable")):
            if not row.get(_COUNCIL) or not row.get(_PHRASE):
                raise Trouble(finding("packet.passphrases", Cell(shown)))
            # What a spreadsheet would take for a formula bears an apostrophe.
            found[row[_COUNCIL].removeprefix("'")] = row[_PHRASE]
    return found
