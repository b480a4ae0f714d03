"""Vintages and revisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordstat.errors import ReleaseError, SettingsError
from nordstat.release.open import open_release
from nordstat.release.vintages import append, as_of, history, revisions, sign_test
from nordstat.release.write import write_release
from release.samples import content, observations


def told(*rows: tuple[str, float | None] | tuple[str, float | None, str], **cells: Any) -> pd.DataFrame:
    """Observations of one number: vintage, value, and a status where it is not A."""
    return observations(
        *(
            {"vintage": row[0], "obs_value": row[1], "obs_low": None, "obs_high": None, "obs_status": (*row, "A")[2]}
            | cells
            for row in rows
        )
    )


def spans(past: pd.DataFrame) -> list[tuple[Any, ...]]:
    cells = past[["obs_value", "vintage_from", "vintage_to"]].astype("object")
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in cells.itertuples(index=False)]


FOUR = told(("2022-02-08", 82209), ("2023-02-02", 82204), ("2023-04-16", 82207), ("2024-02-07", 82207))
"""Non-residents' jobs in the fourth quarter of 2020, SSB 12315, as four of its vintages gave them."""


def test_a_value_stands_until_it_is_changed() -> None:
    """Each value once, with the vintage that said it and the one that changed it."""
    assert spans(history(FOUR)) == [
        (82209, "2022-02-08", "2023-02-02"),
        (82204, "2023-02-02", "2023-04-16"),
        (82207, "2023-04-16", None),
    ]


def test_the_order_of_rows_plays_no_part() -> None:
    """Vintages are put in time by their instants."""
    pd.testing.assert_frame_equal(history(FOUR.iloc[::-1]), history(FOUR))


@pytest.mark.fault("P12")
def test_vintages_are_instants_and_no_text() -> None:
    """07:00+02:00 comes before 06:00Z, though not as text."""
    rows = told(("2026-10-25T06:00:00Z", 2), ("2026-10-25T07:00:00+02:00", 1))
    assert [value for value, _, _ in spans(history(rows))] == [1, 2]


def test_two_values_in_one_vintage_are_refused() -> None:
    """Which one holds cannot be known."""
    with pytest.raises(ReleaseError, match=r"one vintage gives two values: .*time_period 2016-Q4.*vintage 2022-02-08"):
        history(told(("2022-02-08", 1), ("2022-02-08T00:00:00Z", 2)))


def test_a_vintage_that_is_no_date_is_refused() -> None:
    """The word is named."""
    with pytest.raises(SettingsError, match="'spring 2022' is no date"):
        history(told(("spring 2022", 1)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([1.0, 2.0, None]), min_size=1, max_size=8))
def test_a_history_gives_back_every_vintage(values: list[float | None]) -> None:
    """Whatever the sequence of values, each vintage is found in the history as it was said."""
    rows = told(*((f"20{year:02}-01-01", value) for year, value in enumerate(values, 10)))
    past = history(rows)
    for year, value in enumerate(values, 10):
        day = f"20{year:02}-01-01"
        stood = past[(past["vintage_from"] <= day) & ~(past["vintage_to"] <= day).fillna(value=False)]
        assert [None if pd.isna(found) else found for found in stood["obs_value"]] == [value]


def test_appending_is_the_same_as_knowing_it_all() -> None:
    """A history grown vintage by vintage is the history of all of them."""
    grown = history(FOUR.iloc[:1])
    for place in range(1, 4):
        grown = append(grown, FOUR.iloc[place : place + 1])
    pd.testing.assert_frame_equal(grown, history(FOUR), check_categorical=False)


def test_appending_changes_nothing_that_was_said() -> None:
    """Old rows keep value, status and first vintage."""
    before, after = history(FOUR.iloc[:2]), append(history(FOUR.iloc[:2]), FOUR.iloc[2:3])
    assert spans(after)[0] == spans(before)[0]
    assert spans(after)[1] == (82204, "2023-02-02", "2023-04-16")


