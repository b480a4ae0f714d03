"""Bringing the cells of a plan: what is there already, what the service gives, and whether it can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np

from nordstat.errors import UnreachableError
from nordstat.model.answer import TableMeta
from nordstat.model.selection import Query
from nordstat.model.snapshot import Receipt, Snapshot
from nordstat.pipeline import drift
from nordstat.pipeline.cells import CellChanges, compare
from nordstat.pipeline.drift import Difference
from nordstat.pipeline.errand import Errand
from nordstat.pipeline.listener import Moment
from nordstat.pipeline.offices import Called
from nordstat.pipeline.shelf import Shelf, Whole, cube_of, seen_again, whole_of
from nordstat.snapshot.writer import Writer
from nordstat.sources import Connection, Plan, fetch

FULL_AFTER = timedelta(days=30)
"""Time after which cells are asked for although the table says it was not updated: only so a silent revision shows."""


class Outcome(StrEnum):
    """What became of a fetch.

    ``touched`` is a table that says it was updated and gives the same numbers; ``stored`` was read from the store.
    """

    NEW = "new"
    CHANGED = "changed"
    TOUCHED = "touched"
    UNCHANGED = "unchanged"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Brought:
    """A selection that is in the store to its end.

    Attributes
    ----------
    outcome : Outcome
        What became of it.
    whole : Whole
        Its receipt.
    changes : CellChanges
        Against the answer before.
    suspicious : tuple of Difference
        What the numbers look like, where somebody has accepted it.
    silent : bool
        Whether numbers changed although the table says it was not updated.
    stored : tuple of Snapshot
        Receipts of what is new in the store.
    before : Whole or None
        What it was compared with.
    missing : int or None
        Cells without a number; ``None`` where they were not looked at.
    """

    outcome: Outcome
    whole: Whole
    changes: CellChanges = field(default_factory=CellChanges)
    suspicious: tuple[Difference, ...] = ()
    silent: bool = False
    stored: tuple[Snapshot, ...] = ()
    before: Whole | None = None
    missing: int | None = None


def bring(
    table: Called, plan: Plan, described: TableMeta, connection: Connection, *, writer: Writer, errand: Errand
) -> Brought:
    """Fetch what a plan asks for, look at it, and keep the receipt of the whole.

    Raises
    ------
    DriftError
        Where the numbers look like another unit, or jump, and nobody has accepted that.
    UnreachableError
        Where the answers are old, or do not belong together.
    SourceError, DecodeError, SnapshotError
        Where they could not be fetched, read or kept.
    """
    query = replace(plan.query, table=table.code)  # what it goes by in the store, whatever the interface calls it
    answers = list(_answers(table, plan, described, connection, writer=writer, errand=errand))
    shelf = Shelf.of(errand.store)
    rows = [answer.snapshot for answer in answers]
    _check_together(rows, table)
    new = cube_of(errand.store, rows, query.asked, title=described.title)
    errand.listener.step(Moment.JOINED)
    before = _before(query, shelf)
    changes = compare(shelf.cube(before), new) if before else CellChanges()
    suspicious = drift.from_cells(changes)
    drift.stop_at(suspicious, table.id, accepted=errand.accept_drift)
    receipt = whole_of(query, rows, described, now=datetime.now(UTC))
    outcome = _outcome(query, before, receipt.updated, changes)
    if before and outcome in (Outcome.TOUCHED, Outcome.UNCHANGED):
        receipt = seen_again(shelf, before, now=receipt.received)
    kept = [*answers, writer.put(receipt)]
    errand.listener.step(Moment.KEPT)
    kept.append(writer.put(described.answer))
    whole = Shelf.of(errand.store).whole(query)
    assert whole is not None  # noqa: S101 - it was kept just now, and the lock is still held
    return Brought(
        outcome,
        whole,
        changes,
        suspicious,
        silent=bool(before and changes.revised and same_instant(before.snapshot.updated, rows[0].updated)),
        stored=tuple(each.snapshot for each in kept if each.stored),
        before=before,
        missing=int(np.isnan(new.values).sum()),
    )


def same_instant(one: str, other: str) -> bool:
    """Tell whether two times are the same instant for sure."""
    first, second = drift.instant(one), drift.instant(other)
    return first is not None and first == second


def _answers(
    table: Called, plan: Plan, described: TableMeta, connection: Connection, *, writer: Writer, errand: Errand
) -> Iterator[Receipt]:
    """Give the answers to a plan: those a fetch that was cut short has left, then those of the service."""
    shelf = Shelf.of(errand.store)
    asked = {query: replace(query, table=table.code) for query in plan.queries}
    left = {query: row for query, ours in asked.items() if (row := _left(ours, described, shelf)) and not errand.full}
    yield from (Receipt(row, stored=False) for row in left.values())
    wanted = [query for query in plan.queries if query not in left]
    if not wanted:
        return
    for answer in fetch(connection, plan, queries=wanted, on_progress=errand.listener.progress):
        if answer.stale:
            what = f"a cache of the service still gives numbers from before {described.updated}"
            raise UnreachableError(
                what, hint="Nothing of it is used. Fetch it again in a few minutes.", **_place(table)
            )
        yield writer.put(replace(answer, table=table.code))
        errand.listener.step(Moment.ANSWERED)


def _left(query: Query, described: TableMeta, shelf: Shelf) -> Snapshot | None:
    found = shelf.answer(query)
    if found is None or found.snapshot.stale or datetime.now(UTC) - found.seen >= FULL_AFTER:
        return None
    return found.snapshot if same_instant(found.snapshot.updated, described.updated) else None


def _check_together(rows: Sequence[Snapshot], table: Called) -> None:
    times = {row.updated for row in rows}
    if len(times) > 1:
        what = f"the table was updated while it was fetched ({' and '.join(sorted(times))})"
        raise UnreachableError(what, hint="Nothing of it is used. Fetch it again.", **_place(table))


def _place(table: Called) -> dict[str, str]:
    return {"service": table.service.name, "table": table.code}


def _before(query: Query, shelf: Shelf) -> Whole | None:
    """Give the selection to compare with: the same one, or else the newest of the table in its own codes."""
    others = (whole for whole in shelf.wholes(query.service, query.table) if not whole.by_codelist)
    return shelf.whole(query) or next(others, None)


def _outcome(query: Query, before: Whole | None, updated: str, changes: CellChanges) -> Outcome:
    if before is None:
        return Outcome.NEW
    if changes.revised or not changes.alike or before.asked != query.asked:
        return Outcome.CHANGED
    return Outcome.UNCHANGED if same_instant(before.snapshot.updated, updated) else Outcome.TOUCHED
