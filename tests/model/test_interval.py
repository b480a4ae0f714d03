"""Intervals keep both ends, open ones too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordstat.model.interval import Interval, hull

ends = st.floats(min_value=0, max_value=1e6, allow_nan=False)
intervals = st.tuples(ends, ends).map(lambda pair: Interval(min(pair), max(pair)))


@given(intervals, intervals, st.floats(0, 1), st.floats(0, 1))
def test_sum_holds_every_sum(first: Interval, second: Interval, a: float, b: float) -> None:
    """A sum of intervals holds the sum of any numbers from them."""
    x, y = _inside(first, a), _inside(second, b)

    assert (first + second).floor - 1e-6 <= x + y <= (first + second).ceiling + 1e-6


@given(intervals, intervals, st.floats(0, 1), st.floats(0, 1))
def test_difference_product_and_ratio_hold_every_result(first: Interval, second: Interval, a: float, b: float) -> None:
    """Difference, product and ratio hold the result for any numbers from them."""
    x, y = _inside(first, a), _inside(second, b)

    assert (first - second).floor - 1e-6 <= x - y <= (first - second).ceiling + 1e-6
    assert (first * second).floor - 1 <= x * y <= (first * second).ceiling + 1
    if y > 1:
        assert (first / second).floor * 0.999 <= x / y <= (first / second).ceiling * 1.001 + 1e-6


def test_open_end_stays_open() -> None:
    """What has no upper end has none after adding, scaling or dividing by what may be zero."""
    more_than = Interval(50_000, None)

    assert (more_than + Interval.point(1)).high is None
    assert more_than.scaled(0.5) == Interval(25_000, None)
    assert (Interval.point(1) / Interval(0, 1)).high is None


def test_interval_running_downwards_is_refused() -> None:
    """An interval whose low end is above its high end is a mistake, not an empty set."""
    with pytest.raises(ValueError, match="cannot run"):
        Interval(2, 1)


def test_overlap_counts_the_ends() -> None:
    """Two intervals that share only an end have a number in common."""
    assert Interval(0, 1).overlaps(Interval(1, 2))
    assert not Interval(0, 1).overlaps(Interval(1.001, 2))
    assert Interval(0, 1).gap(Interval(3, 4)) == 2


def test_hull_spans_all() -> None:
    """The hull is the smallest interval that holds all of them."""
    assert hull(Interval(3, 4), Interval(1, 2), Interval(0, None)) == Interval(0, None)


def test_products_of_possibly_negative_intervals_are_refused() -> None:
    """Products and ratios are for counts and shares; a change that may be negative is refused."""
    with pytest.raises(ValueError, match="counts and shares"):
        Interval(-1, 1) * Interval(1, 1)


@pytest.mark.parametrize(
    ("interval", "english", "swedish"),
    [
        (Interval(16_500, 17_500), "[16,500, 17,500]", "[16 500; 17 500]"),
        (Interval.point(17_749), "17,749", "17 749"),
        (Interval(2.55, 2.65), "[2.55, 2.65]", "[2,55; 2,65]"),
        (Interval(50_000, None), "[50,000, open)", "[50 000; öppet)"),
        (Interval(None, 3), "(open, 3]", "(öppet; 3]"),
    ],
)
def test_interval_is_written_as_people_write_numbers(interval: Interval, english: str, swedish: str) -> None:
    """Thousands, decimals and the sign between the ends are those of the language."""
    assert str(interval) == english
    assert interval.written("sv").replace("\N{NO-BREAK SPACE}", " ") == swedish


def _inside(interval: Interval, share: float) -> float:
    return interval.floor + share * (interval.ceiling - interval.floor)
