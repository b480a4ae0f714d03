"""Table specs: what ships, what it says, and how a user's folder changes it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from nordstat.mapping.check import Mappings, check_mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.model.table import Concept, Disclosure, TableSpec, TimeForm, Verification

SEEN = {
    "SSB": "08070 08081 08435 11610 11612 13903 08069 12315 13631 12551 12692 13215 12934 03321 11616 11618 "
    "03311 11365 11396 11607 13126 13926 06786 07984",
    "SCB": "TAB334 TAB333 TAB5850 TAB1830 AM0207PendlLanA9303 AM0207PendlLanA04 PendlingK9303 PendlingK "
    "PendlingKN TAB1828 PendlingL PendlingL9303 ArRegArbStDoN TAB3200 TAB5543 BefSyssAldKonK "
    "NattSNI07KonK NattSektAldK DagSNI07KonK RamsForvInt04N YREG56 YREG57 YREG58 YREG60 YREG14 YREG16 "
    "ArbStatusM ArbStatusKv ArbStatusAr ArbStDoNMNN ArbStDoNArNN SektorSyssM ZArbStatusM",
    "NORDIC": "COMM10 COMP53",
    "EUROSTAT": "lfst_r_lfe2ecomm",
}
"""Every table with an id in the notes on the domain, section 1."""

OWN = """
[[table]]
id = "SSB:99999"
title = "A table of one's own"
definition = "ssb-employed"
measure = "employed"
unit_measure = "PS"
status = "open"
verified = "documented"
evidence = "made for a test"
"""


@pytest.fixture(scope="module")
def shipped() -> Mappings:
    return load_mappings(layers())


@pytest.fixture
def layered(tmp_path: Path):
    """Reads the shipped folder with a table file of one's own on top."""

    def read(text: str) -> Mapping[str, TableSpec]:
        (tmp_path / "tables").mkdir(exist_ok=True)
        (tmp_path / "tables" / "own.toml").write_text(text, "utf-8")
        return load_mappings(layers([tmp_path])).tables

    return read


def test_every_table_of_the_notes_is_described(shipped: Mappings) -> None:
    """All 60 tables of SSB, SCB, the Nordic database and Eurostat that have an id are there, and no other."""
    assert set(shipped.tables) == {f"{office}:{code}" for office, codes in SEEN.items() for code in codes.split()}


def test_every_description_says_how_it_is_known(shipped: Mappings) -> None:
    """Each table carries its evidence in words."""
    assert not [table.id for table in shipped.tables.values() if len(table.evidence) < 20]


def test_a_table_nobody_has_seen_has_no_codes(shipped: Mappings) -> None:
    """An unverified table names no dimension and no contents: nothing is invented."""
    unseen = [table for table in shipped.tables.values() if table.verified is Verification.UNVERIFIED]
    assert unseen
    assert not [table.id for table in unseen if table.dimensions or table.contents]


def test_tables_told_as_recorded_are_those_with_an_answer(shipped: Mappings) -> None:
    """Four tables were read as answers or as the data of answers."""
    recorded = {table.id for table in shipped.tables.values() if table.verified is Verification.RECORDED}
    assert recorded == {"SSB:03321", "SSB:11618", "SCB:TAB3200", "SCB:TAB5543"}


def test_flows_of_norway_read_from_work_to_residence(shipped: Mappings) -> None:
    """In 03321 the first dimension is work, the second residence, and a year stands for its fourth quarter."""
    table = shipped.tables["SSB:03321"]
    concepts = [(dimension.id, dimension.concept) for dimension in table.dimensions]
    assert concepts[:2] == [("ArbstedKomm", Concept.WORK), ("Bokommuen", Concept.RESIDENCE)]
    assert table.time is TimeForm.YEAR_Q4
    assert table.disclosure is Disclosure.NONE


