"""From the services into the store, and from the store as a cube."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from nordstat.api.folders import Folders
from nordstat.model.cube import Cube
from nordstat.model.selection import Selection
from nordstat.pipeline.fetch import fetch_once
from nordstat.pipeline.listener import Listener
from nordstat.pipeline.shelf import Shelf
from nordstat.settings import Settings
from nordstat.snapshot.store import Store

_LOG = logging.getLogger("nordstat")


def fetch(
    table: str,
    /,
    *,
    settings: Settings | None = None,
    mappings: Folders = (),
    **variables: str | Sequence[str],
) -> Cube:
    """Give a part of a table, fetched where it changed, and kept in the snapshot store.

    Parameters
    ----------
    table : str
        Office and table, such as ``SSB:03321``.
    settings : Settings, optional
        Store, addresses and whether the network may be used; from the environment where not given.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    **variables : str or sequence of str
        Variable = codes, or expressions such as ``top(3)``; a variable not named is taken whole. Write
        ``**{"Region:agg_KommFylker": ["F-03"]}`` for a code list of the service.

    Returns
    -------
    Cube
        In the order of the table, joined where it took several requests.

    Raises
    ------
    DriftError
        Where the table no longer looks as it was described.
    OfflineError
        Where the network is switched off and the store does not have it.
    SourceError, DecodeError, SnapshotError, LockHeldError
        Where it could not be fetched, read or kept.
    """
    settings = settings or Settings.load(mappings=tuple(map(Path, mappings)))
    found = fetch_once(
        table, Selection.of(variables), settings=settings, listener=Listener(say=_LOG.info, warn=_LOG.warning)
    )
    return Shelf.of(Store.of(settings)).cube(found.brought.whole)
