"""The pace: never more than so many calls in any window, whoever asks."""

from __future__ import annotations

import threading

import pytest
import requests

from pxweb_server import Limits, PxWebServer
from pxweb_server.limits import Gate, busiest


@pytest.mark.parametrize(
    ("times", "window", "most"),
    [([], 1.0, 0), ([0, 0.5, 0.999], 1.0, 3), ([0, 0.5, 1.0], 1.0, 2), ([3, 0, 2, 1], 2.5, 3), ([0, 0, 0], 0.1, 3)],
)
def test_the_busiest_window_is_found(times: list[float], window: float, most: int) -> None:
    """A window takes in its start and not its end, and may begin at any call."""
    assert busiest(times, window) == most


def test_the_window_slides() -> None:
    """A call is let through as soon as the oldest of the last calls has left the window, and not before."""
    gate = Gate(Limits(calls=2, window=10.0), "scb")
    passed = [time for time in (0.0, 9.0, 9.9, 10.0, 18.9, 19.0) if gate.enter(time)[0] is None]
    assert passed == [0.0, 9.0, 10.0, 19.0]


def test_a_refused_call_costs_nothing_but_is_counted_in_the_log() -> None:
    """The limit counts what it lets through; the log counts what was asked."""
    with PxWebServer(flavour="scb", limits=Limits(calls=3, window=60.0)) as server:
        statuses = [requests.get(f"{server.v2}/tables", timeout=10).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert server.max_calls_in_any_window(60.0) == 5


def test_config_is_free() -> None:
    """``/config`` may be asked any number of times."""
    with PxWebServer(limits=Limits(calls=1, window=60.0)) as server:
        statuses = [requests.get(f"{server.v2}/config", timeout=10).status_code for _ in range(3)]
        assert (statuses, server.max_calls_in_any_window(60.0)) == ([200] * 3, 0)


def test_ssb_tells_the_pace_in_headers_of_its_own() -> None:
    """SSB's headers count down; its refusal has no Retry-After, because none was ever seen."""
    with PxWebServer(limits=Limits(calls=2, window=60.0)) as server:
        answers = [requests.get(f"{server.v2}/tables", timeout=10) for _ in range(3)]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0].headers["x-ratelimit-policy"] == "2;w=60s"
    assert "Retry-After" not in answers[2].headers


def test_scb_says_when_to_come_back() -> None:
    """SCB's refusal has Retry-After in whole seconds, and every answer says when the window is over."""
    with PxWebServer(flavour="scb", limits=Limits(calls=1, window=60.0)) as server:
        first, second = (requests.get(f"{server.v2}/tables", timeout=10) for _ in range(2))
    assert first.headers["X-Rate-Limit-Remaining"] == "0"
    assert first.headers["X-Rate-Limit-Reset"].endswith("Z")
    assert 0 < int(second.headers["Retry-After"]) <= 60


def test_calls_from_many_threads_share_one_limit() -> None:
    """Twenty clients at once get no more than the limit between them."""
    with PxWebServer(limits=Limits(calls=7, window=60.0)) as server:
        statuses: list[int] = []
        address = f"{server.v2}/tables"
        threads = [
            threading.Thread(target=lambda: statuses.append(requests.get(address, timeout=10).status_code))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(statuses) == [200] * 7 + [429] * 13
