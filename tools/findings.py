"""The catalogue of findings as a page: `docs/findings.md`, in Korean and English.

    python -m tools.findings

Run it whenever a text of the catalogue or its Korean has changed; a test holds the page current.
"""

from __future__ import annotations

import gettext
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model.catalogue import CATALOGUE, Entry, Level
from pipeline.show.language import DOMAIN, FOLDER

PAGE = Path(__file__).parent.parent / "docs/findings.md"

GROUPS = {
    "캠페인 설정 · Settings": ("campaign", "init", "demo", "kind", "columns"),
    "파일과 표 · Files and tables": ("file", "sheet", "header", "column", "row"),
    "칸 · Cells": ("cell", "hanja"),
    "표 사이의 규칙 · Rules across tables": (
        "key", "reference", "region", "candidate", "party", "pledge", "answer", "council", "signer", "programme",
        "progress", "count", "body", "event", "particle",
    ),
    "가져오기 · Imports": ("import", "demand", "explain"),
    "꾸러미와 전자우편 · Packets and mail": ("packet", "mail"),
    "돌아온 문서 · Returned papers": ("original", "return", "review"),
    "자료집과 보관 · Volumes and archives": ("volume", "signoff", "seal", "archive", "bag", "verify", "purge"),
    "서식 · Templates": ("template", "font", "picture", "chart", "field"),
    "결과와 실행 · Results and runs": (
        "plan", "affected", "render", "convert", "output", "office", "worker", "register", "only", "copy", "run",
        "machine", "doctor", "cluster",
    ),
}  # fmt: skip
"""Headings, and the first parts of the codes that stand below each."""
_OTHERS = "그 밖 · Others"
_TITLES = ("| 코드 code | 수준 level | 종료 exit | 한국어 | English |", "|---|---|---|---|---|")
_LEVELS = {Level.ERROR: "오류", Level.WARNING: "주의", Level.NOTE: "참고"}
_HEAD = """\
# 점검 결과 목록 · Findings

이 쪽은 `python -m tools.findings`가 씁니다. 고칠 때는 `pipeline/model/catalogue*.py`와 `pipeline/locale`의 글을 고칩니다.
This page is written by `python -m tools.findings`; edit `pipeline/model/catalogue*.py` and `pipeline/locale` instead.

**오류** error: 그대로는 문서를 바르게 만들 수 없습니다. Papers cannot be right while it stands.
**주의** warning: 사람이 확인해야 하며, 문서는 만듭니다. Somebody should look; papers are made.
**참고** note: 알아 두라고 알립니다. Told so that nobody wonders.

중괄호 안의 말은 그때그때의 값으로 바뀝니다. 종료 코드는 [operators-guide.md](operators-guide.md)에 있습니다. 가장 무거운 오류의 것으로 끝나며, 주의와 참고는 0입니다.
Words in braces are replaced by values. Exit codes are explained in [operators-guide.md](operators-guide.md); a run ends
with that of its weightiest error, warnings and notes end with 0.
"""  # noqa: E501 - Markdown


def page() -> str:
    """The whole page."""
    korean = gettext.translation(DOMAIN, FOLDER, ["ko"])
    groups: dict[str, list[str]] = defaultdict(list)
    for code in CATALOGUE:
        groups[_group(code)].append(code)
    parts = [_HEAD]
    for group in (*GROUPS, _OTHERS):
        if groups[group]:
            rows = (_row(code, CATALOGUE[code], korean) for code in groups[group])
            parts.append("\n".join([f"## {group}", "", *_TITLES, *rows, ""]))
    return "\n".join(parts)


def _group(code: str) -> str:
    first = code.partition(".")[0]
    return next((group for group, firsts in GROUPS.items() if first in firsts), _OTHERS)


def _row(code: str, entry: Entry, korean: gettext.NullTranslations) -> str:
    exit_code = str(int(entry.exit_code)) if entry.level is Level.ERROR else "0"
    said = ("<br>".join(_told(entry, speak)) for speak in (korean.gettext, str))
    cells = (f"`{code}`", f"{_LEVELS[entry.level]} {entry.level.value}", exit_code, *said)
    return "| " + " | ".join(cells) + " |"


def _told(entry: Entry, speak: Any) -> Iterator[str]:
    """What is wrong, and below it what to do."""
    yield f"**{_plain(speak(entry.message))}**"
    if entry.remedy:
        yield _plain(speak(entry.remedy))


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing else."""
    for sign in "\\|*_<":
        text = text.replace(sign, f"\\{sign}")
    return text


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
