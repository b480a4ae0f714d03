"""Which columns of a frame are counts, and what is shown of a frame that has none."""

from __future__ import annotations

import pandas as pd
import pytest

from harmonise.ways import MOSS, OSLO, RYGGE, counts, way
from nordstat.errors import SchemaViolationError, SettingsError
from nordstat.harmonise.areas import convert
from nordstat.harmonise.counts import CountColumn, count_columns, numbers, refuse_loose_numbers


def frame(**columns: object) -> pd.DataFrame:
    """A frame of six regions."""
    return pd.DataFrame({"region": [f"010{place}" for place in range(6)], "persons": range(6)} | columns)


@pytest.mark.parametrize(
    ("given", "measures", "what", "columns", "rows"),
    [
        (
            frame(share=0.5, growth=0.1),
            ["share", "growth"],
            "only counts can be converted, not share, growth",
            ["share", "growth"],
            [0, 1, 2, 3, 4],
        ),
        (
            frame(measure=["share", "commuters", "growth", "share", "commuters", "commuters"]),
            ["persons"],
            "only counts can be converted: 3 rows have the measure growth, share",
            ["region", "persons", "measure"],
            [0, 2, 3],
        ),
        (
            frame(unit_measure=["PS", "PC", "PS", "PS", "PS", "PS"]),
            ["persons"],
            "only counts can be converted: 1 rows have the unit_measure PC",
            ["region", "persons", "unit_measure"],
            [1],
        ),
        (frame(persons=True), ["persons"], "'persons' holds bool and no numbers", ["persons"], [0, 1, 2, 3, 4]),
        (
            frame(persons=[0, -1, 0.5, 1, -2, 3]),
            ["persons"],
            "'persons' holds numbers below zero, so it is no count",
            ["region", "persons"],
            [1, 4],
        ),
    ],
)
def test_refusal_shows_the_rows_that_are_no_counts(
    given: pd.DataFrame, measures: list[str], what: str, columns: list[str], rows: list[int]
) -> None:
    """Rates, yes and no, and numbers below zero are told in words and shown as they stand in the frame."""
    with pytest.raises(SchemaViolationError) as caught:
        count_columns(given, measures)

    shown = caught.value.failures
    assert caught.value.what == what
    assert (list(shown.columns), list(shown.index)) == (columns, rows)


@pytest.mark.parametrize(
    ("measures", "what"), [(["persons", "jobs"], "no such value column: ['jobs']"), ([], "no value column is named")]
)
def test_measure_that_is_not_there_is_told_from_none(measures: list[str], what: str) -> None:
    """Of the columns named only the missing ones are told."""
    with pytest.raises(SettingsError) as caught:
        count_columns(frame(), measures)

    assert caught.value.what == what


def test_ends_of_a_value_are_those_there_are() -> None:
    """The ends stand beside a value under its stem; an end the frame lacks has the empty name."""
    given = frame(obs_value=1, obs_low=1, obs_high=1, jobs_value=1, jobs_low=1)

    found = count_columns(given, ["obs_value", "jobs_value", "persons"])

    assert found == (
        CountColumn("obs_value", "obs_low", "obs_high"),
        CountColumn("jobs_value", "jobs_low", ""),
        CountColumn("persons", "", ""),
    )
    assert [column.columns for column in found][1:] == [("jobs_value", "jobs_low"), ("persons",)]


def test_empty_cell_is_not_a_number_in_either_storage() -> None:
    """A hole is NaN, whether the column is of numpy or masked, and numbers of any width become doubles."""
    for kind in ("float32", "Float32", "Int64"):
        read = numbers(pd.Series([1, None], dtype=kind))
        assert read.dtype == "float64"
        assert read[0] == 1.0
        assert read[1] != read[1]


def test_loose_decimal_numbers_are_all_shown() -> None:
    """Columns of decimal numbers among the keys are named together, those of the schema and whole numbers are not."""
    given = frame(rate=0.5, ratio=0.25, obs_low=1.0)

    with pytest.raises(SchemaViolationError) as caught:
        refuse_loose_numbers(given, ["region", "rate", "persons", "obs_low", "ratio"])

    assert caught.value.what == "columns of decimal numbers that are neither measure nor key: rate, ratio"
    assert caught.value.failures.to_dict("list") == {"rate": [0.5] * 5, "ratio": [0.25] * 5}


def test_names_of_codes_are_shown_beside_them() -> None:
    """A column that only describes the codes is told, also after one that varies freely and one of a single value."""
    given = pd.DataFrame(
        {
            "region": ["0104", "0104", "0136", "0301"],
            "one": "same",
            "trade": list("abaa"),
            "name": ["Moss", "Moss", "Rygge", "Oslo"],
            "persons": [1, 2, 4, 8],
        }
    )

    with pytest.raises(SchemaViolationError) as caught:
        convert(given, "region", way(MOSS, RYGGE, OSLO), measures="persons", period=None)

    assert caught.value.what == "'name' only describes the codes of 'region': it has one value for each of them"
    shown = sorted(caught.value.failures.itertuples(index=False, name=None))
    assert shown == [("0104", "Moss"), ("0136", "Rygge"), ("0301", "Oslo")]


def test_names_that_follow_the_targets_are_no_description() -> None:
    """A column that is the same for all parts of a target keeps nothing apart."""
    given = counts(k0104=20, k0136=5, k0301=1).assign(county=["Østfold", "Østfold", "Oslo"])

    found = convert(given, "region", way(MOSS, RYGGE, OSLO), measures="persons").frame

    assert dict(zip(found["county"], found["persons"], strict=True)) == {"Østfold": 25, "Oslo": 1}


def test_whole_numbers_are_a_key_though_each_code_has_its_own() -> None:
    """A year of a count is no name of a code, whatever codes it was counted for."""
    given = counts(k0104=20, k0136=5).assign(year=[1990, 1991])

    found = convert(given, "region", way(MOSS, RYGGE), measures="persons", absent="zero").frame

    assert dict(zip(found["year"], found["persons"], strict=True)) == {1990: 20, 1991: 5}


def test_names_describe_codes_though_two_share_one() -> None:
    """Moss and Rygge would stay apart under their names, also where Oslo is called as one of them is."""
    given = counts(k0104=20, k0136=5, k0301=1).assign(name=["A", "B", "A"])

    with pytest.raises(SchemaViolationError, match="'name' only describes the codes of 'region'"):
        convert(given, "region", way(MOSS, RYGGE, OSLO), measures="persons")
