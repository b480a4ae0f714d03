"""Answers that say no, or not now."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import orjson
import pytest

from nordstat.errors import (
    ApiRefusedError,
    RateLimitedError,
    SelectionTooLargeError,
    TableNotFoundError,
    UnknownSelectionError,
    UnreachableError,
)
from nordstat.model.selection import Choice, Query, Selection
from nordstat.settings import Settings
from nordstat.sources import Patience, Run, fetch
from nordstat.sources.transport import retry_after
from pxweb_server import Fault, Limits, PxWebServer, ServedTable
from sources.joining import joined

PROBLEM = '{"type":"Parameter error","title":"Non-existent value","status":400,"detail":"value 9 is not valid for Tid"}'


def whole_table(client) -> list[bytes]:
    """All cells of the small table, request by request."""
    table = client.table("11616")
    return [answer.body for answer in fetch(client, client.plan(client.resolve(Selection(), table), table))]


def path_of(table: ServedTable, flavour: str, api: str) -> str:
    """What a table is called in an interface: v1 of SCB knows it by its path."""
    return table.v1_path if (flavour, api) == ("scb", "v1") else table.id


@pytest.mark.fault("H15")
def test_a_post_that_came_too_early_is_repeated_after_the_time_asked(connected, small: ServedTable) -> None:
    """429 with Retry-After: 1 is waited out and the POST made again; the wait is booked on the run."""
    too_early = Fault("status", status=429, headers={"Retry-After": "1"}, path_contains="/data")
    with PxWebServer([small], faults=[too_early]) as server:
        client = connected(server)
        assert whole_table(client)
        first, second = server.calls("POST")
        assert second.time - first.time >= 1.0
        assert second.body == first.body
    assert client.wire.run.tally.waited >= 1.0


@pytest.mark.fault("H15")
def test_the_waits_a_service_asks_for_add_up(connected, small: ServedTable) -> None:
    """A run with patience for three seconds waits two once and not a second time."""
    too_early = Fault("status", status=429, headers={"Retry-After": "2"}, times=None, path_contains="/data")
    run = Run(Patience(attempts=3, seconds=3.0, pause=0.01))
    with PxWebServer([small], faults=[too_early]) as server:
        with pytest.raises(RateLimitedError, match="attempt 2 of 3"):
            whole_table(connected(server, run=run))
        assert len(server.calls("POST")) == 2


@pytest.mark.fault("H15")
def test_what_one_is_told_the_others_keep_too(connected, small: ServedTable, settings: Settings) -> None:
    """While one connection waits because it came too early, no other asks either."""
    too_early = Fault("status", status=429, headers={"Retry-After": "1"})
    with PxWebServer([small], faults=[too_early]) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(connected(server).table, "11616")
        while not any(orjson.loads(file.read_bytes())["held"] for file in settings.cache.glob("pace/*.json")):
            time.sleep(0.01)
        connected(server).table("11616")
        waiting.result()
        refused, *later = sorted(met.time for met in server.log)
        assert all(moment - refused >= 1.0 for moment in later)


@pytest.mark.parametrize("text", ["soon", "-5", "", "1e3", "Thu, 99 Foo 2026", "١"])
@pytest.mark.fault("H17")
def test_a_wait_nobody_can_read_is_the_window(text: str) -> None:
    """Nonsense falls back to the window of the service."""
    assert retry_after({"Retry-After": text}, fallback=10.0) == 10.0


@pytest.mark.fault("H17")
def test_nonsense_does_not_stop_a_fetch(connected, small: ServedTable) -> None:
    """With "soon" the window is waited, and the fetch goes on."""
    too_early = Fault("status", status=429, headers={"Retry-After": "soon"}, path_contains="/data")
    with PxWebServer([small], limits=Limits(calls=50, window=1.0), faults=[too_early]) as server:
        client = connected(server)
        assert whole_table(client)
        first, second = server.calls("POST")
        assert second.time - first.time >= 1.0


@pytest.mark.fault("H16")
def test_a_date_is_taken_against_the_clock_of_the_service() -> None:
    """A server whose clock is an hour off asks for the same wait; a date gone by asks for none."""
    now = datetime.now(UTC) + timedelta(hours=1)
    headers = {"Date": format_datetime(now, usegmt=True)}
    for seconds, expected in ((30, 30.0), (-30, 0.0)):
        later = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
        assert retry_after(headers | {"Retry-After": later}, fallback=9.0) == expected


@pytest.mark.fault("H18")
def test_a_wait_longer_than_the_run_may_take_ends_it(connected, small: ServedTable) -> None:
    """A day is not slept: the error says when to come back."""
    too_early = Fault("status", status=429, headers={"Retry-After": "86400"}, path_contains="/data")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with PxWebServer([small], faults=[too_early]) as server, pytest.raises(RateLimitedError) as caught:
        whole_table(connected(server))
    assert f"{tomorrow:%Y-%m-%d}" in caught.value.hint
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.fault("H20")
def test_a_tired_server_is_asked_again(status: int, connected, small: ServedTable) -> None:
    """Twice out of order and then well: the answer of a clean run, and two retries counted."""
    tired = Fault("status", status=status, times=2, path_contains="/data")
    with PxWebServer([small], faults=[tired]) as server:
        client = connected(server)
        assert whole_table(client) == whole_table(client)
    assert client.wire.run.tally.retries == 2


@pytest.mark.fault("H21")
def test_a_server_that_stays_broken_is_quoted(connected, small: ServedTable) -> None:
    """Status 500 on every try: as many attempts as allowed, then the answer's own words."""
    body = '{"title":"Internal Server Error","detail":"out of memory","status":500}'
    broken = Fault("status", status=500, times=None, body=body, path_contains="/data")
    with PxWebServer([small], faults=[broken]) as server:
        with pytest.raises(ApiRefusedError) as caught:
            whole_table(connected(server))
        assert len(server.calls("POST")) == 3
    assert (caught.value.status, caught.value.title) == (500, "Internal Server Error")
    assert caught.value.detail == "out of memory"


