"""Opening a release: from its folder or from a zip file, today's or an older one."""

from __future__ import annotations

import html
import json
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nordstat.errors import ReleaseError
from nordstat.model.release import ReleaseDiff, Revisions
from nordstat.release import citation, descriptor, diff, tables, verify, vintages
from nordstat.release.dataset import Dataset, commuters
from nordstat.release.descriptor import Table
from nordstat.release.edition import Edition, read_edition
from nordstat.release.fixity import unzip
from nordstat.release.place import restore
from nordstat.release.spreadsheet import export_spreadsheet
from nordstat.schema.columns import OBSERVATION, RECONCILIATION

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("observations", "reconciliation", "figures")


@dataclass(frozen=True, repr=False)
class OpenRelease:
    """A release that lies on a disk.

    Tables are read when they are first asked for, and kept.

    Attributes
    ----------
    folder : Path
        Where its files are.
    descriptor : dict
        Its datapackage.json.
    edition : Edition
        Version, day, content hash and sources.
    """

    folder: Path
    descriptor: dict[str, Any] = field(repr=False)
    edition: Edition = field(repr=False)

    @property
    def version(self) -> str:
        """Calendar version."""
        return self.edition.version

    @property
    def layout(self) -> int:
        """Version of the layout it was written in."""
        return int(self.descriptor["nordstat"]["schema"])

    @cached_property
    def observations(self) -> pd.DataFrame:
        """One row a number, with the columns of `nordstat.schema.columns.OBSERVATION`."""
        frame = tables.read_parquet(self.folder / "observations.parquet")
        return tables.as_today(frame, OBSERVATION, layout=self.layout)

    @cached_property
    def reconciliation(self) -> pd.DataFrame:
        """One row a figure, with its verdict."""
        frame = tables.read_csv(self.folder / "reconciliation.csv", self.table("reconciliation"))
        return tables.as_today(frame, RECONCILIATION, layout=self.layout)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """One row a published figure, with its citation."""
        return tables.read_csv(self.folder / "figures.csv", self.table("figures"))

    @cached_property
    def verdicts(self) -> list[dict[str, Any]]:
        """The verdicts with all their evidence."""
        return list(self._json("reconciliation.json"))

    @cached_property
    def definitions(self) -> dict[str, Any]:
        """Definition id to its labels, description and facets."""
        return dict(self._json("definitions.json"))

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """How it was made, and from which answers."""
        return dict(self._json("provenance.json"))

    def table(self, name: str) -> Table:
        """Give the description of one of its tables."""
        return descriptor.read_table(next(entry for entry in self.descriptor["resources"] if entry["name"] == name))

    def faults(self) -> list[str]:
        """Give what is wrong with it, one sentence a fault, each beginning with a file's name."""
        return list(verify.faults(self.folder))

    def verify(self) -> None:
        """Check every file: sums, schema, row counts, keys, content hash.

        Raises
        ------
        ReleaseError
            With all faults.
        """
        faults = self.faults()
        if faults:
            raise ReleaseError(
                "\n  - ".join([f"release {self.version} is not what was written", *faults]),
                where=str(self.folder),
                hint="Take it from a good copy, or build it again.",
            )

    def cite(self, style: str = "apa") -> str:
        """Give its citation: ``apa``, ``bibtex``, ``csl`` or ``cff``."""
        return citation.cite(self.edition, style)

    def diff(self, other: OpenRelease | Path | str) -> ReleaseDiff:
        """Give what is new in this release against an older one, open or at its path."""
        old = other if isinstance(other, OpenRelease) else open_release(other)
        return diff.diff(old, self)

    def commuters(self, *, residence: str, work: str, by: Sequence[str] = ()) -> Dataset:
        """Give every count of the commuters between two countries, as `nordstat.release.dataset.commuters` does."""
        return commuters(self.observations, self.definitions, residence=residence, work=work, by=by)

    def export(self, name: str, path: Path | str, *, decimal: str = ",") -> Path:
        """Write one of its tables for a spreadsheet: semicolons, a byte order mark, no cell that could be a formula.

        Parameters
        ----------
        name : {"observations", "reconciliation", "figures"}
            Which table.
        path : path
            CSV file to write; the files of the release itself stay as they are.
        decimal : str, optional
            Decimal sign, a comma as in Sweden and Norway.
        """
        if name not in TABLES:
            raise ReleaseError(f"no table {name!r} to export", hint=f"There are {', '.join(TABLES)}.")
        return export_spreadsheet(getattr(self, name), path, decimal=decimal)

    def __repr__(self) -> str:
        known = {resource["name"]: resource.get("description", "") for resource in self.descriptor["resources"]}
        lines = (f"  {name:<16} {words}" for name, words in known.items())
        return "\n".join([f"release {self.edition.name} in {self.folder}", *lines])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def history(self) -> pd.DataFrame:
        """Give every value it knows with the vintages in which it stood."""
        return vintages.history(self.observations)

    def as_of(self, date: str) -> pd.DataFrame:
        """Give the observations as they were known on a day."""
        return vintages.as_of(self.observations, date)

    def revisions(self, since: str = "") -> Revisions:
        """Give what the offices changed in numbers published before."""
        return vintages.revisions(self.history(), since=since)

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_bytes())


def open_release(path: Path | str) -> OpenRelease:
    """Give a release to read.

    Parameters
    ----------
    path : Path or str
        Its folder, or a zip file of it.

    Raises
    ------
    ReleaseError
        Where there is no release, or one of a newer layout.
    """
    path = Path(path)
    restore(path.resolve())
    if path.is_dir():
        return _open(path)
    if not path.is_file():
        raise ReleaseError("no release is there", where=str(path), hint="Build one with: nordstat build")
    folder = Path(tempfile.mkdtemp(prefix="nordstat-"))
    try:
        unzip(path, folder)
        release = _open(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(release, shutil.rmtree, folder, ignore_errors=True)
    return release


def _open(folder: Path) -> OpenRelease:
    told = verify.read_descriptor(folder)
    return OpenRelease(folder, told, read_edition(told))
