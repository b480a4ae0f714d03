"""Completeness: whether an answer is a whole cube, and the one that was asked for.

A body cut off by a proxy, a cache that gives another query's answer or a maintenance page with status 200 must not
pass for data. The cube is not decoded here: sizes and codes are compared with the question, cells are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from nordstat.model.selection import Choice, Query
from nordstat.sources.body import BrokenBodyError


def check_cube(document: Any, query: Query) -> str:
    """Give the time of the last update that a JSON-stat 2.0 answer to a query states; empty where it states none.

    Raises
    ------
    BrokenBodyError
        Where the document is no data set, lacks cells, or has not exactly the codes that were asked for. A dimension
        nobody asked for passes with a single code: the server makes up ``ContentsCode`` where that is eliminated.
    """
    if not isinstance(document, Mapping) or not {"id", "size", "value", "dimension"} <= set(document):
        raise BrokenBodyError("JSON that is no data set")
    ids, shape = document["id"], document["size"]
    if not _is_counts(shape) or not isinstance(ids, list) or len(ids) != len(shape):
        raise BrokenBodyError("a data set without a shape")
    sizes = dict(zip(ids, shape, strict=True))
    for choice in query.choices:
        _check_choice(choice, sizes.pop(choice.variable, 0), document["dimension"])
    if extra := [code for code, size in sizes.items() if size != 1]:
        raise BrokenBodyError(f"a data set with {', '.join(extra)}, which nobody asked for")
    cells = _cells(document["value"])
    if cells > prod(shape) or (isinstance(document["value"], list) and cells < prod(shape)):
        raise BrokenBodyError(f"a data set of {prod(shape):,} cells with {cells:,} in it")
    updated = document.get("updated", "")
    return updated if isinstance(updated, str) else ""


def _check_choice(choice: Choice, size: int, dimensions: Any) -> None:
    if size != len(choice.codes):
        raise BrokenBodyError(f"a data set with {size} of the {len(choice.codes)} codes asked of {choice.variable}")
    category = dimensions
    for key in (choice.variable, "category"):
        category = category.get(key) if isinstance(category, Mapping) else None
    codes = (category.get("index") or category.get("label")) if isinstance(category, Mapping) else None
    if sorted(map(str, codes or ())) != sorted(choice.codes):
        raise BrokenBodyError(f"a data set with other codes than those asked of {choice.variable}")


def _cells(value: Any) -> int:
    """Count the cells: of a full list, or up to the last one of a sparse object."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, Mapping) and all(key.isdecimal() for key in value):
        return max(map(int, value), default=-1) + 1
    raise BrokenBodyError("a data set whose values are neither a list nor an object of positions")


def _is_counts(shape: Any) -> bool:
    return isinstance(shape, list) and all(isinstance(count, int) and count > 0 for count in shape)
