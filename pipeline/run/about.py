"""What this is, and what it works with here: `hyeopyak --version`, and names for a shell to complete."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from pathlib import Path

from pipeline import __version__
from pipeline.doors import machine, office
from pipeline.steps.read_campaign import read_campaign


def about() -> Iterator[str]:
    """Lines: the program first, then LibreOffice, Python and libraries; `-` stands for what is not there."""
    program = office.find_office()
    yield f"hyeopyak {__version__}"
    yield (program and office.version(program)) or "LibreOffice -"
    yield f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield ", ".join(f"{name} {machine.version(name) or '-'}" for name in machine.LIBRARIES)


def kinds(folder: Path) -> dict[str, str]:
    """Kinds of documents of a campaign, with their titles; none where its settings cannot be read."""
    with contextlib.suppress(OSError):
        campaign, _ = read_campaign(folder)
        return {name: kind.title for name, kind in campaign.kinds.items()} if campaign else {}
    return {}
