"""Number formats (ECMA-376 part 1, 18.8.31): a stored number as its cell shows it. Dates come out as ISO text."""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Those that files name by number only; 27 to 36 and 50 to 58 as the Korean Excel has them.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%",
    10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '#,##0.00;-#,##0.00;"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 49: "@",
    **dict.fromkeys((27, 36, 50, 57), "yyyy-mm-dd"), **dict.fromkeys((28, 29, 51, 54, 58), "m-d"),
    **dict.fromkeys((30, 31, 52, 53, 55, 56), "yyyy-mm-dd"), 32: "h:mm", 33: "h:mm:ss", 34: "yyyy-mm-dd",
    35: "yyyy-mm-dd",
}  # fmt: skip
_PIECES = re.compile(
    r'"([^"]*)"?|\\(.)|_.|\*.|\[([^\]]*)\]|(AM/PM|A/P|오전/오후)|(E[+-])|(General|G/표준|@)|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_DASHES = frozenset({"", "-", "–", "—"})
_LAST_DAY = 2_958_466
"""Serial of 10000-01-01."""
_LEAP = 60
"""Serial of 1900-02-29, a day that Excel inherited from Lotus and the calendar does not know."""


@dataclass(frozen=True, slots=True)
class Look:
    """A number as its cell shows it."""

    text: str
    shown: str = ""
    held: str = ""
    """Where these two differ, people see something else than what the cell holds."""

    @property
    def differs(self) -> bool:
        """Whether the look hides something."""
        return self.shown != self.held


@dataclass(frozen=True, slots=True)
class _Section:
    """A part between semicolons: pieces as (kind, text), kinds 'lit', 'dig', 'sign', 'whole' (all of it)."""

    pieces: tuple[tuple[str, str], ...]
    condition: str = ""
    elapsed: bool = False

    @property
    def plain(self) -> str:
        return "".join(text for kind, text in self.pieces if kind == "sign")


_UNMET = _Section((("whole", "@"),))
"""For numbers that no condition covers."""


def is_date(code: str) -> bool:
    """Whether a number in this format is a date or a time."""
    first = _sections(code)[0]
    return first.elapsed or bool(re.search(r"[ymdhs]", first.plain, re.IGNORECASE))


@functools.lru_cache(maxsize=100_000)
def look(value: float, code: str, *, from_1904: bool = False) -> Look:
    """A finite number in a format; '' is General."""
    if not code or code == "@" or re.match(r"general|G/", code, re.IGNORECASE):
        return Look(general(value))
    if is_date(code):
        return _date(value, _sections(code)[0], from_1904=from_1904)
    return _number(value, _sections(code))


def general(value: float) -> str:
    """Whole numbers in full, codes among them; others to the 15 digits that a cell keeps."""
    if float(value).is_integer():
        return f"{value:.0f}"
    return format(Decimal(f"{value:.15g}"), "f")


@functools.lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    pieces: list[tuple[str, str]] = []
    condition, elapsed = "", False
    for match in _PIECES.finditer(code[:1000]):
        quoted, escaped, bracket, half, power, whole, sign = match.groups()
        if sign == ";":
            sections.append(_Section(tuple(pieces), condition, elapsed))
            pieces, condition, elapsed = [], "", False
        elif bracket is not None:
            condition = bracket if _CONDITION.fullmatch(bracket) else condition
            elapsed = elapsed or bool(re.fullmatch(r"h+|m+|s+", bracket, re.IGNORECASE))
            pieces += [("lit", bracket[1:].split("-")[0])] if bracket.startswith("$") else []
            pieces += [("sign", bracket)] if elapsed and not condition else []
        elif quoted or escaped:
            pieces.append(("lit", quoted or escaped))
        elif half:
            pieces.append(("half", half))
        elif power:
            pieces.append(("power", power))
        elif whole:
            pieces.append(("whole", whole))
        elif sign:
            pieces.append(("dig" if sign in "0#?" else "sign", sign))
    return (*sections, _Section(tuple(pieces), condition, elapsed))


def _date(value: float, section: _Section, *, from_1904: bool) -> Look:
    signs = re.sub(r"[^ymdhs]", "", section.plain.lower())
    has_date = "y" in signs or "d" in signs or ("m" in signs and not {"h", "s"} & set(signs))
    if not 0 <= value < _LAST_DAY:
        return Look(general(value))
    seconds = round(value * 86_400)
    if not has_date:
        if section.elapsed:
            return Look(_clock(seconds))
        shown = _clock(seconds % 86_400)
        return Look(shown) if value < 1 else Look(shown, shown, _moment(value, from_1904=from_1904).isoformat(" "))
    moment = _moment(value, from_1904=from_1904)
    with_time = {"h", "s"} & set(signs)
    day = moment.date().isoformat()
    text = f"{day} {_clock(seconds % 86_400)}" if with_time and seconds % 86_400 else day
    hidden = [name for name in ("y", "d") if name not in signs]
    if not hidden:
        return Look(text)
    shown = "-".join(part for part, name in zip(day.split("-"), "ymd", strict=True) if name in signs)
    return Look(text, shown, text)


def _moment(value: float, *, from_1904: bool) -> datetime.datetime:
    base = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 30)  # noqa: DTZ001
    seconds = round(value * 86_400) + (86_400 if not from_1904 and value < _LEAP else 0)
    return base + datetime.timedelta(seconds=seconds)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    text = f"{hours:02}:{rest // 60:02}"
    return f"{text}:{rest % 60:02}" if rest % 60 else text


