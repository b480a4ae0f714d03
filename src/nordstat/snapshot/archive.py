"""Archives: the snapshots a work rests on, as one zip file to pass on, and the safe way back in.

Nothing is ever unpacked to a path that an archive names: only the manifest and blobs with the names of the store
are let in, each checked against its row before the first byte is kept.
"""

from __future__ import annotations

import hashlib
import stat
import zlib
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from nordstat.errors import SnapshotError
from nordstat.model.snapshot import Snapshot
from nordstat.snapshot import blobs, manifest
from nordstat.snapshot.durable import explained, replacing
from nordstat.snapshot.store import Store

LARGEST = 256 * 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 1
_UNIX = 3
_ASK = "Ask whoever sent it for an archive written by export_archive."
# What `zipfile` raises for damaged files: RuntimeError and its NotImplementedError for flags it does not know.
_UNREADABLE = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def export_archive(store: Store, path: Path, *, snapshots: Iterable[Snapshot] | None = None) -> int:
    """Write snapshots to a zip file, the same bytes for the same snapshots, and give their number.

    Parameters
    ----------
    store : Store
        Where they are.
    path : Path
        File to write, which must not be there yet.
    snapshots : iterable of Snapshot, optional
        Which ones; all of the store where left out.

    Raises
    ------
    SnapshotError
        Where a snapshot cannot be read, or the file cannot be written.
    """
    rows = tuple(store.snapshots() if snapshots is None else snapshots)
    if path.exists():
        raise SnapshotError(
            "is already there", where=str(path), hint="Name another file: an archive is never replaced."
        )
    with explained(path, sum(row.size for row in rows)), replacing(path) as file, ZipFile(file, "w") as archive:
        _add(archive, manifest.NAME, manifest.encode(rows))
        for name, row in sorted({blobs.name(row.sha256): row for row in rows}.items()):
            _add(archive, name, store.read(row))
    return len(rows)


def import_archive(store: Store, path: Path, *, wait: float = 0.0) -> int:
    """Take the snapshots of an archive into a store and give the number that is new; all of them or none.

    Parameters
    ----------
    store : Store
        Where they go.
    path : Path
        Zip file that `export_archive` wrote.
    wait : float
        Seconds to wait for another run to finish.

    Raises
    ------
    SnapshotError
        With every entry that is refused, and why.
    LockHeldError
        Where another run holds the lock.
    """
    try:
        with ZipFile(path) as archive:
            rows = _checked(archive, path)
            with store.writing(wait=wait) as writer:
                return writer.adopt(rows, lambda row: archive.read(blobs.name(row.sha256)))
    except _UNREADABLE as error:
        raise SnapshotError(f"not a zip file that can be read: {error}", where=str(path), hint=_ASK) from error


def _add(archive: ZipFile, name: str, body: bytes) -> None:
    entry = ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    archive.writestr(entry, body)


def _checked(archive: ZipFile, path: Path) -> tuple[Snapshot, ...]:
    """Read the rows of an archive whose every entry may be let in."""
    entries = archive.infolist()
    _refuse(path, filter(None, map(_entry_fault, entries)))
    names = [entry.filename for entry in entries]
    _refuse(path, (f"{name!r}: there more than once" for name in sorted(set(names)) if names.count(name) > 1))
    _refuse(path, () if manifest.NAME in names else [f"{manifest.NAME!r}: not there"])
    scan = manifest.parse(archive.read(manifest.NAME), name=f"{path}:{manifest.NAME}")
    _refuse(path, [f"{manifest.NAME!r}: its last row is torn"] if scan.torn else ())
    rows = scan.whole()
    _refuse(path, filter(None, (_row_fault(archive, names, row) for row in rows)))
    strangers = set(names) - {manifest.NAME} - {blobs.name(row.sha256) for row in rows}
    _refuse(path, (f"{name!r}: no row names it" for name in sorted(strangers)))
    return rows


def _entry_fault(entry: ZipInfo) -> str:
    """Tell why an entry may not be let in; empty where it may."""
    name = entry.filename
    if name != manifest.NAME and not blobs.NAME.fullmatch(name):
        return f"{name!r}: not a name of the store"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return f"{name!r}: a symbolic link"
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return f"{name!r}: encrypted, or compressed in a way that is not deflate"
    if entry.file_size > LARGEST:
        return f"{name!r}: {entry.file_size:,} bytes; the most an entry may have is {LARGEST:,}"
    return ""


def _row_fault(archive: ZipFile, names: list[str], row: Snapshot) -> str:
    """Tell why a row does not fit its entry; empty where it does."""
    name = blobs.name(row.sha256)
    if name not in names:
        return f"{name!r}: not there, though a row names it"
    body = archive.read(name)
    if len(body) != row.size or hashlib.sha256(body).hexdigest() != row.sha256:
        return f"{name!r}: not the bytes its row names"
    return ""


def _refuse(path: Path, reasons: Iterable[str]) -> None:
    if lines := [f"\n  - {reason}" for reason in reasons]:
        raise SnapshotError(
            f"{len(lines)} entries refused; nothing was taken in{''.join(lines)}", where=str(path), hint=_ASK
        )
