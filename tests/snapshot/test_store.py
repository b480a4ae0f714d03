"""The store keeps answers by their checksum and finds them by what was asked."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep
from zoneinfo import ZoneInfo

import platformdirs
import pytest

from nordstat.errors import SnapshotError, SnapshotMissingError
from nordstat.model.snapshot import Receipt, canonical
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from snapshot.runs import DAWN, answer, programme, put

QUERY = {"Tid": ("2022",)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def files(store: Store) -> set[str]:
    return {path.relative_to(store.root).as_posix() for path in (store.root / "blobs").rglob("*") if path.is_file()}


def test_an_answer_comes_back_as_it_came(store: Store) -> None:
    """The bytes read are the bytes put, whatever they are."""
    body = bytes(range(256)) * 40
    [receipt] = put(store, answer(body=body))
    assert store.read(receipt.snapshot) == body


def test_a_blob_is_named_by_the_checksum_of_its_bytes(store: Store) -> None:
    """Any tool can check a blob: its name is the sha256 of the file."""
    put(store, answer(body=b"plain"))
    sha256 = hashlib.sha256(b"plain").hexdigest()
    assert (store.root / "blobs" / sha256[:2] / sha256[2:]).read_bytes() == b"plain"


def test_the_receipt_says_what_was_asked_and_what_came(store: Store) -> None:
    """A manifest row carries service, table, query, address, times, checksum, licence and version."""
    [receipt] = put(store, answer(body=b"1234"))
    [row] = store.snapshots()
    assert row == receipt.snapshot
    assert (row.service, row.table, row.api, row.query) == ("SSB", "03321", "v2", '{"Tid":["2022"]}')
    assert (row.updated, row.retrieved, row.size) == ("2026-02-28T07:00:00Z", DAWN, 4)
    assert (row.licence, row.content_type, row.library) == ("CC BY 4.0", "application/json", "0.1.0")
    assert row.query_hash == hashlib.sha256(row.query.encode()).hexdigest()


def test_a_new_answer_is_stored(store: Store) -> None:
    """The receipt of an answer never seen says that it was stored."""
    [receipt] = put(store, answer())
    assert receipt.stored


def test_the_same_answer_again_stores_nothing(store: Store) -> None:
    """An answer seen before adds no blob, and its receipt is that of the first time."""
    [first] = put(store, answer())
    before = files(store)
    [again] = put(store, answer(later=60))
    assert not again.stored
    assert again.snapshot == first.snapshot
    assert files(store) == before


def test_the_same_answer_again_is_noted_as_seen(store: Store) -> None:
    """A vintage knows the last time the source still gave it."""
    put(store, answer(), answer(later=60), answer(later=120))
    [vintage] = store.vintages("SSB", "03321", query=QUERY)
    assert vintage.snapshot.retrieved == DAWN
    assert vintage.seen == DAWN + timedelta(seconds=120)


def test_the_same_bytes_under_another_update_are_a_new_vintage(store: Store) -> None:
    """What the source calls an update is one, even where no number moved."""
    put(store, answer(updated="2026-01-01"))
    [receipt] = put(store, answer(updated="2026-02-01", later=1))
    assert receipt.stored
    assert store.latest("SSB", "03321", query=QUERY).updated == "2026-02-01"


def test_a_source_that_goes_back_has_three_vintages(store: Store) -> None:
    """Old bytes that return are a vintage of their own, on the blob that is there already."""
    receipts = put(store, answer(body=b"A"), answer(body=b"B", later=1), answer(body=b"A", later=2))
    assert [receipt.stored for receipt in receipts] == [True, True, True]
    assert [store.read(v.snapshot) for v in store.vintages("SSB", "03321", query=QUERY)] == [b"A", b"B", b"A"]
    assert len(files(store)) == 2


def test_latest_is_by_time_and_not_by_place_in_the_manifest(store: Store) -> None:
    """An older answer kept later does not become the newest."""
    put(store, answer(body=b"new", later=60), answer(body=b"old"))
    assert store.read(store.latest("SSB", "03321", query=QUERY)) == b"new"


@pytest.mark.fault("P08")
@pytest.mark.parametrize(("minutes", "body"), [(0, b"A"), (9, b"A"), (10, b"B"), (99, b"B")])
def test_as_of_gives_what_was_known_at_a_moment(store: Store, minutes: int, body: bytes) -> None:
    """The vintage as of a moment is the newest one fetched by then, the moment itself included."""
    put(store, answer(body=b"A"), answer(body=b"B", later=600))
    moment = DAWN + timedelta(minutes=minutes)
    assert store.read(store.as_of("SSB", "03321", query=QUERY, moment=moment)) == body


def test_as_of_before_the_first_fetch_says_when_that_was(store: Store) -> None:
    """What a source said before anyone asked is not known, and is not guessed."""
    put(store, answer())
    with pytest.raises(SnapshotMissingError, match="the first is of 2026-03-01T06:00:00"):
        store.as_of("SSB", "03321", query=QUERY, moment=DAWN - timedelta(seconds=1))


def test_the_order_of_variables_in_a_query_does_not_matter(store: Store) -> None:
    """Two spellings of a query are one query."""
    spellings = ({"b": ("2", "1"), "a": ("å",)}, {"a": ("å",), "b": ("2", "1")})
    assert {canonical(query) for query in spellings} == {'{"a":["å"],"b":["2","1"]}'}


def test_what_is_missing_is_named_with_the_command_that_fetches_it(store: Store) -> None:
    """The error says what was asked, what there is of the table, and what to type."""
    put(store, answer(query={"Tid": ("2021",)}))
    with pytest.raises(SnapshotMissingError) as caught:
        store.latest("SSB", "03321", query={"Tid": ("2022",), "Region": ("3003", "3001")})
    said = str(caught.value)
    assert "SSB:03321" in said
    assert 'of this table it has {"Tid":["2021"]}' in said
    assert "nordstat fetch SSB:03321 Region=3003,3001 Tid=2022" in said
    assert caught.value.exit_code == 3


def test_a_table_never_fetched_is_answered_with_the_tables_there_are(store: Store) -> None:
    """A wrong table id shows at once what could have been meant."""
    put(store, *programme(5, 9))
    with pytest.raises(SnapshotMissingError, match=r"it has SSB:T0, SSB:T1, SSB:T2 and 2 more"):
        store.latest("SSB", "03312", query=QUERY)


def test_an_empty_store_answers_and_makes_nothing(store: Store) -> None:
    """Reading a store that is not there yet leaves no trace of it."""
    with pytest.raises(SnapshotMissingError, match="it has nothing yet"):
        store.latest("SSB", "03321", query=QUERY)
    assert store.verify().sound
    assert not store.root.exists()


def test_an_empty_answer_is_refused(store: Store) -> None:
    """Zero bytes are no answer."""
    with pytest.raises(SnapshotError, match="empty answer"):
        put(store, answer(body=b""))
    assert store.snapshots() == ()


@pytest.mark.fault("S13")
def test_tables_that_differ_in_case_only_cannot_collide(store: Store) -> None:
    """TAB1 and tab1 keep their own answers, and every file name in the store is lower case."""
    put(store, answer("TAB1", body=b"upper"), answer("tab1", body=b"lower"))
    assert store.read(store.latest("SSB", "TAB1", query=QUERY)) == b"upper"
    assert store.read(store.latest("SSB", "tab1", query=QUERY)) == b"lower"
    assert all(name == name.lower() for name in files(store))


def test_threads_may_share_the_writer(store: Store) -> None:
    """Of the same answer put by eight threads at once one is stored and seven are seen again."""
    with store.writing(on_step=lambda _: sleep(0.005)) as writer:
        receipts: list[Receipt] = []
        threads = [Thread(target=lambda: receipts.append(writer.put(answer()))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(receipt.stored for receipt in receipts) == [False] * 7 + [True]
    assert store.verify().sound
    assert len(store.snapshots()) == 8


def test_the_store_of_the_settings_wins_over_the_platforms(tmp_path: Path) -> None:
    """NORDSTAT_STORE names the folder; without it the store is in the platform's data folder."""
    assert Store.of(Settings.load(environ={"NORDSTAT_STORE": str(tmp_path)})).root == tmp_path
    assert Store.of(Settings.load(environ={})).root.is_relative_to(platformdirs.user_data_dir("nordstat", False))


