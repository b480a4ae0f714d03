"""Klass: dates, forms and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pxweb_server import PxWebServer
from pxweb_server.examples import municipalities


@pytest.fixture(scope="module")
def server() -> Iterator[PxWebServer]:
    with PxWebServer(klass={131: municipalities()}) as running:
        yield running


def _ask(server: PxWebServer, path: str, accept: str = "application/json") -> requests.Response:
    return requests.get(f"{server.klass}/{path}", headers={"Accept": accept}, timeout=10)


def _codes(server: PxWebServer, query: str) -> list[str]:
    return [code["code"] for code in _ask(server, f"classifications/131/{query}").json()["codes"]]


def test_a_code_ends_on_the_day_its_successor_begins(server: PxWebServer) -> None:
    """The end of a validity is exclusive: on 1 January 2019 Rindal is 5061 only."""
    assert _codes(server, "codesAt?date=2018-12-31") == ["0104", "1567"]
    assert _codes(server, "codesAt?date=2019-01-01") == ["0104", "5061"]


def test_a_range_gives_each_code_its_part_of_it(server: PxWebServer) -> None:
    """``codes`` tells which part of the range asked for a code holds in; ``codesAt`` tells nothing of it."""
    told = _ask(server, "classifications/131/codes?from=2018-01-01&to=2020-01-01").json()["codes"]
    parts = {code["code"]: (code["validFromInRequestedRange"], code["validToInRequestedRange"]) for code in told}
    assert parts == {
        "0104": ("2018-01-01", "2020-01-01"),
        "1567": ("2018-01-01", "2019-01-01"),
        "5061": ("2019-01-01", "2020-01-01"),
    }
    at = _ask(server, "classifications/131/codesAt?date=2020-01-01").json()["codes"]
    assert "validFromInRequestedRange" not in at[0]


def test_codes_are_chosen_by_level_and_pattern(server: PxWebServer) -> None:
    """``selectCodes`` takes codes, ``*`` at the end, and ranges."""
    assert _codes(server, "codesAt?date=2018-01-01&selectCodes=15*") == ["1567"]
    assert _codes(server, "codesAt?date=2018-01-01&selectCodes=0100-0200") == ["0104"]
    assert _codes(server, "codesAt?date=2018-01-01&selectLevel=2") == []


def test_the_future_is_hidden_unless_asked_for(server: PxWebServer) -> None:
    """A code that begins later than today needs ``includeFuture``."""
    assert "9998" not in _codes(server, "codes?from=2018-01-01")
    assert "9998" in _codes(server, "codes?from=2018-01-01&includeFuture=true")


def test_changes_are_those_within_the_range(server: PxWebServer) -> None:
    """The first version of a range is where it begins, and no change."""
    within: Any = _ask(server, "classifications/131/changes?from=2018-01-01&to=2020-01-01").json()["codeChanges"]
    assert [(change["oldCode"], change["newCode"], change["changeOccurred"]) for change in within] == [
        ("1567", "5061", "2019-01-01")
    ]
    assert _ask(server, "classifications/131/changes?from=2019-01-01&to=2020-01-01").json() == {"codeChanges": []}


def test_a_correspondence_holds_at_a_date(server: PxWebServer) -> None:
    """``correspondsAt`` gives the pairs of that day, without dates."""
    told = _ask(server, "classifications/131/correspondsAt?targetClassificationId=104&date=2019-01-01").json()
    assert [(pair["sourceCode"], pair["targetCode"]) for pair in told["correspondenceItems"]] == [("5061", "50")]
    assert "validFrom" not in told["correspondenceItems"][0]


def test_a_version_lists_the_codes_of_its_dates(server: PxWebServer) -> None:
    """A classification names its versions, and a version its codes."""
    version = _ask(server, "classifications/131").json()["versions"][0]
    address = version["_links"]["self"]["href"]
    items = requests.get(address, headers={"Accept": "application/json"}, timeout=10).json()["classificationItems"]
    assert (version["id"], [item["code"] for item in items]) == (1102, ["5061", "0104"])


@pytest.mark.parametrize(
    ("accept", "media", "start"),
    [
        ("*/*", "application/xml;charset=UTF-8", "<klass><code><code>0104"),
        ("text/csv", "text/csv;charset=ISO-8859-1", '"code","parentCode"'),
        ("application/json", "application/json; charset=utf-8", '{"codes":[{"code":"0104"'),
    ],
)
def test_the_form_is_xml_unless_asked_otherwise(server: PxWebServer, accept: str, media: str, start: str) -> None:
    """A client that does not ask for JSON gets XML."""
    answer = _ask(server, "classifications/131/codesAt?date=2018-01-01", accept)
    assert answer.headers["Content-Type"] == media
    assert answer.text.startswith(start)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("classifications/7/codesAt?date=2018-01-01", 404),
        ("classifications/131/correspondsAt?targetClassificationId=7&date=2018-01-01", 404),
        ("versions/7", 404),
        ("nothing", 404),
        ("classifications/131/codesAt", 400),
        ("classifications/131/codesAt?date=01.01.2018", 400),
        ("classifications/131/codes?from=2018-01-01&to=2018-01-01", 400),
    ],
)
def test_a_refusal_is_a_problem_with_a_sentence(server: PxWebServer, path: str, status: int) -> None:
    """What is not there is 404, what cannot be read is 400, both with a detail."""
    answer = _ask(server, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["detail"]
