"""Compares the shipped lists with SSB's Klass, and says what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from nordstat.errors import ApiRefusedError
from nordstat.mapping.check import Mappings
from nordstat.mapping.klass import KlassEntry, read_klass
from nordstat.mapping.rows import Faults
from nordstat.sources import Klass


@dataclass(frozen=True, slots=True)
class ListComparison:
    """A shipped list beside Klass.

    Attributes
    ----------
    name : str
        The list, as in ``NO-KOMMUNE:2024``.
    compared : int
        How many codes were compared; 0 where Klass did not give the list.
    differences : tuple of str
        One sentence each.
    """

    name: str
    compared: int
    differences: tuple[str, ...]


def compare_with_klass(mappings: Mappings, klass: Klass) -> tuple[ListComparison, ...]:
    """Give each list of ``klass.csv`` beside what Klass says now.

    Raises
    ------
    MappingErrors
        For faults in ``klass.csv``.
    SourceError
        Where Klass cannot be asked.
    """
    faults = Faults()
    entries = read_klass(mappings.folders, mappings.codelists, faults)
    faults.raise_if_any()
    return tuple(_compared(entry, klass) for entry in entries)


def _compared(entry: KlassEntry, klass: Klass) -> ListComparison:
    name = str(entry.codelist.id)
    try:
        codes, _ = klass.codes_at(entry.classification, entry.day)
    except ApiRefusedError as refused:
        if refused.status != 404:
            raise
        return ListComparison(name, 0, (f"Klass has no classification {entry.classification} on {entry.day}",))
    here = {code.code: code.name for code in entry.codelist if entry.level in {"", code.level}}
    there = {code.code: code.name for code in codes}
    known = {code.code for code in entry.codelist}
    return ListComparison(name, len(here), tuple(_differences(here, there, known)))


def _differences(here: dict[str, str], there: dict[str, str], known: Iterable[str]) -> Iterator[str]:
    for code in sorted(set(there) - set(known)):
        yield f"{code} {there[code]}: in Klass, not in the shipped list"
    for code in sorted(set(here) - set(there)):
        yield f"{code} {here[code]}: in the shipped list, not in Klass"
    for code in sorted(set(here) & set(there)):
        if normalize("NFC", here[code]) != normalize("NFC", there[code]):
            yield f"{code}: the shipped list says {here[code]}, Klass says {there[code]}"
