"""Records as CSV and back: one header, UTF-8 with a byte order mark, so that spreadsheets see Hangul."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from pipeline.doors.books.inert import in_csv


def as_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Records as CSV; what a spreadsheet could take for a formula is none."""
    lines: list[str] = []
    for row in rows:
        if not lines:
            lines.append(_line(row))
        lines.append(_line(row.values()))
    return ("\ufeff" + "".join(lines)).encode()


def _line(values: Iterable[object]) -> str:
    return ",".join(in_csv(one) if isinstance(one, str) else "" if one is None else str(one) for one in values) + "\n"


def rows_of(blob: bytes) -> list[dict[str, str]]:
    """Records of such a file; damaged ones lack fields, and what is no table is one record without any."""
    try:
        return list(csv.DictReader(io.StringIO(blob.decode("utf-8-sig", "replace"))))
    except csv.Error:
        return [{}]
