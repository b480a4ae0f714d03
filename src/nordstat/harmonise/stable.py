"""Stable units: the smallest areas that no change of a period divides, so that counts need no weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link, SchemeVersion

_ORIGIN = "connected components of the changes"
_Node = tuple[SchemeVersion, str]


def stable_units(
    correspondences: Iterable[Correspondence], units: SchemeVersion, *, prefix: str = ""
) -> tuple[Correspondence, ...]:
    """Give the way from every version into the units that hold all their codes whole.

    A unit is what the changes join, directly or through other codes: where a code is divided, its parts and all
    they are made of are one unit. It is named by its codes in the latest version that has any.

    Parameters
    ----------
    correspondences : iterable of Correspondence
        All changes of the period, between versions of one classification.
    units : SchemeVersion
        Name for the units, such as ``NO-STABLE:2018-2024``.
    prefix : str
        What the code of a unit begins with.

    Returns
    -------
    tuple of Correspondence
        One a version, the oldest first; every share is the whole.
    """
    links: dict[SchemeVersion, list[Link]] = {}
    for members in _joined(correspondences):
        by_version: dict[SchemeVersion, list[str]] = {}
        for version, code in sorted(members):
            by_version.setdefault(version, []).append(code)
        unit = prefix + "+".join(by_version[max(by_version)])
        for version, codes in by_version.items():
            relation = CodeRelation.EXACT if len(codes) == 1 else CodeRelation.NARROWER
            links.setdefault(version, []).extend(
                Link(code, unit, relation, evidence=Evidence.DERIVED, origin=_ORIGIN) for code in codes
            )
    return tuple(
        Correspondence(version, units, tuple(sorted(links[version], key=lambda link: link.source)))
        for version in sorted(links)
    )


def _joined(correspondences: Iterable[Correspondence]) -> Iterator[frozenset[_Node]]:
    """Give the codes of all versions, together where a link joins them."""
    together: dict[_Node, frozenset[_Node]] = {}
    for correspondence in correspondences:
        for link in correspondence.links:
            node = (correspondence.source, link.source)
            other = (correspondence.target, link.target) if link.target else node
            joined = together.get(node, frozenset({node})) | together.get(other, frozenset({other}))
            together.update(dict.fromkeys(joined, joined))
    yield from dict.fromkeys(together.values())
