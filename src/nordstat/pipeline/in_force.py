"""The mappings in force, kept by a process for as long as none of their files changes.

A program that fetches in a loop, or in many threads, would else read them anew for every table: a third of a second
and 15 MB each time, many times what the answer itself takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers

_ONE_READS = Lock()


def mappings_in_force(extra: Iterable[Path] = ()) -> Mappings:
    """Give what the shipped mappings and a user's own folders say; errors as of `load_mappings` and `layers`."""
    folders = layers(extra)
    with _ONE_READS:
        return _read(folders, tuple(map(_stamp, folders)))


@lru_cache(maxsize=1)
def _read(folders: tuple[Path, ...], _: tuple[frozenset[tuple[str, int, int]], ...]) -> Mappings:
    return load_mappings(folders)


def _stamp(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Give name, time and size of every file of a folder: another file, or another one of them, is another stamp."""
    found = ((path, path.stat()) for path in folder.rglob("*"))
    return frozenset((str(path), state.st_mtime_ns, state.st_size) for path, state in found)
