"""What differs between two releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nordstat.model.release import Change, ReleaseDiff
from nordstat.release.diff import as_json, as_markdown, diff
from nordstat.release.open import OpenRelease, open_release
from nordstat.release.write import write_release
from release.samples import ROWS, VERDICTS, content, observations

KEY = (
    "reporter=SSB definition=ssb-nonresident-refweek measure=persons time_period=2020-Q4 "
    "residence_scheme=ISO3166:2024 residence_area=SE work_scheme=ISO3166:2024 work_area=NO "
    "sex=T age_low=15 age_high=74 source=F080 vintage=2017-02-28"
)


@pytest.fixture
def old(sample_folder: Path) -> OpenRelease:
    return open_release(sample_folder)


@pytest.fixture
def changed(old: OpenRelease, tmp_path: Path) -> Any:
    """Give the diff from the sample to the sample with changes."""

    def make(**changes: Any) -> ReleaseDiff:
        new = open_release(write_release(content(version="2026.2", **changes), tmp_path / "new"))
        return diff(old, new)

    return make


def with_row(place: int, **cells: Any) -> pd.DataFrame:
    rows = list(ROWS)
    rows[place] = rows[place] | cells
    return observations(*rows)


def test_the_same_content_differs_in_nothing(changed: Any) -> None:
    """Another version of the same content: no change, and the diff is false."""
    found = changed()
    assert not found
    assert found.changes == ()
    assert "Nothing differs." in as_markdown(found)


def test_one_changed_figure_and_what_followed_and_nothing_else(changed: Any) -> None:
    """A figure, the observation made from it, and the verdict on it."""
    verdicts = [VERDICTS[0], VERDICTS[1] | {"verdict": "inconsistent", "sentence": "Neither is inside."}]
    found = changed(
        observations=with_row(1, obs_value=11000, obs_low=10500, obs_high=11500),
        figures=pd.DataFrame({"figure": ["F283", "F281"], "obs_value": [2.6, 11000], "words": ["knappt 3 %", None]}),
        verdicts=verdicts,
    )
    assert found.changes == (
        Change("values", KEY, "obs_high", 12500, 11500),
        Change("values", KEY, "obs_low", 11500, 10500),
        Change("values", KEY, "obs_value", 12000, 11000),
        Change("figures", "F281", "obs_value", 17000, 11000),
        Change("verdicts", "F281", "sentence", "F281 is consistent.", "Neither is inside."),
        Change("verdicts", "F281", "verdict", "consistent", "inconsistent"),
    )


@pytest.mark.fault("P09")
def test_a_withdrawn_number_is_a_change(changed: Any) -> None:
    """From a number to none, with its status."""
    found = changed(observations=with_row(1, obs_value=None, obs_low=None, obs_high=None, obs_status="Q"))
    assert Change("values", KEY, "obs_value", 12000, None) in found.changes
    assert found.section("statuses") == (Change("statuses", KEY, "obs_status", "A", "Q"),)


def test_a_status_alone_is_a_change(changed: Any) -> None:
    """Provisional to final with the same number."""
    assert changed(observations=with_row(1, obs_status="P")).changes == (
        Change("statuses", KEY, "obs_status", "A", "P"),
    )


def test_rows_that_came_and_went(changed: Any) -> None:
    """Each with its value, and the codes that came or went with them."""
    found = changed(observations=observations(*ROWS[:3], *ROWS[4:], {"work_area": "FI", "obs_value": 17749}))
    assert [(change.old, change.new) for change in found.section("rows")] == [(None, 17749), (None, None)]
    assert found.section("codes") == (
        Change("codes", "ISO3166:2024 FI", "work_area", None, "in use"),
        Change("codes", "NO-KOMMUNE:2024 0301", "work_area", "in use", None),
    )


@pytest.mark.fault("P08")
def test_a_new_vintage_of_a_number_is_a_change_of_that_number(changed: Any) -> None:
    """The same number said anew is no row gone and another come."""
    found = changed(observations=with_row(0, vintage="2018-02-28", obs_value=17750, obs_high=17750))
    assert [(change.section, change.field, change.new) for change in found.changes] == [
        ("values", "obs_high", 17750),
        ("values", "obs_value", 17750),
        ("origins", "vintage", "2018-02-28"),
    ]


def test_several_new_vintages_are_rows_that_came(tmp_path: Path) -> None:
    """Where it cannot be told which vintage follows which, none is matched with another."""
    releases = [
        open_release(
            write_release(
                content(version=version, observations=observations(*({"vintage": f"{year}-02-28"} for year in years))),
                tmp_path / version,
            )
        )
        for version, years in (("1", (2017, 2018)), ("2", (2019, 2020)))
    ]
    assert [change.section for change in diff(*releases).changes] == ["rows"] * 4


def test_where_a_number_came_from_is_a_change(changed: Any) -> None:
    """Another snapshot of the same number is told apart from another number."""
    assert [change.section for change in changed(observations=with_row(0, snapshot="aa" * 32)).changes] == ["origins"]


def test_definitions_are_compared_field_by_field(changed: Any) -> None:
    """A facet that changed, a definition that came."""
    definitions = content().definitions | {"new": {"labels": {}}}
    definitions["unstated"] = definitions["unstated"] | {"facets": {"unit": "jobs", "age": "unstated"}}
    assert changed(definitions=definitions).changes == (
        Change("definitions", "new", "", None, "present"),
        Change("definitions", "unstated", "facets.unit", "persons", "jobs"),
    )


def test_a_new_figure_and_a_new_column(changed: Any) -> None:
    """Figures may gain rows and columns."""
    figures = content().figures.assign(page="7")
    figures = pd.concat([figures, pd.DataFrame({"figure": ["F300"]})], ignore_index=True)
    assert changed(figures=figures).changes == (
        Change("figures", "F281", "page", None, "7"),
        Change("figures", "F283", "page", None, "7"),
        Change("figures", "F300", "", None, "present"),
    )


def test_json_has_every_change_by_section(changed: Any) -> None:
    """Programs read the same diff."""
    told = json.loads(as_json(changed(observations=with_row(1, obs_status="P"))))
    assert told["old"].startswith("2026.1 (")
    assert told["new"].startswith("2026.2 (")
    assert told["changes"]["statuses"] == [{"item": KEY, "field": "obs_status", "old": "A", "new": "P"}]
    assert told["changes"]["verdicts"] == []


@pytest.mark.fault("E03")
def test_markdown_keeps_its_shape(changed: Any) -> None:
    """A pipe, a line break and a script in a sentence stay text in their cell."""
    verdicts = [VERDICTS[0] | {"sentence": "a | b\n<script>`x`</script> $1"}, VERDICTS[1]]
    page = as_markdown(changed(verdicts=verdicts))
    line = next(line for line in page.splitlines() if "script" in line)
    assert line.replace("\\|", "").count("|") == 5
    assert "<script>" not in page


def test_markdown_shows_numbers_as_they_are_written(changed: Any) -> None:
    """12000 to 11000, not 12000.0."""
    page = as_markdown(changed(observations=with_row(1, obs_value=11999.5)))
    assert "| obs_value | 12000 | 11999.5 |" in page


def test_a_release_compares_itself_with_an_older_one(old: OpenRelease, tmp_path: Path) -> None:
    """`new.diff(old)` tells what is new."""
    new = open_release(
        write_release(content(version="2026.2", observations=with_row(1, obs_status="P")), tmp_path / "n")
    )
    assert new.diff(old).section("statuses")[0].new == "P"
    assert new.diff(str(old.folder)) == new.diff(old)
