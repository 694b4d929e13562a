"""Work for workers that some of it brings down; a module of its own, since each worker has to import it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Sequence
from pathlib import Path


def hungry(batch: Sequence[int]) -> list[int]:
    """Needs more memory than there is, for one number."""
    if 3 in batch:
        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + (64 << 20), before[1]))
        try:
            bytearray(1 << 30)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)
    return list(batch)


def killed(batch: Sequence[int]) -> list[int]:
    """Is ended by the kernel, for one number."""
    if 3 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(batch)


def halves(batch: Sequence[int]) -> list[Sequence[int]]:
    """A batch as two smaller ones."""
    middle = (len(batch) + 1) // 2
    return [part for part in (batch[:middle], batch[middle:]) if part]
