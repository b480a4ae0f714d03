"""Tables of the services as observations: nothing lost, nothing invented, everything in its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from harmonise.table_cubes import SHA, UPDATED, cube, observed
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.model.table import Disclosure
from nordstat.schema.columns import OBSERVATION

FLOWS = {
    "ArbstedKomm": ["0301", "3001"],
    "Bokommuen": ["0301", "3001"],
    "ContentsCode": ["Sysselsatte"],
    "Tid": ["2022"],
}
SE_FLOWS = {
    "Bostadskommun": ["1780", "1765"],
    "Arbetsstallekommun": ["1780", "1785"],
    "Kon": ["1", "2"],
    "ContentsCode": ["000007L5"],
    "Tid": ["2018"],
}
ONE = {"occupation": "_T", "industry": "_T", "background": "_T", "mapping_status": "none", "source_kind": "table"}
TABLES: Mapping[str, tuple[Mapping[str, Sequence[str]], Mapping[str, Any], Mapping[str, Any]]] = {
    "SSB:03321": (
        FLOWS,
        {"residence_area": "0301", "residence_scheme": "NO-KOMMUNE:2022", "work_area": "0301", "freq": "Q"},
        {"time_period": "2022-Q4", "measure": "employed", "age_low": 15, "age_high": 74, "sex": "T"},
    ),
    "SSB:11616": (
        {
            "Region": ["3001"],
            "Alder": ["15-74"],
            "ContentsCode": ["Utpendlere", "Innpendlere"],
            "Tid": ["2023"],
        },
        {"residence_area": "3001", "work_area": "_T", "work_scheme": None, "measure": "out_commuters"},
        {"residence_area": "_T", "residence_scheme": None, "work_area": "3001", "measure": "in_commuters"},
    ),
    "SSB:11618": (
        {
            "Region": ["0101"],
            "Kjonn": ["0", "2"],
            "Alder": ["15-74"],
            "ContentsCode": ["BefolkningBosted", "SysselArbsted"],
            "Tid": ["2017"],
        },
        {"sex": "T", "measure": "population", "residence_scheme": "NO-KOMMUNE:2017", "residence_area": "0101"},
        {"sex": "F", "measure": "employed", "work_scheme": "NO-KOMMUNE:2017", "work_area": "0101"},
    ),
    "SSB:12315": (
        {
            "Region": ["Ialt"],
            "InnvandrKat": ["95", "2", "49"],
            "ContentsCode": ["AntArbForhold"],
            "Tid": ["2024K4"],
        },
        {"definition": "ssb-jobs-immigrant", "residence_area": "NO", "residence_scheme": "ISO3166:1"},
        {"definition": "ssb-nonresident-jobs", "residence_area": "ABROAD_NO", "time_period": "2024-Q4"},
    ),
    "SCB:TAB1830": (
        SE_FLOWS | {"Kon": ["1", "1+2"], "Tid": ["2024"]},
        {"sex": "M", "residence_area": "1780", "residence_scheme": "SE-KOMMUN:2007", "definition": "scb-bas-employed"},
        {"sex": "T", "work_area": "1785", "work_scheme": "SE-KOMMUN:2007", "obs_status": "D", "age_high": 74},
    ),
    "SCB:TAB1828": (
        {
            "Kommun": ["1780"],
            "Kon": ["1+2"],
            "ContentsCode": ["000000QI", "000000QJ"],
            "Tid": ["2023"],
        },
        {"measure": "in_commuters", "work_area": "1780", "residence_area": "_T"},
        {"measure": "out_commuters", "work_area": "_T", "residence_area": "1780"},
    ),
    "SCB:TAB3200": (
        {
            "Region": ["00", "17", "1780"],
            "Kon": ["1"],
            "Alder": ["060-64", "15-74"],
            "Fodelseregion": ["13", "tot"],
            "ContentsCode": ["000002NT", "000002NM"],
            "Tid": ["2024"],
        },
        {"residence_area": "SE", "residence_scheme": "ISO3166:1", "age_low": 60, "age_high": 64, "obs_value": 3.0},
        {"residence_area": "1780", "residence_scheme": "SE-KOMMUN:2007", "age_low": 15, "obs_value": 23.0},
    ),
    "SCB:TAB5543": (
        {
            "SNI2007": ["01-03", "TOTAL"],
            "Yrkesstallning": ["TOT"],
            "Kon": ["1"],
            "Alder": ["15-74"],
            "Fodelseregion": ["tot"],
            "ContentsCode": ["0000071V"],
            "Tid": ["2024"],
        },
        {"industry": "SCB-INDUSTRY:01-03", "residence_area": "SE"},
        {"industry": "_T", "residence_area": "SE"},
    ),
    "SCB:TAB333": (
        SE_FLOWS,
        {"sex": "M", "age_low": 16, "age_high": None, "time_period": "2018", "freq": "A", "obs_status": "A"},
        {"sex": "F", "definition": "scb-rams-employed"},
    ),
    "SCB:TAB5850": (SE_FLOWS | {"Tid": ["2021"]}, {"age_low": 16, "age_high": 74}, {"time_period": "2021"}),
}


def row(frame: pd.DataFrame, place: int) -> dict[str, Any]:
    return {name: None if pd.isna(value) else value for name, value in frame.iloc[place].items()}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_the_codes_say(mappings: Mappings, table: str) -> None:
    """The first and the last cell of each table that is in use stand in the columns they belong to."""
    dimensions, first, last = TABLES[table]
    frame = observed(cube(dimensions), mappings.tables[table], mappings)
    said = {"reporter": table.partition(":")[0], "source": table, "vintage": UPDATED, "snapshot": SHA, **ONE}

    assert list(frame.columns) == [column.name for column in OBSERVATION]
    assert row(frame, 0).items() >= ((said | {"industry": frame["industry"].iloc[0]}) | first).items()
    assert row(frame, -1).items() >= (said | last).items()


@pytest.mark.parametrize("seed", range(10))
def test_totals_in_are_totals_out(mappings: Mappings, seed: int) -> None:
    """The sum over all rows, and over each code, is the sum over the cells."""
    values = np.random.default_rng(seed).integers(0, 10**6, 12)
    dimensions = FLOWS | {"Bokommuen": ["0301", "3001", "1103"], "Tid": ["2020", "2022"]}
    frame = observed(cube(dimensions, values), mappings.tables["SSB:03321"], mappings)

    cells = values.reshape(2, 3, 1, 2)
    assert frame["obs_value"].sum() == cells.sum()
    assert frame.groupby("work_area", observed=True)["obs_value"].sum().tolist() == cells.sum((1, 2, 3)).tolist()
    assert frame.groupby("residence_area", observed=True, sort=False)["obs_value"].sum().tolist() == list(
        cells.sum((0, 2, 3))
    )


def test_a_symbol_a_zero_a_dash_and_nothing_are_four_things(mappings: Mappings) -> None:
    """Missing for a reason, zero, zero by symbol and missing without a word stay apart."""
    made = cube(FLOWS, [np.nan, 0, np.nan, np.nan], status={0: ":", 2: "-"})
    frame = observed(made, mappings.tables["SSB:03321"], mappings)

    assert frame["obs_value"].isna().tolist() == [True, False, False, True]
    assert frame["obs_value"].iloc[1:3].tolist() == [0, 0]
    assert frame["obs_status"].tolist() == ["Q", "A", "A", "O"]
    assert frame["conf_status"].tolist() == ["C", "F", "F", "F"]
    assert frame["obs_status_source"].iloc[[0, 2]].tolist() == [":", "-"]
    assert frame["obs_status_source"].iloc[[1, 3]].isna().all()


def test_a_hidden_number_has_open_ends(mappings: Mappings) -> None:
    """Of a number that is not shown nothing is known, at either end."""
    frame = observed(cube(FLOWS, [np.nan, 1, 2, 3], status={0: ":"}), mappings.tables["SSB:03321"], mappings)

    assert frame[["obs_low", "obs_high"]].iloc[0].isna().all()


def test_ssb_rounding_becomes_intervals(mappings: Mappings) -> None:
    """Where SSB turned ones and twos into 0 or 3, a shown 0 is 0 to 2 and a 3 is 1 to 3; a dash stays a true zero."""
    table = replace(mappings.tables["SSB:03321"], disclosure=Disclosure.SSB_0_3)
    frame = observed(cube(FLOWS, [0, 3, 6, np.nan], status={3: "-"}), table, mappings)

    assert frame["obs_low"].tolist() == [0, 1, 6, 0]
    assert frame["obs_high"].tolist() == [2, 3, 6, 0]
    assert frame["obs_status"].tolist() == ["A", "A", "A", "A"]


def test_noise_is_a_point_with_a_mark(mappings: Mappings) -> None:
    """SCB does not say how large its noise is: the number stays a point, status D says that it is no plain count."""
    made = cube(TABLES["SCB:TAB1830"][0], [4, np.nan, 6, 7, 8, 9, 10, 11], status={1: ".."})
    frame = observed(made, mappings.tables["SCB:TAB1830"], mappings)

    assert (frame["obs_low"].dropna() == frame["obs_high"].dropna()).all()
    assert frame["obs_status"].tolist() == ["D", "O", "D", "D", "D", "D", "D", "D"]


def test_a_variable_the_service_summed_away_is_a_total(mappings: Mappings) -> None:
    """Without the dimension of sex the numbers are for all; without homes, for all homes."""
    without = {name: codes for name, codes in FLOWS.items() if name != "Bokommuen"}
    frame = observed(cube(without), mappings.tables["SSB:03321"], mappings)

    assert set(frame["residence_area"]) == {"_T"}
    assert frame["residence_scheme"].isna().all()


def test_left_out_codes_are_not_read(mappings: Mappings) -> None:
    """Codes that the spec leaves out with a reason, and parts without a column, give no rows; all others do."""
    dimensions, *_ = TABLES["SCB:TAB3200"]
    frame = observed(cube(dimensions), mappings.tables["SCB:TAB3200"], mappings)

    cells = np.arange(1, 25).reshape(3, 1, 2, 2, 2, 1)
    assert frame["obs_value"].tolist() == cells[:, :, :, 1, 0].ravel().tolist()


def test_order_of_the_dimensions_does_not_matter(mappings: Mappings) -> None:
    """Dimensions are found by their id: a transposed answer gives the same rows."""
    turned = {name: FLOWS[name] for name in ("Tid", "Bokommuen", "ContentsCode", "ArbstedKomm")}
    key = ["work_area", "residence_area"]
    plain = observed(cube(FLOWS, [1, 2, 3, 4]), mappings.tables["SSB:03321"], mappings)
    other = observed(cube(turned, [1, 3, 2, 4]), mappings.tables["SSB:03321"], mappings)

    pd.testing.assert_frame_equal(
        plain.astype("object").sort_values(key, ignore_index=True),
        other.astype("object").sort_values(key, ignore_index=True),
    )


def test_versions_go_with_periods_wherever_the_dimension_of_time_stands(mappings: Mappings) -> None:
    """Places and periods meet in the right cells also where time is the first dimension of the answer."""
    made = cube(
        {"Tid": ["2019", "2022"], "ArbstedKomm": ["0101", "3001", "0301"], "ContentsCode": ["Sysselsatte"]},
        [5, 0, 7, 0, 6, 8],
    )
    frame = observed(made, mappings.tables["SSB:03321"], mappings)

    told = frame.loc[frame["obs_value"] > 0, ["time_period", "work_area", "work_scheme"]].astype(str)
    assert list(told.itertuples(index=False, name=None)) == [
        ("2019-Q4", "0101", "NO-KOMMUNE:2019"),
        ("2019-Q4", "0301", "NO-KOMMUNE:2019"),
        ("2022-Q4", "3001", "NO-KOMMUNE:2022"),
        ("2022-Q4", "0301", "NO-KOMMUNE:2022"),
    ]


def test_a_listed_code_without_numbers_still_tells_the_version(mappings: Mappings) -> None:
    """Rindal listed as 1567, with zeros only, says that a table of 2019 is coded as in 2018."""
    made = cube(FLOWS | {"ArbstedKomm": ["0101", "1567"], "Tid": ["2019"]}, [5, 6, 0, 0])
    frame = observed(made, mappings.tables["SSB:03321"], mappings)

    assert set(frame["work_scheme"]) == {"NO-KOMMUNE:2018"}


def test_the_version_of_the_table_wins_over_the_year(mappings: Mappings) -> None:
    """Numbers of 2019 in codes of 2024 stay in codes of 2024."""
    made = cube(FLOWS | {"ArbstedKomm": ["3101", "0301"], "Tid": ["2019"]})
    frame = observed(made, mappings.tables["SSB:03321"], mappings)

    assert set(frame["work_scheme"]) == {"NO-KOMMUNE:2024"}
    assert set(frame["residence_scheme"]) == {"NO-KOMMUNE:2020"}


def test_a_table_with_all_codes_of_history_is_read_period_by_period(mappings: Mappings) -> None:
    """Where no version holds all codes, each period is in the version of its numbers; a zero keeps its own version."""
    made = cube(
        {"ArbstedKomm": ["0101", "3001", "3101"], "ContentsCode": ["Sysselsatte"], "Tid": ["2019", "2022", "2024"]},
        [5, 0, 0, 0, 6, 0, 0, 0, 7],
    )
    frame = observed(made, mappings.tables["SSB:03321"], mappings)

    told = frame[["work_area", "time_period", "work_scheme"]].astype(str)
    held = {(area, period[:4]): scheme[-4:] for area, period, scheme in told.itertuples(index=False)}
    assert held["0101", "2019"] == "2019"
    assert held["3001", "2022"] == "2022"
    assert held["3101", "2024"] == "2024"
    assert held["0101", "2024"] == "2019"
    assert held["3101", "2019"] == "2024"


LAYER = """
[[table]]
id = "SSB:08070"
title = "Wage earners not registered as resident, by county of work and country background"
definition = "ssb-nonresident-refweek"
measure = "persons"
unit_measure = "PS"
age = "15-74"
time = "quarter"
disclosure = "ssb-0-3"
status = "closed"
verified = "documented"
evidence = "a test"
fixed = { residence_scheme = "AREA:1", residence_area = "ABROAD_NO" }
dimensions.Region = { concept = "work_area", scheme = ["ISO3166", "NO-FYLKE"], codes = { 00 = "NO" } }
dimensions.Landbakgrunn = { concept = "background", scheme = "BACKGROUND", codes = { 00 = "_T", 194 = "NORDIC_X_NO" } }
dimensions.ContentsCode = { concept = "contents" }
dimensions.Tid = { concept = "time_period", codes = { "2008K4 Ny" = "2008K4" }, left_out = { 2008K4 = "age" } }
"""


def test_a_table_nobody_has_seen_reads_once_somebody_describes_it(mappings_folder: Path, tmp_path: Path) -> None:
    """Table 08070, described in a folder of one's own: counties, backgrounds, the quarter published twice, rounding."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "own.toml").write_text(LAYER, encoding="utf-8")
    mappings = load_mappings((mappings_folder, tmp_path))
    made = cube(
        {
            "Region": ["00", "01"],
            "Landbakgrunn": ["00", "194"],
            "ContentsCode": ["Lonnstakere"],
            "Tid": ["2008K4", "2008K4 Ny", "2016K4"],
        },
        [9, 3, 0, 9, 10, 11, 9, 12, 13, 9, 14, 15],
    )
    frame = observed(made, mappings.tables["SSB:08070"], mappings)

    assert frame["obs_value"].tolist() == [3, 0, 10, 11, 12, 13, 14, 15]
    assert frame["obs_high"].tolist()[:3] == [3, 2, 10]
    assert row(frame, 0)["work_scheme"] == "ISO3166:1"
    assert row(frame, 7)["background"] == "BACKGROUND:NORDIC_X_NO"
    assert row(frame, 7)["work_area"] == "01"
    assert set(frame["time_period"]) == {"2008-Q4", "2016-Q4"}
    assert set(frame["residence_area"]) == {"ABROAD_NO"}
