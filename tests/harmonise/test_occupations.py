"""Occupations in ISCO major groups: what the step costs, and what must never happen."""

from __future__ import annotations

import pandas as pd
import pytest

from harmonise.ways import cells, statuses
from nordstat.errors import SchemaViolationError, SettingsError, UnknownCodeError
from nordstat.harmonise.occupations import at_level, convert_occupations, occupation_loss
from nordstat.mapping.correspondence import Correspondences
from nordstat.model.codelist import Correspondence


@pytest.fixture(scope="module")
def ssyk(ways: Correspondences) -> Correspondence:
    """From SSYK 2012 to ISCO-08."""
    return ways.find("SSYK:2012", "ISCO:08")


@pytest.fixture(scope="module")
def styrk(ways: Correspondences) -> Correspondence:
    """From STYRK-08 to ISCO-08."""
    return ways.find("STYRK:08", "ISCO:08")


def people(*codes: str) -> pd.DataFrame:
    """Ten people in each occupation."""
    return pd.DataFrame({"occupation": list(codes), "time_period": "2020", "persons": 10})


def found(frame: pd.DataFrame, way: Correspondence, **options: object) -> pd.DataFrame:
    """Convert a table that leaves out the occupations nobody has."""
    return convert_occupations(frame, "occupation", way, measures="persons", absent="zero", **options).frame


class TestLoss:
    """How much of SSYK 2012 survives the way to ISCO."""

    @pytest.mark.parametrize(("level", "kept"), [(1, 0.885), (2, 0.747), (3, 0.609), (4, 0.323)])
    def test_share_that_keeps_its_digits(self, ssyk: Correspondence, level: int, kept: float) -> None:
        """The finer the level, the fewer unit groups keep their digits in all their counterparts."""
        loss = occupation_loss(ssyk, level)
        assert round(loss.kept / loss.codes, 3) == kept

    def test_share_that_lands_in_one_major_group(self, ssyk: Correspondence) -> None:
        """93 per cent of the unit groups have all counterparts in one major group, their own or another."""
        loss = occupation_loss(ssyk)
        assert round(loss.single / loss.codes, 2) == 0.93

    def test_codes_without_counterpart_are_named(self, ssyk: Correspondence) -> None:
        """Two unit groups have none and are no part of the shares."""
        loss = occupation_loss(ssyk)
        assert (loss.codes, loss.without) == (427, ("4430", "7619"))

    def test_the_loss_is_said_beside_the_numbers(self, ssyk: Correspondence) -> None:
        """The result carries the sentence."""
        result = convert_occupations(people("2221"), "occupation", ssyk, measures="persons", absent="zero")
        assert result.loss.startswith("88.5% of 427 unit groups keep their first digit in ISCO")


class TestLevel:
    """The default level, and finer ones on request."""

    def test_major_groups_by_default(self, ssyk: Correspondence) -> None:
        """Unit groups are added up to major groups, with the scheme in front."""
        frame = found(people("1111", "2221", "2222"), ssyk)
        assert cells(frame, by="occupation") == {"ISCO:1": 10, "ISCO:2": 20}

    def test_a_code_goes_where_its_counterparts_lie(self, ssyk: Correspondence) -> None:
        """Ambulance staff are 5326 in SSYK and in major group 3 in ISCO."""
        assert cells(found(people("5326"), ssyk), by="occupation") == {"ISCO:3": 10}

    def test_the_default_is_not_experimental(self, ssyk: Correspondence) -> None:
        """Major groups are the level the evidence supports."""
        result = convert_occupations(people("2221"), "occupation", ssyk, measures="persons", absent="zero")
        assert result.label == "ISCO-08 major groups"

    def test_a_finer_level_is_labelled(self, ssyk: Correspondence) -> None:
        """Two digits are experimental and say so."""
        result = convert_occupations(people("2221"), "occupation", ssyk, measures="persons", level=2, absent="zero")
        assert (result.experimental, result.label) == (True, "ISCO-08 sub-major groups, experimental")
        assert cells(result.frame, by="occupation") == {"ISCO:22": 10}

    def test_a_level_that_is_none(self, ssyk: Correspondence) -> None:
        """ISCO has four levels."""
        with pytest.raises(SettingsError, match="levels 1 to 4, not 5"):
            convert_occupations(people("2221"), "occupation", ssyk, measures="persons", level=5)

    def test_a_coarse_code_is_not_made_finer(self, ssyk: Correspondence) -> None:
        """One digit cannot become two."""
        with pytest.raises(UnknownCodeError, match="1 code not in SSYK:2012"):
            convert_occupations(people("2"), "occupation", ssyk, measures="persons", level=2)

    def test_the_scheme_may_stand_in_front(self, ssyk: Correspondence) -> None:
        """SSYK:2221 is read as 2221 of SSYK."""
        assert cells(found(people("SSYK:2221"), ssyk), by="occupation") == {"ISCO:2": 10}

    def test_another_scheme_is_refused(self, ssyk: Correspondence) -> None:
        """A Norwegian code is not read as a Swedish one."""
        with pytest.raises(UnknownCodeError, match="'STYRK:2221'"):
            convert_occupations(people("STYRK:2221"), "occupation", ssyk, measures="persons")

    def test_major_groups_are_set_against_the_same_digit(self, ssyk: Correspondence) -> None:
        """A table of one digit stays at its digit, and is marked as estimated where contents differ."""
        frame = found(people("2", "5"), ssyk)
        assert cells(frame, by="occupation") == {"ISCO:2": 10, "ISCO:5": 10}
        assert set(statuses(frame, by="occupation").values()) == {"estimated"}

    @pytest.mark.fault("M13")
    def test_mixed_levels_are_refused(self, ssyk: Correspondence) -> None:
        """Three digits beside four would count the same people twice."""
        with pytest.raises(
            SchemaViolationError, match=r"mixes levels \(3 characters: 222; 4 characters: 2221"
        ) as caught:
            convert_occupations(people("222", "2221"), "occupation", ssyk, measures="persons")
        assert list(caught.value.failures["occupation"]) == ["222"]


