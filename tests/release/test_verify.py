"""Verifying a release."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nordstat.errors import ReleaseError
from nordstat.release import canonical, fixity
from nordstat.release.open import open_release
from nordstat.release.write import write_release
from nordstat.schema.columns import KEY, OBSERVATION
from release.samples import content, observations
from release.test_write import FILES


def resealed(folder: Path) -> list[str]:
    """The faults found once somebody who changed a file has made the sums fit again."""
    (folder / fixity.SUMS).write_text(fixity.sums(folder))
    return open_release(folder).faults()


def edited(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    changed = change(text)
    assert changed != text
    path.write_bytes(changed.encode())


def redescribed(folder: Path, name: str) -> None:
    """Make datapackage.json fit a changed file."""
    told = json.loads((folder / "datapackage.json").read_bytes())
    body = (folder / name).read_bytes()
    for entry in told["resources"]:
        if entry["path"] == name:
            entry |= {"hash": f"sha256:{hashlib.sha256(body).hexdigest()}", "bytes": len(body)}
    (folder / "datapackage.json").write_text(canonical.json_text(told))


def test_a_release_as_written_is_sound(sample_folder: Path) -> None:
    """Nothing is found wrong with it."""
    release = open_release(sample_folder)
    assert release.faults() == []
    release.verify()


@pytest.mark.parametrize("name", sorted(FILES))
def test_any_changed_byte_of_any_file_is_found(name: str, folder: Path) -> None:
    """One bit in one byte, anywhere in any file, and the file is named."""
    path = folder / name
    body = path.read_bytes()
    chance = random.Random(name)
    for place in {0, len(body) // 2, len(body) - 1, *(chance.randrange(len(body)) for _ in range(25))}:
        broken = bytearray(body)
        broken[place] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        found = list(fixity.damaged(folder))
        assert found, f"byte {place} of {name}"
        assert all(name in fault for fault in found), f"byte {place} of {name}: {found}"


def test_every_byte_of_the_list_of_sums_counts(folder: Path) -> None:
    """The list itself cannot be changed unnoticed, not in any of its bytes."""
    path = folder / fixity.SUMS
    body = path.read_bytes()
    chance = random.Random(5)
    for place in range(len(body)):
        broken = bytearray(body)
        broken[place] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        assert fixity.listed(folder) != open_sums(body), place


@pytest.mark.parametrize(
    "change",
    [lambda lines: lines[::-1], lambda lines: [*lines, lines[-1]], lambda lines: [*lines, "\n"], lambda _: []],
    ids=["another order", "a line twice", "an empty line", "no line"],
)
def test_the_list_of_sums_has_one_form(change: Callable[[list[str]], list[str]], folder: Path) -> None:
    """Sorted, each file once, nothing else: any other list is no list."""
    path = folder / fixity.SUMS
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    assert open_release(folder).faults() == ["SHA256SUMS: is missing, or is no list of sums"]


def open_sums(body: bytes) -> dict[str, str]:
    return {line[66:]: line[:64] for line in body.decode().splitlines()}


@pytest.mark.parametrize("name", sorted(FILES - {"datapackage.json"}))
def test_a_missing_file_is_found(name: str, folder: Path) -> None:
    """A file that went is named."""
    (folder / name).unlink()
    assert [fault.split(":")[0] for fault in open_release(folder).faults()] == [name]


def test_a_truncated_file_is_found(folder: Path) -> None:
    """A file of zero length after a power cut is named."""
    (folder / "observations.parquet").write_bytes(b"")
    assert open_release(folder).faults()[0].startswith("observations.parquet: differs from its line in SHA256SUMS")


def test_a_file_that_is_not_listed_is_found(folder: Path) -> None:
    """A file that nobody wrote into the release is named."""
    (folder / "observations_fixed.csv").write_text("better numbers")
    assert open_release(folder).faults() == ["observations_fixed.csv: is not listed in SHA256SUMS"]


def test_a_link_in_place_of_a_file_is_found(folder: Path, tmp_path: Path) -> None:
    """The same bytes through a link are not the release's own."""
    (folder / "figures.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "figures.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert open_release(folder).faults() == ["figures.csv: is no plain file"]


def test_verify_raises_with_every_fault(folder: Path) -> None:
    """The error lists all faults and says what to do."""
    (folder / "figures.csv").unlink()
    (folder / "README.md").write_text("hello")
    with pytest.raises(ReleaseError) as caught:
        open_release(folder).verify()
    assert "figures.csv: is missing" in str(caught.value)
    assert "README.md: differs" in str(caught.value)
    assert "good copy" in str(caught.value)


def test_a_changed_number_is_found_even_with_new_sums(folder: Path) -> None:
    """Sums made to fit do not help: Parquet, CSV and content hash must agree."""
    edited(folder / "observations.csv", lambda text: text.replace("17749,17749,17749", "17750,17750,17750"))
    redescribed(folder, "observations.csv")
    assert resealed(folder)[0].startswith("observations.parquet: does not give the content hash")


def test_sdmx_must_hold_the_same_rows(folder: Path) -> None:
    """A number changed in the SDMX-CSV only is found."""
    edited(folder / "observations.sdmx.csv", lambda text: text.replace("17749,17749", "17750,17750"))
    redescribed(folder, "observations.sdmx.csv")
    assert resealed(folder) == ["observations.sdmx.csv: does not hold the rows of observations.parquet"]


def test_a_file_must_be_as_described(folder: Path) -> None:
    """Size and hash in datapackage.json are checked too."""
    edited(folder / "definitions.json", lambda text: text.replace("Not stated", "Not known"))
    assert resealed(folder) == ["definitions.json: differs from its description in datapackage.json"]


@pytest.mark.fault("E11")
def test_statuses_outside_the_list_are_found(folder: Path, tmp_path: Path) -> None:
    """What the package validator does not enforce, the schema does."""
    assert any("obs_status is not one of" in fault for fault in rewritten(folder, obs_status="Z"))


@pytest.mark.fault("E11")
def test_a_doubled_key_is_found(folder: Path) -> None:
    """Two rows with one key are found, though the package validator does not look."""
    faults = rewritten(folder, time_period="2016-Q4", source="F080", measure="jobs", unit_measure="JOBS")
    assert any("gives the same key more than once" in fault for fault in faults)


def rewritten(folder: Path, **changes: str) -> list[str]:
    """The faults of a release whose Parquet somebody changed and signed again throughout."""
    frame = observations().astype("object").assign(**changes)
    frame["source"] = frame["source"] if "source" not in changes else changes["source"]
    typed = {column.name: frame[column.name] for column in OBSERVATION}
    table = pa.Table.from_pandas(pd.DataFrame(typed), preserve_index=False).cast(canonical.arrow_schema(OBSERVATION))
    pq.write_table(table, folder / "observations.parquet")
    return resealed(folder)


def test_rows_out_of_order_are_found(folder: Path) -> None:
    """The order of rows is part of the promise."""
    path = folder / "observations.parquet"
    table = pq.read_table(path)
    pq.write_table(table.take(list(range(len(table)))[::-1]), path)
    assert "observations.parquet: rows are not in the order of their keys" in resealed(folder)


def test_a_parquet_that_does_not_name_its_content_is_found(folder: Path) -> None:
    """The same rows without the release's own metadata are not the release's file."""
    path = folder / "observations.parquet"
    pq.write_table(pq.read_table(path), path)
    assert [fault.split(":")[0] for fault in resealed(folder)] == ["observations.parquet"]


def test_a_parquet_file_that_is_none_is_found(folder: Path) -> None:
    """Bytes that are no Parquet are a fault and no crash."""
    (folder / "observations.parquet").write_bytes(b"PAR1 but not really PAR1")
    assert resealed(folder)[0].startswith("observations.parquet: cannot be read")


def test_a_wrong_row_count_is_found(folder: Path) -> None:
    """The descriptor's number of rows is checked."""
    edited(folder / "datapackage.json", lambda text: text.replace('"nordstat:rows": 5', '"nordstat:rows": 6'))
    assert "observations.parquet: has 5 rows, datapackage.json says 6" in resealed(folder)


def test_a_wrong_content_hash_is_found(folder: Path) -> None:
    """A descriptor that names another content hash does not pass."""
    right = open_release(folder).edition.content_hash
    edited(folder / "datapackage.json", lambda text: text.replace(f'"{right}"', f'"{"0" * 64}"'))
    faults = resealed(folder)
    assert any(fault.startswith("observations.parquet: does not give the content hash") for fault in faults)
    assert "CITATION.cff: does not name the content hash" in faults


def test_verdicts_must_agree(folder: Path) -> None:
    """The table and the list of verdicts say the same of each figure."""
    edited(
        folder / "reconciliation.json", lambda text: text.replace('"verdict": "inconsistent"', '"verdict": "explained"')
    )
    redescribed(folder, "reconciliation.json")
    assert resealed(folder) == ["reconciliation.json: gives other verdicts than reconciliation.csv"]


def test_a_table_in_another_form_is_found(folder: Path) -> None:
    """17000.0 is not how a release writes 17000."""
    edited(folder / "figures.csv", lambda text: text.replace("17000", "17000.0"))
    redescribed(folder, "figures.csv")
    assert resealed(folder) == ["figures.csv: is not in canonical form"]


def test_a_table_with_another_header_is_found(folder: Path) -> None:
    """A renamed column is found."""
    edited(folder / "figures.csv", lambda text: text.replace("figure,", "id,", 1))
    redescribed(folder, "figures.csv")
    assert resealed(folder)[0].startswith("figures.csv: has other columns than datapackage.json names")


def test_a_table_with_a_broken_cell_is_found(folder: Path) -> None:
    """A verdict nobody knows is found by the schema."""
    edited(folder / "reconciliation.csv", lambda text: text.replace(",inconsistent,", ",confirmed,"))
    redescribed(folder, "reconciliation.csv")
    assert resealed(folder)[0].startswith("reconciliation.csv: 1 check fails")


def test_columns_must_be_those_of_the_layout(folder: Path) -> None:
    """A descriptor that takes a column away is found."""

    def without_snapshot(text: str) -> str:
        told = json.loads(text)
        told["resources"][0]["schema"]["fields"].pop()
        return canonical.json_text(told)

    edited(folder / "datapackage.json", without_snapshot)
    assert resealed(folder)[0] == "datapackage.json: describes other columns than layout 1 has"


def test_order_holds_across_batches(tmp_path: Path) -> None:
    """More rows than a batch holds are verified, each batch against the end of the one before."""
    count = canonical.ROWS + 3
    frame = observations(*[{}]).loc[[0] * count].reset_index(drop=True)
    frame["source"] = pd.Series([f"F{number:07}" for number in range(count)], dtype="category")
    folder = write_release(content(observations=frame), tmp_path / "r")
    assert open_release(folder).faults() == []
    table = pq.read_table(folder / "observations.parquet")
    places = [*range(3, count), 0, 1, 2]
    pq.write_table(table.take(places), folder / "observations.parquet")
    assert "observations.parquet: rows are not in the order of their keys" in resealed(folder)


def test_the_key_of_the_descriptor_is_the_key(sample_folder: Path) -> None:
    """What makes an observation one observation stands in the descriptor."""
    assert open_release(sample_folder).table("observations").key == KEY
