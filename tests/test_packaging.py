"""What is shipped: the wheel built from the source archive carries the same mappings, and nothing it should not."""

from __future__ import annotations

import email
import hashlib
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from nordstat import __version__

ROOT = Path(__file__).parents[1]
FOREIGN = re.compile(r"(^|/)(__pycache__|\.(?!gitignore$).*|build|dist|.*\.(pyc|so|log|tmp|orig|bak))(/|$)")
REGISTRY = rb"index-url[ =]\S+|pythonhosted\.org|pypi\.org/simple|[-\w.]+/(?:artifactory|nexus)/\S*"
HERE = b"|".join(re.escape(str(path).encode()) + b"/" for path in (ROOT, Path(sys.prefix), Path.home()))


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


def test_wheel_holds_the_package_and_its_metadata_and_nothing_else(built: tuple[Path, Path]) -> None:
    """Every file of the package is in, the marker for type checkers too; tests and documentation are not."""
    with zipfile.ZipFile(built[1]) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith("nordstat/_mappings/")}
    source = ROOT / "src"
    package = {
        path.relative_to(source).as_posix()
        for path in (source / "nordstat").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    told = f"nordstat-{__version__}.dist-info"

    assert "nordstat/py.typed" in package
    assert names - package == {
        *(f"{told}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"))
    }
    assert package - names == set()


def test_wheel_says_what_it_needs_and_under_which_licence(built: tuple[Path, Path]) -> None:
    """The metadata name licence, Python and requirements by name and version, none by an address."""
    with zipfile.ZipFile(built[1]) as wheel:
        metadata = email.message_from_bytes(wheel.read(f"nordstat-{__version__}.dist-info/METADATA"))
    required = metadata.get_all("Requires-Dist", [])

    assert (metadata["Version"], metadata["License-Expression"]) == (__version__, "MIT")
    assert metadata["Requires-Python"] == ">=3.11"
    assert "pandas>=2.3" in required
    assert not [line for line in required if "@" in line or "://" in line]


def test_source_archive_holds_what_a_rebuild_needs(built: tuple[Path, Path]) -> None:
    """Code, mappings, tests, constraints and the licence are in the source archive."""
    with tarfile.open(built[0]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}

    assert {"pyproject.toml", "LICENSE", "README.md", "constraints.txt", "mappings/datapackage.json"} <= names
    assert {name.split("/")[0] for name in names if name} <= {
        *("src", "mappings", "tests", "docs", "notebooks", "benchmarks", "constraints.txt", "Makefile", "CITATION.cff"),
        *("CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore", "noxfile.py"),
    }
    assert not [name for name in names if FOREIGN.search(name)]


def test_nothing_shipped_names_this_machine_or_a_registry(built: tuple[Path, Path]) -> None:
    """No file of either archive holds a path of the machine it was built on, or where packages were fetched from."""
    with tarfile.open(built[0]) as archive:
        shipped = {file.name: archive.extractfile(file) for file in archive.getmembers() if file.isfile()}
        texts = {name: file.read() for name, file in shipped.items() if file is not None}
    with zipfile.ZipFile(built[1]) as wheel:
        texts |= {name: wheel.read(name) for name in wheel.namelist()}

    assert {name: found[0] for name, text in texts.items() if (found := re.findall(HERE + b"|" + REGISTRY, text))} == {}


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
