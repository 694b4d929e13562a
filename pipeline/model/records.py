"""Records: a row of a spreadsheet as a typed value that remembers its cells.

A class is the schema of its table: a field's `Header` names the column as we print it and what else it is called.
Sources of the aliases: the election commission's download and OpenAPI (`huboid`, `sggName`, …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.model.findings import Cell


@dataclass(frozen=True, slots=True)
class Header:
    """The column of a field: its name, and other headers that mean the same."""

    name: str
    aliases: tuple[str, ...] = ()
    printable: bool = True
    """False: for matching only; templates do not see it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record comes from."""

    file: str
    sheet: str
    row: int
    columns: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Column letters by field name, or by header for columns that no field has."""

    def cell(self, name: str = "") -> Cell:
        """The address of a field; of the whole row where the field has no column."""
        return Cell(self.file, self.sheet, self.row, self.columns.get(name, ""))


class Choice(StrEnum):
    """A closed list whose members are printed as they are; `aliases` says what else people write."""

    @classmethod
    def aliases(cls) -> Mapping[str, Self]:
        """Other spellings, squeezed."""
        return {}

    @classmethod
    def parse(cls, text: object) -> object:
        """The member a cell means, spaces, middle dots and brackets aside; else the text, for pydantic to refuse."""
        if not isinstance(text, str) or isinstance(text, cls):
            return text
        known = {squeeze(member.value): member for member in cls} | dict(cls.aliases())
        return known.get(squeeze(text), text)


def squeeze(text: str) -> str:
    """A header or a choice without what people vary: spaces, line breaks, dots, brackets, letter case."""
    return re.sub(r"[\s·ㆍ‧・･.()\[\]_*※/-]", "", text).casefold()


class Scope(Choice):
    """Who can carry a pledge out (소관)."""

    ALL = "공통"
    PROVINCE = "시·도"
    MUNICIPALITY = "시·군·구"
    EDUCATION = "교육청"

    @classmethod
    def aliases(cls) -> Mapping[str, Self]:
        """Words of pledge lists since 2014."""
        spellings = {
            cls.PROVINCE: "도정 시정 광역 광역자치단체",
            cls.MUNICIPALITY: "시군정 구정 군정 구시군 기초 기초자치단체",
            cls.EDUCATION: "교육 교육감",
            cls.ALL: "전체",
        }
        return {word: member for member, words in spellings.items() for word in words.split()}


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

    @classmethod
    def aliases(cls) -> Mapping[str, Self]:
        """Squeezed spellings of the commission's lists and of everyday use."""
        spellings = {
            cls.ASSEMBLY: "2 국회의원선거",
            cls.GOVERNOR: "3 시도지사선거 광역단체장",
            cls.MAYOR: "4 구시군의장선거 구시군장 시군구청장 시장군수구청장 기초단체장",
            cls.PROVINCIAL_COUNCIL: "5 시도의회의원선거 시도의회의원 시도의원선거 광역의원",
            cls.MUNICIPAL_COUNCIL: "6 구시군의회의원선거 구시군의회의원 구시군의원선거 시군구의원 기초의원",
            cls.PROVINCIAL_LIST: "8 광역의원비례대표선거 비례대표시도의원",
            cls.MUNICIPAL_LIST: "9 기초의원비례대표선거 비례대표구시군의원",
            cls.SUPERINTENDENT: "11 교육감선거 시도교육감",
        }
        return {word: member for member, words in spellings.items() for word in words.split()}

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
        return {
            Office.GOVERNOR: Scope.PROVINCE,
            Office.PROVINCIAL_COUNCIL: Scope.PROVINCE,
            Office.PROVINCIAL_LIST: Scope.PROVINCE,
            Office.MAYOR: Scope.MUNICIPALITY,
            Office.MUNICIPAL_COUNCIL: Scope.MUNICIPALITY,
            Office.MUNICIPAL_LIST: Scope.MUNICIPALITY,
            Office.SUPERINTENDENT: Scope.EDUCATION,
        }.get(self, Scope.ALL)


class Standing(Choice):
    """What the candidate is at the moment (신분); printed after the office."""

    PRELIMINARY = "예비후보자"
    CANDIDATE = "후보자"
    ELECTED = "당선인"

    @classmethod
    def aliases(cls) -> Mapping[str, Self]:
        """Short forms."""
        return {"예비후보": cls.PRELIMINARY, "후보": cls.CANDIDATE, "당선자": cls.ELECTED}

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
    def aliases(cls) -> Mapping[str, Self]:
        """What answer sheets say instead."""
        return {
            "일부수용": cls.PARTIAL,
            "조건부수용": cls.PARTIAL,
            "미수용": cls.REFUSED,
            "거부": cls.REFUSED,
            "미회신": cls.NONE,
        }

    @property
    def adopts(self) -> bool:
        """The pledge goes into the agreement."""
        return self in {Answer.ACCEPTED, Answer.PARTIAL}


