"""PxWebApi v2: what a selection means, and its traps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from pxweb_server import Limits, PxWebServer, ServedTable
from pxweb_server.examples import flows, holes

MANDATORY = {"ArbstedKomm": ["*"], "ContentsCode": ["*"], "Tid": ["*"]}


@pytest.fixture(scope="module")
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows(), holes()], limits=Limits(cells=1_000, calls=0)) as running:
        yield running


def _select(
    server: PxWebServer, table: str, lists: dict[str, str] | None = None, **codes: list[str]
) -> requests.Response:
    selection = [
        {"variableCode": code, "valueCodes": chosen, "codelist": (lists or {}).get(code)}
        for code, chosen in codes.items()
    ]
    return requests.post(f"{server.v2}/tables/{table}/data", json={"selection": selection}, timeout=10)


def _codes(answer: requests.Response, dimension: str) -> list[str]:
    return list(answer.json()["dimension"][dimension]["category"]["index"])


def _title(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["title"]


@pytest.mark.parametrize(
    ("expressions", "codes"),
    [
        (["*"], ["0301", "3001", "3002", "3105"]),
        (["30*"], ["3001", "3002"]),
        (["*01"], ["0301", "3001"]),
        (["*10*"], ["3105"]),
        (["300?"], ["3001", "3002"]),
        (["TOP(1)"], ["0301"]),
        (["top(2,1)"], ["3001", "3002"]),
        (["bottom(1)"], ["3105"]),
        (["bottom(2,1)"], ["3001", "3002"]),
        (["top(99)"], ["0301", "3001", "3002", "3105"]),
        (["from(3002)"], ["3002", "3105"]),
        (["to(3001)"], ["0301", "3001"]),
        (["range(3001,3105)"], ["3001", "3002", "3105"]),
        (["range(3105,3001)"], ["3001", "3002", "3105"]),
        (["3105", "0301"], ["0301", "3105"]),
        (["*", "0301", "30*"], ["0301", "3001", "3002", "3105"]),
    ],
)
def test_expressions_name_codes_in_table_order(server: PxWebServer, expressions: list[str], codes: list[str]) -> None:
    """An expression names the codes the real server's does, and the answer comes in table order."""
    assert _codes(_select(server, "03321", **(MANDATORY | {"ArbstedKomm": expressions})), "ArbstedKomm") == codes


@pytest.mark.parametrize(
    ("expression", "title"),
    [
        ("3*1", "Illegal selection expression"),
        ("***", "Illegal selection expression"),
        ("30**", "Illegal selection expression"),
        ("top(0)", "Illegal selection expression"),
        ("top(x)", "Illegal selection expression"),
        ("range(3001)", "Illegal selection expression"),
        ("range(3001,9999)", "Non-existent value"),
        ("from(9999)", "Non-existent value"),
        ("9999", "Non-existent value"),
        ("99*", "Missing selection for mandantory variable"),
        ("3?0*", "Missing selection for mandantory variable"),
    ],
)
def test_a_wrong_expression_is_refused_in_the_services_words(server: PxWebServer, expression: str, title: str) -> None:
    """Each wrong expression has its own title; ``?`` and ``*`` together match nothing."""
    assert _title(_select(server, "03321", **(MANDATORY | {"ArbstedKomm": [expression]}))) == (400, title)


def test_top_of_time_is_the_latest(server: PxWebServer) -> None:
    """For the time variable ``top`` counts from the newest and ``bottom`` from the oldest."""
    assert _codes(_select(server, "03321", **(MANDATORY | {"Tid": ["top(2)"]})), "Tid") == ["2022", "2023"]
    assert _codes(_select(server, "03321", **(MANDATORY | {"Tid": ["bottom(2)"]})), "Tid") == ["2021", "2022"]


def test_codes_and_variables_match_in_any_case(server: PxWebServer) -> None:
    """The case of codes does not matter, and ``Time`` is another name for the time variable."""
    answer = _select(server, "11616", region=["A", "c"], CONTENTSCODE=["inn"], Time=["2023"])
    assert answer.json()["value"] == [0, 7.5]


