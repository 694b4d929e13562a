"""A file for qpdf to write: where the disk fails, it is told when qpdf is done.

What is raised while qpdf works out an identifier ends the process, whether it writes the file itself or has it written
(12.4.2, within pikepdf 10.17.0).
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.doors import interrupts

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_AT_ONCE = 1 << 20
"""Bytes: qpdf writes some at a time."""


@contextlib.contextmanager
def patient(path: Path) -> Iterator[BinaryIO]:
    """A new file; nothing that is written to it fails before the end.

    Raises:
        OSError: of the disk.
    """
    with path.open("wb") as file:
        output = _Patient(file)
        # Ctrl-C would be raised in there, too.
        with interrupts.undisturbed(), io.BufferedWriter(output, _AT_ONCE) as stream:
            yield stream
        if output.failed:
            raise output.failed


class _Patient(io.RawIOBase):
    """Takes whatever it is given."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failed: OSError | None = None

    def writable(self) -> bool:
        """As files are."""
        return True

    def write(self, blob: ReadableBuffer, /) -> int:
        """Write it, as long as that can be done."""
        try:
            if not self.failed:
                self._file.write(blob)
        except OSError as error:
            self.failed = error
        return memoryview(blob).nbytes
