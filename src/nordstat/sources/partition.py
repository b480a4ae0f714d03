"""The plan: a cube cut into the fewest blocks that fit into one answer each, and the blocks put together again.

A block is a run of neighbouring codes in every dimension, so a block is a query and has one place in the whole. The
plans compared are those made by cutting a box in two, straight through, again and again; a regular grid is one of
them. No plan of any kind has fewer blocks than the number of cells divided by what an answer holds, so a plan that
reaches this number is the best there is, and the search ends. It also ends after looking at `_BOXES` boxes, with the
best plan found so far, which is never worse than the best grid: with the tables and limits of SCB and SSB that takes
well under a second, at that number or one block above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

_BOXES = 2000
_DEPTH = 200

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a cube.

    Attributes
    ----------
    starts, stops : tuple of int
        First position in each dimension, and the one after the last.
    """

    starts: Shape
    stops: Shape

    @property
    def shape(self) -> Shape:
        """Number of codes in each dimension."""
        return tuple(stop - start for start, stop in zip(self.starts, self.stops, strict=True))

    @property
    def cells(self) -> int:
        """Number of cells."""
        return prod(self.shape)

    @property
    def slices(self) -> tuple[slice, ...]:
        """The part as an index into an array of the whole."""
        return tuple(map(slice, self.starts, self.stops))


def partition(shape: Sequence[int], limit: int, *, values: int = 0) -> tuple[Block, ...]:
    """Give the fewest blocks that hold a cube, in cube order.

    Parameters
    ----------
    shape : sequence of int
        Number of codes of each dimension, at least 1.
    limit : int
        Most cells of one block.
    values : int, optional
        Most codes listed in one query, all dimensions together (v1 ``maxValues``); 0 for any number.

    Raises
    ------
    ValueError
        Where not even a single cell fits.

    Examples
    --------
    >>> [block.shape for block in partition((3, 4), 8)]
    [(3, 2), (3, 2)]
    """
    if limit < 1 or 0 < values < len(shape):
        raise ValueError(f"no cell of {len(shape)} dimensions fits into {limit} cells and {values} codes")
    planner = _Planner(limit, values or sum(shape))
    blocks = planner.blocks(Block((0,) * len(shape), tuple(shape)))
    return tuple(sorted(blocks, key=lambda block: block.starts))


def place(blocks: Sequence[Block], parts: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Give the whole array from its blocks' arrays, cell for cell.

    Raises
    ------
    ValueError
        Where the blocks do not fill the whole exactly once, or a part has not its block's number of cells.
    """
    shape = tuple(max(stops) for stops in zip(*(block.stops for block in blocks), strict=True))
    whole = np.empty(shape, dtype=np.result_type(*parts))
    filled = np.zeros(shape, dtype=np.int8)
    for block, part in zip(blocks, parts, strict=True):
        whole[block.slices] = part.reshape(block.shape)
        filled[block.slices] += 1
    if not (filled == 1).all():
        raise ValueError(f"the blocks leave {(filled == 0).sum()} cells empty and fill {(filled > 1).sum()} twice")
    return whole


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a box is best cut: into how many blocks, and where first; a box that fits has no axis."""

    blocks: int
    axis: int = -1
    at: int = 0


@dataclass(slots=True)
class _Planner:
    """The search for the fewest blocks; it remembers every box it has looked at."""

    limit: int
    values: int
    known: dict[Shape, _Cut] = field(default_factory=dict)
    left: int = _BOXES

    def blocks(self, whole: Block) -> Iterator[Block]:
        """Give the blocks of a box."""
        boxes = [whole]
        while boxes:
            box = boxes.pop()
            cut = self.cut(box.shape)
            if cut.axis < 0:
                yield box
                continue
            at = box.starts[cut.axis] + cut.at
            boxes.append(Block(box.starts, _with(box.stops, cut.axis, at)))
            boxes.append(Block(_with(box.starts, cut.axis, at), box.stops))

    def cut(self, shape: Shape, *, depth: int = 0) -> _Cut:
        """Give the best way to cut a box."""
        if shape not in self.known:
            self.known[shape] = self._searched(shape, depth)
        return self.known[shape]

    def _searched(self, shape: Shape, depth: int) -> _Cut:
        best = self._grid(shape)
        bound = self._bound(shape)
        if best.blocks == bound or not self.left or depth > _DEPTH:
            return best
        self.left -= 1
        for axis, at in _places(shape):
            pieces = _with(shape, axis, at), _with(shape, axis, shape[axis] - at)
            if sum(map(self._bound, pieces)) < best.blocks:
                blocks = sum(self.cut(piece, depth=depth + 1).blocks for piece in pieces)
                best = min(best, _Cut(blocks, axis, at), key=lambda cut: cut.blocks)
            if best.blocks == bound or not self.left:
                break
        return best

    def _bound(self, shape: Shape) -> int:
        """Give the number of blocks that no plan of any kind can go below."""
        return -(-prod(shape) // self.limit)

    def _grid(self, shape: Shape) -> _Cut:
        """Give the best regular grid as a cut."""
        blocks, chunk = _best_grid(shape, self.limit, self.values, below=prod(shape) + 1)
        axis = next((axis for axis, part in enumerate(chunk) if part < shape[axis]), -1)
        return _Cut(blocks, axis, chunk[axis] if axis >= 0 else 0)


def _best_grid(shape: Shape, cells: int, values: int, *, below: int) -> tuple[int, Shape]:
    """Give the grid of fewest blocks, and the lengths of its runs; none where none has fewer than ``below``."""
    whole, rest = shape[0], shape[1:]
    longest = min(whole, cells, values - len(rest))
    if not rest:
        return -(-whole // longest), (longest,)
    best: Shape = ()
    for length in sorted({-(-whole // runs) for runs in range(-(-whole // longest), whole + 1)}, reverse=True):
        runs, room = -(-whole // length), cells // length
        if runs * -(-prod(rest) // room) >= below:
            continue
        blocks, lengths = _best_grid(rest, room, values - length, below=-(-below // runs))
        if lengths and runs * blocks < below:
            below, best = runs * blocks, (length, *lengths)
    return below, best


def _places(shape: Shape) -> Iterator[tuple[int, int]]:
    """Give every cut of a box, the even ones first; the mirror image of a cut leaves as many blocks."""
    for axis, whole in enumerate(shape):
        for at in range(whole // 2, 0, -1):
            yield axis, at


def _with(shape: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])
