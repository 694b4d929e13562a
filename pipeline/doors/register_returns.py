"""What the register keeps of returned files: originals, what was read of their pages, what people decided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from pipeline.doors.register_contexts import unpacked
from pipeline.doors.register_deliveries import LATEST
from pipeline.model.collected import About, Decision, ReturnedFile, Ruling
from pipeline.model.scans import (
    Box,
    Change,
    DigitalSignature,
    Judgement,
    Mark,
    Method,
    Original,
    PageSeen,
    SheetSeen,
    Signature,
    Verdict,
)

SCHEMA = """
CREATE TABLE originals (
    sha256     TEXT PRIMARY KEY,
    name       TEXT NOT NULL,           -- path below inputs/signed when it was first seen
    size       INTEGER NOT NULL,
    pages      INTEGER NOT NULL,        -- 0: it could not be opened
    media      TEXT NOT NULL,
    signatures TEXT NOT NULL,           -- JSON
    first_seen_at TEXT NOT NULL         -- ISO 8601, UTC
) STRICT;
CREATE TABLE readings (                 -- facts, derived from the original's bytes and the issued pages alone
    sha256 TEXT NOT NULL REFERENCES originals,
    page   INTEGER NOT NULL,            -- of the file, from 1
    facts  TEXT NOT NULL,               -- JSON
    reader INTEGER NOT NULL,            -- version of the reader
    PRIMARY KEY (sha256, page)
) STRICT;
CREATE TABLE decisions (                -- rows are only added; the last one of a case counts
    id       INTEGER PRIMARY KEY,
    case_key TEXT NOT NULL,
    ruling   TEXT NOT NULL,
    number   TEXT NOT NULL,
    page     INTEGER NOT NULL,
    who      TEXT NOT NULL,
    at       TEXT NOT NULL,             -- ISO 8601, UTC
    note     TEXT NOT NULL
) STRICT;
"""


Line = tuple[str, str, str, Mapping[str, object]]
"""Of the log: when, what, of what, more."""


class Returns:
    """The part of the register that keeps what came back; the open database is the register's."""

    _db: sqlite3.Connection

    def _rows(self, query: str, *values: str | int) -> Iterable[Any]:
        raise NotImplementedError

    def together(self) -> AbstractContextManager[None]:
        """One transaction for all that is recorded within."""
        raise NotImplementedError

    def log(self, events: Iterable[Line]) -> None:
        """Add lines to the log, within the transaction under way."""
        raise NotImplementedError

    def returned(self, reader: int) -> dict[str, ReturnedFile]:
        """Every original ever seen, by hash, with the pages that a reader of this version has read."""
        pages: dict[str, list[PageSeen]] = {}
        query = "SELECT sha256, facts, reader FROM readings ORDER BY sha256, page"
        for digest, facts, version in self._rows(query):
            if version == reader:
                pages.setdefault(digest, []).append(page_of(json.loads(facts)))
        query = "SELECT sha256, name, size, pages, signatures FROM originals ORDER BY sha256"
        return {
            digest: ReturnedFile(
                Original(digest, name, size, count, tuple(DigitalSignature(**one) for one in json.loads(signatures))),
                tuple(pages.get(digest, ())),
            )
            for digest, name, size, count, signatures in self._rows(query)
        }

    def record_original(self, original: Original, media: str, at: str) -> None:
        """Record a file at first sight; one that is known changes only when it can be opened at last.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        signatures = json.dumps([asdict(one) for one in original.signatures], ensure_ascii=False)
        row: tuple[Any, ...] = (original.sha256, original.name, original.size, original.pages, media, signatures, at)
        self._write(
            "INSERT INTO originals VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE "
            "SET pages = excluded.pages, media = excluded.media, signatures = excluded.signatures WHERE pages = 0",
            [row],
            [(at, "returned", original.sha256, {"pages": original.pages, "size": original.size})],
        )

    def record_pages(self, digest: str, pages: Iterable[PageSeen], reader: int) -> None:
        """Record what was read of some pages, all or none.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        rows = [(digest, one.page, json.dumps(asdict(one), ensure_ascii=False), reader) for one in pages]
        self._write("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", rows)

    def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """Add what people decided, all or none.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        rows = [(one.case, one.ruling.value, one.number, one.page, one.who, one.at, one.note) for one in decisions]
        events = [
            (one.at, "decided", one.case, {"by": one.who, "ruling": one.ruling.name, "number": one.number})
            for one in decisions
        ]
        self._write("INSERT INTO decisions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", rows, events)

    def decisions(self) -> list[Decision]:
        """All of them, oldest first."""
        query = "SELECT case_key, ruling, who, at, number, page, note FROM decisions ORDER BY id"
        return [Decision(case, Ruling(ruling), *rest) for case, ruling, *rest in self._rows(query)]

    def about(self) -> dict[str, About]:
        """What is known of each issued paper, by number, from its latest edition."""
        query = f"""
            SELECT number, kind, documents.key, region, serial, deflated FROM documents JOIN editions USING (number)
            JOIN contexts ON edition = id WHERE id IN ({LATEST})
        """  # noqa: S608 - a constant
        return {
            number: _about(number, kind, key, region, serial, unpacked(context))
            for number, kind, key, region, serial, context in self._rows(query)
        }

    def _write(self, statement: str, rows: list[tuple[Any, ...]], events: Sequence[Line] = ()) -> None:
        with self.together():
            self._db.executemany(statement, rows)
            if events:
                self.log(events)


def _about(number: str, kind: str, key: str, region: str, serial: int, context: Mapping[str, Any]) -> About:
    title = _text(context, "문서", "제목")
    area, province, council = (_text(context, "지역", name) for name in ("이름", "시도", "협의회"))
    office = _text(context, "후보", "직위") or _text(context, "서명", "직함")
    bodies = [_text(context, part, "이름") for part in ("후보", "정당", "회원단체")]
    return About(
        number, kind, region, serial, title, area, council, key, province, office, next(filter(None, bodies), "")
    )


def _text(context: Mapping[str, Any], part: str, name: str) -> str:
    within = context.get(part)
    return str(within.get(name, "")) if isinstance(within, dict) else ""


def page_of(facts: Mapping[str, Any]) -> PageSeen:
    """A page as it was recorded."""
    sheets = tuple(_sheet(one) for one in facts["sheets"])
    return PageSeen(facts["page"], sheets, facts["blank"], tuple(facts["foreign_codes"]), facts["problem"])


def _sheet(facts: Mapping[str, Any]) -> SheetSeen:
    judged = _judgement(facts["judgement"]) if facts["judgement"] else None
    return SheetSeen(facts["code"], Method(facts["method"]), facts["suggestion"], facts["turn"], judged)


def _judgement(facts: Mapping[str, Any]) -> Judgement:
    return Judgement(
        tuple(
            Signature(one["side"], one["name"], Verdict(one["verdict"]), one["score"], Box(**one["box"]))
            for one in facts["signatures"]
        ),
        tuple(Mark(Change(one["change"]), Box(**one["box"]), one["words"]) for one in facts["marks"]),
        facts["one_bit"],
        facts["registered"],
        facts["quality"],
    )
