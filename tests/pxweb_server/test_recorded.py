"""The service against what SCB and SSB once answered in the same situation, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from pxweb_server import (
    KlassChange,
    KlassClassification,
    KlassCode,
    KlassMap,
    PxWebServer,
    ServedCodelist,
    ServedTable,
)
from pxweb_server.recorded import codelist_from, filled, table_from_dataset, table_from_v1

pytestmark = pytest.mark.corpus

SCB = "https://statistikdatabasen.scb.se/api/v2"


def _read(reference: Path, name: str) -> Any:
    return json.loads((reference / "recorded" / name).read_text(encoding="utf-8"))


def _lost(ours: Any, recorded: Any, where: str = "") -> Iterator[str]:
    """Everything a recorded answer says that ours does not say in the same words."""
    if isinstance(ours, Mapping) and isinstance(recorded, Mapping):
        for key, told in recorded.items():
            yield from _lost(ours[key], told, f"{where}/{key}") if key in ours else [f"{where}/{key} is absent"]
    elif ours != recorded:
        yield f"{where}: {ours!r:.80} for {recorded!r:.80}"


def _eliminated(table: ServedTable, **codes: str) -> ServedTable:
    dimensions = [
        replace(dimension, elimination=True, elimination_code=codes[dimension.code])
        if dimension.code in codes
        else dimension
        for dimension in table.dimensions
    ]
    return replace(table, dimensions=dimensions)


def _query(answer: Mapping[str, Any], written_as: str) -> dict[str, Any]:
    """The v1 query for the cells of a recorded dataset."""
    chosen = [
        {"code": code, "selection": {"filter": "item", "values": list(answer["dimension"][code]["category"]["index"])}}
        for code in answer["id"]
    ]
    return {"query": chosen, "response": {"format": written_as}}


@pytest.fixture(scope="module")
def population(reference: Path) -> Iterator[PxWebServer]:
    """SCB's TAB6471, with the cells of the recorded answer and the members of its code lists made up."""
    metadata, answer = _read(reference, "scb_v2/TAB6471_metadata.json"), _read(reference, "scb_v2/TAB6471_data.json")
    first = {"vs_CKM01Riket": ["00"], "vs_CKM01AlderTot": ["TotSA"]}
    lists = {
        code: [
            ServedCodelist(
                told["id"],
                told["label"],
                {key: (key, [key]) for key in first.get(told["id"], told_dimension["category"]["index"])},
            )
            for told in told_dimension["extension"]["codelists"]
        ]
        for code, told_dimension in metadata["dimension"].items()
    }
    table = _eliminated(table_from_dataset(metadata, codelists=lists), Region="00", Kon="TotSa")
    with PxWebServer([filled(table, [answer])], flavour="scb") as server:
        yield server


def test_metadata_of_tab6471_are_the_recorded_ones(population: PxWebServer, reference: Path) -> None:
    """Metadata of v2 are the same document, the address of the service aside."""
    answer = requests.get(f"{population.v2}/tables/TAB6471/metadata", timeout=10)
    assert json.loads(answer.text.replace(population.v2, SCB)) == _read(reference, "scb_v2/TAB6471_metadata.json")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_data_of_tab6471_are_the_recorded_ones(population: PxWebServer, reference: Path, method: str) -> None:
    """2,772 cells of 21 counties come as the same document, asked by POST or in the address."""
    recorded = _read(reference, "scb_v2/TAB6471_data.json")
    codes = {code: list(recorded["dimension"][code]["category"]["index"]) for code in recorded["id"]}
    body = {"selection": [{"variableCode": code, "valueCodes": chosen} for code, chosen in codes.items()]}
    params = {f"valueCodes[{code}]": ",".join(chosen) for code, chosen in codes.items()}
    told = {"json": body} if method == "POST" else {"params": params}
    assert requests.request(method, f"{population.v2}/tables/TAB6471/data", timeout=10, **told).json() == recorded


def test_no_selection_gives_the_cube_scb_was_seen_to_give(population: PxWebServer) -> None:
    """Asked for nothing, TAB6471 comes as 3 x 1 x 1 x 1 with the region summed away (seen 2026-09-07)."""
    answer = requests.get(f"{population.v2}/tables/TAB6471/data", timeout=10).json()
    assert (answer["size"], answer["id"]) == ([3, 1, 1, 1], ["Kon", "ContentsCode", "Tid", "Alder"])


