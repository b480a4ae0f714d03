"""SSB tables of residents and of jobs, against the files they were read from, and their traps."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

Rows = list[dict[str, str]]


def _commuting(rows: Rows) -> dict[str, dict[str, int]]:
    """Numbers of 11616 by municipality: residents, in, out, work."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        at_home = row["work_area"] == "_T"
        kind = {"in_commuters": "in", "out_commuters": "out"}.get(row["measure"], "home" if at_home else "work")
        found.setdefault(row["residence_area" if at_home else "work_area"], {})[kind] = int(row["obs_value"])
    return found


@pytest.mark.corpus
def test_the_municipalities_of_vestfold_and_telemark_are_the_raw_ones(transcribed, raw, reference: Path) -> None:
    """Each number stands under the code that the office's own export gives to the printed name."""
    export = (reference / "recorded" / "ssb_v1" / "data_11616_web_export_2022.csv").read_text("latin-1")
    codes = {name: code for code, name in re.findall(r'"(\d{4}) ([^"]+)"', export)}
    theirs = {
        codes[row["Kommune"]]: dict(zip(("home", "in", "out", "work"), map(int, list(row.values())[1:]), strict=True))
        for row in raw("ssb_11616_2021_vestfold_telemark.csv", ";")
    }
    assert _commuting(transcribed("ssb-11616-vestfold-telemark-2021")) == theirs


@pytest.mark.corpus
def test_the_municipalities_of_the_saved_query_are_the_raw_ones(transcribed, raw) -> None:
    """Each number of 2023 stands under its municipality of the 2020-2023 division."""
    columns = {
        "home": "sysselsatte_bosatt",
        "in": "innpendlere",
        "out": "utpendlere",
        "work": "sysselsatte_arbeidssted",
    }
    theirs = {
        row["kommune_2020_2023"]: {kind: int(row[column]) for kind, column in columns.items()}
        for row in raw("ssb_11616_2023Q4_sample.csv")
    }
    assert _commuting(transcribed("ssb-11616-sample-2023q4")) == theirs


@pytest.mark.parametrize("stem", ["ssb-11616-vestfold-telemark-2021", "ssb-11616-sample-2023q4"])
def test_residents_minus_out_plus_in_is_work(transcribed, stem: str) -> None:
    """In every municipality, residents minus out-commuters plus in-commuters are those who work there."""
    for area, n in _commuting(transcribed(stem)).items():
        assert n["home"] - n["out"] + n["in"] == n["work"], area


@pytest.mark.corpus
def test_the_employed_by_county_of_work_are_the_raw_ones(transcribed, raw) -> None:
    """Each number of 2013 and 2014 stands under its county."""
    theirs = {
        (f"{year}-Q4", row["fylke_arbeidssted"].replace("00", "NO")): row[year]
        for row in raw("ssb_employed_by_county_of_work_2013_2014Q4.csv")
        for year in ("2013", "2014")
    }
    rows = transcribed("ssb-employed-county-of-work-2013-2014")
    assert {(row["time_period"], row["work_area"]): row["obs_value"] for row in rows} == theirs


@pytest.mark.parametrize(("year", "counties"), [("2013", 2_597_078), ("2014", 2_628_055)])
def test_the_employed_by_county_miss_those_outside_the_counties(transcribed, year: str, counties: int) -> None:
    """The 19 counties add to some 22,000 fewer than the country: shelf, Svalbard and sea are not printed."""
    rows = [row for row in transcribed("ssb-employed-county-of-work-2013-2014") if row["time_period"] == f"{year}-Q4"]
    assert sum(int(row["obs_value"]) for row in rows if row["work_area"] != "NO") == counties
    (country,) = (int(row["obs_value"]) for row in rows if row["work_area"] == "NO")
    assert 21_900 < country - counties < 22_000


@pytest.mark.corpus
def test_the_jobs_are_the_raw_ones_in_every_vintage(transcribed, raw) -> None:
    """Each of the 555 raw rows is in the table; the two files of one day are one row that names both."""
    definitions = {
        "non_resident": "ssb-nonresident-jobs",
        "immigrant": "ssb-jobs-immigrant",
        "other_resident": "ssb-jobs-other-resident",
    }
    theirs = Counter(
        (r["vintage_commit_date"], f"{r['commit']} {r['folder']}", r["quarter"], definitions[r["category"]], r["jobs"])
        for r in raw("ssb_12315_jobs_by_resident_status_vintages.csv")
    )
    mine = Counter(
        (r["vintage"], commit, r["time_period"].replace("-", ""), r["definition"], r["obs_value"])
        for r in transcribed("ssb-12315-vintages")
        for commit in r["retrieved_from"].partition(": ")[2].split(", ")
    )
    assert mine == theirs
    assert mine.total() == 555


def test_the_first_quarter_of_2024_does_not_fit_in_one_vintage(transcribed) -> None:
    """67,640 jobs of non-residents in the vintages of 2024-06-30 and 07-01 stand between two of 81,804, and say so."""
    rows = [
        r
        for r in transcribed("ssb-12315-vintages")
        if r["time_period"] == "2024-Q1" and r["definition"] == "ssb-nonresident-jobs"
    ]
    assert [(r["vintage"], r["obs_value"]) for r in rows] == [
        ("2024-05-09", "81804"),
        ("2024-06-30", "67640"),
        ("2024-07-01", "67640"),
        ("2024-07-16", "81804"),
    ]
    assert [bool(row["note"]) for row in rows] == [False, True, True, False]


def test_old_quarters_move_by_at_most_thirteen_jobs(transcribed) -> None:
    """Apart from the vintage that does not fit, no number differs by more than 13 between its vintages."""
    vintages: dict[tuple[str, str], list[int]] = {}
    for row in transcribed("ssb-12315-vintages"):
        if not row["note"]:
            vintages.setdefault((row["time_period"], row["definition"]), []).append(int(row["obs_value"]))
    assert max(max(numbers) - min(numbers) for numbers in vintages.values()) == 13
