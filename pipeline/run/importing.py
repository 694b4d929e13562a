"""Imports: answer sheets that came back, demands sent in, and what an unknown spreadsheet would be taken for.

Both imports write one workbook below `inputs/`, which people go on editing; the campaign reads it as any other table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pipeline.doors import files
from pipeline.doors.books import kept_books
from pipeline.doors.books.kept_books import Column, Edit, Form
from pipeline.doors.books.sheets import located, read_blob, read_sheet
from pipeline.doors.register import Register
from pipeline.doors.word import answer_sheets
from pipeline.model import marks
from pipeline.model.book import Tables
from pipeline.model.campaign import Campaign
from pipeline.model.choices import Answer, Decision
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.records import MODELS, Demand, Record
from pipeline.model.returned import Collected, Entry, Incoming, Line, Returned
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.steps.explain import HEADER_ROWS, explain, mapping
from pipeline.steps.import_answers import Changes, Known
from pipeline.steps.import_answers import import_answers as sort_answers
from pipeline.steps.import_demands import Export, Growth, Wish
from pipeline.steps.import_demands import import_demands as number_demands
from pipeline.steps.read import read_records, read_tables
from pipeline.steps.read_campaign import CAMPAIGN_FILE, read_campaign

INPUTS = "inputs"
ANSWERS = "returned-answers.xlsx"
DEMANDS = "demands.xlsx"
_WORD = frozenset({".docx", ".docm"})
_SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})
_ANSWER_FORM = Form(
    "답변",
    "받은 답변",
    (
        Column("후보자ID", 14),
        Column("후보자", 14),
        Column("공약번호", 12),
        Column("공약", 42),
        Column("답변", 12, tuple(one.value for one in Answer)),
        Column("의견", 70),
        Column("받은 파일", 44),
    ),
)
_DEMAND_FORM = Form(
    "제도개선요구",
    "제도개선요구 목록",
    (
        Column("요구번호", 11),
        Column("단체", 30),
        Column("분과", 14),
        Column("시도", 15),
        Column("시군구", 12),
        Column("내용", 72),
        Column("받은 날", 12),
        Column("처리", 10, tuple(one.value for one in Decision)),
        Column("공약번호", 12),
        Column("병합 대상", 11),
        Column("사유", 40),
        Column("비슷한 요구", 22),
        Column("원본 표식", 15),
    ),
)
_LARGEST = 100_000_000
"""Bytes; a sheet with photographs of pages in it is far smaller."""
_QUIET = frozenset({"column.unknown", "sheet.empty", "sheet.unfilled"})
"""Findings of a table that do not matter when rows are only looked up in it, or taken from it."""
R = TypeVar("R", bound=Record)
Proof = Callable[[bytes], bool]
"""Whether a workbook, read back, holds what was put into it."""


# --- answers -----------------------------------------------------------------------------------------------------


def import_answers(options: Options, folder: Path) -> Outcome:
    """`hyeopyak import answers`: the answer sheets of a folder into `inputs/returned-answers.xlsx`."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    paths = list(_files(folder))
    if not paths:
        return Outcome((finding("import.nothing", folder=str(folder)),))
    outputs = options.folder / OUTPUTS
    with held(options.folder, outputs, findings, only_look=options.dry_run):
        book = _Book.of(options.folder, f"{ANSWERS}#{_ANSWER_FORM.sheet}", _ANSWER_FORM)
        kept, found = book.rows(Collected)
        known, more = _known(options.folder, campaign, kept)
        stopped = [*_stop(found, book), *more]
        if errors(stopped):
            return Outcome(tuple(stopped))
        incoming = []
        for path in paths:
            try:
                one, found = _incoming(path, _shown(path, options.folder), campaign.columns.get("answers", {}))
            except Trouble as trouble:
                found = [trouble.finding]
            else:
                incoming.append(one)
            findings += found
        changes, found = sort_answers(incoming, known)
        edit = Edit(
            [_answer_row(one) for one in changes.new],
            {row: _answer_row(one) for row, one in changes.replaced.items()},
        )
        written = book.write(options, edit, lambda blob: _answers_proved(blob, book, changes), findings)
    listed = any(source.partition("#")[0] == ANSWERS for source in campaign.tables.answers)
    unlisted = [] if listed or not book.is_there(written) else [_unlisted(book, "answers", campaign.tables.answers)]
    return Outcome((*findings, *found, *unlisted), files=written)


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder but those that programs leave there."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        leftover = path.name.startswith("~$") or path.name.casefold() in {"thumbs.db", "desktop.ini"}
        if path.is_file() and not hidden and not leftover:
            yield path


