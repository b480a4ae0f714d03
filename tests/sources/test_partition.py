"""The plan."""

from __future__ import annotations

from functools import cache
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordstat.sources.partition import Block, partition, place

SHAPES = st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple)


def fewest(shape: tuple[int, ...], limit: int, values: int) -> int:
    """Count the blocks of the best plan by trying every cut of every piece."""

    @cache
    def count(box: tuple[int, ...]) -> int:
        if prod(box) <= limit and sum(box) <= values:
            return 1
        cuts = [(axis, at) for axis, length in enumerate(box) for at in range(1, length)]
        return min(
            count((*box[:axis], at, *box[axis + 1 :])) + count((*box[:axis], box[axis] - at, *box[axis + 1 :]))
            for axis, at in cuts
        )

    return count(shape)


@settings(deadline=None, max_examples=200)
@given(SHAPES, st.integers(1, 40))
def test_no_plan_of_cuts_has_fewer_blocks(shape: tuple[int, ...], limit: int) -> None:
    """The number of blocks is that of the best plan found by brute force."""
    assert len(partition(shape, limit)) == fewest(shape, limit, sum(shape))


@settings(deadline=None, max_examples=60)
@given(SHAPES, st.integers(1, 40), st.integers(0, 12))
def test_no_plan_of_cuts_has_fewer_blocks_where_codes_are_limited_too(
    shape: tuple[int, ...], limit: int, spare: int
) -> None:
    """The same where a query may list only so many codes."""
    values = len(shape) + spare
    blocks = partition(shape, limit, values=values)
    assert len(blocks) == fewest(shape, limit, values)
    assert all(sum(block.shape) <= values for block in blocks)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=3).map(tuple), st.integers(20, 500))
def test_the_blocks_put_together_are_the_whole(shape: tuple[int, ...], limit: int) -> None:
    """Every block keeps the limit, and placing the blocks' cells gives the unsplit cube cell for cell."""
    whole = np.arange(prod(shape)).reshape(shape)
    blocks = partition(shape, limit)
    assert all(block.cells <= limit for block in blocks)
    assert np.array_equal(place(blocks, [whole[block.slices].ravel() for block in blocks]), whole)


@pytest.mark.parametrize(
    ("shape", "limit"),
    [
        ((357, 290, 20), 150_000),
        ((312, 134, 3, 1, 16), 150_000),
        ((426, 426, 1, 6), 800_000),
        ((426, 426, 1, 1), 1_000),
    ],
)
def test_real_tables_need_no_more_requests_than_their_cells(shape: tuple[int, ...], limit: int) -> None:
    """For the sizes of real tables the plan reaches the number no plan of any kind can go below."""
    assert len(partition(shape, limit)) == -(-prod(shape) // limit)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(2, 100), min_size=2, max_size=3).map(tuple), st.integers(100, 5_000))
def test_a_hard_plan_ends_no_worse_than_a_grid(shape: tuple[int, ...], limit: int) -> None:
    """Where the search gives up, the plan still needs no more blocks than cutting the first dimensions one by one."""
    one_by_one, room = 1, limit
    for length in reversed(shape):
        run = min(length, max(1, room))
        one_by_one, room = one_by_one * -(-length // run), room // run
    assert len(partition(shape, limit)) <= one_by_one


def test_the_order_is_that_of_the_cube() -> None:
    """Blocks come by their first cell."""
    blocks = partition((5, 4), 8)
    assert [block.starts for block in blocks] == sorted(block.starts for block in blocks)


def test_a_cell_that_fits_nowhere_is_refused() -> None:
    """A limit below one cell, or below one code a dimension, is an error and no endless plan."""
    with pytest.raises(ValueError, match="no cell"):
        partition((3, 3), 0)
    with pytest.raises(ValueError, match="no cell"):
        partition((3, 3, 3), 10, values=2)


def test_a_hole_between_blocks_is_refused() -> None:
    """Blocks that leave a cell empty or fill one twice are not put together."""
    blocks = [Block((0,), (2,)), Block((1,), (4,))]
    with pytest.raises(ValueError, match="0 cells empty and fill 1 twice"):
        place(blocks, [np.zeros(2), np.zeros(3)])
    with pytest.raises(ValueError, match="1 cells empty"):
        place([Block((0,), (1,)), Block((2,), (3,))], [np.zeros(1), np.zeros(1)])
