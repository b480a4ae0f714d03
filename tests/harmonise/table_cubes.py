"""Cubes of the offices' tables, made by hand from the codes that have been seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from nordstat.harmonise.tables import table_observations
from nordstat.mapping.check import Mappings
from nordstat.mapping.symbols import legend
from nordstat.model.cube import Cube, Dimension
from nordstat.model.table import TableSpec
from nordstat.schema.observations import check_observations

UPDATED = "2026-03-01T07:00:00Z"
SHA = "0" * 63 + "1"


def cube(
    dimensions: Mapping[str, Sequence[str]], values: Any = None, *, status: Mapping[int, str] | None = None
) -> Cube:
    """A cube over some codes, counted upwards from 1 where no values are given."""
    cells = prod(map(len, dimensions.values()))
    symbols = tuple(sorted(set((status or {}).values())))
    flags = np.full(cells, -1, dtype=np.int8)
    for place, symbol in (status or {}).items():
        flags[place] = symbols.index(symbol)
    return Cube(
        label="made by hand",
        source="",
        updated=UPDATED,
        dimensions=tuple(Dimension(name, name, tuple(codes), tuple(codes)) for name, codes in dimensions.items()),
        values=np.arange(1.0, cells + 1) if values is None else np.array(values, dtype=np.float64),
        status=flags if status else None,
        symbols=symbols,
    )


def observed(cube: Cube, table: TableSpec, mappings: Mappings) -> pd.DataFrame:
    """The observations of a cube, checked against the dictionary of columns."""
    return check_observations(
        table_observations(
            cube,
            table,
            legend=legend(mappings.symbols, table.office),
            codelists=mappings.codelists.lists.values(),
            snapshot=SHA,
        )
    )
