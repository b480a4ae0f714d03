"""Flows too many to hold: 20 years of two countries, converted, added up and reconciled file by file.

Run: python benchmarks/scale.py [ROWS ...]

The flows are drawn, in files of a million rows, one a country and year: municipality by municipality of work in Norway,
ten occupations, men, women and all, each count with the ends of what it stands for. Every way of working ends with the
same: residence and work in stable units or counties, all by occupation, the totals checked against men and women, the
balance of every file, and the sums by place of work and year. DuckDB does the joins and the sums alone, as one query
over all files; its sums are compared. Each step runs in a process of its own, so that its peak memory is its own; the
peak is that of the largest process. With Dask, one of two workers is killed with -9 when half of the files are there.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nordstat.mapping.check import load_mappings
from nordstat.mapping.correspondence import Correspondences
from nordstat.mapping.locate import layers
from nordstat.pipeline.executors import executor_of
from nordstat.pipeline.partitions import ENDS, Partition, convert_all, sheet, summed

ROWS = 1_000_020
OCCUPATIONS, SEXES = 10, ("M", "F", "T")
LAST_YEAR, YEARS = 2024, 20
UNITS, COUNTIES = "NO-STABLE:2018-2024", "SE-LAN:2007"
STEPS = ("serial", "processes", "dask", "duckdb")


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--step"]:
        print(json.dumps(step(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))))
        return
    sizes = [int(word) for word in sys.argv[1:]] or [4_000_000, 40_000_000]
    head = f"{'rows':>12}  {'how':<10} {'files':>5} {'seconds':>8} {'us/row':>7} {'peak MiB':>9} {'MiB on disk':>12}"
    print(f"{head}  result")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            first: dict[str, Any] = {}
            for name in ("draw", *STEPS):
                done = _run(name, Path(folder), rows)
                first = first or ({} if name == "draw" else done)
                print(_line(name, done, first), flush=True)


def _run(name: str, folder: Path, rows: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", name, str(folder), str(rows)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(ended.stdout) if ended.returncode == 0 else {"failed": ended.stderr.strip().splitlines()[-1]}


def _line(name: str, done: dict[str, Any], first: dict[str, Any]) -> str:
    if "failed" in done:
        return f"{'':>12}  {name:<10} not measured: {done['failed']}"
    each = done["seconds"] / done["rows"] * 1e6
    took = f"{done['seconds']:>8.1f} {each:>7.2f} {done['peak']:>9,.0f} {done['size']:>12,.0f}"
    said = ", ".join(filter(None, (_alike(done, first), done.get("said"))))
    return f"{done['rows']:>12,}  {name:<10} {done['files']:>5} {took}  {said}"


def _alike(done: dict[str, Any], first: dict[str, Any]) -> str:
    """Say how far the result is the one of the first way of working."""
    if "sums" not in done or done is first:
        return ""
    if done.get("bytes") == first["bytes"]:
        return "same bytes"
    mine, theirs = (pd.Series(each["sums"]).sort_index() for each in (done, first))
    return "same sums" if mine.index.equals(theirs.index) and np.allclose(mine, theirs, rtol=1e-9) else "OTHER SUMS"


def step(name: str, folder: Path, rows: int) -> dict[str, Any]:
    """Do one step in this process and tell what it took."""
    correspondences = load_mappings(layers()).correspondences()
    start = time.perf_counter()
    if name == "draw":
        told = draw(folder / "flows", rows, correspondences)
    elif name == "duckdb":
        told = by_duckdb(folder / "flows", correspondences)
    else:
        told = by_partition(name, folder, correspondences)
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"seconds": time.perf_counter() - start, "peak": max(peaks) / 1024} | told


def draw(folder: Path, rows: int, correspondences: Correspondences) -> dict[str, Any]:
    """Write the files; the newest years first, so that few rows come from all versions of the codes."""
    folder.mkdir()
    tables = max(round(rows / ROWS), 1)
    random = np.random.default_rng(2024)
    for number in range(tables):
        country, year = ("NO", "SE")[number % 2], str(LAST_YEAR - number // 2)
        _flows(country, year, random, correspondences).to_parquet(folder / f"{country}-{year}.parquet", index=False)
    return {"files": tables, "rows": tables * ROWS, "size": _size(folder)}


def _flows(country: str, year: str, random: np.random.Generator, correspondences: Correspondences) -> pd.DataFrame:
    """One file: who lives in a country and works in Norway; small counts turned into 0 or 3, totals as they are."""
    home, work = (
        sorted(correspondences.find(_version(land, year), end).by_source()) for land, end in _ends(country).values()
    )
    pairs = np.sort(random.choice(len(home) * len(work), ROWS // OCCUPATIONS // len(SEXES), replace=False))
    times = OCCUPATIONS * len(SEXES)
    true = np.floor(random.pareto(0.8, (len(pairs) * OCCUPATIONS, 2)))
    shown = np.where(np.isin(true, (1, 2)), random.choice((0.0, 3.0), true.shape), true)
    total = true.sum(axis=1)
    low, high = np.where(shown == 3, 1, shown), np.where(shown == 0, 2, shown)
    cells = {
        name: np.column_stack([parts, total]).ravel()
        for name, parts in (("obs_value", shown), ("obs_low", low), ("obs_high", high))
    }
    codes = {
        "residence_area": (np.repeat(pairs // len(work), times), home),
        "work_area": (np.repeat(pairs % len(work), times), work),
        "time_period": (np.zeros(ROWS, int), [year]),
        "occupation": (
            np.tile(np.repeat(np.arange(OCCUPATIONS), len(SEXES)), len(pairs)),
            [f"ISCO:{group}" for group in range(OCCUPATIONS)],
        ),
        "sex": (np.tile(np.arange(len(SEXES)), ROWS // len(SEXES)), list(SEXES)),
    }
    return pd.DataFrame({name: pd.Categorical.from_codes(*pair) for name, pair in codes.items()} | cells)


def _ends(country: str) -> dict[str, tuple[str, str]]:
    """Country and version wanted at each end."""
    return {ENDS[0]: (country, UNITS if country == "NO" else COUNTIES), ENDS[1]: ("NO", UNITS)}


def _version(country: str, year: str) -> str:
    """The version that tables of a year are in."""
    if country == "SE":
        return "SE-KOMMUN:2007"
    return f"NO-KOMMUNE:{max(int(year), 2018) if year != '2021' else 2020}"


def by_partition(name: str, folder: Path, correspondences: Correspondences) -> dict[str, Any]:
    """Convert the files, check the balance of each, and add up."""
    out = folder / name
    tasks = [_task(path, out, correspondences) for path in sorted((folder / "flows").iterdir())]
    with _executor(name, out, len(tasks)) as (executor, said):
        done = convert_all(tasks, executor)
    told = sheet(done)
    off = (told["total_in"] - told["total_out"] - told["withheld"]).abs().max()
    totals = summed(done)
    return {
        "files": len(done),
        "rows": int(told["rows_in"].sum()),
        "size": _size(out),
        "bytes": hashlib.sha256(b"".join(path.read_bytes() for path in sorted(out.glob("*.parquet")))).hexdigest(),
        "sums": _by_key(totals),
        "said": said or f"{told['totals'].sum():,} totals checked, balance off by at most {off:.1g}",
    }


def _task(path: Path, out: Path, correspondences: Correspondences) -> Partition:
    country, year = path.stem.split("-")
    ways = tuple(
        ((column,), correspondences.find(_version(land, year), end)) for column, (land, end) in _ends(country).items()
    )
    if country == "NO":
        ways = ((ENDS, ways[0][1]),)
    return Partition(path, out / path.name, ways, over=("sex",), sparse=True)


@contextmanager
def _executor(name: str, out: Path, files: int) -> Iterator[tuple[Any, str]]:
    if name != "dask":
        with executor_of("processes:2" if name == "processes" else name) as executor:
            yield executor, ""
        return
    with _cluster(out.parent) as (address, workers), executor_of(f"dask:{address}") as executor:
        threading.Thread(target=_kill_halfway, args=(workers[1], out, files), daemon=True).start()
        yield executor, "one worker of two killed on the way"


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on this machine."""
    told = folder / "scheduler.json"
    common = ["--scheduler-file", str(told), "--host", "127.0.0.1", "--no-dashboard"]
    own = ["--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--local-directory", str(folder / "dask")]
    orders = [("scheduler", [*common, "--port", "0"]), ("worker", [*common, *own]), ("worker", [*common, *own])]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{what}", *options], **quiet)
        for what, options in orders
    ]
    try:
        while not told.exists():
            time.sleep(0.05)
        yield json.loads(told.read_bytes())["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _kill_halfway(worker: subprocess.Popen[bytes], out: Path, files: int) -> None:
    while len(list(out.glob("*.parquet"))) < files / 2:
        time.sleep(0.05)
    os.kill(worker.pid, signal.SIGKILL)


def by_duckdb(folder: Path, correspondences: Correspondences) -> dict[str, Any]:
    """The joins and the sums as one query, with two threads and less than two GB."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1900MB"})
    files = sorted(folder.iterdir())
    links = pd.DataFrame(
        [
            (path.stem, column, link.source, link.target, link.weight)
            for path in files
            for column, (land, end) in _ends(path.stem[:2]).items()
            for link in correspondences.find(_version(land, path.stem[3:]), end).links
        ],
        columns=["file", "end_", "source", "target", "weight"],
    )
    connection.register("given", links)
    connection.execute("create table links as select * from given")
    totals = connection.execute(
        """
        select work.target as work_area, time_period, sum(obs_value * home.weight * work.weight) as obs_value
        from read_parquet(?, filename = true) flows
        join links home on home.file = parse_filename(filename, true) and home.end_ = 'residence_area'
            and home.source = residence_area
        join links work on work.file = parse_filename(filename, true) and work.end_ = 'work_area'
            and work.source = work_area
        where sex = 'T' group by all
        """,
        [str(folder / "*.parquet")],
    ).df()
    return {"files": len(files), "rows": len(files) * ROWS, "size": 0, "sums": _by_key(totals), "said": "no checks"}


def _by_key(totals: pd.DataFrame) -> dict[str, float]:
    keys = totals["work_area"].astype(str) + " " + totals["time_period"].astype(str)
    return dict(zip(keys, totals["obs_value"].astype(float), strict=True))


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 2**20


if __name__ == "__main__":
    main()
