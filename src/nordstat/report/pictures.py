"""Charts as the page shows them: in each language, wide and narrow, and their numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.release.dataset import Dataset
from nordstat.release.open import OpenRelease
from nordstat.report import charts, domestic
from nordstat.report.texts import LANGUAGES, TEXTS

MOST_ROWS = 1_000
NARROW = 320

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in one language.

    Attributes
    ----------
    wide, narrow : Markup
        SVG for a desk and for a phone, in the colours of the page.
    head : tuple of str
        Column names of the table.
    rows : list of tuple
        Its rows.
    more : int
        How many rows were left out of the table.
    """

    wide: Markup
    narrow: Markup
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    more: int = 0


Pictures = Mapping[str, Picture]
"""A chart, by language."""


def counts_pictures(flows: Dataset, mappings: Mappings) -> Pictures | None:
    """Give all counts of one flow over time; ``None`` where there is none with a period.

    Parameters
    ----------
    flows : Dataset
        Observations of one flow.
    mappings : Mappings
        In force, for the breaks in level.
    """
    rows = charts.counted(flows.data, {})
    if rows.empty:
        return None
    met = set(flows.data["reporter"].astype(str))
    first, last = rows["day"].min(), rows["day"].max()
    days = sorted(
        {
            entry.day.isoformat()
            for entry in mappings.breaks.values()
            if entry.breaks_level and entry.reporter in met and first <= pd.Timestamp(entry.day) <= last
        }
    )

    def draw(words: Words, code: str, width: int) -> charts.Chart:
        return charts.counts(flows.data, labels=_labels(flows, code), breaks=days, words=words, width=width)

    def table(code: str) -> pd.DataFrame:
        told = charts.counted(flows.data, _labels(flows, code))
        return told[["period", "definition", "value", "low", "high", "source"]]

    return _pictures(draw, table)


def bridge_pictures(release: OpenRelease) -> Pictures | None:
    """Give the first assumed bridge that explains a count, as a waterfall with its residual."""
    told = {verdict["figure"]: verdict for verdict in release.verdicts}
    for end in release.verdicts:
        piece = next((piece for piece in end["evidence"] if piece["kind"] == "bridged"), None)
        if end["verdict"] == "explained" and piece is not None and "assumed" in piece["text"]:
            start = told.get(piece["sources"][0])
            if start and None not in (*start["interval"], *piece["interval"], *end["interval"]):
                return _waterfall(start, piece, end)
    return None


def domestic_pictures(release: OpenRelease, mappings: Mappings) -> Pictures | None:
    """Give the flows over the edges of the border municipalities, where SSB's table is in the release."""
    flows = domestic.border_flows(release.observations, mappings)
    if flows.empty:
        return None

    def draw(words: Words, _code: str, width: int) -> charts.Chart:
        return domestic.border_chart(flows, words=words, width=width)

    def table(code: str) -> pd.DataFrame:
        return flows.assign(direction=[TEXTS[way][code] for way in flows["direction"]])

    return _pictures(draw, table)


def _waterfall(start: Mapping[str, Any], piece: Mapping[str, Any], end: Mapping[str, Any]) -> Pictures:
    begin, led, target = (sum(ends) / 2 for ends in (start["interval"], piece["interval"], end["interval"]))
    steps = [
        charts.bar(start["figure"], "count", 0.0, begin, interval=Interval(*start["interval"])),
        charts.bar("step", "step", begin, led, interval=Interval(*piece["interval"])),
        charts.bar("residual", "residual", led, target, interval=Interval(*end["interval"])),
        charts.bar(end["figure"], "count", 0.0, target, interval=Interval(*end["interval"])),
    ]

    def draw(words: Words, _code: str, width: int) -> charts.Chart:
        return charts.waterfall(steps, words=words, width=width)

    def table(code: str) -> pd.DataFrame:
        frame = pd.DataFrame(steps)
        kind = [TEXTS[str(word)][code] for word in frame["kind"]]
        return frame.assign(kind=kind)[["name", "kind", "from", "to", "low", "high"]].replace(
            {"name": {word: TEXTS[word][code] for word in ("step", "residual")}}
        )

    return _pictures(draw, table)


def _pictures(draw: Callable[[Words, str, int], charts.Chart], table: Callable[[str], pd.DataFrame]) -> Pictures:
    return {code: _picture(draw, table(code), code) for code in LANGUAGES}


def _picture(draw: Callable[[Words, str, int], charts.Chart], frame: pd.DataFrame, code: str) -> Picture:
    words = {key: text[code] for key, text in TEXTS.items()}
    drawn = [
        charts.svg(draw(words, code, width), text="var(--text)", grid="var(--line)") for width in (charts.WIDTH, NARROW)
    ]
    rows = [tuple(number(value) for value in row) for row in frame.head(MOST_ROWS).itertuples(index=False)]
    wide, narrow = map(Markup, drawn)  # our own drawing; its texts are escaped by the renderer
    head = tuple(TEXTS[f"column {name}"][code] for name in frame.columns)
    return Picture(wide, narrow, head, rows, max(len(frame) - MOST_ROWS, 0))


def number(value: Any) -> str:
    """Write a number for people; an open end is an ellipsis."""
    if isinstance(value, str):
        return value or "…"
    return "…" if pd.isna(value) else f"{float(value):,.10g}"


def _labels(flows: Dataset, code: str) -> dict[str, str]:
    """Give the labels of the definitions met, in English where there is none."""
    met = flows.meta["definitions"].items()
    return {name: one["labels"].get(code) or one["labels"].get("en") or name for name, one in met}
