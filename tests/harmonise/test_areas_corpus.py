"""The real flow matrices of SSB table 03321, municipality of residence by municipality of work."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nordstat.errors import UnknownCodeError
from nordstat.harmonise.areas import Conversion, convert, silent_breaks
from nordstat.harmonise.codes import detect_version
from nordstat.mapping.correspondence import Correspondences

pytestmark = pytest.mark.corpus

ENDS = ("Bokommuen", "ArbstedKomm")
LATEST = "NO-KOMMUNE:2024"
STABLE = "NO-STABLE:2018-2024"
# the table's own version, which wins over the year: the matrix of 2019 is still in the codes of 2018
VERSIONS = {"2017": "NO-KOMMUNE:2017", "2019": "NO-KOMMUNE:2018", "2020": "NO-KOMMUNE:2020", "2022": "NO-KOMMUNE:2020"}
TOTALS = {"2017": 2_609_737, "2019": 2_691_283, "2020": 2_673_248, "2022": 2_809_789}


@pytest.fixture(scope="module")
def matrices(request: pytest.FixtureRequest) -> dict[str, pd.DataFrame]:
    """The four matrices with a point interval for every cell: they show ones and twos, so nothing was rounded."""
    reference: Path = request.getfixturevalue("reference")
    return {year: _matrix(reference / "raw" / "ssb_03321" / f"{year}.csv.gz") for year in TOTALS}


def _matrix(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"ArbstedKomm": str, "Bokommuen": str, "Tid": str})
    frame = frame.drop(columns="ContentsCode").rename(columns={"value": "obs_value", "Tid": "time_period"})
    frame = frame.astype({**dict.fromkeys([*ENDS, "time_period"], "category"), "obs_value": "float64"})
    return frame.assign(obs_low=frame["obs_value"], obs_high=frame["obs_value"])


def converted(matrices: dict[str, pd.DataFrame], ways: Correspondences, year: str, target: str) -> Conversion:
    way = ways.find(VERSIONS[year], target)
    return convert(matrices[year], ENDS, way, measures="obs_value", allow_assumed=True)


@pytest.mark.parametrize("year", TOTALS)
def test_the_codes_tell_the_version_of_the_table(
    matrices: dict[str, pd.DataFrame], ways: Correspondences, year: str
) -> None:
    """Both ends of a matrix are in the same version, and 2019 still speaks the codes of 2018."""
    found = {
        detect_version(matrices[year][end], ways.codelists.lists.values(), "NO-KOMMUNE")[0].version for end in ENDS
    }
    assert found == {VERSIONS[year].partition(":")[2]}


def test_the_year_is_not_the_version(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> None:
    """Converting the matrix of 2019 from the version of 2019 is refused, with the version that fits."""
    with pytest.raises(UnknownCodeError, match=r"'1567'.*NO-KOMMUNE:2018"):
        convert(
            matrices["2019"],
            ENDS,
            ways.find("NO-KOMMUNE:2019", LATEST),
            measures="obs_value",
            allow_assumed=True,
            codelists=ways.codelists.lists.values(),
        )


@pytest.mark.parametrize(
    ("year", "target"), [*((year, LATEST) for year in TOTALS), *((year, STABLE) for year in TOTALS if year > "2017")]
)
def test_in_is_out_to_the_unit(
    matrices: dict[str, pd.DataFrame], ways: Correspondences, year: str, target: str
) -> None:
    """Both ends converted, the number of employed is the same."""
    found = converted(matrices, ways, year, target)
    (row,) = found.balance
    assert (row.period, row.total_in, row.unmapped, row.withheld, row.missing) == (year, TOTALS[year], 0, 0, 0)
    assert row.total_out == pytest.approx(TOTALS[year], abs=1e-6)
    assert found.frame["obs_value"].sum() == pytest.approx(TOTALS[year], abs=1e-6)


@pytest.mark.parametrize("year", TOTALS)
def test_exactly_the_rows_with_weights_are_marked(
    matrices: dict[str, pd.DataFrame], ways: Correspondences, year: str
) -> None:
    """A row is estimated where an end is a part of a divided unit, assumed where the weight is, and nowhere else."""
    found = converted(matrices, ways, year, LATEST).frame
    divided = {"2020": {"1508", "1580"}, "2022": {"1508", "1580"}}.get(year, {"1806", "1875", "5055", "5056", "5059"})
    touched = found[list(ENDS)].isin(divided).any(axis=1)
    wanted = "estimated" if year in {"2020", "2022"} else "estimated_assumed"
    assert set(found.loc[touched, "mapping_status"]) == {wanted}
    assert set(found.loc[~touched, "mapping_status"]) <= {"exact", "aggregated"}


def test_on_stable_units_nothing_is_estimated(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> None:
    """The 353 units hold every code whole, and every number is the sum of whole numbers."""
    found = converted(matrices, ways, "2019", STABLE).frame
    assert set(found["mapping_status"]) == {"exact", "aggregated"}
    assert (found["obs_value"] % 1 == 0).all()
    assert len(found) == 353**2


def test_conversion_agrees_with_plain_joins(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> None:
    """Merging the links to both ends and grouping gives the same matrix, cell for cell."""
    links = pd.DataFrame(
        [(link.source, link.target, link.weight) for link in ways.find(VERSIONS["2019"], LATEST).links],
        columns=["source", "target", "weight"],
    )
    joined = matrices["2019"].astype(dict.fromkeys(ENDS, "str"))
    for end in ENDS:
        joined = joined.merge(links, left_on=end, right_on="source").drop(columns=["source", end])
        joined = joined.rename(columns={"target": end})
        joined["obs_value"] *= joined.pop("weight")
    wanted = joined.groupby([*ENDS])["obs_value"].sum()
    found = converted(matrices, ways, "2019", LATEST).frame.astype(dict.fromkeys(ENDS, "str"))
    pd.testing.assert_series_equal(found.set_index([*ENDS])["obs_value"].sort_index(), wanted.sort_index())


def test_the_interval_of_an_exact_cell_stays_a_point(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> None:
    """Ends that were the value stay the value, in sums and in shares."""
    found = converted(matrices, ways, "2019", LATEST).frame
    assert (found["obs_low"] == found["obs_value"]).all()
    assert (found["obs_high"] == found["obs_value"]).all()


def test_rindal_is_as_empty_as_the_data_say(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> None:
    """The matrix of 2019 has zeros only for Rindal (1567); so has 5061, which nobody fills."""
    rindal = matrices["2019"].loc[matrices["2019"][list(ENDS)].eq("1567").any(axis=1), "obs_value"]
    assert (len(rindal), rindal.sum()) == (843, 0)
    found = converted(matrices, ways, "2019", LATEST).frame
    assert found.loc[found[list(ENDS)].eq("5061").any(axis=1), "obs_value"].sum() == 0
    before = converted(matrices, ways, "2017", LATEST).frame
    assert before.loc[before["ArbstedKomm"] == "5061", "obs_value"].sum() > 0


def test_workplace_sums_agree_with_the_table_of_employed(
    matrices: dict[str, pd.DataFrame], ways: Correspondences, reference: Path
) -> None:
    """Converted on its own, table 11618 gives the workplace sums of the converted matrix (2022)."""
    employed = pd.read_csv(reference / "raw" / "ssb_11618" / "2022.csv", dtype={"Region": str, "Tid": str})
    employed = employed[employed["ContentsCode"].eq("SysselArbsted") & employed["Kjonn"].eq(0)]
    employed = employed[["Region", "Tid", "value"]]
    way = ways.find(VERSIONS["2022"], LATEST)
    table = convert(employed, "Region", way, measures="value", period="Tid").frame.set_index("Region")["value"]
    matrix = converted(matrices, ways, "2022", LATEST).frame
    sums = matrix.groupby("ArbstedKomm", observed=True)["obs_value"].sum()
    pd.testing.assert_series_equal(
        sums[sums.index.isin(table.index)], table, check_names=False, check_index=False, check_dtype=False
    )


@pytest.fixture(scope="module")
def series(matrices: dict[str, pd.DataFrame], ways: Correspondences) -> pd.DataFrame:
    """The matrices of 2019 and 2022 on stable units, one below the other."""
    parts = [converted(matrices, ways, year, STABLE).frame for year in ("2019", "2022")]
    return pd.concat([part.astype({"time_period": "str"}) for part in parts], ignore_index=True)


class TestOneSeries:
    """2019 and 2022 side by side on stable units."""

    def test_it_is_one_frame(self, series: pd.DataFrame) -> None:
        """Both years have the same 353 x 353 flows, in the same categories."""
        wide = series.pivot_table("obs_value", list(ENDS), "time_period", observed=True)
        assert wide.shape == (353**2, 2)
        assert not wide.isna().any(axis=None)
        assert wide.sum().to_dict() == {"2019": TOTALS["2019"], "2022": TOTALS["2022"]}

    def test_stavanger_is_the_same_territory_in_both_years(
        self, series: pd.DataFrame, matrices: dict[str, pd.DataFrame]
    ) -> None:
        """By code alone 1103 would gain Finnøy and Rennesøy between the years."""
        by_code = matrices["2019"].loc[matrices["2019"]["ArbstedKomm"] == "1103", "obs_value"].sum()
        stable = series[series["ArbstedKomm"] == "NOU-1103"].groupby("time_period")["obs_value"].sum()
        whole = matrices["2019"].loc[matrices["2019"]["ArbstedKomm"].isin(["1103", "1141", "1142"]), "obs_value"].sum()
        assert stable["2019"] == whole > by_code

    def test_the_codes_that_would_break_the_series_are_known(self, ways: Correspondences) -> None:
        """Two codes of the older matrix mean another territory in the newer one."""
        assert silent_breaks(ways.find(VERSIONS["2019"], VERSIONS["2022"])) == ("1103", "5001")

    def test_converted_to_the_newer_codes_the_breaks_are_marked(
        self, matrices: dict[str, pd.DataFrame], ways: Correspondences
    ) -> None:
        """In the codes of 2022 the rows of 2019 with Stavanger or Trondheim at either end are flagged."""
        found = converted(matrices, ways, "2019", VERSIONS["2022"])
        marked = found.frame[found.frame["silent_break"]]
        assert found.breaks == ("1103", "5001")
        assert marked[list(ENDS)].isin(found.breaks).any(axis=1).all()
        assert len(marked) == 2 * 2 * 356 - 4


def test_the_population_of_norway_goes_through_every_chain(reference: Path, ways: Correspondences) -> None:
    """5,550,203 on 1 January 2024, in municipalities, counties, NUTS regions and stable units."""
    path = reference / "classifications" / "no_population_jan1_2024_2026.csv"
    people = pd.read_csv(path, dtype={"code": str, "year": str})
    people = people[people["year"] == "2024"][["code", "year", "population_jan1"]]
    assert people["population_jan1"].sum() == 5_550_203
    for target in ("NO-FYLKE:2024", STABLE):
        found = convert(people, "code", ways.find(LATEST, target), measures="population_jan1", period="year")
        assert found.frame["population_jan1"].sum() == 5_550_203


def test_the_population_is_unchanged_through_chains_of_two(reference: Path, ways: Correspondences) -> None:
    """Put back on older units, the population arrives whole by every way from 2018 to 2024, one step or several."""
    path = reference / "classifications" / "no_population_jan1_2024_2026.csv"
    people = pd.read_csv(path, dtype={"code": str}).query("year == 2024").set_index("code")["population_jan1"]
    for start, stops in {
        "NO-KOMMUNE:2018": ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", LATEST),
        "NO-KOMMUNE:2019": ("NO-KOMMUNE:2020", "NO-KOMMUNE:2022", "NO-KOMMUNE:2023", LATEST),
    }.items():
        frame = _spread_back(people, ways, start)
        for before, after in zip((start, *stops), stops, strict=False):
            found = convert(
                frame, "region", ways.find(before, after), measures="persons", period=None, allow_assumed=True
            )
            frame = found.frame[["region", "persons"]]
        assert frame["persons"].sum() == pytest.approx(5_550_203, abs=1e-6)


def _spread_back(people: pd.Series[float], ways: Correspondences, version: str) -> pd.DataFrame:
    """Give each unit of 2024 back to the first old unit that goes there: any allocation serves, the total counts."""
    units = ways.codelists.find(version).at_level("kommune")
    first: dict[str, str] = {}
    for link in ways.find(version, LATEST).links:
        first.setdefault(link.target, link.source)
    counts = dict.fromkeys(units, 0)
    for code, persons in people.items():
        counts[first[str(code)]] += int(persons)
    return pd.DataFrame({"region": list(counts), "persons": list(counts.values())})
