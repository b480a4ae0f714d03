"""A fetch: what was served is what is kept, once, whole, and with as few requests as it takes."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from nordstat.errors import ApiRefusedError, LockHeldError, OfflineError, SnapshotMissingError, UnreachableError
from nordstat.model.cube import Cube
from nordstat.model.selection import Selection
from nordstat.pipeline.bringing import Outcome
from nordstat.pipeline.fetch import cautions, fetch_table
from nordstat.pipeline.listener import Listener
from nordstat.pipeline.offices import find_table
from nordstat.sources import Progress
from pipeline.conftest import At
from pipeline.served import FIRST, SECOND, flows, limits, served
from pxweb_server import Fault, PxWebServer, ServedCodelist, ServedDimension

LARGE = {"ArbstedKomm": [f"{n:04d}" for n in range(40)], "Bokommuen": [f"{n:04d}" for n in range(30)]}
LARGE |= {"ContentsCode": ["Sysselsatte"], "Tid": ["2018", "2019", "2020", "2021", "2022"]}
SYMBOLS = {0: ":", 7: "..", 1999: "-", 4242: ":", 5999: "."}


def large(**told: Any) -> Any:
    """A table of 6,000 cells of which five have a symbol, under an id nobody has described."""
    values = np.arange(6000, dtype=float)
    values[list(SYMBOLS)] = np.nan
    return served("99999", LARGE, values, status=SYMBOLS, **told)


def same(one: Cube, other: Cube) -> bool:
    """Whether two cubes say the same, cell for cell."""
    sides = [(d.id, d.codes, d.labels, dict(d.units), d.role) for d in one.dimensions]
    others = [(d.id, d.codes, d.labels, dict(d.units), d.role) for d in other.dimensions]
    statuses = np.array_equal(one.status, other.status) if one.status is not None else other.status is None
    numbers = np.array_equal(one.values, other.values, equal_nan=True)
    return sides == others and numbers and statuses and one.symbols == other.symbols and one.updated == other.updated


@pytest.mark.parametrize("api", ["v2", "v1"])
@pytest.mark.parametrize(("cells", "posts"), [(800_000, 1), (1_000, 6), (150, 40)])
def test_cube_equals_what_was_served(at: At, api: str, cells: int, posts: int) -> None:
    """Through either interface, in one answer or in forty: the cells served, in the order of the table."""
    table = large()
    with PxWebServer([table], limits=limits(cells)) as server:
        desk = at(server)
        cube = desk.cube(desk.fetch("SSB:99999", api=api))

        assert len(server.calls("POST")) == posts
        assert max(met.cells for met in server.calls("POST")) <= cells
    assert np.array_equal(cube.values, table.values.ravel(), equal_nan=True)
    assert [d.id for d in cube.dimensions] == [d.code for d in table.dimensions]
    assert cube.dimension("ArbstedKomm").labels[3] == "ArbstedKomm 0003"


def test_codes_come_in_the_order_of_the_table(at: At) -> None:
    """Codes asked for in any order are given in the table's, however the answers were cut."""
    with PxWebServer([large()], limits=limits(50)) as server:
        desk = at(server)
        cube = desk.cube(desk.fetch("SSB:99999", "Tid=2022,2018 Bokommuen=0003,0001"))

    assert cube.dimension("Bokommuen").codes == ("0001", "0003")
    assert np.array_equal(cube.values, large().values[:, [1, 3]][..., [0, 4]].ravel(), equal_nan=True)


@pytest.mark.parametrize("api", ["v2", "v1"])
def test_joined_answer_equals_the_unsplit_one(at: At, api: str) -> None:
    """With the limit lowered to 1,000 cells the joined cube is the one answer's, cell for cell, symbols and all."""
    with PxWebServer([large()], limits=limits()) as one, PxWebServer([large()], limits=limits(1_000)) as many:
        whole, split = (at(server, name=name) for server, name in ((one, "one"), (many, "many")))
        unsplit = whole.cube(whole.fetch("SSB:99999", api=api))
        joined = split.cube(split.fetch("SSB:99999", api=api))

        assert len(one.calls("POST")) == 1
        assert len(many.calls("POST")) == 6
    assert same(joined, unsplit)


