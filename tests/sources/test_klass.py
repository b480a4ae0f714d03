"""Klass: classifications of SSB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest

from nordstat.errors import ApiRefusedError
from nordstat.settings import Settings
from nordstat.sources import SERVICES, Klass, Run, open_klass
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.klass import read_changes, read_classification, read_codes, read_correspondence, read_version
from pxweb_server import PxWebServer
from pxweb_server.examples import municipalities


@pytest.fixture
def served() -> Iterator[PxWebServer]:
    """A server that knows the municipalities."""
    with PxWebServer(klass={131: municipalities()}) as server:
        yield server


@pytest.fixture
def klass(served: PxWebServer, settings: Settings) -> Klass:
    """Klass at that server."""
    return open_klass(service=SERVICES["SSB"].at(klass=served.klass), settings=settings, run=Run())


def test_codes_at_a_day(klass: Klass, served: PxWebServer) -> None:
    """The codes in force that day; asked for in JSON, or the answer would be XML."""
    codes, answer = klass.codes_at(131, date(2018, 7, 1))
    assert {code.code: code.name for code in codes} == {"1567": "Rindal", "0104": "Moss"}
    assert served.log[0].headers["accept"] == "application/json"
    assert (answer.api, answer.table) == ("klass", "klass/classifications/131/codesAt")
    assert orjson.loads(answer.body)["codes"]


def test_a_validity_ends_on_the_day_the_next_begins(klass: Klass) -> None:
    """On the first day of 2019 Rindal has its new code only."""
    codes, _ = klass.codes_at(131, date(2019, 1, 1))
    assert {code.code for code in codes} == {"5061", "0104"}


def test_codes_over_a_time(klass: Klass) -> None:
    """Codes in force at some time of a range; a validity that the range cuts off is left open."""
    codes, _ = klass.codes(131, date(2018, 1, 1), end=date(2020, 1, 1))
    change = date(2019, 1, 1)
    assert {code.code: (code.valid_from, code.valid_to) for code in codes} == {
        "1567": (None, change),
        "5061": (change, None),
        "0104": (None, None),
    }


def test_changes(klass: Klass) -> None:
    """A change of code, and none in a year without."""
    (change,), _ = klass.changes(131, date(2018, 1, 1), end=date(2020, 1, 1))
    assert (change.old_code, change.new_code, change.occurred) == ("1567", "5061", date(2019, 1, 1))
    assert klass.changes(131, date(2015, 1, 1), end=date(2016, 1, 1))[0] == ()


def test_correspondences(klass: Klass) -> None:
    """The county of a municipality, that day."""
    (pair,), _ = klass.corresponds_at(131, 104, day=date(2018, 1, 1))
    assert (pair.source, pair.target, pair.target_name) == ("1567", "15", "Møre og Romsdal")


def test_versions(klass: Klass) -> None:
    """A classification lists its versions, and a version holds its codes."""
    found, _ = klass.classification(131)
    assert [(version.id, version.valid_to) for version in found.versions] == [(1102, date(2020, 1, 1))]
    codes, _ = klass.version(1102)
    assert {code.code for code in codes} == {"5061", "0104"}
    assert klass.classifications()[0][0].id == 131


@pytest.mark.parametrize("ask", [lambda klass: klass.classification(99999), lambda klass: klass.version(1)])
def test_what_is_not_there_is_told_in_klass_words(ask, klass: Klass) -> None:
    """404 with the sentence of the answer."""
    with pytest.raises(ApiRefusedError, match="not found with id = ") as caught:
        ask(klass)
    assert caught.value.status == 404


@pytest.mark.corpus
def test_recorded_answers_are_read(reference: Path) -> None:
    """Codes, changes, correspondences and versions as Klass gave them."""
    recorded = reference / "recorded" / "klass"
    raw = reference / "classifications" / "raw"

    def document(path: Path) -> object:
        return orjson.loads(path.read_bytes())

    assert len(read_codes(document(recorded / "104_codes_from-2016-01-01_to-2018-01-02.json"))) == 21
    assert read_changes(document(recorded / "104_changes_from-2018-01-01_to-2019-01-02.json")) == ()
    viken = read_changes(document(recorded / "104_changes_from-2019-01-01_to-2020-01-02.json"))
    assert (len(viken), viken[0].old_code, viken[0].new_code) == (13, "01", "30")
    (pairs,) = recorded.glob("104_corresponds*")
    assert len(read_correspondence(document(pairs))) == 485
    assert len(read_changes(document(raw / "klass_131_changes_1972_2024.json"))) > 500
    listed = read_classification(document(raw / "klass_131_classification.json"))
    assert 1710 in {version.id for version in listed.versions}
    municipalities_2024 = read_version(document(raw / "klass_131_version_1710_2024.json"))
    assert {code.code for code in municipalities_2024} >= {"0301", "5001", "1508"}
    assert all(code.valid_from == date(2024, 1, 1) and code.valid_to is None for code in municipalities_2024)
    assert read_version(document(raw / "klass_styrk08_version_319_mock.json"))[0].valid_to is None


@pytest.mark.parametrize(
    ("read", "document"),
    [
        (read_codes, {"codes": [{"name": "no code"}]}),
        (read_codes, {"codes": [{"code": "1", "validFrom": "soon"}]}),
        (read_codes, {"codes": {"1": "x"}}),
        (read_changes, {"codeChanges": [{"oldCode": "1", "newCode": "2"}]}),
        (read_classification, {"name": "x", "versions": []}),
        (read_version, []),
    ],
)
def test_answers_that_cannot_be_read_are_broken(read, document: object) -> None:
    """A row without a code, a day or a number is no row."""
    with pytest.raises(BrokenBodyError):
        read(document)
