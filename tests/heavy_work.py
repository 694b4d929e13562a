"""Work for workers, some of which brings them down; a module of its own, since each worker has to import it."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time
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


def cut_off(batch: Sequence[int]) -> list[int] | bytes:
    """Is ended by the kernel while it sends its result, for one number."""
    if 3 in batch:
        threading.Thread(target=_end_while_sending, args=(signal.SIGKILL,), daemon=True).start()
        return bytes(300 << 20)
    return list(batch)


def told_while_sending(batch: Sequence[Path]) -> int | bytes:
    """Is told to end while it sends its result; touches the file before."""
    batch[0].touch()
    threading.Thread(target=_end_while_sending, args=(signal.SIGTERM,), daemon=True).start()
    return bytes(300 << 20)


def _end_while_sending(number: int) -> None:
    main = threading.main_thread().ident or 0
    while sys._current_frames()[main].f_code.co_name != "_send":
        time.sleep(0.0005)
    signal.pthread_kill(main, number)
    if number == signal.SIGKILL:
        os.kill(os.getpid(), number)


def halves(batch: Sequence[int]) -> list[Sequence[int]]:
    """A batch as two smaller ones."""
    middle = (len(batch) + 1) // 2
    return [part for part in (batch[:middle], batch[middle:]) if part]


def same(batch: Sequence[int]) -> tuple[Sequence[int], int]:
    """What it was given, and who did it."""
    return batch, os.getpid()


def slow(batch: Sequence[int]) -> Sequence[int]:
    """Takes a minute, but for the first batch."""
    time.sleep(0.01 if 1 in batch else 60)
    return batch


def sign(folder: Path) -> None:
    """Leave a file with one's number."""
    (folder / str(os.getpid())).touch()


def fails() -> None:
    """As what cannot be imported."""
    raise ImportError


def note_masks(folder: Path) -> None:
    """Leave a file with the signals that are held back."""
    (folder / f"first-{os.getpid()}").write_text(f"{masked()}", encoding="ascii")


def masked(_: Sequence[int] = ()) -> list[int]:
    """The signals that are held back."""
    return sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))


def sends(batch: Sequence[Path]) -> bytes:
    """A large result, once the file is there."""
    if batch:
        batch[0].touch()
        return bytes(300 << 20)
    return b""


def modesty(_: Sequence[int]) -> int:
    """How far it stands back for others."""
    return os.nice(0)
