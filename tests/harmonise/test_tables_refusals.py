"""What cannot be read stops by its name; nothing is dropped, guessed or taken by position."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harmonise.table_cubes import cube, observed
from nordstat.errors import MappingError, MappingErrors, OutsideValidityError, UnknownCodeError, UnknownStatusError
from nordstat.mapping.check import Mappings
from nordstat.model.table import ContentsSpec

FLOWS = {
    "ArbstedKomm": ["0301", "3001"],
    "Bokommuen": ["0301"],
    "ContentsCode": ["Sysselsatte"],
    "Tid": ["2022"],
}


@pytest.mark.fault("P01")
def test_a_new_code_stops_with_its_name(mappings: Mappings) -> None:
    """A municipality no code list has is named, with the nearest and where to describe it."""
    with pytest.raises(UnknownCodeError) as caught:
        observed(cube(FLOWS | {"ArbstedKomm": ["0301", "3099"]}), mappings.tables["SSB:03321"], mappings)

    assert caught.value.codes == ("3099",)
    assert "SSB:03321: 1 code of ArbstedKomm cannot be read as work_area in NO-KOMMUNE: '3099' (nearest:" in str(
        caught.value
    )
    assert caught.value.file.name == "ssb.toml"
    assert "dimensions.ArbstedKomm" in caught.value.hint


def test_all_that_cannot_be_read_is_told_at_once(mappings: Mappings) -> None:
    """Faults of several dimensions come together, as one group."""
    wrong = FLOWS | {"ArbstedKomm": ["9998"], "Bokommuen": ["K-0301"], "Tid": ["2022K4"]}
    with pytest.raises(MappingErrors) as caught:
        observed(cube(wrong), mappings.tables["SSB:03321"], mappings)

    assert [name in str(caught.value) for name in ("'9998'", "'K-0301'", "'2022K4'")] == [True] * 3
    assert len(caught.value.faults) == 3


@pytest.mark.fault("P03")
def test_a_renamed_dimension_is_not_taken_by_position(mappings: Mappings) -> None:
    """A dimension under another name, or in another case, is not described; both sides of it are told."""
    recased = {name.replace("Bokommuen", "bokommuen").replace("Tid", "tid"): codes for name, codes in FLOWS.items()}
    with pytest.raises(MappingErrors) as caught:
        observed(cube(recased), mappings.tables["SSB:03321"], mappings)

    said = str(caught.value)
    assert "no dimension 'bokommuen' is described; described: ArbstedKomm, Bokommuen, ContentsCode, Tid" in said
    assert "the dimension Tid (time_period) is not there" in said


@pytest.mark.fault("P07")
def test_numbers_in_codes_of_two_versions_stop(mappings: Mappings) -> None:
    """A code with a number outside the version that holds the others of its period is an error, with the period."""
    made = cube(FLOWS | {"ArbstedKomm": ["0101", "3001", "3002"], "Tid": ["2019", "2022"]}, [5, 7, 0, 6, 0, 8])
    with pytest.raises(OutsideValidityError, match=r"numbers for 2022-Q4 .* 0101 is not in NO-KOMMUNE:20"):
        observed(made, mappings.tables["SSB:03321"], mappings)


def test_contents_nobody_has_described_stop(mappings: Mappings) -> None:
    """A further contents code of a table whose contents are known is never taken for one of them."""
    commuters = {"Kommun": ["1780"], "Kon": ["1+2"], "ContentsCode": ["000000QI", "000000QK"], "Tid": ["2023"]}
    with pytest.raises(UnknownCodeError, match="'000000QK'"):
        observed(cube(commuters), mappings.tables["SCB:TAB1828"], mappings)


def test_two_contents_under_one_description_stop(mappings: Mappings) -> None:
    """Where no contents code was ever seen, the description of the table holds for one, not for two."""
    flows = {
        "Bostadskommun": ["1780"],
        "Arbetsstallekommun": ["1780"],
        "Kon": ["1"],
        "ContentsCode": ["A", "B"],
        "Tid": ["2018"],
    }
    with pytest.raises(MappingError, match="codes of ContentsCode that say the same: A"):
        observed(cube(flows), mappings.tables["SCB:TAB333"], mappings)


def test_parts_without_a_total_stop(mappings: Mappings) -> None:
    """A split nordstat has no column for is read by its total only; where that was not fetched, nothing can be."""
    parts = {
        "Region": ["00"],
        "Kon": ["1"],
        "Alder": ["15-74"],
        "Fodelseregion": ["13"],
        "ContentsCode": ["000002NT"],
        "Tid": ["2024"],
    }
    with pytest.raises(UnknownCodeError, match="1 code of Fodelseregion cannot be read as part: '13'"):
        observed(cube(parts), mappings.tables["SCB:TAB3200"], mappings)


@pytest.mark.parametrize(
    ("dimension", "code"),
    [("Kon", "9"), ("Alder", "tot"), ("Alder", "999A"), ("Region", "99"), ("Tid", "2024M01"), ("Tid", "2022-2024")],
)
def test_a_code_of_no_known_form_stops(mappings: Mappings, dimension: str, code: str) -> None:
    """A sex, an age, a region or a period that is none is named."""
    status = {
        "Region": ["00"],
        "Kon": ["1"],
        "Alder": ["15-74"],
        "Fodelseregion": ["tot"],
        "ContentsCode": ["000002NT"],
        "Tid": ["2024"],
    }
    with pytest.raises(UnknownCodeError) as caught:
        observed(cube(status | {dimension: [code]}), mappings.tables["SCB:TAB3200"], mappings)

    assert caught.value.codes == (code,)


def test_a_table_described_too_little_says_what_is_missing(mappings: Mappings) -> None:
    """An unverified table is refused with what its description lacks and how to give it."""
    with pytest.raises(MappingError) as caught:
        observed(cube(FLOWS), mappings.tables["SSB:08070"], mappings)

    assert "what a time code stands for" in str(caught.value)
    assert "It is unverified" in caught.value.hint


def test_an_area_without_a_side_is_refused(mappings: Mappings) -> None:
    """Whether an area is of residence or of work is never assumed."""
    table = mappings.tables["SCB:TAB1828"]
    table = replace(table, contents=(ContentsSpec("000000QI", "in_commuters", "PS"),))
    with pytest.raises(MappingError, match="whose place the area is"):
        observed(cube(FLOWS), table, mappings)


def test_a_symbol_without_meaning_stops(mappings: Mappings) -> None:
    """A sign the office's legend does not have is not passed over."""
    made = cube(FLOWS, [np.nan, 1], status={0: "x"})
    with pytest.raises(UnknownStatusError, match="'x'"):
        observed(made, mappings.tables["SSB:03321"], mappings)
