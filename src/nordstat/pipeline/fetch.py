"""The order of a fetch: metadata, what changed, plan, answers, what they say, receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from math import ceil

from nordstat.errors import OfflineError
from nordstat.model.answer import TableMeta
from nordstat.model.selection import Query, Selection, resolve
from nordstat.model.table import Verification
from nordstat.pipeline import drift
from nordstat.pipeline.bringing import FULL_AFTER, Brought, Outcome, bring
from nordstat.pipeline.drift import Difference
from nordstat.pipeline.errand import Errand
from nordstat.pipeline.in_force import mappings_in_force
from nordstat.pipeline.listener import Listener, Moment
from nordstat.pipeline.offices import Called, Offices, find_table
from nordstat.pipeline.shelf import Shelf, Whole
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.sources import Connection, Plan, Tally
from nordstat.sources.wire import WORKERS

Wanted = Selection | Callable[[TableMeta, Called], Selection]
"""What is asked of a table, or the function that says so once the table is described."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch brought.

    Attributes
    ----------
    table : Called
        The table.
    described : TableMeta
        The table as its metadata describe it.
    brought : Brought
        The whole, and what became of it.
    differences : tuple of Difference
        Where the table is not what it was said to be, all of which were let pass.
    cost : Tally
        What it cost the service.
    """

    table: Called
    described: TableMeta
    brought: Brought
    differences: tuple[Difference, ...] = ()
    cost: Tally = field(default_factory=Tally)


def fetch_once(
    id: str,
    wanted: Wanted,
    *,
    settings: Settings,
    listener: Listener,
    api: str = "",
    accept_drift: bool = False,
    full: bool = False,
) -> Fetched:
    """Give a selection of one table, by the settings and mappings in force; as `fetch_table`, which it calls."""
    mappings = mappings_in_force(settings.mappings)
    for words in cautions(find_table(id, mappings, settings, api=api), datetime.now(UTC)):
        listener.warn(words)
    store = Store.of(settings)
    with Offices(settings) as offices:
        errand = Errand(
            store=store,
            mappings=mappings,
            settings=settings,
            offices=offices,
            writing=partial(store.writing, wait=settings.wait, on_step=listener.step),
            listener=listener,
            api=api,
            accept_drift=accept_drift,
            full=full,
        )
        return fetch_table(id, wanted, errand)


def fetch_table(id: str, wanted: Wanted, errand: Errand) -> Fetched:
    """Give a selection of a table, fetched where it changed, and kept.

    Parameters
    ----------
    id : str
        ``SSB:03321``.
    wanted : Selection or callable
        What is asked.
    errand : Errand
        What the fetch is sent out with.

    Raises
    ------
    DriftError
        Where the table no longer looks as it was described, and nobody has accepted that.
    OfflineError
        Where the network is switched off and the store does not have it.
    SourceError, DecodeError, SnapshotError, LockHeldError
        Where it could not be fetched, read or kept.
    """
    table = find_table(id, errand.mappings, errand.settings, api=errand.api)
    shelf = Shelf.of(errand.store)
    if errand.settings.offline:
        return _from_store(table, wanted, shelf)
    spent = errand.offices.run.tally
    connection = errand.offices.connection(table)
    described = connection.table(table.name)
    described = replace(described, answer=replace(described.answer, table=table.code))
    errand.listener.step(Moment.DESCRIBED)
    differences = _differences(table, described, shelf, errand)
    query = connection.resolve(_selection(wanted, described, table), described)
    if held := _held(replace(query, table=table.code), described, shelf, errand):
        brought = Brought(Outcome.UNCHANGED, held, before=held)
    else:
        plan = connection.plan(query, described)
        errand.listener.say(estimate(plan, connection))
        errand.listener.step(Moment.PLANNED)
        with errand.writing() as writer:
            if others := _brought_meanwhile(replace(query, table=table.code), described, errand):
                brought = Brought(Outcome.UNCHANGED, others, before=others)
            else:
                brought = bring(table, plan, described, connection, writer=writer, errand=errand)
    return Fetched(
        table=table,
        described=described,
        brought=brought,
        differences=(*differences, *brought.suspicious),
        cost=errand.offices.run.tally - spent,
    )


def estimate(plan: Plan, connection: Connection) -> str:
    """Give a plan in one line: cells, requests, and about how long they take at the pace the service allows."""
    pace, number = connection.terms().pace, len(plan.blocks)
    seconds = (number - 1) // pace.calls * pace.window + ceil(number / WORKERS)  # at a second an answer
    return f"{plan}, about {seconds:,.0f} s"


def cautions(table: Called, now: datetime) -> Iterator[str]:
    """Give what to bear in mind before a table is fetched: how it is known, and whether the office is publishing."""
    if table.spec is None:
        yield f"{table.id} is not described in the mappings: its answers are kept as they are"
    elif table.spec.verified is Verification.UNVERIFIED:
        yield f"{table.id} is unverified: {table.spec.evidence}"
    if quiet := table.service.quiet_at(now):
        yield f"{table.service.name}: {quiet}"


def _differences(table: Called, now: TableMeta, shelf: Shelf, errand: Errand) -> tuple[Difference, ...]:
    """Give where a table is not what it was said to be; stop where that matters and is new."""
    spec, mappings = table.spec, errand.mappings
    before = _described_before(table, shelf)
    found = drift.from_spec(now, spec, mappings) if spec else ()
    known = drift.from_spec(before, spec, mappings) if spec and before else ()
    if before:
        found = (*found, *drift.since(before, now, breaks=spec.breaks if spec else ()))
    drift.stop_at(found, table.id, accepted=errand.accept_drift, known=known)
    return found


def _held(query: Query, now: TableMeta, shelf: Shelf, errand: Errand) -> Whole | None:
    """Give the whole in the store that is what the service would give, by all it says; ``None`` where none is."""
    whole = shelf.whole(query)
    answer = now.answer
    language = str(answer.query).partition("lang=")[2]
    kept = shelf.metadata(query.service, query.table, language=language, api=answer.api)
    if errand.full or whole is None or kept is None or drift.instant(now.updated) is None:
        return None
    same = kept.snapshot.sha256 == hashlib.sha256(answer.body).hexdigest()
    described_first = kept.snapshot.retrieved <= whole.seen
    return whole if same and described_first and datetime.now(UTC) - whole.seen < FULL_AFTER else None


def _brought_meanwhile(query: Query, now: TableMeta, errand: Errand) -> Whole | None:
    """Give the whole that another run has brought while this one waited for the lock; ``None`` where none has."""
    whole = Shelf.of(errand.store).whole(query)
    if errand.full or whole is None or whole.seen <= now.answer.received:
        return None
    theirs, ours = drift.instant(whole.snapshot.updated), drift.instant(now.updated)
    return whole if theirs and ours and theirs >= ours else None


def _from_store(table: Called, wanted: Wanted, shelf: Shelf) -> Fetched:
    described = _described_before(table, shelf)
    if described is None:
        what = (
            f"{table.id} is not in the store, and the network is switched off; its metadata would have been asked for"
        )
        raise OfflineError(what, hint=_switch_on(table))
    query = resolve(_selection(wanted, described, table), described, codelists={})
    if (whole := shelf.whole(query)) is None:
        plan = Plan.of(query, table.service.interfaces[table.api].terms)
        what = (
            f"this part of the table is not in the store, and the network is switched off; asked for would be\n  {plan}"
        )
        raise OfflineError(what, where=table.id, hint=_switch_on(table))
    return Fetched(table=table, described=described, brought=Brought(Outcome.STORED, whole))


def _described_before(table: Called, shelf: Shelf) -> TableMeta | None:
    """Give a table as its newest metadata in the store describe it."""
    language = table.service.languages[0]
    kept = shelf.metadata(table.service.name, table.code, language=language, api=table.api)
    return shelf.describe(kept.snapshot, table.service, language) if kept else None


def _switch_on(table: Called) -> str:
    address = table.service.interfaces[table.api].address.replace("{language}", table.service.languages[0])
    return f"Run it without --offline to ask {address}, or take the store of a machine that has it."


def _selection(wanted: Wanted, described: TableMeta, table: Called) -> Selection:
    return wanted if isinstance(wanted, Selection) else wanted(described, table)
