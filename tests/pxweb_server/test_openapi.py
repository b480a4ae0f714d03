"""The v2 service against the published description of PxWebApi 2, whose own faults are listed here and nowhere else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from pxweb_server import Limits, PxWebServer
from pxweb_server.examples import flows, holes
from pxweb_server.flavours import FlavourName

core = pytest.importorskip("openapi_core", reason="the contract check needs openapi-core")
yaml = pytest.importorskip("yaml", reason="the contract check needs PyYAML")
adapters = pytest.importorskip("openapi_core.contrib.requests", reason="the contract check needs openapi-core")

pytestmark = pytest.mark.corpus

Description = dict[str, Any]
SELECTION = {
    "selection": [
        {"variableCode": "ArbstedKomm", "codelist": "agg_Fylker", "valueCodes": ["*"]},
        {"variableCode": "ContentsCode", "codelist": None, "valueCodes": ["Sys"]},
        {"variableCode": "Tid", "valueCodes": ["top(2)"]},
    ]
}


def _required_values(spec: Description) -> None:
    spec["components"]["schemas"]["VariableSelection"]["required"].remove("values")


def _table_updated(spec: Description) -> None:
    del spec["components"]["schemas"]["Table"]["properties"]["updated"]["pattern"]


def _dataset_updated(spec: Description) -> None:
    del spec["components"]["schemas"]["updated"]["pattern"]


def _data_is_a_dataset(spec: Description) -> None:
    dataset = {"schema": {"$ref": "#/components/schemas/Dataset"}}
    for operation in spec["paths"]["/tables/{id}/data"].values():
        operation["responses"]["200"]["content"]["application/json"] = dataset
    spec["paths"]["/savedqueries/{id}/data"]["get"]["responses"]["200"]["content"]["application/json"] = dataset


def _zero_calls(spec: Description) -> None:
    for name in ("maxCallsPerTimeWindow", "timeWindow"):
        del spec["components"]["schemas"]["ConfigResponse"]["properties"][name]["minimum"]


def _pace_is_a_sentence(spec: Description) -> None:
    content = spec["components"]["responses"]["ErrorResponse429"]["content"]
    content["text/plain"] = {"schema": {"type": "string"}}


PUBLISHED_FAULTS: dict[str, Callable[[Description], None]] = {
    "VariableSelection requires `values`, which no server reads": _required_values,
    "Table.updated may be a date only; servers send a UTC date and time": _table_updated,
    "updated of a dataset may be a date only; servers send a UTC date and time": _dataset_updated,
    "the data are said to be a string; servers send a dataset": _data_is_a_dataset,
    "the rates of /config are said to be 1 at least; SSB sends 0 for not in use": _zero_calls,
    "a refusal for pace is said to be a problem; the library behind PxWebApi sends a sentence": _pace_is_a_sentence,
}


def _description(reference: Path, base: str, but: str = "") -> Any:
    spec = yaml.safe_load((reference / "openapi" / "PxAPI-2.yml").read_text(encoding="utf-8"))
    for path in spec["paths"].values():  # the examples lie in files beside it and are no part of the contract
        for operation in path.values():
            operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {}).pop(
                "examples", None
            )
    spec["servers"] = [{"url": base}]
    for fault, patch in PUBLISHED_FAULTS.items():
        before = copy.deepcopy(spec)
        if fault != but:
            patch(spec)
            assert spec != before, f"no longer a fault of the description: {fault}"
    problems = {"application/problem+json": lambda body, **_: json.loads(body)}
    return core.OpenAPI.from_dict(spec, config=core.Config(extra_media_type_deserializers=problems))


def _exchanges(server: PxWebServer) -> Iterator[tuple[str, requests.Request]]:
    base, save = (
        server.v2,
        {"tableId": "03321", "language": "no", "outputFormat": "json-stat2", "outputFormatParams": []},
    )
    saved = requests.post(f"{base}/savedqueries", json={**save, "selection": SELECTION}, timeout=10).json()["id"]
    for path in (
        "config",
        "tables",
        "tables?query=pendlere&pageSize=1&pageNumber=1&pastDays=100000&includeDiscontinued=true",
        "tables?pageSize=1&pageNumber=2&lang=en",
        "tables/03321",
        "tables/03321/metadata",
        "tables/03321/metadata?codelist[ArbstedKomm]=agg_Fylker",
        "tables/03321/defaultselection",
        "tables/03321/data",
        "tables/11616/data?valueCodes[ContentsCode]=*&valueCodes[Tid]=[range(2022,2023)]&valueCodes[Region]=a,b",
        "codelists/agg_Fylker",
        f"savedqueries/{saved}",
        f"savedqueries/{saved}/data",
        f"savedqueries/{saved}/selection",
        "tables/nothing",
        "tables/nothing/metadata",
        "tables/nothing/data",
        "codelists/agg_Nothing",
        "savedqueries/nothing",
        "tables/03321/data?valueCodes[Tid]=2021",
    ):
        yield path, requests.Request("GET", f"{base}/{path}")
    yield "POST data", requests.Request("POST", f"{base}/tables/03321/data?outputFormat=json-stat2", json=SELECTION)
    yield "POST savedqueries", requests.Request("POST", f"{base}/savedqueries", json={**save, "selection": SELECTION})
    wrong = {"selection": [{"variableCode": "Nothing", "valueCodes": ["*"]}]}
    yield "POST an unknown variable", requests.Request("POST", f"{base}/tables/03321/data", json=wrong)
    while requests.get(f"{base}/tables", timeout=10).status_code != 429:
        pass
    yield "one call too many", requests.Request("GET", f"{base}/tables/03321")


def _faults(api: Any, server: PxWebServer) -> list[str]:
    """Every disagreement of request or response with the description."""
    found, session = [], requests.Session()
    for name, request in _exchanges(server):
        prepared = session.prepare_request(request)
        answer = session.send(prepared, timeout=10)
        asked, answered = adapters.RequestsOpenAPIRequest(request), adapters.RequestsOpenAPIResponse(answer)
        for errors in (api.iter_request_errors(asked), api.iter_response_errors(asked, answered)):
            found += [f"{name}: {error!r} {error.__cause__}" for error in errors]
    return found


def _running(flavour: FlavourName) -> PxWebServer:
    announce = "headers" if flavour == "ssb" else "both"
    return PxWebServer([flows(), holes()], flavour=flavour, limits=Limits(calls=50, window=600, announce=announce))


@pytest.mark.parametrize("flavour", ["ssb", "scb"])
def test_requests_and_responses_hold_to_the_published_description(flavour: FlavourName, reference: Path) -> None:
    """Every request a client sends and every answer it gets is valid, the published faults aside."""
    with _running(flavour) as server:
        assert _faults(_description(reference, server.v2), server) == []


@pytest.mark.parametrize("fault", PUBLISHED_FAULTS)
def test_each_listed_fault_is_needed(fault: str, reference: Path) -> None:
    """Without its patch, the description refuses what the services do."""
    with _running("ssb") as server:
        assert _faults(_description(reference, server.v2, but=fault), server) != []
