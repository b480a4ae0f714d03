"""SHA256SUMS: whether a release still is, byte for byte, what was written."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from nordstat.errors import ReleaseError

SUMS = "SHA256SUMS"
PAGE = "report.html"
"""A page about a release may lie beside its files: it is made from them, and no part of what is verified."""

MAX_UNZIPPED = 8 * 2**30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({_NAME.pattern})\n")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def sha256(path: Path) -> str:
    """Give a file's sha256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums(folder: Path) -> str:
    """Give the text of SHA256SUMS for a folder, as ``sha256sum --check`` reads it."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in names)


def listed(folder: Path) -> dict[str, str]:
    """Give the files a release lists and their sums; nothing where the list is absent or damaged."""
    path = folder / SUMS
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    lines = _LINE.findall(text)
    names = [name for _, name in lines]
    whole = "".join(f"{digest}  {name}\n" for digest, name in lines) == text
    return {name: digest for digest, name in lines} if whole and names == sorted(set(names)) else {}


def damaged(folder: Path) -> Iterator[str]:
    """Give one sentence for every file that is missing, changed, or not listed."""
    expected = listed(folder)
    if not expected:
        yield f"{SUMS}: is missing, or is no list of sums"
        return
    there = {path.name: path for path in folder.iterdir() if path.name not in {SUMS, PAGE}}
    for name in sorted(expected.keys() | there.keys()):
        if name not in there:
            yield f"{name}: is missing, though {SUMS} lists it"
        elif name not in expected:
            yield f"{name}: is not listed in {SUMS}"
        elif there[name].is_symlink() or not there[name].is_file():
            yield f"{name}: is no plain file"
        elif (found := sha256(there[name])) != expected[name]:
            yield f"{name}: differs from its line in {SUMS} (sha256 {found[:12]}, listed {expected[name][:12]})"


def write_zip(folder: Path, out: Path) -> Path:
    """Give a release as one zip file: names in order and a fixed date, so the same bytes under the same zlib.

    Parameters
    ----------
    folder : Path
        The release.
    out : Path
        The zip file.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, whatever the system
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    return out


def unzip(path: Path, folder: Path) -> None:
    """Take a zipped release apart; the files may lie in one folder of the zip.

    Raises
    ------
    ReleaseError
        For a file that is no whole zip, and for one whose entries are links, lie elsewhere, or are too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry, name in zip(entries, _names(entries, path), strict=True):
                with archive.open(entry) as source, (folder / name).open("xb") as target:
                    shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise ReleaseError(f"is no whole zip file: {error}", where=str(path)) from None


def _names(entries: list[zipfile.ZipInfo], path: Path) -> list[str]:
    """Give the file names of a zip's entries, once none of them can do harm."""
    paths = [PurePosixPath(entry.filename) for entry in entries]
    faults = [f"{entry.filename}: is a link" for entry in entries if stat.S_ISLNK(entry.external_attr >> 16)]
    faults += [f"{place}: does not lie in the release's folder" for place in paths if not _is_plain(place)]
    if len({place.parent for place in paths}) > 1 or len({place.name for place in paths}) < len(paths):
        faults.append("the files do not lie in one folder, each once")
    if sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
        faults.append(f"unpacks to more than {MAX_UNZIPPED // 2**30} GiB")
    if faults:
        raise ReleaseError("\n  - ".join(["a zip that is not opened", *faults]), where=str(path))
    return [place.name for place in paths]


def _is_plain(place: PurePosixPath) -> bool:
    return len(place.parts) <= 2 and all(_NAME.fullmatch(part) for part in place.parts)
