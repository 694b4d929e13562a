"""Files with much in common: a font that 150 PDFs of a batch hold is kept, and sent to another process, once."""

from __future__ import annotations

from pipeline.model.documents import Chunks

_BEGINS, _ENDS = b">>\nstream\n", b"endstream"
"""As qpdf writes streams (ISO 32000-1, 7.3.8.1)."""
_LONG = 2_000
"""Bytes: what is shorter is not worth a chunk of its own."""


class Shared:
    """Takes PDFs apart; long streams that are the same become the same object, which pickle writes once."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    def chunks(self, blob: bytes) -> Chunks:
        """A file's bytes in order, cut at its long streams."""
        found: list[bytes] = []
        end = 0
        place = blob.find(_BEGINS)
        while place >= 0:
            start = place + len(_BEGINS)
            stop = blob.find(_ENDS, start)
            if stop < 0:
                break
            if stop - start >= _LONG:
                stream = blob[start:stop]
                found += [blob[end:start], self._known.setdefault(stream, stream)]
                start = end = stop
            place = blob.find(_BEGINS, start)
        return (*found, blob[end:])
