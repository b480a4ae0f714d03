"""The service against the demonstration server of PxWebApi, over the same PX files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from pxweb_server import Limits, PxWebServer
from pxweb_server.px_files import PxFile

pytestmark = pytest.mark.corpus

UNREAD = {"link", "contact", "eliminationValueCode"}  # the last only a server of PX files tells beforehand
HIDDEN = "VALUE_HAS_BEEN_REPLACED"


def _told(document: Any) -> Any:
    """Leave out what is not read from the files, and what those who recorded it took away."""
    if isinstance(document, Mapping):
        return {key: _told(value) for key, value in document.items() if key not in UNREAD and value != HIDDEN}
    return document


@pytest.mark.parametrize("table_id", ["TAB001", "TAB003", "TAB004"])
def test_metadata_of_a_px_file_are_those_of_the_demonstration_server(table_id: str, reference: Path) -> None:
    """The same file gives the same metadata, what is not read from it aside."""
    demo = reference / "recorded" / "pxwebapi_demo"
    expected = json.loads((demo / f"MetadataById_{table_id.lower()}_js2.json").read_text(encoding="utf-8"))
    table = PxFile.parse((demo / f"{table_id}.px").read_bytes()).table()
    with PxWebServer([table], flavour="scb") as server:
        answer = requests.get(f"{server.v2}/tables/{table_id}/metadata?lang=en", timeout=10).json()
    hidden = {"updated"} if expected["updated"] == HIDDEN else set()
    assert _told({key: value for key, value in answer.items() if key not in hidden}) == _told(expected)


def test_the_table_entry_is_that_of_the_demonstration_server(reference: Path) -> None:
    """``/tables/TAB004`` says the same, its place in the tree and its links aside."""
    demo = reference / "recorded" / "pxwebapi_demo"
    expected = json.loads((demo / "TableById_tab004.json").read_text(encoding="utf-8"))
    table = PxFile.parse((demo / "TAB004.px").read_bytes()).table(v1_path="EN/EN02/TAB004")
    with PxWebServer([table], flavour="scb") as server:
        answer = requests.get(f"{server.v2}/tables/TAB004?lang=en", timeout=10).json()
        links = [link | {"href": link["href"].replace(server.url, "")} for link in answer["links"]]
    assert links == expected["links"]
    assert {key: answer[key] for key in expected if key not in ("paths", "links")} == {
        key: expected[key] for key in expected if key not in ("paths", "links")
    }


def test_a_cell_of_a_px_file_is_that_of_the_demonstration_server(reference: Path) -> None:
    """One cell of TAB004 is the number in the demonstration server's own px answer, 445."""
    demo = reference / "recorded" / "pxwebapi_demo"
    few = PxFile.parse((demo / "tab4_fewcells.px").read_bytes())
    codes = {"SECTOR": "sector", "GREENHOUSEGAS": "greenhouse gas", "ContentsCode": "contents", "TIME": "year"}
    selection = [{"variableCode": code, "valueCodes": few.all("CODES", name)} for code, name in codes.items()]
    table = PxFile.parse((demo / "TAB004.px").read_bytes()).table()
    with PxWebServer([table], flavour="scb", limits=Limits(cells=1)) as server:
        answer = requests.post(f"{server.v2}/tables/TAB004/data?lang=en", json={"selection": selection}, timeout=10)
    assert answer.json()["value"] == [445] == [int(cell) for cell in few.all("DATA")]
