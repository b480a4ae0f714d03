"""README.md of a release: what lies in the folder, and how to read, check and cite it."""

from __future__ import annotations

from collections.abc import Sequence

from nordstat.release.citation import apa
from nordstat.release.descriptor import Resource
from nordstat.release.edition import DESCRIPTION, TITLE, Edition
from nordstat.release.markdown import table
from nordstat.release.sources import licences
from nordstat.schema.columns import OBSERVATION


def readme(edition: Edition, resources: Sequence[Resource]) -> str:
    """Give the page for whoever opens the folder."""
    files = [[f"`{resource.path}`", resource.description] for resource in resources]
    columns = [[f"`{column.name}`", column.description, column.concept] for column in OBSERVATION]
    return f"""\
# {TITLE}

Version {edition.version}, {edition.day}. {DESCRIPTION}

## Files

{table(["file", "what it holds"], files)}
`datapackage.json` describes every column; `SHA256SUMS` lists every file; `CITATION.cff`, `datacite.json` and
`ro-crate-metadata.json` say how to cite it and how it was made.

## Reading it

    import pandas as pd
    frame = pd.read_parquet("observations.parquet")

    import duckdb
    duckdb.read_parquet("observations.parquet").filter("reporter = 'SSB'")

    readr::read_csv("observations.csv", col_types = readr::cols(.default = "c"))    # R; codes are text: 0301 is Oslo

The CSV files are for programs: UTF-8, comma, point, an empty cell where nothing is known, and every text exactly as
published. A spreadsheet would turn 0301 into 301 and run a text that begins with = as a formula; make a copy for it
with `nordstat.release.spreadsheet.export_spreadsheet`.

## Columns of the observations

{table(["column", "meaning", "SDMX concept"], columns)}
An observation is an interval: `obs_low` to `obs_high` is what the published number stands for. An empty `obs_value` is
not zero: `obs_status` says why nothing stands there.

## Checking it

    sha256sum --check SHA256SUMS
    nordstat verify .

Content hash, the sha256 of observations.csv: `{edition.content_hash}`

## Licence

{table(["licence", "where"], [[licence.name, licence.address] for licence in licences(edition.sources)])}
## Citing it

{apa(edition)}"""
