"""Code lists: read as they are, refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nordstat.errors import UnknownCodeError
from nordstat.mapping.codelist import Codelists, find_code, read_codelist, read_codelists
from nordstat.mapping.rows import Faults
from nordstat.model.codelist import SchemeVersion

HERE = Path(__file__).parent
SOUND = HERE / "sound"
OLD = SchemeVersion("OLD", "1")

BROKEN = {
    "code_twice": ("OLD/1.csv", 4, "'0101' stands in line 2 already"),
    "no_name": ("OLD/1.csv", 3, "name is empty"),
    "no_source": ("OLD/1.csv", 3, "source is empty"),
    "blank_in_code": ("OLD/1.csv", 3, "begins or ends with a blank"),
    "window_backwards": ("OLD/1.csv", 3, "ends on 2001-01-01, before it begins on 2002-01-01"),
    "no_date": ("OLD/1.csv", 3, "valid_from"),
    "circle": ("OLD/1.csv", 3, "its own ancestor"),
    "wrong_place": ("OLD-1.csv", 0, "not a place for a code list"),
    "no_version": ("OLD/latest.csv", 0, "not a place for a code list"),
    "missing_column": ("OLD/1.csv", 1, "missing column: 'parent'"),
    "empty": ("OLD/1.csv", 0, "the file is empty"),
}


def read(*folders: Path) -> tuple[Codelists, Faults]:
    faults = Faults()
    return read_codelists(folders, faults), faults


@pytest.fixture(scope="module")
def shipped(mappings_folder: Path) -> Codelists:
    found, faults = read(mappings_folder)
    faults.raise_if_any()
    return found


@pytest.mark.fault("M10")
@pytest.mark.parametrize(("rule", "file", "line", "words"), [(rule, *place) for rule, place in BROKEN.items()])
def test_a_broken_list_is_refused(rule: str, file: str, line: int, words: str) -> None:
    """Each fault of a code list is found, with its file and line."""
    _, faults = read(HERE / "broken_codelists" / rule)
    first = faults.found[0]
    assert (first.file, first.line) == (HERE / "broken_codelists" / rule / "codelists" / file, line)
    assert words in first.what


@pytest.mark.fault("M08")
def test_windows_of_one_code_may_not_overlap() -> None:
    """A code that two versions claim for the same day is refused, and the other place is named."""
    _, faults = read(HERE / "broken_codelists" / "windows_overlap")
    (fault,) = faults.found
    assert "'0101' is in force in OLD:2 and in OLD:1 on the same days" in fault.what
    assert "OLD/1.csv:2" in fault.hint.replace("\\", "/")


@pytest.mark.fault("M07")
def test_a_lost_zero_is_seen_by_the_length_of_the_code() -> None:
    """A spreadsheet's 103 among four-digit codes is refused, and 0103 is offered."""
    _, faults = read(HERE / "broken_codelists" / "lost_zero")
    (fault,) = faults.found
    assert fault.line == 4
    assert "a leading zero is lost" in fault.what
    assert "0103" in fault.hint


