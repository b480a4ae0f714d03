"""Regions through time: conversion, and the version a set of codes belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import pandas as pd

from nordstat.api.folders import Folders, load
from nordstat.errors import SettingsError, UnknownCodeError
from nordstat.harmonise import areas, codes
from nordstat.harmonise.areas import Conversion
from nordstat.mapping.border import read_border
from nordstat.mapping.rows import Faults
from nordstat.model.codelist import SchemeVersion
from nordstat.pipeline import classifications
from nordstat.pipeline.classifications import ListComparison
from nordstat.sources import open_klass


def convert(  # noqa: PLR0913 - each argument is a question only the statistician can answer
    frame: pd.DataFrame,
    columns: str | Sequence[str],
    *,
    to: str,
    source: str = "",
    measures: str | Sequence[str] = "obs_value",
    period: str | None = "time_period",
    allow_assumed: bool = False,
    on_unmapped: Literal["raise", "keep"] = "raise",
    absent: Literal["missing", "zero"] = "missing",
    mappings: Folders = (),
) -> Conversion:
    """Give counts in another version of a classification, with a balance of what went in and out.

    Parameters
    ----------
    frame : DataFrame
        Counts, one row a key.
    columns : str or sequence of str
        Column of codes, or both ends of a flow.
    to : str
        Version wanted, as in ``NO-KOMMUNE:2024``.
    source : str, optional
        Version the codes are in; found from the codes where it is not given.
    measures : str or sequence of str, optional
        Columns of counts; intervals go with ``obs_value``.
    period : str or None, optional
        Column of the period; ``None`` where the frame is of one.
    allow_assumed : bool, optional
        Whether shares that somebody assumed may be used.
    on_unmapped : {"raise", "keep"}, optional
        What to do with codes that lead nowhere.
    absent : {"missing", "zero"}, optional
        What a code means that the frame does not have: unknown, or nothing, as in a sparse table of flows.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Raises
    ------
    UnknownCodeError
        For codes that no version has, with the nearest.
    MixedVersionsError
        For codes of several versions in one column.
    """
    found = load(mappings)
    names = [columns] if isinstance(columns, str) else list(columns)
    if missing := [name for name in names if name not in frame.columns]:
        raise SettingsError(
            f"the frame has no column {missing[0]!r}", hint=f"It has {', '.join(map(str, frame.columns))}."
        )
    lists = tuple(found.codelists.lists.values())
    begin = source or str(_version(pd.concat([frame[name] for name in names]), lists, SchemeVersion.parse(to)))
    return areas.convert(
        frame,
        columns,
        found.correspondences().find(begin, to),
        measures=measures,
        period=period,
        allow_assumed=allow_assumed,
        on_unmapped=on_unmapped,
        absent=absent,
        codelists=lists,
    )


def detect_version(column: Iterable[object], scheme: str, *, mappings: Folders = ()) -> tuple[str, ...]:
    """Give the versions of a classification that hold every one of the codes.

    Parameters
    ----------
    column : iterable
        Codes, as text.
    scheme : str
        Classification, such as ``NO-KOMMUNE``.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    lists = load(mappings).codelists.lists.values()
    return tuple(str(version) for version in codes.detect_version(column, lists, scheme))


def stable_units(*, mappings: Folders = ()) -> pd.DataFrame:
    """Give the 353 Norwegian units that need no share through the reforms of 2018 to 2024.

    Returns
    -------
    DataFrame
        One row a code of each version: ``unit``, ``name``, ``version``, ``code``.
    """
    found = load(mappings)
    units = found.codelists.find("NO-STABLE:2018-2024")
    tables = found.correspondences().tables.items()
    return pd.DataFrame.from_records(
        [
            {"unit": link.target, "name": units.codes[link.target].name, "version": begin.version, "code": link.source}
            for (begin, end), table in tables
            if end == units.id
            for link in table.links
            if link.target
        ]
    ).sort_values(["unit", "version", "code"], ignore_index=True)


def _version(column: pd.Series[Any], lists: tuple[Any, ...], to: SchemeVersion) -> SchemeVersion:
    return codes.detect_version(column, lists, to.scheme)[0]


def compare_with_klass(*, mappings: Folders = ()) -> tuple[ListComparison, ...]:
    """Give the shipped lists beside what SSB's Klass says now; this asks the network.

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Raises
    ------
    OfflineError
        Where the network is switched off.
    SourceError
        Where Klass cannot be asked.
    """
    return classifications.compare_with_klass(load(mappings), open_klass())


def members(scheme: str, code: str, *, mappings: Folders = ()) -> pd.DataFrame:
    """Give what an aggregated or historical area is made of: Hedmark (``NO-FYLKE``, ``04``) is 22 municipalities.

    Parameters
    ----------
    scheme, code : str
        Classification without version, and the area's code in it.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    DataFrame
        One row a member: ``scheme``, ``code``.

    Raises
    ------
    UnknownCodeError
        For an area whose members are not known, naming those whose are.
    """
    found = load(mappings).members
    if (scheme, code) not in found:
        known = ", ".join(f"{group_scheme} {group}" for group_scheme, group in sorted(found))
        raise UnknownCodeError(f"the members of {scheme} {code} are not known", hint=f"Known: {known}.", codes=[code])
    return pd.DataFrame(found[scheme, code], columns=["scheme", "code"])


def border_municipalities(*, mappings: Folders = ()) -> pd.DataFrame:
    """Give the pairs of Swedish and Norwegian municipalities that touch: for plausibility, commuters go further.

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    DataFrame
        One row a pair: ``residence`` (SE-KOMMUN), ``work`` (NO-KOMMUNE:2024), ``border_km``; derived from generalised
        borders, not an official list.
    """
    faults = Faults()
    found = load(mappings)
    pairs = read_border(found.folders, found.codelists, faults)
    faults.raise_if_any()
    return pd.DataFrame(
        {
            "residence": [pair.swedish for pair in pairs],
            "work": [pair.norwegian for pair in pairs],
            "border_km": [pair.border_km for pair in pairs],
        }
    )
