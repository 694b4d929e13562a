"""Draws the first version of our Word templates: `python -m tools.draw_templates [NAME ...]`.

What enters is the wording below; what leaves are files in `templates/`. From then on a template belongs to the
people who edit it in Word: an existing file is overwritten only when it is named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.house_style import Cell, Row, loop, para, signature_block, table, when, word_file

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES: Final = Path(__file__).parent.parent / "templates"

_PARTS: Final = "(1 if 공통공약 else 0) + (1 if 지역공약 else 0)"
"""Articles taken by pledges; those after them are counted from here."""


def _article(number: str, title: str) -> str:
    return para("Article", f"제{number}조 ({title})")


def _pledges(name: str) -> str:
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


def _partly(name: str) -> str:
    found = f"{name}|selectattr('답변', 'equalto', '부분수용')|list"
    return f"{{% if {found} %}} 부분 수용한 공약은 함께 적은 의견의 범위에서 이행한다.{{% endif %}}"


def _opening() -> str:
    bodies = (
        "{% for 곳 in 단체들 %}{% if loop.last %}{{ 곳.이름|과와 }}{% else %}{{ 곳.이름 }}, {% endif %}{% endfor %}"
    )
    return (
        para("Election", "{{ 선거.이름 }}")
        + para("DocTitle", "{{ 문서.제목 }}")
        + para(
            "Preamble",
            f"{bodies} {{{{ 후보.직함 }}}} {{{{ 후보.이름|은는 }}}} 주민이 주인이 되는 지역경제를 가꾸기 위하여 "
            "{{ 선거.이름|을를 }} 앞두고 다음과 같이 정책협약을 맺는다.",
        )
        + para("Preamble", "이 협약서에서는 두 당사자를 각각 ‘협약단체’와 ‘후보자’라 부른다.")
        + _article("1", "목적")
        + para(
            "Clause",
            "이 협약은 {{ 지역.이름 }}의 {{ 용어.분야 }} 정책을 공약에 담고 이행을 함께 살피고자 맺는다.",
        )
    )


def _commitments() -> str:
    common = (
        _article("2", "공통공약")
        + para(
            "ClauseBeforeTable",
            "후보자는 다음 공통공약 {{ 공통공약|length }}건을 공약에 반영하고, "
            f"당선되면 임기 동안 이행하도록 노력한다.{_partly('공통공약')}",
        )
        + _pledges("공통공약")
    )
    regional = (
        _article("{{ 3 if 공통공약 else 2 }}", "지역공약")
        + para(
            "ClauseBeforeTable",
            "후보자는 다음 지역공약 {{ 지역공약|length }}건을 {{ 지역.이름 }}의 여건에 맞게 추진하도록 "
            f"노력한다.{_partly('지역공약')}",
        )
        + _pledges("지역공약")
    )
    return when("공통공약", common) + when("지역공약", regional)


def _closing() -> str:
    return (
        _article(f"{{{{ {_PARTS} + 2 }}}}", "이행과 점검")
        + para("Item", "① 후보자는 당선되면 임기를 준비할 때부터 협약한 공약을 검토하고 실행 계획을 세운다.")
        + para(
            "Item",
            "② 협약단체와 후보자는 {{ 용어.점검주기 }}마다 이행 상황을 함께 점검하고 그 결과를 주민에게 알린다.",
        )
        + para("Item", "③ 협약단체는 이행에 필요한 자료를 제공하고 협력한다.")
        + _article(f"{{{{ {_PARTS} + 3 }}}}", "효력")
        + para(
            "ClauseBeforeDate",
            "이 협약은 서명한 날부터 {{ 용어.임기종료 }}까지 효력을 가지며, 서로의 신의를 바탕으로 지킨다.",
        )
        + _article(f"{{{{ {_PARTS} + 4 }}}}", "보관")
        + para(
            "ClauseBeforeDate",
            "이 협약서는 {{ 문서.부수 }}부를 작성하여 협약단체와 후보자가 서명하고 1부씩 나누어 보관한다.",
        )
    )


def agreement() -> bytes:
    """정책협약서: what one candidate and the bodies agree on, signed by both."""
    body = _opening() + _commitments() + _closing() + signature_block("협약단체", "후보자")
    return word_file("정책협약서", body)


DRAWINGS: Final[dict[str, Callable[[], bytes]]] = {"agreement.docx": agreement}


def main(names: list[str]) -> None:
    """Draw the templates named, or those that do not exist yet."""
    TEMPLATES.mkdir(exist_ok=True)
    for name in names or [name for name in DRAWINGS if not (TEMPLATES / name).exists()]:
        (TEMPLATES / name).write_bytes(DRAWINGS[name]())
        print(f"templates/{name}")


if __name__ == "__main__":
    main(sys.argv[1:])
