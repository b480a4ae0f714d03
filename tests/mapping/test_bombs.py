"""Files of a mappings folder that would take a careless reader's memory or stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers

pytestmark = pytest.mark.fault("M05")
LAUGHS = "".join(
    f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" if n else 'l0: &l0 ["ha", "ha"]\n' for n in range(40)
)
"""Nine to the fortieth laughs, in YAML aliases."""


@pytest.mark.parametrize("name", ["definitions/own.toml", "tables/own.toml", "bridges/own.toml", "facets.toml"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LAUGHS, id="YAML aliases"),
        pytest.param("a = " + "[" * 40_000, id="lists in lists"),
        pytest.param("a = " + "{ a = " * 16_000, id="tables in tables"),
        pytest.param("[" + ".".join(["a"] * 49_000) + "]\nb = 1\n", id="a table of great depth"),
        pytest.param("a = " + "1" * 5_000, id="a number of 5,000 digits"),
        pytest.param('a = "' + "x" * 200_000 + '"', id="a line without end"),
    ],
)
def test_a_bomb_is_a_fault_with_its_file(name: str, text: str, tmp_path: Path) -> None:
    """Whatever is written into a file that is read, it is told as a fault of that file, and nothing is expanded."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([tmp_path]))

    assert {fault.file for fault in caught.value.faults} == {tmp_path / name}


@pytest.mark.parametrize("name", ["definitions/own.yaml", "tables/own.yml", "figures/own.yaml", "facets.yaml"])
def test_yaml_is_not_read(name: str, tmp_path: Path, mappings_folder: Path) -> None:
    """A file of YAML in a mappings folder is a fault, bomb or not, and nobody looks into it."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(LAUGHS, encoding="utf-8")

    with pytest.raises(MappingErrors) as caught:
        load_mappings((mappings_folder, tmp_path))

    assert [(fault.file, fault.what) for fault in caught.value.faults] == [(tmp_path / name, "nothing reads this file")]