@pytest.mark.fault("H22")
def test_a_refused_selection_is_not_tried_again(connected, small: ServedTable) -> None:
    """Status 400 is asked once; the error has the answer's words and who asked."""
    with PxWebServer([small], faults=[Fault("status", status=400, body=PROBLEM, path_contains="/data")]) as server:
        client = connected(server)
        table = client.table("11616")
        query = client.resolve(Selection.parse("Tid=2022", origin="mappings/tables/ssb.toml:7"), table)
        with pytest.raises(ApiRefusedError, match="value 9 is not valid for Tid") as caught:
            list(fetch(client, client.plan(query, table)))
        assert len(server.calls("POST")) == 1
    assert "mappings/tables/ssb.toml:7" in caught.value.hint


@pytest.mark.fault("H24")
def test_a_table_that_is_gone_is_named_with_its_other_names(connected, small: ServedTable) -> None:
    """404 on metadata is a table not found, with what else it is called."""
    with PxWebServer([small], flavour="scb") as server, pytest.raises(TableNotFoundError) as caught:
        connected(server).table("ArRegPend2")
    assert (caught.value.status, caught.value.table) == (404, "ArRegPend2")
    assert "TAB1830" in caught.value.hint


def test_an_unknown_table_of_a_query_is_told_in_the_words_of_the_answer(connected, small: ServedTable) -> None:
    """On data an unknown table is 400 with a body that says 404 (quirk 1); its title is passed on."""
    with PxWebServer([small]) as server:
        query = Query("SSB", "99999", (Choice("Tid", ("2022",)),))
        with pytest.raises(ApiRefusedError) as caught:
            connected(server).cells(query)
    assert (caught.value.status, caught.value.title) == (400, "Non-existent table")


@pytest.mark.fault("H23")
@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("flavour", ["scb", "ssb"])
def test_a_limit_that_was_not_told_is_found_by_halving(flavour: str, api: str, connected, flows: ServedTable) -> None:
    """Refused as too large (403 in v1, 400 in v2: quirk 2), a query is asked for in parts that hold all its cells."""
    with PxWebServer([flows], flavour=flavour, limits=Limits(cells=1_000)) as server:
        client = connected(server, api)
        table = client.table(path_of(flows, flavour, api))
        server_limit = Fault(
            "edit", edit=lambda told: told | {"maxCells": 99_999, "maxDataCells": 99_999}, path_contains="config"
        )
        server.add_fault(server_limit)
        plan = client.plan(client.resolve(Selection(), table), table)
        assert len(plan.blocks) == 1
        answers = list(fetch(client, plan))
    assert len(answers) > 1
    assert np.array_equal(joined(answers, flows), flows.values)


def test_a_single_cell_that_is_too_large_is_an_error(connected, small: ServedTable) -> None:
    """Halving ends at one cell."""
    refusal = Fault("status", status=403, times=None, path_contains="/data")
    with PxWebServer([small], faults=[refusal]) as server:
        with pytest.raises(SelectionTooLargeError):
            whole_table(connected(server))
        assert len(server.calls("POST")) < 6


def test_a_code_list_the_service_does_not_have_is_an_unknown_selection(connected, small: ServedTable) -> None:
    """On code lists 404 has a body that says 400 (quirk 1); it is the code list that is unknown."""
    with PxWebServer([small]) as server, pytest.raises(UnknownSelectionError, match="agg_None"):
        connected(server).codelist("agg_None")


def test_a_run_has_so_many_retries_in_all(connected, small: ServedTable) -> None:
    """Retries are counted over the whole run, not only for one request."""
    run = Run(Patience(attempts=9, retries=2, seconds=5.0, pause=0.01))
    with PxWebServer([small], faults=[Fault("reset", times=None)]) as server:
        with pytest.raises(UnreachableError):
            connected(server, run=run).table("11616")
        assert len(server.log) == 3
        with pytest.raises(UnreachableError):
            connected(server, run=run).table("11616")
        assert len(server.log) == 4
