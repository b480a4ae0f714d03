"""The page as text: escaped, whole, and there for every release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nordstat.cli import main
from nordstat.mapping.check import Mappings
from nordstat.release.open import OpenRelease
from nordstat.report import charts, domestic
from nordstat.report.site import render
from nordstat.report.texts import LANGUAGES, TEXTS


def _with(release: OpenRelease, **frames: object) -> OpenRelease:
    """Give a release whose tables are others."""
    changed = replace(release)
    for name, frame in frames.items():
        changed.__dict__[name] = frame
    return changed


@pytest.mark.fault("E02")
def test_text_from_data_is_escaped(release: OpenRelease, mappings: Mappings) -> None:
    """A label that is markup is shown, not run."""
    figures = release.figures.copy()
    figures["words"] = "<script>alert(1)</script>"
    figures["publisher"] = "<img src=x onerror=alert(1)>"

    page = render(_with(release, figures=figures), mappings=mappings)

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_address_that_is_no_address_is_no_link(release: OpenRelease, mappings: Mappings) -> None:
    """Words in place of an address, and addresses that are code, become no link."""
    figures = release.figures.copy()
    figures["url"] = "javascript:alert(1)"

    assert "javascript:" not in render(_with(release, figures=figures), mappings=mappings)


@pytest.mark.parametrize("rows", [0, 1])
def test_release_with_hardly_anything_still_gives_a_page(release: OpenRelease, mappings: Mappings, rows: int) -> None:
    """No flow at all, or one row, still makes a page that says so."""
    page = render(_with(release, observations=release.observations.head(rows)), mappings=mappings)

    assert "There is no such number in this release." in page


def test_page_stays_under_five_megabytes(page: Path) -> None:
    """The page about the bundled evidence is small enough to be sent round."""
    assert page.stat().st_size < 5_000_000


def test_every_text_is_in_every_language() -> None:
    """No word is missing in a language."""
    assert [key for key, words in TEXTS.items() if set(words) != set(LANGUAGES) or not all(words.values())] == []


def test_command_prints_the_path(release: OpenRelease, tmp_path: Path) -> None:
    """``nordstat report`` writes the file and prints where."""
    out = tmp_path / "new" / "report.html"

    ended = CliRunner().invoke(main, ["report", str(release.folder), "--out", str(out)])

    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.strip() == str(out)
    assert out.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_chart_is_written_as_a_picture(release: OpenRelease, tmp_path: Path, ending: str) -> None:
    """A chart is written as SVG or PNG without a network or a browser."""
    flows = release.commuters(residence="SE", work="NO")

    written = charts.save(charts.counts(flows.data), tmp_path / f"counts.{ending}")

    assert written.read_bytes()[:4] in {b"<svg", b"\x89PNG"}


def test_border_flows_stand_on_stable_units_before_and_after_the_reforms(
    release: OpenRelease, mappings: Mappings
) -> None:
    """Halden to Oslo is one flow out of the border in the codes of 2018 and in those of 2020."""
    rows = [
        ("NO-KOMMUNE:2018", "0101", "0301", "2018-Q4", 10.0),
        ("NO-KOMMUNE:2018", "0101", "0101", "2018-Q4", 50.0),
        ("NO-KOMMUNE:2020", "3001", "0301", "2020-Q4", 12.0),
        ("NO-KOMMUNE:2020", "0301", "3001", "2020-Q4", 5.0),
        ("NO-KOMMUNE:2020", "0301", "0301", "2020-Q4", 900.0),
    ]
    columns = ["work_scheme", "residence_area", "work_area", "time_period", "obs_value"]
    frame = pd.DataFrame(rows, columns=columns).assign(source="SSB:03321")

    flows = domestic.border_flows(frame, mappings)

    told = {(row.time_period, row.direction): row.employed for row in flows.itertuples()}
    assert told == {
        ("2018-Q4", "inside"): 50.0,
        ("2018-Q4", "out of"): 10.0,
        ("2020-Q4", "into"): 5.0,
        ("2020-Q4", "out of"): 12.0,
    }
    assert domestic.border_chart(flows).to_dict()
