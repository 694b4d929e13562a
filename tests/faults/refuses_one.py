#!/usr/bin/env python3
"""The real LibreOffice, but for files that hold the word FAULT_WORD: with those it does what FAULT_HOW says."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path


def refuses() -> bool:
    """Whether the word is in one of the files; with FAULT_ONCE, a path, the first time only."""
    word = os.environ["FAULT_WORD"].encode()
    names = [name for name in sys.argv if name.endswith(".docx")]
    if not any(word in zipfile.ZipFile(name).read("word/document.xml") for name in names):
        return False
    once = os.environ.get("FAULT_ONCE")
    return not (once and Path(once).exists())


def kill_parent() -> None:
    """As the kernel does when memory is short; lives on, as the real one would."""
    with Path(os.environ["FAULT_LOG"]).open("a", encoding="ascii") as log:
        log.write(f"{os.getpid()}\n")
    if "FAULT_ONCE" in os.environ:
        Path(os.environ["FAULT_ONCE"]).touch()
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def convert(names: list[str]) -> int:
    """The real one, with only these of the documents."""
    others = [one for one in sys.argv[1:] if not one.endswith(".docx")]
    return subprocess.run([os.environ["FAULT_SOFFICE"], *others, *names], check=False).returncode


def die_there() -> None:
    """Convert what comes before the file that holds the word, then crash."""
    names = [name for name in sys.argv if name.endswith(".docx")]
    word = os.environ["FAULT_WORD"].encode()
    bad = next(place for place, name in enumerate(names) if word in zipfile.ZipFile(name).read("word/document.xml"))
    if bad:
        convert(names[:bad])
    if "FAULT_ONCE" in os.environ:
        Path(os.environ["FAULT_ONCE"]).touch()
    os.kill(os.getpid(), signal.SIGSEGV)


if refuses() and os.environ["FAULT_HOW"] == "die":
    die_there()
elif refuses() and os.environ["FAULT_HOW"] == "kill worker":
    kill_parent()
elif refuses():
    sys.exit()
sys.exit(convert([name for name in sys.argv if name.endswith(".docx")]))
