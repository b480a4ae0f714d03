"""What conversion refuses, and whether a statistician understands why."""

from __future__ import annotations

import pandas as pd
import pytest

from harmonise.ways import (
    AALESUND,
    HALDEN,
    MOSS,
    OSLO,
    RYGGE,
    SVALBARD,
    TYSFJORD,
    codelist,
    counts,
    way,
)
from nordstat.errors import (
    AmbiguousCorrespondenceError,
    MappingError,
    MappingErrors,
    MixedVersionsError,
    SchemaViolationError,
    SettingsError,
    UnknownCodeError,
)
from nordstat.harmonise.areas import _check_balance, convert
from nordstat.harmonise.codes import detect_version
from nordstat.model.balance import Balance, BalanceRow
from nordstat.model.codelist import CodeRelation, Link


def convert_codes(*codes: object) -> None:
    frame = pd.DataFrame({"region": pd.Series(codes), "time_period": "2019", "persons": range(len(codes))})
    convert(frame, "region", way(HALDEN, MOSS, RYGGE, OSLO), measures="persons")


class TestCodes:
    """Codes that are no codes of the version."""

    @pytest.mark.fault("M07")
    def test_lost_zeros_in_numbers(self) -> None:
        """301 is recognised as Oslo without its zero."""
        with pytest.raises(UnknownCodeError, match=r"301 \('0301' without its leading zero\)") as caught:
            convert_codes(301, 101)
        assert "dtype=str" in caught.value.hint

    @pytest.mark.fault("M07")
    def test_lost_zeros_in_text(self) -> None:
        """The text 301 is recognised too."""
        with pytest.raises(UnknownCodeError, match="'301' is '0301' without its leading zero") as caught:
            convert_codes("301", "0101")
        assert caught.value.codes == ("301",)

    @pytest.mark.fault("M01")
    def test_no_read_as_false(self) -> None:
        """False in a column of codes is recognised as what YAML makes of NO."""
        with pytest.raises(UnknownCodeError, match=r"False \(YAML reads NO, no and off so\)"):
            convert_codes(False, "0101")

    @pytest.mark.fault("M02")
    def test_oslo_read_as_an_octal_number(self) -> None:
        """193 is recognised as 0301 read by YAML."""
        with pytest.raises(UnknownCodeError, match=r"193 \('0301' read as an octal number, as YAML does\)"):
            convert_codes(193)

    def test_decimal_numbers(self) -> None:
        """A column that a gap turned into decimals is recognised as well."""
        with pytest.raises(UnknownCodeError, match=r"301\.0 \('0301' without its leading zero\)"):
            convert_codes(301.0, 101.0)

    def test_an_empty_code(self) -> None:
        """Rows without a code are counted, not dropped."""
        with pytest.raises(UnknownCodeError, match="2 rows have no code in 'region'"):
            convert_codes("0101", None, None)

    @pytest.mark.fault("P07")
    def test_a_code_of_another_version_is_told_where_it_belongs(self) -> None:
        """3101 is no code of 2019, but one of 2024."""
        frame = counts(k3101=7)
        lists = [codelist("NO-KOMMUNE:2019", "0101"), codelist("NO-KOMMUNE:2024", "3101")]
        with pytest.raises(UnknownCodeError, match=r"'3101' \(a code of NO-KOMMUNE:2024\)") as caught:
            convert(frame, "region", way(HALDEN), measures="persons", codelists=lists)
        assert "detect_version" in caught.value.hint

    def test_a_mistyped_code_is_told_the_nearest(self) -> None:
        """0102 is near 0101."""
        with pytest.raises(UnknownCodeError, match=r"'0102' \(nearest: [0-9, ]*0101"):
            convert_codes("0102")

    def test_many_unknown_codes_make_one_fault(self) -> None:
        """All are in the error, the first few in the sentence."""
        with pytest.raises(UnknownCodeError, match=r"^8 codes not in .* and 3 more") as caught:
            convert_codes(*[f"99{number}0" for number in range(8)])
        assert len(caught.value.codes) == 8

    def test_a_column_that_is_not_there(self) -> None:
        """The columns there are are named."""
        with pytest.raises(UnknownCodeError, match="no column 'kommune'") as caught:
            convert(counts(k0101=1), "kommune", way(HALDEN), measures="persons")
        assert "region" in caught.value.hint

    def test_rows_that_name_another_version(self) -> None:
        """work_scheme contradicts the correspondence."""
        frame = pd.DataFrame(
            {"work_scheme": "NO-KOMMUNE:2020", "work_area": ["0101"], "time_period": "2019", "obs_value": [1.0]}
        )
        with pytest.raises(MixedVersionsError, match="'work_scheme' says NO-KOMMUNE:2020") as caught:
            convert(frame, "work_area", way(HALDEN), measures="obs_value")
        assert list(caught.value.codes) == ["NO-KOMMUNE:2020"]

    def test_a_code_of_a_flow_is_told_with_both_columns(self) -> None:
        """A code at either end is looked for in both, and the source version is named."""
        flow = pd.DataFrame({"home": ["0101"], "work": ["9999"], "time_period": "2019", "persons": [1]})
        with pytest.raises(UnknownCodeError, match="not in NO-KOMMUNE:2019, in the column home or work"):
            convert(flow, ["home", "work"], way(HALDEN), measures="persons")


