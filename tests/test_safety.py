"""What never stands in the code: anything that turns data into code, a shell, or a promise of TLS into none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
FORBIDDEN_MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "yaml",
    "pty",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_METHODS = {
    *("system", "popen", "spawnl", "spawnv", "execv", "execl", "getoutput", "getstatusoutput"),
    *("read_pickle", "to_pickle", "eval", "unsafe_load", "mktemp"),
}
FORBIDDEN_KEYWORDS = {"shell": True, "allow_pickle": True, "verify": False, "trusted": True}
MAY_START_PROCESSES = {"pipeline/notification.py"}


def dangers(tree: ast.AST) -> Iterator[str]:
    """Name everything in some code that should not be there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from (name for name in modules if name.partition(".")[0] in FORBIDDEN_MODULES)
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_CALLS:
            yield node.id
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in FORBIDDEN_METHODS:
                yield node.func.attr
            yield from (f"{word.arg}=" for word in node.keywords if word.arg and _forbidden(word.arg, word.value))


def _forbidden(name: str, value: ast.expr) -> bool:
    """Tell whether an argument is the dangerous value, or one that cannot be told from the code."""
    if name not in FORBIDDEN_KEYWORDS:
        return False
    return not isinstance(value, ast.Constant) or value.value is FORBIDDEN_KEYWORDS[name]


@pytest.mark.parametrize(
    "code",
    [
        "eval(text)",
        "run = eval",
        "exec(text)",
        "compile(text, '', 'exec')",
        "__import__(name)",
        "import pickle",
        "from pickle import loads",
        "from cloudpickle.compat import pickle",
        "import marshal as m",
        "import yaml",
        "os.system(command)",
        "subprocess.run(command, shell=True)",
        "subprocess.run(command, shell=wanted)",
        "frame.eval(text)",
        "pd.read_pickle(path)",
        "np.load(path, allow_pickle=True)",
        "requests.get(address, verify=False)",
    ],
)
def test_what_is_looked_for_is_found(code: str) -> None:
    """Each way to do harm is seen, also under another name."""
    assert list(dangers(ast.parse(code)))


def test_nothing_dangerous_stands_in_the_code() -> None:
    """No module evaluates text, loads pickles, marshal or YAML, runs a shell or takes any certificate."""
    found = {
        f"{path.relative_to(SOURCE)}: {danger}"
        for path in SOURCE.rglob("*.py")
        for danger in dangers(ast.parse(path.read_text("utf-8")))
    }
    assert found == set()


def test_only_the_notification_starts_processes() -> None:
    """The command a user names is the only one that is ever run."""
    starting = {
        path.relative_to(SOURCE / "nordstat").as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Import) and "subprocess" in {alias.name for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module == "subprocess")
    }
    assert starting == MAY_START_PROCESSES
