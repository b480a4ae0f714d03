"""The same quantity in two tables, and the identity of a place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nordstat.errors import ReconciliationError, SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.table import Disclosure
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.coherence import Coherence, check_movement, compare_tables


def _flows(reference: Path, year: int) -> pd.DataFrame:
    """Read SSB 03321: employed by municipality of residence and of work."""
    raw = pd.read_csv(reference / "raw" / "ssb_03321" / f"{year}.csv.gz", dtype=str)
    return pd.DataFrame(
        {
            "time_period": raw["Tid"],
            "residence_area": raw["Bokommuen"],
            "work_area": raw["ArbstedKomm"],
            "obs_value": raw["value"].astype(float),
        }
    )


def _places(reference: Path, year: int) -> pd.DataFrame:
    """Read SSB 11618: employed by municipality of work, both sexes, 15-74."""
    raw = pd.read_csv(reference / "raw" / "ssb_11618" / f"{year}.csv", dtype=str)
    raw = raw[(raw["ContentsCode"] == "SysselArbsted") & (raw["Kjonn"] == "0")]
    return pd.DataFrame(
        {"time_period": raw["Tid"], "work_area": raw["Region"], "obs_value": raw["value"].astype(float)}
    )


def _compared(reference: Path, year: int) -> Coherence:
    return compare_tables(
        _flows(reference, year), _places(reference, year), ["time_period", "work_area"], names=("03321", "11618")
    )


@pytest.mark.corpus
@pytest.mark.parametrize(("year", "municipalities"), [(2017, 426), (2020, 356), (2022, 356)])
def test_flows_and_work_places_agree(reference: Path, year: int, municipalities: int) -> None:
    """The sums of 03321 by place of work are those of 11618 in every municipality of 2017, 2020 and 2022."""
    compared = _compared(reference, year)

    assert set(compared.table["outcome"]) == {"agrees"}
    assert len(compared.table) == municipalities
    assert compared.absolute_difference == 0


@pytest.mark.corpus
def test_36_municipalities_of_2019_differ_and_are_listed(reference: Path) -> None:
    """In 2019 the two tables differ in 36 municipalities, 360 persons in all, the largest first."""
    compared = _compared(reference, 2019)

    assert len(compared.differing) == 36
    assert compared.absolute_difference == 360
    assert len(compared.table) == 422
    sizes = compared.differing["difference"].abs().tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert set(compared.differing.columns) >= {"work_area", "03321", "11618"}


def test_residents_with_movement_are_the_work_places(shipped: Mappings) -> None:
    """In every municipality of the transcribed tables 11616, residents less out with in are those who work there."""
    frame = pipeline.observations(shipped)
    frame = frame[frame["source"].str.startswith("ssb-11616")].drop(columns="source")

    checked = check_movement(frame)

    assert len(checked.table) == 31
    assert set(checked.table["outcome"]) == {"agrees"}


ROLES = (
    ("x", "_T", "employed", 100.0),
    ("x", "_T", "out_commuters", 40.0),
    ("_T", "x", "in_commuters", 25.0),
    ("_T", "x", "employed", 85.0),
    ("x", "y", "employed", 7.0),
)


def _place(roles: tuple[tuple[str, str, str, float | None], ...]) -> pd.DataFrame:
    return pd.DataFrame(roles, columns=["residence_area", "work_area", "measure", "obs_value"]).assign(
        time_period="2023-Q4"
    )


def test_place_whose_numbers_do_not_tie_is_found() -> None:
    """100 - 40 + 25 is 85; 86 who work there is one too many, and a flow between two places plays no part."""
    wrong = tuple((*role[:3], 86.0) if role[:3] == ("_T", "x", "employed") else role for role in ROLES)

    assert check_movement(_place(ROLES)).differing.empty
    assert check_movement(_place(wrong)).differing["difference"].tolist() == [1.0]


def test_missing_commuters_leave_the_place_open() -> None:
    """A number that is hidden, or not there at all, proves nothing; a place that has all four is still checked."""
    hidden = _place(tuple((*role[:3], None) if role[2] == "in_commuters" else role for role in ROLES))
    absent = _place(tuple(role for role in ROLES if role[2] != "in_commuters"))

    for incomplete in (hidden, absent):
        elsewhere = incomplete.replace({"x": "z"})
        checked = check_movement(pd.concat([_place(ROLES), elsewhere], ignore_index=True))
        assert dict(zip(checked.table["area"], checked.table["outcome"], strict=True)) == {"x": "agrees", "z": "open"}


def test_rounded_movement_agrees_within_what_it_stands_for() -> None:
    """100 with 5 who come, less 0 shown who leave, is 103 to 105: 103 agrees, and 102 is one too few."""
    for working, apart in ((103.0, 0.0), (105.0, 0.0), (102.0, 1.0), (106.0, 1.0)):
        values = {("x", "out_commuters"): 0.0, ("_T", "in_commuters"): 5.0, ("_T", "employed"): working}
        place = _place(tuple((*role[:3], values.get((role[0], role[2]), role[3])) for role in ROLES))

        assert check_movement(place, disclosure=Disclosure.SSB_0_3).table["apart"].tolist() == [apart]


def test_count_that_stands_twice_is_refused() -> None:
    """A doubled row is not taken for one of the two."""
    with pytest.raises(ReconciliationError, match="'x' stands twice"):
        check_movement(_place((*ROLES, ROLES[0])))


def test_rounded_cells_agree_within_what_they_stand_for() -> None:
    """Two flows shown as 0 and 3 are [1, 5] together: a count of 5 agrees, 6 does not."""
    flows = pd.DataFrame({"work_area": ["a", "a", "b", "b"], "obs_value": [0.0, 3.0, 0.0, 3.0]})
    places = pd.DataFrame({"work_area": ["a", "b"], "obs_value": [5.0, 6.0]})

    compared = compare_tables(flows, places, ["work_area"], disclosures=(Disclosure.SSB_0_3, Disclosure.NONE))

    assert compared.table["outcome"].tolist() == ["agrees", "differs"]
    assert compared.table["apart"].tolist() == [0.0, 1.0]


def test_missing_part_leaves_the_sum_open() -> None:
    """A sum with a hidden part has no value: it differs only where the visible parts already exceed the other side."""
    flows = pd.DataFrame({"work_area": ["a", "a", "b", "b"], "obs_value": [4.0, None, 9.0, None]})
    places = pd.DataFrame({"work_area": ["a", "b"], "obs_value": [5.0, 6.0]})

    compared = compare_tables(flows, places, ["work_area"])

    assert compared.table["outcome"].tolist() == ["open", "differs"]
    assert compared.table["first"].isna().all()


def test_place_that_one_table_lacks_is_listed() -> None:
    """What only one of the two has is told, and is no difference of 0."""
    first = pd.DataFrame({"work_area": ["a", "b"], "obs_value": [1.0, 2.0]})
    second = pd.DataFrame({"work_area": ["b", "c"], "obs_value": [2.0, 3.0]})

    compared = compare_tables(first, second, ["work_area"])

    assert compared.table["outcome"].tolist() == ["only first", "agrees", "only second"]
    assert compared.table["apart"].isna().tolist() == [True, False, True]
    assert str(compared) == "3 numbers: 1 only first, 1 agrees, 1 only second; 0 apart in all"


def test_comparison_that_matches_no_cell_fails() -> None:
    """Two tables without a common key are refused, and so is a table without any place that has all four counts."""
    first = pd.DataFrame({"work_area": ["a"], "obs_value": [1.0]})
    second = pd.DataFrame({"work_area": ["b"], "obs_value": [1.0]})

    with pytest.raises(ReconciliationError, match="share no work_area"):
        compare_tables(first, second, ["work_area"])
    with pytest.raises(ReconciliationError, match="matched no cell"):
        check_movement(_place(ROLES[1:]))
    with pytest.raises(SettingsError, match="called 'first'"):
        compare_tables(first, first, ["work_area"], names=("first", "first"))