def test_an_older_vintage_cannot_be_appended() -> None:
    """A history only grows forward."""
    with pytest.raises(ReleaseError, match="no newer than the history"):
        append(history(FOUR.iloc[1:]), FOUR.iloc[:1])


@pytest.mark.parametrize(
    ("day", "value"), [("2022-02-08", 82209), ("2023-02-01", 82209), ("2023-02-02", 82204), ("2026-01-01", 82207)]
)
def test_as_of_gives_what_was_known(day: str, value: int) -> None:
    """A day counts until its end."""
    assert as_of(FOUR, day)["obs_value"].tolist() == [value]


def test_as_of_before_anything_was_said_is_empty() -> None:
    """Nothing was known."""
    assert as_of(FOUR, "2020-01-01").empty


def test_as_of_an_instant_is_exact() -> None:
    """An hour before, the number was not out."""
    rows = told(("2023-02-02T07:00:00Z", 1))
    assert as_of(rows, "2023-02-02T06:59:59Z").empty
    assert len(as_of(rows, "2023-02-02")) == 1


def test_observations_without_a_vintage_are_always_known() -> None:
    """A figure that states none is given on any day."""
    assert len(as_of(told((None, 17000)), "2000-01-01")) == 1  # type: ignore[arg-type]


@pytest.mark.fault("P08")
def test_a_revision_has_old_new_and_difference() -> None:
    """Two changes; the vintage that repeated the value is none."""
    table = revisions(history(FOUR)).table
    assert table[["vintage", "old", "new", "difference", "kind"]].to_numpy().tolist() == [
        ["2023-02-02", 82209, 82204, -5, "value"],
        ["2023-04-16", 82204, 82207, 3, "value"],
    ]


def test_revisions_since_a_day() -> None:
    """Only what was changed that day or later."""
    assert revisions(history(FOUR), since="2023-04-16").table["new"].tolist() == [82207]


def test_the_summary_counts_and_measures() -> None:
    """Count, mean, mean absolute, largest, sign test."""
    (line,) = revisions(history(FOUR)).summary.to_dict("records")
    assert (line["value"], line["mean"], line["mean_absolute"], line["largest"]) == (2, -1, 4, -5)
    assert line["sign_test"] == 1


@pytest.mark.fault("P09")
def test_a_withdrawn_value_is_a_revision() -> None:
    """From a number to none, and back; the current value is missing, not the old number."""
    rows = told(("2022-01-01", 100), ("2023-01-01", None, "Q"), ("2024-01-01", 90))
    assert revisions(history(rows)).table["kind"].tolist() == ["withdrawn", "restored"]
    assert as_of(rows, "2023-06-01")["obs_value"].isna().tolist() == [True]


@pytest.mark.fault("P14")
def test_from_provisional_to_final_is_a_revision() -> None:
    """The number did not change; its status did."""
    table = revisions(history(told(("2022-01-01", 100, "P"), ("2023-01-01", 100, "A")))).table
    assert table[["kind", "old_status", "new_status"]].astype(str).to_numpy().tolist() == [["status", "P", "A"]]


def test_series_are_not_mixed() -> None:
    """The first vintage of one number is no revision of another."""
    two = pd.concat([told(("2022-01-01", 1)), told(("2023-01-01", 1), work_area="FI")], ignore_index=True)
    assert len(history(two)) == 2
    found = revisions(history(two))
    assert found.table.empty
    assert found.summary.empty


def test_a_value_that_jumps_and_comes_back_does_not_fit() -> None:
    """Far from both neighbours, which are close to each other: reported, never repaired."""
    rows = told(("2021-01-01", 81800), ("2022-01-01", 81804), ("2023-01-01", 67640), ("2024-01-01", 81804))
    misfits = revisions(history(rows)).misfits
    assert misfits[["vintage", "value", "before", "after"]].to_numpy().tolist() == [["2023-01-01", 67640, 81804, 81804]]