class TestLinks:
    """Correspondences that cannot carry counts."""

    def test_assumed_weights(self) -> None:
        """Assumed weights are refused by default, with the units and shares."""
        with pytest.raises(AmbiguousCorrespondenceError, match=r"assumed.*1850 \(1806 0\.5, 1875 0\.5\)") as caught:
            convert(counts(k1850=10), "region", way(*TYSFJORD), measures="persons")
        assert "allow_assumed=True" in caught.value.hint

    def test_assumed_weights_of_units_that_do_not_occur(self) -> None:
        """A table without Tysfjord is converted although the correspondence assumes its shares."""
        assert len(convert(counts(k0101=7), "region", way(HALDEN, *TYSFJORD), measures="persons").frame) == 1

    def test_unknown_weights(self) -> None:
        """Where nobody knows the shares, counts are not shared out."""
        unknown = [Link("01", code, CodeRelation.BROADER, None, None) for code in ("31", "32")]
        with pytest.raises(AmbiguousCorrespondenceError, match=r"nobody knows the shares of 01 \(31 \?, 32 \?\)"):
            convert(counts(k01=5), "region", way(*unknown), measures="persons")

    def test_weights_that_do_not_sum_to_one(self) -> None:
        """A share that went missing would lose people."""
        with pytest.raises(AmbiguousCorrespondenceError, match="do not sum to one for 1507"):
            convert(counts(k1507=5), "region", way(AALESUND[0]), measures="persons")

    def test_a_double_row(self) -> None:
        """The same target twice would count people twice."""
        with pytest.raises(AmbiguousCorrespondenceError, match="the same target stands twice for 0101"):
            convert(counts(k0101=5), "region", way(HALDEN, HALDEN), measures="persons")

    def test_codes_without_counterpart(self) -> None:
        """They end the work unless their rows are to be put aside."""
        with pytest.raises(UnknownCodeError, match="no counterpart for 2111") as caught:
            convert(counts(k0101=7, k2111=2), "region", way(HALDEN, SVALBARD), measures="persons")
        assert "on_unmapped='keep'" in caught.value.hint

    def test_faults_of_several_kinds_come_together(self) -> None:
        """Assumed shares and a code without counterpart are told at once."""
        with pytest.raises(MappingErrors) as caught:
            convert(counts(k1850=1, k2111=2), "region", way(*TYSFJORD, SVALBARD), measures="persons")
        assert len(caught.value.faults) == 2


