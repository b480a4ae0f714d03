"""Commands that need no network: what is known, what it says, and what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nordstat.cli.speaking import EXECUTOR, JSON, MAPPINGS, print_json, speaks
from nordstat.errors import MappingErrors

_QUALITY = "Write a quality report on all of the evidence there, as quality.md and quality.json."
_VERDICTS = ("consistent", "explained", "partly_explained", "not_comparable", "no_evidence", "inconsistent")


@click.command()
@click.option("--source", metavar="OFFICE", help="One office only: SCB, SSB or NORDIC.")
@JSON
@MAPPINGS
@speaks
def tables(*, source: str | None, as_json: bool, mappings: tuple[Path, ...]) -> None:
    r"""List the tables that are known, and how each is known.

    \b
    Example: nordstat tables --source SSB
    """
    from nordstat import api

    frame = api.tables(source, mappings=mappings)
    if as_json:
        print_json(frame.to_dict("records"))
        return
    for row in frame.itertuples():
        click.echo(f"{row.table:<16} {row.verified:<11} {row.status:<7} {row.title}")


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", default="", help="Version of the release, such as 2026.1; without one, a working release.")
@EXECUTOR
@MAPPINGS
@speaks
def build(*, out: Path, version: str, executor: str, mappings: tuple[Path, ...]) -> None:
    r"""Build a release into OUT, offline, from the snapshots in the store and the bundled evidence.

    \b
    Example: nordstat build release/
    """
    from nordstat import api

    release = api.build(out, version=version, executor=executor, mappings=mappings)
    click.echo(f"{out}: release {release.version}, {len(release.observations):,} observations", err=True)


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--gate", type=click.Choice(_VERDICTS), help="Exit 1 where a figure has this verdict.")
@click.option("--quality", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help=_QUALITY)
@JSON
@MAPPINGS
@speaks
def reconcile(
    *, ids: tuple[str, ...], gate: str | None, quality: Path | None, as_json: bool, mappings: tuple[Path, ...]
) -> None:
    r"""Print the verdict on each figure, with its reason. IDS are figures or groups such as varmland-seed.

    \b
    Examples: nordstat reconcile varmland-seed; nordstat reconcile --quality report/
    """
    from nordstat import api

    result = api.reconcile(*ids, mappings=mappings)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo(str(result))
    if quality is not None:
        for path in api.quality.write_quality(quality, mappings=mappings):
            click.echo(f"nordstat: wrote {path}", err=True)
    caught = [finding.figure.id for finding in result.findings if finding.verdict == gate]
    if caught:
        click.echo(f"nordstat: {gate}: {', '.join(caught)}", err=True)
        sys.exit(1)


@click.command()
@click.argument("what", default="mappings")
@click.option("--live", is_flag=True, help="Compare the shipped lists with SSB's Klass too.")
@MAPPINGS
@speaks
def check(*, what: str, live: bool, mappings: tuple[Path, ...]) -> None:
    r"""Find every fault of the mappings, each with file and line. WHAT is "mappings" or a mappings folder.

    \b
    Example: nordstat check mappings -m my-mappings/
    """
    from nordstat import api

    faults = api.check(what, mappings=mappings)
    if faults:
        raise MappingErrors("faults in mappings", faults)
    click.echo("no faults", err=True)
    if live:
        _compare_live(mappings)


def _compare_live(mappings: tuple[Path, ...]) -> None:
    """Print every list beside Klass; end with 1 where one differs."""
    from nordstat import api

    differing = False
    for compared in api.compare_with_klass(mappings=mappings):
        click.echo(f"{compared.name}: {compared.compared} codes, {len(compared.differences)} differences")
        for difference in compared.differences:
            click.echo(f"  {difference}")
        differing = differing or bool(compared.differences)
    if differing:
        sys.exit(1)
