"""Records: a row of a spreadsheet as a typed value that remembers its cells.

A class is the schema of its table: a field's `Header` names the column as we print it and what else it is called.
Sources of the aliases: the election commission's download and OpenAPI (`huboid`, `sggName`, …).
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from pipeline.model import values
from pipeline.model.choices import Answer, Consent, Decision, Office, Scope, Standing, State, Status, Yes, squeeze
from pipeline.model.findings import Cell, Finding, finding

_PRIVATE = re.compile(
    "주소|거주|자택|우편|전화|연락처|휴대|핸드폰|핸폰|폰번호|메일|팩스|카카오톡|카톡|생년|생일|출생|나이|연령|주민등록|주민번호"
    "|email|phone|mobile|birth|kakao|(?<![a-z])(?:hp|tel|fax|sns|dob)(?![a-z])"
)


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


class Record(BaseModel):
    """What all records share. Values are text as the person sees it in the sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    required: ClassVar[tuple[str, ...]] = ()
    """Fields whose column has to exist; cells of those without a default have to be filled, too."""

    personal: ClassVar[bool] = False
    """A row is about a person: addresses and telephone numbers in it never reach a paper."""

    at: Row
    more: Mapping[str, str] = Field(default_factory=dict)
    """Columns that no field has, by header; templates reach them."""

    @classmethod
    @functools.cache
    def headers(cls) -> Mapping[str, Header]:
        """Field name to column header, in the order of the class."""
        return {
            name: mark for name, info in cls.model_fields.items() for mark in info.metadata if isinstance(mark, Header)
        }

    def printed(self) -> Mapping[str, str]:
        """Header to value, the way templates see a record: the column's header is the field's name.

        Made once: a pledge stands in thousands of papers.
        """
        return self._printed

    @functools.cached_property
    def _printed(self) -> Mapping[str, str]:
        known = {
            header.name: _shown(getattr(self, name)) for name, header in self.headers().items() if header.printable
        }
        more = {header: text for header, text in self.more.items() if not (self.personal and is_private(header))}
        return {field_name(header): text for header, text in {**known, **more}.items()}

    def unknown(self, name: str, value: str, table: str, suggestion: str) -> Finding:
        """A field that names something which its table does not hold."""
        header = self.headers()[name].name
        where = self.at.cell(name)
        return finding("reference.unknown", where, header=header, value=value, table=table, suggestion=suggestion)


def _shown(value: object) -> str:
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return "" if value is None else str(value)


@functools.cache
def is_private(header: str) -> bool:
    """Whether a column says where a person lives or how to reach them."""
    return bool(_PRIVATE.search(squeeze(header)))


@functools.cache
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


NATION = Region(at=Row("", "", 0), code="0000", province="전국")
"""What belongs to no single region. No code of a region is 0000."""


class Council(Record):
    """A regional council (지역협의회) that receives papers and may sign them."""

    required = ("name",)
    name: Annotated[str, Header("협의회", ("협의회명", "단체명", "이름"))]
    province: Annotated[str, Header("시도", ("시·도", "지역"))] = ""
    title: Annotated[str, Header("대표 직함", ("직함",))] = ""
    representative: Annotated[str, Header("대표자", ("대표", "대표자명", "성명"))] = ""
    email: Annotated[str, Header("이메일", ("전자우편", "e-mail", "email"), printable=False)] = ""


def _year(text: object) -> object:
    """The year of a date; what has none is kept for `check` to see."""
    found = re.match(r"\s*(19|20)\d\d", text) if isinstance(text, str) else None
    return found[0].strip() if found else text


class Candidate(Record):
    """A person who stands, or a row of a party list (then without name and key)."""

    personal = True
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
    birth: Annotated[
        str, Header("생년", ("출생연도", "생년월일", "birthday"), printable=False), BeforeValidator(_year)
    ] = ""
    """The year alone, for telling people apart; nothing prints it."""
    standing: Annotated[Standing, Header("신분", ("구분",)), BeforeValidator(Standing.parse)] = Standing.CANDIDATE
    status: Annotated[Status, Header("상태", ("status", "등록상태")), BeforeValidator(Status.parse)] = Status.REGISTERED
    elected: Annotated[Yes, Header("당선", ("당선여부", "당락")), BeforeValidator(Yes.parse)] = Yes.NO
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
    answers: Annotated[str, Header("요구번호", ("근거 요구",))] = ""
    """Demands it answers, beside those that name it."""

    @functools.cached_property
    def is_common(self) -> bool:
        """Common pledges go to everybody."""
        return not self.province

    @functools.cached_property
    def _answered(self) -> dict[tuple[Answer, str], Mapping[str, str]]:
        return {}

    def answered(self, answer: Answer, remark: str) -> Mapping[str, str]:
        """`printed` with 답변 and 의견; the same object for the same answer, which stands in thousands of papers."""
        if (answer, remark) not in self._answered:
            self._answered[answer, remark] = {**self.printed(), "답변": answer.value, "의견": remark}
        return self._answered[answer, remark]

    @property
    def area(self) -> str:
        """Name of the region it is for."""
        return f"{self.province} {self.municipality}".strip()


