"""The transcribed official tables: shape, citations, and one row a number."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from nordstat.mapping.figures import ABOUT

COUNTS = {
    "scb-commuter-shares-counties-2023": 42,
    "scb-commuter-shares-dalarna-2023": 30,
    "scb-commuters-dalarna-2023": 30,
    "scb-flows-norrbotten-2024": 280,
    "scb-flows-varmland-women-2020-2022": 144,
    "ssb-11616-sample-2023q4": 32,
    "ssb-11616-vestfold-telemark-2021": 92,
    "ssb-12315-vintages": 375,
    "ssb-employed-county-of-work-2013-2014": 40,
    "ssb-health-background-2010-2011": 66,
    "ssb-health-nonresident-2000-2001": 231,
    "ssb-kortsys-2011q4": 211,
    "ssb-nonresident-background-2007-2016": 50,
    "ssb-nonresident-industry-2013-2014": 34,
}
KEY = (
    "definition",
    "measure",
    "time_period",
    "residence_area",
    "work_area",
    "sex",
    "industry",
    "occupation",
    "background",
)


@pytest.mark.parametrize(("stem", "numbers"), COUNTS.items())
def test_a_table_is_there_with_all_its_numbers(transcribed, stem: str, numbers: int) -> None:
    """Each of the fourteen tables has its number of rows, 1,657 in all."""
    assert len(transcribed(stem)) == numbers


@pytest.mark.parametrize("stem", COUNTS)
def test_a_table_has_the_columns_of_figures_and_plain_line_ends(mappings_folder: Path, stem: str) -> None:
    """Each file is UTF-8 without a mark, with LF, and has the figure columns in their order."""
    raw = (mappings_folder / "figures" / "tables" / f"{stem}.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.split(b"\n", 1)[0].decode("ascii") == ",".join(ABOUT)


@pytest.mark.parametrize("stem", COUNTS)
def test_a_table_has_one_row_for_a_number(transcribed, stem: str) -> None:
    """No two rows of a table are about the same thing in the same vintage."""
    keys = Counter(tuple(row[column] for column in (*KEY, "base", "vintage")) for row in transcribed(stem))
    assert not [key for key, times in keys.items() if times > 1]


@pytest.mark.parametrize("stem", COUNTS)
def test_every_number_is_cited(transcribed, stem: str) -> None:
    """Every row says who published it, under which title, where, and how it was read."""
    cited = ("publisher", "source_title", "source_url", "retrieved_from", "population")
    assert not [row for row in transcribed(stem) if not all(row[column] for column in cited)]


@pytest.mark.parametrize("stem", COUNTS)
def test_a_total_has_no_words_of_a_part(transcribed, stem: str) -> None:
    """Where a breakdown is the total, no words name a part of it."""
    for column in ("industry", "occupation", "background"):
        assert not [row for row in transcribed(stem) if row[column] == "_T" and row[f"{column}_label"]]


@pytest.mark.parametrize("stem", COUNTS)
def test_commuters_stand_at_their_own_end(transcribed, stem: str) -> None:
    """In-commuters are counted where they work, out-commuters where they live; shares likewise."""
    for row in transcribed(stem):
        way = row["base"].removeprefix("numerator=").partition(";")[0] or row["measure"]
        if way == "in_commuters":
            assert (row["residence_area"], row["residence_scheme"]) == ("_T", ""), row
        if way == "out_commuters":
            assert (row["work_area"], row["work_scheme"]) == ("_T", ""), row


@pytest.mark.parametrize(
    ("definition", "residence"),
    [
        ("ssb-nonresident-refweek", "AREA:1 ABROAD_NO"),
        ("ssb-nonresident-jobs", "AREA:1 ABROAD_NO"),
        ("ssb-health-nonresident", "AREA:1 ABROAD_NO"),
        ("ssb-health-nonresident-norwegian", "AREA:1 ABROAD_NO"),
        ("ssb-health-all", " _T"),
        ("ssb-jobs-immigrant", "ISO3166:1 NO"),
        ("ssb-jobs-other-resident", "ISO3166:1 NO"),
    ],
)
def test_a_count_by_resident_status_is_of_people_working_in_norway(
    transcribed, definition: str, residence: str
) -> None:
    """Resident status says where they live, as far as known; all work in Norway or in one of its counties."""
    rows = [row for stem in COUNTS for row in transcribed(stem) if row["definition"] == definition]
    assert {f"{row['residence_scheme']} {row['residence_area']}" for row in rows} == {residence}
    assert {"ISO3166:1 NO"} <= {f"{row['work_scheme']} {row['work_area']}" for row in rows}
    assert {row["work_scheme"] for row in rows if row["work_area"] != "NO"} <= {"NO-FYLKE:2017"}


def test_the_same_words_have_the_same_code_everywhere(transcribed) -> None:
    """A printed background, industry or education has one code in all tables."""
    for column in ("background", "industry", "occupation"):
        codes: dict[str, set[str]] = {}
        for row in (row for stem in COUNTS for row in transcribed(stem) if row[f"{column}_label"]):
            codes.setdefault(row[f"{column}_label"], set()).add(row[column])
        assert not {label: found for label, found in codes.items() if len(found) > 1}, column


SHORT = {"vg.": "videregående", "helseutd.": "helseutdanning", "univ.": "universitet", "Øvrig": "Annen"}


def _full(words: str) -> str:
    return " ".join(SHORT.get(word, word) for word in words.split())


def test_a_code_has_the_name_that_is_printed(transcribed, mappings_folder: Path) -> None:
    """Every area, industry, background and education stands under the code whose name the table prints."""
    names: dict[tuple[str, str], str] = {}
    for path in (mappings_folder / "codelists").glob("*/*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            names |= {(f"{path.parent.name}:{path.stem}", row["code"]): row["name"] for row in csv.DictReader(stream)}
    for row in (row for stem in COUNTS for row in transcribed(stem)):
        for end in ("residence", "work"):
            if row[f"{end}_label"] not in {"", "Hele landet"}:
                assert row[f"{end}_label"] == names[row[f"{end}_scheme"], row[f"{end}_area"]], row
        for column, scheme in (
            ("industry", "SSB-INDUSTRY:1"),
            ("occupation", "HEALTH-EDUCATION:1"),
            ("background", "BACKGROUND:1"),
        ):
            code = row[column].partition(":")[2]
            if row[f"{column}_label"] not in {"", "Danmark", "Finland"}:
                assert _full(row[f"{column}_label"]) == _full(names[scheme, code]), row
