"""Transport: one request in, one whole JSON document out, or an error that says why not.

What is tried again and for how long, which redirects are followed, and what a refusal means is decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any, NoReturn, TypeVar

from nordstat.errors import ApiRefusedError, RateLimitedError, RefusedAddressError, UnreachableError
from nordstat.sources.addresses import redacted, redirected
from nordstat.sources.body import BrokenBodyError, own_words, read_json
from nordstat.sources.wire import CORRECT_PROXY, PassingFault, Reply, Request, Wire

_AGAIN = frozenset({304, 408, 425, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_TURNS_INTO_GET = frozenset({301, 302, 303})
_HOPS = 4
_LONGEST_WAIT = 366 * 86_400.0
_LOG = logging.getLogger("nordstat.sources")

Read = TypeVar("Read")


def ask(wire: Wire, request: Request, read: Callable[[Any, Reply], Read]) -> Read:
    """Give what was read from the answer to a request.

    Parameters
    ----------
    wire : Wire
        The way to the service.
    request : Request
        What is asked.
    read : callable
        Reads the JSON document of a reply; its `BrokenBodyError` says that it is not what was asked for.

    Raises
    ------
    UnreachableError, RateLimitedError, RefusedAddressError, ApiRefusedError
        Where there is no such answer within the patience of the run.
    """
    coding = "gzip"
    for attempt in count(1):
        try:
            return _read(wire, request, _follow(wire, request, coding), read)
        except PassingFault as fault:
            coding = fault.coding
            _pause(wire, request, fault, attempt)
    raise AssertionError  # pragma: no cover - count() does not end


def retry_after(headers: Mapping[str, str], *, fallback: float) -> float:
    """Give the seconds a service asks to wait; a date is taken against the service's own clock, nonsense is ignored.

    Examples
    --------
    >>> retry_after({"Retry-After": "30"}, fallback=10.0), retry_after({"Retry-After": "soon"}, fallback=10.0)
    (30.0, 10.0)
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return min(max(0.0, (until - now).total_seconds()), _LONGEST_WAIT)
    except (ValueError, TypeError):
        return fallback


def _follow(wire: Wire, request: Request, coding: str) -> Reply:
    """Send a request, and send it again, as it is, where the same host redirects it to."""
    for _ in range(_HOPS):
        reply = wire.send(request, coding=coding)
        if reply.status not in _MOVED:
            return reply
        target = redirected(request.url, reply.headers.get("Location", ""), place=request.place)
        if request.method == "POST" and reply.status in _TURNS_INTO_GET:
            # As a GET the address of PxWeb v1 would answer 200 with metadata in the place of data
            what = f"the service answers a POST with {reply.status} to {redacted(target)}, which would make it a GET"
            raise RefusedAddressError(what, hint="Give the new address in NORDSTAT_ADDRESSES.", **request.place)
        request = replace(request, url=target)
    raise UnreachableError(f"the service redirects more than {_HOPS} times", **request.place)


def _read(wire: Wire, request: Request, reply: Reply, read: Callable[[Any, Reply], Read]) -> Read:
    if reply.status >= 300:
        _refuse(wire, request, reply)
    try:
        document = read_json(reply.body)
    except BrokenBodyError as error:
        kind = reply.headers.get("Content-Type", "no content type")
        raise PassingFault(f"the service answered {reply.status} ({kind}) with {error}") from None
    try:
        return read(document, reply)
    except BrokenBodyError as error:
        if own_words(reply.body)[0]:
            _refuse(wire, request, reply)
        raise PassingFault(f"the service answered with {error}") from None


def _refuse(wire: Wire, request: Request, reply: Reply) -> NoReturn:
    """Raise what an answer means that is not the one asked for."""
    title, detail = (redacted(words) for words in own_words(reply.body))
    words = ": ".join(word for word in (title, detail) if word) or "no word of why"
    what = f"the service answered {reply.status}, {words}"
    if reply.status == 407:
        raise UnreachableError(f"the proxy lets nothing through: {words}", hint=CORRECT_PROXY, **request.place)
    if reply.status == 429:
        wait = retry_after(reply.headers, fallback=wire.budget.current().window)
        raise PassingFault(what, kind=RateLimitedError, wait=wait)
    refusal = {"status": reply.status, "title": title, "detail": detail}
    if reply.status in _AGAIN:
        asked = retry_after(reply.headers, fallback=0.0) or None
        raise PassingFault(what, kind=ApiRefusedError, wait=asked, refusal=refusal)
    raise ApiRefusedError(what, status=reply.status, title=title, detail=detail, **request.place)


def _pause(wire: Wire, request: Request, fault: PassingFault, attempt: int) -> None:
    """Wait before the next attempt, or raise the fault where there is to be none."""
    patience = wire.run.patience
    wait = patience.pause * 2 ** (attempt - 1) if fault.wait is None else fault.wait
    if attempt >= patience.attempts or not wire.run.allow(wait):
        moment = (
            f" after {datetime.now(UTC) + timedelta(seconds=wait):%Y-%m-%d %H:%M:%S} UTC" if fault.wait else " later"
        )
        what = f"{fault.what} (attempt {attempt} of {patience.attempts})"
        raise fault.kind(
            what, hint=f"Nothing was stored. Try again{moment}.", **request.place, **fault.refusal
        ) from None
    _LOG.info("%s: %s; trying again in %.1f s", redacted(request.url), fault.what, wait)
    if fault.kind is RateLimitedError:
        wire.budget.hold(wait)
    wire.sleep(wait)
