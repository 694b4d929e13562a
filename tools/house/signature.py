"""Where people sign: the date, who signs, and boxes with room for a pen and a seal."""

from __future__ import annotations

from typing import Final

from tools.house.blocks import Cell, Row, choose, loop, para, run, table, when
from tools.house.look import HAIRLINE, INK, edge

_SIGN_WIDTHS: Final = (75, 10, 75)
_SIGN_ROOM: Final = 22
"""Millimetres of height for pen and seal, over the whole column."""
_ONE_PAGE: Final = 4
"""So many bodies fit one page; of more, a page may end below any of their boxes."""
_BOX: Final = "".join(edge(side, 4, HAIRLINE) for side in ("top", "left", "bottom", "right"))


def _organisation(name: str, first_line: str) -> tuple[Cell, Cell]:
    """Who signs for a body: what it is, and below that the name, each in a row of its own so that names align."""
    what = para(first_line, f"{{{{ {name}.이름 }}}}") + para("SignText", f"{{{{ {name}.직함 }}}}")
    return Cell(what), Cell(para("SignName", f"{{{{ {name}.대표|띄움 }}}}"))


CANDIDATE: Final = "(서명.대리인 if 서명.대리 else 서명.이름)"
"""Who signs as the candidate."""
HANJA: Final = run("{% if 후보.한자 %}  {{ 후보.한자 }}{% endif %}", "Hanja")
"""After a candidate's name, where it is known."""


def candidate() -> tuple[Cell, Cell]:
    """Who signs as the candidate, or in the candidate's stead: what, and the name."""
    party = para("SignFirst", "{{ 서명.정당 }}") + para("SignText", "{{ 서명.직함 }}")
    what = (
        choose("서명.정당", party, para("SignFirst", "{{ 서명.직함 }}"))
        + when("서명.선거구", para("SignText", "{{ 서명.선거구 }}"))
        + when("서명.대리", para("SignText", "{{ 서명.이름 }} 후보를 대리하여 {{ 서명.대리인직함 }}"))
    )
    own = para("SignName", "{{ 서명.이름|띄움 }}", HANJA)
    return Cell(what), Cell(choose("서명.대리", para("SignName", "{{ 서명.대리인|띄움 }}"), own))


def party() -> tuple[Cell, Cell]:
    """Who signs for a party: what, and the name."""
    what = para("SignFirst", "{{ 서명.정당 }}") + para("SignText", "{{ 서명.직함 }}")
    return Cell(what), Cell(para("SignName", "{{ 서명.이름|띄움 }}"))


def _caption(name: str, side: str) -> str:
    """What a box says; `name` is an expression for who signs."""
    return f"{{{{ {name}|서명칸('{side}') }}}}"


def lone_signature(side: str, what: str, name: str, signer: str = "") -> str:
    """One who signs alone: who it is on the left, the box on the right.

    Args:
        side: the words over it.
        what: paragraphs in the style SignFirst or SignText.
        name: a paragraph in the style SignName.
        signer: an expression for the signer's name; without it nobody looks for a signature.
    """
    rule = edge("bottom", 6, INK)
    wall = Cell(para("SignText", ""))
    who = Cell(what + name)
    box = Cell(para("SignBoxFree", _caption(signer, side) if signer else "(서명 또는 인)"), valign="bottom", edges=_BOX)
    rows = [
        Row([Cell(para("SignSide", side), edges=rule), wall, wall]),
        Row([who, wall, box], _SIGN_ROOM),
        Row([Cell(para("AfterTable", ""), 3)]),
    ]
    return table("SignTable", _SIGN_WIDTHS, rows) + para("AfterTable", "")


def signature_block(left: str, right: str, other: tuple[Cell, Cell], signer: str) -> str:
    """Date, and two columns to sign in: the bodies stacked on the left, `other`, who signs as `signer`, on the right.

    It stays whole: every paragraph keeps with the next, in all rows. Where there are more bodies than a page
    holds, it may break between bodies, never between a name and its box.
    The first body stands beside the other side; further ones follow below, so that no cell is ever without text.
    """
    gap = Cell(para("SignText", ""))
    room = Cell(para("SignBox", _caption(signer, right)), valign="bottom", edges=_BOX)

    def last(body: str) -> Cell:
        caption = _caption(f"{body}.대표", left)
        either = choose(f"단체들|length > {_ONE_PAGE}", para("SignBoxFree", caption), para("SignBox", caption))
        return Cell(either, valign="bottom", edges=_BOX)

    side = edge("bottom", 6, INK)
    rows = [
        Row([Cell(para("SignSide", left), edges=side), gap, Cell(para("SignSide", right), edges=side)]),
        *(Row([body, gap, signer]) for body, signer in zip(_organisation("단체", "SignFirst"), other, strict=True)),
        Row([last("단체"), gap, room], _SIGN_ROOM),
        *loop(
            "공동 in 단체들[1:]",
            3,
            *(Row([body, Cell(para("SignText", ""), 2)]) for body in _organisation("공동", "SignNext")),
            Row([last("공동"), Cell(para("SignText", ""), 2)], _SIGN_ROOM),
        ),
        # LibreOffice 7.4 leaves a table's last border out of account: where the boxes just fill a page, the
        # paragraph below would make an empty page. A row without a border, of no height, prevents that.
        Row([Cell(para("AfterTable", ""), 3)]),
    ]
    date = para("SignDate", "{{ 캠페인.협약일|날짜|replace(' ', '  ') }}")
    # Word asks for a paragraph after a table; a composed package carries its section in it.
    return date + table("SignTable", _SIGN_WIDTHS, rows) + para("AfterTable", "")
