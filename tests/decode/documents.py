"""Small JSON-stat documents, and a naive reading of them in plain loops."""

from __future__ import annotations

import itertools
import json
from typing import Any

Cells = dict[tuple[str, ...], tuple[float | None, str | None]]


def dataset(**changes: Any) -> dict[str, Any]:
    """A dataset of two municipalities and three years; a change of ``None`` leaves the member out."""
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": "Pendlare till Norge",
        "source": "SCB",
        "updated": "2025-02-01T07:00:00Z",
        "id": ["Region", "Tid"],
        "size": [2, 3],
        "role": {"time": ["Tid"], "geo": ["Region"]},
        "dimension": {
            "Region": dimension({"1784": 0, "1715": 1}, {"1784": "Arvika", "1715": "Kil"}, label="region"),
            "Tid": dimension({"2021": 0, "2022": 1, "2023": 2}, label="år"),
        },
        "value": [1, 2, 3, 4, 5, 6],
    } | changes
    return {key: value for key, value in document.items() if value is not None}


def dimension(index: Any, labels: Any = None, **more: Any) -> dict[str, Any]:
    """A dimension with an index, with labels, or with both."""
    category = {"index": index, "label": labels}
    return more | {"category": {key: value for key, value in category.items() if value is not None}}


def text(document: Any) -> bytes:
    """A document as an answer would hold it."""
    return json.dumps(document).encode()


def naive(document: dict[str, Any]) -> Cells:
    """Read a valid dataset in loops, with no idea shared with the library: codes -> value and status."""
    ids, sizes = document["id"], document["size"]
    orders = [order(document["dimension"][name]["category"]) for name in ids]
    cells: Cells = {}
    for place, key in enumerate(itertools.product(*orders)):
        position, step = 0, 1
        for axis in reversed(range(len(ids))):
            position += orders[axis].index(key[axis]) * step
            step *= sizes[axis]
        assert position == place
        cells[key] = value_at(document["value"], position), status_at(document.get("status"), position)
    return cells


def order(category: dict[str, Any]) -> list[str]:
    index = category.get("index")
    if index is None:
        return list(category["label"])
    if isinstance(index, list):
        return index
    return [next(code for code in index if index[code] == place) for place in range(len(index))]


def value_at(values: Any, position: int) -> float | None:
    found = values.get(str(position)) if isinstance(values, dict) else values[position]
    return None if found is None else float(found)


def status_at(status: Any, position: int) -> str | None:
    if isinstance(status, list):
        status = status[0] if len(status) == 1 else status[position]
    elif isinstance(status, dict):
        status = status.get(str(position))
    return status or None
