"""Cubes: the answer of a statistics service, with nothing lost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from nordstat.errors import DecodeError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


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

    @property
    def distinct_labels(self) -> tuple[str, ...]:
        """Labels, with the code in brackets after each that two categories share: ``Våler [3018]``."""
        times = Counter(self.labels)
        pairs = zip(self.labels, self.codes, strict=True)
        return tuple(label if times[label] == 1 else f"{label} [{code}]" for label, code in pairs)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
        NaN where the document has no number. Empty in the cube of a metadata document.
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

    def with_role(self, role: str) -> Dimension:
        """Give the one dimension with a role (``time``, ``geo``, ``metric``).

        Raises
        ------
        DecodeError
            Where none or several have it; with the candidates.
        """
        found = [dimension for dimension in self.dimensions if dimension.role == role]
        if len(found) == 1:
            return found[0]
        candidates = found or [dimension for dimension in self.dimensions if not dimension.role]
        raise DecodeError(
            f"{len(found) or 'no'} dimensions have the role {role}",
            where=self.label,
            hint=f"State which with roles=; candidates: {', '.join(d.id for d in candidates) or 'none'}",
        )

    def cell(self, **codes: str) -> tuple[float, str]:
        """Give the value of one cell (NaN where there is none) and its status symbol (empty where it has none).

        Parameters
        ----------
        **codes : str
            Dimension id = code; a dimension with a single category may be left out.

        Raises
        ------
        KeyError
            For a dimension or a code the cube does not have, and for a dimension left open.
        """
        for name in codes:
            self.dimension(name)
        position = 0
        for dimension in self.dimensions:
            code = codes.get(dimension.id, dimension.codes[0] if len(dimension) == 1 else None)
            if code not in dimension.codes:
                raise KeyError(f"{dimension.id}={code!r}: no such category")
            position = position * len(dimension) + dimension.codes.index(code)
        symbol = -1 if self.status is None else int(self.status[position])
        return float(self.values[position]), self.symbols[symbol] if symbol >= 0 else ""

    def to_frame(self, values: Literal["codes", "labels", "both"] = "codes") -> pd.DataFrame:
        """Give a frame with one row a cell, in cube order.

        Parameters
        ----------
        values : {"codes", "labels", "both"}
            ``codes``: a column named by the id of each dimension holds codes. ``labels``: a column named
            ``<id>_label`` holds labels, with the code in brackets after each label that two categories share, so
            that no two merge. ``both``: the two side by side, labels as published.

        Returns
        -------
        DataFrame
            Categoricals in cube order; then ``value`` (float64, NaN where there is no number) and ``status``
            (categorical, null where the cell has no symbol). The memory is the frame's own.

        Raises
        ------
        DecodeError
            Where the id of a dimension would give a column name twice.
        SettingsError
            For another word in ``values``.
        """
        from nordstat.model.frame import frame_of

        return frame_of(self, values)

    def __repr__(self) -> str:
        sides = " × ".join(f"{dimension.id} {len(dimension):,}" for dimension in self.dimensions)
        return f"<Cube {self.label!r}: {sides} = {math.prod(self.shape):,} cells{self._told}>"

    @property
    def _told(self) -> str:
        parts = ("no values read" if not len(self.values) else "", f"updated {self.updated}" if self.updated else "")
        return "".join(f", {part}" for part in parts if part)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(d.id)}</td><td>{escape(d.label)}</td><td>{escape(d.role)}</td><td>{len(d):,}</td></tr>"
            for d in self.dimensions
        )
        title = escape(f"{self.label} ({self.source})" if self.source else self.label)
        return (
            f"<table><caption>{title}: {math.prod(self.shape):,} cells{escape(self._told)}</caption>"
            f"<tr><th>id</th><th>label</th><th>role</th><th>categories</th></tr>{rows}</table>"
        )