def test_nothing_changed_costs_one_metadata_request(at: At) -> None:
    """A second fetch asks for the metadata and for nothing else, and leaves every byte of the store as it was."""
    with PxWebServer([flows()], limits=limits(20)) as server:
        desk = at(server)
        first = desk.fetch(wanted="Tid=2022")
        before, asked = desk.files(), len(server.log)
        second = desk.fetch(wanted="Tid=2022")

        assert [(met.method, met.path.rpartition("/")[2]) for met in server.log[asked:]] == [("GET", "metadata")]
    assert (first.brought.outcome, second.brought.outcome) == (Outcome.NEW, Outcome.UNCHANGED)
    assert second.brought.stored == ()
    assert desk.files() == before


def test_another_part_of_a_table_is_fetched_although_it_was_not_updated(at: At) -> None:
    """That a table is unchanged says nothing about cells nobody has asked for yet."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Tid=2022")
        found = desk.fetch(wanted="Tid=2020")

    assert found.brought.outcome is Outcome.CHANGED
    assert desk.cube(found).dimension("Tid").codes == ("2020",)


def test_a_part_fetched_before_an_update_is_fetched_again(at: At) -> None:
    """Metadata that another selection has brought do not vouch for cells from before them."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Tid=2020")
        server.replace(flows(np.arange(50) + 200, updated=SECOND))
        desk.fetch(wanted="Tid=2022")
        found = desk.fetch(wanted="Tid=2020")

    assert found.brought.outcome is Outcome.CHANGED
    assert desk.cube(found).values[0] == 200