class Response(Record):
    """One candidate's or party's answer to one pledge."""

    required = ("candidate", "pledge", "answer")
    candidate: Annotated[str, Header("후보자ID", ("huboid", "후보ID", "정당ID", "응답자ID"))]
    pledge: Annotated[str, Header("공약번호", ("번호",))]
    answer: Annotated[Answer, Header("답변", ("회신", "응답")), BeforeValidator(Answer.parse)] = Answer.NONE
    remark: Annotated[str, Header("의견", ("비고", "사유", "기타의견"))] = ""


class Party(Record):
    """A party, or its branch in a 시·도, and who signs for it."""

    required = ("key", "name", "title", "representative")
    key: Annotated[str, Header("정당ID", ("정당번호",))]
    name: Annotated[str, Header("정당", ("정당명", "소속정당", "이름"))]
    province: Annotated[str, Header("시도", ("시·도", "지역"))] = ""
    """Blank: the party itself."""
    body: Annotated[str, Header("기구", ("정책기구", "위원회"))] = ""
    title: Annotated[str, Header("직함", ("서명 직함",))]
    representative: Annotated[str, Header("대표자", ("의장", "서명자", "성명"))]


class Activist(Record):
    """A person who signs a declaration."""

    personal = True
    required = ("name", "affiliation", "province", "consent")
    name: Annotated[str, Header("이름", ("성명", "성함"))]
    affiliation: Annotated[str, Header("소속", ("소속단체", "소속기관", "단체명"))] = ""
    title: Annotated[str, Header("직함", ("직책", "직위"))] = ""
    province: Annotated[str, Header("시도", ("시·도", "광역"))]
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구", "기초"))] = ""
    field: Annotated[str, Header("분야", ("영역", "활동분야"))] = ""
    consent: Annotated[
        Consent,
        Header("동의", ("동의여부", "개인정보동의", "공개동의")),
        BeforeValidator(Consent.parse),
    ] = Consent.NONE
    """Without it nobody is named; those who agreed only to be counted stand masked in rolls."""
    barred: Annotated[Yes, Header("서명 제한", ("서명제한", "공무원 등", "제한 대상")), BeforeValidator(Yes.parse)] = (
        Yes.NO
    )
    """Belongs to a group that the law keeps from such papers (Public Official Election Act 60, 87)."""


class Body(Record):
    """A member body (회원단체) that declares what it will do."""

    required = ("key", "name", "title", "representative", "vows", "consent")
    key: Annotated[str, Header("단체ID", ("회원번호", "단체번호"))]
    name: Annotated[str, Header("단체명", ("회원단체", "단체", "이름"))]
    sort: Annotated[str, Header("유형", ("구분", "종류"))] = ""
    title: Annotated[str, Header("직함", ("대표 직함",))]
    representative: Annotated[str, Header("대표자", ("대표", "대표자명", "성명"))]
    province: Annotated[str, Header("시도", ("시·도",))] = ""
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구"))] = ""
    vows: Annotated[str, Header("실천 약속", ("약속", "실천약속", "다짐"))]
    """One a line."""
    consent: Annotated[Yes, Header("동의", ("동의여부", "공개동의")), BeforeValidator(Yes.parse)] = Yes.NO


def _day(text: object, info: ValidationInfo) -> object:
    """A date; one without a year is the campaign's, which reading hands over."""
    return values.date(text, (info.context or {}).get("year"))


class Event(Record):
    """A ceremony or a debate."""

    required = ("key", "name", "date", "begins", "place")
    key: Annotated[str, Header("행사ID", ("행사번호",))]
    name: Annotated[str, Header("행사명", ("행사", "이름"))]
    sort: Annotated[str, Header("유형", ("구분", "종류"))] = ""
    date: Annotated[datetime.date, Header("날짜", ("일자", "행사일")), BeforeValidator(_day)]
    begins: Annotated[datetime.time, Header("시작", ("시작시각", "시각")), BeforeValidator(values.time)]
    ends: Annotated[datetime.time | None, Header("종료", ("종료시각", "마침")), BeforeValidator(values.time)] = None
    place: Annotated[str, Header("장소", ())]
    address: Annotated[str, Header("주소", ("장소 주소",))] = ""
    fee: Annotated[int, Header("참가비", ("회비", "참가비(원)")), Field(ge=0), BeforeValidator(values.whole)] = 0
    """Won."""
    account: Annotated[str, Header("계좌", ("입금계좌",))] = ""
    apply: Annotated[str, Header("신청방법", ("신청", "참가신청"))] = ""
    link: Annotated[str, Header("신청링크", ("링크", "신청주소"))] = ""
    deadline: Annotated[datetime.date | None, Header("신청기한", ("신청마감", "마감")), BeforeValidator(_day)] = None
    contact: Annotated[str, Header("문의", ("문의처",))] = ""
    host: Annotated[str, Header("주최", ())] = ""
    organiser: Annotated[str, Header("주관", ())] = ""
    purpose: Annotated[str, Header("취지", ("목적", "안내말"))] = ""
    province: Annotated[str, Header("시도", ("시·도",))] = ""
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구"))] = ""


