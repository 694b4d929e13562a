"""The most memory that a run takes, by process: does it grow with the number of documents?

    python -m tools.memory COUNT...

For each count: the national campaign with so many candidates (tools/nation.py), looked at and made. Prints, of the
program itself, of its workers and of LibreOffice, the largest of each, in megabytes, and the seconds.

Where LibreOffice would need hours, `--copied` makes a run that converts the first document of each batch: the others
get its PDF, so that what is carried between processes, hashed, recorded and written is of real size.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tools import nation
from tools.peak import peak_memory

ROOT = Path(__file__).parent.parent
_SECONDS_BETWEEN_LOOKS = 0.1
_PROGRAM, _WORKERS, _OFFICE = "program", "workers", "LibreOffice"
_COPIED = """
import dataclasses
import pipeline.steps.convert as step
convert = step.convert
def copied(rendered, *how):
    (first,), findings = convert(rendered[:1], *how)
    own, *rest = first.pdf
    # Pages of their own for each, fonts in common.
    return [
        dataclasses.replace(first, job=one.job, pdf=(bytes(bytearray(own)), *rest[:-1], bytes(bytearray(rest[-1]))))
        for one in rendered
    ], findings
step.convert = copied
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""
"""A file, since every worker runs its program's main module, but not what was said on a command line."""


def main() -> None:
    """Measure and print a line for each step of each count."""
    parser = argparse.ArgumentParser(prog="python -m tools.memory", description="The most memory that runs take.")
    parser.add_argument("counts", nargs="+", type=int, metavar="COUNT", help="candidates")
    parser.add_argument("--copied", action="store_true", help="convert one document of each batch")
    parser.add_argument("--folder", type=Path, help="where the campaigns are made; it needs room")
    options = parser.parse_args()
    print(f"{'documents':>10} {'step':<8} {_PROGRAM:>9} {_WORKERS:>9} {_OFFICE:>12} {'seconds':>9}   (MB)")
    for count in options.counts:
        with tempfile.TemporaryDirectory(prefix="hyeopyak-memory-", dir=options.folder) as name:
            folder = Path(name)
            nation.write(folder, count)
            for step, arguments in _steps():
                peaks, seconds = _run(folder, arguments, copied=options.copied)
                told = (peaks.get(who, 0) / 1e6 for who in (_PROGRAM, _WORKERS, _OFFICE))
                print("{:>10,} {:<8} {:>9.0f} {:>9.0f} {:>12.0f} {:>9.1f}".format(count, step, *told, seconds))
                sys.stdout.flush()


def _steps() -> Iterator[tuple[str, list[str]]]:
    yield "check", ["check"]
    yield "make", ["make", "agreement"]
    yield "again", ["make", "agreement"]
    yield "status", ["status"]


def _run(folder: Path, arguments: list[str], *, copied: bool) -> tuple[dict[str, int], float]:
    """The largest of each sort of process while a command runs; of several at once, the largest one."""
    script = folder / "copied.py"
    script.write_text(_COPIED, encoding="utf-8")
    head = [str(script)] if copied else ["-m", "pipeline"]
    command = [sys.executable, *head, *arguments, "--quiet", "--campaign", str(folder)]
    started = time.perf_counter()
    peaks: dict[str, int] = {}
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=paths, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            _look(process.pid, peaks)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        talk = process.stderr.read() if process.stderr else b""
    if process.returncode:
        raise RuntimeError(talk.decode())
    return peaks, time.perf_counter() - started


def _look(program: int, peaks: dict[str, int]) -> None:
    try:
        below = psutil.Process(program).children(recursive=True)
        found = [(_OFFICE if "soffice" in one.name() else _WORKERS, one.pid) for one in below]
    except psutil.Error:
        return
    for who, number in [(_PROGRAM, program), *found]:
        try:
            peaks[who] = max(peaks.get(who, 0), peak_memory(number))
        except (OSError, StopIteration):
            continue


if __name__ == "__main__":
    main()
