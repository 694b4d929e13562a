"""What the register keeps of contexts: all that a template could see when an edition was made.

Apart from the editions and deflated: of 9,316 agreements they came to 229 MB, which whoever asked for a hash had to
read past.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping
from typing import Any

SCHEMA = """
CREATE TABLE contexts (
    edition INTEGER PRIMARY KEY REFERENCES editions,
    deflated BLOB NOT NULL              -- JSON in UTF-8, deflated (zlib, RFC 1950)
) STRICT;
INSERT INTO contexts SELECT id, deflated(context) FROM editions;
ALTER TABLE editions DROP COLUMN context;
"""
_LEVEL = 1
"""Of effort: 0.2 ms a context, and a tenth of the size; more effort gives little more."""


def prepare(database: sqlite3.Connection) -> None:
    """Let statements of a register deflate a text."""
    database.create_function("deflated", 1, lambda text: zlib.compress(text.encode(), _LEVEL), deterministic=True)


def packed(context: Mapping[str, Any]) -> bytes:
    """A context as it is kept."""
    return zlib.compress(json.dumps(context, ensure_ascii=False, sort_keys=True).encode(), _LEVEL)


def unpacked(blob: bytes) -> dict[str, Any]:
    """A context as it was.

    Raises:
        sqlite3.DatabaseError: what is kept is none.
    """
    try:
        found: dict[str, Any] = json.loads(_text(blob))
    except ValueError as error:
        raise sqlite3.DatabaseError("a context that cannot be read") from error
    return found


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of any table as people read it.

    Raises:
        sqlite3.DatabaseError: as `unpacked`.
    """
    return {**row, "deflated": _text(row["deflated"])} if "deflated" in row else row


def _text(blob: bytes) -> str:
    try:
        return zlib.decompress(blob).decode()
    except (zlib.error, ValueError, TypeError) as error:
        raise sqlite3.DatabaseError("a context that cannot be read") from error
