"""The most memory that a process has held."""

from __future__ import annotations

from pathlib import Path


def peak_memory(process: int | str = "self") -> int:
    """Bytes of the largest resident set since the program in it was started (proc(5), VmHWM).

    `getrusage` does not say that: what a child reports begins with the peak of whoever started it, as the kernel
    carries it over exec.

    Raises:
        FileNotFoundError: No such process, or no /proc.
    """
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
