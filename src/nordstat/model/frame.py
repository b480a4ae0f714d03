"""The frame of a cube: one row a cell, every dimension a categorical.

`Cube.to_frame` imports this module when it is called; no other module of this room knows pandas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from nordstat.errors import DecodeError, SettingsError

if TYPE_CHECKING:
    from nordstat.model.cube import Cube, Dimension


def frame_of(cube: Cube, values: Literal["codes", "labels", "both"]) -> pd.DataFrame:
    """Give a frame with one row a cell, in cube order; see `Cube.to_frame`."""
    if values not in {"codes", "labels", "both"}:
        raise SettingsError(f"no such values: {values!r}", hint="Take codes, labels or both.")
    _refuse_doubled_columns(cube, values)
    columns: dict[str, Any] = {}
    for axis, dimension in enumerate(cube.dimensions):
        columns |= _columns(dimension, _positions(cube, axis), values)
    columns["value"] = np.array(cube.values)
    columns["status"] = _categorical(_status(cube), cube.symbols)
    return pd.DataFrame(columns, copy=False)


def _columns(dimension: Dimension, positions: np.ndarray[Any, Any], values: str) -> dict[str, pd.Categorical]:
    if values == "codes":
        return {dimension.id: _categorical(positions, dimension.codes)}
    if values == "labels":
        return {f"{dimension.id}_label": _categorical(positions, _distinct(dimension))}
    labels = tuple(dict.fromkeys(dimension.labels))
    place = {label: position for position, label in enumerate(labels)}
    shared = np.array([place[label] for label in dimension.labels], dtype=positions.dtype)
    return {
        dimension.id: _categorical(positions, dimension.codes),
        f"{dimension.id}_label": _categorical(shared[positions], labels),
    }


def _distinct(dimension: Dimension) -> tuple[str, ...]:
    labels = dimension.distinct_labels
    if len(set(labels)) < len(labels):
        raise DecodeError(
            f"the labels of {dimension.id} do not tell its categories apart, not even with the code in brackets",
            hint='Take values="codes" or "both".',
        )
    return labels


def _categorical(positions: np.ndarray[Any, Any], categories: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(positions, pd.Index(categories, dtype=object if not categories else None))


def _positions(cube: Cube, axis: int) -> np.ndarray[Any, Any]:
    """Give the position of each cell on one axis; none for a cube without values."""
    shape = cube.shape
    kind = np.min_scalar_type(-max(shape[axis], 1))
    if not len(cube.values):
        return np.empty(0, dtype=kind)
    before, after = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
    positions = np.arange(shape[axis], dtype=kind)
    return np.tile(np.repeat(positions, after), before)


def _status(cube: Cube) -> np.ndarray[Any, Any]:
    if cube.status is None:
        return np.full(len(cube.values), -1, dtype=np.int8)
    return cube.status.copy()


def _refuse_doubled_columns(cube: Cube, values: str) -> None:
    """Refuse ids that would name one column twice: a dimension called ``value``, or ``X`` beside ``X_label``."""
    names = [name for dimension in cube.dimensions for name in _names(dimension.id, values)]
    doubled = sorted({name for name in names if names.count(name) > 1 or name in {"value", "status"}})
    if doubled:
        raise DecodeError(
            f"the frame would have a column twice: {', '.join(doubled)}",
            where=cube.label,
            hint="Take codes or labels alone, or cube.values and cube.dimensions.",
        )


def _names(id: str, values: str) -> Iterator[str]:
    if values != "labels":
        yield id
    if values != "codes":
        yield f"{id}_label"
