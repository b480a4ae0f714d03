"""Releases read by the programs of others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import jsonschema
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml

from nordstat.release.open import open_release


def test_duckdb_reads_the_parquet(sample_folder: Path) -> None:
    """Sums by reporter, straight from the file."""
    table = duckdb.read_parquet(str(sample_folder / "observations.parquet"))
    found = table.aggregate("reporter, sum(obs_value)").order("1").fetchall()
    assert found == [("Region Värmland", 2.6), ("SSB", 29749.0)]


def test_duckdb_reads_the_csv(sample_folder: Path) -> None:
    """The CSV has the same rows."""
    found = duckdb.read_csv(str(sample_folder / "observations.csv"), all_varchar=True).filter("work_area = '0301'")
    assert len(found.fetchall()) == 1


def test_polars_reads_the_parquet(sample_folder: Path) -> None:
    """Types are numbers and text, and a missing number is missing."""
    frame = pl.read_parquet(sample_folder / "observations.parquet")
    assert frame.schema["obs_value"] == pl.Float64
    assert frame.filter(pl.col("obs_status") == "Q")["obs_value"].to_list() == [None]
    assert sorted(frame["work_area"].cast(pl.String).unique()) == ["0301", "NO"]


def test_pandas_reads_the_parquet(sample_folder: Path) -> None:
    """The plainest reader of all."""
    assert len(pd.read_parquet(sample_folder / "observations.parquet")) == 5


def test_the_parquet_carries_no_trace_of_pandas(sample_folder: Path) -> None:
    """Only nordstat's own metadata, so another pandas writes the same bytes."""
    told = pq.read_metadata(sample_folder / "observations.parquet").metadata
    assert set(told) == {b"ARROW:schema", b"nordstat"}
    assert json.loads(told[b"nordstat"])["content_sha256"] == open_release(sample_folder).edition.content_hash


def test_frictionless_validates_the_package(sample_folder: Path) -> None:
    """Hash, size, types, enums and keys of every resource hold."""
    report = frictionless.validate(str(sample_folder / "datapackage.json"))
    assert report.flatten(["note"]) == []
    assert report.stats["tasks"] == 9


def test_frictionless_finds_a_changed_number(folder: Path) -> None:
    """The description is precise enough for a stranger's program to find damage."""
    path = folder / "observations.csv"
    path.write_text(path.read_text("utf-8").replace("17749", "17750"), "utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_frictionless_from_the_command_line(sample_folder: Path) -> None:
    """What a librarian types."""
    program = Path(sys.executable).with_name("frictionless")
    ended = subprocess.run(
        [program, "validate", "datapackage.json"], cwd=sample_folder, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


def test_pysdmx_reads_data_and_structure(sample_folder: Path) -> None:
    """The structure is valid SDMX-ML 3.0, the data fit it, a suppressed value is missing."""
    pysdmx = pytest.importorskip("pysdmx.io")
    (data,) = pysdmx.get_datasets(
        sample_folder / "observations.sdmx.csv", sample_folder / "structure.sdmx.xml", validate=True
    )
    assert data.data["OBS_VALUE"].astype("float64").isna().tolist() == [False, False, True, False]
    assert data.data["COUNTERPART_AREA"].tolist() == ["NO", "NO", "0301", "NO"]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # sdmx1 2.28 leaves closing to the collector
def test_sdmx1_reads_data_and_structure(sample_folder: Path) -> None:
    """The other SDMX library agrees: integers as they were written, NaN for a suppressed number."""
    sdmx = pytest.importorskip("sdmx")
    flow = sdmx.read_sdmx(sample_folder / "structure.sdmx.xml").dataflow["OBSERVATIONS"]
    message = sdmx.read_sdmx(sample_folder / "observations.sdmx.csv", structure=flow)
    assert [observation.value for observation in message.data[0].obs] == ["0", "17749", "NaN", "12000"]
    assert len(flow.structure.dimensions) == 17


def test_rocrate_reads_the_run(sample_folder: Path) -> None:
    """Inputs, program and files of the run are there."""
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(sample_folder)
    run = crate.dereference("#run")
    assert run["instrument"]["softwareVersion"] == "0.1.0"
    assert "observations.csv" in {entity.id for entity in run["result"]}
    assert {entity["name"] for entity in run["object"]} == {
        "Employed persons by municipality of residence and of work",
        "Befolkning 15-74 år efter sysselsättning & län",
        "SSB:03321",
    }
    assert all((sample_folder / entity.id).is_file() for entity in crate.data_entities)


@pytest.mark.fault("E13")
def test_citation_cff_fits_its_schema(sample_folder: Path) -> None:
    """CITATION.cff 1.2.0, a dataset, with its version and every source."""
    package = pytest.importorskip("check_jsonschema")
    folder = Path(package.__file__).parent / "builtin_schemas" / "vendor"
    told: Any = yaml.load((sample_folder / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    jsonschema.validate(told, json.loads((folder / "citation-file-format.json").read_bytes()))
    assert (told["type"], told["version"], len(told["references"])) == ("dataset", "2026.1", 2)


def test_datacite_takes_the_draft(sample_folder: Path) -> None:
    """The draft fits the DataCite 4.5 schema and leaves the DOI to whoever asks for one."""
    datacite = pytest.importorskip("datacite.schema45")
    told = json.loads((sample_folder / "datacite.json").read_bytes())
    assert datacite.validate(told)
    assert "doi" not in told


def test_sha256sum_checks_the_list(sample_folder: Path) -> None:
    """The list of sums is one that every Unix can check."""
    ended = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=sample_folder, check=False)
    assert ended.returncode == 0
