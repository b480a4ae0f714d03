"""The public surface: names, errors and what they are called."""

from __future__ import annotations

import inspect
import pickle

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
