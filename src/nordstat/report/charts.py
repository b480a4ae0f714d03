"""Charts of counts, bridges and verdicts: intervals, never bare points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from nordstat.errors import SettingsError
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


def counts(
    data: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    breaks: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
    width: int = WIDTH,
) -> Chart:
    """Give the counts of one flow over time: a bar for each interval, coloured by definition, with break marks.

    Parameters
    ----------
    data : DataFrame
        Observations of one flow; rows without a period are left out, and the caller says how many.
    labels : mapping of str to str, optional
        Definition id to its label.
    breaks : sequence of str, optional
        Days (ISO 8601) of breaks in level.
    words : mapping of str to str, optional
        ``number`` in the reader's language, for the axis.
    width : int, optional
        In pixels.
    """
    rows = counted(data, labels or {})
    order = list((labels or {}).values())  # that of the ids, so that a definition has one colour in every language
    known = sorted(set(rows["definition"]), key=lambda name: (order.index(name) if name in order else -1, name))
    lines = {name: "\n".join(wrap(name, width // 8)) for name in known}
    rows["definition"] = rows["definition"].map(lines)
    legend = alt.Legend(orient="bottom", columns=1, labelLimit=width, labelExpr="split(datum.label, '\\n')")
    names = list(lines.values())
    colour = alt.Color("definition:N", title=None, scale=alt.Scale(domain=names, range=PALETTE), legend=legend)
    shape = alt.Shape("definition:N", title=None, scale=alt.Scale(domain=names), legend=legend)
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount=width // 60))
    y = alt.Y("low:Q", title=(words or {}).get("number"), axis=alt.Axis(format="~s"))
    bars = alt.Chart(rows).mark_rule(strokeWidth=5).encode(x=x, y=y, y2="high:Q", color=colour)
    points = alt.Chart(rows).mark_point(filled=True, size=60).encode(x=x, y="value:Q", color=colour, shape=shape)
    layers: list[alt.Chart] = [bars, points]
    if breaks:
        marks = pd.DataFrame({"day": pd.to_datetime(list(breaks))})
        layers.append(alt.Chart(marks).mark_rule(strokeDash=[4, 4], color="#888888").encode(x="day:T"))
    return alt.layer(*layers).properties(width=width, height=320)


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


def waterfall(
    steps: Sequence[Mapping[str, Any]], *, words: Mapping[str, str] | None = None, width: int = WIDTH
) -> Chart:
    """Give a bridge as a waterfall.

    Parameters
    ----------
    steps : sequence of mapping
        ``name``, ``from``, ``to``, ``low``, ``high`` and ``kind`` (count, step or residual); ``low`` and ``high`` are
        the interval of the running number.
    words : mapping of str to str, optional
        ``number``, ``count``, ``step`` and ``residual`` in the reader's language.
    width : int, optional
        In pixels.
    """
    told = words or {}
    kinds = [told.get(kind, kind) for kind in ("count", "step", "residual")]
    rows = pd.DataFrame(
        [
            {**step, "kind": told.get(step["kind"], step["kind"]), "name": told.get(step["name"], step["name"])}
            for step in steps
        ]
    )
    x = alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=width // len(rows)))
    y = alt.Y("from:Q", title=told.get("number"), axis=alt.Axis(format="~s"))
    legend = alt.Legend(orient="bottom")
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=PALETTE[:3]), legend=legend)
    size = width // 14
    bars = alt.Chart(rows).mark_bar(size=size).encode(x=x, y=y, y2="to:Q", color=colour)
    whiskers = alt.Chart(rows).mark_rule(strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q")
    ends = [alt.Chart(rows).mark_tick(size=size // 2, thickness=2).encode(x=x, y=f"{end}:Q") for end in ("low", "high")]
    return alt.layer(bars, whiskers, *ends).properties(width=width, height=280)


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


def svg(chart: Chart, *, text: str = "#222222", grid: str = "#dddddd") -> str:
    """Give a chart as SVG, drawn without a network or a browser.

    Parameters
    ----------
    chart : Chart
        What to draw.
    text, grid : str, optional
        Colours; ``var(--text)`` takes that of the page around it, light or dark.
    """
    import vl_convert

    config = {
        "background": None,
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": text,
            "titleColor": text,
            "gridColor": grid,
            "domainColor": text,
            "tickColor": text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        "legend": {"labelColor": text, "titleColor": text, "labelFontSize": 12},
        "rule": {"color": text},
        "tick": {"color": text},
    }
    specification = chart.to_dict()
    specification["config"] = {**specification.get("config", {}), **config}
    return str(vl_convert.vegalite_to_svg(specification))


def save(chart: Chart, path: Path | str) -> Path:
    """Write a chart as SVG or PNG, by the ending of the path, and give the path.

    Raises
    ------
    SettingsError
        For another ending.
    """
    import vl_convert

    target = Path(path)
    if target.suffix == ".svg":
        target.write_text(svg(chart), "utf-8")
    elif target.suffix == ".png":
        target.write_bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=2))
    else:
        raise SettingsError(f"no picture ends in {target.suffix!r}", where=str(target), hint="Write .svg or .png.")
    return target


def _first_day(period: str) -> pd.Timestamp:
    """Give where a period stands on the axis of time."""
    return pd.Timestamp(Period.parse(period).start)
