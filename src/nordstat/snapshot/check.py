"""The check of a whole store: every row, every blob, and everything that does not belong there."""

from __future__ import annotations

from pathlib import Path

from nordstat.errors import ChecksumMismatchError, SnapshotError, SnapshotMissingError
from nordstat.model.snapshot import Snapshot, StoreCheck
from nordstat.snapshot import blobs, manifest


def check(root: Path) -> StoreCheck:
    """Check a store and collect what is wrong; nothing is changed.

    Raises
    ------
    SnapshotError
        For a store of a newer nordstat.
    """
    scan = manifest.read(root)
    left_over = blobs.left_over(root)
    kept = {path: _blob_fault(root, path) for path in blobs.files(root) if path not in left_over}
    named = {(root / blobs.name(row.sha256), row.size): row for row in scan.rows}
    rows = (_row_fault(path, row) for (path, _), row in named.items() if not kept.get(path))
    orphans = [path for path, fault in kept.items() if not fault and path not in {path for path, _ in named}]
    notes = (
        *([f"{manifest.NAME}: {scan.torn} bytes of a row that was never finished"] if scan.torn else []),
        *(f"{path.relative_to(root).as_posix()}: a temporary file of a killed run" for path in left_over),
        *(f"{path.relative_to(root).as_posix()}: whole, but no row names it" for path in orphans),
    )
    faults = (*scan.faults, *filter(None, kept.values()), *filter(None, rows))
    return StoreCheck(len(scan.rows), len(kept), faults, notes)


def _blob_fault(root: Path, path: Path) -> SnapshotError | None:
    """Tell what is wrong with a file among the blobs."""
    if path.is_symlink():
        return SnapshotError("a symbolic link; nordstat makes none", where=str(path), hint="Remove it.")
    if not blobs.NAME.fullmatch(path.relative_to(root).as_posix()):
        return SnapshotError("not a file of nordstat", where=str(path), hint="Move it elsewhere.")
    again = "Fetch its table again: the altered file is then set aside, and the right one takes its place."
    try:
        whole = blobs.intact(path)
    except OSError as error:
        return SnapshotError(f"cannot be read: {error.strerror}", where=str(path), hint=again)
    if whole:
        return None
    what = f"{path.stat().st_size:,} bytes that are not what the name says"
    return ChecksumMismatchError(what, where=str(path), hint=again)


def _row_fault(path: Path, row: Snapshot) -> SnapshotError | None:
    """Tell whether a row speaks of a file that is not there, or not of that size."""
    if not path.exists():
        return SnapshotMissingError(
            f"the answer of {row.retrieved.isoformat()} is gone: there is no {path}",
            service=row.service,
            table=row.table,
            query=row.query,
            hint=f"Fetch it again: {row.command}",
        )
    if (size := path.stat().st_size) != row.size:
        what = f"{row} has {row.size:,} bytes in the manifest and {size:,} on the disk"
        return ChecksumMismatchError(what, where=str(path), hint=f"Fetch it again: {row.command}")
    return None
