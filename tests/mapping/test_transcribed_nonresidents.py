"""SSB tables of people not registered in Norway, against the files they were read from, and their traps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

Rows = list[dict[str, str]]
BACKGROUNDS = ("Norge", "Norden ellers", "Vest-Europa ellers", "EU-land i Øst-Europa", "Andre land")


def _number(rows: Iterable[Mapping[str, str]], **where: str) -> float:
    """The one number under a key."""
    (row,) = (row for row in rows if all(row[column] == value for column, value in where.items()))
    return float(row["obs_value"])


@pytest.mark.corpus
def test_the_backgrounds_2007_2016_are_the_raw_ones(transcribed, raw) -> None:
    """Each number by country background stands under its year and its printed background."""
    mine = Counter(
        (r["time_period"][:4], r["background_label"] or "Alle land", r["obs_value"]) for r in _backgrounds(transcribed)
    )
    theirs = raw("ssb_nonresident_q4_by_background_2007_2016.csv")
    assert mine == Counter((r["aar_4kv"], r["landbakgrunn"].removeprefix("herav "), r["antall"]) for r in theirs)


def _backgrounds(transcribed) -> Rows:
    return transcribed("ssb-nonresident-background-2007-2016")


@pytest.mark.corpus
def test_the_backgrounds_cite_the_addresses_of_the_raw_file(transcribed, raw) -> None:
    """Every release of the raw file is cited by its address, or by a longer one of the same page."""
    mine = {row["source_url"] for row in _backgrounds(transcribed)}
    theirs = {row["kilde"] for row in raw("ssb_nonresident_q4_by_background_2007_2016.csv")}
    assert not [url for url in theirs if url.startswith("http") and not any(own.startswith(url) for own in mine)]


@pytest.mark.parametrize("year", ["2011", "2012", "2013", "2015"])
def test_the_backgrounds_of_a_full_year_add_up(transcribed, year: str) -> None:
    """The groups of 2011, 2012, 2013 and 2015 add to all countries; Poland and Lithuania are inside theirs."""
    rows = [row for row in _backgrounds(transcribed) if row["time_period"] == f"{year}-Q4"]
    inside = {"_T", "ISO3166:PL", "ISO3166:LT"}
    groups = sum(int(row["obs_value"]) for row in rows if row["background"] not in inside)
    assert groups == _number(rows, background="_T")


@pytest.mark.corpus
def test_the_county_table_of_2011_is_the_raw_one(transcribed, raw) -> None:
    """Each printed cell of the county table stands under its county and column; cells cut off are no rows."""
    columns = {
        "sysselsatte_registrert_bosatt": ("ssb-employed", "_T"),
        "ikke_bosatt_i_alt": ("ssb-nonresident-refweek", "_T"),
        "bakgr_norge": ("ssb-nonresident-refweek", "ISO3166:NO"),
        "bakgr_norden_ellers": ("ssb-nonresident-refweek", "AREA:NORDIC_X_NO"),
        "bakgr_vesteuropa_ellers": ("ssb-nonresident-refweek", "BACKGROUND:WEST_EUROPE_OTHER"),
        "bakgr_eu_ost": ("ssb-nonresident-refweek", "AREA:EU_EAST"),
        "herav_polen": ("ssb-nonresident-refweek", "ISO3166:PL"),
        "herav_litauen": ("ssb-nonresident-refweek", "ISO3166:LT"),
        "bakgr_andre": ("ssb-nonresident-refweek", "BACKGROUND:OTHER"),
    }
    theirs = {
        (row["fylke_arbeidssted"].replace("00", "NO"), *key): row[column]
        for row in raw("ssb_kortsys_2011Q4_county_by_background.csv")
        for column, key in columns.items()
        if row[column]
    }
    mine = {
        (r["work_area"], r["definition"], r["background"]): r["obs_value"] for r in transcribed("ssb-kortsys-2011q4")
    }
    assert mine == theirs


def _counties(transcribed, definition: str, background: str = "_T") -> float:
    rows = transcribed("ssb-kortsys-2011q4")
    wanted = [
        r for r in rows if (r["definition"], r["background"]) == (definition, background) and r["work_area"] != "NO"
    ]
    return sum(float(row["obs_value"]) for row in wanted)


def test_the_counties_of_2011_miss_part_of_the_country(transcribed) -> None:
    """The counties printed add to 68,701 of the 70,998 non-residents: what follows county 26 is cut off."""
    assert _counties(transcribed, "ssb-nonresident-refweek") == 68_701
    rows = transcribed("ssb-kortsys-2011q4")
    assert _number(rows, work_area="NO", definition="ssb-nonresident-refweek", background="_T") == 70_998


def test_county_26_of_2011_keeps_what_is_printed(transcribed) -> None:
    """The row of the sea holds four numbers, and says that the rest is cut off."""
    rows = [row for row in transcribed("ssb-kortsys-2011q4") if row["work_area"] == "26"]
    assert [row["obs_value"] for row in rows] == ["0", "3923", "401", "1436"]
    assert all("cut" in row["note"] for row in rows)


def test_the_backgrounds_of_a_county_add_up(transcribed) -> None:
    """In each row that is printed whole, the five groups add to all non-residents of the county."""
    rows = [row for row in transcribed("ssb-kortsys-2011q4") if row["definition"] == "ssb-nonresident-refweek"]
    for area in {row["work_area"] for row in rows} - {"26"}:
        own = [row for row in rows if row["work_area"] == area]
        groups = sum(int(row["obs_value"]) for row in own if row["background_label"] in BACKGROUNDS)
        assert groups == _number(own, background="_T"), area


def test_the_employed_of_2011_add_exactly(transcribed) -> None:
    """Employed residents by county add to the round 2,562,000: before 2015 the total was set to the survey's."""
    assert _counties(transcribed, "ssb-employed") == 2_562_000