def test_commuters_stand_at_their_own_end(shipped: Mappings) -> None:
    """The region of 11616 is the work place of in-commuters and the home of out-commuters."""
    table = shipped.tables["SSB:11616"]
    sides = {content.measure: content.side for content in table.contents if content.measure != "employed"}
    assert sides == {"in_commuters": "work", "out_commuters": "residence"}


def test_categories_of_12315_are_definitions(shipped: Mappings) -> None:
    """Each category of 12315 is a definition with its own residence, and the total is left out with a reason."""
    table = shipped.tables["SSB:12315"]
    category = table.dimension("InnvandrKat")
    assert category is not None
    assert category.codes["49"] == "ssb-nonresident-jobs"
    assert category.left_out["95"]
    assert table.fixed_by["ssb-nonresident-jobs"]["residence_area"] == "ABROAD_NO"


def test_a_name_of_the_old_api_finds_the_table(shipped: Mappings) -> None:
    """ArRegPend2 is another name of TAB1830, with its path in v1."""
    table = shipped.tables["SCB:TAB1830"]
    assert table.aliases == ("ArRegPend2",)
    assert table.path.endswith("/AM0210F/ArRegPend2")
    assert (table.office, table.code) == ("SCB", "TAB1830")


def test_what_nobody_has_seen_is_none(shipped: Mappings) -> None:
    """Asking for a dimension, a concept or contents that are not described gives none."""
    table = shipped.tables["SSB:03321"]
    assert table.dimension("Kjonn") is None
    assert table.of_concept(Concept.SEX) is None
    assert table.content("Personer") is None
    assert table.content("Sysselsatte") is not None


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [("2008-2016", 2008, 2016), ("2000-", 2000, None), ("2021", 2021, 2021), ("", None, None)],
)
def test_years_may_be_open(layered, years: str, first: int | None, last: int | None) -> None:
    """Years are a span, a beginning, one year, or not seen."""
    table = layered(f'{OWN}years = "{years}"\n')["SSB:99999"]
    assert (table.first_year, table.last_year) == (first, last)


@pytest.mark.parametrize(("age", "low", "high"), [("15-74", 15, 74), ("16+", 16, None), ("", None, None)])
def test_ages_may_be_open(layered, age: str, low: int | None, high: int | None) -> None:
    """Ages are a span, a beginning, or not told."""
    table = layered(f'{OWN}age = "{age}"\n')["SSB:99999"]
    assert (table.age_low, table.age_high) == (low, high)


def test_contents_take_what_the_table_says(layered) -> None:
    """Contents without a measure of their own have that of the table."""
    table = layered(f'{OWN}contents.A = {{ label = "all" }}\ncontents.P = {{ measure = "population" }}\n')["SSB:99999"]
    assert [(content.measure, content.unit_measure) for content in table.contents] == [
        ("employed", "PS"),
        ("population", "PS"),
    ]


def test_a_table_is_added_on_top(layered, shipped: Mappings) -> None:
    """A user's folder adds a table and leaves the others as they are."""
    tables = layered(OWN)
    assert set(tables) - set(shipped.tables) == {"SSB:99999"}
    assert tables["SSB:03321"] == shipped.tables["SSB:03321"]


def test_a_table_is_replaced_whole(layered) -> None:
    """A user's description of a shipped table takes its place, and nothing of the old one shines through."""
    table = layered(OWN.replace("99999", "03321"))["SSB:03321"]
    assert table.title == "A table of one's own"
    assert table.dimensions == ()


def test_tables_written_inline_are_read(layered) -> None:
    """A file that writes its tables as one list is read too."""
    fields = [line for line in OWN.strip().splitlines() if "=" in line]
    assert "SSB:99999" in layered(f"table = [{{ {', '.join(fields)} }}]\n")


