"""What the map on the page is drawn from: borders as one path, places, and the flows of every choice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nordstat.report.borders import Borders, Ring, finest
from nordstat.report.flowmap import DIRECTIONS, Atlas, FlowMap, mercator
from nordstat.report.places import COUNTRIES
from nordstat.report.texts import LANGUAGES, TEXTS

WORDS = (
    *(f"direction {name}" for name in DIRECTIONS),
    *(f"measure {name}" for name in ("persons", "jobs", "employed")),
    *(f"country {name}" for name in COUNTRIES),
    "map_summary",
)
_UNITS = 100  # of a degree: a quarter of a pixel where both countries are as wide as the page


@dataclass(frozen=True, slots=True)
class FlowSection:
    """The part of the page about flows.

    Attributes
    ----------
    ground : str
        Borders, as the path of an SVG.
    data : dict
        Everything the script of the map needs.
    left : list of tuple
        Key of a text, and how many rows are not drawn for that reason.
    credits : list of str
        Whose borders are shown.
    """

    ground: str
    data: dict[str, Any]
    left: list[tuple[str, int]]
    credits: list[str]


def flow_section(atlas: Atlas, borders: Sequence[Borders], definitions: Mapping[str, Any]) -> FlowSection | None:
    """Give the part of the page about flows; ``None`` where there is no map.

    Parameters
    ----------
    atlas : Atlas
        All maps.
    borders : sequence of Borders
        For the ground; of each country the finest.
    definitions : mapping
        Of the release, for the labels.
    """
    if not atlas.maps or not borders:
        return None
    rings = [mercator(ring) for one in finest(borders) for area in one.areas.values() for ring in area]
    corners = np.concatenate(rings)
    west, north = corners[:, 0].min(), corners[:, 1].max()
    return FlowSection(
        "".join(_path(_units(ring, west, north)) for ring in rings),
        _data(atlas, definitions, west, north) | {"size": _units(corners, west, north).max(axis=0).tolist()},
        [(f"map_{reason}", number) for reason, number in atlas.left.items() if number],
        [f"{one.version} {one.credit}" for one in borders],
    )


def _data(atlas: Atlas, definitions: Mapping[str, Any], west: float, north: float) -> dict[str, Any]:
    used = sorted({int(at) for shown in atlas.maps for end in ("home", "job") for at in shown.lines[end]})
    number = {at: new for new, at in enumerate(used)}
    places = [atlas.places[at] for at in used]
    points = _units(mercator(np.array([(place.lon, place.lat) for place in places])), west, north).tolist()
    series = list(dict.fromkeys((shown.reporter, shown.definition, shown.measure) for shown in atlas.maps))
    maps = [
        _map(shown, series.index((shown.reporter, shown.definition, shown.measure)), number) for shown in atlas.maps
    ]
    return {
        "places": [
            [f"country {place.code}" if place.level == 2 else place.name, f"{place.scheme} {place.code}", *point]
            for place, point in zip(places, points, strict=True)
        ],
        "series": [_labels(*one, definitions) for one in series],
        "maps": maps,
        "first": max(maps, key=lambda one: (one["direction"] == "SE-NO", one["flows"], one["period"])) | {"lines": []},
        "colours": DIRECTIONS,
        "words": {name: TEXTS[name] for name in WORDS},
    }


def _map(shown: FlowMap, series: int, number: Mapping[int, int]) -> dict[str, Any]:
    return {
        "series": series,
        "measure": shown.measure,
        "period": shown.period,
        "direction": shown.direction,
        "flows": shown.flows,
        "total": shown.total,
        "lines": [
            [number[home], number[job], _short(value), source]
            + ([] if low == high == value else [_short(low), _short(high)])
            for home, job, value, low, high, source in shown.lines.itertuples(index=False, name=None)
        ],
    }


def _labels(reporter: str, definition: str, measure: str, definitions: Mapping[str, Any]) -> dict[str, str]:
    labels = definitions.get(definition, {}).get("labels", {})
    what = {code: labels.get(code) or labels.get("en") or definition for code in LANGUAGES}
    return {code: f"{reporter}: {what[code]} ({TEXTS[f'measure {measure}'][code]})" for code in LANGUAGES}


def _short(value: float) -> float | int | None:
    """Give a number as short as it can be written; an open end is none."""
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else value


def _units(points: np.ndarray[Any, Any], west: float, north: float) -> np.ndarray[Any, Any]:
    moved = np.column_stack([points[:, 0] - west, north - points[:, 1]])
    return (moved * _UNITS).round().astype(int)


def _path(ring: Ring) -> str:
    """Write a ring as a path of SVG, each point by its distance from the one before."""
    steps = np.diff(ring, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < 3:
        return ""
    told = " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{ring[0][0]} {ring[0][1]}l{told}z"
