"""Tables as a test states them: dimensions, code lists, cells and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

import numpy as np

METRIC = "ContentsCode"


@dataclass(frozen=True, slots=True)
class ServedDimension:
    """One variable of a served table.

    Attributes
    ----------
    code, label : str
        Key and words.
    values : mapping of str to str
        Code -> label, in table order.
    elimination : bool
        Whether the variable may be left out.
    elimination_code : str
        The named total taken then; the values are summed where it is empty.
    time, geo : bool
        Its role; the variable called ``ContentsCode`` is the metric.
    show : str
        How PxWeb presents it: ``code``, ``value`` or ``code_value``; where empty, time by code and all else by value.
    notes : sequence of str
        Notes on the variable.
    value_notes : mapping of str to sequence of str
        Code -> notes on one value.
    describedby : str
        Space-separated URNs of classifications.
    extension : mapping
        Whatever else its ``extension`` says; a mapping over codes is cut to the codes of an answer.
    """

    code: str
    label: str
    values: Mapping[str, str]
    elimination: bool = False
    elimination_code: str = ""
    time: bool = False
    geo: bool = False
    show: str = ""
    notes: Sequence[str] = ()
    value_notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    describedby: str = ""
    extension: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.elimination_code and self.elimination_code not in self.values:
            raise ValueError(f"{self.code}: elimination code {self.elimination_code!r} is none of its values")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def codes(self) -> tuple[str, ...]:
        """Value codes in table order."""
        return tuple(self.values)


@dataclass(frozen=True, slots=True)
class ServedCodelist:
    """A code list of one variable: an aggregation (``agg_...``) or a value set (``vs_...``).

    Attributes
    ----------
    values : mapping of str to (str, sequence of str)
        New code -> its label and the table's codes it is made of.
    elimination : bool
        Whether the variable may be left out once the list is applied.
    """

    id: str
    label: str
    values: Mapping[str, tuple[str, Sequence[str]]]
    elimination: bool = False
    elimination_code: str = ""

    def __post_init__(self) -> None:
        if not self.id.startswith(("agg_", "vs_")):
            raise ValueError(f"code list {self.id!r}: ids begin with agg_ or vs_")

    @property
    def type(self) -> Literal["Aggregation", "Valueset"]:
        """The service's word for it."""
        return "Aggregation" if self.id.startswith("agg_") else "Valueset"


@dataclass(frozen=True, slots=True, eq=False)
class ServedTable:
    """One table, with all its cells.

    Attributes
    ----------
    id, label : str
        Table id of v2 and its title.
    dimensions : sequence of ServedDimension
        In table order.
    values : array or list of numbers
        Row-major, the last dimension fastest; ``None`` or NaN where there is no number.
    status : mapping of int to str
        Position -> symbol; a position may hold a number as well.
    updated : str
        As the service writes it.
    unit : mapping of str to mapping
        Contents code -> ``base`` and ``decimals``.
    codelists : mapping of str to sequence of ServedCodelist
        Dimension code -> its code lists, in the order metadata gives them.
    language : str
        Language of the labels.
    source : str
        Who is named as the source; the flavour's own where empty.
    v1_path : str
        Path of the table in v1, its name there included (``AM/AM0210/AM0210F/ArRegPend2``); the id where empty.
    contents : str
        First part of the titles the service makes up for answers; the label where empty.
    notes, mandatory_notes
        Notes on the table, and the positions of those that must be shown.
    px : mapping
        What ``extension.px`` says beyond the usual.
    contact : sequence of mapping
        Contact blocks.
    discontinued : bool or None
        As the table list says it.
    time_unit : str
        ``Annual``, ``Quarterly``, ``Monthly``, ``Weekly`` or ``Other``; read off the newest period where empty.
    translations : mapping of str to ServedTable
        Language -> the same table with other labels.
    symbols, flags
        Made from ``status``: the symbols met, and for each cell the position of its symbol (-1: none).
    """

    id: str
    label: str
    dimensions: Sequence[ServedDimension]
    values: Any
    status: Mapping[int, str] = field(default_factory=dict)
    updated: str = "2026-03-01T07:00:00Z"
    unit: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    codelists: Mapping[str, Sequence[ServedCodelist]] = field(default_factory=dict)
    language: str = "no"
    source: str = ""
    v1_path: str = ""
    contents: str = ""
    notes: Sequence[str] = ()
    mandatory_notes: Sequence[int] = ()
    px: Mapping[str, Any] = field(default_factory=dict)
    contact: Sequence[Mapping[str, str]] = ()
    discontinued: bool | None = None
    time_unit: str = ""
    translations: Mapping[str, ServedTable] = field(default_factory=dict)
    symbols: tuple[str, ...] = field(init=False, default=())
    flags: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        cells = np.array(self.values, dtype=np.float64)
        if cells.size != prod(self.shape):
            raise ValueError(f"table {self.id}: {cells.size} values for {' x '.join(map(str, self.shape))} cells")
        object.__setattr__(self, "values", cells.reshape(self.shape))
        object.__setattr__(self, "symbols", tuple(dict.fromkeys(self.status.values())))
        object.__setattr__(self, "flags", self._flags())
        for code, lists in self.codelists.items():
            known = self.dimension(code).values
            for codelist in lists:
                for new, (_, members) in codelist.values.items():
                    if strange := [member for member in members if member not in known] or not members:
                        raise ValueError(f"table {self.id}: {codelist.id}/{new} is made of unknown codes: {strange}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each dimension."""
        return tuple(len(dimension) for dimension in self.dimensions)

    @property
    def time(self) -> ServedDimension | None:
        """The time dimension, if there is one."""
        return next((dimension for dimension in self.dimensions if dimension.time), None)

    def dimension(self, code: str) -> ServedDimension:
        """Give the dimension with exactly this code."""
        for dimension in self.dimensions:
            if dimension.code == code:
                return dimension
        raise KeyError(f"table {self.id} has no dimension {code!r}")

    def codelist(self, code: str, id: str) -> ServedCodelist | None:
        """Give the code list with exactly this id on a dimension, if it is there."""
        return next((codelist for codelist in self.codelists.get(code, ()) if codelist.id == id), None)

    def _flags(self) -> np.ndarray | None:
        """Status of each cell as a position in ``symbols``, -1 where it has none."""
        if not self.status:
            return None
        flags = np.full(self.values.size, -1, dtype=np.int8)
        flags[list(self.status)] = [self.symbols.index(symbol) for symbol in self.status.values()]
        return flags.reshape(self.shape)

    def among(self, language: str) -> ServedTable:
        """Give the table in a language, or as it is where nobody translated it."""
        return self.translations.get(language, self)