@pytest.mark.fault("M07")
def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """A byte order mark, semicolons and CRLF change nothing."""
    sound = SOUND / "codelists" / "OLD" / "1.csv"
    saved = tmp_path / "OLD" / "1.csv"
    saved.parent.mkdir()
    saved.write_bytes(b"\xef\xbb\xbf" + sound.read_bytes().replace(b",", b";").replace(b"\n", b"\r\n"))
    faults = Faults()
    assert read_codelist(saved, faults) == read_codelist(sound, faults)
    assert faults.found == []


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Two broken lists are both reported in one reading."""
    _, faults = read(HERE / "broken_codelists" / "code_twice", HERE / "broken_codelists" / "wrong_place")
    assert len(faults.found) == 2


def test_a_later_folder_adds_versions_and_replaces_lists(tmp_path: Path) -> None:
    """A new version is added to those below; a file of the same name replaces the whole list."""
    header = "code,name,level,parent,valid_from,valid_to,source\n"
    own = tmp_path / "codelists" / "OLD"
    own.mkdir(parents=True)
    (own / "1.csv").write_text(header + "0101,Nord,kommune,,,,invented\n", encoding="utf-8")
    (own / "2.csv").write_text(header + "0201,Nord,kommune,,,,invented\n", encoding="utf-8")
    found, faults = read(SOUND, tmp_path)
    assert faults.found == []
    assert found.versions("OLD") == ("1", "2")
    assert list(found.find("OLD:1").codes) == ["0101"]
    assert len(found.find("NEW:1")) == 2


def test_an_unknown_version_names_the_versions_there_are(shipped: Codelists) -> None:
    """Asking for a version that is not there lists those that are."""
    with pytest.raises(UnknownCodeError, match="there is no code list NO-KOMMUNE:2021") as caught:
        shipped.find("NO-KOMMUNE:2021")
    assert "2017, 2018, 2019, 2020, 2022, 2023, 2024" in caught.value.hint


def test_an_unknown_scheme_names_the_nearest(shipped: Codelists) -> None:
    """A misspelt scheme is answered with the schemes that look like it."""
    with pytest.raises(UnknownCodeError) as caught:
        shipped.find("NO-KOMUNE:2024")
    assert "NO-KOMMUNE" in caught.value.hint


def test_a_scheme_without_a_version_is_refused(shipped: Codelists) -> None:
    """A classification always has a version."""
    with pytest.raises(UnknownCodeError, match="names no version"):
        shipped.find("NO-KOMMUNE")


def test_an_integer_code_is_told_its_zero(shipped: Codelists) -> None:
    """301 is no code; 0301 (Oslo) is offered, with the reason."""
    with pytest.raises(UnknownCodeError) as caught:
        find_code(shipped.find("NO-KOMMUNE:2024"), "301")
    assert "Did you mean 0301 (Oslo)? A leading zero is lost" in caught.value.hint
    assert caught.value.codes == ("301",)


def test_an_unknown_code_is_told_the_nearest(shipped: Codelists) -> None:
    """A misspelt code is answered with codes that look like it."""
    with pytest.raises(UnknownCodeError) as caught:
        find_code(shipped.find("SE-KOMMUN:2007"), "1731")
    assert "1730 (Eda)" in caught.value.hint


COUNTS = {
    "SE-KOMMUN:2002": {"kommun": 289},
    "SE-KOMMUN:2003": {"kommun": 290},
    "SE-KOMMUN:2007": {"kommun": 290},
    "SE-LAN:2003": {"lan": 21},
    "SE-LAN:2007": {"lan": 21},
    "NO-KOMMUNE:2017": {"kommune": 426, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2018": {"kommune": 422, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2019": {"kommune": 422, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2020": {"kommune": 356, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2022": {"kommune": 356, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2023": {"kommune": 356, "special": 8, "unknown": 1},
    "NO-KOMMUNE:2024": {"kommune": 357, "special": 8, "unknown": 1},
    "NO-FYLKE:2017": {"fylke": 19, "special": 5, "unknown": 1},
    "NO-FYLKE:2018": {"fylke": 18, "special": 5, "unknown": 1},
    "NO-FYLKE:2019": {"fylke": 18, "special": 5, "unknown": 1},
    "NO-FYLKE:2020": {"fylke": 11, "special": 5, "unknown": 1},
    "NO-FYLKE:2024": {"fylke": 15, "special": 5, "unknown": 1},
    "NO-STABLE:2018-2024": {"unit": 353, "special": 8, "unknown": 1},
    "NUTS:2016": {"country": 2, "nuts1": 4, "nuts2": 15, "nuts3": 40},
    "NUTS:2021": {"country": 2, "nuts1": 4, "nuts2": 15, "nuts3": 34},
    "NUTS:2024": {"country": 2, "nuts1": 4, "nuts2": 15, "nuts3": 38},
    "STYRK:08": {"1": 10, "2": 43, "3": 122, "4": 407},
    "SSYK:2012": {"1": 10, "2": 46, "3": 148, "4": 429},
    "ISCO:08": {"1": 10, "2": 43, "3": 130, "4": 436, "unknown": 1},
    "SNI:2007": {"section": 21, "division": 88, "group": 272, "class": 615, "detail": 821, "unknown": 1},
    "SN:2007": {"section": 21, "division": 87, "group": 270, "class": 613, "detail": 817, "unknown": 2},
    "SN:2025": {"section": 22, "division": 87, "group": 287, "class": 651, "detail": 736},
    "NACE:2": {"section": 21, "division": 88},
    "NACE:2.1": {"section": 22, "division": 87},
    "INDUSTRY16:1": {"group": 15, "unknown": 1, "total": 1},
    "SSB-INDUSTRY:1": {"group": 15, "unknown": 1, "total": 1},
    "ISO3166:1": {"country": 249},
    "SSB-COUNTRY:2019": {"country": 243, "unknown": 2},
}


@pytest.mark.parametrize(("name", "levels"), COUNTS.items())
def test_a_shipped_list_has_its_known_size(shipped: Codelists, name: str, levels: dict[str, int]) -> None:
    """Each list has as many codes at each level as its classification."""
    found = shipped.find(name)
    assert {level: len(found.at_level(level)) for level in {code.level for code in found}} == levels


def test_special_work_places_are_the_same_in_every_version(shipped: Codelists) -> None:
    """Shelf, sea, Svalbard and unknown keep their codes through every reform."""
    special = {
        version: [code.code for code in shipped.find(f"NO-KOMMUNE:{version}") if code.level != "kommune"]
        for version in shipped.versions("NO-KOMMUNE")
    }
    assert len(special) == 7
    assert set(map(tuple, special.values())) == {
        ("2100", "2111", "2121", "2131", "2211", "2311", "2321", "2699", "9999")
    }


def test_counties_of_one_name_are_other_units_after_2024(shipped: Codelists) -> None:
    """Østfold is 01 in 2018 and 31 in 2024, so a name is never a key."""
    names = {
        version: {code.name: code.code for code in shipped.find(f"NO-FYLKE:{version}")} for version in ("2018", "2024")
    }
    assert (names["2018"]["Østfold"], names["2024"]["Østfold"]) == ("01", "31")


def test_a_section_letter_means_another_industry_in_the_next_revision(shipped: Codelists) -> None:
    """K is finance in NACE Rev. 2 and telecommunications in Rev. 2.1."""
    assert shipped.find("NACE:2").codes["K"].name.startswith("Financial")
    assert shipped.find("NACE:2.1").codes["K"].name.startswith("Telecommunication")
