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
    symbols = (*dict.fromkeys(table.status.values()), sum_symbol)
    values, flags = table.values, _flags(table, symbols)
    for number, axis in enumerate(axes):
        groups = [category.members for category in axis.categories] or [_eliminated(axis.dimension)]
        values, flags = _gather(values, flags, groups, number, symbols)
    flat = flags.ravel() if flags is not None else np.empty(0, dtype=np.int8)
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


def _flags(table: ServedTable, symbols: tuple[str, ...]) -> np.ndarray | None:
    if not table.status:
        return None
    flags = np.full(table.values.size, -1, dtype=np.int8)
    for position, symbol in table.status.items():
        flags[position] = symbols.index(symbol)
    return flags.reshape(table.shape)


def _eliminated(dimension: ServedDimension) -> tuple[int, ...]:
    if dimension.elimination_code:
        return (dimension.codes.index(dimension.elimination_code),)
    return tuple(range(len(dimension)))


def _gather(
    values: np.ndarray, flags: np.ndarray | None, groups: Sequence[tuple[int, ...]], axis: int, symbols: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray | None]:
    members = np.concatenate([np.asarray(group) for group in groups])
    picked = np.take(values, members, axis=axis)
    marks = None if flags is None else np.take(flags, members, axis=axis)
    sizes = np.array([len(group) for group in groups])
    if (sizes == 1).all():
        return picked, marks
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    if marks is None and np.isnan(picked).any():
        marks = np.full(picked.shape, -1, dtype=np.int8)
    if marks is None:
        return np.add.reduceat(picked, starts, axis=axis), None
    if NIL in symbols:
        picked = np.where(np.isnan(picked) & (marks == symbols.index(NIL)), 0.0, picked)
    total = np.add.reduceat(picked, starts, axis=axis)
    first = np.take(marks, starts, axis=axis)
    alone = np.expand_dims(sizes == 1, tuple(i for i in range(total.ndim) if i != axis))
    summed = np.where(np.isnan(total), len(symbols) - 1, -1).astype(np.int8)
    return np.where(alone, np.take(np.take(values, members, axis=axis), starts, axis=axis), total), np.where(
        alone, first, summed
    )
