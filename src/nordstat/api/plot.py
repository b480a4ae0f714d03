"""Charts for a notebook; each is an altair chart, so it can be changed, and saved with ``nordstat.plot.save``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nordstat.api.folders import load
from nordstat.errors import SettingsError
from nordstat.harmonise.codes import listed
from nordstat.reconcile.bridge import Bridge, middle
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.release.dataset import Dataset
from nordstat.release.open import OpenRelease
from nordstat.schema.columns import VERDICTS

if TYPE_CHECKING:
    from nordstat.report.charts import Chart

__all__ = ["border", "bridge", "counts", "flows", "save", "verdicts"]


def border(release: OpenRelease) -> Chart:
    """Give the Norwegian flows over the edges of the border municipalities, year by year, on stable units.

    Parameters
    ----------
    release : OpenRelease
        From ``nordstat.open(...)``.

    Raises
    ------
    SettingsError
        Where SSB 03321 is not in the release.
    """
    from nordstat.report import domestic

    rows = domestic.border_flows(release.observations, load(()))
    if rows.empty:
        raise SettingsError("SSB 03321 is not in this release", hint="nordstat fetch SSB:03321, then nordstat build.")
    return domestic.border_chart(rows)


def counts(flows: Dataset) -> Chart:
    """Give all counts of one flow over time, as intervals, with the breaks in level marked.

    Parameters
    ----------
    flows : Dataset
        From ``release.commuters(...)``.
    """
    from nordstat.report import charts

    labels = {name: definition["labels"]["en"] for name, definition in flows.meta["definitions"].items()}
    met = set(flows.data["reporter"].astype(str))
    days = [entry.day.isoformat() for entry in load(()).breaks.values() if entry.breaks_level and entry.reporter in met]
    return charts.counts(flows.data, labels=labels, breaks=sorted(set(days)))


def bridge(led: Bridge) -> Chart:
    """Give a bridge as a waterfall: the count, each step, and the residual where there is a target.

    Parameters
    ----------
    led : Bridge
        From ``nordstat.bridge(...)``.
    """
    from nordstat.report import charts

    bars = [charts.bar(led.item.figure.id, "count", 0.0, middle(led.item.interval), interval=led.item.interval)]
    bars += [
        charts.bar(taken.step.id, "step", middle(taken.before), middle(taken.after), interval=taken.after)
        for taken in led.steps
    ]
    if led.target is not None:
        target = led.target.interval
        bars.append(charts.bar("residual", "residual", middle(led.result), middle(target), interval=target))
        bars.append(charts.bar(led.target.figure.id, "count", 0.0, middle(target), interval=target))
    return charts.waterfall(bars)


def flows(
    release: OpenRelease,
    *,
    definition: str = "",
    period: str = "",
    reporter: str = "",
    direction: str = "SE-NO",
    borders: Iterable[Path | str] = (),
) -> Chart:
    """Give a map of flows: a line from where people live to the dot where they work, as wide as the count.

    Parameters
    ----------
    release : OpenRelease
        From ``nordstat.open(...)``.
    definition, period, reporter : str, optional
        What to draw; of several that fit, the one with most flows, the latest of them.
    direction : {"SE-NO", "NO-SE", "SE-SE", "NO-NO"}, optional
        Country of residence and of work.
    borders : iterable of path, optional
        Files of borders, as `nordstat.report` takes them; Sweden's come with the extra ``maps``.

    Raises
    ------
    SettingsError
        Where no flow fits, or the borders cannot be used.
    """
    from nordstat.report.borders import borders_in_force
    from nordstat.report.flowmap import atlas, flow_map

    found = load(())
    ground = borders_in_force(borders, found.codelists)
    drawn = atlas(release.observations, ground, found.correspondences()) if ground else None
    fitting = [
        shown
        for shown in (drawn.maps if drawn else ())
        if shown.direction == direction
        and definition in ("", shown.definition)
        and period in ("", shown.period)
        and reporter in ("", shown.reporter)
    ]
    if drawn is None or not fitting:
        known = sorted(
            {f"{shown.definition} {shown.period} {shown.direction}" for shown in (drawn.maps if drawn else ())}
        )
        raise SettingsError(
            f"no flow to draw: {' '.join(filter(None, (reporter, definition, period, direction)))}",
            hint=f"There is {listed(known)}." if known else "Name borders, or install nordstat[maps] for Sweden's.",
        )
    shown = max(fitting, key=lambda one: (one.flows, one.period))
    return flow_map(shown, drawn.places, ground)


def verdicts(result: Reconciliation) -> Chart:
    """Give how many figures have each verdict.

    Parameters
    ----------
    result : Reconciliation
        From ``nordstat.reconcile()``.
    """
    from nordstat.report import charts

    found = Counter(str(finding.verdict) for finding in result.findings)
    return charts.verdict_bars({verdict: found[verdict] for verdict in VERDICTS})


def save(chart: Chart, path: Path | str) -> Path:
    """Write a chart as SVG or PNG, by the ending of the path, without a network or a browser."""
    from nordstat.report import charts

    return charts.save(chart, path)