@pytest.mark.fault("P12")
@pytest.mark.parametrize("updated", ["", "2026-03-01", "2026-10-25T02:30:00"])
def test_a_time_that_is_not_sure_is_no_reason_not_to_ask(at: At, updated: str) -> None:
    """No time, a bare date or a local time in the hour that comes twice: the cells are asked for again."""
    with PxWebServer([flows(updated=updated)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        asked = len(server.calls("POST"))
        found = desk.fetch()

        assert len(server.calls("POST")) == asked + 1
    assert found.brought.outcome is Outcome.TOUCHED


def test_full_asks_although_nothing_was_updated(at: At) -> None:
    """With ``full`` the cells are asked for; the same cells store nothing new."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        found = desk.fetch(full=True)

        assert len(server.calls("POST")) == 2
    assert found.brought.outcome is Outcome.UNCHANGED
    assert found.brought.stored == ()


def test_offline_gives_what_is_stored_without_a_request(at: At) -> None:
    """What was fetched is there offline, expressions read by the stored metadata, and no socket is opened."""
    with PxWebServer([flows()], limits=limits(20)) as server:
        desk = at(server)
        online = desk.cube(desk.fetch(wanted="Tid=2022"))
        asked = len(server.log)
        off = replace(desk, settings=replace(desk.settings, offline=True))
        offline = off.cube(off.fetch(wanted="Tid=top(1)"))

        assert len(server.log) == asked
    assert same(offline, online)


def test_offline_says_what_it_would_have_asked_for(at: At) -> None:
    """A part that is not there is told as a plan; a table that is not there at all, by name; nothing is asked."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Tid=2022")
        asked = len(server.log)
        off = replace(desk, settings=replace(desk.settings, offline=True))
        with pytest.raises(OfflineError, match=r"SSB:03321: 5 x 5 x 1 x 1 = 25 cells in 1 request") as part:
            off.fetch(wanted="Tid=2020")
        with pytest.raises(OfflineError, match="SSB:11616 is not in the store"):
            off.fetch("SSB:11616")

        assert len(server.log) == asked
        assert server.v2 in part.value.hint
    assert part.value.exit_code == 3


def test_plan_is_told_in_one_line_before_the_cells(at: At) -> None:
    """Requests, cells and seconds are told once; progress after every answer ends at what was planned."""
    said: list[str] = []
    seen: list[Progress] = []
    with PxWebServer([flows()], limits=limits(20)) as server:
        at(server).fetch(wanted="Tid=2022", listener=Listener(say=said.append, progress=seen.append))

    assert said == ["SSB:03321: 5 x 5 x 1 x 1 = 25 cells in 2 requests, about 1 s"]
    assert [(step.done, step.planned, step.cells, step.planned_cells) for step in seen] == [
        (1, 2, seen[0].cells, 25),
        (2, 2, 25, 25),
    ]


FIRST_PART = "Tid=2022 Bokommuen=0301,3001"
"""The first of three requests of ten cells that the flows of 2022 take."""


def test_a_fetch_that_breaks_off_shows_nothing(at: At) -> None:
    """Answers that came before the service failed are kept, and are not used before the rest is there."""
    broken = Fault("status", status=500, times=None, method="POST", skip=2)
    with PxWebServer([flows()], limits=limits(10), faults=[broken]) as server:
        desk = at(server)
        with pytest.raises(ApiRefusedError, match="500"):
            desk.fetch(wanted="Tid=2022")

    assert desk.shelf.wholes("SSB", "03321") == ()


def test_answers_that_are_there_are_not_asked_for_again(at: At) -> None:
    """Of three requests the one whose answer is in the store, from the same update, is left out."""
    with PxWebServer([flows()], limits=limits(10)) as server:
        desk = at(server)
        desk.fetch(wanted=FIRST_PART)
        asked = len(server.calls("POST"))
        cube = desk.cube(desk.fetch(wanted="Tid=2022"))

        assert len(server.calls("POST")) == asked + 2
    assert np.array_equal(cube.values, np.arange(101, 150, 2))


def test_answers_from_before_an_update_are_asked_for_again(at: At) -> None:
    """An answer in the store that is older than the table is not joined with new ones."""
    with PxWebServer([flows()], limits=limits(10)) as server:
        desk = at(server)
        desk.fetch(wanted=FIRST_PART)
        server.replace(flows(np.arange(50) + 300, updated=SECOND))
        asked = len(server.calls("POST"))
        cube = desk.cube(desk.fetch(wanted="Tid=2022"))

        assert len(server.calls("POST")) == asked + 3
    assert cube.values[0] == 301


def test_an_update_in_the_middle_of_a_fetch_spoils_it(at: At) -> None:
    """Answers given before and after an update do not belong together: an error, and nothing to be seen."""
    change = Fault("edit", method="POST", skip=1, edit=lambda document: document | {"updated": SECOND})
    with PxWebServer([flows()], limits=limits(13), faults=[change]) as server:
        desk = at(server)
        with pytest.raises(UnreachableError, match="updated while it was fetched"):
            desk.fetch(wanted="Tid=2022")

    assert desk.shelf.wholes("SSB", "03321") == ()


def test_answers_in_the_store_must_be_of_the_same_update_as_the_rest(at: At) -> None:
    """Where the rest comes from after an update that the metadata did not tell yet, nothing is joined."""
    with PxWebServer([flows()], limits=limits(10)) as server:
        desk = at(server)
        desk.fetch(wanted=FIRST_PART)
        newer = Fault("edit", times=None, method="POST", edit=lambda document: document | {"updated": SECOND})
        server.add_fault(newer)
        with pytest.raises(UnreachableError, match="updated while it was fetched"):
            desk.fetch(wanted="Tid=2022")

    assert len(desk.shelf.wholes("SSB", "03321")) == 1


def test_the_two_interfaces_do_not_stand_in_each_others_way(at: At) -> None:
    """What v1 says of a table, which is less, does not make v2 ask for the cells again."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        desk.fetch(api="v1")
        asked = len(server.log)
        assert desk.fetch().brought.outcome is Outcome.UNCHANGED

        assert len(server.log) == asked + 1


@pytest.mark.fault("H43")
def test_numbers_from_an_old_cache_are_not_used(at: At) -> None:
    """A cache that gives cells older than the metadata, and does so again, is an error and not an answer."""
    with PxWebServer([flows()], limits=limits(), faults=[Fault("stale", times=None, method="POST")]) as server:
        desk = at(server)
        with pytest.raises(UnreachableError, match="a cache of the service still gives numbers from before"):
            desk.fetch(wanted="Tid=2022")

    assert desk.shelf.wholes("SSB", "03321") == ()


@pytest.mark.fault("P16")
def test_an_answer_that_lacks_a_code_is_no_answer(at: At) -> None:
    """Four of the five places asked for, in a document that is sound by itself, are refused."""

    def lacking(document: dict[str, Any]) -> dict[str, Any]:
        index = document["dimension"]["ArbstedKomm"]["category"]["index"]
        index.popitem()
        document["dimension"]["ArbstedKomm"]["category"]["label"].popitem()
        document["size"][0] -= 1
        document["value"] = document["value"][:-5]
        return document

    with PxWebServer([flows()], limits=limits(), faults=[Fault("edit", times=None, method="POST", edit=lacking)]) as s:
        desk = at(s)
        with pytest.raises(UnreachableError, match="4 of the 5 codes asked of ArbstedKomm"):
            desk.fetch(wanted="Tid=2022")

    assert desk.shelf.wholes("SSB", "03321") == ()


@pytest.mark.fault("P18")
def test_limits_are_read_anew_in_every_run(at: At) -> None:
    """Where the service allows fewer cells than yesterday, the next run asks in smaller parts."""
    with PxWebServer([flows()], limits=limits(50)) as server:
        desk = at(server)
        desk.fetch()
        assert [met.cells for met in server.calls("POST")] == [50]
    with PxWebServer([flows(updated=SECOND)], limits=limits(10)) as server:
        desk = replace(desk, settings=replace(desk.settings, addresses=at(server).settings.addresses))
        desk.fetch()

        assert [met.cells for met in server.calls("POST")] == [10] * 5


def test_a_code_list_of_the_service_is_joined_like_any_other(at: At) -> None:
    """Cells asked for in an aggregation keep its codes, and the receipt says which list was used."""
    list_ = ServedCodelist("agg_Two", "Two", {"A": ("A", ["0301", "3001"]), "B": ("B", ["1103"])})
    table = flows(codelists={"Bokommuen": [list_]})
    with PxWebServer([table], limits=limits(5)) as server:
        desk = at(server)
        found = desk.fetch(wanted="Bokommuen:agg_Two=* Tid=2022")
        cube = desk.cube(found)

        assert len(server.calls("POST")) == 2
    assert cube.dimension("Bokommuen").codes == ("A", "B")
    assert found.brought.whole.by_codelist
    assert cube.values[0] == 101 + 103


def test_a_variable_can_be_summed_away(at: At) -> None:
    """What the service is asked to sum is no dimension of the cube."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        cube = desk.cube(desk.fetch(wanted="Bokommuen=eliminate() Tid=2022"))

    assert [dimension.id for dimension in cube.dimensions] == ["ArbstedKomm", "ContentsCode", "Tid"]
    assert cube.values[0] == 101 + 103 + 105 + 107 + 109


def test_a_table_goes_by_any_of_its_names(at: At) -> None:
    """The matrix name of v1 finds the table of v2, in any case of the office; the store knows it by one name."""
    dimensions = {
        "Kommun": ["1780"],
        "Kon": ["1", "2", "1+2"],
        "ContentsCode": ["000000QI", "000000QJ"],
        "Tid": ["2023"],
    }
    table = served("TAB1828", dimensions, v1_path="AM/AM0210/AM0210F/ArRegPend1", language="sv")
    with PxWebServer([table], flavour="scb", limits=limits()) as server:
        desk = at(server)
        desk.fetch("scb:ArRegPend1")
        desk.fetch("SCB:TAB1828", api="v1")

        assert server.calls("GET", "/AM/AM0210/AM0210F/ArRegPend1")
    assert {row.table for row in desk.shelf.rows} == {"TAB1828"}
    assert len(desk.shelf.wholes("SCB", "TAB1828")) == 1


def test_a_table_known_only_by_its_path_is_asked_for_in_v1(at: At) -> None:
    """A table of SCB whose v2 id nobody has seen is fetched by its path, and kept under its own name."""
    dimensions = {
        "Region": ["00", "17"],
        "Kon": ["1", "2", "1+2"],
        "SNI2007": ["A-U+US"],
        "Fodelseregion": ["tot"],
        "ContentsCode": ["000002XH", "000002XI"],
        "Tid": ["2024"],
    }
    table = served("TAB1", dimensions, v1_path="AM/AM0210/AM0210F/ArRegArbStDoN", language="sv")
    with PxWebServer([table], flavour="scb", limits=limits()) as server:
        desk = at(server)
        found = desk.fetch("SCB:ArRegArbStDoN")

        assert {met.path for met in server.calls("POST")} == {"/OV0104/v1/doris/sv/ssd/AM/AM0210/AM0210F/ArRegArbStDoN"}
    assert found.table.api == "v1"
    assert len(desk.cube(found).values) == 12
    assert {row.table for row in desk.shelf.rows} == {"ArRegArbStDoN"}


def test_unverified_and_undescribed_tables_say_so(at: At) -> None:
    """Before a table is fetched whose codes nobody has seen, that is told, with what is known of it."""
    desk = at()
    told = {
        name: list(cautions(find_table(name, desk.mappings, desk.settings), datetime(2026, 11, 24, 12, tzinfo=UTC)))
        for name in ("SSB:08070", "SSB:03321", "SSB:99999")
    }

    assert told["SSB:08070"][0].startswith("SSB:08070 is unverified: page ssb.no/statbank/table/08070")
    assert told["SSB:99999"] == ["SSB:99999 is not described in the mappings: its answers are kept as they are"]
    assert told["SSB:03321"] == []


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [("2026-11-24T03:59", False), ("2026-11-24T04:30", True), ("2026-07-24T05:00", True), ("2026-11-24T07:15", False)],
)
def test_the_hours_in_which_ssb_publishes_are_told(at: At, moment: str, quiet: bool) -> None:
    """Between 05:00 and 08:15 in Oslo, summer and winter, a figure may show as 0: that is told."""
    desk = at()
    table = find_table("SSB:03321", desk.mappings, desk.settings)
    told = list(cautions(table, datetime.fromisoformat(moment).replace(tzinfo=UTC)))

    assert [words.startswith("SSB: SSB publishes at 08:00") for words in told] == [True] * quiet


