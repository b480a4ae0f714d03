"""Files that are there whole or not at all, whatever happens to the process or the machine."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from nordstat.errors import SnapshotError

LEFT_OVER = ".nordstat-*.tmp"


class Step(StrEnum):
    """The points at which a writer may die."""

    DOWNLOADED = "download done"
    WRITTEN = "temp written"
    FSYNCED = "fsynced"
    RENAMED = "renamed"
    APPENDED = "manifest appended"


OnStep = Callable[[Step], None]


def go_on(step: Step) -> None:
    """Let the writer pass."""


@contextmanager
def replacing(path: Path, *, on_step: OnStep = go_on) -> Iterator[BinaryIO]:
    """Give a file to write to, which becomes ``path`` when the block ends well and vanishes when it does not."""
    temporary = path.with_name(f".nordstat-{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            on_step(Step.WRITTEN)
            os.fsync(file.fileno())
        on_step(Step.FSYNCED)
        temporary.replace(path)
        sync_folder(path.parent)
        on_step(Step.RENAMED)
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, whose names survive a loss of power."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; Windows does so by itself and offers no way to ask."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_links(root: Path, path: Path) -> None:
    """Refuse to write below ``root`` through a symbolic link.

    Raises
    ------
    SnapshotError
        For the first link on the way.
    """
    for part in (*reversed(path.parents), path):
        if part.is_relative_to(root) and part != root and part.is_symlink():
            raise SnapshotError(
                f"a symbolic link to {part.readlink()}, which nordstat does not write through",
                where=str(part),
                hint="Remove the link. To keep the store elsewhere, let NORDSTAT_STORE name the folder itself.",
            )


@contextmanager
def explained(path: Path, size: int) -> Iterator[None]:
    """Turn a failure of the disk into an error that names the path and, where there are any, the bytes."""
    try:
        yield
    except OSError as error:
        what = f"{size:,} bytes could not be written and are not kept" if size else "cannot be written to"
        raise SnapshotError(
            f"{what}: {error.strerror or error}",
            where=str(path),
            hint="Make room or permit writing there, or name another folder with NORDSTAT_STORE; then run again.",
        ) from error
