"""Findings about returned files and what they hold."""

from __future__ import annotations

from pipeline.model.entries import Entry

ORIGINALS: dict[str, Entry] = {}