class TestNumbers:
    """Only counts are converted."""

    @pytest.mark.parametrize(("column", "value"), [("measure", "share"), ("measure", "growth"), ("unit_measure", "PC")])
    def test_shares(self, column: str, value: str) -> None:
        """Shares do not add up: they are recomputed from converted counts."""
        frame = counts(k0101=7).assign(**{column: value})
        with pytest.raises(SchemaViolationError, match="only counts can be converted") as caught:
            convert(frame, "region", way(HALDEN), measures="persons")
        assert "recompute" in caught.value.hint

    def test_a_measure_named_share(self) -> None:
        """A value column called share is taken at its word."""
        frame = counts(k0101=7).rename(columns={"persons": "share"})
        with pytest.raises(SchemaViolationError, match="not share"):
            convert(frame, "region", way(HALDEN), measures="share")

    def test_negative_numbers(self) -> None:
        """A difference is no count."""
        with pytest.raises(SchemaViolationError, match="below zero"):
            convert(counts(k0101=-1), "region", way(HALDEN), measures="persons")

    def test_text(self) -> None:
        """A symbol left in the numbers is refused."""
        frame = pd.DataFrame({"region": ["0101"], "time_period": "2019", "persons": [".."]})
        with pytest.raises(SchemaViolationError, match="and no numbers"):
            convert(frame, "region", way(HALDEN), measures="persons")

    def test_decimal_numbers_that_are_no_measure(self) -> None:
        """A rate left in the frame would become a key."""
        frame = counts(k0101=7).assign(rate=0.5)
        with pytest.raises(SchemaViolationError, match="neither measure nor key: rate"):
            convert(frame, "region", way(HALDEN), measures="persons")

    def test_names_of_the_old_codes(self) -> None:
        """A column of names would keep Moss and Rygge apart."""
        frame = counts(k0104=20, k0136=5).assign(name=["Moss", "Rygge"])
        with pytest.raises(SchemaViolationError, match="'name' only describes the codes of 'region'"):
            convert(frame, "region", way(MOSS, RYGGE), measures="persons")

    def test_a_key_that_varies_with_the_code_is_no_description(self) -> None:
        """Industry is a key even where it is text, because a code has several."""
        frame = pd.DataFrame(
            {"region": ["0104", "0104", "0136"], "trade": list("aba"), "time_period": "2019", "persons": [1, 2, 4]}
        )
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
        assert list(found["persons"]) == [5, 2]


class TestArguments:
    """Arguments that fit nothing in the frame."""

    def test_a_period_that_is_not_there(self) -> None:
        """The period is never quietly left out of the balance."""
        with pytest.raises(SettingsError, match="no column 'time_period'") as caught:
            convert(counts(k0101=7).drop(columns="time_period"), "region", way(HALDEN), measures="persons")
        assert "period=None" in caught.value.hint

    def test_a_measure_that_is_not_there(self) -> None:
        """The missing column is named."""
        with pytest.raises(SettingsError, match=r"no such value column: \['jobs'\]"):
            convert(counts(k0101=7), "region", way(HALDEN), measures="jobs")

    def test_the_same_column_twice(self) -> None:
        """One end of a flow given twice would square its weights."""
        with pytest.raises(SettingsError, match="must be different ones"):
            convert(counts(k0101=7), ["region", "region"], way(HALDEN), measures="persons")

    def test_columns_are_named_in_the_refusal(self) -> None:
        """Doubled columns are told as given, and none as none."""
        for columns, told in ((["region", "region"], "region, region"), ([], "none is named")):
            with pytest.raises(SettingsError, match=f"must be different ones: {told}$"):
                convert(counts(k0101=1), columns, way(HALDEN), measures="persons")

    def test_several_measures_are_converted_together(self) -> None:
        """A list of measures is a list of columns of counts."""
        frame = counts(k0104=1, k0136=2).assign(jobs=[10, 20])
        found = convert(frame, "region", way(MOSS, RYGGE), measures=["persons", "jobs"]).frame
        assert (found["persons"].tolist(), found["jobs"].tolist()) == ([3], [30])

    def test_a_period_that_varies_with_the_code_is_no_description(self) -> None:
        """Two units seen in a year each are still two years, under whatever name the column has."""
        frame = counts(k0104=1, k0136=2).drop(columns="time_period").assign(year=["2018", "2019"])
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons", period="year", absent="zero").frame
        assert dict(zip(found["year"], found["persons"], strict=True)) == {"2018": 1, "2019": 2}

    def test_a_choice_that_is_none(self) -> None:
        """Dropping unmapped rows without a word is not on offer."""
        with pytest.raises(SettingsError, match="on_unmapped is raise or keep, not 'drop'"):
            convert(counts(k0101=7), "region", way(HALDEN), measures="persons", on_unmapped="drop")  # type: ignore[arg-type]


