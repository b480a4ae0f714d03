"""Drift: where a table no longer looks as it was described, by its spec or by its own metadata the last time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from nordstat.errors import DriftError, MappingError
from nordstat.harmonise.codes import listed
from nordstat.harmonise.table_dimensions import read_dimensions
from nordstat.mapping.check import Mappings
from nordstat.model.answer import TableMeta, Variable
from nordstat.model.table import Concept, TableSpec
from nordstat.pipeline.cells import CellChanges

_UNITS = {
    "PS": ("person", "antal", "number", "employed", "sysselsatt"),
    "JOBS": ("arbeidsforhold", "job", "antal", "number"),
    "PC": ("prosent", "procent", "per cent", "percent", "%"),
}
_CONTENTS = "ContentsCode"
"""Name of the contents in every table of PxWeb; v1 names no units to know them by."""
_OTHER_UNITS = re.compile(r"1[\s.,]?000|tusen|thousand|million")


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a table is not what it was said to be.

    Attributes
    ----------
    words : str
        What differs.
    blocks : bool
        Whether somebody must look at it before the numbers are used. A new period, another title or a note does not.
    """

    words: str
    blocks: bool = True

    def __str__(self) -> str:
        return self.words


def from_spec(table: TableMeta, spec: TableSpec, mappings: Mappings) -> tuple[Difference, ...]:
    """Give where a table differs from its spec; a spec that describes no dimension differs nowhere."""
    if not spec.dimensions:
        return ()
    dimensions = {variable.code: tuple(variable.values) for variable in table.variables}
    _, faults = read_dimensions(dimensions, spec, mappings.codelists.lists.values())
    return (
        *(Difference(_plain(fault, spec)) for fault in faults),
        *(Difference(words) for words in _missing(dimensions, spec)),
        *_other_units(table, spec),
    )


def since(before: TableMeta, now: TableMeta, *, breaks: Sequence[str] = ()) -> tuple[Difference, ...]:
    """Give where a table differs from what its metadata said before.

    Parameters
    ----------
    before, now : TableMeta
        The table as described then and now.
    breaks : sequence of str, optional
        Breaks described for it, to be looked at again where a note has changed.
    """
    old, new = ({variable.code: variable for variable in table.variables} for table in (before, now))
    lost, gained = [code for code in old if code not in new], [code for code in new if code not in old]
    both = [code for code in new if code in old]
    found = [Difference(words) for words in _renamed([old[code] for code in lost], [new[code] for code in gained])]
    if [code for code in old if code in new] != both:
        found.append(Difference(f"dimensions re-ordered: {', '.join(old)} became {', '.join(new)}"))
    for code in both:
        found += _codes(old[code], new[code])
        found += _labels(old[code], new[code])
    found += [Difference(f"unit of {words}") for code in both for words in _units(old[code], new[code])]
    if before.title != now.title:
        found.append(Difference(f"title: {before.title!r} became {now.title!r}", blocks=False))
    return (*found, *_notes(before.notes, now.notes, breaks))


def from_cells(changes: CellChanges) -> tuple[Difference, ...]:
    """Give what the numbers themselves say: another unit, or single numbers that jump."""
    if changes.another_unit:
        return (Difference(f"the numbers are {changes.ratio:g} times what they were: another unit?"),)
    if changes.jumps:
        return (Difference(f"numbers that changed by a factor of ten or more: {listed(changes.jumps)}"),)
    return ()


def stop_at(differences: Iterable[Difference], table: str, *, accepted: bool, known: Iterable[Difference] = ()) -> None:
    """Let differences pass that do not block, that were there before, or that somebody has accepted.

    Raises
    ------
    DriftError
        For all others, one readable line each.
    """
    before = set(known)
    blocking = [str(difference) for difference in differences if difference.blocks and difference not in before]
    if blocking and not accepted:
        raise DriftError(
            f"{table} no longer looks as it was described",
            differences=blocking,
            hint="Look at each. Correct the mappings where they are wrong; --accept-drift takes the table as it is.",
        )


