"""정책협약서: what the organisations agree on with a candidate, or with a party, signed by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.korean.particles import with_particle
from tools.house.blocks import para, when
from tools.house.package import word_file
from tools.house.signature import CANDIDATE, candidate, party, signature_block
from tools.papers.parts import article, bodies, masthead, pledges

if TYPE_CHECKING:
    from tools.house.blocks import Cell

_PARTS: Final = "(1 if 공통공약 else 0) + (1 if 지역공약 else 0)"
"""Articles taken by pledges; those after them are counted from here."""


@dataclass(frozen=True)
class _Side:
    """The side that agrees with the organisations: its words in the agreement."""

    role: str
    """What it is called in the articles."""
    named: str
    """As the preamble names it, with its particle."""
    common: str
    """What it undertakes for the common pledges."""
    first_duty: str
    signer: tuple[Cell, Cell]
    name: str = "서명.이름"
    """An expression for the signer's name."""


def _partly(name: str) -> str:
    found = f"{name}|selectattr('답변', 'equalto', '부분수용')|list"
    return f"{{% if {found} %}} 부분 수용한 공약은 함께 적은 의견의 범위에서 이행한다.{{% endif %}}"


def _opening(side: _Side) -> str:
    return (
        masthead()
        + para(
            "Preamble",
            f"{bodies('과와')} {side.named} 주민이 주인이 되는 지역경제를 가꾸기 위하여 "
            "{{ 선거.이름|을를 }} 앞두고 다음과 같이 정책협약을 맺는다.",
        )
        + para(
            "Preamble",
            f"이 협약서에서는 두 당사자를 각각 ‘협약단체’와 {with_particle(f'‘{side.role}’', '이라/라')} 부른다.",
        )
        + article("1", "목적")
        + para(
            "Clause",
            "이 협약은 {{ 지역.이름 }}의 {{ 용어.분야 }} 정책을 공약에 담고 이행을 함께 살피고자 맺는다.",
        )
    )


def _commitments(side: _Side) -> str:
    common = (
        article("2", "공통공약")
        + para(
            "ClauseBeforeTable",
            f"{with_particle(side.role, '은/는')} 다음 공통공약 {{{{ 공통공약|length }}}}건을 공약에 반영하고, "
            f"{side.common} 이행하도록 노력한다.{_partly('공통공약')}",
        )
        + pledges("공통공약")
    )
    regional = (
        article("{{ 3 if 공통공약 else 2 }}", "지역공약")
        + para(
            "ClauseBeforeTable",
            f"{with_particle(side.role, '은/는')} 다음 지역공약 {{{{ 지역공약|length }}}}건을 "
            f"{{{{ 지역.이름 }}}}의 여건에 맞게 추진하도록 노력한다.{_partly('지역공약')}",
        )
        + pledges("지역공약")
    )
    return when("공통공약", common) + when("지역공약", regional)


def _closing(side: _Side) -> str:
    return (
        article(f"{{{{ {_PARTS} + 2 }}}}", "이행과 점검")
        + para("Item", f"① {side.first_duty}")
        + para(
            "Item",
            f"② 협약단체와 {with_particle(side.role, '은/는')} {{{{ 용어.점검주기 }}}}마다 이행 상황을 함께 점검하고 "
            "그 결과를 주민에게 알린다.",
        )
        + para("Item", "③ 협약단체는 이행에 필요한 자료를 제공하고 협력한다.")
        + article(f"{{{{ {_PARTS} + 3 }}}}", "효력")
        + para(
            "ClauseBeforeDate",
            "이 협약은 서명한 날부터 {{ 용어.임기종료 }}까지 효력을 가지며, 서로의 신의를 바탕으로 지킨다.",
        )
        + article(f"{{{{ {_PARTS} + 4 }}}}", "보관")
        + para(
            "ClauseBeforeDate",
            f"이 협약서는 {{{{ 문서.부수 }}}}부를 작성하여 협약단체와 {with_particle(side.role, '이/가')} 서명하고 "
            "1부씩 나누어 보관한다.",
        )
    )


def _paper(side: _Side) -> bytes:
    body = _opening(side) + _commitments(side) + _closing(side)
    return word_file("정책협약서", body + signature_block("협약단체", side.role, side.signer, side.name))


def agreement() -> bytes:
    """With one candidate."""
    return _paper(
        _Side(
            role="후보자",
            named="{{ 후보.직함 }} {{ 후보.이름|은는 }}",
            common="당선되면 임기 동안",
            first_duty="후보자는 당선되면 임기를 준비할 때부터 협약한 공약을 검토하고 실행 계획을 세운다.",
            signer=candidate(),
            name=CANDIDATE,
        )
    )


def party_agreement() -> bytes:
    """With one party, signed by the chair of its policy committee."""
    return _paper(
        _Side(
            role="정당",
            named="{{ 정당.이름|은는 }}",
            common="소속 당선자가 임기 동안",
            first_duty="정당은 협약한 공약을 정책에 반영하고 소속 후보자와 당선자가 함께 실천하도록 이끈다.",
            signer=party(),
        )
    )
