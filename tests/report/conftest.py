"""A release and its page, made once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import nordstat as ns
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.release.open import OpenRelease

pytest.importorskip("altair", reason="the extra 'report' is not installed")
pytest.importorskip("vl_convert", reason="the extra 'report' is not installed")


@pytest.fixture(scope="session")
def release() -> OpenRelease:
    """A working release of the bundled evidence."""
    return ns.build()


@pytest.fixture(scope="session")
def page(release: OpenRelease, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about it."""
    folder = tmp_path_factory.mktemp("page")
    sweden = squares(folder / "sweden.geojson", ["1438", "1486", "2505", "2506", "2514", "2580"], east=12)
    norway = squares(folder / "norway.geojson", ["0301", "3101", "3105", "3107"], east=10)
    return ns.report(release.folder, folder / "report.html", borders=[f"SE-KOMMUN={sweden}", f"NO-KOMMUNE={norway}"])


def squares(path: Path, codes: Iterable[str], *, east: float = 12, **more: object) -> Path:
    """Write a file of borders in which each area is a square, one north of the other."""
    ring = [[-0.1, -0.1], [0.1, -0.1], [0.1, 0.1], [-0.1, 0.1], [-0.1, -0.1]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, **more},
            "geometry": {"type": "Polygon", "coordinates": [[[east + x, 60 + at + y] for x, y in ring]]},
        }
        for at, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    """The shipped mappings."""
    return load_mappings(layers())
