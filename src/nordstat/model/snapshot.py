"""Snapshots: the receipt of one answer of a service, and what a store knows about it."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from nordstat.errors import SnapshotError
from nordstat.model.answer import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The receipt of one answer: what was asked, when, and which bytes came.

    Attributes
    ----------
    service, table, api : str
        Who answered, about which table, through which interface.
    query, query_hash : str
        What was asked, as canonical JSON, and its sha256.
    url : str
        Address that answered.
    retrieved : datetime
        When the answer came, in UTC.
    updated : str
        When the source says it was updated, as the source wrote it.
    sha256, size : str, int
        Checksum and length of the decoded bytes.
    content_type, licence : str
        What the bytes are, and the terms they come under.
    stale : bool
        Whether a cache of the service gave data older than its own metadata.
    library : str
        Version of nordstat that kept them.
    """

    service: str
    table: str
    api: str
    query: str
    query_hash: str
    url: str
    retrieved: datetime
    updated: str
    sha256: str
    size: int
    content_type: str
    licence: str
    stale: bool
    library: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two receipts answers to the same question."""
        return self.service, self.table, self.query_hash

    @property
    def command(self) -> str:
        """The command that would fetch it again."""
        return fetch_command(self.service, self.table, self.query)

    def __str__(self) -> str:
        return f"{self.service}:{self.table} of {self.retrieved:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Vintage:
    """An answer and the time over which the source kept giving it.

    Attributes
    ----------
    snapshot : Snapshot
        Receipt of the first time.
    seen : datetime
        The last time the same answer came, in UTC.
    """

    snapshot: Snapshot
    seen: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an answer that was handed to the store.

    Attributes
    ----------
    snapshot : Snapshot
        The vintage the answer belongs to.
    stored : bool
        Whether anything new was stored; an answer seen before is only noted as seen again.
    """

    snapshot: Snapshot
    stored: bool


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What a check of the whole store found.

    Attributes
    ----------
    rows, blobs : int
        Manifest rows and stored answers that were read.
    faults : tuple of SnapshotError
        What is wrong, each with its place and the way out.
    notes : tuple of str
        What a killed run left behind: harmless, and tidied by the next writer.
    """

    rows: int
    blobs: int
    faults: tuple[SnapshotError, ...]
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def canonical(query: Asked) -> str:
    """Give a query as canonical JSON: sorted keys, no blanks, codes in the order asked.

    Examples
    --------
    >>> canonical({"Tid": ("2022",), "Region": ("3003", "3001")})
    '{"Region":["3003","3001"],"Tid":["2022"]}'
    """
    return json.dumps(query, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """Give the sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def vintages(snapshots: Iterable[Snapshot]) -> tuple[Vintage, ...]:
    """Give the vintages behind the receipts of one query, oldest first.

    A vintage ends when other bytes come, or the same bytes under another ``updated`` or no longer ``stale``.
    """
    ordered = sorted(snapshots, key=attrgetter("retrieved"))
    runs = (tuple(run) for _, run in groupby(ordered, key=attrgetter("sha256", "updated", "stale")))
    return tuple(Vintage(run[0], run[-1].retrieved) for run in runs)


def fetch_command(service: str, table: str, query: str) -> str:
    """Give the command that fetches a query written as canonical JSON.

    Examples
    --------
    >>> fetch_command("SSB", "03321", '{"Tid":["2021","2022"]}')
    'nordstat fetch SSB:03321 Tid=2021,2022'
    """
    asked = json.loads(query)
    selection = asked.items() if isinstance(asked, Mapping) else ()
    words = [f"{name}={','.join(codes)}" for name, codes in selection if isinstance(codes, list)]
    return shlex.join(["nordstat", "fetch", f"{service}:{table}", *words])
