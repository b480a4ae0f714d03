"""PxWeb v1: filters, what omission means, and the words of each agency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pxweb_server import Limits, PxWebServer
from pxweb_server.examples import flows, holes


@pytest.fixture(scope="module")
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows(), holes()], limits=Limits(cells=1_000, calls=0)) as running:
        yield running


def _ask(
    server: PxWebServer, table: str, written_as: str = "json-stat2", **chosen: tuple[str, list[str]]
) -> requests.Response:
    query = [{"code": code, "selection": {"filter": kind, "values": values}} for code, (kind, values) in chosen.items()]
    body: dict[str, Any] = {"query": query, "response": {"format": written_as} if written_as else {}}
    return requests.post(f"{server.v1}/no/table/{table}", json=body, timeout=10)


def _codes(answer: requests.Response, dimension: str) -> list[str]:
    return list(answer.json()["dimension"][dimension]["category"]["index"])


@pytest.mark.parametrize(
    ("kind", "values", "codes"),
    [
        ("item", ["3105", "0301"], ["0301", "3105"]),
        ("all", ["*"], ["0301", "3001", "3002", "3105"]),
        ("all", ["30*", "*05"], ["3001", "3002", "3105"]),
        ("top", ["2"], ["0301", "3001"]),
        ("agg:Fylker", ["F-31"], ["F-31"]),
        ("vs:Smaa+Få", ["3002"], ["3002"]),
        ("vs:Smaa+Få", [], ["3001", "3002"]),
    ],
)
def test_filters_name_codes_in_table_order(server: PxWebServer, kind: str, values: list[str], codes: list[str]) -> None:
    """Each filter names the codes v1's does; a value set with no values means all of it."""
    assert _codes(_ask(server, "03321", ArbstedKomm=(kind, values)), "ArbstedKomm") == codes


def test_top_of_time_is_the_latest(server: PxWebServer) -> None:
    """``top`` counts time from the newest."""
    assert _codes(_ask(server, "03321", Tid=("top", ["2"])), "Tid") == ["2022", "2023"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("item", ["9999"]),
        ("agg:Fylker", ["*"]),
        ("agg:Nothing", ["F-31"]),
        ("top", ["0"]),
        ("top", ["1", "2"]),
        ("all", ["300?"]),
        ("nothing", ["3001"]),
    ],
)
def test_a_wrong_filter_is_refused_by_the_name_of_its_variable(
    server: PxWebServer, kind: str, values: list[str]
) -> None:
    """SSB names the variable; ``?`` is no wildcard here, and an aggregation takes none at all."""
    answer = _ask(server, "03321", ArbstedKomm=(kind, values))
    sentence = "The request for variable 'ArbstedKomm' has an error. Please check your query."
    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_an_omitted_variable_is_eliminated_or_comes_whole(server: PxWebServer) -> None:
    """Where v2 refuses, v1 gives every value of a variable that cannot be eliminated, time included."""
    answer = _ask(server, "03321", Bokommuen=("item", ["0301"]))
    assert answer.json()["id"] == ["ArbstedKomm", "Bokommuen", "ContentsCode", "Tid"]
    assert answer.json()["size"] == [4, 1, 1, 3]


def test_the_case_of_a_variable_matters(server: PxWebServer) -> None:
    """v1 knows a variable by its exact code, v2 in any case."""
    assert _ask(server, "03321", tid=("item", ["2021"])).json() == {"error": "Parameter error"}


def test_a_misspelt_format_is_refused(server: PxWebServer) -> None:
    """``jsonstat2`` is no format."""
    assert _ask(server, "11616", "jsonstat2").json() == {"error": "Parameter error"}


def test_a_table_is_found_by_id_and_by_path(server: PxWebServer) -> None:
    """SSB's five digits are a shortcut to the whole path."""
    by_id = requests.get(f"{server.v1}/no/table/03321", timeout=10).json()
    assert requests.get(f"{server.v1}/no/table/al/al06/pendling/03321", timeout=10).json() == by_id
    assert requests.get(f"{server.v1}/no/table/99999", timeout=10).status_code == 404


def test_the_tree_is_walked_level_by_level(server: PxWebServer) -> None:
    """A level lists folders as ``l`` and tables as ``t``."""
    root = requests.get(f"{server.v1}/no/table", timeout=10).json()
    leaf = requests.get(f"{server.v1}/no/table/al/al06/pendling", timeout=10).json()
    assert {entry["id"]: entry["type"] for entry in root} == {"al": "l", "11616": "t"}
    assert [(entry["id"], entry["type"]) for entry in leaf] == [("03321", "t")]
    assert requests.get(f"{server.v1}/no", timeout=10).json() == [{"dbid": "table", "text": "Statistisk sentralbyrå"}]


def test_config_is_asked_for_with_a_question_mark(server: PxWebServer) -> None:
    """``?config`` tells the limits of v1."""
    told = requests.get(f"{server.v1}/no/table/?config", timeout=10).json()
    assert told == {"maxValues": 110_000, "maxCells": 1_000, "maxCalls": 0, "timeWindow": 10, "CORS": True}


def test_scb_gives_px_where_no_format_is_named() -> None:
    """SCB's default is a PX file, SSB's is json-stat2."""
    with PxWebServer([holes()], flavour="scb") as scb, PxWebServer([holes()]) as ssb:
        px = requests.post(f"{scb.v1}/sv/ssd/11616", json={"query": []}, timeout=10)
        json_stat = requests.post(f"{ssb.v1}/no/table/11616", json={"query": []}, timeout=10)
    assert px.text.startswith('CHARSET="ANSI";')
    assert json_stat.json()["class"] == "dataset"


def test_scb_accepts_a_start_segment() -> None:
    """Published scripts write ``ssd/START/...``, which is the same table."""
    with PxWebServer([holes()], flavour="scb") as server:
        assert requests.get(f"{server.v1}/sv/ssd/START/11616", timeout=10).json()["title"] == holes().label


def test_the_extension_is_lost_beside_a_status_in_json_stat_1(server: PxWebServer) -> None:
    """The 1.x bundle drops ``extension`` as soon as one cell has a status."""
    with_status = _ask(server, "11616", "json-stat", Region=("item", ["a", "b", "c"])).json()["dataset"]
    without = _ask(server, "03321", "json-stat").json()["dataset"]
    assert ("status" in with_status, "extension" in with_status) == (True, False)
    assert ("status" in without, "extension" in without) == (False, True)


def test_px_json_gives_symbols_and_numbers_as_strings(server: PxWebServer) -> None:
    """PX-JSON knows no null: a cell without a number holds its symbol."""
    rows = _ask(server, "11616", "json", Region=("item", ["a", "b", "c"])).json()["data"]
    assert [row["values"] for row in rows] == [["5"], ["0"], ["-"], [":"], [".."], ["7.5"]]
    assert rows[2]["key"] == ["b", "2022"]


def test_too_many_values_are_forbidden(server: PxWebServer) -> None:
    """v1 says 403 where v2 says 400."""
    with PxWebServer([flows()], limits=Limits(cells=10)) as small:
        answer = _ask(small, "03321")
    assert (answer.status_code, answer.json()) == (403, {"error": "Too many values selected"})
