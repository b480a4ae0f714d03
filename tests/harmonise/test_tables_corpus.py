"""Real tables of SSB and SCB as observations."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from harmonise.table_cubes import cube, observed
from nordstat.decode import read_jsonstat
from nordstat.mapping.check import Mappings

pytestmark = pytest.mark.corpus

VERSIONS = {"2017": "NO-KOMMUNE:2017", "2019": "NO-KOMMUNE:2018", "2020": "NO-KOMMUNE:2020", "2022": "NO-KOMMUNE:2022"}


def raw(path: Path, mappings: Mappings, table: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A raw file, and the observations of the cube it holds."""
    cells = pd.read_csv(path, dtype="str").astype({"value": "float64"})
    dimensions = {name: list(dict.fromkeys(cells[name])) for name in cells.columns.drop("value")}
    return cells, observed(cube(dimensions, cells["value"]), mappings.tables[table], mappings)


@pytest.mark.parametrize("year", VERSIONS)
def test_whole_flow_matrix_is_read_without_loss(reference: Path, mappings: Mappings, year: str) -> None:
    """Table 03321: every cell a row, every total the file's, at both ends, in the version that holds all its codes."""
    cells, frame = raw(reference / "raw" / "ssb_03321" / f"{year}.csv.gz", mappings, "SSB:03321")

    assert len(frame) == len(cells)
    for column, dimension in (("work_area", "ArbstedKomm"), ("residence_area", "Bokommuen")):
        ours = frame.groupby(frame[column].astype(str))["obs_value"].sum()
        assert ours.to_dict() == cells.groupby(dimension)["value"].sum().to_dict()
    assert set(frame["work_scheme"]) == set(frame["residence_scheme"]) == {VERSIONS[year]}


def test_rindal_of_2019_is_what_the_data_say(reference: Path, mappings: Mappings) -> None:
    """SSB lists Rindal as 1567 in 2019 with zeros only, and not as 5061: so it stays, in the version that has 1567."""
    _, frame = raw(reference / "raw" / "ssb_03321" / "2019.csv.gz", mappings, "SSB:03321")
    rindal = frame[(frame["work_area"] == "1567") | (frame["residence_area"] == "1567")]

    assert len(rindal) == 2 * 422 - 1
    assert (rindal["obs_value"] == 0).all()
    assert "5061" not in set(frame["work_area"])


@pytest.mark.parametrize("year", VERSIONS)
def test_residents_and_employed_stand_on_their_sides(reference: Path, mappings: Mappings, year: str) -> None:
    """Table 11618: population and employed by home on the side of residence, employed by workplace on that of work."""
    cells, frame = raw(reference / "raw" / "ssb_11618" / f"{year}.csv", mappings, "SSB:11618")
    totals = cells.groupby("ContentsCode")["value"].sum()

    assert frame.loc[frame["measure"] == "population", "obs_value"].sum() == totals["BefolkningBosted"]
    employed = frame[frame["measure"] == "employed"]
    assert employed.loc[employed["work_area"] == "_T", "obs_value"].sum() == totals["SysselBosted"]
    assert employed.loc[employed["residence_area"] == "_T", "obs_value"].sum() == totals["SysselArbsted"]


def test_a_recorded_answer_of_scb_is_read(reference: Path, mappings: Mappings) -> None:
    """Table TAB3200 as SCB answered it in 2025: the employed are read, the other statuses left out, all under noise."""
    answer = read_jsonstat(reference / "raw" / "scb_v2_TAB3200_employment_status_2024.json")
    frame = observed(answer, mappings.tables["SCB:TAB3200"], mappings)

    told = answer.to_frame()
    employed = told[told["ContentsCode"] == "000002NT"]
    assert frame["obs_value"].sum() == employed["value"].sum()
    assert list(zip(frame["age_low"], frame["age_high"], strict=True))[:3] == [(20, 24), (60, 64), (70, 74)]
    assert set(frame["obs_status"]) <= {"D", "O"}
    assert set(frame["residence_area"]) == {"SE"}
