"""Statistics Norway (SSB): Statbank through PxWebApi v2 and v1, and the classification server Klass."""

from __future__ import annotations

from datetime import time

from nordstat.sources.budget import Pace
from nordstat.sources.service import Interface, QuietTime, Service, Terms

SSB = Service(
    name="SSB",
    office="Statistisk sentralbyrå (Statistics Norway)",
    languages=("no", "en"),
    interfaces={
        "v2": Interface(
            address="https://data.ssb.no/api/pxwebapi/v2",  # released in October 2025
            # 800,000 cells by /config (2026-08-30). /config tells no pace (0/0); the headers told 40 in 60 s
            # (2026-09-09), the written guide says 30 a minute: the guide holds until a header tells more.
            terms=Terms(cells=800_000, pace=Pace(30, 60.0)),
        ),
        "v1": Interface(
            address="https://data.ssb.no/api/v0/{language}",
            # ?config told 300 in 60 s (2026-09), the written guide says 30: the guide holds until ?config is read.
            terms=Terms(cells=800_000, pace=Pace(30, 60.0), values=50_000),
            database="table",
        ),
        "klass": Interface(
            address="https://data.ssb.no/api/klass/v1",
            # No limit is published (guide read 2026-11); the strictest pace of the two offices is kept to.
            terms=Terms(cells=0, pace=Pace(30, 60.0)),
        ),
    },
    licence="CC BY 4.0",
    attribution="Source: Statistics Norway",
    quiet=(
        # Figures to be revised at 08:00 show as 0 or a dot from 05:00 on; caches fill until 08:15 (2026-08).
        QuietTime(
            time(5, 0), time(8, 15), "SSB publishes at 08:00; from 05:00 a figure may show as 0, until 08:15 slowly"
        ),
        QuietTime(time(11, 30), time(11, 45), "SSB reloads its metadata at 11:30; tables may be away"),
    ),
)
