"""What a fault says: what is wrong, where, and what to do next, to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from decode.documents import dataset, dimension, text
from nordstat.decode import read_jsonstat
from nordstat.errors import DecodeError

LONG = "x" * 50
SEVEN = [f"{number}" for number in range(7)]
WIDE = "JSON is UTF-8; convert the file."


def with_region(region: Any, size: int, **changes: Any) -> dict[str, Any]:
    dimensions = {"Region": region, "Tid": dimension(["2021", "2022", "2023"])}
    return dataset(dimension=dimensions, size=[size, 3], **changes)


def older(**changes: Any) -> dict[str, Any]:
    """A dataset of 1.x, which keeps ids, sizes and roles inside."""
    inner = {"id": ["Region", "Tid"], "size": [2, 3], "role": {}} | changes
    return dataset(id=None, size=None, role=None, dimension=dataset()["dimension"] | inner)


def collection(*items: Any) -> dict[str, Any]:
    return {"class": "collection", "link": {"item": list(items)}}


def fault(source: Any) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        read_jsonstat(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "what", "where", "hint"),
    [
        (text(dataset()).decode().encode("utf-16"), "UTF-16 or UTF-32 where UTF-8 is meant", "", WIDE),
        ('{"label": "\ud800"}', "no Unicode text: surrogates not allowed", "character 11", None),
        (b'{\n"label":\n"\xc5rhus"}', "not UTF-8: byte 0xc5 at 12", "line 3", None),
        (b"[]", "not JSON-stat: the document is no object but list", "", None),
        ("[]", "not JSON-stat: the document is no object but list", "", None),
        (text(dataset(size=[2, 2])).decode(), "size 2 for 3 categories", "dimension.Tid", None),
        ({}, "not JSON-stat: an object with nothing in it", "", None),
        (dict.fromkeys("ihgfedcba"), "not JSON-stat: an object with a, b, c, d, e, f, g, h", "", None),
        ({"a": dataset(), "b": dataset()}, "2 datasets in one document", "", "Name one of them with dataset=: a, b"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested deeper than any statistical document is", "", None),
        (b'{"X":{"b":1,"b":2},"Y":{"b":1,"b":2}}', "one key twice in an object: X.b, Y.b", "X.b", None),
        (b'{"X":1,"X":2}', "one key twice in an object: X", "X", None),
        ({"class": "collection"}, "an object is meant, nothing found", "link", None),
        ({"class": "collection", "link": {}}, "an array is meant, nothing found", "link.item", None),
        (
            collection({"href": "h", "label": "l"}, {"label": "m"}),
            "a collection of 2 links and no data\n  - h\n  - m",
            "",
            "Read one of them.",
        ),
        (collection(dataset(href="h"), dataset(href="h")), "two datasets of one name", "link.item", None),
    ],
)
def test_fault_of_a_document_says_what_where_and_what_next(
    source: Any, what: str, where: str, hint: str | None
) -> None:
    """Encoding, syntax, doubled keys and collections: the place is told as a person finds it."""
    found = fault(source)

    assert (found.what, found.where) == (what, where)
    assert hint is None or found.hint == hint


@pytest.mark.parametrize(
    ("source", "what", "where"),
    [
        ("no such file.json", "cannot be read: No such file or directory", "no such file.json"),
        (Path("no such file.json"), "cannot be read: No such file or directory", "no such file.json"),
        ("x" * 300, "cannot be read: ", "x" * 200),
        (3, "cannot be read: expected str, bytes or os.PathLike object, not int", "int"),
    ],
)
def test_fault_of_a_source_names_the_file_or_the_kind(source: Any, what: str, where: str) -> None:
    """The system's reason stands beside the path, cut at two hundred letters, or the kind of what is no path."""
    found = fault(source)

    assert found.what.startswith(what)
    assert found.where == where


def test_dataset_without_a_name_says_so() -> None:
    """Who asks a document of one nameless dataset for another learns that there is no name to give."""
    with pytest.raises(DecodeError) as caught:
        read_jsonstat(dataset(), dataset="c")

    assert caught.value.hint == "Name one of them with dataset=: it has no name"


