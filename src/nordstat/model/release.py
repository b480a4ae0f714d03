"""Releases as values: what goes into one, and what two of them differ in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ReleaseContent:
    """Everything a release is made of.

    Attributes
    ----------
    version : str
        Calendar version, ``2026.1``.
    observations : DataFrame
        Columns of `nordstat.schema.columns.OBSERVATION`.
    reconciliation : DataFrame
        Columns of `nordstat.schema.columns.RECONCILIATION`.
    verdicts : list of dict
        One entry a figure, as ``nordstat reconcile --json`` prints it.
    figures : DataFrame
        One row a published or transcribed figure with its citation; the first column is the figure's id.
    definitions : dict
        Definition id to its labels, description and facets.
    sources : list of dict
        Every source used: ``id``, ``title``, ``publisher``, ``path`` (an address, or words where there is none),
        ``licence``, ``retrieved`` (a date or an instant, ISO 8601).
    provenance : dict
        The run: ``snapshots``, ``mappings_sha256``, ``library_version`` and whatever else says how it was made.
    """

    version: str
    observations: pd.DataFrame
    reconciliation: pd.DataFrame
    verdicts: list[dict[str, Any]]
    figures: pd.DataFrame
    definitions: dict[str, Any]
    sources: list[dict[str, Any]]
    provenance: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two releases.

    Attributes
    ----------
    section : str
        ``rows``, ``values``, ``statuses``, ``origins``, ``codes``, ``figures``, ``definitions`` or ``verdicts``.
    item : str
        What changed: an observation's key, a code, a figure id, a definition id.
    field : str
        Column or field; empty where the item as a whole came or went.
    old, new : object
        Before and after; ``None`` is an empty cell, or nothing at all.
    """

    section: str
    item: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """All differences between two releases.

    Attributes
    ----------
    old, new : str
        The two, as version and start of the content hash.
    changes : tuple of Change
        By section and item.
    """

    old: str
    new: str
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def section(self, name: str) -> tuple[Change, ...]:
        """Give the changes of one section."""
        return tuple(change for change in self.changes if change.section == name)


@dataclass(frozen=True, slots=True)
class Revisions:
    """What the offices changed in numbers they had published before.

    Attributes
    ----------
    table : DataFrame
        One row a revision: the key, ``vintage``, ``old``, ``new``, ``old_status``, ``new_status``, ``difference``
        and ``kind`` (``value``, ``withdrawn``, ``restored`` or ``status``).
    summary : DataFrame
        One row a source, measure and unit: how many of each kind, and of the changed values the mean, the mean
        absolute and the largest difference and the two-sided sign test.
    misfits : DataFrame
        Values that a vintage changed and the next one changed back: the key, ``vintage``, ``value``, ``before``,
        ``after``.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    misfits: pd.DataFrame
