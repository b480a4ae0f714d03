"""Datasets of one flow: what is in them, what is said beside them, and two offices side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import nordstat as ns
from nordstat.errors import ReleaseError, SettingsError
from nordstat.release.dataset import Dataset
from nordstat.release.open import OpenRelease


@pytest.fixture(scope="module")
def release() -> OpenRelease:
    """A working release of the bundled evidence."""
    return ns.build()


@pytest.fixture(scope="module")
def flows(release: OpenRelease) -> Dataset:
    """Sweden to Norway as a whole."""
    return release.commuters(residence="SE", work="NO")


def test_two_offices_are_two_rows(flows: Dataset) -> None:
    """2015 has the linked count and SSB's count, never an average."""
    of_2015 = flows.data[flows.data["time_period"].astype(str).str.startswith("2015")]

    assert {"NORDIC", "SSB"} == set(of_2015["reporter"])
    assert {22_700.0, 21_400.0} == set(of_2015["obs_value"])


def test_only_totals_stand_in_it_unless_a_breakdown_is_asked_for(release: OpenRelease, flows: Dataset) -> None:
    """Regions, ages and industries come only when they are asked for."""
    by_region = release.commuters(residence="SE", work="NO", by=["residence_area"])

    assert {"SE", "ABROAD_NO"} >= set(flows.data["residence_area"].astype(str))
    assert {"SE-LAN:2007", "SE-KOMMUN:2007"} <= set(by_region.data["residence_scheme"].astype(str))
    assert set(flows.data["source"]) < set(by_region.data["source"])


def test_background_instead_of_residence_is_said(flows: Dataset) -> None:
    """A count by citizenship carries its caveat."""
    assert any("by country background" in caveat for caveat in flows.caveats)


def test_compare_pairs_the_offices_year_by_year(flows: Dataset) -> None:
    """22,650-22,700 less 21,400-21,450 is 1,200-1,300, and the facets that differ are named."""
    [row] = flows.compare("NORDIC", "SSB").to_dict("records")

    assert (row["difference_low"], row["difference_high"]) == (1_200.0, 1_300.0)
    assert {"country_key", "residence"} <= set(row["facets_differing"].split())


def test_unknown_reporter_and_breakdown_are_refused(release: OpenRelease, flows: Dataset) -> None:
    """A reporter without a count, and a breakdown there is none of, are refused by name."""
    with pytest.raises(SettingsError, match="DST"):
        flows.compare("DST", "SSB")
    with pytest.raises(SettingsError, match="colour"):
        release.commuters(residence="SE", work="NO", by=["colour"])


@pytest.mark.fault("E02")
def test_representation_escapes_what_comes_from_data(flows: Dataset) -> None:
    """Nothing from a label becomes markup in a notebook."""
    data = flows.data.head(1).copy()
    data["source"] = "<script>alert(1)</script>"
    meta = {**flows.meta, "residence": "<i>"}

    shown = Dataset(data, meta, ("<b>",))._repr_html_()

    assert not any(markup in shown for markup in ("<script>", "<b>", "<i>"))
    assert all(text in shown for text in ("&lt;script&gt;", "&lt;b&gt;", "&lt;i&gt;"))


def test_release_shows_itself_in_a_few_lines(release: OpenRelease) -> None:
    """A release names its version and its tables, and not the whole descriptor."""
    shown = repr(release)

    assert release.version in shown
    assert "observations" in shown
    assert len(shown) < 3_000


@pytest.mark.fault("E02")
def test_release_shows_text_in_a_notebook(release: OpenRelease) -> None:
    """What the descriptor of a release says is shown and never run."""
    resources = [{"name": "observations", "description": "<script>alert(1)</script>"}]

    shown = replace(release, descriptor={**release.descriptor, "resources": resources})._repr_html_()

    assert shown.startswith("<pre>")
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


@pytest.mark.fault("E04")
def test_table_is_exported_for_a_spreadsheet(release: OpenRelease, tmp_path: Path) -> None:
    """A table is written with a byte order mark, semicolons and decimal commas; another name is refused."""
    written = release.export("reconciliation", tmp_path / "verdicts.csv")
    text = written.read_bytes()

    assert text.startswith(b"\xef\xbb\xbf")
    assert b"2,55" in text
    with pytest.raises(ReleaseError, match="no table"):
        release.export("secrets", tmp_path / "x.csv")
