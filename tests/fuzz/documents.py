"""JSON-stat documents for the fuzzing: valid ones of every form, and ones with something broken in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import prod
from typing import Any

from hypothesis import strategies as st

CODES = st.text(alphabet='abc012.:"{}\\é ', min_size=1, max_size=3)
WORDS = st.text(max_size=8)
NUMBERS = (
    st.none()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e15, 1e15)
    | st.sampled_from(["0", "-12", "3.5", "1e3", "-0.0"])
)
SIGNS = st.sampled_from([".", "..", ":", "-", "*"])
STATUS = st.none() | st.sampled_from(["", "e", "..", ":", "-", "Brudd"])
# fmt: off
_ODD = (
    None, True, 0, -1, 1, 2, 7, 2.5, 2**53 + 1, 10**400, -(10**18), 1e308, float("nan"), float("inf"),
    "", "a", "1", "01", "..", "1,5", "17 000", "Å", "\x00", "\ud800", "٤", "1e99999999999999999999", "9" * 400,
    [], {}, [1], {"0": 1}, ["a"], [[[[]]]],
)
# fmt: on
JUNK = st.sampled_from(_ODD)


@st.composite
def datasets(draw: st.DrawFn) -> dict[str, Any]:
    """A valid dataset: of version 1 or 2, dense or sparse, with status, roles, notes, units and whatever else."""
    ids = draw(st.lists(CODES.filter(lambda name: name not in _RESERVED), min_size=1, max_size=3, unique=True))
    described = {name: draw(_dimensions()) for name in draw(st.permutations(ids))}
    sizes = [_size(described[name]["category"]) for name in ids]
    layout: dict[str, Any] = {"id": ids, "size": sizes}
    if draw(st.booleans()):
        layout["role"] = {
            draw(st.sampled_from(["time", "geo", "metric"])): draw(st.lists(st.sampled_from(ids), max_size=1))
        }
    old = draw(st.booleans())
    members = {"dimension": described | layout} if old else {"dimension": described} | layout
    flagged = draw(st.booleans())
    members["value"] = draw(_spread(NUMBERS if flagged else NUMBERS | SIGNS, prod(sizes)))
    if flagged:
        members["status"] = draw(STATUS | STATUS.map(lambda word: [word]) | _spread(STATUS, prod(sizes)))
    told = {
        "label": WORDS,
        "source": WORDS,
        "updated": WORDS,
        "note": WORDS | st.lists(WORDS, max_size=2),
        "href": WORDS,
    }
    members |= draw(st.fixed_dictionaries({}, optional=told))
    if not old or draw(st.booleans()):
        members["class"] = "dataset"
    return dict(draw(st.permutations(list(members.items()))))


@st.composite
def valid(draw: st.DrawFn) -> bytes:
    """The text of a dataset, alone, in a bundle or in a collection, however it is written."""
    document = draw(datasets())
    wrapped = draw(st.sampled_from(["", "", "", "bundle", "collection"]))
    if wrapped == "bundle":
        document = {draw(CODES.filter(lambda name: name not in {"class", "dimension"})): document}
    elif wrapped == "collection":
        document = {
            "class": "collection",
            "link": {"item": [{"class": "dataset", "href": "x"}, document | {"href": "y"}]},
        }
    text = json.dumps(document, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """The text of a dataset in which one to three places were changed: moved, left out, doubled or exchanged."""
    document: Any = draw(datasets())
    for _ in range(draw(st.integers(1, 3))):
        document = changed(draw, document)
    return json.dumps(document).encode()


@st.composite
def doubled(draw: st.DrawFn) -> bytes:
    """The text of a dataset in which one object has a key twice, the second spelled as it is or in escapes."""
    document: Any = draw(datasets())
    path = draw(st.sampled_from([path for path in _paths(document) if isinstance(path[-1], str)]))
    text = json.dumps(_with(document, path[:-1], lambda node: node | {_TWIN: draw(JUNK)}))
    escaped = '"' + "".join(f"\\u{ord(sign):04x}" for sign in path[-1]) + '"'
    return text.replace(json.dumps(_TWIN), draw(st.sampled_from([json.dumps(path[-1]), escaped]))).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A text that lost, doubled or exchanged some bytes on its way."""
    return damage(draw, draw(valid()))