def instant(text: str) -> datetime | None:
    """Give the instant a service names; ``None`` where it names none for sure: a bare date, a time without its zone.

    Examples
    --------
    >>> instant("2026-10-25T00:30:00Z") == instant("2026-10-25T02:30:00+02:00")
    True
    >>> instant("2026-10-25T02:30:00"), instant("2026-10-25"), instant("")
    (None, None, None)
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _plain(fault: MappingError, spec: TableSpec) -> str:
    return fault.what.removeprefix(f"{spec.id}: ")


def _missing(dimensions: dict[str, tuple[str, ...]], spec: TableSpec) -> Iterator[str]:
    """Find what the spec describes and the table does not have."""
    for dimension in spec.dimensions:
        if dimension.id not in dimensions:
            if dimension.concept not in (Concept.TIME, Concept.CONTENTS, Concept.DEFINITION):  # those are told above
                yield f"no dimension {dimension.id} ({dimension.concept})"
            continue
        described = [*dimension.codes, *(c.code for c in spec.contents if dimension.concept is Concept.CONTENTS)]
        if lost := [code for code in described if code not in dimensions[dimension.id]]:
            yield f"codes of {dimension.id} that are gone: {listed(lost)}"


def _other_units(table: TableMeta, spec: TableSpec) -> Iterator[Difference]:
    """Compare the words of the units with what the spec counts; words that are not known are told only."""
    for variable in table.variables:
        for code, words in variable.units.items():
            content = spec.content(code)
            unit = content.unit_measure if content else spec.unit_measure
            told = words.casefold()
            if not told or not unit or (spec.contents and content is None):
                continue
            if _OTHER_UNITS.search(told) or not any(word in told for word in _UNITS.get(unit, ())):
                known = _OTHER_UNITS.search(told) or any(word in told for each in _UNITS.values() for word in each)
                yield Difference(f"unit of {code} is {words!r}, described as {unit}", blocks=bool(known))


def _renamed(lost: Sequence[Variable], gained: Sequence[Variable]) -> Iterator[str]:
    """Tell of dimensions that went and came; one whose codes live on under another name was renamed."""
    left = list(gained)
    for variable in lost:
        heir = next((other for other in left if _heirs(variable, other)), None)
        if heir is None:
            yield f"dimension gone: {variable.code}"
            continue
        left.remove(heir)
        recased = variable.code.casefold() == heir.code.casefold()
        yield f"dimension {'written otherwise' if recased else 'renamed'}: {variable.code} became {heir.code}"
    yield from (f"dimension added: {variable.code}" for variable in left)


def _heirs(old: Variable, new: Variable) -> bool:
    shared = len(set(old.values) & set(new.values))
    return old.code.casefold() == new.code.casefold() or 2 * shared > len(old.values)


def _codes(old: Variable, new: Variable) -> Iterator[Difference]:
    added = [code for code in new.values if code not in old.values]
    removed = [code for code in old.values if code not in new.values]
    if added:
        yield Difference(f"codes of {new.code} added: {_named(added, new)}", blocks=not new.time)
    if removed:
        yield Difference(f"codes of {new.code} removed: {_named(removed, old)}")


def _named(codes: Sequence[str], variable: Variable) -> str:
    return listed(codes, lambda code: code if variable.values[code] == code else f"{code} ({variable.values[code]})")


def _labels(old: Variable, new: Variable) -> Iterator[Difference]:
    """Tell of labels that changed; of contents it may mean that something else is counted."""
    pairs = [
        f"{code} {label!r} became {new.values[code]!r}"
        for code, label in old.values.items()
        if code in new.values and new.values[code] != label
    ]
    if pairs:
        contents = new.code == _CONTENTS or bool(new.units)
        yield Difference(f"labels of {new.code} changed: {listed(pairs)}", blocks=contents)


def _units(old: Variable, new: Variable) -> Iterator[str]:
    for code, unit in old.units.items():
        if code in new.units and new.units[code] != unit:
            yield f"{code}: {unit!r} became {new.units[code]!r}"


def _notes(before: Sequence[str], now: Sequence[str], breaks: Sequence[str]) -> Iterator[Difference]:
    look = f"; look again at {', '.join(breaks)}" if breaks else ""
    for word, notes, others in (("gone", before, now), ("new", now, before)):
        for note in notes:
            if note not in others:
                yield Difference(f"note {word}: {note!r}{look}", blocks=False)
