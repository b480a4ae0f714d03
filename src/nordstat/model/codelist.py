"""Codelists and correspondences: classifications in one version, and the way between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class SchemeVersion:
    """A classification and its version, written ``NO-KOMMUNE:2024``."""

    scheme: str
    version: str

    @classmethod
    def parse(cls, text: str) -> SchemeVersion:
        """Read ``SCHEME:VERSION``.

        Raises
        ------
        ValueError
            Where either part is missing.
        """
        scheme, _, version = text.partition(":")
        if not scheme or not version:
            raise ValueError(f"{text!r} names no version; write SCHEME:VERSION as in NO-KOMMUNE:2024")
        return cls(scheme, version)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.version}"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a classification.

    Attributes
    ----------
    code, name, level : str
        Code (always text), official name, and level in the hierarchy.
    parent : str
        Parent code; empty at the top.
    valid_from, valid_to : date or None
        In force from, and until (exclusive); ``None`` where not known or still in force.
    source : str
        Where the row comes from.
    line : int
        Line in the file.
    """

    code: str
    name: str
    level: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Codelist:
    """A classification in one version.

    Attributes
    ----------
    id : SchemeVersion
        Scheme and version.
    codes : mapping of str to Code
        In file order.
    """

    id: SchemeVersion
    codes: Mapping[str, Code]

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes.values())

    def at_level(self, level: str) -> tuple[str, ...]:
        """Give the codes of one level, in file order."""
        return tuple(code.code for code in self if code.level == level)


class CodeRelation(StrEnum):
    """Read "source is ... than target"."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"
    PARTIAL = "partial"
    NONE = "none"


class WeightBasis(StrEnum):
    """What a weight is a share of."""

    WHOLE_UNIT = "whole_unit"
    POPULATION = "population"
    EMPLOYED = "employed"
    ASSUMED = "assumed"


class Evidence(StrEnum):
    """How well a link is known."""

    OFFICIAL = "official"
    DERIVED = "derived"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a correspondence: a source code, a target code and the share that goes there.

    Attributes
    ----------
    source, target : str
        Codes; ``target`` is empty only where ``relation`` is ``none``.
    relation : CodeRelation
        The source against the target.
    weight : float or None
        Share of the *source* that goes to the target, 0 < w <= 1; ``None`` where not known.
    weight_basis : WeightBasis or None
        What the share is taken from; ``None`` where the share is not known.
    weight_ref_date : date or None
        Date of that basis.
    evidence : Evidence
        How well the link is known.
    origin, note : str
        Source of the row, and free text.
    line : int
        Line in the file.
    """

    source: str
    target: str
    relation: CodeRelation
    weight: float | None = 1.0
    weight_basis: WeightBasis | None = WeightBasis.WHOLE_UNIT
    weight_ref_date: date | None = None
    evidence: Evidence = Evidence.OFFICIAL
    origin: str = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The directed way from one version to another; never inverted by itself.

    Attributes
    ----------
    source, target : SchemeVersion
        From, and to.
    links : tuple of Link
        In file order.
    via : tuple of SchemeVersion
        Versions passed through where the table was composed of shorter ones.
    """

    source: SchemeVersion
    target: SchemeVersion
    links: tuple[Link, ...]
    via: tuple[SchemeVersion, ...] = ()

    @property
    def is_composed(self) -> bool:
        """Whether the table was composed of shorter ones."""
        return bool(self.via)

    def by_source(self) -> dict[str, list[Link]]:
        """Give the links of each source code, all of them, in file order."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.source, []).append(link)
        return found
