"""unoserver on a private profile and free ports of 127.0.0.1, ended with its LibreOffice."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.bench.measure import NotMeasured, started

_HOST = "127.0.0.1"
_START_SECONDS = 120
_ANSWER_SECONDS = 120
"""For one document; a server that hangs must not hang us."""


@contextlib.contextmanager
def unoserver(folder: Path, soffice: str) -> Iterator[Any]:
    """Start the server; gives its `UnoClient`.

    Args:
        folder: a folder of its own.
        soffice: path of LibreOffice.

    Raises:
        NotMeasured: unoserver, or LibreOffice's module for Python, is missing; or the server does not start.
    """
    package = importlib.util.find_spec("unoserver")
    if package is None or not package.origin:
        raise NotMeasured("unoserver is not installed")
    from unoserver.client import UnoClient  # type: ignore[import-untyped]

    port, uno_port = _free_ports()
    command = [
        _python_with_uno(soffice), "-m", "unoserver.server", "--interface", _HOST, "--port", str(port),
        "--uno-interface", _HOST, "--uno-port", str(uno_port),
        "--user-installation", str(folder / "uno-profile"), "--temp-dir", str(folder), "--executable", soffice,
    ]  # fmt: skip
    before = socket.getdefaulttimeout()
    with started(command, {"PYTHONPATH": str(_alone(Path(package.origin).parent, folder))}) as process:
        try:
            socket.setdefaulttimeout(_ANSWER_SECONDS)
            _wait_for(process, port)
            yield UnoClient(_HOST, str(port))
        finally:
            socket.setdefaulttimeout(before)


def _python_with_uno(soffice: str) -> str:
    """A Python that LibreOffice's own module `uno` was built for: its own, or the system's."""
    own = Path(soffice).resolve().parent / "python"
    for python in (str(own), "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode:
                return python
    raise NotMeasured("no Python has LibreOffice's module `uno` (Debian, Ubuntu: python3-uno)")


def _alone(package: Path, folder: Path) -> Path:
    """A folder with unoserver and nothing else: other libraries of ours may not fit that Python."""
    modules = folder / "modules"
    modules.mkdir()
    for part in (package, *package.parent.glob("unoserver-*.dist-info")):
        shutil.copytree(part, modules / part.name)
    return modules


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((_HOST, 0))
        other.bind((_HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it listens. It may not answer yet then, but what is asked waits its turn."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((_HOST, port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise NotMeasured("unoserver did not start")
