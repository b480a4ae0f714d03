"""Answers in text: csv, px and the old PX-JSON, only as far as a client may meet them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from . import jsonstat
from .answers import Answer, Problem
from .cubes import Cut
from .flavours import Flavour
from .tables import METRIC, ServedTable

LATIN = "iso-8859-1"


def write(table: ServedTable, part: Cut, format: str) -> Answer:
    """Write an answer as csv or px; both come in Latin-1, so letters outside it are lost."""
    writers = {"csv": (csv, "text/csv"), "px": (px, "application/octet-stream")}
    if format not in writers:
        raise Problem.titled("Unsupported output format", detail="Unsupported output format")
    writer, media = writers[format]
    body = writer(table, part).encode(LATIN, errors="replace")
    return Answer(200, body, f"{media}; charset={LATIN}", cells=part.values.size)


def csv(table: ServedTable, part: Cut) -> str:
    """Write one line a cell: the labels, then the value or its symbol."""
    lines = [",".join([*(f'"{axis.dimension.label}"' for axis in part.axes), '"value"'])]
    keys = product(*(axis.categories for axis in part.axes))
    for place, key in enumerate(keys):
        lines.append(",".join([*(f'"{item.label}"' for item in key), _cell(part, place)]))
    return "\r\n".join(lines) + "\r\n"


def px(table: ServedTable, part: Cut) -> str:
    """Write a PX file with the keywords a reader needs."""
    head = [axis for axis in part.axes if axis.dimension.code == METRIC or axis.dimension.time]
    stub = [axis for axis in part.axes if axis not in head]
    lines = ['CHARSET="ANSI"', 'AXIS-VERSION="2010"', f'LANGUAGE="{table.language}"', f'MATRIX="{table.id}"']
    names = [axis.dimension.label for axis in part.axes]
    lines.append(f'TITLE="{jsonstat.title(table, names)}"')
    lines += [f"{word}={_quoted(axis.dimension.label for axis in side)}" for word, side in _sides(stub, head)]
    for axis in part.axes:
        label = axis.dimension.label
        lines.append(f'VARIABLECODE("{label}")="{axis.dimension.code}"')
        lines.append(f'VALUES("{label}")={_quoted(item.label for item in axis.categories)}')
        lines.append(f'CODES("{label}")={_quoted(axis.codes)}')
    cells = " ".join(_cell(part, place, quoted=True) for place in range(part.values.size))
    return ";\r\n".join([*lines, f"DATA=\r\n{cells} "]) + ";"


def px_json(table: ServedTable, part: Cut, flavour: Flavour) -> dict[str, Any]:
    """Write PX-JSON: columns, comments, and data whose values are all strings."""
    keys = [axis for axis in part.axes if axis.dimension.code != METRIC]
    metric = [axis for axis in part.axes if axis.dimension.code == METRIC]
    shape = [len(axis) for axis in part.axes]
    places = np.arange(part.values.size).reshape(shape)
    for place in [part.axes.index(axis) for axis in metric]:
        places = np.moveaxis(places, place, -1)
    rows = places.reshape(-1, len(metric[0]) if metric else 1)
    contents = [(item.code, item.label) for axis in metric for item in axis.categories]
    columns = [
        {"code": axis.dimension.code, "text": axis.dimension.label, "type": "t" if axis.dimension.time else "d"}
        for axis in keys
    ]
    names = [axis.dimension.label for axis in (*keys, *metric)]
    return {
        "columns": [*columns, *({"code": code, "text": text, "type": "c"} for code, text in contents)],
        "comments": [],
        "data": [
            {"key": list(key), "values": [_cell(part, int(place)) for place in row]}
            for key, row in zip(product(*(axis.codes for axis in keys)), rows, strict=True)
        ],
        "metadata": [
            {
                "infofile": table.px.get("infofile", flavour.infofile),
                "updated": table.updated,
                "label": jsonstat.title(table, names),
                "source": table.source or flavour.source,
            }
        ],
    }


def _sides(stub: list[Any], head: list[Any]) -> list[tuple[str, list[Any]]]:
    return [(word, side) for word, side in (("STUB", stub), ("HEADING", head)) if side]


def _quoted(words: Any) -> str:
    return ",".join(f'"{word}"' for word in words)


def _cell(part: Cut, place: int, *, quoted: bool = False) -> str:
    number = part.values[place]
    if np.isfinite(number):
        return str(int(number)) if number == int(number) else repr(float(number))
    symbol = part.status.get(place, "..")
    return f'"{symbol}"' if quoted else symbol