def test_the_county_table_of_2011_shows_ones_and_twos(transcribed) -> None:
    """The page of 2012 is from before ones and twos were replaced by 0 or 3: its small numbers are exact."""
    assert {"1", "2"} <= {row["obs_value"] for row in transcribed("ssb-kortsys-2011q4")}


def test_the_county_table_of_2011_agrees_with_the_backgrounds(transcribed) -> None:
    """The national row is the same publication as the backgrounds of 2011, with the same numbers."""
    national = {
        r["background"]: r["obs_value"]
        for r in transcribed("ssb-kortsys-2011q4")
        if r["work_area"] == "NO" and r["measure"] == "persons"
    }
    assert national == {
        r["background"]: r["obs_value"] for r in _backgrounds(transcribed) if r["time_period"] == "2011-Q4"
    }


@pytest.mark.corpus
def test_the_industries_are_the_raw_ones(transcribed, raw) -> None:
    """Each number stands under its year and its group of industries."""
    theirs = Counter(
        (year, row["naring_kode_tilordnet"].replace("alle", "_T").replace(" utenom ", "X"), row[year])
        for row in raw("ssb_nonresident_industry_2013_2014Q4.csv")
        for year in ("2013", "2014")
    )
    rows = transcribed("ssb-nonresident-industry-2013-2014")
    mine = Counter((r["time_period"][:4], r["industry"].removeprefix("SSB-INDUSTRY:"), r["obs_value"]) for r in rows)
    assert mine == theirs


@pytest.mark.parametrize("year", ["2013", "2014"])
def test_the_industries_add_to_the_non_residents_of_the_year(transcribed, year: str) -> None:
    """The groups of industries add to their total, which is that of the table by background."""
    rows = [row for row in transcribed("ssb-nonresident-industry-2013-2014") if row["time_period"] == f"{year}-Q4"]
    total = _number(rows, industry="_T")
    assert sum(int(row["obs_value"]) for row in rows if row["industry"] != "_T") == total
    assert _number(_backgrounds(transcribed), time_period=f"{year}-Q4", background="_T") == total


CITIZENS = {
    "ikke_bosatt_i_alt": "_T",
    "danmark": "ISO3166:DK",
    "finland": "ISO3166:FI",
    "sverige": "ISO3166:SE",
    "resten_av_europa": "BACKGROUND:REST_OF_EUROPE",
    "annet": "BACKGROUND:OUTSIDE_EUROPE",
    "uoppgitt": "BACKGROUND:NOT_STATED",
}


@pytest.mark.corpus
def test_the_health_personnel_of_2000_and_2001_are_the_raw_ones(transcribed, raw) -> None:
    """Each number, and each sign for none, stands under its day, education and citizenship."""
    theirs = {
        (row["dato"], row["fagutdanning"].replace("I alt", ""), code): row[column]
        for row in raw("ssb_healthpersonnel_nonresident_by_education_2000_2001.csv")
        for column, code in CITIZENS.items()
    }
    rows = transcribed("ssb-health-nonresident-2000-2001")
    assert {
        (r["time_period"], r["occupation_label"], r["background"]): r["obs_value"] or r["obs_status_source"]
        for r in rows
    } == theirs


def test_the_signs_for_none_are_no_numbers(transcribed) -> None:
    """A printed - stays a sign with no number beside it, for the legend to read as zero."""
    signs = [row for row in transcribed("ssb-health-nonresident-2000-2001") if row["obs_status_source"]]
    assert {(row["obs_status_source"], row["obs_value"]) for row in signs} == {("-", "")}
    assert len(signs) == 108


def test_a_person_from_finland_has_no_education_in_2001(transcribed) -> None:
    """The educations of 2001 add to 762 of 763 and 84 of 85 Finnish citizens: one line was not printed."""
    rows = [row for row in transcribed("ssb-health-nonresident-2000-2001") if row["time_period"] == "2001-10-01"]
    short = {}
    for code in CITIZENS.values():
        own = [row for row in rows if row["background"] == code]
        parts = sum(int(row["obs_value"] or 0) for row in own if row["occupation"] != "_T")
        short[code] = _number(own, occupation="_T") - parts
    assert {code: by for code, by in short.items() if by} == {"_T": 1, "ISO3166:FI": 1}


@pytest.mark.corpus
def test_the_health_personnel_of_2010_and_2011_are_the_raw_ones(transcribed, raw) -> None:
    """Each number stands under its year, education and column; the Norwegian column holds non-residents only."""
    columns = {
        "i_alt": ("ssb-health-all", "_T", "_T"),
        "bakgr_norge_(ikke_bosatte)": ("ssb-health-nonresident-norwegian", "ABROAD_NO", "ISO3166:NO"),
        "bakgr_sverige": ("ssb-health-all", "_T", "ISO3166:SE"),
    }
    theirs = {
        (row["aar_4kv"], row["utdanning"].replace("I alt", ""), *key): row[column]
        for row in raw("ssb_healthpersonnel_immigrants_and_nonresidents_2010_2011.csv")
        for column, key in columns.items()
    }
    mine = {
        (r["time_period"][:4], r["occupation_label"], r["definition"], r["residence_area"], r["background"]): r[
            "obs_value"
        ]
        for r in transcribed("ssb-health-background-2010-2011")
    }
    assert mine == theirs
