"""Putting a folder in its place: readers see the old one or the new one, never a mixture.

The new folder is built beside the old one, flushed to the disk, and exchanged with it in one step where the system
can (Linux). Elsewhere two renames follow each other; a run that died between them is repaired by the next one.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from nordstat.errors import LockHeldError, ReleaseError

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """Give an empty folder beside ``out`` to build in; it is gone afterwards, whatever happens.

    Raises
    ------
    LockHeldError
        While another run builds the same release.
    ReleaseError
        Where nothing can be written, for example on a full disk.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(_beside(out, "lock"), timeout=0):
            restore(out)
            folder = _beside(out, "building")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        raise LockHeldError(f"another run is writing {out.name}", where=str(out), hint="Wait until it ends.") from None
    except OSError as error:
        free = shutil.disk_usage(out.parent if out.parent.is_dir() else Path.cwd()).free
        raise ReleaseError(
            f"cannot be written: {error.strerror or error}",
            where=str(error.filename or out),
            hint=f"What was there before is untouched; the disk has {free:,} bytes left.",
        ) from error


def put(folder: Path, out: Path) -> None:
    """Make a built folder the one at ``out``; what was there before goes."""
    flush(folder)
    if not out.exists():
        folder.rename(out)
    elif not _exchange(folder, out):
        out.rename(_beside(out, "before"))
        try:
            folder.rename(out)
        except OSError:
            restore(out)
            raise
        shutil.rmtree(_beside(out, "before"))
    _sync(out.parent)


def restore(out: Path) -> None:
    """Bring back a folder that a run had moved aside when it died; clear one it had replaced."""
    before = _beside(out, "before")
    if before.is_dir() and not out.exists():
        before.rename(out)
    elif before.is_dir():
        shutil.rmtree(before)


def flush(folder: Path) -> None:
    """Force a folder's files to the disk, so that a power cut cannot leave them empty."""
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _beside(out: Path, word: str) -> Path:
    return out.with_name(f".{out.name}.{word}")


def _sync(path: Path) -> None:
    if sys.platform == "win32":
        return  # Windows opens no folder, and flushes a file only through a handle that may write
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; tell whether the system could."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    return bool(call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
