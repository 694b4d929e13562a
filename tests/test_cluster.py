"""Work on a Dask cluster: a real scheduler and real workers, which come, differ, die and are lost."""

from __future__ import annotations

import pickle
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import Folder
from dask_cluster import Dask, dask, has_nets, nets
from hypothesis import given
from hypothesis import strategies as st
from test_faults import FAULTS, NUMBERS, SECOND_KIND, SOFFICE, Run, crowd, numbers, start, told, wait_for
from verdict import here

from pipeline.doors.cluster import Alike, Cluster
from pipeline.doors.sealed import Failed, Sealed, call
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, finding
from tools.prove_crashes_state import differences, state

SHORT = {"HYEOPYAK_CLUSTER_SECONDS": "8"}
MANY = "가나다라마바사아자차카타파하"


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler and two workers without fault, for all tests that leave them so."""
    with dask(tmp_path_factory.mktemp("dask")) as cluster:
        cluster.schedule()
        cluster.work("one")
        cluster.work("two")
        cluster.until_there(2)
        yield cluster


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Dask]:
    """A scheduler without workers."""
    with dask(tmp_path / "dask") as cluster:
        cluster.schedule()
        yield cluster


def go(folder: Folder, address: str | Path, *arguments: str, before: str = "", **environment: str) -> Run:
    """Begin to make papers on a cluster."""
    return start(folder, "make", "--cluster", str(address), *arguments, soffice=SOFFICE, before=before, **environment)


# --- the same papers ----------------------------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.slow
def test_the_same_as_at_home(folder: Folder, idle: Dask, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other" / "campaign")
    for one in (folder, other):
        crowd(one, MANY)
    assert folder.run("make", "--jobs", "2").code == 0
    result = go(other, idle.file).end()
    assert result.code == 0, result.err
    # The code is `cluster.used`.
    assert "Work is done by 2 workers on 1 machines. Dashboard: http://127.0.0.1:" in result.err
    assert differences(state(folder.root), state(other.root)) == []
    # Nothing is due: nobody is asked.
    again = go(other, "tcp://127.0.0.1:1", "--json").end()
    assert (again.code, told(again)) == (0, [])


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.skipif(not has_nets(), reason="needs root and network namespaces")
def test_machines_with_addresses_of_their_own(folder: Folder, tmp_path: Path) -> None:
    everybody = crowd(folder, MANY)
    with nets(2) as cables, dask(tmp_path / "dask") as cluster:
        cluster.schedule("0.0.0.0")  # noqa: S104 - of the test's own cables, for seconds
        port = cluster.address.rpartition(":")[2]
        for net, router in cables:
            cluster.work(net, net=net, at=f"tcp://{router}:{port}")
        cluster.until_there(2)
        result = go(folder, f"tcp://127.0.0.1:{port}").end()
        assert result.code == 0, result.err
        assert "2 workers on 2 machines" in result.err
    assert numbers(folder, ".pdf") == everybody


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.slow
def test_worker_killed_in_the_middle(folder: Folder, own: Dask, tmp_path: Path) -> None:
    """Its machine is gone and does not come back: the other one does its work, too."""
    two_kinds(folder)
    own.work("weak", **faulty(tmp_path, "hangs.sh"))
    own.work("strong")
    own.until_there(2)
    run = go(folder, own.address, "--json")
    wait_for((tmp_path / "processes").exists, 30)
    own.kill("weak")
    result = run.end()
    assert (result.code, told(result)) == (0, [])
    assert len(numbers(folder, ".pdf")) == 2 * len(NUMBERS)


@pytest.mark.office
@pytest.mark.slow
def test_worker_process_killed_once(folder: Folder, own: Dask, tmp_path: Path) -> None:
    """As by the kernel for want of memory; the nanny starts another."""
    fault = {"FAULT_WORD": "서다온", "FAULT_HOW": "kill worker", "FAULT_ONCE": str(tmp_path / "once")}
    own.work("one", **faulty(tmp_path, "refuses_one.py"), **fault)
    own.until_there(1)
    result = go(folder, own.address, "--json").end()
    assert (result.code, told(result)) == (0, [])
    assert (tmp_path / "processes").read_text("ascii").count("\n") == 1, "a worker was killed"
    assert numbers(folder, ".pdf") == NUMBERS


@pytest.mark.office
@pytest.mark.slow
def test_paper_that_kills_every_worker(folder: Folder, own: Dask, tmp_path: Path) -> None:
    """It is named, and all others are made."""
    fault = {"FAULT_WORD": "서다온", "FAULT_HOW": "kill worker"}
    own.work("one", **faulty(tmp_path, "refuses_one.py"), **fault)
    own.until_there(1)
    result = go(folder, own.address, "--json").end()
    assert (result.code, told(result)) == (4, ["worker.lost A-4110100-0001"])
    assert numbers(folder, ".pdf") == NUMBERS[:2]


def two_kinds(folder: Folder) -> None:
    """Each is a batch, so that each of two workers has one."""
    folder.change("inputs/campaign.toml", "[kinds.agreement]", SECOND_KIND + "[kinds.agreement]")


def faulty(folder: Path, soffice: str) -> dict[str, str]:
    """What a worker finds in place of LibreOffice."""
    return {
        "HYEOPYAK_SOFFICE": str(FAULTS / soffice),
        "FAULT_SOFFICE": SOFFICE,
        "FAULT_LOG": str(folder / "processes"),
    }


UNLIKE: dict[str, tuple[tuple[str, ...], dict[str, str], str, str]] = {
    "another LibreOffice": (
        (), {"HYEOPYAK_SOFFICE": str(FAULTS / "too_old.sh")}, "cluster.unlike", "LibreOffice is 6.4.7.2",
    ),
    "no fonts": ((), {"FONTCONFIG_FILE": "{other}/fonts.conf"}, "cluster.unlike", "font NanumGothic is - there"),
    "two threads": (("--nthreads", "2"), {}, "cluster.unlike", "--nthreads is 2 there, 1 here"),
    "another program": ((), {"PYTHONPATH": "{other}"}, "cluster.left", "may not be installed there"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", UNLIKE)
def test_worker_that_differs_is_not_used(name: str, folder: Folder, own: Dask, tmp_path: Path) -> None:
    arguments, environment, code, said = UNLIKE[name]
    other = another_program(tmp_path)
    own.work("odd", *arguments, **{key: value.format(other=other) for key, value in environment.items()})
    own.until_there(1)
    result = go(folder, own.address, "--json", **SHORT).end()
    assert (result.code, set(told(result))) == (3, {code, "cluster.empty"})
    assert said in result.out
    assert folder.outputs() == {}


def another_program(folder: Path) -> Path:
    """One of the same name, that knows nothing of clusters."""
    (folder / "other/pipeline").mkdir(parents=True)
    (folder / "other/pipeline/__init__.py").write_text("__version__ = '0'\n")
    (folder / "other/fonts.conf").write_text("<fontconfig/>")
    return folder / "other"


@pytest.mark.office
@pytest.mark.slow
def test_worker_whose_office_breaks_gets_no_more(folder: Folder, own: Dask, tmp_path: Path) -> None:
    two_kinds(folder)
    own.work("weak", **faulty(tmp_path, "deaf.sh"), HYEOPYAK_OFFICE_SECONDS="1.5")
    own.work("strong")
    own.until_there(2)
    result = go(folder, own.address, "--json").end()
    assert (result.code, told(result)) == (0, ["cluster.unfit"])
    assert len(numbers(folder, ".pdf")) == 2 * len(NUMBERS)


@pytest.mark.slow
def test_scheduler_of_another_program(folder: Folder, tmp_path: Path) -> None:
    with dask(tmp_path / "dask") as cluster:
        cluster.schedule(PYTHONPATH=str(another_program(tmp_path)))
        result = go(folder, cluster.address, "--json").end()
    assert (result.code, told(result)) == (3, ["cluster.scheduler"])


@pytest.mark.slow
def test_cluster_without_workers(folder: Folder, own: Dask) -> None:
    result = go(folder, own.address, "--json", HYEOPYAK_CLUSTER_SECONDS="2").end()
    assert (result.code, told(result)) == (3, ["cluster.empty"])


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "nonsense", "nonsense://a:b", "{folder}", "{file}"]
)
def test_address_where_nobody_is(address: str, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")
    address = address.format(folder=tmp_path, file=tmp_path / "file")
    result = go(folder, address, "--json", HYEOPYAK_CLUSTER_SECONDS="2").end()
    assert (result.code, told(result)) == (3, ["cluster.unreachable"])
    assert folder.outputs() == {}


def test_without_dask(folder: Folder) -> None:
    absent = "import sys; sys.modules['distributed'] = None"
    result = go(folder, "tcp://127.0.0.1:1", "--json", before=absent).end()
    assert (result.code, told(result)) == (3, ["cluster.missing"])


@pytest.mark.slow
def test_scheduler_that_goes(folder: Folder, own: Dask, tmp_path: Path) -> None:
    own.work("one", **faulty(tmp_path, "hangs.sh"))
    own.until_there(1)
    run = go(folder, own.address, "--json", **SHORT)
    wait_for((tmp_path / "processes").exists, 30)
    own.kill("scheduler")
    result = run.end()
    assert (result.code, told(result)) == (3, ["cluster.gone"])
    assert folder.outputs() == {}


@pytest.mark.slow
@pytest.mark.parametrize("presses", [1, 3])
def test_ctrl_c(presses: int, folder: Folder, own: Dask, tmp_path: Path) -> None:
    """What was not begun is cancelled."""
    own.work("one", **faulty(tmp_path, "hangs.sh"))
    own.until_there(1)
    run = go(folder, own.address)
    wait_for((tmp_path / "processes").exists, 30)
    for _ in range(presses):
        run.interrupt()
        time.sleep(0.05)
    pressed = time.monotonic()
    result = run.end()
    assert time.monotonic() - pressed < 20
    assert result.code in {130, -signal.SIGINT}
    assert result.err.splitlines()[-1].startswith("Interrupted.")
    assert folder.outputs() == {}
    assert here(folder, "make", "agreement", "--jobs", "1").code == 3


@pytest.mark.office
@pytest.mark.slow
def test_nothing_of_what_papers_say_is_in_its_logs(folder: Folder, own: Dask) -> None:
    own.work("one")
    own.until_there(1)
    assert go(folder, own.address).end().code == 0
    for name in own.processes:
        assert "남궁한결" not in own.talk(name)
        assert "A-1100" not in own.talk(name)
        assert "hyeopyak" not in own.talk("one") or "Traceback" not in own.talk("one")
    assert not [path for path in (own.folder / "one").rglob("*") if path.is_file() and "lock" not in path.name]


# --- a cluster of which the test says who is there ----------------------------------------------------------------

WEAK, STRONG, ANOTHER = (f"tcp://10.0.0.{host}:1" for host in (1, 2, 3))
BROKEN = Trouble(finding("office.missing", count=1))


class Net:
    """Stands for Dask's client. Workers answer at once: WEAK that it cannot work; STRONG goes when it is given work.

    Args:
        looks: how often it is looked who is there before ANOTHER comes; 0: it does not.
        there: workers at the beginning.
    """

    status = "running"

    def __init__(self, looks: int, *there: str) -> None:
        self.looks, self.there = looks, dict.fromkeys(there, 1)

    def run_on_scheduler(self, work: Callable[[], object]) -> object:
        return work()

    def nthreads(self) -> dict[str, int]:
        self.looks -= 1
        if self.looks == 0:
            self.there[ANOTHER] = 1
        return self.there

    def submit(self, carry: Callable[..., Sealed], work: object, argument: Sealed, **how: Any) -> Future[Sealed]:
        (address,), asked = how["workers"], argument.open() is None
        future: Future[Sealed] = Future()
        if address == STRONG and not asked:
            self.there.pop(STRONG, None)
        else:
            future.set_result(carry(broken if address == WEAK and not asked else work, argument))
        return future


def broken(_: object) -> object:
    raise BROKEN


def run_on(net: Net, batches: Sequence[int], findings: list[Finding]) -> list[int]:
    with ThreadPoolExecutor(1) as fetcher:
        own = Cluster(net, Alike(lambda _: {}, None, {}, str), findings, fetcher)
        own.muster()
        return sorted(batch for batch, _ in own.run(abs, batches, lambda one: (one,)))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks who is there a hundred times a second."""
    monkeypatch.setattr("pipeline.doors.cluster._SECONDS_BETWEEN_LOOKS", 0.01)


