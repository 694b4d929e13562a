"""Findings about page codes and signature fields."""

from __future__ import annotations

from pipeline.model.entries import Entry

IDENTITY: dict[str, Entry] = {}
