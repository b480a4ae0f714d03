"""A map of flows: a line from where people live to where they work, as wide as the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nordstat.mapping.correspondence import Correspondences
from nordstat.release.dataset import at_total
from nordstat.release.vintages import as_of
from nordstat.report.borders import Borders, finest
from nordstat.report.charts import WIDTH, Chart
from nordstat.report.places import Place, places_of

MOST_LINES = 300
MOST_FLOWS = 40_000
FEWEST_LINES = 10
DIRECTIONS = {"SE-NO": "#D55E00", "NO-SE": "#0072B2", "SE-SE": "#009E73", "NO-NO": "#CC79A7"}
"""Country of residence and of work, to its colour."""

CHOICE = ["reporter", "definition", "measure", "time_period", "direction"]
LINE = ["home", "job", "value", "low", "high", "source"]
_COUNTS = ("persons", "jobs", "employed")
_LATEST = "2200-01-01"


@dataclass(frozen=True, slots=True, eq=False)
class FlowMap:
    """The flows of one office, definition, period and direction.

    Attributes
    ----------
    reporter, definition, measure, period, direction : str
        What was chosen; the direction is a key of `DIRECTIONS`.
    lines : DataFrame
        The largest flows, largest first: ``home`` and ``job`` (positions in `Atlas.places`), ``value``, ``low``,
        ``high`` and ``source``.
    flows, total : int, float
        How many flows there are, and what they add up to, drawn or not.
    """

    reporter: str
    definition: str
    measure: str
    period: str
    direction: str
    lines: pd.DataFrame
    flows: int
    total: float


@dataclass(frozen=True, slots=True)
class Atlas:
    """All maps of a release.

    Attributes
    ----------
    places : tuple of Place
        Both ends of every line.
    maps : tuple of FlowMap
        By office, definition, latest period and direction.
    left : dict of str to int
        Rows that are not drawn, by reason: ``detailed``, broken down by sex, age, occupation or industry; ``nowhere``,
        with an end that no borders hold; ``inside``, from a place to itself; ``coarser``, of a coarser level than
        another of the same choice; ``earlier``, of maps beyond what a page holds.
    """

    places: tuple[Place, ...]
    maps: tuple[FlowMap, ...]
    left: Mapping[str, int]


def atlas(observations: pd.DataFrame, borders: Sequence[Borders], correspondences: Correspondences) -> Atlas:
    """Give the flows between two different places, for every choice there is.

    Of each choice only the finest level is taken, so that nothing is drawn twice; of each number only the newest
    vintage.

    Parameters
    ----------
    observations : DataFrame
        Of a release.
    borders : sequence of Borders
        For the places.
    correspondences : Correspondences
        In force; an area of an older division is placed by them.
    """
    counts = observations["measure"].isin(_COUNTS) & (observations["obs_value"].fillna(0) > 0)
    counts &= observations["time_period"].notna() & (observations["background"] == "_T")
    whole = counts & at_total(observations, ())
    rows = observations[whole].reset_index(drop=True)
    if len(rows["vintage"].unique()) > 1:
        rows = as_of(rows, _LATEST).reset_index(drop=True)
    schemes = {str(name) for end in ("residence", "work") for name in rows[f"{end}_scheme"].dropna().unique()}
    known = places_of(schemes, borders, correspondences)
    places = tuple(known.values())
    drawn = rows[[*CHOICE[:4], "source"]].assign(
        home=_positions(rows, "residence", known),
        job=_positions(rows, "work", known),
        value=rows["obs_value"].to_numpy(dtype=float),
        low=rows["obs_low"].to_numpy(dtype=float, na_value=np.nan),
        high=rows["obs_high"].to_numpy(dtype=float, na_value=np.nan),
    )
    on_map = (drawn["home"] >= 0) & (drawn["job"] >= 0)
    drawn = drawn[on_map]
    points = np.array([(place.lon, place.lat) for place in places] or np.empty((0, 2)))
    between = drawn[(points[drawn["home"]] != points[drawn["job"]]).any(axis=1)]
    drawable = _finest(_directed(between, places), places)
    maps, earlier = _maps(drawable)
    left = {
        "detailed": int(counts.sum() - whole.sum()),
        "nowhere": int((~on_map).sum()),
        "inside": len(drawn) - len(between),
        "coarser": len(between) - len(drawable),
        "earlier": earlier,
    }
    return Atlas(places, maps, left)


def flow_map(shown: FlowMap, places: Sequence[Place], borders: Iterable[Borders]) -> Chart:
    """Give one map as a chart: areas in grey, a line a flow, a dot where they work.

    Parameters
    ----------
    shown : FlowMap
        What to draw.
    places : sequence of Place
        Of the same atlas.
    borders : iterable of Borders
        For the ground; of each country the finest.
    """
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
        }
        for one in finest(borders)
        for rings in ([mercator(ring).tolist() for ring in area] for area in one.areas.values())
    ]
    ends = [
        mercator(np.array([[places[at].lon, places[at].lat] for at in shown.lines[end]])) for end in ("home", "job")
    ]
    lines = pd.DataFrame(
        {
            "residence": [places[at].name for at in shown.lines["home"]],
            "work": [places[at].name for at in shown.lines["job"]],
            "value": shown.lines["value"].to_numpy(),
            **{name: ends[end][:, axis] for end, axis, name in ((0, 0, "x"), (0, 1, "y"), (1, 0, "x2"), (1, 1, "y2"))},
        }
    )
    colour = DIRECTIONS[shown.direction]
    ground = alt.Chart(alt.InlineData(values=features)).mark_geoshape(fill="#dddddd", stroke="#ffffff", strokeWidth=0.4)
    width = alt.StrokeWidth("value:Q", title=None, scale=alt.Scale(range=[0.5, 8]), legend=alt.Legend(orient="bottom"))
    drawn = alt.Chart(lines).mark_rule(color=colour, opacity=0.6)
    drawn = drawn.encode(
        longitude="x:Q",
        latitude="y:Q",
        longitude2="x2:Q",
        latitude2="y2:Q",
        strokeWidth=width,
        tooltip=["residence:N", "work:N", "value:Q"],
    )
    dots = alt.Chart(lines).mark_circle(color=colour, size=16, opacity=1).encode(longitude="x2:Q", latitude="y2:Q")
    layers = alt.layer(ground, drawn, dots).project(type="identity", reflectY=True)
    return layers.properties(width=WIDTH, height=560)


def mercator(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give longitude and latitude in Mercator's projection, both in degrees."""
    north = np.degrees(np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)))
    return np.column_stack([points[:, 0], north]).round(4)


