"""The sample campaign with the papers of one province only: quick enough for a test that does everything."""

from __future__ import annotations

import re

from pipeline.run.beginning import sample_files
from pipeline.run.playing import AREA
from pipeline.steps.read_campaign import CAMPAIGN_FILE

KINDS = ("agreement", "notice")
_ALL, _SOME = 'filter = { "협약" = "예" }', f'filter = {{ "협약" = "예", "시도" = "{AREA}" }}'


def small_sample() -> dict[str, bytes]:
    """Its files, by path."""
    files = sample_files()
    # A kind has sections of its own: [kinds.declaration.roll].
    parts = re.split(r"(?m)^(?=\[)", files[CAMPAIGN_FILE].decode())
    kept = [
        one for one in parts if not one.startswith("[kinds.") or one.startswith(tuple(f"[kinds.{k}]" for k in KINDS))
    ]
    return files | {CAMPAIGN_FILE: "".join(kept).replace(_ALL, _SOME).encode()}