def test_a_moment_in_another_time_zone_is_kept_in_utc(store: Store) -> None:
    """The receipt's time is UTC, whatever zone the fetcher's clock speaks."""
    oslo = replace(answer(), received=datetime(2026, 7, 1, 8, 0, tzinfo=ZoneInfo("Europe/Oslo")))
    [receipt] = put(store, oslo)
    assert receipt.snapshot.retrieved == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert '"retrieved": "2026-07-01T06:00:00+00:00"' in (store.root / "manifest.jsonl").read_text()


@pytest.mark.fault("S12")
@pytest.mark.parametrize("place", ["blobs", "blobs/{ab}", "blobs/{ab}/{rest}", "manifest.jsonl", "holder.json", "lock"])
def test_a_link_inside_the_store_is_not_written_through(store: Store, tmp_path: Path, place: str) -> None:
    """A symbolic link that leads out of the store is refused by name, and nothing is written where it leads."""
    outside = tmp_path / "outside"
    outside.mkdir()
    sha256 = hashlib.sha256(answer().body).hexdigest()
    link = store.root / place.format(ab=sha256[:2], rest=sha256[2:])
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if link.name in {"blobs", sha256[:2]} else outside / "file")
    with pytest.raises(SnapshotError, match="symbolic link") as caught:
        put(store, answer())
    assert str(link) in str(caught.value)
    assert list(outside.iterdir()) == []


def test_a_store_that_is_itself_behind_a_link_works(tmp_path: Path) -> None:
    """Where the store is kept is the user's affair."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "disk")
    [receipt] = put(Store(tmp_path / "store"), answer())
    assert Store(tmp_path / "disk").read(receipt.snapshot) == answer().body


def test_metadata_is_kept_beside_the_data_of_its_table(store: Store) -> None:
    """An answer whose question is words is found by the same words, and its command fetches the table."""
    put(store, answer(), answer(query="metadata?lang=no", body=b"metadata"))
    found = store.latest("SSB", "03321", query="metadata?lang=no")
    assert store.read(found) == b"metadata"
    assert found.command == "nordstat fetch SSB:03321"


def test_an_answer_that_is_no_longer_stale_is_a_new_vintage(store: Store) -> None:
    """What a service's cache gave is marked, and the same bytes given as fresh replace it."""
    put(store, answer(stale=True))
    assert store.latest("SSB", "03321", query=QUERY).stale
    assert put(store, answer(later=60))[0].stored
    assert not store.latest("SSB", "03321", query=QUERY).stale


def test_a_long_query_is_shortened_in_the_sentence_and_whole_in_the_command(store: Store) -> None:
    """A selection of hundreds of codes does not bury what the error says."""
    codes = tuple(f"{code:04d}" for code in range(300))
    with pytest.raises(SnapshotMissingError) as caught:
        store.latest("SSB", "03321", query={"Region": codes})
    assert len(caught.value.what) < 300
    assert caught.value.hint.endswith(f"Region={','.join(codes)}")
