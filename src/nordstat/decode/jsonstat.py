"""JSON-stat 1.x and 2.0: from a document to a cube, or to a refusal that says where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from nordstat.decode.dimensions import cells_of, notes, read_dimensions, rest, typed, words
from nordstat.decode.document import Source, parse, plain, read_source
from nordstat.decode.values import read_symbols, read_values
from nordstat.errors import DecodeError, SettingsError, ShapeMismatchError
from nordstat.model.cube import Cube

Engine = Literal["nordstat", "pyjstat"]

MAX_CELLS = 100_000_000
"""A sparse document of a few bytes may claim any number of cells; a dense cube holds no more than these."""

_READ = frozenset(
    {"class", "version", "label", "source", "updated", "note", "id", "size", "role", "dimension", "value", "status"}
)


def read_jsonstat(
    source: Source,
    *,
    engine: Engine = "nordstat",
    dataset: str | None = None,
    roles: Mapping[str, str] | None = None,
) -> Cube:
    """Give the cube of a JSON-stat document.

    Parameters
    ----------
    source : path, bytes, str or dict
        A path, the bytes of an answer, a JSON text, or a parsed document. In a parsed document a doubled key can
        no longer be seen.
    engine : {"nordstat", "pyjstat"}
        Who attaches the values: nordstat, or pyjstat for a second opinion. Dimensions and status are nordstat's
        in either case, since pyjstat drops the status.
    dataset : str, optional
        Which dataset of a bundle or a collection.
    roles : mapping of str to str, optional
        Roles the document does not state, by dimension id: ``{"Region": "geo"}``.

    Returns
    -------
    Cube
        With every code, label, note, unit and status symbol of the document.

    Raises
    ------
    DecodeError
        For a document that cannot be read or contradicts itself; `ShapeMismatchError` where sizes, positions and
        values do not fit together, `UnknownStatusError` for a text that is neither a number nor a sign.
    SettingsError
        For another engine.

    Examples
    --------
    >>> cube = read_jsonstat(
    ...     {
    ...         "class": "dataset",
    ...         "id": ["Region", "Tid"],
    ...         "size": [2, 1],
    ...         "dimension": {
    ...             "Region": {"category": {"index": ["0301", "3001"]}},
    ...             "Tid": {"category": {"label": {"2022": "2022"}}},
    ...         },
    ...         "value": [17, None],
    ...         "status": {"1": ".."},
    ...     }
    ... )
    >>> cube.to_frame()
      Region   Tid  value status
    0   0301  2022   17.0    NaN
    1   3001  2022    NaN     ..
    """
    if engine not in get_args(Engine):
        raise SettingsError(f"no engine {engine!r}", hint=f"Engines: {', '.join(get_args(Engine))}")
    with _opened(source, dataset) as members:
        cube = _metadata(members, roles)
        cells = cells_of(cube.dimensions)
        if cells > MAX_CELLS:
            raise ShapeMismatchError(f"{cells:,} cells; a cube holds at most {MAX_CELLS:,}", where="size")
        values, signs = read_values(members.get("value"), cells)
        status, symbols = read_symbols(members.get("status"), cells, signs)
        cube = replace(cube, values=values, status=status, symbols=symbols)
        if engine == "pyjstat":
            from nordstat.decode.pyjstat_engine import values_by_pyjstat

            cube = replace(cube, values=values_by_pyjstat(members, cube))
        for array in (cube.values, cube.status):
            if array is not None:
                array.setflags(write=False)
        return cube


def read_metadata(source: Source, *, dataset: str | None = None, roles: Mapping[str, str] | None = None) -> Cube:
    """Give the cube of a metadata document: all its dimensions, notes and units, and no cell.

    PxWebApi 2 describes a table as a dataset of full size whose ``value`` is empty.

    Parameters
    ----------
    source, dataset, roles
        As in `read_jsonstat`; the values of a document that has some are left unread.

    Raises
    ------
    DecodeError
        As in `read_jsonstat`.
    """
    with _opened(source, dataset) as members:
        return _metadata(members, roles)


@contextmanager
def _opened(source: Source, wanted: str | None) -> Iterator[Mapping[str, Any]]:
    """Give the dataset meant, and put the name of the file before the place of every fault found in it."""
    name, content = read_source(source)
    try:
        if isinstance(content, bytes):
            yield _chosen(_datasets(parse(content)), wanted)
        else:
            yield plain(_chosen(_datasets(content), wanted))
    except DecodeError as fault:
        fault.where = ": ".join(part for part in (name, fault.where) if part)
        raise


def _metadata(members: Mapping[str, Any], roles: Mapping[str, str] | None) -> Cube:
    return Cube(
        label=words(members.get("label"), "label"),
        source=words(members.get("source"), "source"),
        updated=words(members.get("updated"), "updated"),
        dimensions=read_dimensions(members, roles=roles),
        values=np.empty(0),
        notes=notes(members.get("note"), "note"),
        extension=rest(members, _READ, ""),
    )


def _datasets(root: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the datasets of a document by name; a document that is a dataset has the empty name."""
    kind = root.get("class", "dataset" if "dimension" in root else "bundle")
    if kind == "dataset":
        return {"": root}
    if kind == "collection":
        return _embedded(root)
    if kind == "dimension":
        raise DecodeError("a dimension alone, no data", where="class", hint="Read the dataset that uses it.")
    strangers = [key for key, part in root.items() if not (isinstance(part, dict) and "dimension" in part)]
    if strangers or not root:
        raise DecodeError(f"not JSON-stat: an object with {', '.join(sorted(map(str, root))[:8]) or 'nothing in it'}")
    return dict(root)


def _embedded(collection: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the datasets a collection holds itself; mere links are not followed."""
    items = typed(typed(collection.get("link"), dict, "link").get("item"), list, "link.item")
    named = [(str(item.get("href") or item.get("label")), item) for item in items if isinstance(item, dict)]
    held: dict[str, Mapping[str, Any]] = {name: item for name, item in named if "dimension" in item}
    if not held:
        links = "".join(f"\n  - {name}" for name, _ in named)
        raise DecodeError(f"a collection of {len(named)} links and no data{links}", hint="Read one of them.")
    if len(held) < sum("dimension" in item for _, item in named):
        raise DecodeError("two datasets of one name", where="link.item")
    return held


def _chosen(datasets: Mapping[str, Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any]:
    if wanted is None and len(datasets) == 1:
        return next(iter(datasets.values()))
    if wanted is not None and wanted in datasets:
        return datasets[wanted]
    what = f"{len(datasets)} datasets in one document" if wanted is None else f"no dataset {wanted!r}"
    raise DecodeError(
        what, hint=f"Name one of them with dataset=: {', '.join(filter(None, datasets)) or 'it has no name'}"
    )
