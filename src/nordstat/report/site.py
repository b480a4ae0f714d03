"""One self-contained page about a release: no request leaves it, and every text from data is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.model.table import Break
from nordstat.release.dataset import Dataset
from nordstat.release.open import OpenRelease
from nordstat.report import charts, domestic, flowmap
from nordstat.report.borders import borders_in_force
from nordstat.report.flowdata import FlowSection, flow_section
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


def write_page(release: OpenRelease, out: Path, *, mappings: Mappings, borders: Sequence[Path | str] = ()) -> Path:
    """Give the path of the page about a release, written whole or not at all.

    Parameters
    ----------
    release : OpenRelease
        What it is about.
    out : Path
        HTML file to write.
    mappings : Mappings
        In force: breaks in series, stable units and border municipalities.
    borders : sequence of path or str, optional
        Files of borders for the map, as `nordstat.report.borders.read_borders` takes them.
    """
    page = render(release, mappings=mappings, borders=borders)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.new")
    fresh.write_text(page, "utf-8")
    fresh.replace(out)
    return out


def render(release: OpenRelease, *, mappings: Mappings, borders: Sequence[Path | str] = ()) -> str:
    """Give the page as text."""
    environment = Environment(
        loader=PackageLoader("nordstat.report"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
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
        counts=_counts(flows, list(mappings.breaks.values())),
        bridge=_bridge(release),
        flows_shown=_flows(release, mappings, borders),
        domestic=_domestic(release, mappings),
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
                    "said": {"en": judged["sentence"], "sv": judged["sentence_sv"], "nb": judged["sentence_nb"]},
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


def _flows(release: OpenRelease, mappings: Mappings, borders: Sequence[Path | str]) -> FlowSection | None:
    """Give the map of flows, where the borders of a country are there."""
    ground = borders_in_force(borders, mappings.codelists)
    if not ground:
        return None
    found = flowmap.atlas(release.observations, ground, mappings.correspondences())
    return flow_section(found, ground, release.definitions)


def _domestic(release: OpenRelease, mappings: Mappings) -> Picture | None:
    """Give the flows over the edges of the border municipalities, where SSB's table is in the release."""
    flows = domestic.border_flows(release.observations, mappings)
    return None if flows.empty else _picture(domestic.border_chart(flows), flows)


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
