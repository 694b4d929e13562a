"""Member bodies of the sample campaign and their vows; texts: `sample/bodies.toml`."""

from __future__ import annotations

from dataclasses import dataclass

from tools.sample_regions import load
from tools.sample_sheets import YES_OR_NO, Column, Sheet, table

COLUMNS = (
    Column("단체ID", 10, number_format="@"),
    Column("단체명", 34, align="left"),
    Column("유형", 18),
    Column("직함", 12),
    Column("대표자", 12),
    Column("시도", 15),
    Column("시군구", 10),
    Column("실천 약속", 72, align="left"),
    Column("로고", 22),
    Column("동의", 8, choices=YES_OR_NO),
)


@dataclass(frozen=True, slots=True)
class Body:
    """A member body; `logo` is a file of `inputs/pictures/`."""

    key: str
    name: str
    sort: str
    title: str
    representative: str
    province: str
    municipality: str
    vows: tuple[str, ...]
    logo: str = ""
    consent: str = YES_OR_NO[0]


def bodies() -> tuple[Body, ...]:
    """All of them, in the order in which they joined."""
    return tuple(Body(**{**row, "vows": tuple(row["vows"])}) for row in load("bodies")["body"])


def body_sheet() -> Sheet:
    """회원단체, with a blank first column and no note."""
    rows = table(
        (
            {
                "단체ID": one.key,
                "단체명": one.name,
                "유형": one.sort,
                "직함": one.title,
                "대표자": one.representative,
                "시도": one.province,
                "시군구": one.municipality,
                "실천 약속": "\n".join(one.vows),
                "로고": one.logo,
                "동의": one.consent,
            }
            for one in bodies()
        ),
        COLUMNS,
    )
    return Sheet(
        "회원단체", "회원단체 실천 약속", "", COLUMNS, rows, "3F6B45", left=1, gap=1, frozen=2, row_height=None
    )
