"""The quality report: filled from the evidence, and written whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from nordstat.errors import SettingsError
from nordstat.mapping.check import Mappings
from nordstat.pipeline.quality import quality_report, write_quality
from nordstat.reconcile.quality import QualityReport, Section


@pytest.fixture(scope="module")
def report(shipped: Mappings) -> QualityReport:
    """The report on the shipped evidence."""
    return quality_report(shipped)


def test_headings_are_those_of_the_standard_in_order(report: QualityReport) -> None:
    """Reference period to data revision by SIMS number; verdicts, contradictions and assumptions after them."""
    numbers = [section.number for section in report.sections]

    assert numbers == ["5", "7", "12", "13", "14", "15.1.1", "15.2", "15.2.1", "15.3", "15.4", "17", "", "", ""]
    assert [section.title for section in report.sections[-3:]] == [
        "Verdicts",
        "Figures that cannot all hold",
        "Verdicts that rest on an assumption",
    ]


def test_every_section_says_something(report: QualityReport) -> None:
    """No heading stands over nothing."""
    for section in report.sections:
        assert section.facts or len(section.table), section.heading


def test_verdicts_add_up_to_the_figures(report: QualityReport) -> None:
    """Each of the 241 published figures is counted under one verdict."""
    assert report["Verdicts"].facts["published figures"] == 241
    assert report["Verdicts"].table["figures"].sum() == 241
    assert report["12"].table["published figures"].sum() == 241


def test_accuracy_counts_every_number_once(report: QualityReport, shipped: Mappings) -> None:
    """Numbers by reporter are as many as by definition, and the exact ones are no more than all."""
    accuracy, periods = report["13"].table, report["5"].table

    assert accuracy["numbers"].sum() == periods["numbers"].sum()
    assert (accuracy["exact"] + accuracy["with an open end"] <= accuracy["numbers"]).all()
    assert report["7"].facts["cells shown as '-'"] == 108


def test_comparability_over_time_is_counted_from_the_last_break(report: QualityReport) -> None:
    """Since 2015 there are three numbers for everybody and four for the Swedes, as the series themselves say."""
    lengths = report["15.2.1"].table.set_index(["definition", "what"])

    everybody = lengths.loc[("ssb-nonresident-refweek", "commuters AREA:ABROAD_NO to ISO3166:NO")]
    swedes = lengths.loc[("ssb-nonresident-refweek", "commuters ISO3166:SE to ISO3166:NO")]
    assert (everybody["comparable length"], everybody["breaks"]) == (3, 3)
    assert (swedes["comparable length"], swedes["breaks"]) == (4, 1)
    assert len(report["15.2"].table) == 23


def test_mirrors_sums_and_bridges_are_told(report: QualityReport) -> None:
    """Asymmetry with its aggregate; three sums that fail; the bridge of 2022 that does not close."""
    assert report["15.1.1"].facts["flows that two reporters count"] == 5
    assert 0 < report["15.1.1"].facts["aggregate asymmetry"] < 0.1
    internal = report["15.4"].table.set_index(["evidence", "outcome"])["pieces"]
    assert internal[("derived", "disagrees")] == 3
    bridged = report["15.3"].table
    assert "F202" in set(bridged.loc[bridged["outcome"] == "disagrees", "figure"])


def test_contradictions_stand_with_both_sources(report: QualityReport) -> None:
    """Every set of figures that cannot all hold is there, each figure with its citation."""
    table = report["Figures that cannot all hold"].table

    assert table["figures"].tolist() == ["F013 F017", "F066 F080", "F255 F256 F257", "F282 F283 F262"]
    assert all(len(row.sources.splitlines()) == len(row.figures.split()) for row in table.itertuples())


def test_revisions_are_measured_by_vintage(report: QualityReport) -> None:
    """Old quarters of table 12315 move by a few jobs, and one vintage holds a number of another kind."""
    facts = report["17"].facts

    assert facts["median move of those that moved"] < 10
    assert facts["largest move"] > 10_000


def test_markdown_and_json_tell_the_same(report: QualityReport) -> None:
    """Each heading, fact and row of the one stands in the other."""
    document = report.to_dict()
    text = report.to_markdown()

    assert re.findall(r"^## (.+)$", text, re.M) == [
        f"{section['number']} {section['title']}".strip() for section in document["sections"]
    ]
    rows = sum(len(section["rows"]) for section in document["sections"])
    heads = sum(bool(section["rows"]) for section in document["sections"])
    assert text.count("\n| ") == rows + heads
    assert text.count("\n- ") == sum(len(section["facts"]) for section in document["sections"])


def test_same_evidence_gives_the_same_bytes(tmp_path: Path, report: QualityReport, shipped: Mappings) -> None:
    """A report has no date and no order of chance, and JSON without numbers that are none."""
    first = write_quality(report, tmp_path / "a" / "b")
    second = write_quality(quality_report(shipped), tmp_path / "c")

    assert [path.name for path in first] == ["quality.md", "quality.json"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert "NaN" not in first[1].read_text("utf-8")
    assert json.loads(first[1].read_text("utf-8")) == report.to_dict()


def test_words_of_a_source_stay_in_their_cell() -> None:
    """A pipe, a tag or a line break in a title breaks no table and becomes no markup."""
    section = Section("1", "T", {"fact": "<b>"}, pd.DataFrame({"what": ["a|b\nc <script>"], "n": [None]}))

    text = QualityReport({}, (section,)).to_markdown()

    assert "| a\\|b<br>c &lt;script> |  |" in text
    assert "- fact: &lt;b>" in text


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path, report: QualityReport) -> None:
    """A file in the way is an error with its place, and stays as it was."""
    (tmp_path / "taken").write_text("mine", "utf-8")

    with pytest.raises(SettingsError, match="cannot be written"):
        write_quality(report, tmp_path / "taken")

    assert (tmp_path / "taken").read_text("utf-8") == "mine"


def test_command_writes_both_files_beside_the_verdicts(tmp_path: Path) -> None:
    """`nordstat reconcile F255 --quality DIR` prints the verdict to stdout, names the files on stderr, and exits 0."""
    done = subprocess.run(
        [sys.executable, "-m", "nordstat", "reconcile", "F255", "--json", "--quality", str(tmp_path / "q")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert [finding["figure"] for finding in json.loads(done.stdout)] == ["F255"]
    assert {path.name for path in (tmp_path / "q").iterdir()} == {"quality.md", "quality.json"}
    assert done.stderr.count("wrote") == 2
