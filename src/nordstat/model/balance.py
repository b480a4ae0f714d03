"""Mass balances: what went into a conversion, what came out, and what did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """The balance of one measure in one period.

    Attributes
    ----------
    column : str
        Value column that was converted.
    measure : str
        Kind of number, from the column ``measure``; the value column itself where the frame has none.
    period : str
        Time period; empty where the frame names none.
    total_in : float
        Sum of the numbers that went in.
    total_out : float
        Sum of the numbers that came out.
    unmapped : float
        Sum of the numbers whose code has no counterpart.
    withheld : float
        Sum of the numbers that went into cells published as empty, because another part of the cell is missing.
    missing : int
        Cells that went in without a number.
    """

    column: str
    measure: str
    period: str
    total_in: float
    total_out: float
    unmapped: float = 0.0
    withheld: float = 0.0
    missing: int = 0

    @property
    def difference(self) -> float:
        """What went in and is nowhere accounted for; zero in a sound conversion."""
        return self.total_in - self.total_out - self.unmapped - self.withheld

    @property
    def closes(self) -> bool:
        """Whether everything that went in is accounted for.

        Whole numbers add without error; shares of them may be off in the ninth digit.
        """
        return abs(self.difference) <= max(1e-6, 1e-9 * abs(self.total_in))

    def __str__(self) -> str:
        parts = [f"in {self.total_in:,.10g} = out {self.total_out:,.10g}"]
        parts += [f"unmapped {self.unmapped:,.10g}"] if self.unmapped else []
        parts += [f"withheld {self.withheld:,.10g} beside {self.missing} empty cells"] if self.withheld else []
        name = " ".join(part for part in (self.measure, self.period) if part)
        return f"{name}: {' + '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of a conversion, a row for every measure and period.

    Attributes
    ----------
    rows : tuple of BalanceRow
        In the order of measure and period.
    """

    rows: tuple[BalanceRow, ...]

    @property
    def closes(self) -> bool:
        """Whether every row accounts for everything that went in."""
        return all(row.closes for row in self.rows)

    def __iter__(self) -> Iterator[BalanceRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return "\n".join(map(str, self.rows))
