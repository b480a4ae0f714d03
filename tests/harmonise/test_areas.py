"""Conversion of counts, on frames small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from harmonise.ways import (
    AALESUND,
    HALDEN,
    MOSS,
    OSLO,
    RENNESOY,
    RYGGE,
    STAVANGER,
    SVALBARD,
    TYSFJORD,
    cells,
    counts,
    interval_counts,
    statuses,
    way,
)
from nordstat.harmonise.areas import convert, silent_breaks
from nordstat.model.codelist import CodeRelation, Correspondence, Link, SchemeVersion


def test_a_recoded_unit_keeps_its_count() -> None:
    """An exact link changes the code and nothing else."""
    found = convert(counts(k0101=7), "region", way(HALDEN), measures="persons").frame
    assert cells(found) == {"3101": 7}
    assert statuses(found) == {"3101": "exact"}


def test_whole_units_are_added() -> None:
    """Units that become one are summed, and marked aggregated."""
    found = convert(counts(k0104=20, k0136=5), "region", way(MOSS, RYGGE), measures="persons").frame
    assert cells(found) == {"3103": 25}
    assert statuses(found) == {"3103": "aggregated"}


def test_a_split_unit_is_shared_out_by_weight() -> None:
    """Weights give each part its share, marked estimated."""
    found = convert(counts(k1507=1000), "region", way(*AALESUND), measures="persons").frame
    assert cells(found) == {"1508": pytest.approx(862.125), "1580": pytest.approx(137.875)}
    assert set(statuses(found).values()) == {"estimated"}


def test_an_assumed_share_is_marked_as_such() -> None:
    """Where assumed weights are allowed, every row they touch says so."""
    found = convert(counts(k1850=10), "region", way(*TYSFJORD), measures="persons", allow_assumed=True).frame
    assert statuses(found) == {"1806": "estimated_assumed", "1875": "estimated_assumed"}


def test_a_share_is_estimated_whatever_its_link_is_called() -> None:
    """A link with a share below one is no whole unit, even if a file calls it narrower."""
    links = [Link("1507", code, CodeRelation.NARROWER, 0.5) for code in ("1508", "1580")]
    found = convert(counts(k1507=10), "region", way(*links), measures="persons").frame
    assert set(statuses(found).values()) == {"estimated"}


def test_the_weakest_part_decides_the_status() -> None:
    """A sum of a whole unit and a shared one is estimated."""
    whole = Link("1504", "1508", CodeRelation.NARROWER)
    found = convert(counts(k1504=1, k1507=1), "region", way(whole, *AALESUND), measures="persons").frame
    assert statuses(found)["1508"] == "estimated"


def test_both_ends_of_a_flow_are_shared_out_independently() -> None:
    """The weights of residence and workplace multiply."""
    flows = pd.DataFrame({"home": ["1507"], "work": ["1507"], "persons": [1000.0]})
    found = convert(flows, ["home", "work"], way(*AALESUND), measures="persons", period=None).frame
    shares = {(home, work): value for home, work, value in found[["home", "work", "persons"]].itertuples(index=False)}
    assert shares == {
        ("1508", "1508"): pytest.approx(1000 * 0.862125**2),
        ("1508", "1580"): pytest.approx(1000 * 0.862125 * 0.137875),
        ("1580", "1508"): pytest.approx(1000 * 0.862125 * 0.137875),
        ("1580", "1580"): pytest.approx(1000 * 0.137875**2),
    }
    assert set(found["mapping_status"]) == {"estimated"}


def test_one_split_end_is_enough_to_make_a_flow_estimated() -> None:
    """A flow whose one end is exact and the other shared out is estimated."""
    flows = pd.DataFrame({"home": ["0101"], "work": ["1507"], "persons": [10.0]})
    found = convert(flows, ["home", "work"], way(HALDEN, *AALESUND), measures="persons", period=None).frame
    assert set(found["mapping_status"]) == {"estimated"}


def test_other_columns_are_kept_apart() -> None:
    """Sex and period are keys: men are not added to women."""
    frame = pd.DataFrame(
        {"region": ["0104", "0136"] * 2, "sex": list("MMFF"), "time_period": "2019", "persons": [1, 2, 30, 40]}
    )
    found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
    assert cells(found, by="sex") == {"M": 3, "F": 70}


def test_the_result_is_in_the_order_of_its_keys() -> None:
    """Rows come sorted by the columns of the frame, whatever order they went in."""
    found = convert(counts(k0301=1, k0101=2), "region", way(HALDEN, OSLO), measures="persons").frame
    assert list(found["region"]) == ["0301", "3101"]


def test_whole_numbers_stay_whole() -> None:
    """Sums of whole units are integers where the counts were."""
    frame = counts(k0104=20, k0136=5).astype({"persons": "int64"})
    assert convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame["persons"].dtype == np.int64


def test_sums_do_not_overflow_a_narrow_column() -> None:
    """Two counts that fit in 16 bits make a sum that does not."""
    frame = counts(k0104=30_000, k0136=30_000).astype({"persons": "int16"})
    found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
    assert cells(found) == {"3103": 60_000}


def test_the_total_of_all_areas_passes_unchanged() -> None:
    """The code _T means all areas in any version; its row is no conversion."""
    frame = pd.DataFrame({"region": ["_T", "0101"], "time_period": "2019", "persons": [9, 7]})
    found = convert(frame, "region", way(HALDEN), measures="persons").frame
    assert cells(found) == {"3101": 7, "_T": 9}
    assert statuses(found)["_T"] == "none"


def test_the_version_column_follows_the_codes() -> None:
    """work_scheme says the new version beside new codes, and nothing beside the total."""
    frame = pd.DataFrame(
        {
            "work_scheme": ["NO-KOMMUNE:2019", None],
            "work_area": ["0101", "_T"],
            "time_period": "2019",
            "obs_value": [7.0, 9.0],
        }
    )
    found = convert(frame, "work_area", way(HALDEN), measures="obs_value").frame
    assert list(found["work_scheme"].astype(object).where(found["work_scheme"].notna(), None)) == [
        "NO-KOMMUNE:2024",
        None,
    ]


class TestIntervals:
    """What a number stands for is carried along."""

    def test_sums_add_the_ends(self) -> None:
        """Shown 0, 3 and 6 under SSB's rounding: the sum 9 stands for [7, 11]."""
        parts = [Link(code, "3103", CodeRelation.NARROWER) for code in ("0104", "0136", "0137")]
        frame = interval_counts(k0104=(0, 0, 2), k0136=(3, 1, 3), k0137=(6, 6, 6))
        found = convert(frame, "region", way(*parts), measures="obs_value").frame
        assert found[["obs_value", "obs_low", "obs_high"]].values.tolist() == [[9, 7, 11]]

    def test_weights_scale_the_ends(self) -> None:
        """Half of [8, 12] is [4, 6]."""
        frame = interval_counts(k1850=(10, 8, 12))
        found = convert(frame, "region", way(*TYSFJORD), measures="obs_value", allow_assumed=True).frame
        assert found[["obs_value", "obs_low", "obs_high"]].values.tolist() == [[5, 4, 6], [5, 4, 6]]

    @pytest.mark.fault("M12")
    def test_a_sum_with_a_missing_part_is_open_and_empty(self) -> None:
        """A suppressed part leaves no value and no high end; the visible part is the low end."""
        frame = interval_counts(k0104=(20, 20, 20), k0136=(None, None, None))
        found = convert(frame, "region", way(MOSS, RYGGE), measures="obs_value").frame
        assert found[["obs_value", "obs_high"]].isna().all(axis=None)
        assert cells(found, "obs_low") == {"3103": 20}

    @pytest.mark.fault("M12")
    def test_a_missing_part_hides_the_sum_without_ends_too(self) -> None:
        """A frame of bare values gives an empty cell, not the sum of what is visible."""
        found = convert(counts(k0104=20, k0136=None), "region", way(MOSS, RYGGE), measures="persons").frame
        assert cells(found) == {"3103": None}

    def test_a_suppressed_part_with_a_known_range_keeps_the_sum_bounded(self) -> None:
        """A hidden 1 or 2 leaves the value empty but both ends known."""
        frame = interval_counts(k0104=(20, 20, 20), k0136=(None, 1, 2))
        found = convert(frame, "region", way(MOSS, RYGGE), measures="obs_value").frame
        assert found[["obs_low", "obs_high"]].values.tolist() == [[21, 22]]
        assert cells(found, "obs_value") == {"3103": None}

    def test_an_end_open_in_every_part_stays_open(self) -> None:
        """Where no part has a low end, the sum has none."""
        frame = interval_counts(k0104=(20, None, 25), k0136=(5, None, 6))
        found = convert(frame, "region", way(MOSS, RYGGE), measures="obs_value").frame
        assert cells(found, "obs_low") == {"3103": None}

    def test_more_than_leaves_the_top_open(self) -> None:
        """ "More than 50,000" beside an exact count: the sum has a low end and no high one."""
        frame = interval_counts(k0104=(50_000, 50_000, None), k0136=(5, 5, 5))
        found = convert(frame, "region", way(MOSS, RYGGE), measures="obs_value").frame
        assert cells(found, "obs_low") == {"3103": 50_005}
        assert cells(found, "obs_high") == {"3103": None}


