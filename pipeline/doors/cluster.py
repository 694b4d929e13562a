"""A Dask cluster: batches on other machines, with the promises of `workers` (dask.distributed).

Of Dask this takes its net and its supervision: which workers there are, a task for one of them, its result. Which batch
goes where is decided here, so that it is known what a worker was doing when it died. A worker has one batch at work and
one at hand; the rest waits here. Dask logs and shows what it carries: so a task is bytes without a name, and what goes
wrong comes back as a value.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from pipeline.doors.sealed import Failed, Sealed, There, call
from pipeline.doors.workers import LOST, Lost
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, finding

B = TypeVar("B")
R = TypeVar("R")
Facts = Mapping[str, str]
"""What results depend on, by its name: versions, fonts."""

_SECONDS_TO_WAIT = 30.0
"""The nanny of a worker that died starts another within some seconds."""
_SECONDS_TO_LEAVE = 10.0
_SECONDS_BETWEEN_LOOKS = 1.0
_AT_HAND = 2
"""Batches of a worker: it goes on with the second while the result of the first is fetched and published."""
_MOST_DEATHS = 2
"""Workers that a batch may take with it before it is split."""
ABSENT = "-"


def _seconds() -> float:
    """How long to wait for the scheduler and for a worker; `HYEOPYAK_CLUSTER_SECONDS` sets it."""
    return float(os.environ.get("HYEOPYAK_CLUSTER_SECONDS", "") or _SECONDS_TO_WAIT)


@dataclass(frozen=True, slots=True)
class Alike:
    """What a worker has to be like to be used."""

    ask: Callable[[Any], Facts]
    """Run on a worker with the question; what is not among its facts is absent there."""
    question: object
    here: Facts
    """The same of this machine."""
    program: Callable[[], str]
    """Run on the scheduler, which reads what functions are called: its program has to be this one."""


@contextlib.contextmanager
def connected(address: str, alike: Alike, findings: list[Finding]) -> Iterator[Cluster]:
    """The workers of a cluster. On leaving, what was not begun is cancelled; what was begun runs to its end there.

    Args:
        address: of the scheduler (`tcp://host:port`, `tls://host:port`), or path of the file that it wrote.
        alike: which workers are used.
        findings: where it is told which are not.

    Raises:
        Trouble: cluster.missing, cluster.unreachable, cluster.scheduler, cluster.empty, cluster.gone.
    """
    client = _client(address)
    with ThreadPoolExecutor(1) as fetcher:
        try:
            cluster = Cluster(client, alike, findings, fetcher)
            cluster.muster()
            yield cluster
        except (KeyboardInterrupt, SystemExit):
            # Impatient people press Ctrl-C again; the tidying up goes on.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            raise
        finally:
            # The scheduler forgets what this client had asked for, and who waits for a result is told.
            with contextlib.suppress(OSError, TimeoutError):
                client.close(timeout=_SECONDS_TO_LEAVE)


def _client(address: str) -> Any:
    try:
        import dask
        import distributed
    except ImportError:
        raise Trouble(finding("cluster.missing")) from None
    # Its talk would stand between ours; what matters of it becomes a finding, versions that differ included.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"})
    try:
        path = Path(address)
        where = json.loads(path.read_text(encoding="utf-8"))["address"] if path.is_file() else address
        make: Any = distributed

        async def knock() -> None:
            security = make.Security().get_connection_args("client")
            (await make.comm.connect(where, timeout=_seconds(), **security)).abort()

        # A client that nobody answers would complain when it is thrown away.
        asyncio.run(knock())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return make.Client(where, timeout=_seconds(), set_as_default=False, name="hyeopyak")
    except (OSError, TimeoutError) as error:
        problem = error.strerror or "no answer"
    except (ValueError, LookupError, TypeError, RuntimeError, ImportError):
        problem = "this is no address"
    raise Trouble(finding("cluster.unreachable", address=address, problem=problem))


class Cluster:
    """Workers that are like this machine, as long as they are there; made by `connected`."""

    def __init__(self, client: Any, alike: Alike, findings: list[Finding], fetcher: ThreadPoolExecutor) -> None:
        self._client = client
        self._alike = alike
        self._question = Sealed.of(alike.question)
        self._findings = findings
        self._fetcher = fetcher
        self._hands: dict[str, _Hand] = {}
        self._arrived: SimpleQueue[_Flight] = SimpleQueue()
        self._lost: list[_Load[Any]] = []
        self._looked = self._manned = time.monotonic() - _SECONDS_BETWEEN_LOOKS
        """When it was last looked who is there; when there was last somebody to work or to be asked."""
        self._trouble: Trouble | None = None
        """Of the last worker that could not work."""
        self._run, self._tasks = uuid.uuid4().hex[:8], 0

    @property
    def dashboard(self) -> str:
        """Address of the scheduler's page, '' when it has none."""
        return str(self._client.dashboard_link or "")

    @property
    def machines(self) -> int:
        """How many machines have workers that are used."""
        return len({_host(address) for address, one in self._hands.items() if one.fits})

    @property
    def count(self) -> int:
        """How many workers are used."""
        return sum(one.fits for one in self._hands.values())

    def muster(self) -> None:
        """Ask every worker what it is like; wait until there is one, and all that are there have answered."""
        here = self._alike.program()
        try:
            there = self._client.run_on_scheduler(self._alike.program)
        except Exception:  # noqa: BLE001 - whatever: it lacks the very function
            there = ABSENT
        if there != here:
            raise Trouble(finding("cluster.scheduler", there=there, here=here))
        while not self._hands or any(one.flying for one in self._hands.values()):
            list(self._landed())  # nothing but answers
        if not self.count:
            raise Trouble(finding("cluster.empty", count=len(self._hands)))

    def run(
        self, work: Callable[[B], R], batches: Sequence[B], split: Callable[[B], Sequence[B]]
    ) -> Iterator[tuple[B, R | Lost]]:
        """Run `work` on every batch, as `workers.run` does; as many at once as there are workers.

        What a worker was doing when it died is run again with nothing beside it; when that worker dies, too, it is
        split. What it had at hand goes to others. Workers that come later are used. One that raises `Trouble` has
        something wrong with itself: it gets no more work.

        Raises:
            Trouble: cluster.gone; when nobody has been there to work for some time, what the last worker has raised,
                or cluster.empty.
        """
        waiting = deque(_Load(batch) for batch in batches)
        while waiting or any(one.flying for one in self._hands.values()):
            self._hand_out(work, waiting)
            for load, result in self._landed():
                if not isinstance(result, Lost):
                    yield load.batch, result
                elif load.deaths < _MOST_DEATHS:
                    waiting.appendleft(load)
                elif len(parts := split(load.batch)) > 1:
                    waiting.extendleft(_Load(part, _MOST_DEATHS - 1) for part in reversed(parts))
                else:
                    yield load.batch, result

    def _hand_out(self, work: Callable[[Any], Any], waiting: deque[_Load[Any]]) -> None:
        """Give each worker what it has room for, the idle ones first."""
        for room in range(_AT_HAND):
            for address, hand in self._hands.items():
                if waiting and hand.has_room(waiting[0], room):
                    load = waiting.popleft()
                    self._send(work, Sealed.of(load.batch), address, load)

    def _send(self, work: Callable[[Any], Any], argument: Sealed, address: str, load: _Load[Any] | None) -> None:
        self._tasks += 1
        key = f"hyeopyak-{self._run}-{self._tasks}"
        future = self._client.submit(call, work, argument, key=key, workers=[address], pure=False)
        flight = _Flight(future, address, load)
        self._hands[address].flying.append(flight)
        future.add_done_callback(lambda _: self._arrived.put(flight))

    # --- who is there ------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Ask who has come; take back what those had who have gone."""
        if time.monotonic() - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        threads = self._threads()
        self._looked = time.monotonic()
        for address in [address for address in self._hands if address not in threads]:
            for place, flight in enumerate(self._hands.pop(address).flying):
                flight.future.cancel()
                if flight.load:
                    flight.load.deaths += place == 0
                    self._lost.append(flight.load)
                else:
                    # Dask ends a worker that does not know what is sent to it.
                    self._tell(finding("cluster.left", worker=_host(address)))
        for address in [address for address in threads if address not in self._hands]:
            self._hands[address] = _Hand(address)
            if threads[address] == 1:
                self._send(self._alike.ask, self._question, address, None)
            else:
                # PDFium is not made for threads, and a LibreOffice is work enough for a core.
                self._refuse(address, "--nthreads", str(threads[address]), "1")
        if any(one.fits or one.flying for one in self._hands.values()):
            self._manned = self._looked
        elif self._looked - self._manned > _seconds():
            raise self._trouble or Trouble(finding("cluster.empty", count=len(self._hands)))

    def _threads(self) -> Mapping[str, int]:
        """Of each worker."""
        try:
            if self._client.status == "running":
                return dict(self._client.nthreads())
        except Exception as error:  # the client has many ways to say so
            raise Trouble(finding("cluster.gone")) from error
        raise Trouble(finding("cluster.gone"))

    def _answer(self, sealed: Sealed | Lost) -> Facts:
        """What a worker says of itself; nothing where it does not have the very question."""
        answer = {} if isinstance(sealed, Lost) else sealed.open()
        return {} if isinstance(answer, Lost | Failed) else answer

    def _judge(self, address: str, facts: Facts) -> None:
        here = self._alike.here
        names = list({**here, **facts} if facts else here)[: None if facts else 1]
        unlike = [name for name in names if facts.get(name) != here.get(name)]
        for name in unlike:
            self._refuse(address, name, facts.get(name, ABSENT), here.get(name, ABSENT))
        self._hands[address].fits = not unlike

    def _refuse(self, address: str, what: str, there: str, here: str) -> None:
        self._tell(finding("cluster.unlike", worker=_host(address), what=what, there=there, here=here))

    def _tell(self, found: Finding) -> None:
        if found not in self._findings:
            self._findings.append(found)

    # --- what they have done -----------------------------------------------------------------------------------------

    def _landed(self) -> Iterator[tuple[_Load[Any], Any]]:
        """Loads that came back, with their results; `LOST` when there is none. Waits a moment for some."""
        with contextlib.suppress(Empty):
            flight = self._arrived.get(timeout=_SECONDS_BETWEEN_LOOKS)
            result = self._fetched(flight)
            # Else it came back meanwhile, because its worker has gone.
            if self._is_out(flight):
                hand = self._hands[flight.address]
                hand.flying.remove(flight)
                if flight.load:
                    yield flight.load, self._opened(flight.load, hand, result)
                else:
                    self._judge(flight.address, self._answer(result))
        self._look()
        while self._lost:
            yield self._lost.pop(), LOST

    def _is_out(self, flight: _Flight) -> bool:
        return flight.address in self._hands and flight in self._hands[flight.address].flying

    def _fetched(self, flight: _Flight) -> Sealed | Lost:
        """The result of a task; `LOST` when Dask has none. Nobody answers when the worker dies meanwhile."""
        fetched = self._fetcher.submit(flight.future.result)
        while True:
            with contextlib.suppress(TimeoutError):
                error = fetched.exception(timeout=_SECONDS_BETWEEN_LOOKS)
                return LOST if error else fetched.result()
            self._look()

    def _opened(self, load: _Load[Any], hand: _Hand, sealed: Sealed | Lost) -> Any:
        """What has become of a batch; `LOST` when it has to be done again."""
        value = LOST if isinstance(sealed, Lost) else sealed.open()
        if isinstance(value, Lost):
            load.deaths += 1
        if not isinstance(value, Failed):
            return value
        if not isinstance(value.error, Trouble):
            raise value.error from There(value.trace)
        hand.fits, self._trouble = False, value.error
        self._tell(finding("cluster.unfit", worker=_host(hand.address), problem=value.error.finding.code))
        return LOST


# --- who does what ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Load(Generic[B]):
    """A batch, and how many workers it has taken with it."""

    batch: B
    deaths: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Flight:
    """A load on its way."""

    future: Any
    address: str
    load: _Load[Any] | None
    """None: the worker is asked what it is like."""


@dataclass(slots=True, eq=False)
class _Hand:
    """A worker."""

    address: str
    fits: bool = False
    flying: list[_Flight] = field(default_factory=list)
    """In the order in which it does them."""

    def has_room(self, load: _Load[Any], room: int) -> bool:
        """Whether it can be given one more beside `room` others. What a worker died of travels alone."""
        alone = load.deaths or any(one.load and one.load.deaths for one in self.flying)
        return self.fits and len(self.flying) == room and not (room and alone)


def _host(address: str) -> str:
    """Of `tcp://10.0.0.2:40123`."""
    return address.rpartition("://")[2].rpartition(":")[0]
