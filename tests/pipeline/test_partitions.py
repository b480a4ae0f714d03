"""Partitions: the same bytes in one process, in several, and on a cluster that loses a worker on the way."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nordstat.errors import SettingsError, UnknownCodeError
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers
from nordstat.model.codelist import Correspondence
from nordstat.pipeline import executors, fetch, partitions
from nordstat.pipeline.executors import executor_of
from nordstat.pipeline.partitions import Partition, convert_all, convert_partition, totals

PERIODS = 12


@pytest.fixture(scope="module")
def correspondence() -> Correspondence:
    """The municipalities of 2018 into those that stayed whole."""
    return load_mappings(layers()).correspondences().find("NO-KOMMUNE:2018", "NO-STABLE:2018-2024")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, correspondence: Correspondence) -> list[Path]:
    """Flows of twelve periods, 20,000 rows each."""
    folder = tmp_path_factory.mktemp("flows")
    codes = np.array(sorted(correspondence.by_source()), dtype=object)
    random = np.random.default_rng(7)
    written = []
    for period in range(PERIODS):
        pairs = random.choice(len(codes) ** 2, 20_000, replace=False)
        frame = pd.DataFrame(
            {
                "residence_area": codes[pairs // len(codes)],
                "work_area": codes[pairs % len(codes)],
                "time_period": f"20{period:02}",
                "obs_value": random.integers(0, 500, len(pairs)).astype(float),
            }
        )
        path = folder / f"20{period:02}.parquet"
        frame.to_parquet(path)
        written.append(path)
    return written


def _tasks(sources: list[Path], folder: Path, correspondence: Correspondence) -> list[Partition]:
    return [Partition(source, folder / source.name, correspondence) for source in sources]


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def serial(
    sources: list[Path], tmp_path_factory: pytest.TempPathFactory, correspondence: Correspondence
) -> tuple[dict[str, str], pd.DataFrame]:
    """What one process makes of them."""
    folder = tmp_path_factory.mktemp("serial")
    with executor_of("serial") as executor:
        done = convert_all(_tasks(sources, folder, correspondence), executor)
    return _sums(folder), totals(done)


def test_nothing_is_lost(sources: list[Path], serial: tuple[dict[str, str], pd.DataFrame]) -> None:
    """The counts that go in come out, over all partitions."""
    before = sum(pd.read_parquet(path)["obs_value"].sum() for path in sources)

    assert serial[1]["obs_value"].sum() == pytest.approx(before)


def test_processes_give_the_same_bytes(
    sources: list[Path], serial: tuple[dict[str, str], pd.DataFrame], tmp_path: Path, correspondence: Correspondence
) -> None:
    """Two processes write the same files as one."""
    with executor_of("processes:2") as executor:
        done = convert_all(_tasks(sources, tmp_path, correspondence), executor)

    assert _sums(tmp_path) == serial[0]
    pd.testing.assert_frame_equal(totals(done), serial[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers on this machine, each a process of its own."""
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"text": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    started = [subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
    worker += ["--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(tmp_path / "dask")]
    started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        yield address, started
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.fault("V04")
@pytest.mark.filterwarnings("ignore")
def test_cluster_gives_the_same_bytes_with_a_worker_killed_on_the_way(
    sources: list[Path],
    serial: tuple[dict[str, str], pd.DataFrame],
    cluster: tuple[str, list[subprocess.Popen[str]]],
    tmp_path: Path,
    correspondence: Correspondence,
) -> None:
    """Two workers, one of them killed with -9 in mid-run: the files are those of one process."""
    address, processes = cluster
    target = tmp_path / "out"
    with executor_of(f"dask:{address}") as executor:
        tasks = _tasks(sources, target, correspondence)
        waiting = [executor.submit(convert_partition, task) for task in tasks]
        deadline = time.monotonic() + 60
        while not (target.is_dir() and any(target.iterdir())) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(processes[1].pid, signal.SIGKILL)
        done = tuple(future.result(timeout=120) for future in waiting)

    assert processes[1].wait() == -signal.SIGKILL
    assert _sums(target) == serial[0]
    pd.testing.assert_frame_equal(totals(done), serial[1])


@pytest.mark.fault("V05")
def test_only_transforming_fans_out(
    sources: list[Path], tmp_path: Path, correspondence: Correspondence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partition is worked on without a socket, and nothing that fetches takes an executor."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    convert_partition(_tasks(sources, tmp_path, correspondence)[0])

    takers = [
        name
        for name, function in inspect.getmembers(fetch, inspect.isfunction)
        if "executor" in inspect.signature(function).parameters
    ]
    assert takers == []
    for module in (executors, partitions):
        assert not re.search(r"nordstat\.sources|pipeline\.fetch", inspect.getsource(module))


@pytest.mark.parametrize("text", ["", "processes", "processes:0", "processes:two", "dask", "serial:2", "spark:local"])
def test_executor_that_is_none_is_refused(text: str) -> None:
    """Another word is refused with the forms there are."""
    with pytest.raises(SettingsError, match="no executor"), executor_of(text):
        pass


@pytest.mark.parametrize("where", ["serial", "processes:1"])
def test_fault_of_a_partition_reaches_the_caller(tmp_path: Path, correspondence: Correspondence, where: str) -> None:
    """A code that does not belong to the version stops with the library's own error, whole, through a process too."""
    path = tmp_path / "flows.parquet"
    row = {"residence_area": ["9998"], "work_area": ["0301"], "time_period": ["2018"], "obs_value": [1.0]}
    pd.DataFrame(row).to_parquet(path)

    with executor_of(where) as executor, pytest.raises(UnknownCodeError, match="9998") as caught:
        convert_all([Partition(path, tmp_path / "out.parquet", correspondence)], executor)
    assert caught.value.codes == ("9998",)
    assert not (tmp_path / "out.parquet").exists()
