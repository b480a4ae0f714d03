"""Norwegian flows over the edges of the border municipalities, on units that stayed whole through the reforms."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from nordstat.harmonise.areas import convert
from nordstat.mapping.border import read_border
from nordstat.mapping.check import Mappings
from nordstat.mapping.rows import Faults
from nordstat.report.charts import PALETTE, WIDTH, Chart

TABLE = "SSB:03321"
DIRECTIONS = ("inside", "into", "out of")
UNITS = "NO-STABLE:2018-2024"
_TODAY = "NO-KOMMUNE:2024"


def border_flows(observations: pd.DataFrame, mappings: Mappings) -> pd.DataFrame:
    """Give the employed who live in, work in, or cross the edge of the border municipalities, year by year.

    Parameters
    ----------
    observations : DataFrame
        Of a release; only rows of SSB 03321 count.
    mappings : Mappings
        In force.

    Returns
    -------
    DataFrame
        ``time_period``, ``direction`` (inside, into, out of) and ``employed``; no rows where the table is not there.
    """
    rows = observations[(observations["source"] == TABLE) & observations["obs_value"].notna()]
    if rows.empty:
        return pd.DataFrame(columns=["time_period", "direction", "employed"])
    units = _border_units(mappings)
    parts = [_on_units(part, str(scheme), mappings) for scheme, part in rows.groupby("work_scheme", observed=True)]
    flows = pd.concat(parts, ignore_index=True)
    home, job = flows["residence_area"].isin(units), flows["work_area"].isin(units)
    flows["direction"] = pd.Series("", index=flows.index).mask(home & job, "inside").mask(~home & job, "into")
    flows["direction"] = flows["direction"].mask(home & ~job, "out of")
    kept = flows[flows["direction"] != ""]
    return kept.groupby(["time_period", "direction"])["obs_value"].sum().rename("employed").reset_index()


def border_chart(flows: pd.DataFrame, *, words: Mapping[str, str] | None = None, width: int = WIDTH) -> Chart:
    """Give the flows as grouped bars, a group a year.

    Parameters
    ----------
    flows : DataFrame
        From `border_flows`.
    words : mapping of str to str, optional
        ``number``, ``inside``, ``into`` and ``out of`` in the reader's language.
    width : int, optional
        In pixels.
    """
    told = words or {}
    ways = [told.get(way, way) for way in DIRECTIONS]
    rows = flows.assign(direction=[told.get(way, way) for way in flows["direction"]])
    colour = alt.Color(
        "direction:N",
        title=None,
        scale=alt.Scale(domain=ways, range=PALETTE[:3]),
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=width),
    )
    chart: alt.Chart = alt.Chart(rows).mark_bar()
    drawn: alt.Chart = chart.encode(
        x=alt.X("time_period:N", title=None, axis=alt.Axis(labelAngle=-90 if width < WIDTH else 0)),
        xOffset=alt.XOffset("direction:N", sort=ways),
        y=alt.Y("employed:Q", title=told.get("number"), axis=alt.Axis(format="~s")),
        color=colour,
    ).properties(width=width, height=280)
    return drawn


def _border_units(mappings: Mappings) -> set[str]:
    faults = Faults()
    pairs = read_border(mappings.folders, mappings.codelists, faults)
    faults.raise_if_any()
    links = mappings.correspondences().find(_TODAY, UNITS).by_source()
    return {link.target for pair in pairs for link in links[pair.norwegian]}


def _on_units(rows: pd.DataFrame, scheme: str, mappings: Mappings) -> pd.DataFrame:
    """Give flows of one version on the stable units; a flow that is not in the table is nothing, not unknown."""
    plain = pd.DataFrame(
        {
            "residence_area": rows["residence_area"].astype(str).to_numpy(),
            "work_area": rows["work_area"].astype(str).to_numpy(),
            "time_period": rows["time_period"].astype(str).to_numpy(),
            "obs_value": rows["obs_value"].astype(float).to_numpy(),
        }
    )
    table = mappings.correspondences().find(scheme, UNITS)
    done = convert(plain, ["residence_area", "work_area"], table, measures="obs_value", absent="zero")
    return done.frame.astype({"residence_area": str, "work_area": str, "obs_value": float})
