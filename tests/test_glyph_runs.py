"""Text objects whose runs are put in their places: those that hold continued runs, or all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.doors.glyph_runs import Face, named, settle, subsets

FACES = {"F1": Face("Face", {1: 500.0, 2: 500.0}), "F2": Face("Face", {1: 500.0}), "F3": Face("Other", {1: 500.0})}
RUN = b"BT\n70 700 Td /F1 10 Tf[<01>-4<02>]TJ\n1 0 0 1 %b 700 Tm\n/F2 10 Tf<01>Tj\nET"
CONTINUED, SETTLED = RUN % b"80.1", RUN % b"80.13"
OTHERS = (
    b"BT\n70 700 Td /F1 10 Tf<01>Tj\nET",
    b"BT\n70 700 Td /F3 10 Tf<01>Tj\n1 0 0 1 80.1 700 Tm\n/F1 10 Tf<01>Tj\nET",
    b"q 1 0 0 1 3 4 cm",
    b"1 0 0 1 ",
    b"0.1 w\nQ",
    b"/E Do E T",
)


@given(st.lists(st.sampled_from([CONTINUED, *OTHERS])))
def test_continued_runs_are_settled_wherever_they_stand(parts: list[bytes]) -> None:
    content = b"\n".join(parts)
    assert settle(content, FACES, {}, {}) == content.replace(CONTINUED, SETTLED)


@given(st.lists(st.sampled_from([CONTINUED, *OTHERS])))
def test_a_document_of_one_subset_is_settled_as_one_of_which_nothing_is_known(parts: list[bytes]) -> None:
    content = b"\n".join(parts)
    assert settle(content, FACES, {}, {("F3", 9): 1}) == settle(content, FACES, {}, {})


HEIGHTS = st.sampled_from([b"700", b"700.5", b"-7", b"0", b"10", b"80.1", b"7000"])


@given(st.lists(st.tuples(HEIGHTS, HEIGHTS)))
def test_what_was_settled_at_another_height_is_settled_alike(heights: list[tuple[bytes, bytes]]) -> None:
    known: dict[bytes, bytes] = {}
    line = b"BT\n70 %b Td /F1 10 Tf[<01>-4<02>]TJ\n1 0 0 1 80.1 %b Tm\n/F2 10 Tf<01>Tj\nET"
    for one in heights:
        content = line % one
        is_a_line = one[0] == one[1]
        assert settle(content, FACES, known, {}) == (content.replace(b"1 80.1 ", b"1 80.13 ") if is_a_line else content)
    assert len(known) <= 2 * len(set(heights))


def shown(font: bytes, codes: range) -> bytes:
    return b"BT\n70 700 Td /%b 10 Tf[%b]TJ\nET" % (font, b"".join(b"<%02X>5" % code for code in codes))


def test_glyphs_beyond_a_subset_are_told_in_the_order_in_which_they_are_shown() -> None:
    first, second, third = shown(b"F1", range(1, 201)), shown(b"F2", range(1, 101)), shown(b"F2", range(1, 56))
    assert subsets(named(first + third + second[:60]), FACES) == {}
    assert subsets(named(first + second), FACES) == {("F2", code): 1 for code in range(56, 101)}
    assert subsets(named(first + first + second), FACES) == subsets(named(first + second), FACES)
    assert subsets(named(first + shown(b"F3", range(1, 201))), FACES) == {}


def test_what_a_page_names() -> None:
    content = (
        b"/E1 Do\n/F1 10 Tf[<01>-4<02>]TJ /F2 -1.5 Tf 3 Tr /GS gs/F3 9 Tf <0A>Tj /Fm0\nDo /P /MC0 BDC /N 3 Tfx /Do 1 w"
    )
    found = [(b"E1", b""), (b"F1", b"[<01>-4<02>]TJ"), (b"F2", b""), (b"F3", b"<0A>Tj"), (b"Fm0", b"")]
    assert named(content) == found
