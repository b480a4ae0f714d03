"""Ids, sizes, roles and categories: read in every permitted form, refused where they contradict each other."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from decode.documents import dataset, dimension
from nordstat.decode import read_jsonstat, read_metadata
from nordstat.errors import DecodeError, ShapeMismatchError

YEARS = dimension(["2021", "2022", "2023"])


def with_region(region: Any, **changes: Any) -> dict[str, Any]:
    return dataset(dimension={"Region": region, "Tid": YEARS}, **changes)


@pytest.mark.fault("J07")
def test_index_in_another_order_than_the_file_decides() -> None:
    """Values belong to codes by position, whatever the order of the codes in the file."""
    cube = read_jsonstat(with_region(dimension({"1715": 1, "1784": 0}, {"1715": "Kil", "1784": "Arvika"})))
    region = cube.dimension("Region")
    assert (region.codes, region.labels) == (("1784", "1715"), ("Arvika", "Kil"))
    assert cube.cell(Region="1715", Tid="2021") == (4.0, "")


def test_index_as_an_array_is_the_order() -> None:
    """An array of codes is in cube order."""
    assert read_jsonstat(with_region(dimension(["1784", "1715"]))).dimension("Region").codes == ("1784", "1715")


@pytest.mark.fault("J09")
def test_single_category_needs_no_index() -> None:
    """A dimension with one label and no index has this one category."""
    document = dataset(
        id=["Region"], size=[1], role=None, dimension={"Region": dimension(None, {"1784": "Arvika"})}, value=[7]
    )
    frame = read_jsonstat(document).to_frame("both")
    assert list(frame.drop(columns="status").itertuples(index=False, name=None)) == [("1784", "Arvika", 7.0)]


def test_labels_alone_do_not_state_an_order() -> None:
    """Two labels without an index are refused."""
    with pytest.raises(ShapeMismatchError, match="the order is not stated") as caught:
        read_jsonstat(with_region(dimension(None, {"1784": "Arvika", "1715": "Kil"})))
    assert caught.value.where == "dimension.Region.category"


def test_code_stands_where_a_label_is_missing() -> None:
    """A category without a label is named by its code, a dimension without one by its id."""
    region = read_jsonstat(with_region(dimension(["1784", "1715"], {"1715": "Kil"}))).dimension("Region")
    assert (region.label, region.labels) == ("Region", ("1784", "Kil"))


@pytest.mark.fault("J06")
@pytest.mark.parametrize(
    ("index", "told"),
    [
        ({"1784": 0, "1715": 2}, "left out: 1; outside: 2"),
        ({"1784": 1, "1715": 2}, "left out: 0; outside: 2"),
        ({"1784": 0, "1715": 0}, "doubled: 0; left out: 1"),
        ({"1784": 0, "1715": -1}, "outside: -1"),
        (["1784", "1784"], "codes named twice: 1784"),
    ],
)
def test_index_with_a_gap_or_a_double_is_refused(index: Any, told: str) -> None:
    """Positions must run from 0 without gap or double; the fault names them and the place."""
    with pytest.raises(ShapeMismatchError, match=told) as caught:
        read_jsonstat(with_region(dimension(index)))
    assert caught.value.where == "dimension.Region.category.index"


@pytest.mark.parametrize(
    "index", [{"1784": "0", "1715": 1}, {"1784": 0, "1715": 1.0}, {"1784": False, "1715": 1}, [1784, 1715], "1784", 0]
)
def test_index_of_the_wrong_type_is_refused(index: Any) -> None:
    """Positions are whole numbers and codes are text; nothing is converted."""
    with pytest.raises(DecodeError, match=r"dimension\.Region\.category\.index"):
        read_jsonstat(with_region(dimension(index)))


@pytest.mark.fault("J05")
@pytest.mark.parametrize(("size", "told"), [([1, 3], "size 1 for 2 categories"), ([3, 3], "size 3 for 2 categories")])
def test_size_that_is_not_the_number_of_categories_is_refused(size: list[int], told: str) -> None:
    """The size of a dimension is the number of its categories, or the document is refused."""
    with pytest.raises(ShapeMismatchError, match=told) as caught:
        read_jsonstat(dataset(size=size))
    assert caught.value.where == "dimension.Region"


@pytest.mark.fault("J05")
def test_all_dimensions_at_fault_are_told_at_once() -> None:
    """One reading shows every dimension that contradicts itself."""
    with pytest.raises(ShapeMismatchError) as caught:
        read_jsonstat(dataset(size=[1, 2]))
    assert "dimension.Region: size 1 for 2" in str(caught.value)
    assert "dimension.Tid: size 2 for 3" in str(caught.value)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (None, "an array is meant, nothing found"),
        (6, "an array is meant, int found"),
        ([2], "1 sizes for 2 dimensions"),
        ([2, 3, 1], "3 sizes for 2 dimensions"),
        ([2, -3], "-3 is no size"),
        ([2, 3.0], "3.0 is no size"),
        ([2, True], "True is no size"),
        ([2, "x"], "'x' is no size"),
        ([2, "03"], "'03' is no size"),
        ([2, "٣"], "'٣' is no size"),
        ([2, None], "None is no size"),
    ],
)
def test_size_that_is_no_list_of_sizes_is_refused(size: Any, told: str) -> None:
    """One whole number a dimension, and nothing else."""
    with pytest.raises(DecodeError, match=told):
        read_jsonstat(dataset(size=size))


def test_size_as_text_is_read() -> None:
    """CSO Ireland writes sizes as text, which is as clear."""
    assert read_jsonstat(dataset(size=["2", "3"])).shape == (2, 3)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": ["Region", "Region"]}, "named twice: Region"),
        ({"id": []}, "no dimension is named"),
        ({"id": ["Region", "Kon"]}, "named and not described: Kon"),
        ({"id": ["Region"], "size": [2]}, "described and not named: Tid"),
        ({"id": ["Region", 3]}, "a text is meant, int found"),
        ({"id": "Region"}, "an array is meant, a text found"),
        ({"dimension": None}, "an object is meant, nothing found"),
        ({"dimension": {"Region": "http", "Tid": YEARS}}, "an object is meant, a text found"),
        ({"dimension": {"Region": {"label": "region"}, "Tid": YEARS}}, "an object is meant, nothing found"),
    ],
)
def test_ids_and_dimensions_must_be_the_same_set(changes: dict[str, Any], told: str) -> None:
    """Every id has its description, every description its id, each once."""
    with pytest.raises(DecodeError, match=told):
        read_jsonstat(dataset(**changes))


def test_label_for_an_unknown_code_is_refused() -> None:
    """A label that no category has shows that index and labels do not belong together."""
    with pytest.raises(ShapeMismatchError, match="labels for codes the index does not have: 1730"):
        read_jsonstat(with_region(dimension(["1784", "1715"], {"1730": "Eda"})))


@pytest.mark.fault("J19")
def test_labels_are_composed() -> None:
    """A label in decomposed form (NFD) equals the same label in composed form (NFC)."""
    decomposed = unicodedata.normalize("NFD", "Åmål")
    region = dimension(["1784", "1715"], {"1784": decomposed, "1715": "Kil"}, label=decomposed)
    cube = read_jsonstat(with_region(region, label=decomposed))
    assert (
        cube.label,
        cube.dimension("Region").label,
        cube.dimension("Region").labels[0],
    ) == ("Åmål", "Åmål", "Åmål")


def test_codes_are_left_as_they_are() -> None:
    """Codes are keys of the service and are not normalised."""
    decomposed = unicodedata.normalize("NFD", "Å")
    assert decomposed == read_jsonstat(with_region(dimension([decomposed, "Å"]))).dimension("Region").codes[0]


@pytest.mark.fault("J20")
def test_missing_role_is_an_error_with_candidates() -> None:
    """Where the document states no role, asking for it lists the dimensions that could have it."""
    cube = read_jsonstat(dataset(role=None))
    with pytest.raises(DecodeError, match="candidates: Region, Tid"):
        cube.with_role("time")


@pytest.mark.fault("J20")
def test_role_is_taken_from_the_contract_of_the_table() -> None:
    """A role the document leaves out is stated by the caller; SCB never sends geo."""
    cube = read_jsonstat(dataset(role={"time": ["Tid"]}), roles={"Region": "geo", "Tid": "time"})
    assert (cube.with_role("geo").id, cube.with_role("time").id) == ("Region", "Tid")


def test_role_of_several_dimensions_is_no_answer() -> None:
    """Residence and work may both be geographic; then the question has no single answer."""
    cube = read_jsonstat(dataset(role={"geo": ["Region", "Tid"]}))
    with pytest.raises(DecodeError, match=r"2 dimensions have the role geo\n.*candidates: Region, Tid"):
        cube.with_role("geo")


@pytest.mark.parametrize(
    ("role", "given"),
    [
        ({"time": ["Ar"]}, {}),
        ({"time": ["Tid"], "geo": ["Tid"]}, {}),
        ({"time": ["Tid"]}, {"Tid": "geo"}),
        ({}, {"Ar": "time"}),
        ({"time": "Tid"}, {}),
        ("time", {}),
    ],
)
def test_contradictory_role_is_refused(role: Any, given: dict[str, str]) -> None:
    """A role belongs to a dimension that exists, a dimension has one role, and the contract may not overrule it."""
    with pytest.raises(DecodeError, match="role"):
        read_jsonstat(dataset(role=role), roles=given)


def test_everything_a_service_says_is_kept() -> None:
    """Units, notes, children, links and extensions reach the cube."""
    region = dimension(["00", "1784"], {"00": "Riket", "1784": "Arvika"}, label="region", note=["a"], link={"x": 1})
    region["extension"] = {"elimination": True}
    region["category"] |= {
        "unit": {"00": {"base": "antal", "decimals": 0}},
        "note": {"1784": ["b", "c"]},
        "child": {"00": ["1784"]},
        "coordinates": {"00": [1, 2]},
    }
    cube = read_jsonstat(with_region(region, note=["n"], extension={"px": {"tableid": "TAB1"}}, href="h"))
    kept = cube.dimension("Region")
    assert (cube.notes, cube.extension) == (("n",), {"px": {"tableid": "TAB1"}, "href": "h"})
    assert kept.units == {"00": {"base": "antal", "decimals": 0}}
    assert kept.notes == {"": ("a",), "1784": ("b", "c")}
    assert kept.children == {"00": ("1784",)}
    assert kept.extension == {"elimination": True, "link": {"x": 1}, "category": {"coordinates": {"00": [1, 2]}}}
    assert (cube.source, cube.updated) == ("SCB", "2025-02-01T07:00:00Z")


def test_early_note_as_plain_text_is_one_note() -> None:
    """The drafts of PxWebApi 2 send a note as text, where the format has an array."""
    assert read_jsonstat(dataset(note="n")).notes == ("n",)


def test_word_said_twice_is_refused() -> None:
    """A member both beside the extension and in it is not decided by chance."""
    with pytest.raises(DecodeError, match="said both in and beside"):
        read_jsonstat(dataset(href="a", extension={"href": "b"}))


def older(**changes: Any) -> dict[str, Any]:
    """The same dataset in the layout of JSON-stat 1.x."""
    new = dataset(version=None, **changes)
    del new["class"]
    inner = new["dimension"] | {key: new.pop(key) for key in ("id", "size", "role")}
    return new | {"dimension": inner}


@pytest.mark.parametrize("document", [{"dataset": older()}, older(), older() | {"class": "dataset"}])
def test_older_layout_gives_the_same_cube(document: dict[str, Any]) -> None:
    """JSON-stat 1.x keeps id, size and role inside dimension; bare or in a bundle it reads alike."""
    old, new = read_jsonstat(document), read_jsonstat(dataset())
    assert new.dimensions == old.dimensions
    assert new.values.tolist() == old.values.tolist()


def test_bundle_of_several_datasets_lists_them() -> None:
    """Of several datasets none is taken by chance."""
    bundle = {"a": older(), "b": older(value=[6, 5, 4, 3, 2, 1])}
    with pytest.raises(DecodeError, match="dataset=: a, b"):
        read_jsonstat(bundle)
    assert read_jsonstat(bundle, dataset="b").values[0] == 6.0


@pytest.mark.parametrize("document", [dataset(), {"a": older()}])
def test_unknown_dataset_is_refused(document: dict[str, Any]) -> None:
    """A dataset the document does not hold is not replaced by the one it does."""
    with pytest.raises(DecodeError, match="no dataset 'c'"):
        read_jsonstat(document, dataset="c")


@pytest.mark.fault("J16")
@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            {"class": "collection", "link": {"item": [{"class": "dataset", "href": "h", "label": "l"}]}},
            "no data\n  - h",
        ),
        ({"class": "collection"}, "an object is meant, nothing found"),
        ({"class": "collection", "link": {"item": []}}, "a collection of 0 links"),
        ({"class": "dimension", "category": {"index": ["T"]}}, "a dimension alone"),
        ({"class": "something"}, "not JSON-stat"),
        ({"error": "Parameter error"}, "not JSON-stat: an object with error"),
        ({"a": {"dimension": {}}, "b": {}}, "not JSON-stat"),
        ({}, "not JSON-stat"),
    ],
)
def test_other_class_is_a_typed_error(document: dict[str, Any], told: str) -> None:
    """A collection of links, a dimension alone and a foreign object are refused in words."""
    with pytest.raises(DecodeError, match=told):
        read_jsonstat(document)


def test_dataset_held_by_a_collection_is_read_by_its_address() -> None:
    """JSON-stat 2.0 lets a collection hold datasets; each is named by its href."""
    items = [dataset(href="h1"), dataset(href="h2", value=[6, 5, 4, 3, 2, 1]), {"class": "collection", "href": "h3"}]
    collection = {"class": "collection", "link": {"item": items}}
    with pytest.raises(DecodeError, match="dataset=: h1, h2"):
        read_jsonstat(collection)
    assert read_jsonstat(collection, dataset="h2").values[0] == 6.0


def test_two_datasets_of_one_address_are_refused() -> None:
    """Of two datasets a collection calls by one name neither is taken."""
    items = [dataset(href="h1"), dataset(href="h1", value=[6, 5, 4, 3, 2, 1])]
    with pytest.raises(DecodeError, match="two datasets of one name"):
        read_jsonstat({"class": "collection", "link": {"item": items}}, dataset="h1")


def test_metadata_document_gives_dimensions_and_no_cell() -> None:
    """PxWebApi 2 describes a table as a dataset of full size with an empty value."""
    cube = read_metadata(dataset(value=[]))
    assert (cube.shape, len(cube.values), len(cube.to_frame())) == ((2, 3), 0, 0)
    assert list(cube.to_frame()["Region"].cat.categories) == ["1784", "1715"]
    assert cube.dimensions == read_metadata(dataset()).dimensions


def test_metadata_document_is_no_data() -> None:
    """An empty value is never read as a cube of missing cells."""
    with pytest.raises(ShapeMismatchError, match="0 values for 6 cells") as caught:
        read_jsonstat(dataset(value=[]))
    assert "read_metadata" in caught.value.hint


def test_metadata_is_read_of_the_dataset_and_with_the_roles_named() -> None:
    """Of a bundle the dataset meant is described, with the roles its document leaves unsaid."""
    bundle = {"a": older(), "b": older(label="b")}
    cube = read_metadata(bundle, dataset="b")
    assert cube.label == "b"
    assert read_metadata(dataset(role=None), roles={"Tid": "time"}).dimension("Tid").role == "time"


def test_dataset_without_an_address_is_read_by_its_label() -> None:
    """A dataset of a collection that has no href goes by its label."""
    items = [dataset(label="first"), dataset(label="second", value=[6, 5, 4, 3, 2, 1])]
    assert read_jsonstat({"class": "collection", "link": {"item": items}}, dataset="second").values[0] == 6.0


def test_dimension_without_notes_has_none() -> None:
    """No note is no entry, not an empty one."""
    assert read_jsonstat(dataset()).dimension("Region").notes == {}


def test_dimension_without_a_role_has_the_empty_one() -> None:
    """Where neither the document nor the caller states a role, it is the empty text."""
    assert read_jsonstat(dataset(role={"time": ["Tid"]})).dimension("Region").role == ""
