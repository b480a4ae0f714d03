"""The reconciliation: one row a figure, with its verdict, checked as a whole."""

from __future__ import annotations

import pandas as pd

from nordstat.schema.columns import RECONCILIATION
from nordstat.schema.frame import unique, validate, within


def check_reconciliation(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the frame itself, once it is a reconciliation: every column fits, and each figure has one verdict.

    Raises
    ------
    SchemaViolationError
        With one line a failing check, and every failing row in ``failures``.
    """
    return validate(frame, RECONCILIATION, what="reconciliation", rules=RULES)


RULES = (
    within("low", "value", "high"),
    unique("figure", column="figure", words="has more than one verdict"),
)
