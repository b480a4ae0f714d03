"""The Nordic Statistics Database: cross-border commuting as the Nordic offices counted it together, PxWeb v1 only."""

from __future__ import annotations

from nordstat.sources.budget import Pace
from nordstat.sources.service import Interface, Service, Terms

NORDIC = Service(
    name="NORDIC",
    office="Nordic Statistics Database (Nordic Council of Ministers)",
    languages=("en",),
    interfaces={
        "v1": Interface(
            # A table is named by its whole path below the language, the database included
            address="https://pxweb.nordicstatistics.org/api/v1/{language}",
            terms=Terms(cells=1_000_000, pace=Pace(100, 10.0), values=1_000_000),  # list of installations, 2026-09
        ),
    },
    licence="not stated by the service; name the source",
    attribution="Source: Nordic Statistics Database",
    time_zone="Europe/Copenhagen",
)