class Item(Record):
    """A row of a programme (식순). Rows of one 순서 are several people of one item; the first carries what it is."""

    required = ("event", "place", "title")
    event: Annotated[str, Header("행사ID", ("행사번호",))]
    place: Annotated[int, Header("순서", ("번호", "연번")), Field(ge=1), BeforeValidator(values.whole)]
    sort: Annotated[str, Header("구분", ("유형",))] = ""
    title: Annotated[str, Header("내용", ("순서명", "제목"))] = ""
    minutes: Annotated[
        int, Header("분", ("시간(분)", "소요시간", "소요(분)")), Field(ge=0), BeforeValidator(values.whole)
    ] = 0
    speaker: Annotated[str, Header("담당", ("이름", "발표자", "진행"))] = ""
    affiliation: Annotated[str, Header("소속", ())] = ""
    speaker_title: Annotated[str, Header("직함", ("직책",))] = ""
    remark: Annotated[str, Header("비고", ())] = ""


class Progress(Record):
    """What became of a pledge that somebody elected had adopted."""

    required = ("candidate", "pledge", "state")
    candidate: Annotated[str, Header("후보자ID", ("huboid", "후보ID"))]
    pledge: Annotated[str, Header("공약번호", ("번호",))]
    state: Annotated[State, Header("상태", ("이행상태", "진행상태")), BeforeValidator(State.parse)]
    department: Annotated[str, Header("소관부서", ("소관 부서", "담당부서"))] = ""
    done: Annotated[str, Header("추진내용", ("추진 내용", "추진상황"))] = ""
    evidence: Annotated[str, Header("근거자료", ("근거 자료", "근거"))] = ""
    checked: Annotated[datetime.date | None, Header("점검일", ("확인일",)), BeforeValidator(_day)] = None
    checker: Annotated[str, Header("점검자", ("확인자",))] = ""
    following: Annotated[str, Header("다음조치", ("다음 조치", "향후계획"))] = ""


class Demand(Record):
    """What a member body asks to be changed (제도개선요구), and what was decided of it."""

    required: ClassVar[tuple[str, ...]] = ("number", "body", "text", "decision")
    number: Annotated[str, Header("요구번호", ())]
    body: Annotated[str, Header("단체", ("단체명", "회원단체", "소속단체", "기관명"))]
    committee: Annotated[str, Header("분과", ("분과위원회", "위원회"))] = ""
    province: Annotated[str, Header("시도", ("시·도", "광역", "지역"))] = ""
    municipality: Annotated[str, Header("시군구", ("구시군", "시·군·구", "기초"))] = ""
    text: Annotated[str, Header("내용", ("요구 내용", "요구사항", "제도개선요구", "제안 내용"))]
    received: Annotated[str, Header("받은 날", ("타임스탬프", "Timestamp", "접수일", "제출일"))] = ""
    decision: Annotated[Decision, Header("처리", ("처리 결과", "결정")), BeforeValidator(Decision.parse)] = (
        Decision.OPEN
    )
    pledge: Annotated[str, Header("공약번호", ("반영 공약",))] = ""
    """Where it was adopted."""
    target: Annotated[str, Header("병합 대상", ("합친 요구",))] = ""
    """The demand it was merged with."""
    reason: Annotated[str, Header("사유", ("거절 사유",))] = ""
    similar: Annotated[str, Header("비슷한 요구", (), printable=False)] = ""
    """Written by the program: numbers of demands that say nearly the same."""
    origin: Annotated[str, Header("원본 표식", (), printable=False)] = ""
    """Written by the program: by this it knows a row again whose text was mended since."""


def cited(pledge: Pledge) -> tuple[str, ...]:
    """The demands that a pledge says it answers."""
    return tuple(re.findall(r"[^\s,;·/]+", pledge.answers))


MODELS: Mapping[str, type[Record]] = {
    "regions": Region,
    "councils": Council,
    "candidates": Candidate,
    "pledges": Pledge,
    "answers": Response,
    "parties": Party,
    "activists": Activist,
    "bodies": Body,
    "events": Event,
    "programme": Item,
    "progress": Progress,
    "demands": Demand,
}
"""By entry of `[tables]`: what a row of it is."""
