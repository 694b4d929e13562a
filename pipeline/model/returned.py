"""Answers that come back: what a file holds, what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pipeline.model.choices import Answer
from pipeline.model.findings import Cell
from pipeline.model.marks import Reading
from pipeline.model.records import Header, Record, Response


class Returned(Record):
    """A row of an answer sheet as it came back; what it means is for `import_answers` to say."""

    required = ("pledge", "answer")
    number: Annotated[str, Header("문서번호", ("제안서 번호",))] = ""
    candidate: Annotated[str, Header("후보자ID", ("huboid", "후보ID", "정당ID", "응답자ID"))] = ""
    name: Annotated[str, Header("후보자", ("이름", "성명", "정당"), printable=False)] = ""
    pledge: Annotated[str, Header("공약번호", ("번호", "제안번호"))]
    title: Annotated[str, Header("공약", ("제목", "공약명", "제안", "정책 제안"))] = ""
    answer: Annotated[str, Header("답변", ("회신", "응답", "제안과 답변"))] = ""
    remark: Annotated[str, Header("의견", ("비고", "사유", "기타의견"))] = ""


class Collected(Response):
    """A row of the workbook in which imported answers are kept."""

    name: Annotated[str, Header("후보자", ("정당",), printable=False)] = ""
    title: Annotated[str, Header("공약", ())] = ""
    file: Annotated[str, Header("받은 파일", ())] = ""
    """Name and beginning of its SHA-256; blank: somebody typed the row."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what is marked in it."""

    row: Returned
    reading: Reading


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of answers: of one person as a Word file, of any number as a sheet."""

    shown: str
    """Path as findings name it."""
    name: str
    sha256: str
    lines: Sequence[Line]
    numbers: Sequence[str] = ()
    """Document numbers that stand beside the rows."""
    person: str = ""
    """Whose sheet it says it is."""

    @property
    def cell(self) -> Cell:
        """The file as a whole."""
        return Cell(self.shown)

    @property
    def mark(self) -> str:
        """What stands in 받은 파일."""
        return f"{self.name} [{self.sha256[:8]}]"


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer to be kept."""

    candidate: str
    name: str
    pledge: str
    title: str
    answer: Answer
    remark: str
    file: str

    @property
    def says(self) -> tuple[Answer, str]:
        """What is compared: the answer with its remark."""
        return self.answer, " ".join(self.remark.split())
