"""What every descriptor of a release says of it: its name, its day, its content hash, its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nordstat.errors import ReleaseError, SettingsError
from nordstat.model.release import ReleaseContent
from nordstat.release.sources import Source, newest_day, offices, read_sources

SCHEMA = 1
"""Version of the layout of a release; a reader refuses a newer one and still reads the older ones."""

TITLE = "Cross-border commuting between Sweden and Norway: published numbers, definitions, intervals and verdicts"
MAKER = "The nordstat developers"
DESCRIPTION = (
    "Counts of people who live on one side of the Swedish-Norwegian border and work on the other, from Statistics "
    "Sweden, Statistics Norway and cited publications, coded in one set of classifications. Every observation carries "
    "its definition and the interval it stands for; every published figure carries a verdict and its evidence."
)
KEYWORDS = ("commuting", "cross-border", "labour market", "Norway", "official statistics", "Sweden")


@dataclass(frozen=True, slots=True)
class Edition:
    """One release, as its descriptors name it.

    Attributes
    ----------
    version : str
        Calendar version.
    created : str
        Instant in UTC: SOURCE_DATE_EPOCH, or else the day the newest source was retrieved.
    content_hash : str
        sha256 of observations.csv, whose bytes are the same on every machine.
    library : str
        Version of nordstat that made it.
    sources : tuple of Source
        By publisher and id.
    """

    version: str
    created: str
    content_hash: str
    library: str
    sources: tuple[Source, ...]

    @property
    def name(self) -> str:
        """Version and the start of the content hash."""
        return f"{self.version} ({self.content_hash[:12]})"

    @property
    def day(self) -> str:
        """The day of the release."""
        return self.created[:10]

    @property
    def year(self) -> int:
        """The year of the release."""
        return int(self.created[:4])

    @property
    def creators(self) -> tuple[str, ...]:
        """Who made it, and the offices whose numbers it holds."""
        return MAKER, *offices(self.sources)


def edition(content: ReleaseContent, *, content_hash: str, environ: Mapping[str, str]) -> Edition:
    """Give the edition of some content.

    Raises
    ------
    ReleaseError
        For sources that cannot be cited.
    SettingsError
        For a SOURCE_DATE_EPOCH that is no number of seconds.
    """
    sources = read_sources(content.sources)
    library = str(content.provenance.get("library_version", ""))
    return Edition(content.version, _created(sources, environ), content_hash, library, sources)


def read_edition(descriptor: Mapping[str, Any]) -> Edition:
    """Give the edition a datapackage.json describes.

    Raises
    ------
    ReleaseError
        Where it is no release of nordstat, or one of a newer layout.
    """
    own = descriptor.get("nordstat")
    if not isinstance(own, Mapping) or not isinstance(own.get("schema"), int):
        raise ReleaseError("datapackage.json describes no nordstat release")
    if own["schema"] > SCHEMA:
        raise ReleaseError(
            f"the release has layout {own['schema']}; this nordstat reads up to {SCHEMA}",
            hint="Install a newer nordstat.",
        )
    sources = read_sources(descriptor["sources"])
    return Edition(descriptor["version"], descriptor["created"], own["content_sha256"], own["library_version"], sources)


def _created(sources: tuple[Source, ...], environ: Mapping[str, str]) -> str:
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return f"{newest_day(sources)}T00:00:00Z"
    if not (epoch.isascii() and epoch.isdigit()):
        raise SettingsError(f"SOURCE_DATE_EPOCH is {epoch!r}", hint="Give whole seconds since 1970, or leave it out.")
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
