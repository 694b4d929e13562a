"""Records as CSV and back: one header, UTF-8 with a byte order mark, so that spreadsheets see Hangul."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping


def as_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Records as CSV; what a spreadsheet could take for a formula is none."""
    text = io.StringIO()
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({key: _plain(value) for key, value in row.items()})
    return ("\ufeff" + text.getvalue()).encode()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def rows_of(blob: bytes) -> list[dict[str, str]]:
    """Records of such a file; damaged ones lack fields."""
    return list(csv.DictReader(io.StringIO(blob.decode("utf-8-sig", "replace"))))
