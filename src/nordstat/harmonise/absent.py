"""Absent parts: targets some of whose source codes a table does not have at all, so that no sum of them is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nordstat.harmonise.codes import CodeColumn
from nordstat.harmonise.spread import Flags, Groups, Key, Parts, Positions, group
from nordstat.model.codelist import Correspondence

TABLE = ("reporter", "definition", "measure", "source", "vintage")
"""Columns that, with the period, tell one table from another."""


@dataclass(frozen=True, slots=True, eq=False)
class Holes:
    """Targets of which a part is absent, by table.

    Attributes
    ----------
    table : ndarray
        For each row of the frame, its table: reporter, definition, measure, source and period.
    of_target : list of ndarray
        For each converted column, a flag for each table and target.
    found : DataFrame
        The same in words: a row for each table, column and target, with the codes that are absent.
    """

    table: Positions
    of_target: list[Flags]
    found: pd.DataFrame

    def among(self, parts: Parts, groups: Groups) -> Flags:
        """Tell which groups go to a target with a hole."""
        among = np.zeros(len(groups), bool)
        if len(self.found):
            table = self.table[parts.rows[groups.member]]
            for flags, target in zip(self.of_target, parts.targets, strict=True):
                among |= flags[table, target[groups.member]]
        return among


def find_holes(
    frame: pd.DataFrame,
    ends: Sequence[CodeColumn],
    correspondence: Correspondence,
    *,
    tables: dict[str, Key],
    targets: Sequence[str],
    wanted: bool,
) -> Holes:
    """Look for targets whose other source codes a table does not have.

    Codes of another length than those in the column belong to another level and are not looked for.

    Parameters
    ----------
    frame : DataFrame
        Counts.
    ends : sequence of CodeColumn
        Columns to convert.
    correspondence : Correspondence
        The way to take.
    tables : dict of str to key
        Columns that tell the tables apart.
    targets : sequence of str
        All target codes.
    wanted : bool
        Whether to look; else there are none, because what is absent counts as zero.
    """
    table = group(tables.values(), len(frame))
    of_target, found = [], []
    for end in ends:
        flags = np.zeros((len(table), len(targets)), bool)
        for member, target, codes in _absent(end, table, correspondence) if wanted else ():
            flags[member, targets.index(target)] = True
            found.append((table.member[member], end.name, target, " ".join(codes)))
        of_target.append(flags)
    words = pd.DataFrame(found, columns=["row", "column", "target", "absent"])
    where = frame[list(tables)].iloc[words.pop("row").to_numpy(np.intp)].reset_index(drop=True)
    return Holes(table.of_part, of_target, pd.concat([where, words], axis=1))


def _absent(end: CodeColumn, table: Groups, correspondence: Correspondence) -> Iterator[tuple[int, str, list[str]]]:
    """Give each table and target that is reached, with the source codes of the same level that are not there."""
    present = np.full((len(table), len(end.codes)), len(table) == 1)
    if len(table) > 1:
        present[table.of_part, end.positions] = True
    levels = {len(code) for code in end.codes}
    sources: dict[str, list[str]] = {}
    for link in correspondence.links:
        if link.target and len(link.source) in levels:
            sources.setdefault(link.target, []).append(link.source)
    merged = {target: parts for target, parts in sources.items() if len(parts) > 1}
    for member in range(len(table)):
        held = {code for code, there in zip(end.codes, present[member], strict=True) if there}
        for target, parts in merged.items():
            lacking = [code for code in parts if code not in held]
            if 0 < len(lacking) < len(parts):
                yield member, target, lacking
