"""PxWeb v1: what is sent, and how the answers are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from nordstat.errors import SettingsError, UnknownSelectionError
from nordstat.model.answer import Answer
from nordstat.model.selection import Selection
from nordstat.sources import fetch
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.budget import Pace
from nordstat.sources.pxweb1 import read_config, read_table
from nordstat.sources.service import Terms
from pxweb_server import PxWebServer, ServedTable
from pxweb_server.examples import flows as listed_flows


def blank(table: str) -> Answer:
    """An answer about a table, without a body."""
    return Answer(
        service="SSB",
        table=table,
        url="",
        query="metadata",
        body=b"",
        received=datetime.now(UTC),
        content_type="",
        api="v1",
    )


def asked(server: PxWebServer) -> dict:
    """The last body sent."""
    return orjson.loads(server.calls("POST")[-1].body)


def fetch_all(client, words: str, id: str = "03321") -> list[dict]:
    """The documents that answer a selection."""
    table = client.table(id)
    plan = client.plan(client.resolve(Selection.parse(words), table), table)
    return [orjson.loads(answer.body) for answer in fetch(client, plan)]


def test_what_is_left_out_of_metadata_is_false(connected) -> None:
    """Without ``elimination`` and ``time`` a variable is neither (quirk 17)."""
    with PxWebServer([listed_flows()]) as server:
        table = connected(server, "v1").table("03321")
    assert [variable.elimination for variable in table.variables] == [False, True, True, False, False]
    assert [variable.time for variable in table.variables] == [False] * 4 + [True]
    assert table.variables[0].values["3002"] == "Moss"
    assert table.updated == ""


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["metadata_05300_no.json", "metadata_12880_en.json", "metadata_13861_no.json"])
def test_recorded_metadata_are_read(name: str, reference: Path) -> None:
    """Every variable has a code, values and a label; one is time."""
    document = orjson.loads((reference / "recorded" / "ssb_v1" / name).read_bytes())
    table = read_table(document, blank(name), language="no", geo=frozenset())
    assert [variable.code for variable in table.variables] == [entry["code"] for entry in document["variables"]]
    assert sum(variable.time for variable in table.variables) == 1
    assert table.cells > 1


def test_every_variable_that_is_not_eliminated_is_in_the_query(connected) -> None:
    """Both interfaces are asked the same, and give the same cells."""
    with PxWebServer([listed_flows()]) as server:
        (first,) = fetch_all(connected(server, "v1"), "Kjonn=eliminate() Tid=top(2)")
        query = asked(server)
        (second,) = fetch_all(connected(server, "v2"), "Kjonn=eliminate() Tid=top(2)")
    assert [item["code"] for item in query["query"]] == ["ArbstedKomm", "Bokommuen", "ContentsCode", "Tid"]
    assert query["query"][-1]["selection"] == {"filter": "item", "values": ["2022", "2023"]}
    assert (first["value"], first["size"]) == (second["value"], second["size"])


def test_the_format_is_always_named(connected) -> None:
    """SCB would answer in PX (quirk 16), so the query names JSON-stat 2.0."""
    served = replace(listed_flows(), language="sv")
    with PxWebServer([served], flavour="scb") as server:
        (document,) = fetch_all(connected(server, "v1"), "", "al/al06/pendling/03321")
        assert asked(server)["response"] == {"format": "json-stat2"}
    assert document["value"] == list(range(144))


def test_the_case_of_a_variable_is_the_table_s(connected) -> None:
    """v1 wants variables and codes spelled as in the table; users may spell them as they like."""
    with PxWebServer([listed_flows()]) as server:
        (document,) = fetch_all(
            connected(server, "v1"), "KJONN=0 contentscode=sys tid=2021 bokommuen=0301 arbstedkomm=*"
        )
    assert document["value"] == [0, 36, 72, 108]


def test_code_lists_have_a_filter_of_their_own(connected) -> None:
    """``agg_Fylker`` of v2 is the filter ``agg:Fylker``, with codes as written."""
    with PxWebServer([listed_flows()]) as server:
        (document,) = fetch_all(
            connected(server, "v1"), "ArbstedKomm:agg_Fylker=F-03,F-31 Bokommuen=0301 Kjonn=0 Tid=2021"
        )
        assert asked(server)["query"][0]["selection"] == {"filter": "agg:Fylker", "values": ["F-03", "F-31"]}
    assert document["value"] == [0, 216]


def test_a_pattern_over_a_code_list_is_refused(connected) -> None:
    """v1 answers ``*`` over an aggregation with 400, and does not tell its codes."""
    with PxWebServer([listed_flows()]) as server:
        client = connected(server, "v1")
        table = client.table("03321")
        with pytest.raises(UnknownSelectionError, match="not told here"):
            client.resolve(Selection.parse("ArbstedKomm:agg_Fylker=*"), table)


def test_the_limit_on_codes_is_kept(connected, flows: ServedTable) -> None:
    """A query lists no more codes than ``maxValues``."""
    with PxWebServer([flows]) as server:
        told = {"maxValues": 20}
        client = connected(server, "v1")
        table = client.table("03321")
        client._terms = read_config(told, client.terms())
        plan = client.plan(client.resolve(Selection(), table), table)
    assert max(sum(query.shape) for query in plan.queries) <= 20


def test_configurations_are_read_as_far_as_they_go() -> None:
    """What is missing or zero stays as documented."""
    terms = Terms(1, Pace(30, 60.0), 5)
    told = {"maxValues": 110_000, "maxCells": 150_000, "maxCalls": 30, "timeWindow": 10, "CORS": True}
    assert read_config(told, terms) == Terms(150_000, Pace(30, 10.0), 110_000)
    assert read_config({"maxCalls": 0, "timeWindow": 0, "maxCells": "x"}, terms) == terms


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"title": "x"},
        {"variables": [{"code": "Tid"}]},
        {"variables": [{"code": "Tid", "values": ["1", "2"], "valueTexts": ["one"]}]},
        {"variables": [{"code": "Tid", "values": ["1", "1"], "valueTexts": ["one", "two"]}]},
    ],
)
def test_metadata_that_contradict_themselves_are_no_metadata(document: object) -> None:
    """Codes and texts that do not pair, or a code twice, are a broken answer."""
    with pytest.raises(BrokenBodyError):
        read_table(document, blank("1"), language="no", geo=frozenset())


def test_ssb_is_searched_and_scb_is_not(connected) -> None:
    """SCB's v1 answers a search with 400, so it is not asked."""
    with PxWebServer([listed_flows()]) as server:
        assert [hit.id for hit in connected(server, "v1").search("sysselsatte")] == ["03321"]
    with PxWebServer([listed_flows()], flavour="scb") as server:
        with pytest.raises(SettingsError, match="cannot be searched through v1"):
            connected(server, "v1").search("sysselsatte")
        assert server.log == []


def test_the_nordic_database_is_asked_by_the_whole_path(connected) -> None:
    """Its table ids name the database and the folders, blanks included."""
    served = replace(listed_flows(), language="en", v1_path="Labour market/Commuting/COMM10")
    with PxWebServer([served], flavour="nordic") as server:
        (document,) = fetch_all(connected(server, "v1"), "", "Nordic Statistics/Labour market/Commuting/COMM10")
    assert document["value"] == list(range(144))
