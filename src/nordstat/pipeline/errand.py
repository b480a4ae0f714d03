"""What a fetch is sent out with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from nordstat.mapping.check import Mappings
from nordstat.pipeline.listener import Listener
from nordstat.pipeline.offices import Offices
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.snapshot.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a fetch is sent out with.

    Attributes
    ----------
    store : Store
        Where answers go.
    mappings : Mappings
        In force.
    settings : Settings
        In force.
    offices : Offices
        Open connections.
    writing : callable
        Gives the writer of the store, for a ``with`` block.
    listener : Listener
        Whom to tell.
    api : str
        Interface wanted; empty for the one a table is best asked through.
    accept_drift : bool
        Whether a table that no longer looks as described is taken as it is.
    full : bool
        Whether to ask for the cells although the table says that it was not updated.
    """

    store: Store
    mappings: Mappings
    settings: Settings
    offices: Offices
    writing: Callable[[], AbstractContextManager[Writer]]
    listener: Listener = field(default_factory=Listener)
    api: str = ""
    accept_drift: bool = False
    full: bool = False
