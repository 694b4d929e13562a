"""Amounts and numbering as printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.korean import numbers


@pytest.mark.parametrize(
    ("value", "short", "formal"),
    [
        (20000, "20,000원", "일금 이만원정"),
        ("20000", "20,000원", "일금 이만원정"),
        ("20,000", "20,000원", "일금 이만원정"),
        (113560, "113,560원", "일금 일십일만삼천오백육십원정"),
        (0, "0원", "일금 영원정"),
        (1, "1원", "일금 일원정"),
        (10, "10원", "일금 일십원정"),
        (10000, "10,000원", "일금 일만원정"),
        (1010, "1,010원", "일금 일천일십원정"),
        (100000000, "100,000,000원", "일금 일억원정"),
        (1200003400, "1,200,003,400원", "일금 일십이억삼천사백원정"),
    ],
)
def test_amounts(value, short, formal):
    assert numbers.won(value) == short
    assert numbers.won_formal(value) == formal


def read_aloud(words):
    """Independent of the spelling: sums up group by group, as one hears it."""
    total = group = digit = 0
    for sign in words:
        if sign in "십백천":
            group += digit * 10 ** ("십백천".index(sign) + 1)
            digit = 0
        elif sign in "만억조경":
            total += (group + digit) * 10_000 ** ("만억조경".index(sign) + 1)
            group = digit = 0
        else:
            digit = "영일이삼사오육칠팔구".index(sign)
    return total + group + digit


@given(st.integers(0, 10**20 - 1) | st.integers(0, 10**7))
def test_a_formal_amount_reads_back(number):
    assert read_aloud(numbers.won_formal(number).removeprefix("일금 ").removesuffix("원정")) == number
    assert numbers.won_formal(f"{number:,}") == numbers.won_formal(number)


def test_a_negative_amount_is_printed_but_not_spelled():
    assert numbers.won(-20000) == "-20,000원"
    with pytest.raises(ValueError, match="cannot be spelled out"):
        numbers.won_formal(-1)
    with pytest.raises(ValueError, match="cannot be spelled out"):
        numbers.won_formal(10**20)


@pytest.mark.parametrize("wrong", ["", "2,00", "20000원", "1.5", "²", "１０", "+5", " 5", None, 2.0, True])
def test_what_is_no_whole_number_is_refused(wrong):
    with pytest.raises(ValueError, match="not a whole number"):
        numbers.won(wrong)


@pytest.mark.parametrize(
    ("number", "article", "ganada", "circled"),
    [
        (1, "제1조", "가", "①"),
        ("2", "제2조", "나", "②"),
        (14, "제14조", "하", "⑭"),
        (15, "제15조", "거", "⑮"),
        (16, "제16조", "너", "⑯"),
        (20, "제20조", "버", "⑳"),
        (21, "제21조", "서", "(21)"),
        (29, "제29조", "고", "(29)"),
        (84, "제84조", "히", "(84)"),
    ],
)
def test_numbering(number, article, ganada, circled):
    assert numbers.article(number) == article
    assert numbers.ganada(number) == ganada
    assert numbers.circled(number) == circled


def test_no_two_places_in_a_list_look_alike():
    assert len({numbers.ganada(number) for number in range(1, 85)}) == 84
    assert len({numbers.circled(number) for number in range(1, 100)}) == 99


@pytest.mark.parametrize("function", [numbers.article, numbers.ganada, numbers.circled])
@pytest.mark.parametrize("wrong", [0, -1, "0"])
def test_numbering_starts_at_one(function, wrong):
    with pytest.raises(ValueError, match="numbering starts at 1"):
        function(wrong)


def test_ganada_ends():
    with pytest.raises(ValueError, match="ends at 84"):
        numbers.ganada(85)
