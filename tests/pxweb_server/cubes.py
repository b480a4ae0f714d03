"""Cutting a table to what was selected: picking, summing, eliminating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .tables import ServedCodelist, ServedDimension, ServedTable

NIL = "-"


@dataclass(frozen=True, slots=True)
class Category:
    """One value of an answer: its code, its words, and the positions in the table it is made of."""

    code: str
    label: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What was selected of one dimension; no category means it is eliminated."""

    dimension: ServedDimension
    categories: tuple[Category, ...] = ()

    def __len__(self) -> int:
        return len(self.categories)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in answer order."""
        return tuple(category.code for category in self.categories)

    @property
    def elimination(self) -> tuple[bool, str]:
        """Whether the total is still in the answer, and its code where it has one."""
        dimension = self.dimension
        if dimension.elimination_code:
            held = dimension.elimination and dimension.elimination_code in self.codes
            return held, dimension.elimination_code if held else ""
        return dimension.elimination and self.codes == dimension.codes, ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The cells of an answer, dense and row-major.

    Attributes
    ----------
    axes : tuple of Axis
        In answer order, the eliminated ones left out.
    values : ndarray of float64, shape (cells,)
    status : dict of int to str
        Position -> symbol.
    """

    axes: tuple[Axis, ...]
    values: np.ndarray
    status: dict[int, str]


def categories(dimension: ServedDimension, codelist: ServedCodelist | None = None) -> tuple[Category, ...]:
    """List the values that may be selected: the table's own, or those of a code list."""
    position = {code: place for place, code in enumerate(dimension.values)}
    if codelist is None:
        return tuple(Category(code, label, (position[code],)) for code, label in dimension.values.items())
    return tuple(
        Category(code, label, tuple(position[member] for member in members))
        for code, (label, members) in codelist.values.items()
    )


def cut(table: ServedTable, axes: Sequence[Axis], sum_symbol: str) -> Cut:
    """Cut a table to its axes, given in table order."""
    symbols = (*table.symbols, sum_symbol)
    values, flags = table.values, table.flags
    for number, axis in enumerate(axes):
        groups = [category.members for category in axis.categories] or [_eliminated(axis.dimension)]
        values, flags = _gather(values, flags, groups, number, symbols)
    flat = np.empty(0, dtype=np.int8) if flags is None else flags.ravel()
    status = {int(place): symbols[flat[place]] for place in np.flatnonzero(flat >= 0)}
    return Cut(tuple(axis for axis in axes if axis.categories), values.ravel(), status)


def turn(part: Cut, order: Sequence[str]) -> Cut:
    """Turn a cut so that its axes come in another order."""
    codes = [axis.dimension.code for axis in part.axes]
    places = [codes.index(code) for code in order]
    shape = [len(axis) for axis in part.axes]
    was = np.arange(part.values.size).reshape(shape).transpose(places).ravel()
    status = {int(new): part.status[old] for new, old in enumerate(was.tolist()) if old in part.status}
    return Cut(tuple(part.axes[place] for place in places), part.values[was], status)


def _eliminated(dimension: ServedDimension) -> tuple[int, ...]:
    if dimension.elimination_code:
        return (dimension.codes.index(dimension.elimination_code),)
    return tuple(range(len(dimension)))


def _gather(
    values: np.ndarray, flags: np.ndarray | None, groups: Sequence[tuple[int, ...]], axis: int, symbols: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray | None]:
    """Pick the groups of one axis; a group of several positions is summed."""
    members = np.concatenate([np.asarray(group) for group in groups])
    values = np.take(values, members, axis=axis)
    flags = None if flags is None else np.take(flags, members, axis=axis)
    sizes = np.array([len(group) for group in groups])
    if (sizes == 1).all():
        return values, flags
    starts = np.cumsum(sizes) - sizes
    zeros = values if flags is None or NIL not in symbols else np.where(flags == symbols.index(NIL), 0.0, values)
    total = np.add.reduceat(zeros, starts, axis=axis)
    holes = np.where(np.isnan(total), len(symbols) - 1, -1).astype(np.int8)
    alone = np.expand_dims(sizes == 1, tuple(other for other in range(total.ndim) if other != axis))
    first = holes * 0 - 1 if flags is None else np.take(flags, starts, axis=axis)
    marks = np.where(alone, first, holes)
    return np.where(alone, np.take(values, starts, axis=axis), total), marks if (marks >= 0).any() else None
