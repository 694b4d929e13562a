"""Which choice is marked: what people write, beside what it is read as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.choices import Answer
from pipeline.model.marks import read, spoken

PRINTED = "□ 수용  □ 부분수용  □ 불수용  □ 기타의견"
OFFERED = (Answer.ACCEPTED, Answer.PARTIAL, Answer.REFUSED, Answer.OTHER)
SIGNS = "■☑☒√✓✔vVOo○◯●xX×✗◉▣"


def answers(text: str) -> str:
    return " ".join(one.value for one in read(text).chosen)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (PRINTED, ""),
        ("", ""),
        ("무응답", ""),
        # A sign in place of the box, beside it, after the word, in brackets.
        ("□ 수용  √ 부분수용  □ 불수용  □ 기타의견", "부분수용"),
        ("□ 수용  √□ 부분수용  □ 불수용  □ 기타의견", "부분수용"),
        ("□√ 수용  □ 부분수용  □ 불수용  □ 기타의견", "수용"),
        ("□ 수용√  □ 부분수용  □ 불수용  □ 기타의견", "수용"),
        ("□ 수용 √  □ 부분수용  □ 불수용  □ 기타의견", "수용"),
        ("□ 수용  □ 부분수용√  불수용  □ 기타의견", "부분수용"),
        ("□ 수용  □ 부분수용  □ 불수용  □ 기타의견 √", "기타의견"),
        ("수용(O) 부분수용( ) 불수용( ) 기타의견( )", "수용"),
        ("[v] 수용 [ ] 부분수용 [ ] 불수용 [ ] 기타", "수용"),
        ("수용 □ 부분수용 ■ 불수용 □ 기타의견 □", "부분수용"),
        ("v수용 □부분수용 □불수용 □기타의견", "수용"),
        ("ㅇ수용 □부분수용 □불수용 □기타의견", "수용"),
        ("■ 수용\n□ 부분 수용\n□ 불 수용\n□ 기타 의견 (        )", "수용"),
        # Circles as boxes, circles as marks, O beside X.
        ("○ 수용 ● 부분수용 ○ 불수용 ○ 기타의견", "부분수용"),
        ("○ 수용 ○ 부분수용 ○ 불수용 ○ 기타의견", ""),
        ("○ 수용 □ 부분수용 □ 불수용 □ 기타의견", "수용"),
        ("O 수용 X 부분수용 X 불수용 X 기타의견", "수용"),
        ("□ 수용 □ 부분수용 x 불수용 □ 기타의견", "불수용"),
        # The others deleted.
        ("수용", "수용"),
        ("□ 부분 수용", "부분수용"),
        ("불수용합니다.", "불수용"),
        ("수용 불가", "불수용"),
        ("수용 어려움", ""),
        # O and X as yes and no: X does not choose the only choice, nor does it choose the opposite.
        *((text, "") for text in ("수용 X", "수용(X)", "수용 ×", "X 수용", "수용: x", "수용 Ｘ", "수용 ❌")),
        *((text, "") for text in ("불수용 X", "수용 O/X", "[x] 수용", "수용 X (예산 부족)", "수용 X 수용")),
        *((text, "수용") for text in ("수용 O", "수용(○)", "O 수용", "수용 √", "[v] 수용")),
        ("수용 X  불수용 O", "불수용"),
        ("□ 수용 여부 미정", ""),
        # Beside.
        (f"{PRINTED}  수용", "수용"),
        # Two, or nobody can say which.
        ("■ 수용  ■ 부분수용  □ 불수용  □ 기타의견", "수용 부분수용"),
        ("□ 수용 √ □ 부분수용  □ 불수용  □ 기타의견", "수용 부분수용"),
        ("수용 √ 부분수용 불수용 기타의견", "수용 부분수용"),
        ("□ 수용 x 부분수용 x 불수용 x 기타의견", "부분수용 불수용 기타의견"),
        ("■ 수용  □ 부분수용  □ 불수용  □ 기타의견  불수용", "수용 불수용"),
        # Words that are no choices.
        ("■ 기타의견: 장애인 수용시설부터 살핀 뒤", "기타의견"),
    ],
)
def test_what_people_write(text: str, chosen: str) -> None:
    assert answers(text) == chosen


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("□ 수용 ■ 부분수용 (예산 확보 후) □ 불수용 □ 기타의견", "(예산 확보 후)"),
        ("□ 수용  □ 부분수용  □ 불수용  ■ 기타의견: 3 ~ 5년 뒤", "3 ~ 5년 뒤"),
        ("■ 수용  □ 부분수용  □ 불수용  □ 기타의견", ""),
        ("■ 수용 ", ""),
    ],
)
def test_what_stands_beside_is_kept(text: str, beside: str) -> None:
    assert read(text).beside == beside


@pytest.mark.parametrize("text", ["수용 X", "수용(X)", "X 수용", "수용 O/X"])
def test_a_crossed_choice_alone_is_told_as_it_was_written(text: str) -> None:
    assert (read(text).beside, read(text).offered) == (text, 1)


def test_answers_in_words() -> None:
    assert spoken("수용함.") is Answer.ACCEPTED
    assert spoken("부분 수용합니다") is Answer.PARTIAL
    assert spoken("수용하기 어렵습니다") is None
    assert spoken("") is None


def sheet(signs: list[str], gaps: list[str], *, after: bool) -> str:
    cells = [
        f"{one.value} {sign}" if after else f"{sign} {one.value}" for one, sign in zip(OFFERED, signs, strict=True)
    ]
    return "".join(cell + gap for cell, gap in zip(cells, gaps, strict=True))


gaps = st.lists(st.sampled_from(["  ", "   ", "\n", " / "]), min_size=4, max_size=4)
boxes = st.sampled_from("□☐◻")


@given(chosen=st.sampled_from(OFFERED), sign=st.sampled_from(SIGNS), box=boxes, gaps=gaps, after=st.booleans())
def test_one_sign_is_one_answer(chosen: Answer, sign: str, box: str, gaps: list[str], *, after: bool) -> None:
    signs = [sign if one is chosen else box for one in OFFERED]
    assert read(sheet(signs, gaps, after=after)).chosen == (chosen,)


@given(marked=st.sets(st.sampled_from(OFFERED), min_size=2), box=boxes, gaps=gaps, after=st.booleans())
def test_several_signs_are_never_one_answer(marked: set[Answer], box: str, gaps: list[str], *, after: bool) -> None:
    signs = ["■" if one in marked else box for one in OFFERED]
    assert set(read(sheet(signs, gaps, after=after)).chosen) == marked


@given(box=boxes, gaps=gaps, after=st.booleans())
def test_no_sign_is_no_answer(box: str, gaps: list[str], *, after: bool) -> None:
    assert read(sheet([box] * 4, gaps, after=after)).chosen == ()


@given(st.text(alphabet=" \n□■√vOxX○●()[]수용부분불기타의견가함.", max_size=60))
def test_whatever_is_read_is_read_the_same_again(text: str) -> None:
    found = read(text)
    assert read(found.marked).chosen == found.chosen
    assert len(found.chosen) <= len(OFFERED)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    found = read(text)
    assert len(set(found.chosen)) == len(found.chosen)
