"""Member bodies: 회원단체, 약속, 지역, who signs."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.book import Book
from pipeline.model.campaign import Kind
from pipeline.model.choices import Yes
from pipeline.model.documents import Subject
from pipeline.subjects.common import area, folders


def bodies(book: Book, kind: Kind) -> Iterator[Subject]:
    """Member bodies by region, in the order of their sheet; those without consent are left out where it is needed."""
    for one in sorted(book.bodies, key=lambda one: one.region.code):
        body = one.body
        if kind.consent and body.consent is Yes.NO:
            continue
        printed = {"로고": "", **body.printed(), "이름": body.name, "대표": body.representative}
        yield Subject(
            key=f"body:{body.key}",
            region=one.region.code,
            folders=folders(one.region),
            place=one.region.name,
            label=body.name,
            columns=printed,
            offers={
                "회원단체": printed,
                "지역": area(one.region),
                "약속": [line.strip() for line in body.vows.splitlines() if line.strip()],
                "서명": {"단체": body.name, "직함": body.title, "이름": body.representative},
            },
        )
