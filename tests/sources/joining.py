"""Answers put together again, by the codes in them and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import orjson

from nordstat.model.answer import Answer
from pxweb_server import ServedTable


def joined(answers: Iterable[Answer], table: ServedTable) -> np.ndarray[Any, Any]:
    """The cells of the answers, each at its codes' place in the table; NaN where no answer has the cell.

    A cell that two answers have is an error.
    """
    whole = np.full(table.shape, np.nan)
    for answer in answers:
        document = orjson.loads(answer.body)
        indices = []
        for dimension in table.dimensions:
            index = document["dimension"][dimension.code]["category"]["index"]
            indices.append([dimension.codes.index(code) for code in sorted(index, key=index.__getitem__)])
        part = np.ix_(*indices)
        assert np.isnan(whole[part]).all()
        whole[part] = np.array(document["value"], dtype=float).reshape(document["size"])
    return whole
