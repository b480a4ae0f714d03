"""Reads ``codelists/<SCHEME>/<version>.csv``: classifications, each in one version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nordstat.errors import MappingError, UnknownCodeError
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.codelist import Code, Codelist, SchemeVersion

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "source")
FOLDER = "codelists"

SCHEME = r"[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*"
VERSION = r"[0-9][0-9A-Za-z.-]*"
_SCHEME, _VERSION = re.compile(SCHEME), re.compile(VERSION)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Codelists:
    """The code lists in force.

    Attributes
    ----------
    lists : mapping of SchemeVersion to Codelist
        Sorted by scheme and version.
    files : mapping of SchemeVersion to Path
        Where each one was read.
    """

    lists: Mapping[SchemeVersion, Codelist]
    files: Mapping[SchemeVersion, Path]

    def versions(self, scheme: str) -> tuple[str, ...]:
        """Give the versions of a scheme, in order; none for a scheme that is not there."""
        return tuple(key.version for key in self.lists if key.scheme == scheme)

    def find(self, name: str | SchemeVersion) -> Codelist:
        """Give a code list by name, as in ``NO-KOMMUNE:2024``.

        Raises
        ------
        UnknownCodeError
            For a list that is not there, naming those that are.
        """
        try:
            key = name if isinstance(name, SchemeVersion) else SchemeVersion.parse(name)
        except ValueError as error:
            raise UnknownCodeError(str(error), hint=self._nearest(str(name))) from None
        if key not in self.lists:
            raise UnknownCodeError(f"there is no code list {key}", hint=self._nearest(key.scheme))
        return self.lists[key]

    def _nearest(self, scheme: str) -> str:
        if versions := self.versions(scheme):
            return f"Versions of {scheme}: {', '.join(versions)}."
        schemes = sorted({key.scheme for key in self.lists})
        return f"Schemes: {', '.join(get_close_matches(scheme, schemes, cutoff=0.5) or schemes)}."


def read_codelists(folders: Iterable[Path], faults: Faults) -> Codelists:
    """Give the code lists of layered folders.

    A later folder adds lists; its file of the same name replaces the whole list of an earlier one.

    Parameters
    ----------
    folders : iterable of Path
        Mappings folders, the lowest first.
    faults : Faults
        Collects what is wrong, in every list.
    """
    files: dict[SchemeVersion, Path] = {}
    for folder in folders:
        for path in sorted(path for path in (folder / FOLDER).rglob("*") if path.is_file()):
            if (key := list_name(path)) is None or path.parents[1] != folder / FOLDER:
                faults.add(
                    "not a place for a code list",
                    file=path,
                    hint="Write codelists/<SCHEME>/<version>.csv, as in NO-KOMMUNE/2024.csv.",
                )
            else:
                files[key] = path
    found = Codelists({key: read_codelist(files[key], faults) for key in sorted(files)}, files)
    _windows_apart(found, faults)
    return found


def read_codelist(path: Path, faults: Faults) -> Codelist:
    """Give one code list; rows at fault are left out.

    Parameters
    ----------
    path : Path
        ``<SCHEME>/<version>.csv``.
    faults : Faults
        Collects codes that stand twice, windows that run backwards, parents in a circle, and lost leading zeros.
    """
    codes: dict[str, Code] = {}
    for row in read_rows(path, required=COLUMNS, faults=faults):
        try:
            code = _code(row)
        except MappingError as fault:
            faults.keep(fault)
            continue
        if (first := codes.get(code.code)) is not None:
            faults.keep(row.fault(f"code {code.code!r} stands in line {first.line} already"))
            continue
        codes[code.code] = code
    found = Codelist(SchemeVersion(path.parent.name, path.stem), codes)
    _check_zeros(path, found, faults)
    _check_circles(path, found, faults)
    return found


def list_name(path: Path) -> SchemeVersion | None:
    """Give the name that stands in the path of a code list; ``None`` where it is no such path."""
    if path.suffix == ".csv" and _SCHEME.fullmatch(path.parent.name) and _VERSION.fullmatch(path.stem):
        return SchemeVersion(path.parent.name, path.stem)
    return None


def find_code(codelist: Codelist, code: str) -> Code:
    """Give one code of a list.

    Raises
    ------
    UnknownCodeError
        With the nearest codes; a lost leading zero is named.
    """
    if code in codelist:
        return codelist.codes[code]
    raise UnknownCodeError(f"{codelist.id} has no code {code!r}", hint=nearest(codelist, code), codes=[code])


def nearest(codelist: Codelist, code: str) -> str:
    """Give a sentence with the codes that may be meant; empty where none is near."""
    if padded := with_zeros(codelist, code):
        return f"Did you mean {padded} ({codelist.codes[padded].name})? A leading zero is lost: read codes as text."
    near = get_close_matches(code, codelist.codes, n=10 * _NAMED, cutoff=0.6)
    near = sorted(near, key=lambda each: sum(each.startswith(code[:end]) for end in range(1, len(code))), reverse=True)
    return f"Nearest: {', '.join(f'{each} ({codelist.codes[each].name})' for each in near[:_NAMED])}." if near else ""


def with_zeros(codelist: Codelist, code: str) -> str:
    """Give the code that this one is without its leading zeros; empty where there is none."""
    longest = max(map(len, codelist.codes), default=0)
    padded = (code.zfill(width) for width in range(len(code) + 1, longest + 1))
    return next((each for each in padded if each in codelist), "") if code.isdigit() else ""


def _code(row: Row) -> Code:
    for column in ("code", "name", "level", "source"):
        if not row[column].strip():
            raise row.fault(f"{column} is empty")
        if row[column] != row[column].strip():
            raise row.fault(f"{column} {row[column]!r} begins or ends with a blank")
    begin, end = row.day("valid_from"), row.day("valid_to")
    if begin and end and end <= begin:
        raise row.fault(f"code {row['code']!r} ends on {end}, before it begins on {begin}", "valid_to is exclusive.")
    return Code(row["code"], row["name"], row["level"], row["parent"], begin, end, row["source"], row.line)


def _check_zeros(path: Path, codelist: Codelist, faults: Faults) -> None:
    """Find codes a spreadsheet has read as numbers: shorter than nearly all of their level."""
    numeric = [code for code in codelist if code.code.isdigit()]
    widths: dict[str, Counter[int]] = {}
    for code in numeric:
        widths.setdefault(code.level, Counter())[len(code.code)] += 1
    usual = {level: counted.most_common(1)[0][0] for level, counted in widths.items()}
    for code in numeric:
        if len(code.code) < usual[code.level]:
            faults.add(
                f"code {code.code!r} is shorter than the others at level {code.level!r}; a leading zero is lost",
                file=path,
                line=code.line,
                hint=f"Did you mean {code.code.zfill(usual[code.level])}? Save codes as text.",
            )


def _check_circles(path: Path, codelist: Codelist, faults: Faults) -> None:
    for code in codelist:
        seen, above = {code.code}, code.parent
        while above in codelist and above not in seen:
            seen.add(above)
            above = codelist.codes[above].parent
        if above == code.code:
            faults.add(f"code {code.code!r} is its own ancestor", file=path, line=code.line)


def _windows_apart(codelists: Codelists, faults: Faults) -> None:
    """Find a code that two versions of a scheme claim for the same day."""
    claimed: dict[tuple[str, str], list[tuple[SchemeVersion, Code]]] = {}
    for key, codelist in codelists.lists.items():
        for code in codelist:
            if not (code.valid_from or code.valid_to):
                continue
            for other, earlier in claimed.setdefault((key.scheme, code.code), []):
                if _overlap(code, earlier):
                    faults.add(
                        f"code {code.code!r} is in force in {key} and in {other} on the same days",
                        file=codelists.files[key],
                        line=code.line,
                        hint=f"The other stands in {codelists.files[other]}:{earlier.line}.",
                    )
            claimed[key.scheme, code.code].append((key, code))


def _overlap(one: Code, other: Code) -> bool:
    begins_before = one.valid_from is None or other.valid_to is None or one.valid_from < other.valid_to
    ends_after = one.valid_to is None or other.valid_from is None or other.valid_from < one.valid_to
    return begins_before and ends_after
