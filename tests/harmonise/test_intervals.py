"""From a phrase of precision, or from rounding, to an interval: the arithmetic of the worked examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordstat.harmonise.intervals import interval_of, ssb_rounded, unit_of
from nordstat.model.interval import Interval
from nordstat.model.precision import Precision


@pytest.mark.parametrize(
    ("value", "phrase", "low", "high"),
    [
        (17_749, "exact", 17_749, 17_749),
        (17_000, "about", 16_500, 17_500),
        (17_000, "approximately", 16_500, 17_500),
        (2.6, "rounded (0.1)", 2.55, 2.65),
        (2.6, "rounded", 2.55, 2.65),
        (4_000, "just over", 4_000, 4_500),
        (21_400, "just over", 21_400, 21_450),
        (22_700, "almost", 22_650, 22_700),
        (60_000, "nearly", 55_000, 60_000),
        (50_000, "more than", 50_000, None),
        (55_600, "rounded (hundreds)", 55_550, 55_650),
        (920, "rounded (tens)", 915, 925),
        (30, "range 30-35", 30, 35),
        (60, "six in ten", 55, 65),
        (50, "nearly half", 45, 50),
        (25, "more than a quarter", 25, None),
        (50, "just over half", 50, 55),
        (400, "less than", 0, 400),
        (0, "less than", 0, 0),
        (-400, "less than", None, -400),
        (-400, "about", -450, -350),
        (30, "rounded (hundreds)", 0, 80),
    ],
)
@pytest.mark.fault("R15")
def test_phrase_gives_its_interval(value: float, phrase: str, low: float | None, high: float | None) -> None:
    """Each phrase gives the interval of the worked examples."""
    assert Interval(low, high) == interval_of(value, Precision.parse(phrase))


def test_one_in_four_reaches_the_midpoints_towards_one_in_five_and_one_in_three() -> None:
    """A simple fraction reaches half way to the neighbouring simple fractions."""
    interval = interval_of(25, Precision.parse("one in four"))

    assert interval.floor == pytest.approx(22.5)
    assert interval.ceiling == pytest.approx(29.1666, abs=1e-3)


def test_width_of_one_sided_phrases_can_be_tried() -> None:
    """The sensitivity table asks for a whole unit beside "just over" and "nearly"; "about" stays half a unit."""
    wide = [interval_of(4_000, Precision.parse(phrase), one_sided=1.0) for phrase in ("just over", "nearly", "about")]

    assert wide == [Interval(4_000, 5_000), Interval(3_000, 4_000), Interval(3_500, 4_500)]


@pytest.mark.parametrize("phrase", ["some", "some 300", "circa", "rounded (dozens)", "four in three", "range 5-3", ""])
def test_unknown_phrase_is_refused(phrase: str) -> None:
    """A phrase nobody has agreed on is refused, not guessed."""
    with pytest.raises(ValueError, match=r"precision|unit|range"):
        Precision.parse(phrase)


@given(
    st.floats(min_value=0, max_value=1e9, allow_nan=False).map(lambda v: round(v, 2)),
    st.sampled_from(["exact", "about", "just over", "nearly", "more than", "less than", "rounded (hundreds)"]),
)
def test_interval_holds_the_printed_number(value: float, phrase: str) -> None:
    """Whatever the phrase, the printed number is possible and a count is never negative."""
    interval = interval_of(value, Precision.parse(phrase))

    assert interval.contains(value)
    assert interval.floor >= 0


@pytest.mark.parametrize(
    ("value", "unit"), [(17_000, 1_000), (22_700, 100), (17_749, 1), (2.6, 0.1), (0.5, 0.1), (100, 100), (0, 1)]
)
def test_unit_is_the_place_of_the_last_digit_that_is_not_zero(value: float, unit: float) -> None:
    """The unit of a printed number is the place of its last non-zero digit."""
    assert unit == unit_of(value)


@pytest.mark.fault("R10")
def test_ssb_rounding_gives_the_sum_its_bounds() -> None:
    """Shown 0 + 3 + 6 = 9 stands for 7 to 11: two up for a shown 0, two down for a shown 3."""
    low, high = ssb_rounded(np.array([0.0, 3.0, 6.0]))

    assert (low.sum(), high.sum()) == (7.0, 11.0)


def test_missing_stays_missing_under_ssb_rounding() -> None:
    """A cell without a number gets no ends."""
    low, high = ssb_rounded(np.array([np.nan]))

    assert np.isnan(low).all()
    assert np.isnan(high).all()
