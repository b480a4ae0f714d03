"""Finds the mappings folders: the shipped one, with a user's own layered on top."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from nordstat.errors import SettingsError

MARKER = "datapackage.json"


def shipped_folder() -> Path:
    """Give the mappings that come with nordstat: the packaged copy, else the repository's own.

    An editable install has no copy inside the package, so that edits of the repository's folder count at once.
    """
    packaged = Path(str(files("nordstat"))) / "_mappings"
    if (packaged / MARKER).is_file():
        return packaged
    repository = Path(__file__).resolve().parents[3] / "mappings"
    if (repository / MARKER).is_file():
        return repository
    raise SettingsError(
        "the mappings that come with nordstat are not there",
        where=str(packaged),
        hint="Install nordstat again, or name a folder with --mappings.",
    )


def layers(extra: Iterable[Path | str] = ()) -> tuple[Path, ...]:
    """Give the folders in force, the lowest first.

    Parameters
    ----------
    extra : iterable of Path or str
        A user's own folders; a later one wins over an earlier one.

    Raises
    ------
    SettingsError
        For a folder that does not exist.
    """
    own = tuple(Path(folder) for folder in extra)
    for folder in own:
        if not folder.is_dir():
            raise SettingsError(
                "no such mappings folder", where=str(folder), hint="Check --mappings and NORDSTAT_MAPPINGS."
            )
    return (shipped_folder(), *own)
