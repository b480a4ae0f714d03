"""How a command speaks: errors in their own words, JSON on request, options that several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from nordstat.errors import NordstatError

_F = TypeVar("_F", bound=Callable[..., Any])

MAPPINGS = click.option(
    "--mappings",
    "-m",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Own mappings folder, layered over the shipped one; repeatable.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
EXECUTOR = click.option(
    "--executor",
    default="serial",
    show_default=True,
    metavar="WHERE",
    help="Where the work is done: serial, processes:N or dask:HOST:PORT. The result is the same.",
)


def speaks(command: _F) -> _F:
    """End a command with the error's own words and exit code, without a traceback unless it is asked for."""

    @wraps(command)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except NordstatError as error:
            if (click.get_current_context().obj or {}).get("debug"):
                raise
            click.echo(plain(f"nordstat: {error}"), err=True)
            sys.exit(error.exit_code)

    spoken.__doc__ = (command.__doc__ or "").replace("\\b\n", "\b\n")  # click's mark of lines to leave as they are
    return spoken  # type: ignore[return-value]


def print_json(value: Any) -> None:
    """Print a value as JSON, the same way on every machine."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True))


def plain(text: str) -> str:
    """Give a text that cannot steer a terminal or a log: what is no letter, sign, blank or line end is written out."""
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)
