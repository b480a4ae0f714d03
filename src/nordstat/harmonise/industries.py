"""Industries: the 16 groups that SCB and SSB have in common; section letters never go without their revision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from nordstat.errors import SettingsError, UnknownCodeError
from nordstat.harmonise.areas import convert
from nordstat.harmonise.codes import TOTAL, listed, read_codes
from nordstat.harmonise.levels import Levelled, refuse_mixed_levels, with_scheme, without_scheme
from nordstat.model.codelist import Correspondence, SchemeVersion

GROUPS = "INDUSTRY16"
"""SCB's 16 groups, the finest level SCB and SSB have in common."""

UNKNOWN = ("Z", "00", "US")
"""Codes of an industry that is not known: SSB by section, SSB and RAMS by division, BAS."""


def industry_prefix(version: SchemeVersion) -> str:
    """Give what stands in front of an industry code: the revision where letters move (``NACE2``), else the scheme."""
    return version.scheme if version.scheme == GROUPS else f"{version.scheme}{version.version}"


def with_revision(codes: pd.Series[Any], version: SchemeVersion) -> pd.Series[Any]:
    """Give the codes of a table with the revision the table is in: K of NACE Rev. 2 becomes ``NACE2:K``.

    Parameters
    ----------
    codes : Series
        Bare codes; the total (``_T``) stays as it is.
    version : SchemeVersion
        The table's classification and revision.
    """
    found = read_codes(pd.DataFrame({"industry": codes}), "industry")
    named = [code if code == TOTAL else f"{industry_prefix(version)}:{code}" for code in found.codes]
    return pd.Series(pd.Categorical.from_codes(found.positions, categories=pd.Index(named)), index=codes.index)


def convert_industries(
    frame: pd.DataFrame,
    column: str,
    correspondence: Correspondence,
    *,
    measures: str | Sequence[str],
    finer: bool = False,
    **options: Any,
) -> Levelled:
    """Give counts by the 16 groups, or on request by another classification.

    Parameters
    ----------
    frame : DataFrame
        Counts by industry, one level in the column.
    column : str
        Column of codes with their revision, as in ``NACE2:K``; `with_revision` writes it.
    correspondence : Correspondence
        From the table's classification to ``INDUSTRY16``, or with ``finer`` to any other.
    measures : str or sequence of str
        Columns of counts.
    finer : bool
        Whether a level may be used that the two offices do not have in common; it is labelled experimental.
    **options
        The other arguments of `nordstat.harmonise.areas.convert`.

    Returns
    -------
    Levelled
        The counts, with what the level costs.

    Raises
    ------
    UnknownCodeError
        For codes without their revision, or of another one.
    SettingsError
        For a finer level that was not asked for.
    """
    source, target = correspondence.source, correspondence.target
    if target.scheme != GROUPS and not finer:
        raise SettingsError(
            f"{target} is finer than what SCB and SSB have in common",
            hint=f"Convert to {GROUPS}, or ask for it with finer=True; it is then labelled experimental.",
        )
    _check_revision(frame, column, industry_prefix(source))
    bare = without_scheme(frame, column, industry_prefix(source))
    refuse_mixed_levels(bare, column, unknown=UNKNOWN)
    conversion = convert(bare, column, correspondence, measures=measures, **options)
    return Levelled(
        with_scheme(conversion, column, industry_prefix(target)),
        f"{target.scheme} groups" if target.scheme == GROUPS else str(target),
        _loss(correspondence, conversion.codes),
        experimental=target.scheme != GROUPS,
    )


def _check_revision(frame: pd.DataFrame, column: str, prefix: str) -> None:
    codes = read_codes(frame, column).codes
    if bare := [code for code in codes if ":" not in code and code != TOTAL]:
        raise UnknownCodeError(
            f"industries in {column!r} without their revision: {listed(bare)}",
            hint=f"K is finance in NACE Rev. 2, telecommunications in Rev. 2.1: write {prefix}:K (with_revision does).",
            codes=bare,
        )
    if others := [code for code in codes if code != TOTAL and not code.startswith(f"{prefix}:")]:
        raise UnknownCodeError(
            f"industries in {column!r} that are not {prefix}: {listed(others)}",
            hint="Convert the rows of one revision at a time, each with its own correspondence.",
            codes=others,
        )


def _loss(correspondence: Correspondence, codes: Collection[str]) -> str:
    """Say how many of the codes that occur become how many."""
    links = [link for link in correspondence.links if link.source in codes]
    targets = {link.target for link in links if link.target}
    notes = sorted({link.note for link in links if link.note})
    return "; ".join([f"{len(links)} codes of {correspondence.source} become {len(targets)}", *notes])
