"""What has changed between two texts."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.korean.differences import differences

ROLL = "".join(f"{number}활동가{number}협동조합" for number in range(1, 3_001))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("같은글", "같은글", ""),
        ("예산의범위에서한다.", "예산범위에서한다.", "예산[의 → ]범위에서한다"),
        ("A-1100-0001·1판", "A-1100-0001·2판", ""),
        (ROLL, ROLL, ""),
        (ROLL, ROLL.replace("활동가1500협", "활동가김협"), "500활동가[1500 → 김]협동조합15"),
        (ROLL, "머리" + ROLL, "[ → 머리]1활동가1협"),
        (ROLL, ROLL + "끝", "00협동조합[ → 끝]"),
    ],
    ids=range(8),
)
def test_differences(old: str, new: str, said: str) -> None:
    assert differences(old, new) == said


def test_of_a_roll_one_place_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing every sign with every other takes minutes there."""
    monkeypatch.setattr(difflib, "SequenceMatcher", None)
    new = ROLL.replace("활동가7협", "활동가일곱협").replace("활동가2999협", "활동가구구협")
    assert differences(ROLL, new).startswith("조합7활동가[7협동조합8활동가8")
    assert " · " not in differences(ROLL, new)


@given(st.text("가나", max_size=9), st.text("가나", max_size=9))
def test_of_long_texts_what_is_told_leads_from_one_to_the_other(before: str, after: str) -> None:
    old, new = ROLL + before + ROLL, ROLL + after + ROLL
    told = differences(old, new)
    assert bool(told) == (before != after)
    if told:
        out, _, into = told[told.index("[") + 1 : told.index("]")].partition(" → ")
        assert len(out) <= len(before)
        assert len(into) <= len(after)
        assert len(into) - len(out) == len(after) - len(before)
