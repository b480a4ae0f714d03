"""How hard to try: a minute in the suite, as long as one likes with ``NORDSTAT_FUZZ=100``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("NORDSTAT_FUZZ", "1"))


def effort(examples: int) -> settings:
    """Give the settings for so many examples: always the same ones, unless more are asked for."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )
