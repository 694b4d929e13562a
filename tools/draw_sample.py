"""Draw the sample campaign: `inputs/*.xlsx` with invented people in the real regions of 2018.

Run it from the repository's root: `python -m tools.draw_sample [FOLDER]`. The seed is fixed, so the same code
gives the same bytes. Lists of columns stand here for candidates, regions, pledges and answers, and with their subject
for all else; texts stand in `tools/sample/`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

from tools.sample_activists import Activist, activist_sheet, activists
from tools.sample_activists import counts as activist_counts
from tools.sample_answers import ACCEPTED, ANSWERS, PARTIAL, SCOPES, Answer, Pledge, answers, pledges
from tools.sample_bodies import bodies, body_sheet
from tools.sample_demands import demand_sheet, demands
from tools.sample_events import event_sheets
from tools.sample_monitoring import Progress, elected, monitoring, monitoring_sheet
from tools.sample_parties import parties, party_sheets
from tools.sample_people import ATTENDANCE, OFFICES, STANDINGS, STATUSES, Person, people
from tools.sample_pictures import pictures
from tools.sample_regions import councils, regions
from tools.sample_sheets import YES_OR_NO, Column, Sheet, Value, table, write

SEED = 20180613
AS_OF = "기준일 2018. 5. 18."

REGION_COLUMNS = (
    # A number here and text in the candidates' sheet: both look the same to staff.
    Column("지역코드", 12, number_format="0"),
    Column("시도", 18),
    Column("시군구", 14),
    Column("협의회", 34, align="left"),
)
COUNCIL_COLUMNS = (
    Column("협의회", 34, align="left"),
    Column("시도", 18),
    Column("대표 직함", 14),
    Column("대표자", 12),
    Column("이메일", 30, align="left"),
)
CANDIDATE_COLUMNS = (
    Column("후보자ID", 12, number_format="@"),
    Column("선거종류", 14, choices=OFFICES),
    Column("시도", 15),
    Column("시군구", 10),
    Column("선거구", 20, align="left"),
    Column("정당", 13),
    Column("기호", 6),
    Column("이름", 20),
    Column("한자", 12),
    Column("생년", 7, number_format="0"),
    Column("신분", 11, choices=STANDINGS),
    Column("상태", 9, choices=STATUSES),
    Column("당선", 7, choices=YES_OR_NO[:1]),
    Column("대리 서명자", 11),
    Column("대리 서명자 직함", 16),
    Column("비고", 40, align="left"),
    Column("지역코드", 10, number_format="@"),
    Column("협약식 참석", 11, choices=ATTENDANCE),
)
PLEDGE_COLUMNS = (
    Column("번호", 9),
    Column("분야", 11),
    Column("제목", 30, align="left"),
    Column("요구", 50, align="left"),
    Column("내용", 72, align="left"),
)
REGIONAL_COLUMNS = (
    Column("번호", 13),
    Column("시도", 15),
    Column("시군구", 9),
    Column("소관", 10, choices=SCOPES),
    *PLEDGE_COLUMNS[1:],
)
ANSWER_COLUMNS = (
    Column("후보자ID", 12, number_format="@"),
    Column("후보자", 20),
    Column("공약번호", 12),
    Column("공약", 42, align="left"),
    Column("답변", 10, choices=ANSWERS),
    Column("의견", 70, align="left"),
    Column("회신일", 12, number_format="yyyy\\. m\\. d\\."),
)


def main() -> None:
    """Write the workbooks and the pictures, and say what is in them."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "inputs")
    folder.mkdir(parents=True, exist_ok=True)
    # Each subject has a random source of its own: what is added to one leaves the others as they are.
    standing = people(Random(SEED))
    replies = answers(standing, Random(SEED + 1))
    winners = elected(standing, replies, Random(SEED + 2))
    signers = activists(Random(SEED + 3), named_elsewhere(standing))
    progress = monitoring(replies, winners, Random(SEED + 4))
    write(folder / "regions.xlsx", "지역과 협의회", [region_sheet(), council_sheet()])
    write(folder / "candidates.xlsx", "후보자 명부", [candidate_sheet(standing, winners)])
    write(folder / "pledges.xlsx", "정책 제안 목록", [common_sheet(), regional_sheet()])
    write(folder / "answers.xlsx", "후보자 답변 취합", [answer_sheet(replies)])
    write(folder / "parties.xlsx", "정당과 정당 답변", party_sheets())
    write(folder / "activists.xlsx", "활동가 명단", [activist_sheet(signers)])
    write(folder / "bodies.xlsx", "회원단체", [body_sheet()])
    write(folder / "events.xlsx", "행사와 식순", event_sheets())
    write(folder / "demands.xlsx", "제도개선요구", [demand_sheet()])
    write(folder / "monitoring.xlsx", "이행 점검", [monitoring_sheet(progress)])
    pictures(folder / "pictures")
    report(standing, replies)
    report_others(signers, winners, progress)


def named_elsewhere(standing: tuple[Person, ...]) -> frozenset[str]:
    """Everybody else of the sample: no activist is taken for one of them."""
    named = {one.name for one in standing} | {one.deputy for one in standing if one.deputy}
    spoken = {one.representative for each in (councils(), bodies(), parties()) for one in each}
    return frozenset(named | spoken)


