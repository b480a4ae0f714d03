"""Classifications as a test states them: codes, changes and correspondences over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KlassCode:
    """One code over the time it holds; the end is exclusive and empty where it is open."""

    code: str
    name: str
    valid_from: str = "1900-01-01"
    valid_to: str = ""
    level: str = "1"
    parent: str | None = None
    short_name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class KlassChange:
    """One code that took the place of another; ``None`` before a creation and after an end."""

    occurred: str
    old: KlassCode | None = None
    new: KlassCode | None = None


@dataclass(frozen=True, slots=True)
class KlassMap:
    """One pair of codes of two classifications over the time it holds."""

    source: KlassCode
    target: KlassCode
    valid_from: str = "1900-01-01"
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class KlassVersion:
    """One version of a classification, for its id and its dates."""

    id: int
    name: str
    valid_from: str
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class KlassClassification:
    """One classification with all its codes, changes and correspondences (target id -> pairs)."""

    id: int
    name: str
    codes: Sequence[KlassCode] = ()
    changes: Sequence[KlassChange] = ()
    correspondences: Mapping[int, Sequence[KlassMap]] = field(default_factory=dict)
    versions: Sequence[KlassVersion] = ()
