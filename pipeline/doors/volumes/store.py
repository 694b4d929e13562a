"""Copying pages between PDFs so that what is the same is there once (pikepdf).

Every object that is copied is known by what it says: a dictionary by its text once its parts are copied, a stream by
its dictionary and its bytes as they lie in the file. Fonts, pictures and code pages that hundreds of papers share are
written once; nothing is decoded or encoded again.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pikepdf

_LAZY = 32_768
"""Bytes from which on a picture stays in its file until the volume is written."""
_OWN = frozenset({"/Parent", "/StructParents", "/StructParent", "/Annots", "/B", "/AA", "/PieceInfo", "/Metadata"})
"""Entries of a page that lead out of it, or that PDF/A forbids."""
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


class Store:
    """Objects of a PDF under way.

    Args:
        target: the PDF.
    """

    def __init__(self, target: pikepdf.Pdf) -> None:
        self.target = target
        self._known: dict[bytes, Any] = {}
        self._taken: dict[tuple[int, int], Any] = {}
        """Of the source in hand, by its object numbers."""
        self.holds_source = False
        """Whether pictures of the source in hand are still to be read from it: it has to stay open."""

    def begin(self) -> None:
        """Another source follows."""
        self._taken.clear()
        self.holds_source = False

    def page(self, page: pikepdf.Page) -> Any:
        """A page of a source as a dictionary of the target, without annotations and what leads out of it."""
        entries = {key: value for key, value in page.obj.items() if key not in _OWN}
        for key in _INHERITED:
            inherited = page.obj.get(key)
            parent = page.obj.get("/Parent")
            while inherited is None and parent is not None:
                inherited, parent = parent.get(key), parent.get("/Parent")
            if inherited is not None:
                entries[key] = inherited
        return pikepdf.Dictionary({key: self.take(value) for key, value in entries.items()})

    def take(self, value: Any) -> Any:
        """A value of a source in the target."""
        if not isinstance(value, pikepdf.Object):
            return value
        number = value.objgen
        if number != (0, 0) and number in self._taken:
            return self._taken[number]
        if isinstance(value, pikepdf.Stream):
            result = self._stream(value)
        elif isinstance(value, pikepdf.Dictionary):
            result = pikepdf.Dictionary({key: self.take(one) for key, one in value.items()})
        elif isinstance(value, pikepdf.Array):
            result = self._array(value)
        else:
            return value
        if number != (0, 0):
            if not isinstance(value, pikepdf.Stream):
                result = self.shared(result)
            self._taken[number] = result
        return result

    def _array(self, value: Any) -> Any:
        text = value.unparse()
        # Long tables of numbers hold no reference: they are copied as text.
        return pikepdf.Array([self.take(one) for one in value]) if b" R" in text else pikepdf.Object.parse(text)

    def shared(self, value: Any) -> Any:
        """A dictionary or array as an object of its own; one that says the same is there already."""
        text = value.unparse()
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self.target.make_indirect(value)
        return found

    def stream(self, content: bytes, **entries: Any) -> Any:
        """A stream of ours."""
        key = hashlib.sha256(content).digest() + repr(sorted(entries)).encode()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = pikepdf.Stream(self.target, content, **entries)
        return found

    def _stream(self, stream: Any) -> Any:
        raw = stream.read_raw_bytes()
        entries = {key: self.take(one) for key, one in stream.items() if key not in {"/Length", "/Metadata"}}
        said = pikepdf.Dictionary(entries)
        key = hashlib.sha256(raw).digest() + said.unparse()
        found = self._known.get(key)
        if found is None:
            if len(raw) >= _LAZY and stream.get("/Subtype") == "/Image":
                found = self.target.copy_foreign(stream)
                for name, one in entries.items():
                    found[name] = one
                self.holds_source = True
            else:
                found = pikepdf.Stream(self.target, raw, said)
            self._known[key] = found
        return found
