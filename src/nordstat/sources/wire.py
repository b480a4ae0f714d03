"""The wire: one request, made once, and whatever comes back.

Here is what keeps a request within bounds: the origins that may be asked, the pace, the time limits, the cap on size.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import requests
import urllib3

from nordstat.errors import RefusedAddressError, SourceError, UnreachableError
from nordstat.sources.addresses import origin, redacted
from nordstat.sources.body import BrokenBodyError, OversizedBodyError, read_body
from nordstat.sources.budget import CONNECTING, Budget
from nordstat.sources.deadline import Deadline, WatchedAdapter, deadline
from nordstat.sources.run import Run, Tally

WORKERS = 8
"""Most requests under way at once."""
CORRECT_PROXY = "The proxy is taken from HTTPS_PROXY and NO_PROXY; correct it there."


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes
    ----------
    method, url : str
        How and where.
    service, table : str
        Who is asked, about what; for messages.
    body : bytes
        JSON; empty in a GET.
    """

    method: Literal["GET", "POST"]
    url: str
    service: str = ""
    table: str = ""
    body: bytes = b""

    @property
    def place(self) -> dict[str, str]:
        """Where an error about it happened."""
        return {"service": self.service, "table": self.table, "url": redacted(self.url)}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole and decoded.

    Attributes
    ----------
    status : int
        HTTP status code.
    headers : mapping of str to str
        Case does not matter in the names.
    body : bytes
        Decoded, without a byte order mark.
    url : str
        Address that gave it.
    received : datetime
        When its last byte came, in UTC.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may take.

    Attributes
    ----------
    connect, read, total : float
        Seconds: until connected, between two pieces, and for everything. SSB gives up on its side after 60 s.
    bytes : int
        Most decoded bytes; 800,000 cells are about 10 MB.
    """

    connect: float = CONNECTING
    read: float = 60.0
    total: float = 120.0
    bytes: int = 128 * 2**20


class PassingFault(Exception):  # noqa: N818 - not an error yet: the next attempt may do
    """A fault that may pass.

    Attributes
    ----------
    what : str
        What happened.
    kind : type of SourceError
        The error it becomes when there is no further attempt.
    wait : float or None
        Seconds to wait before that; ``None`` where the service does not say.
    coding : str
        Content coding to ask for in the next attempt.
    refusal : mapping
        Status and words of the answer, where there was one.
    """

    def __init__(
        self,
        what: str,
        *,
        kind: type[SourceError] = UnreachableError,
        wait: float | None = None,
        coding: str = "gzip",
        refusal: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.what, self.kind, self.wait, self.coding, self.refusal = what, kind, wait, coding, refusal or {}


class Wire:
    """The way to one interface of one service, for any number of threads.

    Parameters
    ----------
    allowed : frozenset of str
        The only origins that are ever asked.
    budget : Budget
        The pace.
    run : Run
        What it costs.
    user_agent : str
        Who asks.
    bounds : Bounds
        What one request may take.
    """

    def __init__(
        self, allowed: frozenset[str], budget: Budget, *, run: Run, user_agent: str, bounds: Bounds = Bounds()
    ) -> None:
        self.budget = budget
        self.run = run
        self._allowed = allowed
        self._bounds = bounds
        self._called_off = threading.Event()
        self._turn = threading.Lock()
        self._under_way: set[Deadline] = set()
        self._session = _session(user_agent)

    def send(self, request: Request, *, coding: str = "gzip") -> Reply:
        """Make a request when the pace allows it, and give its answer, whatever its status.

        Raises
        ------
        PassingFault
            Where no whole answer came.
        RefusedAddressError, UnreachableError
            Where none would come next time either.
        """
        if origin(request.url) not in self._allowed:
            raise RefusedAddressError("not an address of this service", **request.place)
        with self._turn:  # or the request that is waited for first might be made last
            self.sleep(0.0)
            call = self.budget.enter(self.sleep)
        self.run.count(Tally(requests=1))
        with deadline(self._bounds.total) as watch:
            self._under_way.add(watch)
            if self._called_off.is_set():
                watch.strike()
            try:
                return self._exchange(request, coding, watch, call)
            except BrokenBodyError as error:
                raise PassingFault(f"the service gave {error}", coding="identity") from None
            except OversizedBodyError as error:
                raise UnreachableError(f"the answer is too large: {error}", **request.place) from None
            except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
                raise self._fault(request, error, watch) from None
            finally:
                self._under_way.discard(watch)

    def sleep(self, seconds: float) -> None:
        """Wait, unless everything is called off meanwhile."""
        began = time.monotonic()
        called_off = self._called_off.wait(max(0.0, seconds))
        self.run.count(Tally(waited=time.monotonic() - began))
        if called_off:
            raise UnreachableError("the fetch was called off")

    def call_off(self) -> None:
        """End every request under way and every wait, in all threads."""
        self._called_off.set()
        for watch in tuple(self._under_way):
            watch.strike()

    def resume(self) -> None:
        """Be ready again after `call_off`."""
        self._called_off.clear()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _exchange(self, request: Request, coding: str, watch: Deadline, call: str) -> Reply:
        answer: requests.Response | None = None
        try:
            answer = self._session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers={"Accept-Encoding": coding} | ({"Content-Type": "application/json"} if request.body else {}),
                timeout=(self._bounds.connect, self._bounds.read),
                proxies=requests.utils.get_environ_proxies(request.url),
                allow_redirects=False,
                stream=True,
            )
        finally:
            self.budget.settle(call, sent=watch.sent, headers=answer.headers if answer is not None else None)
        with answer:
            body = read_body(answer, self._bounds.bytes)
        self.run.count(Tally(bytes=len(body)))
        return Reply(answer.status_code, answer.headers, body, request.url, datetime.now(UTC))

    def _fault(self, request: Request, error: Exception, watch: Deadline) -> SourceError | PassingFault:
        if self._called_off.is_set():
            return UnreachableError("the fetch was called off", **request.place)
        if watch.passed:
            return PassingFault(f"no whole answer came within {self._bounds.total:g} s")
        reason = redacted(_innermost(error))
        if isinstance(error, requests.exceptions.SSLError):
            hint = "Nothing was sent. A company's own certificate authority can be named in REQUESTS_CA_BUNDLE."
            return UnreachableError(f"no safe connection: {reason}", hint=hint, **request.place)
        if isinstance(error, requests.exceptions.ProxyError):
            return UnreachableError(f"the proxy lets nothing through: {reason}", hint=CORRECT_PROXY, **request.place)
        return PassingFault(f"no whole answer came: {reason}")


def _innermost(error: BaseException) -> str:
    """Give the last of the reasons that requests and urllib3 wrap into each other."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((part for part in reversed(error.args) if isinstance(part, BaseException)), None)
    return _innermost(inner) if inner is not None else str(error) or type(error).__name__


def _session(user_agent: str) -> requests.Session:
    """Give the connections: nothing from the environment but proxies and a company's certificate authority."""
    session = requests.Session()
    session.trust_env = False  # or a password from ~/.netrc would go along
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.headers.update({"User-Agent": user_agent, "Accept": "application/json"})
    adapter = WatchedAdapter(pool_maxsize=WORKERS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
