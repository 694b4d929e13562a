"""Whose papers lie below outputs, where the register that knew it is lost.

A paper is recognised by its path: that of one subject of its kind and region with the number and revision that stand in
its name. Whether it says what that subject's paper says is for the caller to prove; where files were copied or renamed,
several subjects may claim a number, or several numbers a subject.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.model.campaign import Kind
from pipeline.model.documents import Issued, Job, Subject
from pipeline.model.identity import NUMBER
from pipeline.subjects.paths import paths

_IN_NAME = re.compile(rf"(?<![A-Za-z0-9])({NUMBER})(?![0-9])")
_REVISION = re.compile(r"_(\d+)판$")


def number_in(path: str) -> str:
    """The number in a paper's file name, '' without one."""
    found = _IN_NAME.search(path.rpartition("/")[2])
    return found[1] if found else ""


def recognise(
    kinds: Mapping[str, Kind],
    subjects: Mapping[str, Sequence[Subject]],
    papers: Iterable[str],
    file_name: Callable[[str], str],
) -> list[Issued]:
    """Claims as far as paths tell: for each number and each subject at whose path it lies, the latest revision.

    Args:
        kinds: of the campaign, by name.
        subjects: whom each kind could be made for.
        papers: paths of Word files below outputs.
        file_name: makes text safe as a file name.
    """
    by_letter = {kind.letter: name for name, kind in kinds.items()}
    by_region: dict[tuple[str, str], list[Subject]] = defaultdict(list)
    for name, several in subjects.items():
        for one in several:
            by_region[name, one.region].append(one)
    found: dict[tuple[str, str], Issued] = {}
    for path in papers:
        number = number_in(path)
        letter, region, serial = number.split("-")
        name = by_letter.get(letter, "")
        mark = _REVISION.search(path.removesuffix(".docx"))
        revision = int(mark[1]) if mark else 1
        for one in by_region.get((name, region), ()):
            if paths(kinds[name], one, number, revision, file_name)[0] == path:
                before = found.get((number, one.key))
                if before is None or before.revision < revision:
                    pdf = path.removesuffix(".docx") + ".pdf"
                    found[number, one.key] = Issued(
                        number, name, one.key, region, int(serial), revision, "", path, "", pdf, "", 0, ""
                    )
    return [found[claim] for claim in sorted(found)]


def settle(claims: Iterable[Job], proven: Callable[[Job], bool]) -> list[Job]:
    """Claims that hold: one for each number and each subject.

    What is proven comes first. A number that several claim and none can prove is nobody's.

    Args:
        claims: papers as they would be made under the numbers that they bear.
        proven: whether the file that lies there says what it would say.
    """
    ordered = sorted(claims, key=lambda one: (not proven(one), one.number))
    rivals = Counter(one.number for one in ordered)
    numbers: set[str] = set()
    subjects: set[tuple[str, str]] = set()
    held = []
    for one in ordered:
        free = one.number not in numbers and (one.kind, one.key) not in subjects
        if free and (proven(one) or rivals[one.number] == 1):
            numbers.add(one.number)
            subjects.add((one.kind, one.key))
            held.append(one)
    return held
