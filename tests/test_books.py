"""Workbooks as people really keep them: `tests/data/books`, each beside what must be said of it (see `books.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import BOOKS, Case, said

EXPECTED = sorted(BOOKS.glob("*.txt"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose inputs are the corpus."""
    root = tmp_path_factory.mktemp("books")
    (root / "inputs").symlink_to(BOOKS)
    return root


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".txt"))
def test_book(path: Path, folder: Path) -> None:
    case = Case.of(path)
    records, lines = said(case, folder)
    assert lines == case.lines
    assert records == case.records


def test_every_book_has_its_expected_findings() -> None:
    books = {path.name for path in BOOKS.iterdir() if path.suffix != ".txt"}
    assert {path.name.removesuffix(".txt") for path in EXPECTED} == books
    assert len(books) >= 60
