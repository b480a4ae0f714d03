"""Industries in the 16 common groups, and letters with their revision."""

from __future__ import annotations

import pandas as pd
import pytest

from harmonise.ways import cells
from nordstat.errors import AmbiguousCorrespondenceError, SchemaViolationError, SettingsError, UnknownCodeError
from nordstat.harmonise.industries import convert_industries, industry_prefix, with_revision
from nordstat.mapping.correspondence import Correspondences
from nordstat.model.codelist import SchemeVersion


def people(*codes: str) -> pd.DataFrame:
    """Ten people in each industry."""
    return pd.DataFrame({"industry": list(codes), "time_period": "2020", "persons": 10})


class TestGroups:
    """INDUSTRY16 is the common level."""

    def test_sections_become_groups(self, ways: Correspondences) -> None:
        """Mining and manufacturing are one group; finance is its own."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        found = convert_industries(people("NACE2:B", "NACE2:C", "NACE2:K"), "industry", way, measures="persons")
        assert cells(found.frame, by="industry") == {"INDUSTRY16:B+C": 20, "INDUSTRY16:K": 10}

    def test_the_two_offices_meet(self, ways: Correspondences) -> None:
        """The divisions of SCB and the sections of SSB give the same group."""
        sections = convert_industries(
            people("SN2007:O"), "industry", ways.find("SN:2007", "INDUSTRY16:1"), measures="persons"
        )
        divisions = convert_industries(
            people("SNI2007:84"), "industry", ways.find("SNI:2007", "INDUSTRY16:1"), measures="persons"
        )
        assert cells(sections.frame, by="industry") == cells(divisions.frame, by="industry") == {"INDUSTRY16:O": 10}

    @pytest.mark.parametrize("code", ["Z", "00"])
    def test_unknown_stays_unknown(self, ways: Correspondences, code: str) -> None:
        """SSB's codes for an industry not known become SCB's."""
        way = ways.find("SN:2007", "INDUSTRY16:1")
        found = convert_industries(people(f"SN2007:{code}"), "industry", way, measures="persons")
        assert cells(found.frame, by="industry") == {"INDUSTRY16:US": 10}

    def test_one_letter_in_two_revisions_is_two_groups(self, ways: Correspondences) -> None:
        """L is real estate in NACE Rev. 2 and finance in Rev. 2.1."""
        old = convert_industries(people("NACE2:L"), "industry", ways.find("NACE:2", "INDUSTRY16:1"), measures="persons")
        new = convert_industries(
            people("NACE2.1:L"), "industry", ways.find("NACE:2.1", "INDUSTRY16:1"), measures="persons"
        )
        assert cells(old.frame, by="industry") == {"INDUSTRY16:L": 10}
        assert cells(new.frame, by="industry") == {"INDUSTRY16:K": 10}

    def test_what_the_groups_cost_is_said(self, ways: Correspondences) -> None:
        """The number of codes before and after stands beside the counts."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        found = convert_industries(people("NACE2:B", "NACE2:C"), "industry", way, measures="persons")
        assert (found.label, found.loss) == ("INDUSTRY16 groups", "2 codes of NACE:2 become 1")

    def test_the_total_stays_the_total(self, ways: Correspondences) -> None:
        """_T needs no revision."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        found = convert_industries(people("_T"), "industry", way, measures="persons")
        assert cells(found.frame, by="industry") == {"_T": 10}


class TestFiner:
    """Other levels, on request and labelled."""

    def test_it_must_be_asked_for(self, ways: Correspondences) -> None:
        """Sections are finer than what the offices have in common."""
        with pytest.raises(SettingsError, match=r"NACE:2\.1 is finer") as caught:
            convert_industries(people("NACE2:K"), "industry", ways.find("NACE:2", "NACE:2.1"), measures="persons")
        assert "finer=True" in caught.value.hint

    def test_finance_moves_a_letter_on(self, ways: Correspondences) -> None:
        """K of NACE Rev. 2 is L of Rev. 2.1, marked experimental."""
        way = ways.find("NACE:2", "NACE:2.1")
        found = convert_industries(people("NACE2:K"), "industry", way, measures="persons", finer=True)
        assert cells(found.frame, by="industry") == {"NACE2.1:L": 10}
        assert found.label == "NACE:2.1, experimental"

    def test_a_letter_with_another_meaning_breaks_silently(self, ways: Correspondences) -> None:
        """Every letter from K on is in both revisions and means another industry."""
        way = ways.find("NACE:2", "NACE:2.1")
        found = convert_industries(people("NACE2:A", "NACE2:K"), "industry", way, measures="persons", finer=True)
        assert found.conversion.breaks == ("K",)

    def test_information_is_not_shared_out(self, ways: Correspondences) -> None:
        """J was divided into J and K, and nobody knows the shares."""
        way = ways.find("NACE:2", "NACE:2.1")
        with pytest.raises(AmbiguousCorrespondenceError, match="nobody knows the shares of J"):
            convert_industries(people("NACE2:J"), "industry", way, measures="persons", finer=True)


class TestRevision:
    """A letter never goes without its revision."""

    def test_bare_letters_are_refused(self, ways: Correspondences) -> None:
        """K alone is finance or telecommunications."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        with pytest.raises(UnknownCodeError, match="without their revision: K") as caught:
            convert_industries(people("K", "NACE2:L"), "industry", way, measures="persons")
        assert "write NACE2:K" in caught.value.hint

    def test_another_revision_is_refused(self, ways: Correspondences) -> None:
        """Codes of Rev. 2.1 do not go through the table of Rev. 2."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        with pytest.raises(UnknownCodeError, match=r"that are not NACE2: NACE2\.1:K"):
            convert_industries(people("NACE2.1:K"), "industry", way, measures="persons")

    def test_a_table_is_given_its_revision(self) -> None:
        """with_revision writes it in front of every code but the total."""
        found = with_revision(pd.Series(["K", "_T", "K"]), SchemeVersion("NACE", "2"))
        assert list(found) == ["NACE2:K", "_T", "NACE2:K"]

    def test_groups_need_none(self) -> None:
        """The 16 groups have one version."""
        assert industry_prefix(SchemeVersion("INDUSTRY16", "1")) == "INDUSTRY16"

    def test_sections_beside_divisions_are_refused(self, ways: Correspondences) -> None:
        """Section K and its division 64 count the same people."""
        way = ways.find("NACE:2", "INDUSTRY16:1")
        with pytest.raises(SchemaViolationError, match="mixes levels"):
            convert_industries(people("NACE2:K", "NACE2:64"), "industry", way, measures="persons")
