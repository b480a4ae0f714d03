"""Series with their breaks, figures that cannot both hold, what rests on assumptions, and the quality report."""

from __future__ import annotations

from nordstat.api.folders import Folders, load
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.series import Series
from nordstat.reconcile.series import series as join


def series(
    definition: str, *, residence: str, work: str, measure: str = "", mappings: Folders = (), **codes: str
) -> Series:
    """Give the numbers of one definition over time, with break marks and growth that does not cross them unseen.

    Parameters
    ----------
    definition : str
        Definition id, such as ``ssb-nonresident-refweek``.
    residence, work : str
        Area codes, with or without their scheme; a country background stands where residence is not known.
    measure : str, optional
        ``employed``, ``in_commuters``, ...; commuters where it is not said.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    **codes : str
        ``sex``, ``industry``, ``occupation``, ``background``; totals where not said.

    Returns
    -------
    Series
        With ``.table``, ``.growth(start, end)`` and ``.comparable_length``.

    Raises
    ------
    SettingsError
        Where nothing fits, or more than one quantity does.
    """
    found = load(mappings)
    corpus = pipeline.corpus(found)
    return join(corpus, found.breaks.values(), definition, residence=residence, work=work, measure=measure, **codes)
