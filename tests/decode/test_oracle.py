"""The decoder beside a naive reading in plain loops, on documents of every permitted form."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from decode.documents import Cells, naive, text
from nordstat.decode import read_jsonstat
from nordstat.model.cube import Cube

WORDS = st.text(alphabet='abc012:"{}\\é ', min_size=1, max_size=3)
NUMBERS = st.none() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9)
SYMBOLS = st.none() | st.sampled_from([".", "..", ":", "-", "", "e"])


@st.composite
def categories(draw: st.DrawFn) -> dict[str, Any]:
    """A category: codes by array, by shuffled object or by a single label; labels for some, all or none."""
    codes = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    labelled = draw(st.lists(st.sampled_from(codes), unique=True))
    labels = {code: draw(WORDS) for code in labelled}
    if len(codes) == 1 and draw(st.booleans()):
        return {"label": {codes[0]: draw(WORDS)}}
    index: Any = codes
    if draw(st.booleans()):
        index = {code: codes.index(code) for code in draw(st.permutations(codes))}
    return {"index": index, "label": labels} if labels else {"index": index}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid dataset, dense or sparse, with its status in any form."""
    ids = draw(
        st.lists(WORDS.filter(lambda name: name not in {"value", "status"}), min_size=1, max_size=3, unique=True)
    )
    sides = {name: {"category": draw(categories())} for name in draw(st.permutations(ids))}
    sizes = [len(side["category"].get("index", "1")) for side in (sides[name] for name in ids)]
    cells = int(np.prod(sizes))
    document = {"class": "dataset", "id": ids, "size": sizes, "dimension": sides}
    document["value"] = draw(spread(NUMBERS, cells))
    status = draw(st.none() | SYMBOLS | SYMBOLS.map(lambda symbol: [symbol]) | spread(SYMBOLS, cells))
    return document if status is None else document | {"status": status}


def spread(elements: st.SearchStrategy[Any], cells: int) -> st.SearchStrategy[Any]:
    """One element a cell as an array, or some of them as an object of positions."""
    dense = st.lists(elements, min_size=cells, max_size=cells)
    return dense | st.dictionaries(st.integers(0, cells - 1).map(str), elements)


def cells_of(cube: Cube) -> Cells:
    """Every cell of a cube by its codes, out of the frame."""
    frame = cube.to_frame().astype(object)
    rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
    return {row[:-2]: (row[-2], row[-1]) for row in rows}


@settings(deadline=None, max_examples=300)
@given(documents())
def test_every_cell_is_as_the_naive_reading_has_it(document: dict[str, Any]) -> None:
    """Codes, value and status of each cell agree, and so does the order of the cells."""
    expected, found = naive(document), cells_of(read_jsonstat(text(document)))
    assert expected == found
    assert list(expected) == list(found)


@settings(deadline=None, max_examples=100)
@given(documents())
def test_text_and_parsed_document_read_alike(document: dict[str, Any]) -> None:
    """A dict is read as its text is."""
    assert cells_of(read_jsonstat(text(document))) == cells_of(read_jsonstat(document))


@settings(deadline=None, max_examples=100)
@given(documents(), st.data())
def test_order_of_members_does_not_matter(document: dict[str, Any], data: st.DataObject) -> None:
    """The members of an object may stand in any order; value before or after what explains it."""
    shuffled = dict(data.draw(st.permutations(list(document.items()))))
    assert cells_of(read_jsonstat(text(document))) == cells_of(read_jsonstat(text(shuffled)))
