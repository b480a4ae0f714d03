"""Figures as a frame: one row each, with words, interval and citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from nordstat.harmonise.intervals import interval_of
from nordstat.harmonise.observations import Legends
from nordstat.model.figure import Figure


def figure_frame(figures: Iterable[Figure]) -> pd.DataFrame:
    """Give figures as a frame, one row each, with their words and citations."""
    return pd.DataFrame.from_records([_figure(figure) for figure in figures]).astype(
        {"value": "Float64", "low": "Float64", "high": "Float64"}
    )


def numbers(figures: Iterable[Figure], legends: Legends) -> Iterator[Figure]:
    """Give the figures that are numbers, those among them that the legend of their office makes one: a dash, zero."""
    for figure in figures:
        if figure.value is not None:
            yield figure
        elif (symbol := legends.get(figure.reporter, {}).get(figure.symbol)) and symbol.value is not None:
            yield replace(figure, value=symbol.value)


def _figure(figure: Figure) -> dict[str, Any]:
    interval = interval_of(figure.value, figure.precision) if figure.value is not None else None
    key = figure.key
    return {
        "figure": figure.id,
        "kind": figure.kind,
        "group": figure.group,
        "definition": key.definition,
        "measure": str(figure.measure),
        "unit_measure": figure.unit_measure,
        "time_period": str(key.period or ""),
        "residence": ":".join(filter(None, (key.residence_scheme, key.residence_area))),
        "work": ":".join(filter(None, (key.work_scheme, key.work_area))),
        "value": figure.value,
        "precision": figure.precision.text,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "symbol": figure.symbol,
        "words": figure.words,
        "reporter": figure.reporter,
        "publisher": figure.citation.publisher,
        "title": figure.citation.title,
        "url": figure.citation.url,
        "retrieved_from": figure.citation.retrieved_from,
        "vintage": figure.vintage,
        "note": figure.note,
    }
