"""Spreadsheets."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl

from pipeline.doors.books.sheets import read_sheet
from pipeline.model.book import Tables
from pipeline.model.findings import errors
from pipeline.model.records import Activist, Candidate
from pipeline.steps.check import check
from pipeline.steps.read import read_records
from tools.bench import sample
from tools.bench.measure import ROOT, Measured, NotMeasured, Setting, Stopwatch, in_turn

_LIST = ROOT.parent / "shared" / "data" / "candidates_2026.csv"
"""The election commission's list, kept outside the repository because its people are real."""
_HEADERS = ("후보자ID", "선거종류", "시도", "선거구", "정당", "기호", "이름", "직업")


def against_pandas(setting: Setting) -> Measured:
    """Candidates of a workbook as checked records, against `pandas.read_excel` of the same file, all as text.

    Ours knows each value's cell, shows numbers as Excel does, finds error cells and merges, and checks every row;
    theirs gives a table of text. Both have been used before, so that no import is counted.
    """
    try:
        import pandas  # type: ignore[import-untyped]
    except ImportError:
        raise NotMeasured("pandas is not installed") from None
    rows = list(itertools.islice(_rows(), setting.pick(3001, 301)))
    path = setting.scratch / "candidates.xlsx"
    _write(path, rows)

    def ours(_: int) -> float:
        with Stopwatch() as watch:
            read = read_records(read_sheet(path, path.name), Candidate)
        sample.must_be_clean(errors(read[1]))
        return _milliseconds(watch, len(read[0]), len(rows) - 1)

    def theirs(_: int) -> float:
        with Stopwatch() as watch:
            frame = pandas.read_excel(path, dtype=str, keep_default_na=False)
        return _milliseconds(watch, len(frame), len(rows) - 1)

    for side in (ours, theirs):
        side(0)
    return Measured(in_turn(ours, theirs, setting.pick(7, 2)), len(rows) - 1)


def activists_against_pandas(setting: Setting) -> Measured:
    """Activists of a workbook as checked records, rules across rows included, against `pandas.read_excel` of the file.

    The largest table of a campaign: rolls of declarations held up to 6,003 names, and a national one may hold more.
    """
    try:
        import pandas
    except ImportError:
        raise NotMeasured("pandas is not installed") from None
    count = setting.pick(100_000, 1_000)
    path = setting.scratch / "activists.xlsx"
    _write(path, [_ROLL, *(_activist(number) for number in range(count))])

    def ours(_: int) -> float:
        with Stopwatch() as watch:
            records, findings, _rejected = read_records(read_sheet(path, path.name), Activist)
            findings += check(Tables(activists=tuple(records)))
        sample.must_be_clean(errors(findings))
        return _milliseconds(watch, len(records), count) / 1000

    def theirs(_: int) -> float:
        with Stopwatch() as watch:
            frame = pandas.read_excel(path, dtype=str, keep_default_na=False)
        return _milliseconds(watch, len(frame), count) / 1000

    return Measured(in_turn(ours, theirs, setting.pick(3, 1)), count)


_ROLL = ("이름", "소속", "직함", "시도", "시군구", "분야", "동의", "동의일", "동의방법", "비고")


def _activist(number: int) -> Sequence[str]:
    """An invented signer."""
    name = "".join(chr(ord("가") + number * step % 11172) for step in (7, 31, 131))
    body = f"{name[0]}빛협동조합{number % 5000}"
    return name, body, "이사", "서울특별시", "종로구", "돌봄", "예", f"2018-05-{number % 28 + 1:02}", "종이", ""


def _milliseconds(watch: Stopwatch, came: int, due: int) -> float:
    if came != due:
        raise RuntimeError(f"{came} rows were read, not {due}")
    return watch.seconds * 1000


def _rows() -> Iterator[Sequence[str]]:
    """Headers, then candidates: the commission's list where it is at hand, else invented ones."""
    if _LIST.exists():
        with _LIST.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)
        return
    yield _HEADERS
    for number in range(3000):
        ballot = number % 9 + 1
        district = f"제{number // 9 + 1}선거구"
        name = "".join(chr(ord("가") + number * step % 11172) for step in (7, 31, 131))
        yield str(918_100_000 + number), "시·도의원", "서울특별시", district, "무소속", str(ballot), name, "농업"


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("후보자")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
