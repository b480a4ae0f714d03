"""The lock of the store: one writer at a time, and a loser that learns who the winner is.

The operating system frees the lock when its holder dies, however it dies. Where a network file system keeps locks
to one host, the holder's signature still stops a second host; the signature of a run that died there lapses after
`LAPSE`, or when ``holder.json`` and ``lock`` are deleted.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nordstat.errors import LockHeldError
from nordstat.snapshot.durable import explained, make_folder, refuse_links, replacing

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK = "lock"
HOLDER = "holder.json"
LAPSE = timedelta(days=1)
_WAIT = (
    "Wait until it is done (NORDSTAT_WAIT=60 does so for a minute), or end that process: the lock is free as soon as "
    "its holder is gone."
)
_ELSEWHERE = (
    "Wait until it is done. If that run has died, delete holder.json and lock in the store's folder; "
    "a signature lapses by itself after a day."
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds the lock.

    Attributes
    ----------
    pid, host : int, str
        The process and its machine.
    since : datetime
        When it took the lock, in UTC.
    """

    pid: int
    host: str
    since: datetime

    @property
    def bars(self) -> bool:
        """Whether it may be at work on another host, where this host's lock does not reach."""
        return self.host != platform.node() and datetime.now(UTC) - self.since < LAPSE


@contextmanager
def hold(folder: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of a folder for as long as the block lasts.

    Parameters
    ----------
    folder : Path
        Store to lock.
    wait : float
        Seconds to wait for another holder to finish.

    Raises
    ------
    LockHeldError
        Where another run holds it, with its process, host and age.
    """
    signature = folder / HOLDER
    with explained(signature, 0), ExitStack() as undo:
        make_folder(folder)
        refuse_links(folder, folder / LOCK)
        refuse_links(folder, signature)
        undo.callback(_acquire(folder / LOCK, signature, wait).release)
        if (other := _holder(signature)) and other.bars:
            raise _held(signature, other)
        _sign(signature)
        undo.callback(signature.unlink, missing_ok=True)
        release = undo.pop_all()
    with release:
        yield


def _acquire(path: Path, signature: Path, wait: float) -> BaseFileLock:
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise _held(signature, _holder(signature)) from None
    return lock


def _sign(signature: Path) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with replacing(signature) as file:
        file.write(json.dumps({"pid": os.getpid(), "host": platform.node(), "since": now}).encode())


def _holder(signature: Path) -> Holder | None:
    """Read who holds the lock; ``None`` where nobody has signed legibly."""
    try:
        signed = json.loads(signature.read_bytes())
        since = datetime.fromisoformat(signed["since"]).astimezone(UTC)
        return Holder(int(signed["pid"]), str(signed["host"]), since)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _held(signature: Path, holder: Holder | None) -> LockHeldError:
    if holder is None:
        return LockHeldError("another run holds the lock and has not signed yet", where=str(signature), hint=_WAIT)
    age = timedelta(seconds=round((datetime.now(UTC) - holder.since).total_seconds()))
    return LockHeldError(
        f"another run holds the lock: process {holder.pid} on {holder.host}, for {age} (h:mm:ss)",
        pid=holder.pid,
        host=holder.host,
        since=holder.since,
        where=str(signature),
        hint=_ELSEWHERE if holder.bars else _WAIT,
    )
