"""The writer of the snapshot store: what a run that holds the lock puts its answers into."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from nordstat.errors import SnapshotError
from nordstat.model.answer import Answer
from nordstat.model.snapshot import Receipt, Snapshot, canonical, digest, vintages
from nordstat.snapshot import blobs, manifest
from nordstat.snapshot.durable import OnStep, Step, explained, go_on, refuse_links
from nordstat.snapshot.lock import hold


@contextmanager
def writing(root: Path, *, wait: float = 0.0, on_step: OnStep = go_on) -> Iterator[Writer]:
    """Hold the lock of a store, tidy up after a killed run, and give its writer.

    Parameters
    ----------
    root : Path
        Folder of the store; made where it is not there.
    wait : float
        Seconds to wait for another run to finish.
    on_step : callable
        Called at every `Step` of a write.

    Raises
    ------
    LockHeldError
        Where another run holds the lock.
    SnapshotError
        For a store that cannot be written to, or one of a newer nordstat.
    """
    with hold(root, wait=wait):
        manifest.repair(root)
        _sweep(root)
        yield Writer(root, manifest.read(root).whole(), on_step=on_step)


class Writer:
    """The one writer of a store; several threads may share it.

    Parameters
    ----------
    root : Path
        Folder of the store, whose lock is held.
    rows : iterable of Snapshot
        What its manifest holds.
    on_step : callable
        Called at every `Step` of a write.
    """

    def __init__(self, root: Path, rows: Iterable[Snapshot], *, on_step: OnStep = go_on) -> None:
        self.root = root
        self._on_step = on_step
        self._turn = Lock()
        self._answers: defaultdict[tuple[str, str, str], list[Snapshot]] = defaultdict(list)
        for row in rows:
            self._answers[row.key].append(row)

    def put(self, answer: Answer) -> Receipt:
        """Keep an answer and give its receipt.

        An answer that is the same as the newest one is noted as seen again: no bytes are stored for it.

        Parameters
        ----------
        answer : Answer
            What the service sent.

        Raises
        ------
        SnapshotError
            Where the answer is empty or the disk does not take it.
        """
        self._on_step(Step.DOWNLOADED)
        row = _row(answer)
        with self._turn:
            new = blobs.keep(self.root, answer.body, on_step=self._on_step)
            manifest.append(self.root, [row])
            self._on_step(Step.APPENDED)
            self._answers[row.key].append(row)
            newest = vintages(self._answers[row.key])[-1].snapshot
        return Receipt(newest, stored=new or newest is row)

    def adopt(self, rows: Iterable[Snapshot], read: Callable[[Snapshot], bytes]) -> int:
        """Take over the receipts of another store with their bytes, and give the number that is new.

        Parameters
        ----------
        rows : iterable of Snapshot
            The receipts.
        read : callable
            Gives the bytes of one, which the caller has checked.
        """
        with self._turn:
            adopted = tuple(dict.fromkeys(rows))
            for row in adopted:
                blobs.keep(self.root, read(row), on_step=self._on_step)
            new = [row for row in adopted if row not in self._answers[row.key]]
            manifest.append(self.root, new)
            for row in new:
                self._answers[row.key].append(row)
        return len(new)


def _row(answer: Answer) -> Snapshot:
    if not answer.body:
        raise SnapshotError("an empty answer is not kept", where=answer.url, hint="Fetch it again.")
    query = canonical(answer.query)
    return Snapshot(
        service=answer.service,
        table=answer.table,
        api=answer.api,
        query=query,
        query_hash=digest(query),
        url=answer.url,
        retrieved=answer.received.astimezone(UTC),
        updated=answer.updated,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        size=len(answer.body),
        content_type=answer.content_type,
        licence=answer.licence,
        stale=answer.stale,
        library=version("nordstat"),
    )


def _sweep(root: Path) -> None:
    """Delete the temporary files of killed writers: with the lock held, no living writer has any."""
    for path in blobs.left_over(root):
        refuse_links(root, path)
        with explained(path, 0):
            path.unlink()
