"""The command line: parse, call, print. Data to stdout, talk to stderr, and an exit code to trust."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from nordstat import __version__
from nordstat.errors import MappingErrors, NordstatError

_F = TypeVar("_F", bound=Callable[..., Any])
_VERDICTS = ("consistent", "explained", "partly_explained", "not_comparable", "no_evidence", "inconsistent")

MAPPINGS = click.option(
    "--mappings",
    "-m",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Own mappings folder, layered over the shipped one; repeatable.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nordstat")
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.pass_context
def main(context: click.Context, *, debug: bool) -> None:
    """Cross-border commuting between Sweden and Norway: every number with its definition, its interval and a verdict."""
    context.obj = {"debug": debug}


def _speaks(command: _F) -> _F:
    """End a command with the error's own words and exit code, without a traceback unless it is asked for."""

    @wraps(command)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except NordstatError as error:
            if click.get_current_context().obj["debug"]:
                raise
            click.echo(f"nordstat: {error}", err=True)
            sys.exit(error.exit_code)

    return spoken  # type: ignore[return-value]


@main.command()
@click.option("--source", metavar="OFFICE", help="One office only: SCB, SSB or NORDIC.")
@JSON
@MAPPINGS
@_speaks
def tables(*, source: str | None, as_json: bool, mappings: tuple[Path, ...]) -> None:
    """List the tables that are known, and how each is known.

    \b
    Example: nordstat tables --source SSB
    """
    from nordstat import api

    frame = api.tables(source, mappings=mappings)
    if as_json:
        _print_json(frame.to_dict("records"))
        return
    for row in frame.itertuples():
        click.echo(f"{row.table:<16} {row.verified:<11} {row.status:<7} {row.title}")


@main.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", default="0.1", show_default=True, help="Version of the release, such as 2026.1.")
@MAPPINGS
@_speaks
def build(*, out: Path, version: str, mappings: tuple[Path, ...]) -> None:
    """Build a release into OUT, offline, from the bundled evidence.

    \b
    Example: nordstat build release/
    """
    from nordstat import api

    release = api.build(out, version=version, mappings=mappings)
    click.echo(f"{out}: release {release.version}, {len(release.observations):,} observations", err=True)


@main.command()
@click.argument("ids", nargs=-1)
@click.option("--gate", type=click.Choice(_VERDICTS), help="Exit 1 where a figure has this verdict.")
@JSON
@MAPPINGS
@_speaks
def reconcile(*, ids: tuple[str, ...], gate: str | None, as_json: bool, mappings: tuple[Path, ...]) -> None:
    """Print the verdict on each figure, with its reason. IDS are figures or groups such as varmland-seed.

    \b
    Example: nordstat reconcile varmland-seed
    """
    from nordstat import api

    result = api.reconcile(*ids, mappings=mappings)
    if as_json:
        _print_json(result.to_json())
    else:
        click.echo(str(result))
    caught = [finding.figure.id for finding in result.findings if finding.verdict == gate]
    if caught:
        click.echo(f"nordstat: {gate}: {', '.join(caught)}", err=True)
        sys.exit(1)


@main.command()
@click.argument("what", default="mappings")
@MAPPINGS
@_speaks
def check(*, what: str, mappings: tuple[Path, ...]) -> None:
    """Find every fault of the mappings, each with file and line. WHAT is "mappings" or a mappings folder.

    \b
    Example: nordstat check mappings -m my-mappings/
    """
    from nordstat import api

    faults = api.check(what, mappings=mappings)
    if faults:
        raise MappingErrors("faults in mappings", faults)
    click.echo("no faults", err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True))
