"""A user's own folder: figures added or changed there turn the verdicts they should."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.figures import PUBLISHED
from nordstat.mapping.locate import layers
from nordstat.model.verdict import Verdict
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.reconciliation import Reconciliation


def _layer(folder: Path, mappings_folder: Path, figure: str, **changes: str) -> Path:
    """Write a layered folder with one figure of the shipped file, changed."""
    with (mappings_folder / "figures" / "published.csv").open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["figure_id"] == figure)
    path = folder / "figures" / "own.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, PUBLISHED, lineterminator="\n")
        writer.writeheader()
        writer.writerow(row | changes)
    return folder


@pytest.mark.parametrize("figure", ["F101", "F114", "F010", "F150", "F190", "F012"])
def test_thirty_per_cent_more_turns_the_verdict(
    tmp_path: Path, mappings_folder: Path, verdicts: Reconciliation, figure: str
) -> None:
    """A comparable figure changed by 30 % is no longer consistent."""
    assert verdicts[figure].verdict is Verdict.CONSISTENT
    value = verdicts[figure].figure.value
    layer = _layer(tmp_path, mappings_folder, figure, obs_value=str(round((value or 0) * 1.3)))

    changed = pipeline.reconciliation(load_mappings(layers([layer])), [figure])

    assert changed[figure].verdict is Verdict.INCONSISTENT


def test_unknown_phrase_is_refused_with_file_and_line(tmp_path: Path, mappings_folder: Path) -> None:
    """A phrase never seen before is refused at its place, not guessed."""
    layer = _layer(tmp_path, mappings_folder, "F065", precision="some")

    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([layer]))

    assert "own.csv:2: precision: the precision 'some' has no agreed meaning" in str(caught.value)


def test_new_evidence_changes_the_verdicts_it_should_and_no_other(
    tmp_path: Path, mappings_folder: Path, verdicts: Reconciliation
) -> None:
    """A linked count of Nordic commuters to Finland for 2015 bears on the figures of that flow and on nothing else."""
    layer = _layer(tmp_path, mappings_folder, "F113", figure_id="X1", source_title="another source", obs_value="970")

    after = pipeline.reconciliation(load_mappings(layers([layer])))

    moved = {f.figure.id for f in after.findings if f.figure.id != "X1" and f.verdict != verdicts[f.figure.id].verdict}
    assert {"F113"} == moved
    assert after["F113"].verdict is Verdict.INCONSISTENT


def test_layer_adds_a_definition(tmp_path: Path, mappings_folder: Path, shipped: Mappings) -> None:
    """A definition of one's own stands beside the shipped ones."""
    text = (mappings_folder / "definitions" / "unstated.toml").read_text("utf-8")
    (tmp_path / "definitions").mkdir()
    first = text.split("[[definition]]")[1].replace('id = "unstated"', 'id = "my-own"')
    (tmp_path / "definitions" / "own.toml").write_text("[[definition]]" + first, "utf-8")

    assert set(shipped.definitions) | {"my-own"} == set(load_mappings(layers([tmp_path])).definitions)