class TestUnknown:
    """What is not stated is never the armed forces."""

    @pytest.mark.parametrize("code", ["0000", "000", "00"])
    def test_not_stated_stays_not_stated(self, styrk: Correspondence, code: str) -> None:
        """STYRK puts the occupations not stated under 0; they become X."""
        assert cells(found(people(code), styrk), by="occupation") == {"ISCO:X": 10}

    def test_officers_are_the_armed_forces(self, styrk: Correspondence) -> None:
        """0110 is major group 0, beside those not stated."""
        frame = found(people("0110", "0000"), styrk)
        assert cells(frame, by="occupation") == {"ISCO:0": 10, "ISCO:X": 10}

    def test_the_norwegian_group_0_is_not_taken_for_the_armed_forces(self, styrk: Correspondence) -> None:
        """One digit 0 of STYRK holds both, so it has no counterpart."""
        with pytest.raises(UnknownCodeError, match=r"no counterpart for 0 \(counterparts in 0, X"):
            convert_occupations(people("0", "2"), "occupation", styrk, measures="persons")

    def test_not_stated_stands_beside_any_level(self, styrk: Correspondence) -> None:
        """0000 beside two digits is no mixture of levels."""
        assert cells(found(people("22", "0000"), styrk), by="occupation") == {"ISCO:2": 10, "ISCO:X": 10}


class TestNoCounterpart:
    """Codes that no major group holds for certain."""

    def test_counterparts_in_several_groups_are_refused(self, ssyk: Correspondence) -> None:
        """3322 has counterparts in 2 and 3, and nobody knows the shares."""
        with pytest.raises(UnknownCodeError, match=r"3322 \(counterparts in 2, 3: nobody knows the shares\)"):
            convert_occupations(people("3322"), "occupation", ssyk, measures="persons")

    def test_kept_aside_they_are_in_the_balance(self, ssyk: Correspondence) -> None:
        """On request their people are stated as unmapped."""
        result = convert_occupations(
            people("2221", "3322"), "occupation", ssyk, measures="persons", absent="zero", on_unmapped="keep"
        )
        (row,) = result.conversion.balance
        assert (row.total_in, row.total_out, row.unmapped) == (20, 10, 10)

    def test_norwegian_nurses_go_with_their_group(self, styrk: Correspondence) -> None:
        """2223 is no ISCO code, but its group 222 is: the largest group of commuters in health is not lost."""
        assert cells(found(people("2223"), styrk), by="occupation") == {"ISCO:2": 10}

    def test_every_norwegian_unit_group_has_a_major_group(self, styrk: Correspondence) -> None:
        """At one digit no 4-digit code of STYRK-08 is without counterpart."""
        links = at_level(styrk, 1).by_source()
        assert [code for code, (link,) in links.items() if len(code) == 4 and not link.target] == []
