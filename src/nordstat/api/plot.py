"""Charts for a notebook; each is an altair chart, so it can be changed, and saved with ``nordstat.plot.save``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from nordstat.api.folders import load
from nordstat.reconcile.bridge import Bridge, middle
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.release.dataset import Dataset
from nordstat.schema.columns import VERDICTS

if TYPE_CHECKING:
    from nordstat.report.charts import Chart

__all__ = ["bridge", "counts", "save", "verdicts"]


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
