"""A disk that takes no more leaves the store as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nordstat.errors import SnapshotError
from nordstat.snapshot.store import Store
from snapshot.runs import answer, finish, put, start

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="needs resource limits"), pytest.mark.fault("S02")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KiB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(tmp_path)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only the superuser may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_told_with_path_and_bytes_and_nothing_is_left(small_disk: Path) -> None:
    """The temporary file goes, the answers kept before stay, and room made is used at once."""
    store = Store(small_disk / "store")
    [kept] = put(store, answer("small"))
    with pytest.raises(
        SnapshotError, match="200,000 bytes could not be written and are not kept: No space left on device"
    ) as caught:
        put(store, answer("large", body=b"x" * 200_000))
    assert str(store.root / "blobs") in caught.value.where
    assert caught.value.exit_code == 1
    assert store.verify().sound
    assert store.verify().notes == ()
    assert store.read(kept.snapshot) == answer().body
    assert put(store, answer("small again"))[0].stored


def test_an_answer_the_disk_does_not_take_leaves_no_file(tmp_path: Path) -> None:
    """A run that meets the limit ends with 1 and the store is as before."""
    code, said = finish(start(root=tmp_path, size=90_000, largest_file=50_000))
    assert code == 1
    assert "bytes could not be written and are not kept: File too large" in said
    assert str(tmp_path / "blobs") in said
    assert Store(tmp_path).snapshots() == ()
    assert Store(tmp_path).verify().notes == ()


def test_a_row_the_disk_takes_only_in_part_is_taken_back(tmp_path: Path) -> None:
    """The manifest ends with the last whole row, not with a torn one."""
    code, said = finish(start(root=tmp_path, number=20, largest_file=4000))
    assert code == 1
    assert "manifest.jsonl" in said
    rows = Store(tmp_path).snapshots()
    assert 0 < len(rows) < 20
    assert (tmp_path / "manifest.jsonl").read_bytes().endswith(b"\n")
    assert finish(start(root=tmp_path, number=20)) == (0, "")
    assert Store(tmp_path).verify().notes == ()
