"""Releases: building one, and opening one."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from nordstat.api.folders import Folders, load
from nordstat.pipeline import build as pipeline
from nordstat.pipeline.executors import executor_of
from nordstat.release.open import OpenRelease, open_release
from nordstat.release.write import write_release
from nordstat.settings import Settings
from nordstat.snapshot.store import Store


def build(
    out: Path | str | None = None, *, version: str = "", executor: str = "serial", mappings: Folders = ()
) -> OpenRelease:
    """Give a release built offline from the snapshots in the store and the bundled evidence.

    Parameters
    ----------
    out : path, optional
        Folder to write; without one a temporary folder that goes with the process.
    version : str, optional
        Version of the release, such as ``2026.1``; without one it is a working release, named after its content.
    executor : str, optional
        Where the tables in the store are read: ``serial``, ``processes:N``, or ``dask:HOST:PORT`` of a scheduler whose
        workers see the store. The release is the same.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    with executor_of(executor) as workers:
        content = pipeline.content(load(mappings), version=version, store=Store.of(Settings.load()), executor=workers)
    if out is not None:
        return open_release(write_release(content, Path(out)))
    folder = Path(tempfile.mkdtemp(prefix="nordstat-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return open_release(write_release(content, folder / "release"))


def open(path: Path | str) -> OpenRelease:  # noqa: A001 - ns.open() reads as the builtin does
    """Give a release to read, verify, cite and compare.

    Parameters
    ----------
    path : path
        Folder or zip file of a release.

    Raises
    ------
    ReleaseError
        Where no release lies there, or one of a later layout.
    """
    return open_release(path)