class Record(BaseModel):
    """What all records share. Values are text as the person sees it in the sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    required: ClassVar[tuple[str, ...]] = ()
    """Fields whose column has to exist; cells of those without a default have to be filled, too."""

    at: Row
    more: Mapping[str, str] = Field(default_factory=dict)
    """Columns that no field has, by header; templates reach them."""

    @classmethod
    def headers(cls) -> dict[str, Header]:
        """Field name to column header, in the order of the class."""
        return {
            name: mark for name, info in cls.model_fields.items() for mark in info.metadata if isinstance(mark, Header)
        }

    def printed(self) -> dict[str, str]:
        """Header to value, the way templates see a record: the column's header is the field's name."""
        known = {header.name: str(getattr(self, name)) for name, header in self.headers().items() if header.printable}
        return {field_name(header): text for header, text in {**known, **self.more}.items()}


def field_name(header: str) -> str:
    """A header as a template field: letters, digits and underscores."""
    name = re.sub(r"\W+", "_", header).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


class Region(Record):
    """A 시·도, or a 시·군·구 of one."""

    required = ("code", "province")
    code: Annotated[str, Header("지역코드", ("코드", "선거구ID", "시도코드", "행정표준코드", "법정동코드"))]
    province: Annotated[str, Header("시도", ("시·도", "sdName", "광역"))]
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구", "wiwName", "기초"))] = ""
    council: Annotated[str, Header("협의회", ("지역협의회", "담당협의회"))] = ""

    @property
    def name(self) -> str:
        """As printed: the 시·군·구 always with its 시·도, since six cities have a 중구."""
        return f"{self.province} {self.municipality}".strip()


class Council(Record):
    """A regional council (지역협의회) that receives papers and may sign them."""

    required = ("name",)
    name: Annotated[str, Header("협의회", ("협의회명", "단체명", "이름"))]
    province: Annotated[str, Header("시도", ("시·도", "지역"))] = ""
    title: Annotated[str, Header("대표 직함", ("직함",))] = ""
    representative: Annotated[str, Header("대표자", ("대표", "대표자명", "성명"))] = ""
    email: Annotated[str, Header("이메일", ("전자우편", "e-mail", "email"))] = ""


class Candidate(Record):
    """A person who stands, or a row of a party list (then without name and key)."""

    required = ("key", "office", "district", "name")
    key: Annotated[str, Header("후보자ID", ("huboid", "후보자번호", "후보ID"))] = ""
    office: Annotated[
        Office,
        Header("선거종류", ("sgTypecode", "선거명", "선거구분", "직위")),
        BeforeValidator(Office.parse),
    ]
    province: Annotated[str, Header("시도", ("시·도", "sdName", "시도명"))] = ""
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구", "wiwName"))] = ""
    district: Annotated[str, Header("선거구", ("선거구명", "sggName"))]
    party: Annotated[str, Header("정당", ("소속정당", "정당명", "jdName", "소속정당명"))] = ""
    ballot: Annotated[str, Header("기호", ("giho",))] = ""
    name: Annotated[str, Header("이름", ("성명", "후보자", "후보자명", "name"))] = ""
    hanja: Annotated[str, Header("한자", ("hanjaName", "한자명", "이름(한자)"))] = ""
    birth: Annotated[str, Header("생년", ("출생연도", "생년월일", "birthday"), printable=False)] = ""
    standing: Annotated[Standing, Header("신분", ("구분",)), BeforeValidator(Standing.parse)] = Standing.CANDIDATE
    status: Annotated[Status, Header("상태", ("status", "등록상태")), BeforeValidator(Status.parse)] = Status.REGISTERED
    deputy: Annotated[str, Header("대리 서명자", ("대리인", "대리서명"))] = ""
    deputy_title: Annotated[str, Header("대리 서명자 직함", ("대리인 직함",))] = ""
    district_code: Annotated[str, Header("선거구ID", ("선거구코드",))] = ""


class Pledge(Record):
    """A common pledge (no region) or a regional one."""

    required = ("number", "title")
    number: Annotated[str, Header("번호", ("공약번호", "연번", "코드"))]
    province: Annotated[str, Header("시도", ("시·도", "지역"))] = ""
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구"))] = ""
    scope: Annotated[Scope, Header("소관", ("적용대상", "대상")), BeforeValidator(Scope.parse)] = Scope.ALL
    field: Annotated[str, Header("분야", ("영역", "주제"))] = ""
    title: Annotated[str, Header("제목", ("공약명", "공약", "정책명"))]
    demand: Annotated[str, Header("요구", ("요구 내용", "목표", "요구사항"))] = ""
    detail: Annotated[str, Header("내용", ("세부 내용", "이행방법", "설명"))] = ""

    @property
    def is_common(self) -> bool:
        """Common pledges go to everybody."""
        return not self.province


class Response(Record):
    """One candidate's answer to one pledge."""

    required = ("candidate", "pledge", "answer")
    candidate: Annotated[str, Header("후보자ID", ("huboid", "후보ID"))]
    pledge: Annotated[str, Header("공약번호", ("번호",))]
    answer: Annotated[Answer, Header("답변", ("회신", "응답")), BeforeValidator(Answer.parse)] = Answer.NONE
    remark: Annotated[str, Header("의견", ("비고", "사유", "기타의견"))] = ""
