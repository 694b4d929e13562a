"""A register as an earlier version of the program left it."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from pipeline.doors.register import _LAYOUTS


def set_back(path: Path, layout: int) -> None:
    """Make a register one of an earlier layout, with the rows that it can hold."""
    with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(":memory:")) as old:
        now.create_function("inflated", 1, lambda blob: zlib.decompress(blob).decode())
        old.executescript("".join(_LAYOUTS[:layout]))
        for (table,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
            # Until layout 6 contexts stood with the editions.
            context = "(SELECT inflated(deflated) FROM contexts WHERE edition = id)"
            wanted = ", ".join(context if name == "context" else name for name in columns)
            rows = now.execute(f"SELECT {wanted} FROM {table}").fetchall()  # noqa: S608
            marks = ", ".join("?" * len(columns))
            old.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        old.execute(f"PRAGMA user_version = {layout}")
        old.commit()
        old.backup(now)
