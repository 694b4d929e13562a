"""The register (SQLite): everything issued. The one thing that cannot be derived again.

An edition is recorded before its files are published: a run that dies between the two leaves a record without its
file, which the next run sees and makes. Rows are only ever added.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.doors import register_contexts, register_deliveries, register_returns, register_volumes
from pipeline.doors.register_contexts import packed, unpacked
from pipeline.doors.register_deliveries import LATEST
from pipeline.model.documents import Context, Edition, Issued, Job
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.model.identity import NUMBER
from pipeline.model.scans import Box, IssuedPage, SignBox

FILE = "register.sqlite"
_VERSION = 6
_NO_ROOM = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"})
_IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED")
_OUT_OF_REACH = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_PERM", "SQLITE_READONLY")
"""Faults of the machine, not of the file: a register that somebody else has open is not damaged."""
_TOO_SHORT = "SQLITE_IOERR_SHORT_READ"
"""The one fault among these that the file itself has."""
_SCHEMA = """
CREATE TABLE documents (
    number TEXT PRIMARY KEY,            -- given once, never reused
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,               -- the subject's key: 후보자ID
    region TEXT NOT NULL,               -- code
    serial INTEGER NOT NULL,
    UNIQUE (kind, key),
    UNIQUE (kind, region, serial)
) STRICT;
CREATE TABLE editions (
    id          INTEGER PRIMARY KEY,    -- the latest of a number is its present state
    number      TEXT NOT NULL REFERENCES documents,
    revision    INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    context     TEXT NOT NULL,          -- JSON: later steps never read the spreadsheets again
    docx        TEXT NOT NULL,          -- path below outputs/
    docx_sha256 TEXT NOT NULL,
    pdf         TEXT NOT NULL,
    pdf_sha256  TEXT NOT NULL,          -- '' while the PDF is waiting
    pages       INTEGER NOT NULL,
    converter   TEXT NOT NULL,
    made_at     TEXT NOT NULL           -- ISO 8601, UTC
) STRICT;
CREATE INDEX editions_of ON editions (number, id);
"""
_PAGES = """
CREATE TABLE pages (                    -- as they were issued
    edition    INTEGER NOT NULL REFERENCES editions,
    page       INTEGER NOT NULL,        -- from 1
    check_code TEXT NOT NULL,
    text       TEXT NOT NULL,           -- without blanks
    PRIMARY KEY (edition, page)
) STRICT;
CREATE TABLE boxes (                    -- where people sign: mm from the page's upper left corner
    edition INTEGER NOT NULL,
    page    INTEGER NOT NULL,
    side    TEXT NOT NULL,
    name    TEXT NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
    FOREIGN KEY (edition, page) REFERENCES pages
) STRICT;
CREATE INDEX boxes_of ON boxes (edition, page);
"""
_LAYOUTS = (
    _SCHEMA,
    _PAGES,
    register_returns.SCHEMA,
    register_volumes.SCHEMA,
    register_deliveries.SCHEMA,
    register_contexts.SCHEMA,
)
"""What each version of the layout added."""


class Register(register_volumes.Volumes, register_returns.Returns, register_deliveries.Deliveries):
    """An open register. Use it in a `with`.

    Args:
        folder: the outputs folder; the file is made when absent, unless `readonly`.
        readonly: the file stays as it is, its layout and its permissions, too.

    Raises:
        Trouble: register.damaged, register.busy, register.newer, or output.unwritable's like for a file out of reach.
    """

    def __init__(self, folder: Path, *, readonly: bool = False) -> None:
        self._path = folder / FILE
        target = str(self._path)
        if readonly and not (self._path.exists() and self._path.stat().st_size):
            target = ":memory:"
        self._shown = Cell(f"{folder.name}/{FILE}")
        try:
            self._db = sqlite3.connect(target, isolation_level=None)
            self._db.execute("PRAGMA foreign_keys = ON")
            if not readonly:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._path.chmod(0o600)
            self._prepare(readonly=readonly)
            self._db.execute(f"PRAGMA query_only = {int(readonly)}")
        except (sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    def _prepare(self, *, readonly: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise Trouble(finding("register.newer", self._shown, layout=version))
        if version < _VERSION:
            if readonly:
                self._db = _in_memory(self._db)
            register_contexts.prepare(self._db)
            added = "".join(_LAYOUTS[version:])
            self._db.executescript(f"BEGIN;{added}PRAGMA user_version = {_VERSION};COMMIT;")

    def _trouble(self, error: Exception) -> Trouble:
        name = getattr(error, "sqlite_errorname", "")
        if name in _NO_ROOM:
            code = "output.full"
        elif name.startswith(_IN_USE):
            code = "register.busy"
        elif isinstance(error, OSError) or (name.startswith(_OUT_OF_REACH) and name != _TOO_SHORT):
            code = "output.unwritable"
        else:
            code = "register.damaged"
        problem = (error.strerror or "") if isinstance(error, OSError) else str(error)
        return Trouble(finding(code, self._shown, problem=problem))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever is recorded in here is recorded as one: all or none.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        if self._db.in_transaction:
            yield
            return
        try:
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def issued(self, keys: Collection[str] = ()) -> dict[tuple[str, str], Issued]:
        """The latest edition of every document, by kind and subject key; of some subjects where `keys` are given."""
        some = f"AND key IN ({', '.join('?' * len(keys))})" if keys else ""
        return {(one.kind, one.key): one for one in self._issued(f"id IN ({LATEST}) {some}", *keys)}

    def revised(self) -> list[Issued]:
        """The last edition of each revision that was followed by another one."""
        last = "SELECT max(id) FROM editions GROUP BY number, revision"
        return self._issued(f"id IN ({last}) AND id NOT IN ({LATEST}) ORDER BY number, revision")

    def _issued(self, which: str, *values: str) -> list[Issued]:
        query = """
            SELECT number, kind, key, region, serial, revision, fingerprint, docx, docx_sha256, pdf, pdf_sha256,
                   pages, converter, renderer, template, said
            FROM documents JOIN editions USING (number) WHERE
        """
        found = [Issued(*row) for row in self._rows(f"{query} {which}", *values)]
        for one in found:
            # Files are written and removed at these paths: one that leads out of the folder was not written by us.
            if _leads_out(one.docx) or _leads_out(one.pdf):
                raise self._trouble(sqlite3.DatabaseError(f"{one.number}: a path that leads out"))
        return found

    def examine(self) -> None:
        """Look at every page of the file.

        Raises:
            Trouble: register.damaged.
        """
        found = [row[0] for row in self._rows("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise self._trouble(sqlite3.DatabaseError(found[0]))
        self.issued()
        self.revised()

    def made_before(self) -> frozenset[str]:
        """Hashes of every file that was ever published: a file with another one was changed by hand."""
        rows = self._rows("SELECT docx_sha256, pdf_sha256 FROM editions")
        return frozenset(digest for row in rows for digest in row if digest)

    def context_of(self, number: str, revision: int = 0) -> Context:
        """What a number's latest edition was made from, or the last one of a revision; empty where there is none."""
        query = """
            SELECT deflated FROM contexts JOIN editions ON edition = id
            WHERE number = ?1 AND (revision = ?2 OR ?2 = 0) ORDER BY revision DESC, id DESC LIMIT 1
        """
        found = next(iter(self._rows(query, number, revision)), None)
        try:
            return unpacked(found[0]) if found else {}
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def reserve(self, numbers: Mapping[str, str]) -> None:
        """Numbers that were given to nobody known, each with its kind: they are never given again.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        rows = []
        for number, kind in sorted(numbers.items()):
            _, region, serial = number.split("-")
            rows.append((number, kind, f"?{number}", region, int(serial)))
        self._write("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)", rows)

    def numbers(self) -> frozenset[str]:
        """Every number that was ever given, those that are only reserved included."""
        return frozenset(number for (number,) in self._rows("SELECT number FROM documents"))

    def serials(self) -> dict[tuple[str, str], int]:
        """The highest serial ever given, by kind and region."""
        rows = self._rows("SELECT kind, region, max(serial) FROM documents GROUP BY kind, region")
        return {(kind, region): serial for kind, region, serial in rows}

    def _rows(self, query: str, *values: str | int) -> Iterable[Any]:
        try:
            with closing(self._db.cursor()) as cursor:
                return cursor.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def record(self, editions: Iterable[tuple[Job, Edition]], contexts: Mapping[str, bytes] | None = None) -> None:
        """Record editions in one transaction: all or none.

        Args:
            editions: with their jobs.
            contexts: of their jobs, by number, as `packed`; others are packed here.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        with self.together():
            events = []
            for job, edition in editions:
                context = (contexts or {}).get(job.number) or packed(job.context)
                events.append((edition.made_at, "issued", job.number, _issue(job, edition)))
                self._db.execute(
                    "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)",
                    (job.number, job.kind, job.key, job.region, job.serial),
                )
                made = self._db.execute(
                    "INSERT INTO editions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        job.number, job.revision, job.fingerprint, job.docx,
                        edition.docx_sha256, job.pdf, edition.pdf_sha256, edition.pages, edition.converter,
                        edition.made_at, job.renderer, job.template, job.said,
                    ),
                )  # fmt: skip
                self._db.execute("INSERT INTO contexts VALUES (?, ?)", (made.lastrowid, context))
                self._print(made.lastrowid or 0, edition)
            self.log(events)

    def _print(self, edition: int, record: Edition) -> None:
        for number, page in enumerate(record.printed, start=1):
            self._db.execute("INSERT INTO pages VALUES (?, ?, ?, ?)", (edition, number, page.check, page.text))
            self._db.executemany(
                "INSERT INTO boxes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (edition, number, one.side, one.name, one.box.x, one.box.y, one.box.width, one.box.height)
                    for one in page.boxes
                ],
            )

    def issued_pages(self) -> list[IssuedPage]:
        """Every page of every edition, in the order in which they were issued."""
        boxes: dict[tuple[int, int], list[SignBox]] = {}
        for edition, page, side, name, *place in self._rows("SELECT * FROM boxes ORDER BY rowid"):
            boxes.setdefault((edition, page), []).append(SignBox(side, name, Box(*place)))
        query = """
            SELECT number, revision, edition, page, pages.pages, check_code, text, pdf, pdf_sha256
            FROM (SELECT *, count(*) OVER (PARTITION BY edition) AS pages FROM pages) AS pages
            JOIN editions ON editions.id = edition ORDER BY edition, page
        """
        return [
            IssuedPage(
                number, revision, edition, page, pages, check, text, tuple(boxes.get((edition, page), ())), pdf, digest
            )
            for number, revision, edition, page, pages, check, text, pdf, digest in self._rows(query)
        ]

    def copy_to(self, target: Path) -> None:
        """A copy of the whole, in one file.

        Raises:
            Trouble: register.damaged (a full disk too).
        """
        try:
            with closing(sqlite3.connect(target)) as copy:
                self._db.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def tables(self) -> Iterator[tuple[str, list[dict[str, object]]]]:
        """Every table by name, its rows in order.

        Raises:
            Trouble: register.damaged.
        """
        try:
            yield from tables_of(self._db)
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()


