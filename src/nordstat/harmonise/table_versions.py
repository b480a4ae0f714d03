"""Which version of a classification the codes of a table belong to.

The version belongs to the table: where one holds every code the table lists, it is that one whatever the year, and the
year only chooses between several. A table that lists codes of several versions (SSB adds "(-2019)" to labels) is read
period by period: the version is one that holds every code with a number in that period. A code that has none there
stands in the version it belongs to, with its zero, so that nothing is left out and nothing is relabelled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nordstat.errors import OutsideValidityError
from nordstat.harmonise.codes import listed
from nordstat.model.codelist import Codelist
from nordstat.model.period import Period
from nordstat.model.table import TableSpec

_YEAR = re.compile(r"[0-9]{4}")

Words = npt.NDArray[np.object_]


def versions_of(
    codes: Sequence[str],
    counted: npt.NDArray[np.bool_],
    *,
    periods: Sequence[Period],
    lists: Sequence[Codelist],
    table: TableSpec,
) -> Words:
    """Give scheme and version of each code in each period.

    Parameters
    ----------
    codes : sequence of str
        Codes of one scheme, each in at least one of the lists.
    counted : ndarray of bool, shape (codes, periods)
        Where a code has a number other than zero.
    periods : sequence of Period
        The periods of the table.
    lists : sequence of Codelist
        The versions of the scheme.
    table : TableSpec
        Whose codes they are, for the message.

    Returns
    -------
    ndarray of str, shape (codes, periods)

    Raises
    ------
    OutsideValidityError
        For a period whose numbers are coded in several versions at once.
    """
    found = np.empty(counted.shape, dtype=object)
    whole = [codelist for codelist in lists if all(code in codelist for code in codes)]
    for place, period in enumerate(periods):
        used = [code for code, has_number in zip(codes, counted[:, place], strict=True) if has_number]
        holding = whole or [codelist for codelist in lists if all(code in codelist for code in used)]
        if not holding:
            raise _mixed(used, period, lists, table)
        own = _in_force(holding, period)
        for row, code in enumerate(codes):
            holder = own if code in own else _in_force([codelist for codelist in lists if code in codelist], period)
            found[row, place] = str(holder.id)
    return found


def _in_force(lists: Sequence[Codelist], period: Period) -> Codelist:
    """Give the newest version that began by a period, or the oldest where all began later."""
    ordered = sorted(lists, key=_begin)
    return next((codelist for codelist in reversed(ordered) if _begin(codelist) <= period.year), ordered[0])


def _begin(codelist: Codelist) -> int:
    """Give the year a version is named after; 0 for a version that is no year, such as 1."""
    found = _YEAR.match(codelist.id.version)
    return int(found[0]) if found else 0


def _mixed(used: Sequence[str], period: Period, lists: Sequence[Codelist], table: TableSpec) -> OutsideValidityError:
    nearest = max(lists, key=lambda codelist: sum(code in codelist for code in used))
    outside = [code for code in used if code not in nearest]
    return OutsideValidityError(
        f"{table.id} has numbers for {period} in codes of several versions: {listed(outside)} "
        f"{'is' if len(outside) == 1 else 'are'} not in {nearest.id}, which holds the others",
        file=table.file,
        line=table.line,
        hint="Fetch the table with the codes of one version, or name the version in its scheme (NO-KOMMUNE:2024).",
    )
