"""Files of figures: what is valid comes back as it was written, with the interval of a second computation."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.effort import effort
from fuzz.folders import contents, small_folder
from fuzz.test_folders import judge
from nordstat.harmonise.intervals import interval_of
from nordstat.mapping.check import load_mappings
from nordstat.mapping.figures import PUBLISHED

Row = dict[str, str]
FILE = "figures/own.csv"
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1, max_size=12)
PLACES = st.sampled_from(
    [("AREA:1", "NORDIC"), ("ISO3166:1", "NO"), ("ISO3166", "SE"), ("SE-LAN:2007", "17"), ("", "_T")]
)
PERIODS = st.sampled_from(["", "2016", "2016-Q4", "2016-11", "2016-W47", "2016-11-16", "2013-01-01/P2Y"])
VALUES = st.integers(0, 10**9).map(str) | st.decimals(0, 10**6, places=2).map("{:f}".format)
UNITS = {"": None, " (thousands)": 1000, " (hundreds)": 100, " (tens)": 10, " (units)": 1, " (0.1)": Fraction(1, 10)}
# How many units below and above the printed number the true one may lie; None is an open end.
REACHES: dict[str, tuple[Fraction | None, Fraction | None]] = {
    "exact": (Fraction(0), Fraction(0)),
    **dict.fromkeys(("rounded", "about", "approximately", "around", "roughly"), (Fraction(1, 2), Fraction(1, 2))),
    "just over": (Fraction(0), Fraction(1, 2)),
    **dict.fromkeys(("nearly", "almost", "just under"), (Fraction(1, 2), Fraction(0))),
    **dict.fromkeys(("more than", "over"), (Fraction(0), None)),
    **dict.fromkeys(("less than", "under"), (None, Fraction(0))),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, mappings_folder: Path) -> Path:
    return small_folder(mappings_folder, tmp_path_factory.mktemp("mappings") / "small")


@st.composite
def figures(draw: st.DrawFn) -> Row:
    """A valid row of a file of figures, but for its id."""
    (residence_scheme, residence), (work_scheme, work) = draw(PLACES), draw(PLACES)
    ages = sorted(draw(st.lists(st.integers(0, 120), min_size=2, max_size=2)))
    about = {
        "definition": draw(st.sampled_from(["nordic-mainjob", "nordic-anyincome", "unstated"])),
        "measure": draw(st.sampled_from(["persons", "employed", "population", "in_commuters"])),
        "unit_measure": "PS",
        "time_period": draw(PERIODS),
        "residence_scheme": residence_scheme,
        "residence_area": residence,
        "work_scheme": work_scheme,
        "work_area": work,
        "sex": draw(st.sampled_from("TMF")),
        "age_low": draw(st.sampled_from(["", str(ages[0])])),
        "age_high": draw(st.sampled_from(["", str(ages[1])])),
        **dict.fromkeys(("industry", "occupation", "background"), "_T"),
        "obs_value": draw(VALUES),
        "precision": draw(st.sampled_from(sorted(REACHES))) + draw(st.sampled_from(sorted(UNITS))),
    }
    words = ("reporter", "publisher", "population", "source_title", "source_url", "retrieved_from", "note", "group")
    return dict.fromkeys(PUBLISHED, "") | about | {column: draw(WORDS) for column in words}


@st.composite
def files(draw: st.DrawFn) -> tuple[dict[str, Row], bytes]:
    """Some figures by id, and a file of them in any of the ways programs write them."""
    ids = draw(st.lists(st.from_regex(r"[A-Z][0-9]{1,3}", fullmatch=True), min_size=1, max_size=4, unique=True))
    rows = {f"own-{name}": draw(figures()) | {"figure_id": f"own-{name}"} for name in ids}
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(
        stream,
        draw(st.permutations(PUBLISHED)),
        delimiter=draw(st.sampled_from(",;")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
    )
    writer.writeheader()
    writer.writerows(rows.values())
    return rows, stream.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))


@effort(60)
@given(written=files())
def test_figures_come_back_as_they_were_written(
    folder: Path, tmp_path: Path, written: tuple[dict[str, Row], bytes]
) -> None:
    """Every cell of a valid figure is in its typed value, and its interval is that of a second computation."""
    rows, text = written
    _layer(tmp_path, text)

    found = load_mappings([folder, tmp_path]).figures

    for name, row in rows.items():
        figure = found[name]
        assert _as_written(figure.key.age_low) == row["age_low"]
        assert _as_written(figure.key.age_high) == row["age_high"]
        assert (figure.value, figure.precision.text) == (float(row["obs_value"]), row["precision"])
        assert (figure.words, figure.note, figure.group) == (row["population"], row["note"], row["group"])
        assert (figure.citation.publisher, figure.citation.title) == (row["publisher"], row["source_title"])
        assert str(figure.key.period or "") == row["time_period"]
        for field in ("definition", "residence_scheme", "residence_area", "work_scheme", "work_area", "sex"):
            assert getattr(figure.key, field) == row[field]
        assert figure.value is not None
        interval = interval_of(figure.value, figure.precision)
        assert (interval.low, interval.high) == _second_interval(row["obs_value"], row["precision"])


@effort(60)
@given(data=st.data())
def test_figures_after_an_accident(folder: Path, tmp_path: Path, data: st.DataObject) -> None:
    """A file of figures with anything changed is read whole, or refused at the places of its faults."""
    text = (folder / "figures" / "published.csv").read_bytes()
    _layer(tmp_path, data.draw(contents(FILE, b"".join(text.splitlines(keepends=True)[:4]))))
    judge([folder, tmp_path])


def _layer(own: Path, text: bytes) -> None:
    (own / "figures").mkdir(exist_ok=True)
    (own / FILE).write_bytes(text)


def _as_written(number: int | None) -> str:
    return "" if number is None else str(number)


def _second_interval(printed: str, precision: str) -> tuple[float | None, float | None]:
    """Work out an interval in fractions, from the digits as printed."""
    phrase, value = precision.partition(" (")[0], Fraction(printed)
    unit = UNITS[precision.removeprefix(phrase)] or _last_place(printed)
    below, above = REACHES[phrase]
    low = Fraction(0) if below is None else max(value - below * unit, Fraction(0))
    return float(low), None if above is None else float(value + above * unit)


def _last_place(printed: str) -> Fraction:
    """Give the place of the last digit that is not zero."""
    whole, _, decimals = printed.partition(".")
    if decimals.rstrip("0"):
        return Fraction(1, 10 ** len(decimals.rstrip("0")))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else Fraction(1)