@pytest.mark.parametrize(
    ("dimensions", "what", "where"),
    [
        (8, "0 values for 100,000,000 cells", "value"),
        (9, "1,000,000,000 cells; a cube holds at most 100,000,000", "size"),
    ],
)
def test_size_alone_refuses_more_than_a_hundred_million_cells(dimensions: int, what: str, where: str) -> None:
    """A cube of the most cells there may be is read on, one of more is refused by the sizes it claims."""
    digits = dimension(list("0123456789"))
    names = [f"digit {place}" for place in range(dimensions)]
    document = dataset(id=names, size=[10] * dimensions, role=None, dimension=dict.fromkeys(names, digits), value=[])

    found = fault(document)

    assert (found.what, found.where) == (what, where)


@pytest.mark.parametrize(
    ("source", "near", "line"),
    [
        (b'{\n"a" 1}', ", near '1}'", 2),
        (b'{"a" 1' + b"2" * 30, f", near '1{'2' * 19}'", 1),
        (b"{", "unexpected end of data", 1),
    ],
)
def test_fault_of_syntax_shows_the_next_twenty_letters(source: bytes, near: str, line: int) -> None:
    """The parser's word, then what stands at the place, if the text does not end there."""
    found = fault(source)

    assert found.what.startswith("not JSON: ")
    assert found.what.endswith(near)
    assert found.where.startswith(f"line {line}, column ")
    assert "Numbers must be finite" in found.hint


@pytest.mark.parametrize(
    ("source", "what", "where"),
    [
        (
            with_region(dimension({"1784": 0, "1715": 1.5}), 2),
            "1.5 is no position",
            "dimension.Region.category.index.1715",
        ),
        (
            with_region(dimension(["1"], dict.fromkeys(SEVEN, "label")), 1),
            "labels for codes the index does not have: 0, 2, 3, 4, 5 and 1 more",
            "dimension.Region.category.label",
        ),
        (
            with_region(dimension(["0", "1"], dict.fromkeys(SEVEN, "label")), 2),
            "labels for codes the index does not have: 2, 3, 4, 5, 6",
            "dimension.Region.category.label",
        ),
        (
            with_region(dimension(SEVEN * 2), 14),
            "codes named twice: 0, 1, 2, 3, 4 and 2 more",
            "dimension.Region.category.index",
        ),
    ],
)
def test_fault_of_a_dimension_names_the_first_five(source: Any, what: str, where: str) -> None:
    """Up to five codes are named, of more than five how many are left."""
    found = fault(source)

    assert (found.what, found.where) == (what, where)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (dataset(label=3), "label"),
        (dataset(source=3), "source"),
        (dataset(updated=3), "updated"),
        (dataset(id=["Region", 3]), "id[1]"),
        (dataset(id=3), "id"),
        (dataset(size=3), "size"),
        (dataset(role={"time": [3]}), "role.time"),
        (with_region(dimension(None, 3), 1), "dimension.Region.category.index"),
        (dataset(dimension=3), "dimension"),
        (older(id=3), "dimension.id"),
        (older(size=3), "dimension.size"),
        (older(role=3), "dimension.role"),
        (dataset(note=3), "note"),
        (dataset(note=["a", 3]), "note[1]"),
        (dataset(extension=3), "extension"),
        (with_region(3, 2), "dimension.Region"),
        (with_region({"label": "region"}, 2), "dimension.Region.category"),
        (with_region(dimension(["1784"], label=3), 1), "dimension.Region.label"),
        (with_region(dimension(["1784"], note=3), 1), "dimension.Region.note"),
        (with_region(dimension(["1784"], 3), 1), "dimension.Region.category.label"),
        (with_region(dimension(["1784"], {"1784": 3}), 1), "dimension.Region.category.label.1784"),
        (with_region(dimension(["1784"], extension=3), 1), "dimension.Region.extension"),
        *(
            (
                with_region({"category": {"index": ["1784"], member: {"1784": 3}}}, 1),
                f"dimension.Region.category.{member}.1784",
            )
            for member in ("unit", "note", "child")
        ),
    ],
)
def test_fault_of_kind_names_the_member(source: Any, where: str) -> None:
    """A number in the place of a text, an array or an object is told with the path to it."""
    found = fault(source)

    assert found.what.endswith("is meant, int found" if "category" not in where[-8:] else "is meant, nothing found")
    assert found.where == where


