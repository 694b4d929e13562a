"""Texts: each has its Korean, with the same placeholders; Korean help is Korean; both catalogue files are in step."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Message
from conftest import REPOSITORY

from pipeline.model.catalogue import CATALOGUE
from pipeline.model.findings import finding
from pipeline.show import language, report
from tools import messages

KNOWN = messages.read()
ENTRIES = [one for one in KNOWN if one.id]
WANTED = messages.merge(messages.collect(), KNOWN)
HINT = "run: python -m tools.messages"
WITHOUT_WORDS = {"{key}: {problem}."}
HANGUL = re.compile("[가-힣]")


def english(entry: Message) -> str:
    """The text whose placeholders count: with one Korean form for all numbers, that of many."""
    return entry.id if isinstance(entry.id, str) else entry.id[1]


def korean(entry: Message) -> str:
    return entry.string if isinstance(entry.string, str) else entry.string[0]


def placeholders(text: str) -> set[tuple[str, str, str]]:
    return {
        (name, conversion or "", spec or "") for _, name, spec, conversion in string.Formatter().parse(text) if name
    }


def is_clicks(entry: Message) -> bool:
    return {place for place, _ in entry.locations} == {"click"}


def test_every_text_has_a_korean_one():
    assert not messages.missing(WANTED), HINT
    assert {english(one) for one in ENTRIES if not HANGUL.search(korean(one))} == WITHOUT_WORDS


def test_nothing_is_obsolete():
    assert not WANTED.obsolete, HINT
    assert not any(one.fuzzy for one in ENTRIES)


def test_the_catalogue_is_in_order():
    assert messages.PO.read_bytes() == messages.as_po(WANTED), HINT


def test_the_compiled_catalogue_is_in_step():
    assert messages.MO.read_bytes() == messages.as_mo(WANTED), HINT


def test_placeholders_are_the_same():
    # Of click's we may leave some out: it fills them with English words.
    wrong = [
        korean(one)
        for one in ENTRIES
        if not (
            placeholders(korean(one)) <= placeholders(english(one))
            if is_clicks(one)
            else placeholders(korean(one)) == placeholders(english(one))
        )
    ]
    assert not wrong


def test_no_particle_depends_on_what_a_placeholder_holds():
    both = re.compile(r"[은는이가을를과와]\([은는이가을를과와]\)|\((?:으|이)\)")
    after = re.compile(r"\}['’\")]?(?:은|는|이|가|을|를|과|와|으?로|이?나|이?라|아|야)(?![가-힣])")
    texts = [korean(one) for one in ENTRIES]
    assert not [text for text in texts if both.search(text) or after.search(text)]
    assert after.search("{value}은 없습니다")
    assert after.search("'{file}'로 바꾸세요")
    assert both.search("{value}은(는)")


def test_sentences_are_polite():
    blunt = re.compile(r"(?<!니)다(?:[.!]|$)|(?<!세)요[.!]")
    assert not [text for one in ENTRIES if blunt.search(text := korean(one))]


def test_clicks_texts_exist_in_click():
    spoken = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                spoken |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    ours = {text for one in ENTRIES if is_clicks(one) for text in ([one.id] if isinstance(one.id, str) else one.id)}
    assert ours <= spoken


@pytest.fixture(params=["ko", "en"])
def spoken(request, monkeypatch):
    """The language in use."""
    monkeypatch.setenv("LANGUAGE", request.param)
    language.use(request.param)
    return request.param


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_can_be_told(code, spoken):
    entry = CATALOGUE[code]
    names = {name for name, _, _ in placeholders(entry.message) | placeholders(entry.remedy)}
    for suggestion in ("가나다", "") if "suggestion" in names else ("",):
        params = dict.fromkeys(names - {"suggestion"}, "보기") | (
            {"suggestion": suggestion} if "suggestion" in names else {}
        )
        one = finding(code, **params)
        assert report.message(one)
        assert bool(report.remedy(one)) == bool(entry.remedy.format_map({**params, "suggestion": suggestion}))
        told = f"{report.message(one)} {report.remedy(one)}"
        assert suggestion in told
        assert "{" not in told
        if spoken == "ko":
            # A command to type may follow; nothing else is in English.
            assert not re.search(r"(?:[A-Za-z]+ ){3}[a-z]", told.partition("apt-get")[0])


def test_a_problem_is_told_in_the_same_language(spoken):
    told = report.message(finding("output.full", problem="No space left on device"))
    assert told.endswith("저장할 자리가 없습니다." if spoken == "ko" else "No space left on device.")


def run(*arguments: str, **environment: str) -> tuple[str, str]:
    """Standard output and error of the command, in this environment and no other language."""
    clean = {
        name: value for name, value in os.environ.items() if name != "LANGUAGE" and not name.startswith(("LC_", "LANG"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**clean, **environment},
        cwd=REPOSITORY,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr


KOREAN_SYSTEMS = [
    {"LANGUAGE": "ko"},
    {"LANGUAGE": "ko:en"},
    {"LC_ALL": "ko_KR.UTF-8"},
    {"LANG": "ko_KR.UTF-8"},
    {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"},
    {"LC_ALL": "C", "LANGUAGE": "ko"},
]


@pytest.mark.parametrize("environment", KOREAN_SYSTEMS, ids=str)
def test_korean_systems_speak_korean(environment):
    assert run("--help", **environment)[0].startswith("사용법: ")


@pytest.mark.parametrize(
    "environment", [{}, {"LC_ALL": "C.UTF-8"}, {"LANGUAGE": "en:ko"}, {"LANG": "de_DE.UTF-8"}], ids=str
)
def test_other_systems_speak_english(environment):
    assert run("--help", **environment)[0].startswith("Usage: ")


@pytest.mark.parametrize("command", [(), ("check",), ("make",)], ids=str)
def test_help_is_all_korean(command):
    out, _ = run("--lang", "ko", *command, "--help")
    bare = re.sub(r"-[-\w]+(?: [A-Z]+)?|(?m:^  hyeopyak .*)", "", out)
    assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", bare.partition("\n")[2]), out
    options = [line for line in out.splitlines() if line.startswith("  -")]
    assert len(options) >= 3
    assert all(HANGUL.search(line) for line in options), out
    assert max(map(columns, out.splitlines())) <= 80, "a terminal of 80 columns would break the line"


def columns(text: str) -> int:
    """Hangul takes two columns; click counts one, so it breaks Korean lines too late."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "--jbs", "3"], "오류: '--jbs': 없는 옵션입니다. 비슷한 것: '--jobs', '--json'."),
        (["make", "--jobs", "x"], "오류: '--jobs' 값이 잘못되었습니다. 'x': 숫자가 아닙니다."),
        (["make", "--jobs", "-1"], "오류: '--jobs' 값이 잘못되었습니다. -1: 쓸 수 있는 범위를 벗어났습니다(x>=0)."),
        (["make", "--lang", "de"], "오류: '--lang' 값이 잘못되었습니다. 'de': 이 가운데 하나를 적으세요: 'ko', 'en'."),
        (["make", "--only"], "오류: '--only' 옵션 뒤에는 값을 적어야 합니다."),
        (["make", "--quiet=3"], "오류: '--quiet' 옵션에는 값을 붙이지 않습니다."),
        (["mkae"], "오류: 'mkae': 없는 명령입니다. 비슷한 것: 'make'."),
        (["check", "가", "나"], "오류: 필요 없는 값이 더 있습니다(가 나)."),
    ],
    ids=str,
)
def test_wrong_usage_is_told_in_korean(arguments, said):
    _, err = run(*arguments, LANGUAGE="ko")
    assert err.splitlines()[-1] == said
    assert not re.search(r"\b(?:Usage|Try|Error)\b", err)


@pytest.mark.parametrize("arguments", [["--lang", "en", "check"], ["check", "--lang=en"]], ids=str)
def test_the_option_outweighs_campaign_and_system(arguments, folder):
    folder.change("inputs/campaign.toml", 'language = "en"', 'language = "ko"')
    campaign = ["--campaign", str(folder.root)]
    assert "문서 3건을 만들 수 있습니다." in run("check", *campaign, LANGUAGE="en")[1]
    assert "3 documents can be made." in run(*arguments, *campaign, LANGUAGE="ko")[1]
