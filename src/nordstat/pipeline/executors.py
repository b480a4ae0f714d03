"""Executors: where the partitions of a large table are worked on. Fetching never is: it stands in one queue."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from nordstat.errors import SettingsError

FORMS = "serial, processes:N or dask:ADDRESS"


class SerialExecutor(Executor):
    """Works in this process, one task after the other, when it is handed in."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do the work at once, and give its result or its error as a future."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
            done.set_exception(error)
        return done


@contextmanager
def executor_of(text: str) -> Iterator[Executor]:
    """Give the executor that a text names, and close it at the end of the block.

    Parameters
    ----------
    text : str
        ``serial``, ``processes:N``, or ``dask:ADDRESS`` of a scheduler that runs.

    Raises
    ------
    SettingsError
        For another text, or where the extra ``dask`` is not installed.
    """
    kind, _, rest = text.partition(":")
    if kind == "serial" and not rest:
        yield SerialExecutor()
    elif kind == "processes" and rest.isdigit() and int(rest) > 0:
        with ProcessPoolExecutor(int(rest), mp_context=get_context("spawn")) as pool:
            yield pool
    elif kind == "dask" and rest:
        with _client(rest) as client:
            yield client.get_executor(pure=False)
    else:
        raise SettingsError(f"no executor {text!r}", hint=f"Write {FORMS}.")


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError(
            "dask is not installed", hint='Install it: pip install "nordstat[dask]", or work with processes:N.'
        ) from None
    connect: Any = Client
    return connect(address, set_as_default=False)
