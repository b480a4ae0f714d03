"""Opening a release."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nordstat.errors import ReleaseError
from nordstat.release import canonical, fixity
from nordstat.release.descriptor import read_table
from nordstat.release.edition import SCHEMA
from nordstat.release.open import open_release
from nordstat.schema.columns import KEY, OBSERVATION
from nordstat.schema.keys import order
from nordstat.schema.observations import check_observations
from release.samples import content, observations


@pytest.fixture
def zipped(sample_folder: Path, tmp_path: Path) -> Path:
    return fixity.write_zip(sample_folder, tmp_path / "2026.1.zip")


def harmful(path: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        change(archive)
    return path


def test_observations_come_back_as_they_went_in(sample_folder: Path) -> None:
    """Types, empty cells and values survive; rows come in the order of their keys."""
    frame = observations().iloc[order(observations(), KEY)].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        open_release(sample_folder).observations, frame, check_categorical=False, check_column_type=False
    )


def test_observations_read_back_pass_the_schema(sample_folder: Path) -> None:
    """What a release gives can be put into another."""
    check_observations(open_release(sample_folder).observations)


def test_tables_and_texts_come_back(sample_folder: Path) -> None:
    """Figures, verdicts, definitions and provenance are there."""
    release = open_release(sample_folder)
    assert release.figures["figure"].tolist() == ["F281", "F283"]
    assert release.figures["obs_value"].tolist() == [17000, 2.6]
    assert release.reconciliation["verdict"].tolist() == ["consistent", "inconsistent"]
    assert [entry["figure"] for entry in release.verdicts] == ["F281", "F283"]
    assert release.definitions == content().definitions
    assert release.provenance["mappings_sha256"] == "ab" * 32
    assert release.provenance["content_sha256"] == release.edition.content_hash


def test_the_descriptor_gives_back_the_dictionary(sample_folder: Path) -> None:
    """The columns read from datapackage.json are those of the column dictionary."""
    assert open_release(sample_folder).table("observations").columns == OBSERVATION


def test_a_zip_opens_like_a_folder(zipped: Path, sample_folder: Path) -> None:
    """The same release, verified, from one file."""
    release = open_release(zipped)
    release.verify()
    pd.testing.assert_frame_equal(release.observations, open_release(sample_folder).observations)


def test_a_zip_made_by_hand_opens_too(sample_folder: Path, tmp_path: Path) -> None:
    """The files may lie in one folder of the zip, as a file manager packs them."""
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.mkdir("2026.1")
        for path in sample_folder.iterdir():
            archive.write(path, f"2026.1/{path.name}")
    open_release(tmp_path / "r.zip").verify()


@pytest.mark.fault("E08")
def test_a_zip_has_the_same_bytes_whenever_it_is_made(folder: Path, sample_folder: Path, tmp_path: Path) -> None:
    """No clock and no file time shows in it."""
    (folder / "figures.csv").touch()
    one, two = fixity.write_zip(sample_folder, tmp_path / "1.zip"), fixity.write_zip(folder, tmp_path / "2.zip")
    assert one.read_bytes() == two.read_bytes()


def test_an_unpacked_zip_goes_with_its_release(zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays in the folder for temporary files."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    release = open_release(zipped)
    assert release.folder.parent == tmp_path / "temp"
    del release
    assert list((tmp_path / "temp").iterdir()) == []


@pytest.mark.fault("S15")
@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/b/evil.csv", "..", "C:\\evil.csv", ".hidden"])
def test_a_zip_that_reaches_elsewhere_is_refused(name: str, zipped: Path, tmp_path: Path) -> None:
    """An entry outside the folder is named, and nothing is unpacked."""
    harmful(zipped, lambda archive: archive.writestr(name, "evil"))
    with pytest.raises(ReleaseError, match="a zip that is not opened") as caught:
        open_release(zipped)
    assert name.replace("\\", "/").split("/")[-1] in str(caught.value).replace("\\", "/")
    assert [path.name for path in tmp_path.iterdir()] == [zipped.name]


@pytest.mark.fault("S15")
def test_a_zip_with_a_link_is_refused(zipped: Path) -> None:
    """A link in a zip is not followed."""

    def link(archive: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo("link.csv")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")

    with pytest.raises(ReleaseError, match=r"link\.csv: is a link"):
        open_release(harmful(zipped, link))


@pytest.mark.fault("S15")
def test_a_zip_that_unpacks_to_too_much_is_refused(zipped: Path) -> None:
    """Ten gigabytes of zeros are refused before one is written."""

    def claim(archive: zipfile.ZipFile) -> None:
        archive.writestr("zeros.csv", "0")
        archive.infolist()[-1].file_size = 10 * 2**30

    with pytest.raises(ReleaseError, match="unpacks to more than 8 GiB"):
        open_release(harmful(zipped, claim))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_a_name_twice_is_refused(zipped: Path) -> None:
    """The last one does not win."""
    with pytest.raises(ReleaseError, match="in one folder, each once"):
        open_release(harmful(zipped, lambda archive: archive.writestr("figures.csv", "figure\n")))


def test_a_cut_off_zip_is_refused(zipped: Path) -> None:
    """Half a download is no release."""
    zipped.write_bytes(zipped.read_bytes()[:2000])
    with pytest.raises(ReleaseError, match="is no whole zip file"):
        open_release(zipped)


def test_a_zip_with_a_broken_entry_is_refused(zipped: Path) -> None:
    """A changed byte inside a zip is found while it is unpacked."""
    body = bytearray(zipped.read_bytes())
    body[len(body) // 2] ^= 1
    zipped.write_bytes(body)
    with pytest.raises(ReleaseError, match="is no whole zip file"):
        open_release(zipped)


def test_where_nothing_is_a_plain_sentence_says_so(tmp_path: Path) -> None:
    """Neither a missing path nor an empty folder is a traceback."""
    with pytest.raises(ReleaseError, match="no release is there"):
        open_release(tmp_path / "nowhere")
    with pytest.raises(ReleaseError, match=r"no release is there\n.*datapackage\.json"):
        open_release(tmp_path)


def test_the_folder_one_stands_in_is_a_release(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`nordstat verify .` is what a reader types."""
    monkeypatch.chdir(sample_folder)
    open_release(".").verify()


