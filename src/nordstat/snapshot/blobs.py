"""Blobs: decoded answers, each named by its sha256."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from nordstat.snapshot.durable import LEFT_OVER, OnStep, explained, go_on, make_folder, refuse_links, replacing

FOLDER = "blobs"
QUARANTINE = "quarantine"
NAME = re.compile(r"blobs/([0-9a-f]{2})/([0-9a-f]{62})")


def name(sha256: str) -> str:
    """Give the path of a blob inside a store."""
    return f"{FOLDER}/{sha256[:2]}/{sha256[2:]}"


def intact(path: Path) -> bool:
    """Tell whether a blob still is what its name says."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == path.parent.name + path.name


def keep(root: Path, body: bytes, *, on_step: OnStep = go_on) -> bool:
    """Store bytes under their sha256 and tell whether they are new; only for the holder of the lock.

    Raises
    ------
    SnapshotError
        Where the disk does not take them, or a link is in the way.
    """
    path = root / name(hashlib.sha256(body).hexdigest())
    refuse_links(root, path)
    if path.exists() and not set_aside(root, path):
        return False
    with explained(path, len(body)):
        make_folder(path.parent)
        with replacing(path, on_step=on_step) as file:
            file.write(body)
    return True


def set_aside(root: Path, path: Path) -> Path | None:
    """Move an altered blob into quarantine and give its place there; an intact one stays, and gives ``None``.

    Only for the holder of the lock: what another run has mended meanwhile must not be moved.
    """
    aside = root / QUARANTINE / f"{path.parent.name}{path.name}.{secrets.token_hex(4)}"
    refuse_links(root, aside)
    with explained(aside, path.stat().st_size):
        if intact(path):
            return None
        make_folder(aside.parent)
        return path.replace(aside)


def files(root: Path) -> Iterator[Path]:
    """Walk over everything in the blobs folder that is not a folder."""
    return (path for path in sorted((root / FOLDER).rglob("*")) if path.is_symlink() or not path.is_dir())


def left_over(root: Path) -> tuple[Path, ...]:
    """Give the temporary files of killed writers."""
    return (*sorted(root.glob(LEFT_OVER)), *sorted((root / FOLDER).glob(f"*/{LEFT_OVER}")))
