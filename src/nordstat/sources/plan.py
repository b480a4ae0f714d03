"""Plans: a query cut into requests, and how far the fetching of it has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nordstat.model.selection import Query
from nordstat.sources.partition import Block, partition
from nordstat.sources.run import Tally
from nordstat.sources.service import Terms


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests that together answer a query.

    Attributes
    ----------
    query : Query
        The whole.
    blocks : tuple of Block
        The place of each request's cells in the whole.
    updated : str
        When the table was updated, by its metadata; empty where they do not say.
    """

    query: Query
    blocks: tuple[Block, ...]
    updated: str = ""

    @classmethod
    def of(cls, query: Query, terms: Terms, *, updated: str = "") -> Plan:
        """Give the plan with the fewest requests."""
        return cls(query, partition(query.shape, terms.cells, values=terms.values), updated)

    @property
    def queries(self) -> tuple[Query, ...]:
        """The query of each request, in cube order."""
        return tuple(part_of(self.query, block) for block in self.blocks)

    def __str__(self) -> str:
        whole, number = self.query, len(self.blocks)
        shape = " x ".join(map(str, whole.shape))
        requests = "1 request" if number == 1 else f"{number} requests"
        return f"{whole.service}:{whole.table}: {shape} = {whole.cells:,} cells in {requests}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come.

    Attributes
    ----------
    done, planned : int
        Requests answered, and requests planned.
    cells, planned_cells : int
        Cells received, and cells planned.
    cost : Tally
        What it has cost so far.
    """

    done: int
    planned: int
    cells: int
    planned_cells: int
    cost: Tally


def part_of(query: Query, block: Block) -> Query:
    """Give the query of a block."""
    choices = (
        replace(choice, codes=choice.codes[start:stop])
        for choice, start, stop in zip(query.choices, block.starts, block.stops, strict=True)
    )
    return replace(query, choices=tuple(choices))
