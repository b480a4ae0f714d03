"""What is shipped: the wheel built from the source archive carries the same mappings, and nothing it should not."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive, and the wheel built from it, without a network."""
    pytest.importorskip("build", reason="build is not installed")
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


def test_wheel_carries_the_mappings_byte_for_byte(built: tuple[Path, Path]) -> None:
    """Every file of mappings/ stands in the wheel with the same bytes, and no other."""
    with zipfile.ZipFile(built[1]) as wheel:
        shipped = {
            name.removeprefix("nordstat/_mappings/"): hashlib.sha256(wheel.read(name)).hexdigest()
            for name in wheel.namelist()
            if name.startswith("nordstat/_mappings/")
        }
    own = ROOT / "mappings"
    there = {
        path.relative_to(own).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in own.rglob("*")
        if path.is_file()
    }

    assert shipped == there


def test_wheel_is_typed_and_holds_the_template_and_no_test(built: tuple[Path, Path]) -> None:
    """The marker for type checkers and the page's template are in; tests and documentation are not."""
    with zipfile.ZipFile(built[1]) as wheel:
        names = set(wheel.namelist())

    assert {"nordstat/py.typed", "nordstat/report/templates/page.html"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "benchmarks/"))]


def test_source_archive_holds_what_a_rebuild_needs(built: tuple[Path, Path]) -> None:
    """Code, mappings, tests, constraints and the licence are in the source archive."""
    with tarfile.open(built[0]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}

    assert {"pyproject.toml", "LICENSE", "README.md", "constraints.txt", "mappings/datapackage.json"} <= names
    assert any(name.startswith("tests/") for name in names)


def test_installed_wheel_works_without_the_repository(built: tuple[Path, Path], tmp_path: Path) -> None:
    """The wheel alone, unpacked anywhere, finds its mappings and judges the founding figures."""
    with zipfile.ZipFile(built[1]) as wheel:
        wheel.extractall(tmp_path)
    code = "import nordstat as ns; print(ns.__file__, ns.reconcile('F283').findings[0].verdict)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout
    assert "inconsistent" in done.stdout
