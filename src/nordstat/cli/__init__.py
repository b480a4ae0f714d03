"""The command line: parse, call, print. Data to stdout, talk to stderr, and an exit code to trust."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from nordstat.cli.evidence import build, check, reconcile, tables
from nordstat.cli.fetching import doctor, fetch, refresh
from nordstat.cli.flow_files import convert
from nordstat.cli.releases import cite, diff, report, verify
from nordstat.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nordstat")
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.pass_context
def main(context: click.Context, *, debug: bool) -> None:
    """Cross-border commuting between Sweden and Norway: each number with its definition, interval and verdict."""
    context.obj = {"debug": debug}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console of Windows has no sign for every letter
            stream.reconfigure(errors="backslashreplace")


for _command in (tables, fetch, refresh, build, reconcile, convert, check, verify, diff, cite, report, doctor):
    main.add_command(_command)
