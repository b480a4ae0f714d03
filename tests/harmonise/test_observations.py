"""Figures as observations: nothing that is a part may stand there as a total."""

from __future__ import annotations

import pandas as pd
import pytest

import nordstat as ns


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    """The observations of the bundled evidence, by source."""
    return ns.build().observations.set_index("source")


def test_part_named_only_in_words_is_no_total(observations: pd.DataFrame) -> None:
    """Trade and transport has no certain code here, and stands under its words instead of under the total."""
    assert observations.loc["F120", "industry"] == "UNCODED:trade and transport"
    assert observations.loc["F114", "industry"] == "_T"


def test_age_named_only_in_words_is_no_total(observations: pd.DataFrame) -> None:
    """Youth of an unstated age band stands under its words."""
    assert observations.loc["F054", "occupation"] == "UNCODED:youth (band not stated)"


def test_dash_of_a_transcribed_table_is_the_zero_its_legend_says(observations: pd.DataFrame) -> None:
    """A dash in SSB's health table is a true zero, with the symbol kept."""
    dashes = observations[observations["obs_status_source"] == "-"]

    assert len(dashes) > 0
    assert set(dashes["obs_value"]) == {0.0}


def test_blank_is_missing(observations: pd.DataFrame) -> None:
    """A blank cell of a page is missing, and no zero."""
    blanks = observations[observations["obs_status_source"] == "blank"]

    assert len(blanks) > 0
    assert blanks["obs_value"].isna().all()
