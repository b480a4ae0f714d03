"""Time codes of PxWeb: a period of the project, or a refusal in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordstat.decode import chronological, read_period
from nordstat.errors import DecodeError


@pytest.mark.fault("J21")
@pytest.mark.parametrize(
    ("code", "text", "freq", "rough"),
    [
        ("2023", "2023", "A", False),
        ("2023K1", "2023-Q1", "Q", False),
        ("2023Q4", "2023-Q4", "Q", False),
        ("2023M01", "2023-01", "M", False),
        ("2023M12", "2023-12", "M", False),
        ("2023U09", "2023-W09", "W", False),
        ("2020U53", "2020-W53", "W", False),
        ("2022-2023", "2022-01-01/P2Y", "A", True),
    ],
)
def test_time_code_gives_its_period(code: str, text: str, freq: str, rough: bool) -> None:
    """Years, quarters, months, weeks and ranges of years become SDMX periods."""
    period = read_period(code)
    assert (text, freq, rough) == (period.text, period.freq, period.rough)


@pytest.mark.fault("J21")
@pytest.mark.parametrize(
    "code",
    [
        *("", "23", "02023", "2023K5", "2023K0", "2023K01", "2023M13", "2023M1", "2023U54", "2023U53", "2023U9"),
        *("2023T1", "2023-Q1", "2023-01", "2008K4 Ny", "2023 ", "2023-2022", "2023-", "20230101", "9999", "0000"),
        *("2023k1", "２０２３", "Mar-May 1993", "TotSA", "2023A"),
    ],
)
def test_other_code_is_refused(code: str) -> None:
    """A code of no known form, or that names no period of the calendar, is refused and never guessed."""
    with pytest.raises(DecodeError, match="names no period"):
        read_period(code)


@pytest.mark.fault("J21")
def test_half_year_is_refused_in_words() -> None:
    """A half-year is understood and has no place in the project's periods."""
    with pytest.raises(DecodeError, match="names a half-year"):
        read_period("2023H1")


@pytest.mark.fault("J21")
def test_order_is_chronological() -> None:
    """Codes of different lengths stand in the order of their days, not of their letters."""
    shuffled = ["2023U09", "2023M12", "2023", "2022-2023", "2023K1", "2022", "2023M01", "2023K4"]
    expected = ("2022", "2022-2023", "2023M01", "2023K1", "2023", "2023U09", "2023K4", "2023M12")
    assert expected == chronological(shuffled)


@pytest.mark.fault("J21")
@given(st.permutations([f"{year}U{week:02}" for year in (2019, 2020, 2021) for week in (1, 9, 10, 52)]))
def test_order_does_not_depend_on_the_order_given(codes: list[str]) -> None:
    """However the codes come, they leave in the same order."""
    assert chronological(sorted(codes)) == chronological(codes)


def test_two_codes_of_one_period_are_refused() -> None:
    """K and Q both write the quarter; a table that has both has it twice."""
    with pytest.raises(DecodeError, match="'2023K1' and '2023Q1' name the same period"):
        chronological(["2023K1", "2023Q1"])