def _shown(path: Path, folder: Path) -> str:
    """A path as findings name it."""
    if path.is_absolute() and path.is_relative_to(folder.absolute()):
        return path.relative_to(folder.absolute()).as_posix()
    return path.as_posix()


def _known(folder: Path, campaign: Campaign, kept: Sequence[Collected]) -> tuple[Known, list[Finding]]:
    """What answers are compared with; errors where that cannot be known."""
    sources = tuple(one for one in campaign.tables.answers if one.partition("#")[0] != ANSWERS)
    others = campaign.model_copy(update={"tables": campaign.tables.model_copy(update={"answers": sources})})
    tables, findings = read_tables(folder, others, ["parties"])
    unread = [one for one in errors(findings) if one.code.startswith(("file.", "sheet.missing", "header.", "column."))]
    with Register(folder / OUTPUTS, readonly=True) as register:
        issued = {one.number: one.key for one in register.issued().values()}
    return _knowledge(tables, issued, kept), unread


def _knowledge(tables: Tables, issued: Mapping[str, str], kept: Sequence[Collected]) -> Known:
    senders = {one.key: one.name for one in tables.candidates if one.key}
    senders |= {one.key: one.name for one in tables.parties}
    return Known(
        issued=issued,
        senders=senders,
        pledges={one.number: one for one in tables.pledges},
        elsewhere={(one.candidate, one.pledge): one for one in tables.answers or ()},
        kept={(one.candidate, one.pledge): one for one in kept},
    )


def _incoming(path: Path, shown: str, columns: Mapping[str, str]) -> tuple[Incoming, list[Finding]]:
    """The rows of a file.

    Raises:
        Trouble: it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in _WORD | _SHEETS:
        raise Trouble(finding("import.kind", Cell(shown), problem=answer_sheets.unread(suffix)))
    if path.stat().st_size > _LARGEST:
        raise Trouble(finding("file.huge", Cell(shown)))
    blob = files.read(path, shown, "file.missing")
    sha256 = hashlib.sha256(blob).hexdigest()
    if suffix in _WORD:
        word = answer_sheets.read_word(blob, shown)
        rows, findings, _ = read_records(word.sheet, Returned)
        lines = [Line(row, word.readings[row.at.row]) for row in rows]
        return Incoming(shown, path.name, sha256, lines, word.numbers, word.person), _worth(findings)
    sheet = read_blob(blob, suffix, Cell(shown))
    rows, findings, _ = read_records(sheet, Returned, columns)
    above = sheet.rows[: min((row.at.row for row in rows), default=1) - 1]
    numbers = answer_sheets.numbers_in(text for row in above for text in row)
    lines = [Line(row, marks.read(row.answer)) for row in rows]
    return Incoming(shown, path.name, sha256, lines, numbers), _worth(findings)


def _worth(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.code not in _QUIET]


def _answer_row(one: Entry) -> dict[str, str]:
    return {
        "후보자ID": one.candidate,
        "후보자": one.name,
        "공약번호": one.pledge,
        "공약": one.title,
        "답변": one.answer.value,
        "의견": one.remark,
        "받은 파일": one.file,
    }


def _answers_proved(blob: bytes, book: _Book, changes: Changes) -> bool:
    """Whether the workbook, read back, says what was taken."""
    rows, _, _ = read_records(read_blob(blob, ".xlsx", Cell(book.shown, book.form.sheet)), Collected)
    says = {(one.candidate, one.pledge): (one.answer, " ".join(one.remark.split()), one.file) for one in rows}
    wanted = [*changes.new, *changes.replaced.values()]
    return all(says.get((one.candidate, one.pledge)) == (*one.says, " ".join(one.file.split())) for one in wanted)


# --- demands -----------------------------------------------------------------------------------------------------


def import_demands(options: Options, paths: Sequence[Path]) -> Outcome:
    """`hyeopyak import demands`: the rows of form exports into `inputs/demands.xlsx`."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    outputs = options.folder / OUTPUTS
    own = f"{DEMANDS}#{_DEMAND_FORM.sheet}"
    source = next((one for one in campaign.tables.demands if one.partition("#")[0].endswith(".xlsx")), own)
    with held(options.folder, outputs, findings, only_look=options.dry_run):
        book = _Book.of(options.folder, source, _DEMAND_FORM)
        kept, found = book.rows(Demand)
        stopped = _stop(found, book)
        if errors(stopped):
            return Outcome(tuple(stopped))
        exports = []
        for path in paths:
            try:
                sheet = read_sheet(path, _shown(path, options.folder))
                guessed, told = mapping(sheet, Wish)
                wishes, found, _ = read_records(sheet, Wish, {**guessed, **campaign.columns.get("demands", {})})
                exports.append(Export(Cell(sheet.file, sheet.name), wishes))
                findings += [*told, *_worth(found)]
            except Trouble as trouble:
                findings.append(trouble.finding)
        growth, found = number_demands(exports, kept, kept_books.last_number(book.blob, book.shown))
        edit = Edit(growth.new, {row: {"비슷한 요구": text} for row, text in growth.similar.items()}, growth.last)
        written = book.write(options, edit, lambda blob: _demands_proved(blob, book, growth), findings)
    listed = campaign.tables.demands or not book.is_there(written)
    unlisted = [] if listed else [_unlisted(book, "demands", ())]
    return Outcome((*findings, *found, *unlisted), files=written)


