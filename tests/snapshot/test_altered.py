"""What was altered on the disk is found, set aside, and replaced by the next fetch."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from nordstat.errors import ChecksumMismatchError, SnapshotMissingError
from nordstat.model.snapshot import Snapshot
from nordstat.snapshot.store import Store
from snapshot.runs import answer, put

BODY = b'{"value": [13000, 22700]}'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def snapshot(store: Store) -> Snapshot:
    return put(store, answer(body=BODY))[0].snapshot


def blob(store: Store, snapshot: Snapshot) -> Path:
    return store.root / "blobs" / snapshot.sha256[:2] / snapshot.sha256[2:]


@pytest.mark.fault("S06")
@pytest.mark.parametrize(
    "altered", [BODY.replace(b"13", b"31"), BODY[:-5], BODY + b" "], ids=["digit", "cut", "longer"]
)
def test_an_altered_blob_is_refused_and_set_aside(store: Store, snapshot: Snapshot, altered: bytes) -> None:
    """Reading tells of the alteration, where the file is now, and the command that fetches it again."""
    blob(store, snapshot).write_bytes(altered)
    with pytest.raises(ChecksumMismatchError, match="no longer the 25 bytes that were fetched") as caught:
        store.read(snapshot)
    [aside] = (store.root / "quarantine").iterdir()
    assert aside.read_bytes() == altered
    assert str(aside) in caught.value.hint
    assert "nordstat fetch SSB:03321 Tid=2022" in caught.value.hint


@pytest.mark.fault("S06")
def test_the_next_fetch_replaces_an_altered_blob(store: Store, snapshot: Snapshot) -> None:
    """The same answer put again sets the altered file aside and is stored anew."""
    blob(store, snapshot).write_bytes(b"altered")
    [receipt] = put(store, answer(body=BODY, later=60))
    assert receipt.stored
    assert store.read(snapshot) == BODY
    assert [path.read_bytes() for path in (store.root / "quarantine").iterdir()] == [b"altered"]


@pytest.mark.fault("S05")
def test_a_blob_emptied_by_a_loss_of_power_is_an_error_that_says_what_to_do(store: Store, snapshot: Snapshot) -> None:
    """A file of no bytes is never taken for an answer."""
    blob(store, snapshot).write_bytes(b"")
    with pytest.raises(ChecksumMismatchError, match="Fetch it again: nordstat fetch SSB:03321 Tid=2022"):
        store.read(snapshot)
    assert put(store, answer(body=BODY, later=60))[0].stored
    assert store.read(snapshot) == BODY


def test_an_altered_blob_stays_while_a_run_holds_the_lock(store: Store, snapshot: Snapshot) -> None:
    """A reader never moves a file under a writer; the bytes are refused all the same."""
    blob(store, snapshot).write_bytes(b"altered")
    with store.writing(), pytest.raises(ChecksumMismatchError, match="stays where it is: another run holds the lock"):
        store.read(snapshot)
    assert blob(store, snapshot).read_bytes() == b"altered"


def test_a_blob_that_is_gone_is_missing(store: Store, snapshot: Snapshot) -> None:
    """A row whose file was deleted is told with the command that fetches it."""
    blob(store, snapshot).unlink()
    with pytest.raises(SnapshotMissingError, match="nordstat fetch SSB:03321 Tid=2022"):
        store.read(snapshot)
    assert put(store, answer(body=BODY, later=60))[0].stored


def test_the_check_finds_every_fault_and_changes_nothing(store: Store, snapshot: Snapshot) -> None:
    """Altered, gone, foreign and linked files are all told in one go, each with its place."""
    gone = put(store, answer("gone", body=b"gone"))[0].snapshot
    blob(store, gone).unlink()
    blob(store, snapshot).write_bytes(b"x" * snapshot.size)
    stranger, link = store.root / "blobs" / "notes.txt", store.root / "blobs" / "link"
    stranger.write_text("mine")
    link.symlink_to(stranger)
    before = sorted(store.root.rglob("*"))
    check = store.verify()
    assert not check.sound
    told = "\n".join(map(str, check.faults))
    assert f"{blob(store, snapshot)}: 25 bytes that are not what the name says" in told
    assert f"SSB:gone: the answer of 2026-03-01T06:00:00+00:00 is gone: there is no {blob(store, gone)}" in told
    assert f"{stranger}: not a file of nordstat" in told
    assert f"{link}: a symbolic link" in told
    assert len(check.faults) == 4
    assert sorted(store.root.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="makes a file that nobody can open")
def test_the_check_goes_on_past_a_file_it_cannot_read(store: Store, snapshot: Snapshot) -> None:
    """A bad spot on the disk is a fault beside the others."""
    blob(store, snapshot).unlink()
    os.mknod(blob(store, snapshot), stat.S_IFSOCK | 0o600)
    (store.root / "blobs" / "notes.txt").write_text("mine")
    assert [str(fault).split("\n")[0] for fault in store.verify().faults] == [
        f"{blob(store, snapshot)}: cannot be read: No such device or address",
        f"{store.root / 'blobs' / 'notes.txt'}: not a file of nordstat",
    ]


def test_the_check_tells_a_lost_blob_once(store: Store, snapshot: Snapshot) -> None:
    """An answer seen on many days and then lost is one fault."""
    put(store, *(answer(body=BODY, later=i) for i in range(1, 5)))
    blob(store, snapshot).unlink()
    assert len(store.verify().faults) == 1


def test_the_check_finds_a_row_of_another_size(store: Store, snapshot: Snapshot) -> None:
    """A row whose size was altered is told with both sizes."""
    manifest = store.root / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"size": 25', '"size": 26'))
    [fault] = store.verify().faults
    assert "has 26 bytes in the manifest and 25 on the disk" in str(fault)


def test_an_altered_blob_no_row_names_is_a_fault_and_not_a_note(store: Store, snapshot: Snapshot) -> None:
    """What a killed run left is harmless only while it is whole."""
    blob(store, snapshot).write_bytes(b"altered")
    (store.root / "manifest.jsonl").unlink()
    check = store.verify()
    assert len(check.faults) == 1
    assert check.notes == ()


def test_the_check_counts_what_it_read(store: Store, snapshot: Snapshot) -> None:
    """A sound store reports its rows and blobs and nothing else."""
    put(store, answer(body=BODY, later=60), answer("TAB1830", body=b"2"))
    check = store.verify()
    assert (check.rows, check.blobs, check.faults, check.notes) == (3, 2, (), ())
