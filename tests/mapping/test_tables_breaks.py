"""Breaks in series: which there are, what they touch, and how a user's folder changes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from nordstat.mapping.breaks import COLUMNS, read_breaks
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers
from nordstat.mapping.rows import Faults
from nordstat.model.table import Break

YEARS = {
    "SSB": {2006, 2008, 2010, 2015, 2017, 2018, 2020, 2024},
    "SCB": {1993, 2004, 2008, 2011, 2019, 2020, 2022, 2023, 2024, 2025},
    "NORDIC": {2015, 2018},
    "ORESTAT": {2015},
}


@pytest.fixture(scope="module")
def breaks() -> Mapping[str, Break]:
    return load_mappings(layers()).breaks


def test_every_break_of_the_notes_is_there(breaks) -> None:
    """Each year the notes on the domain mark for an office has its break; 2017 begins the vintages of 12315."""
    found: dict[str, set[int]] = {}
    for item in breaks.values():
        found.setdefault(item.reporter, set()).add(item.day.year)
    assert found == YEARS


def test_the_break_of_2015_touches_all_of_ssb(breaks) -> None:
    """The a-ordningen breaks the level of non-residents and of residents alike, and nothing of SCB."""
    item = breaks["ssb-2015-a-ordningen"]
    assert item.breaks_level
    assert item.touches("SSB", "ssb-nonresident-refweek")
    assert item.touches("SSB", "ssb-employed")
    assert not item.touches("SCB", "scb-rams-employed")


def test_a_break_of_one_system_leaves_the_other(breaks) -> None:
    """Monthly employer declarations break RAMS, not BAS."""
    item = breaks["scb-2019-agi"]
    assert item.touches("SCB", "scb-rams-employed")
    assert not item.touches("SCB", "scb-bas-employed")


def test_new_codes_do_not_break_the_level(breaks) -> None:
    """Reforms of regions change codes; a national number compares across them."""
    assert not breaks["ssb-2020-regions"].breaks_level
    assert not breaks["ssb-2024-regions"].breaks_level


def test_the_end_of_the_exchange_is_no_break_but_a_gap(breaks) -> None:
    """After 2017 nothing is collected for Sweden and Norway: SDMX L."""
    assert breaks["nordic-2018-no-exchange"].kind == "L"


@pytest.mark.parametrize(
    ("earlier", "later", "separated"),
    [
        (date(2014, 10, 1), date(2015, 10, 1), True),
        (date(2014, 12, 31), date(2015, 1, 1), True),
        (date(2015, 1, 1), date(2016, 1, 1), False),
        (date(2013, 1, 1), date(2014, 12, 31), False),
    ],
)
def test_a_break_separates_what_lies_on_its_two_sides(breaks, earlier: date, later: date, separated: bool) -> None:
    """The first day after a break belongs to the new side."""
    assert breaks["ssb-2015-a-ordningen"].separates(earlier, later) is separated


def test_every_break_says_what_it_does_and_where_that_stands(breaks) -> None:
    """No break is a bare date."""
    assert not [item.id for item in breaks.values() if not (item.what and item.effect and item.source)]


def test_a_layer_adds_and_replaces_breaks(tmp_path: Path, mappings_folder: Path, breaks) -> None:
    """A user's folder adds a break, and replaces one by its id."""
    rows = (
        "own,SSB,ssb-employed;ssb-health-all,2030-01-01,B,a change,an effect,made for a test\n"
        "scb-2019-agi,SCB,,2019-01-01,D,another view,an effect,made for a test\n"
    )
    (tmp_path / "breaks.csv").write_text(",".join(COLUMNS) + "\n" + rows, "utf-8")
    known = ("ssb-employed", "ssb-health-all")
    faults = Faults()
    layered = read_breaks([mappings_folder, tmp_path], {*known, *_named(breaks)}, faults)
    assert not faults.found
    assert layered["own"].definitions == known
    assert layered["scb-2019-agi"].what == "another view"
    assert len(layered) == len(breaks) + 1


def _named(breaks: Mapping[str, Break]) -> set[str]:
    return {definition for item in breaks.values() for definition in item.definitions}