@pytest.mark.fault("S07")
def test_a_store_another_run_writes_to_is_left_alone(at: At) -> None:
    """While another writer holds the lock a fetch stops with its name, and stores nothing."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        held, done = threading.Event(), threading.Event()

        def other() -> None:
            with desk.store.writing():
                held.set()
                done.wait(30)

        thread = threading.Thread(target=other)
        thread.start()
        held.wait(30)
        try:
            with pytest.raises(LockHeldError, match="another run holds the lock: process"):
                desk.fetch()
        finally:
            done.set()
            thread.join()
    assert desk.shelf.rows == ()


def test_a_whole_whose_answer_is_lost_says_so(at: At) -> None:
    """Where the bytes of one answer are gone, the cube is refused and not given in part."""
    with PxWebServer([flows()], limits=limits(20)) as server:
        desk = at(server)
        found = desk.fetch(wanted="Tid=2022")
    sha = found.brought.whole.parts[0]
    (desk.store.root / "blobs" / sha[:2] / sha[2:]).unlink()

    with pytest.raises(SnapshotMissingError, match="there is no"):
        desk.cube(found)


def test_two_tables_share_one_connection(at: At) -> None:
    """Within one run the service is asked once what it allows."""
    other = served("99998", {"A": ["1"], "ContentsCode": ["x"], "Tid": ["2022"]})
    with PxWebServer([flows(), other], limits=limits()) as server, at(server).errand() as errand:
        fetch_table("SSB:03321", Selection(), errand)
        fetch_table("SSB:99998", Selection(), errand)

        assert len(server.calls("GET", "/config")) == 1


def test_a_language_other_than_the_first_names_variables(at: At) -> None:
    """Variables may be named by their English label although the metadata are read in Norwegian."""
    english = replace(
        flows(),
        dimensions=[
            ServedDimension(d.code, {"Bokommuen": "residence"}.get(d.code, d.label), d.values, time=d.time)
            for d in flows().dimensions
        ],
        language="en",
    )
    with PxWebServer([replace(flows(), translations={"en": english})], limits=limits()) as server:
        desk = at(server)
        cube = desk.cube(desk.fetch(wanted="residence=0301 Tid=2022"))

    assert cube.dimension("Bokommuen").codes == ("0301",)
    assert cube.updated == FIRST