def region_sheet() -> Sheet:
    """지역."""
    rows: list[tuple[Value, ...]] = [(one.code, one.province, one.municipality, one.council) for one in regions()]
    return Sheet("지역", "지역과 담당 협의회", AS_OF, REGION_COLUMNS, rows, "2F5D62")


def council_sheet() -> Sheet:
    """협의회."""
    rows: list[tuple[Value, ...]] = [
        (one.name, one.province, one.title, one.representative, one.email) for one in councils()
    ]
    return Sheet("협의회", "지역협의회 연락처", "", COUNCIL_COLUMNS, rows, "2F5D62")


def candidate_sheet(standing: tuple[Person, ...], winners: frozenset[str]) -> Sheet:
    """후보자, with a blank first column."""
    note = f"{AS_OF}  (선거관리위원회 예비후보자 명부와 대조, 생년은 연도만 적음)"
    rows = table((candidate(person, won=person.key in winners) for person in standing), CANDIDATE_COLUMNS)
    return Sheet("후보자", "제7회 전국동시지방선거 후보자 명부", note, CANDIDATE_COLUMNS, rows, "31497A", left=1, gap=1)


def candidate(person: Person, *, won: bool) -> dict[str, Value]:
    """A row of 후보자."""
    return {
        "후보자ID": person.key,
        "선거종류": person.office,
        "시도": person.province,
        "시군구": person.municipality,
        "선거구": person.district,
        "정당": person.party,
        "기호": person.ballot,
        "이름": person.name,
        "한자": person.hanja,
        "생년": person.birth,
        "신분": person.standing,
        "상태": person.status,
        "당선": YES_OR_NO[0] if won else "",
        "대리 서명자": person.deputy,
        "대리 서명자 직함": person.deputy_title,
        "비고": person.note,
        "지역코드": str(person.code),
        "협약식 참석": person.attends,
    }


def common_sheet() -> Sheet:
    """공통공약."""
    rows = table((pledge_row(one) for one in pledges() if not one.province), PLEDGE_COLUMNS)
    return Sheet("공통공약", "공통 정책 제안", "", PLEDGE_COLUMNS, rows, "6B4E71", row_height=None)


def regional_sheet() -> Sheet:
    """지역공약, below a blank row."""
    rows = table(
        (
            {**pledge_row(one), "시도": one.province, "시군구": one.municipality, "소관": one.scope}
            for one in pledges()
            if one.province
        ),
        REGIONAL_COLUMNS,
    )
    note = f"{AS_OF}  (시군구가 빈 칸이면 시도 전체에 해당)"
    return Sheet("지역공약", "지역 정책 제안", note, REGIONAL_COLUMNS, rows, "6B4E71", top=1, row_height=None)


def pledge_row(pledge: Pledge) -> dict[str, Value]:
    """What rows of both pledge sheets share."""
    return {
        "번호": pledge.number,
        "분야": pledge.field,
        "제목": pledge.title,
        "요구": pledge.demand,
        "내용": pledge.detail,
    }


def answer_sheet(replies: tuple[Answer, ...]) -> Sheet:
    """답변, one row for each candidate and pledge."""
    rows = table((answer_row(one) for one in replies), ANSWER_COLUMNS)
    note = f"{AS_OF}  (부분수용과 불수용은 의견을 반드시 적음)"
    return Sheet("답변", "정책 제안 답변 취합표", note, ANSWER_COLUMNS, rows, "8A5A2B", frozen=2, row_height=None)


def answer_row(reply: Answer) -> dict[str, Value]:
    """A row of 답변."""
    return {
        "후보자ID": reply.person.key,
        "후보자": reply.person.name,
        "공약번호": reply.pledge.number,
        "공약": reply.pledge.title,
        "답변": reply.answer,
        "의견": reply.remark,
        "회신일": reply.came if reply.answer != ANSWERS[-1] else None,
    }


def report(standing: tuple[Person, ...], replies: tuple[Answer, ...]) -> None:
    """Tell how large the sample is."""
    adopting = {
        one.person.key for one in replies if one.answer in {ACCEPTED, PARTIAL} and one.person.status == STATUSES[0]
    }
    print(f"{len(regions())} regions, {len(councils())} councils, {len(pledges())} pledges")
    print(f"{len(standing)} candidates: {dict(Counter(one.office for one in standing))}")
    print(f"{len(replies)} answers: {dict(Counter(one.answer for one in replies))}")
    print(f"{len(adopting)} candidates get an agreement")


def report_others(signers: tuple[Activist, ...], winners: frozenset[str], progress: tuple[Progress, ...]) -> None:
    """Tell how large the other workbooks are."""
    print(f"{len(signers)} activists: {activist_counts(signers)}")
    print(f"{dict(Counter(one.consent for one in signers))} consent to be named")
    print(f"{len(parties())} parties and branches, {len(bodies())} member bodies")
    print(f"{len(demands())} demands: {dict(Counter(one.decision for one in demands()))}")
    print(f"{len(winners)} elected; {len(progress)} states: {dict(Counter(one.state for one in progress))}")


if __name__ == "__main__":
    main()
