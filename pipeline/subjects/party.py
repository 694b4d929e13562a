"""Parties and their branches: 정당, 지역, what is proposed, what they adopted, who signs."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.book import Book
from pipeline.model.campaign import Kind
from pipeline.model.choices import Answer, Yes
from pipeline.model.documents import Subject
from pipeline.subjects.common import Proposals, adoptions, area, folders


def parties(book: Book, _: Kind) -> Iterator[Subject]:
    """Parties first, then their branches by region."""
    proposals = Proposals(book.asked)
    for one in sorted(book.parties, key=lambda one: (one.region.code, one.party.key)):
        party = one.party
        answered = any(position.answer is not Answer.NONE for position in one.positions)
        printed = {
            **party.printed(),
            "이름": party.name,
            "대표": party.representative,
            "협약": Yes.YES.value if one.adopted else "",
            "회신": Yes.YES.value if answered else "",
        }
        yield Subject(
            key=f"party:{party.key}",
            region=one.region.code,
            folders=folders(one.region),
            place=one.region.name,
            label=f"{party.name} {party.title}",
            columns=printed,
            offers={
                "정당": printed,
                "지역": area(one.region),
                **proposals.of([position.pledge for position in one.positions]),
                **adoptions(one.adopted),
                "서명": {
                    "정당": party.name,
                    "직함": party.title,
                    "선거구": "",
                    "이름": party.representative,
                    "대리": False,
                    "대리인": "",
                    "대리인직함": "",
                },
            },
        )
