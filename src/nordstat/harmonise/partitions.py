"""Partitions: stated ones, and those that code lists and aggregates of countries make by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from nordstat.harmonise.containment import COUNTRY, PARENT_SCHEME
from nordstat.model.codelist import Codelist
from nordstat.model.partition import Axis, Partition, Partitions
from nordstat.model.quantity import Area

_AGGREGATE = "AREA"


def partitions_of(codelists: Iterable[Codelist], stated: Iterable[Partition]) -> Partitions:
    """Give what adds up to what.

    Parameters
    ----------
    codelists : iterable of Codelist
        The municipalities of a version make up their counties, and the counties of a version, with the places
        outside them and the unknown one, make up the country.
    stated : iterable of Partition
        As the mappings state them. Where countries make up an aggregate, the flows between every two of them make
        up the flow inside it.
    """
    stated = tuple(stated)
    found: dict[tuple[object, frozenset[object]], Partition] = {}
    for partition in (*stated, *_flows(stated), *_areas(codelists)):
        found.setdefault((partition.whole, frozenset(partition.parts)), partition)
    return Partitions(tuple(found.values()))


def _flows(stated: Iterable[Partition]) -> Iterator[Partition]:
    for partition in stated:
        if partition.axis is Axis.AREA and partition.whole[0][0] == _AGGREGATE:
            both = partition.whole[0], partition.whole[0]
            pairs = permutations((part[0] for part in partition.parts), 2)
            yield Partition(f"{partition.id}-flows", Axis.FLOW, both, tuple(pairs))


def _areas(codelists: Iterable[Codelist]) -> Iterator[Partition]:
    for codelist in codelists:
        scheme = codelist.id.scheme
        parts: dict[Area, list[Area]] = {}
        for code in codelist:
            if scheme in COUNTRY:
                parts.setdefault(("ISO3166", COUNTRY[scheme]), []).append((scheme, code.code))
            elif scheme in PARENT_SCHEME and code.parent:
                parts.setdefault((PARENT_SCHEME[scheme], code.parent), []).append((scheme, code.code))
        for whole, areas in parts.items():
            if len(areas) > 1:
                places = tuple((area,) for area in areas)
                yield Partition(f"{codelist.id}/{whole[1]}", Axis.AREA, (whole,), places)
