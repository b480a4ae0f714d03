"""Sockets and threads: one thread a connection, none left when the listener closes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from .answers import Answer
from .faults import Fault
from .wires import Wire, wired


class Service(Protocol):
    """What answers, and keeps the log."""

    def meet(self, visit: Visit) -> tuple[Answer, Fault | None]:
        """Answer a request, and say what goes wrong with it on the way."""


class Visit:
    """One request as it came in: when, by what method, to what target, with which headers and body."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.time = time.monotonic()
        self.method = handler.command
        absolute = not handler.path.startswith("/")  # as a proxy is asked
        self.target = "/" + handler.path.split("/", 3)[-1] if absolute else handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))


class Listener(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, service: Service, tls: ssl.SSLContext | None) -> None:
        self.service = service
        self.closing = threading.Event()
        self.broken: list[BaseException] = []
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="pxweb-server")
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be ended."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what broke in the server itself; that a client hangs up is what it is tested for."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.broken.append(error)

    def close(self) -> None:
        """End every connection and wait for every thread."""
        self.shutdown()
        self._thread.join()
        self.closing.set()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Listener
    protocol_version = "HTTP/1.1"
    server_version = "PxWebForTests"
    disable_nagle_algorithm = True
    wbufsize = -1

    def meet(self) -> None:
        """Answer one request, or fail to, as the fault has it."""
        visit = Visit(self)
        answer, fault = self.server.service.meet(visit)
        if fault is not None and (fault.silent or fault.kind == "slow"):
            forever = fault.kind == "stall" and not fault.seconds
            self.server.closing.wait(None if forever else fault.seconds)
        if fault is not None and fault.silent:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._send(wired(fault, answer, zipped="gzip" in visit.headers.get("accept-encoding", "")))

    do_GET = do_POST = do_PUT = do_HEAD = do_CONNECT = meet  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: Any) -> None:
        """Keep stderr clean; the log of the service tells more."""

    def _send(self, wire: Wire) -> None:
        answer, chunked = wire.answer, wire.length is None
        told = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(wire.length)}
        headers = {"Content-Type": answer.content_type} | told | dict(answer.headers)
        self.send_response(answer.status)
        for name, value in headers.items() if answer.status != 204 else answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in self._paced(wire) if self.command != "HEAD" else ():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            if wire.pause or chunked:
                self.wfile.flush()
        self.close_connection |= wire.hang_up or self.server.closing.is_set()
        if chunked and not self.close_connection:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _paced(self, wire: Wire) -> Iterator[bytes]:
        closing = self.server.closing
        for piece in wire.pieces:
            if closing.is_set() or (wire.pause and closing.wait(wire.pause)):
                return
            yield piece
