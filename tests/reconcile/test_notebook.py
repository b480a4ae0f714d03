"""What a notebook shows is text: nothing that evidence says becomes markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from nordstat.model.text import Text
from nordstat.reconcile.bridge import bridge
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.quality import QualityReport
from nordstat.reconcile.reconciliation import Reconciliation, reconcile
from nordstat.reconcile.series import series

MARKUP = "<script>alert(1)</script>"


def a_bridge(corpus: Corpus) -> Any:
    """A bridge to a definition whose name is markup."""
    return replace(bridge(corpus.item("F188"), "nordic-mobility", corpus), to=MARKUP)


def a_series(corpus: Corpus) -> Any:
    """A series of a reporter whose name is markup."""
    found = series(corpus, (), "ssb-nonresident-refweek", residence="SE", work="NO")
    point = found.points[0]
    items = tuple(replace(item, figure=replace(item.figure, reporter=MARKUP)) for item in point.known.items)
    return replace(found, points=(replace(point, known=replace(point.known, items=items)),))


def verdicts_on_a_figure(corpus: Corpus) -> Any:
    """A verdict whose sentence is markup."""
    (finding,) = reconcile(corpus, ["F188"]).findings
    return Reconciliation((replace(finding, said=Text(MARKUP, MARKUP, MARKUP)),))


def a_quality_report(_: Corpus) -> Any:
    """A quality report on a release whose version is markup."""
    return QualityReport({"version": MARKUP}, ())


@pytest.mark.fault("E02")
@pytest.mark.parametrize("shown", [a_bridge, a_series, verdicts_on_a_figure, a_quality_report])
def test_a_notebook_shows_text_and_runs_none(shown: Callable[[Corpus], Any], corpus: Corpus) -> None:
    """Bridges, series, verdicts and quality reports show markup as it is written."""
    html = shown(corpus)._repr_html_()

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>" not in html
