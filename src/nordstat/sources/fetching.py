"""Fetching: the answers to a plan, several requests under way at once, given in cube order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime

from nordstat.errors import UnreachableError
from nordstat.model.answer import Answer
from nordstat.model.selection import Query
from nordstat.sources.connection import Connection
from nordstat.sources.plan import Plan, Progress
from nordstat.sources.wire import WORKERS

Part = tuple[Query, Answer]
_AWAKE = 0.5


def fetch(
    connection: Connection,
    plan: Plan,
    *,
    queries: Sequence[Query] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Answer]:
    """Give the answers to a plan as they come, in cube order; one fetch at a time on a connection.

    Answers from before the table's last update, which a cache of the service may give (PxWebApi keeps one for 300 s),
    are asked for once more when all others are there. They come last, and are marked `stale` if they still are old.

    Parameters
    ----------
    connection : Connection
        The way to the service.
    plan : Plan
        What to ask for.
    queries : sequence of Query, optional
        The part of it that is still wanted.
    on_progress : callable, optional
        Told after every answer.

    Raises
    ------
    UnreachableError
        Also where the table was updated between two answers, which then do not belong together.
    """
    wanted = plan.queries if queries is None else tuple(queries)
    planned = sum(query.cells for query in wanted)
    before = connection.wire.run.tally
    times: set[str] = set()
    done = cells = 0
    for query, answer in _settled(connection, wanted, plan.updated):
        done, cells = done + 1, cells + query.cells
        if on_progress:
            cost = connection.wire.run.tally - before
            on_progress(Progress(done, max(done, len(wanted)), cells, planned, cost))
        if not answer.stale:
            times.add(answer.updated)
        yield answer
    if len(times) > 1:
        what = f"the table was updated while it was fetched ({' and '.join(sorted(times))})"
        place = {"service": plan.query.service, "table": plan.query.table}
        raise UnreachableError(what, hint="Fetch it again: the answers do not belong together.", **place)


def is_older(moment: str, than: str) -> bool:
    """Tell whether a time is earlier than another, as instants; not where either is no time.

    Examples
    --------
    >>> is_older("2026-03-01T07:00:00Z", "2026-03-01T09:00:00+01:00")
    True
    """
    try:
        return datetime.fromisoformat(moment) < datetime.fromisoformat(than)
    except (ValueError, TypeError):
        return False


def _settled(connection: Connection, queries: Sequence[Query], updated: str) -> Iterator[Part]:
    """Give the answers, those that are old only after another try."""
    old = []
    for query, answer in _in_order(connection, queries):
        if is_older(answer.updated, updated):
            old.append(query)
        else:
            yield query, answer
    for query, answer in _in_order(connection, old):
        yield query, replace(answer, stale=is_older(answer.updated, updated))


def _in_order(connection: Connection, queries: Sequence[Query]) -> Iterator[Part]:
    """Give the answers in the order of the queries, asking for some ahead; whoever stops early ends them all."""
    workers = max(1, min(WORKERS, connection.terms().pace.calls, len(queries)))
    waiting: deque[Future[list[Part]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for query in queries:
            waiting.append(pool.submit(connection.cells, query))
            if len(waiting) > 2 * workers:
                yield from _given(waiting.popleft())
        while waiting:
            yield from _given(waiting.popleft())
    finally:
        connection.wire.call_off()
        pool.shutdown(cancel_futures=True)
        connection.wire.resume()


def _given(answer: Future[list[Part]]) -> list[Part]:
    """Wait for an answer, awake now and then: a wait without end may sleep through a signal, and does on Windows."""
    while not answer.done():
        wait((answer,), timeout=_AWAKE)
    return answer.result()
