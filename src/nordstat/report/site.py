"""One self-contained page about a release: no request leaves it, and every text from data is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape

from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.release.open import OpenRelease
from nordstat.report import flowmap
from nordstat.report.borders import borders_in_force
from nordstat.report.flowdata import FlowSection, flow_section
from nordstat.report.pictures import bridge_pictures, counts_pictures, domestic_pictures, number
from nordstat.report.texts import LANGUAGES, TEXTS
from nordstat.schema.columns import VERDICTS

_LINKED = ("http://", "https://")


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
        counts=counts_pictures(flows, mappings),
        bridge=bridge_pictures(release),
        flows_shown=_flows(release, mappings, borders),
        domestic=domestic_pictures(release, mappings),
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
            interval = Interval(*(None if pd.isna(end) else float(end) for end in (judged["low"], judged["high"])))
            url = str(figure["url"])
            rows.append(
                {
                    **figure,
                    "verdict": str(judged["verdict"]),
                    "said": {"en": judged["sentence"], "sv": judged["sentence_sv"], "nb": judged["sentence_nb"]},
                    "low": interval.floor,
                    "interval": {language: interval.written(language) for language in LANGUAGES},
                    "printed": f"{figure['precision']} {number(figure['value'])} {figure['unit_measure']}",
                    "link": url if url.startswith(_LINKED) and " " not in url else "",
                }
            )
    return rows


def _flows(release: OpenRelease, mappings: Mappings, borders: Sequence[Path | str]) -> FlowSection | None:
    """Give the map of flows, where the borders of a country are there."""
    ground = borders_in_force(borders, mappings.codelists)
    if not ground:
        return None
    found = flowmap.atlas(release.observations, ground, mappings.correspondences())
    return flow_section(found, ground, release.definitions)