def test_ordinary_revisions_fit() -> None:
    """A few units up and down are how the table is."""
    assert revisions(history(FOUR)).misfits.empty


def test_a_few_units_there_and_back_fit() -> None:
    """One unit up and down again is noise, though the neighbours are equal."""
    assert revisions(history(told(("2021-01-01", 100), ("2022-01-01", 101), ("2023-01-01", 100)))).misfits.empty


def test_there_and_back_fits_where_the_source_revises_as_much() -> None:
    """Fifty and back is nothing special in a table that usually moves by sixty."""
    back = told(("2021-01-01", 1000), ("2022-01-01", 1050), ("2023-01-01", 1000))
    usual = told(("2021-01-01", 500), ("2022-01-01", 560), ("2023-01-01", 620), work_area="FI")
    assert revisions(history(pd.concat([back, usual], ignore_index=True))).misfits.empty
    assert len(revisions(history(back)).misfits) == 1


@pytest.mark.parametrize(
    ("ups", "downs", "p"), [(5, 0, 0.0625), (0, 0, 1), (3, 3, 1), (8, 2, 0.109375), (1, 9, 0.021484375)]
)
def test_the_sign_test_is_exact(ups: int, downs: int, p: float) -> None:
    """Known two-sided values of the binomial with one half."""
    assert sign_test(pd.Series([1.0] * ups + [-1.0] * downs + [0.0])) == pytest.approx(p)


def test_a_release_knows_its_vintages(tmp_path: Path) -> None:
    """Written, opened, and asked: history, as of a day, revisions."""
    release = open_release(write_release(content(observations=FOUR), tmp_path / "r"))
    assert len(release.history()) == 3
    assert release.as_of("2023-03-01")["obs_value"].tolist() == [82204]
    assert release.revisions(since="2023-03-01").table["difference"].tolist() == [3]


SSB_KEY = ("source", "measure", "category", "quarter")


@pytest.fixture(scope="module")
def jobs(reference: Path) -> pd.DataFrame:
    """SSB 12315 as its 25 vintages gave it."""
    raw = pd.read_csv(reference / "raw" / "ssb_12315_jobs_by_resident_status_vintages.csv")
    columns = {"quarter": raw["quarter"], "category": raw["category"], "vintage": raw["vintage_commit_date"]}
    frame = pd.DataFrame(columns | {"obs_value": raw["jobs"].astype("Float64")})
    return frame.assign(source="SSB:12315", measure="jobs", obs_status="A").drop_duplicates(ignore_index=True)


@pytest.mark.corpus
def test_ssb_12315_has_its_25_vintages(jobs: pd.DataFrame) -> None:
    """All vintages that were found are there, and none contradicts itself."""
    assert jobs["vintage"].nunique() == 25
    assert len(history(jobs, key=SSB_KEY)) == 194


@pytest.mark.corpus
@pytest.mark.fault("P08")
def test_ssb_12315_moves_by_a_few_units(jobs: pd.DataFrame) -> None:
    """The fourth quarter of 2020 was 82209, 82204, 82207 and 82205."""
    past = history(jobs[(jobs["quarter"] == "2020Q4") & (jobs["category"] == "non_resident")], key=SSB_KEY)
    assert past["obs_value"].tolist() == [82209, 82204, 82207, 82205]
    assert revisions(past, key=SSB_KEY).table["difference"].abs().max() == 5


@pytest.mark.corpus
def test_the_quarter_of_ssb_12315_that_does_not_fit_is_reported(jobs: pd.DataFrame) -> None:
    """2024Q1 in the vintage of 2024-06-30, all three categories, and nothing else."""
    misfits = revisions(history(jobs, key=SSB_KEY), key=SSB_KEY).misfits
    assert set(misfits["quarter"]) == {"2024Q1"}
    assert set(misfits["vintage"]) == {"2024-06-30"}
    lost = misfits.set_index("category").loc["non_resident"]
    assert (lost["before"], lost["value"], lost["after"]) == (81804, 67640, 81804)
    assert len(misfits) == 3
