"""Particles against the golden file, and what the golden file cannot say."""

import pytest
from golden_particles import FILE, cases

from pipeline.korean.particles import decidable, particle, with_particle
from pipeline.korean.readings import last_syllable
from pipeline.korean.spoken import UNITS, WORDS

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.line}-{case.text!a}+{case.pair}")
def test_golden(case):
    printed = with_particle(case.text, case.pair)
    verdict = f"{FILE.name}:{case.line} ({case.rule}): {case.text!r} + {case.pair}"
    assert printed == case.expected, f"{verdict} gives {printed!r}, not {case.expected!r}"
    assert printed.endswith(particle(case.text, case.pair)), verdict
    assert decidable(case.text) is ("(" not in particle(case.text, case.pair)), verdict


def test_golden_file_is_large_and_has_no_row_twice():
    assert len(CASES) >= 300
    assert len({(case.text, case.pair) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_is_read_as_its_name(unit):
    assert last_syllable(f"7{unit}") == UNITS[unit][-1]


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_listed_word_is_read_as_listed(word):
    spoken = WORDS[word]
    assert last_syllable(word) == (spoken[-1] if spoken else None)


ROMAN = list(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ", range(1, 13), strict=True))


@pytest.mark.parametrize(("capital", "small", "number"), ROMAN)
def test_roman_numerals_are_read_as_numbers(capital, small, number):
    assert last_syllable(capital) == last_syllable(small) == last_syllable(str(number))


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        ("Seoul Bank", "서울뱅크", "Seoul Bank는"),
        ("金哲洙", "김철수", "金哲洙는"),
        ("VI", "육", "VI은"),
        ("서울", "", "서울은"),
        ("서울", "?", "서울은"),
    ],
)
def test_a_given_reading_decides_and_an_empty_one_does_not(text, reading, expected):
    assert with_particle(text, "은/는", reading) == expected


@pytest.mark.parametrize("pair", ["", "은", "/", "은/", "/는", "은/는/도", "은/가", "이/", "의/도", "은-는"])
def test_what_is_no_pair_is_refused(pair):
    with pytest.raises(ValueError, match="not a pair of particles"):
        particle("서울", pair)


def test_the_printed_characters_are_those_that_came_in():
    assert with_particle("\uf9e1哲洙(이철수)", "은/는").startswith("\uf9e1")
    assert with_particle("１０％", "은/는") == "１０％는"
