"""A crowd: many fetches at the same time, in several processes, into one store and under one pace."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil

from nordstat.decode import read_jsonstat
from nordstat.model.snapshot import Snapshot, vintages
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.sources import connect
from pipeline.crowd_member import numbers
from pxweb_server import Limits, PxWebServer, ServedDimension, ServedTable

MEMBER = Path(__file__).with_name("crowd_member.py")
SAMPLING = 0.25
FIRST_YEAR = 2001


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who fetches, what, and for how long.

    Attributes
    ----------
    processes, threads : int
        How many, and in each of them how many.
    seconds : float
        After these nobody begins another fetch.
    tables, years, places : int
        How many, and their size.
    vintages : int
        How often each table is published, the first time included, evenly over the time.
    limits : Limits
        Of the service.
    """

    processes: int = 4
    threads: int = 16
    seconds: float = 60.0
    tables: int = 12
    years: int = 20
    places: int = 60
    vintages: int = 3
    limits: Limits

    @property
    def cells(self) -> int:
        """Number of cells of a table."""
        return self.places * self.years

    def served(self, vintage: int) -> list[ServedTable]:
        """Give the tables as they are published for the so-manieth time."""
        return [
            self._table(f"TAB9{number:03d}", f"2026-03-{vintage + 1:02d}T07:00:00Z") for number in range(self.tables)
        ]

    def _table(self, id: str, updated: str) -> ServedTable:
        sides = {
            "Region": [f"{n:04d}" for n in range(self.places)],
            "ContentsCode": ["N"],
            "Tid": [str(FIRST_YEAR + n) for n in range(self.years)],
        }
        return ServedTable(
            id=id,
            label=f"{id} by region, observation and year",
            dimensions=[
                ServedDimension(name, name.lower(), {code: f"{name} {code}" for code in codes}, time=name == "Tid")
                for name, codes in sides.items()
            ],
            values=numbers(id, updated, self.cells),
            updated=updated,
            language="sv",
            unit={"N": {"base": "antal", "decimals": 0}},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What was seen of a crowd by its members, by the service, and in the store it left.

    Attributes
    ----------
    fetches : list of dict
        What each fetch came to, as its member tells it.
    codes : list of int
        Exit codes of the members.
    memory : list of list of float
        MiB of each member while it fetched.
    statuses : Counter
        Answers of the service by status, those to ``/config`` left out.
    posts : int
        Answers with cells.
    busiest : int
        Most calls in any window.
    span : float
        Seconds from the first call to the last.
    store : Store
        What they left.
    """

    crowd: Crowd
    fetches: list[dict[str, Any]]
    codes: list[int]
    memory: list[list[float]]
    statuses: Counter[int]
    posts: int
    busiest: int
    span: float
    store: Store

    @property
    def answers(self) -> list[Snapshot]:
        """Receipts of the answers with cells, one for each vintage of each question."""
        asked = defaultdict(list)
        for row in self.store.snapshots():
            if row.query.startswith("{"):
                asked[row.key].append(row)
        return [vintage.snapshot for rows in asked.values() for vintage in vintages(rows)]

    @property
    def growth(self) -> float:
        """Share by which the member that grew most had more in the last third of the time than in the middle third."""
        thirds = [(samples[len(samples) // 3 :], len(samples) // 3) for samples in self.memory]
        return max(median(late[third:]) / median(late[:third]) - 1 for late, third in thirds)

    def faults(self) -> Iterator[str]:
        """Give all that should not have been: a window exceeded, an answer lost, doubled or altered."""
        if self.busiest > self.crowd.limits.calls:
            yield f"{self.busiest} calls in a window of {self.crowd.limits.calls}"
        yield from (f"{number} answers with status {code}" for code, number in self.statuses.items() if code != 200)
        yield from (f"a member ended with {code}" for code in self.codes if code)
        yield from (fetch["failed"] for fetch in self.fetches if "failed" in fetch)
        yield from (
            f"{fetch['table']}: not the numbers of {fetch['updated']}" for fetch in self._given if not fetch["right"]
        )
        yield from self._faults_of_the_store()

    @property
    def _given(self) -> list[dict[str, Any]]:
        return [fetch for fetch in self.fetches if "updated" in fetch]

    def _faults_of_the_store(self) -> Iterator[str]:
        checked = self.store.verify()
        yield from (*map(str, checked.faults), *checked.notes)
        kept = Counter((row.table, row.query, row.updated) for row in self.answers)
        yield from (
            f"{table} of {updated}: {number} times" for (table, _, updated), number in kept.items() if number > 1
        )
        cells = Counter[tuple[str, str]]()
        for row in self.answers:
            cells[row.table, row.updated] += _right_cells(self.store.read(row), row, self.crowd)
        for fetch in {(fetch["table"], fetch["updated"]) for fetch in self._given}:
            if cells[fetch] != self.crowd.cells:
                yield f"{fetch}: {cells[fetch]} of {self.crowd.cells} cells are in the store"
        missed = {table.id for table in self.crowd.served(0)} - {fetch["table"] for fetch in self._given}
        yield from (f"{table}: nobody came to fetch it" for table in sorted(missed))


def gather(crowd: Crowd, folder: Path) -> Met:
    """Let a crowd fetch into a folder, and give what was seen of it."""
    with PxWebServer(crowd.served(0), flavour="scb", limits=crowd.limits) as server:
        with connect("SCB", settings=Settings(cache=folder / "cache", addresses={"SCB.v2": server.v2})) as earlier:
            earlier.terms()  # the pace is known from an earlier run; this service's is not the one SCB has
        members = [_start(crowd, server, folder, number) for number in range(crowd.processes)]
        for member in members:
            assert member.stdout is not None
            assert member.stdout.readline() == "ready\n"
        with ThreadPoolExecutor(len(members)) as pool:
            began = time.monotonic()
            told = [pool.submit(member.communicate, f"{began + crowd.seconds}\n") for member in members]
            memory = _watch(crowd, server, members, began)
            fetches = [json.loads(line) for each in told for line in each.result()[0].splitlines()]
        counted = [call for call in server.log if not call.path.endswith("/config")]
        times = [call.time for call in counted]
        return Met(
            crowd=crowd,
            fetches=fetches,
            codes=[member.returncode for member in members],
            memory=memory,
            statuses=Counter(call.status for call in counted),
            posts=len([call for call in counted if call.method == "POST"]),
            busiest=server.max_calls_in_any_window(crowd.limits.window),
            span=max(times) - min(times),
            store=Store(folder / "store"),
        )


def _start(crowd: Crowd, server: PxWebServer, folder: Path, number: int) -> subprocess.Popen[str]:
    order = {
        "member": number,
        "threads": crowd.threads,
        "folder": str(folder),
        "tables": list(server.tables),
        "addresses": {"SCB.v2": server.v2, "SCB.v1": f"{server.v1}/{{language}}"},
    }
    command = [sys.executable, str(MEMBER), json.dumps(order)]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _watch(
    crowd: Crowd, server: PxWebServer, members: Sequence[subprocess.Popen[str]], began: float
) -> list[list[float]]:
    """Sample the memory of the members until the time is up, and publish the tables anew when it is time for that."""
    processes = [psutil.Process(member.pid) for member in members]
    memory: list[list[float]] = [[] for _ in members]
    published = 1
    while (now := time.monotonic() - began) < crowd.seconds:
        if now >= published * crowd.seconds / crowd.vintages:
            for table in crowd.served(published):
                server.replace(table)
            published += 1
        for process, samples in zip(processes, memory, strict=True):
            samples.append(process.memory_info().rss / 2**20)
        time.sleep(SAMPLING)
    return memory


def _right_cells(body: bytes, row: Snapshot, crowd: Crowd) -> int:
    """Count the cells of an answer; none where one of them is not the number it should be."""
    cube = read_jsonstat(body)
    whole = numbers(row.table, row.updated, crowd.cells).reshape(crowd.places, crowd.years)
    rows = [int(code) for code in cube.dimension("Region").codes]
    columns = [int(code) - FIRST_YEAR for code in cube.dimension("Tid").codes]
    return len(cube.values) if np.array_equal(cube.values, whole[np.ix_(rows, columns)].ravel()) else 0
