"""Real tables of SSB, served as the service serves them, fetched, decoded and harmonised without loss."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nordstat.pipeline.stored import read_store
from nordstat.schema.observations import check_observations
from pipeline.conftest import At
from pipeline.served import limits, served
from pxweb_server import PxWebServer, ServedTable

pytestmark = pytest.mark.corpus

YEARS = ("2017", "2019", "2020", "2022")


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str").astype({"value": "float64"})


def table(cells: pd.DataFrame, id: str) -> ServedTable:
    """A raw file as a served table."""
    dimensions = {name: list(dict.fromkeys(cells[name])) for name in cells.columns.drop("value")}
    return served(id, dimensions, cells["value"].to_numpy())


@pytest.mark.parametrize("year", YEARS)
def test_real_flows_are_fetched_and_read_without_loss(reference: Path, at: At, year: str) -> None:
    """Table 03321 as files of a year hold it, in answers of 60,000 cells: every cell, every total, every code."""
    cells = read(reference / "raw" / "ssb_03321" / f"{year}.csv.gz")
    with PxWebServer([table(cells, "03321")], limits=limits(60_000)) as server:
        desk = at(server)
        cube = desk.cube(desk.fetch(wanted=f"Tid={year}"))

        assert len(server.calls("POST")) == -(-len(cells) // 60_000)
    assert np.array_equal(cube.values, cells["value"])

    [frame] = read_store(desk.store, desk.mappings).frames
    assert len(check_observations(frame)) == len(cells)
    for column, dimension in (("work_area", "ArbstedKomm"), ("residence_area", "Bokommuen")):
        ours = frame.groupby(frame[column].astype(str))["obs_value"].sum().to_dict()
        assert ours == cells.groupby(dimension)["value"].sum().to_dict()
    if year == "2019":
        rindal = frame[frame["work_area"] == "1567"]
        assert (len(rindal), rindal["obs_value"].sum()) == (422, 0)
        assert set(frame["work_scheme"]) == {"NO-KOMMUNE:2018"}


def test_real_residents_and_employed_are_fetched_and_read_without_loss(reference: Path, at: At) -> None:
    """Table 11618 of all four years in one table with the codes of all of them: each year in its own version."""
    cells = pd.concat([read(reference / "raw" / "ssb_11618" / f"{year}.csv") for year in YEARS])
    key = [name for name in cells.columns if name != "value"]
    places = pd.MultiIndex.from_product([list(dict.fromkeys(cells[name])) for name in key], names=key)
    whole = cells.set_index(key)["value"].reindex(places, fill_value=0).reset_index()
    with PxWebServer([table(whole, "11618")], limits=limits(3_000)) as server:
        desk = at(server)
        desk.fetch("SSB:11618", accept_drift=True)  # the files hold one sex, the table three

    [frame] = read_store(desk.store, desk.mappings).frames
    assert check_observations(frame)["obs_value"].sum() == cells["value"].sum()
    by_year = frame.groupby(frame["time_period"].astype(str))["obs_value"].sum()
    assert by_year.tolist() == cells.groupby("Tid")["value"].sum().tolist()
    counted = frame[frame["obs_value"] > 0]
    schemes = counted["residence_scheme"].astype("object").fillna(counted["work_scheme"].astype("object"))
    assert dict.fromkeys(zip(counted["time_period"].astype(str), schemes, strict=True)).keys() == {
        ("2017-Q4", "NO-KOMMUNE:2017"),
        ("2019-Q4", "NO-KOMMUNE:2019"),
        ("2020-Q4", "NO-KOMMUNE:2020"),
        ("2022-Q4", "NO-KOMMUNE:2022"),
    }
