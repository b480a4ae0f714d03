"""Spreading rows over the links of a correspondence, and adding up what arrives: arrays only, no joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nordstat.harmonise.codes import TOTAL, CodeColumn
from nordstat.harmonise.links import link_status
from nordstat.model.codelist import CodeRelation, Link
from nordstat.schema.columns import MAPPING_STATUS

Positions = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Key = tuple[Positions, int]
"""Positions of the values of a column in their order, and how many values there are."""

_LARGEST = 2**62
_ITSELF = Link(TOTAL, TOTAL, CodeRelation.EXACT)


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """The links of the codes of one column, as arrays.

    Attributes
    ----------
    first, count : ndarray
        For each code, its first link and how many it has: none where it has no counterpart.
    target, weight, status : ndarray
        For each link, the position of its target, its share, and its status as a position in ``MAPPING_STATUS``.
    """

    first: Positions
    count: Positions
    target: Positions
    weight: Numbers
    status: npt.NDArray[np.int8]

    @classmethod
    def of(cls, codes: Sequence[str], links: Mapping[str, Sequence[Link]], targets: Sequence[str]) -> Routes:
        """Lay the links of the codes one after another; the total is its own counterpart."""
        place = {code: position for position, code in enumerate(targets)}
        ways = [[_ITSELF] if code == TOTAL else [link for link in links[code] if link.target] for code in codes]
        flat = [link for way in ways for link in way]
        count = np.array([len(way) for way in ways], np.intp)
        return cls(
            first=compact(np.cumsum(count) - count, len(flat)),
            count=compact(count, len(flat)),
            target=compact(np.array([place[link.target] for link in flat], np.intp), len(targets)),
            weight=np.array([link.weight for link in flat], np.float64),
            status=np.array([MAPPING_STATUS.index(link_status(link)) for link in flat], np.int8),
        )

    def goals(self) -> Positions:
        """Give the first target of each code; a code without counterpart shares one past the last."""
        past = int(self.target.max(initial=-1)) + 1
        return np.append(self.target, past)[np.where(self.count > 0, self.first, len(self.target))]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the rows of a frame become: one part for every way a row goes.

    Attributes
    ----------
    rows : ndarray
        For each part, the row it comes from.
    targets : list of ndarray
        For each converted column, where each part goes.
    weight : ndarray or None
        Share of the row in each part; ``None`` where every row goes whole.
    status : ndarray
        Weakest status on the way of each part, as a position in ``MAPPING_STATUS``.
    """

    rows: Positions
    targets: list[Positions]
    weight: Numbers | None
    status: npt.NDArray[np.int8]

    def of(self, values: Numbers) -> Numbers:
        """Give the share of a value that each part carries, as a fresh array."""
        carried = values[self.rows]
        if self.weight is not None:
            carried *= self.weight
        return carried


