"""One writer at a time; the loser learns who the winner is, and a dead winner stops nobody."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nordstat.errors import LockHeldError
from nordstat.snapshot.store import Store
from snapshot.runs import answer, finish, programme, put, start


def sign(root: Path, *, host: str, age: timedelta) -> None:
    """Leave the signature of a run on some host."""
    root.mkdir(exist_ok=True)
    since = (datetime.now(UTC) - age).isoformat()
    (root / "holder.json").write_text(json.dumps({"pid": 4711, "host": host, "since": since}))


@pytest.mark.fault("S07")
@pytest.mark.fault("C14")
def test_the_second_of_two_runs_ends_with_5_and_names_the_first(tmp_path: Path) -> None:
    """One works, the other says which process on which host does and for how long; the store is that of one run."""
    first = start(root=tmp_path / "two", pause=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    code, said = finish(start(root=tmp_path / "two"))
    assert code == 5
    assert f"process {first.pid} on {platform.node()}, for 0:00:" in said
    assert finish(first) == (0, "")
    assert finish(start(root=tmp_path / "one")) == (0, "")
    assert [(tmp_path / n / "manifest.jsonl").read_bytes() for n in ("one", "two")] == [
        (tmp_path / "one" / "manifest.jsonl").read_bytes()
    ] * 2


@pytest.mark.fault("S07")
def test_runs_that_wait_take_turns(tmp_path: Path) -> None:
    """Four runs at once that may wait all end well, and the store has each answer once."""
    runs = [start(root=tmp_path, wait=30) for _ in range(4)]
    assert [finish(run) for run in runs] == [(0, "")] * 4
    store = Store(tmp_path)
    assert store.verify().sound
    assert len(store.snapshots()) == 4 * 6
    assert store.verify().blobs == 6


def test_the_error_carries_the_holder(tmp_path: Path) -> None:
    """A program reads process, host and time of the holder without reading the sentence."""
    with Store(tmp_path).writing(), pytest.raises(LockHeldError) as caught:
        put(Store(tmp_path))
    assert (caught.value.pid, caught.value.host) == (os.getpid(), platform.node())
    assert caught.value.since is not None
    assert datetime.now(UTC) - caught.value.since < timedelta(minutes=1)


@pytest.mark.fault("S08")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_holder_killed_with_9_stops_nobody(tmp_path: Path) -> None:
    """The next run goes ahead without anybody tidying up, though lock and signature are still there."""
    first = start(root=tmp_path, pause=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    first.kill()
    first.communicate()
    assert (tmp_path / "holder.json").exists()
    assert finish(start(root=tmp_path)) == (0, "")
    assert not (tmp_path / "holder.json").exists()


@pytest.mark.fault("S09")
def test_a_holder_on_another_host_is_shown_with_the_way_out(tmp_path: Path) -> None:
    """Where locks do not reach across hosts the signature bars a second run, and says what to delete."""
    sign(tmp_path, host="server-in-hamar", age=timedelta(minutes=5))
    with pytest.raises(LockHeldError, match="process 4711 on server-in-hamar, for 0:05:0") as caught:
        put(Store(tmp_path), answer())
    assert "delete holder.json and lock" in str(caught.value)
    assert (tmp_path / "holder.json").exists()
    (tmp_path / "holder.json").unlink()
    (tmp_path / "lock").unlink()
    assert put(Store(tmp_path), answer())[0].stored


@pytest.mark.fault("S09")
def test_the_signature_of_a_dead_run_on_another_host_lapses(tmp_path: Path) -> None:
    """A scheduled run in a fresh container is not stopped for ever by one that was killed."""
    sign(tmp_path, host="container-of-yesterday", age=timedelta(days=1, minutes=1))
    assert put(Store(tmp_path), answer())[0].stored


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"pid": 1, "host": "x", "since": "yesterday"}'])
def test_a_signature_nobody_can_read_stops_nobody(tmp_path: Path, text: str) -> None:
    """The lock decides; the signature only explains."""
    (tmp_path / "holder.json").write_text(text)
    assert put(Store(tmp_path), answer())[0].stored


def test_a_run_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    """An error inside a run frees the lock and takes the signature away."""
    with pytest.raises(ZeroDivisionError), Store(tmp_path).writing():
        raise ZeroDivisionError
    assert not (tmp_path / "holder.json").exists()
    put(Store(tmp_path), answer())


def test_readers_need_no_lock(tmp_path: Path) -> None:
    """While one run writes, others read what is finished."""
    store = Store(tmp_path)
    with store.writing() as writer:
        for one in programme(3, 90):
            receipt = writer.put(one)
            assert store.read(receipt.snapshot) == one.body
