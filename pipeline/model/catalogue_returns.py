"""Findings about what returned pages mean, and what people decide."""

from __future__ import annotations

from pipeline.model.entries import Entry

RETURNS: dict[str, Entry] = {}
