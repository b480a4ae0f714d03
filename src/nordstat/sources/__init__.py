"""Sources: the services of the statistical offices, and the only room that opens a socket.

::

    with connect("SSB") as ssb:
        table = ssb.table("03321")
        query = ssb.resolve(Selection.parse("Tid=2022"), table)
        plan = ssb.plan(query, table)
        answers = list(fetch(ssb, plan))
"""

from __future__ import annotations

from nordstat.sources.connection import Connection
from nordstat.sources.fetching import fetch
from nordstat.sources.klass import Klass
from nordstat.sources.opening import SERVICES, connect, find_service, open_klass
from nordstat.sources.plan import Plan, Progress
from nordstat.sources.run import Patience, Run, Tally
from nordstat.sources.service import Service
from nordstat.sources.wire import Bounds

__all__ = [
    "SERVICES",
    "Bounds",
    "Connection",
    "Klass",
    "Patience",
    "Plan",
    "Progress",
    "Run",
    "Service",
    "Tally",
    "connect",
    "fetch",
    "find_service",
    "open_klass",
]
