"""What differs between two releases: rows, values, statuses, codes, figures, definitions, verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nordstat.model.release import Change, ReleaseDiff
from nordstat.release.canonical import json_text
from nordstat.release.markdown import cell, table
from nordstat.schema.columns import KEY, OBSERVATION
from nordstat.schema.keys import packed

if TYPE_CHECKING:
    from nordstat.release.open import OpenRelease

SECTIONS = ("rows", "values", "statuses", "origins", "codes", "figures", "definitions", "verdicts")
_VALUES = ("obs_value", "obs_low", "obs_high")
_STATUSES = ("obs_status", "conf_status", "obs_status_source")
_SERIES = tuple(name for name in KEY if name != "vintage")
_CODES = {
    "residence_area": "residence_scheme",
    "work_area": "work_scheme",
    "occupation": "",
    "industry": "",
    "background": "",
    "definition": "",
}


def diff(old: OpenRelease, new: OpenRelease) -> ReleaseDiff:
    """Give every difference from one release to another.

    An observation is the same one when its key is; where only its vintage is another, it is the same number with a
    new vintage, as long as each release has one vintage of it.
    """
    changes = [*_tables("figures", old.figures, new.figures), *_definitions(old.definitions, new.definitions)]
    changes += _tables("verdicts", old.reconciliation, new.reconciliation)
    if old.edition.content_hash != new.edition.content_hash:
        changes += _observations(old.observations, new.observations)
        changes += _codes(old.observations, new.observations)
    places = {section: place for place, section in enumerate(SECTIONS)}
    changes.sort(key=lambda change: (places[change.section], change.item, change.field))
    return ReleaseDiff(old.edition.name, new.edition.name, tuple(changes))


def counts(old: OpenRelease, new: OpenRelease) -> dict[str, int]:
    """Give the number of differences by section, without naming the observations: quick however many there are."""
    changes = [*_tables("figures", old.figures, new.figures), *_definitions(old.definitions, new.definitions)]
    changes += _tables("verdicts", old.reconciliation, new.reconciliation)
    found = dict.fromkeys(SECTIONS, 0) | Counter(change.section for change in changes)
    if old.edition.content_hash != new.edition.content_hash:
        both = _together(old.observations, new.observations)
        pairs, alone = _paired(both, len(old.observations))
        for column in OBSERVATION:
            found[_section(column.name)] += int(_differing(both[column.name], pairs).sum())
        found["rows"] += len(alone)
        found["codes"] += sum(1 for _ in _codes(old.observations, new.observations))
    return found


def as_json(found: ReleaseDiff) -> str:
    """Give a diff as JSON: the two releases, and the changes by section."""
    sections = {
        section: [
            {"item": change.item, "field": change.field, "old": change.old, "new": change.new}
            for change in found.section(section)
        ]
        for section in SECTIONS
    }
    return json_text({"old": found.old, "new": found.new, "changes": sections})


def as_markdown(found: ReleaseDiff) -> str:
    """Give a diff as a page to read; nothing in the data can break a table."""
    parts = [f"# From {found.old} to {found.new}\n"]
    for section in SECTIONS:
        changes = found.section(section)
        if changes:
            lines = [[cell(change.item), change.field, _shown(change.old), _shown(change.new)] for change in changes]
            parts.append(
                f"## {section.capitalize()}: {len(changes):,}\n\n{table(['item', 'field', 'old', 'new'], lines)}"
            )
    return "\n".join(parts if found else [*parts, "Nothing differs.\n"])


def _shown(value: Any) -> str:
    return "" if value is None else cell(f"{value:.15g}" if isinstance(value, float) else value)


def _observations(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    both = _together(old, new)
    keys = {name: both[name].astype("object").to_numpy() for name in KEY}
    pairs, alone = _paired(both, len(old))
    for column in OBSERVATION:
        yield from _cells(both[column.name], pairs, keys)
    values = both["obs_value"].astype("object").to_numpy()
    for row in alone:
        came = row >= len(old)
        value = _plain(values[row])
        yield Change("rows", _item(keys, row), "", None if came else value, value if came else None)


def _paired(both: pd.DataFrame, split: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Give the positions of rows that are in both tables, old and new side by side, and of those that are in one."""
    pairs = _pairs(both, split, KEY)
    rest = np.setdiff1d(np.arange(len(both)), pairs.ravel())
    moved = _pairs(both, split, _SERIES, among=rest)
    return np.concatenate([pairs, moved]), np.setdiff1d(rest, moved.ravel())


