"""What several papers say or show in the same way."""

from __future__ import annotations

from tools.house.blocks import Cell, Row, loop, para, table, when
from tools.house.look import TEXT_WIDTH


def masthead(above: str = "{{ 선거.이름 }}", title: str = "{{ 문서.제목 }}", style: str = "DocTitle") -> str:
    """A small line, and the title over its double rule."""
    return para("Election", above) + para(style, title)


def logo(picture: str) -> str:
    """A picture over the title, where there is one; `picture` is a field that holds its file name."""
    return when(picture, para("Logo", f"{{{{ {picture}|그림(36, 12) }}}}"))


def bodies(particle: str = "") -> str:
    """The names of all organisations of the campaign; the particle after the last."""
    end = f"|{particle}" if particle else ""
    return (
        f"{{% for 곳 in 단체들 %}}{{% if loop.last %}}{{{{ 곳.이름{end} }}}}"
        "{% else %}{{ 곳.이름 }}, {% endif %}{% endfor %}"
    )


def article(number: str, title: str) -> str:
    """제3조 (이행과 점검)."""
    return para("Article", f"제{number}조 ({title})")


def pledges(name: str) -> str:
    """The table of pledges: number and field quiet, title bold, demand; a remark where it was taken in part."""
    partly = para("TableSmall", "부분 수용 · {{ 공약.의견 }}")
    pledge = Row(
        [
            Cell(para("TableNumber", "{{ 공약.번호 }}") + para("TableField", "{{ 공약.분야 }}")),
            Cell(
                para("TableTitle", "{{ 공약.제목 }}")
                + para("TableText", "{{ 공약.요구 }}")
                + when("공약.답변 == '부분수용'", partly)
            ),
        ]
    )
    head = Row([Cell(para("TableHeadText", text)) for text in ("번호·분야", "정책 공약")], head=True)
    return table("Hairlines", (28, 132), [head, *loop(f"공약 in {name}", 2, pledge)])


def facts(*lines: tuple[str, str], label: float = 28) -> str:
    """A two-column list: what it is about, and the words; `label` is the width of the first column in millimetres."""
    rows = [Row([Cell(para("FactLabel", name)), Cell(text(words))]) for name, words in lines]
    return table("Hairlines", (label, TEXT_WIDTH - label), rows, headed=False, air=(4, 4.25)) + para("AfterTable", "")


def text(words: str, style: str = "FactText") -> str:
    """A paragraph of a list."""
    return para(style, words)
