"""Deadlines: a time by which a whole request is over, whatever the other side does.

The time limits of requests start anew with every byte, so a server that sends one now and then is never too late
(requests 2.34.2: eight bytes in 6.3 s under a limit of 2 s). Here a timer shuts the socket down instead, which ends
the wait at every step: connection, headers or body.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_THREAD = threading.local()


class Deadline:
    """The watch over one request.

    Attributes
    ----------
    passed : bool
        Whether it struck.
    sent : float or None
        When the request was sent, by `time.monotonic`.
    """

    def __init__(self) -> None:
        self.passed = False
        self.sent: float | None = None
        self._connection: HTTPConnection | None = None
        self._socket: Any = None

    def strike(self) -> None:
        """End the request now."""
        self.passed = True
        at_work = self._socket or (self._connection and self._connection.sock)
        if at_work:
            with suppress(OSError):
                socket.socket.shutdown(at_work, socket.SHUT_RDWR)

    def connecting(self, connection: HTTPConnection) -> None:
        """Note the connection the request goes through."""
        self._connection = connection

    def was_sent(self, connection: HTTPConnection) -> None:
        """Note that the request is on its way."""
        self.sent = time.monotonic()
        self._socket = connection.sock
        if self.passed:  # it struck while there was no socket yet to shut down
            self.strike()


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Watch over the one request that the block makes in this thread."""
    watch = Deadline()
    timer = threading.Timer(seconds, watch.strike)
    timer.daemon = True
    _THREAD.watch = watch
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _THREAD.watch = None


class WatchedAdapter(HTTPAdapter):
    """The connections of requests, each known to the deadline of the thread it works for."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Watched(HTTPConnection):
    def connect(self) -> None:
        if watch := getattr(_THREAD, "watch", None):
            watch.connecting(self)
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        if watch := getattr(_THREAD, "watch", None):
            watch.was_sent(self)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


_POOLS = {"http": _Pool, "https": _TlsPool}
