"""Tables of the services as observations: every cell of a cube, in the columns of the one dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nordstat.decode.status import read_status
from nordstat.errors import MappingError, MappingErrors
from nordstat.harmonise.intervals import ssb_rounded
from nordstat.harmonise.table_columns import Grid, Words, columns_of
from nordstat.harmonise.table_dimensions import Reading, gaps, read_dimensions
from nordstat.model.codelist import Codelist
from nordstat.model.cube import Cube
from nordstat.model.part import part_of
from nordstat.model.symbol import Symbol
from nordstat.model.table import Disclosure, TableSpec
from nordstat.schema.columns import OBSERVATION, Kind

Floats = npt.NDArray[np.float64]


def table_observations(
    cube: Cube,
    table: TableSpec,
    *,
    legend: Mapping[str, Symbol],
    codelists: Iterable[Codelist],
    snapshot: str = "",
) -> pd.DataFrame:
    """Give a cube as observations.

    Parameters
    ----------
    cube : Cube
        Answer of the service. A variable the service has summed away is read as its total.
    table : TableSpec
        How the table reads.
    legend : mapping of str to Symbol
        Symbols of the office.
    codelists : iterable of Codelist
        Every classification there is.
    snapshot : str, optional
        sha256 of the bytes.

    Returns
    -------
    DataFrame
        One row a cell, in cube order, columns of `nordstat.schema.columns.OBSERVATION`. Only codes the spec leaves out,
        and the parts of what nordstat has no column for, are not read.

    Raises
    ------
    UnknownCodeError, OutsideValidityError, MappingError
        For what the spec and the code lists cannot read, all together as `MappingErrors` where there are several.
    UnknownStatusError, DecodeError
        For a symbol without meaning, or beside a number it contradicts.
    """
    lists = tuple(codelists)
    readings = _readings(cube, table, lists)
    cells = read_status(_read_part(cube, readings), legend)
    values = cells["obs_value"].to_numpy()
    counted = np.nan_to_num(values) != 0
    shape = tuple(len(reading.values) for reading in readings)
    words = columns_of(Grid(readings, counted.reshape(shape), table, lists))
    words |= {"vintage": _one(cube.updated), "snapshot": _one(snapshot)}
    low, high = _ends(values, cells["obs_status_source"], table.disclosure)
    columns = {
        column.name: _spread(words[column.name], shape, column.kind) for column in OBSERVATION if column.name in words
    }
    columns |= {"obs_value": _nullable(values), "obs_low": _nullable(low), "obs_high": _nullable(high)}
    columns |= {name: cells[name].array for name in ("conf_status", "obs_status_source")}
    columns["obs_status"] = _marked(cells["obs_status"], table.disclosure)
    return pd.DataFrame({column.name: columns[column.name] for column in OBSERVATION})


def _readings(cube: Cube, table: TableSpec, lists: tuple[Codelist, ...]) -> tuple[Reading, ...]:
    if missing := gaps(table):
        raise MappingError(
            f"{table.id} cannot be read: its description does not say {', '.join(missing)}",
            file=table.file,
            line=table.line,
            hint=f"It is {table.verified}. Describe it in a mappings folder of your own and name that with --mappings.",
        )
    readings, faults = read_dimensions({dimension.id: dimension.codes for dimension in cube.dimensions}, table, lists)
    if len(faults) > 1:
        raise MappingErrors(f"{table.id} cannot be read", faults)
    for fault in faults:
        raise fault
    return readings


def _read_part(cube: Cube, readings: Sequence[Reading]) -> Cube:
    """Give the part of a cube that is read."""
    codes = {
        dimension.id: [dimension.codes[place] for place in reading.kept]
        for dimension, reading in zip(cube.dimensions, readings, strict=True)
    }
    return part_of(cube, codes)


def _one(text: str) -> Words:
    return np.array(text or None, dtype=object)


def _spread(small: Words, shape: tuple[int, ...], kind: Kind) -> Any:
    """Give a small array spread over all cells, as a categorical or as whole numbers."""
    places = np.arange(small.size, dtype=np.int32).reshape(small.shape)
    cells = np.broadcast_to(places, shape).ravel()
    if kind is Kind.WHOLE:
        return pd.Series(small.ravel()).astype("Int64").array[cells]
    codes, words = pd.factorize(small.ravel())
    return pd.Categorical.from_codes(codes.astype(np.int32)[cells], pd.Index(words, dtype=object))


def _nullable(values: Floats) -> Any:
    return pd.Series(values).astype("Float64").array


def _ends(values: Floats, symbols: pd.Series[Any], rule: Disclosure) -> tuple[Floats, Floats]:
    """Give what the numbers stand for; a zero that a symbol says is one is not a rounded number."""
    if rule is not Disclosure.SSB_0_3:
        return values, values
    low, high = ssb_rounded(values)
    said = symbols.notna().to_numpy()
    return np.where(said, values, low), np.where(said, values, high)


def _marked(status: pd.Series[Any], rule: Disclosure) -> Any:
    """Give the status; D where noise is in every number, as SCB adds it since BAS."""
    if rule is not Disclosure.SCB_BAS_NOISE:
        return status.array
    words = status.cat.categories
    told = np.where(words == "A", "D", words)[status.cat.codes]
    return pd.Categorical(told)
