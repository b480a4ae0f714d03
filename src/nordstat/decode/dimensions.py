"""Dimensions of a JSON-stat dataset: ids, sizes, roles and categories, checked against each other."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from nordstat.errors import DecodeError, ShapeMismatchError
from nordstat.model.cube import Dimension

_T = TypeVar("_T")
_KINDS: dict[type, str] = {dict: "an object", list: "an array", str: "a text", type(None): "nothing"}
_ORDER = frozenset({"id", "size", "role"})
_CATEGORY = frozenset({"index", "label", "note", "child", "unit"})
_SIZE = re.compile("0|[1-9][0-9]{0,8}")


def read_dimensions(dataset: Mapping[str, Any], *, roles: Mapping[str, str] | None = None) -> tuple[Dimension, ...]:
    """Give the dimensions of a dataset in cube order.

    JSON-stat 2.0 keeps ``id``, ``size`` and ``role`` beside ``dimension``, 1.x inside it.

    Parameters
    ----------
    dataset : mapping
        A parsed dataset.
    roles : mapping of str to str, optional
        Roles the document does not state, by dimension id.

    Raises
    ------
    ShapeMismatchError
        For sizes that are not the numbers of categories, and positions with gaps or doubles.
    DecodeError
        For anything else that is missing, doubled or of the wrong type.
    """
    described = typed(dataset.get("dimension"), dict, "dimension")
    home, prefix = (dataset, "") if "id" in dataset else (described, "dimension.")
    ids = _ids(home.get("id"), f"{prefix}id")
    sizes = _sizes(home.get("size"), f"{prefix}size", count=len(ids))
    _same_set("dimension", set(described) - (frozenset() if home is dataset else _ORDER), set(ids))
    stated = _roles(home.get("role"), ids, f"{prefix}role", given=roles or {})
    dimensions, faults = [], []
    for name, size in zip(ids, sizes, strict=True):
        try:
            dimensions.append(_dimension(name, described[name], size=size, role=stated.get(name, "")))
        except DecodeError as fault:
            faults.append(fault)
    if faults:
        raise _together(faults)
    return tuple(dimensions)


def cells_of(dimensions: tuple[Dimension, ...]) -> int:
    """Give the number of cells: the product of the sizes."""
    return math.prod(map(len, dimensions))


def typed(value: Any, kind: type[_T], where: str) -> _T:
    """Give a value that must be of one type.

    Raises
    ------
    DecodeError
        Where it is missing or of another type.
    """
    if not isinstance(value, kind):
        found = _KINDS.get(type(value), type(value).__name__)
        raise DecodeError(f"{_KINDS[kind]} is meant, {found} found", where=where)
    return value


def words(value: Any, where: str) -> str:
    """Give a text for people in Unicode's composed form (NFC); empty where there is none."""
    return "" if value is None else unicodedata.normalize("NFC", typed(value, str, where))


def notes(value: Any, where: str) -> tuple[str, ...]:
    """Give notes: an array of texts, or one text as early services send it."""
    if value is None:
        return ()
    texts = [value] if isinstance(value, str) else typed(value, list, where)
    return tuple(words(text, f"{where}[{place}]") for place, text in enumerate(texts))


def rest(members: Mapping[str, Any], known: frozenset[str], where: str) -> dict[str, Any]:
    """Give what else a service says: the members of ``extension``, and those that are not known.

    Raises
    ------
    DecodeError
        Where the two say the same word.
    """
    extension = typed(members.get("extension") or {}, dict, f"{where}extension")
    others = {key: value for key, value in members.items() if key not in known | {"extension"}}
    if shared := sorted(set(extension) & set(others)):
        raise DecodeError(f"said both in and beside the extension: {', '.join(shared)}", where=f"{where}extension")
    return extension | others


def _ids(named: Any, where: str) -> list[str]:
    ids = [typed(name, str, f"{where}[{place}]") for place, name in enumerate(typed(named, list, where))]
    if not ids:
        raise DecodeError("no dimension is named", where=where)
    if doubled := _doubled(ids):
        raise DecodeError(f"named twice: {_some(doubled)}", where=where)
    return ids


def _sizes(sizes: Any, where: str, *, count: int) -> list[int]:
    """Read sizes; CSO Ireland writes them as text, which is as clear."""
    sizes = typed(sizes, list, where)
    if len(sizes) != count:
        raise ShapeMismatchError(f"{len(sizes)} sizes for {count} dimensions", where=where)
    read = [int(size) if isinstance(size, str) and _SIZE.fullmatch(size) else size for size in sizes]
    for place, size in enumerate(read):
        if type(size) is not int or size < 0:
            raise DecodeError(f"{size!r} is no size", where=f"{where}[{place}]")
    return read


