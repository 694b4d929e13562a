"""Draws the first version of our Word templates: `python -m tools.draw_templates [NAME ...]`.

What enters is the wording in `tools/papers/`; what leaves are files in `templates/`. From then on a template belongs to
the people who edit it in Word: an existing file is overwritten only when it is named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.papers.agreement import agreement, party_agreement
from tools.papers.cover_letter import cover_letter
from tools.papers.declaration import declaration, practice
from tools.papers.monitoring import monitoring
from tools.papers.notice import notice
from tools.papers.proposal import proposal
from tools.papers.report import report
from tools.papers.volume import volume

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
DRAWINGS: Final[dict[str, Callable[[], bytes]]] = {
    "agreement.docx": agreement,
    "party-agreement.docx": party_agreement,
    "proposal.docx": proposal,
    "declaration.docx": declaration,
    "practice.docx": practice,
    "notice.docx": notice,
    "monitoring.docx": monitoring,
    "report.docx": report,
    "volume.docx": volume,
    "cover-letter.docx": cover_letter,
}


def main(names: list[str]) -> None:
    """Draw the templates named, or those that do not exist yet."""
    TEMPLATES.mkdir(exist_ok=True)
    for name in names or [name for name in DRAWINGS if not (TEMPLATES / name).exists()]:
        (TEMPLATES / name).write_bytes(DRAWINGS[name]())
        print(f"templates/{name}")


if __name__ == "__main__":
    main(sys.argv[1:])
