"""Executors: where the partitions of a large table are worked on. Fetching never is: it stands in one queue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from nordstat.errors import NordstatError, SettingsError

FORMS = "serial, processes:N or dask:HOST:PORT"
_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?[^/\s]+:[0-9]{1,5}")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_T = TypeVar("_T")


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
        ``serial``, ``processes:N``, or ``dask:HOST:PORT`` of a scheduler that runs.

    Raises
    ------
    SettingsError
        For another text, where the extra ``dask`` is not installed, and where no scheduler answers.
    """
    kind, _, rest = text.partition(":")
    if kind == "serial" and not rest:
        yield SerialExecutor()
    elif kind == "processes" and _NUMBER.fullmatch(rest):
        with ProcessPoolExecutor(int(rest), mp_context=get_context("spawn")) as pool:
            yield pool
    elif kind == "dask" and _ADDRESS.fullmatch(rest):
        with _client(rest) as client:
            yield client.get_executor(pure=False)
    else:
        raise SettingsError(f"no executor {text!r}", hint=f"Write {FORMS}.")


def results(futures: Sequence[Future[_T]]) -> tuple[_T, ...]:
    """Give the results in the order of the futures, once all are there.

    Raises
    ------
    NordstatError
        The one there was, or all of them in one; also where the workers were lost.
    """
    done, faults = [], []
    for future in futures:
        try:
            done.append(future.result())
        except NordstatError as fault:
            faults.append(fault)
        except Exception as error:
            if not _is_lost(error):
                raise
            raise NordstatError(
                f"the workers gave no result: {str(error) or type(error).__name__}",
                hint="Look whether they have the same nordstat and memory enough, then run again.",
            ) from error
    if len(faults) > 1:
        raise NordstatError("\n".join([f"{len(faults)} of {len(futures)} parts of the work failed", *map(str, faults)]))
    if faults:
        raise faults[0]
    return tuple(done)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError(
            "dask is not installed", hint='Install it: pip install "nordstat[dask]", or work with processes:N.'
        ) from None
    connect: Any = Client
    try:
        return connect(address, set_as_default=False, timeout=5)
    except OSError as error:
        raise SettingsError(
            f"no Dask scheduler answers: {error}", where=address, hint="Start one with: dask scheduler"
        ) from None


def _is_lost(error: Exception) -> bool:
    """Tell workers that were lost or cannot work from a mistake in the work; Dask's errors have no class in common."""
    return (
        isinstance(error, BrokenExecutor | CancelledError)
        or type(error).__module__.startswith("distributed.")
        or str(error).startswith("Error during deserialization of the task graph")
    )
