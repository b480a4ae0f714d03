"""Writing a release: every file from the same content, deterministic, and in its place in one step."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from nordstat.errors import ReleaseError
from nordstat.model.release import ReleaseContent
from nordstat.release import canonical, citation, crate, descriptor, fixity, readme, sdmx_csv, tables
from nordstat.release.descriptor import Resource, Table
from nordstat.release.edition import SCHEMA, Edition, edition
from nordstat.release.place import building, put
from nordstat.release.sources import read_sources
from nordstat.schema.columns import KEY, OBSERVATION, RECONCILIATION
from nordstat.schema.frame import conform, inferred, unique, validate
from nordstat.schema.observations import check_observations
from nordstat.schema.reconciliation import check_reconciliation

CSV, JSON, XML, PARQUET = "text/csv", "application/json", "application/xml", "application/vnd.apache.parquet"
PACKING = {"compression": "zstd", "compression_level": 3, "version": "2.6", "data_page_version": "1.0"}


def write_release(content: ReleaseContent, out: Path) -> Path:
    """Give the folder of a release, written whole or not at all.

    Parameters
    ----------
    content : ReleaseContent
        What goes in; checked before anything is written.
    out : Path
        The release's folder. An earlier version there is replaced in one step.

    Raises
    ------
    SchemaViolationError
        For a table that breaks its schema.
    ReleaseError
        For sources that cannot be cited, for a folder that holds something else, for another content under a version
        that is already there, and where nothing can be written. What was there before stays as it was.
    """
    place = Path(out).resolve()  # a link keeps pointing at the release; what it points at is replaced
    _check(content)
    with building(place) as folder:
        _build(content, folder)
        if not _is_there(folder, place, content.version):
            put(folder, place)
    return Path(out)


def _check(content: ReleaseContent) -> None:
    read_sources(content.sources)
    check_observations(content.observations)
    check_reconciliation(content.reconciliation)
    judged = sorted(str(entry["figure"]) for entry in content.verdicts)
    if judged != sorted(content.reconciliation["figure"].astype(str)):
        raise ReleaseError("the verdicts and the reconciliation are not about the same figures")


def _build(content: ReleaseContent, folder: Path) -> None:
    observations = Table("observations", OBSERVATION, KEY, len(content.observations))
    content_hash, timed = _write_observations(content.observations, folder)
    release = edition(content, content_hash=content_hash, environ=os.environ)
    reconciliation = Table("reconciliation", RECONCILIATION, ("figure",), len(content.reconciliation))
    _write_csv(content.reconciliation, reconciliation, folder)
    figures, figure_table = _figures(content.figures)
    _write_csv(figures, figure_table, folder)
    verdicts = sorted(content.verdicts, key=lambda entry: str(entry["figure"]))
    resources = _resources(observations, reconciliation, figure_table, timed)
    _write_texts(
        folder,
        {
            "reconciliation.json": canonical.json_text(verdicts),
            "definitions.json": canonical.json_text(content.definitions),
            "provenance.json": canonical.json_text(_provenance(content, release)),
            "structure.sdmx.xml": sdmx_csv.structure(release.created),
            "CITATION.cff": citation.cff(release),
            "datacite.json": canonical.json_text(citation.datacite(release)),
            crate.NAME: canonical.json_text(crate.run_crate(release, resources, content.provenance)),
            "README.md": readme.readme(release, resources),
        },
    )
    files = [folder / resource.path for resource in resources]
    told = [
        (resource, fixity.sha256(file), file.stat().st_size) for resource, file in zip(resources, files, strict=True)
    ]
    _write_texts(folder, {descriptor.NAME: canonical.json_text(descriptor.datapackage(release, told))})
    _write_texts(folder, {fixity.SUMS: fixity.sums(folder)})


def _write_observations(frame: pd.DataFrame, folder: Path) -> tuple[str, int]:
    """Write the three forms of the observations in one pass; give the content hash and the rows that have a period."""
    digest, timed = hashlib.sha256(), 0
    schema = canonical.arrow_schema(OBSERVATION)
    with (
        (folder / "observations.csv").open("wb") as csv,
        (folder / "observations.sdmx.csv").open("wb") as sdmx,
        pq.ParquetWriter(folder / "observations.parquet", schema, **PACKING) as parquet,
    ):
        head = canonical.csv_header(schema.names)
        csv.write(head)
        digest.update(head)
        sdmx.write(sdmx_csv.header())
        for batch in canonical.batches(frame, OBSERVATION, key=KEY):
            rows = canonical.csv_rows(canonical.texts(batch))
            csv.write(rows)
            digest.update(rows)
            told, count = sdmx_csv.rows(batch)
            sdmx.write(told)
            timed += count
            parquet.write_batch(batch, row_group_size=canonical.ROWS)
        own = {"schema": SCHEMA, "content_sha256": digest.hexdigest()}
        parquet.add_key_value_metadata({"nordstat": canonical.json_text(own)})
    return digest.hexdigest(), timed


def _figures(frame: pd.DataFrame) -> tuple[pd.DataFrame, Table]:
    """Give the figures with a schema read off their columns; the first one identifies a figure."""
    first, *others = inferred(frame)
    columns = (replace(first, nullable=False), *others)
    key = unique(first.name, column=first.name, words="is given to more than one figure")
    figures = validate(conform(frame, columns), columns, what="figures", rules=(key,))
    return figures, Table("figures", columns, (first.name,), len(figures))


def _write_csv(frame: pd.DataFrame, table: Table, folder: Path) -> None:
    with (folder / f"{table.name}.csv").open("wb") as file:
        file.writelines(tables.csv_lines(frame, table))


def _write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    for name, words in texts.items():
        (folder / name).write_bytes(words.encode())


def _provenance(content: ReleaseContent, release: Edition) -> dict[str, Any]:
    told = {
        "version": release.version,
        "created": release.created,
        "schema": SCHEMA,
        "content_sha256": release.content_hash,
    }
    doubled = sorted(told.keys() & content.provenance.keys())
    if doubled:
        raise ReleaseError(f"provenance may not give {', '.join(doubled)}: the release itself does")
    return content.provenance | told


def _resources(observations: Table, reconciliation: Table, figures: Table, timed: int) -> list[Resource]:
    sdmx = Table("observations-sdmx", sdmx_csv.COLUMNS, sdmx_csv.DIMENSIONS, timed)
    same = "The same rows as observations.csv"
    parquet = f"{same}, typed; its columns are those of the resource observations."
    without = f"{same} as SDMX-CSV 2.0, without the {observations.rows - timed:,} that have no period."
    return [
        Resource("observations", "observations.csv", CSV, "One row a number.", observations, own=False),
        Resource("observations-parquet", "observations.parquet", PARQUET, parquet, fixed=False),
        Resource("observations-sdmx", "observations.sdmx.csv", CSV, without, sdmx),
        Resource("structure", "structure.sdmx.xml", XML, "Structure of the SDMX-CSV, SDMX-ML 3.0."),
        Resource("reconciliation", "reconciliation.csv", CSV, "One row a figure, with its verdict.", reconciliation),
        Resource("verdicts", "reconciliation.json", JSON, "The verdicts with all their evidence."),
        Resource("figures", "figures.csv", CSV, "One row a published figure, with its citation.", figures, own=False),
        Resource("definitions", "definitions.json", JSON, "Who is counted, and how, facet by facet."),
        Resource("provenance", "provenance.json", JSON, "How the release was made, and from which answers."),
    ]


def _is_there(built: Path, out: Path, version: str) -> bool:
    """Tell whether exactly this release is at its place already.

    Raises
    ------
    ReleaseError
        Where another content has the same version, or the folder holds what no release put there.
    """
    if not out.exists() or not any(out.iterdir()):
        return False
    there = fixity.listed(out)
    if there == fixity.listed(built):
        return True
    own = {*there, fixity.SUMS, fixity.PAGE}
    foreign = sorted(path.name for path in out.iterdir() if path.name not in own)
    if foreign:
        raise ReleaseError(
            f"holds what is no part of a release: {', '.join(foreign[:5])}",
            where=str(out),
            hint="Choose another folder, or move these away.",
        )
    if json.loads((out / descriptor.NAME).read_bytes())["version"] == version:
        new = fixity.listed(built)
        names = sorted(name for name in {**there, **new} if there.get(name) != new.get(name))
        raise ReleaseError(
            f"release {version} is there already with other content: {', '.join(names)}",
            where=str(out),
            hint="Give the new content a new version; a version never changes.",
        )
    return False
