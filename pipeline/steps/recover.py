"""Whose papers lie below outputs, where the register that knew it is lost.

A paper is recognised by its path: that of one subject of its kind and region with the number and revision that stand in
its name. Whether it says what that subject's paper says is for the caller to prove.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.model.campaign import Kind
from pipeline.model.documents import Issued, Subject
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
) -> tuple[dict[tuple[str, str], Issued], frozenset[str]]:
    """Records of papers as far as paths tell, the latest revision of each number; and numbers of nobody.

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
    strange: set[str] = set()
    for path in sorted(papers):
        number = number_in(path)
        letter, region, serial = number.split("-")
        name = by_letter.get(letter, "")
        mark = _REVISION.search(path.removesuffix(".docx"))
        revision = int(mark[1]) if mark else 1
        own = (
            one
            for one in by_region.get((name, region), ())
            if paths(kinds[name], one, number, revision, file_name)[0] == path
        )
        subject = next(own, None)
        if subject is None:
            strange.add(number)
            continue
        before = found.get((name, subject.key))
        if before is None or before.revision < revision:
            pdf = path.removesuffix(".docx") + ".pdf"
            found[name, subject.key] = Issued(
                number, name, subject.key, region, int(serial), revision, "", path, "", pdf, "", 0, ""
            )
    return found, frozenset(strange - {one.number for one in found.values()})
