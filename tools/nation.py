"""A national campaign for measuring: invented people in the real 17 + 226 regions. `python -m tools.nation FOLDER`.

As many stand as stood in 2018, 9,316, in like shares of offices. Settings, templates and pledges are the sample's. The
seed is fixed: the same code gives the same rows. Workbooks are plain, as another program would export them.
"""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from openpyxl import Workbook, load_workbook

from tools.sample_answers import pledges
from tools.sample_people import GOVERNOR, MAYOR, MUNICIPAL, PROVINCIAL, SUPERINTENDENT

STOOD = 9_316
"""Candidates of 2018 (the election commission's statistics)."""
_ROOT = Path(__file__).parent.parent
_SEED = 20180613
_SHARES = {GOVERNOR: 71, SUPERINTENDENT: 61, MAYOR: 757, PROVINCIAL: 2_181, MUNICIPAL: 6_246}
"""Of 2018; those of the lists of parties are counted with the councils."""
_SURNAMES = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추"
_SYLLABLES = (
    "가겸결경규나다담도동라람래로록루리마목미민벼별봄빈빛사산새샘서설성세소솔수슬시아"
    "안연영예온우원유윤율은이인재정주준지진찬채태하한해현혜호환휘희"
)
_PARTIES = (("푸른내일당", 1), ("함께민생당", 2), ("두레연합", 4), ("무소속", 6))
_REMARK = "{}의 형편과 예산을 살펴 순서를 정해 추진하겠습니다."


class _Place(NamedTuple):
    code: str
    province: str
    municipality: str


def places() -> list[_Place]:
    """The regions, each province before its own."""
    found: list[_Place] = []
    for line in (_ROOT / "tools/sample/nation.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, own = line.partition(":")
        code, province = head.split()
        found.append(_Place(code, province, ""))
        for one in own.split(",") if own.strip() else ():
            number, name = one.split()
            found.append(_Place(number, province, name))
    return found


def write(folder: Path, count: int = STOOD, *, changed: bool = False) -> None:
    """Write the campaign.

    Args:
        folder: where; made when absent.
        count: of candidates, shared among the offices as in 2018.
        changed: one person answers otherwise.
    """
    inputs = folder / "inputs"
    shutil.copytree(_ROOT / "templates", folder / "templates", dirs_exist_ok=True)
    shutil.copytree(_ROOT / "inputs", inputs, dirs_exist_ok=True)
    random = Random(_SEED)
    everywhere = places()
    rows = list(_candidates(everywhere, count, random))
    header = ("후보자ID", "선거종류", "시도", "시군구", "선거구", "정당", "기호", "이름", "생년", "지역코드")
    councils = [
        (f"{one.province} 사회적경제협의회", one.province, "상임대표", "진하율", "")
        for one in everywhere
        if not one.municipality
    ]
    regions = [(*one, f"{one.province} 사회적경제협의회") for one in everywhere]
    _book(
        inputs / "regions.xlsx",
        {
            "지역": [("지역코드", "시도", "시군구", "협의회"), *regions],
            "협의회": [("협의회", "시도", "대표 직함", "대표자", "이메일"), *councils],
        },
    )
    _book(inputs / "candidates.xlsx", {"후보자": [header, *rows]})
    answers = itertools.chain([("후보자ID", "공약번호", "답변", "의견")], _answers(rows, random, changed=changed))
    _book(inputs / "answers.xlsx", {"답변": answers})
    _nobody(inputs / "monitoring.xlsx")


def _candidates(everywhere: Sequence[_Place], count: int, random: Random) -> Iterator[tuple[object, ...]]:
    provinces = [one for one in everywhere if not one.municipality]
    areas = [one for one in everywhere if one.municipality]
    names = _names(random)
    keys = itertools.count(918_200_001)
    whole = sum(_SHARES.values())
    left = count
    for office, share in _SHARES.items():
        own = left if office == MUNICIPAL else min(left, max(1, round(count * share / whole)))
        left -= own
        among = provinces if office in {GOVERNOR, SUPERINTENDENT} else areas
        for place in range(own):
            region = among[place % len(among)]
            party, ballot = ("", "") if office == SUPERINTENDENT else _PARTIES[place // len(among) % len(_PARTIES)]
            district = _district(office, region, place // len(among) // len(_PARTIES))
            year = random.randint(1948, 1990)
            yield (
                str(next(keys)), office, region.province, region.municipality, district, party, ballot, next(names),
                year, region.code,
            )  # fmt: skip


def _district(office: str, region: _Place, turn: int) -> str:
    if office == PROVINCIAL:
        return f"{region.municipality}제{turn + 1}선거구"
    if office == MUNICIPAL:
        return f"{region.municipality}{'가나다라마바사아자차카타파하'[turn % 14]}선거구"
    return region.municipality or region.province


def _names(random: Random) -> Iterator[str]:
    every = [a + b + c for a in _SURNAMES for b in _SYLLABLES for c in _SYLLABLES if b != c]
    random.shuffle(every)
    return itertools.cycle(every)


def _answers(rows: Sequence[Sequence[object]], random: Random, *, changed: bool) -> Iterator[tuple[object, ...]]:
    common = [one.number for one in pledges() if not one.province]
    otherwise = (rows[len(rows) // 2][0], common[0]) if changed else ("", "")
    for row in rows:
        for number in common:
            draw = random.random()
            if (row[0], number) == otherwise:
                yield row[0], number, "부분수용", "관계 부서와 협의하여 추진하겠습니다."
            elif draw < 0.8:
                yield row[0], number, "수용", ""
            else:
                yield row[0], number, "부분수용", _REMARK.format(row[3] or row[2])


def _nobody(path: Path) -> None:
    """Leave the heading: nobody of the sample stands here."""
    book = load_workbook(path)
    for sheet in book:
        head = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == "후보자ID")
        sheet.delete_rows(head + 1, sheet.max_row)
    book.save(path)


def _book(path: Path, sheets: dict[str, Iterable[Sequence[object]]]) -> None:
    workbook = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([None if one == "" else one for one in row])
    workbook.save(path)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else STOOD)