@pytest.mark.fault("M02")
def test_a_number_for_a_code_is_refused_with_its_line(tmp_path: Path) -> None:
    """0301 without quotes is no code: TOML refuses it, and the file is named with the line."""
    (tmp_path / "tables").mkdir()
    text = f'{OWN}dimensions.Kommune = {{ concept = "work_area", scheme = "NO-KOMMUNE", codes = {{ a = 0301 }} }}\n'
    (tmp_path / "tables" / "own.toml").write_text(text, "utf-8")
    found = check_mappings(layers([tmp_path])).found
    assert [fault.file.name for fault in found] == ["own.toml"]
    assert "line 11" in str(found[0])


def test_every_fault_of_a_table_comes_at_once(tmp_path: Path) -> None:
    """A table with three faults shows three, each at its own line."""
    (tmp_path / "tables").mkdir()
    text = OWN.replace('"ssb-employed"', '"x"').replace('"PS"', '"JOBS"') + 'breaks = ["y"]\n'
    (tmp_path / "tables" / "own.toml").write_text(text, "utf-8")
    assert [fault.line for fault in check_mappings(layers([tmp_path])).found] == [5, 11, 6]


# --- Against what was recorded ---------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_labour_market_status_is_described_as_recorded(shipped: Mappings, reference: Path) -> None:
    """Every dimension and code of the recorded answer of TAB3200 is read, or left out for a reason."""
    answer = json.loads((reference / "raw" / "scb_v2_TAB3200_employment_status_2024.json").read_text("utf-8"))
    table = shipped.tables["SCB:TAB3200"]
    assert [dimension.id for dimension in table.dimensions] == answer["id"]
    contents = set(answer["dimension"]["ContentsCode"]["category"]["index"])
    of_contents = table.of_concept(Concept.CONTENTS)
    assert of_contents is not None
    assert contents <= {content.code for content in table.contents} | set(of_contents.left_out)
    ages = {table.dimension("Alder").codes.get(age, age) for age in answer["dimension"]["Alder"]["category"]["index"]}
    assert all(re.fullmatch(r"\d\d-\d\d", age) for age in ages)


@pytest.mark.corpus
@pytest.mark.parametrize("year", ["2017", "2019", "2020", "2022"])
def test_employed_and_population_are_described_as_recorded(shipped: Mappings, reference: Path, year: str) -> None:
    """Every column, contents and code of the recorded 11618 is described."""
    with (reference / "raw" / "ssb_11618" / f"{year}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table = shipped.tables["SSB:11618"]
    assert {dimension.id for dimension in table.dimensions} == set(rows[0]) - {"value"}
    assert {row["ContentsCode"] for row in rows} == {content.code for content in table.contents}
    assert {row["Kjonn"] for row in rows} <= set(table.dimension("Kjonn").codes)


@pytest.mark.corpus
def test_flows_are_queried_by_the_dimensions_described(shipped: Mappings, reference: Path) -> None:
    """The recorded query of 03321 names dimensions that the description has, Bokommuen as it is spelt."""
    query = json.loads((reference / "recorded" / "ssb_v1" / "query_03321_v1.json").read_text("utf-8"))["query"]
    described = {dimension.id for dimension in shipped.tables["SSB:03321"].dimensions}
    assert {part["code"] for part in query} <= described


@pytest.mark.corpus
def test_paths_stand_in_the_table_tree(shipped: Mappings, reference: Path) -> None:
    """Every path of a table that the tree of 2014 has is the path there."""
    with (reference / "recorded" / "scb_v1" / "scb_v1_hierarchy_2014.csv").open(encoding="utf-8", newline="") as stream:
        tree = {
            row["id_lv4"]: f"{row['id_lv1']}/{row['id_lv2']}/{row['id_lv3']}/{row['id_lv4']}"
            for row in csv.DictReader(stream)
        }
    tables = [table for table in shipped.tables.values() if table.path and table.path.rpartition("/")[2] in tree]
    assert len(tables) == 14
    assert not [table.id for table in tables if tree[table.path.rpartition("/")[2]] != table.path]
