"""The shipped lists beside Klass, asked through the fetchers at a real local server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from nordstat.cli import main
from nordstat.mapping.check import load_mappings
from nordstat.mapping.locate import layers
from pxweb_server import KlassClassification, KlassCode, PxWebServer


def _codes(name: str, level: str) -> list[KlassCode]:
    """Give the codes of a shipped list as Klass would hold them."""
    codelist = load_mappings(layers()).codelists.find(name)
    return [KlassCode(code.code, code.name) for code in codelist if code.level == level]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A mappings folder that asks for one list only, and folders of its own."""
    own = tmp_path / "own"
    own.mkdir()
    rows = "NO-KOMMUNE:2024,131,kommune,2024-01-01,test\n"
    (own / "klass.csv").write_text("list,classification,level,day,source\n" + rows)
    return {"NORDSTAT_CACHE": str(tmp_path / "cache"), "NORDSTAT_STORE": str(tmp_path / "store")}


@pytest.fixture
def served() -> Iterator[PxWebServer]:
    """Klass with the municipalities of 2024, but for three changes."""
    codes = [code for code in _codes("NO-KOMMUNE:2024", "kommune") if code.code != "3101"]
    renamed = [KlassCode(code.code, "Christiania") if code.code == "0301" else code for code in codes]
    with PxWebServer(klass={131: KlassClassification(131, "Kommuner", [*renamed, KlassCode("9998", "Ny")])}) as server:
        yield server


def test_live_check_prints_what_differs(served: PxWebServer, environment: dict[str, str]) -> None:
    """A code gained, one lost and a name changed in Klass are each said, with exit 1."""
    ended = CliRunner().invoke(
        main, ["check", "mappings", "--live"], env={**environment, "NORDSTAT_ADDRESSES": f"SSB.klass={served.klass}"}
    )

    assert ended.exit_code == 1, ended.stderr
    assert "9998 Ny: in Klass, not in the shipped list" in ended.stdout
    assert "3101 Halden: in the shipped list, not in Klass" in ended.stdout
    assert "0301: the shipped list says Oslo, Klass says Christiania" in ended.stdout


def test_live_check_tells_which_lists_klass_did_not_give(served: PxWebServer, environment: dict[str, str]) -> None:
    """A classification Klass does not have is said, and not passed over."""
    ended = CliRunner().invoke(
        main, ["check", "mappings", "--live"], env={**environment, "NORDSTAT_ADDRESSES": f"SSB.klass={served.klass}"}
    )

    assert "SN:2007" in ended.stdout
    assert "Klass has no classification 6 on 2020-01-01" in ended.stdout


def test_offline_asks_nobody(served: PxWebServer, environment: dict[str, str]) -> None:
    """With the network switched off the live check ends with 3 and opens no socket."""
    ended = CliRunner().invoke(
        main,
        ["check", "mappings", "--live"],
        env={**environment, "NORDSTAT_OFFLINE": "1", "NORDSTAT_ADDRESSES": f"SSB.klass={served.klass}"},
    )

    assert ended.exit_code == 3
    assert served.log == []
