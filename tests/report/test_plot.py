"""Charts for a notebook, and as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import nordstat as ns
from nordstat.errors import SettingsError
from nordstat.release.open import OpenRelease
from report.conftest import squares


def fetched(release: OpenRelease) -> OpenRelease:
    """The release, as if SSB 03321 had been fetched into it."""
    rows = pd.DataFrame(
        {
            "work_scheme": "NO-KOMMUNE:2020",
            "residence_area": ["3001", "0301"],
            "work_area": ["0301", "3001"],
            "time_period": "2020-Q4",
            "obs_value": [12.0, 5.0],
            "source": "SSB:03321",
        }
    )
    changed = replace(release)
    changed.__dict__["observations"] = rows
    return changed


def borders(folder: Path) -> list[str]:
    """Borders of some places on both sides."""
    return [
        f"SE-KOMMUN={squares(folder / 'sweden.geojson', ['1438', '2505', '2506'], east=12)}",
        f"NO-KOMMUNE={squares(folder / 'norway.geojson', ['0301', '3105', '3107'], east=10)}",
    ]


CHARTS: dict[str, Callable[[OpenRelease, Path], Any]] = {
    "counts": lambda release, _: ns.plot.counts(release.commuters(residence="SE", work="NO")),
    "bridge": lambda _, __: ns.plot.bridge(ns.bridge("F065", to="ssb-nonresident-refweek")),
    "verdicts": lambda _, __: ns.plot.verdicts(ns.reconcile("varmland-seed")),
    "border": lambda release, _: ns.plot.border(fetched(release)),
    "flows": lambda release, folder: ns.plot.flows(release, period="2007", borders=borders(folder)),
}


def test_every_chart_is_here() -> None:
    """No chart of ``nordstat.plot`` goes unseen below."""
    assert set(CHARTS) | {"save"} == set(ns.plot.__all__)


@pytest.mark.parametrize("name", CHARTS)
def test_chart_becomes_a_picture(name: str, release: OpenRelease, tmp_path: Path) -> None:
    """Every chart is an altair chart, written as SVG and as PNG without a network or a browser."""
    chart = CHARTS[name](release, tmp_path)

    assert chart.to_dict()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert ns.plot.save(chart, tmp_path / "x.svg").read_text("utf-8").startswith("<svg")
    assert ns.plot.save(chart, tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


def test_other_ending_is_refused(release: OpenRelease, tmp_path: Path) -> None:
    """A picture that is neither SVG nor PNG is not written under a wrong name."""
    with pytest.raises(SettingsError, match=r"\.pdf"):
        ns.plot.save(CHARTS["counts"](release, tmp_path), tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_flows_that_are_not_there_are_refused_with_those_that_are(release: OpenRelease, tmp_path: Path) -> None:
    """A definition without flows names the choices there are, and so does a release without table 03321."""
    with pytest.raises(SettingsError, match="no flow to draw: nothing SE-NO") as raised:
        ns.plot.flows(release, definition="nothing", borders=borders(tmp_path))
    assert "nordic-anyincome 2010 SE-NO" in str(raised.value)
    with pytest.raises(SettingsError, match="SSB 03321 is not in this release"):
        ns.plot.border(release)
