"""A PxWeb service for tests: real HTTP on 127.0.0.1, with the agencies' limits, errors and quirks.

It serves PxWeb v1, PxWebApi v2 and Klass over tables that the test states, keeps a log of what was asked, and spoils
answers on demand. Standard library, numpy and orjson; nothing of nordstat.
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
