"""The manifest holds what was finished, shows what was not, and guesses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nordstat.errors import SnapshotError
from nordstat.model.snapshot import digest
from nordstat.snapshot.store import Store
from snapshot.runs import answer, programme, put


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    put(store, *programme(3, 90))
    return store


def lines(store: Store) -> list[str]:
    return (store.root / "manifest.jsonl").read_text().splitlines()


def rewrite(store: Store, rows: list[str]) -> None:
    (store.root / "manifest.jsonl").write_text("".join(row + "\n" for row in rows))


@pytest.mark.fault("S01")
@pytest.mark.parametrize(
    "torn", [b'{"schema": 1, "serv', b"\x00" * 512, b"{}"], ids=["cut", "nul bytes", "no line end"]
)
def test_a_torn_last_row_is_passed_over_told_and_taken_away(store: Store, torn: bytes) -> None:
    """Readers see the finished rows, the check tells of the rest, and the next writer removes it."""
    path = store.root / "manifest.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert len(store.snapshots()) == 3
    assert store.verify().notes == (f"manifest.jsonl: {len(torn)} bytes of a row that was never finished",)
    assert store.verify().sound
    with store.writing():
        assert path.read_bytes() == whole


def test_a_row_after_a_torn_one_stands_on_its_own(store: Store) -> None:
    """What is appended after a repair is not glued to the torn end."""
    with (store.root / "manifest.jsonl").open("ab") as file:
        file.write(b'{"schema": 1')
    put(store, answer())
    assert len(store.snapshots()) == 4


@pytest.mark.fault("S10")
def test_a_store_of_a_newer_nordstat_is_refused_with_its_version(store: Store) -> None:
    """A row in a later schema stops readers and writers, and nothing is changed."""
    rows = [*lines(store), json.dumps({"schema": 2, "table": "03321"}), '{"torn']
    rewrite(store, rows)
    before = (store.root / "manifest.jsonl").read_bytes()
    for use in (store.snapshots, store.verify, lambda: put(store, answer())):
        with pytest.raises(SnapshotError, match="schema 2 by a newer nordstat; this one knows schema 1") as caught:
            use()
        assert "manifest.jsonl:4" in str(caught.value)
    assert (store.root / "manifest.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"size": "90"}, "size is '90', not int"),
        ({"sha256": "../../etc/passwd"}, "sha256 is"),
        ({"query": '{"Tid":["1999"]}'}, "not the one its hash was taken of"),
        ({"query": "{", "query_hash": digest("{")}, "not canonical JSON"),
        ({"query": '{"b":1, "a":2}', "query_hash": digest('{"b":1, "a":2}')}, "not canonical JSON"),
        ({"retrieved": "2026-03-01T06:00:00"}, "names no time zone"),
        ({"extra": 1}, r"unknown fields \['extra'\]"),
        ({"schema": None}, "no schema version"),
    ],
)
def test_a_row_that_was_tampered_with_is_a_fault_with_its_line(store: Store, change: dict, why: str) -> None:
    """A row is read strictly: types, checksum, query and time zone, each fault with file and line."""
    rows = lines(store)
    rows[1] = json.dumps(json.loads(rows[1]) | change)
    rewrite(store, rows)
    with pytest.raises(SnapshotError, match=why) as caught:
        store.snapshots()
    assert caught.value.where.endswith("manifest.jsonl:2")


def test_all_faulty_rows_are_told_at_once(store: Store) -> None:
    """Two faults are one error that names both lines, and the check has both too."""
    rows = lines(store)
    rewrite(store, ["not JSON", rows[1], "[]"])
    with pytest.raises(SnapshotError, match="2 rows") as caught:
        store.snapshots()
    assert "manifest.jsonl:1: not a row of JSON" in str(caught.value)
    assert "manifest.jsonl:3: not a manifest row" in str(caught.value)
    assert len(store.verify().faults) == 2


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """NORDSTAT_STORE naming a file is told as such, by readers and writers."""
    (tmp_path / "file").write_text("not a folder")
    store = Store(tmp_path / "file")
    with pytest.raises(SnapshotError, match="Not a directory"):
        store.snapshots()
    with pytest.raises(SnapshotError, match=r"exists|Not a directory"):
        put(store, answer())
