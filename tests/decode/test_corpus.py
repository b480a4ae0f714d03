"""Every JSON document of the reference folder decodes, or is refused for a true reason written down here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import REFERENCE
from nordstat.decode import read_jsonstat, read_metadata
from nordstat.errors import DecodeError, ShapeMismatchError, UnknownStatusError

pytestmark = pytest.mark.corpus

RECORDED = REFERENCE / "recorded"

CUBES = {
    "jsonstat_org/canada.json": (120, 120),
    "jsonstat_org/galicia.json": (3960, 3956),
    "jsonstat_org/oecd.json": (432, 432),
    "jsonstat_org/us-gsp.json": (204, 204),
    "jsonstat_org/us-labor.json": (12880, 12880),
    "jsonstat_org_v2/canada.json": (120, 120),
    "jsonstat_org_v2/galicia.json": (3960, 3956),
    "jsonstat_org_v2/hierarchy.json": (132, 0),
    "jsonstat_org_v2/oecd.json": (432, 432),
    "jsonstat_org_v2/us-gsp.json": (204, 204),
    "jsonstat_org_v2/us-unr.json": (3220, 3220),
    "other_jsonstat/cso_ie-CIA01.json": (8325, 8325),
    "other_jsonstat/pyjstat_A02Level.json": (62856, 62856),
    "other_jsonstat/pyjstat_CPI15.json": (33976, 33472),
    "other_jsonstat/pyjstat_cantabria.json": (5400, 4205),
    "other_jsonstat/pyjstat_galicia-2.0.json": (3960, 3956),
    "other_jsonstat/pyjstat_galicia-ds.json": (3960, 3956),
    "other_jsonstat/pyjstat_us-labor-ds.json": (12880, 12880),
    "other_jsonstat/synthetic_dataset_unemployment_v1.json": (12, 12),
    "other_jsonstat/synthetic_three_dim_size_as_string_v1.json": (24, 24),
    "other_jsonstat/synthetic_three_dim_size_as_string_v2.json": (24, 24),
    "other_jsonstat/synthetic_three_dim_v1.json": (24, 24),
    "scb_v1/data_BefolkningNy_en_jsonstat1.json": (24, 24),
    "scb_v2/TAB6471_data.json": (2772, 2772),
    "ssb_v1/data_05300_no_jsonstat2_2022.json": (432, 404),
    "ssb_v1/data_07459_en_jsonstat2.json": (40, 40),
    "ssb_v1/data_07459_no_jsonstat2.json": (40, 40),
    "ssb_v1/data_13861_no_jsonstat2.json": (56, 56),
    "ssb_v1/dataset_29843_en_jsonstat1.json": (37440, 30240),
    "ssb_v2/data_09654_no_v2beta.json": (19, 19),
}
"""Documents that decode: cells, and cells with a number."""

METADATA = {
    "pxwebapi_demo/MetadataById_tab001_js2.json": (30, 3, 22, 1, 3),
    "pxwebapi_demo/MetadataById_tab003_js2.json": (9, 34, 2, 4),
    "pxwebapi_demo/MetadataById_tab004_js2.json": (14, 11, 1, 28),
    "scb_v2/TAB6471_metadata.json": (312, 134, 3, 1, 16),
}
"""Metadata documents: no data, and the shape `read_metadata` gives."""

ADDRESSES = "a collection of addresses, no data"
DIMENSION = "a dimension alone"
SEVERAL = "two datasets, none of them chosen"
OTHER = "another interface: tables, codelists, configuration, changes, a query or PX-JSON"
COMMENTS = "a draft with // comments, which is no JSON"

REFUSALS: dict[str, tuple[str, type[DecodeError], str]] = {
    "jsonstat_org/order.json": ("its values are words", UnknownStatusError, "'A1B1C1' is neither"),
    "jsonstat_org/oecd-canada.json": (SEVERAL, DecodeError, "oecd, canada"),
    "jsonstat_org/oecd-canada-col.json": (SEVERAL, DecodeError, "2 datasets"),
    "jsonstat_org/collection.json": (ADDRESSES, DecodeError, "a collection of 8 links"),
    "jsonstat_org_v2/collection.json": (ADDRESSES, DecodeError, "a collection of 8 links"),
    "jsonstat_org_v2/areas__index.json": (ADDRESSES, DecodeError, "a collection of 4 links"),
    "jsonstat_org_v2/index.json": (ADDRESSES, DecodeError, "a collection of 5 links"),
    "jsonstat_org_v2/metrics__gdp__index.json": (ADDRESSES, DecodeError, "a collection of 3 links"),
    "other_jsonstat/pyjstat_collection.json": (ADDRESSES, DecodeError, "a collection of 8 links"),
    "jsonstat_org_v2/dimensions__age5.json": (DIMENSION, DecodeError, "a dimension alone"),
    "jsonstat_org_v2/dimensions__usstates.json": (DIMENSION, DecodeError, "a dimension alone"),
    "other_jsonstat/pyjstat_dimension.json": (DIMENSION, DecodeError, "a dimension alone"),
    "other_jsonstat/eurostat-name_gpd_c.json": (
        "its status is wrapped in an object of Eurostat's own, which JSON-stat does not have",
        DecodeError,
        "'value' is no position",
    ),
    "other_jsonstat/eurostat-name_gpd_c-geo_IT.json": (
        "its status is wrapped in an object of Eurostat's own, which JSON-stat does not have",
        DecodeError,
        "'value' is no position",
    ),
    "other_jsonstat/pyjstat_QS104EW.json": ("three sizes for four ids", ShapeMismatchError, "3 sizes for 4 dimensions"),
    "other_jsonstat/pyjstat_sample_data.json": ("its numbers stand under `measure`", DecodeError, "nothing found"),
    "v2_design_examples/examplesAsJson__dataset-meta.json": (
        "a draft that gives size 1 to 102 categories",
        ShapeMismatchError,
        "size 1 for 102 categories",
    ),
    "v2_design_examples/examples__03024-metadata-eksempel.json": (COMMENTS, DecodeError, "near '//"),
    "v2_design_examples/examples__03024_metadata-jsonstat.json": (COMMENTS, DecodeError, "near '//"),
    "v2_design_examples/examples__response-scb-all-region.json": (COMMENTS, DecodeError, "near '//"),
    "errors/errors.json": ("a list of error bodies", DecodeError, "no object but list"),
} | dict.fromkeys(
    (
        *(
            "klass/104_changes_from-2018-01-01_to-2019-01-02.json",
            "klass/104_changes_from-2019-01-01_to-2020-01-02.json",
        ),
        "klass/104_codes_from-2016-01-01_to-2018-01-02.json",
        "klass/104_corresponds_targetClassificationId-131_from-2016-01-01_to-2018-01-02.json",
        *("pxwebapi_demo/GetApiConfiguration.json", "pxwebapi_demo/ListAllTables.json"),
        "pxwebapi_demo/TableById_tab004.json",
        *("scb_v1/data_BefolkningNy_en_pxjson.json", "scb_v1/metadata_BefolkningNy_en.json"),
        *("scb_v2/codelist_agg_Alder10arJ.json", "scb_v2/config.json", "scb_v2/search.json", "scb_v2/tables.json"),
        *("ssb_v1/metadata_05300_no.json", "ssb_v1/metadata_12880_en.json", "ssb_v1/metadata_12880_no.json"),
        *("ssb_v1/metadata_13861_no.json", "ssb_v1/query_03321_v1.json"),
        *("ssb_v2/codelist_agg_KommFylker_EXCERPT.json", "ssb_v2/config_2025-10_v2.0.0.json"),
        "ssb_v2/config_2026-08-30.json",
        "v2_design_examples/examples__codelists-agg_RegionNUTS2_2008-response.json",
        "v2_design_examples/examples__config-response.json",
        "v2_design_examples/examples__navigation-BE0101A-response.json",
        "v2_design_examples/examples__navigation-root-response.json",
        "v2_design_examples/examples__tables-tables-response.json",
        "v2_design_examples/scb_v2beta_tables_prototype_handtrimmed_2025.json",
    ),
    (OTHER, DecodeError, "not JSON-stat"),
)
"""Documents that are refused: the true reason, the error, and the words that show it was refused for that."""


@pytest.mark.parametrize("name", sorted(path.relative_to(RECORDED).as_posix() for path in RECORDED.rglob("*.json")))
def test_document_decodes_or_is_refused_for_a_true_reason(name: str) -> None:
    """Nothing lies between: each recorded document is in one of the three tables and does what it says."""
    if name in CUBES:
        cube = read_jsonstat(RECORDED / name)
        assert CUBES[name] == (len(cube.values), np.count_nonzero(~np.isnan(cube.values)))
        assert len(cube.values) == len(cube.to_frame("both"))
    elif name in METADATA:
        with pytest.raises(ShapeMismatchError, match="0 values for"):
            read_jsonstat(RECORDED / name)
        assert METADATA[name] == read_metadata(RECORDED / name).shape
    else:
        _, error, words = REFUSALS[name]
        with pytest.raises(error) as caught:
            read_jsonstat(RECORDED / name)
        assert words in str(caught.value)


def test_tables_name_no_document_that_is_not_there() -> None:
    """The three tables and the folder hold the same documents."""
    there = {path.relative_to(RECORDED).as_posix() for path in RECORDED.rglob("*.json")}
    assert there == {*CUBES, *METADATA, *REFUSALS}
    assert len(there) == len(CUBES) + len(METADATA) + len(REFUSALS)


@pytest.mark.parametrize("name", ["oecd", "canada"])
def test_dataset_of_a_recorded_bundle_is_the_one_published_alone(reference: Path, name: str) -> None:
    """Chosen by name, a dataset of the bundle equals the document of its own."""
    folder = reference / "recorded" / "jsonstat_org"
    chosen, alone = read_jsonstat(folder / "oecd-canada.json", dataset=name), read_jsonstat(folder / f"{name}.json")
    np.testing.assert_array_equal(alone.values, chosen.values)
    assert alone.dimensions == chosen.dimensions


@pytest.mark.fault("J14")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ssb_v1/data_05300_no_jsonstat2_2022.json", {".": 20, "..": 8}),
        ("ssb_v1/dataset_29843_en_jsonstat1.json", {".": 7200}),
        ("jsonstat_org/canada.json", {"a": 120}),
        ("jsonstat_org/oecd.json", {"e": 72}),
    ],
)
def test_recorded_status_is_counted_whole(reference: Path, name: str, expected: dict[str, int]) -> None:
    """As many symbols reach the frame as stand in the answer."""
    frame = read_jsonstat(reference / "recorded" / name).to_frame()
    assert expected == frame["status"].value_counts().to_dict()


def test_recorded_answer_keeps_what_the_office_says(reference: Path) -> None:
    """Title, source, time of update, units, notes and the table's id of a real answer reach the cube."""
    cube = read_jsonstat(reference / "recorded" / "scb_v2" / "TAB6471_data.json", roles={"Region": "geo"})
    assert (cube.source, cube.updated) == ("SCB", "2026-06-08T06:00:00Z")
    assert cube.extension["px"]["tableid"] == "TAB6471"
    assert cube.with_role("metric").units["000007SF"] == {"base": "antal", "decimals": 0}
    assert (cube.with_role("time").id, cube.with_role("geo").id) == ("Tid", "Region")
    assert cube.notes
