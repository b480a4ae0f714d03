"""Parts of a cube: the cells of some codes, the dimensions in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nordstat.model.cube import Cube, Dimension


def part_of(cube: Cube, codes: Mapping[str, Sequence[str]]) -> Cube:
    """Give the part of a cube that some codes of every dimension make up.

    Parameters
    ----------
    cube : Cube
        The whole.
    codes : mapping of str to sequence of str
        Every dimension's id -> codes, both in the order the part shall have.

    Raises
    ------
    KeyError
        For a dimension or a code the cube does not have.
    ValueError
        Where a dimension of the cube is left out.

    Examples
    --------
    >>> from nordstat.decode import read_jsonstat
    >>> dimension = {"category": {"index": ["a", "b"]}}
    >>> whole = read_jsonstat({"id": ["X", "Y"], "size": [2, 2], "dimension": {"X": dimension, "Y": dimension},
    ...     "value": [1, 2, 3, 4]})
    >>> part_of(whole, {"Y": ["b", "a"], "X": ["b"]}).values.tolist()
    [4.0, 3.0]
    """
    wanted = {dimension.id: codes[dimension.id] for dimension in cube.dimensions}
    if all(tuple(wanted[d.id]) == d.codes for d in cube.dimensions) and list(codes) == list(wanted):
        return cube
    order = [list(wanted).index(name) for name in codes]
    rows = np.ix_(*(_positions(dimension, wanted[dimension.id]) for dimension in cube.dimensions))

    def cut(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return cells.reshape(cube.shape)[rows].transpose(order).ravel()

    return replace(
        cube,
        dimensions=tuple(_with(cube.dimensions[place], wanted) for place in order),
        values=cut(cube.values),
        status=None if cube.status is None else cut(cube.status),
    )


def _positions(dimension: Dimension, codes: Sequence[str]) -> list[int]:
    places = {code: place for place, code in enumerate(dimension.codes)}
    return [places[code] for code in codes]


def _with(dimension: Dimension, wanted: Mapping[str, Sequence[str]]) -> Dimension:
    codes = tuple(wanted[dimension.id])
    labels = dict(zip(dimension.codes, dimension.labels, strict=True))
    return replace(dimension, codes=codes, labels=tuple(labels[code] for code in codes))
