"""The page about a release, and charts for a notebook."""

from __future__ import annotations

from pathlib import Path

from nordstat.api.folders import Folders, load
from nordstat.errors import SettingsError
from nordstat.release.open import open_release


def report(release: Path | str, out: Path | str, *, borders: Path | str | None = None, mappings: Folders = ()) -> Path:
    """Write one self-contained page about a release, and give its path.

    Parameters
    ----------
    release : path
        Folder or zip file of a release.
    out : path
        HTML file to write.
    borders : path, optional
        GeoJSON file whose features have a ``code``, for the map of flows.
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
    ground = Path(borders) if borders is not None else None
    return write_page(open_release(release), Path(out), mappings=load(mappings), borders=ground)
