"""Statistics Sweden (SCB): Statistikdatabasen through PxWebApi v2 and v1."""

from __future__ import annotations

from nordstat.sources.budget import Pace
from nordstat.sources.service import Interface, Service, Terms

SCB = Service(
    name="SCB",
    office="Statistiska centralbyrån (Statistics Sweden)",
    languages=("sv", "en"),
    interfaces={
        "v2": Interface(
            address="https://statistikdatabasen.scb.se/api/v2",  # the addresses with v2beta are the old ones
            terms=Terms(cells=150_000, pace=Pace(30, 10.0)),  # /config and the server's defaults, 2026-09-03
        ),
        "v1": Interface(
            address="https://api.scb.se/OV0104/v1/doris/{language}",  # promised "throughout 2026" (2025-10-28)
            terms=Terms(cells=150_000, pace=Pace(30, 10.0), values=110_000),  # ?config, 2026-09-03
            database="ssd",
            searches=False,  # ?query= is answered with 400, 2026-08-28
        ),
    },
    licence="CC0 1.0",
    attribution="Source: Statistics Sweden",
    time_zone="Europe/Stockholm",
    known_as={
        # v1 names a table by its matrix, v2 by an opaque id; pairs seen in answers and in public code up to 2026-07
        "ArRegPend1": "TAB1828",
        "ArRegPend2": "TAB1830",
        "ArRegArbStatus": "TAB3200",
        "AM0207PendlKomA9303": "TAB334",
        "AM0207PendlKomA04": "TAB333",
        "AM0207PendlKomA04N": "TAB5850",
        "TAB1828": "AM/AM0210/AM0210F/ArRegPend1",
        "TAB1830": "AM/AM0210/AM0210F/ArRegPend2",
        "TAB3200": "AM/AM0210/AM0210D/ArRegArbStatus",
        "TAB334": "AM/AM0207/AM0207L/AM0207PendlKomA9303",
        "TAB333": "AM/AM0207/AM0207L/AM0207PendlKomA04",
        "TAB5850": "AM/AM0207/AM0207Z/AM0207PendlKomA04N",
    },
    # SCB's metadata have no role.geo: its files call regions VARIABLE-TYPE "V" (TAB6471, 2026-06)
    geo=frozenset({"Region", "Bostadskommun", "Arbetsstallekommun", "Lan", "Kommun"}),
)
