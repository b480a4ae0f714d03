"""The shipped lists and tables against the checked reference collection, code by code."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from math import fsum
from pathlib import Path

import pytest

from nordstat.mapping.codelist import read_codelists
from nordstat.mapping.correspondence import Correspondences, read_correspondences
from nordstat.mapping.rows import Faults

pytestmark = pytest.mark.corpus

Rows = list[dict[str, str]]

LISTS = {
    "SE-KOMMUN:2007": "se_kommuner.csv",
    "SE-LAN:2007": "se_lan.csv",
    **{f"NO-KOMMUNE:{year}": f"no_kommuner_{year}.csv" for year in (2018, 2019, 2020, 2022, 2023, 2024)},
    **{f"NO-FYLKE:{year}": f"no_fylker_{year}.csv" for year in (2018, 2020, 2024)},
    "NO-FYLKE:2019": "no_fylker_2018.csv",
    "STYRK:08": "styrk08.csv",
    "SSYK:2012": "ssyk2012.csv",
    "ISCO:08": "isco08.csv",
    "SNI:2007": "sni2007.csv",
    "SN:2007": "sn2007.csv",
    "SN:2025": "sn2025_nace21.csv",
}
OUTSIDE = {"special", "unknown"}
COUNTRIES = {"NO", "SE"}


def rows(reference: Path, name: str) -> Rows:
    with (reference / "classifications" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def shipped(mappings_folder: Path) -> Correspondences:
    faults = Faults()
    found = read_correspondences([mappings_folder], read_codelists([mappings_folder], faults), faults)
    faults.raise_if_any()
    return found


@pytest.mark.parametrize(("name", "file"), LISTS.items())
def test_a_list_has_the_codes_names_and_parents_of_the_reference(
    shipped: Correspondences, reference: Path, name: str, file: str
) -> None:
    """Codes, names and parents are those of the reference, besides the codes outside the classification."""
    ours = {code.code: (code.name, code.parent) for code in shipped.codelists.find(name) if code.level not in OUTSIDE}
    theirs = {
        row["code"]: (row["name"], "" if row["parent"] in COUNTRIES else row["parent"]) for row in rows(reference, file)
    }
    assert ours == theirs


@pytest.mark.parametrize("year", ["2017", "2018", "2019", "2020", "2022", "2023", "2024"])
def test_windows_of_municipalities_are_those_of_klass(shipped: Correspondences, reference: Path, year: str) -> None:
    """Each municipality is in force in its version as long as Klass says."""
    theirs = {
        row["code"]: (row["valid_from"], row["valid_to"])
        for row in rows(reference, "no_kommuner_versions.csv")
        if row["version"] == year
    }
    found = shipped.codelists.find(f"NO-KOMMUNE:{year}")
    ours = {code: found.codes[code] for code in found.at_level("kommune")}
    assert {code: (str(each.valid_from), str(each.valid_to or "")) for code, each in ours.items()} == theirs


@pytest.mark.parametrize("year", ["2016", "2021", "2024"])
def test_nuts_is_that_of_the_reference(shipped: Correspondences, reference: Path, year: str) -> None:
    """Codes, levels and parents of NUTS are those of the reference."""
    theirs = {
        (row["code"], row["level"], row["parent"])
        for row in rows(reference, "nuts_se_no.csv")
        if row["version"] == year
    }
    assert {(code.code, code.level, code.parent) for code in shipped.codelists.find(f"NUTS:{year}")} == theirs


def test_countries_are_those_of_the_reference_with_three_corrected(shipped: Correspondences, reference: Path) -> None:
    """The extract files three Caribbean countries under the Netherlands; they have codes of their own."""
    theirs = {row["code"]: row["iso2"] for row in rows(reference, "ssb_country_codes.csv")}
    corrected = theirs | {"658": "SX", "659": "BQ", "661": "CW"}
    assert {code for code, iso2 in theirs.items() if iso2 == "NL"} == {"127", "658", "659", "661"}
    assert {link.source: link.target for link in shipped.find("SSB-COUNTRY:2019", "ISO3166:1").links} == corrected


@pytest.mark.parametrize(
    ("source", "target"),
    [("2018", "2019"), ("2018", "2024"), ("2019", "2020"), ("2019", "2024"), ("2020", "2024")],
)
def test_municipalities_go_where_the_reference_says(
    shipped: Correspondences, reference: Path, source: str, target: str
) -> None:
    """Targets, relations and shares of each municipality are those of the reference."""
    theirs = {
        (row["source_code"], row["target_code"]): (row["relation"], float(row["weight"]))
        for row in rows(reference, f"no_kommune_crosswalk_{source}_{target}.csv")
    }
    codelist = shipped.codelists.find(f"NO-KOMMUNE:{source}")
    found = shipped.find(f"NO-KOMMUNE:{source}", f"NO-KOMMUNE:{target}")
    ours = {
        (link.source, link.target): (link.relation.value, link.weight)
        for link in found.links
        if codelist.codes[link.source].level == "kommune"
    }
    assert ours == theirs


@pytest.mark.parametrize(
    ("source", "target"),
    [("2018", "2020"), ("2018", "2024"), ("2019", "2020"), ("2019", "2024"), ("2020", "2024")],
)
def test_counties_go_where_the_reference_says(
    shipped: Correspondences, reference: Path, source: str, target: str
) -> None:
    """Targets and relations of each county are those of the reference."""
    theirs = {
        (row["source_code"], row["target_code"], row["relation"])
        for row in rows(reference, f"no_fylke_crosswalk_{source}_{target}.csv")
    }
    codelist = shipped.codelists.find(f"NO-FYLKE:{source}")
    found = shipped.find(f"NO-FYLKE:{source}", f"NO-FYLKE:{target}")
    ours = {(link.source, link.target, link.relation.value) for link in found.links}
    assert {each for each in ours if codelist.codes[each[0]].level == "fylke"} == theirs


def test_stable_units_are_those_of_the_reference(shipped: Correspondences, reference: Path) -> None:
    """Each municipality of each version lies in the stable unit of the reference."""
    theirs = {
        (row["version"], row["code"], row["stable_unit"])
        for row in rows(reference, "no_kommune_stable_units_2018_2024.csv")
    }
    ours = {
        (version, link.source, link.target)
        for version in {version for version, _, _ in theirs}
        for link in shipped.find(f"NO-KOMMUNE:{version}", "NO-STABLE:2018-2024").links
        if shipped.codelists.find(f"NO-KOMMUNE:{version}").codes[link.source].level == "kommune"
    }
    assert ours == theirs


def test_swedish_occupations_go_where_the_reference_says(shipped: Correspondences, reference: Path) -> None:
    """Pairs and relations of SSYK 2012 and ISCO-08 are those of the reference."""
    theirs = {
        (row["ssyk2012_code"], row["isco08_code"]): row["relation"] or "none"
        for row in rows(reference, "ssyk2012_isco08.csv")
    }
    ours = {(link.source, link.target): link.relation.value for link in shipped.find("SSYK:2012", "ISCO:08").links}
    assert ours == theirs


def test_nine_of_ten_swedish_occupations_keep_their_major_group(shipped: Correspondences) -> None:
    """Of 427 unit groups with a target 93 % lie in one ISCO major group, 88.5 % in that of their own first digit."""
    found = shipped.find("SSYK:2012", "ISCO:08").by_source()
    majors = {source: {link.target[0] for link in links} for source, links in found.items() if links[0].target}
    assert len(majors) == 427
    assert round(100 * sum(len(found) == 1 for found in majors.values()) / 427) == 93
    assert round(100 * sum(found == {source[0]} for source, found in majors.items()) / 427, 1) == 88.5


def test_norwegian_occupations_compare_as_the_reference_says(shipped: Correspondences, reference: Path) -> None:
    """328 unit groups have the same code and siblings, 75 the same code only; three have none."""
    statuses = defaultdict(set)
    for row in rows(reference, "styrk08_isco08_codecompare.csv"):
        statuses[row["status"]].add(row["styrk08_code"])
    relations = defaultdict(set)
    for link in shipped.find("STYRK:08", "ISCO:08").links:
        if len(link.source) == 4 and link.target != "X":
            relations[link.relation.value].add(link.source)
    assert relations["exact"] == statuses["same_code_same_siblings"]
    assert relations["partial"] == statuses["same_code_siblings_differ"]
    assert relations["none"] == statuses["styrk_only"] - {"0000"}


def test_sections_of_nace_go_where_the_reference_says(shipped: Correspondences, reference: Path) -> None:
    """The 22 pairs of sections are those of the reference."""
    theirs = {
        (row["nace2_section"], row["nace21_section"])
        for row in rows(reference, "nace2_nace21_sections_by_division_code.csv")
    }
    assert {(link.source, link.target) for link in shipped.find("NACE:2", "NACE:2.1").links} == theirs


def test_industry_groups_are_those_of_the_reference(shipped: Correspondences, reference: Path) -> None:
    """Each of SCB's groups is made of the sections and divisions of the reference."""
    found = shipped.find("SN:2007", "INDUSTRY16:1")
    level = shipped.level_of(found.source)
    for row in rows(reference, "industry_groups_scb_ssb.csv"):
        if row["code"] in {"00", "US", "A-U+US"}:
            continue
        members = {link.source for link in found.links if link.target == row["code"]}
        assert {code for code in members if level(code) == "section"} == set(row["sections"].split())
        assert {code for code in members if level(code) == "division"} == set(row["divisions_sn2007"].split())


