"""Where the files of a paper lie."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.model.campaign import Kind
from pipeline.model.documents import Subject

SLOT = re.compile(r"\{([^{}]*)\}")
"""Of a file-name pattern: a column in braces."""


def paths(kind: Kind, subject: Subject, number: str, revision: int, file_name: Callable[[str], str]) -> tuple[str, str]:
    """Paths of the Word file and the PDF below outputs: a folder a 시·도, in it one a 시·군·구.

    The first revision bears no mark. Further ones do, so that the one that has gone out stays beside them.

    Args:
        kind: of the paper.
        subject: whom it is made for.
        number: of the paper.
        revision: from 1.
        file_name: makes text safe as a file name.
    """
    values = {**subject.columns, "번호": number, "제목": kind.title}
    mark = f"_{revision}판" if revision > 1 else ""
    stem = file_name(SLOT.sub(lambda slot: values.get(slot[1], ""), kind.pattern) + mark)
    path = "/".join([kind.folder, *map(file_name, subject.folders), stem])
    return f"{path}.docx", f"{path}.pdf"
