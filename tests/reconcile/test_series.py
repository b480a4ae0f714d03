"""Series over time: break marks, and growth that does not cross them unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nordstat.api.quality import series
from nordstat.errors import BreakInSeriesError, SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.series import Link, Series
from nordstat.reconcile.series import series as join

REFWEEK = "ssb-nonresident-refweek"
A_ORDNINGEN = "ssb-2015-a-ordningen"


@pytest.fixture(scope="module")
def swedes() -> Series:
    """People with Swedish background who work in Norway without being registered there."""
    return series(REFWEEK, residence="SE", work="NO")


@pytest.fixture(scope="module")
def everybody() -> Series:
    """Everybody who works in Norway without being registered there."""
    return series(REFWEEK, residence="ABROAD_NO", work="NO")


def test_series_joins_publications_in_order_of_time(everybody: Series) -> None:
    """Published figures and transcribed rows of 2004 to 2020 make one series, one row a period."""
    table = everybody.table

    periods = "2004-Q4 2007-Q4 2008-Q4 2010-Q4 2011-Q4 2012-Q4 2013-Q4 2014-Q4 2015-Q4 2016-Q4 2020-Q4"
    assert table["time_period"].tolist() == periods.split()
    assert table.set_index("time_period").loc["2014-Q4", "obs_value"] == 96_621


@pytest.mark.fault("R13")
def test_first_number_after_a_break_is_marked(everybody: Series) -> None:
    """B stands at 2007 (age 15), 2008 (age at the reference week) and 2015 (a-ordningen); codes alone break nothing."""
    table = everybody.table.set_index("time_period")

    assert table.index[table["obs_status"] == "B"].tolist() == ["2007-Q4", "2008-Q4", "2015-Q4"]
    assert table.loc["2015-Q4", "break"] == A_ORDNINGEN
    assert table.loc["2020-Q4", "obs_status"] == "A"
    assert "ssb-2020-regions" in table.loc["2020-Q4", "change"]
    assert table["segment"].tolist() == [0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3]


def test_comparable_length_counts_from_the_last_break(everybody: Series, swedes: Series) -> None:
    """Three numbers since 2015 for everybody, four for the Swedes."""
    assert everybody.comparable_length == 3
    assert swedes.comparable_length == 4


@pytest.mark.fault("R13")
def test_fall_from_28_000_to_13_000_crosses_2015_and_is_refused(swedes: Series) -> None:
    """Nearly 28,000 and about 13,000 lie on two sides of a break that SSB calls not real: no growth without a link."""
    with pytest.raises(BreakInSeriesError, match="not real") as caught:
        swedes.growth("2013-01-01/P2Y", "2023-01-01/P2Y")

    assert caught.value.breaks == (A_ORDNINGEN,)
    assert "source" in caught.value.hint


@pytest.mark.fault("R13")
def test_period_known_only_roughly_may_lie_behind_a_break_inside_it(corpus: Corpus, shipped: Mappings) -> None:
    """About 13,000 in 2023 or 2024 may be from after a break of May 2024, so growth to it is refused."""
    inside = replace(shipped.breaks[A_ORDNINGEN], id="x-2024", day=date(2024, 5, 1))
    swedes = join(corpus, [inside], REFWEEK, residence="SE", work="NO")

    with pytest.raises(BreakInSeriesError) as caught:
        swedes.growth("2020-Q4", "2023-01-01/P2Y")

    assert caught.value.breaks == ("x-2024",)


def test_growth_within_a_segment_is_an_interval(everybody: Series, swedes: Series) -> None:
    """70,998 to 82,765 is 16.6 per cent; from just over 21,400 to 17,749 the fall is 17.1 to 17.3."""
    rise = everybody.growth("2011-Q4", "2012-Q4").percent
    fall = swedes.growth("2015-Q4", "2016-Q4").percent

    assert rise.floor == rise.ceiling == pytest.approx(16.574, abs=1e-3)
    assert (fall.floor, fall.ceiling) == pytest.approx((-17.254, -17.061), abs=1e-3)


@pytest.mark.fault("R13")
def test_named_factor_leads_over_the_break_and_stays_visible(everybody: Series) -> None:
    """With a factor of 0.80 to 0.85 the fall of 19.9 per cent is -5.7 to +0.2, and the factor's source is told."""
    link = Link(A_ORDNINGEN, Interval(0.80, 0.85), "an assumption of this test")

    growth = everybody.growth("2014-Q4", "2015-Q4", links=[link])

    assert (growth.percent.floor, growth.percent.ceiling) == pytest.approx((-5.72, 0.17), abs=0.01)
    assert "led over ssb-2015-a-ordningen by [0.8, 0.85] (an assumption of this test)" in str(growth)


