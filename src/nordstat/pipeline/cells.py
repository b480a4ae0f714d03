"""Two answers about the same cells: what was revised, withdrawn or hidden, and what looks like another unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nordstat.model.cube import Cube, Dimension
from nordstat.model.part import part_of

JUMP = 10.0
"""Factor from which on a revision is taken for a mistake until somebody has looked at it."""
SMALLEST = 100.0
"""Numbers below it may well change by that factor."""
_UNIT_CELLS = 3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CellChanges:
    """What differs between two answers in the cells that both have.

    Attributes
    ----------
    shared : int
        Cells that both have.
    changed, withdrawn, restored, statuses : int
        Numbers that became other numbers, that were taken back, that came back; symbols that changed beside a number,
        or in the place of one.
    largest, largest_relative : float
        Largest change of a number, absolutely and relative to the old one; 0 where there is none.
    ratio : float
        Median of new by old over the numbers both have; 1 where there are too few.
    jumps : tuple of str
        Cells whose number changed by a factor of `JUMP` or more.
    alike : bool
        Whether both have the same cells, in the same order and under the same labels and units.
    """

    shared: int = 0
    changed: int = 0
    withdrawn: int = 0
    restored: int = 0
    statuses: int = 0
    largest: float = 0.0
    largest_relative: float = 0.0
    ratio: float = 1.0
    jumps: tuple[str, ...] = ()
    alike: bool = False

    @property
    def revised(self) -> int:
        """Number of cells that say something else."""
        return self.changed + self.withdrawn + self.restored + self.statuses

    @property
    def another_unit(self) -> bool:
        """Whether most numbers moved by a power of ten: persons to thousands, counts to per cent."""
        return not 1 / JUMP < self.ratio < JUMP


def compare(old: Cube, new: Cube) -> CellChanges:
    """Give what differs between two cubes of a table in the cells that both have."""
    if {dimension.id for dimension in old.dimensions} != {dimension.id for dimension in new.dimensions}:
        return CellChanges()
    shared = {dimension.id: _shared(dimension, old.dimension(dimension.id)) for dimension in new.dimensions}
    first, second = part_of(old, shared), part_of(new, shared)
    before, after = np.asarray(first.values), np.asarray(second.values)
    both = ~np.isnan(before) & ~np.isnan(after)
    changed = both & (before != after)
    withdrawn, restored = ~np.isnan(before) & np.isnan(after), np.isnan(before) & ~np.isnan(after)
    statuses = (_symbols(first) != _symbols(second)) & ~changed & ~withdrawn & ~restored
    steps = np.abs(after - before)[changed]
    bases = np.abs(before)[changed]
    counted = both & (before != 0) & (after != 0)
    ratios = np.divide(after, before, out=np.ones_like(before), where=counted)
    far = counted & ((ratios >= JUMP) | (ratios <= 1 / JUMP)) & (np.fmax(np.abs(before), np.abs(after)) >= SMALLEST)
    return CellChanges(
        shared=len(before),
        changed=int(changed.sum()),
        withdrawn=int(withdrawn.sum()),
        restored=int(restored.sum()),
        statuses=int(statuses.sum()),
        largest=float(steps.max(initial=0.0)),
        largest_relative=float((steps[bases > 0] / bases[bases > 0]).max(initial=0.0)),
        ratio=float(np.median(ratios[counted])) if counted.sum() >= _UNIT_CELLS else 1.0,
        jumps=tuple(_words(second, int(place), before, after) for place in np.flatnonzero(far)),
        alike=_described(old) == _described(new),
    )


def _shared(dimension: Dimension, other: Dimension) -> list[str]:
    known = set(other.codes)
    return [code for code in dimension.codes if code in known]


def _described(cube: Cube) -> list[Any]:
    return [(d.id, d.codes, d.labels, {code: dict(unit) for code, unit in d.units.items()}) for d in cube.dimensions]


def _symbols(cube: Cube) -> npt.NDArray[np.object_]:
    told = np.array([*cube.symbols, ""], dtype=object)
    return told[-1:].repeat(len(cube.values)) if cube.status is None else told[cube.status]


def _words(cube: Cube, place: int, before: Floats, after: Floats) -> str:
    positions = np.unravel_index(place, cube.shape)
    codes = (f"{d.id}={d.codes[int(at)]}" for d, at in zip(cube.dimensions, positions, strict=True) if len(d) > 1)
    return f"{', '.join(codes) or 'the only cell'}: {before[place]:,g} became {after[place]:,g}"
