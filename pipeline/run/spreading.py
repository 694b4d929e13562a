"""Who makes the papers: processes of this machine, or workers of a cluster that would make the very same ones."""

from __future__ import annotations

import contextlib
import platform
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.doors import logs, machine, office, workers
from pipeline.doors.scratch import scratch, sweep
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, finding
from pipeline.run.outcome import Announce
from pipeline.run.working import await_batch

if TYPE_CHECKING:
    from pipeline.run.working import Batch

_ROUNDS = 2
"""Batches a worker: results that all came at once would wait for the one writer."""


class Run(Protocol):
    """As `workers.run`."""

    def __call__(
        self, work: Callable[[Any], Any], batches: Sequence[Any], jobs: int, split: Callable[[Any], Sequence[Any]], /
    ) -> Iterator[tuple[Any, Any]]:
        """Run `work` on every batch."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work, and how much of it at once."""

    run: Run
    jobs: int
    always: bool = False
    """Share out what one could do: somebody has asked for so many."""


def here(jobs: int) -> Hands:
    """Processes of this machine; 0: as many as there are cores."""
    return Hands(workers.run, jobs or workers.cores(), always=bool(jobs))


@contextlib.contextmanager
def ahead(hands: Hands, count: int, program: str, folder: Path) -> Iterator[Hands]:
    """Processes that start, and start LibreOffice, while it is still being read what to make.

    Args:
        hands: as they would start later.
        count: how many.
        program: path of soffice; '': there is none.
        folder: as of the batches to come.
    """
    with workers.ahead(hands.jobs, count, partial(await_batch, program, folder)) as ready:
        yield replace(hands, run=partial(workers.run, ready=ready))


@contextlib.contextmanager
def crew(address: str, fonts: Iterable[str], findings: list[Finding], announce: Announce) -> Iterator[Hands]:
    """Workers of a cluster.

    Args:
        address: of its scheduler.
        fonts: families that papers need.
        findings: where it is told which workers are not used, and why.
        announce: told at once where the work can be watched.

    Raises:
        Trouble: the cluster cannot be used, or no longer.
    """
    from pipeline.doors import cluster

    families = tuple(sorted(fonts))
    alike = cluster.Alike(facts, families, facts(families), machine.program)
    with cluster.connected(address, alike, findings) as found:
        dashboard = found.dashboard or cluster.ABSENT
        announce(finding("cluster.used", count=found.count, machines=found.machines, dashboard=dashboard))
        logs.note(f"{found.count} workers on {found.machines} machines")

        def run(work: Any, batches: Any, _jobs: int, split: Any) -> Any:
            return found.run(partial(elsewhere, work), batches, split)

        yield Hands(run, _ROUNDS * found.count)


def facts(fonts: Iterable[str]) -> Mapping[str, str]:
    """What papers depend on: the program, libraries, LibreOffice, fonts; what is missing is left out.

    Args:
        fonts: families that papers need.
    """
    program = office.find_office()
    found = {
        "hyeopyak": machine.program(),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "LibreOffice": office.version(program).removeprefix("LibreOffice ") if program else "",
        **{name: machine.version(name) for name in (*machine.LIBRARIES, "distributed")},
        **{f"font {family}": office.font_digest(family) for family in fonts},
    }
    return {name: value for name, value in found.items() if value}


def elsewhere(work: Callable[[Batch], tuple[Any, list[Finding]]], batch: Batch) -> tuple[Any, list[Finding]]:
    """On a worker: do a batch with this machine's LibreOffice, in a folder that is gone when it is done.

    Raises:
        Trouble: convert.office: it is this machine that cannot convert; others may.
    """
    sweep()  # of one that was killed here, papers would lie about
    with scratch() as folder:
        program = office.find_office() if batch.program else ""
        made, found = work(replace(batch, program=program, folder=str(folder)))
    for one in found:
        if one.code == "convert.office":
            raise Trouble(one)
    return made, found