class TestAbsentParts:
    """A target whose other parts are not in the frame is not whole."""

    @pytest.mark.fault("M12")
    def test_a_part_that_is_not_there_leaves_the_value_empty(self) -> None:
        """Moss without Rygge is not the new Moss."""
        found = convert(counts(k0101=7, k0104=20), "region", way(HALDEN, MOSS, RYGGE), measures="persons")
        assert cells(found.frame) == {"3101": 7, "3103": None}

    def test_what_is_absent_is_named(self) -> None:
        """The conversion says which code is missing for which target and period."""
        found = convert(counts(k0104=20), "region", way(MOSS, RYGGE), measures="persons").incomplete
        assert found.to_dict("records") == [
            {"time_period": "2019", "column": "region", "target": "3103", "absent": "0136"}
        ]

    def test_absent_may_mean_zero(self) -> None:
        """In a table that leaves out zeros the sum is whole."""
        found = convert(counts(k0104=20), "region", way(MOSS, RYGGE), measures="persons", absent="zero")
        assert cells(found.frame) == {"3103": 20}
        assert found.incomplete.empty

    def test_a_part_absent_in_one_period_only_hides_that_period_only(self) -> None:
        """Each period is judged by its own codes."""
        frame = pd.DataFrame(
            {"region": ["0104", "0136", "0104"], "time_period": ["2018", "2018", "2019"], "persons": [20, 5, 21]}
        )
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
        assert cells(found, by="time_period") == {"2018": 25, "2019": None}

    def test_one_source_does_not_vouch_for_another(self) -> None:
        """A figure for Moss alone is not completed by another table that has Rygge."""
        frame = pd.DataFrame(
            {
                "region": ["0104", "0136", "0104"],
                "time_period": "2019",
                "source": ["SSB:03321", "SSB:03321", "F001"],
                "persons": [20, 5, 19],
            }
        )
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
        assert cells(found, by="source") == {"SSB:03321": 25, "F001": None}

    def test_codes_of_another_level_are_not_missed(self) -> None:
        """A table of sections lacks no divisions."""
        links = [Link(code, "B+C", CodeRelation.NARROWER) for code in ("B", "C", "05", "10")]
        found = convert(counts(kB=1, kC=2), "region", way(*links), measures="persons").frame
        assert cells(found) == {"B+C": 3}