def test_a_wildcard_that_matches_nothing_eliminates_without_a_word(server: PxWebServer) -> None:
    """An eliminable variable whose wildcard finds no code is summed away, with status 200."""
    answer = _select(server, "03321", **MANDATORY, Bokommuen=["99*"])
    assert answer.status_code == 200
    assert "Bokommuen" not in answer.json()["id"]


def test_an_omitted_variable_is_summed_or_taken_at_its_total(server: PxWebServer) -> None:
    """Residence has no total and is summed; sex has one, which is taken."""
    answer = _select(server, "03321", ArbstedKomm=["0301"], ContentsCode=["*"], Tid=["2021"])
    cells = flows().values[0, :, 0, 0, 0]
    assert answer.json()["value"] == [cells.sum()]


def test_the_case_variant_of_a_literal_is_the_same_literal(server: PxWebServer) -> None:
    """A code given twice, once in another case, breaks the server with an empty body."""
    answer = _select(server, "11616", Region=["a", "A"], ContentsCode=["*"], Tid=["*"])
    assert (answer.status_code, answer.content) == (500, b"")


def test_an_aggregation_sums_and_comes_in_its_own_order(server: PxWebServer) -> None:
    """``agg_`` codes hold the sum of their members."""
    lists = {"ArbstedKomm": "agg_Fylker"}
    answer = _select(
        server, "03321", lists, ArbstedKomm=["*"], Bokommuen=["*"], Kjonn=["0"], ContentsCode=["*"], Tid=["2021"]
    )
    cells = flows().values[:, :, 0, 0, 0]
    assert _codes(answer, "ArbstedKomm") == ["F-03", "F-31"]
    assert answer.json()["value"] == [*cells[0], *cells[1:].sum(axis=0)]


def test_a_value_set_narrows_without_summing(server: PxWebServer) -> None:
    """A ``vs_`` list offers only its own codes; its id may hold ``+`` and letters outside ASCII."""
    lists = {"ArbstedKomm": "vs_Smaa+Få"}
    assert _codes(_select(server, "03321", lists, **MANDATORY), "ArbstedKomm") == ["3001", "3002"]
    assert _title(_select(server, "03321", lists, **(MANDATORY | {"ArbstedKomm": ["0301"]}))) == (
        400,
        "Non-existent value",
    )


def test_a_sum_with_a_hole_has_the_sum_symbol_and_a_true_zero_counts(server: PxWebServer) -> None:
    """``-`` counts as 0 in a sum; any other symbol makes the sum null, with DATASYMBOLSUM."""
    answer = _select(server, "11616", {"Region": "agg_AB"}, Region=["*"], ContentsCode=["*"], Tid=["*"]).json()
    assert answer["value"] == [5, None, None, 7.5]
    assert answer["status"] == {"1": ".", "2": ".."}


def test_status_and_legend_are_those_of_the_cells_chosen(server: PxWebServer) -> None:
    """Symbols sit at the position of their cell, and the notes explain those that are used."""
    answer = _select(server, "11616", Region=["b"], ContentsCode=["*"], Tid=["*"]).json()
    assert (answer["value"], answer["status"]) == ([None, None], {"0": "-", "1": ":"})
    assert answer["note"] == [": = Vises ikke av konfidensialitetshensyn"]


def test_elimination_in_an_answer_means_that_the_total_is_there(server: PxWebServer) -> None:
    """Metadata say whether a variable may be left out; data say whether its total is among the codes."""
    metadata = requests.get(f"{server.v2}/tables/03321/metadata", timeout=10).json()["dimension"]["Kjonn"]["extension"]
    with_total = _select(server, "03321", **MANDATORY, Kjonn=["0", "1"]).json()["dimension"]["Kjonn"]["extension"]
    without = _select(server, "03321", **MANDATORY, Kjonn=["1"]).json()["dimension"]["Kjonn"]["extension"]
    assert (metadata["elimination"], "eliminationValueCode" in metadata) == (True, False)
    assert (with_total["elimination"], with_total["eliminationValueCode"]) == (True, "0")
    assert (without["elimination"], "eliminationValueCode" in without) == (False, False)


