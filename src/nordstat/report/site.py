"""One self-contained page about a release: no request leaves it, and every text from data is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
from jinja2 import Environment, select_autoescape
from markupsafe import Markup

from nordstat.model.interval import Interval
from nordstat.model.table import Break
from nordstat.release.dataset import Dataset
from nordstat.release.open import OpenRelease
from nordstat.report import charts, flowmap
from nordstat.report.texts import LANGUAGES, TEXTS
from nordstat.schema.columns import VERDICTS

MOST_ROWS = 2_000
_LINKED = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as the page shows it: drawn for light and dark, with its numbers as a table.

    Attributes
    ----------
    light, dark : Markup
        SVG.
    head : tuple of str
        Column names of the table.
    rows : list of tuple
        Its rows.
    more : int
        How many rows were left out of the table.
    """

    light: Markup
    dark: Markup
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    more: int = 0


def write_page(release: OpenRelease, out: Path, *, breaks: Iterable[Break] = (), borders: Path | None = None) -> Path:
    """Give the path of the page about a release, written whole or not at all.

    Parameters
    ----------
    release : OpenRelease
        What it is about.
    out : Path
        HTML file to write.
    breaks : iterable of Break, optional
        Breaks in series to mark.
    borders : Path, optional
        GeoJSON file with a ``code`` for each area, for the map.
    """
    page = render(release, breaks=breaks, borders=borders)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.new")
    fresh.write_text(page, "utf-8")
    fresh.replace(out)
    return out


def render(release: OpenRelease, *, breaks: Iterable[Break] = (), borders: Path | None = None) -> str:
    """Give the page as text."""
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files("nordstat.report") / "templates" / "page.html").read_text("utf-8"))
    flows = release.commuters(residence="SE", work="NO")
    figures = _figures(release)
    totals = Counter(str(figure["verdict"]) for figure in figures)
    return template.render(
        languages=LANGUAGES,
        texts=TEXTS,
        release=release,
        flows=flows,
        undated=int((flows.data["time_period"].isna()).sum()),
        founding=[figure for figure in figures if figure["group"] == "varmland-seed"],
        figures=figures,
        totals=[(verdict, totals[verdict]) for verdict in VERDICTS if totals[verdict]],
        counts=_counts(flows, list(breaks)),
        bridge=_bridge(release),
        map=_map(release, borders),
        domestic=_domestic(release),
        citation=release.cite("apa"),
        bibtex=release.cite("bibtex"),
    )


def _figures(release: OpenRelease) -> list[dict[str, Any]]:
    """Give the published figures with their verdicts, as the table shows them."""
    verdicts = release.reconciliation.set_index("figure")
    rows: list[dict[str, Any]] = []
    figures = release.figures.astype(object)
    for record in figures.where(figures.notna(), "").to_dict("records"):
        figure = {str(name): value for name, value in record.items()}
        if figure["figure"] in verdicts.index:
            judged = verdicts.loc[figure["figure"]]
            url = str(figure["url"])
            rows.append(
                {
                    **figure,
                    "verdict": str(judged["verdict"]),
                    "sentence": str(judged["sentence"]),
                    "interval": f"{_number(judged['low'])} – {_number(judged['high'])}",
                    "printed": f"{figure['precision']} {_number(figure['value'])} {figure['unit_measure']}",
                    "link": url if url.startswith(_LINKED) and " " not in url else "",
                }
            )
    return rows


def _counts(flows: Dataset, breaks: Sequence[Break]) -> Picture | None:
    labels = {name: definition["labels"]["en"] for name, definition in flows.meta["definitions"].items()}
    rows = charts.counted(flows.data, labels)
    if rows.empty:
        return None
    met = set(flows.data["reporter"].astype(str))
    first, last = rows["day"].min(), rows["day"].max()
    days = sorted(
        {
            entry.day.isoformat()
            for entry in breaks
            if entry.breaks_level and entry.reporter in met and first <= pd.Timestamp(entry.day) <= last
        }
    )
    chart = charts.counts(flows.data, labels=labels, breaks=days)
    return _picture(chart, rows[["period", "definition", "value", "low", "high", "source"]])


def _bridge(release: OpenRelease) -> Picture | None:
    """Give the first bridge that explains a count of Sweden to Norway, as a waterfall with its residual."""
    for verdict in release.verdicts:
        piece = next((piece for piece in verdict["evidence"] if piece["kind"] == "bridged"), None)
        if (
            verdict["verdict"] == "explained"
            and piece is not None
            and None not in (*verdict["interval"], *piece["interval"])
        ):
            start = next((other for other in release.verdicts if other["figure"] == piece["sources"][0]), None)
            if start is not None and None not in start["interval"] and "assumed" in piece["text"]:
                return _waterfall(start, piece, verdict)
    return None


def _waterfall(start: Mapping[str, Any], piece: Mapping[str, Any], end: Mapping[str, Any]) -> Picture:
    begin, led, target = (sum(ends) / 2 for ends in (start["interval"], piece["interval"], end["interval"]))
    steps = [
        charts.bar(start["figure"], "count", 0.0, begin, interval=Interval(*start["interval"])),
        charts.bar("step", "step", begin, led, interval=Interval(*piece["interval"])),
        charts.bar("residual", "residual", led, target, interval=Interval(*end["interval"])),
        charts.bar(end["figure"], "count", 0.0, target, interval=Interval(*end["interval"])),
    ]
    frame = pd.DataFrame(steps)[["name", "kind", "from", "to", "low", "high"]]
    return _picture(charts.waterfall(steps), frame)


def _map(release: OpenRelease, borders: Path | None) -> Picture | None:
    if borders is None:
        return None
    ground = flowmap.read_borders(borders)
    places = flowmap.centroids(ground)
    lines = flowmap.flow_lines(release.observations, places)
    return None if lines.empty else _picture(flowmap.flow_map(lines, ground), lines[["residence", "work", "value"]])


def _domestic(release: OpenRelease) -> Picture | None:
    """Give the employed of the border counties by year, where SSB's flows are in the release."""
    rows = release.observations
    rows = rows[(rows["source"] == "SSB:03321") & rows["obs_value"].notna()]
    if rows.empty:
        return None
    sums = rows.groupby([rows["time_period"].astype(str), rows["work_scheme"].astype(str)], observed=True)[
        "obs_value"
    ].sum()
    frame = sums.rename("employed").reset_index()
    chart = alt.Chart(frame).mark_bar().encode(x=alt.X("time_period:N", title=None), y=alt.Y("employed:Q", title=None))
    return _picture(chart.properties(width=charts.WIDTH), frame)


def _picture(chart: Any, frame: pd.DataFrame) -> Picture:
    rows = [tuple(_number(value) for value in row) for row in frame.head(MOST_ROWS).itertuples(index=False)]
    return Picture(
        Markup(charts.svg(chart)),  # noqa: S704 - our own drawing; its texts are escaped by the renderer
        Markup(charts.svg(chart, dark=True)),  # noqa: S704
        tuple(map(str, frame.columns)),
        rows,
        max(len(frame) - MOST_ROWS, 0),
    )


def _number(value: Any) -> str:
    """Write a number for people; an open end is an ellipsis."""
    if isinstance(value, str):
        return value or "…"
    return "…" if pd.isna(value) else f"{float(value):,.10g}"
