"""Killed with -9 at any moment, a fetch or a refresh leaves a sound store and a whole release, and the next ends it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nordstat.pipeline.listener import Moment
from nordstat.pipeline.shelf import Shelf
from nordstat.release.open import open_release
from nordstat.snapshot.durable import Step
from nordstat.snapshot.store import Store
from pipeline.runs import Forks, forks
from pipeline.served import SECOND, commuters, flows, limits
from pxweb_server import PxWebServer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")

KILLED = -9
FETCH = [Moment.DESCRIBED, Moment.PLANNED, Moment.ANSWERED, Moment.JOINED, Moment.KEPT]
REFRESH = [Moment.FETCHED, Moment.BUILT, Moment.PUBLISHED, Moment.REPORTED]
NEWS = np.arange(50) + 200


@pytest.fixture(scope="module")
def fork() -> Iterator[Forks]:
    with forks() as fork:
        yield fork


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows(), commuters()], limits=limits(20)) as running:
        yield running


def order(server: PxWebServer, folder: Path, **told: Any) -> dict[str, Any]:
    return {"addresses": {"SSB.v2": server.v2}, "folder": folder, **told}


def readable(folder: Path) -> dict[str, list[float]]:
    """The numbers of each table a reader sees, once the store has verified."""
    store = Store(folder / "store")
    assert store.verify().sound
    shelf = Shelf.of(store)
    tables = sorted({row.table for row in shelf.rows})
    wholes = {table: shelf.wholes("SSB", table) for table in tables}
    return {table: shelf.cube(found[0]).values.tolist() for table, found in wholes.items() if found}


@pytest.mark.fault("S01")
@pytest.mark.parametrize("step", [*FETCH, *Step])
def test_a_fetch_killed_at_a_step_is_ended_by_the_next(
    fork: Forks, server: PxWebServer, tmp_path: Path, step: str
) -> None:
    """Four kills at each step of a fetch: readers see the old table, the new one or none, and then the new one."""
    old, new = np.arange(100, 150).tolist(), NEWS.tolist()
    for nth in (1, 2):
        folder = tmp_path / str(nth)
        server.replace(flows())
        assert fork(**order(server, folder, what="fetch", stop=step, nth=nth)) == KILLED
        assert readable(folder).get("03321", old) == old
        assert fork(**order(server, folder, what="fetch")) == 0
        server.replace(flows(NEWS, updated=SECOND))
        assert fork(**order(server, folder, what="fetch", stop=step, nth=1)) == KILLED
        assert readable(folder)["03321"] in (old, new)
        assert fork(**order(server, folder, what="fetch")) == 0
        assert readable(folder) == {"03321": new, "11616": np.arange(100, 120).tolist()}
        assert Store(folder / "store").verify().notes == ()


@pytest.mark.fault("S01")
@pytest.mark.parametrize("step", [*REFRESH, Moment.ANSWERED, Moment.KEPT, Step.RENAMED])
def test_a_refresh_killed_at_a_step_leaves_the_last_release_whole(
    fork: Forks, server: PxWebServer, tmp_path: Path, step: str
) -> None:
    """Two kills at each step of a refresh: the release is the old one or the new one, and then the new one."""
    assert fork(**order(server, tmp_path, what="refresh")) == 0
    first = open_release(tmp_path / "release").version
    for add, day in ((1, SECOND), (2, "2026-05-01T07:00:00Z")):
        before = open_release(tmp_path / "release").version
        server.replace(flows(NEWS + add, updated=day))
        assert fork(**order(server, tmp_path, what="refresh", stop=step)) == KILLED
        readable(tmp_path)
        release = open_release(tmp_path / "release")
        release.verify()
        assert step in (Moment.PUBLISHED, Moment.REPORTED) or release.version == before
        assert fork(**order(server, tmp_path, what="refresh")) == 0
        release = open_release(tmp_path / "release")
        release.verify()
        rows = release.observations
        assert rows.loc[rows["source"] == "SSB:03321", "obs_value"].sum() == (NEWS + add).sum()
        assert release.version not in (first, before)
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == [
        "cache",
        "release",
        "run-report.json",
        "store",
    ]


@pytest.mark.fault("S01")
def test_runs_killed_at_any_moment_never_spoil_anything(fork: Forks, server: PxWebServer, tmp_path: Path) -> None:
    """Thirty-six refreshes of a table that changes every time, each killed after a random time, then a clean one."""
    chance = random.Random(4)
    assert fork(**order(server, tmp_path, what="refresh")) == 0
    killed = 0
    for turn in range(36):
        server.replace(flows(NEWS + turn, updated=f"2026-06-{1 + turn % 28:02}T{turn // 28:02}:00:00Z"))
        ended = fork(**order(server, tmp_path, what="refresh", after=chance.uniform(0.01, 0.4)))
        killed += ended == KILLED
        assert ended in (KILLED, 0)
        readable(tmp_path)
        open_release(tmp_path / "release").verify()
    assert killed > 18
    assert fork(**order(server, tmp_path, what="refresh")) == 0
    rows = open_release(tmp_path / "release").observations
    assert rows.loc[rows["source"] == "SSB:03321", "obs_value"].sum() == (NEWS + 35).sum()
    assert not [path for path in tmp_path.rglob("*.tmp") if path.parent.name != "pace"]
