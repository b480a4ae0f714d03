"""Charts of counts, bridges and verdicts: intervals, never bare points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from nordstat.model.interval import Interval
from nordstat.model.period import Period

# Okabe and Ito's palette, told apart by every kind of colour vision; the shape of the mark tells the same again.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"]
VERDICT_COLOURS = {
    "consistent": "#009E73",
    "explained": "#56B4E9",
    "partly_explained": "#0072B2",
    "inconsistent": "#D55E00",
    "not_comparable": "#E69F00",
    "no_evidence": "#999999",
}
WIDTH = 640

Chart = alt.Chart | alt.LayerChart | alt.FacetChart


def counts(data: pd.DataFrame, *, labels: Mapping[str, str] | None = None, breaks: Sequence[str] = ()) -> Chart:
    """Give the counts of one flow over time: a bar for each interval, coloured by definition, with break marks.

    Parameters
    ----------
    data : DataFrame
        Observations of one flow; rows without a period are left out, and the caller says how many.
    labels : mapping of str to str, optional
        Definition id to its label.
    breaks : sequence of str, optional
        Days (ISO 8601) of breaks in level.
    """
    rows = counted(data, labels or {})
    colour = alt.Color(
        "definition:N",
        title=None,
        scale=alt.Scale(range=PALETTE),
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=420),
    )
    shape = alt.Shape("definition:N", title=None, legend=None)
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y"))
    bars = (
        alt.Chart(rows)
        .mark_rule(strokeWidth=5)
        .encode(x=x, y=alt.Y("low:Q", title=None, axis=alt.Axis(format="~s")), y2="high:Q", color=colour)
    )
    points = alt.Chart(rows).mark_point(filled=True, size=60).encode(x=x, y="value:Q", color=colour, shape=shape)
    layers: list[alt.Chart] = [bars, points]
    if breaks:
        marks = pd.DataFrame({"day": pd.to_datetime(list(breaks))})
        layers.append(alt.Chart(marks).mark_rule(strokeDash=[4, 4], color="#888888").encode(x="day:T"))
    return alt.layer(*layers).properties(width=WIDTH, height=320)


def counted(data: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Give the rows of a chart of counts; an open end is drawn at the printed number."""
    dated = data[data["time_period"].notna() & data["obs_value"].notna()]
    value = dated["obs_value"].astype(float)
    return pd.DataFrame(
        {
            "day": [_first_day(period) for period in dated["time_period"].astype(str)],
            "period": dated["time_period"].astype(str).to_numpy(),
            "definition": [labels.get(str(name), str(name)) for name in dated["definition"]],
            "value": value.to_numpy(),
            "low": dated["obs_low"].astype(float).fillna(value).to_numpy(),
            "high": dated["obs_high"].astype(float).fillna(value).to_numpy(),
            "source": dated["source"].astype(str).to_numpy(),
        }
    ).sort_values(["day", "definition", "source"], ignore_index=True)


def waterfall(steps: Sequence[Mapping[str, Any]]) -> Chart:
    """Give a bridge as a waterfall.

    Parameters
    ----------
    steps : sequence of mapping
        ``name``, ``from``, ``to``, ``low``, ``high`` and ``kind`` (count, step or residual); ``low`` and ``high`` are
        the interval of the running number.
    """
    rows = pd.DataFrame([{**step, "order": place} for place, step in enumerate(steps)])
    x = alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=170))
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=["count", "step", "residual"], range=PALETTE[:3]))
    bars = (
        alt.Chart(rows)
        .mark_bar(size=46)
        .encode(x=x, y=alt.Y("from:Q", title=None, axis=alt.Axis(format="~s")), y2="to:Q", color=colour)
    )
    whiskers = alt.Chart(rows).mark_errorbar(ticks=True).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    return alt.layer(bars, whiskers).properties(width=WIDTH, height=280)


def bar(name: str, kind: str, start: float, end: float, *, interval: Interval) -> dict[str, Any]:
    """Give one bar of a waterfall; an open end is drawn at the bar's own end."""
    low = end if interval.low is None else interval.low
    high = end if interval.high is None else interval.high
    return {"name": name, "kind": kind, "from": start, "to": end, "low": low, "high": high}


def verdict_bars(totals: Mapping[str, int]) -> Chart:
    """Give how many figures have each verdict."""
    rows = pd.DataFrame({"verdict": list(totals), "figures": list(totals.values())})
    colour = alt.Color(
        "verdict:N", legend=None, scale=alt.Scale(domain=list(VERDICT_COLOURS), range=list(VERDICT_COLOURS.values()))
    )
    chart: alt.Chart = alt.Chart(rows).mark_bar()
    drawn: alt.Chart = chart.encode(
        y=alt.Y("verdict:N", sort=None, title=None), x=alt.X("figures:Q", title=None), color=colour
    ).properties(width=WIDTH)
    return drawn


def svg(chart: Chart, *, dark: bool = False) -> str:
    """Give a chart as SVG, drawn without a network or a browser."""
    import vl_convert

    text = "#e6e6e6" if dark else "#222222"
    grid = "#3a3a3a" if dark else "#dddddd"
    config = {
        "background": None,
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {"labelColor": text, "titleColor": text, "gridColor": grid, "domainColor": text, "tickColor": text},
        "legend": {"labelColor": text, "titleColor": text},
        "title": {"color": text},
    }
    specification = chart.to_dict()
    specification["config"] = {**specification.get("config", {}), **config}
    return str(vl_convert.vegalite_to_svg(specification))


def save(chart: Chart, path: Path | str) -> Path:
    """Write a chart as SVG or PNG, by the ending of the path, and give the path."""
    import vl_convert

    target = Path(path)
    if target.suffix == ".svg":
        target.write_text(svg(chart), "utf-8")
    else:
        target.write_bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=2))
    return target


def _first_day(period: str) -> pd.Timestamp:
    """Give where a period stands on the axis of time."""
    return pd.Timestamp(Period.parse(period).start)