def _together(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Give both tables in one, columns of text as categories they share."""
    columns = {}
    for name in old.columns:
        parts = [old[name], new[name]]
        if pd.api.types.is_numeric_dtype(parts[0].dtype):
            columns[name] = pd.concat(parts, ignore_index=True)
        else:
            columns[name] = pd.Series(pd.api.types.union_categoricals([part.astype("category") for part in parts]))
    return pd.DataFrame(columns)


def _pairs(both: pd.DataFrame, split: int, key: Sequence[str], *, among: Any = None) -> np.ndarray[Any, Any]:
    """Give the positions of rows that are in both tables, old and new side by side; a doubled key pairs with none."""
    rows = np.arange(len(both)) if among is None else among
    arrays = packed(both.iloc[rows], key)
    ids = pd.DataFrame(dict(enumerate(arrays))).groupby(list(range(len(arrays))), sort=False).ngroup().to_numpy()
    early, late = rows < split, rows >= split
    once = [part[np.isin(ids[part], _single(ids[part]))] for part in (np.flatnonzero(early), np.flatnonzero(late))]
    _, first, second = np.intersect1d(ids[once[0]], ids[once[1]], assume_unique=True, return_indices=True)
    return np.column_stack([rows[once[0][first]], rows[once[1][second]]])


def _single(ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    values, counts = np.unique(ids, return_counts=True)
    single: np.ndarray[Any, Any] = values[counts == 1]
    return single


def _cells(series: pd.Series[Any], pairs: np.ndarray[Any, Any], keys: Mapping[str, Any]) -> Iterator[Change]:
    name = str(series.name)
    cells = series.astype("object").to_numpy()
    for before, after in pairs[_differing(series, pairs)]:
        yield Change(_section(name), _item(keys, after), name, _plain(cells[before]), _plain(cells[after]))


def _differing(series: pd.Series[Any], pairs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    codes = series.cat.codes.to_numpy() if isinstance(series.dtype, pd.CategoricalDtype) else None
    numbers = series.to_numpy(np.float64, na_value=np.nan) if codes is None else codes
    old, new = numbers[pairs[:, 0]], numbers[pairs[:, 1]]
    differs: np.ndarray[Any, Any] = (old != new) & ~((old != old) & (new != new))  # noqa: PLR0124 - NaN is unlike itself
    return differs


def _section(name: str) -> str:
    return "values" if name in _VALUES else "statuses" if name in _STATUSES else "origins"


def _item(keys: Mapping[str, Any], row: int) -> str:
    cells = ((name, values[row]) for name, values in keys.items())
    return " ".join(f"{name}={value}" for name, value in cells if not pd.isna(value) and value != "_T")


def _codes(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    for column, scheme in _CODES.items():
        before, after = (_in_use(frame, column, scheme) for frame in (old, new))
        for code in sorted(before ^ after):
            came = code in after
            yield Change("codes", code, column, None if came else "in use", "in use" if came else None)


def _in_use(frame: pd.DataFrame, column: str, scheme: str) -> set[str]:
    names = [scheme, column] if scheme else [column]
    distinct = frame[names].drop_duplicates().astype("object")
    return {" ".join(str(part) for part in row if not pd.isna(part)) for row in distinct.itertuples(index=False)}


def _tables(section: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    before, after = ({str(row[0]): row for row in _rows(frame)} for frame in (old, new))
    columns = list(dict.fromkeys([*old.columns, *new.columns]))[1:]
    for item in before.keys() | after.keys():
        if item not in before or item not in after:
            yield Change(section, item, "", "present" if item in before else None, "present" if item in after else None)
            continue
        rows = dict(zip(old.columns, before[item], strict=True)), dict(zip(new.columns, after[item], strict=True))
        for column in columns:
            values = [_plain(row.get(column)) for row in rows]
            if values[0] != values[1]:
                yield Change(section, item, column, *values)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return frame.astype("object").itertuples(index=False, name=None)


def _definitions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for item in old.keys() | new.keys():
        if item not in old or item not in new:
            yield Change(
                "definitions", item, "", "present" if item in old else None, "present" if item in new else None
            )
            continue
        before, after = dict(_flat(old[item])), dict(_flat(new[item]))
        for field in before.keys() | after.keys():
            if before.get(field) != after.get(field):
                yield Change("definitions", item, field, before.get(field), after.get(field))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _flat(part, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is the one number unlike itself
        return None
    return value.item() if isinstance(value, np.generic) else value
