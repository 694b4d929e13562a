"""What lies in `outputs/packets/`, as the last run left it: packets, and drafts of mails that hold them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from pipeline.doors import files
from pipeline.model.packets import Packed

DRAFTS = "mail"
_STATE = "packets.json"


def known(place: Path) -> dict[str, Packed]:
    """Packets by name; a memory that is lost or damaged makes them anew."""
    try:
        kept = {name: Packed(**one) for name, one in json.loads(files.whole(place / _STATE)).items()}
        # Files are removed at these paths: one that leads out of the folder was not written by us.
        paths = (path for name, one in kept.items() for path in (name, *one.files))
        return {} if any(map(_leads_out, paths)) else kept
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def remember(place: Path, packets: Mapping[str, Packed]) -> None:
    """Keep what `known` is to find.

    Raises:
        Trouble: output.unwritable, output.full.
    """
    rows = {name: dataclasses.asdict(one) for name, one in sorted(packets.items())}
    files.publish(place, [(_STATE, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())])


def archive_of(name: str) -> str:
    """A packet's ZIP, below the folder of packets."""
    return f"{name}.zip"


def draft_of(name: str) -> str:
    """The draft of the mail that holds a packet's ZIP, below the folder of packets."""
    return f"{DRAFTS}/{name}.eml"


def withdraw(place: Path, own: Mapping[str, str]) -> None:
    """Remove what must not be handed over any more; what others have put there or changed stays.

    Args:
        place: where packets lie.
        own: SHA-256 as we wrote it, by path.
    """
    for path, digest in own.items():
        if digest and files.digest(place / path) == digest:
            files.remove(place / path)


def _leads_out(path: str) -> bool:
    return path.startswith(("/", "\\")) or ":" in path or ".." in path.replace("\\", "/").split("/")
