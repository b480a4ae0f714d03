"""Observations and reconciliations as whole tables."""

from __future__ import annotations

import pytest

from nordstat.errors import SchemaViolationError
from nordstat.schema.observations import check_observations
from nordstat.schema.reconciliation import check_reconciliation
from release.samples import observations, reconciliation, verdict


def test_the_sample_is_sound() -> None:
    """Real published numbers pass."""
    check_observations(observations())


def test_a_value_outside_its_interval_is_refused() -> None:
    """A number must lie in what it stands for."""
    with pytest.raises(SchemaViolationError, match="obs_value lies outside obs_low to obs_high: 17749"):
        check_observations(observations({"obs_low": 17750, "obs_high": 17760}))


def test_an_interval_upside_down_is_refused() -> None:
    """Also where no value stands."""
    with pytest.raises(SchemaViolationError, match="lies outside"):
        check_observations(observations({"obs_value": None, "obs_low": 3, "obs_high": 1}))


def test_open_ends_are_allowed() -> None:
    """'More than 50,000' has no upper end."""
    check_observations(observations({"obs_value": 50000, "obs_low": 50000, "obs_high": None}))


def test_the_same_key_twice_is_refused() -> None:
    """Two rows with one key are a fault, whatever their values."""
    with pytest.raises(SchemaViolationError, match=r"gives the same key more than once.*1 more rows"):
        check_observations(observations({"obs_value": 17749}, {"obs_value": None}))


def test_empty_cells_count_as_equal_in_a_key() -> None:
    """Two rows without a vintage and otherwise alike have the same key."""
    with pytest.raises(SchemaViolationError, match="more than once"):
        check_observations(observations({"vintage": None}, {"vintage": None}))


def test_two_offices_may_count_the_same_flow() -> None:
    """Reporter is part of the key: two rows, never averaged."""
    check_observations(observations({}, {"reporter": "SCB"}))


@pytest.mark.parametrize(("period", "freq"), [("2016K4", "Q"), ("2016", "Q"), (None, "A"), ("2016", None)])
def test_a_period_that_does_not_fit_its_frequency_is_refused(period: str | None, freq: str | None) -> None:
    """A period is an SDMX period of the frequency stated, or neither is stated."""
    with pytest.raises(SchemaViolationError, match="time_period is no period of the frequency stated"):
        check_observations(observations({}, {"time_period": period, "freq": freq, "source": "x"}))


def test_an_unknown_status_is_refused() -> None:
    """Statuses are the SDMX list's."""
    with pytest.raises(SchemaViolationError, match="obs_status is not one of A, B, D"):
        check_observations(observations({"obs_status": "Z"}))


def test_an_empty_table_is_sound() -> None:
    """No rows are no fault."""
    check_observations(observations().head(0))


def test_a_figure_has_one_verdict() -> None:
    """Two verdicts for one figure are refused."""
    with pytest.raises(SchemaViolationError, match="figure has more than one verdict"):
        check_reconciliation(reconciliation([verdict("F281"), verdict("F281", "inconsistent")]))


def test_a_verdict_is_one_of_the_six() -> None:
    """There is no seventh verdict."""
    with pytest.raises(SchemaViolationError, match="verdict is not one of consistent"):
        check_reconciliation(reconciliation([verdict("F281", "confirmed")]))
