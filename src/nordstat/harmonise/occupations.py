"""Occupations: SSYK and STYRK in ISCO-08 major groups, the level the evidence supports, with the loss stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nordstat.errors import SettingsError
from nordstat.harmonise.areas import convert
from nordstat.harmonise.levels import Levelled, refuse_mixed_levels, with_scheme, without_scheme
from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link

UNKNOWN = "X"
"""ISCO code of occupations not stated; never 0, the armed forces."""

_LEVELS = {1: "major groups", 2: "sub-major groups", 3: "minor groups", 4: "unit groups"}
_UNIT = 4


@dataclass(frozen=True, slots=True)
class OccupationLoss:
    """What the step from national unit groups to ISCO costs at one level.

    Codes are counted, not people: a group of many people weighs as much as one of few.

    Attributes
    ----------
    level : int
        Digits compared.
    codes : int
        National unit groups (4 digits) with a counterpart in ISCO.
    kept : int
        Those that keep these digits in all their counterparts.
    single : int
        Those whose counterparts all lie in one ISCO group of the level, be it another one.
    without : tuple of str
        Unit groups without counterpart.
    """

    level: int
    codes: int
    kept: int
    single: int
    without: tuple[str, ...]

    def __str__(self) -> str:
        digits = "first digit" if self.level == 1 else f"first {self.level} digits"
        without = f"; without counterpart: {', '.join(self.without)}" if self.without else ""
        return (
            f"{self.kept / self.codes:.1%} of {self.codes} unit groups keep their {digits} in ISCO, "
            f"{self.single / self.codes:.1%} lie in one group of that level{without}"
        )


def occupation_loss(correspondence: Correspondence, level: int = 1) -> OccupationLoss:
    """Give the loss of a level, counted in the 4-digit codes of a correspondence to ISCO."""
    units = {code: links for code, links in correspondence.by_source().items() if len(code) == _UNIT}
    goals = {code: found for code, links in units.items() if (found := _goals(links, level))}
    kept = sum(found == {code[:level]} for code, found in goals.items())
    single = sum(len(found) == 1 for found in goals.values())
    return OccupationLoss(level, len(goals), kept, single, tuple(sorted(units.keys() - goals.keys())))


def at_level(correspondence: Correspondence, level: int = 1) -> Correspondence:
    """Give the way from national codes to ISCO groups of a level.

    A code goes where its ISCO counterparts lie, or those of its parts; one without counterpart goes with the group
    it belongs to (2223, the Norwegian nurses, with 222). Where the counterparts lie in several groups, nobody knows
    the shares: the code has no counterpart, unless it is of the level itself and is set against the same digits, as
    a partial match. What is not stated stays not stated.

    Parameters
    ----------
    correspondence : Correspondence
        From national codes to ISCO.
    level : int
        Digits, 1 to 4.
    """
    given = correspondence.by_source()
    found = {code: links for code, links in given.items() if len(code) >= level}
    for code in (code for code in given if len(code) == _UNIT):
        for group in (code[:length] for length in range(level, _UNIT)):
            found[group] = [*found.get(group, ()), *given[code]]
    links = (
        _link(code, _goals(ways, level) or _goals(_above(code, given), level), _evidence(ways), level)
        for code, ways in sorted(found.items())
    )
    return Correspondence(correspondence.source, correspondence.target, tuple(links), correspondence.via)


def convert_occupations(
    frame: pd.DataFrame,
    column: str,
    correspondence: Correspondence,
    *,
    measures: str | Sequence[str],
    level: int = 1,
    **options: Any,
) -> Levelled:
    """Give counts by ISCO major group, or experimentally by a finer one.

    Parameters
    ----------
    frame : DataFrame
        Counts by national occupation, one level in the column.
    column : str
        Column of codes, bare (``2221``) or with their scheme (``STYRK:2221``).
    correspondence : Correspondence
        From the national classification to ISCO.
    measures : str or sequence of str
        Columns of counts.
    level : int
        Digits of ISCO: 1, or on request 2 to 4.
    **options
        The other arguments of `nordstat.harmonise.areas.convert`.

    Returns
    -------
    Levelled
        The counts with the loss of the level.
    """
    if level not in _LEVELS:
        raise SettingsError(f"ISCO has levels 1 to 4, not {level}")
    bare = without_scheme(frame, column, correspondence.source.scheme)
    unknown = {code for code, links in correspondence.by_source().items() if _goals(links, 1) == {UNKNOWN}}
    refuse_mixed_levels(bare, column, unknown=unknown)
    conversion = convert(bare, column, at_level(correspondence, level), measures=measures, **options)
    named = with_scheme(conversion, column, correspondence.target.scheme)
    return Levelled(named, f"ISCO-08 {_LEVELS[level]}", str(occupation_loss(correspondence, level)), level > 1)


def _goals(links: Sequence[Link], level: int) -> set[str]:
    return {link.target[:level] for link in links if link.target}


def _link(code: str, goals: set[str], evidence: Evidence, level: int) -> Link:
    """Give the one way of a code to a group of the level, or none."""
    if len(goals) == 1:
        return Link(code, next(iter(goals)), CodeRelation.NARROWER, evidence=evidence)
    note = f"counterparts in {', '.join(sorted(goals))}: nobody knows the shares" if goals else ""
    if len(code) == level and code in goals and UNKNOWN not in goals:
        return Link(code, code, CodeRelation.PARTIAL, evidence=evidence, note=note)
    return Link(code, "", CodeRelation.NONE, evidence=evidence, note=note)


def _above(code: str, given: Mapping[str, Sequence[Link]]) -> Sequence[Link]:
    """Give the links of the nearest group above a code that has any."""
    groups = (code[:length] for length in range(len(code) - 1, 0, -1))
    return next((given[group] for group in groups if group in given), ())


def _evidence(links: Sequence[Link]) -> Evidence:
    assumed = any(link.evidence is Evidence.ASSUMED for link in links)
    return Evidence.ASSUMED if assumed else Evidence.DERIVED