class TestBalance:
    """What goes in is accounted for."""

    def test_in_is_out(self) -> None:
        """Without gaps everything comes out again."""
        (row,) = convert(counts(k0104=20, k0136=5), "region", way(MOSS, RYGGE), measures="persons").balance
        assert (row.measure, row.period, row.total_in, row.total_out) == ("persons", "2019", 25, 25)

    def test_a_row_for_every_measure_and_period(self) -> None:
        """The kind of number and the period tell the rows apart."""
        frame = pd.DataFrame(
            {
                "region": "0101",
                "measure": ["persons", "persons", "jobs"],
                "time_period": ["2018", "2019", "2019"],
                "obs_value": [1, 2, 4],
            }
        )
        found = convert(frame, "region", way(HALDEN), measures="obs_value").balance
        assert {(row.measure, row.period): row.total_out for row in found} == {
            ("jobs", "2019"): 4,
            ("persons", "2018"): 1,
            ("persons", "2019"): 2,
        }

    def test_unmapped_counts_are_stated(self) -> None:
        """A code without counterpart goes to the balance, its row is put aside as it came."""
        frame = counts(k0101=7, k2111=2)
        found = convert(frame, "region", way(HALDEN, SVALBARD), measures="persons", on_unmapped="keep")
        (row,) = found.balance
        assert (row.total_in, row.total_out, row.unmapped) == (9, 7, 2)
        pd.testing.assert_frame_equal(found.unmapped, frame.iloc[[1]])

    def test_counts_beside_a_missing_part_are_withheld_not_lost(self) -> None:
        """The visible part of an empty cell is in the balance."""
        (row,) = convert(counts(k0104=20, k0136=None), "region", way(MOSS, RYGGE), measures="persons").balance
        assert (row.total_in, row.total_out, row.withheld, row.missing, row.closes) == (20, 0, 20, 1, True)

    def test_it_reads_as_one_line_a_row(self) -> None:
        """The balance prints as a sentence."""
        found = convert(
            counts(k0101=7, k2111=2), "region", way(HALDEN, SVALBARD), measures="persons", on_unmapped="keep"
        )
        assert str(found.balance) == "persons 2019: in 9 = out 7 + unmapped 2"

    def test_an_empty_frame_has_an_empty_balance(self) -> None:
        """No rows in, no rows out."""
        found = convert(counts(k0101=7)[:0], "region", way(HALDEN), measures="persons")
        assert (len(found.frame), len(found.balance)) == (0, 0)


