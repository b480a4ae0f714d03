"""SCB tables, against the files they were read from, and what disclosure control does to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("stem", "name", "sexes"),
    [
        ("scb-flows-norrbotten-2024", "scb_ArRegPend2_2024_norrbotten.csv", {"totalt": "T", "män": "M"}),
        ("scb-flows-varmland-women-2020-2022", "scb_pendling_varmland_kvinnor_2020_2022.csv", {"kvinnor": "F"}),
    ],
)
def test_the_flows_are_the_raw_ones(transcribed, raw, stem: str, name: str, sexes: dict[str, str]) -> None:
    """Each number, and each blank, stands under its year, sex, municipality of residence and municipality of work."""
    theirs = {
        (row["ar"], sexes[row["kon"]], row["bostadskommun"], row["arbetsstallekommun"]): row["antal"]
        for row in raw(name)
    }
    mine = {
        (r["time_period"], r["sex"], r["residence_area"], r["work_area"]): r["obs_value"] for r in transcribed(stem)
    }
    assert mine == theirs


def test_rams_shows_ones_and_bas_does_not(transcribed) -> None:
    """The women of Värmland have flows of one and two in RAMS 2020, and none in BAS 2022."""
    rows = transcribed("scb-flows-varmland-women-2020-2022")
    small = {row["definition"] for row in rows if row["obs_value"] in {"1", "2"}}
    assert small == {"scb-rams-employed"}


def test_blanks_on_the_page_are_no_zeros(transcribed) -> None:
    """Twelve blanks of 2020 and seventeen of 2022 stay blanks."""
    rows = transcribed("scb-flows-varmland-women-2020-2022")
    assert Counter(row["time_period"] for row in rows if row["obs_status_source"] == "blank") == {
        "2020": 12,
        "2022": 17,
    }
    assert not [row for row in rows if row["obs_value"] == "0"]


def test_norrbotten_has_printed_zeros_and_no_one_or_two(transcribed) -> None:
    """BAS prints 0 where nobody or too few commute; one and two never show."""
    values = Counter(row["obs_value"] for row in transcribed("scb-flows-norrbotten-2024"))
    assert values["0"] == 53
    assert not {"1", "2"} & set(values)


@pytest.mark.corpus
def test_the_commuters_of_dalarna_are_the_raw_ones(transcribed, raw) -> None:
    """Each number of in- and out-commuters stands under its municipality."""
    names = {"Inpendlare över kommungräns": "in_commuters", "Utpendlare över kommungräns": "out_commuters"}
    theirs = {
        (row["regionkod"], names[row["variabel"]]): row["varde"]
        for row in raw("scb_pendling_over_kommungrans_dalarna_2023_antal.csv")
    }
    assert {
        (_place(row), row["measure"]): row["obs_value"] for row in transcribed("scb-commuters-dalarna-2023")
    } == theirs


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("scb-commuter-shares-dalarna-2023", "scb_pendling_over_kommungrans_dalarna_2023_andel.csv"),
        ("scb-commuter-shares-counties-2023", "scb_pendling_over_lansgrans_2023_andel.csv"),
    ],
)
def test_the_shares_are_the_raw_ones(transcribed, raw, stem: str, name: str) -> None:
    """Each share stands under its area and direction, with every decimal of the source."""
    names = {"Andel inpendling": "in_commuters", "Andel utpendling": "out_commuters"}
    theirs = {(row["regionkod"], names[row["variabel"]]): row["andel"] for row in raw(name)}
    assert {(_place(row), _numerator(row)): row["obs_value"] for row in transcribed(stem)} == theirs


def _place(row: Mapping[str, str]) -> str:
    return row["residence_area"] if row["work_area"] == "_T" else row["work_area"]


def _numerator(row: Mapping[str, str]) -> str:
    return row["base"].removeprefix("numerator=").removesuffix(";measure=employed")


def test_numbers_and_shares_of_dalarna_imply_whole_people(transcribed) -> None:
    """A number over its share is a whole number of employed, and those who stay are the same at both ends."""
    counts = {(_place(row), row["measure"]): int(row["obs_value"]) for row in transcribed("scb-commuters-dalarna-2023")}
    employed = {
        (place, way): counts[place, way] / float(row["obs_value"]) * 100
        for row in transcribed("scb-commuter-shares-dalarna-2023")
        for place, way in [(_place(row), _numerator(row))]
    }
    assert all(abs(number - round(number)) < 1e-6 for number in employed.values())
    for place in {place for place, _ in counts}:
        home = employed[place, "out_commuters"] - counts[place, "out_commuters"]
        work = employed[place, "in_commuters"] - counts[place, "in_commuters"]
        assert round(home) == round(work), place


def test_the_shares_over_the_county_border_cover_every_county(transcribed, mappings_folder: Path) -> None:
    """Both directions are given for all 21 counties."""
    lines = (mappings_folder / "codelists" / "SE-LAN" / "2007.csv").read_text("utf-8").splitlines()
    counties = {line.split(",")[0] for line in lines[1:]}
    ways = Counter(_place(row) for row in transcribed("scb-commuter-shares-counties-2023"))
    assert ways == dict.fromkeys(counties, 2)
