"""Cubes: the answer of a statistics service, with nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a cube.

    Attributes
    ----------
    id, label : str
        Key, and words; never use the label as a key, two dimensions may share one.
    codes : tuple of str
        Category codes in cube order.
    labels : tuple of str
        Category labels in the same order; the code where the document has none.
    role : str
        ``time``, ``geo``, ``metric`` or empty.
    units : mapping of str to mapping
        Code -> unit (``base``, ``decimals``, ...).
    notes : mapping of str to tuple of str
        Code -> notes; the empty code holds the notes of the dimension itself.
    children : mapping of str to tuple of str
        Code -> codes below it.
    extension : mapping
        Whatever else the service says about the dimension.
    """

    id: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: str = ""
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extension: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """A dense cube of numbers in row-major order, the last dimension fastest.

    Attributes
    ----------
    label, source : str
        Title, and who is named as the source.
    updated : str
        As the service wrote it; empty where it did not.
    dimensions : tuple of Dimension
        In cube order.
    values : ndarray of float64, shape (cells,)
        NaN where the document has no number.
    status : ndarray of int8 or int16, shape (cells,), or None
        Position in ``symbols``, -1 where the cell has none; ``None`` where no cell has.
    symbols : tuple of str
        The status symbols met, as published.
    notes : tuple of str
        Notes on the whole.
    extension : mapping
        Whatever else the service says.
    """

    label: str
    source: str
    updated: str
    dimensions: tuple[Dimension, ...]
    values: np.ndarray[Any, np.dtype[np.float64]]
    status: np.ndarray[Any, Any] | None = None
    symbols: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extension: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of categories of each dimension."""
        return tuple(len(dimension) for dimension in self.dimensions)

    def dimension(self, id: str) -> Dimension:
        """Give the dimension with an id.

        Raises
        ------
        KeyError
            Where the cube has no such dimension.
        """
        for dimension in self.dimensions:
            if dimension.id == id:
                return dimension
        raise KeyError(f"no dimension {id!r}; this cube has {', '.join(d.id for d in self.dimensions)}")
