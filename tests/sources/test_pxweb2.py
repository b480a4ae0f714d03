"""PxWebApi v2: what is sent, and how the answers are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
import requests

from nordstat.errors import UnknownSelectionError, UnreachableError
from nordstat.model.answer import Answer, TableMeta
from nordstat.model.selection import ELIMINATE, Choice, Query, Selection
from nordstat.sources import SERVICES, fetch
from nordstat.sources.budget import Pace
from nordstat.sources.pxweb2 import data_address, read_codelist, read_config, read_search, read_table
from nordstat.sources.service import Terms
from pxweb_server import Fault, PxWebServer, ServedTable
from pxweb_server.examples import flows as listed_flows
from pxweb_server.examples import holes


def read(client, words: str, table: TableMeta) -> list[dict]:
    """The documents that answer a selection."""
    plan = client.plan(client.resolve(Selection.parse(words), table), table)
    return [orjson.loads(answer.body) for answer in fetch(client, plan)]


def test_metadata_tell_what_a_plan_needs(connected) -> None:
    """Codes in table order with labels, roles, elimination, code lists, units and notes."""
    served = replace(listed_flows(), notes=("Merk: <b>1</b>\r\nog 2",))
    with PxWebServer([served]) as server:
        table = connected(server).table("03321")
    place, home, sex, contents, time = table.variables
    assert (table.service, table.id, table.updated, table.cells) == ("SSB", "03321", served.updated, 144)
    assert list(place.values.items()) == [("0301", "Oslo"), ("3001", "Halden"), ("3002", "Moss"), ("3105", "Sarpsborg")]
    assert [v.elimination for v in table.variables] == [False, True, True, False, False]
    assert (place.geo, time.time, sex.geo, sex.labels) == (True, True, False, {"no": "kjønn"})
    assert home.codelists == {"agg_Fylker": "fylker"}
    assert contents.units == {"Sys": "personer"}
    assert table.notes == served.notes  # HTML and line breaks stay as they are: quirk 26
    assert orjson.loads(table.answer.body)["id"][0] == "ArbstedKomm"


@pytest.mark.corpus
def test_the_recorded_metadata_of_scb_are_read(reference: Path) -> None:
    """TAB6471: 312 x 134 x 3 x 1 x 16, areas known although SCB sets no role for them (quirk 11)."""
    body = (reference / "recorded" / "scb_v2" / "TAB6471_metadata.json").read_bytes()
    answer = Answer(
        service="SCB",
        table="TAB6471",
        url="",
        query="metadata",
        body=body,
        received=datetime.now(UTC),
        content_type="",
        api="v2",
    )
    table = read_table(orjson.loads(body), answer, language="sv", geo=SERVICES["SCB"].geo)
    assert [len(variable.values) for variable in table.variables] == [312, 134, 3, 1, 16]
    assert table.variables[0].geo
    assert "vs_CKM02Län" in table.variables[0].codelists
    assert table.updated == "2026-06-08T06:00:00Z"


@pytest.mark.corpus
def test_the_recorded_configurations_are_read(reference: Path) -> None:
    """SCB's tells cells and pace, SSB's 0/0 leaves the pace to the headers (quirk 10)."""
    terms = Terms(1, Pace(30, 60.0), 5)
    scb = orjson.loads((reference / "recorded" / "scb_v2" / "config.json").read_bytes())
    ssb = orjson.loads((reference / "recorded" / "ssb_v2" / "config_2026-08-30.json").read_bytes())
    assert read_config(scb, terms) == Terms(150_000, Pace(3, 1.0), 5)
    assert read_config(ssb, terms) == Terms(800_000, Pace(30, 60.0), 5)


@pytest.mark.corpus
def test_the_recorded_lists_are_read(reference: Path) -> None:
    """A page of tables, and a code list whose id holds letters outside ASCII."""
    recorded = reference / "recorded" / "scb_v2"
    page = read_search(orjson.loads((recorded / "tables.json").read_bytes()))
    hits, pages = page.hits, page.pages
    assert (hits[0].id, hits[0].last_period, pages) == ("TAB4707", "2026M03", 213)
    codelist = read_codelist(orjson.loads((recorded / "codelist_agg_Alder10arJ.json").read_bytes()))
    assert codelist.id == "agg_Ålder10årJ"
    assert codelist.members["10-19"] == tuple(str(age) for age in range(19, 9, -1))


def test_an_answer_is_decoded_by_its_own_order(connected) -> None:
    """Codes asked for in any order are asked for, and come, in table order (quirk 13)."""
    with PxWebServer([listed_flows()]) as server:
        client = connected(server)
        (document,) = read(client, "Bokommuen=3105,0301 Kjonn=0", client.table("03321"))
        asked = orjson.loads(server.calls("POST")[0].body)["selection"]
    assert list(document["dimension"]["Bokommuen"]["category"]["index"]) == ["0301", "3105"]
    assert {item["variableCode"]: item["valueCodes"] for item in asked}["Bokommuen"] == ["0301", "3105"]


def test_elimination_is_asked_for_by_leaving_out(connected) -> None:
    """A variable to be summed away is not in the request; all others are, so no default selection is taken."""
    with PxWebServer([listed_flows()]) as server:
        client = connected(server)
        (document,) = read(client, "Bokommuen=eliminate() Kjonn=eliminate()", client.table("03321"))
    assert document["id"] == ["ArbstedKomm", "ContentsCode", "Tid"]


def test_a_code_list_is_counted_and_fetched_by_its_own_codes(connected) -> None:
    """An aggregation of two codes over a variable of four gives two, and its cells are sums."""
    with PxWebServer([listed_flows()]) as server:
        client = connected(server)
        table = client.table("03321")
        words = "ArbstedKomm:agg_Fylker=* Bokommuen=0301 Kjonn=0 Tid=2021"
        query = client.resolve(Selection.parse(words), table)
        (document,) = read(client, words, table)
    assert query.cells == 2
    assert query.asked["ArbstedKomm:agg_Fylker"] == ("F-03", "F-31")
    assert document["value"] == [0, 36 * (1 + 2 + 3)]


def test_a_code_list_the_server_cannot_show_is_used_as_written(connected) -> None:
    """Its id holds a plus: it cannot be looked into, but cells can be asked for in its codes (quirk 8)."""
    with PxWebServer([listed_flows()]) as server:
        client = connected(server)
        table = client.table("03321")
        (document,) = read(client, "ArbstedKomm:vs_Smaa+Få=3001 Bokommuen=0301 Kjonn=0 Tid=2021", table)
        assert document["value"] == [36]
        with pytest.raises(UnknownSelectionError, match="are not told here"):
            client.resolve(Selection.parse("ArbstedKomm:vs_Smaa+Få=*"), table)
        assert not server.calls(path_contains="codelists")


def test_variables_are_found_by_their_label_in_another_language(connected) -> None:
    """An English name costs one more request, and none where the first language has it."""
    english = replace(
        holes(),
        language="en",
        dimensions=[replace(holes().dimensions[0], label="municipality"), *holes().dimensions[1:]],
    )
    served = replace(holes(), translations={"en": english})
    with PxWebServer([served]) as server:
        client = connected(server)
        table = client.table("11616")
        client.resolve(Selection.parse("år=2022"), table)
        assert len(server.log) == 1
        query = client.resolve(Selection.parse("municipality=a år=2022"), table)
        assert len(server.log) == 2
    assert query.shape == (1, 1, 1)


def test_labels_can_be_asked_for_in_another_language(connected) -> None:
    """The language goes with the request and stays in the question."""
    with PxWebServer([holes()]) as server:
        client = connected(server)
        table = client.table("11616")
        plan = client.plan(client.resolve(Selection(), table, language="en"), table)
        (answer,) = fetch(client, plan)
        assert "lang=en" in server.calls("POST")[0].query
    assert answer.query["lang"] == ("en",)


def test_a_search_reads_every_page(connected, small: ServedTable) -> None:
    """All tables found are given, whatever the number of pages."""
    tables = [replace(small, id=f"{number:05d}", label=f"{number:05d}: Pendlere") for number in range(130)]
    with PxWebServer(tables) as server:
        hits = connected(server).search("pendlere")
        assert len(server.log) == 2
    assert [hit.id for hit in hits] == [table.id for table in tables]
    assert hits[0].last_period == "2023"


def changing(server: PxWebServer, change: Callable[[int], None], *, times: int | None) -> Fault:
    """Let the list of tables change while its first page is on its way."""
    turns = count(1)

    def edit(document: dict[str, Any]) -> dict[str, Any]:
        change(next(turns))
        return document

    return Fault("edit", times=times, path_contains="pageNumber=1", edit=edit)


@pytest.mark.fault("P17")
@pytest.mark.parametrize("tables", [130, 101])
@pytest.mark.parametrize("kind", ["removed", "added"])
def test_a_list_that_changes_while_it_is_read_is_read_again(
    kind: str, tables: int, connected, small: ServedTable
) -> None:
    """A table that comes or goes between two pages moves the others: no table is given twice, and none is missing."""
    served = [replace(small, id=f"{number:05d}") for number in range(tables)]
    with PxWebServer(served) as server:

        def change(_: int) -> None:
            if kind == "removed":
                server.remove("00007")
            else:
                server.tables = {"new": replace(small, id="new"), **server.tables}

        server.add_fault(changing(server, change, times=1))
        hits = connected(server).search()
        assert [hit.id for hit in hits] == list(server.tables)
        assert len(server.tables) == tables + (1 if kind == "added" else -1)


@pytest.mark.fault("P17")
def test_a_list_that_never_stands_still_is_an_error(connected, small: ServedTable) -> None:
    """After three readings it is told, with when to ask again; half a list is never given."""
    with PxWebServer([replace(small, id=f"{number:05d}") for number in range(130)]) as server:
        server.add_fault(changing(server, lambda turn: server.remove(f"{turn:05d}"), times=None))
        with pytest.raises(UnreachableError, match="the list of tables changed each time") as caught:
            connected(server).search()
        assert len(server.log) == 6
    assert (caught.value.service, caught.value.exit_code) == ("SSB", 3)


@pytest.mark.fault("P15")
def test_a_table_without_english_is_read_in_its_own_language(connected) -> None:
    """Codes and its own labels name the same cells as ever; English words name nothing, and say so."""
    table = listed_flows()
    with PxWebServer([table], faults=[Fault("status", status=404, times=None, path_contains="lang=en")]) as server:
        client = connected(server)
        described = client.table("03321")
        by_code = client.resolve(Selection.parse("Bokommuen=0301 Tid=top(1)"), described)
        label = next(iter(described.variables[1].labels.values()))
        assert client.resolve(Selection.of({label: "0301", "Tid": "top(1)"}), described).choices == by_code.choices
        with pytest.raises(UnknownSelectionError, match="dwelling"):
            client.resolve(Selection.of({"dwelling": "0301"}), described)
        assert {met.status for met in server.log if "lang=en" in met.query} == {404}


@pytest.mark.fault("P15")
@pytest.mark.parametrize("lacking", [{"label": None}, {"label": {}}, {"label": {"0301": ""}}])
def test_english_labels_that_are_missing_are_codes(lacking: dict[str, Any], connected) -> None:
    """Where a translation has no words for a code or a variable the code stands there, and the codes are as ever."""

    def without(document: dict[str, Any]) -> dict[str, Any]:
        del document["dimension"]["Bokommuen"]["label"]
        document["dimension"]["Bokommuen"]["category"] |= lacking
        return document

    with PxWebServer([listed_flows()]) as server:
        client = connected(server)
        own = client.table("03321")
        server.add_fault(Fault("edit", path_contains="lang=en", edit=without))
        english = client.table("03321", language="en")
    home = next(variable for variable in english.variables if variable.code == "Bokommuen")
    assert [list(variable.values) for variable in english.variables] == [list(each.values) for each in own.variables]
    assert home.labels == {"en": "Bokommuen"}
    assert home.values["0301"] == "0301"


def test_a_saved_query_is_read_and_made_explicit(connected) -> None:
    """What it leaves out is eliminated, not taken whole."""
    with PxWebServer([listed_flows()]) as server:
        selection = [
            {"variableCode": "ArbstedKomm", "valueCodes": ["*"]},
            {"variableCode": "ContentsCode", "valueCodes": ["Sys"]},
            {"variableCode": "Tid", "valueCodes": ["top(1)"]},
        ]
        saved = {
            "tableId": "03321",
            "language": "no",
            "outputFormat": "json-stat2",
            "outputFormatParams": [],
            "selection": {"selection": selection, "placement": {"heading": [], "stub": []}},
        }
        kept = requests.post(f"{server.v2}/savedqueries", json=saved, timeout=10).json()
        client = connected(server)
        table, found = client.saved(kept["id"])
        query = client.resolve(found, table)
    assert query.asked == {
        "ArbstedKomm": ("0301", "3001", "3002", "3105"),
        "ContentsCode": ("Sys",),
        "Tid": ("2023",),
        "Bokommuen": (ELIMINATE,),
        "Kjonn": (ELIMINATE,),
    }


def test_an_address_shows_the_same_cells(connected) -> None:
    """The address for citing gives what the POST gave, whatever commas, plus signs and brackets are in the codes."""
    odd = listed_flows()
    codes = {"1+2": "begge", "a,b": "komma", "04+05": "to", "(x)": "klammer"}
    odd = replace(odd, codelists={}, dimensions=[replace(odd.dimensions[0], values=codes), *odd.dimensions[1:]])
    with PxWebServer([odd]) as server:
        client = connected(server)
        table = client.table("03321")
        query = client.resolve(Selection.of({"ArbstedKomm": ["1+2", "a,b", "(x)"], "Tid": "top(2)"}), table)
        (answer,) = fetch(client, client.plan(query, table))
        shown = requests.get(data_address(client.service, query), timeout=10)
    assert shown.content == answer.body


def test_there_is_no_address_for_a_long_selection() -> None:
    """Over 2,000 characters there is none to cite."""
    query = Query("SSB", "03321", (Choice("Region", tuple(f"{n:04d}" for n in range(500))),))
    assert data_address(SERVICES["SSB"], query) == ""
    short = replace(query, choices=(Choice("Region", ("0301",)),))
    assert quote("valueCodes[Region]", safe="[]") in data_address(SERVICES["SSB"], short)