def numbers_in(folder: Path, kinds: Iterable[str]) -> frozenset[str]:
    """Numbers that stand in registers which were put aside, however damaged these are.

    SQLite keeps a row's texts side by side, so a number that was given is followed by its kind.

    Args:
        folder: the outputs folder.
        kinds: names of the campaign's.
    """
    names = "|".join(re.escape(one) for one in kinds).encode()
    given = re.compile(rb"(" + NUMBER.encode() + rb")(?:" + names + rb")")
    kept = sorted(folder.glob(f"{FILE}.damaged-*"))
    return frozenset(found.decode() for path in kept for found in given.findall(path.read_bytes()))


def _leads_out(path: str) -> bool:
    # A Path for each would take longer than reading them all.
    is_odd = ".." in path or ":" in path or path.startswith(("/", "\\"))
    return is_odd and (Path(path).is_absolute() or ".." in Path(path).parts)


def _in_memory(database: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of a register that must not be touched."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(database):
        database.backup(copy)
    return copy


def tables_in(blob: bytes) -> dict[str, list[dict[str, object]]]:
    """The tables of a register that was copied.

    Raises:
        ValueError: it is none, or damaged.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(blob)
            return dict(tables_of(database))
    except sqlite3.Error as error:
        raise ValueError("no register") from error


def tables_of(database: sqlite3.Connection) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Every table of a register by name, its rows in order.

    Raises:
        sqlite3.Error: damaged.
    """
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in names:
        if not name.isidentifier():
            raise sqlite3.DatabaseError("a table that is none of ours")
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        rows = database.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()  # noqa: S608 - a plain word
        yield name, [register_contexts.shown(dict(zip(columns, row, strict=True))) for row in rows]


def _issue(job: Job, edition: Edition) -> dict[str, object]:
    return {"revision": job.revision, "docx": edition.docx_sha256, "pdf": edition.pdf_sha256}
