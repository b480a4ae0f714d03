"""The suite under every Python and with the oldest and the newest libraries that nordstat says it runs on.

Run: nox                  the sessions `make matrix` runs; one whose Python is not on this machine is skipped
     nox -s pinned-3.11   one of them; what follows a -- goes to pytest

`make test` runs the whole suite under one Python, with the versions of constraints.txt. A session runs what another
Python or another library may change. It leaves out what is about neither: the documentation, the browser, the server
of the tests itself, and what kills processes or draws documents by the hundred, which takes most of the time.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import nox

PYTHONS = ("3.11", "3.12", "3.13")
EXTRAS = "test,report,balance,dask"
PINNED = Path("constraints.txt")
ELSEWHERE = (
    "tests/docs",
    "tests/fuzz",
    "tests/pxweb_server",
    "tests/report/test_browser.py",
    "tests/pipeline/test_killed.py",
    "tests/snapshot/test_killed.py",
)
# The Python that runs this file is the one of `make test`, which is done with it
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"

nox.options.sessions = [*(f"pinned-{python}" for python in PYTHONS if python != RUNNING), "pandas2", "oldest", "newest"]
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
# pyenv offers only the Pythons that its own settings select; here all that it has are wanted
PYENV = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(PYENV.glob("versions/3.*/bin")))])


@nox.session(python=PYTHONS)
def pinned(session: nox.Session) -> None:
    """Run with the versions of constraints.txt, which has pandas 3."""
    session.install("--constraint", str(PINNED), "--editable", f".[{EXTRAS}]")
    _suite(session)


@nox.session(python="3.11")
def pandas2(session: nox.Session) -> None:
    """Run with pandas 2.3, and compare a release, byte for byte, with one under the pandas of `make test`."""
    others = Path(session.create_tmp(), PINNED.name)
    lines = PINNED.read_text("utf-8").splitlines(keepends=True)
    others.write_text("".join(line for line in lines if not line.startswith("pandas==")), "utf-8")
    session.install("--constraint", str(others), "--editable", f".[{EXTRAS}]", "pandas==2.3.*")
    _suite(session)
    if importlib.util.find_spec("nordstat"):
        other = {"NORDSTAT_OTHER_PYTHON": sys.executable}
        session.run("python", "-m", "pytest", "tests/release/test_two_pandas.py", env=other)


@nox.session(python="3.11")
def oldest(session: nox.Session) -> None:
    """Run with the lower bound of every dependency in pyproject.toml."""
    session.install("--upgrade", "--resolution", "lowest-direct", "--editable", f".[{EXTRAS}]")
    _suite(session)


@nox.session(python="3.13")
def newest(session: nox.Session) -> None:
    """Run with whatever is newest today."""
    session.install("--upgrade", "--editable", f".[{EXTRAS}]")
    _suite(session)


def _suite(session: nox.Session) -> None:
    ignored = [f"--ignore={path}" for path in ELSEWHERE]
    session.run("python", "-m", "pytest", "-n", "auto", "-m", "not slow", *ignored, *session.posargs)
