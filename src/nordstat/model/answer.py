"""Answers: what a service gave, as bytes with the question beside them, and a table as its metadata describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Asked = str | Mapping[str, tuple[str, ...]]
"""What was asked: ``{"Tid": ("2021", "2022")}`` for cells, words such as ``metadata?lang=no`` for anything else."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """One answer of a service, exactly as it is to be kept.

    Attributes
    ----------
    service, table, api : str
        Who answered, about which table, through which interface (``v1``, ``v2``, ``klass``).
    url : str
        Address that answered.
    query : mapping or str
        What was asked, normalised: variables in table order, codes in the order of the metadata. A code list is named
        behind its variable, ``Region:agg_KommFylker``; the answer itself does not say which one was used.
    body : bytes
        The decoded answer: UTF-8 without a byte order mark, a whole JSON document.
    received : datetime
        When its last byte came, in UTC.
    content_type : str
        As the service named it.
    updated : str
        When the service says the table was updated, as it wrote it; empty where it says nothing.
    licence : str
        Terms of the service.
    stale : bool
        Whether the data are older than the metadata of the same table: a cache of the service gave them, and they are
        not to be published as new.
    """

    service: str
    table: str
    url: str
    query: Asked
    body: bytes = field(repr=False)
    received: datetime
    content_type: str
    api: str
    updated: str = ""
    licence: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a table.

    Attributes
    ----------
    code : str
        Its key, spelled as the service spells it.
    labels : mapping of str to str
        Language -> words.
    values : mapping of str to str
        Code -> label, in table order.
    elimination : bool
        Whether the service would answer without it, summed or at a named total.
    time, geo : bool
        Its role.
    codelists : mapping of str to str
        Id -> label of the aggregations (``agg_...``) and value sets (``vs_...``) it can be asked in.
    units : mapping of str to str
        Code -> unit, for the variable that holds the contents.
    """

    code: str
    labels: Mapping[str, str]
    values: Mapping[str, str]
    elimination: bool = False
    time: bool = False
    geo: bool = False
    codelists: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class TableMeta:
    """A table as its metadata describes it, read as far as a plan needs it.

    Attributes
    ----------
    service, id, title : str
        Whose table, its id, and its words.
    updated : str
        When the service says it was updated; empty in v1, which does not say.
    variables : tuple of Variable
        In table order.
    notes : tuple of str
        Notes on the whole, as published (they may hold HTML or markdown).
    answer : Answer
        The bytes this was read from.
    """

    service: str
    id: str
    title: str
    updated: str
    variables: tuple[Variable, ...]
    notes: tuple[str, ...]
    answer: Answer = field(repr=False)

    @property
    def cells(self) -> int:
        """Number of cells of the whole table."""
        cells = 1
        for variable in self.variables:
            cells *= len(variable.values)
        return cells


@dataclass(frozen=True, slots=True)
class ServiceCodelist:
    """A code list a service offers for a variable.

    Attributes
    ----------
    id, label : str
        Key (case matters, and it may hold letters outside ASCII), and words.
    values : mapping of str to str
        Code -> label, in the order of the list.
    members : mapping of str to tuple of str
        Code -> the codes of the table it is made of; one member each in a value set.
    """

    id: str
    label: str
    values: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
