"""The second opinion: the values of a dataset as pyjstat attaches them to codes."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from nordstat.decode.values import Floats, read_values
from nordstat.errors import DecodeError

if TYPE_CHECKING:
    import pandas as pd

    from nordstat.model.cube import Cube

_WAYS_TO_FAIL = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def values_by_pyjstat(members: Mapping[str, Any], cube: Cube) -> Floats:
    """Give the values of a dataset in cube order, read by pyjstat.

    Parameters
    ----------
    members : mapping
        The parsed dataset.
    cube : Cube
        The same dataset as nordstat reads it.

    Raises
    ------
    DecodeError
        Where pyjstat fails (2.4.0 does on pandas 3 for a single category without an index), or attaches values
        to other codes than nordstat.
    """
    frame = _frame(members)
    ours = cube.to_frame(values="codes")
    for dimension in cube.dimensions:
        if not (frame.get(dimension.id, ours["value"]).astype(object) == ours[dimension.id].astype(object)).all():
            raise DecodeError("engine pyjstat disagrees about the codes", where=f"dimension.{dimension.id}")
    values = frame["value"].astype(object)
    numbers, _ = read_values(values.where(values.notna(), None).tolist(), len(ours))
    return numbers


def _frame(members: Mapping[str, Any]) -> pd.DataFrame:
    from pyjstat import pyjstat

    value = members["value"]
    plain = OrderedDict(members, value=value.to_pylist() if isinstance(value, pa.Array) else value)
    document = OrderedDict(dataset=plain)  # a bundle of one is read in the layouts of all versions
    try:
        with warnings.catch_warnings(action="ignore"):  # its own, about its own calls and its age
            frame: pd.DataFrame = pyjstat.Dataset.read(document).write("dataframe", naming="id")
    except _WAYS_TO_FAIL as error:
        raise DecodeError(
            f"engine pyjstat failed: {type(error).__name__}: {error}", hint='Read it with engine="nordstat".'
        ) from error
    return frame
