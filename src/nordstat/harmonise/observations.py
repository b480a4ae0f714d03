"""Observations: figures and transcribed tables as rows of one frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nordstat.errors import UnknownStatusError
from nordstat.harmonise.intervals import interval_of
from nordstat.model.figure import TOTAL, Figure
from nordstat.model.symbol import Symbol
from nordstat.schema.columns import OBSERVATION
from nordstat.schema.frame import DTYPES

UNCODED = "UNCODED"
Legends = Mapping[str, Mapping[str, Symbol]]
"""Office -> symbol -> what it means."""


def observations_of(figures: Iterable[Figure], legends: Legends) -> pd.DataFrame:
    """Give published figures and rows of transcribed tables as observations.

    Parameters
    ----------
    figures : iterable of Figure
        In the order the rows shall have.
    legends : mapping
        What the symbols of each office mean; a symbol is read by the office that published it.

    Returns
    -------
    DataFrame
        One row a figure, columns of `nordstat.schema.columns.OBSERVATION`.

    Raises
    ------
    UnknownStatusError
        For a symbol its office's legend does not have.
    """
    rows = [_row(figure, legends) for figure in figures]
    columns = [column.name for column in OBSERVATION]
    frame = pd.DataFrame.from_records(rows, columns=columns)
    return frame.astype({column.name: DTYPES[column.kind] for column in OBSERVATION})


def _row(figure: Figure, legends: Legends) -> dict[str, Any]:
    key = figure.key
    return {
        "reporter": figure.reporter,
        "definition": key.definition,
        "measure": str(figure.measure),
        "unit_measure": figure.unit_measure,
        "freq": key.period.freq if key.period else None,
        "time_period": key.period.text if key.period else None,
        "residence_scheme": key.residence_scheme or None,
        "residence_area": key.residence_area,
        "work_scheme": key.work_scheme or None,
        "work_area": key.work_area,
        "sex": key.sex,
        "age_low": key.age_low,
        "age_high": key.age_high,
        **_breakdown(figure),
        **(_symbol(figure, legends) if figure.value is None else _number(figure, figure.value)),
        "mapping_status": "none",
        "source_kind": figure.kind,
        "source": figure.id,
        "vintage": figure.vintage or None,
        "snapshot": None,
    }


def _breakdown(figure: Figure) -> dict[str, str]:
    """Give occupation, industry and background; a part that the source names only in words never passes for a total.

    Words for an age have no column of their own and stand with the occupation.
    """
    key, words = figure.key, figure.labels
    found = {"occupation": key.occupation, "industry": key.industry, "background": key.background}
    for column, code in found.items():
        if code == TOTAL and f"{column}_label" in words:
            found[column] = f"{UNCODED}:{words[f'{column}_label']}"
    if key.age_low is None and key.age_high is None and "age_label" in words:
        found["occupation"] = f"{UNCODED}:{words['age_label']}"
    return found


def _number(figure: Figure, value: float) -> dict[str, Any]:
    interval = interval_of(value, figure.precision)
    return {
        "obs_value": value,
        "obs_low": interval.low,
        "obs_high": interval.high,
        "obs_status": "A",
        "conf_status": "F",
        "obs_status_source": figure.precision.text,
    }


def _symbol(figure: Figure, legends: Legends) -> dict[str, Any]:
    meaning = legends.get(figure.reporter, {}).get(figure.symbol)
    if meaning is None:
        raise UnknownStatusError(
            f"the legend of {figure.reporter} has no symbol {figure.symbol!r}",
            where=f"{figure.file}:{figure.line}",
            hint="Add it to mappings/symbols.csv with its meaning and source.",
        )
    return {
        "obs_value": meaning.value,
        "obs_low": meaning.value,
        "obs_high": meaning.value,
        "obs_status": meaning.obs_status,
        "conf_status": meaning.conf_status,
        "obs_status_source": figure.symbol,
    }
