"""Puts two correspondences together into one, and counts cardinality; pure functions on links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link, WeightBasis

LevelOf = Callable[[str], str]

_T = TypeVar("_T")
_BY_CARDINALITY = {
    (True, True): CodeRelation.EXACT,
    (True, False): CodeRelation.NARROWER,
    (False, True): CodeRelation.BROADER,
    (False, False): CodeRelation.PARTIAL,
}
"""One target only, one source only -> relation."""

_WEAKEST_FIRST = (Evidence.ASSUMED, Evidence.DERIVED, Evidence.OFFICIAL)
_LOOSEST_FIRST = (WeightBasis.ASSUMED, WeightBasis.EMPLOYED, WeightBasis.POPULATION, WeightBasis.WHOLE_UNIT)


def cardinality(pairs: Iterable[tuple[str, str]], level_of: LevelOf) -> dict[tuple[str, str], CodeRelation]:
    """Give the relation each pair has by counting the targets of its source and the sources of its target.

    Levels of one list lie inside each other, so sources are counted within their own level. A pair without a target
    has the relation ``none``.
    """
    pairs = list(pairs)
    targets = Counter(source for source, target in pairs if target)
    sources = Counter((level_of(source), target) for source, target in pairs)
    return {
        (source, target): _BY_CARDINALITY[targets[source] == 1, sources[level_of(source), target] == 1]
        if target
        else CodeRelation.NONE
        for source, target in pairs
    }


def compose(first: Correspondence, second: Correspondence, *, level_of: LevelOf = lambda _: "") -> Correspondence:
    """Give the table that goes through two others.

    Shares are multiplied, and added where the ways of one code meet again. A source code is left out where the second
    table says nothing about one of its targets.

    Parameters
    ----------
    first, second : Correspondence
        The target of the first is the source of the second.
    level_of : callable, optional
        Level of a source code, for the cardinality.
    """
    onward = second.by_source()
    met: dict[tuple[str, str], list[Link]] = {}
    for source, links in first.by_source().items():
        if all(not link.target or link.target in onward for link in links):
            for step in _steps(links, onward):
                met.setdefault((source, step.target), []).append(step)
    relations = cardinality(met, level_of)
    targets = Counter(source for source, _ in met)
    merged = (_merged(steps, relations[key], whole=targets[key[0]] == 1) for key, steps in met.items())
    return Correspondence(first.source, second.target, tuple(merged), (*first.via, first.target, *second.via))


def shares(links: Iterable[Link]) -> dict[str, float | None]:
    """Give target -> share of one code, rounded so that two ways to the same share are equal."""
    return {link.target: None if link.weight is None else round(link.weight, 9) for link in links}


def agree(one: Mapping[str, float | None], other: Mapping[str, float | None]) -> bool:
    """Whether two ways lead to the same targets, with the same shares where both know them."""
    return one.keys() == other.keys() and all(
        share is None or other[target] is None or share == other[target] for target, share in one.items()
    )


def _steps(links: Iterable[Link], onward: Mapping[str, list[Link]]) -> Iterator[Link]:
    for link in links:
        if not link.target:
            yield link
            continue
        for after in onward[link.target]:
            weight = None if link.weight is None or after.weight is None else link.weight * after.weight
            yield _joined((link, after), target=after.target, weight=weight)


def _merged(steps: Sequence[Link], relation: CodeRelation, *, whole: bool) -> Link:
    """Make one link of the ways that meet; a code with one target goes there whole, whatever the shares on the way."""
    weights = [step.weight for step in steps if step.weight is not None]
    total = round(sum(weights), 12) if len(weights) == len(steps) else None
    merged = _joined(steps, target=steps[0].target, weight=total)
    if merged.relation is CodeRelation.EXACT or relation is CodeRelation.NONE:
        merged = replace(merged, relation=relation)
    if not whole:
        return merged
    evidence = Evidence.DERIVED if merged.evidence is Evidence.ASSUMED else merged.evidence
    return replace(merged, weight=1.0, weight_basis=WeightBasis.WHOLE_UNIT, weight_ref_date=None, evidence=evidence)


def _joined(links: Sequence[Link], *, target: str, weight: float | None) -> Link:
    """Make one link of several: the weakest evidence, the loosest basis, the latest date, all sources and notes."""
    bases = {link.weight_basis for link in links}
    days = [link.weight_ref_date for link in links if link.weight_ref_date]
    return Link(
        links[0].source,
        target,
        CodeRelation.PARTIAL if any(map(_loose, links)) else CodeRelation.EXACT,
        weight,
        None if weight is None else _first(_LOOSEST_FIRST, bases),
        None if weight is None else max(days, default=None),
        _first(_WEAKEST_FIRST, {link.evidence for link in links}),
        _words(link.origin for link in links),
        _words(link.note for link in links),
    )


def _loose(link: Link) -> bool:
    """Whether a file calls a whole code ``partial``: the codes are alike, their scope may differ."""
    return link.relation is CodeRelation.PARTIAL and link.weight == 1


def _first(order: Sequence[_T], found: Iterable[_T | None]) -> _T:
    present = set(found)
    return next(each for each in order if each in present)


def _words(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))
