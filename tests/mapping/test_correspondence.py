"""Correspondences: read, checked, composed only where no direct table exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nordstat.errors import AmbiguousCorrespondenceError, UnknownCodeError
from nordstat.mapping.border import read_border
from nordstat.mapping.codelist import read_codelists
from nordstat.mapping.composition import cardinality, compose
from nordstat.mapping.correspondence import Correspondences, read_correspondence, read_correspondences
from nordstat.mapping.correspondence_check import check_correspondences
from nordstat.mapping.rows import Faults
from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link, SchemeVersion, WeightBasis

HERE = Path(__file__).parent
SOUND = HERE / "sound"
BROKEN_FOLDER = HERE / "broken_correspondences"
ONE, TWO, THREE = (SchemeVersion(scheme, "1") for scheme in ("OLD", "MID", "NEW"))

TABLE = "correspondences/OLD-1__NEW-1.csv"
BROKEN = {
    "row_twice": (TABLE, 5, "0102 -> 3102 stands in line 3 already"),
    "no_source": (TABLE, 4, "source is empty"),
    "no_source_code": (TABLE, 5, "source_code is empty"),
    "unknown_word": (TABLE, 4, "relation: 'smaller' is not one of exact, narrower, broader, partial, none"),
    "share_in_words": (TABLE, 4, "weight: '0,5' is no plain number"),
    "unknown_source": (TABLE, 5, "OLD:1 has no code '0104'"),
    "unknown_target": (TABLE, 4, "NEW:1 has no code '3199'"),
    "source_not_covered": (TABLE, 0, "OLD:1 0103 has no row"),
    "target_not_reached": (TABLE, 0, "NEW:1 3103 is not reached"),
    "shares_do_not_add_up": (TABLE, 2, "0101: shares add up to 0.999999998, not to 1"),
    "share_missing": (TABLE, 2, "0101: some shares are given and some are not"),
    "share_of_nothing": (TABLE, 3, "0101: a share of 0; it must be above 0 and at most 1"),
    "basis_without_share": (TABLE, 2, "0101: a basis or a date without a share"),
    "share_without_basis": (TABLE, 2, "0101: a share without a basis"),
    "part_of_a_whole_unit": (TABLE, 2, "0101: a share of 0.6 of a whole unit"),
    "population_without_date": (TABLE, 2, "0101: a share by population without a date"),
    "assumption_called_derived": (TABLE, 2, "0101: an assumption is named both in weight_basis and in evidence"),
    "assumption_without_note": (TABLE, 2, "0101: an assumption without a note"),
    "wrong_relation": (TABLE, 3, "0102 -> 3102 is called exact, but is narrower"),
    "none_beside_a_target": (TABLE, 2, "0101: a row without a target beside rows with one"),
    "whole_without_share": (TABLE, 2, "0101: relation exact needs the share 1"),
    "contradicts_a_chain": (TABLE, 2, "0101: the table and the chain through MID:1 do not agree"),
    "reversal_that_is_none": ("exclusions/reversals.csv", 2, "0101 is listed as a reversal, but the chain agrees"),
    "unreached_but_reached": ("exclusions/unreached.csv", 2, "3101 is listed as not reached, but is"),
    "exclusion_of_no_table": ("exclusions/unreached.csv", 2, "there is no correspondence 'OLD-1__NEW-2'"),
    "exclusion_without_reason": ("exclusions/unreached.csv", 2, "reason is empty"),
    "exclusion_without_version": ("exclusions/reversals.csv", 2, "via: 'MID' names no version"),
    "no_list": ("correspondences/OLD-1__NEW-2.csv", 0, "there is no code list NEW:2"),
    "to_itself": ("correspondences/OLD-1__OLD-1.csv", 0, "a table from a list to itself"),
    "no_name": ("correspondences/old-to-new.csv", 0, "not the name of a correspondence"),
    "no_parent": ("codelists/OLD/1.csv", 3, "0102: there is no parent '3101'"),
}


def read(*folders: Path) -> tuple[Correspondences, Faults]:
    faults = Faults()
    found = read_correspondences(folders, read_codelists(folders, faults), faults)
    check_correspondences(found, folders, faults)
    return found, faults


def table(source: SchemeVersion, target: SchemeVersion, *links: Link) -> Correspondence:
    return Correspondence(source, target, links)


@pytest.fixture(scope="module")
def shipped(mappings_folder: Path) -> Correspondences:
    found, faults = read(mappings_folder)
    faults.raise_if_any()
    return found


def targets(found: Correspondence, source: str) -> dict[str, float | None]:
    return {link.target: link.weight for link in found.by_source()[source]}


@pytest.mark.fault("M09")
@pytest.mark.fault("M10")
@pytest.mark.parametrize(("rule", "file", "line", "words"), [(rule, *place) for rule, place in BROKEN.items()])
def test_a_broken_table_is_refused(rule: str, file: str, line: int, words: str) -> None:
    """Each fault of a correspondence is found, with its file and line."""
    _, faults = read(SOUND, BROKEN_FOLDER / rule)
    seen = [(fault.file, fault.line, fault.what) for fault in faults.found]
    assert any((BROKEN_FOLDER / rule / file, line) == place[:2] and words in place[2] for place in seen), seen


def test_every_broken_folder_is_a_rule() -> None:
    """No folder of broken tables is forgotten."""
    assert {path.name for path in BROKEN_FOLDER.iterdir()} == set(BROKEN)


def test_a_sound_folder_has_no_fault() -> None:
    """The folder all broken ones are layered on has no fault of its own."""
    _, faults = read(SOUND)
    assert faults.found == []


def test_the_shipped_tables_have_no_fault(mappings_folder: Path) -> None:
    """Every table that ships is sound, and agrees with every chain of two."""
    _, faults = read(mappings_folder)
    assert faults.found == []


def test_all_faults_come_at_once() -> None:
    """Two broken tables are both reported in one reading."""
    _, faults = read(SOUND, BROKEN_FOLDER / "row_twice", BROKEN_FOLDER / "no_name")
    assert len(faults.found) == 2


def test_a_table_with_another_name_is_not_read() -> None:
    """The name of the file says source and target, so a file without them is no table."""
    with pytest.raises(ValueError, match=r"old-to-new\.csv"):
        read_correspondence(BROKEN_FOLDER / "no_name" / "correspondences" / "old-to-new.csv", Faults())


def test_the_direct_table_is_preferred(shipped: Correspondences) -> None:
    """Haram of 2019 is Haram of 2024, exactly, though the chain through 2020 exists."""
    found = shipped.find("NO-KOMMUNE:2019", "NO-KOMMUNE:2024")
    assert found.via == ()
    assert targets(found, "1534") == {"1580": 1}


def test_the_chain_that_was_not_taken_would_spread_haram(shipped: Correspondences) -> None:
    """Going through 2020 by hand divides Haram with the shares of Ålesund."""
    first = shipped.find("NO-KOMMUNE:2019", "NO-KOMMUNE:2020")
    second = shipped.find("NO-KOMMUNE:2020", "NO-KOMMUNE:2024")
    assert targets(shipped.compose(first, second), "1534") == {"1508": 0.862125, "1580": 0.137875}


def test_a_chain_is_recorded(shipped: Correspondences) -> None:
    """Where there is no direct table, the shortest chain is composed and says what it went through."""
    found = shipped.find("NO-KOMMUNE:2017", "NO-KOMMUNE:2024")
    assert found.is_composed
    assert found.via == (SchemeVersion("NO-KOMMUNE", "2018"),)
    assert targets(found, "1601") == {"5001": 1}


def test_of_two_chains_the_one_that_divides_less_is_taken(shipped: Correspondences) -> None:
    """Municipalities of 2019 reach the counties of 2024 through the municipalities, not through the counties."""
    found = shipped.find("NO-KOMMUNE:2019", "NO-FYLKE:2024")
    assert found.via == (SchemeVersion("NO-KOMMUNE", "2024"),)
    assert targets(found, "0121") == {"32": 1}


def test_a_code_that_meets_again_is_whole(shipped: Correspondences) -> None:
    """Tysfjord was divided by assumption; inside its stable unit nothing is assumed."""
    found = shipped.find("NO-KOMMUNE:2017", "NO-STABLE:2018-2024")
    (link,) = found.by_source()["1850"]
    assert (link.target, link.weight, link.evidence) == ("NOU-1806+1875", 1, Evidence.DERIVED)


def test_nothing_is_read_backwards(shipped: Correspondences) -> None:
    """A table from 2019 to 2024 is no table from 2024 to 2019, and the error says what there is."""
    with pytest.raises(UnknownCodeError, match="nothing leads from NO-KOMMUNE:2024 to NO-KOMMUNE:2019") as caught:
        shipped.find("NO-KOMMUNE:2024", "NO-KOMMUNE:2019")
    assert "NO-FYLKE:2024" in caught.value.hint
    assert "never read backwards" in caught.value.hint


def test_a_list_leads_to_itself(shipped: Correspondences) -> None:
    """From a version to itself each code stays what it is."""
    found = shipped.find("NO-FYLKE:2024", "NO-FYLKE:2024")
    assert all(link.source == link.target and link.relation is CodeRelation.EXACT for link in found.links)
    assert len(found.links) == 21


def test_two_chains_that_do_not_agree_are_refused(tmp_path: Path) -> None:
    """Where two ways are as good and lead elsewhere, nordstat asks for a direct table."""
    header = (SOUND / TABLE).read_text("utf-8").splitlines()[0]
    other = tmp_path / "codelists" / "MID" / "2.csv"
    other.parent.mkdir(parents=True)
    other.write_bytes((SOUND / "codelists" / "MID" / "1.csv").read_bytes())
    tables = tmp_path / "correspondences"
    tables.mkdir()
    (tables / "OLD-1__MID-2.csv").write_bytes((SOUND / "correspondences" / "OLD-1__MID-1.csv").read_bytes())
    rows = "2001,3102,exact,1,whole_unit,,official,invented,\n2002,3101,exact,1,whole_unit,,official,invented,\n"
    (tables / "MID-2__NEW-1.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    found, _ = read(SOUND, tmp_path)
    without = replace(found, tables={pair: each for pair, each in found.tables.items() if pair != (ONE, THREE)})
    with pytest.raises(AmbiguousCorrespondenceError, match=r"through MID:1 and through MID:2") as caught:
        without.find("OLD:1", "NEW:1")
    assert "OLD-1__NEW-1.csv" in caught.value.hint


def test_shares_are_multiplied_along_a_chain() -> None:
    """Half of a half is a quarter; the loosest basis, weakest evidence and latest date of the way remain."""
    first = table(
        ONE,
        TWO,
        Link("a", "b", CodeRelation.BROADER, 0.5, WeightBasis.POPULATION, date(2020, 1, 1), Evidence.DERIVED, "x"),
        Link("a", "c", CodeRelation.BROADER, 0.5, WeightBasis.POPULATION, date(2020, 1, 1), Evidence.DERIVED, "x"),
    )
    second = table(
        TWO,
        THREE,
        Link("b", "d", CodeRelation.BROADER, 0.5, WeightBasis.ASSUMED, None, Evidence.ASSUMED, "y", "a guess"),
        Link("b", "e", CodeRelation.BROADER, 0.5, WeightBasis.ASSUMED, None, Evidence.ASSUMED, "y", "a guess"),
        Link("c", "f", CodeRelation.EXACT),
    )
    found = compose(first, second)
    assert targets(found, "a") == {"d": 0.25, "e": 0.25, "f": 0.5}
    first_link = found.links[0]
    assert first_link.weight_basis is WeightBasis.ASSUMED
    assert first_link.evidence is Evidence.ASSUMED
    assert first_link.weight_ref_date == date(2020, 1, 1)
    assert (first_link.origin, first_link.note) == ("x; y", "a guess")


def test_an_unknown_share_stays_unknown() -> None:
    """A chain through a code nobody can divide gives no share."""
    first = table(ONE, TWO, Link("a", "b", CodeRelation.EXACT))
    second = table(
        TWO,
        THREE,
        Link("b", "c", CodeRelation.BROADER, None, None),
        Link("b", "d", CodeRelation.BROADER, None, None),
    )
    found = compose(first, second)
    assert targets(found, "a") == {"c": None, "d": None}
    assert {link.weight_basis for link in found.links} == {None}


def test_a_code_the_second_table_does_not_know_is_left_out() -> None:
    """Composition says nothing about codes whose targets lead nowhere; it does not guess."""
    first = table(ONE, TWO, Link("a", "b", CodeRelation.EXACT), Link("x", "y", CodeRelation.EXACT))
    second = table(TWO, THREE, Link("b", "c", CodeRelation.EXACT))
    assert set(compose(first, second).by_source()) == {"a"}


def test_a_whole_code_called_partial_stays_so() -> None:
    """Codes that are alike with another scope do not become exact on the way."""
    first = table(ONE, TWO, Link("a", "b", CodeRelation.PARTIAL))
    second = table(TWO, THREE, Link("b", "c", CodeRelation.EXACT))
    assert compose(first, second).links[0].relation is CodeRelation.PARTIAL


def test_a_code_without_a_target_stays_without() -> None:
    """None is carried along, and is no target."""
    first = table(ONE, TWO, Link("a", "", CodeRelation.NONE))
    second = table(TWO, THREE, Link("b", "c", CodeRelation.EXACT))
    (link,) = compose(first, second).links
    assert (link.target, link.relation, link.weight) == ("", CodeRelation.NONE, 1)


def test_cardinality_is_counted_within_a_level() -> None:
    """Section A is group A exactly, though the divisions of A lead there too."""
    pairs = [("A", "A"), ("01", "A"), ("02", "A"), ("B", "")]
    assert cardinality(pairs, lambda code: "section" if code.isalpha() else "division") == {
        ("A", "A"): CodeRelation.EXACT,
        ("01", "A"): CodeRelation.NARROWER,
        ("02", "A"): CodeRelation.NARROWER,
        ("B", ""): CodeRelation.NONE,
    }


KNOWN = [
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", "0101", {"3001": 1}, "exact"),
    ("NO-KOMMUNE:2020", "NO-KOMMUNE:2024", "3001", {"3101": 1}, "exact"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "0101", {"3101": 1}, "exact"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "0104", {"3103": 1}, "narrower"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "0136", {"3103": 1}, "narrower"),
    ("NO-KOMMUNE:2018", "NO-KOMMUNE:2019", "1567", {"5061": 1}, "exact"),
    ("NO-KOMMUNE:2020", "NO-KOMMUNE:2024", "1507", {"1508": 0.862125, "1580": 0.137875}, "broader"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "1534", {"1580": 1}, "exact"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", "1850", {"1806": 0.5, "1875": 0.5}, "partial"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", "5012", {"5055": 0.35, "5056": 0.35, "5059": 0.3}, "partial"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", "1103", {"1103": 1}, "narrower"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2020", "5001", {"5001": 1}, "narrower"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "0121", {"3226": 1}, "narrower"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "2311", {"2311": 1}, "exact"),
    ("NO-KOMMUNE:2019", "NO-KOMMUNE:2024", "9999", {"9999": 1}, "exact"),
    ("NO-FYLKE:2020", "NO-FYLKE:2024", "30", {"31": 0.238143, "32": 0.55601, "33": 0.205847}, "broader"),
    ("NO-FYLKE:2018", "NO-FYLKE:2024", "04", {"34": 1}, "narrower"),
    ("NO-FYLKE:2018", "NO-FYLKE:2024", "20", {"56": 1}, "exact"),
    ("NO-FYLKE:2018", "NO-FYLKE:2024", "08", {"40": 1}, "exact"),
    ("SE-KOMMUN:2003", "SE-KOMMUN:2007", "1917", {"0331": 1}, "exact"),
    ("SE-KOMMUN:2002", "SE-KOMMUN:2003", "0380", {"0330": 0.076758, "0380": 0.923242}, "broader"),
    ("SE-KOMMUN:2007", "SE-LAN:2007", "1730", {"17": 1}, "narrower"),
    ("SE-LAN:2007", "NUTS:2024", "17", {"SE311": 1}, "exact"),
    ("NO-FYLKE:2024", "NUTS:2024", "31", {"NO083": 1}, "exact"),
    ("NACE:2", "NACE:2.1", "K", {"L": 1}, "exact"),
    ("NACE:2", "NACE:2.1", "J", {"J": None, "K": None}, "broader"),
    ("SN:2007", "INDUSTRY16:1", "B", {"B+C": 1}, "narrower"),
    ("SNI:2007", "INDUSTRY16:1", "00", {"US": 1}, "exact"),
    ("STYRK:08", "ISCO:08", "0000", {"X": 1}, "exact"),
    ("STYRK:08", "ISCO:08", "0", {"0": None, "X": None}, "broader"),
    ("SSYK:2012", "ISCO:08", "4430", {"": 1}, "none"),
    ("SSB-COUNTRY:2019", "ISO3166:1", "106", {"SE": 1}, "exact"),
    ("SSB-COUNTRY:2019", "ISO3166:1", "161", {"": 1}, "none"),
]


@pytest.mark.parametrize(("source", "target", "code", "expected", "relation"), KNOWN)
def test_a_known_answer(
    shipped: Correspondences, source: str, target: str, code: str, expected: dict[str, float | None], relation: str
) -> None:
    """What happened to a code is known from the sources, and the table says it."""
    found = shipped.find(source, target)
    assert targets(found, code) == expected
    assert relation in {link.relation.value for link in found.by_source()[code]}


def test_only_two_municipalities_keep_their_code_while_they_grow(shipped: Correspondences) -> None:
    """In 2020 Stavanger and Trondheim are the only codes that stay and mean another area."""
    found = shipped.find("NO-KOMMUNE:2019", "NO-KOMMUNE:2020")
    grown = {
        link.source for link in found.links if link.source == link.target and link.relation is not CodeRelation.EXACT
    }
    assert grown == {"1103", "5001"}


def test_only_three_municipalities_are_divided(shipped: Correspondences) -> None:
    """Shares are needed for Tysfjord and Snillfjord, which are assumed, and for Ålesund, which is measured."""
    divided = {
        link.source: (link.evidence, link.weight_basis)
        for (source, target), each in shipped.tables.items()
        if source.scheme == target.scheme == "NO-KOMMUNE"
        for link in each.links
        if link.weight != 1
    }
    assert divided == {
        "1850": (Evidence.ASSUMED, WeightBasis.ASSUMED),
        "5012": (Evidence.ASSUMED, WeightBasis.ASSUMED),
        "1507": (Evidence.DERIVED, WeightBasis.POPULATION),
    }


def test_stable_units_need_no_share(shipped: Correspondences) -> None:
    """Every municipality of every version lies wholly in one of the 353 stable units."""
    reached: set[str] = set()
    for version in ("2018", "2019", "2020", "2022", "2023", "2024"):
        found = shipped.find(f"NO-KOMMUNE:{version}", "NO-STABLE:2018-2024")
        assert not found.is_composed
        assert all(link.weight == 1 for link in found.links)
        reached |= {link.target for link in found.links}
    assert reached == {code.code for code in shipped.codelists.find("NO-STABLE:2018-2024")}


def test_unknown_occupations_never_become_soldiers(shipped: Correspondences) -> None:
    """STYRK 00, 000 and 0000 lead to ISCO X, and to nothing else."""
    found = shipped.find("STYRK:08", "ISCO:08")
    assert [targets(found, code) for code in ("00", "000", "0000")] == [{"X": 1}] * 3


def test_border_municipalities_touch(shipped: Correspondences, mappings_folder: Path) -> None:
    """Fifty-four pairs touch; Eda touches three Norwegian municipalities."""
    faults = Faults()
    pairs = read_border([mappings_folder], shipped.codelists, faults)
    assert faults.found == []
    assert len(pairs) == 54
    assert {pair.norwegian for pair in pairs if pair.swedish == "1730"} == {"3226", "3401", "3416"}


def test_a_border_pair_of_unknown_codes_is_refused(shipped: Correspondences, tmp_path: Path) -> None:
    """A pair with a code that is not there is a fault at its line, and so is a pair that stands twice."""
    own = tmp_path / "groups"
    own.mkdir()
    rows = ["1730,3226,5,derived,invented", "1730,9226,5,derived,invented", "1730,3226,5,derived,invented"]
    header = "se_code,no_code,border_km,evidence,source"
    (own / "border-municipalities.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    faults = Faults()
    assert len(read_border([tmp_path], shipped.codelists, faults)) == 1
    assert [fault.line for fault in faults.found] == [3, 4]
