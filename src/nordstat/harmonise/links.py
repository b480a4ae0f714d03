"""Links of a correspondence: how sure what goes over them is, and which may not be used for counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import fsum

from nordstat.errors import AmbiguousCorrespondenceError, MappingError, MappingErrors, UnknownCodeError
from nordstat.harmonise.codes import TOTAL, listed
from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link

_TOLERANCE = 1e-9


def link_status(link: Link) -> str:
    """Give the mapping status of what goes over a link."""
    if link.source == TOTAL:
        return "none"
    if link.evidence is Evidence.ASSUMED:
        return "estimated_assumed"
    if link.weight != 1 or link.relation not in (CodeRelation.EXACT, CodeRelation.NARROWER):
        return "estimated"
    return "exact" if link.relation is CodeRelation.EXACT else "aggregated"


def check_links(
    codes: Collection[str], correspondence: Correspondence, *, allow_assumed: bool, keep_unmapped: bool
) -> None:
    """Refuse a correspondence whose links cannot carry the counts of the codes that occur.

    Parameters
    ----------
    codes : collection of str
        Codes that occur; the others of the correspondence do not matter.
    correspondence : Correspondence
        The way to take.
    allow_assumed : bool
        Whether weights that nobody has measured may be used.
    keep_unmapped : bool
        Whether a code may have no counterpart.

    Raises
    ------
    AmbiguousCorrespondenceError
        For doubled rows, and weights that are not known, do not sum to one, or are assumed.
    UnknownCodeError
        For codes without counterpart.
    MappingErrors
        Where there are faults of several kinds.
    """
    used = {code: links for code, links in correspondence.by_source().items() if code in codes}
    faults = []
    rules = [*_RULES, *([] if allow_assumed else [_ASSUMED]), *([] if keep_unmapped else [_UNMAPPED])]
    for kind, what, hint, is_wrong in rules:
        if wrong := sorted(code for code, links in used.items() if is_wrong(links)):
            words = listed(wrong, lambda code: _ways(used[code]))
            faults.append(kind(f"{what} {words}", file=arrow(correspondence), hint=hint))
    if len(faults) > 1:
        raise MappingErrors(f"{arrow(correspondence)} cannot be used", faults)
    for fault in faults:
        raise fault


def arrow(correspondence: Correspondence) -> str:
    """Write the way of a correspondence."""
    return f"{correspondence.source} -> {correspondence.target}"


def _ways(links: Sequence[Link]) -> str:
    """Write a code and where it goes, or why it goes nowhere."""
    ways = [f"{link.target} {'?' if link.weight is None else f'{link.weight:g}'}" for link in links if link.target]
    words = ", ".join(ways) or links[0].note
    return f"{links[0].source} ({words})" if words else links[0].source


def _is_doubled(links: Sequence[Link]) -> bool:
    return len({link.target for link in links}) < len(links)


def _is_uneven(links: Sequence[Link]) -> bool:
    """Tell whether known shares do not sum to one, a double row apart, which is a fault of its own."""
    shares = [link.weight for link in links if link.weight is not None]
    return len(shares) == len(links) and not _is_doubled(links) and abs(fsum(shares) - 1) > _TOLERANCE


_Rule = tuple[type[MappingError], str, str, Callable[[Sequence[Link]], bool]]
_RULES: tuple[_Rule, ...] = (
    (
        AmbiguousCorrespondenceError,
        "the same target stands twice for",
        "Take the double rows out of the correspondence.",
        _is_doubled,
    ),
    (
        AmbiguousCorrespondenceError,
        "nobody knows the shares of",
        "Counts cannot be shared out without weights: convert the parts these codes are made of, or use stable units.",
        lambda links: any(link.weight is None for link in links),
    ),
    (
        AmbiguousCorrespondenceError,
        "the shares do not sum to one for",
        "Correct the weights.",
        _is_uneven,
    ),
)
_ASSUMED: _Rule = (
    AmbiguousCorrespondenceError,
    "the shares are assumed, nobody has measured them, for",
    "Use stable units, or accept them with allow_assumed=True; the rows are then marked estimated_assumed.",
    lambda links: any(link.evidence is Evidence.ASSUMED for link in links),
)
_UNMAPPED: _Rule = (
    UnknownCodeError,
    "no counterpart for",
    "Put their rows aside with on_unmapped='keep'; the balance then says how much they are.",
    lambda links: any(not link.target for link in links),
)
