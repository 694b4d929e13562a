"""What written signs are called in Korean: digits, letters, units, symbols. Tables only, see `readings`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DIGITS = "영일이삼사오육칠팔구"

PLACES = "십백천" + "만" * 4 + "억" * 4 + "조" * 4 + "경" * 4
"""The name a number ends in, by its count of trailing zeros from 1 to 19."""

CONSONANTS = "역역은귿귿을음읍읍옷옷응읒읒읓읔읕읖읗"
"""Last syllables of 기역, 쌍기역, 니은 ..., in the order of U+1100 to U+1112."""

# fmt: off
_LETTER_NAMES = (
    "에이", "비", "씨", "디", "이", "에프", "지", "에이치", "아이", "제이", "케이", "엘", "엠",
    "엔", "오", "피", "큐", "알", "에스", "티", "유", "브이", "더블유", "엑스", "와이", "제트",
)
LETTERS: Mapping[str, str] = MappingProxyType(
    dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LETTER_NAMES, strict=True))
)
"""L M N R end in a consonant, L and R of them in ㄹ."""

WORDS: Mapping[str, str | None] = MappingProxyType({
    "APEC": "에이펙", "DGIST": "디지스트", "GIST": "지스트", "HACCP": "해썹", "KAIST": "카이스트",
    "KOSDAQ": "코스닥", "NASDAQ": "나스닥", "OPEC": "오펙", "TOEIC": "토익", "TOPIK": "토픽",
    "UNIST": "유니스트",
    # Roman numerals: VI is 육 or 브이아이.
    "III": "삼", "I": None, "VI": None, "VII": None, "VIII": None, "XI": None, "XII": None, "XIII": None,
})
"""Capitals that are spoken otherwise than by letter; None: either way, so a person decides."""

UNITS: Mapping[str, str] = MappingProxyType({
    "m": "미터", "km": "킬로미터", "cm": "센티미터", "mm": "밀리미터", "μm": "마이크로미터",
    "nm": "나노미터", "m2": "제곱미터", "km2": "제곱킬로미터", "cm2": "제곱센티미터",
    "mm2": "제곱밀리미터", "m3": "세제곱미터", "km3": "세제곱킬로미터", "cm3": "세제곱센티미터",
    "mm3": "세제곱밀리미터", "ha": "헥타르", "a": "아르",
    "l": "리터", "L": "리터", "ml": "밀리리터", "mL": "밀리리터", "dl": "데시리터", "kl": "킬로리터",
    "kL": "킬로리터", "cc": "시시",
    "g": "그램", "kg": "킬로그램", "mg": "밀리그램", "μg": "마이크로그램", "t": "톤", "kt": "킬로톤",
    "W": "와트", "kW": "킬로와트", "MW": "메가와트", "GW": "기가와트", "TW": "테라와트",
    "Wh": "와트시", "kWh": "킬로와트시", "MWh": "메가와트시", "GWh": "기가와트시", "TWh": "테라와트시",
    "V": "볼트", "kV": "킬로볼트", "Hz": "헤르츠", "kHz": "킬로헤르츠", "MHz": "메가헤르츠",
    "GHz": "기가헤르츠", "B": "바이트", "kB": "킬로바이트", "KB": "킬로바이트", "MB": "메가바이트",
    "GB": "기가바이트", "TB": "테라바이트", "Pa": "파스칼", "hPa": "헥토파스칼", "kPa": "킬로파스칼",
    "J": "줄", "kJ": "킬로줄", "MJ": "메가줄", "cal": "칼로리", "kcal": "킬로칼로리", "dB": "데시벨",
    "lx": "럭스", "mol": "몰", "ppm": "피피엠", "ppb": "피피비", "rpm": "알피엠", "bps": "비피에스",
    "pt": "포인트", "px": "픽셀",
})
# fmt: on

CURRENCIES: Mapping[str, str] = MappingProxyType({"₩": "원", "$": "달러", "€": "유로", "£": "파운드", "¥": "엔"})
SYMBOLS: Mapping[str, str] = MappingProxyType({"%": "퍼센트", "‰": "퍼밀", "°": "도", "+": "플러스", **CURRENCIES})