def test_brackets_keep_a_comma_in_the_address(server: PxWebServer) -> None:
    """``[range(a,b)]`` is one expression in a GET, and a plain comma parts two codes."""
    params = {
        "valueCodes[Tid]": "[range(2021,2022)],2023",
        "valueCodes[ContentsCode]": "*",
        "valueCodes[ArbstedKomm]": "0301",
    }
    assert _codes(requests.get(f"{server.v2}/tables/03321/data", params=params, timeout=10), "Tid") == [
        "2021",
        "2022",
        "2023",
    ]


def test_a_parameter_given_twice_counts_twice(server: PxWebServer) -> None:
    """``valueCodes[Tid]=a&valueCodes[Tid]=b`` means both, as ASP.NET reads it."""
    chosen = "valueCodes[ContentsCode]=*&valueCodes[Tid]=2021&valuecodes[Tid]=2023&valueCodes[ArbstedKomm]=0301"
    assert _codes(requests.get(f"{server.v2}/tables/03321/data?{chosen}", timeout=10), "Tid") == ["2021", "2023"]


def test_a_plus_in_the_address_is_a_space(server: PxWebServer) -> None:
    """A code with ``+`` is found only where the plus is encoded."""
    region = {"1+2": "begge", "1": "en", "2": "to"}
    table = holes()
    served = replace(
        table, id="plus", dimensions=[replace(table.dimensions[0], values=region), *table.dimensions[1:]], codelists={}
    )
    with PxWebServer([served]) as other:
        address = f"{other.v2}/tables/plus/data?valueCodes[ContentsCode]=*&valueCodes[Tid]=*&valueCodes[Region]="
        assert _title(requests.get(f"{address}1+2", timeout=10)) == (400, "Non-existent value")
        assert _codes(requests.get(f"{address}1%2B2", timeout=10), "Region") == ["1+2"]


def test_value_codes_without_a_variable_are_refused(server: PxWebServer) -> None:
    """A bare ``valueCodes=`` is a 400 of another kind, with its own body."""
    answer = requests.get(f"{server.v2}/tables/03321/data?valueCodes=0301", timeout=10)
    assert _title(answer) == (400, "One or more validation errors occurred.")


def test_a_long_address_is_not_found(server: PxWebServer) -> None:
    """At 2,092 characters the address is read, at 2,142 it is not found; a POST may be longer."""
    start = f"{server.v2}/tables/03321?x="
    assert requests.get(start + "x" * (2_092 - len(start)), timeout=10).status_code == 200
    assert requests.get(start + "x" * (2_142 - len(start)), timeout=10).status_code == 404
    assert _select(server, "03321", **MANDATORY, Bokommuen=["0301", *(["*"] * 2_000)]).status_code == 200


def test_placement_turns_the_answer(server: PxWebServer) -> None:
    """Placed variables come stub first, and every cell moves with its codes."""
    body: dict[str, Any] = {
        "selection": [{"variableCode": code, "valueCodes": ["*"]} for code in ("Region", "ContentsCode", "Tid")]
    }
    plain = requests.post(f"{server.v2}/tables/11616/data", json=body, timeout=10).json()
    body["placement"] = {"heading": ["Region"], "stub": ["time", "ContentsCode"]}
    turned = requests.post(f"{server.v2}/tables/11616/data", json=body, timeout=10).json()
    assert (plain["id"], turned["id"]) == (["Region", "ContentsCode", "Tid"], ["Tid", "ContentsCode", "Region"])
    assert plain["value"] == [5, 0, None, None, None, 7.5]
    assert turned["value"] == [5, None, None, 0, None, 7.5]
    assert turned["status"] == {"1": "-", "4": ":", "2": ".."}


@pytest.mark.parametrize(("language", "label"), [("no", "Pendlere"), ("en", "Commuters")])
def test_labels_come_in_the_language_asked_for(language: str, label: str) -> None:
    """``lang`` picks the translation."""
    norwegian = replace(flows(), label="Pendlere")
    table = replace(norwegian, translations={"en": replace(norwegian, label="Commuters", language="en")})
    with PxWebServer([table]) as server:
        assert requests.get(f"{server.v2}/tables/03321/metadata?lang={language}", timeout=10).json()["label"] == label


