"""Everything that can go wrong, as one tree.

::

    NordstatError
    ├ SettingsError                       a setting or an argument cannot be used
    ├ SourceError                         a service did not give what was asked for
    │  ├ UnreachableError                 no answer, or none that was whole
    │  ├ RateLimitedError                 the service asks to wait longer than the run may
    │  ├ RefusedAddressError              an address or a redirect nordstat does not follow
    │  └ ApiRefusedError                  the service answered, and said no
    │     ├ TableNotFoundError
    │     ├ SelectionTooLargeError
    │     └ UnknownSelectionError         a variable or a code the table does not have
    ├ OfflineError                        the network was needed and is switched off
    ├ DriftError                          a table no longer looks as it was described
    ├ SnapshotError
    │  ├ SnapshotMissingError
    │  └ ChecksumMismatchError
    ├ LockHeldError                       another run holds the lock
    ├ DecodeError                         a document contradicts itself or cannot be read
    │  ├ ShapeMismatchError
    │  └ UnknownStatusError
    ├ MappingError                        a fault in mappings/, with file and line
    │  ├ UnknownCodeError
    │  │  └ MixedVersionsError            codes that no single version holds together
    │  ├ AmbiguousCorrespondenceError
    │  └ OutsideValidityError
    ├ MappingErrors                       all faults of one reading, as a group
    ├ NotComparableError                  two definitions that no bridge joins
    ├ SchemaViolationError                a frame that breaks its schema, with the failing rows
    ├ ReleaseError                        a release that cannot be written, read or verified
    └ ReconciliationError                 a verdict the gate does not let through, or a check that cannot be made
       ├ BreakInSeriesError               a change over a break, which says nothing
       └ CannotBalanceError               numbers that cannot be made to add up within what they stand for

Every error says what happened, where, and what to do next; the parts are attributes, so that a program
need not read the sentence. ``exit_code`` is what the command line ends with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self


class NordstatError(Exception):
    """A fault nordstat can explain.

    Parameters
    ----------
    what : str
        What happened, in words a statistician understands.
    where : str, optional
        File and line, table, or address.
    hint : str, optional
        What to do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  {self.hint}" if self.hint else text

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


class SettingsError(NordstatError):
    """A setting or an argument that cannot be used."""

    exit_code = 2


class SourceError(NordstatError):
    """A service did not give what was asked for.

    Parameters
    ----------
    what : str
        What happened.
    service, table, url, hint : str, optional
        Who was asked, for what, and where; and what to do next.
    """

    exit_code = 3

    def __init__(self, what: str, *, service: str = "", table: str = "", url: str = "", hint: str = "") -> None:
        where = " ".join(part for part in (f"{service}:{table}".strip(":"), url) if part)
        super().__init__(what, where=where, hint=hint)
        self.service = service
        self.table = table
        self.url = url


class UnreachableError(SourceError):
    """No answer came, or none that was whole."""


class RateLimitedError(SourceError):
    """The service asks to wait longer than this run may."""


class RefusedAddressError(SourceError):
    """An address or a redirect that nordstat does not follow."""


class ApiRefusedError(SourceError):
    """The service answered and said no.

    Parameters
    ----------
    what : str
        What happened.
    status : int
        HTTP status code.
    title, detail : str, optional
        The answer's own words; the rest as in `SourceError`.
    """

    def __init__(self, what: str, *, status: int, title: str = "", detail: str = "", **place: str) -> None:
        super().__init__(what, **place)
        self.status = status
        self.title = title
        self.detail = detail


class TableNotFoundError(ApiRefusedError):
    """The service knows no such table."""


class SelectionTooLargeError(ApiRefusedError):
    """More cells were asked for than one answer may hold."""


class UnknownSelectionError(ApiRefusedError):
    """A variable or a code that the table does not have."""

    exit_code = 2


class OfflineError(NordstatError):
    """The network was needed and is switched off."""

    exit_code = 3


class DriftError(NordstatError):
    """A table no longer looks as it was described.

    Parameters
    ----------
    what : str
        The table and the kind of change.
    differences : sequence of str
        One readable line a difference.
    """

    def __init__(self, what: str, *, differences: Sequence[str] = (), where: str = "", hint: str = "") -> None:
        lines = "".join(f"\n  - {line}" for line in differences)
        super().__init__(f"{what}{lines}", where=where, hint=hint)
        self.differences = tuple(differences)


class SnapshotError(NordstatError):
    """The snapshot store cannot give or take what was asked."""


class SnapshotMissingError(SnapshotError):
    """No snapshot answers this query.

    Parameters
    ----------
    what : str
        What was asked for, and what there is instead.
    service, table, query : str, optional
        The question, the query as canonical JSON.
    hint : str, optional
        The command that would fetch it.
    """

    exit_code = 3

    def __init__(self, what: str, *, service: str = "", table: str = "", query: str = "", hint: str = "") -> None:
        super().__init__(what, where=f"{service}:{table}".strip(":"), hint=hint)
        self.service = service
        self.table = table
        self.query = query


