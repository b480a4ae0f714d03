"""Fetching: complete, within the pace, and from one state of the table."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nordstat.errors import UnreachableError
from nordstat.model.selection import Selection
from nordstat.sources import Progress, Run, fetch
from pxweb_server import Fault, Limits, PxWebServer, ServedDimension, ServedTable
from sources.joining import joined

ALONE = """
import sys
from pathlib import Path
from nordstat.model.selection import Selection
from nordstat.settings import Settings
from nordstat.sources import SERVICES, connect, fetch

with connect(SERVICES["SSB"].at(v2=sys.argv[1]), settings=Settings(cache=Path(sys.argv[2]))) as client:
    table = client.table("03321")
    plan = client.plan(client.resolve(Selection(), table), table)
    print(sum(len(answer.body) for answer in fetch(client, plan)), client.wire.run.tally.retries)
"""


def whole(client, id: str, words: str = ""):
    """The answers to all cells, or to a selection, of a table."""
    table = client.table(id)
    return list(fetch(client, client.plan(client.resolve(Selection.parse(words), table), table)))


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("limit", [1_000, 130, 6_000])
def test_the_answers_joined_are_the_table(api: str, limit: int, connected, flows: ServedTable) -> None:
    """Whatever the limit, the parts hold every cell once, and no answer is larger than allowed."""
    with PxWebServer([flows], limits=Limits(cells=limit, calls=1_000, window=1.0)) as server:
        answers = whole(connected(server, api), "03321")
        assert max(met.cells for met in server.log) <= limit
        assert len(server.calls("POST")) == len(answers) <= -(-6_000 // limit) + 1
    assert np.array_equal(joined(answers, flows), flows.values)


def test_a_part_of_a_table_has_exactly_its_cells(connected, flows: ServedTable) -> None:
    """A selection gives those cells and no others, and the answer carries the question."""
    with PxWebServer([flows]) as server:
        answers = whole(connected(server), "03321", "ArbstedKomm=0001,0003 Tid=top(2)")
    expected = np.full(flows.shape, np.nan)
    expected[np.ix_([1, 3], range(30), [0], [3, 4])] = flows.values[np.ix_([1, 3], range(30), [0], [3, 4])]
    assert np.array_equal(joined(answers, flows), expected, equal_nan=True)
    assert answers[0].query["Tid"] == ("2021", "2022")
    assert answers[0].query["ArbstedKomm"] == ("0001", "0003")


def test_two_million_cells_take_the_fewest_requests(connected) -> None:
    """357 x 290 x 20 cells over a limit of 150,000 are fetched whole in fourteen requests."""
    sizes = {"Bostad": 357, "Arbete": 290, "Tid": 20}
    large = ServedTable(
        id="TAB1830",
        label="Large",
        dimensions=[
            ServedDimension(code, code, {f"{n:04d}": f"{code} {n}" for n in range(size)}, time=code == "Tid")
            for code, size in sizes.items()
        ],
        values=np.arange(357 * 290 * 20),
        language="sv",
    )
    with PxWebServer([large], flavour="scb", limits=Limits(cells=150_000, calls=8, window=1.0)) as server:
        answers = whole(connected(server), "TAB1830")
        assert len(server.calls("POST")) == 14
        assert server.max_calls_in_any_window(1.0) <= 8
    assert np.array_equal(joined(answers, large), large.values)


@pytest.mark.fault("H39")
def test_four_processes_keep_one_pace(flows: ServedTable, tmp_path: Path) -> None:
    """Four processes fetch the same table at once: together no more calls in any window than one may make."""
    limits = Limits(cells=1_000, calls=10, window=1.0)
    with PxWebServer([flows], limits=limits) as server:
        command = [sys.executable, "-c", ALONE, server.v2, str(tmp_path)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        told = {process.communicate(timeout=100)[0] for process in running}
        assert [process.returncode for process in running] == [0] * 4
        assert server.max_calls_in_any_window(1.0) <= limits.calls
        assert {met.status for met in server.log} == {200}
        assert len(server.calls("POST")) == 24
    assert len(told) == 1


@pytest.mark.fault("H40")
def test_a_hundred_tables_in_one_go_keep_the_pace(connected, small: ServedTable) -> None:
    """Metadata and cells of a hundred tables: never more calls in any window than allowed, and none refused."""
    tables = [replace(small, id=f"{number:05d}") for number in range(100)]
    with PxWebServer(tables, limits=Limits(calls=80, window=1.0)) as server:
        client = connected(server)
        for table in tables:
            assert np.array_equal(joined(whole(client, table.id), table), table.values)
        assert server.max_calls_in_any_window(1.0) <= 80
        assert {met.status for met in server.log} == {200}


@pytest.mark.parametrize("announce", ["headers", "config", "both"])
def test_the_pace_is_kept_however_it_is_told(announce: str, connected, flows: ServedTable) -> None:
    """Told by headers with 0/0 in ``/config``, by ``/config``, or by both: the stricter pace of the service holds."""
    flavour = "ssb" if announce == "headers" else "scb"
    served = replace(flows, language="sv")
    with PxWebServer(
        [served], flavour=flavour, limits=Limits(cells=600, calls=5, window=1, announce=announce)
    ) as server:
        whole(connected(server), "03321")
        assert server.max_calls_in_any_window(1.0) <= 5
        assert {met.status for met in server.log} == {200}


@pytest.mark.fault("H43")
def test_a_cached_answer_is_asked_for_again_at_the_end(connected, flows: ServedTable) -> None:
    """Data older than the metadata are fetched again when all others are there, and then are as good as those."""
    with PxWebServer([flows], limits=Limits(cells=1_000, calls=1_000, window=1.0)) as server:
        server.add_fault(Fault("stale", times=2, path_contains="/data"))
        answers = whole(connected(server), "03321")
        assert len(server.calls("POST")) == 6 + 2
    assert [answer.stale for answer in answers] == [False] * 6
    assert np.array_equal(joined(answers, flows), flows.values)


@pytest.mark.fault("H43")
def test_data_that_stay_older_than_the_metadata_are_marked(connected, small: ServedTable) -> None:
    """They are given, as old ones."""
    with PxWebServer([small], faults=[Fault("stale", times=None, path_contains="/data")]) as server:
        (answer,) = whole(connected(server), "11616")
        assert len(server.calls("POST")) == 2
    assert (answer.stale, answer.updated) == (True, "2001-01-01T00:00:00Z")


def test_a_table_updated_meanwhile_is_no_answer(connected, flows: ServedTable) -> None:
    """Parts from before and after an update do not belong together."""
    later = {"updated": "2026-03-02T07:00:00Z"}
    with PxWebServer([flows], limits=Limits(cells=1_000, calls=1_000, window=1.0)) as server:
        server.add_fault(
            Fault("edit", edit=lambda document: document | later, skip=3, times=None, path_contains="/data")
        )
        with pytest.raises(UnreachableError, match="updated while it was fetched"):
            whole(connected(server), "03321")


@pytest.mark.fault("H44")
def test_a_selection_longer_than_an_address_is_posted(connected, flows: ServedTable) -> None:
    """Data are asked for by POST, whose length has no limit; no address comes near the 2,100 characters of quirk 9."""
    many = ",".join(flows.dimensions[0].codes * 20)
    with PxWebServer([flows]) as server:
        answers = whole(connected(server), "03321", f"ArbstedKomm={many} Tid=2022")
        assert [met.method for met in server.log if "/data" in met.path] == ["POST"]
        assert max(len(f"{server.url}{met.path}?{met.query}") for met in server.log) < 200
    assert np.nansum(joined(answers, flows)) == flows.values[..., 4].sum()


def test_nothing_new_costs_one_request(connected, small: ServedTable) -> None:
    """To know when a table was updated takes its metadata and nothing else; resolving a selection asks nothing."""
    with PxWebServer([small]) as server:
        client = connected(server)
        table = client.table("11616")
        client.resolve(Selection.parse("Tid=top(1)"), table)
        assert len(server.log) == 1
    assert table.updated == small.updated


def test_only_what_is_still_wanted_is_asked_for(connected, flows: ServedTable) -> None:
    """Of a plan whose first parts are there already, the rest is fetched."""
    with PxWebServer([flows], limits=Limits(cells=1_000, calls=1_000, window=1.0)) as server:
        client = connected(server)
        table = client.table("03321")
        plan = client.plan(client.resolve(Selection(), table), table)
        rest = list(fetch(client, plan, queries=plan.queries[4:]))
        assert len(server.calls("POST")) == 2
    assert [answer.query for answer in rest] == [query.asked for query in plan.queries[4:]]


def test_progress_tells_requests_cells_and_cost(connected, flows: ServedTable) -> None:
    """After each answer the caller is told how far it is; the last time everything is there."""
    told: list[Progress] = []
    with PxWebServer([flows], limits=Limits(cells=1_000, calls=1_000, window=1.0)) as server:
        server.add_fault(Fault("status", status=503, path_contains="/data"))
        client = connected(server, run=None)
        table = client.table("03321")
        plan = client.plan(client.resolve(Selection(), table), table)
        bodies = [answer.body for answer in fetch(client, plan, on_progress=told.append)]
    assert [progress.done for progress in told] == [1, 2, 3, 4, 5, 6]
    last = told[-1]
    assert (last.planned, last.cells, last.planned_cells) == (6, 6_000, 6_000)
    assert (last.cost.requests, last.cost.retries, last.cost.bytes) == (7, 1, sum(map(len, bodies)))


def test_a_plan_is_one_line(connected, flows: ServedTable) -> None:
    """Table, shape, cells and requests."""
    with PxWebServer([flows], limits=Limits(cells=1_000)) as server:
        client = connected(server)
        table = client.table("03321")
        plan = client.plan(client.resolve(Selection.parse("Tid=2021,2022"), table), table)
    assert str(plan) == "SSB:03321: 40 x 30 x 1 x 2 = 2,400 cells in 3 requests"


def test_answers_carry_what_a_receipt_needs(connected, small: ServedTable) -> None:
    """Service, table, interface, address, question, time, update and licence stand with the bytes."""
    with PxWebServer([small]) as server:
        (answer,) = whole(connected(server), "11616")
        assert answer.url.startswith(server.v2)
    assert (answer.service, answer.table, answer.api, answer.licence) == ("SSB", "11616", "v2", "CC BY 4.0")
    assert (answer.updated, answer.content_type.partition(";")[0]) == (small.updated, "application/json")
    assert answer.received.tzinfo is not None
    assert dict(answer.query) == {"Region": ("0301", "3001", "5001"), "ContentsCode": ("Inn",), "Tid": ("2022", "2023")}


def test_the_tally_of_a_run_is_shared(connected, small: ServedTable) -> None:
    """Connections of one run add to one tally."""
    run = Run()
    with PxWebServer([small]) as server:
        for api in ("v1", "v2"):
            connected(server, api, run=run).table("11616")
        assert run.tally.requests == len(server.log) == 2
