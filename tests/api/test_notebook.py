"""In a notebook: a real kernel, in which an event loop is running while a cell is."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.served import environment, flows, limits, settings_for
from pxweb_server import PxWebServer

pytestmark = [pytest.mark.fault("V06"), pytest.mark.filterwarnings("ignore")]  # about the libraries of the kernel
PATIENCE = 120.0


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows()], limits=limits(20)) as running:
        yield running


@pytest.fixture
def kernel(server: PxWebServer, tmp_path: Path) -> Iterator[Any]:
    """A client of a kernel of its own, whose nordstat asks the server."""
    manager = pytest.importorskip("jupyter_client", reason="jupyter is not installed").KernelManager(
        kernel_name="python3", ip="127.0.0.1"
    )
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    manager.start_kernel(env={"PATH": "", "IPYTHONDIR": str(tmp_path)} | environment(settings_for(tmp_path, server)))
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ran(kernel: Any, *lines: str) -> str:
    """Run a cell; give what it shows last."""
    cell, shown = kernel.execute("\n".join(lines)), ""
    while True:
        try:
            message = kernel.get_iopub_msg(timeout=PATIENCE)
        except queue.Empty:
            pytest.fail("the cell did not end")
        if message["parent_header"].get("msg_id") != cell:
            continue
        kind, content = message["msg_type"], message["content"]
        assert kind != "error", "\n".join(content["traceback"])
        if kind == "execute_result":
            shown = content["data"]["text/plain"]
        if kind == "status" and content["execution_state"] == "idle":
            return shown


def test_every_kind_of_work_goes_on_in_a_running_loop(kernel: Any) -> None:
    """Fetching in several requests, building, reconciling and an own await work in cells, one after the other."""
    assert ran(kernel, "import asyncio, nordstat as ns", "asyncio.get_running_loop().is_running()") == "True"
    assert ran(kernel, "cube = ns.fetch('SSB:03321', Tid='2022')", "len(cube.to_frame())") == "25"
    assert ran(kernel, "release = ns.build()", "int((release.observations.source == 'SSB:03321').sum())") == "25"
    assert ran(kernel, "str(ns.reconcile('F283').findings[0].verdict)") == "'inconsistent'"
    apart = "await asyncio.to_thread(ns.fetch, 'SSB:03321', Tid='2022')"
    assert ran(kernel, f"again = {apart}", "again.to_frame().equals(cube.to_frame())") == "True"
