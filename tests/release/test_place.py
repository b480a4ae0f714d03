"""Putting a folder in its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nordstat.release.place import put

READER = """
import os, sys
print("reading", flush=True)
misses = looks = 0
while not os.path.exists("stop"):
    looks += 1
    misses += not os.path.exists("r/data")
print(misses, looks)
"""


@pytest.mark.fault("S01")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux exchanges two folders in one step")
def test_a_reader_never_finds_nothing(tmp_path: Path) -> None:
    """While the release is replaced five hundred times, another process that looks always finds one."""

    def new() -> Path:
        folder = tmp_path / "new"
        folder.mkdir(exist_ok=True)
        (folder / "data").write_text("whole")
        return folder

    put(new(), tmp_path / "r")
    with subprocess.Popen([sys.executable, "-c", READER], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "reading\n"
        for _ in range(500):
            put(new(), tmp_path / "r")
        (tmp_path / "stop").touch()
        misses, looks = map(int, reader.stdout.read().split())
    assert misses == 0
    assert looks > 0
