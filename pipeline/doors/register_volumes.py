"""What the register keeps of volumes, sign-offs and events."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from pipeline.model.volumes import Binding, Edition, Event, SignOff

SCHEMA = """
CREATE TABLE volumes (                  -- rows are only added; the last one of an area and edition is the present one
    id      INTEGER PRIMARY KEY,
    area    TEXT NOT NULL,              -- 시·도, or 전국
    edition TEXT NOT NULL,              -- internal, public
    file    TEXT NOT NULL,              -- path below outputs/
    sha256  TEXT NOT NULL,
    pages   INTEGER NOT NULL,
    open    INTEGER NOT NULL,           -- papers of which something is missing
    made_at TEXT NOT NULL,              -- ISO 8601, UTC
    sources TEXT NOT NULL               -- JSON: where each page comes from
) STRICT;
CREATE TABLE signoffs (
    id          INTEGER PRIMARY KEY,
    volume      TEXT NOT NULL,          -- SHA-256 of the volume as it was bound
    who         TEXT NOT NULL,
    at          TEXT NOT NULL,
    accepted    TEXT NOT NULL,          -- why missing papers were accepted
    file        TEXT NOT NULL,
    sha256      TEXT NOT NULL,          -- of the sealed volume
    level       TEXT NOT NULL,
    certificate TEXT NOT NULL           -- SHA-256
) STRICT;
CREATE TABLE events (                   -- each bears the hash of all before it
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,              -- JSON
    chain   TEXT NOT NULL
) STRICT;
"""


def link(before: str, at: str, what: str, subject: str, detail: str) -> str:
    """The hash of an event and of all before it; '' before the first."""
    said = json.dumps([before, at, what, subject, detail], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


class Volumes:
    """The part of the register that keeps volumes; the open database is the register's."""

    _db: sqlite3.Connection

    def _rows(self, query: str, *values: str | int) -> Iterable[Any]:
        raise NotImplementedError

    def together(self) -> AbstractContextManager[None]:
        """One transaction for all that is recorded within."""
        raise NotImplementedError

    def volumes(self) -> list[Binding]:
        """The present volume of each area and edition."""
        query = """
            SELECT * FROM volumes WHERE id IN (SELECT max(id) FROM volumes GROUP BY area, edition)
            ORDER BY id
        """
        return [
            Binding(row, area, Edition(edition), file, digest, pages, missing, at, tuple(json.loads(sources)))
            for row, area, edition, file, digest, pages, missing, at, sources in self._rows(query)
        ]

    def signoffs(self) -> list[SignOff]:
        """All of them, oldest first; those of a volume that was bound anew are void."""
        query = "SELECT volume, who, at, accepted, file, sha256, level, certificate FROM signoffs ORDER BY id"
        return [SignOff(*row) for row in self._rows(query)]

    def events(self) -> list[Event]:
        """All of them, oldest first."""
        return [Event(*row) for row in self._rows("SELECT * FROM events ORDER BY id")]

    def record_volumes(self, bindings: Sequence[Binding]) -> None:
        """Record published volumes, all or none.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        rows = [
            (one.area, one.edition.value, one.file, one.sha256, one.pages, one.open, one.made_at,
             json.dumps(one.sources, ensure_ascii=False, separators=(",", ":")))
            for one in bindings
        ]  # fmt: skip
        events = [
            (one.made_at, "volume", f"{one.area} {one.edition.value}", {"file": one.file, "sha256": one.sha256})
            for one in bindings
        ]
        self._add("INSERT INTO volumes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", rows, events)

    def record_signoff(self, one: SignOff) -> None:
        """Record an approval.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        row = (one.volume, one.who, one.at, one.accepted, one.file, one.sha256, one.level, one.certificate)
        told = {"by": one.who, "sealed": one.sha256, "level": one.level, "certificate": one.certificate}
        self._add(
            "INSERT INTO signoffs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row],
            [(one.at, "signoff", one.volume, told | ({"accepted": one.accepted} if one.accepted else {}))],
        )

    def record_event(self, at: str, what: str, subject: str, detail: Mapping[str, object]) -> None:
        """Add a line to the log.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        self._add("", (), [(at, what, subject, detail)])

    def last_link(self) -> str:
        """Of the chain of events: it is another one after anything was recorded."""
        return next((chain for (chain,) in self._rows("SELECT chain FROM events ORDER BY id DESC LIMIT 1")), "")

    def log(self, events: Iterable[tuple[str, str, str, Mapping[str, object]]]) -> None:
        """Add lines to the log, within the transaction under way."""
        chain = self.last_link()
        rows = []
        for at, what, subject, detail in events:
            said = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            chain = link(chain, at, what, subject, said)
            rows.append((at, what, subject, said, chain))
        self._db.executemany("INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?)", rows)

    def _add(
        self,
        statement: str,
        rows: Sequence[tuple[Any, ...]],
        events: Sequence[tuple[str, str, str, Mapping[str, object]]],
    ) -> None:
        with self.together():
            if rows:
                self._db.executemany(statement, rows)
            self.log(events)
