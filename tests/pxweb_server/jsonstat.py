"""JSON-stat as PxWeb writes it: 2.0 for data and metadata, and the 1.x bundle of v1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .cubes import Axis, Cut, categories
from .flavours import Flavour
from .tables import METRIC, ServedDimension, ServedTable

_JOINING = {"no": ("etter", "og"), "sv": ("efter", "och"), "en": ("by", "and")}


def metadata(
    table: ServedTable, flavour: Flavour, links: Mapping[str, Sequence[Any]], lists: Mapping[str, str]
) -> dict[str, Any]:
    """Describe a whole table, or the table under code lists: a dataset with no values.

    ``links`` gives each dimension's code lists as they are named in its extension.
    """
    axes = tuple(
        Axis(dimension, categories(dimension, table.codelist(dimension.code, lists.get(dimension.code, ""))))
        for dimension in table.dimensions
    )
    document = _head(table, flavour, axes, table.label) | {"value": []}
    for axis in axes:
        extension = document["dimension"][axis.dimension.code]["extension"]
        extension |= {"elimination": axis.dimension.elimination, "codelists": list(links[axis.dimension.code])}
        extension.pop("eliminationValueCode", None)
    return document


def data(table: ServedTable, flavour: Flavour, part: Cut, *, contents_in_title: bool) -> dict[str, Any]:
    """Write the cells of an answer as JSON-stat 2.0."""
    named = [axis for axis in part.axes if contents_in_title or axis.dimension.code != METRIC]
    document = _head(table, flavour, part.axes, title(table, [axis.dimension.label for axis in named]))
    document["extension"]["discontinued"] = table.discontinued
    used = set(part.status.values())
    if legend := [words for symbol, words in flavour.legend.items() if symbol in used]:
        document["note"] = [*document.get("note", ()), *legend]
    document["value"] = numbers(part.values)
    if part.status:
        document["status"] = {str(place): symbol for place, symbol in part.status.items()}
    return document


def bundle(table: ServedTable, flavour: Flavour, part: Cut) -> dict[str, Any]:
    """Write the cells of an answer as the 1.x bundle of v1; ``extension`` is lost where there is a status."""
    whole = data(table, flavour, part, contents_in_title=True)
    dimensions = {code: _thin(item) for code, item in whole["dimension"].items()}
    dataset: dict[str, Any] = {"status": whole["status"]} if "status" in whole else {}
    dataset["dimension"] = dimensions | {"id": whole["id"], "size": whole["size"], "role": whole["role"]}
    dataset |= {key: whole[key] for key in ("label", "source", "updated", "value")}
    if "status" not in whole:
        px = whole["extension"]["px"]
        dataset["extension"] = {"px": {key: px[key] for key in ("infofile", "tableid", "decimals")}}
    return {"dataset": dataset}


def title(table: ServedTable, names: Sequence[str]) -> str:
    """Make up the title of an answer, as the service does: contents, and the variables that are left."""
    by, and_ = _JOINING.get(table.language, _JOINING["en"])
    start = table.contents or table.label
    if not names:
        return start
    listed = f"{', '.join(names[:-1])} {and_} {names[-1]}" if len(names) > 1 else names[0]
    return f"{start} {by} {listed}"


def numbers(values: np.ndarray) -> Any:
    """Write numbers as PxWeb does: no trailing zeros, ``null`` where there is none."""
    whole = np.isfinite(values) & (values == np.floor(values))
    if whole.all():
        return values.astype(np.int64)
    mixed = values.astype(object)
    mixed[whole] = values[whole].astype(np.int64).astype(object)
    mixed[np.isnan(values)] = None
    return mixed.tolist()


def _head(table: ServedTable, flavour: Flavour, axes: Sequence[Axis], label: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": label,
        "source": table.source or flavour.source,
        "updated": table.updated,
    }
    if table.notes:
        document["note"] = list(table.notes)
    document |= {
        "role": _roles([axis.dimension for axis in axes]),
        "id": [axis.dimension.code for axis in axes],
        "size": [len(axis) for axis in axes],
        "dimension": {axis.dimension.code: _dimension(table, axis) for axis in axes},
        "extension": _extension(table, flavour, [axis.dimension for axis in axes]),
    }
    return document


def _roles(dimensions: Sequence[ServedDimension]) -> dict[str, list[str]]:
    roles = {
        "time": [dimension.code for dimension in dimensions if dimension.time],
        "geo": [dimension.code for dimension in dimensions if dimension.geo],
        "metric": [dimension.code for dimension in dimensions if dimension.code == METRIC],
    }
    return {role: codes for role, codes in roles.items() if codes}


def _dimension(table: ServedTable, axis: Axis) -> dict[str, Any]:
    dimension = axis.dimension
    category: dict[str, Any] = {
        "index": {code: place for place, code in enumerate(axis.codes)},
        "label": {item.code: item.label for item in axis.categories},
    }
    if notes := _of(axis, dimension.value_notes):
        category["note"] = {code: list(texts) for code, texts in notes.items()}
    if dimension.code == METRIC:
        category["unit"] = {code: dict(table.unit.get(code, {"base": "", "decimals": 0})) for code in axis.codes}
    held, code = axis.elimination
    extension: dict[str, Any] = {"elimination": held} | ({"eliminationValueCode": code} if code else {})
    for name, told in dimension.extension.items():
        by_code = isinstance(told, Mapping) and not name.endswith("Mandatory")
        extension[name] = _of(axis, told) if by_code else told
    answer: dict[str, Any] = {"label": dimension.label, "category": category}
    answer["extension"] = extension | {"show": dimension.show or ("code" if dimension.time else "value")}
    if dimension.notes:
        answer["note"] = list(dimension.notes)
    if dimension.describedby:
        answer["link"] = {"describedby": [{"extension": {dimension.code: dimension.describedby}}]}
    return answer


def _of(axis: Axis, told: Mapping[str, Any]) -> dict[str, Any]:
    return {code: told[code] for code in axis.codes if code in told}


def _extension(table: ServedTable, flavour: Flavour, dimensions: Sequence[ServedDimension]) -> dict[str, Any]:
    head = [item.code for item in dimensions if item.code == METRIC or item.time]
    px: dict[str, Any] = {
        "infofile": flavour.infofile,
        "tableid": table.id,
        "decimals": min((unit.get("decimals", 0) for unit in table.unit.values()), default=0),
        "official-statistics": True,
        "aggregallowed": False,
        "copyright": False,
        "language": table.language,
        "contents": table.contents or table.label,
        "descriptiondefault": False,
        "heading": head,
        "stub": [item.code for item in dimensions if item.code not in head],
        "matrix": table.id,
    }
    extension: dict[str, Any] = {"px": px | dict(table.px)}
    if table.mandatory_notes:
        extension["noteMandatory"] = {str(number): True for number in table.mandatory_notes}
    if table.contact:
        extension["contact"] = [dict(block) for block in table.contact]
    return extension


def _thin(dimension: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: dimension[key] for key in ("label", "category", "link") if key in dimension}
    return kept | {"extension": {"show": dimension["extension"]["show"]}}
