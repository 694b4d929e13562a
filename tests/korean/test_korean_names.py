"""Names: spaced, masked, compared, and their hanja."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.korean.names import compare_key, hanja_font_class, has_hanja, masked, spaced

HANGUL_NAMES = st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "on_the_line", "hidden"),
    [
        ("홍길동", "홍 길 동", "홍*동"),
        ("남궁슬기", "남 궁 슬 기", "남**기"),
        ("김구", "김 \u3000 구", "김*"),
        ("강 현 중", "강 현 중", "강*중"),
        ("박  훈", "박 \u3000 훈", "박*"),
        (" 홍길동\u200b", "홍 길 동", "홍*동"),
        ("홍\u3000길동", "홍 길 동", "홍*동"),
        (unicodedata.normalize("NFD", "홍길동"), "홍 길 동", "홍*동"),
        ("洪吉童", "洪 吉 童", "洪*童"),
        ("\uf9e1吉童", "\uf9e1 吉 童", "\uf9e1*童"),
        ("갈바드라크체체그수렌", "갈바드라크체체그수렌", "갈********렌"),
        ("Hong Gildong", "Hong Gildong", "H*********g"),
        ("홍", "홍", "*"),
        ("", "", ""),
    ],
)
def test_spaced_and_masked(name, on_the_line, hidden):
    assert spaced(name) == on_the_line
    assert masked(name) == hidden


@given(HANGUL_NAMES)
def test_spacing_adds_spaces_only_and_by_length(name):
    assert "".join(spaced(name).split()) == name
    assert len(spaced(name)) == {2: 5, 3: 5, 4: 7}.get(len(name), len(name))
    assert spaced(spaced(name)) == spaced(name)


@given(HANGUL_NAMES)
def test_masking_keeps_the_length_and_hides_something(name):
    assert len(masked(name)) == len(name)
    assert masked(name).count("*") == max(len(name) - 2, 1)
    assert all(shown in {"*", original} for shown, original in zip(masked(name), name, strict=True))
    assert masked(unicodedata.normalize("NFD", name)) == masked(name)


@example("\u0958")  # NFC makes it two
@given(st.text(max_size=10))
def test_any_text_can_be_spaced_masked_and_compared(name):
    assert compare_key(compare_key(name)) == compare_key(name)
    assert len(masked(name)) <= len(unicodedata.normalize("NFD", name))
    spaced(name)


@given(HANGUL_NAMES)
def test_one_key_for_all_spellings(name):
    for spelling in (spaced(name), f" {name}\u200b", unicodedata.normalize("NFD", name), "\u3000".join(name)):
        assert compare_key(spelling) == compare_key(name)


def test_the_key_unifies_compatibility_hanja_but_keeps_namesakes_apart():
    assert compare_key("\uf9e1哲洙") == compare_key("李哲洙")
    assert compare_key("金哲洙") != compare_key("金鐵洙")


@pytest.mark.parametrize("text", ["金", "홍길동(洪吉童)", "\uf9e1", "㐀", "\U00020000", "\U0002f800"])
def test_has_hanja(text):
    assert has_hanja(text)


@pytest.mark.parametrize("text", ["", "홍길동", "LG", "㈜", "12", "あ"])
def test_has_no_hanja(text):
    assert not has_hanja(text)


@pytest.mark.parametrize(
    ("one", "expected"), [("金", "ks"), ("\uf9e1", "ks"), ("椶", "rare"), ("鍰", "rare"), ("廮", "rare")]
)
def test_font_class(one, expected):
    assert hanja_font_class(one) == expected


def test_the_ks_hanja_are_as_many_as_unbatang_holds():
    unified = [chr(code) for code in range(0x4E00, 0xA000)]
    compatible = [chr(code) for code in range(0xF900, 0xFB00)]
    assert sum(hanja_font_class(one) == "ks" for one in unified) == 4620
    assert sum(hanja_font_class(one) == "ks" for one in compatible) == 268


@pytest.mark.parametrize("wrong", ["", "가", "A", "金哲"])
def test_the_font_class_is_asked_of_one_hanja(wrong):
    with pytest.raises(ValueError, match="not one hanja"):
        hanja_font_class(wrong)