@pytest.mark.parametrize(
    ("source", "what", "where"),
    [
        (dataset(id=[], size=[]), "no dimension is named", "id"),
        (dataset(id=["Tid", "Tid"]), "named twice: Tid", "id"),
        (dataset(size=[2]), "1 sizes for 2 dimensions", "size"),
        (dataset(size=[2, "x"]), "'x' is no size", "size[1]"),
        (dataset(dimension=dataset()["dimension"] | {"size": {}}), "described and not named: size", "dimension"),
        (dataset(id=["Region", "Ar"]), "named and not described: Ar", "dimension"),
        (dataset(role={"time": ["Ar"]}), "'Ar' is time and no dimension; dimensions: Region, Tid", "role"),
        (dataset(role={"time": ["Tid"], "geo": ["Tid"]}), "'Tid' is both time and geo", "role"),
    ],
)
def test_fault_of_the_frame_names_id_size_and_role(source: Any, what: str, where: str) -> None:
    """Ids, sizes and roles that do not fit are told with the member they stand in."""
    found = fault(source)

    assert (found.what, found.where) == (what, where)


def test_words_said_twice_are_all_named() -> None:
    """What stands both in the extension and beside it is named in the order of the alphabet."""
    found = fault(dataset(href="a", error="b", extension={"href": "c", "error": "d"}))

    assert (found.what, found.where) == ("said both in and beside the extension: error, href", "extension")


def test_faults_of_several_dimensions_stand_on_a_line_each() -> None:
    """One error for all; a fault of another kind among them makes it no mere mismatch of shape."""
    document = dataset(
        dimension={"Region": dimension(["1", "2", "3"]), "Tid": dimension({"2021": "0", "2022": 1, "2023": 2})}
    )

    found = fault(document)

    assert type(found) is DecodeError
    assert found.what.split("\n") == [
        "2 dimensions contradict themselves",
        "  - dimension.Region: size 2 for 3 categories",
        "  - dimension.Tid.category.index.2021: '0' is no position",
    ]


@pytest.mark.parametrize(
    ("changes", "what", "where"),
    [
        ({"value": {LONG: 1}}, f"'{LONG[:40]}' is no position; 1 such keys", "value"),
        ({"value": {"0": 1, "9": 1}}, "position 9 in a cube of 6 cells; 1 outside it", "value"),
        ({"value": None}, "an array or an object of numbers is meant, nothing found", "value"),
        ({"value": 3}, "an array or an object of numbers is meant, int found", "value"),
        ({"value": [{}, 2, 3, 4, 5, 6]}, "no number but dict", "value[0]"),
        ({"value": [LONG, 2, 3, 4, 5, 6]}, f"'{LONG[:40]}' is neither a number nor a known sign", "value[0]"),
        ({"value": ["1," + "1" * 50, 2, 3, 4, 5, 6]}, f"'1,{'1' * 38}' is no JSON number", "value[0]"),
        (
            {"value": ["1" * 50, 2, 3, 4, 5, 6]},
            f"{'1' * 40} is not finite or beyond 2**53, where a double loses whole numbers",
            "value[0]",
        ),
        ({"status": 3}, "a text, an array or an object is meant, int found", "status"),
        ({"status": [1, 1.5, "a", "", "", ""]}, "a status is a text; float, int found", "status"),
        (
            {"value": [1, "..", 3, 4, 5, 6], "status": {"1": ":"}},
            "the value is '..' and the status ':'",
            "value[1]",
        ),
    ],
)
def test_fault_of_a_cell_shows_what_stands_there(changes: dict[str, Any], what: str, where: str) -> None:
    """The text at fault is shown, cut at forty letters, with the cell or the member it stands in."""
    found = fault(text(dataset(**changes)))

    assert (found.what, found.where) == (what, where)


@pytest.mark.parametrize(
    ("value", "hint"),
    [([], "A metadata document has no values; read_metadata reads its dimensions."), ([1], "")],
)
def test_document_without_values_is_told_from_one_cut_short(value: list[int], hint: str) -> None:
    """Where there is no value at all the document is one of metadata, and what reads those is named."""
    assert fault(text(dataset(value=value))).hint == hint
