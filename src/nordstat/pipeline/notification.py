"""Telling somebody how a run ended: a command of the user's own, which cannot change what it tells of."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from nordstat.errors import SettingsError


def words_of(command: str) -> tuple[str, ...]:
    """Give the words of a command, quoted as in a shell; no word where there is no command.

    Raises
    ------
    SettingsError
        For a quotation that does not end.
    """
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise SettingsError(
            f"the command to notify with cannot be read: {error}", where=command, hint="Quote it as in a shell."
        ) from None


def notify(command: tuple[str, ...], report: Path, *, seconds: float) -> str:
    """Give what went wrong where a command was run with a report; empty where nothing did.

    The path of the report is its last argument, the report itself its input. No shell is run; what the command prints
    goes to stderr. After so many seconds it is killed, with everything it has started.
    """
    try:
        with report.open("rb") as told, _started([*command, str(report.absolute())], told.fileno()) as process:
            try:
                code = process.wait(seconds)
            finally:
                _end(process)
    except subprocess.TimeoutExpired:
        return _failed(command, f"it was ended after {seconds:g} s")
    except OSError as error:
        return _failed(command, error.strerror or str(error))
    return _failed(command, f"it ended with {code}") if code else ""


def _started(command: list[str], told: int) -> subprocess.Popen[bytes]:
    output = _output()
    return subprocess.Popen(  # noqa: S603 - whoever runs nordstat names the command; no shell reads it
        command, stdin=told, stdout=output, stderr=output, start_new_session=True
    )


def _output() -> int:
    """Give stderr; nothing where it is closed or is no file."""
    try:
        return sys.stderr.fileno()
    except (AttributeError, OSError):
        return subprocess.DEVNULL


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a command that still runs, and what it has started; on Windows only itself."""
    if process.poll() is not None:
        return
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _failed(command: tuple[str, ...], why: str) -> str:
    return f"nobody was notified by {shlex.join(command)}: {why}"
