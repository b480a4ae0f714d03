"""The snapshot store: answers kept by their checksum, found again by what was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nordstat.errors import ChecksumMismatchError, LockHeldError, SnapshotError, SnapshotMissingError
from nordstat.model.answer import Asked
from nordstat.model.snapshot import Snapshot, StoreCheck, Vintage, canonical, digest, fetch_command, vintages
from nordstat.settings import Settings
from nordstat.snapshot import blobs, manifest
from nordstat.snapshot.check import check
from nordstat.snapshot.durable import OnStep, go_on
from nordstat.snapshot.lock import hold
from nordstat.snapshot.writer import Writer, writing

FOLDER = "snapshots"
FEW = 3
SHORT = 120


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of snapshots; reading it makes nothing and locks nothing.

    Attributes
    ----------
    root : Path
        The folder, which need not be there yet.
    """

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> Store:
        """Give the store in force: that of the settings, else the one in the platform's data folder."""
        if settings.store is not None:
            return cls(settings.store.expanduser().absolute())
        from platformdirs import user_data_path

        return cls(user_data_path("nordstat", appauthor=False) / FOLDER)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Give the receipts of all answers, in the order they were kept.

        Raises
        ------
        SnapshotError
            For a manifest with faulty rows, or one of a newer nordstat.
        """
        return manifest.read(self.root).whole()

    def vintages(self, service: str, table: str, *, query: Asked) -> tuple[Vintage, ...]:
        """Give the vintages of a query, oldest first; an empty tuple where it was never asked."""
        key = (service, table, digest(canonical(query)))
        return vintages(row for row in self.snapshots() if row.key == key)

    def latest(self, service: str, table: str, *, query: Asked) -> Snapshot:
        """Give the newest vintage of a query.

        Raises
        ------
        SnapshotMissingError
            Where there is none, with what there is and the command that would fetch it.
        """
        if found := self.vintages(service, table, query=query):
            return found[-1].snapshot
        raise self._missing(service, table, canonical(query))

    def as_of(self, service: str, table: str, *, query: Asked, moment: datetime) -> Snapshot:
        """Give the vintage of a query that was the newest known at a moment, which must name its time zone.

        Raises
        ------
        SnapshotMissingError
            Where none had been fetched by then.
        """
        found = self.vintages(service, table, query=query)
        for vintage in reversed(found):
            if vintage.snapshot.retrieved <= moment:
                return vintage.snapshot
        if not found:
            raise self._missing(service, table, canonical(query))
        raise SnapshotMissingError(
            f"no snapshot as of {moment.isoformat()}; the first is of {found[0].snapshot.retrieved.isoformat()}",
            service=service,
            table=table,
            query=canonical(query),
            hint="Ask for a later moment: what a source said before the first fetch is not known.",
        )

    def read(self, snapshot: Snapshot) -> bytes:
        """Give the bytes of a snapshot, checked against its checksum.

        Raises
        ------
        SnapshotMissingError
            Where the file is gone.
        ChecksumMismatchError
            Where the file was altered; it is set aside in quarantine, unless another run holds the lock.
        """
        path = self.root / blobs.name(snapshot.sha256)
        again = f"Fetch it again: {snapshot.command}"
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise SnapshotMissingError(
                f"the answer of {snapshot.retrieved.isoformat()} is in the manifest, but there is no {path}",
                service=snapshot.service,
                table=snapshot.table,
                query=snapshot.query,
                hint=again,
            ) from None
        except OSError as error:
            raise SnapshotError(f"cannot be read: {error.strerror}", where=str(path), hint=again) from error
        if hashlib.sha256(body).hexdigest() != snapshot.sha256:
            raise ChecksumMismatchError(
                f"the stored bytes of {snapshot} are no longer the {snapshot.size:,} bytes that were fetched",
                where=str(path),
                hint=f"{self._set_aside(path)} {again}",
            )
        return body

    def verify(self) -> StoreCheck:
        """Check every row and every blob, and collect what is wrong; nothing is changed.

        Raises
        ------
        SnapshotError
            For a store of a newer nordstat.
        """
        return check(self.root)

    def writing(self, *, wait: float = 0.0, on_step: OnStep = go_on) -> AbstractContextManager[Writer]:
        """Give the writer of the store, for a ``with`` block that holds its lock; see `writing`."""
        return writing(self.root, wait=wait, on_step=on_step)

    def _missing(self, service: str, table: str, query: str) -> SnapshotMissingError:
        rows = self.snapshots()
        queries = sorted({row.query for row in rows if (row.service, row.table) == (service, table)})
        tables = sorted({f"{row.service}:{row.table}" for row in rows})
        there = f"of this table it has {_few(queries)}" if queries else f"it has {_few(tables) or 'nothing yet'}"
        return SnapshotMissingError(
            f"the store {self.root} has no answer to {_short(query)}; {there}",
            service=service,
            table=table,
            query=query,
            hint=f"Fetch it: {fetch_command(service, table, query)}",
        )

    def _set_aside(self, path: Path) -> str:
        """Put an altered blob out of the way and say what became of it."""
        try:
            with hold(self.root):
                aside = blobs.set_aside(self.root, path)
        except (LockHeldError, SnapshotError) as error:
            return f"The file stays where it is: {error.what}."
        return f"The altered file is now {aside}." if aside else "Another run has mended it meanwhile."


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(map(_short, names[:FEW])) + more


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]} ..."
