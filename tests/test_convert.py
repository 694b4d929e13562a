"""The check of a PDF against its Word file: every word is found, and no long document takes its length squared."""

from __future__ import annotations

import time

import pytest

from pipeline.doors.papers import _all_read
from pipeline.doors.pdf import Page


def page(*words: str) -> Page:
    """A page of words as a reader finds them; `-` stands where a line breaks within a word."""
    return Page("".join(words).replace("-", ""), frozenset(piece for word in words for piece in word.split("-")))


PAGES = [page("서울특별시", "사회적-경제", "1쪽"), page("협약", "선언-", "2쪽"), page("자", "끝.", "3쪽")]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["서울특별시", "협약", "끝."], True),
        (["사회적경제"], True),
        (["끝.", "사회적경제", "서울"], True),
        (["선언자"], True),
        (["끝.", "선언자"], True),
        (["없음"], False),
        (["사회적경체"], False),
        (["끝.", "자협약"], False),
        (["서울특별시", "협약", "선언사"], False),
        ([], True),
    ],
)
def test_words_are_looked_for_everywhere(words: list[str], verdict: object) -> None:
    assert _all_read(words, PAGES) is verdict


def test_a_document_of_one_page_and_of_none() -> None:
    assert _all_read(["협약"], [page("협-약")])
    assert not _all_read(["협약"], [])
    assert not _all_read(["협약서"], [page("협약")])


def test_a_roll_of_20_000_is_read_once() -> None:
    """Every word broken over two lines, one in thirty over two pages: the worst there is."""
    names = [
        f"{chr(0xAC00 + number % 11172)}{chr(0xAC00 + number * 7 % 11172)}{number:05}조합" for number in range(20_000)
    ]
    pages, rest = [], ""
    for start in range(0, len(names), 30):
        *whole, last = names[start : start + 30]
        pages.append(page(f"{rest}-", *(f"{name[:2]}-{name[2:]}" for name in whole), f"{last[:3]}-", f"쪽{start}"))
        rest = last[3:]
    pages.append(page(rest))
    begin = time.perf_counter()
    assert _all_read(names, pages)
    # 0.1 s where this was written; searching the whole text for each word took 20 times as long.
    assert time.perf_counter() - begin < 3
    assert not _all_read([*names, "없는이름"], pages)
