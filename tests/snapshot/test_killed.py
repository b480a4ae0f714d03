"""A run killed with -9 at any moment leaves a store that verifies, and the next run ends like a clean one."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nordstat.snapshot.durable import Step
from nordstat.snapshot.store import Store
from snapshot.runs import Forks, answer, forks, put

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")

RUN = {"number": 5, "size": 2000}
KILLED = -9


@pytest.fixture(scope="module")
def fork() -> Iterator[Forks]:
    with forks() as fork:
        yield fork


def state(root: Path) -> dict[str, Any]:
    """What a reader can see of a store."""
    store = Store(root)
    tables = {row.table for row in store.snapshots()}
    return {
        "vintages": {table: store.vintages("SSB", table, query={"Tid": ("2022",)}) for table in tables},
        "files": sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.name != "lock"),
    }


def readable(root: Path) -> bool:
    """Every answer the manifest names comes back whole."""
    store = Store(root)
    return store.verify().sound and all(store.read(row) for row in store.snapshots())


@pytest.mark.fault("S01")
@pytest.mark.parametrize("step", list(Step))
def test_a_run_killed_at_a_step_is_made_good_by_the_next(fork: Forks, tmp_path: Path, step: Step) -> None:
    """Twenty-five kills at each step, in every answer of a run: readers never see a part of one."""
    fork(root=tmp_path / "clean", **RUN)
    clean = state(tmp_path / "clean")
    for repeat in range(5):
        for nth in range(1, 6):
            root = tmp_path / f"{repeat}-{nth}"
            assert fork(root=root, stop=step, nth=nth, **RUN) == KILLED
            assert readable(root)
            assert fork(root=root, **RUN) == 0
            assert state(root) == clean
            assert Store(root).verify().notes == ()


@pytest.mark.fault("S01")
def test_runs_killed_at_any_moment_never_spoil_the_store(fork: Forks, tmp_path: Path) -> None:
    """A hundred runs on one store, each killed after a random time, then a clean one."""
    chance = random.Random(4)
    fork(root=tmp_path / "clean", **RUN)
    clean = state(tmp_path / "clean")["vintages"]
    for _ in range(100):
        assert fork(root=tmp_path / "store", after=chance.uniform(0.001, 0.03), number=10**6, size=2000) == KILLED
        assert readable(tmp_path / "store")
    assert fork(root=tmp_path / "store", **RUN) == 0
    assert readable(tmp_path / "store")
    assert not [*tmp_path.rglob("*.tmp")]
    ended = state(tmp_path / "store")["vintages"]
    assert {table: ended[table] for table in clean} == clean


@pytest.mark.fault("S04")
def test_a_left_over_temporary_file_is_told_and_swept(fork: Forks, tmp_path: Path) -> None:
    """Readers pass over what a killed run was writing, the check tells of it, the next writer deletes it."""
    assert fork(root=tmp_path, stop=Step.WRITTEN, nth=1) == KILLED
    [left_over] = tmp_path.rglob("*.tmp")
    [note] = Store(tmp_path).verify().notes
    assert note == f"{left_over.relative_to(tmp_path).as_posix()}: a temporary file of a killed run"
    put(Store(tmp_path))
    assert not left_over.exists()


def test_a_temporary_file_of_somebody_else_is_not_swept(tmp_path: Path) -> None:
    """Only files named as nordstat names them are deleted."""
    put(Store(tmp_path), answer())
    other = next((tmp_path / "blobs").iterdir()) / "download.tmp"
    other.write_bytes(b"mine")
    put(Store(tmp_path), answer())
    assert other.read_bytes() == b"mine"


def test_an_answer_without_its_row_is_told_and_taken_up_again(fork: Forks, tmp_path: Path) -> None:
    """Bytes whose row was never written are whole and harmless, and the next run gives them their row."""
    assert fork(root=tmp_path, stop=Step.RENAMED, nth=1, **RUN) == KILLED
    [note] = Store(tmp_path).verify().notes
    assert note.endswith("whole, but no row names it")
    assert fork(root=tmp_path, **RUN) == 0
    assert Store(tmp_path).verify().notes == ()
