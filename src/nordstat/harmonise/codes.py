"""Columns of codes: which codes a frame holds, which version they belong to, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from nordstat.errors import MixedVersionsError, UnknownCodeError
from nordstat.model.codelist import Codelist, SchemeVersion

TOTAL = "_T"
"""The code of all: what is classified is no part of the number. The same in every version."""

_Item = TypeVar("_Item")
_NAMED = 5
_AS_TEXT = "Codes are text. Read the column as text (dtype=str), so that no zero is lost and NO stays NO."
_WHICH_VERSION = "The version belongs to the table, not to the year; detect_version tells which ones hold all codes."


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """The codes of a column, each distinct one once.

    Attributes
    ----------
    name : str
        Column.
    codes : tuple of str
        Distinct codes that occur, sorted.
    positions : ndarray of int
        For each row, where its code stands in ``codes``.
    """

    name: str
    codes: tuple[str, ...]
    positions: npt.NDArray[np.integer[Any]]


def read_codes(frame: pd.DataFrame, name: str, *, known: Collection[str] = ()) -> CodeColumn:
    """Give the codes of a column.

    Parameters
    ----------
    frame : DataFrame
        Table.
    name : str
        Column of codes.
    known : collection of str, optional
        Codes of the version expected, to tell what a number in the column once was.

    Raises
    ------
    UnknownCodeError
        Where there is no such column, or a cell that is empty or no text.
    """
    if name not in frame.columns:
        raise UnknownCodeError(
            f"the frame has no column {name!r}", hint=f"It has: {', '.join(map(str, frame.columns))}"
        )
    values, positions = _values(frame[name])
    counts = np.bincount(np.add(positions, 1, dtype=np.intp), minlength=len(values) + 1)
    if counts[0]:
        raise UnknownCodeError(
            f"{counts[0]:,} rows have no code in {name!r}",
            hint=f"Write {TOTAL} where the code is no part of the number, and that of unknown where nobody knows it.",
        )
    used = np.flatnonzero(counts[1:]).tolist()
    if foreign := [values[place] for place in used if not isinstance(values[place], str)]:
        words = listed(foreign, lambda value: _not_text(value, known))
        raise UnknownCodeError(
            f"{name!r} holds values that are no text: {words}", hint=_AS_TEXT, codes=list(map(str, foreign))
        )
    used.sort(key=values.__getitem__)
    renumbered = np.zeros(len(values), np.min_scalar_type(-len(values) - 1))
    renumbered[used] = np.arange(len(used))
    return CodeColumn(name, tuple(values[place] for place in used), renumbered[positions])


def unknown_codes(
    codes: Iterable[str], known: Collection[str], *, where: str, codelists: Iterable[Codelist] = ()
) -> Iterator[UnknownCodeError]:
    """Give the fault of codes that are not known: the nearest codes, and the versions they would fit.

    Parameters
    ----------
    codes : iterable of str
        Codes to look at; the total is always known.
    known : collection of str
        Codes of the version.
    where : str
        Column and version, for the sentence.
    codelists : iterable of Codelist, optional
        Versions to look for the codes in.

    Yields
    ------
    UnknownCodeError
        One that names them all; nothing where all are known.
    """
    unknown = sorted(set(codes) - set(known) - {TOTAL})
    if not unknown:
        return
    lists = tuple(codelists)
    words = listed(unknown, lambda code: _explained(code, known, lists))
    lost = any(_padded(code, known) for code in unknown)
    yield UnknownCodeError(
        f"{len(unknown)} {'code' if len(unknown) == 1 else 'codes'} not in {where}: {words}",
        hint=_AS_TEXT if lost else _WHICH_VERSION,
        codes=unknown,
    )


def detect_version(
    codes: Iterable[object] | pd.Series[Any], codelists: Iterable[Codelist], scheme: str
) -> tuple[SchemeVersion, ...]:
    """Give the versions of a classification that hold every one of the codes.

    Parameters
    ----------
    codes : iterable or Series
        Codes of a column; empty cells and the total (``_T``) say nothing and are passed over.
    codelists : iterable of Codelist
        All versions there are.
    scheme : str
        Classification, such as ``NO-KOMMUNE``.

    Returns
    -------
    tuple of SchemeVersion
        Oldest first; at least one.

    Raises
    ------
    UnknownCodeError
        For a code that no version has.
    MixedVersionsError
        For codes that no single version holds together, with what each version lacks.
    """
    lists = sorted((found for found in codelists if found.id.scheme == scheme), key=lambda found: found.id)
    if not lists:
        raise UnknownCodeError(f"there is no code list of {scheme!r}")
    everywhere = {code for found in lists for code in found.codes}
    given = codes if isinstance(codes, pd.Series) else pd.Series(list(codes), dtype=object)
    column = pd.DataFrame({scheme: given.dropna().to_numpy()})
    held = set(read_codes(column, scheme, known=everywhere).codes) - {TOTAL}
    for fault in unknown_codes(held, everywhere, where=f"any version of {scheme}"):
        raise fault
    if fitting := tuple(found.id for found in lists if held <= found.codes.keys()):
        return fitting
    raise _mixed(held, lists, scheme)


def listed(items: Sequence[_Item], explain: Callable[[_Item], str] = str) -> str:
    """Write the first few for a sentence, and say how many more there are."""
    rest = len(items) - _NAMED
    return ", ".join(map(explain, items[:_NAMED])) + (f" and {rest} more" if rest > 0 else "")


def _mixed(held: set[str], lists: Sequence[Codelist], scheme: str) -> MixedVersionsError:
    """Say which of the codes fit which version."""
    lines = []
    for found in lists:
        misfits = sorted(held - found.codes.keys())
        lines.append(f"\n  - {found.id} holds {len(held) - len(misfits)} of them, not {listed(misfits)}")
    return MixedVersionsError(
        f"the {len(held)} codes mix versions of {scheme}; none holds them all:{''.join(lines)}",
        hint="Split the rows by version (by the table they come from) and convert each part on its own.",
        codes=sorted(held),
    )


def _values(column: pd.Series[Any]) -> tuple[list[Any], npt.NDArray[np.integer[Any]]]:
    """Give the values of a column, each once, and for each row where its value stands; -1 for an empty cell."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.categories.tolist(), column.cat.codes.to_numpy()
    positions, values = pd.factorize(column)
    return values.tolist(), positions


def _padded(code: str, known: Collection[str]) -> str:
    """Give the known code that this one is without its leading zeros; empty where there is none."""
    return next((found for found in known if found != code and found == code.zfill(len(found))), "")


def _explained(code: str, known: Collection[str], codelists: Iterable[Codelist]) -> str:
    if padded := _padded(code, known):
        return f"{code!r} is {padded!r} without its leading zero"
    if fits := [str(found.id) for found in codelists if code in found]:
        return f"{code!r} (a code of {', '.join(fits)})"
    near = get_close_matches(code, known, n=3)
    return f"{code!r} (nearest: {', '.join(near)})" if near else repr(code)


def _not_text(value: object, known: Collection[str]) -> str:
    """Say what a value that is no text probably was."""
    if isinstance(value, bool | np.bool_):
        return f"{value} (YAML reads {'YES, yes and on' if value else 'NO, no and off'} so)"
    if isinstance(value, int | float | np.number) and float(value).is_integer() and value >= 0:
        number = int(value)
        if padded := _padded(str(number), known):
            return f"{value} ({padded!r} without its leading zero)"
        if padded := _padded(f"{number:o}", known):
            return f"{value} ({padded!r} read as an octal number, as YAML does)"
    return repr(value) if not isinstance(value, np.generic) else str(value)
