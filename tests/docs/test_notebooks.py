"""The notebooks run as they stand, in a kernel of their own and without a network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

nbclient = pytest.importorskip("nbclient", reason="the extra 'docs' is not installed")
reading = pytest.importorskip("myst_nb.core.read", reason="the extra 'docs' is not installed")

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.md"))

pytestmark = pytest.mark.filterwarnings("ignore")  # about the libraries of the kernel


def read(path: Path) -> Any:
    """A notebook from its text."""
    return reading.read_myst_markdown_notebook(path.read_text("utf-8"), path=str(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, tmp_path: Path) -> None:
    """Every cell runs, in order, from a folder that holds nothing, and something is shown."""
    notebook = read(path)

    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute(
        env={**os.environ, "NORDSTAT_OFFLINE": "1"}
    )

    assert any(cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code")


def test_first_notebook_leads_to_a_plot_in_ten_lines() -> None:
    """From the import to the plot a statistician writes at most ten lines."""
    code = "\n".join(cell.source for cell in read(NOTEBOOKS[0]).cells if cell.cell_type == "code")
    lines = [line for line in code.splitlines() if line.strip()]

    assert 0 < next(at for at, line in enumerate(lines, 1) if "ns.plot." in line) <= 10


def test_all_five_are_there() -> None:
    """First look, Värmland, why the numbers differ, cite a release, your own table."""
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]
