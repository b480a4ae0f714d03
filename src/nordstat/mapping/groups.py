"""Reads ``groups/<SCHEME>-<version>.csv``: the members of aggregated and historical areas."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nordstat.errors import UnknownCodeError
from nordstat.mapping.border import FILE as BORDER
from nordstat.mapping.codelist import Codelists
from nordstat.mapping.rows import Faults, read_rows
from nordstat.model.codelist import SchemeVersion
from nordstat.model.quantity import Area

COLUMNS = ("group", "code_scheme", "code", "source")


def read_groups(folders: Iterable[Path], codelists: Codelists, faults: Faults) -> dict[Area, tuple[Area, ...]]:
    """Give the members of each group; a later folder's file replaces one of the same name.

    The border municipalities that lie beside them have their own reader.
    """
    files = {path.name: path for folder in folders for path in sorted((folder / "groups").glob("*.csv"))}
    members: dict[Area, list[Area]] = {}
    for path in files.values():
        scheme, _, version = path.stem.rpartition("-")
        if path.name == Path(BORDER).name:
            continue
        if SchemeVersion(scheme, version) not in codelists.lists:
            faults.add("named after no code list", file=path, hint="Write groups/<SCHEME>-<version>.csv.")
            continue
        for row in read_rows(path, required=COLUMNS, faults=faults):
            for name, code in ((f"{scheme}:{version}", row["group"]), (row["code_scheme"], row["code"])):
                if what := code_fault(codelists, name, code):
                    faults.keep(row.fault(what))
            part = (row["code_scheme"].partition(":")[0], row["code"])
            same = members.setdefault((scheme, row["group"]), [])
            if part in same:
                faults.keep(row.fault(f"{row['code']} stands twice in {row['group']}: it would be counted twice"))
            same.append(part)
    return {whole: tuple(parts) for whole, parts in members.items()}


def code_fault(codelists: Codelists, scheme: str, code: str) -> str:
    """Tell what is wrong with a code, empty where nothing is; without a version any of its versions may hold it."""
    if ":" in scheme:
        try:
            return "" if code in codelists.find(scheme) else f"{scheme} has no code {code!r}"
        except UnknownCodeError as error:
            return f"{error.what}. {error.hint}"
    versions = [SchemeVersion(scheme, version) for version in codelists.versions(scheme)]
    if not versions:
        return f"there is no code list {scheme!r}"
    return "" if any(code in codelists.find(version) for version in versions) else f"{scheme} has no code {code!r}"
