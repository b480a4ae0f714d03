"""The server itself: sockets, threads and the log."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from .answers import Answer, Call, Problem
from .faults import Fault, Faults, Wire, replaced, wired
from .flavours import FLAVOURS, FlavourName, Limits
from .klass import Klass, KlassClassification
from .limits import Gate, busiest
from .tables import ServedTable
from .v1 import V1
from .v2 import V2

KLASS = "/api/klass/v1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was met.

    Attributes
    ----------
    time : float
        ``time.monotonic()`` when its headers were read.
    path, query : str
        As sent, still encoded.
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
        given = limits or self.flavour.limits
        announce = given.announce or self.flavour.limits.announce
        self.limits = Limits(given.cells, given.calls, given.window, announce, given.values)
        self.tables = {table.id: table for table in tables}
        if len(self.tables) < len(tables):
            raise ValueError("two tables have the same id")
        self.log: list[Request] = []
        self._faults = Faults(list(faults))
        self._gate = Gate(self.limits, flavour)
        self._roots = {
            self.flavour.v2: V2(self.flavour, self.limits, self.tables),
            self.flavour.v1: V1(self.flavour, self.limits, self.tables),
            KLASS: Klass(klass or {}),
        }
        self._tls = tls
        self._http: _Listener | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._http = _Listener(self, self._tls)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), name="pxweb-server")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.hang_up()
            self._thread.join()
            self._http.server_close()

    @property
    def url(self) -> str:
        """Address of the server, without a path."""
        if self._http is None:
            raise RuntimeError("the server has an address only inside its with block")
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._http.server_address[1]}"

    @property
    def v2(self) -> str:
        """Base address of PxWebApi v2."""
        return self.url + self.flavour.v2

    @property
    def v1(self) -> str:
        """Base address of PxWeb v1, before the language."""
        return self.url + self.flavour.v1

    @property
    def klass(self) -> str:
        """Base address of Klass."""
        return self.url + KLASS

    def replace(self, table: ServedTable) -> None:
        """Serve another version of a table, or one more, from the next request on."""
        self.tables[table.id] = table

    def remove(self, id: str) -> None:
        """Serve a table no longer."""
        del self.tables[id]

    def add_fault(self, fault: Fault) -> None:
        """Let one more thing go wrong."""
        self._faults.add(fault)

    def calls(self, method: str = "", path_contains: str = "") -> list[Request]:
        """Give the requests met so far that fit."""
        return [met for met in list(self.log) if method in ("", met.method) and path_contains in met.path]

    def max_calls_in_any_window(self, window: float) -> int:
        """Most calls met in any window of this length, the refused ones too; ``/config`` does not count."""
        return busiest([met.time for met in list(self.log) if _counted(met.path)], window)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, now: float) -> Answer:
        """Answer one request, its pace counted."""
        parts = urlsplit(target)
        refusal, rate = self._gate.enter(now) if _counted(parts.path) else (None, {})
        answer = refusal or self._routed(method, target, headers, body)
        return Answer(answer.status, answer.body, answer.content_type, {**rate, **answer.headers}, answer.cells)

    def _routed(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        path = unquote(parts.path)
        for root, api in self._roots.items():
            if path.lower() == root.lower() or path.lower().startswith(root.lower() + "/"):
                names, query = _query(parts.query)
                below = tuple(path[len(root) :].lstrip("/").split("/")) if path[len(root) :].strip("/") else ()
                call = Call(method, below, query, names, headers, body, self.url + root, len(self.url + target))
                try:
                    return api.answer(call)
                except Problem as problem:
                    return problem.answer
        return Answer.text("", status=404)


def _counted(path: str) -> bool:
    return not path.lower().endswith("/config")


def _query(text: str) -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    query: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        key = name.lower()
        names.setdefault(key, name)
        query[key] = f"{query[key]},{value}" if key in query else value
    return names, query


class _Listener(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, service: PxWebServer, tls: ssl.SSLContext | None) -> None:
        self.service = service
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, that is what they are tested for."""

    def hang_up(self) -> None:
        """End every connection, so that no thread waits for another request."""
        self.closing.set()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    server_version = "PxWebForTests"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._meet()

    def do_POST(self) -> None:
        self._meet()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep stderr clean; the log of the service tells more."""

    def _meet(self) -> None:
        now, service = time.monotonic(), self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        target = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[-1]
        fault = service._faults.next(self.command, target)
        answer = (
            None
            if fault is not None and fault.kind == "reset"
            else service.answer(self.command, target, headers, body, now)
        )
        if answer is not None and fault is not None:
            answer = replaced(fault, answer)
        path, _, query = target.partition("?")
        status, cells = (answer.status, answer.cells) if answer is not None and not _silent(fault) else (0, 0)
        service.log.append(Request(now, self.command, path, query, headers, body, status, cells))
        if fault is not None and (_silent(fault) or fault.kind == "slow"):
            self.server.closing.wait(fault.seconds or (None if fault.kind == "stall" else 0))
        if answer is None or _silent(fault):
            self._reset()
        else:
            self._send(wired(fault, answer, zip="gzip" in headers.get("accept-encoding", "")))

    def _send(self, wire: Wire) -> None:
        answer = wire.answer
        self.send_response(answer.status)
        if answer.status not in (204, 304):
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-type", "content-length"):
                self.send_header(name, value)
        if wire.length is None:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 204:
            self.send_header("Content-Length", str(wire.length))
        self.end_headers()
        for chunk in _until(self.server.closing, wire):
            self.wfile.write(chunk if wire.length is not None else b"%x\r\n%s\r\n" % (len(chunk), chunk))
            if wire.pause or wire.length is None:
                self.wfile.flush()
        if wire.hang_up or self.server.closing.is_set():
            self.close_connection = True
        elif wire.length is None:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _silent(fault: Fault | None) -> bool:
    return fault is not None and fault.kind in ("stall", "reset")


def _until(closing: threading.Event, wire: Wire) -> Iterator[bytes]:
    for chunk in wire.chunks:
        if closing.is_set() or (wire.pause and closing.wait(wire.pause)):
            return
        yield chunk