def _positions(rows: pd.DataFrame, end: str, known: Mapping[tuple[str, str], Place]) -> np.ndarray[Any, Any]:
    """Give where the place of one end of each row stands among those known; -1 where it is not."""
    order = {place: at for at, place in enumerate(known)}
    scheme, area = rows[f"{end}_scheme"].astype("category"), rows[f"{end}_area"].astype("category")
    codes = area.cat.categories
    table = np.array(
        [[order.get((str(name), str(code)), -1) for code in codes] for name in scheme.cat.categories], dtype=np.int32
    ).reshape(-1, len(codes))
    return table[scheme.cat.codes, area.cat.codes]


def _directed(drawn: pd.DataFrame, places: Sequence[Place]) -> pd.DataFrame:
    country = np.array([place.country for place in places], dtype=object)
    direction = country[drawn["home"]] + "-" + country[drawn["job"]]
    return drawn.assign(direction=direction)


def _finest(drawn: pd.DataFrame, places: Sequence[Place]) -> pd.DataFrame:
    """Give the rows of the finest pair of levels of each choice."""
    level = np.array([place.level for place in places], dtype=np.int8)
    rank = pd.Series(level[drawn["home"]] * 10 + level[drawn["job"]] * 11, index=drawn.index)
    least = rank.groupby([drawn[name] for name in CHOICE], observed=True).transform("min")
    return drawn[rank == least]


def _maps(drawn: pd.DataFrame) -> tuple[tuple[FlowMap, ...], int]:
    """Give the maps that fit on a page, and how many rows are of those that do not: the earliest."""
    drawn = drawn.astype(dict.fromkeys(CHOICE, str))
    sizes = drawn.groupby(CHOICE)["value"].agg(["size", "sum"]).reset_index()
    newest = sizes.sort_values(["time_period", "direction"], ascending=False, kind="stable")
    kept = newest.head(MOST_FLOWS // FEWEST_LINES).sort_values(CHOICE[:3], kind="stable")
    lines = max(FEWEST_LINES, min(MOST_LINES, MOST_FLOWS // max(len(kept), 1)))
    largest = drawn.sort_values(["value", "home", "job"], ascending=[False, True, True], kind="stable")
    largest = largest[largest.groupby(CHOICE).cumcount() < lines]
    parts = dict(iter(largest.groupby(CHOICE)[LINE]))
    maps = tuple(
        FlowMap(office, name, measure, period, way, parts[office, name, measure, period, way], flows, total)
        for office, name, measure, period, way, flows, total in kept.itertuples(index=False, name=None)
    )
    return maps, int(sizes["size"].sum() - kept["size"].sum())