def _demands_proved(blob: bytes, book: _Book, growth: Growth) -> bool:
    rows, _, _ = read_records(read_blob(blob, ".xlsx", Cell(book.shown, book.form.sheet)), Demand)
    texts = {one.number: " ".join(one.text.split()) for one in rows}
    return all(texts.get(one["요구번호"]) == " ".join(one["내용"].split()) for one in growth.new)


# --- explain -----------------------------------------------------------------------------------------------------


def explain_file(options: Options, file: Path, sheet: str = "") -> Outcome:
    """`hyeopyak import --explain`: what a spreadsheet would be taken for. No campaign is needed."""
    grid = read_sheet(file, _shown(file, options.folder), sheet)
    models: dict[str, type[Record]] = {**MODELS, "demands": Wish}
    found = explain(grid, models)
    if found is None:
        return Outcome((finding("explain.nothing", Cell(grid.file, grid.name), rows=HEADER_ROWS),))
    return Outcome(explained=found)


# --- the workbook ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook below `inputs/` that people and the program keep together; `blob` is empty before there is one."""

    name: str
    """As `campaign.toml` spells it."""
    form: Form
    path: Path
    """As the disk spells it."""
    blob: bytes

    @classmethod
    def of(cls, folder: Path, source: str, form: Form) -> _Book:
        """The workbook of an entry of `[tables]`.

        Raises:
            Trouble: file.unreadable.
        """
        name, _, sheet = source.partition("#")
        path = located(folder / INPUTS, name)
        try:
            blob = files.read(path, f"{INPUTS}/{name}", "file.missing")
        except Trouble as trouble:
            if trouble.finding.code != "file.missing":
                raise
            blob = b""
        return cls(name, replace(form, sheet=sheet or form.sheet), path, blob)

    @property
    def shown(self) -> str:
        return f"{INPUTS}/{self.name}"

    def rows(self, model: type[R]) -> tuple[list[R], list[Finding]]:
        """Its rows, and what is wrong with them."""
        if not self.blob:
            return [], []
        try:
            records, findings, _ = read_records(read_blob(self.blob, ".xlsx", Cell(self.shown, self.form.sheet)), model)
        except Trouble as trouble:
            return [], [trouble.finding]
        return records, _worth(findings)

    def write(self, options: Options, edit: Edit, proved: Proof, findings: list[Finding]) -> tuple[str, ...]:
        """Write the workbook if it changes; its name if it was.

        Args:
            options: what was asked for.
            edit: the changes.
            proved: what looks at it before it is written.
            findings: where it is told that somebody has saved it since it was read.

        Raises:
            Trouble: import.check, output.unwritable, output.full.
        """
        if options.dry_run or not (edit.new or edit.changes):
            return ()
        blob = kept_books.edited(self.blob, self.form, edit, self.shown)
        if not proved(blob):
            raise Trouble(finding("import.check", Cell(self.shown)))
        inputs = options.folder / INPUTS
        name = self.path.relative_to(inputs).as_posix()
        if kept := files.set_aside(inputs, name, {hashlib.sha256(self.blob).hexdigest()}):
            findings.append(finding("file.meanwhile", Cell(self.shown), kept=kept))
        files.publish(inputs, [(name, blob)])
        return (self.shown,)

    def is_there(self, written: Sequence[str]) -> bool:
        return bool(self.blob or written)


def _stop(findings: Sequence[Finding], book: _Book) -> list[Finding]:
    """Errors of the workbook itself: what is added to it then could be lost or said twice."""
    wrong = errors(findings)
    return [*wrong, finding("import.unsound", Cell(book.shown, book.form.sheet))] if wrong else []


def _unlisted(book: _Book, table: str, sources: Sequence[str]) -> Finding:
    named = ", ".join(f'"{one}"' for one in (*sources, f"{book.name}#{book.form.sheet}"))
    line = f"{table} = [{named}]" if sources else f"{table} = {named}"
    return finding("import.unlisted", Cell(CAMPAIGN_FILE), file=book.shown, line=line)
