"""A second reading of JSON-stat in plain loops, which refuses whatever contradicts itself: the judge of the fuzzing.

It shares no code with the library and none of its tricks: the text is read by the standard library, each cell is looked
up by its position, and every rule is written out where it is needed.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

Cells = dict[tuple[str, ...], tuple[float | None, str | None]]

SIGNS = ("-", ".", "..", "...", "....", ".....", "......", ":", "*")
LARGEST = 2**53


class RefusedError(Exception):
    """The document contradicts itself."""


def read(text: bytes) -> Cells:
    """Give every cell of the one dataset in a text."""
    try:
        root = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RefusedError(str(error)) from None
    return read_parsed(root)


def read_parsed(root: Any) -> Cells:
    """Give every cell of the one dataset in a parsed document, by its codes, in order."""
    dataset = _dataset(root)
    described = _a(dict, dataset.get("dimension"))
    home = dataset if "id" in dataset else described
    ids, sizes = _a(list, home.get("id")), _a(list, home.get("size"))
    _need(ids and all(isinstance(name, str) for name in ids) and len(set(ids)) == len(ids))
    names = set(described) if home is dataset else set(described) - {"id", "size", "role"}
    _need(names == set(ids) and len(sizes) == len(ids))
    orders = [_order(_a(dict, _a(dict, described[name]).get("category"))) for name in ids]
    for size, order in zip(sizes, orders, strict=True):
        _need((size == len(order) and type(size) is int) or size == str(len(order)))
    count = 1
    for order in orders:
        count *= len(order)
    values, signs = _values(dataset.get("value"), count)
    status = _status(dataset.get("status"), count)
    found: Cells = {}
    for place, key in enumerate(itertools.product(*orders)):
        _need(signs[place] is None or status[place] in (None, signs[place]))
        found[key] = values[place], signs[place] or status[place]
    return found


def _order(category: dict[str, Any]) -> list[str]:
    index, labels = category.get("index"), _a(dict, category.get("label") or {})
    if index is None:
        _need(len(labels) == 1)
        return list(labels)
    if isinstance(index, list):
        order = index
        _need(all(isinstance(code, str) for code in order) and len(set(order)) == len(order))
    else:
        places = _a(dict, index)
        _need(all(type(place) is int for place in places.values()))
        _need(sorted(places.values()) == list(range(len(places))))
        order = [next(code for code in places if places[code] == place) for place in range(len(places))]
    _need(set(labels) <= set(order))
    return order


def _values(given: Any, count: int) -> tuple[list[float | None], list[str | None]]:
    values: list[float | None] = [None] * count
    signs: list[str | None] = [None] * count
    for place, value in _placed(given, count):
        if isinstance(value, str) and value in SIGNS:
            signs[place] = value
        elif value is not None:
            values[place] = _number(value)
    return values, signs


def _number(value: Any) -> float:
    if isinstance(value, str):
        _need(re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", value))
        value = float(value)
    _need(type(value) in (int, float) and -LARGEST <= value <= LARGEST)
    return float(value)


def _status(given: Any, count: int) -> list[str | None]:
    if given is None or isinstance(given, str):
        return [given or None] * count
    if isinstance(given, list) and len(given) == 1:
        given = given * count
    status: list[str | None] = [None] * count
    for place, word in _placed(given, count):
        _need(word is None or isinstance(word, str))
        status[place] = word or None
    return status


def _placed(given: Any, count: int) -> list[tuple[int, Any]]:
    """Give what stands at which position of an array of full length, or of a sparse object."""
    if isinstance(given, list):
        _need(len(given) == count)
        return list(enumerate(given))
    pairs = [(int(key) if re.fullmatch("0|[1-9][0-9]*", key) else -1, value) for key, value in _a(dict, given).items()]
    _need(all(0 <= place < count for place, _ in pairs))
    return pairs


def _dataset(root: Any) -> dict[str, Any]:
    root = _a(dict, root)
    kind = root.get("class", "dataset" if "dimension" in root else "bundle")
    if kind == "dataset":
        return root
    items = _a(list, _a(dict, root.get("link")).get("item")) if kind == "collection" else list(root.values())
    held = [item for item in items if isinstance(item, dict) and "dimension" in item]
    _need(len(held) == 1)
    return held[0]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _need(len({key for key, _ in pairs}) == len(pairs))
    return dict(pairs)


def _a(kind: type, value: Any) -> Any:
    _need(isinstance(value, kind))
    return value


def _need(holds: object) -> None:
    if not holds:
        raise RefusedError