class TestBalance:
    """The last guard, which no input is known to reach."""

    def test_a_balance_that_does_not_close_stops_the_conversion(self) -> None:
        """Each row that is off is told with by how much; those that close are not."""
        rows = [
            BalanceRow("persons", "persons", year, 10, out) for year, out in (("2017", 9), ("2018", 10), ("2019", 12))
        ]
        with pytest.raises(MappingError) as caught:
            _check_balance(Balance(tuple(rows)), way(HALDEN))
        assert caught.value.where == "NO-KOMMUNE:2019 -> NO-KOMMUNE:2024"
        assert caught.value.what.split("\n") == [
            "the balance does not close:",
            "  persons 2017: in 10 = out 9 (off by 1)",
            "  persons 2019: in 10 = out 12 (off by -2)",
        ]


class TestDetectVersion:
    """The set of codes tells the version."""

    LISTS = (
        codelist("NO-KOMMUNE:2019", "0101", "0301", "1103"),
        codelist("NO-KOMMUNE:2020", "3001", "0301", "1103"),
        codelist("NO-KOMMUNE:2022", "3001", "0301", "1103"),
        codelist("SE-KOMMUN:2007", "0301"),
    )

    def test_all_versions_that_hold_the_codes(self) -> None:
        """Codes that two versions share name both."""
        found = detect_version(["3001", "1103"], self.LISTS, "NO-KOMMUNE")
        assert list(map(str, found)) == ["NO-KOMMUNE:2020", "NO-KOMMUNE:2022"]

    def test_the_total_and_empty_cells_say_nothing(self) -> None:
        """They are passed over."""
        assert len(detect_version(pd.Series(["0301", "_T", None]), self.LISTS, "NO-KOMMUNE")) == 3

    def test_mixed_versions(self) -> None:
        """Which version lacks which code is said."""
        with pytest.raises(MixedVersionsError, match="none holds them all") as caught:
            detect_version(["0101", "3001"], self.LISTS, "NO-KOMMUNE")
        assert "NO-KOMMUNE:2019 holds 1 of them, not 3001" in str(caught.value)
        assert "NO-KOMMUNE:2020 holds 1 of them, not 0101" in str(caught.value)

    def test_a_code_of_no_version(self) -> None:
        """A code that was never in force is an unknown code, not a mixture."""
        with pytest.raises(UnknownCodeError, match="not in any version of NO-KOMMUNE: '9876'"):
            detect_version(["0101", "9876"], self.LISTS, "NO-KOMMUNE")

    @pytest.mark.fault("M07")
    def test_lost_zeros(self) -> None:
        """Numbers are refused before any version is guessed."""
        with pytest.raises(UnknownCodeError, match=r"301 \('0301' without its leading zero\)"):
            detect_version([301], self.LISTS, "NO-KOMMUNE")

    def test_a_scheme_that_is_not_there(self) -> None:
        """A scheme without lists is refused."""
        with pytest.raises(UnknownCodeError, match="no code list of 'DK-KOMMUNE'"):
            detect_version(["101"], self.LISTS, "DK-KOMMUNE")
