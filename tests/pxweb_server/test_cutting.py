"""Cutting a cube, against sums by hand."""

from __future__ import annotations

from itertools import product
from math import nan

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxweb_server.cubes import Axis, Category, cut, turn
from pxweb_server.tables import ServedDimension, ServedTable

SYMBOLS = ["-", ":", ".."]


@st.composite
def _tables(draw: st.DrawFn) -> ServedTable:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    dimensions = [
        ServedDimension(f"D{number}", f"d{number}", {f"{place}": f"{place}" for place in range(size)}, elimination=True)
        for number, size in enumerate(sizes)
    ]
    cells = int(np.prod(sizes))
    values = draw(st.lists(st.integers(0, 50), min_size=cells, max_size=cells))
    marked = draw(st.dictionaries(st.integers(0, cells - 1), st.sampled_from(SYMBOLS), max_size=cells))
    held = [nan if place in marked else value for place, value in enumerate(values)]
    return ServedTable("t", "t", dimensions, held, status=marked)


@st.composite
def _cuts(draw: st.DrawFn) -> tuple[ServedTable, list[Axis]]:
    table = draw(_tables())
    axes = []
    for dimension in table.dimensions:
        group = st.lists(st.integers(0, len(dimension) - 1), min_size=1, max_size=len(dimension), unique=True)
        groups = draw(st.lists(group, max_size=4))
        axes.append(Axis(dimension, tuple(Category(f"{n}", f"{n}", tuple(g)) for n, g in enumerate(groups))))
    return table, axes


def _by_hand(table: ServedTable, axes: list[Axis]) -> list[tuple[float | None, str | None]]:
    """Each cell of the answer: the sum of its members, ``-`` counted as 0, or the symbol of the one or of the sum."""
    everything = [[tuple(range(len(axis.dimension)))] for axis in axes]
    groups = [
        [item.members for item in axis.categories] or all_of for axis, all_of in zip(axes, everything, strict=True)
    ]
    answer: list[tuple[float | None, str | None]] = []
    for members in product(*groups):
        positions = [int(np.ravel_multi_index(place, table.shape)) for place in product(*members)]
        symbols = [table.status.get(position) for position in positions]
        if len(positions) == 1:
            number = table.values.ravel()[positions[0]]
            answer.append((None if symbols[0] else number, symbols[0]))
        elif any(symbol not in (None, "-") for symbol in symbols):
            answer.append((None, "*"))
        else:
            answer.append((np.nansum(table.values.ravel()[positions]), None))
    return answer


@given(_cuts())
def test_a_cut_is_the_sum_by_hand(drawn: tuple[ServedTable, list[Axis]]) -> None:
    """Picking, summing and eliminating give each cell what its members add up to."""
    table, axes = drawn
    part = cut(table, axes, "*")
    ours = [(None if np.isnan(value) else value, part.status.get(place)) for place, value in enumerate(part.values)]
    assert ours == _by_hand(table, axes)


@given(_cuts(), st.randoms())
def test_turning_there_and_back_changes_nothing(drawn: tuple[ServedTable, list[Axis]], chance: object) -> None:
    """A turned cut holds the same cells under the same codes."""
    part = cut(*drawn, "*")
    order = [axis.dimension.code for axis in part.axes]
    shuffled = sorted(order, key=lambda _: chance.random())  # type: ignore[attr-defined]
    back = turn(turn(part, shuffled), order)
    assert np.array_equal(back.values, part.values, equal_nan=True)
    assert back.status == part.status
