"""Regions through time: conversion, and the version a set of codes belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import pandas as pd

from nordstat.api.folders import Folders, load
from nordstat.harmonise import areas, codes
from nordstat.harmonise.areas import Conversion
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
