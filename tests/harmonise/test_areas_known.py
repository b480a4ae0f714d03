"""Known answers of the Norwegian reforms, through the repository's own correspondences."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from harmonise.ways import cells, statuses
from nordstat.errors import AmbiguousCorrespondenceError
from nordstat.harmonise.areas import convert, silent_breaks
from nordstat.harmonise.codes import detect_version
from nordstat.harmonise.stable import stable_units
from nordstat.mapping.codelist import Codelists
from nordstat.mapping.correspondence import Correspondences
from nordstat.model.codelist import Correspondence, SchemeVersion

LATEST = "NO-KOMMUNE:2024"


def ones(ways: Correspondences, source: str, level: str = "kommune") -> pd.DataFrame:
    """One person in every unit of a version, so that no target lacks a part."""
    codes = ways.codelists.find(source).at_level(level)
    return pd.DataFrame({"region": pd.Categorical(codes), "persons": 1})


@pytest.mark.parametrize(
    ("source", "code", "targets", "status"),
    [
        ("2019", "0101", {"3101"}, "exact"),  # Halden
        ("2020", "3001", {"3101"}, "exact"),
        ("2019", "0104", {"3103"}, "aggregated"),  # Moss, with Rygge
        ("2018", "1567", {"5061"}, "exact"),  # Rindal, to another fylke
        ("2019", "1534", {"1580"}, "exact"),  # Haram, parted again
        ("2019", "1103", {"1103"}, "aggregated"),  # Stavanger grew
        ("2019", "0121", {"3226"}, "aggregated"),  # Rømskog, with Aurskog-Høland
        ("2020", "1507", {"1508", "1580"}, "estimated"),  # Ålesund parted
        ("2019", "1850", {"1806", "1875"}, "estimated_assumed"),  # Tysfjord divided
    ],
)
def test_where_a_municipality_goes(
    ways: Correspondences, source: str, code: str, targets: set[str], status: str
) -> None:
    """Each unit arrives where the law put it, with the status its link deserves."""
    version = f"NO-KOMMUNE:{source}"
    frame = ones(ways, version).assign(persons=lambda frame: (frame["region"] == code).astype(int))
    found = convert(frame, "region", ways.find(version, LATEST), measures="persons", period=None, allow_assumed=True)
    reached = {region for region, persons in cells(found.frame).items() if persons}
    assert reached == targets
    assert {statuses(found.frame)[region] for region in targets} == {status}


def test_aalesund_is_shared_out_by_population(ways: Correspondences) -> None:
    """1507 gives 86.2125 per cent to 1508 and 13.7875 per cent to 1580, the population of 2024."""
    frame = pd.DataFrame({"region": ["1507"], "persons": [67_866]})
    found = convert(frame, "region", ways.find("NO-KOMMUNE:2020", LATEST), measures="persons", period=None).frame
    assert cells(found) == {"1508": pytest.approx(58_509, abs=0.5), "1580": pytest.approx(9_357, abs=0.5)}


def test_a_chain_loses_what_the_direct_table_knows(ways: Correspondences) -> None:
    """Haram of 2019 is Haram of 2024; through 2020 only 13.7875 per cent of it would arrive there."""
    frame = pd.DataFrame({"region": ["1534"], "persons": [9_000]})
    chain = ways.compose(ways.find("NO-KOMMUNE:2019", "NO-KOMMUNE:2020"), ways.find("NO-KOMMUNE:2020", LATEST))
    direct = ways.find("NO-KOMMUNE:2019", LATEST)
    options = {"measures": "persons", "period": None, "absent": "zero"}
    assert cells(convert(frame, "region", direct, **options).frame) == {"1580": 9_000}
    through = convert(frame, "region", chain, **options)
    assert cells(through.frame)["1580"] == pytest.approx(9_000 * 0.137875)
    assert through.via == (SchemeVersion("NO-KOMMUNE", "2020"),)


def test_tysfjord_and_snillfjord_are_refused_by_default(ways: Correspondences) -> None:
    """The two units whose weights nobody has measured are named, and no others."""
    with pytest.raises(AmbiguousCorrespondenceError) as caught:
        convert(
            ones(ways, "NO-KOMMUNE:2019"),
            "region",
            ways.find("NO-KOMMUNE:2019", LATEST),
            measures="persons",
            period=None,
        )
    assert "1850 (1806 0.5, 1875 0.5), 5012 (5055 0.35, 5056 0.35, 5059 0.3)" in str(caught.value)
    assert "more" not in caught.value.what


def test_viken_is_parted_into_three_that_sum_to_one(ways: Correspondences) -> None:
    """Fylke 30 goes to 31, 32 and 33, and nobody is lost."""
    frame = pd.DataFrame({"region": ["30"], "persons": [1_000_000]})
    way = ways.find("NO-FYLKE:2020", "NO-FYLKE:2024")
    found = cells(convert(frame, "region", way, measures="persons", period=None).frame)
    assert set(found) == {"31", "32", "33"}
    assert sum(found.values()) == pytest.approx(1_000_000)


def test_a_county_of_2019_is_not_shared_out_but_built_from_municipalities(ways: Correspondences) -> None:
    """Østfold lost Rømskog to Akershus: no weight is known for counties, so counts are refused."""
    frame = pd.DataFrame({"region": ["01"], "persons": [300_000]})
    with pytest.raises(AmbiguousCorrespondenceError, match="nobody knows the shares of 01"):
        convert(frame, "region", ways.find("NO-FYLKE:2019", "NO-FYLKE:2024"), measures="persons", period=None)


def test_heby_moves_to_another_county(ways: Correspondences) -> None:
    """Kommun 1917 is 0331 from 2007."""
    frame = pd.DataFrame({"region": ["1917"], "persons": [13_000]})
    way = ways.find("SE-KOMMUN:2003", "SE-KOMMUN:2007")
    assert cells(convert(frame, "region", way, measures="persons", period=None).frame) == {"0331": 13_000}


def test_the_population_is_the_same_through_every_way(ways: Correspondences) -> None:
    """Every way between areas keeps a count of one in each unit, where its shares are known."""
    kept = 0
    for source, target in ways.tables:
        if source.scheme not in {"NO-KOMMUNE", "NO-FYLKE", "SE-KOMMUN", "SE-LAN"}:
            continue
        way = ways.tables[source, target]
        if any(link.weight is None for link in way.links):
            continue
        frame = pd.DataFrame({"region": sorted({link.source for link in way.links}), "persons": 1})
        found = convert(
            frame, "region", way, measures="persons", period=None, allow_assumed=True, on_unmapped="keep"
        ).balance
        (row,) = found
        assert row.total_in == len(frame)
        assert row.total_out + row.unmapped == pytest.approx(len(frame))
        kept += 1
    assert kept > 30


@pytest.mark.fault("P07")
def test_only_stavanger_and_trondheim_break_silently(ways: Correspondences) -> None:
    """Between 2018 and 2024 no other municipality keeps its code and changes its territory."""
    assert silent_breaks(ways.find("NO-KOMMUNE:2019", LATEST)) == ("1103", "5001")
    versions = [f"NO-KOMMUNE:{version}" for version in ways.codelists.versions("NO-KOMMUNE")]
    found = [silent_breaks(ways.find(before, after)) for before, after in pairwise(versions)]
    assert dict(zip(pairwise(versions), found, strict=True)) == {
        pair: ("1103", "5001") if pair[0].endswith("2019") else () for pair in pairwise(versions)
    }


def test_the_codes_tell_the_version(codelists: Codelists) -> None:
    """Each set of codes names its own version, and those that share it."""
    lists = codelists.lists.values()
    found = {
        version: [str(held) for held in detect_version(_municipalities(codelists, version), lists, "NO-KOMMUNE")]
        for version in codelists.versions("NO-KOMMUNE")
    }
    same = ["NO-KOMMUNE:2020", "NO-KOMMUNE:2022", "NO-KOMMUNE:2023"]
    assert found == {
        "2017": ["NO-KOMMUNE:2017"],
        "2018": ["NO-KOMMUNE:2018"],
        "2019": ["NO-KOMMUNE:2019"],
        "2020": same,
        "2022": same,
        "2023": same,
        "2024": ["NO-KOMMUNE:2024"],
    }


class TestStableUnits:
    """Units that no change from 2018 to 2024 divides."""

    NAME = SchemeVersion("NO-STABLE", "2018-2024")

    def test_they_are_the_units_that_ship(self, ways: Correspondences) -> None:
        """Computed from the changes, they are those in the mappings, code by code and version by version."""
        for found in self.computed(ways):
            shipped = ways.tables[found.source, self.NAME]
            assert self.municipal(found, ways) == self.municipal(shipped, ways), found.source

    def test_there_are_353(self, ways: Correspondences) -> None:
        """353 units, three of them of more than one municipality of 2024."""
        latest = self.computed(ways)[-1]
        units = {unit for _, unit, _ in self.municipal(latest, ways)}
        assert len(units) == 353
        assert {unit for unit in units if "+" in unit} == {"NOU-1508+1580", "NOU-1806+1875", "NOU-5055+5056+5059"}

    def test_no_count_is_shared_out(self, ways: Correspondences) -> None:
        """Every code goes whole, so that nothing is estimated."""
        assert {link.weight for way in self.computed(ways) for link in way.links} == {1.0}

    def computed(self, ways: Correspondences) -> tuple[Correspondence, ...]:
        changes = [
            way
            for (source, target), way in ways.tables.items()
            if source.scheme == target.scheme == "NO-KOMMUNE" and source.version >= "2018"
        ]
        return stable_units(changes, self.NAME, prefix="NOU-")

    def municipal(self, way: Correspondence, ways: Correspondences) -> set[tuple[str, str, str]]:
        wanted = set(ways.codelists.find(way.source).at_level("kommune"))
        return {(link.source, link.target, str(link.relation)) for link in way.links if link.source in wanted}


def _municipalities(codelists: Codelists, version: str) -> tuple[str, ...]:
    return codelists.find(f"NO-KOMMUNE:{version}").at_level("kommune")
