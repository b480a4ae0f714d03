"""Reads ``correspondences/<SRC>-<v>__<DST>-<v>.csv``, and finds the way from one version to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from pathlib import Path

from nordstat.errors import AmbiguousCorrespondenceError, MappingError, UnknownCodeError
from nordstat.mapping.codelist import SCHEME, VERSION, Codelists
from nordstat.mapping.composition import LevelOf, compose, shares
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link, SchemeVersion, WeightBasis

COLUMNS = (
    "source_code",
    "target_code",
    "relation",
    "weight",
    "weight_basis",
    "weight_ref_date",
    "evidence",
    "source",
    "note",
)
FOLDER = "correspondences"

Pair = tuple[SchemeVersion, SchemeVersion]

_NAME = re.compile(rf"({SCHEME})-({VERSION})__({SCHEME})-({VERSION})")


@dataclass(frozen=True, slots=True)
class Correspondences:
    """The correspondences in force, and the code lists they join.

    Attributes
    ----------
    tables : mapping of (source, target) to Correspondence
        Direct tables only.
    files : mapping of (source, target) to Path
        Where each one was read.
    codelists : Codelists
        The lists on both sides.
    """

    tables: Mapping[Pair, Correspondence]
    files: Mapping[Pair, Path]
    codelists: Codelists

    def find(self, source: str | SchemeVersion, target: str | SchemeVersion) -> Correspondence:
        """Give the way from one version to another: the direct table, else the shortest chain.

        Of several chains as short, the one that loses least is taken: codes not covered, then codes divided.

        Raises
        ------
        UnknownCodeError
            Where a list is not there, or nothing leads from one to the other.
        AmbiguousCorrespondenceError
            Where two chains are as good and do not agree.
        """
        begin, end = self.codelists.find(source).id, self.codelists.find(target).id
        if begin == end:
            links = tuple(Link(code.code, code.code, CodeRelation.EXACT) for code in self.codelists.find(begin))
            return Correspondence(begin, end, links)
        if (direct := self.tables.get((begin, end))) is not None:
            return direct
        composed = [self._chain(path) for path in self.shortest(begin, end)]
        if not composed:
            raise UnknownCodeError(f"nothing leads from {begin} to {end}", hint=self._roads(begin, end))
        least = min(map(_loss, composed))
        first, *others = (chain for chain in composed if _loss(chain) == least)
        for other in others:
            if not _same(first, other):
                raise AmbiguousCorrespondenceError(
                    f"two ways from {begin} to {end} do not agree: {_via(first)} and {_via(other)}",
                    file=self.files[begin, first.via[0]],
                    hint=f"Add a direct table {FOLDER}/{file_name(begin, end)}.",
                )
        return first

    def compose(self, first: Correspondence, second: Correspondence) -> Correspondence:
        """Give the table through two others, with the cardinality counted within each level of the first list."""
        return compose(first, second, level_of=self.level_of(first.source))

    def level_of(self, key: SchemeVersion) -> LevelOf:
        """Give what tells the level of a code; the empty level for one that is not in the list."""
        codelist = self.codelists.lists.get(key)
        return lambda code: codelist.codes[code].level if codelist and code in codelist else ""

    def _chain(self, path: tuple[SchemeVersion, ...]) -> Correspondence:
        return reduce(self.compose, (self.tables[pair] for pair in pairwise(path)))

    def shortest(self, begin: SchemeVersion, end: SchemeVersion) -> list[tuple[SchemeVersion, ...]]:
        """Give the shortest ways from one version to another, each with both ends; none where there is no way."""
        paths: list[tuple[SchemeVersion, ...]] = [(begin,)]
        seen = {begin}
        while paths:
            paths = [(*path, after) for path in paths for before, after in self.tables if before == path[-1]]
            paths = [path for path in paths if path[-1] not in seen]
            if arrived := [path for path in paths if path[-1] == end]:
                return sorted(arrived)
            seen |= {path[-1] for path in paths}
        return []

    def _roads(self, begin: SchemeVersion, end: SchemeVersion) -> str:
        out = ", ".join(str(after) for before, after in self.tables if before == begin) or "nothing"
        into = ", ".join(str(before) for before, after in self.tables if after == end) or "nothing"
        return f"From {begin} one reaches {out}; {end} is reached from {into}. Tables are never read backwards."


def read_correspondences(folders: Iterable[Path], codelists: Codelists, faults: Faults) -> Correspondences:
    """Give the correspondences of layered folders; a later folder's file replaces one of the same name.

    Parameters
    ----------
    folders : iterable of Path
        Mappings folders, the lowest first.
    codelists : Codelists
        The lists on both sides.
    faults : Faults
        Collects what is wrong, in every file.
    """
    files: dict[Pair, Path] = {}
    for folder in folders:
        for path in sorted((folder / FOLDER).glob("*")):
            if (pair := table_name(path)) is None:
                faults.add(
                    "not the name of a correspondence",
                    file=path,
                    hint="Write it as in NO-KOMMUNE-2019__NO-KOMMUNE-2024.csv; a version begins with a digit.",
                )
            else:
                files[pair] = path
    tables = {pair: read_correspondence(files[pair], faults) for pair in sorted(files)}
    return Correspondences(tables, files, codelists)


def read_correspondence(path: Path, faults: Faults) -> Correspondence:
    """Give one table; rows at fault are left out.

    Parameters
    ----------
    path : Path
        File whose name says source and target.
    faults : Faults
        Collects cells that cannot be read and rows that stand twice.

    Raises
    ------
    ValueError
        Where the name is not that of a correspondence.
    """
    if (pair := table_name(path)) is None:
        raise ValueError(f"{path.name} is not the name of a correspondence")
    links: dict[tuple[str, str], Link] = {}
    for row in read_rows(path, required=COLUMNS, faults=faults):
        try:
            link = _link(row)
        except MappingError as fault:
            faults.keep(fault)
            continue
        if (first := links.get((link.source, link.target))) is not None:
            faults.keep(row.fault(f"{link.source} -> {link.target} stands in line {first.line} already"))
            continue
        links[link.source, link.target] = link
    return Correspondence(*pair, tuple(links.values()))


def table_name(path: Path) -> Pair | None:
    """Give source and target from the name of a file; ``None`` where it is no such name."""
    if path.suffix != ".csv" or (found := _NAME.fullmatch(path.stem)) is None:
        return None
    return SchemeVersion(found[1], found[2]), SchemeVersion(found[3], found[4])


def file_name(source: SchemeVersion, target: SchemeVersion) -> str:
    """Give the name of the file for a table."""
    return f"{source.scheme}-{source.version}__{target.scheme}-{target.version}.csv"


def _link(row: Row) -> Link:
    if not row["source_code"]:
        raise row.fault("source_code is empty")
    if not row["source"]:
        raise row.fault("source is empty", "Say where the row comes from.")
    return Link(
        row["source_code"],
        row["target_code"],
        row.choice("relation", CodeRelation),
        row.number("weight"),
        row.choice("weight_basis", WeightBasis) if row["weight_basis"] else None,
        row.day("weight_ref_date"),
        row.choice("evidence", Evidence),
        row["source"],
        row["note"],
        row.line,
    )


def _loss(table: Correspondence) -> tuple[int, int, int]:
    """Count codes not covered, links without a share, and links of divided codes: less is better."""
    by_source = table.by_source()
    divided = [link for links in by_source.values() if len(links) > 1 for link in links]
    return -len(by_source), sum(link.weight is None for link in divided), len(divided)


def _same(one: Correspondence, other: Correspondence) -> bool:
    mine, theirs = one.by_source(), other.by_source()
    return mine.keys() == theirs.keys() and all(shares(mine[code]) == shares(theirs[code]) for code in mine)


def _via(table: Correspondence) -> str:
    return "through " + ", ".join(map(str, table.via))
