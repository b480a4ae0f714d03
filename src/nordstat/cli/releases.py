"""Commands about a release that lies on a disk."""

from __future__ import annotations

from pathlib import Path

import click

from nordstat.cli.speaking import JSON, MAPPINGS, speaks

_BORDERS = (
    "Borders for the map, a code an area: NO-KOMMUNE=norway.geojson. Repeatable; Sweden's come with nordstat[maps]."
)

RELEASE = click.argument("release", type=click.Path(path_type=Path))


@click.command()
@RELEASE
@speaks
def verify(*, release: Path) -> None:
    r"""Check every file of RELEASE: sums, schema, row counts, keys, content hash. No network.

    \b
    Example: nordstat verify release/
    """
    from nordstat import api

    opened = api.open(release)
    opened.verify()
    click.echo(f"{release}: release {opened.edition.name} is what was written", err=True)


@click.command()
@RELEASE
@click.option("--style", default="apa", show_default=True, help="apa, bibtex, csl or cff.")
@speaks
def cite(*, release: Path, style: str) -> None:
    r"""Print how to cite RELEASE: the release, both offices, publications, tables and dates.

    \b
    Example: nordstat cite release/ --style bibtex
    """
    from nordstat import api

    click.echo(api.open(release).cite(style))


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@JSON
@speaks
def diff(*, old: Path, new: Path, as_json: bool) -> None:
    r"""Print what changed from release OLD to release NEW: rows, values, statuses, codes, definitions, verdicts.

    \b
    Example: nordstat diff release/2026.1 release/2026.2
    """
    from nordstat import api
    from nordstat.release import diff as differences

    changes = api.open(new).diff(api.open(old))
    click.echo(differences.as_json(changes) if as_json else differences.as_markdown(changes))


@click.command()
@RELEASE
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML file to write.")
@click.option("--borders", multiple=True, metavar="[SCHEME=]FILE", help=_BORDERS)
@MAPPINGS
@speaks
def report(*, release: Path, out: Path, borders: tuple[str, ...], mappings: tuple[Path, ...]) -> None:
    r"""Write one self-contained page about RELEASE.

    \b
    Example: nordstat report release/ --out report.html
    """
    from nordstat import api

    click.echo(str(api.report(release, out, borders=borders, mappings=mappings)))
