"""Rules of particles that hold for any text."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.korean.particles import decidable, particle, with_particle

PAIRS = st.sampled_from(
    ["은/는", "이/가", "을/를", "과/와", "으로/로", "이라/라", "아/야", "이나/나", "이며/며", "이랑/랑"]
)
SYLLABLES = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
WORDS = st.text(SYLLABLES, min_size=1, max_size=8)
ANYTHING = st.text(max_size=30)
BRACKETS = ("()", "[]", "{}", "〔〕", "【】", "（）")
QUOTES = ("''", '""', "‘’", "“”", "「」", "『』", "《》", "〈〉")
WITHOUT_BRACKETS = ANYTHING.filter(
    lambda text: not set("()[]{}〔〕【】〖〗") & set(unicodedata.normalize("NFKC", text))
)
SILENT = st.text(st.sampled_from(" \u00a0\u3000\u200b\u200d\u2060\ufeff\u00ad.!?…,"), max_size=4)

any_time = settings(deadline=None)


@any_time
@given(before=ANYTHING, last=SYLLABLES, pair=PAIRS)
def test_only_the_last_spoken_syllable_counts(before, last, pair):
    assert particle(before + last, pair) == particle(last, pair)


@any_time
@given(word=WORDS)
def test_the_choice_follows_from_the_final_consonant(word):
    final = unicodedata.normalize("NFD", word[-1])[2:]
    assert particle(word, "은/는") == ("은" if final else "는")
    assert particle(word, "으로/로") == ("으로" if final and final != "\u11af" else "로")


@any_time
@given(text=st.one_of(WORDS, ANYTHING), pair=PAIRS)
def test_nfd_and_nfc_agree(text, pair):
    assert particle(unicodedata.normalize("NFD", text), pair) == particle(unicodedata.normalize("NFC", text), pair)


@any_time
@given(
    word=WORDS,
    inside=WITHOUT_BRACKETS,
    bracket=st.sampled_from(BRACKETS),
    gap=st.sampled_from(["", " "]),
    pair=PAIRS,
)
def test_a_bracket_behind_a_word_is_ignored(word, inside, bracket, gap, pair):
    assert particle(word + gap + bracket[0] + inside + bracket[1], pair) == particle(word, pair)


@any_time
@given(word=WORDS, quotes=st.sampled_from(QUOTES), pair=PAIRS)
def test_quotes_are_ignored(word, quotes, pair):
    assert particle(quotes[0] + word + quotes[1], pair) == particle(word, pair)


@any_time
@given(word=WORDS, end=SILENT, pair=PAIRS)
def test_silent_characters_at_the_end_are_ignored(word, end, pair):
    assert particle(word + end, pair) == particle(word, pair)


@any_time
@given(text=ANYTHING, pair=PAIRS)
def test_any_text_gets_one_form_or_both_and_says_which(text, pair):
    form = particle(text, pair)
    assert (form in pair.split("/")) == decidable(text)
    assert with_particle(text, pair).endswith(form)
    assert text.startswith(with_particle(text, pair).removesuffix(form))


@any_time
@given(number=st.integers(0, 10**16))
def test_thousands_commas_do_not_change_a_number(number):
    assert particle(f"{number:,}", "으로/로") == particle(f"{number}", "으로/로")