def _chosen(value: float, sections: tuple[_Section, ...]) -> tuple[_Section, bool]:
    """The section for a number, and whether it shows the minus sign itself."""
    for section in sections:
        if section.condition:
            match = _CONDITION.fullmatch(section.condition)
            assert match  # noqa: S101 - _sections keeps no other
            limit = float(match[2])
            holds = {
                "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit,
                "=": value == limit, "<>": value != limit,
            }  # fmt: skip
            if holds[match[1]]:
                return section, False
    if any(one.condition for one in sections):
        return _UNMET if sections[-1].condition else sections[-1], False
    if value == 0 and len(sections) > 2:  # noqa: PLR2004 - positive; negative; zero
        return sections[2], False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    return sections[0], False


def _number(value: float, sections: tuple[_Section, ...]) -> Look:
    section, signed = _chosen(value, sections)
    kinds = [kind for kind, _ in section.pieces]
    if "power" in kinds or ("sign", "/") in section.pieces:
        return Look(general(value))
    if "dig" not in kinds:
        number = general(abs(value) if signed else value)
        shown = "".join(number if kind == "whole" else text for kind, text in section.pieces).strip()
        # Accounting formats show a zero as '-'; other words are what people see in place of the number.
        if value == 0 and shown in _DASHES:
            return Look("0")
        return Look(shown) if shown else Look("", "", general(value))
    point = next((place for place, piece in enumerate(section.pieces) if piece == ("sign", ".")), len(kinds))
    whole, fraction = section.pieces[:point], section.pieces[point + 1 :]
    last = (
        max(place for place, kind in enumerate(kinds[:point] or ["dig"]) if kind == "dig")
        if "dig" in kinds[:point]
        else -1
    )
    commas = [place for place, piece in enumerate(whole) if piece == ("sign", ",")]
    exact = Decimal(f"{abs(value):.15g}")
    scaled = exact * 100 ** section.pieces.count(("sign", "%")) / 1000 ** sum(1 for place in commas if place > last)
    decimals = sum(1 for kind, _ in fraction if kind == "dig")
    if scaled.adjusted() > 20:  # noqa: PLR2004 - beyond any number that people typed
        return Look(general(value))
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits, _, rest = format(rounded, "f").partition(".")
    text = _fill_whole(whole, digits, grouped=any(place < last for place in commas)) + _fill_fraction(fraction, rest)
    text = text.strip()
    if value < 0 and not signed and rounded:
        text = f"-{text}"
    return Look(text, text, general(value)) if rounded != scaled else Look(text)


def _fill_whole(pieces: tuple[tuple[str, str], ...], digits: str, *, grouped: bool) -> str:
    """Digits from the right into their places; the leftmost place takes what is left: 000-0000-0000."""
    places = [text for kind, text in pieces if kind == "dig"]
    needed = len(places) - next((at for at, text in enumerate(places) if text == "0"), len(places))
    left = ("" if digits == "0" else digits).zfill(needed) if places else digits
    if grouped:
        left = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", left)
    out: list[str] = []
    count = len(places)
    for kind, text in reversed(pieces):
        if kind == "lit" or (kind == "sign" and text != ","):
            out.append(text)
        elif kind == "dig":
            count -= 1
            if grouped or not count:
                out.append("" if grouped and count else left)
                left = left if grouped and count else ""
            else:
                out.append(left[-1:])
                left = left[:-1]
    return "".join(reversed(out)) + ("" if places else left.lstrip("0"))


def _fill_fraction(pieces: tuple[tuple[str, str], ...], digits: str) -> str:
    places = [text for kind, text in pieces if kind == "dig"]
    least = next((at for at in range(len(places), 0, -1) if places[at - 1] == "0"), 0)
    kept = digits[:least] + digits[least:].rstrip("0")
    tail = "".join(text for kind, text in pieces if kind != "dig" and text != ",")
    return (f".{kept}" if kept else "") + tail
