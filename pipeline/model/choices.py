"""Closed lists: what a cell may say, as it is printed, and what else people write for it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A closed list whose members are printed as they are; `spellings` says what else people write."""

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """By member what people write for it, squeezed, with blanks between."""
        return {}

    @classmethod
    def parse(cls, text: object) -> object:
        """The member a cell means, spaces, middle dots and brackets aside; else the text, for pydantic to refuse."""
        if not isinstance(text, str) or isinstance(text, cls):
            return text
        return _members(cls).get(squeeze(text), text)


@functools.cache
def _members(choice: type[Choice]) -> Mapping[str, Choice]:
    """Member by squeezed spelling."""
    other = {word: member for member, words in choice.spellings().items() for word in words.split()}
    return {squeeze(member.value): member for member in choice} | other


_VARIED = re.compile(r"[\s·ㆍ‧・･∙•.()\[\]_*※/-]")
_WIDE = {0xFF01 + at: 0x21 + at for at in range(94)}


@functools.lru_cache(maxsize=10_000)
def squeeze(text: str) -> str:
    """A header or a choice without what people vary: spaces, line breaks, dots, brackets, width, letter case."""
    return _VARIED.sub("", text.translate(_WIDE)).casefold()


class Scope(Choice):
    """Who can carry a pledge out (소관)."""

    ALL = "공통"
    PROVINCE = "시·도"
    MUNICIPALITY = "시·군·구"
    EDUCATION = "교육청"

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """Words of pledge lists since 2014."""
        return {
            cls.PROVINCE: "도정 시정 광역 광역자치단체",
            cls.MUNICIPALITY: "시군정 구정 군정 구시군 기초 기초자치단체",
            cls.EDUCATION: "교육 교육감",
            cls.ALL: "전체",
        }


class Office(Choice):
    """What a candidate stands for. Codes are the election commission's `sgTypecode`."""

    GOVERNOR = "시·도지사"
    MAYOR = "구·시·군의 장"
    PROVINCIAL_COUNCIL = "시·도의원"
    MUNICIPAL_COUNCIL = "구·시·군의원"
    SUPERINTENDENT = "교육감"
    ASSEMBLY = "국회의원"
    PROVINCIAL_LIST = "광역의원비례대표"
    MUNICIPAL_LIST = "기초의원비례대표"
    EDUCATION_COUNCIL = "교육의원"
    """Until 2022, in 제주."""

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """Squeezed spellings of the commission's lists and of everyday use."""
        return {
            cls.ASSEMBLY: "2 국회의원선거",
            cls.GOVERNOR: "3 시도지사선거 광역단체장",
            cls.MAYOR: "4 구시군의장선거 구시군장 시군구청장 시장군수구청장 기초단체장",
            cls.PROVINCIAL_COUNCIL: "5 시도의회의원선거 시도의회의원 시도의원선거 광역의원",
            cls.MUNICIPAL_COUNCIL: "6 구시군의회의원선거 구시군의회의원 구시군의원선거 시군구의원 기초의원",
            cls.PROVINCIAL_LIST: "8 광역의원비례대표선거 비례대표시도의원",
            cls.MUNICIPAL_LIST: "9 기초의원비례대표선거 비례대표구시군의원",
            cls.SUPERINTENDENT: "11 교육감선거 시도교육감",
            cls.EDUCATION_COUNCIL: "10 교육의원선거",
        }

    @property
    def is_party_list(self) -> bool:
        """Rows of these name a party, and mostly no person."""
        return self in {Office.PROVINCIAL_LIST, Office.MUNICIPAL_LIST}

    @property
    def is_provincewide(self) -> bool:
        """The district is the whole 시·도."""
        return self in {Office.GOVERNOR, Office.SUPERINTENDENT, Office.PROVINCIAL_LIST}

    @property
    def scope(self) -> Scope:
        """Which regional pledges reach the office."""
        return _SCOPES.get(self, Scope.ALL)


