"""The observations: one row a number, checked as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nordstat.model.period import Period
from nordstat.schema.columns import KEY, OBSERVATION
from nordstat.schema.frame import Rule, unique, validate, within
from nordstat.schema.keys import packed


def check_observations(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the frame itself, once it is a table of observations.

    Beside every column by itself: the value lies in its interval, periods are SDMX periods of the stated frequency,
    and no two rows have the same key.

    Raises
    ------
    SchemaViolationError
        With one line a failing check, and every failing row in ``failures``.
    """
    return validate(frame, OBSERVATION, what="observations", rules=RULES)


def wrong_period(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Mask of the rows whose period is no SDMX period, or of another frequency than stated."""
    pairs = packed(frame, ["time_period", "freq"])[0]
    first = ~pd.Index(pairs).duplicated()
    told = zip(pairs[first], frame["time_period"][first], frame["freq"][first], strict=True)
    return np.isin(pairs, [pair for pair, period, freq in told if not _fits(period, freq)])


def _fits(period: Any, freq: Any) -> bool:
    if pd.isna(period):
        return bool(pd.isna(freq))
    try:
        return Period.parse(period).freq == str(freq)
    except ValueError:
        return False


RULES = (
    within("obs_low", "obs_value", "obs_high"),
    Rule("time_period", "is no period of the frequency stated", wrong_period),
    unique(*KEY, column="source", words="gives the same key more than once"),
)
