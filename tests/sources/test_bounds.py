"""Time, size and memory have an end, whatever the other side does."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from nordstat.errors import UnreachableError
from nordstat.model.selection import Selection
from nordstat.sources import Patience, Run, fetch
from pxweb_server import Fault, Limits, PxWebServer, ServedTable
from sources.joining import joined

ONCE = Patience(attempts=1)
MEASURE = """
import resource, sys
from pathlib import Path
from nordstat.errors import UnreachableError
from nordstat.settings import Settings
from nordstat.sources import SERVICES, Bounds, connect

service, settings = SERVICES["SSB"].at(v2=sys.argv[1]), Settings(cache=Path(sys.argv[2]))
client = connect(service, settings=settings, bounds=Bounds(bytes=16 * 2**20))
client.terms()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    client.table("11616")
except UnreachableError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error.what)
"""


@pytest.mark.fault("H02")
def test_a_server_that_never_answers_is_given_up(connected, small: ServedTable) -> None:
    """The read timeout ends the wait, each attempt counts, and the run ends with exit code 3."""
    with PxWebServer([small], faults=[Fault("stall", times=None)]) as server:
        with pytest.raises(UnreachableError, match=r"read timeout=0\.2.*attempt 3 of 3") as caught:
            connected(server, read=0.2).table("11616")
        assert len(server.log) == 3
    assert caught.value.exit_code == 3


@pytest.mark.fault("H03")
def test_a_slow_drip_is_cut_off(connected, small: ServedTable) -> None:
    """Bytes that keep coming, each before the read timeout, do not stretch the request past its deadline."""
    with PxWebServer([small], faults=[Fault("drip", times=None, seconds=0.15)]) as server:
        client = connected(server, run=Run(ONCE), read=2.0, total=0.5)
        with pytest.raises(UnreachableError, match=r"within 0\.5 s"):
            client.table("11616")


@pytest.mark.fault("H03")
def test_a_drip_of_headers_is_cut_off(connected, dripping_headers: str) -> None:
    """The deadline holds before there is an answer, too."""
    client = connected(dripping_headers, run=Run(ONCE), read=2.0, total=0.5)
    with pytest.raises(UnreachableError, match=r"within 0\.5 s"):
        client.table("11616")


@pytest.mark.fault("H33")
@pytest.mark.parametrize(
    ("bound", "words"), [({"total": 0.5}, r"within 0\.5 s"), ({"bytes": 2_000}, "more than 2,000 bytes")]
)
def test_an_endless_stream_ends(bound: dict[str, float], words: str, connected, small: ServedTable) -> None:
    """The deadline stops it, and so does the cap on bytes, each for itself."""
    with PxWebServer([small], faults=[Fault("endless", times=None, seconds=0.001)]) as server:
        with pytest.raises(UnreachableError, match=words):
            connected(server, run=Run(ONCE), **bound).table("11616")
        assert len(server.log) == 1


@pytest.mark.fault("H32")
@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is read as Unix tells it")
def test_a_gzip_bomb_does_not_fill_the_memory(small: ServedTable, tmp_path: Path) -> None:
    """200 MiB in 200 KiB are cut off at the cap: the process grows by less than the cap and 50 MiB."""
    with PxWebServer([small], faults=[Fault("bomb", times=None, path_contains="metadata")]) as server:
        command = [sys.executable, "-c", MEASURE, server.v2, str(tmp_path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    grown, _, what = told.partition(" ")
    assert "more than 16,777,216 bytes" in what
    assert int(grown) < (16 + 50) * 1024


def test_whoever_stops_listening_ends_the_fetch(connected, flows: ServedTable) -> None:
    """Closing the answers ends the waits for the pace at once: nothing waits for the window of ten minutes."""
    with PxWebServer([flows], limits=Limits(cells=200, calls=6, window=600.0)) as server:
        client = connected(server)
        table = client.table("03321")
        answers = fetch(client, client.plan(client.resolve(Selection(), table), table))
        next(answers)
        answers.close()
        assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


def test_a_connection_goes_on_after_a_fetch_that_was_stopped(connected, flows: ServedTable) -> None:
    """What was called off leaves nothing behind: the next fetch gives all cells."""
    with PxWebServer([flows], limits=Limits(cells=1_000, calls=1_000, window=1.0)) as server:
        client = connected(server)
        table = client.table("03321")
        plan = client.plan(client.resolve(Selection(), table), table)
        stopped = fetch(client, plan)
        next(stopped)
        stopped.close()
        assert np.array_equal(joined(fetch(client, plan), flows), flows.values)


def test_waiting_for_the_pace_costs_no_patience(connected, small: ServedTable) -> None:
    """What a run may wait because of faults is not used up by keeping to the pace."""
    with PxWebServer([small], limits=Limits(calls=1, window=1.0)) as server:
        client = connected(server, run=Run(Patience(attempts=1, retries=0, seconds=0.0)))
        client.table("11616")
        began = time.monotonic()
        client.table("11616")
        assert time.monotonic() - began >= 0.9
        assert server.max_calls_in_any_window(1.0) == 1
    assert client.wire.run.tally.waited >= 0.9