def test_the_table_list_is_paged_searched_and_cut_to_recent_days() -> None:
    """``query``, ``pastDays`` and the pages narrow ``/tables``; a discontinued table is left out unless asked for."""
    ended = replace(flows(), id="00001", discontinued=True)
    with PxWebServer(
        [flows(), replace(holes(), updated="2001-01-01T00:00:00Z"), ended], limits=Limits(calls=0)
    ) as server:

        def ids(query: str) -> list[str]:
            return [table["id"] for table in requests.get(f"{server.v2}/tables?{query}", timeout=10).json()["tables"]]

        assert ids("") == ["03321", "11616"]
        assert ids("includeDiscontinued=true") == ["03321", "11616", "00001"]
        assert ids("pageSize=1&pageNumber=2") == ["11616"]
        assert ids("query=title:Pendl*") == ["11616"]
        assert ids("query=bosted") == ["03321"]
        assert ids("pastDays=3650") == ["03321"]


def test_a_saved_query_is_run_as_it_was_saved(server: PxWebServer) -> None:
    """A saved query gives the data of its selection, and its expressions as codes."""
    selection = [
        {"variableCode": code, "valueCodes": chosen} for code, chosen in (MANDATORY | {"Tid": ["top(1)"]}).items()
    ]
    query = {"tableId": "03321", "language": "no", "outputFormatParams": [], "selection": {"selection": selection}}
    saved = requests.post(f"{server.v2}/savedqueries", json=query, timeout=10)
    address = f"{server.v2}/savedqueries/{saved.json()['id']}"
    assert saved.status_code == 201
    assert _codes(requests.get(f"{address}/data", timeout=10), "Tid") == ["2023"]
    told = requests.get(f"{address}/selection", timeout=10).json()["selection"]
    assert {item["variableCode"]: item["valueCodes"] for item in told}["Tid"] == ["2023"]


def test_csv_comes_in_latin_1(server: PxWebServer) -> None:
    """Letters outside Latin-1 are lost in csv."""
    table = replace(
        holes(),
        id="sami",
        dimensions=[
            replace(holes().dimensions[0], values={"a": "Kárášjohka", "b": "Ås", "c": "C"}),
            *holes().dimensions[1:],
        ],
    )
    with PxWebServer([table]) as other:
        answer = requests.get(f"{other.v2}/tables/sami/data?outputFormat=csv", timeout=10)
    assert answer.headers["Content-Type"] == "text/csv; charset=iso-8859-1"
    assert '"Kárá?johka"' in answer.text
    assert '"Ås"' in answer.text


@pytest.mark.parametrize("announce", ["headers", "config", "both", "none"])
def test_the_pace_is_told_where_the_agency_tells_it(announce: Any) -> None:
    """``/config`` says 0/0 where the pace is told in headers only."""
    with PxWebServer(limits=Limits(calls=7, window=2.0, announce=announce)) as server:
        config = requests.get(f"{server.v2}/config", timeout=10).json()
        headers = requests.get(f"{server.v2}/tables", timeout=10).headers
    in_config = (7, 2) if announce in ("config", "both") else (0, 0)
    assert (config["maxCallsPerTimeWindow"], config["timeWindow"]) == in_config
    assert ("x-ratelimit-policy" in headers) == (announce in ("headers", "both"))


def test_a_table_that_contradicts_itself_cannot_be_served() -> None:
    """Values that do not fill the cube, and code lists of unknown codes, are faults of the test."""
    with pytest.raises(ValueError, match="5 values for 3 x 1 x 2 cells"):
        replace(holes(), values=[1, 2, 3, 4, 5], status={})
    with pytest.raises(ValueError, match="unknown codes"):
        ServedTable("x", "x", [replace(holes().dimensions[0], values={"q": "Q"})], [1], codelists=holes().codelists)
