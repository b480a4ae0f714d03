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
DATA = "tables/03321/data"
WHOLE = {"ArbstedKomm": ["*"], "ContentsCode": ["Sys"], "Tid": ["*"]}
SELECTION = [{"variableCode": code, "valueCodes": chosen} for code, chosen in WHOLE.items()]


def _get(path: str, **params: str) -> Ask:
    return lambda server: requests.get(f"{server.v2}/{path}", params=params, timeout=10)


def _post(body: Any, path: str = DATA) -> Ask:
    return lambda server: requests.post(f"{server.v2}/{path}", json=body, timeout=10)


def _select(**codes: list[str]) -> Ask:
    return _post({"selection": [{"variableCode": code, "valueCodes": chosen} for code, chosen in codes.items()]})


def _v1(code: str, filter: str, *values: str) -> Ask:
    query = {"query": [{"code": code, "selection": {"filter": filter, "values": values}}]}
    path = {"ssb": "no/table/03321", "scb": "sv/ssd/al/al06/pendling/03321"}
    return lambda server: requests.post(f"{server.v1}/{path[server.flavour.name]}", json=query, timeout=10)


def _v1_search(server: PxWebServer) -> requests.Response:
    return requests.get(f"{server.v1}/sv/ssd?query=pendlare", timeout=10)


def _klass(accept: str, path: str) -> Ask:
    return lambda server: requests.get(f"{server.klass}/{path}", headers={"Accept": accept}, timeout=10)


def _once_too_often(server: PxWebServer) -> requests.Response:
    answer = requests.get(f"{server.v2}/tables", timeout=10)
    while answer.ok:
        answer = requests.get(f"{server.v2}/tables", timeout=10)
    return answer


SITUATIONS: Mapping[tuple[str, str], Ask] = {
    ("v2", "unknown variable"): _select(**WHOLE, Nothing=["1"]),
    ("v2", "unknown value code"): _select(**(WHOLE | {"Tid": ["1066"]})),
    ("v2", "non-eliminable variable missing while other filters are given"): _select(Tid=["2021"]),
    ("v2", "too many cells"): _select(**WHOLE, Bokommuen=["*"]),
    ("v2", "comma expression in GET without brackets"): _get(
        DATA, **{f"valueCodes[{code}]": "*" for code in WHOLE} | {"valueCodes[Tid]": "range(2021,2022)"}
    ),
    ("v2", "unknown codelist in data request"): _post(
        {"selection": [SELECTION[0] | {"codelist": "agg_Nothing"}, *SELECTION[1:]]}
    ),
    ("v2", "unknown codelist on /codelists/{id}"): _get("codelists/agg_Nothing"),
    ("v2", "unknown table on /tables/{id} or /metadata"): _get("tables/nothing/metadata"),
    ("v2", "unknown table on /tables/{id}/data"): _get("tables/nothing/data"),
    ("v2", "page out of range on /tables"): _get("tables", pageNumber="2"),
    (
        "v2",
        "unsupported outputFormat, or outputFormatParams with json-stat2/px/parquet, or separator* with non-csv",
    ): _get(DATA, outputFormat="json-stat2", outputFormatParams="UseCodes"),
    ("v2", "unsupported lang"): _get("tables", lang="fi"),
    ("v2", "illegal placement"): _post(
        {"selection": SELECTION, "placement": {"heading": ["Tid"], "stub": ["Nothing"]}}
    ),
    ("v2", "saved query not found"): _get("savedqueries/nothing"),
    ("v2", "same literal value code twice in one variable"): _select(**(WHOLE | {"Tid": ["2021", "2021"]})),
    ("v2", "GET URL longer than ~2100 characters (2092 ok, 2142 fails)"): _get("tables", query="x" * 2_142),
    ("v2", "/navigation (removed in v2 GA)"): _get("navigation"),
    ("v2", "POST /savedqueries without outputFormatParams"): _post(
        {"tableId": "03321", "language": "no", "selection": {"selection": SELECTION}}, "savedqueries"
    ),
    ("v2", "rate limit exceeded"): _once_too_often,
    ("v1", "unparsable request / unknown variable code / unsupported format / wrong content type"): _v1(
        "tid", "item", "2021"
    ),
    ("v1", "bad value/filter for an existing variable"): _v1("Tid", "item", "1066"),
    ("v1", "too many cells"): _v1("Tid", "all", "*"),
    ("v1", "too many values"): _v1("Tid", "all", "*"),
    ("v1", "any bad request"): _v1("Tid", "nothing", "2021"),
    ("v1", "?query= search"): _v1_search,
    ("klass", "unknown classification, Accept: text/plain or csv"): _klass("text/plain", "classifications/99999"),
    ("klass", "bad/missing parameter, Accept: application/json"): _klass(
        "application/json", "classifications/131/codes"
    ),
}


def _recorded(reference: Path) -> list[dict[str, Any]]:
    return json.loads((reference / "recorded" / "errors" / "errors.json").read_text(encoding="utf-8"))


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of the answer, in our variable's name; its bodies in words are no bodies."""
    told: dict[str, Any] = {"status": entry["http"]}
    told |= {name.lower(): value for name, value in entry.get("headers", {}).items() if value != "..."}
    if isinstance(entry.get("body"), dict):
        told["body"] = json.loads(json.dumps(entry["body"]).replace("Avstand1", "Tid"))
    if entry.get("body") == "" or "body_text" in entry:
        told["text"] = entry.get("body_text", "")
    return told


@pytest.mark.parametrize("number", range(28))
def test_a_recorded_error_comes_back(number: int, reference: Path) -> None:
    """The same situation gives the recorded status, headers and words."""
    entry = _recorded(reference)[number]
    too_many = "too many" in entry["situation"]
    limits = Limits(cells=10 if too_many else 1_000, calls=40, window=1.0 if entry["agency"] == "SCB" else 60.0)
    flavour = "scb" if entry["agency"] == "SCB" else "ssb"
    with PxWebServer([flows()], flavour=flavour, limits=limits, klass={131: municipalities()}) as server:
        answer = SITUATIONS[entry["api"], entry["situation"]](server)
    ours = {"status": answer.status_code, "text": answer.text}
    ours |= {name.lower(): value for name, value in answer.headers.items()}
    told = _told(entry)
    if "body" in told:
        ours["body"] = answer.json()
    assert {key: ours.get(key) for key in told} == told
    assert entry.get("body_contains", "") in answer.text


def test_every_recorded_error_is_asked_for(reference: Path) -> None:
    """There is one question for each situation, and none to spare."""
    recorded = _recorded(reference)
    assert len(recorded) == 28
    assert {(entry["api"], entry["situation"]) for entry in recorded} == set(SITUATIONS)
