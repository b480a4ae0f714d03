"""Snapshots go out as one file, the same bytes every time, and nothing but snapshots comes in."""

from __future__ import annotations

import random
import stat
import tarfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from nordstat.errors import ChecksumMismatchError, SnapshotError
from nordstat.snapshot.archive import LARGEST, export_archive, import_archive
from nordstat.snapshot.store import Store
from snapshot.runs import answer, put


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    put(store, answer("A", body=b"first"), answer("B", body=b"second" * 500), answer("A", body=b"third", later=60))
    return store


@pytest.fixture
def other(tmp_path: Path) -> Store:
    return Store(tmp_path / "other")


def test_what_goes_out_comes_in(store: Store, other: Store, tmp_path: Path) -> None:
    """An imported store has the same rows and the same bytes as the exported one."""
    assert export_archive(store, tmp_path / "a.zip") == 3
    assert import_archive(other, tmp_path / "a.zip") == 3
    assert other.snapshots() == store.snapshots()
    assert [other.read(row) for row in other.snapshots()] == [store.read(row) for row in store.snapshots()]
    assert other.verify().sound


def test_an_archive_is_the_same_bytes_every_time(store: Store, tmp_path: Path) -> None:
    """Two exports of the same snapshots are one file."""
    for name in ("a.zip", "b.zip"):
        export_archive(store, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with ZipFile(tmp_path / "a.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_only_the_snapshots_asked_for_go_out(store: Store, other: Store, tmp_path: Path) -> None:
    """A researcher freezes what a work rests on and no more."""
    wanted = [row for row in store.snapshots() if row.table == "B"]
    assert export_archive(store, tmp_path / "b.zip", snapshots=wanted) == 1
    import_archive(other, tmp_path / "b.zip")
    assert [row.table for row in other.snapshots()] == ["B"]


def test_importing_twice_adds_nothing(store: Store, other: Store, tmp_path: Path) -> None:
    """Rows that are there already are not added again."""
    export_archive(store, tmp_path / "a.zip")
    import_archive(other, tmp_path / "a.zip")
    assert import_archive(other, tmp_path / "a.zip") == 0
    assert len(other.snapshots()) == 3


def test_importing_mends_what_was_lost(store: Store, tmp_path: Path) -> None:
    """Files that were deleted or altered come back from an archive."""
    export_archive(store, tmp_path / "a.zip")
    for path in (store.root / "blobs").glob("*/*"):
        path.write_bytes(b"altered")
    assert import_archive(store, tmp_path / "a.zip") == 0
    assert store.verify().sound


def test_an_altered_blob_does_not_go_out(store: Store, tmp_path: Path) -> None:
    """An export stops at bytes that are not what was fetched, and leaves no archive."""
    next((store.root / "blobs").glob("*/*")).write_bytes(b"altered")
    with pytest.raises(ChecksumMismatchError):
        export_archive(store, tmp_path / "a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_an_archive_is_never_replaced(store: Store, tmp_path: Path) -> None:
    """Exporting over a file is an error, and the file stays."""
    (tmp_path / "a.zip").write_bytes(b"precious")
    with pytest.raises(SnapshotError, match="already there"):
        export_archive(store, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"precious"


def link(archive: ZipFile) -> None:
    entry = ZipInfo(f"blobs/ab/{'c' * 62}")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def zeros(archive: ZipFile) -> None:
    with archive.open(ZipInfo(f"blobs/ab/{'c' * 62}"), "w") as file:
        for _ in range(LARGEST // 2**20 + 1):
            file.write(b"\0" * 2**20)


def named(name: str) -> Callable[[ZipFile], None]:
    return lambda archive: archive.writestr(name, "x")


def doubled(archive: ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("manifest.jsonl", "")


BAD = {
    "parent": (named("../evil"), "'../evil': not a name of the store"),
    "parent inside": (named("blobs/ab/../../../evil"), "not a name of the store"),
    "absolute": (named("/tmp/evil"), "'/tmp/evil': not a name of the store"),
    "drive": (named("C:\\evil"), "not a name of the store"),
    "folder": (named("blobs/ab/"), "not a name of the store"),
    "upper case": (named(f"blobs/AB/{'C' * 62}"), "not a name of the store"),
    "link": (link, "a symbolic link"),
    "zeros": (zeros, f"{LARGEST + 2**20:,} bytes; the most an entry may have is {LARGEST:,}"),
    "stranger": (named(f"blobs/ab/{'c' * 62}"), "no row names it"),
    "doubled": (doubled, "there more than once"),
}


@pytest.mark.fault("S15")
@pytest.mark.parametrize(("spoil", "why"), BAD.values(), ids=BAD.keys())
def test_an_entry_that_is_no_snapshot_is_refused(
    store: Store, other: Store, tmp_path: Path, spoil: Callable[[ZipFile], None], why: str
) -> None:
    """The entry and the reason are named, and nothing of the archive is taken in."""
    export_archive(store, tmp_path / "a.zip")
    with ZipFile(tmp_path / "a.zip", "a", ZIP_DEFLATED, compresslevel=1) as archive:
        spoil(archive)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SnapshotError, match="1 entries refused; nothing was taken in") as caught:
        import_archive(other, tmp_path / "a.zip")
    assert why in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.fault("S15")
def test_every_refused_entry_is_named(other: Store, tmp_path: Path) -> None:
    """Faults are told entry by entry, not one at a time."""
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../one", "x")
        archive.writestr("/two", "x")
    with pytest.raises(SnapshotError, match="2 entries refused") as caught:
        import_archive(other, tmp_path / "a.zip")
    assert "'../one'" in str(caught.value)
    assert "'/two'" in str(caught.value)


def respelled(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Copy an archive with its entries changed."""
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            if (body := change(name, old.read(name))) is not None:
                new.writestr(name, body)


@pytest.mark.fault("S15")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda name, body: body[::-1] if name != "manifest.jsonl" else body, "not the bytes its row names"),
        (lambda name, body: body if name == "manifest.jsonl" else None, "not there, though a row names it"),
        (lambda name, body: body if name != "manifest.jsonl" else None, "'manifest.jsonl': not there"),
        (lambda name, body: body[:-9] if name == "manifest.jsonl" else body, "its last row is torn"),
        (lambda name, body: body.replace(b'"schema": 1', b'"schema": 7'), "schema 7 by a newer nordstat"),
    ],
    ids=["altered", "lost", "no manifest", "torn", "newer"],
)
def test_an_archive_that_contradicts_itself_is_refused(
    store: Store, other: Store, tmp_path: Path, change: Callable[[str, bytes], bytes | None], why: str
) -> None:
    """Rows and bytes must agree before anything is taken in."""
    export_archive(store, tmp_path / "a.zip")
    respelled(tmp_path / "a.zip", tmp_path / "b.zip", change)
    with pytest.raises(SnapshotError, match=why):
        import_archive(other, tmp_path / "b.zip")
    assert not other.root.exists()


@pytest.mark.fault("S15")
def test_a_lying_size_is_found_out(store: Store, other: Store, tmp_path: Path) -> None:
    """An entry that unpacks to other than it declares is no way round the cap."""
    export_archive(store, tmp_path / "a.zip")
    text = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(text.replace((3000).to_bytes(4, "little"), (7).to_bytes(4, "little")))
    with pytest.raises(SnapshotError, match=r"not a zip file that can be read|not the bytes its row names"):
        import_archive(other, tmp_path / "a.zip")


def tar() -> bytes:
    with BytesIO() as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.addfile(tarfile.TarInfo("../evil"))
        return file.getvalue()


@pytest.mark.parametrize("body", [b"", tar(), b"PK\x03\x04" + b"\0" * 40], ids=["empty", "tar", "stub"])
def test_a_file_that_is_no_archive_is_refused(other: Store, tmp_path: Path, body: bytes) -> None:
    """Anything but a zip file, a tar file too, is told as such."""
    (tmp_path / "a.zip").write_bytes(body)
    with pytest.raises(SnapshotError, match="not a zip file that can be read"):
        import_archive(other, tmp_path / "a.zip")


def test_a_damaged_archive_is_refused_or_harmless(store: Store, tmp_path: Path) -> None:
    """Whatever four bytes are changed, an import ends with the rows that were sent or with an error that explains."""
    export_archive(store, tmp_path / "a.zip")
    sent, chance = (tmp_path / "a.zip").read_bytes(), random.Random(7)
    for i in range(300):
        text = bytearray(sent)
        for _ in range(4):
            text[chance.randrange(len(text))] = chance.randrange(256)
        (tmp_path / "b.zip").write_bytes(text)
        other = Store(tmp_path / f"other{i}")
        with suppress(SnapshotError):
            import_archive(other, tmp_path / "b.zip")
        assert other.verify().sound
        assert set(other.snapshots()) <= set(store.snapshots())
