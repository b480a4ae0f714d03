"""Every recorded error situation, asked of the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from pxweb_server import Limits, PxWebServer
from pxweb_server.examples import flows, municipalities

pytestmark = pytest.mark.corpus

Ask = Callable[[PxWebServer], requests.Response]
WHOLE = {"ArbstedKomm": ["*"], "ContentsCode": ["Sys"], "Tid": ["*"]}
SAVED = {"tableId": "03321", "language": "no", "selection": {"selection": []}}


def _get(path: str, **params: str) -> Ask:
    return lambda server: requests.get(f"{server.v2}/{path}", params=params, timeout=10)


def _post(body: Any, path: str = "tables/03321/data") -> Ask:
    return lambda server: requests.post(f"{server.v2}/{path}", json=body, timeout=10)


def _select(**codes: list[str]) -> Ask:
    return _post({"selection": [{"variableCode": code, "valueCodes": chosen} for code, chosen in codes.items()]})


def _codelist(server: PxWebServer) -> requests.Response:
    selection = [{"variableCode": code, "valueCodes": chosen} for code, chosen in WHOLE.items()]
    return _post({"selection": [{**selection[0], "codelist": "agg_Nothing"}, *selection[1:]]})(server)


def _v1(code: str, filter: str, values: list[str]) -> Ask:
    query = {
        "query": [{"code": code, "selection": {"filter": filter, "values": values}}],
        "response": {"format": "json-stat2"},
    }
    return lambda server: requests.post(
        f"{server.v1}/{server.flavour.default_language}/{server.flavour.database}/{_path(server)}",
        json=query,
        timeout=10,
    )


def _path(server: PxWebServer) -> str:
    return "03321" if server.flavour.name == "ssb" else "al/al06/pendling/03321"


def _search(server: PxWebServer) -> requests.Response:
    return requests.get(f"{server.v1}/sv/ssd?query=pendlare", timeout=10)


def _klass(accept: str, path: str) -> Ask:
    return lambda server: requests.get(f"{server.klass}/{path}", headers={"Accept": accept}, timeout=10)


def _once_too_often(server: PxWebServer) -> requests.Response:
    answer = requests.get(f"{server.v2}/tables", timeout=10)
    while answer.ok:
        answer = requests.get(f"{server.v2}/tables", timeout=10)
    return answer


SITUATIONS: Mapping[str, Ask] = {
    "unknown variable": _select(**WHOLE, Nothing=["1"]),
    "unknown value code": _select(**(WHOLE | {"Tid": ["1066"]})),
    "non-eliminable variable missing while other filters are given": _select(Tid=["2021"]),
    "too many cells": _select(**WHOLE, Bokommuen=["*"], Kjonn=["*"]),
    "comma expression in GET without brackets": _get(
        "tables/03321/data",
        **{"valueCodes[Tid]": "range(2021,2022)", "valueCodes[ArbstedKomm]": "*", "valueCodes[ContentsCode]": "*"},
    ),
    "unknown codelist in data request": _codelist,
    "unknown codelist on /codelists/{id}": _get("codelists/agg_Nothing"),
    "unknown table on /tables/{id} or /metadata": _get("tables/nothing/metadata"),
    "unknown table on /tables/{id}/data": _get("tables/nothing/data"),
    "page out of range on /tables": _get("tables", pageNumber="2"),
    "unsupported outputFormat, or outputFormatParams with json-stat2/px/parquet, or separator* with non-csv": _get(
        "tables/03321/data", outputFormat="json-stat2", outputFormatParams="UseCodes"
    ),
    "unsupported lang": _get("tables", lang="fi"),
    "illegal placement": _post(
        {
            "selection": [{"variableCode": code, "valueCodes": chosen} for code, chosen in WHOLE.items()],
            "placement": {"heading": ["Tid"], "stub": ["Nothing"]},
        }
    ),
    "saved query not found": _get("savedqueries/nothing"),
    "same literal value code twice in one variable": _select(**(WHOLE | {"Tid": ["2021", "2021"]})),
    "GET URL longer than ~2100 characters (2092 ok, 2142 fails)": _get("tables", query="x" * 2_142),
    "/navigation (removed in v2 GA)": _get("navigation"),
    "POST /savedqueries without outputFormatParams": _post(SAVED, "savedqueries"),
    "rate limit exceeded": _once_too_often,
    "unparsable request / unknown variable code / unsupported format / wrong content type": _v1(
        "tid", "item", ["2021"]
    ),
    "bad value/filter for an existing variable": _v1("Tid", "item", ["1066"]),
    "too many values": _v1("Tid", "all", ["*"]),
    "any bad request": _v1("Tid", "nothing", ["2021"]),
    "?query= search": _search,
    "unknown classification, Accept: text/plain or csv": _klass("text/plain", "classifications/99999"),
    "bad/missing parameter, Accept: application/json": _klass("application/json", "classifications/131/codes"),
}
V1_TOO_MANY = "too many cells"


def _recorded(reference: Path) -> list[dict[str, Any]]:
    return json.loads((reference / "recorded" / "errors" / "errors.json").read_text(encoding="utf-8"))


def _agrees(answer: requests.Response, entry: Mapping[str, Any]) -> None:
    assert answer.status_code == entry["http"]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    for name, value in entry.get("headers", {}).items():
        assert headers[name.lower()] == value or value in ("1", "...")
    if isinstance(entry.get("body"), dict):
        assert answer.json() == {
            key: value.replace("Avstand1", "Tid") if isinstance(value, str) else value
            for key, value in entry["body"].items()
        }
    if entry.get("body") == "":
        assert answer.content == b""
    if "body_text" in entry:
        assert answer.text == entry["body_text"]
    assert entry.get("body_contains", "") in answer.text


@pytest.mark.parametrize("number", range(28))
def test_a_recorded_error_comes_back(number: int, reference: Path) -> None:
    """The same situation gives the recorded status, headers and words."""
    entry = _recorded(reference)[number]
    ask = (
        SITUATIONS[entry["situation"]]
        if (entry["api"], entry["situation"]) != ("v1", V1_TOO_MANY)
        else _v1("Tid", "all", ["*"])
    )
    flavour = "scb" if entry["agency"] == "SCB" else "ssb"
    small = "too many" in entry["situation"]
    limits = Limits(cells=10 if small else 1_000, calls=40, window=60.0)
    with PxWebServer([flows()], flavour=flavour, limits=limits, klass={131: municipalities()}) as server:
        _agrees(ask(server), entry)


def test_every_recorded_error_is_asked_for(reference: Path) -> None:
    """There is one question for each situation, and none to spare."""
    recorded = _recorded(reference)
    assert len(recorded) == 28
    assert {entry["situation"] for entry in recorded} == set(SITUATIONS)