@pytest.mark.usefixtures("quick")
def test_worker_that_is_only_restarting_is_waited_for() -> None:
    """While it restarts, nobody is there but one that cannot work."""
    findings: list[Finding] = []
    assert run_on(Net(30, WEAK, STRONG), (1, 2, 3), findings) == [1, 2, 3]
    assert [one.code for one in findings] == ["cluster.unfit"]


@pytest.mark.usefixtures("quick")
def test_last_worker_that_cannot_work_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It had two batches at hand."""
    monkeypatch.setenv("HYEOPYAK_CLUSTER_SECONDS", "0.1")
    findings: list[Finding] = []
    with pytest.raises(Trouble) as caught:
        run_on(Net(0, WEAK), (1, 2, 3), findings)
    assert caught.value.finding == BROKEN.finding
    assert [one.code for one in findings] == ["cluster.unfit"]


# --- what travels -------------------------------------------------------------------------------------------------

Values = st.recursive(
    st.none() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(Values)
def test_sealed_values_come_out_as_they_went_in(value: object) -> None:
    sealed = pickle.loads(pickle.dumps(Sealed.of(value)))  # noqa: S301 - our own
    assert sealed.open() == value


def test_sealed_values_say_nothing() -> None:
    assert repr(Sealed.of("남궁한결")).startswith("<")
    assert "남궁한결" not in repr(Sealed.of("남궁한결"))


def boom(what: object) -> object:
    raise ValueError(what)


class Stubborn(Exception):  # noqa: N818
    """It cannot travel."""

    def __reduce__(self) -> str:
        raise TypeError


def stubborn(_: object) -> object:
    raise Stubborn


@pytest.mark.parametrize(("work", "kind"), [(boom, ValueError), (stubborn, RuntimeError)])
def test_what_is_raised_is_a_result(work: Callable[[object], object], kind: type[Exception]) -> None:
    found = call(work, Sealed.of("남궁한결")).open()
    assert isinstance(found, Failed)
    assert type(found.error) is kind
    assert "남궁한결" not in found.trace
