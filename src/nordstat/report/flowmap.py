"""A map of flows: a line from where people live to where they work, as wide as the count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nordstat.errors import SettingsError
from nordstat.report.charts import PALETTE, WIDTH, Chart

MOST_LINES = 300


def read_borders(path: Path) -> dict[str, Any]:
    """Give the borders of a GeoJSON file.

    Parameters
    ----------
    path : Path
        A FeatureCollection whose features have a ``code`` property.

    Raises
    ------
    SettingsError
        For a file that is no such collection.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
        features = document["features"]
        codes = [str(feature["properties"]["code"]) for feature in features]
    except OSError as error:
        raise SettingsError(f"borders cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, KeyError, TypeError):
        raise SettingsError(
            "no borders", where=str(path), hint="Give a GeoJSON FeatureCollection whose features have a code."
        ) from None
    if len(set(codes)) != len(codes):
        raise SettingsError("a code stands twice in the borders", where=str(path))
    return {"type": "FeatureCollection", "features": features}


def centroids(borders: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Give longitude and latitude of the middle of each area: of the largest ring, weighted by its area."""
    return {str(feature["properties"]["code"]): _middle(feature["geometry"]) for feature in borders["features"]}


def flow_lines(data: pd.DataFrame, places: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Give the flows between two different places that are on the map, the largest first.

    Returns
    -------
    DataFrame
        ``residence``, ``work``, ``value``, ``lon``, ``lat``, ``lon2``, ``lat2``; at most 300 rows.
    """
    known = data["residence_area"].astype(str).isin(places) & data["work_area"].astype(str).isin(places)
    rows = data[known & (data["residence_area"].astype(str) != data["work_area"].astype(str))]
    rows = (
        rows[rows["obs_value"].fillna(0) > 0].sort_values("obs_value", ascending=False, kind="stable").head(MOST_LINES)
    )
    ends = [
        [*places[str(home)], *places[str(job)]]
        for home, job in zip(rows["residence_area"], rows["work_area"], strict=True)
    ]
    lines = pd.DataFrame(ends, columns=["lon", "lat", "lon2", "lat2"], dtype=float)
    lines.insert(0, "value", rows["obs_value"].astype(float).to_numpy())
    lines.insert(0, "work", rows["work_area"].astype(str).to_numpy())
    lines.insert(0, "residence", rows["residence_area"].astype(str).to_numpy())
    return lines


def flow_map(lines: pd.DataFrame, borders: Mapping[str, Any]) -> Chart:
    """Give the map: areas in grey, a line a flow."""
    area = alt.InlineData(values=list(borders["features"]))
    ground = alt.Chart(area).mark_geoshape(fill="#dddddd", stroke="#ffffff", strokeWidth=0.4)
    width = alt.StrokeWidth("value:Q", title=None, scale=alt.Scale(range=[0.5, 8]), legend=alt.Legend(orient="bottom"))
    drawn = alt.Chart(lines).mark_rule(color=PALETTE[1], opacity=0.6)
    drawn = drawn.encode(
        longitude="lon:Q", latitude="lat:Q", longitude2="lon2:Q", latitude2="lat2:Q", strokeWidth=width
    )
    return alt.layer(ground, drawn).project(type="mercator").properties(width=WIDTH, height=560)


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [np.asarray(polygon[0], dtype=float) for polygon in polygons]
    return max((_ring(ring) for ring in rings), key=lambda found: found[0])[1]


def _ring(ring: np.ndarray[Any, Any]) -> tuple[float, tuple[float, float]]:
    """Give the area of a ring and its centroid; a ring without area has its mean point."""
    x, y = ring[:, 0], ring[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    if area == 0:
        return 0.0, (float(x.mean()), float(y.mean()))
    lon = ((x[:-1] + x[1:]) * cross).sum() / (6 * area)
    lat = ((y[:-1] + y[1:]) * cross).sum() / (6 * area)
    return abs(float(area)), (float(lon), float(lat))
