"""The commands about a release, on releases that were really built."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nordstat.cli import main
from nordstat.mapping.figures import PUBLISHED


def run(*arguments: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(main, list(arguments))
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, mappings_folder: Path) -> tuple[Path, Path]:
    """Two releases that differ in one figure."""
    folder = tmp_path_factory.mktemp("releases")
    own = folder / "own" / "figures"
    own.mkdir(parents=True)
    with (mappings_folder / "figures" / "published.csv").open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["figure_id"] == "F113")
    with (own / "own.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, PUBLISHED, lineterminator="\n")
        writer.writeheader()
        writer.writerow(row | {"obs_value": "968"})
    assert run("build", str(folder / "one"), "--version", "2026.1")[0] == 0
    assert run("build", str(folder / "two"), "--version", "2026.2", "-m", str(own.parent))[0] == 0
    return folder / "one", folder / "two"


def test_verify_passes_on_what_was_built(releases: tuple[Path, Path]) -> None:
    """A release as built verifies."""
    code, _, said = run("verify", str(releases[0]))

    assert code == 0, said
    assert "2026.1" in said


def test_verify_names_the_file_that_was_touched(releases: tuple[Path, Path], tmp_path: Path) -> None:
    """One byte changed in a copy is found, with the file's name and exit 1."""
    for path in releases[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    touched = tmp_path / "observations.csv"
    touched.write_bytes(touched.read_bytes().replace(b"17749", b"17748", 1))

    code, _, said = run("verify", str(tmp_path))

    assert code == 1
    assert "observations.csv" in said
    assert "Traceback" not in said


def test_diff_lists_the_figure_and_what_followed_from_it(releases: tuple[Path, Path]) -> None:
    """Two releases that differ in one figure differ in that figure, its row, and verdicts that rest on it."""
    code, shown, _ = run("diff", *map(str, releases), "--json")

    assert code == 0
    changed = {section: changes for section, changes in json.loads(shown)["changes"].items() if changes}
    assert set(changed) <= {"values", "figures", "verdicts"}
    assert {"F113"} == {change["item"] for change in changed["figures"]}


@pytest.mark.parametrize("style", ["apa", "bibtex", "csl", "cff"])
def test_citation_names_release_and_offices(releases: tuple[Path, Path], style: str) -> None:
    """Every style names the version and both offices."""
    code, shown, _ = run("cite", str(releases[0]), "--style", style)

    assert code == 0
    assert all(word in shown for word in ("2026.1", "SSB", "SCB"))


@pytest.mark.fault("S16")
def test_version_never_changes(releases: tuple[Path, Path]) -> None:
    """Other content under a version that is there is refused, and what was there stays."""
    before = (releases[0] / "SHA256SUMS").read_bytes()

    code, _, said = run("build", str(releases[0]), "--version", "2026.1", "-m", str(releases[0].parent / "own"))

    assert code == 1
    assert "a version never changes" in said
    assert before == (releases[0] / "SHA256SUMS").read_bytes()


def test_page_in_the_folder_is_no_fault_and_gives_way(releases: tuple[Path, Path], tmp_path: Path) -> None:
    """A report beside the files leaves the release verified, and the next release replaces the folder."""
    folder = tmp_path / "release"
    assert run("build", str(folder), "--version", "2026.1")[0] == 0
    (folder / "report.html").write_text("<p>a page</p>")

    assert run("verify", str(folder))[0] == 0
    assert run("build", str(folder), "--version", "2026.2")[0] == 0
    assert not (folder / "report.html").exists()
