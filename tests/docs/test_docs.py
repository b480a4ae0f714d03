"""Documentation is a tested artefact: nothing public is missing from it, and what is generated is fresh."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import nordstat
import nordstat.errors
from nordstat.cli import main
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers
from nordstat.schema.columns import OBSERVATION, RECONCILIATION

DOCS = Path(__file__).parents[2] / "docs"


def script(name: str) -> ModuleType:
    """A script of the documentation, as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The writer of the generated pages."""
    return script("generate")


def test_every_public_name_has_its_place() -> None:
    """The API page documents every public name."""
    page = (DOCS / "reference" / "api.md").read_text("utf-8")
    documented = set(re.findall(r"autofunction:: (\w+)", page))

    assert documented == set(nordstat.__all__) - {"__version__", "plot"} | set(nordstat.plot.__all__)


def test_every_command_and_option_is_on_the_page(generate: ModuleType) -> None:
    """The command line page shows every command with every option."""
    page = generate.cli()

    for name, command in main.commands.items():
        assert f"## nordstat {name}" in page
        assert command.help
        assert all(max(option.opts, key=len) in page for option in command.params if option.param_type_name == "option")


def test_every_error_and_column_is_on_its_page(generate: ModuleType) -> None:
    """Every error of the tree and every column of the dictionary is documented."""
    errors, columns = generate.error_tree(), generate.columns().replace("\\", "")

    assert all(name in errors for name in dir(nordstat.errors) if name.endswith(("Error", "Errors")))
    assert all(f"| {column.name} |" in columns for column in (*OBSERVATION, *RECONCILIATION))


def test_table_of_verdicts_is_fresh(generate: ModuleType) -> None:
    """The committed table of verdicts is the one the library finds now."""
    page = (DOCS / "reference" / "verdicts.md").read_text("utf-8")

    assert generate.NOTE + generate.verdicts(load_mappings(layers())) == page


def test_internal_links_lead_somewhere() -> None:
    """Every relative link of a written page leads to a page, a notebook or a generated page."""
    generated = {
        "columns",
        "definitions",
        "bridges",
        "correspondences",
        "tables",
        "breaks",
        "errors",
        "cli",
        "changelog",
    }
    for page in DOCS.rglob("*.md"):
        if "_build" in page.parts:
            continue
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8")):
            path = (page.parent / target).resolve()
            notebook = DOCS.parent / "notebooks" / path.name
            assert path.exists() or path.stem in generated or notebook.exists(), f"{page.name}: {target}"


def test_link_checker_finds_what_leads_nowhere(tmp_path: Path) -> None:
    """A missing file and a missing place in a page are told; what is there, or on another host, is not."""
    links = [
        "other.html",
        "other.html#here",
        "#top",
        "folder/",
        "https://example.org/x",
        "gone.html",
        "other.html#gone",
    ]
    body = "".join(f'<a href="{link}">x</a>' for link in links)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "index.html").write_text("<p>x</p>")
    (tmp_path / "index.html").write_text(f'<h1 id="top">x</h1>{body}')
    (tmp_path / "other.html").write_text('<h1 id="here">x</h1>')

    assert list(script("check_links").broken(tmp_path)) == [
        "index.html: gone.html: there is no such file",
        "index.html: other.html#gone: there is no such place in it",
    ]
