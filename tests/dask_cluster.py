"""A Dask cluster of real processes: a scheduler and workers, some in networks of their own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from conftest import REPOSITORY

SECONDS = 60.0


@dataclass
class Dask:
    """Processes, by name, and where they write."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Written by the scheduler: says where it is."""
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def schedule(self, host: str = "127.0.0.1", **environment: str) -> None:
        """Start the scheduler, and wait until it listens."""
        arguments = ["--host", host, "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file)]
        self._start("scheduler", "dask_scheduler", arguments, environment)
        self._until(lambda: self.file.exists() and self.file.read_text(encoding="utf-8").endswith("}"), "scheduler")

    def work(self, name: str, *arguments: str, net: str = "", at: str = "", **environment: str) -> None:
        """Start a worker; it comes when it comes.

        Args:
            name: for people.
            arguments: more of them, or others than those here.
            net: the network in which it lives.
            at: where it finds the scheduler, if not where the scheduler says.
            environment: more variables.
        """
        own = self.folder / name
        own.mkdir()
        how = ["--nthreads", "1", "--no-dashboard", "--name", name, "--local-directory", str(own)]
        variables = {"TMPDIR": str(own), **environment}
        self._start(name, "dask_worker", [at or self.address, *how, *arguments], variables, net)

    def until_there(self, count: int) -> None:
        """Wait until the scheduler has as many workers."""
        import distributed

        with distributed.Client(self.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(count, timeout=SECONDS)  # type: ignore[no-untyped-call]

    def kill(self, name: str) -> None:
        """A process and all that it has started, as when a machine loses its power."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.processes[name].pid)
            for one in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
        self.processes[name].wait(SECONDS)

    def talk(self, name: str) -> str:
        """What a process has logged."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def _start(self, name: str, module: str, arguments: list[str], environment: dict[str, str], net: str = "") -> None:
        inside = ["ip", "netns", "exec", net] if net else []
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*inside, sys.executable, "-m", f"distributed.cli.{module}", *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
                start_new_session=True,
            )

    def _until(self, condition: object, name: str) -> None:
        assert callable(condition)
        end = time.monotonic() + SECONDS
        while not condition():
            assert self.processes[name].poll() is None, self.talk(name)
            assert time.monotonic() < end, self.talk(name)
            time.sleep(0.05)


@contextlib.contextmanager
def dask(folder: Path) -> Iterator[Dask]:
    """A cluster without anybody in it yet; all its processes are gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Dask(folder)
    try:
        yield found
    finally:
        for name in found.processes:
            found.kill(name)


@contextlib.contextmanager
def nets(count: int) -> Iterator[list[tuple[str, str]]]:
    """Networks of their own, each joined to this machine by a cable: their names, and this machine's address there.

    Needs root and network namespaces.
    """
    made: list[tuple[str, str]] = []
    tag = secrets.token_hex(3)
    try:
        for number in range(count):
            name, cable, block = f"hy{tag}{number}", f"v{tag}{number}", f"10.{213 + number}.{int(tag[:2], 16)}"
            _ip("netns", "add", name)
            made.append((name, f"{block}.1"))
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("addr", "add", f"{block}.1/24", "dev", cable)
            _ip("link", "set", cable, "up")
            _ip("-n", name, "addr", "add", f"{block}.2/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                _ip("-n", name, "link", "set", link, "up")
        yield made
    finally:
        for name, _ in made:
            _ip("netns", "del", name)


def has_nets() -> bool:
    """Whether this machine allows networks of their own."""
    try:
        with nets(1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