def spread(columns: Sequence[CodeColumn], routes: Sequence[Routes]) -> Parts:
    """Send every row along the links of its codes; the shares of several columns multiply.

    A row with a code that has no counterpart becomes no part.
    """
    length = len(columns[0].positions)
    rows: Positions = np.arange(length, dtype=np.min_scalar_type(-length))
    links: list[Positions] = []
    for column, route in zip(columns, routes, strict=True):
        code = column.positions[rows] if links else column.positions
        link = route.first[code]
        if (route.count != 1).any():
            again, step = _ways(route.count[code])
            link = link[again] + step
            rows, links = rows[again], [earlier[again] for earlier in links]
        links.append(link)
    whole = all((route.weight == 1).all() for route in routes)
    status = np.maximum.reduce([route.status[link] for route, link in zip(routes, links, strict=True)])
    return Parts(
        rows=rows,
        targets=[route.target[link] for route, link in zip(routes, links, strict=True)],
        weight=None if whole else np.multiply.reduce([r.weight[k] for r, k in zip(routes, links, strict=True)]),
        status=status,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which parts add up to one row of the result.

    Attributes
    ----------
    of_part : ndarray
        For each part, its group.
    member : ndarray
        For each group, one of its parts.
    """

    of_part: Positions
    member: Positions

    def __len__(self) -> int:
        return len(self.member)

    def sums(self, carried: Numbers) -> tuple[Numbers, Positions | None]:
        """Give the sum of the numbers of each group, and how many are missing; ``None`` where none is.

        The array is used up: missing numbers become zero in it.
        """
        gaps = np.isnan(carried)
        missing = None
        if gaps.any():
            missing = np.bincount(self.of_part[gaps], minlength=len(self))
            carried[gaps] = 0
        total: Numbers = np.bincount(self.of_part, carried, len(self)).astype(np.float64, copy=False)
        return total, missing

    def sizes(self) -> Positions:
        """Give the number of parts of each group."""
        return np.bincount(self.of_part, minlength=len(self))

    def highest(self, rank: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
        """Give the highest of the small whole numbers of each group."""
        lowest, top = (int(rank.min()), int(rank.max())) if len(rank) else (0, 0)
        highest = np.full(len(self), lowest, np.int8)
        for level in range(lowest + 1, top + 1):
            highest[self.of_part[rank == level]] = level
        return highest

    def differing(self, values: npt.NDArray[Any]) -> Flags:
        """Tell which groups have parts with different values."""
        differing = np.zeros(len(self), bool)
        differing[self.of_part[values != values[self.member][self.of_part]]] = True
        return differing


def group(keys: Iterable[Key], length: int) -> Groups:
    """Group rows by several keys, in the order of the keys.

    Parameters
    ----------
    keys : iterable of Key
        Positions of the values, and how many values there are.
    length : int
        Number of rows.
    """
    combined: Positions = np.zeros(length, np.int8)
    size = 1
    for positions, bound in keys:
        if bound <= 1:
            continue
        if size > _LARGEST // bound:
            combined, size = _dense(combined, size)
        combined = np.multiply(combined, bound, dtype=np.intp)
        combined += positions
        size *= bound
    if size == 1:
        return Groups(combined, np.arange(length)[-1:].copy())
    of_part, count = _dense(combined, size)
    member = compact(np.zeros(count, np.intp), length)
    member[of_part] = np.arange(length)
    return Groups(compact(of_part, count), member)


def compact(positions: Positions, bound: int) -> Positions:
    """Give positions in the smallest type that holds them: a frame of flows is mostly positions."""
    return positions.astype(np.min_scalar_type(-max(bound, 1)), copy=False)


def key_of(column: pd.Series[Any]) -> Key:
    """Give the values of a column as positions in their order, and how many there are; empty cells come first."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        positions: Positions = column.cat.codes.to_numpy()
    else:
        positions = pd.factorize(column, sort=True)[0]
    dense, count = _dense(np.add(positions, 1, dtype=np.intp), int(positions.max(initial=-1)) + 2)
    return compact(dense, count), count


def _ways(count: Positions) -> tuple[Positions, Positions]:
    """Give each position as often as it counts, and for each of its ways the number, from zero.

    Few rows go more than one way, so those are put after the others.
    """
    single, several = np.flatnonzero(count == 1), np.flatnonzero(count > 1)
    number = count[several]
    step = np.zeros(len(single) + int(number.sum()), count.dtype)
    step[len(single) :] = np.arange(len(step) - len(single)) - np.repeat(np.cumsum(number) - number, number)
    return np.concatenate([single, np.repeat(several, number)]), step


def _dense(positions: Positions, size: int) -> Key:
    """Renumber positions without holes, in the same order."""
    if size <= 4 * len(positions) + 1024:
        used = np.bincount(positions, minlength=size) > 0
        return (np.cumsum(used) - 1)[positions], int(used.sum())
    renumbered, distinct = pd.factorize(positions, sort=True)
    return np.asarray(renumbered, np.intp), len(distinct)
