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


if refuses() and os.environ["FAULT_HOW"] == "kill worker":
    kill_parent()
elif refuses():
    sys.exit()
sys.exit(subprocess.run([os.environ["FAULT_SOFFICE"], *sys.argv[1:]], check=False).returncode)
