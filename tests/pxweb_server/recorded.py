"""Tables made from what a service once answered: metadata for the frame, data answers for the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan, prod
from typing import Any

import numpy as np

from .tables import METRIC, ServedCodelist, ServedDimension, ServedTable

_OWN = {"elimination", "eliminationValueCode", "show", "codelists"}


def table_from_dataset(document: Mapping[str, Any], **told: Any) -> ServedTable:
    """Make a table of a JSON-stat answer of v1 or v2, metadata or data; ``told`` overrides what it says.

    Code lists come as their names only: their members are no part of any dataset.
    """
    dataset = _root(document)
    px = dataset.get("extension", {}).get("px", {})
    units = dataset["dimension"].get(METRIC, {}).get("category", {}).get("unit", {})
    said = {
        "id": px.get("tableid", "table"),
        "label": dataset["label"],
        "dimensions": [_dimension(dataset, code) for code in dataset["id"]],
        "values": np.full(prod(dataset["size"]), nan),
        "updated": dataset.get("updated", ""),
        "unit": units,
        "language": px.get("language", "no"),
        "source": dataset.get("source", ""),
        "contents": px.get("contents", ""),
        "notes": dataset.get("note", ()),
        "mandatory_notes": [int(key) for key in dataset.get("extension", {}).get("noteMandatory", {})],
        "px": px,
        "contact": dataset.get("extension", {}).get("contact", ()),
    }
    return filled(ServedTable(**(said | told)), [document] if dataset["value"] else [])


def table_from_v1(metadata: Mapping[str, Any], **told: Any) -> ServedTable:
    """Make a table of v1 metadata, its cells all empty."""
    dimensions = [
        ServedDimension(
            variable["code"],
            variable["text"],
            dict(zip(variable["values"], variable["valueTexts"], strict=True)),
            elimination=variable.get("elimination", False),
            time=variable.get("time", False),
        )
        for variable in metadata["variables"]
    ]
    cells = np.full(prod(len(dimension) for dimension in dimensions), nan)
    return ServedTable(
        **({"id": "table", "label": metadata["title"], "dimensions": dimensions, "values": cells} | told)
    )


def filled(table: ServedTable, answers: Sequence[Mapping[str, Any]]) -> ServedTable:
    """Put the cells of data answers where they belong; a dimension an answer lacks is at its elimination code."""
    values, status = table.values.ravel().copy(), dict(table.status)
    for answer in answers:
        dataset = _root(answer)
        places = _places(table, dataset)
        values[places] = [nan if value is None else value for value in dataset["value"]]
        status |= {int(places[int(key)]): symbol for key, symbol in dataset.get("status", {}).items()}
    return replace(table, values=values, status=status)


def codelist_from(document: Mapping[str, Any]) -> ServedCodelist:
    """Make a code list of an answer of ``/codelists/{id}``."""
    values = {value["code"]: (value["label"], value["valueMap"]) for value in document["values"]}
    return ServedCodelist(document["id"], document["label"], values, elimination=document.get("elimination", False))


def _root(document: Mapping[str, Any]) -> Mapping[str, Any]:
    dataset = document.get("dataset", document)
    if "id" in dataset:
        return dataset
    inside = dataset["dimension"]
    lifted = {key: inside[key] for key in ("id", "size", "role")}
    return {**dataset, **lifted, "dimension": {code: inside[code] for code in inside["id"]}}


def _dimension(dataset: Mapping[str, Any], code: str) -> ServedDimension:
    told, role = dataset["dimension"][code], dataset.get("role", {})
    category, extension = told["category"], told.get("extension", {})
    ordered = sorted(category["index"], key=category["index"].__getitem__)
    described = [link["extension"][code] for link in told.get("link", {}).get("describedby", ())]
    return ServedDimension(
        code,
        told["label"],
        {key: category["label"][key] for key in ordered},
        elimination=extension.get("elimination", False),
        elimination_code=extension.get("eliminationValueCode", ""),
        time=code in role.get("time", ()),
        geo=code in role.get("geo", ()),
        show=extension.get("show", ""),
        notes=told.get("note", ()),
        value_notes=category.get("note", {}),
        describedby=" ".join(described),
        extension={key: value for key, value in extension.items() if key not in _OWN},
    )


def _places(table: ServedTable, dataset: Mapping[str, Any]) -> np.ndarray:
    """Position in the table of each cell of an answer."""
    grid = np.arange(table.values.size).reshape(table.shape)
    held = []
    for dimension in table.dimensions:
        place = {code: number for number, code in enumerate(dimension.values)}
        index = dataset["dimension"].get(dimension.code, {}).get("category", {}).get("index")
        codes = [dimension.elimination_code] if index is None else sorted(index, key=index.__getitem__)
        held.append([place[code] for code in codes])
    picked = grid[np.ix_(*held)]
    ours = [dimension.code for dimension in table.dimensions]
    absent = [code for code in ours if code not in dataset["id"]]
    return picked.transpose([ours.index(code) for code in (*absent, *dataset["id"])]).ravel()
