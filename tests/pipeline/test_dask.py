"""A cluster: a real scheduler and real workers on this machine give the bytes that one process gives."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nordstat.cli import main
from nordstat.errors import NordstatError, SettingsError, UnknownCodeError
from nordstat.pipeline.executors import executor_of, results
from nordstat.pipeline.partitions import convert_all, convert_partition, sheet, summed
from nordstat.snapshot.durable import LEFT_OVER
from pipeline.flow_samples import sums, tasks, written

distributed = pytest.importorskip("distributed", reason='the extra "dask" is not installed')
pytestmark = pytest.mark.filterwarnings("ignore")  # about the libraries of the cluster, none of them ours

PERIODS = [f"20{period:02}" for period in range(16)]
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: dict[str, subprocess.Popen[bytes]]

    @property
    def executor(self) -> str:
        return f"dask:{self.address.removeprefix('tcp://')}"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Two workers with one thread each; none outlives the test."""
    told = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(told), "--host", "127.0.0.1", "--no-dashboard"]
    started = [_process("scheduler", *common, "--port", "0", folder=tmp_path)]
    try:
        _until(lambda: told.exists() and told.read_bytes().endswith(b"}"))  # written whole
        own = ["--no-nanny", "--nthreads", "1", "--death-timeout", "60", "--local-directory", str(tmp_path / "dask")]
        started += [_process("worker", *common, *own, "--name", name, folder=tmp_path) for name in ("one", "doomed")]
        address = json.loads(told.read_bytes())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield Cluster(address, started[0], dict(zip(("one", "doomed"), started[1:], strict=True)))
    finally:
        for process in started:
            process.kill()
            process.wait()


def _process(what: str, *options: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)


def _until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Flows of sixteen periods."""
    return written(tmp_path_factory.mktemp("flows"), PERIODS)


@pytest.mark.fault("V04")
def test_the_bytes_are_the_same_with_a_worker_killed_on_the_way(
    sources: list[Path], cluster: Cluster, tmp_path: Path
) -> None:
    """Two workers, one killed with -9 while it has work in hand: files, balances and sums are those of one process."""
    with executor_of("serial") as executor:
        alone = convert_all(tasks(sources, tmp_path / "alone"), executor)
    out, doomed = tmp_path / "cluster", cluster.workers["doomed"]
    with executor_of(cluster.executor) as executor, distributed.Client(cluster.address, set_as_default=False) as client:
        waiting = [executor.submit(convert_partition, task) for task in tasks(sources, out)]
        _until(lambda: out.is_dir() and any(out.glob("*.parquet")))
        os.kill(doomed.pid, signal.SIGSTOP)  # so that it cannot finish before it is killed
        place = next(at for at, worker in client.scheduler_info()["workers"].items() if worker["name"] == "doomed")
        assert client.processing()[place]
        os.kill(doomed.pid, signal.SIGKILL)
        done = results(waiting)

    assert doomed.wait() == -signal.SIGKILL
    for left in out.glob(LEFT_OVER):  # of the file the worker was writing
        left.unlink()
    assert sums(out) == sums(tmp_path / "alone")
    pd.testing.assert_frame_equal(sheet(done), sheet(alone))
    pd.testing.assert_frame_equal(summed(done), summed(alone))


def test_the_command_line_takes_a_cluster(sources: list[Path], cluster: Cluster, tmp_path: Path) -> None:
    """``--executor dask:...`` gives the folder that ``--executor serial`` gives."""
    files = [str(source) for source in sources[:3]]
    for where, out in (("serial", "alone"), (cluster.executor, "cluster")):
        options = ["--to", "NO-STABLE:2018-2024", "--from", "NO-KOMMUNE:2018", "--executor", where]
        ended = CliRunner().invoke(main, ["convert", *files, *options, "--out", str(tmp_path / out)])
        assert ended.exit_code == 0, ended.stderr

    assert sums(tmp_path / "cluster") == sums(tmp_path / "alone")


@pytest.mark.fault("V06")
def test_a_running_event_loop_is_no_obstacle(cluster: Cluster) -> None:
    """A cell of a notebook, which runs inside an event loop, gives work to a cluster as any other code does."""

    async def cell() -> tuple[int, ...]:
        with executor_of(cluster.executor) as executor:
            return results([executor.submit(pow, 2, 10)])

    assert asyncio.run(cell()) == (1024,)


def test_a_fault_comes_whole_from_a_worker(cluster: Cluster, tmp_path: Path) -> None:
    """An error of the tree keeps its class, words and data on the way from a worker."""
    row = {"residence_area": ["9998"], "work_area": ["0301"], "time_period": ["2018"], "obs_value": [1.0]}
    pd.DataFrame(row).to_parquet(tmp_path / "flows.parquet")

    with executor_of(cluster.executor) as executor, pytest.raises(UnknownCodeError, match="9998") as caught:
        convert_all(tasks([tmp_path / "flows.parquet"], tmp_path / "out", over=()), executor)
    assert caught.value.codes == ("9998",)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler gives work up whose worker dies once."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")


def test_work_that_kills_its_worker_is_told_in_words(strict: None, cluster: Cluster) -> None:
    """What kills the worker it is given to ends as an error of the tree, not as one of the cluster."""
    with executor_of(cluster.executor) as executor, pytest.raises(NordstatError, match="gave no result"):
        results([executor.submit(os._exit, 1)])


def test_a_scheduler_that_dies_is_told_in_words(cluster: Cluster) -> None:
    """The loss of the scheduler is an error of the tree."""
    with executor_of(cluster.executor) as executor:
        waiting = executor.submit(time.sleep, 60)
        cluster.scheduler.kill()
        with pytest.raises(NordstatError, match="gave no result"):
            results([waiting])


def test_workers_without_the_library_are_told_in_words(cluster: Cluster) -> None:
    """Workers that cannot read what they are sent are named as the reason."""
    with executor_of(cluster.executor) as executor, pytest.raises(NordstatError, match="gave no result"):
        results([executor.submit(_known_here_only)])


def _known_here_only() -> None:
    raise AssertionError


def test_no_scheduler_is_told_in_words() -> None:
    """An address where nothing answers is a fault of what was asked for."""
    with pytest.raises(SettingsError, match="no Dask scheduler answers"), executor_of("dask:127.0.0.1:1"):
        pass


@pytest.mark.fault("V02")
def test_without_the_extra_it_is_named(tmp_path: Path) -> None:
    """Where the extra is not installed, the message says what to install, and nothing else is missed."""
    program = "import sys; sys.modules['distributed'] = None; from nordstat.cli import main; main()"
    command = [sys.executable, "-c", program, "build", str(tmp_path / "release"), "--executor"]
    asked = subprocess.run([*command, "dask:127.0.0.1:1"], capture_output=True, text=True, check=False)

    assert asked.returncode == 2
    assert 'pip install "nordstat[dask]"' in asked.stderr
    assert subprocess.run([*command, "serial"], capture_output=True, check=False).returncode == 0
