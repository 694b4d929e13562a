"""Findings of work on a cluster."""

from __future__ import annotations

from pipeline.model.entries import Entry, error, note, warning
from pipeline.model.errors import ExitCode

_READY = "docs/cluster.md says what each machine needs."

CLUSTER: dict[str, Entry] = {
    "cluster.missing": error(
        "Work on a cluster needs Dask, which is not installed.",
        "Run .venv/bin/pip install --require-hashes -r requirements-cluster.txt, or leave out --cluster.",
        ExitCode.PROGRAM_MISSING,
    ),
    "cluster.unreachable": error(
        "The scheduler at {address} cannot be reached: {problem}.",
        "Start it (dask scheduler), or name its address (tcp://host:port) or the file that it wrote. " + _READY,
        ExitCode.PROGRAM_MISSING,
    ),
    "cluster.scheduler": error(
        "The scheduler runs another version of hyeopyak: {there} there, {here} here.",
        "Install the same version there and start the scheduler again. " + _READY,
        ExitCode.PROGRAM_MISSING,
    ),
    "cluster.empty": error(
        "The cluster has no worker that can be used; {count} were refused.",
        "Start workers (dask worker ADDRESS --nthreads 1) on machines that are like this one. " + _READY,
        ExitCode.PROGRAM_MISSING,
    ),
    "cluster.unlike": warning(
        "Worker {worker} is not used, because its papers could differ: {what} is {there} there, {here} here.",
        "Make the machines alike, then start that worker again. " + _READY,
    ),
    "cluster.left": warning(
        "Worker {worker} disconnected when asked about its environment; hyeopyak may not be installed there.",
        "Look at the log of that worker. " + _READY,
    ),
    "cluster.unfit": warning(
        "Worker {worker} could not go on ({problem}) and was given no more work; others have done it.",
        "Look at that machine: hyeopyak doctor says there what is wrong.",
    ),
    "cluster.gone": error(
        "The connection to the scheduler was lost.",
        "Start the scheduler again if it has ended, then run make again: what is published stays.",
        ExitCode.PROGRAM_MISSING,
    ),
    "cluster.used": note("Work is done by {count} workers on {machines} machines. Dashboard: {dashboard}"),
}