class TestStatuses:
    """Columns that describe the number follow it; they never keep parts apart."""

    def frame(self, **columns: list[str | None]) -> pd.DataFrame:
        return counts(k0104=20, k0136=None).assign(**columns)

    def test_a_suppressed_part_shows_in_the_status(self) -> None:
        """Normal and suppressed make suppressed, in one row."""
        found = convert(self.frame(obs_status=["A", "Q"]), "region", way(MOSS, RYGGE), measures="persons").frame
        assert list(found["obs_status"]) == ["Q"]

    def test_an_emptied_cell_is_not_called_normal(self) -> None:
        """A value left out because a part is absent has the status of a missing value."""
        frame = counts(k0104=20).assign(obs_status="A")
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
        assert list(found["obs_status"]) == ["O"]

    def test_an_earlier_mapping_is_not_forgotten(self) -> None:
        """What was estimated before stays estimated after an exact step."""
        frame = counts(k0101=7).assign(mapping_status="estimated")
        assert statuses(convert(frame, "region", way(HALDEN), measures="persons").frame) == {"3101": "estimated"}

    def test_where_parts_come_from_different_bytes_none_is_named(self) -> None:
        """The snapshot of a sum is named only where all parts have the same."""
        frame = counts(k0104=1, k0136=2, k0101=3).assign(snapshot=["aa", "bb", "aa"])
        found = convert(frame, "region", way(HALDEN, MOSS, RYGGE), measures="persons").frame
        assert found["snapshot"].isna().tolist() == [False, True]


