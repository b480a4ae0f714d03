"""The frame of a cube: rows in cube order, codes as keys, labels that never merge."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import pytest

from decode.documents import dataset, dimension
from nordstat.decode import read_jsonstat
from nordstat.errors import DecodeError, SettingsError
from nordstat.model.cube import Cube

TWINS = dimension(["3018", "3419", "0301"], {"3018": "Våler", "3419": "Våler", "0301": "Oslo"}, label="sted")
YEARS = dimension(["2021", "2022"], {"2021": "2021", "2022": "2022"}, label="sted")


def twins(**changes: Any) -> Cube:
    """Two municipalities of one name, and two dimensions of one label."""
    members = {"size": [3, 2], "dimension": {"Region": TWINS, "Tid": YEARS}, "value": [1, 2, 3, 4, 5, 6]}
    return read_jsonstat(dataset(**members | changes))


def test_rows_are_cells_in_cube_order() -> None:
    """One row a cell, the last dimension fastest, every code beside its value."""
    assert list(read_jsonstat(dataset()).to_frame()[["Region", "Tid", "value"]].itertuples(index=False, name=None)) == [
        ("1784", "2021", 1.0),
        ("1784", "2022", 2.0),
        ("1784", "2023", 3.0),
        ("1715", "2021", 4.0),
        ("1715", "2022", 5.0),
        ("1715", "2023", 6.0),
    ]


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ("codes", ["Region", "Tid", "value", "status"]),
        ("labels", ["Region_label", "Tid_label", "value", "status"]),
        ("both", ["Region", "Region_label", "Tid", "Tid_label", "value", "status"]),
    ],
)
def test_columns_are_named_by_ids(values: Literal["codes", "labels", "both"], columns: list[str]) -> None:
    """A column named by an id holds codes, one that ends in _label holds labels; status is always there."""
    frame = read_jsonstat(dataset()).to_frame(values)
    assert columns == list(frame.columns)
    kinds = [*["category"] * (len(columns) - 2), "float64", "category"]
    assert kinds == [str(kind) for kind in frame.dtypes]


def test_categories_keep_the_order_of_the_cube() -> None:
    """Sorting by a column gives the order of the publication, not of the alphabet."""
    frame = read_jsonstat(dataset()).to_frame("both")
    assert list(frame["Region"].cat.categories) == ["1784", "1715"]
    assert list(frame["Region_label"].cat.categories) == ["Arvika", "Kil"]


@pytest.mark.fault("J10")
def test_categories_of_one_label_stay_apart_in_codes() -> None:
    """Two municipalities of one name are two groups."""
    assert twins().to_frame().groupby("Region", observed=True)["value"].sum().tolist() == [3, 7, 11]


@pytest.mark.fault("J10")
def test_categories_of_one_label_stay_apart_in_labels() -> None:
    """Labels alone get the code in brackets where two categories share one."""
    sums = twins().to_frame("labels").groupby("Region_label", observed=True)["value"].sum()
    assert sums.to_dict() == {"Våler [3018]": 3.0, "Våler [3419]": 7.0, "Oslo": 11.0}


@pytest.mark.fault("J10")
def test_labels_beside_codes_are_as_published() -> None:
    """With the codes beside them labels need no bracket."""
    frame = twins().to_frame("both")
    assert frame["Region_label"].tolist() == ["Våler", "Våler", "Våler", "Våler", "Oslo", "Oslo"]
    assert frame["Region"].tolist() == ["3018", "3018", "3419", "3419", "0301", "0301"]


def test_labels_that_no_bracket_tells_apart_are_refused() -> None:
    """A label that already looks like another with its code cannot be told from it."""
    labels = {"a": "X", "b": "X", "c": "X [a]"}
    cube = twins(dimension={"Region": dimension(["a", "b", "c"], labels), "Tid": YEARS})
    with pytest.raises(DecodeError, match="do not tell its categories apart"):
        cube.to_frame("labels")
    assert len(cube.to_frame("both")) == 6


@pytest.mark.fault("J11")
def test_dimensions_of_one_label_are_two_columns() -> None:
    """Ids name the columns, so that two dimensions of one label survive."""
    cube = twins()
    assert [side.label for side in cube.dimensions] == ["sted", "sted"]
    assert list(cube.to_frame().columns) == ["Region", "Tid", "value", "status"]


@pytest.mark.parametrize(
    ("ids", "values"),
    [
        (["value", "Tid"], "codes"),
        (["status", "Tid"], "both"),
        (["Tid_label", "Tid"], "both"),
        (["value", "Tid"], "both"),
    ],
)
def test_column_that_would_stand_twice_is_refused(ids: list[str], values: Literal["codes", "both"]) -> None:
    """An id that is the name of another column is refused, and no column is overwritten."""
    cube = twins(id=ids, dimension=dict(zip(ids, (TWINS, YEARS), strict=True)), role=None)
    with pytest.raises(DecodeError, match=f"a column twice: {ids[0]}"):
        cube.to_frame(values)


def test_other_words_are_refused() -> None:
    """A misspelt choice is an error of use."""
    with pytest.raises(SettingsError, match="no such values: 'code'"):
        twins().to_frame("code")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="no engine 'pandas'"):
        read_jsonstat(dataset(), engine="pandas")  # type: ignore[arg-type]


def test_columns_share_no_memory() -> None:
    """Writing into one column changes no other, nor the cube."""
    cube = twins(status=":")
    frame = cube.to_frame("both")
    frame.loc[0, "Region_label"] = "Oslo"
    frame.loc[0, "status"] = None
    frame.loc[0, "value"] = 99.0
    assert (frame.loc[0, "Region"], cube.values[0]) == ("3018", 1.0)
    pd.testing.assert_frame_equal(cube.to_frame("both"), twins(status=":").to_frame("both"))


def test_cell_gives_value_and_symbol() -> None:
    """One cell by its codes; a dimension with one category may be left out."""
    cube = read_jsonstat(dataset(status={"4": "*"}))
    assert cube.cell(Region="1715", Tid="2022") == (5.0, "*")
    single = twins(size=[3, 1], dimension={"Region": TWINS, "Tid": dimension(["2021"])}, value=[1, 2, 3])
    assert single.cell(Region="3419") == (2.0, "")


@pytest.mark.parametrize(
    "codes", [{"Region": "0000", "Tid": "2021"}, {"Region": "1784"}, {"Region": "1784", "Tid": "2021", "Kon": "1"}]
)
def test_cell_that_does_not_exist_is_an_error(codes: dict[str, str]) -> None:
    """An unknown code, an unknown dimension and a dimension left open are key errors."""
    with pytest.raises(KeyError):
        read_jsonstat(dataset()).cell(**codes)


def test_text_form_is_one_line() -> None:
    """A cube shows its title, its sides and its size."""
    assert (
        repr(read_jsonstat(dataset()))
        == "<Cube 'Pendlare till Norge': Region 2 × Tid 3 = 6 cells, updated 2025-02-01T07:00:00Z>"
    )


@pytest.mark.fault("E02")
def test_html_form_is_escaped() -> None:
    """What a service writes is shown and never run."""
    region = dimension({"1784": 0, "1715": 1}, label="<script>")
    html = read_jsonstat(
        dataset(label="<b>", dimension={"Region": region, "Tid": dataset()["dimension"]["Tid"]})
    )._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>" not in html
