"""What the register keeps of deliveries; and what has left the house, so that it is never overwritten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from pipeline.model.collected import Ruling
from pipeline.model.deliveries import Delivery, Mailing, MailState, Revision
from pipeline.model.identity import PageCode

SCHEMA = """
ALTER TABLE editions ADD COLUMN renderer TEXT NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN template TEXT NOT NULL DEFAULT '';  -- SHA-256
ALTER TABLE editions ADD COLUMN said TEXT NOT NULL DEFAULT '';      -- SHA-256, whatever program made it
CREATE TABLE deliveries (               -- rows are only added
    id       INTEGER PRIMARY KEY,
    number   TEXT NOT NULL REFERENCES documents,
    revision INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    way      TEXT NOT NULL,             -- how: packet, mail, by hand
    at       TEXT NOT NULL              -- ISO 8601, UTC
) STRICT;
CREATE INDEX deliveries_of ON deliveries (number, revision);
"""
_LOCKED, _OPEN = "packets locked", "packets open"
"""In the log."""

LATEST = """
    SELECT max(id) FROM editions JOIN (SELECT number, max(revision) AS revision FROM editions GROUP BY number)
    USING (number, revision) GROUP BY number
"""
"""Of each number its present state: the last edition of its latest revision. A file of an earlier revision that is lost
may be made once more after it."""


class Deliveries:
    """The part of the register that keeps deliveries; the open database is the register's."""

    _db: sqlite3.Connection

    def _rows(self, query: str, *values: str | int) -> Iterable[Any]:
        raise NotImplementedError

    def together(self) -> AbstractContextManager[None]:
        """One transaction for all that is recorded within."""
        raise NotImplementedError

    def log(self, events: Iterable[tuple[str, str, str, Mapping[str, object]]]) -> None:
        """Add lines to the log, within the transaction under way."""
        raise NotImplementedError

    def record_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Record what was handed over, all or none.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        rows = [(one.number, one.revision, one.receiver, one.way, one.at) for one in deliveries]
        events = [
            (one.at, "delivered", one.number, {"revision": one.revision, "to": one.receiver, "way": one.way})
            for one in deliveries
        ]
        with self.together():
            self._db.executemany("INSERT INTO deliveries VALUES (NULL, ?, ?, ?, ?, ?)", rows)
            self.log(events)

    def deliveries(self) -> list[Delivery]:
        """All of them, oldest first."""
        query = "SELECT number, revision, receiver, way, at FROM deliveries ORDER BY id"
        return [Delivery(*row) for row in self._rows(query)]

    def record_mailing(self, one: Mailing) -> None:
        """Record a step of a mail's way; an accepted one delivers its papers.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        papers = [f"{number} {revision}" for number, revision in one.papers]
        with self.together():
            self.log([(one.at, one.state.value, one.receiver, {"message": one.message, "papers": papers})])
            if one.state is MailState.ACCEPTED:
                self.record_deliveries(
                    [Delivery(number, revision, one.receiver, "mail", one.at) for number, revision in one.papers]
                )

    def mailings(self) -> list[Mailing]:
        """All steps of all mails, oldest first."""
        query = "SELECT subject, what, detail, at FROM events WHERE what IN (?, ?, ?) ORDER BY id"
        found = []
        for receiver, what, detail, at in self._rows(query, *(one.value for one in MailState)):
            said = json.loads(detail)
            papers = tuple((number, int(revision)) for number, revision in map(str.split, said["papers"]))
            found.append(Mailing(receiver, MailState(what), said["message"], papers, at))
        return found

    def record_locks(self, at: str, councils: Iterable[str], *, are_locked: bool) -> None:
        """Record that somebody chose to encrypt packets, or not to; '' stands for all, those that come later, too.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        what = _LOCKED if are_locked else _OPEN
        with self.together():
            self.log((at, what, council, {}) for council in councils)

    def locks(self) -> dict[str, bool]:
        """Whether packets are encrypted, as was chosen last, by council; '' stands for all others."""
        found: dict[str, bool] = {}
        query = "SELECT subject, what FROM events WHERE what IN (?, ?) ORDER BY id"
        for council, what in self._rows(query, _LOCKED, _OPEN):
            if not council:
                found.clear()
            found[council] = what == _LOCKED
        return found

    def issued_at(self) -> dict[str, str]:
        """When the latest edition of each number was made."""
        return dict(self._rows(f"SELECT number, made_at FROM editions WHERE id IN ({LATEST})"))  # noqa: S608 - a constant

    def latest(self) -> dict[str, int]:
        """The latest revision of each number, that included whose PDF is waiting."""
        return dict(self._rows("SELECT number, max(revision) FROM editions GROUP BY number"))

    def revised_at(self) -> dict[str, str]:
        """When the latest revision of a number was first made, of those that have several; ISO 8601, UTC."""
        query = """
            SELECT number, min(made_at) FROM editions
            JOIN (SELECT number, max(revision) AS last FROM editions GROUP BY number) USING (number)
            WHERE revision = last AND last > 1 GROUP BY number
        """
        return dict(self._rows(query))

    def came_back(self) -> frozenset[Revision]:
        """Numbers and revisions of which a page was seen, or that a person has recognised."""
        # Taken out by SQLite itself: as values of Python, the facts of a nation's pages take seconds.
        query = """
            SELECT DISTINCT json_extract(sheet.value, '$.code')
            FROM readings, json_each(readings.facts, '$.sheets') AS sheet
        """
        codes = [code for (text,) in self._rows(query) if text and (code := PageCode.parse(text))]
        issued = "SELECT number, revision, check_code FROM pages JOIN editions ON editions.id = edition"
        ours = {tuple(row) for row in self._rows(issued)} if codes else set()
        seen = {(one.number, one.revision) for one in codes if (one.number, one.revision, one.check) in ours}
        query = """
            SELECT DISTINCT decisions.number, editions.revision FROM decisions JOIN editions USING (number)
            WHERE ruling = ?
        """
        return frozenset(seen | {(number, revision) for number, revision in self._rows(query, Ruling.MATCH.value)})

    def revisions(self) -> frozenset[Revision]:
        """Every revision of every number."""
        return frozenset((number, one) for number, one in self._rows("SELECT DISTINCT number, revision FROM editions"))

    def gone_out(self) -> frozenset[Revision]:
        """Numbers and revisions that were delivered, came back, or are in a mail that may have arrived."""
        rows = self._rows("SELECT DISTINCT number, revision FROM deliveries")
        delivered = {(number, revision) for number, revision in rows}
        return self.came_back() | delivered | {paper for one in self._not_refused() for paper in one.papers}

    def _not_refused(self) -> list[Mailing]:
        """Mails that a server was asked to take and did not refuse."""
        found: list[Mailing] = []
        for one in self.mailings():
            if one.state is MailState.SENDING:
                found.append(one)
            # Of several copies of a mail it is about the last one: that before it may have arrived.
            elif one.state is MailState.REFUSED and found and found[-1].message == one.message:
                found.pop()
        return found
