"""Where an area of an observation stands on a map, whatever version of a classification its code belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from nordstat.errors import UnknownCodeError
from nordstat.mapping.correspondence import Correspondences
from nordstat.model.codelist import Codelist, Link, SchemeVersion
from nordstat.report.borders import Borders

COUNTRIES = {"SE": ("Sweden", 15.0, 62.3), "NO": ("Norway", 9.5, 61.3)}
"""A country is no area of a map of municipalities: a count of a whole country is drawn at this point inland."""

_COUNTRY = "ISO3166"
_LEVELS = {"kommun": 0, "kommune": 0, "unit": 0, "country": 2}


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a flow.

    Attributes
    ----------
    scheme, code : str
        Version of a classification, and the code in it: a code alone names no place.
    name : str
        Of the area, in its own version.
    country : str
        ``SE`` or ``NO``.
    level : int
        0 municipality, 1 county or region, 2 country.
    lon, lat : float
        Where it is drawn.
    """

    scheme: str
    code: str
    name: str
    country: str
    level: int
    lon: float
    lat: float


def places_of(
    schemes: Iterable[str], borders: Iterable[Borders], correspondences: Correspondences
) -> dict[tuple[str, str], Place]:
    """Give the places of every version that occurs: (scheme version, code) to place.

    An area of an older division is drawn in the area that holds it, or the largest part of it, in that of the borders;
    its number stays as it was published.

    Parameters
    ----------
    schemes : iterable of str
        Versions, such as ``NO-KOMMUNE:2017``.
    borders : iterable of Borders
        At most one a classification.
    correspondences : Correspondences
        In force.
    """
    ground = {one.version.scheme: one for one in borders}
    found: dict[tuple[str, str], Place] = {}
    for name in sorted(set(schemes)):
        version = SchemeVersion.parse(name)
        if version.scheme == _COUNTRY:
            found |= {(name, code): Place(name, code, told, code, 2, x, y) for code, (told, x, y) in COUNTRIES.items()}
        elif version.scheme in ground:
            with suppress(UnknownCodeError):
                found |= _placed(correspondences.codelists.find(version), ground[version.scheme], correspondences)
    return found


def _placed(codelist: Codelist, borders: Borders, correspondences: Correspondences) -> Mapping[tuple[str, str], Place]:
    links = correspondences.find(codelist.id, borders.version).by_source()
    found = {}
    for code in codelist:
        target = max(links.get(code.code, ()), key=_share, default=None)
        if target is not None and target.target in borders.areas:
            country = codelist.id.scheme[:2] if codelist.id.scheme != "NUTS" else code.code[:2]
            level = _LEVELS.get(code.level, 1)
            lon, lat = borders.middle(target.target)
            found[str(codelist.id), code.code] = Place(str(codelist.id), code.code, code.name, country, level, lon, lat)
    return found


def _share(link: Link) -> float:
    return link.weight or 0.0