@pytest.mark.parametrize("target", ["NO-FYLKE:2024", "NUTS:2024", "NO-STABLE:2018-2024"])
def test_the_population_of_norway_is_kept(shipped: Correspondences, reference: Path, target: str) -> None:
    """5,550,203 people of 2024 are as many after each conversion."""
    people = {
        row["code"]: int(row["population_jan1"])
        for row in rows(reference, "no_population_jan1_2024_2026.csv")
        if row["year"] == "2024"
    }
    found = shipped.find("NO-KOMMUNE:2024", target).by_source()
    assert fsum(people.values()) == 5_550_203
    assert fsum(n * (link.weight or 0) for code, n in people.items() for link in found[code]) == 5_550_203


def test_the_shares_of_alesund_come_from_the_population(shipped: Correspondences, reference: Path) -> None:
    """Ålesund and Haram have the shares their people of 2024 have."""
    people = {
        row["code"]: int(row["population_jan1"])
        for row in rows(reference, "no_population_jan1_2024_2026.csv")
        if row["year"] == "2024"
    }
    whole = people["1508"] + people["1580"]
    found = shipped.find("NO-KOMMUNE:2020", "NO-KOMMUNE:2024").by_source()["1507"]
    assert {link.target: link.weight for link in found} == {
        code: round(people[code] / whole, 6) for code in ("1508", "1580")
    }


def test_border_pairs_are_those_of_the_reference(mappings_folder: Path, reference: Path) -> None:
    """The 54 pairs are those of the reference."""
    with (mappings_folder / "groups" / "border-municipalities.csv").open(encoding="utf-8", newline="") as stream:
        ours = {(row["se_code"], row["no_code"]) for row in csv.DictReader(stream)}
    theirs = {(row["se_kommun"], row["no_kommune"]) for row in rows(reference, "border_kommune_pairs_derived.csv")}
    assert ours == theirs


@pytest.mark.parametrize(("year", "version"), [("2017", "2017"), ("2019", "2018"), ("2020", "2020"), ("2022", "2022")])
def test_a_flow_matrix_holds_the_codes_of_one_version(
    shipped: Correspondences, reference: Path, year: str, version: str
) -> None:
    """The codes of SSB 03321 are those of one version; the matrix of 2019 has Rindal in its county of 2018."""
    with gzip.open(reference / "raw" / "ssb_03321" / f"{year}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        codes = {row["ArbstedKomm"] for row in csv.DictReader(stream)}
    assert codes == set(shipped.codelists.find(f"NO-KOMMUNE:{version}").at_level("kommune"))
