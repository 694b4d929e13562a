"""Subjects: whom and what documents are made for, and what each offers to templates.

A module a sort of subject; `SUBJECTS` leads from the words of `for_each` to them. Keys of what templates see are the
headers of the sheets, so that staff know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pipeline.model.book import Book
from pipeline.model.campaign import Each, Kind
from pipeline.model.documents import Subject
from pipeline.subjects.areas import nation, provinces, regions
from pipeline.subjects.body import bodies
from pipeline.subjects.candidate import candidates
from pipeline.subjects.event import events
from pipeline.subjects.party import parties

SUBJECTS: Mapping[Each, Callable[[Book, Kind], Iterator[Subject]]] = {
    Each.CAMPAIGN: nation,
    Each.PROVINCE: provinces,
    Each.REGION: regions,
    Each.CANDIDATE: candidates,
    Each.PARTY: parties,
    Each.EVENT: events,
    Each.BODY: bodies,
}