_SCOPES = {
    Office.GOVERNOR: Scope.PROVINCE,
    Office.PROVINCIAL_COUNCIL: Scope.PROVINCE,
    Office.PROVINCIAL_LIST: Scope.PROVINCE,
    Office.MAYOR: Scope.MUNICIPALITY,
    Office.MUNICIPAL_COUNCIL: Scope.MUNICIPALITY,
    Office.MUNICIPAL_LIST: Scope.MUNICIPALITY,
    Office.SUPERINTENDENT: Scope.EDUCATION,
    Office.EDUCATION_COUNCIL: Scope.EDUCATION,
}


class Standing(Choice):
    """What the candidate is at the moment (신분); printed after the office."""

    PRELIMINARY = "예비후보자"
    CANDIDATE = "후보자"
    ELECTED = "당선인"

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """Short forms."""
        return {cls.PRELIMINARY: "예비후보", cls.CANDIDATE: "후보", cls.ELECTED: "당선자"}

    @property
    def printed(self) -> str:
        """As printed after an office: 종로구청장 후보."""
        return {"예비후보자": "예비후보", "후보자": "후보", "당선인": "당선인"}[self.value]


class Status(Choice):
    """Whether the candidacy stands (상태), in the words of the election commission."""

    REGISTERED = "등록"
    WITHDRAWN = "사퇴"
    DECEASED = "사망"
    VOID = "등록무효"


class Answer(Choice):
    """A candidate's answer to a pledge."""

    ACCEPTED = "수용"
    PARTIAL = "부분수용"
    REFUSED = "불수용"
    OTHER = "기타의견"
    NONE = "무응답"

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """What answer sheets say instead."""
        return {cls.PARTIAL: "일부수용 조건부수용", cls.REFUSED: "미수용 거부", cls.NONE: "미회신"}

    @property
    def adopts(self) -> bool:
        """The pledge goes into the agreement."""
        return self in {Answer.ACCEPTED, Answer.PARTIAL}


_YES = "네 넵 o ○ ● ◯ ⭕ ㅇ v √ ✓ ✔ ☑ y yes 1 true 있음 참 동의 동의함 동의합니다 예동의합니다 예,동의합니다 예동의함"
_NO = "아니오 아니요 아뇨 x × ✕ ✖ ✗ ✘ ╳ ❌ ㄨ n no 0 false 없음 거짓 미동의 동의안함 동의하지않음 동의하지않습니다 철회"


class Yes(Choice):
    """A yes, or nothing."""

    YES = "예"
    NO = ""

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """What people tick or type, in forms and by hand."""
        return {cls.YES: f"{_YES} 당선 당선인", cls.NO: f"{_NO} 낙선"}


class Consent(Choice):
    """What a person agreed to."""

    NAMED = "예"
    """To be named in papers."""
    COUNTED = "인원만"
    """To be counted, not named."""
    NONE = ""

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """What people tick or type."""
        return {cls.NAMED: _YES, cls.COUNTED: "비공개 이름비공개 익명 인원만공개 숫자만", cls.NONE: _NO}

    @property
    def reach(self) -> int:
        """How much it allows: where two rows of one person differ, the smaller one counts."""
        return (Consent.NONE, Consent.COUNTED, Consent.NAMED).index(self)


class State(Choice):
    """How far a pledge has come."""

    NOT_BEGUN = "미착수"
    UNDER_WAY = "추진중"
    IN_PART = "일부이행"
    DONE = "이행완료"
    ON_HOLD = "보류"
    DROPPED = "폐기"
    UNKNOWN = "확인불가"

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """Words of other trackers."""
        return {
            cls.NOT_BEGUN: "미이행",
            cls.UNDER_WAY: "이행중 진행중",
            cls.DONE: "완료",
            cls.IN_PART: "일부완료 부분이행",
        }


class Decision(Choice):
    """What became of a demand (처리)."""

    OPEN = "검토중"
    ADOPTED = "채택"
    MERGED = "병합"
    DECLINED = "거절"

    @classmethod
    def spellings(cls) -> Mapping[Self, str]:
        """Words of other lists."""
        return {
            cls.OPEN: "검토 접수 미정 보류",
            cls.ADOPTED: "반영 수용",
            cls.MERGED: "통합 합침 중복",
            cls.DECLINED: "미채택 불채택 미반영 반려",
        }