def changed(draw: st.DrawFn, document: Any) -> Any:
    """Change one place of a document, every place as likely as another."""
    paths = list(_paths(document))
    if not paths:
        return draw(JUNK)
    *above, key = draw(st.sampled_from(paths))
    change = _changed_list if isinstance(key, int) else _changed_object
    return _with(document, tuple(above), lambda node: change(draw, node, key))


def damage(draw: st.DrawFn, text: bytes) -> bytes:
    """Lose, double or exchange some bytes of a text, at one to three places."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 12, len(text))))
        middle = draw(
            st.sampled_from([b"", text[start:end] * 2, b'"', b"0", b"9" * 20, b"\\u003a", b"NaN", b"\xff", b":", b","])
        )
        text = text[:start] + middle + text[end:]
    return text


@st.composite
def _dimensions(draw: st.DrawFn) -> dict[str, Any]:
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    category: dict[str, Any] = {}
    labelled = draw(st.lists(st.sampled_from(codes), unique=True))
    if labelled:
        category["label"] = {code: draw(WORDS) for code in labelled}
    if len(codes) > 1 or not labelled or draw(st.booleans()):
        as_object = {code: codes.index(code) for code in draw(st.permutations(codes))}
        category["index"] = draw(st.sampled_from([codes, as_object]))
    more = {
        "unit": st.fixed_dictionaries({draw(st.sampled_from(codes)): st.just({"base": "persons", "decimals": 0})}),
        "note": st.fixed_dictionaries({draw(st.sampled_from(codes)): st.lists(WORDS, max_size=1)}),
        "child": st.just({codes[0]: codes[1:]}),
        "coordinates": st.just({codes[0]: [1.0, 2.0]}),
    }
    category |= draw(st.fixed_dictionaries({}, optional=more))
    told = {"label": WORDS, "note": st.lists(WORDS, max_size=1), "extension": st.just({"elimination": True})}
    return draw(st.fixed_dictionaries({}, optional=told)) | {"category": category}


_RESERVED = {"id", "size", "role", "value", "status"}


def _size(category: dict[str, Any]) -> int:
    return len(category["index"]) if "index" in category else 1


def _spread(elements: st.SearchStrategy[Any], cells: int) -> st.SearchStrategy[Any]:
    dense = st.lists(elements, min_size=cells, max_size=cells)
    return dense | st.dictionaries(st.integers(0, cells - 1).map(str), elements)


_TWIN = "\x01twin"
Path = tuple[str | int, ...]


def _paths(node: Any, above: Path = ()) -> Iterator[Path]:
    """Give the way to every member of every object and to every element of every array."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*above, key)
        yield from _paths(node[key], (*above, key))


def _with(node: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Give a document with one place changed."""
    if not path:
        return change(node)
    changed = _with(node[path[0]], path[1:], change)
    return (
        [changed if place == path[0] else kept for place, kept in enumerate(node)]
        if isinstance(node, list)
        else (node | {path[0]: changed})
    )


def _changed_object(draw: st.DrawFn, node: dict[str, Any], key: str) -> dict[str, Any]:
    rest = {name: value for name, value in node.items() if name != key}
    other = draw(st.sampled_from(list(node)))
    near = st.sampled_from([f"0{key}", f"{key} ", str(int(key) + 1), "-0"]) if key.isdecimal() else st.just(key.upper())
    return {
        "junk": node | {key: draw(_instead(node[key]))},
        "gone": rest,
        "more": node | {draw(CODES | near): draw(JUNK)},
        "exchanged": node | {key: node[other], other: node[key]},
        "another": rest | {draw(CODES | near): node[key]},
    }[draw(_WAYS)]


def _changed_list(draw: st.DrawFn, node: list[Any], place: int) -> list[Any]:
    other = draw(st.integers(0, len(node) - 1))
    exchanged = list(node)
    exchanged[place], exchanged[other] = node[other], node[place]
    return {
        "junk": [*node[:place], draw(_instead(node[place])), *node[place + 1 :]],
        "gone": [*node[:place], *node[place + 1 :]],
        "more": [*node, draw(JUNK)],
        "exchanged": exchanged,
        "another": [*node, node[place]],
    }[draw(_WAYS)]


_WAYS = st.sampled_from(["junk", "junk", "gone", "more", "exchanged", "another"])


def _instead(value: Any) -> st.SearchStrategy[Any]:
    """Give something near a number, or anything."""
    if type(value) is int and abs(value) < 2**60:
        return st.sampled_from([value + 1, value - 1, str(value), f"0{value}", value + 0.5, -value]) | JUNK
    return JUNK
