"""Containment: which area lies inside which, across classifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nordstat.model.codelist import Codelist
from nordstat.model.quantity import Area, Containment

PARENT_SCHEME = {"SE-KOMMUN": "SE-LAN", "NO-KOMMUNE": "NO-FYLKE"}
COUNTRY = {"SE-LAN": "SE", "NO-FYLKE": "NO"}
_NOT_REGISTERED: Area = ("AREA", "ABROAD_NO")


def containment_of(codelists: Iterable[Codelist], members: Mapping[Area, Iterable[Area]]) -> Containment:
    """Give which area lies inside which.

    Versions of a scheme are taken together: a code that moved to another parent between versions lies in both, so
    that a whole is never denied a part it once had.

    Parameters
    ----------
    codelists : iterable of Codelist
        Their parents are followed; municipalities lie in the county their parent names, counties in the country.
    members : mapping of Area to iterable of Area
        Members of aggregated areas, such as the Nordic countries.
    """
    above: dict[Area, set[Area]] = {}
    for codelist in codelists:
        for code in codelist:
            area = (codelist.id.scheme, code.code)
            above.setdefault(area, set()).update(_parents(area, code.parent))
    for whole, parts in members.items():
        for part in parts:
            above.setdefault(part, set()).add(whole)
    return Containment({area: frozenset(_ancestors(area, above)) for area in above})


def _parents(area: Area, parent: str) -> Iterable[Area]:
    scheme, code = area
    if parent:
        yield PARENT_SCHEME.get(scheme, scheme), parent
    if scheme in COUNTRY:
        yield "ISO3166", COUNTRY[scheme]
    if scheme == "NUTS":
        yield "ISO3166", code[:2]
    if scheme in {"ISO3166", "BACKGROUND"} or (scheme == "AREA" and area != _NOT_REGISTERED):
        # Whoever has one country background is one of those not registered in Norway, whatever the background.
        yield _NOT_REGISTERED


def _ancestors(area: Area, above: Mapping[Area, set[Area]]) -> set[Area]:
    found: set[Area] = set()
    waiting = [area]
    while waiting:
        for parent in above.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found - {area}
