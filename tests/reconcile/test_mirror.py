"""One flow, two offices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nordstat.errors import ReconciliationError
from nordstat.mapping.check import Mappings
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.mirror import asymmetry, mirror, mirrored_figures


def _frame(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    """Give observations: office, place of residence, value."""
    return pd.DataFrame(rows, columns=["reporter", "residence_area", "obs_value"]).assign(
        definition="d", measure="persons", time_period="2016", work_area="NO"
    )


def test_asymmetry_is_the_difference_over_the_average() -> None:
    """120 out against 80 in: +0.4, with its size 0.4; the other way round -0.4."""
    out = mirror(_frame(("SCB", "a", 120.0), ("SSB", "a", 80.0)), "SCB", "SSB").table
    back = mirror(_frame(("SCB", "a", 80.0), ("SSB", "a", 120.0)), "SCB", "SSB").table

    assert (out["signed"][0], out["absolute"][0]) == pytest.approx((0.4, 0.4))
    assert (back["signed"][0], back["absolute"][0]) == pytest.approx((-0.4, 0.4))
    assert out["obs_status"][0] == "A"
    assert out["reason"][0] == ""


@pytest.mark.fault("R02")
def test_flow_that_one_side_lacks_has_no_asymmetry() -> None:
    """With one side missing the asymmetry is empty with its reason, not 0, and the flow is flagged E."""
    frame = _frame(("SCB", "a", 120.0), ("SSB", "b", 80.0), ("SCB", "c", 5.0), ("SSB", "c", None))

    table = mirror(frame, "SCB", "SSB").table

    assert table["signed"].isna().all()
    assert table["absolute"].isna().all()
    assert table["reason"].tolist() == ["SSB shows no number", "SCB shows no number", "SSB shows no number"]
    assert set(table["obs_status"]) == {"E"}


@pytest.mark.fault("R03")
def test_flow_of_nobody_on_both_sides_has_no_asymmetry() -> None:
    """0 against 0 is empty with its reason, without a warning, and counts as known."""
    table = mirror(_frame(("SCB", "a", 0.0), ("SSB", "a", 0.0)), "SCB", "SSB").table

    assert np.isnan(table["signed"][0])
    assert table["reason"][0] == "both are 0"
    assert table["obs_status"][0] == "A"


def test_one_side_zero_is_the_largest_asymmetry() -> None:
    """10 against 0 is 2, the end of the scale."""
    assert asymmetry(np.array([10.0, 0.0]), np.array([0.0, 10.0])).tolist() == [2.0, -2.0]


def test_aggregate_is_over_flows_that_both_count() -> None:
    """|120 - 80| + |50 - 60| over half of 310 is 0.323; a flow of one side alone plays no part."""
    both = [("SCB", "a", 120.0), ("SSB", "a", 80.0), ("SCB", "b", 50.0), ("SSB", "b", 60.0)]

    assert mirror(_frame(*both, ("SCB", "c", 9.0)), "SCB", "SSB").aggregate == pytest.approx(50 / 155)
    assert mirror(_frame(("SCB", "c", 9.0)), "SCB", "SSB").aggregate is None
    assert "3 flows, 2 counted by both, aggregate asymmetry 0.323" in str(
        mirror(_frame(*both, ("SCB", "c", 9.0)), "SCB", "SSB")
    )


def test_several_numbers_for_one_flow_are_never_chosen_from() -> None:
    """An office that counts a flow in two ways must be told which; with the definition named, it is one number."""
    frame = pd.concat(
        [_frame(("SCB", "a", 1.0), ("SSB", "a", 2.0)), _frame(("SSB", "a", 3.0)).assign(definition="e")],
        ignore_index=True,
    )

    with pytest.raises(ReconciliationError, match=r"SSB has several numbers .* definitions: d, e"):
        mirror(frame, "SCB", "SSB")
    assert mirror(frame, "SCB", "SSB", definitions=(None, "e")).table["SSB"].tolist() == [3.0]


def test_mirror_without_numbers_is_refused() -> None:
    """Two offices that are not in the frame are no agreement."""
    with pytest.raises(ReconciliationError, match="matched no cell"):
        mirror(_frame(("SCB", "a", 1.0)), "NAV", "FK")


def test_shipped_figures_of_two_offices_are_mirrored(corpus: Corpus) -> None:
    """Flows of 2015 that the Nordic database, Finland's and Norway's offices print; and SSB beside the linked count."""
    table = mirrored_figures(corpus).set_index(["first", "second"])

    assert {("F101", "F118"), ("F108", "F114"), ("F110", "F115"), ("F127", "F117"), ("F099", "F188")} == set(
        table.index
    )
    assert table.loc[("F108", "F114"), "absolute"] == pytest.approx(24 / 1288)
    assert not table.loc[("F099", "F188"), "may_agree"]


def test_observations_are_mirrored_by_definition(shipped: Mappings) -> None:
    """In the shipped observations the Nordic database and Statistics Finland count three flows from and to Finland."""
    frame = pipeline.observations(shipped)
    frame = frame[frame["source"] != "F120"]  # trade and transport together, which has no code

    found = mirror(frame, "NORDIC", "STATFIN", definitions=("nordic-mobility", "nordic-mobility"))

    counted = found.table.dropna(subset=["absolute"])
    assert sorted(zip(counted["residence_area"], counted["work_area"], strict=True)) == [
        ("FI", "DK"),
        ("FI", "SE"),
        ("SE", "FI"),
    ]
