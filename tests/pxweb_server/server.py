"""The service: which API answers, at what pace, and the log of what was asked."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from .answers import Answer, Call, Problem
from .classifications import KlassClassification
from .faults import Fault, Faults, replaced
from .flavours import FLAVOURS, FlavourName
from .klass import Klass
from .limits import Gate, Limits, busiest
from .sockets import Listener, Visit
from .tables import ServedTable
from .v1 import V1
from .v2 import V2

KLASS = "/api/klass/v1"


class Api(Protocol):
    """One of the APIs behind the address."""

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was met.

    Attributes
    ----------
    time : float
        ``time.monotonic()`` when its head was read.
    path, query : str
        As sent, still encoded.
    headers : mapping of str to str
        Lower-cased name -> value.
    status : int
        Status of the answer; 0 where there was none.
    cells : int
        Cells of a data answer.
    """

    time: float
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    cells: int


class PxWebServer:
    """A PxWeb service on 127.0.0.1, for as long as the ``with`` block lasts.

    Parameters
    ----------
    tables : sequence of ServedTable
        What it serves.
    flavour : str
        ``ssb``, ``scb`` or ``nordic``: whose addresses, limits, words and quirks it has.
    limits : Limits, optional
        Instead of the agency's own.
    faults : sequence of Fault
        What goes wrong, in this order.
    klass : mapping of int to KlassClassification
        What Klass knows.
    tls : ssl.SSLContext, optional
        Serves https with it.

    Raises
    ------
    ExceptionGroup
        At the end of the block, where the server itself broke on a request.
    """

    def __init__(
        self,
        tables: Sequence[ServedTable] = (),
        *,
        flavour: FlavourName = "ssb",
        limits: Limits | None = None,
        faults: Sequence[Fault] = (),
        klass: Mapping[int, KlassClassification] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.flavour = FLAVOURS[flavour]
        limits = limits or self.flavour.limits
        self.limits = replace(limits, announce=limits.announce or self.flavour.limits.announce)
        self.tables = {table.id: table for table in tables}
        if len(self.tables) < len(tables):
            raise ValueError("two tables have the same id")
        self.log: list[Request] = []
        self._faults = Faults(list(faults))
        self._gate = Gate(self.limits, flavour)
        self._klass = Klass(klass or {})
        self._saved: dict[str, dict[str, Any]] = {}
        self._tls = tls
        self._listener: Listener | None = None

    def __enter__(self) -> Self:
        self._listener = Listener(self, self._tls)
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        listener = self._listener
        if listener is None:
            return
        listener.close()
        self._listener = None  # only now: a request that is under way still asks for the address
        if listener.broken and error is None:
            raise BaseExceptionGroup("the PxWeb server broke on a request", listener.broken)
        for broken in listener.broken:
            error.add_note(f"and the PxWeb server broke on a request: {broken!r}")

    @property
    def url(self) -> str:
        """Address of the server, without a path."""
        if self._listener is None:
            raise RuntimeError("the server has an address only inside its with block")
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def v2(self) -> str:
        """Base address of PxWebApi v2."""
        return self.url + self.flavour.v2

    @property
    def v1(self) -> str:
        """Base address of PxWeb v1, before the language and the database."""
        return self.url + self.flavour.v1

    @property
    def klass(self) -> str:
        """Base address of Klass."""
        return self.url + KLASS

    def replace(self, table: ServedTable) -> None:
        """Serve another version of a table, or one more, from the next request on."""
        self.tables = {**self.tables, table.id: table}

    def remove(self, id: str) -> None:
        """Serve a table no longer."""
        self.tables = {key: table for key, table in self.tables.items() if key != id}

    def add_fault(self, fault: Fault) -> None:
        """Let one more thing go wrong."""
        self._faults.add(fault)

    def calls(self, method: str = "", path_contains: str = "") -> list[Request]:
        """Give the requests met so far that fit."""
        return [met for met in list(self.log) if method in ("", met.method) and path_contains in met.path]

    def max_calls_in_any_window(self, window: float) -> int:
        """Most calls met in any window of this length, refused ones too; ``/config`` is free and does not count."""
        return busiest([met.time for met in list(self.log) if _counted(met.path)], window)

    def meet(self, visit: Visit) -> tuple[Answer, Fault | None]:
        """Answer a request, and say what goes wrong with it on the way."""
        fault = self._faults.next(visit.method, visit.target)
        answer = replaced(fault, self._answer(visit))
        path, _, query = visit.target.partition("?")
        status, cells = (0, 0) if fault is not None and fault.silent else (answer.status, answer.cells)
        met = Request(visit.time, visit.method, path, query, visit.headers, visit.body, status, cells)
        self.log.append(met)
        return answer, fault

    def _answer(self, visit: Visit) -> Answer:
        path = unquote(urlsplit(visit.target).path)
        refusal, rate = self._gate.enter(visit.time) if _counted(path) else (None, {})
        answer = refusal or self._routed(path, visit)
        return replace(answer, headers={**rate, **answer.headers})

    def _routed(self, path: str, visit: Visit) -> Answer:
        for root, api in self._apis().items():
            if f"{path}/".lower().startswith(f"{root}/".lower()):
                below = tuple(path[len(root) + 1 :].split("/")) if len(path) > len(root) + 1 else ()
                names, query = _query(urlsplit(visit.target).query)
                base, length = self.url + root, len(self.url + visit.target)
                call = Call(visit.method, below, query, names, visit.headers, visit.body, base, length)
                try:
                    return api.answer(call)
                except Problem as problem:
                    return problem.answer
        return Answer.text("", status=404)

    def _apis(self) -> Mapping[str, Api]:
        tables = self.tables
        return {
            self.flavour.v2: V2(self.flavour, self.limits, tables, self._saved),
            self.flavour.v1: V1(self.flavour, self.limits, tables),
            KLASS: self._klass,
        }


def _counted(path: str) -> bool:
    """Whether the pace is counted: PxWebApi lets ``/config`` through (appsettings of 92f4cfa4)."""
    return not path.lower().endswith("/config")


def _query(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read the query: names as spelled, and values; a name that comes again is joined by a comma, as ASP.NET does."""
    names: dict[str, str] = {}
    query: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        key = name.lower()
        names.setdefault(key, name)
        query[key] = f"{query[key]},{value}" if key in query else value
    return names, query
