"""Periods are SDMX text with the days they cover."""

from __future__ import annotations

from datetime import date

import pytest

from nordstat.model.period import Period


@pytest.mark.parametrize(
    ("text", "start", "end", "freq"),
    [
        ("2016", date(2016, 1, 1), date(2017, 1, 1), "A"),
        ("2016-Q4", date(2016, 10, 1), date(2017, 1, 1), "Q"),
        ("2016-12", date(2016, 12, 1), date(2017, 1, 1), "M"),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4), "W"),
        ("2001-10-01", date(2001, 10, 1), date(2001, 10, 2), "D"),
        ("2013-01-01/P2Y", date(2013, 1, 1), date(2015, 1, 1), "A"),
    ],
)
def test_form_gives_its_days(text: str, start: date, end: date, freq: str) -> None:
    """Each form gives its first day, the day after its last, and its frequency."""
    period = Period.parse(text)

    assert (start, end, freq) == (period.start, period.end, period.freq)
    assert text == str(period)


@pytest.mark.parametrize("text", ["", "2016K4", "16", "2016-13", "2016-Q5", "c. 2013", "2016-1", "2015-2018", "٢٠١٦"])
def test_other_text_is_refused(text: str) -> None:
    """Anything else is refused with the forms that are known."""
    with pytest.raises(ValueError, match="no time period"):
        Period.parse(text)


def test_november_lies_in_the_fourth_quarter_and_not_in_the_third() -> None:
    """Periods of different frequency overlap by their days."""
    november = Period.parse("2015-11")

    assert november.within(Period.parse("2015-Q4"))
    assert not november.overlaps(Period.parse("2015-Q3"))
    assert Period.parse("2013-01-01/P2Y").rough