def test_each_break_needs_its_own_factor(everybody: Series) -> None:
    """A factor for 2015 does not lead over 2008."""
    link = Link(A_ORDNINGEN, Interval(0.80, 0.85), "a source")

    with pytest.raises(BreakInSeriesError) as caught:
        everybody.growth("2007-Q4", "2016-Q4", links=[link])

    assert caught.value.breaks == ("ssb-2008-age",)


def test_factor_without_a_source_or_a_break_is_refused(everybody: Series) -> None:
    """A link names its source, lies between the two periods, and stands once."""
    link = Link(A_ORDNINGEN, Interval.point(0.8), "a source")

    with pytest.raises(SettingsError, match="has no source"):
        Link(A_ORDNINGEN, Interval.point(0.8), " ")
    with pytest.raises(SettingsError, match="no break to lead over"):
        everybody.growth("2011-Q4", "2012-Q4", links=[link])
    with pytest.raises(SettingsError, match="two factors"):
        everybody.growth("2014-Q4", "2015-Q4", links=[link, link])


@pytest.mark.parametrize(
    ("start", "end", "words"), [("2005-Q4", "2016-Q4", "no 2005-Q4"), ("2016-Q4", "2015-Q4", "not before")]
)
def test_period_that_does_not_fit_is_refused(everybody: Series, start: str, end: str, words: str) -> None:
    """A period the series lacks is not interpolated, and growth does not run backwards."""
    with pytest.raises(SettingsError, match=words):
        everybody.growth(start, end)


def test_another_definition_is_never_joined() -> None:
    """The linked registers of 2003 to 2014 and Nordic Mobility of 2015 are two series."""
    statnord = series("nordic-mainjob", residence="SE", work="NO")

    assert statnord.table["time_period"].tolist() == ["2003-11", "2009-11", "2010-11", "2014-11"]


def test_two_numbers_of_one_period_that_cannot_both_hold_leave_no_value(corpus: Corpus) -> None:
    """1,276 and 1,500 for one flow and year: the ends hold both, the value is empty, and both are named."""
    item = corpus.item("F114")
    other = replace(item, interval=Interval.point(1_500), figure=replace(item.figure, id="X1", value=1_500.0))
    contradicting = replace(corpus, items=(*corpus.items, other))

    agreed = join(corpus, (), "nordic-mobility", residence="FI", work="SE").table
    table = join(contradicting, (), "nordic-mobility", residence="FI", work="SE").table

    assert (agreed["obs_value"][0], agreed["source"][0]) == (1_276, "F114")
    assert table["obs_value"].isna().all()
    assert (table["obs_low"][0], table["obs_high"][0]) == (1_250, 1_500)
    assert table["source"][0] == "F108 F114 X1"


def test_series_that_is_not_there_is_refused() -> None:
    """An unknown definition, a breakdown there is none of, and a code that means two areas are told apart."""
    with pytest.raises(SettingsError, match="no dated count"):
        series("eu-frontier-worker", residence="SE", work="NO")
    with pytest.raises(SettingsError, match="no age"):
        series(REFWEEK, residence="SE", work="NO", age="20-64")


def test_break_of_a_definition_holds_whoever_prints_its_numbers(shipped: Mappings) -> None:
    """SCB prints numbers of the linked registers: the break that the Nordic offices state holds for them too."""
    statnord = series("nordic-mainjob", residence="SE", work="NO")

    assert "nordic-2015-mobility" in {found.id for found in statnord.breaks}
    assert shipped.breaks["nordic-2015-mobility"].reporter == "NORDIC"