@pytest.mark.parametrize(
    ("flavour", "name", "but"),
    [
        (
            "scb",
            "scb_v2/config.json",
            {"maxCallsPerTimeWindow": 3, "timeWindow": 1},
        ),  # changed by those who recorded it
        ("ssb", "ssb_v2/config_2026-08-30.json", {}),
    ],
)
def test_config_is_the_recorded_one(flavour: Any, name: str, but: dict[str, int], reference: Path) -> None:
    """``/config`` says what each agency's says."""
    with PxWebServer(flavour=flavour) as server:
        assert requests.get(f"{server.v2}/config", timeout=10).json() | but == _read(reference, name)


def test_a_code_list_comes_as_recorded(reference: Path) -> None:
    """``/codelists`` gives the recorded document, under an id that is not ASCII."""
    recorded = _read(reference, "scb_v2/codelist_agg_Alder10arJ.json")
    ages = {member: member for value in recorded["values"] for member in value["valueMap"]}
    age = table_from_v1(
        {"title": "t", "variables": [{"code": "Alder", "text": "ålder", "values": [*ages], "valueTexts": [*ages]}]}
    )
    with PxWebServer([replace(age, codelists={"Alder": [codelist_from(recorded)]})], flavour="scb") as server:
        answer = requests.get(f"{server.v2}/codelists/agg_Ålder10årJ", timeout=10)
    ours = json.loads(answer.text.replace(server_v2(answer.url), SCB))
    assert ours | {"languages": sorted(ours["languages"])} == recorded | {"languages": sorted(recorded["languages"])}


def server_v2(url: str) -> str:
    """The base address within an address of v2."""
    return url[: url.index("/codelists")]


@pytest.mark.parametrize("language", ["no", "en"])
def test_ssb_07459_comes_as_recorded_in_both_languages(language: str, reference: Path) -> None:
    """SSB's v1 answer of February 2025 is the same document."""
    recorded = {key: _read(reference, f"ssb_v1/data_07459_{key}_jsonstat2.json") for key in ("no", "en")}
    tables = {key: table_from_dataset(answer) for key, answer in recorded.items()}
    with PxWebServer([replace(tables["no"], translations={"en": tables["en"]})]) as server:
        answer = requests.post(
            f"{server.v1}/{language}/table/07459", json=_query(recorded[language], "json-stat2"), timeout=10
        )
    assert answer.json() == recorded[language]


@pytest.mark.parametrize(
    ("table_id", "name", "contents", "eliminated"),
    [
        ("05300", "data_05300_no_jsonstat2_2022", "05300: Avstand til nærmeste lokale/sted (prosent),", {}),
        (
            "13861",
            "data_13861_no_jsonstat2",
            "13861: Lønnsfordelingen belyst ved ulikhetsmålene Gini-koeffisient og P90/P10,",
            {"NACE2007": "A-Z", "Kjonn": "0"},
        ),
    ],
)
def test_older_answers_of_ssb_are_found_whole_in_ours(
    table_id: str, name: str, contents: str, eliminated: dict[str, str], reference: Path
) -> None:
    """Metadata are the same document; the data hold all that the answers of 2022 and 2024 said, and what came since."""
    metadata, recorded = (
        _read(reference, f"ssb_v1/metadata_{table_id}_no.json"),
        _read(reference, f"ssb_v1/{name}.json"),
    )
    rich = table_from_dataset(recorded)
    frame = table_from_v1(metadata, id=table_id, contents=contents, updated=rich.updated, unit=rich.unit, px=rich.px)
    told = {dimension.code: dimension for dimension in rich.dimensions}
    dimensions = [
        replace(told[dimension.code], values=dimension.values, elimination=dimension.elimination)
        if dimension.code in told
        else dimension
        for dimension in frame.dimensions
    ]
    table = replace(frame, dimensions=dimensions, notes=rich.notes, contact=rich.contact)
    with PxWebServer([filled(_eliminated(table, **eliminated), [recorded])]) as server:
        address = f"{server.v1}/no/table/{table_id}"
        assert requests.get(address, timeout=10).json() == metadata
        ours = requests.post(address, json=_query(recorded, "json-stat2"), timeout=10).json()
    assert list(_lost(ours, recorded)) == []
    assert (ours["size"], ours["value"], ours.get("status")) == (
        recorded["size"],
        recorded["value"],
        recorded.get("status"),
    )


@pytest.fixture(scope="module")
def marital(reference: Path) -> Iterator[str]:
    """Address of SCB's BefolkningNy in v1, filled with the recorded cells."""
    metadata = _read(reference, "scb_v1/metadata_BefolkningNy_en.json")
    recorded = _read(reference, "scb_v1/data_BefolkningNy_en_jsonstat1.json")
    rich = table_from_dataset(recorded)
    sex = rich.dimension("Kon").describedby
    told = {"language": "en", "contents": "Population", "source": rich.source, "updated": rich.updated, "px": rich.px}
    path = "BE/BE0101/BE0101A/BefolkningNy"
    table = _eliminated(
        table_from_v1(metadata, id="TAB638", v1_path=path, unit=rich.unit, **told), Region="00", Alder="tot"
    )
    dimensions = [replace(item, describedby=sex) if item.code == "Kon" else item for item in table.dimensions]
    with PxWebServer([filled(replace(table, dimensions=dimensions), [recorded])], flavour="scb") as server:
        yield f"{server.v1}/en/ssd/{path}"


