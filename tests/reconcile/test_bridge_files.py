"""Steps that a statistician adds: what each must say."""

from __future__ import annotations

from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers

STEP = {
    "id": '"my-step"',
    "title": '"From the week to the year"',
    "changes": '{ reference = ["week", "year"] }',
    "form": '"factor"',
    "method": '"assumed"',
    "low": "1.2",
    "high": "1.4",
    "source": '"a study"',
    "period": '"2015"',
    "rationale": '"somebody measured it elsewhere"',
}


def _load(folder: Path, **changes: str | None) -> None:
    (folder / "bridges").mkdir(exist_ok=True)
    fields = {name: value for name, value in (STEP | changes).items() if value is not None}
    text = "[[step]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items())
    (folder / "bridges" / "own.toml").write_text(text, "utf-8")
    load_mappings(layers([folder]))


def test_step_with_source_period_method_and_interval_is_taken(tmp_path: Path) -> None:
    """A complete assumed step is read without a fault."""
    _load(tmp_path)


@pytest.mark.fault("R07")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": None}, "an assumed step needs its source"),
        ({"period": None}, "an assumed step needs its period"),
        ({"method": None}, "'method' is missing"),
        ({"low": None, "high": None}, "an assumed step needs low or high"),
        ({"low": '"about a fifth more"'}, "low is 'about a fifth more', not a number"),
        ({"method": '"measured"', "low": None, "high": None}, "a step that is measured needs evidence"),
        ({"method": '"measured"', "evidence": '[{ to = ["F201"], from = ["F142"] }]'}, "delete low and high"),
        ({"period": '"lately"'}, "'lately' is no time period"),
        ({"rationale": None}, "'rationale' is missing"),
    ],
)
def test_step_without_its_grounds_is_refused_with_its_line(
    tmp_path: Path, changes: dict[str, str | None], words: str
) -> None:
    """A step without source, period, method or interval, or with a size in words, fails at its file and line."""
    with pytest.raises(MappingErrors) as caught:
        _load(tmp_path, **changes)

    assert "own.toml:2: step 'my-step'" in str(caught.value)
    assert words in str(caught.value)
