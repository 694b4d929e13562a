"""Rolls of signers: does the time grow as the roll does?"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import nation
from tools.bench import sample
from tools.bench.measure import ROOT, Measured, Setting, Stopwatch, in_turn, soffice

_FEW, _MANY = 10_000, 100_000
_HEADERS = ("이름", "소속", "직함", "시도", "시군구", "분야", "동의")
_SURNAMES, _FIRST, _SECOND = "김이박최정강조윤장임한오서신권황", "가나다라마바사아자차하", "온결솔담률채윤목겸필"


def many_against_few(setting: Setting) -> Measured:
    """`hyeopyak make declaration` of 100,000 signers, against 10,000: the nation's roll and one of each 시·도.

    Word and PDF. The cost of a signer on both sides; 10 / 11 of the smaller roll's is the aim, which is 11 times its
    whole time.
    """
    soffice()
    few, many = (setting.pick(count, count // 20) for count in (_FEW, _MANY))
    folders = {count: _campaign(setting.scratch / str(count), count) for count in (few, many)}

    def cost(count: int) -> float:
        shutil.rmtree(folders[count] / "outputs", ignore_errors=True)
        command = [sys.executable, "-m", "pipeline", "make", "declaration", "--quiet"]
        with Stopwatch() as watch:
            subprocess.run([*command, "--campaign", str(folders[count])], cwd=ROOT, capture_output=True, check=True)
        return watch.seconds * 1000 / count

    return Measured(in_turn(lambda _: cost(many), lambda _: cost(few), 1), many)


def _campaign(folder: Path, signers: int) -> Path:
    """The sample with a roll of so many invented people."""
    copy = sample.campaign(folder)
    settings = copy / "inputs" / "campaign.toml"
    text = settings.read_text(encoding="utf-8").replace('"activists.xlsx#활동가"', '"many.csv"')
    settings.write_text(text, encoding="utf-8")
    with (copy / "inputs" / "many.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_HEADERS, *_people(signers)])
    return copy


def _people(count: int) -> Iterator[tuple[str, ...]]:
    provinces = [one.province for one in nation.places() if not one.municipality]
    for number in range(count):
        name = "".join(signs[number * step % len(signs)] for signs, step in ((_SURNAMES, 1), (_FIRST, 3), (_SECOND, 7)))
        body = f"{_FIRST[number % 11]}{_SECOND[number % 7]}마을협동조합 제{number // 40 + 1}조합"
        yield name, body, "조합원" if number % 5 else "이사장", provinces[number % len(provinces)], "", "돌봄", "예"
