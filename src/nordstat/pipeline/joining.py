"""Cubes put together again from the answers to the requests a selection was cut into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import prod
from typing import Any

import numpy as np

from nordstat.errors import ShapeMismatchError
from nordstat.model.cube import Cube, Dimension

Asked = Mapping[str, Sequence[str]]


def joined(parts: Sequence[Cube], codes: Asked, *, label: str = "") -> Cube:
    """Give the cube that one answer would have been.

    Parameters
    ----------
    parts : sequence of Cube
        At least one; every cell in exactly one of them.
    codes : mapping of str to sequence of str
        Dimension id -> all codes asked for, in the order of the table. Each cell is placed by its codes.
    label : str, optional
        Title; that of the first part where not given (the services make titles up answer by answer).

    Raises
    ------
    ShapeMismatchError
        Where the parts have not the same dimensions, or leave a cell empty or fill it twice.
    """
    if len(parts) == 1:
        return parts[0]
    dimensions = tuple(_dimension(dimension, parts, codes) for dimension in parts[0].dimensions)
    symbols = tuple(sorted({symbol for part in parts for symbol in part.symbols}))
    places = [_place(part, dimensions) for part in parts]
    shape = tuple(map(len, dimensions))
    _check_filled(shape, places)
    values = np.full(shape, np.nan)
    status = np.full(shape, -1, dtype=np.min_scalar_type(-max(len(symbols), 1)))
    for part, place in zip(parts, places, strict=True):
        values[place] = _turned(part.values, part, dimensions)
        if part.status is not None:
            told = np.array([*(symbols.index(symbol) for symbol in part.symbols), -1])[part.status]
            status[place] = _turned(told, part, dimensions)
    return replace(
        parts[0],
        label=label or parts[0].label,
        dimensions=dimensions,
        values=_fixed(values.ravel()),
        status=_fixed(status.ravel()) if symbols else None,
        symbols=symbols,
        notes=_once(note for part in parts for note in part.notes),
    )


def _dimension(first: Dimension, parts: Sequence[Cube], codes: Asked) -> Dimension:
    """Give a dimension with the codes of all parts; of the rest only what the parts agree on."""
    told = [dimension for part in parts for dimension in part.dimensions if dimension.id == first.id]
    if len(told) != len(parts):
        raise ShapeMismatchError(f"not every part has the dimension {first.id}")
    order = list(codes.get(first.id, first.codes))
    labels = dict(pair for dimension in told for pair in zip(dimension.codes, dimension.labels, strict=True))
    if strange := set(labels) ^ set(order):
        raise ShapeMismatchError(f"codes of {first.id} that are asked for or given, not both: {sorted(strange)}")
    return replace(
        first,
        codes=tuple(order),
        labels=tuple(labels[code] for code in order),
        units=_merged(dimension.units for dimension in told),
        notes=_merged(dimension.notes for dimension in told),
        children=_merged(dimension.children for dimension in told),
        extension={
            key: value
            for key, value in first.extension.items()
            if all(dimension.extension.get(key) == value for dimension in told)
        },
    )


def _merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return dict(chain.from_iterable(part.items() for part in parts))


def _place(part: Cube, dimensions: Sequence[Dimension]) -> tuple[Any, ...]:
    """Give where a part's cells lie in the whole."""
    if len(part.dimensions) != len(dimensions):
        raise ShapeMismatchError(f"a part has {len(part.dimensions)} dimensions, the first has {len(dimensions)}")
    positions = ({code: place for place, code in enumerate(dimension.codes)} for dimension in dimensions)
    pairs = zip(dimensions, positions, strict=True)
    return np.ix_(*([position[code] for code in part.dimension(dimension.id).codes] for dimension, position in pairs))


def _turned(cells: np.ndarray[Any, Any], part: Cube, dimensions: Sequence[Dimension]) -> np.ndarray[Any, Any]:
    """Give a part's cells as an array whose axes come in the order of the whole."""
    ids = [dimension.id for dimension in part.dimensions]
    return cells.reshape(part.shape).transpose([ids.index(dimension.id) for dimension in dimensions])


def _check_filled(shape: tuple[int, ...], places: Sequence[tuple[Any, ...]]) -> None:
    times = np.zeros(shape, dtype=np.int8)
    for place in places:
        times[place] += 1
    if not (times == 1).all():
        empty, twice = (times == 0).sum(), (times > 1).sum()
        raise ShapeMismatchError(f"of {prod(shape):,} cells the parts leave {empty:,} empty and fill {twice:,} twice")


def _once(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notes))


def _fixed(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    array.setflags(write=False)
    return array
