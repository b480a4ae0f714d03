"""The command for tables too large to hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nordstat.cli.speaking import EXECUTOR, JSON, MAPPINGS, print_json, speaks


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--to", required=True, multiple=True, metavar="[COLUMN=]VERSION", help="Version wanted, of both ends.")
@click.option("--from", "source", multiple=True, metavar="[COLUMN=]VERSION", help="Version the codes are in.")
@click.option("--over", multiple=True, metavar="COLUMN", help="Column to add up over; repeatable.")
@click.option("--allow-assumed", is_flag=True, help="Use shares that somebody assumed.")
@click.option("--sparse", is_flag=True, help="Take a code that a file does not have as zero.")
@EXECUTOR
@JSON
@MAPPINGS
@speaks
def convert(*, files: tuple[Path, ...], out: Path, as_json: bool, **chosen: Any) -> None:
    r"""Convert FILES of flows (Parquet, one a table and period) to other versions of their codes; print the balance.

    \b
    Example: nordstat convert flows/*.parquet --to NO-STABLE:2018-2024 --out stable/
             nordstat convert flows/*.parquet --to residence_area=SE-LAN:2007 --out counties/
    """
    from nordstat import api

    frame = api.convert_files(
        files,
        out,
        to=_versions(chosen.pop("to")),
        source=_versions(chosen.pop("source")),
        **chosen,
    )
    if as_json:
        print_json(frame.to_dict("records"))
    else:
        click.echo(frame.to_string(index=False))


def _versions(texts: tuple[str, ...]) -> str | dict[str, str]:
    """Read ``[COLUMN=]VERSION``, once for both ends or once a column."""
    named = [text.rpartition("=") for text in texts]
    columns = [column for column, _, _ in named]
    if columns == [""]:
        return texts[0]
    if "" in columns or len(set(columns)) < len(columns):
        raise click.UsageError(f"name each column once, as in work_area=NO-KOMMUNE:2024, not {' '.join(texts)}")
    return {column: version for column, _, version in named}
