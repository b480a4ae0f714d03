"""The page about a release, and charts for a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nordstat.api.folders import Folders, load
from nordstat.errors import SettingsError
from nordstat.release.open import open_release


def report(
    release: Path | str, out: Path | str, *, borders: Path | str | Iterable[Path | str] = (), mappings: Folders = ()
) -> Path:
    """Write one self-contained page about a release, and give its path.

    Parameters
    ----------
    release : path
        Folder or zip file of a release.
    out : path
        HTML file to write.
    borders : path, or iterable of path, optional
        Files of borders for the map of flows, each area with its ``code``: GeoJSON, or with the extra ``maps`` whatever
        geopandas reads. ``"NO-KOMMUNE=file"`` where the codes fit several classifications. Sweden's come with that
        extra.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one; breaks in series are taken from them.

    Raises
    ------
    SettingsError
        Where the extra ``report`` is not installed, or the borders cannot be used.
    """
    try:
        from nordstat.report.site import write_page
    except ImportError as error:
        raise SettingsError(
            f"the page needs {error.name}, which is not installed", hint='Install it: pip install "nordstat[report]"'
        ) from None
    ground = [borders] if isinstance(borders, str | Path) else list(borders)
    return write_page(open_release(release), Path(out), mappings=load(mappings), borders=ground)