def _roles(stated: Any, ids: list[str], where: str, *, given: Mapping[str, str]) -> dict[str, str]:
    """Give the role of each dimension that has one: as the document states it, then as the caller does."""
    pairs = [
        (typed(name, str, f"{where}.{role}"), role)
        for role, members in typed(stated or {}, dict, where).items()
        for name in typed(members, list, f"{where}.{role}")
    ]
    roles: dict[str, str] = {}
    for name, role in [*pairs, *given.items()]:
        if name not in ids:
            raise DecodeError(f"{name!r} is {role} and no dimension; dimensions: {', '.join(ids)}", where=where)
        if roles.setdefault(name, role) != role:
            raise DecodeError(f"{name!r} is both {roles[name]} and {role}", where=where)
    return roles


def _dimension(id: str, described: Any, *, size: int, role: str) -> Dimension:
    where = f"dimension.{id}"
    described = typed(described, dict, where)
    category = typed(described.get("category"), dict, f"{where}.category")
    codes = _codes(category, f"{where}.category")
    if len(codes) != size:
        raise ShapeMismatchError(f"size {size:,} for {len(codes):,} categories", where=where)
    by_code = {
        name: _by_code(category, name, f"{where}.category.{name}") for name in ("label", "unit", "note", "child")
    }
    own_notes = notes(described.get("note"), f"{where}.note")
    return Dimension(
        id=id,
        label=words(described.get("label"), f"{where}.label") or id,
        codes=codes,
        labels=_labels(codes, by_code["label"], f"{where}.category.label"),
        role=role,
        units={code: typed(unit, dict, f"{where}.category.unit.{code}") for code, unit in by_code["unit"].items()},
        notes=({"": own_notes} if own_notes else {})
        | {code: notes(note, f"{where}.category.note.{code}") for code, note in by_code["note"].items()},
        children={
            code: tuple(typed(below, list, f"{where}.category.child.{code}"))
            for code, below in by_code["child"].items()
        },
        extension=rest(described | _unread(category), frozenset({"label", "note"}), f"{where}."),
    )


def _unread(category: Mapping[str, Any]) -> dict[str, Any]:
    """Give the members of a category that are not read here, such as ``coordinates``, under its name."""
    return {"category": {key: value for key, value in category.items() if key not in _CATEGORY}}


def _codes(category: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Give the category codes in order: ``index`` as an array, as an object, or left out for a single category."""
    index = category.get("index")
    if index is None:
        codes = tuple(typed(category.get("label"), dict, f"{where}.index"))
        if len(codes) != 1:
            raise ShapeMismatchError(f"{len(codes)} labels and no index: the order is not stated", where=where)
        return codes
    if isinstance(index, list):
        codes = tuple(typed(code, str, f"{where}.index[{place}]") for place, code in enumerate(index))
        if doubled := _doubled(codes):
            raise ShapeMismatchError(f"codes named twice: {_some(doubled)}", where=f"{where}.index")
        return codes
    return _ordered(typed(index, dict, f"{where}.index"), f"{where}.index")


def _ordered(index: dict[str, Any], where: str) -> tuple[str, ...]:
    """Give codes by position, whatever the order in the file; each position once and none left out."""
    for code, position in index.items():
        if type(position) is not int:
            raise DecodeError(f"{position!r} is no position", where=f"{where}.{code}")
    codes = sorted(index, key=index.__getitem__)
    positions = [index[code] for code in codes]
    if positions != list(range(len(codes))):
        meant, found = set(range(len(codes))), set(positions)
        parts = (("doubled", _doubled(positions)), ("left out", meant - found), ("outside", found - meant))
        told = "; ".join(f"{what}: {_some(places)}" for what, places in parts if places)
        raise ShapeMismatchError(f"{len(codes):,} codes whose positions do not run from 0: {told}", where=where)
    return tuple(codes)


def _by_code(category: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    return typed(category.get(name) or {}, dict, where)


def _labels(codes: tuple[str, ...], labels: Mapping[str, Any], where: str) -> tuple[str, ...]:
    if strangers := set(labels) - set(codes):
        raise ShapeMismatchError(f"labels for codes the index does not have: {_some(strangers)}", where=where)
    return tuple(words(labels.get(code), f"{where}.{code}") or code for code in codes)


def _same_set(where: str, described: set[str], named: set[str]) -> None:
    for what, ids in (("named and not described", named - described), ("described and not named", described - named)):
        if ids:
            raise DecodeError(f"{what}: {_some(ids)}", where=where)


def _together(faults: list[DecodeError]) -> DecodeError:
    """Give several faults as one error."""
    if len(faults) == 1:
        return faults[0]
    shape = all(isinstance(fault, ShapeMismatchError) for fault in faults)
    told = "".join(f"\n  - {fault}" for fault in faults)
    return (ShapeMismatchError if shape else DecodeError)(f"{len(faults)} dimensions contradict themselves{told}")


def _doubled(items: Iterable[Any]) -> set[Any]:
    return {item for item, times in Counter(items).items() if times > 1}


def _some(items: set[Any]) -> str:
    """Write the first few."""
    return ", ".join(map(str, sorted(items)[:5])) + (f" and {len(items) - 5:,} more" if len(items) > 5 else "")
