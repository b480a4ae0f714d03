"""A PxWeb service for tests: real HTTP on 127.0.0.1, with the agencies' limits, errors and quirks.

It serves PxWeb v1, PxWebApi v2 and Klass over tables that the test states, keeps a log of what was asked, and spoils
answers on demand. Standard library, numpy and orjson; nothing of nordstat::

    region = ServedDimension("Region", "region", {"0301": "Oslo", "3001": "Halden"}, elimination=True)
    contents = ServedDimension("ContentsCode", "statistikkvariabel", {"Pendlere": "Pendlere"})
    year = ServedDimension("Tid", "år", {"2022": "2022", "2023": "2023"}, time=True)
    table = ServedTable("11616", "Pendlere", [region, contents, year], [1, 2, None, 4], status={2: ":"})
    with PxWebServer([table], flavour="ssb", faults=[Fault("status", status=503, times=2)]) as server:
        requests.get(f"{server.v2}/tables/11616/metadata")
        server.log[0].status  # 503

Tables of recorded answers and PX files are made in ``recorded`` and ``px_files``. Not served: xlsx, html, json-px and
parquet, variants of Klass, and the wrap of the real service's 32-bit cell count above 2 ** 31.
"""

from .classifications import KlassChange, KlassClassification, KlassCode, KlassMap, KlassVersion
from .faults import Fault
from .flavours import FLAVOURS, Flavour
from .limits import Limits
from .server import PxWebServer, Request
from .tables import ServedCodelist, ServedDimension, ServedTable

__all__ = [
    "FLAVOURS",
    "Fault",
    "Flavour",
    "KlassChange",
    "KlassClassification",
    "KlassCode",
    "KlassMap",
    "KlassVersion",
    "Limits",
    "PxWebServer",
    "Request",
    "ServedCodelist",
    "ServedDimension",
    "ServedTable",
]