class ChecksumMismatchError(SnapshotError):
    """Bytes that no longer are what the manifest says."""


class LockHeldError(NordstatError):
    """Another run holds the lock.

    Parameters
    ----------
    what : str
        Who holds it, and since when.
    pid, host, since : int, str, datetime, optional
        The holder; ``None`` and empty where it has not signed yet.
    where, hint : str, optional
        As in `NordstatError`.
    """

    exit_code = 5

    def __init__(
        self,
        what: str,
        *,
        pid: int | None = None,
        host: str = "",
        since: datetime | None = None,
        where: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.pid = pid
        self.host = host
        self.since = since


class DecodeError(NordstatError):
    """A document that contradicts itself or cannot be read."""


class ShapeMismatchError(DecodeError):
    """Sizes, positions and values that do not fit together."""


class UnknownStatusError(DecodeError):
    """A status symbol that the agency's legend does not have."""


class MappingError(NordstatError):
    """A fault in a mappings folder.

    Parameters
    ----------
    what : str
        What is wrong.
    file : Path or str
        The file it stands in.
    line : int, optional
        Line in the file, counted from 1; 0 where the whole file is meant.
    hint : str, optional
        What to do next.
    """

    def __init__(self, what: str, *, file: Path | str, line: int = 0, hint: str = "") -> None:
        super().__init__(what, where=f"{file}:{line}" if line else str(file), hint=hint)
        self.file = Path(file)
        self.line = line


class UnknownCodeError(MappingError):
    """A code that its codelist does not have."""

    def __init__(
        self,
        what: str,
        *,
        file: Path | str = "",
        line: int = 0,
        hint: str = "",
        codes: Sequence[str] = (),
    ) -> None:
        super().__init__(what, file=file, line=line, hint=hint)
        self.codes = tuple(codes)
        if not file:
            self.where = ""


class MixedVersionsError(UnknownCodeError):
    """Codes of one column that no single version of their classification holds together."""


class AmbiguousCorrespondenceError(MappingError):
    """A correspondence that gives one code more targets than it may."""


class OutsideValidityError(MappingError):
    """A code used outside the time it was in force."""


class MappingErrors(NordstatError, ExceptionGroup[MappingError]):  # noqa: N818 - a group, not one error
    """All faults found in one reading of a mappings folder."""

    def __new__(cls, what: str, faults: Sequence[MappingError]) -> Self:
        """Make the group with its members, as `ExceptionGroup` needs it."""
        return super().__new__(cls, what, list(faults))

    def __init__(self, what: str, faults: Sequence[MappingError]) -> None:
        NordstatError.__init__(self, what)
        self.args = (what, list(faults))
        self.faults = tuple(faults)

    def derive(self, excs: Sequence[Any], /) -> MappingErrors:  # type: ignore[override]
        """Give the group for a part of the faults (`ExceptionGroup` protocol)."""
        return MappingErrors(self.what, excs)

    def __str__(self) -> str:
        return "\n".join([f"{self.what}: {len(self.faults)} found", *map(str, self.faults)])


class NotComparableError(NordstatError):
    """Two definitions that differ where no bridge joins them.

    Parameters
    ----------
    what : str
        What was to be compared.
    facets : sequence of str
        The facets that differ and have no step.
    hint : str, optional
        What to do next.
    """

    def __init__(self, what: str, *, facets: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.facets = tuple(facets)


class SchemaViolationError(NordstatError):
    """A frame that breaks its schema.

    Parameters
    ----------
    what : str
        Which schema, and how many rows fail.
    failures : object
        Frame of failing cases: column, check, value, row.
    """

    def __init__(self, what: str, *, failures: Any, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.failures = failures


class ReleaseError(NordstatError):
    """A release that cannot be written, read or verified."""


class ReconciliationError(NordstatError):
    """A verdict that the gate does not let through, or a check that cannot be made."""


class BreakInSeriesError(ReconciliationError):
    """A change over a break in a series, which says nothing by itself.

    Parameters
    ----------
    what : str
        Which change, and over which breaks.
    breaks : sequence of str
        Ids of the breaks that no linking factor was named for.
    hint : str, optional
        What to do next.
    """

    def __init__(self, what: str, *, breaks: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.breaks = tuple(breaks)


class CannotBalanceError(ReconciliationError):
    """Numbers that cannot be made to add up within what they stand for.

    Parameters
    ----------
    what : str
        Why not.
    names : sequence of str
        Rows, columns or figures that stand in the way.
    hint : str, optional
        What to do next.
    """

    def __init__(self, what: str, *, names: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.names = tuple(names)


def _restored(cls: type[Any], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = cls.__new__(cls, *args)  # whole out of a worker process, whatever its arguments were
    error.__dict__.update(state)
    return error