def test_a_release_shows_its_name_and_its_folder_first(sample_folder: Path) -> None:
    """And not its whole descriptor."""
    shown = open_release(sample_folder)
    assert repr(shown).splitlines()[0] == f"release {shown.edition.name} in {sample_folder}"


def test_another_data_package_is_no_release(tmp_path: Path) -> None:
    """A package of somebody else is not taken for one."""
    (tmp_path / "datapackage.json").write_text('{"name": "other", "resources": []}')
    with pytest.raises(ReleaseError, match="describes no nordstat release"):
        open_release(tmp_path)


def test_a_descriptor_that_is_no_json_is_named(tmp_path: Path) -> None:
    """The file stands in the error."""
    (tmp_path / "datapackage.json").write_text("{")
    with pytest.raises(ReleaseError, match=r"datapackage\.json: cannot be read"):
        open_release(tmp_path)


def as_layout(folder: Path, layout: int, *, without: str = "") -> None:
    """Make a release one of another layout, its tables without a column."""
    told = json.loads((folder / "datapackage.json").read_bytes())
    told["nordstat"]["schema"] = layout
    table = pq.read_table(folder / "observations.parquet")
    if without:
        schema = told["resources"][0]["schema"]
        schema["fields"] = [field for field in schema["fields"] if field["name"] != without]
        pq.write_table(table.drop_columns([without]), folder / "observations.parquet")
    (folder / "datapackage.json").write_text(canonical.json_text(told))


def test_a_newer_layout_is_refused(folder: Path) -> None:
    """A release of a later nordstat is not half understood."""
    as_layout(folder, SCHEMA + 1)
    with pytest.raises(ReleaseError, match=f"has layout {SCHEMA + 1}; this nordstat reads up to {SCHEMA}"):
        open_release(folder)


def test_an_older_layout_is_read_with_todays_columns(folder: Path) -> None:
    """A column that came later is there, and empty."""
    as_layout(folder, SCHEMA - 1, without="snapshot")
    frame = open_release(folder).observations
    assert list(frame.columns) == [column.name for column in OBSERVATION]
    assert frame["snapshot"].isna().all()
    check_observations(frame)


def test_an_older_layout_that_lacks_a_needed_column_is_refused(folder: Path) -> None:
    """What may never be empty is not made up."""
    as_layout(folder, SCHEMA - 1, without="conf_status")
    with pytest.raises(ReleaseError, match="has no conf_status"):
        _ = open_release(folder).observations


def test_a_resource_tells_its_table(sample_folder: Path) -> None:
    """Rows and key of each table stand in the descriptor."""
    told = json.loads((sample_folder / "datapackage.json").read_bytes())["resources"]
    tables = {entry["name"]: read_table(entry) for entry in told if "schema" in entry}
    assert {name: table.rows for name, table in tables.items()} == {
        "observations": 5,
        "observations-sdmx": 4,
        "reconciliation": 2,
        "figures": 2,
    }
    assert tables["figures"].key == ("figure",)