def test_v1_metadata_of_scb_are_the_recorded_ones(marital: str, reference: Path) -> None:
    """BefolkningNy: ``elimination`` and ``time`` are left out where they are false."""
    assert requests.get(marital, timeout=10).json() == _read(reference, "scb_v1/metadata_BefolkningNy_en.json")


def test_v1_json_stat_of_scb_is_the_recorded_bundle(marital: str, reference: Path) -> None:
    """Format ``json-stat`` is the 1.x bundle, equal to the recorded one."""
    recorded = _read(reference, "scb_v1/data_BefolkningNy_en_jsonstat1.json")
    inside = recorded["dataset"]["dimension"]
    assert (
        requests.post(
            marital,
            json=_query(recorded["dataset"] | {"id": inside["id"], "dimension": inside}, "json-stat"),
            timeout=10,
        ).json()
        == recorded
    )


def test_v1_json_of_scb_is_the_recorded_px_json(marital: str, reference: Path) -> None:
    """Format ``json`` has its values as strings, equal to the recorded answer."""
    recorded = _read(reference, "scb_v1/data_BefolkningNy_en_jsonstat1.json")
    inside = recorded["dataset"]["dimension"]
    query = _query({"id": inside["id"], "dimension": inside}, "json")
    assert requests.post(marital, json=query, timeout=10).json() == _read(
        reference, "scb_v1/data_BefolkningNy_en_pxjson.json"
    )


def _klass_code(told: Mapping[str, Any], start: str, end: str) -> KlassCode:
    """Undo the range of a recorded code: what it shares with the range asked for is open."""
    since, until = told["validFromInRequestedRange"], told["validToInRequestedRange"]
    held = {"valid_from": "1900-01-01" if since == start else since, "valid_to": "" if until == end else until}
    return KlassCode(
        told["code"], told["name"], level=told["level"], parent=told["parentCode"], notes=told["notes"], **held
    )


def _klass_map(told: Mapping[str, Any], start: str, end: str) -> KlassMap:
    since, until = told["validFrom"], told["validTo"]
    return KlassMap(
        KlassCode(told["sourceCode"], told["sourceName"]),
        KlassCode(told["targetCode"], told["targetName"]),
        "1900-01-01" if since == start else since,
        "" if until == end else until,
    )


def test_klass_answers_as_recorded(reference: Path) -> None:
    """Codes and correspondences of a range, and the changes within it, are the recorded documents."""
    span, reform = ("2016-01-01", "2018-01-02"), ("2019-01-01", "2020-01-02")
    codes = _read(reference, "klass/104_codes_from-2016-01-01_to-2018-01-02.json")
    pairs = _read(reference, "klass/104_corresponds_targetClassificationId-131_from-2016-01-01_to-2018-01-02.json")
    changes = _read(reference, "klass/104_changes_from-2019-01-01_to-2020-01-02.json")
    none = _read(reference, "klass/104_changes_from-2018-01-01_to-2019-01-02.json")
    counties = KlassClassification(
        104,
        "Standard for fylkesinndeling",
        codes=[_klass_code(told, *span) for told in codes["codes"]],
        correspondences={131: [_klass_map(told, *span) for told in pairs["correspondenceItems"]]},
        changes=[
            KlassChange(
                told["changeOccurred"],
                KlassCode(told["oldCode"], told["oldName"]),
                KlassCode(told["newCode"], told["newName"]),
            )
            for told in changes["codeChanges"]
        ]
        + [KlassChange("2018-01-01", KlassCode("16", "Sør-Trøndelag"), KlassCode("50", "Trøndelag"))],
    )
    with PxWebServer(klass={104: counties}) as server:

        def ask(part: str, span: tuple[str, str], **more: str) -> Any:
            params = {"from": span[0], "to": span[1], **more}
            headers = {"Accept": "application/json"}
            return requests.get(
                f"{server.klass}/classifications/104/{part}", params=params, headers=headers, timeout=10
            ).json()

        assert ask("codes", span) == codes
        assert ask("corresponds", span, targetClassificationId="131") == pairs
        assert ask("changes", reform) == changes
        assert ask("changes", ("2018-01-01", "2019-01-02")) == none
