"""Symbols: what the legends of the offices say, and how a user's folder changes them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers
from nordstat.mapping.rows import Faults
from nordstat.mapping.symbols import COLUMNS, legend, read_symbols
from nordstat.model.table import LegendEntry

HEAD = ",".join(COLUMNS) + "\n"


@pytest.fixture(scope="module")
def entries(mappings_folder: Path) -> tuple[LegendEntry, ...]:
    faults = Faults()
    found = read_symbols([mappings_folder], faults)
    faults.raise_if_any()
    return found


@pytest.mark.fault("J17")
@pytest.mark.parametrize("agency", ["SSB", "SCB"])
def test_a_dash_is_a_zero_and_two_dots_are_not(entries, agency: str) -> None:
    """Both offices print - for a true zero, and .. where there is no number."""
    symbols = legend(entries, agency)
    assert (symbols["-"].value, symbols["-"].obs_status, symbols["-"].is_missing) == (0.0, "A", False)
    assert (symbols[".."].value, symbols[".."].obs_status, symbols[".."].is_missing) == (None, "O", True)


def test_only_a_dash_stands_for_a_number(entries) -> None:
    """No other symbol is read as a number."""
    assert {entry.symbol.symbol for entry in entries if entry.symbol.value is not None} == {"-"}


def test_a_colon_of_ssb_is_suppressed_and_confidential(entries) -> None:
    """SSB's : is SDMX Q with confidentiality C; SCB has no such symbol."""
    colon = legend(entries, "SSB")[":"]
    assert (colon.obs_status, colon.conf_status) == ("Q", "C")
    assert ":" not in legend(entries, "SCB")


def test_the_same_sign_differs_by_office(entries) -> None:
    """A star is provisional at SSB, and a sum with holes at SCB."""
    assert legend(entries, "SSB")["*"].obs_status == "P"
    assert legend(entries, "SCB")["*"].obs_status == "O"


def test_a_blank_is_no_zero(entries) -> None:
    """A blank on a page with SCB's numbers is missing, for an unknown reason."""
    assert legend(entries, "SCB")["blank"].is_missing


def test_meanings_change_with_the_standard_signs_of_2021(entries) -> None:
    """SSB's . had another meaning before 2021; each day has one."""
    before, since = (legend(entries, "SSB", day)["."].meaning for day in (date(2020, 12, 31), date(2021, 1, 1)))
    assert before != since
    assert legend(entries, "SSB")["."].meaning == since


def test_a_meaning_that_has_ended_is_not_in_force_today(tmp_path: Path) -> None:
    """A symbol whose only meaning has ended is in the legend of its own days, and of no other."""
    (tmp_path / "symbols.csv").write_text(f"{HEAD}SSB,#,zero,A,F,0,2000-01-01,2021-01-01,x\n", "utf-8")
    old = read_symbols([tmp_path], Faults())
    assert "#" in legend(old, "SSB", date(2020, 12, 31))
    assert legend(old, "SSB") == legend(old, "SSB", date(2021, 1, 1)) == legend(old, "SSB", date(1999, 1, 1)) == {}


def test_an_office_without_a_legend_has_no_symbols(entries) -> None:
    """No legend of the Nordic database was seen, so none is assumed."""
    assert legend(entries, "NORDIC") == {}


@pytest.mark.corpus
@pytest.mark.parametrize(("agency", "names", "files"), [("SSB", "Statistisk", 6), ("SCB", "SCB|Statistics Sweden", 7)])
def test_every_symbol_declared_in_a_px_file_is_in_the_legend(
    entries, reference: Path, agency: str, names: str, files: int
) -> None:
    """Each DATASYMBOL of the recorded px files of SSB and SCB has its entry."""
    texts = [path.read_text("latin-1") for path in sorted((reference / "recorded" / "px").glob("*.px"))]
    own = [text for text in texts if re.search(rf'^SOURCE="({names})', text, re.MULTILINE)]
    assert len(own) == files
    declared = {symbol for text in own for symbol in re.findall(r'DATASYMBOL\w+="([^"]+)"', text)}
    assert declared
    assert declared <= set(legend(entries, agency))


def test_a_layer_replaces_a_symbol_and_keeps_the_others(tmp_path: Path, mappings_folder: Path, entries) -> None:
    """A user's row takes the place of all rows of that symbol of that office."""
    (tmp_path / "symbols.csv").write_text(f"{HEAD}SSB,.,our own meaning,O,F,,,,made for a test\n", "utf-8")
    layered = read_symbols([mappings_folder, tmp_path], Faults())
    assert legend(layered, "SSB", date(2000, 1, 1))["."].meaning == "our own meaning"
    assert {**legend(layered, "SSB"), ".": None} == {**legend(entries, "SSB"), ".": None}


def test_meanings_may_follow_each_other(tmp_path: Path) -> None:
    """One meaning may end on the day the next begins."""
    rows = "SSB,#,zero,A,F,0,,2021-01-01,x\nSSB,#,missing,O,F,,2021-01-01,,x\n"
    (tmp_path / "symbols.csv").write_text(HEAD + rows, "utf-8")
    faults = Faults()
    assert len(read_symbols([tmp_path], faults)) == 2
    assert not faults.found


@pytest.mark.fault("M08")
def test_two_meanings_at_the_same_time_are_refused(tmp_path: Path) -> None:
    """Rows of one symbol whose validity overlaps are a fault at the later row."""
    rows = "SSB,#,zero,A,F,0,,2021-01-02,x\nSSB,#,missing,O,F,,2021-01-01,,x\n"
    (tmp_path / "symbols.csv").write_text(HEAD + rows, "utf-8")
    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([tmp_path]))
    assert [(fault.file.name, fault.line) for fault in caught.value.faults] == [("symbols.csv", 3)]