class TestSources:
    """Where a sum is cited from."""

    def frame(self) -> pd.DataFrame:
        """Three lines of one transcribed table, as a release holds them."""
        frame = counts(k0101=7, k0104=20, k0136=5)
        return frame.assign(source_kind="transcribed", source=["ssb-11616:2", "ssb-11616:3", "ssb-11616:4"])

    def test_lines_of_one_file_are_added(self) -> None:
        """The line of a row is no key: Moss and Rygge of one table are one municipality."""
        found = convert(self.frame(), "region", way(HALDEN, MOSS, RYGGE), measures="persons").frame
        assert cells(found) == {"3101": 7, "3103": 25}

    def test_one_line_is_cited_as_it_stands_and_several_as_their_file(self) -> None:
        """A sum of lines cites the file."""
        found = convert(self.frame(), "region", way(HALDEN, MOSS, RYGGE), measures="persons").frame
        assert dict(zip(found["region"], found["source"], strict=True)) == {"3101": "ssb-11616:2", "3103": "ssb-11616"}

    def test_the_number_of_a_service_table_is_no_line(self) -> None:
        """SSB:03321 and SSB:07984 are two tables, and stay apart."""
        frame = pd.concat([counts(k0104=20, k0136=5)] * 2).assign(
            source_kind="table", source=["SSB:03321"] * 2 + ["SSB:07984"] * 2
        )
        found = convert(frame, "region", way(MOSS, RYGGE), measures="persons").frame
        assert cells(found, by="source") == {"SSB:03321": 25, "SSB:07984": 25}


class TestExplaining:
    """The source code is never lost from sight."""

    def test_links_say_which_sources_made_a_target(self) -> None:
        """Every code that occurs is listed with its targets and shares."""
        frame = counts(k0104=20, k0136=5)
        links = convert(frame, "region", way(HALDEN, MOSS, RYGGE), measures="persons").links
        assert links[["source", "target", "weight"]].values.tolist() == [["0104", "3103", 1.0], ["0136", "3103", 1.0]]

    def test_a_chain_is_recorded(self) -> None:
        """A composed correspondence says what it went through."""
        through = (SchemeVersion("NO-KOMMUNE", "2020"),)
        chain = Correspondence(way().source, way().target, (HALDEN,), through)
        assert convert(counts(k0101=7), "region", chain, measures="persons").via == through

    def test_the_frame_that_came_in_is_not_changed(self) -> None:
        """Conversion is a pure function."""
        frame = interval_counts(k0104=(20, 20, 20), k0136=(None, None, None))
        before = frame.copy(deep=True)
        convert(frame, "region", way(MOSS, RYGGE), measures="obs_value")
        pd.testing.assert_frame_equal(frame, before)


@pytest.mark.fault("P07")
class TestSilentBreaks:
    """A code that both versions have, for different territories."""

    def test_a_code_that_grew_is_found(self) -> None:
        """Stavanger keeps 1103 and takes Rennesøy in; Oslo keeps 0301 and stays the same."""
        assert silent_breaks(way(OSLO, STAVANGER, RENNESOY)) == ("1103",)

    def test_a_code_given_to_another_unit_is_found(self) -> None:
        """K was finance and is telecommunications: the letter breaks although K goes to L."""
        moved = way(Link("J", "K", CodeRelation.EXACT), Link("K", "L", CodeRelation.EXACT))
        assert silent_breaks(moved) == ("K",)

    def test_its_rows_are_marked(self) -> None:
        """The result says where a series by code alone would break."""
        frame = counts(k0301=1, k1103=2, k1142=3)
        found = convert(frame, "region", way(OSLO, STAVANGER, RENNESOY), measures="persons")
        assert dict(zip(found.frame["region"], found.frame["silent_break"], strict=True)) == {
            "0301": False,
            "1103": True,
        }
        assert found.breaks == ("1103",)

    def test_the_mark_survives_a_second_conversion(self) -> None:
        """A break of an earlier step is not forgotten in the next."""
        first = convert(counts(k1103=2, k1142=3), "region", way(STAVANGER, RENNESOY), measures="persons").frame
        onward = way(Link("1103", "1103", CodeRelation.EXACT))
        assert convert(first, "region", onward, measures="persons").frame["silent_break"].all()
